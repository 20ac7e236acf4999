-- Payments whose invoice was not known when they were recorded. Reference and sender lie in the sealed body.
CREATE TABLE unmatched_payments (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    method TEXT NOT NULL,
    reference_index BLOB NOT NULL,
    amount INTEGER NOT NULL,
    rest INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
-- The list shows those of which something is left.
CREATE INDEX unmatched_payments_open ON unmatched_payments (id) WHERE rest > 0;
CREATE INDEX unmatched_payments_by_reference ON unmatched_payments (reference_index);
-- A transfer that is recorded without an invoice is compared with those on every invoice.
CREATE INDEX payments_by_reference_alone ON payments (reference_index);
-- The day sheet of billing.
CREATE INDEX payments_by_day ON payments (received_on, id);
