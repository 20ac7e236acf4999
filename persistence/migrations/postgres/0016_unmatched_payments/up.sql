-- Payments whose invoice was not known when they were recorded. Reference and sender lie in the sealed body.
CREATE TABLE unmatched_payments (
    id uuid CONSTRAINT "unmatched_payments.id" PRIMARY KEY,
    method text NOT NULL,
    reference_index bytea NOT NULL,
    amount bigint NOT NULL,
    rest bigint NOT NULL,
    received_on date NOT NULL,
    created_at timestamptz NOT NULL,
    version bigint NOT NULL,
    body_sealed bytea NOT NULL
);
-- The list shows those of which something is left.
CREATE INDEX unmatched_payments_open ON unmatched_payments (id) WHERE rest > 0;
CREATE INDEX unmatched_payments_by_reference ON unmatched_payments (reference_index);
-- A transfer that is recorded without an invoice is compared with those on every invoice.
CREATE INDEX payments_by_reference_alone ON payments (reference_index);
-- The day sheet of billing.
CREATE INDEX payments_by_day ON payments (received_on, id);
