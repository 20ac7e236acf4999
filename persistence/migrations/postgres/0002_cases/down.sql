DROP TABLE events;
DROP TABLE case_words;
DROP TABLE case_members;
DROP TABLE case_numbers;
DROP TABLE cases;
DROP SEQUENCE case_number_sequence;
