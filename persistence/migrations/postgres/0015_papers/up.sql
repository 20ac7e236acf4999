-- Credit notes and receipts live within their sealed invoice. These columns in clear find them and keep each number unique.
CREATE TABLE papers (
    id uuid CONSTRAINT "papers.id" PRIMARY KEY,
    series text NOT NULL,
    number text NOT NULL,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    issued_on date NOT NULL,
    CONSTRAINT "papers.number" UNIQUE (number)
);
CREATE INDEX papers_by_invoice ON papers (invoice_id, id);
