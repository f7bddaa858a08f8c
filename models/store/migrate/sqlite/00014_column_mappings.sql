-- +goose Up
-- What somebody said of the columns of a school's lists, by the source of the lists, so that the next export of the same program needs nothing.

CREATE TABLE column_mappings (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  source BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  used_at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id),
  CONSTRAINT column_mappings_source UNIQUE (school_id, source)
);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('column_mappings', 'sqlite_autoindex_column_mappings_1', '1000 5 1'),
  ('column_mappings', 'sqlite_autoindex_column_mappings_2', '1000 5 1');
