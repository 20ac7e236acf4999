-- The half hours in which physicians receive people: one row for each.
CREATE TABLE availability (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    physician_id BLOB NOT NULL CHECK (length(physician_id) = 16) REFERENCES users (id),
    department_id BLOB NOT NULL CHECK (length(department_id) = 16) REFERENCES departments (id),
    starts_at INTEGER NOT NULL CHECK (starts_at % 1800000000 = 0),
    created_at INTEGER NOT NULL,
    UNIQUE (physician_id, starts_at)
) STRICT;
CREATE INDEX availability_by_department ON availability (department_id, starts_at, id);
CREATE INDEX availability_by_time ON availability (starts_at, id);
