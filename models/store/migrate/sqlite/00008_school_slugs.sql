-- +goose Up
-- Which school an address names stands in a table of its own: `schools` can then be distributed by its id, of which a unique slug is no part. It belongs to no
-- school and refers to none; it is written when a school is made or wiped, and by nothing that a family does.

CREATE TABLE school_slugs (
  slug TEXT NOT NULL PRIMARY KEY,
  school BLOB NOT NULL CHECK (length(school) = 16)
);
INSERT INTO school_slugs (slug, school) SELECT slug, id FROM schools;

-- SQLite cannot take a unique key away: the table is made anew from its own text without the key, so with whatever columns it has. References to it are
-- checked when all of its rows are back.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE schools_kept AS SELECT * FROM schools;
CREATE TABLE schools_text AS SELECT replace(sql, ' CONSTRAINT schools_slug UNIQUE', '') AS text FROM sqlite_schema WHERE type = 'table' AND name = 'schools';
DROP TABLE schools;
CREATE TABLE schools (id BLOB NOT NULL PRIMARY KEY);
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = (SELECT text FROM schools_text) WHERE type = 'table' AND name = 'schools';
PRAGMA writable_schema = RESET;
INSERT INTO schools SELECT * FROM schools_kept;
DROP TABLE schools_kept;
DROP TABLE schools_text;

DELETE FROM sqlite_stat1 WHERE tbl IN ('schools', 'schools_kept', 'schools_text');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('schools', 'sqlite_autoindex_schools_1', '1000 1'),
  ('school_slugs', 'sqlite_autoindex_school_slugs_1', '1000 1');
ANALYZE sqlite_schema;
