-- Addresses with a digest of their own, families of refresh tokens, devices, approvals.

-- What is brought up to date by the program, because it takes the keys of the vault.
CREATE TABLE vault_steps (
    name text CONSTRAINT "vault_steps.name" PRIMARY KEY,
    done_at timestamptz NOT NULL
);

-- The digest of the address is that of its canonical form; an account without one holds no address. The vault step fills it.
ALTER TABLE users RENAME COLUMN email_index TO address_digest;
ALTER TABLE users ALTER COLUMN address_digest DROP NOT NULL;
ALTER TABLE users RENAME CONSTRAINT "users.email_index" TO "users.address_digest";
UPDATE users SET address_digest = NULL;

ALTER TABLE one_time_codes RENAME COLUMN email_index TO address_digest;
UPDATE one_time_codes SET address_digest = NULL;
CREATE INDEX one_time_codes_by_address ON one_time_codes (address_digest, purpose) WHERE address_digest IS NOT NULL;

-- The sessions before have no family of tokens: they end.
DROP TABLE sessions;

-- One sign-in on one device.
CREATE TABLE sessions (
    id uuid CONSTRAINT "sessions.id" PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    epoch integer NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    client text NOT NULL,
    in_cookie boolean NOT NULL,
    source_sealed bytea
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Every refresh token of a session, only as a hash; a superseded one with its successor, sealed, for half a minute.
CREATE TABLE refresh_tokens (
    token_hash bytea CONSTRAINT "refresh_tokens.token_hash" PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    superseded_at timestamptz,
    successor_sealed bytea
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Devices that signed in to an account, only as hashes of their tokens.
CREATE TABLE devices (
    id uuid CONSTRAINT "devices.id" PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT "devices.token_hash" UNIQUE (token_hash)
);
CREATE INDEX devices_by_user ON devices (user_id, last_used_at);
CREATE INDEX devices_by_expiry ON devices (expires_at);

-- What one person asked for and another must approve. No person: the command line.
CREATE TABLE approvals (
    id uuid CONSTRAINT "approvals.id" PRIMARY KEY,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    requested_by uuid,
    requested_at timestamptz NOT NULL,
    content text NOT NULL,
    state text NOT NULL,
    decided_by uuid,
    decided_at timestamptz
);
CREATE UNIQUE INDEX approvals_pending ON approvals (kind, subject_id) WHERE state = 'pending';
CREATE INDEX approvals_by_state ON approvals (state, id);

-- A lock is a count above the limit: no time of its own. What was counted before was counted under other keys.
DELETE FROM throttles;
ALTER TABLE throttles DROP COLUMN locked_until;
