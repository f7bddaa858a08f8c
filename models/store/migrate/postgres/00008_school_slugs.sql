-- +goose Up
-- Which school an address names stands in a table of its own: `schools` can then be distributed by its id, of which a unique slug is no part. It belongs to no
-- school and refers to none; it is written when a school is made or wiped, and by nothing that a family does.

CREATE TABLE school_slugs (
  slug TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  school UUID NOT NULL
);
INSERT INTO school_slugs (slug, school) SELECT slug, id FROM schools;
ALTER TABLE schools DROP CONSTRAINT schools_slug;
