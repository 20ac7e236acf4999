//! Documents of a case: the description, sealed, with the columns that lists and storage need in clear.
//! The bytes are [`crate::blobs`].

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use domain::access::Audience;
use domain::documents::Document;
use domain::ids::{CaseId, DocumentId};
use domain::intake::items::ItemCode;
use jiff::Timestamp;
use uuid::Uuid;

use crate::among::among;
use crate::cases::next_seq;
use crate::columns::Bind;
use crate::examine::{Compare, examined};
use crate::schema::documents;
use crate::{Error, Page, Transaction, blobs};

/// A document as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    /// Its place among what was written to the case.
    pub seq: i64,
    /// The document.
    pub document: Document,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset, PartialEq)]
#[diesel(table_name = documents, treat_none_as_null = true)]
struct DocumentRow {
    id: Bind<DocumentId>,
    case_id: Bind<CaseId>,
    seq: i64,
    item: Option<String>,
    media: String,
    language: Option<String>,
    audience: i32,
    size: i64,
    sha256: String,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    version: i64,
    body_sealed: Vec<u8>,
}

/// A new document. Its bytes were stored before it: [`blobs::keep`] makes them its own.
pub fn insert(tx: &mut Transaction<'_>, document: &Document) -> Result<StoredDocument, Error> {
    let seq = next_seq(tx, document.case, document.uploaded_at)?;
    let row = row_of(document, seq, 1, document.uploaded_at, seal(tx, document)?)?;
    with_connection!(tx, |c| diesel::insert_into(documents::table).values(&row).execute(c))?;
    Ok(StoredDocument { seq, document: document.clone(), version: 1, updated_at: document.uploaded_at })
}

/// One document of a case.
pub fn get(tx: &mut Transaction<'_>, case: CaseId, id: DocumentId) -> Result<StoredDocument, Error> {
    let row: DocumentRow = with_connection!(tx, |c| documents::table
        .filter(documents::id.eq(Bind(id)).and(documents::case_id.eq(Bind(case))).and(documents::deleted_at.is_null()))
        .select(DocumentRow::as_select())
        .first(c))?;
    restore(tx, row)
}

/// The documents of a case that one of `audience` may see, in the order of their making.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, audience: Audience, page: Page<i64>) -> Result<Vec<StoredDocument>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<DocumentRow>, Error> {
            let mask = diesel::dsl::sql::<Bool>("(documents.audience & ").bind::<Integer, _>(i32::from(audience.bits())).sql(") <> 0");
            with_connection!(tx, |c| documents::table
                .filter(
                    documents::case_id.eq(Bind(case)).and(documents::seq.gt(page.after.unwrap_or(0))).and(documents::deleted_at.is_null())
                )
                .filter(mask)
                .order(documents::seq)
                .limit(i64::from(page.limit))
                .select(DocumentRow::as_select())
                .load(c))
        },
        |row| row.seq,
        |tx, row| restore(tx, row),
    )
}

/// The documents of a case that belong to one of these items, in the order of their making.
pub fn list_of_items(tx: &mut Transaction<'_>, case: CaseId, items: &[ItemCode], page: Page<i64>) -> Result<Vec<StoredDocument>, Error> {
    let items: Vec<Option<&str>> = items.iter().map(|item| Some(item.as_str())).collect();
    page.filled(
        tx,
        |tx, page| -> Result<Vec<DocumentRow>, Error> {
            with_connection!(tx, |c| documents::table
                .filter(
                    documents::case_id.eq(Bind(case)).and(documents::seq.gt(page.after.unwrap_or(0))).and(documents::deleted_at.is_null())
                )
                .filter(among(documents::item, items.iter().copied()))
                .order(documents::seq)
                .limit(i64::from(page.limit))
                .select(DocumentRow::as_select())
                .load(c))
        },
        |row| row.seq,
        |tx, row| restore(tx, row),
    )
}

