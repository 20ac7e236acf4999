-- Documents, treatment entries, messages, notes, opinions.

-- What was handed in; the name and the like are sealed.
CREATE TABLE documents (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    item TEXT,
    media TEXT NOT NULL,
    language TEXT,
    audience INTEGER NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    version INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX documents_by_case ON documents (case_id, id);

-- The bytes of documents, in sealed pieces.
CREATE TABLE document_contents (
    document_id BLOB NOT NULL CHECK (length(document_id) = 16) REFERENCES documents (id) ON DELETE CASCADE,
    piece INTEGER NOT NULL,
    content_sealed BLOB NOT NULL,
    PRIMARY KEY (document_id, piece)
) STRICT;

-- Treatment history.
CREATE TABLE treatment_entries (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX treatment_entries_by_case ON treatment_entries (case_id, id);

-- Messages between the desk and the applicant's side; the audience is set at birth.
CREATE TABLE messages (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16) REFERENCES users (id),
    audience INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX messages_by_case ON messages (case_id, id);

-- Notes of the staff.
CREATE TABLE internal_notes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16) REFERENCES users (id),
    created_at INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX internal_notes_by_case ON internal_notes (case_id, id);

-- Written opinions; each edition is a row, the delivered ones never change.
CREATE TABLE opinions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    edition INTEGER NOT NULL,
    state TEXT NOT NULL,
    author_id BLOB NOT NULL CHECK (length(author_id) = 16) REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    delivered_at INTEGER,
    version INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    UNIQUE (case_id, edition)
) STRICT;
