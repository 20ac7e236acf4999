DROP INDEX drafts_by_age;
DROP INDEX quotes_not_accepted;
ALTER TABLE quotes DROP COLUMN accepted_at;
DELETE FROM document_contents WHERE document_id NOT IN (SELECT id FROM documents);
ALTER TABLE document_contents
    ADD CONSTRAINT document_contents_document_id_fkey FOREIGN KEY (document_id) REFERENCES documents (id) ON DELETE CASCADE;
DROP TABLE uploads;
