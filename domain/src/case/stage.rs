//! Where a case stands. Each stage carries its own data, so that what makes no sense cannot be written down.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::DueWindow;
use crate::ids::{AppointmentId, InvoiceId, OpinionId, UserId};
use crate::people::{LongText, ShortText};
use crate::review::DeclineCode;
use crate::service::ServiceKind;
use crate::wire::wire_enum;

wire_enum! {
    /// The name of a stage.
    CaseStage {
        /// Being filled in.
        Draft = "draft",
        /// Handed in.
        Submitted = "submitted",
        /// The hospital waits for an answer.
        InformationRequested = "information_requested",
        /// Under review for acceptance.
        InTriage = "in_triage",
        /// Accepted.
        Accepted = "accepted",
        /// A visit is booked.
        Scheduled = "scheduled",
        /// The visit took place.
        Consulted = "consulted",
        /// The invoice is issued.
        AwaitingPayment = "awaiting_payment",
        /// The opinion is being written.
        Writing = "writing",
        /// The opinion is under review.
        InReview = "in_review",
        /// The opinion is delivered.
        Delivered = "delivered",
        /// Finished.
        Closed = "closed",
        /// Declined by the hospital.
        Declined = "declined",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Nobody did anything for too long.
        Expired = "expired",
    }
}

impl CaseStage {
    /// Stages that wait for the other side and expire: it is warned before. Drafts are their owner's affair.
    pub const WARNED: [Self; 3] = [Self::InformationRequested, Self::Accepted, Self::AwaitingPayment];

    /// Stages before the review for acceptance: nobody relies yet on what was handed in.
    pub const BEFORE_REVIEW: &[Self] = &[Self::Draft, Self::Submitted, Self::InformationRequested];

    /// Whether the case has ended.
    pub const fn is_ended(self) -> bool {
        matches!(self, Self::Closed | Self::Declined | Self::Cancelled | Self::Expired)
    }
}

/// The stage of a case, with what is known there and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Stage {
    /// Before acceptance.
    Intake {
        /// The service.
        kind: ServiceKind,
        /// How far.
        step: Intake,
    },
    /// An accepted consultation.
    Visit {
        /// Who visits.
        visit: VisitKind,
        /// How far.
        step: Visit,
    },
    /// An accepted written opinion.
    Written {
        /// How far.
        step: Written,
    },
    /// Over.
    Ended {
        /// The service that it was.
        kind: ServiceKind,
        /// Where it stood before.
        from: CaseStage,
        /// The data of the stage before: invoice, opinion, visit.
        before: Box<Stage>,
        /// When it ended.
        at: Timestamp,
        /// How it ended.
        ending: Ending,
    },
}

/// Before acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intake {
    /// Being filled in.
    Draft,
    /// Handed in.
    Submitted,
    /// The hospital waits for an answer.
    InformationRequested,
    /// Under review for acceptance.
    InTriage,
}

wire_enum! {
    /// Who visits.
    VisitKind {
        /// The patient.
        Patient = "patient",
        /// Somebody for the patient.
        Representative = "representative",
    }
}

/// An accepted consultation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Visit {
    /// Accepted, nothing booked.
    Accepted,
    /// The time is fixed.
    Scheduled {
        /// The appointment.
        appointment: AppointmentId,
    },
    /// The consultation took place.
    Consulted {
        /// The appointment.
        appointment: AppointmentId,
    },
}

/// The payment that started the work, and until when the work is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidWork {
    /// The invoice that was paid.
    pub invoice: InvoiceId,
    /// The day on which it was paid in full.
    pub paid_on: Date,
    /// When the opinion is due; not counted before everything that is needed is there.
    pub due: Option<DueWindow>,
}

/// An accepted written opinion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Written {
    /// Accepted, no invoice yet.
    Accepted,
    /// The invoice is issued.
    AwaitingPayment {
        /// The invoice.
        invoice: InvoiceId,
    },
    /// The opinion is being written.
    Writing {
        /// Payment and due window.
        work: PaidWork,
    },
    /// The opinion is under review.
    InReview {
        /// Payment and due window.
        work: PaidWork,
        /// The opinion that was submitted.
        opinion: OpinionId,
        /// Its author.
        author: UserId,
    },
    /// The opinion is delivered.
    Delivered {
        /// Payment and due window.
        work: PaidWork,
        /// The opinion.
        opinion: OpinionId,
        /// Who signed it.
        signed_by: UserId,
        /// When it was delivered.
        delivered_at: Timestamp,
    },
}

wire_enum! {
    /// Why a case is cancelled.
    CancelReason grows {
        /// The applicant withdraws.
        Withdrawn = "withdrawn",
        /// The patient has died: every automatic message falls silent.
        PatientDeceased = "patient_deceased",
        /// The patient's condition has worsened.
        ConditionWorsened = "condition_worsened",
        /// For a reason of the hospital's.
        HospitalReason = "hospital_reason",
        /// The same application exists twice.
        Duplicate = "duplicate",
        /// The rest of a part payment never came.
        NotPaid = "not_paid",
        /// The visit did not take place.
        NotAttended = "not_attended",
        /// Circumstances that nobody could avoid, such as a refused visa.
        ForceMajeure = "force_majeure",
    }
}

impl CancelReason {
    /// Whether only the hospital's people read it.
    pub const fn is_internal(self) -> bool {
        matches!(self, Self::PatientDeceased | Self::Duplicate)
    }

