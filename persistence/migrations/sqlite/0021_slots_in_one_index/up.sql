-- A page of free half hours is read from one index alone: it has all that is shown.
DROP INDEX availability_by_department;
DROP INDEX availability_by_time;
CREATE INDEX availability_by_department ON availability (department_id, starts_at, id, physician_id);
CREATE INDEX availability_by_time ON availability (starts_at, id, physician_id, department_id);
