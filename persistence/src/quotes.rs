//! Estimates, each frozen with its fee schedule. They name nobody, so they are not sealed.

use diesel::prelude::*;
use domain::fees::Quote;
use domain::ids::QuoteId;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::quotes;
use crate::{Error, Transaction};

/// A new estimate.
pub fn insert(tx: &mut Transaction<'_>, quote: &Quote) -> Result<(), Error> {
    let body = serde_json::to_string(quote).map_err(|_| Error::Query("writing JSON for quotes.body".to_owned()))?;
    let row = (
        quotes::id.eq(Bind(quote.id)),
        quotes::fee_schedule_id.eq(Bind(quote.schedule)),
        quotes::created_at.eq(Bind(quote.created_at)),
        quotes::valid_until.eq(Bind(quote.valid_until)),
        quotes::body.eq(body),
    );
    on!(tx, |c| diesel::insert_into(quotes::table).values(row).execute(c))?;
    Ok(())
}

/// One estimate.
pub fn get(tx: &mut Transaction<'_>, id: QuoteId) -> Result<Quote, Error> {
    let (valid_until, body): (Timestamp, String) =
        on!(tx, |c| quotes::table.filter(quotes::id.eq(Bind(id))).select((quotes::valid_until, quotes::body)).first(c))?;
    let quote: Quote = serde_json::from_str(&body).map_err(|_| Error::corrupt("quotes", "body", id))?;
    let agrees = quote.id == id && quote.valid_until == valid_until;
    if agrees { Ok(quote) } else { Err(Error::corrupt("quotes", "columns", id)) }
}
