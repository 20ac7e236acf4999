-- Documents, treatment entries, messages, notes, opinions.

-- What was handed in; the name and the like are sealed.
CREATE TABLE documents (
    id uuid CONSTRAINT "documents.id" PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    item text,
    media text NOT NULL,
    language text,
    audience integer NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    version bigint NOT NULL,
    body_sealed bytea NOT NULL
);
CREATE INDEX documents_by_case ON documents (case_id, id);

-- The bytes of documents, in sealed pieces.
CREATE TABLE document_contents (
    document_id uuid NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    piece integer NOT NULL,
    content_sealed bytea NOT NULL,
    CONSTRAINT "document_contents.document_id,piece" PRIMARY KEY (document_id, piece)
);

-- Treatment history.
CREATE TABLE treatment_entries (
    id uuid CONSTRAINT "treatment_entries.id" PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    body_sealed bytea NOT NULL
);
CREATE INDEX treatment_entries_by_case ON treatment_entries (case_id, id);

-- Messages between the desk and the applicant's side; the audience is set at birth.
CREATE TABLE messages (
    id uuid CONSTRAINT "messages.id" PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    author_id uuid NOT NULL REFERENCES users (id),
    audience integer NOT NULL,
    created_at timestamptz NOT NULL,
    body_sealed bytea NOT NULL
);
CREATE INDEX messages_by_case ON messages (case_id, id);

-- Notes of the staff.
CREATE TABLE internal_notes (
    id uuid CONSTRAINT "internal_notes.id" PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    author_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    body_sealed bytea NOT NULL
);
CREATE INDEX internal_notes_by_case ON internal_notes (case_id, id);

-- Written opinions; each edition is a row, the delivered ones never change.
CREATE TABLE opinions (
    id uuid CONSTRAINT "opinions.id" PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    edition integer NOT NULL,
    state text NOT NULL,
    author_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    delivered_at timestamptz,
    version bigint NOT NULL,
    body_sealed bytea NOT NULL,
    CONSTRAINT "opinions.case_id,edition" UNIQUE (case_id, edition)
);
