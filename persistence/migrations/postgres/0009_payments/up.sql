-- The same reference may be recorded again if the desk says that it is another payment. Whether it does is the domain's to ask, while the
-- case is locked; the index only finds what may be the same.
ALTER TABLE payments DROP CONSTRAINT "payments.invoice_id,method,reference_index";
CREATE INDEX payments_by_reference ON payments (invoice_id, method, reference_index);
