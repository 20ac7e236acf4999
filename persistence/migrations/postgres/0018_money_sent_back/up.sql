-- A refund is of an invoice, or of money whose invoice is not known.
ALTER TABLE refunds ALTER COLUMN invoice_id DROP NOT NULL;
ALTER TABLE refunds ADD COLUMN unmatched_payment_id uuid REFERENCES unmatched_payments (id);
ALTER TABLE refunds ADD CONSTRAINT "refunds.source" CHECK (num_nonnulls(invoice_id, unmatched_payment_id) = 1);
CREATE INDEX refunds_by_unmatched_payment ON refunds (unmatched_payment_id, id) WHERE unmatched_payment_id IS NOT NULL;
