-- When the visit of a case takes place, once that is fixed.
ALTER TABLE cases ADD COLUMN visit_at INTEGER;
CREATE INDEX cases_by_visit ON cases (visit_at, id) WHERE stage = 'scheduled';

-- The half hours that an offer, a reservation or an appointment takes: nobody else has them.
CREATE TABLE taken_half_hours (
    physician_id BLOB NOT NULL CHECK (length(physician_id) = 16),
    starts_at INTEGER NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id),
    held_until INTEGER,
    PRIMARY KEY (physician_id, starts_at),
    FOREIGN KEY (physician_id, starts_at) REFERENCES availability (physician_id, starts_at)
) STRICT;
CREATE INDEX taken_half_hours_by_case ON taken_half_hours (case_id);

-- The physicians of a visit, who see its case until it is closed.
CREATE TABLE case_physicians (
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id),
    user_id BLOB NOT NULL CHECK (length(user_id) = 16) REFERENCES users (id),
    PRIMARY KEY (case_id, user_id)
) STRICT;
CREATE INDEX case_physicians_by_user ON case_physicians (user_id, case_id);
