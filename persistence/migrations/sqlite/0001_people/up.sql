-- Keys, departments, agencies, users, sessions, codes, throttles.

-- Keys of the vault, wrapped by the master key.
CREATE TABLE data_keys (
    purpose TEXT NOT NULL,
    version INTEGER NOT NULL,
    wrapped_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (purpose, version)
) STRICT;

-- Departments that accept cases.
CREATE TABLE departments (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name_ja TEXT NOT NULL,
    name_en TEXT NOT NULL,
    accepting INTEGER NOT NULL CHECK (accepting IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- Medical coordination agencies.
CREATE TABLE agencies (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    contact_sealed BLOB NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- People with an account.
CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    email_sealed BLOB NOT NULL,
    email_index BLOB NOT NULL,
    profile_sealed BLOB NOT NULL,
    password_hash TEXT,
    status TEXT NOT NULL,
    language TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    email_verified_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (email_index)
) STRICT, WITHOUT ROWID;

-- Who has which role, and where.
CREATE TABLE role_assignments (
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    role TEXT NOT NULL,
    department_id BLOB CHECK (length(department_id) = 16) REFERENCES departments (id),
    agency_id BLOB CHECK (length(agency_id) = 16) REFERENCES agencies (id),
    PRIMARY KEY (user_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX role_assignments_by_role ON role_assignments (role, user_id);
CREATE INDEX role_assignments_by_department ON role_assignments (department_id, user_id) WHERE department_id IS NOT NULL;
CREATE INDEX role_assignments_by_agency ON role_assignments (agency_id, user_id) WHERE agency_id IS NOT NULL;

-- One sign-in on one device; refresh tokens only as hashes.
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id) ON DELETE CASCADE,
    refresh_hash BLOB NOT NULL,
    previous_hash BLOB,
    previous_used_at INTEGER,
    epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    refreshed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    client TEXT NOT NULL,
    UNIQUE (refresh_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_previous_hash ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Verification, reset and invitation codes, only as hashes.
CREATE TABLE one_time_codes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    purpose TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    user_id BLOB CHECK (length(user_id) = 16) REFERENCES users (id) ON DELETE CASCADE,
    email_index BLOB,
    email_sealed BLOB,
    case_id BLOB CHECK (length(case_id) = 16),
    payload_sealed BLOB,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    UNIQUE (purpose, code_hash)
) STRICT;
CREATE INDEX one_time_codes_by_user ON one_time_codes (user_id, purpose) WHERE user_id IS NOT NULL;
CREATE INDEX one_time_codes_by_case ON one_time_codes (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX one_time_codes_by_expiry ON one_time_codes (expires_at);

-- Attempts counted, by the hash of what they are counted for.
CREATE TABLE throttles (
    key_hash BLOB NOT NULL PRIMARY KEY,
    window_start INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    locked_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_by_window ON throttles (window_start);
