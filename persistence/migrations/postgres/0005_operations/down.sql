DROP TABLE leases;
DROP TABLE outbox;
DROP TABLE idempotency_keys;
DROP TABLE audit_entries;
DROP TABLE settings;
