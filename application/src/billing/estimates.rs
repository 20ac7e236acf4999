//! Estimates: made by the desk for an accepted case, accepted by the payer.

use domain::access::{Permission, Relation, may};
use domain::billing::fees::FeeRefusal;
use domain::billing::{
    CancellationPolicy, Consent, ConsultationPayment, Estimate, EstimateAcceptance, EstimateClosing, EstimateStatus, NewEstimate,
    ThirdParty,
};
use domain::calendar::{days_after, end_of_day, today_in_tokyo};
use domain::case::{Case, CaseEstimate, Refusal};
use domain::ids::{CaseId, EstimateId};
use domain::money::{Payer, Yen};
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use persistence::estimates;

use super::{another_service, fees, terms};
use crate::error::Conflict;
use crate::{CaseForCaller, Error, Fault, Revision, UnitOfWork, Work, uninformed, work};

/// An estimate with its case, as its caller stands to it.
#[derive(Clone, Debug)]
pub struct EstimateWithCase {
    /// The estimate.
    pub estimate: Estimate,
    /// Its case.
    pub case: CaseForCaller,
    /// Now.
    now: Timestamp,
}

/// An estimate as the desk asks for it.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Half hours beyond the first, of a visit.
    pub additional_half_hours: u8,
    /// The price of each of them, if it is above the published minimum.
    pub half_hour_price: Option<Yen>,
    /// Why.
    pub raised_because: Option<LongText>,
    /// When a visit is paid, if it is not as the settings say.
    pub payment: Option<ConsultationPayment>,
}

/// The acceptance of an estimate.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The version of the terms that the payer has read.
    pub terms_version: ShortText,
    /// Who pays.
    pub payer: Payer,
    /// What is known of a third party that pays.
    pub third_party: Option<ThirdParty>,
    /// To whom the invoice is addressed, name and address as they shall stand there.
    pub recipient: LongText,
    /// The day, in Tokyo, on which the payer signed it on paper: the desk writes it down.
    pub signed_on: Option<Date>,
}

impl EstimateWithCase {
    /// The revision of the estimate.
    pub fn revision(&self) -> Revision {
        Revision::of(self.estimate.version)
    }

    /// How far it is now.
    pub fn status(&self) -> EstimateStatus {
        let waits = self.newest().is_some_and(|newest| newest.accepted_at.is_none());
        self.estimate.status(waits && self.valid_until() > self.now)
    }

    /// The instant from which it cannot be accepted any longer. A hold of the case moves it.
    pub fn valid_until(&self) -> Timestamp {
        let newest = self.newest().filter(|_| self.estimate.is_open());
        newest.map_or(self.estimate.valid_until, |newest| newest.valid_until)
    }

    /// Whether the caller is of the hospital: who issued it is its affair.
    pub fn is_of_the_hospital(&self) -> bool {
        super::invoices::is_of_the_hospital(&self.case)
    }

    /// Whether the caller sees to whom the invoice goes: the payer and the hospital's people.
    pub fn sees_recipient(&self) -> bool {
        let accepted = self.estimate.accepted.as_ref();
        accepted.is_some_and(|accepted| super::invoices::sees_money(&self.case, accepted.payer))
    }

    /// The estimate as the case waits for it, or holds to it.
    fn newest(&self) -> Option<CaseEstimate> {
        let case = &self.case.case;
        let main = case.estimate().copied().filter(|_| !case.stage().name().is_ended());
        let of_addition = case.re_examination().addition.as_ref().and_then(|addition| addition.estimate);
        [main, of_addition].into_iter().flatten().find(|newest| newest.id == self.estimate.id)
    }

    /// Whether the caller sees it: the hospital's people and the applicant; an agency and the patient unless somebody else pays.
    fn is_seen(&self) -> bool {
        let relations = self.case.access.relations;
        let is_open = self.case.case.opened_to(&self.case.access).is_none_or(|since| self.estimate.issued_at >= since);
        let may_pay = |side: Payer| self.estimate.accepted.as_ref().is_none_or(|accepted| accepted.payer == side);
        relations.contains_any(&[Relation::Desk, Relation::Billing, Relation::Applicant])
            || (relations.contains(Relation::Agency) && may_pay(Payer::Agency))
            || (relations.contains(Relation::Patient) && may_pay(Payer::Patient) && is_open)
    }
}

