//! The text of a written opinion, under its customary headings.

use serde::{Deserialize, Serialize};

use crate::intake::treatment::PartialDate;
use crate::people::{LanguageTag, LongText, ShortText};
use crate::wire::wire_enum;

wire_enum! {
    /// How soon something should be done.
    OpinionUrgency {
        /// In the normal course.
        Routine = "routine",
        /// Within weeks.
        Soon = "soon",
        /// Within days.
        Urgent = "urgent",
    }
}

/// A document that the opinion rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewedMaterial {
    /// The name.
    pub name: ShortText,
    /// Its date.
    #[serde(default)]
    pub dated_on: Option<PartialDate>,
}

/// The answer to one of the patient's questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OpinionAnswer {
    /// Which question, from 0.
    #[cfg_attr(feature = "schema", schema(maximum = 9))]
    pub question: usize,
    /// The answer.
    pub text: LongText,
}

/// The text of an opinion. A draft may lack parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OpinionContent {
    /// The language that it is written in.
    pub language: Option<LanguageTag>,
    /// To whom it is addressed.
    pub addressee: Option<ShortText>,
    /// The reviewed documents, with dates.
    #[cfg_attr(feature = "schema", schema(max_items = 40))]
    pub materials_reviewed: Vec<ReviewedMaterial>,
    /// The documents that were not received.
    #[cfg_attr(feature = "schema", schema(max_items = 20))]
    pub materials_not_received: Vec<ShortText>,
    /// History as we understand it.
    pub history: Option<LongText>,
    /// View of diagnosis and stage.
    pub diagnosis: Option<LongText>,
    /// Findings of the re-examination of slides, if there was one.
    pub slide_findings: Option<LongText>,
    /// Answers to the questions.
    #[cfg_attr(feature = "schema", schema(max_items = 10))]
    pub answers: Vec<OpinionAnswer>,
    /// Treatment options.
    pub options: Option<LongText>,
    /// Recommendation and reasons.
    pub recommendation: Option<LongText>,
    /// Further tests.
    pub further_tests: Option<LongText>,
    /// How urgent it is.
    pub urgency: Option<OpinionUrgency>,
    /// Possibility of treatment here, and the next contact.
    pub treatment_here: Option<LongText>,
}

impl OpinionContent {
    /// Parts that every opinion has and that this one lacks, as JSON Pointers.
    pub fn missing_parts(&self) -> Vec<&'static str> {
        [
            (self.language.is_some(), "/language"),
            (!self.materials_reviewed.is_empty(), "/materials_reviewed"),
            (self.history.is_some(), "/history"),
            (self.diagnosis.is_some(), "/diagnosis"),
            (self.recommendation.is_some(), "/recommendation"),
        ]
        .into_iter()
        .filter(|(there, _)| !there)
        .map(|(_, pointer)| pointer)
        .collect()
    }

    /// The questions, from 0, that no answer addresses.
    pub fn unaddressed(&self, questions: usize) -> Vec<usize> {
        (0..questions).filter(|question| !self.answers.iter().any(|answer| answer.question == *question)).collect()
    }
}
