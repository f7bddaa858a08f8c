-- +goose Up
-- When somebody of a household last logged in while a conference was open: sessions are gone after hours, and the office has to know who has looked and chose nothing from
-- who has never been there. One time for each household, and nothing else: not who, from where, or how often.

CREATE TABLE household_logins (
  school_id BLOB NOT NULL REFERENCES schools (id),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, household_id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX household_logins_by_at ON household_logins (school_id, at);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('household_logins', 'household_logins_by_at', '200000 200 50'),
  ('household_logins', 'sqlite_autoindex_household_logins_1', '200000 200 1');
