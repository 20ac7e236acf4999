-- Addresses with a digest of their own, families of refresh tokens, devices, approvals.

-- What is brought up to date by the program, because it takes the keys of the vault.
CREATE TABLE vault_steps (
    name TEXT NOT NULL PRIMARY KEY,
    done_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The digest of the address is that of its canonical form; an account without one holds no address. The vault step fills it.
CREATE TABLE users_0006 (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email_sealed BLOB NOT NULL,
    address_digest BLOB,
    profile_sealed BLOB NOT NULL,
    password_hash TEXT,
    status TEXT NOT NULL,
    language TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    email_verified_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (address_digest)
) STRICT, WITHOUT ROWID;
INSERT INTO users_0006
SELECT id, email_sealed, NULL, profile_sealed, password_hash, status, language, epoch, email_verified_at, created_at, updated_at, version
FROM users;
DROP TABLE users;
ALTER TABLE users_0006 RENAME TO users;

ALTER TABLE one_time_codes RENAME COLUMN email_index TO address_digest;
UPDATE one_time_codes SET address_digest = NULL;
CREATE INDEX one_time_codes_by_address ON one_time_codes (address_digest, purpose) WHERE address_digest IS NOT NULL;

-- The sessions before have no family of tokens: they end.
DROP TABLE sessions;

-- One sign-in on one device.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id) ON DELETE CASCADE,
    epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    client TEXT NOT NULL,
    in_cookie INTEGER NOT NULL CHECK (in_cookie IN (0, 1)),
    source_sealed BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Every refresh token of a session, only as a hash; a superseded one with its successor, sealed, for half a minute.
CREATE TABLE refresh_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL CHECK (length(session_id) = 16) REFERENCES sessions (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    superseded_at INTEGER,
    successor_sealed BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Devices that signed in to an account, only as hashes of their tokens.
CREATE TABLE devices (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    UNIQUE (token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_by_user ON devices (user_id, last_used_at);
CREATE INDEX devices_by_expiry ON devices (expires_at);

-- What one person asked for and another must approve. No person: the command line.
CREATE TABLE approvals (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
    requested_by BLOB CHECK (length(requested_by) = 16),
    requested_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    decided_by BLOB CHECK (length(decided_by) = 16),
    decided_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX approvals_pending ON approvals (kind, subject_id) WHERE state = 'pending';
CREATE INDEX approvals_by_state ON approvals (state, id);

-- A lock is a count above the limit: no time of its own. What was counted before was counted under other keys.
DELETE FROM throttles;
ALTER TABLE throttles DROP COLUMN locked_until;
