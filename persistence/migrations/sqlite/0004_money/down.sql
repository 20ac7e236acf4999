DROP TABLE ledger_entries;
DROP TABLE payments;
DROP TABLE invoices;
DROP TABLE number_series;
DROP TABLE quotes;
DROP TABLE fee_schedules;
