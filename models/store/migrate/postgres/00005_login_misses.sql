-- +goose Up
-- What guesses at log-in cost: one row for each wrong answer and child. Subjects are keyed indexes; no name, answer or address stands here.
CREATE TABLE login_misses (
  school_id UUID NOT NULL REFERENCES schools (id),
  slot BIGINT NOT NULL,
  lane TEXT COLLATE "C" NOT NULL,
  household BYTEA NOT NULL,
  child BYTEA NOT NULL,
  address BYTEA NOT NULL,
  network BYTEA NOT NULL,
  token BYTEA NOT NULL,
  answer BYTEA NOT NULL,
  cost BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, slot)
);
CREATE INDEX login_misses_by_lane ON login_misses (school_id, lane, at);

-- Never read: what a failure writes that is not charged, so that every failure is the same work. A ring of 4,096 slots per school.
CREATE TABLE login_shadows (
  school_id UUID NOT NULL REFERENCES schools (id),
  slot BIGINT NOT NULL,
  lane TEXT COLLATE "C" NOT NULL,
  household BYTEA NOT NULL,
  child BYTEA NOT NULL,
  address BYTEA NOT NULL,
  network BYTEA NOT NULL,
  token BYTEA NOT NULL,
  answer BYTEA NOT NULL,
  cost BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, slot)
);
CREATE INDEX login_shadows_by_lane ON login_shadows (school_id, lane, at);

-- Which households got in from where, by any proof.
CREATE TABLE login_successes (
  school_id UUID NOT NULL REFERENCES schools (id),
  address BYTEA NOT NULL,
  household BYTEA NOT NULL,
  network BYTEA NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (school_id, address, household)
);
CREATE INDEX login_successes_by_network ON login_successes (school_id, network);

-- A code belongs to the device that asked for it, and the message that holds it has a link that any device can use.
ALTER TABLE codes ADD COLUMN token_index BYTEA;
ALTER TABLE codes ADD COLUMN link_index BYTEA;
ALTER TABLE codes ADD COLUMN link_expires_at TIMESTAMPTZ;
CREATE INDEX codes_by_token_index ON codes (school_id, token_index);
CREATE UNIQUE INDEX codes_by_link_index ON codes (school_id, link_index);

-- How much guessing a school bears with: its own choice, or empty.
ALTER TABLE schools ADD COLUMN guessing TEXT NOT NULL DEFAULT '';
