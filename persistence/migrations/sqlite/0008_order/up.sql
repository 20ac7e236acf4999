-- What belongs to a case is read in the order in which it was written. A clock that is set back does not change that order: `seq` counts the
-- rows of a case, and is drawn while the case is locked.
ALTER TABLE messages ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET seq = numbered.seq
    FROM (SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY id) AS seq FROM messages) AS numbered
    WHERE numbered.id = messages.id;
DROP INDEX messages_by_case;
CREATE UNIQUE INDEX messages_by_case ON messages (case_id, seq);
ALTER TABLE internal_notes ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE internal_notes SET seq = numbered.seq
    FROM (SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY id) AS seq FROM internal_notes) AS numbered
    WHERE numbered.id = internal_notes.id;
DROP INDEX internal_notes_by_case;
CREATE UNIQUE INDEX internal_notes_by_case ON internal_notes (case_id, seq);
ALTER TABLE documents ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE documents SET seq = numbered.seq
    FROM (SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY id) AS seq FROM documents) AS numbered
    WHERE numbered.id = documents.id;
DROP INDEX documents_by_case;
CREATE UNIQUE INDEX documents_by_case ON documents (case_id, seq);
ALTER TABLE treatment_entries ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
UPDATE treatment_entries SET seq = numbered.seq
    FROM (SELECT id, row_number() OVER (PARTITION BY case_id ORDER BY id) AS seq FROM treatment_entries) AS numbered
    WHERE numbered.id = treatment_entries.id;
DROP INDEX treatment_entries_by_case;
CREATE UNIQUE INDEX treatment_entries_by_case ON treatment_entries (case_id, seq);

-- One counter for each case numbers all of them. It is narrow, so that a message copies no sealed body.
CREATE TABLE case_activity (
    case_id BLOB NOT NULL PRIMARY KEY CHECK (length(case_id) = 16) REFERENCES cases (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL
) STRICT;
INSERT INTO case_activity (case_id, seq, last_activity_at)
    SELECT case_id, max(seq), max(created_at) FROM (
        SELECT case_id, seq, created_at FROM messages
        UNION ALL SELECT case_id, seq, created_at FROM internal_notes
        UNION ALL SELECT case_id, seq, created_at FROM documents
        UNION ALL SELECT case_id, seq, created_at FROM treatment_entries
    ) AS written GROUP BY case_id;
