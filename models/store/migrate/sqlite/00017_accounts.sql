-- +goose Up
-- Accounts have a state, a set of roles and a time of the last log-in; what proves that somebody is their owner are credentials. A password's hash moves over as it is, and
-- is sealed at the next log-in.

ALTER TABLE accounts ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('invited', 'active', 'disabled'));
ALTER TABLE accounts ADD COLUMN roles TEXT NOT NULL DEFAULT '[]';
ALTER TABLE accounts ADD COLUMN seen_at DATETIME;
UPDATE accounts SET state = CASE disabled WHEN 1 THEN 'disabled' ELSE 'active' END, roles = '["' || role || '"]';

CREATE TABLE credentials (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  kind TEXT NOT NULL CHECK (kind IN ('password', 'totp', 'recovery')),
  subject_index BLOB,
  counter INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0 CHECK (pending IN (0, 1)),
  hash_before TEXT NOT NULL DEFAULT '',
  created_at DATETIME NOT NULL,
  secret BLOB,
  PRIMARY KEY (school_id, id),
  CONSTRAINT credentials_subject_index UNIQUE (school_id, kind, subject_index),
  FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX credentials_by_account_id ON credentials (school_id, account_id);
INSERT INTO credentials (school_id, id, account_id, kind, hash_before, created_at)
SELECT school_id, id, id, 'password', password_hash, created_at FROM accounts;

ALTER TABLE accounts DROP COLUMN role;
ALTER TABLE accounts DROP COLUMN password_hash;
ALTER TABLE accounts DROP COLUMN disabled;

CREATE TABLE account_tokens (
  school_id BLOB NOT NULL REFERENCES schools (id),
  id BLOB NOT NULL CHECK (length(id) = 16),
  account_id BLOB NOT NULL CHECK (length(account_id) = 16),
  purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'log-in', 'password')),
  token_index BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME,
  PRIMARY KEY (school_id, id),
  CONSTRAINT account_tokens_token_index UNIQUE (school_id, token_index),
  FOREIGN KEY (school_id, account_id) REFERENCES accounts (school_id, id) ON DELETE CASCADE
);
CREATE INDEX account_tokens_by_account_id ON account_tokens (school_id, account_id);
CREATE INDEX account_tokens_by_expires_at ON account_tokens (school_id, expires_at);

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('credentials', 'sqlite_autoindex_credentials_1', '20000 200 1'),
  ('credentials', 'sqlite_autoindex_credentials_2', '20000 200 60 1'),
  ('credentials', 'credentials_by_account_id', '20000 200 3'),
  ('account_tokens', 'sqlite_autoindex_account_tokens_1', '20000 200 1'),
  ('account_tokens', 'sqlite_autoindex_account_tokens_2', '20000 200 1'),
  ('account_tokens', 'account_tokens_by_account_id', '20000 200 2'),
  ('account_tokens', 'account_tokens_by_expires_at', '20000 200 2');
