-- Refunds live within their sealed invoice. These columns in clear find them.
CREATE TABLE refunds (
    id uuid CONSTRAINT "refunds.id" PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    reason text NOT NULL,
    state text NOT NULL,
    amount bigint NOT NULL,
    due_since timestamptz NOT NULL,
    number text,
    CONSTRAINT "refunds.number" UNIQUE (number)
);
CREATE INDEX refunds_by_invoice ON refunds (invoice_id, id);
CREATE INDEX refunds_by_state ON refunds (state, id);

-- Every posting says for which day, by which operation and by whom it was booked. NULL: earlier releases did not say.
ALTER TABLE ledger_entries ADD COLUMN booked_on date;
ALTER TABLE ledger_entries ADD COLUMN operation text;
ALTER TABLE ledger_entries ADD COLUMN actor_id uuid;
ALTER TABLE ledger_entries ADD COLUMN department_id uuid;
-- The trial balance adds up each account.
CREATE INDEX ledger_entries_by_account ON ledger_entries (account, booked_on, amount);
