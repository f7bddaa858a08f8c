-- +goose Up
-- What is newer is told by a number of the household that its own writers raise one after another: the clocks of two programs differ, and one may be set back.
-- Messages that are there keep the order in which they were made. Each household goes on above all that it has told anybody, in calendar entries too.

ALTER TABLE households ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

UPDATE messages SET revision = o.place FROM (
  SELECT school_id, id, row_number() OVER (PARTITION BY school_id, household_id ORDER BY id) AS place FROM messages
  WHERE kind = 'confirmation' AND household_id IS NOT NULL
) o WHERE o.school_id = messages.school_id AND o.id = messages.id;

UPDATE households SET revision = greatest(
  coalesce((SELECT max(i.sequence) FROM invitations i WHERE i.school_id = households.school_id AND i.household_id = households.id), 0),
  coalesce((SELECT max(m.revision) FROM messages m WHERE m.school_id = households.school_id AND m.household_id = households.id), 0)
);
