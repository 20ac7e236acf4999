-- Cases, who takes part in them, what happened.

-- One row for each case: in clear what lists and clocks need, the rest sealed.
CREATE TABLE cases (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    version INTEGER NOT NULL,
    agency_id BLOB CHECK (length(agency_id) = 16) REFERENCES agencies (id),
    department_id BLOB CHECK (length(department_id) = 16) REFERENCES departments (id),
    responsible_id BLOB CHECK (length(responsible_id) = 16) REFERENCES users (id),
    opened_by BLOB NOT NULL CHECK (length(opened_by) = 16) REFERENCES users (id),
    waiting_on TEXT NOT NULL,
    held INTEGER NOT NULL CHECK (held IN (0, 1)),
    patient_uninformed INTEGER NOT NULL CHECK (patient_uninformed IN (0, 1)),
    slides_requested INTEGER NOT NULL CHECK (slides_requested IN (0, 1)),
    accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
    expires_at INTEGER,
    due_at INTEGER,
    overdue_noted_at INTEGER,
    accepted_at INTEGER,
    submitted_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    UNIQUE (number)
) STRICT;
CREATE INDEX cases_by_stage ON cases (stage, id);
CREATE INDEX cases_by_department ON cases (department_id, stage, id) WHERE department_id IS NOT NULL;
CREATE INDEX cases_by_department_alone ON cases (department_id, id) WHERE department_id IS NOT NULL;
CREATE INDEX cases_by_responsible ON cases (responsible_id, id) WHERE responsible_id IS NOT NULL;
CREATE INDEX cases_by_agency ON cases (agency_id, id) WHERE agency_id IS NOT NULL;
CREATE INDEX cases_by_waiting ON cases (waiting_on, id);
CREATE INDEX cases_with_slides ON cases (id) WHERE slides_requested;
CREATE INDEX cases_accepted ON cases (id) WHERE accepted;
CREATE INDEX cases_by_expiry ON cases (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX cases_by_due ON cases (due_at, id) WHERE due_at IS NOT NULL;

-- Case numbers of each year: the last one given, or where the sequence stood when it began.
CREATE TABLE case_numbers (
    year INTEGER PRIMARY KEY,
    last_number INTEGER NOT NULL
) STRICT;

-- Whose account joined which case, and as what.
CREATE TABLE case_members (
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    relation TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (case_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_members_by_user ON case_members (user_id, case_id);

-- Blind index: which words, as keyed hashes, lead to which case.
CREATE TABLE case_words (
    word BLOB NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    PRIMARY KEY (word, case_id)
) STRICT, WITHOUT ROWID;

-- What happened, append-only; the audience is set at birth.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    audience INTEGER NOT NULL,
    actor_id BLOB CHECK (length(actor_id) = 16),
    occurred_at INTEGER NOT NULL,
    data_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX events_by_case ON events (case_id, seq);
