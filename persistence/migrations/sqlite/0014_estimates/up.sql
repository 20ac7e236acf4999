-- Versions of the terms, with the cancellation policy. Nothing in them is personal.
CREATE TABLE terms (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    version TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (version)
) STRICT;

-- Estimates that the hospital made for cases. The payer's name and address lie in the sealed body.
CREATE TABLE estimates (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    number TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    UNIQUE (number)
) STRICT;
CREATE INDEX estimates_by_case ON estimates (case_id, id);