/// Makes the estimate of an accepted case. One that nobody has accepted is replaced. From now on it is the applicant's turn.
pub fn issue_estimate(work: &mut UnitOfWork<'_, '_, may::IssueEstimate>, case: CaseId, wanted: &Wanted) -> Result<EstimateWithCase, Error> {
    let now = work.now;
    let loaded = work.case_to_change(case)?;
    let id: EstimateId = work.fresh();
    // The case is asked before a number is taken: its refusal comes first.
    let last_day = days_after(today_in_tokyo(now), i64::from(work.settings.review.accepted_expires_after_days));
    let valid_until = end_of_day(last_day);
    let decided = loaded.case.clone().issue_estimate(&loaded.access, id, valid_until)?;
    let (schedule, terms) = (fees::in_force(work.tx, now)?, terms::in_force(work.tx, now)?);
    let Wanted { additional_half_hours, half_hour_price, raised_because, payment } = wanted.clone();
    let (number, by) = (estimates::next_number(work.tx)?, work.user()?);
    let new = NewEstimate { id, number, additional_half_hours, half_hour_price, raised_because, payment, by, valid_until };
    let estimate = Estimate::issue(&decided.case, new, &schedule, &terms, work.settings, now).map_err(refused)?;
    let replaced = match loaded.case.addition_to_estimate() {
        Some(addition) => addition.estimate,
        None => loaded.case.estimate().copied(),
    };
    if let Some(before) = replaced {
        close(work, before.id, EstimateClosing::Superseded { at: now })?;
    }
    estimates::insert(work.tx, &estimate)?;
    work.audit_subject(id);
    let case = work.save_case(loaded, decided)?;
    Ok(EstimateWithCase { estimate, case, now })
}

/// The estimates of a case that the caller sees, the newest first.
pub fn list_estimates(work: &mut UnitOfWork<'_, '_, may::ListEstimates>, case: CaseId) -> Result<Vec<EstimateWithCase>, Error> {
    let loaded = work.case(case)?;
    let all = estimates::list(work.tx, case)?.into_iter();
    let with_case = |estimate| EstimateWithCase { estimate, case: loaded.clone(), now: work.now };
    let found: Vec<_> = all.map(with_case).filter(EstimateWithCase::is_seen).collect();
    work.audit_page(&found, u32::MAX, |listed| listed.estimate.id);
    Ok(found)
}

/// One estimate.
pub fn get_estimate(work: &mut UnitOfWork<'_, '_, may::GetEstimate>, id: EstimateId) -> Result<EstimateWithCase, Error> {
    work.audit_subject(id);
    let estimate = estimates::get(work.tx, id).map_err(work::absent)?;
    let case = work.case(estimate.case)?;
    seen(EstimateWithCase { estimate, case, now: work.now })
}

/// The payer accepts the newest estimate with its terms: its prices hold. The desk writes down what a payer signed on paper.
pub fn accept_estimate(
    work: &mut UnitOfWork<'_, '_, may::AcceptEstimate>,
    id: EstimateId,
    acceptance: &Acceptance,
) -> Result<EstimateWithCase, Error> {
    let now = work.now;
    let EstimateWithCase { estimate, case, .. } = to_change(work, id)?;
    let Acceptance { terms_version, payer: paid_by, third_party, recipient, signed_on } = acceptance.clone();
    let third_party = match (paid_by, third_party) {
        (Payer::Other, third_party) => Some(third_party.unwrap_or_default()),
        (Payer::Applicant | Payer::Agency | Payer::Patient, None) => None,
        (Payer::Applicant | Payer::Agency | Payer::Patient, Some(_)) => {
            return Err(Error::invalid("/third_party", "third_party_does_not_pay"));
        }
    };
    let payer = if third_party.is_some() { case.case.stands_in(&case.access) } else { paid_by };
    let is_prepaid = estimate.payment == ConsultationPayment::Prepaid;
    let decided = case.case.clone().accept_estimate(&case.access, &work.rules(), now, Consent { estimate: id, payer, is_prepaid })?;
    if terms_version != estimate.terms_version {
        return Err(Error::Refused(Refusal::TermsMismatch));
    }
    check_paper(&case, signed_on, estimate.issued_at, now)?;
    uninformed::check_recipient(&case.case, &recipient, third_party.as_ref())?;
    let accepted = EstimateAcceptance { at: now, by: Some(work.user()?), payer, third_party, recipient, signed_on };
    let estimate = estimates::save(work.tx, estimate.accept(accepted))?;
    let case =
        if estimate.is_supplementary { work.save_case(case, decided)? } else { another_service::settle(work, case, decided, &estimate)? };
    Ok(EstimateWithCase { estimate, case, now })
}

