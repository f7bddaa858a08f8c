-- +goose Up
-- What an import did to rows of the roster, sealed, until the school's undo time is over: what they were before, by which they come back, and what tells whether
-- somebody has changed them since. It is the only place where those who left by an import still are.

CREATE TABLE undo_rows (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  import_id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  kind TEXT NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, import_id) REFERENCES imports (school_id, id) ON DELETE CASCADE
);
CREATE INDEX undo_rows_by_import_id ON undo_rows (school_id, import_id);
CREATE INDEX undo_rows_by_at ON undo_rows (school_id, at);

-- For how many days a school can take an import back; 0 keeps nothing.
ALTER TABLE schools ADD COLUMN undo_days BIGINT NOT NULL DEFAULT 7;
