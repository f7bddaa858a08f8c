-- +goose Up
-- The first schema, the same as that of SQLite: a test compares the two. Every scoped table is keyed (school_id, ...), and every reference and unique key
-- starts with school_id: a reference across schools cannot exist, and the tables can be distributed by school.
--
-- Texts that are in a key or an index, or that rows are ordered by, compare byte by byte (COLLATE "C"): as on SQLite, whatever the database was made with, and
-- an index stays right when the operating system changes how it sorts.

CREATE TABLE installation (
  id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
  fingerprint TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE operator_keys (
  id UUID NOT NULL PRIMARY KEY,
  key_index BYTEA NOT NULL UNIQUE,
  created_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ
);

-- The erasure ledger outlives the schools it names, so it refers to nothing.
CREATE TABLE erasure_ledger (
  school_id UUID NOT NULL PRIMARY KEY,
  asked_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ,
  counts TEXT NOT NULL,
  receipt TEXT NOT NULL
);

CREATE TABLE schools (
  id UUID NOT NULL PRIMARY KEY,
  slug TEXT COLLATE "C" NOT NULL CONSTRAINT schools_slug UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('active', 'closing')),
  zone TEXT NOT NULL,
  languages TEXT NOT NULL,
  policy TEXT NOT NULL,
  channels TEXT NOT NULL,
  rehearsal BOOLEAN NOT NULL,
  roster_version BIGINT NOT NULL,
  programme_version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  wrapped_key BYTEA NOT NULL,
  details BYTEA
);

CREATE TABLE groups (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'left')),
  year TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE pupils (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'left')),
  group_id UUID,
  year TEXT NOT NULL,
  arrangement TEXT NOT NULL CHECK (arrangement IN ('each', 'together', 'one')),
  protected BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  factors BYTEA,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id)
);
CREATE INDEX pupils_by_group_id ON pupils (school_id, group_id);

CREATE TABLE pupil_groups (
  school_id UUID NOT NULL REFERENCES schools (id),
  pupil_id UUID NOT NULL,
  group_id UUID NOT NULL,
  PRIMARY KEY (school_id, pupil_id, group_id),
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id) ON DELETE CASCADE
);
CREATE INDEX pupil_groups_by_group_id ON pupil_groups (school_id, group_id);

CREATE TABLE staff (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'left')),
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE teachings (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  staff_id UUID NOT NULL,
  group_id UUID,
  pupil_id UUID,
  role TEXT NOT NULL CHECK (role IN ('mentor', 'group', 'subject', 'care')),
  subject TEXT NOT NULL,
  from_roster BOOLEAN NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, group_id) REFERENCES groups (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX teachings_by_staff_id ON teachings (school_id, staff_id);
CREATE INDEX teachings_by_group_id ON teachings (school_id, group_id);
CREATE INDEX teachings_by_pupil_id ON teachings (school_id, pupil_id);

CREATE TABLE households (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('single', 'certain', 'proposal', 'staff')),
  family_code_index BYTEA,
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  factors BYTEA,
  PRIMARY KEY (school_id, id),
  CONSTRAINT households_family_code_index UNIQUE (school_id, family_code_index)
);

CREATE TABLE household_pupils (
  school_id UUID NOT NULL REFERENCES schools (id),
  household_id UUID NOT NULL,
  pupil_id UUID NOT NULL,
  position BIGINT NOT NULL,
  by_staff BOOLEAN NOT NULL,
  PRIMARY KEY (school_id, household_id, pupil_id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX household_pupils_by_pupil_id ON household_pupils (school_id, pupil_id);

CREATE TABLE guardians (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  household_id UUID NOT NULL,
  staff_id UUID,
  language TEXT NOT NULL,
  from_roster BOOLEAN NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id)
);
CREATE INDEX guardians_by_household_id ON guardians (school_id, household_id);
CREATE INDEX guardians_by_staff_id ON guardians (school_id, staff_id);

CREATE TABLE makers (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  household_id UUID NOT NULL,
  pupil_ids TEXT NOT NULL,
  device_index BYTEA NOT NULL,
  language TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE
);
CREATE INDEX makers_by_household_id ON makers (school_id, household_id);
CREATE INDEX makers_by_device_index ON makers (school_id, device_index);
CREATE INDEX makers_by_expires_at ON makers (school_id, expires_at);

CREATE TABLE contacts (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  household_id UUID NOT NULL,
  guardian_id UUID,
  maker_id UUID,
  kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
  source TEXT NOT NULL CHECK (source IN ('file', 'staff', 'typed')),
  purposes TEXT NOT NULL,
  language TEXT NOT NULL,
  verified_at TIMESTAMPTZ,
  suppressed BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, guardian_id) REFERENCES guardians (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, maker_id) REFERENCES makers (school_id, id) ON DELETE CASCADE
);
CREATE INDEX contacts_by_household_id ON contacts (school_id, household_id);
CREATE INDEX contacts_by_guardian_id ON contacts (school_id, guardian_id);
CREATE INDEX contacts_by_maker_id ON contacts (school_id, maker_id);

