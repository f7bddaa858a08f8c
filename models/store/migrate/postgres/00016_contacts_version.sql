-- +goose Up
-- Counts the changes of the contacts on file: whoever keeps an index in memory by which families are found compares it.

ALTER TABLE schools ADD COLUMN contacts_version BIGINT NOT NULL DEFAULT 0;
