//! Estimates: made for anybody, kept, and accepted for a case.

use std::sync::Arc;

use domain::access::may;
use domain::billing::fees::{FeeRefusal, Quote, QuoteRequest};
use domain::case::AcceptedQuote;
use domain::ids::{CaseId, QuoteId};
use domain::money::Payer;
use domain::people::LongText;

use super::fees;
use crate::error::Conflict;
use crate::{App, CaseForCaller, Error, UnitOfWork, work};

/// The acceptance of an estimate.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The estimate.
    pub quote: QuoteId,
    /// The terms that are accepted with it.
    pub terms_version: String,
    /// Who pays.
    pub payer: Payer,
    /// To whom the invoice is addressed, name and address as they shall stand there.
    pub recipient: LongText,
}

/// Works out an estimate at the fees in force, and keeps it for whoever knows its id.
pub fn create_quote(work: &mut UnitOfWork<'_, '_, may::CreateQuote>, wanted: QuoteRequest) -> Result<Quote, Error> {
    let now = work.now;
    let schedule = fees::in_force(work.tx, now)?;
    let quote = Quote::calculate(work.fresh(), &schedule, wanted, work.settings, now).map_err(refused)?;
    persistence::quotes::insert(work.tx, &quote)?;
    work.audit_subject(quote.id);
    Ok(quote)
}

fn refused(refusal: FeeRefusal) -> Error {
    match refusal.pointer() {
        Some(pointer) => Error::invalid(pointer, refusal.code()),
        None => Error::Conflict(Conflict::Fee(refusal)),
    }
}

/// Accepts an estimate for a case: it must be for the same service and slides, and still hold.
pub fn accept_quote(
    work: &mut UnitOfWork<'_, '_, may::AcceptQuote>,
    case: CaseId,
    acceptance: &Acceptance,
) -> Result<CaseForCaller, Error> {
    let now = work.now;
    let Acceptance { quote, terms_version, payer, recipient } = acceptance.clone();
    let loaded = work.case_to_change(case)?;
    let estimate = match persistence::quotes::get(work.tx, quote) {
        Err(persistence::Error::NotFound) => return Err(Error::invalid("/quote_id", "unknown_reference")),
        found => found?,
    };
    work.audit_subject(quote);
    let accepted = AcceptedQuote { quote, terms_version, payer, recipient, accepted_at: now };
    let decided = loaded.case.clone().accept_quote(&loaded.access, &work.rules(), now, accepted)?;
    estimate.fits(&loaded.case, now)?;
    persistence::quotes::accept(work.tx, quote, now)?;
    work.save_case(loaded, decided)
}

impl App {
    /// One estimate, for whoever knows its id. Public.
    pub async fn get_quote(self: &Arc<Self>, id: QuoteId) -> Result<Quote, Error> {
        self.store.read(move |tx| persistence::quotes::get(tx, id).map_err(work::absent)).await
    }
}
