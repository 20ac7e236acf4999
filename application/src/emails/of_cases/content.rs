//! The recipients of a letter about a case, and the facts that it tells.

mod kinds;
mod visits;

use domain::access::Membership;
use domain::billing::{Invoice, Refund, RefundState};
use domain::calendar::{TOKYO, last_day_before, today_in_tokyo};
use domain::case::{Case, CaseStage, Ending, Rules, Stage};
use domain::ids::{CaseId, ConsentId, InvoiceId, JobId};
use domain::intake::items::{ItemCode, ItemState, checklist};
use domain::money::{Payer, Yen, grouped};
use jiff::Timestamp;
use jiff::civil::Date;
use persistence::Transaction;
use persistence::users::{User, UserStatus};
use serde_json::{Map, Value, json};

use super::{About, WriteLetter};
use crate::app::read_settings;
use crate::emails::SendEmail;
use crate::{Error, billing, jobs};

/// Whom a letter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// Applicants and the agency.
    Everybody,
    /// Applicants, the patient, and the agency if the patient lets it read what is clinical.
    Disclosed,
    /// Those who pay.
    Payer(Payer),
    /// Applicants and the agency; the side that does not pay reads of a cancellation without its money.
    EverybodyWithMoneyTo(Payer),
}

/// A letter that is true as the case stands now.
struct Letter {
    reason: &'static str,
    to: Side,
    facts: Facts,
}

