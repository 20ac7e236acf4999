DROP TABLE throttles;
DROP TABLE one_time_codes;
DROP TABLE sessions;
DROP TABLE role_assignments;
DROP TABLE users;
DROP TABLE agencies;
DROP TABLE departments;
DROP TABLE data_keys;
