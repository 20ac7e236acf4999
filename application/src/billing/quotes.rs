//! Price calculations: made for anybody, and kept for a while.

use std::sync::Arc;

use domain::access::may;
use domain::billing::fees::{Quote, QuoteRequest};
use domain::ids::QuoteId;

use super::{estimates, fees};
use crate::{App, Error, UnitOfWork, work};

/// Works out a price at the fees in force, and keeps it for whoever knows its id.
pub fn create_quote(work: &mut UnitOfWork<'_, '_, may::CreateQuote>, wanted: QuoteRequest) -> Result<Quote, Error> {
    let now = work.now;
    let schedule = fees::in_force(work.tx, now)?;
    let quote = Quote::calculate(work.fresh(), &schedule, wanted, work.settings, now).map_err(estimates::refused)?;
    persistence::quotes::insert(work.tx, &quote)?;
    work.audit_subject(quote.id);
    Ok(quote)
}

impl App {
    /// One calculation, for whoever knows its id. Public.
    pub async fn get_quote(self: &Arc<Self>, id: QuoteId) -> Result<Quote, Error> {
        self.store.read(move |tx| persistence::quotes::get(tx, id).map_err(work::absent)).await
    }
}
