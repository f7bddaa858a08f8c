-- +goose Up
-- When somebody of a household last logged in while a conference was open: sessions are gone after hours, and the office has to know who has looked and chose nothing from
-- who has never been there. One time for each household, and nothing else: not who, from where, or how often.

CREATE TABLE household_logins (
  school_id UUID NOT NULL REFERENCES schools (id),
  household_id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, household_id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX household_logins_by_at ON household_logins (school_id, at);
