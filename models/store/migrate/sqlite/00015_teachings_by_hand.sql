-- +goose Up
-- What staff say of who teaches whom, over what files say: somebody teaches a group or pupil no more (removed), or somebody else stands in (instead_id). The row stays
-- as the files have it, so that taking it back needs nothing else. Staff are never deleted by themselves, so no reference is needed to keep instead_id true.

ALTER TABLE teachings ADD COLUMN removed INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1));
ALTER TABLE teachings ADD COLUMN instead_id BLOB CHECK (length(instead_id) = 16);
