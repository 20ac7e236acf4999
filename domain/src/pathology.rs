//! The re-examination of pathology slides (seed: “We offer a re-exam of pathology slides from other hospital at your request”): proposed,
//! agreed, counted, found.
//!
//! The slides that are asked for stand in the application. They change until the findings are there. More of them, once an estimate was
//! accepted, are an [`Addition`] with an estimate and an invoice of its own; they count when that is paid.

mod addition;
mod steps;

pub use addition::{Addition, AdditionInvoice, Supplement};
pub use steps::{Proposal, ReExaminationChange};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::ids::UserId;
use crate::intake::ReExamination;
use crate::intake::items::{ItemCode, ItemState};
use crate::people::LongText;

/// What pathology and the hospital noted about the re-examination of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReExaminationRecord {
    /// The slides that are proposed beside those that are agreed on.
    pub addition: Option<Addition>,
    /// The newest count of the slides that arrived.
    pub count: Option<SlideCount>,
    /// The slides that are invoiced and that nobody asks for any longer: a credit note is due.
    pub to_credit: ReExamination,
    /// The findings; the last ones hold, those before them were corrected.
    pub findings: Vec<Findings>,
    /// Whether the opinion is written without waiting for the slides.
    pub is_not_awaited: bool,
}

/// A count of the slides that arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlideCount {
    /// How many of each.
    pub slides: ReExamination,
    /// What else is to be said of them, for the hospital's people.
    pub note: Option<LongText>,
    /// Who counted.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

/// What pathology found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    /// The findings.
    pub text: LongText,
    /// Why they stand in the place of earlier ones.
    pub correction: Option<LongText>,
    /// Who recorded them.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

impl Case {
    /// What is noted about the re-examination.
    pub const fn re_examination(&self) -> &ReExaminationRecord {
        &self.re_examination
    }

    /// The slides that are asked for and agreed on.
    pub fn slides_asked_for(&self) -> ReExamination {
        self.application.re_examination.unwrap_or_default()
    }

    /// Whether slides of the case are in the house. Release 0.1 knew them by the checklist alone.
    pub fn has_slides_here(&self) -> bool {
        match &self.re_examination.count {
            Some(count) => !count.slides.is_none(),
            None => matches!(self.item_state(ItemCode::PathologySlides), ItemState::Provided | ItemState::Verified),
        }
    }

    /// The same, once other slides are charged for than before. Those that nobody asks for are to be credited.
    #[must_use]
    pub fn with_charged_slides(mut self, charged: ReExamination) -> Self {
        self.re_examination.to_credit = charged.beyond(self.slides_asked_for());
        self
    }

    /// The addition for which the opinion waits.
    pub(crate) fn awaited_addition(&self) -> Option<&Addition> {
        self.re_examination.addition.as_ref().filter(|addition| addition.is_awaited)
    }

    /// The same without slides whose money has left: nobody asks for them any longer.
    #[must_use]
    pub fn without_slides(mut self, lost: ReExamination) -> Self {
        if !lost.is_none() {
            self.application.re_examination = self.slides_asked_for().beyond(lost).asked();
        }
        self
    }

    /// Whether pathology has to do with the case: slides are asked for or proposed, or were counted here.
    pub(crate) fn concerns_pathology(&self) -> bool {
        let record = &self.re_examination;
        self.application.re_examination.is_some() || record.addition.is_some() || record.count.is_some()
    }

    /// Whether more slides arrived than are asked for, and nothing is reported: the desk adds them, or has them counted again without those that go back.
    pub(crate) fn has_surplus_slides(&self) -> bool {
        let record = &self.re_examination;
        let arrived = record.count.as_ref().map_or(ReExamination::NONE, |count| count.slides);
        record.findings.is_empty() && record.addition.is_none() && !arrived.beyond(self.slides_asked_for()).is_none()
    }

    /// Whether slides are to be examined of which nothing is reported.
    pub(crate) fn lacks_findings(&self) -> bool {
        self.application.re_examination.is_some() && self.re_examination.findings.is_empty()
    }
}

#[cfg(test)]
mod tests;
