-- +goose Up
-- The first schema. Every scoped table is keyed (school_id, ...), and every reference and unique key starts with school_id: a reference across schools
-- cannot exist, and the tables can be distributed by school.

CREATE TABLE installation (
  id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE operator_keys (
  id BLOB NOT NULL CHECK (length(id) = 16) PRIMARY KEY,
  key_index BLOB NOT NULL UNIQUE,
  created_at DATETIME NOT NULL,
  revoked_at DATETIME
);

-- The erasure ledger outlives the schools it names, so it refers to nothing.
CREATE TABLE erasure_ledger (
  school_id BLOB NOT NULL CHECK (length(school_id) = 16) PRIMARY KEY,
  asked_at DATETIME NOT NULL,
  finished_at DATETIME,
  counts TEXT NOT NULL,
  receipt TEXT NOT NULL
);

CREATE TABLE schools (
  id BLOB NOT NULL CHECK (length(id) = 16) PRIMARY KEY,
  slug TEXT NOT NULL CONSTRAINT schools_slug UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('active', 'closing')),
  zone TEXT NOT NULL,
  languages TEXT NOT NULL,
  policy TEXT NOT NULL,
  channels TEXT NOT NULL,
  rehearsal INTEGER NOT NULL CHECK (rehearsal IN (0, 1)),
  roster_version INTEGER NOT NULL,
  programme_version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  wrapped_key BLOB NOT NULL,
  details BLOB
);

CREATE TABLE groups (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (state IN ('active', 'left')),
  year TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE pupils (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (state IN ('active', 'left')),
  group_id BLOB CHECK (length(group_id) = 16),
  year TEXT NOT NULL,
  arrangement TEXT NOT NULL CHECK (arrangement IN ('each', 'together', 'one')),
  protected INTEGER NOT NULL CHECK (protected IN (0, 1)),
  created_at DATETIME NOT NULL,
  details BLOB,
  factors BLOB,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id)
);
CREATE INDEX pupils_by_group_id ON pupils (school_id, group_id);

CREATE TABLE pupil_groups (
  school_id BLOB NOT NULL REFERENCES schools (id),
  pupil_id BLOB NOT NULL CHECK (length(pupil_id) = 16),
  group_id BLOB NOT NULL CHECK (length(group_id) = 16),
  PRIMARY KEY (school_id, pupil_id, group_id),
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id) ON DELETE CASCADE
);
CREATE INDEX pupil_groups_by_group_id ON pupil_groups (school_id, group_id);

