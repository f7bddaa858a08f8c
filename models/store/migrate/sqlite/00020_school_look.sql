-- +goose Up
-- Of what kind a school is, which decides its words, and its one colour; empty for the product's own. Its logo, drawn anew from what it handed in, has
-- another id when it changes, so that browsers can keep it for good; the school's row says which and how large, for every page.

ALTER TABLE schools ADD COLUMN kind TEXT NOT NULL DEFAULT 'secondary' CHECK (kind IN ('primary', 'secondary', 'vocational'));
ALTER TABLE schools ADD COLUMN colour TEXT NOT NULL DEFAULT '';
ALTER TABLE schools ADD COLUMN logo TEXT NOT NULL DEFAULT '{}';

CREATE TABLE school_logos (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  picture BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT school_logos_one UNIQUE (school_id)
);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('school_logos', 'sqlite_autoindex_school_logos_1', '100 1 1'),
  ('school_logos', 'sqlite_autoindex_school_logos_2', '100 1');
