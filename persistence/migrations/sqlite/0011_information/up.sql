-- Requests for information leave the sealed case: their questions and answers are texts that its rules do not ask. A step that takes the keys moves
-- them.
CREATE TABLE information_requests (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX information_requests_by_case ON information_requests (case_id, seq);
