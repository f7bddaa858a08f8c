-- +goose Up
-- What was done about one family is looked up on its page.

CREATE INDEX audits_by_subject ON audits (school_id, subject);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('audits', 'audits_by_subject', '10000000 10000 2');
