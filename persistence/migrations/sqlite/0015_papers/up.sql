-- Credit notes and receipts live within their sealed invoice. These columns in clear find them and keep each number unique.
CREATE TABLE papers (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    series TEXT NOT NULL,
    number TEXT NOT NULL,
    invoice_id BLOB NOT NULL CHECK (length(invoice_id) = 16) REFERENCES invoices (id),
    issued_on TEXT NOT NULL,
    UNIQUE (number)
) STRICT;
CREATE INDEX papers_by_invoice ON papers (invoice_id, id);
