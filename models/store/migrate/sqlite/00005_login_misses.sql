-- +goose Up
-- What guesses at log-in cost: one row for each wrong answer and child. Subjects are keyed indexes; no name, answer or address stands here.
CREATE TABLE login_misses (
  school_id BLOB NOT NULL REFERENCES schools (id),
  slot INTEGER NOT NULL,
  lane TEXT NOT NULL,
  household BLOB NOT NULL,
  child BLOB NOT NULL,
  address BLOB NOT NULL,
  network BLOB NOT NULL,
  token BLOB NOT NULL,
  answer BLOB NOT NULL,
  cost INTEGER NOT NULL,
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, slot)
) WITHOUT ROWID;
CREATE INDEX login_misses_by_lane ON login_misses (school_id, lane, at);

-- Never read: what a failure writes that is not charged, so that every failure is the same work. A ring of 4,096 slots per school.
CREATE TABLE login_shadows (
  school_id BLOB NOT NULL REFERENCES schools (id),
  slot INTEGER NOT NULL,
  lane TEXT NOT NULL,
  household BLOB NOT NULL,
  child BLOB NOT NULL,
  address BLOB NOT NULL,
  network BLOB NOT NULL,
  token BLOB NOT NULL,
  answer BLOB NOT NULL,
  cost INTEGER NOT NULL,
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, slot)
) WITHOUT ROWID;
CREATE INDEX login_shadows_by_lane ON login_shadows (school_id, lane, at);

-- Which households got in from where, by any proof.
CREATE TABLE login_successes (
  school_id BLOB NOT NULL REFERENCES schools (id),
  address BLOB NOT NULL,
  household BLOB NOT NULL,
  network BLOB NOT NULL,
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, address, household)
) WITHOUT ROWID;
CREATE INDEX login_successes_by_network ON login_successes (school_id, network);

-- A code belongs to the device that asked for it, and the message that holds it has a link that any device can use.
ALTER TABLE codes ADD COLUMN token_index BLOB;
ALTER TABLE codes ADD COLUMN link_index BLOB;
ALTER TABLE codes ADD COLUMN link_expires_at DATETIME;
CREATE INDEX codes_by_token_index ON codes (school_id, token_index);
CREATE UNIQUE INDEX codes_by_link_index ON codes (school_id, link_index);

-- How much guessing a school bears with: its own choice, or empty.
ALTER TABLE schools ADD COLUMN guessing TEXT NOT NULL DEFAULT '';

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('login_misses', 'login_misses', '20000 50 1'),
  ('login_misses', 'login_misses_by_lane', '20000 50 20 1'),
  ('login_shadows', 'login_shadows', '400000 4096 1'),
  ('login_shadows', 'login_shadows_by_lane', '400000 4096 2000 1'),
  ('login_successes', 'login_successes', '100000 1000 20 1'),
  ('login_successes', 'login_successes_by_network', '100000 1000 20'),
  ('codes', 'codes_by_token_index', '20000 50 2'),
  ('codes', 'codes_by_link_index', '20000 50 1');
