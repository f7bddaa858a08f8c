-- +goose Up
-- For which of a household's children a guardian came, where it was not for all of them: the children of two families that were joined, or half-brothers whose
-- files name other parents. When they are split again, guardians and their contacts go with their own children.

CREATE TABLE guardian_pupils (
  school_id UUID NOT NULL REFERENCES schools (id),
  guardian_id UUID NOT NULL,
  pupil_id UUID NOT NULL,
  PRIMARY KEY (school_id, guardian_id, pupil_id),
  FOREIGN KEY (school_id, guardian_id) REFERENCES guardians (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX guardian_pupils_by_pupil_id ON guardian_pupils (school_id, pupil_id);
