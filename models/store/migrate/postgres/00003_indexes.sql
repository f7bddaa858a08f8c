-- +goose Up
-- Indexes that a booking paid for and hardly anybody used: appointments of a talk kind or a day are found by their conference, rooms and blocks are
-- mostly absent, a message of a day is found by its contact.

DROP INDEX appointments_by_talk_kind_id;
DROP INDEX appointments_by_day_id;
DROP INDEX appointments_by_room_id;
CREATE INDEX appointments_by_room_id ON appointments (school_id, room_id) WHERE room_id IS NOT NULL;
DROP INDEX claims_by_block_id;
CREATE INDEX claims_by_block_id ON claims (school_id, block_id) WHERE block_id IS NOT NULL;
DROP INDEX messages_by_day_id;
