-- Fee schedules, quotes, invoices, payments, ledger.

-- Versions of the prices.
CREATE TABLE fee_schedules (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    effective_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (effective_on)
) STRICT;

-- Estimates, each frozen with its fee schedule.
CREATE TABLE quotes (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    fee_schedule_id BLOB NOT NULL CHECK (length(fee_schedule_id) = 16) REFERENCES fee_schedules (id),
    created_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

-- Gap-free numbers: the last one given of each series.
CREATE TABLE number_series (
    series TEXT NOT NULL PRIMARY KEY,
    last_number INTEGER NOT NULL
) STRICT;

-- Invoices, numbered without gaps.
CREATE TABLE invoices (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    number TEXT NOT NULL,
    case_id BLOB NOT NULL CHECK (length(case_id) = 16) REFERENCES cases (id),
    payer TEXT NOT NULL,
    state TEXT NOT NULL,
    total INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    due_on TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    UNIQUE (number)
) STRICT;
CREATE INDEX invoices_by_case ON invoices (case_id, id);
CREATE INDEX invoices_by_state ON invoices (state, id);

-- Payments; the same reference is not booked twice.
CREATE TABLE payments (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    invoice_id BLOB NOT NULL CHECK (length(invoice_id) = 16) REFERENCES invoices (id),
    method TEXT NOT NULL,
    reference_index BLOB NOT NULL,
    amount INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body_sealed BLOB NOT NULL,
    UNIQUE (invoice_id, method, reference_index)
) STRICT;

-- The books, append-only; the amounts of a posting sum to zero.
CREATE TABLE ledger_entries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    posting_id BLOB NOT NULL CHECK (length(posting_id) = 16),
    account TEXT NOT NULL,
    amount INTEGER NOT NULL,
    case_id BLOB CHECK (length(case_id) = 16) REFERENCES cases (id),
    invoice_id BLOB CHECK (length(invoice_id) = 16) REFERENCES invoices (id),
    occurred_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_entries_by_posting ON ledger_entries (posting_id);
CREATE INDEX ledger_entries_by_invoice ON ledger_entries (invoice_id, seq) WHERE invoice_id IS NOT NULL;
