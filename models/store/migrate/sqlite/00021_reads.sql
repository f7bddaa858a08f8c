-- +goose Up
-- Who was shown whose data, and when. Rows are added and in the end deleted, never changed. A read refers to nothing, so that it is neither in the way of what goes nor
-- goes with it: persons are keyed indexes, the set is of the same month and is deleted after its reads.

CREATE TABLE read_sets (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  at DATETIME NOT NULL,
  persons BLOB NOT NULL CHECK (length(persons) % 8 = 0),
  PRIMARY KEY (school_id, id)
);

CREATE TABLE reads (
  school_id BLOB NOT NULL REFERENCES schools (id),
  at DATETIME NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('staff', 'key', 'operator')),
  actor_id BLOB CHECK (length(actor_id) = 16),
  route TEXT NOT NULL,
  counts TEXT NOT NULL,
  persons BLOB CHECK (length(persons) % 8 = 0),
  set_id BLOB CHECK (length(set_id) = 16),
  PRIMARY KEY (school_id, at, id)
) WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('read_sets', 'sqlite_autoindex_read_sets_1', '1000000 1000 1'),
  ('reads', 'reads', '20000000 20000 2 1');
