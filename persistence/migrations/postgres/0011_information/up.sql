-- Requests for information leave the sealed case: their questions and answers are texts that its rules do not ask. A step that takes the keys moves
-- them.
CREATE TABLE information_requests (
    id uuid CONSTRAINT "information_requests.id" PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    seq bigint NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    body_sealed bytea NOT NULL
);
CREATE UNIQUE INDEX information_requests_by_case ON information_requests (case_id, seq);