/// All documents of a case, for its rules.
pub fn list_all(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<Document>, Error> {
    let rows: Vec<DocumentRow> = with_connection!(tx, |c| documents::table
        .filter(documents::case_id.eq(Bind(case)).and(documents::deleted_at.is_null()))
        .order(documents::seq)
        .select(DocumentRow::as_select())
        .load(c))?;
    // Rules need all of them.
    rows.into_iter().map(|row| restore(tx, row).map(|stored| stored.document)).collect()
}

/// How many documents a case has and how many bytes they take, deleted ones left out.
pub fn totals(tx: &mut Transaction<'_>, case: CaseId) -> Result<(i64, i64), Error> {
    let sizes: Vec<i64> = with_connection!(tx, |c| documents::table
        .filter(documents::case_id.eq(Bind(case)).and(documents::deleted_at.is_null()))
        .select(documents::size)
        .load(c))?;
    Ok((i64::try_from(sizes.len()).unwrap_or(i64::MAX), sizes.iter().fold(0, |sum, size| sum.saturating_add(*size))))
}

/// Writes a changed description and gives its new version.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is the one given.
pub fn save(tx: &mut Transaction<'_>, stored: &StoredDocument, now: Timestamp) -> Result<i64, Error> {
    let StoredDocument { seq, document, version: expected, .. } = stored;
    let row = row_of(document, *seq, expected + 1, now, seal(tx, document)?)?;
    let target = documents::table
        .filter(documents::id.eq(Bind(document.id)).and(documents::case_id.eq(Bind(document.case))).and(documents::version.eq(*expected)))
        .filter(documents::deleted_at.is_null());
    match with_connection!(tx, |c| diesel::update(target).set(&row).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(expected + 1),
    }
}

/// Lets go of a document that others translate: they are translations of nothing that is here any more.
pub fn let_go(tx: &mut Transaction<'_>, case: CaseId, original: DocumentId, now: Timestamp) -> Result<(), Error> {
    let rows: Vec<DocumentRow> = with_connection!(tx, |c| documents::table
        .filter(documents::case_id.eq(Bind(case)).and(documents::deleted_at.is_null()))
        .order(documents::seq)
        .select(DocumentRow::as_select())
        .load(c))?;
    for row in rows {
        let mut stored = restore(tx, row)?;
        if stored.document.translation_of == Some(original) {
            stored.document.translation_of = None;
            save(tx, &stored, now)?;
        }
    }
    Ok(())
}

/// Takes an audience out of all documents of a case so far.
pub fn close_to(tx: &mut Transaction<'_>, case: CaseId, audience: Audience, now: Timestamp) -> Result<(), Error> {
    let rows: Vec<DocumentRow> = with_connection!(tx, |c| documents::table
        .filter(documents::case_id.eq(Bind(case)).and(documents::deleted_at.is_null()))
        .select(DocumentRow::as_select())
        .load(c))?;
    for row in rows {
        let mut stored = restore(tx, row)?;
        stored.document.audience = stored.document.audience.without(audience);
        save(tx, &stored, now)?;
    }
    Ok(())
}

/// Deletes a document: its bytes go at once, its row stays to say that there was one.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is `expected`.
pub fn delete(tx: &mut Transaction<'_>, case: CaseId, id: DocumentId, expected: i64, now: Timestamp) -> Result<(), Error> {
    let target = documents::table
        .filter(documents::id.eq(Bind(id)).and(documents::case_id.eq(Bind(case))).and(documents::version.eq(expected)))
        .filter(documents::deleted_at.is_null());
    let new = (documents::deleted_at.eq(Some(Bind(now))), documents::version.eq(expected + 1));
    match with_connection!(tx, |c| diesel::update(target).set(new).execute(c))? {
        0 => Err(Error::Stale),
        _ => blobs::delete(tx, id),
    }
}

fn seal(tx: &Transaction<'_>, document: &Document) -> Result<Vec<u8>, Error> {
    tx.seal_form(("documents", "body_sealed", document.id.uuid()), document)
}

fn row_of(document: &Document, seq: i64, version: i64, updated_at: Timestamp, body_sealed: Vec<u8>) -> Result<DocumentRow, Error> {
    Ok(DocumentRow {
        id: Bind(document.id),
        case_id: Bind(document.case),
        seq,
        item: document.item.map(|item| item.as_str().to_owned()),
        media: document.media.as_str().to_owned(),
        language: document.language.as_ref().map(ToString::to_string),
        audience: i32::from(document.audience.bits()),
        size: i64::try_from(document.size).map_err(|_| Error::Query("a size beyond 63 bits".to_owned()))?,
        sha256: document.sha256.as_str().to_owned(),
        created_at: Bind(document.uploaded_at),
        updated_at: Bind(updated_at),
        version,
        body_sealed,
    })
}

fn restore(tx: &Transaction<'_>, row: DocumentRow) -> Result<StoredDocument, Error> {
    restore_comparing(tx, row, Compare::Authority)
}

fn restore_comparing(tx: &Transaction<'_>, mut row: DocumentRow, compare: Compare) -> Result<StoredDocument, Error> {
    let (id, seq, version, updated_at) = (row.id.0, row.seq, row.version, row.updated_at.0);
    let document: Document = tx.open_form(("documents", "body_sealed", id.uuid()), &std::mem::take(&mut row.body_sealed))?;
    let expected = row_of(&document, seq, version, updated_at, Vec::new())?;
    let agrees = match compare {
        Compare::Authority => expected.id == row.id && expected.case_id == row.case_id && expected.audience == row.audience,
        Compare::Everything => expected == row,
    };
    if agrees {
        Ok(StoredDocument { seq, document, version, updated_at })
    } else {
        Err(Error::corrupt("documents", "columns in clear", id))
    }
}

examined!("documents", documents, DocumentRow, |row| row.id.0, |tx, row| restore_comparing(tx, row, Compare::Everything));
