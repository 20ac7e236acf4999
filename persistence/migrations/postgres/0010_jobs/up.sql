-- Later work: written in the transaction of its cause, done afterwards by whichever server comes first. A job that is done goes, or waits for
-- its next date. Unsent letters become jobs by a step that takes the keys; `outbox` is empty from then on, and goes with the next migration.
CREATE TABLE jobs (
    id uuid CONSTRAINT "jobs.id" PRIMARY KEY,
    name text NOT NULL,
    only_key text,
    case_id uuid,
    payload_sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    due_at timestamptz,
    attempts integer NOT NULL,
    failure text,
    failed_at timestamptz,
    CONSTRAINT "jobs.name,only_key" UNIQUE (name, only_key)
);
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_failed ON jobs (id) WHERE failure IS NOT NULL;
CREATE INDEX jobs_by_case ON jobs (case_id) WHERE case_id IS NOT NULL;
DROP TABLE leases;
