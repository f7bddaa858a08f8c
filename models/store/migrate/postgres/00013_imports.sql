-- +goose Up
-- An import lies there with its files until somebody has looked at it, answered what it asks, and applied or withdrawn it.

ALTER TABLE imports ADD COLUMN state TEXT NOT NULL DEFAULT 'applied' CHECK (state IN ('reading', 'unreadable', 'ready', 'applied', 'withdrawn', 'failed'));
ALTER TABLE imports ADD COLUMN questions BIGINT NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN task_id UUID;
ALTER TABLE imports ADD COLUMN details BYTEA;
ALTER TABLE imports ADD COLUMN outcome BYTEA;

CREATE TABLE import_files (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  import_id UUID NOT NULL,
  position BIGINT NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (school_id, id),
  UNIQUE (school_id, import_id, position),
  FOREIGN KEY (school_id, import_id) REFERENCES imports (school_id, id) ON DELETE CASCADE
);
