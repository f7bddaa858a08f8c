-- +goose Up
-- Words that had two meanings get one. Lists that grow (kinds of messages, channels, roles) are kept in the program alone: here each new word would copy its table.
-- SQLite cannot change a check in place; its documentation names this way for taking one away, because nothing that is stored changes by it.

PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'kind TEXT NOT NULL CHECK (kind IN (''confirmation'', ''code'', ''test'', ''new_device''))', 'kind TEXT NOT NULL')
  WHERE type = 'table' AND name = 'messages';
UPDATE sqlite_schema SET sql = replace(sql, 'channel TEXT NOT NULL CHECK (channel IN (''mail'', ''sms''))', 'channel TEXT NOT NULL')
  WHERE type = 'table' AND name = 'messages';
UPDATE sqlite_schema SET sql = replace(sql, 'role TEXT NOT NULL CHECK (role IN (''administrator'', ''teacher''))', 'role TEXT NOT NULL')
  WHERE type = 'table' AND name = 'accounts';
UPDATE sqlite_schema SET sql = replace(sql, '(origin IN (''single'', ''certain'', ''proposal'', ''staff''))', '(origin IN (''single'', ''certain'', ''suggestion'', ''staff''))')
  WHERE type = 'table' AND name = 'households';
UPDATE sqlite_schema SET sql = replace(sql, 'CONSTRAINT proposals_members', 'CONSTRAINT merge_suggestions_members') WHERE type = 'table' AND name = 'proposals';
PRAGMA writable_schema = RESET;

UPDATE households SET origin = 'suggestion' WHERE origin = 'proposal';

-- Children who may be one family.
ALTER TABLE proposals RENAME TO merge_suggestions;

-- Nothing ever wrote it; wishes will have a table of their own.
DROP TABLE requests;

-- Work for a school that takes longer than a request.
CREATE TABLE tasks (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  done INTEGER NOT NULL,
  total INTEGER NOT NULL,
  problem TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  leased_until DATETIME,
  created_at DATETIME NOT NULL,
  ended_at DATETIME,
  input BLOB,
  PRIMARY KEY (school_id, id)
);
CREATE INDEX tasks_to_do ON tasks (created_at) WHERE state IN ('waiting', 'running');

-- Whose turn a periodic job is, where several programs run on one database.
CREATE TABLE jobs (
  name TEXT NOT NULL PRIMARY KEY,
  next_at DATETIME NOT NULL
);

DELETE FROM sqlite_stat1 WHERE tbl IN ('proposals', 'merge_suggestions', 'requests');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('merge_suggestions', 'sqlite_autoindex_merge_suggestions_2', '50000 50 1'),
  ('merge_suggestions', 'sqlite_autoindex_merge_suggestions_1', '50000 50 1'),
  ('tasks', 'tasks_to_do', '20 2'),
  ('tasks', 'sqlite_autoindex_tasks_1', '20000 20 1'),
  ('jobs', 'sqlite_autoindex_jobs_1', '4 1');
