-- +goose Up
-- For which of a household's children a guardian came, where it was not for all of them: the children of two families that were joined, or half-brothers whose
-- files name other parents. When they are split again, guardians and their contacts go with their own children.

CREATE TABLE guardian_pupils (
  school_id BLOB NOT NULL REFERENCES schools (id),
  guardian_id BLOB NOT NULL CHECK (length(guardian_id) = 16),
  pupil_id BLOB NOT NULL CHECK (length(pupil_id) = 16),
  PRIMARY KEY (school_id, guardian_id, pupil_id),
  FOREIGN KEY (school_id, guardian_id) REFERENCES guardians (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX guardian_pupils_by_pupil_id ON guardian_pupils (school_id, pupil_id);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('guardian_pupils', 'guardian_pupils_by_pupil_id', '200000 200 2'),
  ('guardian_pupils', 'sqlite_autoindex_guardian_pupils_1', '200000 200 2 1');