    /// Whether the reason is the hospital's: only the desk gives it, and everything goes back.
    pub const fn is_the_hospitals(self) -> bool {
        match self {
            Self::HospitalReason | Self::Duplicate | Self::NotPaid => true,
            Self::NotAttended | Self::Withdrawn | Self::PatientDeceased | Self::ConditionWorsened | Self::ForceMajeure => false,
        }
    }
}

/// Stages that have a clock to stop.
pub(crate) const HOLDABLE: &[CaseStage] = &[
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
];

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Ending {
    /// Everything is done.
    Closed,
    /// Declined.
    Declined {
        /// Why.
        code: DeclineCode,
        /// The text for the applicant.
        text: LongText,
        /// The text for the hospital's people.
        note: Option<LongText>,
    },
    /// Cancelled.
    Cancelled {
        /// Why.
        reason: CancelReason,
        /// In words.
        text: Option<ShortText>,
    },
    /// Nobody did anything for too long.
    Expired,
}

impl Stage {
    /// The stage's name.
    pub const fn name(&self) -> CaseStage {
        match self {
            Self::Intake { step, .. } => match step {
                Intake::Draft => CaseStage::Draft,
                Intake::Submitted => CaseStage::Submitted,
                Intake::InformationRequested => CaseStage::InformationRequested,
                Intake::InTriage => CaseStage::InTriage,
            },
            Self::Visit { step, .. } => match step {
                Visit::Accepted => CaseStage::Accepted,
                Visit::Scheduled { .. } => CaseStage::Scheduled,
                Visit::Consulted { .. } => CaseStage::Consulted,
            },
            Self::Written { step } => match step {
                Written::Accepted => CaseStage::Accepted,
                Written::AwaitingPayment { .. } => CaseStage::AwaitingPayment,
                Written::Writing { .. } => CaseStage::Writing,
                Written::InReview { .. } => CaseStage::InReview,
                Written::Delivered { .. } => CaseStage::Delivered,
            },
            Self::Ended { ending, .. } => match ending {
                Ending::Closed => CaseStage::Closed,
                Ending::Declined { .. } => CaseStage::Declined,
                Ending::Cancelled { .. } => CaseStage::Cancelled,
                Ending::Expired => CaseStage::Expired,
            },
        }
    }

    /// The service.
    pub const fn kind(&self) -> ServiceKind {
        match self {
            Self::Intake { kind, .. } | Self::Ended { kind, .. } => *kind,
            Self::Visit { visit: VisitKind::Patient, .. } => ServiceKind::PatientConsultation,
            Self::Visit { visit: VisitKind::Representative, .. } => ServiceKind::RepresentativeConsultation,
            Self::Written { .. } => ServiceKind::WrittenOpinion,
        }
    }

    /// Payment and due window of a written opinion, once it was paid; also after its end.
    pub fn work(&self) -> Option<&PaidWork> {
        match self {
            Self::Ended { before, .. } => before.work(),
            Self::Written { step: Written::Writing { work } | Written::InReview { work, .. } | Written::Delivered { work, .. } } => {
                Some(work)
            }
            Self::Written { step: Written::Accepted | Written::AwaitingPayment { .. } } | Self::Intake { .. } | Self::Visit { .. } => None,
        }
    }

    /// The invoice of a written opinion; also after its end.
    pub fn invoice(&self) -> Option<InvoiceId> {
        match self {
            Self::Ended { before, .. } => before.invoice(),
            Self::Written { step: Written::AwaitingPayment { invoice } } => Some(*invoice),
            Self::Written { .. } | Self::Intake { .. } | Self::Visit { .. } => self.work().map(|work| work.invoice),
        }
    }

    /// Puts an invoice in the place of another; also after the end.
    pub(crate) fn replace_invoice(&mut self, old: InvoiceId, new: InvoiceId) {
        match self {
            Self::Ended { before, .. } => before.replace_invoice(old, new),
            Self::Written { step: Written::AwaitingPayment { invoice } } if *invoice == old => *invoice = new,
            Self::Written { step: Written::Writing { work } | Written::InReview { work, .. } | Written::Delivered { work, .. } }
                if work.invoice == old =>
            {
                work.invoice = new;
            }
            Self::Written { .. } | Self::Intake { .. } | Self::Visit { .. } => {}
        }
    }

    /// The opinion, once it was delivered; also after the end.
    pub fn delivered_opinion(&self) -> Option<OpinionId> {
        match self {
            Self::Ended { before, .. } => before.delivered_opinion(),
            Self::Written { step: Written::Delivered { opinion, .. } } => Some(*opinion),
            Self::Written {
                step: Written::Accepted | Written::AwaitingPayment { .. } | Written::Writing { .. } | Written::InReview { .. },
            }
            | Self::Intake { .. }
            | Self::Visit { .. } => None,
        }
    }

    /// When the opinion was delivered; also after the end.
    pub fn delivered_at(&self) -> Option<Timestamp> {
        match self {
            Self::Ended { before, .. } => before.delivered_at(),
            Self::Written { step: Written::Delivered { delivered_at, .. } } => Some(*delivered_at),
            Self::Written { .. } | Self::Intake { .. } | Self::Visit { .. } => None,
        }
    }

    /// Moves the due window, if it is counted already.
    pub(crate) fn shift_due(&mut self, days: i64) {
        if let Self::Written { step: Written::Writing { work } | Written::InReview { work, .. } } = self {
            work.due = work.due.map(|due| due.shifted(days));
        }
    }
}
