-- +goose Up
-- Browsers and addresses that an account's log-in is kept open for, whatever strangers type for its login name.
CREATE TABLE staff_passes (
  school_id UUID NOT NULL REFERENCES schools (id),
  account_id UUID NOT NULL,
  subject_index BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, account_id, subject_index),
  FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX staff_passes_by_expires_at ON staff_passes (school_id, expires_at);

-- The link of a household for a round of talks. The link itself is computed; its index finds the household. A version that goes up makes another link of it.
CREATE TABLE personal_links (
  school_id UUID NOT NULL REFERENCES schools (id),
  conference_id UUID NOT NULL,
  household_id UUID NOT NULL,
  version BIGINT NOT NULL,
  link_index BYTEA NOT NULL,
  people TEXT NOT NULL,
  made_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, conference_id, household_id),
  CONSTRAINT personal_links_link_index UNIQUE (school_id, link_index),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX personal_links_by_household_id ON personal_links (school_id, household_id);
