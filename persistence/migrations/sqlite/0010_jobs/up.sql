-- Later work: written in the transaction of its cause, done afterwards by whichever server comes first. A job that is done goes, or waits for
-- its next date. Unsent letters become jobs by a step that takes the keys; `outbox` is empty from then on, and goes with the next migration.
CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    only_key TEXT,
    case_id BLOB CHECK (length(case_id) = 16),
    payload_sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER,
    attempts INTEGER NOT NULL,
    failure TEXT,
    failed_at INTEGER,
    UNIQUE (name, only_key)
) STRICT;
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_failed ON jobs (id) WHERE failure IS NOT NULL;
CREATE INDEX jobs_by_case ON jobs (case_id) WHERE case_id IS NOT NULL;
DROP TABLE leases;
