-- Versions of the terms, with the cancellation policy. Nothing in them is personal.
CREATE TABLE terms (
    id uuid CONSTRAINT "terms.id" PRIMARY KEY,
    version text NOT NULL,
    effective_on date NOT NULL,
    created_at timestamptz NOT NULL,
    body text NOT NULL,
    CONSTRAINT "terms.version" UNIQUE (version)
);

-- Estimates that the hospital made for cases. The payer's name and address lie in the sealed body.
CREATE TABLE estimates (
    id uuid CONSTRAINT "estimates.id" PRIMARY KEY,
    number text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    body_sealed bytea NOT NULL,
    CONSTRAINT "estimates.number" UNIQUE (number)
);
CREATE INDEX estimates_by_case ON estimates (case_id, id);
