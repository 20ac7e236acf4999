-- Refunds live within their sealed invoice. These columns in clear find them.
CREATE TABLE refunds (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    invoice_id BLOB NOT NULL CHECK (length(invoice_id) = 16) REFERENCES invoices (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    amount INTEGER NOT NULL,
    due_since INTEGER NOT NULL,
    number TEXT,
    UNIQUE (number)
) STRICT;
CREATE INDEX refunds_by_invoice ON refunds (invoice_id, id);
CREATE INDEX refunds_by_state ON refunds (state, id);

-- Every posting says for which day, by which operation and by whom it was booked. NULL: earlier releases did not say.
ALTER TABLE ledger_entries ADD COLUMN booked_on TEXT;
ALTER TABLE ledger_entries ADD COLUMN operation TEXT;
ALTER TABLE ledger_entries ADD COLUMN actor_id BLOB CHECK (length(actor_id) = 16);
ALTER TABLE ledger_entries ADD COLUMN department_id BLOB CHECK (length(department_id) = 16);
-- The trial balance adds up each account.
CREATE INDEX ledger_entries_by_account ON ledger_entries (account, booked_on, amount);
