//! Notes of the staff, which the applicant's side never sees; the text is sealed.

use diesel::prelude::*;
use domain::ids::{CaseId, NoteId, UserId};
use domain::people::LongText;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::internal_notes as notes;
use crate::{Error, Page, Transaction};

/// A note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Identifier.
    pub id: NoteId,
    /// The case it belongs to.
    pub case: CaseId,
    /// Who wrote it.
    pub author: UserId,
    /// What it says.
    pub text: LongText,
    /// When it was written.
    pub created_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notes)]
struct NoteRow {
    id: Bind<NoteId>,
    case_id: Bind<CaseId>,
    author_id: Option<Bind<UserId>>,
    created_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

/// A new note.
pub fn insert(tx: &mut Transaction<'_>, note: &Note) -> Result<(), Error> {
    let row = NoteRow {
        id: Bind(note.id),
        case_id: Bind(note.case),
        author_id: Some(Bind(note.author)),
        created_at: Bind(note.created_at),
        body_sealed: tx.vault().seal_json("internal_notes", "body_sealed", note.id.uuid(), &note.text)?,
    };
    on!(tx, |c| diesel::insert_into(notes::table).values(&row).execute(c))?;
    Ok(())
}

/// The notes on a case, oldest first.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, page: Page<NoteId>) -> Result<Vec<Note>, Error> {
    let after = page.after.map_or(uuid::Uuid::nil(), NoteId::uuid);
    let rows: Vec<NoteRow> = on!(tx, |c| notes::table
        .filter(notes::case_id.eq(Bind(case)).and(notes::id.gt(Bind(after))))
        .order(notes::id)
        .limit(i64::from(page.limit))
        .select(NoteRow::as_select())
        .load(c))?;
    let vault = tx.vault();
    rows.into_iter()
        .map(|row| {
            let id = row.id.0;
            let text = vault.open_json("internal_notes", "body_sealed", id.uuid(), &row.body_sealed)?;
            let author = row.author_id.ok_or_else(|| Error::corrupt("internal_notes", "author_id", id))?.0;
            Ok(Note { id, case: row.case_id.0, author, text, created_at: row.created_at.0 })
        })
        .collect()
}
