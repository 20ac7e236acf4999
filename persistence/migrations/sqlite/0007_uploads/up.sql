-- Files are stored piece by piece while they arrive, before their document is. What stays without one is swept.
CREATE TABLE uploads (
    document_id BLOB NOT NULL PRIMARY KEY CHECK (length(document_id) = 16),
    begun_at INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_begun_at ON uploads (begun_at);

CREATE TABLE pieces (
    document_id BLOB NOT NULL CHECK (length(document_id) = 16),
    piece INTEGER NOT NULL,
    content_sealed BLOB NOT NULL,
    PRIMARY KEY (document_id, piece)
) STRICT;
INSERT INTO pieces SELECT document_id, piece, content_sealed FROM document_contents;
DROP TABLE document_contents;
ALTER TABLE pieces RENAME TO document_contents;

-- Estimates that were never accepted are swept. Of those that are here already nobody knows which were: they stay.
ALTER TABLE quotes ADD COLUMN accepted_at INTEGER;
UPDATE quotes SET accepted_at = created_at;
CREATE INDEX quotes_not_accepted ON quotes (valid_until) WHERE accepted_at IS NULL;
CREATE INDEX drafts_by_age ON cases (created_at) WHERE stage = 'draft' AND version = 1;
