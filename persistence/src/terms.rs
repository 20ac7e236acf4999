//! Versions of the terms. Nothing in them is personal.

use diesel::prelude::*;
use domain::billing::Terms;
use domain::ids::TermsId;
use jiff::civil::Date;

use crate::columns::Bind;
use crate::schema::terms;
use crate::{Error, Transaction};

type Row = (TermsId, String, Date, String);

/// A new version.
///
/// # Errors
/// [`Error::Duplicate`] of `terms.version` if there is a version of this name.
pub fn insert(tx: &mut Transaction<'_>, new: &Terms) -> Result<(), Error> {
    let row = (
        terms::id.eq(Bind(new.id)),
        terms::version.eq(new.version.as_str()),
        terms::effective_on.eq(Bind(new.effective_on)),
        terms::created_at.eq(Bind(new.published_at)),
        terms::body.eq(tx.write_form_text(("terms", "body", new.id.uuid()), new)?),
    );
    with_connection!(tx, |c| diesel::insert_into(terms::table).values(row).execute(c)).map(drop)
}

/// One version.
pub fn get(tx: &mut Transaction<'_>, id: TermsId) -> Result<Terms, Error> {
    let row: Row = with_connection!(tx, |c| terms::table
        .filter(terms::id.eq(Bind(id)))
        .select((terms::id, terms::version, terms::effective_on, terms::body))
        .first(c))?;
    restore(tx, row)
}

/// All versions, the latest to take effect first; there are a few.
pub fn list(tx: &mut Transaction<'_>) -> Result<Vec<Terms>, Error> {
    let rows: Vec<Row> = with_connection!(tx, |c| terms::table
        .order((terms::effective_on.desc(), terms::created_at.desc(), terms::id.desc()))
        .select((terms::id, terms::version, terms::effective_on, terms::body))
        .load(c))?;
    rows.into_iter().map(|row| restore(tx, row)).collect()
}

fn restore(tx: &Transaction<'_>, (id, version, effective_on, body): Row) -> Result<Terms, Error> {
    let read: Terms = tx.read_form(("terms", "body", id.uuid()), body.as_bytes())?;
    let agrees = read.id == id && read.version.as_str() == version && read.effective_on == effective_on;
    if agrees { Ok(read) } else { Err(Error::corrupt("terms", "columns", id)) }
}
