-- +goose Up
-- What somebody said of the columns of a school's lists, by the source of the lists, so that the next export of the same program needs nothing.

CREATE TABLE column_mappings (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  source BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  CONSTRAINT column_mappings_source UNIQUE (school_id, source)
);
