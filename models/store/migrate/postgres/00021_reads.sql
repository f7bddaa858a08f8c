-- +goose Up
-- Who was shown whose data, and when. Rows are added and in the end deleted, never changed. A read refers to nothing, so that it is neither in the way of what goes nor
-- goes with it: persons are keyed indexes, the set is of the same month and is deleted after its reads.

CREATE TABLE read_sets (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  persons BYTEA NOT NULL CHECK (length(persons) % 8 = 0),
  PRIMARY KEY (school_id, id)
);

CREATE TABLE reads (
  school_id UUID NOT NULL REFERENCES schools (id),
  at TIMESTAMPTZ NOT NULL,
  id UUID NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('staff', 'key', 'operator')),
  actor_id UUID,
  route TEXT NOT NULL,
  counts TEXT NOT NULL,
  persons BYTEA CHECK (length(persons) % 8 = 0),
  set_id UUID,
  PRIMARY KEY (school_id, at, id)
);
