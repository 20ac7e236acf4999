-- Fee schedules, quotes, invoices, payments, ledger.

-- Versions of the prices.
CREATE TABLE fee_schedules (
    id uuid CONSTRAINT "fee_schedules.id" PRIMARY KEY,
    effective_on date NOT NULL,
    created_at timestamptz NOT NULL,
    body text NOT NULL,
    CONSTRAINT "fee_schedules.effective_on" UNIQUE (effective_on)
);

-- Estimates, each frozen with its fee schedule.
CREATE TABLE quotes (
    id uuid CONSTRAINT "quotes.id" PRIMARY KEY,
    fee_schedule_id uuid NOT NULL REFERENCES fee_schedules (id),
    created_at timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    body text NOT NULL
);

-- Gap-free numbers: the last one given of each series.
CREATE TABLE number_series (
    series text CONSTRAINT "number_series.series" PRIMARY KEY,
    last_number bigint NOT NULL
);

-- Invoices, numbered without gaps.
CREATE TABLE invoices (
    id uuid CONSTRAINT "invoices.id" PRIMARY KEY,
    number text NOT NULL,
    case_id uuid NOT NULL REFERENCES cases (id),
    payer text NOT NULL,
    state text NOT NULL,
    total bigint NOT NULL,
    paid bigint NOT NULL,
    issued_on date NOT NULL,
    due_on date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    body_sealed bytea NOT NULL,
    CONSTRAINT "invoices.number" UNIQUE (number)
);
CREATE INDEX invoices_by_case ON invoices (case_id, id);
CREATE INDEX invoices_by_state ON invoices (state, id);

-- Payments; the same reference is not booked twice.
CREATE TABLE payments (
    id uuid CONSTRAINT "payments.id" PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    method text NOT NULL,
    reference_index bytea NOT NULL,
    amount bigint NOT NULL,
    received_on date NOT NULL,
    created_at timestamptz NOT NULL,
    body_sealed bytea NOT NULL,
    CONSTRAINT "payments.invoice_id,method,reference_index" UNIQUE (invoice_id, method, reference_index)
);

-- The books, append-only; the amounts of a posting sum to zero.
CREATE TABLE ledger_entries (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    posting_id uuid NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL,
    case_id uuid REFERENCES cases (id),
    invoice_id uuid REFERENCES invoices (id),
    occurred_at timestamptz NOT NULL
);
CREATE INDEX ledger_entries_by_posting ON ledger_entries (posting_id);
CREATE INDEX ledger_entries_by_invoice ON ledger_entries (invoice_id, seq) WHERE invoice_id IS NOT NULL;