CREATE TABLE proposals (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined')),
  pupil_ids TEXT NOT NULL,
  reason TEXT NOT NULL,
  vetoes TEXT NOT NULL,
  members BYTEA NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT proposals_members UNIQUE (school_id, members)
);

CREATE TABLE external_keys (
  school_id UUID NOT NULL REFERENCES schools (id),
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('pupil', 'group', 'staff', 'household', 'conference', 'room')),
  key_index BYTEA NOT NULL,
  subject UUID NOT NULL,
  PRIMARY KEY (school_id, kind, key_index)
);
CREATE INDEX external_keys_by_subject ON external_keys (school_id, subject);

CREATE TABLE overrides (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('pupil', 'group', 'staff', 'household', 'conference', 'room')),
  subject UUID NOT NULL,
  field TEXT COLLATE "C" NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  CONSTRAINT overrides_kind_subject_field UNIQUE (school_id, kind, subject, field)
);

CREATE TABLE imports (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  format TEXT NOT NULL,
  counts TEXT NOT NULL,
  dropped TEXT NOT NULL,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE conferences (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'closed')),
  opens_at TIMESTAMPTZ NOT NULL,
  closes_at TIMESTAMPTZ NOT NULL,
  rules TEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE days (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  date TEXT COLLATE "C" NOT NULL,
  audience TEXT NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT days_conference_id_date UNIQUE (school_id, conference_id, date),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE
);

CREATE TABLE talk_kinds (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  minutes BIGINT NOT NULL CHECK (minutes > 0 AND minutes % 5 = 0),
  obligation TEXT NOT NULL CHECK (obligation IN ('optional', 'expected', 'required')),
  max_per_pupil BIGINT NOT NULL,
  pupil_attends BOOLEAN NOT NULL,
  staffing TEXT NOT NULL CHECK (staffing IN ('mentor', 'group', 'subject', 'care', 'offer')),
  pairing TEXT NOT NULL CHECK (pairing IN ('either', 'together', 'both')),
  position BIGINT NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, conference_id) REFERENCES conferences (school_id, id) ON DELETE CASCADE
);
CREATE INDEX talk_kinds_by_conference_id ON talk_kinds (school_id, conference_id);

CREATE TABLE offers (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  talk_kind_id UUID NOT NULL,
  pupil_id UUID,
  group_id UUID,
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
  school_id UUID NOT NULL REFERENCES schools (id),
  offer_id UUID NOT NULL,
  staff_id UUID NOT NULL,
  PRIMARY KEY (school_id, offer_id, staff_id),
  FOREIGN KEY (school_id, offer_id) REFERENCES offers (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE
);
CREATE INDEX offer_staff_by_staff_id ON offer_staff (school_id, staff_id);

CREATE TABLE rooms (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  used_alone BOOLEAN NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id)
);

CREATE TABLE availabilities (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  day_id UUID NOT NULL,
  staff_id UUID NOT NULL,
  start_tick BIGINT NOT NULL,
  end_tick BIGINT NOT NULL CHECK (end_tick > start_tick),
  room_id UUID,
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
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  day_id UUID NOT NULL,
  staff_id UUID NOT NULL,
  start_tick BIGINT NOT NULL,
  end_tick BIGINT NOT NULL CHECK (end_tick > start_tick),
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
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  household_id UUID NOT NULL,
  maker_id UUID,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('parent', 'staff', 'key', 'operator', 'system')),
  actor_id UUID,
  on_behalf BOOLEAN NOT NULL,
  made BIGINT NOT NULL,
  moved BIGINT NOT NULL,
  cancelled BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, maker_id) REFERENCES makers (school_id, id)
);
CREATE INDEX bookings_by_household_id ON bookings (school_id, household_id);
CREATE INDEX bookings_by_maker_id ON bookings (school_id, maker_id);

CREATE TABLE appointments (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  day_id UUID NOT NULL,
  talk_kind_id UUID NOT NULL,
  pupil_id UUID NOT NULL,
  household_id UUID NOT NULL,
  party BIGINT NOT NULL CHECK (party IN (1, 2)),
  booking_id UUID NOT NULL,
  maker_id UUID,
  start_tick BIGINT NOT NULL,
  end_tick BIGINT NOT NULL CHECK (end_tick > start_tick),
  room_id UUID,
  state TEXT NOT NULL CHECK (state IN ('booked', 'cancelled')),
  version BIGINT NOT NULL,
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
  school_id UUID NOT NULL REFERENCES schools (id),
  appointment_id UUID NOT NULL,
  staff_id UUID NOT NULL,
  PRIMARY KEY (school_id, appointment_id, staff_id),
  FOREIGN KEY (school_id, appointment_id) REFERENCES appointments (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id)
);
CREATE INDEX appointment_staff_by_staff_id ON appointment_staff (school_id, staff_id);

