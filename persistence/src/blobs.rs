//! The bytes of documents, for now in the database: in sealed pieces, so that neither a row nor a reader holds a whole file.
//! A store of its own for large files has its place behind these functions.
//!
//! Pieces are stored while they arrive, each in a small transaction of its own, under the id that the document will have. Until it has it,
//! a row of `uploads` says so; [`keep`] takes that row away in the transaction of the document.

use diesel::prelude::*;
use domain::ids::DocumentId;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::{document_contents as contents, uploads};
use crate::vault::Vault;
use crate::{Error, Transaction};

/// Bytes of a piece before sealing, at most.
pub const PIECE: usize = 256 * 1024;

/// Seals a piece, counted from 0: outside of a transaction, for it takes time.
pub fn seal(vault: &Vault, document: DocumentId, number: i32, piece: &[u8]) -> Result<Vec<u8>, Error> {
    // The piece's number goes under the seal, so that pieces cannot be swapped unseen.
    let mut numbered = Vec::with_capacity(piece.len() + 4);
    numbered.extend_from_slice(&number.to_be_bytes());
    numbered.extend_from_slice(piece);
    vault.seal("document_contents", "content_sealed", document.uuid(), &numbered)
}

/// Notes that the bytes of a document to be are on their way.
pub fn begin(tx: &mut Transaction<'_>, document: DocumentId, now: Timestamp) -> Result<(), Error> {
    let row = (uploads::document_id.eq(Bind(document)), uploads::begun_at.eq(Bind(now)));
    with_connection!(tx, |c| diesel::insert_into(uploads::table).values(row).execute(c))?;
    Ok(())
}

/// Stores a sealed piece.
pub fn put(tx: &mut Transaction<'_>, document: DocumentId, number: i32, sealed: &[u8]) -> Result<(), Error> {
    let row = (contents::document_id.eq(Bind(document)), contents::piece.eq(number), contents::content_sealed.eq(sealed));
    with_connection!(tx, |c| diesel::insert_into(contents::table).values(row).execute(c))?;
    Ok(())
}

/// Makes the stored pieces those of a document, in the transaction that notes the document.
///
/// # Errors
/// [`Error::NotFound`] if the upload was never begun, or swept.
pub fn keep(tx: &mut Transaction<'_>, document: DocumentId) -> Result<(), Error> {
    if end(tx, document)? { Ok(()) } else { Err(Error::NotFound) }
}

/// Removes the pieces of an upload that became no document. Those of a document stay.
pub fn discard(tx: &mut Transaction<'_>, document: DocumentId) -> Result<(), Error> {
    if end(tx, document)? { delete(tx, document) } else { Ok(()) }
}

/// Takes away the note of an upload; says whether there was one.
fn end(tx: &mut Transaction<'_>, document: DocumentId) -> Result<bool, Error> {
    with_connection!(tx, |c| diesel::delete(uploads::table.filter(uploads::document_id.eq(Bind(document)))).execute(c)).map(|rows| rows > 0)
}

/// Removes what one upload left that began before `before` and became no document; says whether there was one.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<bool, Error> {
    let oldest: Option<DocumentId> = with_connection!(tx, |c| uploads::table
        .filter(uploads::begun_at.lt(Bind(before)))
        .order(uploads::begun_at)
        .select(uploads::document_id)
        .first::<Bind<DocumentId>>(c)
        .optional())?
    .map(|id| id.0);
    oldest.map_or(Ok(false), |document| discard(tx, document).map(|()| true))
}

/// How many pieces are stored, and how many uploads are under way or were left.
pub fn counts(tx: &mut Transaction<'_>) -> Result<(i64, i64), Error> {
    let pieces = with_connection!(tx, |c| contents::table.count().get_result(c))?;
    let uploads = with_connection!(tx, |c| uploads::table.count().get_result(c))?;
    Ok((pieces, uploads))
}

/// One piece of a document, counted from 0; `None` after the last.
pub fn piece(tx: &mut Transaction<'_>, document: DocumentId, number: i32) -> Result<Option<Vec<u8>>, Error> {
    let sealed: Option<Vec<u8>> = with_connection!(tx, |c| contents::table
        .filter(contents::document_id.eq(Bind(document)).and(contents::piece.eq(number)))
        .select(contents::content_sealed)
        .first(c)
        .optional())?;
    sealed.map(|sealed| open(tx, document, number, &sealed)).transpose()
}

/// Removes the bytes of a document.
pub fn delete(tx: &mut Transaction<'_>, document: DocumentId) -> Result<(), Error> {
    with_connection!(tx, |c| diesel::delete(contents::table.filter(contents::document_id.eq(Bind(document)))).execute(c))?;
    Ok(())
}

fn open(tx: &Transaction<'_>, document: DocumentId, number: i32, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut numbered = tx.vault().open("document_contents", "content_sealed", document.uuid(), sealed)?;
    if !numbered.starts_with(&number.to_be_bytes()) {
        return Err(Error::corrupt("document_contents", "content_sealed", document));
    }
    numbered.drain(..4);
    Ok(numbered)
}
