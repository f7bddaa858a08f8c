-- +goose Up
-- That a person's rows were deleted, for what lies outside the database: the journal of erasures, and messages in the mailbox folders of all programs.
CREATE TABLE person_erasures (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  subject BYTEA NOT NULL,
  messages TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, id)
);
CREATE INDEX person_erasures_by_at ON person_erasures (at);

-- Text messages that the carrier has a record of and is to delete. It outlives the messages and the schools, so it refers to nothing.
CREATE TABLE carrier_records (
  school_id UUID NOT NULL,
  carrier_id TEXT NOT NULL,
  message_id UUID NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  tries BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, carrier_id)
);
-- What went out before this list was there, and still is in the carrier's records.
INSERT INTO carrier_records (school_id, carrier_id, message_id, due_at, tries, created_at)
SELECT school_id, carrier_id, (array_agg(id))[1], max(created_at), 0, max(created_at) FROM messages
WHERE channel = 'sms' AND carrier_id <> '' AND carrier_id NOT LIKE '%.sms.txt' GROUP BY school_id, carrier_id;
