DROP TABLE approvals;
DROP TABLE devices;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE vault_steps;
