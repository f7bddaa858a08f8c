-- +goose Up
-- Browsers and addresses that an account's log-in is kept open for, whatever strangers type for its login name.
CREATE TABLE staff_passes (
  school_id BLOB NOT NULL REFERENCES schools (id),
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  subject_index BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, account_id, subject_index),
  FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX staff_passes_by_expires_at ON staff_passes (school_id, expires_at);

-- The link of a household for a round of talks. The link itself is computed; its index finds the household. A version that goes up makes another link of it.
CREATE TABLE personal_links (
  school_id BLOB NOT NULL REFERENCES schools (id),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  version INTEGER NOT NULL,
  link_index BLOB NOT NULL,
  people TEXT NOT NULL,
  made_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, conference_id, household_id),
  CONSTRAINT personal_links_link_index UNIQUE (school_id, link_index),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX personal_links_by_household_id ON personal_links (school_id, household_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('staff_passes', 'staff_passes_by_expires_at', '200000 200 2'),
  ('staff_passes', 'sqlite_autoindex_staff_passes_1', '200000 200 4 1'),
  ('personal_links', 'personal_links_by_household_id', '2000000 2000 3'),
  ('personal_links', 'sqlite_autoindex_personal_links_2', '2000000 2000 1'),
  ('personal_links', 'sqlite_autoindex_personal_links_1', '2000000 2000 900 1');
