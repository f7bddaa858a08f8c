-- +goose Up
-- What an import did to rows of the roster, sealed, until the school's undo time is over: what they were before, by which they come back, and what tells whether
-- somebody has changed them since. It is the only place where those who left by an import still are.

CREATE TABLE undo_rows (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  import_id BLOB NOT NULL CHECK (length(import_id) = 16),
  at DATETIME NOT NULL,
  kind TEXT NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, import_id) REFERENCES imports (school_id, id) ON DELETE CASCADE
);
CREATE INDEX undo_rows_by_import_id ON undo_rows (school_id, import_id);
CREATE INDEX undo_rows_by_at ON undo_rows (school_id, at);

-- For how many days a school can take an import back; 0 keeps nothing.
ALTER TABLE schools ADD COLUMN undo_days INTEGER NOT NULL DEFAULT 7;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('undo_rows', 'undo_rows_by_at', '200000 200 50'),
  ('undo_rows', 'undo_rows_by_import_id', '200000 200 50'),
  ('undo_rows', 'sqlite_autoindex_undo_rows_1', '200000 200 1');
