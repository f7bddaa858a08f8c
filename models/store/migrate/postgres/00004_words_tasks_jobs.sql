-- +goose Up
-- Words that had two meanings get one. Lists that grow (kinds of messages, channels, roles) are kept in the program alone.

ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE messages DROP CONSTRAINT messages_channel_check;
ALTER TABLE accounts DROP CONSTRAINT accounts_role_check;
ALTER TABLE households DROP CONSTRAINT households_origin_check;
UPDATE households SET origin = 'suggestion' WHERE origin = 'proposal';
ALTER TABLE households ADD CONSTRAINT households_origin_check CHECK (origin IN ('single', 'certain', 'suggestion', 'staff'));

-- Children who may be one family.
ALTER TABLE proposals RENAME TO merge_suggestions;
ALTER TABLE merge_suggestions RENAME CONSTRAINT proposals_members TO merge_suggestions_members;

-- Nothing ever wrote it; wishes will have a table of their own.
DROP TABLE requests;

-- Work for a school that takes longer than a request.
CREATE TABLE tasks (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  problem TEXT NOT NULL,
  attempt BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  leased_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  input BYTEA,
  PRIMARY KEY (school_id, id)
);
CREATE INDEX tasks_to_do ON tasks (created_at) WHERE state IN ('waiting', 'running');

-- Whose turn a periodic job is, where several programs run on one database.
CREATE TABLE jobs (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  next_at TIMESTAMPTZ NOT NULL
);
