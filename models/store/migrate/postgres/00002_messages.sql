-- +goose Up
-- What became of a message after it was handed over, what is still to be asked of its carrier, and which channels a school has tried out.

ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE messages ADD CONSTRAINT messages_kind_check CHECK (kind IN ('confirmation', 'code', 'test', 'new_device'));
ALTER TABLE messages ADD COLUMN again BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE messages ADD COLUMN reported_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN follow_up_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN follow_ups BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN redacted_at TIMESTAMPTZ;
CREATE INDEX messages_waiting ON messages (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX messages_to_follow_up ON messages (follow_up_at) WHERE follow_up_at IS NOT NULL;

ALTER TABLE contacts ADD COLUMN suppressed_at TIMESTAMPTZ;
ALTER TABLE contacts ADD COLUMN suppressed_for TEXT NOT NULL DEFAULT '';

ALTER TABLE schools ADD COLUMN arrivals TEXT NOT NULL DEFAULT '{}';
