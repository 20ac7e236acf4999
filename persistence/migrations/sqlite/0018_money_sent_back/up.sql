-- A refund is of an invoice, or of money whose invoice is not known. SQLite cannot drop NOT NULL, so the table is built anew.
CREATE TABLE refunds_new (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    invoice_id BLOB CHECK (length(invoice_id) = 16) REFERENCES invoices (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    due_since INTEGER NOT NULL,
    number TEXT,
    unmatched_payment_id BLOB CHECK (length(unmatched_payment_id) = 16) REFERENCES unmatched_payments (id),
    UNIQUE (number),
    CHECK ((invoice_id IS NULL) <> (unmatched_payment_id IS NULL))
) STRICT;
INSERT INTO refunds_new (id, invoice_id, reason, state, amount, due_since, number)
    SELECT id, invoice_id, reason, state, amount, due_since, number FROM refunds;
DROP TABLE refunds;
ALTER TABLE refunds_new RENAME TO refunds;
CREATE INDEX refunds_by_invoice ON refunds (invoice_id, id);
CREATE INDEX refunds_by_state ON refunds (state, id);
CREATE INDEX refunds_by_unmatched_payment ON refunds (unmatched_payment_id, id) WHERE unmatched_payment_id IS NOT NULL;
