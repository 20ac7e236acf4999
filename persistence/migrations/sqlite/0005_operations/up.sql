-- Settings, audit trail, idempotency keys, outbox, leases.

-- The hospital's settings: one row.
CREATE TABLE settings (
    id INTEGER PRIMARY KEY,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- Who did what, or was refused; ids and codes only.
CREATE TABLE audit_entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CHECK (length(id) = 16),
    at INTEGER NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    session_id BLOB CHECK (length(session_id) = 16),
    operation TEXT NOT NULL,
    subject_kind TEXT,
    subject_id TEXT,
    case_id BLOB CHECK (length(case_id) = 16),
    outcome TEXT NOT NULL,
    request_id TEXT NOT NULL,
    details TEXT
) STRICT;
CREATE INDEX audit_entries_by_case ON audit_entries (case_id, seq) WHERE case_id IS NOT NULL;
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, seq) WHERE actor_id IS NOT NULL;

-- The first answer to each key, kept sealed for a while.
CREATE TABLE idempotency_keys (
    key_hash BLOB NOT NULL PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- What is to be sent, written with the effect that causes it.
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    case_id BLOB CHECK (length(case_id) = 16),
    recipient_sealed BLOB NOT NULL,
    payload_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    sent_at INTEGER,
    silenced_at INTEGER,
    attempts INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_due ON outbox (due_at) WHERE sent_at IS NULL AND silenced_at IS NULL;
CREATE INDEX outbox_by_case ON outbox (case_id) WHERE case_id IS NOT NULL;

-- Who runs the clock's jobs at the moment.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;
