-- Settings, audit trail, idempotency keys, outbox, leases.

-- The hospital's settings: one row.
CREATE TABLE settings (
    id integer CONSTRAINT "settings.id" PRIMARY KEY,
    version bigint NOT NULL,
    body text NOT NULL,
    updated_at timestamptz NOT NULL
);

-- Who did what, or was refused; ids and codes only.
CREATE TABLE audit_entries (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid,
    session_id uuid,
    operation text NOT NULL,
    subject_kind text,
    subject_id text,
    case_id uuid,
    outcome text NOT NULL,
    request_id text NOT NULL,
    details text
);
CREATE INDEX audit_entries_by_case ON audit_entries (case_id, seq) WHERE case_id IS NOT NULL;
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, seq) WHERE actor_id IS NOT NULL;

-- The first answer to each key, kept sealed for a while.
CREATE TABLE idempotency_keys (
    key_hash bytea CONSTRAINT "idempotency_keys.key_hash" PRIMARY KEY,
    fingerprint bytea NOT NULL,
    status integer NOT NULL,
    body_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- What is to be sent, written with the effect that causes it.
CREATE TABLE outbox (
    id uuid CONSTRAINT "outbox.id" PRIMARY KEY,
    kind text NOT NULL,
    case_id uuid,
    recipient_sealed bytea NOT NULL,
    payload_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    sent_at timestamptz,
    silenced_at timestamptz,
    attempts integer NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL AND silenced_at IS NULL;
CREATE INDEX outbox_by_case ON outbox (case_id) WHERE case_id IS NOT NULL;

-- Who runs the clock's jobs at the moment.
CREATE TABLE leases (
    name text CONSTRAINT "leases.name" PRIMARY KEY,
    holder text NOT NULL,
    until timestamptz NOT NULL
);