CREATE TABLE claims (
  school_id UUID NOT NULL REFERENCES schools (id),
  holder UUID NOT NULL,
  tick BIGINT NOT NULL,
  appointment_id UUID,
  block_id UUID CHECK ((appointment_id IS NULL) <> (block_id IS NULL)),
  PRIMARY KEY (school_id, holder, tick),
  FOREIGN KEY (school_id, appointment_id) REFERENCES appointments (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, block_id) REFERENCES blocks (school_id, id) ON DELETE CASCADE
);
CREATE INDEX claims_by_appointment_id ON claims (school_id, appointment_id);
CREATE INDEX claims_by_block_id ON claims (school_id, block_id);

CREATE TABLE requests (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  conference_id UUID NOT NULL,
  talk_kind_id UUID NOT NULL,
  pupil_id UUID NOT NULL,
  household_id UUID NOT NULL,
  staff_ids TEXT NOT NULL,
  rank BIGINT NOT NULL,
  obligation TEXT NOT NULL CHECK (obligation IN ('optional', 'expected', 'required')),
  state TEXT NOT NULL CHECK (state IN ('wanted', 'invited', 'waiting', 'no_need', 'met', 'unmet', 'withdrawn')),
  at TIMESTAMPTZ NOT NULL,
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
  school_id UUID NOT NULL REFERENCES schools (id),
  actor TEXT COLLATE "C" NOT NULL,
  key_index BYTEA NOT NULL,
  fingerprint BYTEA NOT NULL,
  result TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, actor, key_index)
);
CREATE INDEX idempotency_by_at ON idempotency (school_id, at);

CREATE TABLE audits (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('parent', 'staff', 'key', 'operator', 'system')),
  actor_id UUID,
  action TEXT NOT NULL,
  subject UUID,
  reason TEXT NOT NULL,
  counts TEXT NOT NULL,
  PRIMARY KEY (school_id, id)
);
CREATE INDEX audits_by_at ON audits (school_id, at);

CREATE TABLE messages (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'code', 'test')),
  channel TEXT NOT NULL CHECK (channel IN ('mail', 'sms')),
  state TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'delivered', 'unknown', 'failed', 'superseded')),
  household_id UUID,
  contact_id UUID,
  day_id UUID,
  booking_id UUID,
  language TEXT NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  useful_until TIMESTAMPTZ NOT NULL,
  attempts BIGINT NOT NULL,
  leased_until TIMESTAMPTZ,
  carrier_id TEXT NOT NULL,
  problem TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ,
  details BYTEA,
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
  school_id UUID NOT NULL REFERENCES schools (id),
  household_id UUID NOT NULL,
  day_id UUID NOT NULL,
  contact_id UUID NOT NULL,
  uid UUID NOT NULL,
  sequence BIGINT NOT NULL,
  PRIMARY KEY (school_id, household_id, day_id, contact_id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, day_id) REFERENCES days (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, contact_id) REFERENCES contacts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX invitations_by_day_id ON invitations (school_id, day_id);
CREATE INDEX invitations_by_contact_id ON invitations (school_id, contact_id);

CREATE TABLE accounts (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('administrator', 'teacher')),
  staff_id UUID,
  login_index BYTEA NOT NULL,
  password_hash TEXT NOT NULL,
  disabled BOOLEAN NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  CONSTRAINT accounts_login_index UNIQUE (school_id, login_index),
  FOREIGN KEY (school_id, staff_id) REFERENCES staff (school_id, id) ON DELETE CASCADE
);
CREATE INDEX accounts_by_staff_id ON accounts (school_id, staff_id);

CREATE TABLE api_keys (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  key_index BYTEA NOT NULL,
  scopes TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  details BYTEA,
  PRIMARY KEY (school_id, id),
  CONSTRAINT api_keys_key_index UNIQUE (school_id, key_index)
);

CREATE TABLE sessions (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('parent', 'staff')),
  token_index BYTEA NOT NULL,
  account_id UUID,
  data TEXT NOT NULL,
  device_index BYTEA,
  language TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, id),
  CONSTRAINT sessions_token_index UNIQUE (school_id, token_index),
  FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX sessions_by_expires_at ON sessions (school_id, expires_at);
CREATE INDEX sessions_by_account_id ON sessions (school_id, account_id);

CREATE TABLE codes (
  school_id UUID NOT NULL REFERENCES schools (id),
  id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('contact', 'desk')),
  household_id UUID NOT NULL,
  pupil_id UUID,
  code_index BYTEA NOT NULL,
  attempts BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (school_id, id),
  FOREIGN KEY (school_id, household_id) REFERENCES households (school_id, id) ON DELETE CASCADE,
  FOREIGN KEY (school_id, pupil_id) REFERENCES pupils (school_id, id) ON DELETE CASCADE
);
CREATE INDEX codes_by_household_id ON codes (school_id, household_id);
CREATE INDEX codes_by_pupil_id ON codes (school_id, pupil_id);

CREATE TABLE budgets (
  school_id UUID NOT NULL REFERENCES schools (id),
  name TEXT COLLATE "C" NOT NULL,
  subject BYTEA NOT NULL,
  "window" TIMESTAMPTZ NOT NULL,
  spent BIGINT NOT NULL,
  PRIMARY KEY (school_id, name, subject, "window")
);
