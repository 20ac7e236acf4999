//! Letters about a case. They follow from its events: no use case writes one itself, so none can forget it.
//!
//! An event writes a job. Whoever does the job looks at the case as it stands then, so a letter that is not true any longer is not sent, and
//! after a death none is.

mod content;

use domain::access::Operation;
use domain::billing::Payment;
use domain::calendar::{DueWindow, at_hour_in_tokyo, days_after, today_in_tokyo, warnings_before};
use domain::case::{CancelReason, Case, CaseStage, Change, EventKind};
use domain::ids::{AppointmentId, CaseId, ConsentId, EstimateId, InvoiceId};
use domain::money::Yen;
use domain::service::ServiceKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::jobs::Job;
use crate::{Error, Work};

pub(super) use content::write;

/// The subject of a letter about a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub(super) enum About {
    /// The application has arrived.
    Received,
    /// The hospital asks for something.
    InformationRequested,
    /// The hospital made an estimate.
    Estimate {
        /// The estimate.
        estimate: EstimateId,
    },
    /// Somebody who visits needs a consent of the patient.
    ConsentNeeded,
    /// A consent must be sent again.
    ConsentAgain {
        /// The consent.
        consent: ConsentId,
    },
    /// Times are offered.
    Offer {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// A time is reserved until it is paid.
    Reserved {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// A time is fixed.
    Confirmed {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// The visit is at another time.
    Moved {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// The visit is tomorrow.
    Tomorrow {
        /// The appointment.
        appointment: AppointmentId,
        /// Its time, when the letter was planned: a moved visit has a letter of its own.
        starts_at: Timestamp,
    },
    /// Another physician receives.
    PhysicianChanged {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// The appointment was cancelled; the case goes on.
    AppointmentCancelled {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// What was held is held no longer.
    AppointmentLapsed {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// The visit did not take place.
    VisitNotHeld,
    /// Another service is proposed.
    KindProposed {
        /// The service.
        kind: ServiceKind,
    },
    /// The case is one of another service now.
    KindChanged {
        /// The service.
        kind: ServiceKind,
        /// Whether it is reviewed again.
        again: bool,
    },
    /// Another department looks at an accepted case.
    ReviewedAgain,
    /// Money that was paid before pays an invoice.
    Applied {
        /// The invoice.
        invoice: InvoiceId,
        /// How much.
        amount: Yen,
    },
    /// The hospital said whether it treats those who asked.
    TreatmentAnswer,
    /// Others slides arrived than were asked for.
    SlidesDiffer,
    /// Proposed slides fell away.
    ReExaminationLapsed,
    /// An invoice was issued: where to pay (seed: “we will send you our bank account information”).
    Invoice {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// A corrected invoice stands in the place of another.
    Correction {
        /// The corrected invoice.
        invoice: InvoiceId,
    },
    /// The hospital waits longer for a payment.
    Extension {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// A payment was confirmed, or is not enough.
    Payment {
        /// The invoice.
        invoice: InvoiceId,
        /// The amount of the payment; none if the invoice was settled without one.
        amount: Option<Yen>,
        /// Whether the work starts by it.
        starts: bool,
        /// When the opinion is due, if that is counted already.
        due: Option<DueWindow>,
    },
    /// Something that was invoiced is not demanded any longer.
    Credit {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// The case goes on after its end.
    Reopened,
    /// Everything that the work needs is there.
    WorkBegins {
        /// When the opinion is due.
        due: DueWindow,
    },
    /// The case expires soon.
    Expiring {
        /// When.
        at: Timestamp,
    },
    /// The case expired.
    Expired,
    /// The hospital declined.
    Declined,
    /// The case was cancelled.
    Cancelled,
    /// The opinion can be read.
    Delivered,
    /// Everything is done.
    Closed,
    /// Money goes back: where to?
    RefundDetails,
    /// Money has gone back.
    RefundPaid {
        /// How much.
        amount: Yen,
    },
}

/// Writes a letter about a case to those whom it concerns.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct WriteLetter {
    pub(super) case: CaseId,
    pub(super) letter: About,
}

impl Job for WriteLetter {
    const NAME: &'static str = "write_letter";
}

/// The hour, in Tokyo, at which the letter of the day before a visit leaves.
const REMINDED_AT: i8 = 10;
/// The hour, in Tokyo, at which the letter of an expiry leaves: until then a payment that was in time may still be recorded.
const EXPIRY_TOLD_AT: i8 = 12;

/// Writes the jobs for the letters that a change gives reason for.
pub(crate) fn of_change(work: &mut Work<'_, '_>, before: &Case, change: &Change) -> Result<(), Error> {
    let case = change.case.id();
    for letter in letters(work, before, change)? {
        let due = if letter == About::Expired { expiry_told_at(work) } else { work.now };
        remind(work, &change.case, &letter)?;
        work.enqueue_at(&WriteLetter { case, letter }, due)?;
    }
    warn(work, before, &change.case)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "most events are told by the timeline alone")]
fn letters(work: &mut Work<'_, '_>, before: &Case, change: &Change) -> Result<Vec<About>, Error> {
    let was = before.stage().name();
    let kinds = || change.events.iter().map(|event| &event.kind);
    let started = kinds().find_map(|kind| if let EventKind::WritingStarted { due } = kind { Some(*due) } else { None });
    let (starts, due) = (started.is_some() && (was == CaseStage::AwaitingPayment || was.is_ended()), started.flatten());
    let is_reviewed_again = kinds().any(|kind| matches!(kind, EventKind::ReviewedAgain | EventKind::KindChanged { .. }));
    let mut letters = Vec::new();
    for kind in kinds() {
        let letter = match kind {
            EventKind::CaseSubmitted => Some(About::Received),
            EventKind::RepresentativeAdded { .. } if change.case.submitted_at().is_some() => Some(About::ConsentNeeded),
            EventKind::ConsentRefused { consent, .. } => Some(About::ConsentAgain { consent: *consent }),
            EventKind::InformationRequested { .. } => Some(About::InformationRequested),
            EventKind::EstimateIssued { estimate } => Some(About::Estimate { estimate: *estimate }),
            EventKind::AppointmentOffered { appointment } => Some(About::Offer { appointment: *appointment }),
            EventKind::AppointmentReserved { appointment } => Some(About::Reserved { appointment: *appointment }),
            EventKind::AppointmentConfirmed { appointment } => Some(About::Confirmed { appointment: *appointment }),
            EventKind::AppointmentMoved { appointment, .. } => Some(About::Moved { appointment: *appointment }),
            EventKind::PhysicianSubstituted { appointment } => Some(About::PhysicianChanged { appointment: *appointment }),
            // The letter about the review says it.
            EventKind::AppointmentCancelled { .. } if is_reviewed_again => None,
            EventKind::AppointmentCancelled { appointment, .. } | EventKind::ConsultationBrokenOff { appointment } => {
                Some(About::AppointmentCancelled { appointment: *appointment })
            }
            EventKind::AppointmentLapsed { appointment } => Some(About::AppointmentLapsed { appointment: *appointment }),
            EventKind::KindProposed { kind } => Some(About::KindProposed { kind: *kind }),
            EventKind::KindChanged { from, kind } => {
                let again = [*from, *kind].contains(&ServiceKind::WrittenOpinion);
                Some(About::KindChanged { kind: *kind, again })
            }
            EventKind::ReviewedAgain => Some(About::ReviewedAgain),
            EventKind::TreatmentAnswered => Some(About::TreatmentAnswer),
            EventKind::VisitNotHeld { .. } => Some(About::VisitNotHeld),
            EventKind::SlidesCounted { differ: true } => Some(About::SlidesDiffer),
            EventKind::ReExaminationLapsed => Some(About::ReExaminationLapsed),
            EventKind::InvoiceIssued { invoice } => Some(About::Invoice { invoice: *invoice }),
            EventKind::InvoiceReissued { invoice, .. } => Some(About::Correction { invoice: *invoice }),
            EventKind::InvoiceExtended { invoice } => Some(About::Extension { invoice: *invoice }),
            EventKind::PaymentRecorded { invoice, payment } => {
                let payments = persistence::invoices::get(work.tx, *invoice)?.payments;
                // The record of a payment was put right, and the case stands where it stood: nobody is told twice.
                let now = work.now;
                let is_reversed_now = |one: &Payment| one.reversed.as_ref().is_some_and(|reversal| reversal.reversed.at == now);
                let is_correction = work.operation() == Operation::ReversePayment
                    && change.case.stage().name() == was
                    && payments.iter().any(is_reversed_now);
                let found = payments.iter().find(|one: &&Payment| one.id == *payment);
                let amount = found.map(|one| one.amount);
                // No money arrived: it was there.
                if let Some(one) = found.filter(|one| one.refund.is_some()) {
                    letters.push(About::Applied { invoice: *invoice, amount: one.amount });
                    letters.extend(starts.then_some(About::Payment { invoice: *invoice, amount: None, starts, due }));
                    continue;
                }
                (!is_correction).then_some(About::Payment { invoice: *invoice, amount, starts, due })
            }
            // Without a payment: the rest was borne, what was not paid was credited, or the case was reopened.
            EventKind::WritingStarted { due } if starts && !kinds().any(is_payment) => {
                change.case.invoice().map(|invoice| About::Payment { invoice, amount: None, starts, due: *due })
            }
            EventKind::InvoiceCredited { invoice, .. } => Some(About::Credit { invoice: *invoice }),
            // A payment in time needs no other word.
            EventKind::CaseReopened if !kinds().any(is_payment) => Some(About::Reopened),
            EventKind::WritingStarted { due: Some(due) } if was == CaseStage::Writing => Some(About::WorkBegins { due: *due }),
            EventKind::CaseExpired => Some(About::Expired),
            EventKind::CaseDeclined { .. } => Some(About::Declined),
            // Of a visit that did not take place there is a word already.
            EventKind::CaseCancelled { reason: CancelReason::NotAttended, .. } => None,
            EventKind::CaseCancelled { .. } => Some(About::Cancelled),
            EventKind::OpinionDelivered { .. } => Some(About::Delivered),
            EventKind::CaseClosed => Some(About::Closed),
            EventKind::RefundOpened { .. } | EventKind::RefundReturned { .. } => Some(About::RefundDetails),
            EventKind::RefundPaid { amount } => Some(About::RefundPaid { amount: *amount }),
            _ => None,
        };
        letters.extend(letter);
    }
    if letters.contains(&About::Received) {
        letters.push(About::ConsentNeeded);
    }
    // A fee that is not kept any longer is given back.
    if letters.contains(&About::Reopened) && !letters.contains(&About::RefundDetails) {
        letters.push(About::RefundDetails);
    }
    Ok(letters)
}

const fn is_payment(kind: &EventKind) -> bool {
    matches!(kind, EventKind::PaymentRecorded { .. })
}

/// Plans the letter of the day before a visit whose time is fixed now.
fn remind(work: &mut Work<'_, '_>, case: &Case, letter: &About) -> Result<(), Error> {
    let (About::Confirmed { appointment } | About::Moved { appointment }) = letter else { return Ok(()) };
    let Some(time) = case.appointment(*appointment).and_then(|one| one.time.as_ref()) else { return Ok(()) };
    let due = at_hour_in_tokyo(days_after(time.day(), -1), REMINDED_AT);
    if due <= work.now {
        return Ok(());
    }
    let letter = About::Tomorrow { appointment: *appointment, starts_at: time.starts_at };
    work.enqueue_at(&WriteLetter { case: case.id(), letter }, due).map(drop)
}

/// Warns before a case expires that waits for the other side. Drafts are their owner's affair.
fn warn(work: &mut Work<'_, '_>, before: &Case, after: &Case) -> Result<(), Error> {
    let waits = CaseStage::WARNED.contains(&after.stage().name());
    let Some(at) = after.expires_at().filter(|_| waits && before.expires_at() != after.expires_at()) else { return Ok(()) };
    let now = work.now;
    for due in warnings_before(at).into_iter().filter(|due| *due > now) {
        work.enqueue_at(&WriteLetter { case: after.id(), letter: About::Expiring { at } }, due)?;
    }
    Ok(())
}

/// Noon of the next working day, or now if that is past.
fn expiry_told_at(work: &Work<'_, '_>) -> Timestamp {
    at_hour_in_tokyo(work.settings.calendar.working_day_from(today_in_tokyo(work.now)), EXPIRY_TOLD_AT).max(work.now)
}
