-- The same reference may be recorded again if the desk says that it is another payment. Whether it does is the domain's to ask, while the
-- case is locked; the index only finds what may be the same.
CREATE TABLE payments_new (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    invoice_id BLOB NOT NULL CHECK (length(invoice_id) = 16) REFERENCES invoices (id),
    method TEXT NOT NULL,
    reference_index BLOB NOT NULL,
    amount INTEGER NOT NULL,
    received_on TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    body_sealed BLOB NOT NULL
) STRICT;
INSERT INTO payments_new SELECT id, invoice_id, method, reference_index, amount, received_on, created_at, body_sealed FROM payments;
DROP TABLE payments;
ALTER TABLE payments_new RENAME TO payments;
CREATE INDEX payments_by_reference ON payments (invoice_id, method, reference_index);
