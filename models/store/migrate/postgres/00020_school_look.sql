-- +goose Up
-- Of what kind a school is, which decides its words, and its one colour; empty for the product's own. Its logo, drawn anew from what it handed in, has
-- another id when it changes, so that browsers can keep it for good; the school's row says which and how large, for every page.

ALTER TABLE schools ADD COLUMN kind TEXT NOT NULL DEFAULT 'secondary' CHECK (kind IN ('primary', 'secondary', 'vocational'));
ALTER TABLE schools ADD COLUMN colour TEXT NOT NULL DEFAULT '';
ALTER TABLE schools ADD COLUMN logo TEXT NOT NULL DEFAULT '{}';

CREATE TABLE school_logos (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  picture BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT school_logos_one UNIQUE (school_id)
);
