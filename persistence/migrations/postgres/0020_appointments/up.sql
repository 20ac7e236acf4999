-- When the visit of a case takes place, once that is fixed.
ALTER TABLE cases ADD COLUMN visit_at timestamptz;
CREATE INDEX cases_by_visit ON cases (visit_at, id) WHERE stage = 'scheduled';

-- The half hours that an offer, a reservation or an appointment takes: nobody else has them.
CREATE TABLE taken_half_hours (
    physician_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    held_until timestamptz,
    CONSTRAINT "taken_half_hours.physician_id,starts_at" PRIMARY KEY (physician_id, starts_at),
    FOREIGN KEY (physician_id, starts_at) REFERENCES availability (physician_id, starts_at)
);
CREATE INDEX taken_half_hours_by_case ON taken_half_hours (case_id);

-- The physicians of a visit, who see its case until it is closed.
CREATE TABLE case_physicians (
    case_id uuid NOT NULL REFERENCES cases (id),
    user_id uuid NOT NULL REFERENCES users (id),
    CONSTRAINT "case_physicians.case_id,user_id" PRIMARY KEY (case_id, user_id)
);
CREATE INDEX case_physicians_by_user ON case_physicians (user_id, case_id);
