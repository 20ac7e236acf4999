//! Price calculations, each frozen with its fee schedule. They name nobody, so they are not sealed.

use diesel::prelude::*;
use domain::billing::fees::Quote;
use domain::ids::QuoteId;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::quotes;
use crate::{Error, Transaction};

/// A new calculation.
pub fn insert(tx: &mut Transaction<'_>, quote: &Quote) -> Result<(), Error> {
    let body = tx.write_form_text(("quotes", "body", quote.id.uuid()), quote)?;
    let row = (
        quotes::id.eq(Bind(quote.id)),
        quotes::fee_schedule_id.eq(Bind(quote.pricing.schedule)),
        quotes::created_at.eq(Bind(quote.created_at)),
        quotes::valid_until.eq(Bind(quote.valid_until)),
        quotes::body.eq(body),
    );
    with_connection!(tx, |c| diesel::insert_into(quotes::table).values(row).execute(c))?;
    Ok(())
}

/// One calculation.
pub fn get(tx: &mut Transaction<'_>, id: QuoteId) -> Result<Quote, Error> {
    let (valid_until, body): (Timestamp, String) =
        with_connection!(tx, |c| quotes::table.filter(quotes::id.eq(Bind(id))).select((quotes::valid_until, quotes::body)).first(c))?;
    let quote: Quote = tx.read_form(("quotes", "body", id.uuid()), body.as_bytes())?;
    let agrees = quote.id == id && quote.valid_until == valid_until;
    if agrees { Ok(quote) } else { Err(Error::corrupt("quotes", "columns", id)) }
}

/// Removes calculations that held until before `before`, at most `limit` of them; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp, limit: u32) -> Result<usize, Error> {
    let over: Vec<Bind<QuoteId>> = with_connection!(tx, |c| quotes::table
        .filter(quotes::valid_until.lt(Bind(before)))
        .order(quotes::valid_until)
        .limit(i64::from(limit))
        .select(quotes::id)
        .load(c))?;
    with_connection!(tx, |c| diesel::delete(quotes::table.filter(quotes::id.eq_any(&over))).execute(c))
}
