//! Release 0.1 let applicants accept an estimate of their own making, and kept the cancellation policy with the settings.
//!
//! The policy becomes that of the first terms. Each accepted estimate becomes an estimate of its case, under that policy.

use diesel::prelude::*;
use domain::billing::{CancellationPolicy, ConsultationPayment, Estimate, EstimateAcceptance, Terms};
use domain::case::CaseStage;
use domain::ids::{CaseId, EstimateId, QuoteId, TermsId};
use domain::money::Payer;
use domain::people::{LongText, ShortText};
use domain::service::ServiceKind;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::cases::StoredCase;
use crate::columns::Bind;
use crate::schema::{cases, settings};
use crate::{Error, Transaction, estimates, forms, fresh, quotes, terms};

/// How many cases are read in one transaction.
const CASES_AT_ONCE: i64 = 500;

/// The accepted estimate as release 0.1 kept it in its case.
#[derive(Deserialize)]
struct AcceptedBefore {
    quote: QuoteId,
    terms_version: ShortText,
    payer: Payer,
    recipient: LongText,
    accepted_at: Timestamp,
}

/// Makes the first terms, if the settings say which policy they had.
pub(super) fn terms_leave_the_settings(tx: &mut Transaction<'_>, now: Timestamp) -> Result<(), Error> {
    let stored = settings_before(tx)?;
    if stored.is_none() || !terms::list(tx)?.is_empty() {
        return Ok(());
    }
    let id = TermsId::from_uuid(fresh(now));
    let seed = Terms::seed(id, policy(stored.as_ref()), now).ok_or(Error::Query("the first terms are no terms".to_owned()))?;
    terms::insert(tx, &seed)
}

/// Makes the estimates of the cases after one. A case that cannot be read is passed over: `check` names it.
pub(super) fn quotes_become_estimates(tx: &mut Transaction<'_>, after: Uuid) -> Result<Option<Uuid>, Error> {
    let rows: Vec<(CaseId, Vec<u8>)> = with_connection!(tx, |c| cases::table
        .filter(cases::id.gt(Bind(after)))
        .order(cases::id)
        .limit(CASES_AT_ONCE)
        .select((cases::id, cases::body_sealed))
        .load(c))?;
    let last = rows.last().map(|(id, _)| id.uuid());
    let policy = policy(settings_before(tx)?.as_ref());
    for (id, sealed) in rows {
        match one(tx, id, &sealed, &policy) {
            Err(Error::Corrupt { .. }) => tracing::error!(case = %id, "a case or its estimate cannot be read and gets no estimate"),
            done => done?,
        }
    }
    Ok(last)
}

/// Stops the clocks of accepted cases that have no estimate yet: the hospital makes it now.
pub(super) fn clocks_stop_at_the_hospitals_turn(tx: &mut Transaction<'_>, after: Uuid) -> Result<Option<Uuid>, Error> {
    let ids: Vec<CaseId> = with_connection!(tx, |c| cases::table
        .filter(cases::id.gt(Bind(after)).and(cases::stage.eq(CaseStage::Accepted.as_str())))
        .order(cases::id)
        .limit(CASES_AT_ONCE)
        .select(cases::id)
        .load(c))?;
    for id in &ids {
        match crate::cases::get_for_system(tx, *id) {
            Err(Error::Corrupt { .. }) => tracing::error!(case = %id, "a case cannot be read and keeps its clock"),
            stored => {
                let stored = stored?;
                let case = stored.case.without_clock_at_the_hospitals_turn();
                crate::cases::rewrite(tx, &StoredCase { case, ..stored })?;
            }
        }
    }
    Ok(ids.last().map(|id| id.uuid()))
}

fn one(tx: &mut Transaction<'_>, case: CaseId, sealed: &[u8], policy: &CancellationPolicy) -> Result<(), Error> {
    let unreadable = || Error::corrupt("cases", "body_sealed", case);
    let plain = tx.vault().open("cases", "body_sealed", case.uuid(), sealed)?;
    // From form 3 on a case names an estimate.
    if forms::form_of(&plain) > 2 {
        return Ok(());
    }
    let body: Value = forms::value_of(&plain).ok_or_else(unreadable)?;
    let Some(accepted) = body.get("quote").filter(|quote| !quote.is_null()) else { return Ok(()) };
    let before = AcceptedBefore::deserialize(accepted).map_err(|_| unreadable())?;
    // A step that was killed begins anew.
    if estimates::exists(tx, EstimateId::from_uuid(before.quote.uuid()))? {
        return Ok(());
    }
    let estimate = estimate_of(tx, case, before, policy)?;
    estimates::insert(tx, &estimate)
}

fn estimate_of(tx: &mut Transaction<'_>, case: CaseId, before: AcceptedBefore, policy: &CancellationPolicy) -> Result<Estimate, Error> {
    let quote = quotes::get(tx, before.quote)?;
    let payment = match quote.kind {
        ServiceKind::WrittenOpinion => ConsultationPayment::Prepaid,
        ServiceKind::PatientConsultation | ServiceKind::RepresentativeConsultation => ConsultationPayment::OnTheDay,
    };
    Ok(Estimate {
        id: EstimateId::from_uuid(quote.id.uuid()),
        case,
        number: estimates::next_number(tx)?,
        is_supplementary: false,
        pricing: quote.pricing,
        further_half_hour: None,
        raised_because: None,
        payment,
        terms: None,
        terms_version: before.terms_version,
        cancellation: policy.clone(),
        issued_at: quote.created_at,
        issued_by: None,
        valid_until: quote.valid_until,
        accepted: Some(EstimateAcceptance {
            at: before.accepted_at,
            by: None,
            payer: before.payer,
            third_party: None,
            recipient: before.recipient,
            signed_on: None,
        }),
        closed: None,
        version: 1,
    })
}

/// The settings as JSON, with what this release does not know any longer.
fn settings_before(tx: &mut Transaction<'_>) -> Result<Option<Value>, Error> {
    let body: Option<String> = with_connection!(tx, |c| settings::table.select(settings::body).first(c).optional())?;
    Ok(body.and_then(|body| forms::value_of(body.as_bytes())))
}

/// The policy that the settings had; the default if they had none. Form 1 had all settings side by side.
fn policy(settings: Option<&Value>) -> CancellationPolicy {
    let found = settings.and_then(|all| all.get("billing").unwrap_or(all).get("cancellation_policy"));
    found.and_then(|policy| CancellationPolicy::deserialize(policy).ok()).unwrap_or_default()
}
