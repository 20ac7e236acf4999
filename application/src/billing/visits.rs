//! The money of visits: invoices in advance and afterwards, what did not begin, and what a cancellation keeps.

use domain::billing::fees::FeeCode;
use domain::billing::{
    BillingRefusal, ChargeBearer, ConsultationPayment, CreditNoteIdentity, EstimateAcceptance, HalfHoursByPayer, Invoice, Issuing,
    MoneyEnd, NewCredit, RefundReason, ThirdParty,
};
use domain::calendar::today_in_tokyo;
use domain::case::Case;
use domain::case::{CaseStage, Change};
use domain::ids::{CaseId, InvoiceId};
use domain::money::Yen;
use domain::people::LongText;
use domain::visit::ExtensionPayer;
use jiff::Timestamp;
use persistence::invoices;

use super::invoices::{InvoiceWithCase, refused};
use super::papers::next_credit_note;
use super::{EndedInvoices, act, additions, invoices_of, save_all};
use crate::{CaseForCaller, Error, Work};

/// Why half hours that were paid in advance are credited, as the payer reads it.
const NOT_BEGUN: &str = "Half hours that were agreed on and did not begin. / ご予約のうち、実施されなかった30分枠の料金です。";

/// What a cancellation keeps of the prepaid amount. `None` if nothing was paid, or if all of it would go back: then the money stays for another date. [`keep`]
/// writes it, once the case itself has agreed.
pub(crate) fn fee(work: &mut Work<'_, '_>, case: &Case, percent_back: u8) -> Result<Option<EndedInvoices>, Error> {
    let Some(id) = case.invoice().filter(|_| percent_back < 100) else { return Ok(None) };
    let before = invoices::get(work.tx, id)?;
    if before.end.is_some() || !before.has_money() {
        return Ok(None);
    }
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back, charges_borne_by: ChargeBearer::Payee };
    let refund = work.fresh();
    let after = before.clone().end(refund, how, work.now);
    let back = after.refund(refund).map_or(Yen::ZERO, |refund| refund.amount);
    Ok(Some(EndedInvoices { changed: vec![(before, after)], refund: back, has_money: true }))
}

/// Writes what a cancellation keeps: another date needs another invoice.
pub(crate) fn keep(work: &mut Work<'_, '_>, fee: Option<EndedInvoices>, decided: Change) -> Result<Change, Error> {
    let Some(fee) = fee else { return Ok(decided) };
    fee.save(work, &decided.case)?;
    Ok(Change { case: decided.case.without_visit_invoice(), events: decided.events })
}

/// Books the consultation that took place: what was paid in advance and did not begin is credited, the rest is performed.
pub(crate) fn perform(work: &mut Work<'_, '_>, decided: Change, began_at: Timestamp) -> Result<Change, Error> {
    let on = today_in_tokyo(began_at);
    let (decided, credited) = credit_beyond(work, decided)?;
    let performed: Vec<_> = credited.into_iter().map(|(before, after)| (before, after.perform_consultation(on))).collect();
    save_all(work, &decided.case, &performed, on)?;
    recount(work, decided)
}

/// Books a correction of the consultation: half hours that are charged no longer are credited, those that are charged besides wait for their invoice. Where
/// the charge is the same, what billing decided stands.
pub(crate) fn correct(work: &mut Work<'_, '_>, before: &Case, decided: Change) -> Result<Change, Error> {
    if charged(before) == charged(&decided.case) {
        return Ok(decided);
    }
    let today = today_in_tokyo(work.now);
    let (decided, credited) =
        if decided.case.stage().name() == CaseStage::Consulted { credit_beyond(work, decided)? } else { (decided, Vec::new()) };
    save_all(work, &decided.case, &credited, today)?;
    recount(work, decided)
}

/// Credits the further half hours that invoices of the case charge for beyond those that are charged of the consultation. Gives each invoice of the case, before
/// and after.
fn credit_beyond(work: &mut Work<'_, '_>, decided: Change) -> Result<(Change, Vec<(Invoice, Invoice)>), Error> {
    let mut decided = decided;
    let invoices = invoices_of(work.tx, decided.case.id())?;
    let mut beyond = Invoice::half_hours_of(&invoices).beyond(charged(&decided.case));
    let mut all = Vec::new();
    for before in invoices {
        let of_its_payer = if before.is_visitors { &mut beyond.visitor } else { &mut beyond.payer };
        let credited = before.further_half_hours().min(*of_its_payer);
        *of_its_payer -= credited;
        let mut after = before.clone();
        if credited > 0 {
            let CreditNoteIdentity { id, number } = next_credit_note(work)?;
            let reason: LongText = NOT_BEGUN.parse().map_err(|_| Error::Internal("a reason that is no text"))?;
            let lines = vec![(FeeCode::ConsultationAdditional30Min, credited)];
            let refund = work.fresh();
            let new = NewCredit { id, number, lines, reason, charges_borne_by: ChargeBearer::Payee, refund, by: act(work)? };
            after = after.credit(new).map_err(|refusals| refused(&refusals))?;
            let back = after.refund(refund).map_or(Yen::ZERO, |refund| refund.amount);
            work.audit_subject(id);
            decided = decided.with_credit(before.id, id, back);
        }
        all.push((before, after));
    }
    Ok((decided, all))
}

