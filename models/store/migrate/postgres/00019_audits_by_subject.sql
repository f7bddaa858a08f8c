-- +goose Up
-- What was done about one family is looked up on its page.

CREATE INDEX audits_by_subject ON audits (school_id, subject);
