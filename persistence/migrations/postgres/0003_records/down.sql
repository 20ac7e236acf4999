DROP TABLE opinions;
DROP TABLE internal_notes;
DROP TABLE messages;
DROP TABLE treatment_entries;
DROP TABLE document_contents;
DROP TABLE documents;
