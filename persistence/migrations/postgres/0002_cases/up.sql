-- Cases, who takes part in them, what happened.

-- One row for each case: in clear what lists and clocks need, the rest sealed.
CREATE TABLE cases (
    id uuid CONSTRAINT "cases.id" PRIMARY KEY,
    number text NOT NULL,
    kind text NOT NULL,
    stage text NOT NULL,
    version bigint NOT NULL,
    agency_id uuid REFERENCES agencies (id),
    department_id uuid REFERENCES departments (id),
    responsible_id uuid REFERENCES users (id),
    opened_by uuid NOT NULL REFERENCES users (id),
    waiting_on text NOT NULL,
    held boolean NOT NULL,
    patient_uninformed boolean NOT NULL,
    slides_requested boolean NOT NULL,
    accepted boolean NOT NULL,
    expires_at timestamptz,
    due_at timestamptz,
    overdue_noted_at timestamptz,
    accepted_at timestamptz,
    submitted_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    body_sealed bytea NOT NULL,
    CONSTRAINT "cases.number" UNIQUE (number)
);
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
    year integer CONSTRAINT "case_numbers.year" PRIMARY KEY,
    last_number bigint NOT NULL
);
-- Numbers come from here; the table's row remembers where the year began.
CREATE SEQUENCE case_number_sequence;

-- Whose account joined which case, and as what.
CREATE TABLE case_members (
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES users (id),
    relation text NOT NULL,
    joined_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT "case_members.case_id,user_id" PRIMARY KEY (case_id, user_id)
);
CREATE INDEX case_members_by_user ON case_members (user_id, case_id);

-- Blind index: which words, as keyed hashes, lead to which case.
CREATE TABLE case_words (
    word bytea NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    CONSTRAINT "case_words.word,case_id" PRIMARY KEY (word, case_id)
);

-- What happened, append-only; the audience is set at birth.
CREATE TABLE events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    kind text NOT NULL,
    audience integer NOT NULL,
    actor_id uuid,
    occurred_at timestamptz NOT NULL,
    data_sealed bytea NOT NULL
);
CREATE INDEX events_by_case ON events (case_id, seq);
