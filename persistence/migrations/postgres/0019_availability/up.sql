-- The half hours in which physicians receive people: one row for each.
CREATE TABLE availability (
    id uuid CONSTRAINT "availability.id" PRIMARY KEY,
    physician_id uuid NOT NULL REFERENCES users (id),
    department_id uuid NOT NULL REFERENCES departments (id),
    starts_at timestamptz NOT NULL CHECK (extract(epoch FROM starts_at)::numeric % 1800 = 0),
    created_at timestamptz NOT NULL,
    CONSTRAINT "availability.physician_id,starts_at" UNIQUE (physician_id, starts_at)
);
CREATE INDEX availability_by_department ON availability (department_id, starts_at, id);
CREATE INDEX availability_by_time ON availability (starts_at, id);