/// The hospital takes an estimate back that nobody has accepted.
pub fn withdraw_estimate(
    work: &mut UnitOfWork<'_, '_, may::WithdrawEstimate>,
    id: EstimateId,
    reason: &LongText,
) -> Result<EstimateWithCase, Error> {
    let now = work.now;
    let EstimateWithCase { estimate, case, .. } = to_change(work, id)?;
    let decided = case.case.clone().withdraw_estimate(&case.access, id)?;
    let closing = EstimateClosing::Withdrawn { at: now, by: work.user()?, reason: reason.clone() };
    let estimate = estimates::save(work.tx, estimate.close(closing))?;
    let case = work.save_case(case, decided)?;
    Ok(EstimateWithCase { estimate, case, now })
}

/// Notes on an estimate that it holds no longer, and why.
pub(crate) fn close(work: &mut Work<'_, '_>, id: EstimateId, closing: EstimateClosing) -> Result<(), Error> {
    let estimate = estimates::get(work.tx, id)?;
    work.audit_subject(id);
    estimates::save(work.tx, estimate.close(closing))?;
    Ok(())
}

/// The cancellation policy that the payer of a case accepted; the one in force if nobody has accepted any.
pub(crate) fn policy_of(work: &mut Work<'_, '_>, case: &Case) -> Result<CancellationPolicy, Error> {
    match case.accepted_estimate() {
        Some(accepted) => Ok(estimates::get(work.tx, accepted)?.cancellation),
        None => Ok(terms::in_force(work.tx, work.now)?.cancellation),
    }
}

/// Reads an estimate that is about to change, and locks its case.
fn to_change<P: Permission>(work: &mut UnitOfWork<'_, '_, P>, id: EstimateId) -> Result<EstimateWithCase, Error> {
    work.audit_subject(id);
    let case = estimates::get(work.tx, id).map_err(work::absent)?.case;
    let case = work.case_for_update(case)?;
    let estimate = estimates::get(work.tx, id).map_err(work::absent)?;
    let loaded = seen(EstimateWithCase { estimate, case, now: work.now })?;
    work.expect(loaded.revision())?;
    Ok(loaded)
}

fn seen(estimate: EstimateWithCase) -> Result<EstimateWithCase, Error> {
    if estimate.is_seen() { Ok(estimate) } else { Err(Error::Absent) }
}

/// Only the desk writes down a paper, and always with the day of the signature: since the estimate, and not to come.
fn check_paper(case: &CaseForCaller, signed_on: Option<Date>, issued_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    let code = match (case.access.relations.contains(Relation::Desk), signed_on) {
        (true, None) => "required",
        (false, Some(_)) => "signed_on_is_the_desks",
        (true, Some(day)) if day > today_in_tokyo(now) => "signed_in_future",
        (true, Some(day)) if day < today_in_tokyo(issued_at) => "signed_before_estimate",
        (true, Some(_)) | (false, None) => return Ok(()),
    };
    Err(Error::Invalid(vec![Fault::at("/signed_on", code)]))
}

/// The error of something that cannot be priced.
pub(super) fn refused(refusal: FeeRefusal) -> Error {
    match refusal.pointer() {
        Some(pointer) => Error::invalid(pointer, refusal.code()),
        None => Error::Conflict(Conflict::Fee(refusal)),
    }
}