/// The facts of a letter. Days and amounts are written in the language of each reader.
#[derive(Default)]
struct Facts {
    texts: Vec<(&'static str, String)>,
    days: Vec<(&'static str, Date)>,
    amounts: Vec<(&'static str, i64)>,
    times: Vec<(&'static str, Vec<Timestamp>)>,
    /// In English and in Japanese.
    both: Vec<(&'static str, [String; 2])>,
}

impl Facts {
    fn text(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.texts.push((name, value.to_string()));
        self
    }

    fn day(mut self, name: &'static str, value: Date) -> Self {
        self.days.push((name, value));
        self
    }

    fn amount(mut self, name: &'static str, value: i64) -> Self {
        self.amounts.push((name, value));
        self
    }

    /// Where to pay an invoice, how much, and until when.
    fn paying(self, invoice: &Invoice) -> Self {
        let bank = &invoice.bank;
        self.text("invoice", &invoice.number)
            .amount("owed", invoice.owed().amount())
            .day("due_on", invoice.last_day())
            .text("bank", &bank.bank)
            .text("branch", &bank.branch)
            .text("swift", &bank.swift)
            .text("account", &bank.number)
            .text("holder", &bank.holder)
    }

    fn in_language(&self, is_japanese: bool) -> Map<String, Value> {
        let texts = self.texts.iter().map(|(name, text)| ((*name).to_owned(), json!(text)));
        let days = self.days.iter().map(|(name, day)| ((*name).to_owned(), json!(day_in_words(*day, is_japanese))));
        let times = self.times.iter().map(|(name, times)| {
            let lines: Vec<String> = times.iter().map(|at| time_in_words(*at, is_japanese)).collect();
            ((*name).to_owned(), json!(lines.join("\n")))
        });
        let both =
            self.both.iter().map(|(name, [english, japanese])| ((*name).to_owned(), json!(if is_japanese { japanese } else { english })));
        let amounts = self.amounts.iter().map(|(name, amount)| ((*name).to_owned(), json!(grouped(*amount))));
        texts.chain(days).chain(times).chain(both).chain(amounts).collect()
    }
}

/// Writes the letters of a job, one for each recipient; none if there is nothing to be told any longer. `fresh` gives identifiers.
pub(in crate::emails) fn write(
    tx: &mut Transaction<'_>,
    WriteLetter { case: id, letter }: &WriteLetter,
    fresh: impl Fn() -> JobId,
    now: Timestamp,
) -> Result<(), Error> {
    // A draft that was removed meanwhile tells nobody anything.
    let case = match persistence::cases::get_for_system(tx, *id) {
        Err(persistence::Error::NotFound) => return Ok(()),
        stored => stored?.case,
    };
    if case.is_silenced() {
        return Ok(());
    }
    let Some(letter) = letter_of(tx, &case, letter, now)? else { return Ok(()) };
    for (recipient, reason) in recipients(tx, &case, &letter, now)? {
        let is_japanese = recipient.language.to_string().starts_with("ja");
        let name = &recipient.profile.name;
        let name = name.native().filter(|_| is_japanese).unwrap_or_else(|| name.shown());
        let mut facts = letter.facts.in_language(is_japanese);
        facts.extend([("name", name), ("case", case.number())].map(|(fact, text)| (fact.to_owned(), json!(text))));
        let email = SendEmail {
            reason: reason.to_owned(),
            recipient: recipient.email.to_string(),
            language: recipient.language.to_string(),
            code: None,
            facts,
        };
        persistence::jobs::insert(tx, &[jobs::new(&email, fresh(), Some(*id), now, now)?])?;
    }
    Ok(())
}

fn letter_of(tx: &mut Transaction<'_>, case: &Case, about: &About, now: Timestamp) -> Result<Option<Letter>, Error> {
    let stage = case.stage().name();
    let everybody = |reason, facts| Some(Letter { reason, to: Side::Everybody, facts });
    let plain = |reason| everybody(reason, Facts::default());
    Ok(match about {
        About::Received => plain("received"),
        About::InformationRequested => plain("information_requested").filter(|_| !case.open_requests().is_empty()),
        About::Estimate { estimate } => {
            let estimate = persistence::estimates::get(tx, *estimate)?;
            let is_open = estimate.accepted.is_none() && estimate.closed.is_none();
            let advance = advance_on(tx, case.id())?;
            let facts = Facts::default().text("estimate", &estimate.number).amount("total", estimate.pricing.total.amount());
            let facts = facts.amount("advance", advance);
            let reason = if estimate.is_supplementary { "re_examination_proposed" } else { "estimate" };
            everybody(reason, facts.day("last_on", last_day_before(estimate.valid_until))).filter(|_| is_open)
        }
        About::ConsentNeeded => consent_needed(tx, case, now)?,
        About::ConsentAgain { consent } => consent_again(case, *consent),
        About::Offer { appointment }
        | About::Reserved { appointment }
        | About::Confirmed { appointment }
        | About::Moved { appointment }
        | About::Tomorrow { appointment, .. }
        | About::PhysicianChanged { appointment }
        | About::AppointmentCancelled { appointment }
        | About::AppointmentLapsed { appointment } => {
            let found = case.appointment(*appointment).filter(|_| !stage.is_ended());
            found.map(|one| visits::letter(tx, case, one, about)).transpose()?.flatten()
        }
        About::KindProposed { .. } | About::KindChanged { .. } | About::ReviewedAgain | About::TreatmentAnswer => {
            kinds::letter(case, about)
        }
        About::Applied { invoice, amount } => {
            let invoice = persistence::invoices::get(tx, *invoice)?;
            let facts = Facts::default().amount("amount", amount.amount()).paying(&invoice);
            Some(Letter { reason: "payment_applied", to: Side::Payer(invoice.payer), facts })
        }
        About::VisitNotHeld => plain("visit_did_not_take_place"),
        About::SlidesDiffer => slides_differ(case),
        About::ReExaminationLapsed => plain("re_examination_lapsed").filter(|_| !stage.is_ended()),
        About::Invoice { invoice } => {
            let invoice = persistence::invoices::get(tx, *invoice)?;
            let letter = Letter { reason: "bank_account", to: Side::Payer(invoice.payer), facts: Facts::default().paying(&invoice) };
            Some(letter).filter(|_| !invoice.is_settled())
        }
        About::Correction { invoice } => corrected(tx, *invoice)?,
        About::Extension { invoice } => {
            let invoice = persistence::invoices::get(tx, *invoice)?;
            let letter = Letter { reason: "invoice_extended", to: Side::Payer(invoice.payer), facts: Facts::default().paying(&invoice) };
            Some(letter).filter(|_| invoice.may_be_extended().is_ok())
        }
        About::Payment { invoice, amount, starts, due } => {
            let invoice = persistence::invoices::get(tx, *invoice)?;
            let to = Side::Payer(invoice.payer);
            let facts = Facts::default().amount("received", amount.map_or(0, Yen::amount)).paying(&invoice);
            match due {
                // Money that came after the end is decided on: there is a letter of its own.
                _ if invoice.end.is_some() || invoice.replaced_by.is_some() => None,
                _ if !invoice.is_settled() => Some(Letter { reason: "payment_short", to, facts }),
                // The case has ended, or waits again, since.
                _ if *starts && case.stage().work().is_none_or(|_| stage.is_ended()) => None,
                // What was paid too much has a letter of its own, too.
                _ if !starts && (!invoice.excess().is_zero() || invoice.is_credited_whole()) => None,
                None if !starts => Some(Letter { reason: "payment_received", to, facts }),
                None => Some(Letter { reason: "payment_confirmed", to, facts }),
                Some(due) => {
                    let facts = facts.day("from_on", due.from_on).day("to_on", due.to_on);
                    Some(Letter { reason: "payment_confirmed_with_dates", to, facts })
                }
            }
        }
        About::Credit { invoice } => credited(tx, *invoice)?,
        About::Reopened => plain("reopened").filter(|_| !stage.is_ended()),
        About::WorkBegins { due } => {
            let facts = Facts::default().day("from_on", due.from_on).day("to_on", due.to_on);
            everybody("work_begins", facts).filter(|_| stage == CaseStage::Writing)
        }
        About::Expiring { at } => {
            let facts = Facts::default().day("last_on", last_day_before(*at));
            let is_due = case.expires_at() == Some(*at);
            // With money on it a case never expires.
            if is_due && advance_on(tx, case.id())? == 0 { everybody("expiring", facts) } else { None }
        }
        About::Expired => {
            let days = read_settings(tx)?.values.review.reopen_days;
            everybody("expired", Facts::default().text("days", &days)).filter(|_| stage == CaseStage::Expired)
        }
        About::Declined => match case.stage() {
            Stage::Ended { ending: Ending::Declined { text, .. }, .. } => everybody("declined", Facts::default().text("text", text)),
            Stage::Ended { .. } | Stage::Intake { .. } | Stage::Visit { .. } | Stage::Written { .. } => None,
        },
        About::Cancelled => cancelled(tx, case)?,
        About::Delivered => plain("delivered").filter(|_| case.delivered_opinion().is_some()),
        About::Closed => plain("closed").filter(|_| stage == CaseStage::Closed),
        About::RefundDetails => refund_details(tx, case.id())?,
        About::RefundPaid { amount } => {
            let payer = billing::invoices_of(tx, case.id())?.first().map(|invoice| invoice.payer);
            let facts = Facts::default().amount("amount", amount.amount());
            payer.map(|payer| Letter { reason: "refund_paid", to: Side::Payer(payer), facts })
        }
    })
}

/// What was paid for services of the case that are not performed, in yen.
fn advance_on(tx: &mut Transaction<'_>, case: CaseId) -> Result<i64, Error> {
    Ok(billing::invoices_of(tx, case)?.iter().map(|invoice| invoice.advance().amount()).sum())
}

/// Asks for the patient's consent, as long as somebody visits who has none.
fn consent_needed(tx: &mut Transaction<'_>, case: &Case, now: Timestamp) -> Result<Option<Letter>, Error> {
    let settings = read_settings(tx)?.values;
    let list = checklist(case, &Rules::at(&settings, now));
    let is_missing = list.find(ItemCode::PatientConsent).is_some_and(|entry| entry.state == ItemState::Missing);
    let letter = Letter { reason: "consent_needed", to: Side::Everybody, facts: Facts::default() };
    Ok(Some(letter).filter(|_| is_missing && !case.stage().name().is_ended()))
}

/// Asks for a consent again, as long as it is refused.
fn consent_again(case: &Case, id: ConsentId) -> Option<Letter> {
    let consent = case.consents().iter().find(|consent| consent.id == id)?;
    let (why, text) = consent.refusal().filter(|_| consent.withdrawn.is_none())?;
    let facts = Facts::default().text("why", &why).text("words", &text.map_or_else(String::new, |text| format!(" {text}")));
    Some(Letter { reason: "consent_again", to: Side::Everybody, facts })
}

/// Tells how many slides arrived, as long as they are others than those that are asked for.
fn slides_differ(case: &Case) -> Option<Letter> {
    let (asked, arrived) = (case.slides_asked_for(), case.re_examination().count.as_ref()?.slides);
    let facts = Facts::default()
        .text("biopsy_slides", &arrived.biopsy_slides)
        .text("resected_specimens", &arrived.resected_specimens)
        .text("asked_biopsy_slides", &asked.biopsy_slides)
        .text("asked_resected_specimens", &asked.resected_specimens);
    (asked != arrived).then_some(Letter { reason: "slides_differ", to: Side::Everybody, facts })
}

fn corrected(tx: &mut Transaction<'_>, invoice: InvoiceId) -> Result<Option<Letter>, Error> {
    let invoice = persistence::invoices::get(tx, invoice)?;
    let Some(replaced) = invoice.replaces else { return Ok(None) };
    let replaced = persistence::invoices::get(tx, replaced)?.number;
    let reason = if invoice.is_settled() { "invoice_corrected_paid" } else { "invoice_corrected" };
    let facts = Facts::default().text("replaced", &replaced).paying(&invoice);
    Ok(Some(Letter { reason, to: Side::Payer(invoice.payer), facts }).filter(|_| invoice.replaced_by.is_none()))
}

/// Tells what is demanded of an invoice after a credit note. Money that goes back has a letter of its own.
fn credited(tx: &mut Transaction<'_>, invoice: InvoiceId) -> Result<Option<Letter>, Error> {
    let invoice = persistence::invoices::get(tx, invoice)?;
    let reason = if invoice.is_credited_whole() { "invoice_cancelled" } else { "invoice_reduced" };
    let letter = Letter { reason, to: Side::Payer(invoice.payer), facts: Facts::default().paying(&invoice) };
    let is_told = invoice.replaced_by.is_none() && (!invoice.is_settled() || (invoice.is_credited_whole() && !invoice.has_money()));
    Ok(Some(letter).filter(|_| is_told))
}

/// Tells a cancellation, with what is kept and what goes back by the policy.
fn cancelled(tx: &mut Transaction<'_>, case: &Case) -> Result<Option<Letter>, Error> {
    if case.stage().name() != CaseStage::Cancelled {
        return Ok(None);
    }
    let invoices = billing::invoices_of(tx, case.id())?;
    let kept: i64 = invoices.iter().map(|invoice| invoice.kept().amount()).sum();
    if kept == 0 {
        return Ok(Some(Letter { reason: "cancelled", to: Side::Everybody, facts: Facts::default() }));
    }
    let of_the_end = |refund: &&Refund| refund.is_of_the_end() && refund.state.is_open();
    let back: i64 = invoices.iter().flat_map(|invoice| &invoice.refunds).filter(of_the_end).map(|refund| refund.amount.amount()).sum();
    let payer = invoices.first().map_or(Payer::Applicant, |invoice| invoice.payer);
    let facts = Facts::default().amount("kept", kept).amount("back", back);
    let reason = if back == 0 { "cancelled_without_return" } else { "cancelled_with_fee" };
    Ok(Some(Letter { reason, to: Side::EverybodyWithMoneyTo(payer), facts }))
}

/// Asks the payer where money goes that is to be given back, as long as nobody has said so.
fn refund_details(tx: &mut Transaction<'_>, case: CaseId) -> Result<Option<Letter>, Error> {
    let waits = |refund: &&Refund| refund.state == RefundState::Due && refund.payee.is_none();
    let due_on = |invoice: &Invoice| -> i64 { invoice.refunds.iter().filter(waits).map(|refund| refund.amount.amount()).sum() };
    let invoices = billing::invoices_of(tx, case)?;
    let Some(payer) = invoices.iter().find(|invoice| due_on(invoice) > 0).map(|invoice| invoice.payer) else { return Ok(None) };
    let amount = invoices.iter().filter(|invoice| invoice.payer == payer).map(due_on).sum();
    Ok(Some(Letter { reason: "refund_details", to: Side::Payer(payer), facts: Facts::default().amount("amount", amount) }))
}

/// The accounts that a letter goes to, and which letter. Nobody without an account is written to: the desk does that by hand. The patient's
/// account gets one letter alone: the opinion can be read; and those about money if the patient pays. It gets none while the patient is not informed. An agency that may not read the
/// opinion is told that, too.
fn recipients(tx: &mut Transaction<'_>, case: &Case, letter: &Letter, now: Timestamp) -> Result<Vec<(User, &'static str)>, Error> {
    let side = letter.to;
    let is_delivery = letter.reason == "delivered";
    let reason_for = |reader: Payer| match side {
        Side::EverybodyWithMoneyTo(payer) if payer != reader => "cancelled",
        Side::Everybody | Side::Disclosed | Side::Payer(_) | Side::EverybodyWithMoneyTo(_) => letter.reason,
    };
    let mut found = Vec::new();
    for member in persistence::cases::list_members(tx, case.id())?.into_iter().filter(|member| member.ended_at.is_none()) {
        let reader = match member.relation {
            Membership::Applicant => Payer::Applicant,
            Membership::Patient if !case.is_patient_uninformed() => Payer::Patient,
            Membership::Patient | Membership::Representative => continue,
        };
        let reads = match side {
            Side::Payer(payer) => payer == reader,
            Side::Disclosed => true,
            Side::Everybody | Side::EverybodyWithMoneyTo(_) => {
                reader == Payer::Applicant || is_delivery || side == Side::EverybodyWithMoneyTo(reader)
            }
        };
        if reads {
            found.push((persistence::users::get(tx, member.user)?, reason_for(reader)));
        }
    }
    let is_disclosed = case.is_disclosed_to_agency(today_in_tokyo(now));
    let is_of_the_agency = match side {
        Side::Payer(payer) => payer == Payer::Agency,
        Side::Disclosed => is_disclosed,
        Side::Everybody | Side::EverybodyWithMoneyTo(_) => true,
    };
    if let Some(agency) = case.agency().filter(|_| is_of_the_agency) {
        let reason = if is_delivery && !is_disclosed { "delivered_to_the_patient" } else { reason_for(Payer::Agency) };
        found.extend(persistence::users::active_of_agency(tx, agency)?.into_iter().map(|user| (user, reason)));
    }
    // Nothing reaches the address of a patient who does not know, whoever has it.
    found.retain(|(user, _)| user.status == UserStatus::Active && !case.is_closed_address(&user.email));
    found.sort_by_key(|(user, _)| user.id);
    found.dedup_by_key(|(user, _)| user.id);
    Ok(found)
}

/// A day as people write it.
fn day_in_words(day: Date, is_japanese: bool) -> String {
    let form = if is_japanese { "%Y年%-m月%-d日" } else { "%-d %B %Y" };
    day.strftime(form).to_string()
}

/// An instant as people write it, in Tokyo.
fn time_in_words(at: Timestamp, is_japanese: bool) -> String {
    let form = if is_japanese { "%Y年%-m月%-d日 %H:%M" } else { "%-d %B %Y, %H:%M" };
    TOKYO.to_datetime(at).strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_amounts_are_written_as_people_write_them() {
        let day = jiff::civil::date(2027, 1, 6);
        assert_eq!((day_in_words(day, false).as_str(), day_in_words(day, true).as_str()), ("6 January 2027", "2027年1月6日"));
        let amounts = [0, 999, 1_000, 107_500, 1_000_000].map(grouped);
        assert_eq!(amounts, ["0", "999", "1,000", "107,500", "1,000,000"]);
    }
}