CREATE TABLE staff (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (state IN ('active', 'left')),
  created_at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE teachings (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  staff_id BLOB NOT NULL CHECK (length(staff_id) = 16),
  group_id BLOB CHECK (length(group_id) = 16),
  pupil_id BLOB CHECK (length(pupil_id) = 16),
  role TEXT NOT NULL CHECK (role IN ('mentor', 'group', 'subject', 'care')),
  subject TEXT NOT NULL,
  from_roster INTEGER NOT NULL CHECK (from_roster IN (0, 1)),
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX teachings_by_staff_id ON teachings (school_id, staff_id);
CREATE INDEX teachings_by_group_id ON teachings (school_id, group_id);
CREATE INDEX teachings_by_pupil_id ON teachings (school_id, pupil_id);

CREATE TABLE households (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  origin TEXT NOT NULL CHECK (origin IN ('single', 'certain', 'proposal', 'staff')),
  family_code_index BLOB,
  created_at DATETIME NOT NULL,
  details BLOB,
  factors BLOB,
  PRIMARY KEY (school_id, id),
  CONSTRAINT households_family_code_index UNIQUE (school_id, family_code_index)
);

CREATE TABLE household_pupils (
  school_id BLOB NOT NULL REFERENCES schools (id),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  pupil_id BLOB NOT NULL CHECK (length(pupil_id) = 16),
  position INTEGER NOT NULL,
  by_staff INTEGER NOT NULL CHECK (by_staff IN (0, 1)),
  PRIMARY KEY (school_id, household_id, pupil_id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX household_pupils_by_pupil_id ON household_pupils (school_id, pupil_id);

CREATE TABLE guardians (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  staff_id BLOB CHECK (length(staff_id) = 16),
  language TEXT NOT NULL,
  from_roster INTEGER NOT NULL CHECK (from_roster IN (0, 1)),
  details BLOB,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id)
);
CREATE INDEX guardians_by_household_id ON guardians (school_id, household_id);
CREATE INDEX guardians_by_staff_id ON guardians (school_id, staff_id);

CREATE TABLE makers (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  pupil_ids TEXT NOT NULL,
  device_index BLOB NOT NULL,
  language TEXT NOT NULL,
  expires_at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX makers_by_household_id ON makers (school_id, household_id);
CREATE INDEX makers_by_device_index ON makers (school_id, device_index);
CREATE INDEX makers_by_expires_at ON makers (school_id, expires_at);

CREATE TABLE contacts (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  guardian_id BLOB CHECK (length(guardian_id) = 16),
  maker_id BLOB CHECK (length(maker_id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
  source TEXT NOT NULL CHECK (source IN ('file', 'staff', 'typed')),
  purposes TEXT NOT NULL,
  language TEXT NOT NULL,
  verified_at DATETIME,
  suppressed INTEGER NOT NULL CHECK (suppressed IN (0, 1)),
  created_at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, guardian_id) REFERENCES guardians (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, maker_id) REFERENCES makers (school_id, id) ON DELETE CASCADE
);
CREATE INDEX contacts_by_household_id ON contacts (school_id, household_id);
CREATE INDEX contacts_by_guardian_id ON contacts (school_id, guardian_id);
CREATE INDEX contacts_by_maker_id ON contacts (school_id, maker_id);

CREATE TABLE proposals (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
  pupil_ids TEXT NOT NULL,
  reason TEXT NOT NULL,
  vetoes TEXT NOT NULL,
  members BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT proposals_members UNIQUE (school_id, members)
);

CREATE TABLE external_keys (
  school_id BLOB NOT NULL REFERENCES schools (id),
  kind TEXT NOT NULL CHECK (kind IN ('pupil', 'group', 'staff', 'household', 'conference', 'room')),
  key_index BLOB NOT NULL,
  subject BLOB NOT NULL CHECK (length(subject) = 16),
  PRIMARY KEY (school_id, kind, key_index)
);
CREATE INDEX external_keys_by_subject ON external_keys (school_id, subject);

CREATE TABLE overrides (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('pupil', 'group', 'staff', 'household', 'conference', 'room')),
  subject BLOB NOT NULL CHECK (length(subject) = 16),
  field TEXT NOT NULL,
  at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id),
  CONSTRAINT overrides_kind_subject_field UNIQUE (school_id, kind, subject, field)
);

CREATE TABLE imports (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  at DATETIME NOT NULL,
  format TEXT NOT NULL,
  counts TEXT NOT NULL,
  dropped TEXT NOT NULL,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE conferences (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
  opens_at DATETIME NOT NULL,
  closes_at DATETIME NOT NULL,
  rules TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE days (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  date TEXT NOT NULL,
  audience TEXT NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT days_conference_id_date UNIQUE (school_id, conference_id, date),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE
);

CREATE TABLE talk_kinds (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  minutes INTEGER NOT NULL CHECK (minutes > 0 AND minutes % 5 = 0),
  obligation TEXT NOT NULL CHECK (obligation IN ('optional', 'expected', 'required')),
  max_per_pupil INTEGER NOT NULL,
  pupil_attends INTEGER NOT NULL CHECK (pupil_attends IN (0, 1)),
  staffing TEXT NOT NULL CHECK (staffing IN ('mentor', 'group', 'subject', 'care', 'offer')),
  pairing TEXT NOT NULL CHECK (pairing IN ('either', 'together', 'both')),
  position INTEGER NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE
);
CREATE INDEX talk_kinds_by_conference_id ON talk_kinds (school_id, conference_id);

CREATE TABLE offers (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  talk_kind_id BLOB NOT NULL CHECK (length(talk_kind_id) = 16),
  pupil_id BLOB CHECK (length(pupil_id) = 16),
  group_id BLOB CHECK (length(group_id) = 16),
  year TEXT NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, talk_kind_id) REFERENCES talk_kinds (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id) ON DELETE CASCADE
);
CREATE INDEX offers_by_conference_id ON offers (school_id, conference_id);
CREATE INDEX offers_by_talk_kind_id ON offers (school_id, talk_kind_id);
CREATE INDEX offers_by_pupil_id ON offers (school_id, pupil_id);
CREATE INDEX offers_by_group_id ON offers (school_id, group_id);

CREATE TABLE offer_staff (
  school_id BLOB NOT NULL REFERENCES schools (id),
  offer_id BLOB NOT NULL CHECK (length(offer_id) = 16),
  staff_id BLOB NOT NULL CHECK (length(staff_id) = 16),
  PRIMARY KEY (school_id, offer_id, staff_id),
  FOREIGN KEY (school_id, offer_id) REFERENCES offers (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE
);
CREATE INDEX offer_staff_by_staff_id ON offer_staff (school_id, staff_id);

CREATE TABLE rooms (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  used_alone INTEGER NOT NULL CHECK (used_alone IN (0, 1)),
  details BLOB,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE availabilities (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  day_id BLOB NOT NULL CHECK (length(day_id) = 16),
  staff_id BLOB NOT NULL CHECK (length(staff_id) = 16),
  start_tick INTEGER NOT NULL,
  end_tick INTEGER NOT NULL CHECK (end_tick > start_tick),
  room_id BLOB CHECK (length(room_id) = 16),
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, room_id) REFERENCES rooms (school_id, id)
);
CREATE INDEX availabilities_by_conference_id ON availabilities (school_id, conference_id);
CREATE INDEX availabilities_by_day_id ON availabilities (school_id, day_id);
CREATE INDEX availabilities_by_staff_id ON availabilities (school_id, staff_id);
CREATE INDEX availabilities_by_room_id ON availabilities (school_id, room_id);

CREATE TABLE blocks (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  day_id BLOB NOT NULL CHECK (length(day_id) = 16),
  staff_id BLOB NOT NULL CHECK (length(staff_id) = 16),
  start_tick INTEGER NOT NULL,
  end_tick INTEGER NOT NULL CHECK (end_tick > start_tick),
  kind TEXT NOT NULL CHECK (kind IN ('break', 'blocked')),
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE
);
CREATE INDEX blocks_by_conference_id ON blocks (school_id, conference_id);
CREATE INDEX blocks_by_day_id ON blocks (school_id, day_id);
CREATE INDEX blocks_by_staff_id ON blocks (school_id, staff_id);

CREATE TABLE bookings (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  maker_id BLOB CHECK (length(maker_id) = 16),
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('parent', 'staff', 'key', 'operator', 'system')),
  actor_id BLOB CHECK (length(actor_id) = 16),
  on_behalf INTEGER NOT NULL CHECK (on_behalf IN (0, 1)),
  made INTEGER NOT NULL,
  moved INTEGER NOT NULL,
  cancelled INTEGER NOT NULL,
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, maker_id) REFERENCES makers (school_id, id)
);
CREATE INDEX bookings_by_household_id ON bookings (school_id, household_id);
CREATE INDEX bookings_by_maker_id ON bookings (school_id, maker_id);

CREATE TABLE appointments (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  day_id BLOB NOT NULL CHECK (length(day_id) = 16),
  talk_kind_id BLOB NOT NULL CHECK (length(talk_kind_id) = 16),
  pupil_id BLOB NOT NULL CHECK (length(pupil_id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  party INTEGER NOT NULL CHECK (party IN (1, 2)),
  booking_id BLOB NOT NULL CHECK (length(booking_id) = 16),
  maker_id BLOB CHECK (length(maker_id) = 16),
  start_tick INTEGER NOT NULL,
  end_tick INTEGER NOT NULL CHECK (end_tick > start_tick),
  room_id BLOB CHECK (length(room_id) = 16),
  state TEXT NOT NULL CHECK (state IN ('booked', 'cancelled')),
  version INTEGER NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id),
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id),
  FOREIGN KEY (school_id, talk_kind_id) REFERENCES talk_kinds (school_id, id),
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id),
  FOREIGN KEY (school_id, booking_id) REFERENCES bookings (school_id, id),
  FOREIGN KEY (school_id, maker_id) REFERENCES makers (school_id, id),
  FOREIGN KEY (school_id, room_id) REFERENCES rooms (school_id, id)
);
CREATE INDEX appointments_by_household_id ON appointments (school_id, household_id);
CREATE INDEX appointments_by_pupil_id ON appointments (school_id, pupil_id);
CREATE INDEX appointments_by_conference_id_day_id ON appointments (school_id, conference_id, day_id);
CREATE INDEX appointments_by_booking_id ON appointments (school_id, booking_id);
CREATE INDEX appointments_by_maker_id ON appointments (school_id, maker_id);
CREATE INDEX appointments_by_talk_kind_id ON appointments (school_id, talk_kind_id);
CREATE INDEX appointments_by_room_id ON appointments (school_id, room_id);
CREATE INDEX appointments_by_day_id ON appointments (school_id, day_id);

CREATE TABLE appointment_staff (
  school_id BLOB NOT NULL REFERENCES schools (id),
  appointment_id BLOB NOT NULL CHECK (length(appointment_id) = 16),
  staff_id BLOB NOT NULL CHECK (length(staff_id) = 16),
  PRIMARY KEY (school_id, appointment_id, staff_id),
  FOREIGN KEY (school_id, appointment_id) REFERENCES appointments (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id)
);
CREATE INDEX appointment_staff_by_staff_id ON appointment_staff (school_id, staff_id);

CREATE TABLE claims (
  school_id BLOB NOT NULL REFERENCES schools (id),
  holder BLOB NOT NULL CHECK (length(holder) = 16),
  tick INTEGER NOT NULL,
  appointment_id BLOB CHECK (length(appointment_id) = 16),
  block_id BLOB CHECK (length(block_id) = 16) CHECK ((appointment_id IS NULL) <> (block_id IS NULL)),
  PRIMARY KEY (school_id, holder, tick),
  FOREIGN KEY (school_id, appointment_id) REFERENCES appointments (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, block_id) REFERENCES blocks (school_id, id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX claims_by_appointment_id ON claims (school_id, appointment_id);
CREATE INDEX claims_by_block_id ON claims (school_id, block_id);

CREATE TABLE requests (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  conference_id BLOB NOT NULL CHECK (length(conference_id) = 16),
  talk_kind_id BLOB NOT NULL CHECK (length(talk_kind_id) = 16),
  pupil_id BLOB NOT NULL CHECK (length(pupil_id) = 16),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  staff_ids TEXT NOT NULL,
  rank INTEGER NOT NULL,
  obligation TEXT NOT NULL CHECK (obligation IN ('optional', 'expected', 'required')),
  state TEXT NOT NULL CHECK (state IN ('wanted', 'invited', 'waiting', 'no_need', 'met', 'unmet', 'withdrawn')),
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, talk_kind_id) REFERENCES talk_kinds (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX requests_by_conference_id ON requests (school_id, conference_id);
CREATE INDEX requests_by_talk_kind_id ON requests (school_id, talk_kind_id);
CREATE INDEX requests_by_pupil_id ON requests (school_id, pupil_id);
CREATE INDEX requests_by_household_id ON requests (school_id, household_id);

CREATE TABLE idempotency (
  school_id BLOB NOT NULL REFERENCES schools (id),
  actor TEXT NOT NULL,
  key_index BLOB NOT NULL,
  fingerprint BLOB NOT NULL,
  result TEXT NOT NULL,
  at DATETIME NOT NULL,
  PRIMARY KEY (school_id, actor, key_index)
);
CREATE INDEX idempotency_by_at ON idempotency (school_id, at);

CREATE TABLE audits (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  at DATETIME NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('parent', 'staff', 'key', 'operator', 'system')),
  actor_id BLOB CHECK (length(actor_id) = 16),
  action TEXT NOT NULL,
  subject BLOB CHECK (length(subject) = 16),
  reason TEXT NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (school_id, id)
);
CREATE INDEX audits_by_at ON audits (school_id, at);

CREATE TABLE messages (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'code', 'test')),
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
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, contact_id) REFERENCES contacts (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, booking_id) REFERENCES bookings (school_id, id) ON DELETE CASCADE
);
CREATE INDEX messages_by_state_due_at ON messages (school_id, state, due_at);
CREATE INDEX messages_by_household_id ON messages (school_id, household_id);
CREATE INDEX messages_by_contact_id_day_id ON messages (school_id, contact_id, day_id);
CREATE INDEX messages_by_day_id ON messages (school_id, day_id);
CREATE INDEX messages_by_booking_id ON messages (school_id, booking_id);

CREATE TABLE invitations (
  school_id BLOB NOT NULL REFERENCES schools (id),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  day_id BLOB NOT NULL CHECK (length(day_id) = 16),
  contact_id BLOB NOT NULL CHECK (length(contact_id) = 16),
  uid BLOB NOT NULL CHECK (length(uid) = 16),
  sequence INTEGER NOT NULL,
  PRIMARY KEY (school_id, household_id, day_id, contact_id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, contact_id) REFERENCES contacts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX invitations_by_day_id ON invitations (school_id, day_id);
CREATE INDEX invitations_by_contact_id ON invitations (school_id, contact_id);

CREATE TABLE accounts (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  role TEXT NOT NULL CHECK (role IN ('administrator', 'teacher')),
  staff_id BLOB CHECK (length(staff_id) = 16),
  login_index BLOB NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL CHECK (disabled IN (0, 1)),
  created_at DATETIME NOT NULL,
  details BLOB,
  PRIMARY KEY (school_id, id),
  CONSTRAINT accounts_login_index UNIQUE (school_id, login_index),
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE
);
CREATE INDEX accounts_by_staff_id ON accounts (school_id, staff_id);

CREATE TABLE api_keys (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  key_index BLOB NOT NULL,
  scopes TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME,
  revoked_at DATETIME,
  details BLOB,
  PRIMARY KEY (school_id, id),
  CONSTRAINT api_keys_key_index UNIQUE (school_id, key_index)
);

CREATE TABLE sessions (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('parent', 'staff')),
  token_index BLOB NOT NULL,
  account_id BLOB CHECK (length(account_id) = 16),
  data TEXT NOT NULL,
  device_index BLOB,
  language TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  seen_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT sessions_token_index UNIQUE (school_id, token_index),
  FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_expires_at ON sessions (school_id, expires_at);
CREATE INDEX sessions_by_account_id ON sessions (school_id, account_id);

CREATE TABLE codes (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('contact', 'desk')),
  household_id BLOB NOT NULL CHECK (length(household_id) = 16),
  pupil_id BLOB CHECK (length(pupil_id) = 16),
  code_index BLOB NOT NULL,
  attempts INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX codes_by_household_id ON codes (school_id, household_id);
CREATE INDEX codes_by_pupil_id ON codes (school_id, pupil_id);

CREATE TABLE budgets (
  school_id BLOB NOT NULL REFERENCES schools (id),
  name TEXT NOT NULL,
  subject BLOB NOT NULL,
  "window" DATETIME NOT NULL,
  spent INTEGER NOT NULL,
  PRIMARY KEY (school_id, name, subject, "window")
) WITHOUT ROWID;
