//! The bytes of documents, for now in the database: in sealed pieces, so that neither a row nor a reader holds a whole file.
//! A store of its own for large files has its place behind these functions.

use diesel::prelude::*;
use domain::ids::DocumentId;

use crate::columns::Bind;
use crate::schema::document_contents as contents;
use crate::{Error, Transaction};

/// Bytes of a piece before sealing, at most.
pub const PIECE: usize = 256 * 1024;

/// Keeps the bytes of a document; nothing may be kept for it yet.
pub fn put(tx: &mut Transaction<'_>, document: DocumentId, bytes: &[u8]) -> Result<(), Error> {
    for (number, piece) in (0_i32..).zip(bytes.chunks(PIECE)) {
        // The piece's number goes under the seal, so that pieces cannot be swapped unseen.
        let mut numbered = Vec::with_capacity(piece.len() + 4);
        numbered.extend_from_slice(&number.to_be_bytes());
        numbered.extend_from_slice(piece);
        let sealed = tx.vault().seal("document_contents", "content_sealed", document.uuid(), &numbered)?;
        let row = (contents::document_id.eq(Bind(document)), contents::piece.eq(number), contents::content_sealed.eq(sealed));
        on!(tx, |c| diesel::insert_into(contents::table).values(row).execute(c))?;
    }
    Ok(())
}

/// One piece of a document, counted from 0; `None` after the last.
pub fn piece(tx: &mut Transaction<'_>, document: DocumentId, number: i32) -> Result<Option<Vec<u8>>, Error> {
    let sealed: Option<Vec<u8>> = on!(tx, |c| contents::table
        .filter(contents::document_id.eq(Bind(document)).and(contents::piece.eq(number)))
        .select(contents::content_sealed)
        .first(c)
        .optional())?;
    sealed.map(|sealed| open(tx, document, number, &sealed)).transpose()
}

/// All bytes of a document. The caller compares length and hash with what the document says.
pub fn get(tx: &mut Transaction<'_>, document: DocumentId) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for number in 0_i32.. {
        match piece(tx, document, number)? {
            Some(piece) => bytes.extend_from_slice(&piece),
            None => break,
        }
    }
    Ok(bytes)
}

/// Removes the bytes of a document.
pub fn delete(tx: &mut Transaction<'_>, document: DocumentId) -> Result<(), Error> {
    on!(tx, |c| diesel::delete(contents::table.filter(contents::document_id.eq(Bind(document)))).execute(c))?;
    Ok(())
}

fn open(tx: &Transaction<'_>, document: DocumentId, number: i32, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let mut numbered = tx.vault().open("document_contents", "content_sealed", document.uuid(), sealed)?;
    match numbered.strip_prefix(&number.to_be_bytes()) {
        Some(_) => Ok(numbered.split_off(4)),
        None => Err(Error::corrupt("document_contents", "content_sealed", document)),
    }
}
