//! Notes of the hospital's people, sealed; they never leave the hospital.

use diesel::prelude::*;
use domain::ids::{CaseId, NoteId, UserId};
use domain::messages::InternalNote;
use jiff::Timestamp;
use uuid::Uuid;

use crate::cases::next_seq;
use crate::columns::Bind;
use crate::examine::examined;
use crate::schema::internal_notes as notes;
use crate::{Error, Numbered, Page, Transaction};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = notes)]
struct NoteRow {
    id: Bind<NoteId>,
    case_id: Bind<CaseId>,
    seq: i64,
    author_id: Bind<UserId>,
    created_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

/// A new note.
pub fn insert(tx: &mut Transaction<'_>, note: &InternalNote) -> Result<(), Error> {
    let row = NoteRow {
        id: Bind(note.id),
        case_id: Bind(note.case),
        seq: next_seq(tx, note.case, note.at)?,
        author_id: Bind(note.author),
        created_at: Bind(note.at),
        body_sealed: tx.seal_form(("internal_notes", "body_sealed", note.id.uuid()), note)?,
    };
    with_connection!(tx, |c| diesel::insert_into(notes::table).values(&row).execute(c))?;
    Ok(())
}

/// The notes on a case, oldest first.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, page: Page<i64>) -> Result<Vec<Numbered<InternalNote>>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<NoteRow>, Error> {
            with_connection!(tx, |c| notes::table
                .filter(notes::case_id.eq(Bind(case)).and(notes::seq.gt(page.after.unwrap_or(0))))
                .order(notes::seq)
                .limit(i64::from(page.limit))
                .select(NoteRow::as_select())
                .load(c))
        },
        |row| row.seq,
        |tx, row| Ok(Numbered { seq: row.seq, entry: restore(tx, &row)? }),
    )
}

fn restore(tx: &Transaction<'_>, row: &NoteRow) -> Result<InternalNote, Error> {
    let id = row.id.0;
    let note: InternalNote = tx.open_form(("internal_notes", "body_sealed", id.uuid()), &row.body_sealed)?;
    let agrees = note.id == id && note.case == row.case_id.0;
    if agrees { Ok(note) } else { Err(Error::corrupt("internal_notes", "columns in clear", id)) }
}

examined!("notes", notes, NoteRow, |row| row.id.0, |tx, row| restore(tx, &row));
