-- Keys, departments, agencies, users, sessions, codes, throttles.

-- Keys of the vault, wrapped by the master key.
CREATE TABLE data_keys (
    purpose text NOT NULL,
    version integer NOT NULL,
    wrapped_key bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT "data_keys.purpose,version" PRIMARY KEY (purpose, version)
);

-- Departments that accept cases.
CREATE TABLE departments (
    id uuid CONSTRAINT "departments.id" PRIMARY KEY,
    name_ja text NOT NULL,
    name_en text NOT NULL,
    accepting boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);

-- Medical coordination agencies.
CREATE TABLE agencies (
    id uuid CONSTRAINT "agencies.id" PRIMARY KEY,
    name text NOT NULL,
    contact_sealed bytea NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);

-- People with an account.
CREATE TABLE users (
    id uuid CONSTRAINT "users.id" PRIMARY KEY,
    email_sealed bytea NOT NULL,
    email_index bytea NOT NULL,
    profile_sealed bytea NOT NULL,
    password_hash text,
    status text NOT NULL,
    language text NOT NULL,
    epoch integer NOT NULL,
    email_verified_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT "users.email_index" UNIQUE (email_index)
);

-- Who has which role, and where.
CREATE TABLE role_assignments (
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position integer NOT NULL,
    role text NOT NULL,
    department_id uuid REFERENCES departments (id),
    agency_id uuid REFERENCES agencies (id),
    CONSTRAINT "role_assignments.user_id,position" PRIMARY KEY (user_id, position)
);
CREATE INDEX role_assignments_by_role ON role_assignments (role, user_id);
CREATE INDEX role_assignments_by_department ON role_assignments (department_id, user_id) WHERE department_id IS NOT NULL;
CREATE INDEX role_assignments_by_agency ON role_assignments (agency_id, user_id) WHERE agency_id IS NOT NULL;

-- One sign-in on one device; refresh tokens only as hashes.
CREATE TABLE sessions (
    id uuid CONSTRAINT "sessions.id" PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    refresh_hash bytea NOT NULL,
    previous_hash bytea,
    previous_used_at timestamptz,
    epoch integer NOT NULL,
    created_at timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    client text NOT NULL,
    CONSTRAINT "sessions.refresh_hash" UNIQUE (refresh_hash)
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_previous_hash ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Verification, reset and invitation codes, only as hashes.
CREATE TABLE one_time_codes (
    id uuid CONSTRAINT "one_time_codes.id" PRIMARY KEY,
    purpose text NOT NULL,
    code_hash bytea NOT NULL,
    user_id uuid REFERENCES users (id) ON DELETE CASCADE,
    email_index bytea,
    email_sealed bytea,
    case_id uuid,
    payload_sealed bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT "one_time_codes.purpose,code_hash" UNIQUE (purpose, code_hash)
);
CREATE INDEX one_time_codes_by_user ON one_time_codes (user_id, purpose) WHERE user_id IS NOT NULL;
CREATE INDEX one_time_codes_by_case ON one_time_codes (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX one_time_codes_by_expiry ON one_time_codes (expires_at);

-- Attempts counted, by the hash of what they are counted for.
CREATE TABLE throttles (
    key_hash bytea CONSTRAINT "throttles.key_hash" PRIMARY KEY,
    window_start timestamptz NOT NULL,
    hits integer NOT NULL,
    locked_until timestamptz
);
CREATE INDEX throttles_by_window ON throttles (window_start);
