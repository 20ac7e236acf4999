-- Files are stored piece by piece while they arrive, before their document is. What stays without one is swept.
CREATE TABLE uploads (
    document_id uuid CONSTRAINT "uploads.document_id" PRIMARY KEY,
    begun_at timestamptz NOT NULL
);
CREATE INDEX uploads_begun_at ON uploads (begun_at);
ALTER TABLE document_contents DROP CONSTRAINT document_contents_document_id_fkey;

-- Estimates that were never accepted are swept. Of those that are here already nobody knows which were: they stay.
ALTER TABLE quotes ADD COLUMN accepted_at timestamptz;
UPDATE quotes SET accepted_at = created_at;
CREATE INDEX quotes_not_accepted ON quotes (valid_until) WHERE accepted_at IS NULL;
CREATE INDEX drafts_by_age ON cases (created_at) WHERE stage = 'draft' AND version = 1;
