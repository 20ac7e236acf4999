-- Invoices that a third party pays, such as a company. `payer` says who stands in for it. NULL: nobody stands in.
ALTER TABLE invoices ADD COLUMN third_party INTEGER;
