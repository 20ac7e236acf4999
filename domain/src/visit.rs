//! The visit itself: who came and was received, which half hours were agreed on, and what took place (seed: the first 30 minutes, and each further 30).

mod arrival;
mod consultation;
mod extension;
mod steps;
#[cfg(test)]
mod tests;
mod treatment;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use arrival::{Arrival, Arrived, AtTheDoor, IdentityKind, InterpreterAtVisit, OutsideReason, Person, SeenIdentity};
pub use consultation::{Consultation, ConsultationEnd, Correction, NotCharged, NotChargedReason, TookPlace};
pub use extension::{Extension, ExtensionPayer};

use crate::ids::UserId;
use crate::people::{LongText, ShortText};
use crate::wire::wire_enum;

/// An attempt to reach somebody who did not come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When.
    pub at: Timestamp,
    /// How: by telephone, by mail.
    pub how: ShortText,
}

/// An exam that took place although a second opinion is none (seed); it is an exception with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamException {
    /// What was done.
    pub what: LongText,
    /// Why.
    pub reason: LongText,
    /// Who noted it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

wire_enum! {
    /// What the department says about treatment at the hospital.
    TreatmentDecision grows {
        /// Treatment at the hospital is possible.
        Possible = "possible",
        /// It is not.
        NotPossible = "not_possible",
        /// It is decided after more: records, exams, an appointment with a department.
        MoreNeeded = "more_needed",
    }
}

/// The answer to a request for treatment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatmentAnswer {
    /// The decision.
    pub decision: TreatmentDecision,
    /// In words: what comes next.
    pub text: LongText,
    /// Who answered.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// A request for treatment at the hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatmentRequest {
    /// What is wished, in the words of those who visited.
    pub text: LongText,
    /// Who wrote it: they themselves, or the hospital on their word.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The answer that counts.
    pub answer: Option<TreatmentAnswer>,
    /// Answers that were corrected, in order.
    #[serde(default)]
    pub corrected: Vec<TreatmentAnswer>,
}

/// What took place at an appointment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VisitRecord {
    /// The arrivals, in order. The last one counts: it names everybody who is there.
    pub arrivals: Vec<Arrival>,
    /// Half hours that were agreed on beside those of the estimate, in order.
    pub extensions: Vec<Extension>,
    /// The consultation.
    pub consultation: Option<Consultation>,
    /// What stood there before it was corrected, in order.
    pub corrections: Vec<Correction>,
    /// The attempts to reach somebody who did not come.
    pub attempts: Vec<Attempt>,
}
