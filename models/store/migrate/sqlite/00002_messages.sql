-- +goose Up
-- What became of a message after it was handed over, what is still to be asked of its carrier, and which channels a school has tried out. A check of a
-- column cannot be changed in place, so the outbox is made anew; nothing refers to it.

CREATE TABLE messages_new (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'code', 'test', 'new_device')),
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')),
  state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'unknown', 'failed', 'superseded')),
  household_id BLOB CHECK (length(household_id) = 16),
  contact_id BLOB CHECK (length(contact_id) = 16),
  day_id BLOB CHECK (length(day_id) = 16),
  booking_id BLOB CHECK (length(booking_id) = 16),
  language TEXT NOT NULL,
  due_at DATETIME NOT NULL,
  useful_until DATETIME NOT NULL,
  attempts INTEGER NOT NULL,
  leased_until DATETIME,
  carrier_id TEXT NOT NULL,
  problem TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  sent_at DATETIME,
  details BLOB,
  again INTEGER NOT NULL DEFAULT 0 CHECK (again IN (0, 1)),
  reported_at DATETIME,
  follow_up_at DATETIME,
  follow_ups INTEGER NOT NULL DEFAULT 0,
  redacted_at DATETIME,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, contact_id) REFERENCES contacts (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, booking_id) REFERENCES bookings (school_id, id) ON DELETE CASCADE
);
INSERT INTO messages_new (school_id, id, kind, channel, state, household_id, contact_id, day_id, booking_id, language, due_at, useful_until, attempts,
  leased_until, carrier_id, problem, created_at, sent_at, details)
SELECT school_id, id, kind, channel, state, household_id, contact_id, day_id, booking_id, language, due_at, useful_until, attempts,
  leased_until, carrier_id, problem, created_at, sent_at, details FROM messages;
DROP TABLE messages;
ALTER TABLE messages_new RENAME TO messages;
CREATE INDEX messages_by_state_due_at ON messages (school_id, state, due_at);
CREATE INDEX messages_by_household_id ON messages (school_id, household_id);
CREATE INDEX messages_by_contact_id_day_id ON messages (school_id, contact_id, day_id);
CREATE INDEX messages_by_day_id ON messages (school_id, day_id);
CREATE INDEX messages_by_booking_id ON messages (school_id, booking_id);
CREATE INDEX messages_waiting ON messages (due_at) WHERE state IN ('queued', 'sending');
CREATE INDEX messages_to_follow_up ON messages (follow_up_at) WHERE follow_up_at IS NOT NULL;

ALTER TABLE contacts ADD COLUMN suppressed_at DATETIME;
ALTER TABLE contacts ADD COLUMN suppressed_for TEXT NOT NULL DEFAULT '';

ALTER TABLE schools ADD COLUMN arrivals TEXT NOT NULL DEFAULT '{}';
