//! The terms: published by an administrator, read by everybody.

use std::sync::Arc;

use domain::access::may;
use domain::billing::{CancellationPolicy, Terms, TermsFault};
use domain::calendar::today_in_tokyo;
use domain::ids::TermsId;
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use persistence::Transaction;

use crate::error::Conflict;
use crate::{App, Error, Fault, UnitOfWork, work};

/// A version as it is written down.
#[derive(Clone, Debug)]
pub struct NewTerms {
    /// The name of the version.
    pub version: ShortText,
    /// The first day, in Tokyo, on which it is in force.
    pub effective_on: Date,
    /// The text in English.
    pub text_en: LongText,
    /// The text in Japanese.
    pub text_ja: LongText,
    /// The cancellation policy.
    pub cancellation: CancellationPolicy,
}

/// Publishes a version of the terms. It never changes afterwards.
pub fn create_terms(work: &mut UnitOfWork<'_, '_, may::CreateTerms>, new: NewTerms) -> Result<Terms, Error> {
    let NewTerms { version, effective_on, text_en, text_ja, cancellation } = new;
    let terms = Terms { id: work.fresh(), version, effective_on, published_at: work.now, text_en, text_ja, cancellation };
    let faults = terms.faults(today_in_tokyo(work.now)).into_iter().map(TermsFault::place);
    let faults: Vec<Fault> = faults.map(|(pointer, code)| Fault::at(pointer, code)).collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    if persistence::terms::list(work.tx)?.iter().any(|known| known.version_key() == terms.version_key()) {
        return Err(Error::Conflict(Conflict::TermsVersionTaken));
    }
    match persistence::terms::insert(work.tx, &terms) {
        Err(persistence::Error::Duplicate { .. }) => return Err(Error::Conflict(Conflict::TermsVersionTaken)),
        done => done?,
    }
    work.audit_subject(terms.id);
    Ok(terms)
}

impl App {
    /// Every version, the latest to take effect first. Public.
    pub async fn list_terms(&self) -> Result<Vec<Terms>, Error> {
        self.store.read(|tx| persistence::terms::list(tx).map_err(Error::from)).await
    }

    /// One version. Public.
    pub async fn get_terms(self: &Arc<Self>, id: TermsId) -> Result<Terms, Error> {
        self.store.read(move |tx| persistence::terms::get(tx, id).map_err(work::absent)).await
    }

    /// The version in force. Public.
    pub async fn terms_in_force(self: &Arc<Self>) -> Result<Terms, Error> {
        let now = self.clock.now();
        self.store.read(move |tx| in_force(tx, now)).await
    }
}

/// The terms in force at an instant.
pub(super) fn in_force(tx: &mut Transaction<'_>, now: Timestamp) -> Result<Terms, Error> {
    let all = persistence::terms::list(tx)?;
    Terms::in_force(&all, today_in_tokyo(now)).cloned().ok_or(Error::Internal("no terms are in force"))
}