/// Notes whether everything that took place is invoiced.
fn recount(work: &mut Work<'_, '_>, decided: Change) -> Result<Change, Error> {
    let invoiced = Invoice::half_hours_of(&invoices_of(work.tx, decided.case.id())?);
    let is_all = decided.case.stage().name() == CaseStage::Consulted && charged(&decided.case).beyond(invoiced).is_none();
    Ok(Change { case: decided.case.with_visit_invoiced(is_all), events: decided.events })
}

/// Whether an invoice charges for the consultation that took place.
pub(crate) fn is_charged(work: &mut Work<'_, '_>, case: CaseId) -> Result<bool, Error> {
    Ok(invoices_of(work.tx, case)?.iter().any(|invoice| invoice.half_hours() > 0 && !invoice.performed().is_zero()))
}

/// The half hours that are charged of the consultation.
fn charged(case: &Case) -> HalfHoursByPayer {
    case.visit().map(domain::appointments::Appointment::charged_half_hours).unwrap_or_default()
}

/// Issues the invoice of a visit: in advance, where the estimate says so; afterwards for the half hours that took place and are not invoiced, first those of
/// whoever accepted the estimate, then those of the people who visit.
pub(super) fn issue(work: &mut Work<'_, '_>, loaded: CaseForCaller) -> Result<InvoiceWithCase, Error> {
    let (case, now) = (loaded.case.id(), work.now);
    let missing = Error::Internal("an invoice without an accepted estimate");
    let Some(estimate) = loaded.case.accepted_estimate() else { return Err(missing) };
    let estimate = persistence::estimates::get(work.tx, estimate)?;
    let Some(EstimateAcceptance { recipient, payer, third_party, .. }) = estimate.accepted.clone() else { return Err(missing) };
    let invoiced = Invoice::half_hours_of(&invoices_of(work.tx, case)?);
    let held = loaded.case.stage().name() == CaseStage::Consulted;
    let due = if held {
        charged(&loaded.case).beyond(invoiced)
    } else {
        debug_assert_eq!(estimate.payment, ConsultationPayment::Prepaid);
        HalfHoursByPayer { payer: estimate.pricing.half_hours(), visitor: 0 }
    };
    // Those who visit pay further half hours on a paper of their own.
    let is_visitors = due.payer == 0;
    let is_main = !is_visitors && invoiced.payer == 0;
    let (recipient, third_party) = if is_visitors {
        (recipient_of_visitors(&loaded.case).unwrap_or(recipient), Some(ThirdParty::default()))
    } else {
        (recipient, third_party)
    };
    let pricing = estimate.for_half_hours(is_main, if is_visitors { due.visitor } else { due.payer });
    let mut pricing = pricing.map_err(super::estimates::refused)?;
    if is_main {
        let slides = additions::slides_to_invoice(work, &loaded.case)?;
        pricing = pricing.for_slides(slides).map_err(super::estimates::refused)?;
    }
    let id: InvoiceId = work.fresh();
    let number = invoices::next_number(work.tx)?;
    let issuing = Issuing { id, case, number, recipient, payer, third_party };
    let invoice = Invoice::issue(issuing, &pricing, work.settings, now).map_err(|refusal: BillingRefusal| refused(&[refusal]))?;
    let invoice = Invoice { is_visitors, ..if held { performed(&loaded.case, invoice) } else { invoice } };
    let rest =
        due.beyond(if is_visitors { HalfHoursByPayer { visitor: due.visitor, ..due } } else { HalfHoursByPayer { visitor: 0, ..due } });
    let decided = loaded.case.clone().invoice_visit(&loaded.access, id, is_main, held && rest.is_none())?;
    let booking = super::booking(work, &decided.case, invoice.issued_on);
    invoices::insert(work.tx, &invoice, &booking)?;
    work.audit_subject(id);
    let case = work.save_case(loaded, decided)?;
    InvoiceWithCase::of(work, invoice, case)
}

/// The invoice of something that took place: its revenue is booked with it. Slides are performed with their findings.
fn performed(case: &Case, invoice: Invoice) -> Invoice {
    let on = case.consultation().map_or(invoice.issued_on, |one| today_in_tokyo(one.took_place.began_at));
    let invoice = invoice.perform_consultation(on);
    match case.re_examination().findings.first() {
        Some(findings) => invoice.perform_slides(today_in_tokyo(findings.at)),
        None => invoice,
    }
}

/// To whom the half hours are addressed that those who visit pay.
fn recipient_of_visitors(case: &Case) -> Option<LongText> {
    let record = &case.visit()?.visit;
    record.extensions.iter().rev().filter(|one| one.payer == ExtensionPayer::Visitor).find_map(|one| one.recipient.clone())
}
