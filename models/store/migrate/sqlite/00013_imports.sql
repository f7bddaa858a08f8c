-- +goose Up
-- An import lies there with its files until somebody has looked at it, answered what it asks, and applied or withdrawn it.

ALTER TABLE imports ADD COLUMN state TEXT NOT NULL DEFAULT 'applied' CHECK (state IN ('reading', 'unreadable', 'ready', 'applied', 'withdrawn', 'failed'));
ALTER TABLE imports ADD COLUMN questions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE imports ADD COLUMN problem TEXT NOT NULL DEFAULT '';
ALTER TABLE imports ADD COLUMN task_id BLOB CHECK (length(task_id) = 16);
ALTER TABLE imports ADD COLUMN details BLOB;
ALTER TABLE imports ADD COLUMN outcome BLOB;

CREATE TABLE import_files (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  import_id BLOB NOT NULL CHECK (length(import_id) = 16),
  position INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (school_id, id),
  UNIQUE (school_id, import_id, position),
  FOREIGN KEY (school_id, import_id) REFERENCES imports (school_id, id) ON DELETE CASCADE
);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('import_files', 'sqlite_autoindex_import_files_2', '1000 5 2 1'),
  ('import_files', 'sqlite_autoindex_import_files_1', '1000 5 1');
