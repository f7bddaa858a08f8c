-- +goose Up
-- That a person's rows were deleted, for what lies outside the database: the journal of erasures, and messages in the mailbox folders of all programs.
CREATE TABLE person_erasures (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL,
  subject BLOB NOT NULL,
  messages TEXT NOT NULL,
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id)
);
CREATE INDEX person_erasures_by_at ON person_erasures (at);

-- Text messages that the carrier has a record of and is to delete. It outlives the messages and the schools, so it refers to nothing.
CREATE TABLE carrier_records (
  school_id BLOB NOT NULL CHECK (length(school_id) = 16),
  carrier_id TEXT NOT NULL,
  message_id BLOB NOT NULL CHECK (length(message_id) = 16),
  due_at DATETIME NOT NULL,
  tries INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, carrier_id)
);
-- What went out before this list was there, and still is in the carrier's records.
INSERT INTO carrier_records (school_id, carrier_id, message_id, due_at, tries, created_at)
SELECT school_id, carrier_id, min(id), max(created_at), 0, max(created_at) FROM messages
WHERE channel = 'sms' AND carrier_id <> '' AND carrier_id NOT LIKE '%.sms.txt' GROUP BY school_id, carrier_id;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('person_erasures', 'person_erasures_by_at', '300000 2'),
  ('person_erasures', 'sqlite_autoindex_person_erasures_1', '300000 300 1'),
  ('carrier_records', 'sqlite_autoindex_carrier_records_1', '20000 200 1');
