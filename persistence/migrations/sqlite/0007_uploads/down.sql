DROP INDEX drafts_by_age;
DROP INDEX quotes_not_accepted;
ALTER TABLE quotes DROP COLUMN accepted_at;
DELETE FROM document_contents WHERE document_id NOT IN (SELECT id FROM documents);
CREATE TABLE pieces (
    document_id BLOB NOT NULL CHECK (length(document_id) = 16) REFERENCES documents (id) ON DELETE CASCADE,
    piece INTEGER NOT NULL,
    content_sealed BLOB NOT NULL,
    PRIMARY KEY (document_id, piece)
) STRICT;
INSERT INTO pieces SELECT document_id, piece, content_sealed FROM document_contents;
DROP TABLE document_contents;
ALTER TABLE pieces RENAME TO document_contents;
DROP TABLE uploads;
