//! What goes in and out of the treatment history.

use application::treatment::Stored;
use application::{Error, treatment};
use domain::case::present;
use domain::ids::{CaseId, TreatmentEntryId, UserId};
use domain::people::LongText;
use domain::treatment::{Treatment, TreatmentPatch};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::schemas;
use crate::http::reply::Reply;

/// From when until when; one of the two at least.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct TreatmentPeriod {
    /// When it began.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    from: Option<String>,
    /// When it ended.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    to: Option<String>,
}

/// From when until when; one of the two at least. What is absent or null is not known.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct TreatmentPeriodInput {
    /// When it began.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    from: Option<String>,
    /// When it ended.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    to: Option<String>,
}

macro_rules! treatments {
    ($(#[$doc:meta])* $name:ident, $period:ty, $exam:literal, $surgery:literal, $chemotherapy:literal, $radiation:literal) => {
        $(#[$doc])*
        #[derive(ToSchema)]
        #[serde(tag = "type", rename_all = "snake_case")]
        #[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
        pub(crate) enum $name {
            /// An exam (seed: the date, name of the exam, results, diagnosis, etc.).
            #[schema(title = $exam)]
            Exam {
                /// When it was made.
                #[schema(value_type = Option<schemas::PartialDateText>)]
                date: Option<String>,
                /// Its name.
                #[schema(value_type = Option<schemas::Line>, example = "CT of the chest")]
                name: Option<String>,
                /// The results.
                #[schema(value_type = Option<schemas::Paragraphs>, example = "A nodule of 12 mm.")]
                results: Option<String>,
                /// The diagnosis.
                #[schema(value_type = Option<schemas::Paragraphs>, example = "Adenocarcinoma")]
                diagnosis: Option<String>,
            },
            /// An operation (seed: the date, surgical procedure, pathological results, etc.).
            #[schema(title = $surgery)]
            Surgery {
                /// When it was done.
                #[schema(value_type = Option<schemas::PartialDateText>)]
                date: Option<String>,
                /// The surgical procedure.
                #[schema(value_type = Option<schemas::Line>, example = "Lobectomy")]
                procedure: Option<String>,
                /// The pathological results.
                #[schema(value_type = Option<schemas::Paragraphs>, example = "pT1b pN0")]
                pathological_results: Option<String>,
            },
            /// A chemotherapy (seed: the duration, frequency, efficacy, type of anticancer medications, etc.).
            #[schema(title = $chemotherapy)]
            Chemotherapy {
                /// From when until when.
                duration: Option<$period>,
                /// How often.
                #[schema(value_type = Option<schemas::Line>, example = "Every three weeks")]
                frequency: Option<String>,
                /// What it did.
                #[schema(value_type = Option<schemas::Paragraphs>, example = "Partial response")]
                efficacy: Option<String>,
                /// The medicines.
                #[schema(value_type = Vec<schemas::Line>, required = false, max_items = 30)]
                medications: Vec<String>,
            },
            /// A radiation therapy (seed: the duration, amount, irradiated area, etc.).
            #[schema(title = $radiation)]
            Radiation {
                /// From when until when.
                duration: Option<$period>,
                /// How much, as it is written there.
                #[schema(value_type = Option<schemas::Line>, example = "50 Gy in 25 fractions")]
                amount: Option<String>,
                /// Where.
                #[schema(value_type = Option<schemas::Line>, example = "Mediastinum")]
                irradiated_area: Option<String>,
            },
        }
    };
}

treatments! {
    /// What an entry tells: the property `type` says which of the four it is.
    TreatmentDetails, TreatmentPeriod, "ExamDetails", "SurgeryDetails", "ChemotherapyDetails", "RadiationDetails"
}

treatments! {
    /// What an entry shall tell. Every property but `type` may be absent, but not all of them.
    TreatmentDetailsInput, TreatmentPeriodInput, "ExamInput", "SurgeryInput", "ChemotherapyInput", "RadiationInput"
}

/// An entry of the treatment history.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTreatmentEntry {
    /// What it tells.
    #[schema(value_type = TreatmentDetailsInput)]
    pub(crate) treatment: Treatment,
    /// Whatever else is worth saying.
    #[serde(default)]
    #[schema(value_type = Option<schemas::Paragraphs>)]
    pub(crate) notes: Option<LongText>,
}

/// Changes of what an entry tells: what is absent stays, null empties. Only the properties of its own type.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct TreatmentDetailsPatch {
    /// When it was made or done: exams, surgery.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    date: Option<String>,
    /// The name of an exam.
    #[schema(value_type = Option<schemas::Line>, example = "CT of the chest")]
    name: Option<String>,
    /// The results of an exam.
    #[schema(value_type = Option<schemas::Paragraphs>, example = "A nodule of 12 mm.")]
    results: Option<String>,
    /// The diagnosis of an exam.
    #[schema(value_type = Option<schemas::Paragraphs>, example = "Adenocarcinoma")]
    diagnosis: Option<String>,
    /// The surgical procedure.
    #[schema(value_type = Option<schemas::Line>, example = "Lobectomy")]
    procedure: Option<String>,
    /// The pathological results of surgery.
    #[schema(value_type = Option<schemas::Paragraphs>, example = "pT1b pN0")]
    pathological_results: Option<String>,
    /// From when until when: chemotherapy, radiation.
    duration: Option<TreatmentPeriodInput>,
    /// How often, of a chemotherapy.
    #[schema(value_type = Option<schemas::Line>, example = "Every three weeks")]
    frequency: Option<String>,
    /// What a chemotherapy did.
    #[schema(value_type = Option<schemas::Paragraphs>, example = "Partial response")]
    efficacy: Option<String>,
    /// The medicines of a chemotherapy, all of them.
    #[schema(value_type = Option<Vec<schemas::Line>>, max_items = 30)]
    medications: Option<Vec<String>>,
    /// How much radiation.
    #[schema(value_type = Option<schemas::Line>, example = "50 Gy in 25 fractions")]
    amount: Option<String>,
    /// Where radiation went.
    #[schema(value_type = Option<schemas::Line>, example = "Mediastinum")]
    irradiated_area: Option<String>,
}

/// A change of an entry: JSON merge patch. An entry never changes its type.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TreatmentEntryPatch {
    /// What of the treatment changes.
    #[serde(default)]
    #[schema(value_type = TreatmentDetailsPatch, required = false)]
    treatment: TreatmentPatch,
    /// Whatever else is worth saying.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<schemas::Paragraphs>)]
    notes: Option<Option<LongText>>,
}

impl From<&TreatmentEntryPatch> for TreatmentPatch {
    fn from(patch: &TreatmentEntryPatch) -> Self {
        Self { notes: patch.notes.clone(), ..patch.treatment.clone() }
    }
}

/// An entry of the treatment history.
#[derive(Serialize, ToSchema)]
pub(crate) struct TreatmentEntry {
    /// The entry.
    #[schema(value_type = schemas::TreatmentEntryKey)]
    id: TreatmentEntryId,
    /// The case.
    #[schema(value_type = schemas::CaseKey)]
    case_id: CaseId,
    /// What it tells.
    #[schema(value_type = TreatmentDetails)]
    treatment: Treatment,
    /// Whatever else is worth saying.
    #[schema(value_type = Option<schemas::Paragraphs>)]
    notes: Option<LongText>,
    /// Counts the changes of the entry.
    #[schema(minimum = 1, example = 1)]
    version: i64,
    /// Who wrote it down.
    #[schema(value_type = schemas::UserKey)]
    entered_by: UserId,
    /// When.
    #[schema(value_type = schemas::Moment)]
    entered_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = schemas::Moment)]
    updated_at: Timestamp,
}

impl From<&Stored> for TreatmentEntry {
    fn from(stored: &Stored) -> Self {
        let entry = &stored.entry;
        Self {
            id: entry.id,
            case_id: entry.case,
            treatment: entry.treatment.clone(),
            notes: entry.notes.clone(),
            version: stored.version,
            entered_by: entry.entered_by,
            entered_at: entry.entered_at,
            updated_at: stored.updated_at,
        }
    }
}

/// A page of the treatment history.
#[derive(Serialize, ToSchema)]
pub(crate) struct TreatmentEntryList {
    /// The entries, in the order of their making.
    pub(crate) data: Vec<TreatmentEntry>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}

/// The answer about one entry.
pub(crate) fn reply(stored: &Stored) -> Result<Reply, Error> {
    Ok(Reply::ok(&TreatmentEntry::from(stored))?.revised(treatment::revision(stored)))
}

/// The answer about a new entry.
pub(crate) fn created(stored: &Stored) -> Result<Reply, Error> {
    let location = format!("/v1/cases/{}/treatment-entries/{}", stored.entry.case, stored.entry.id);
    Ok(Reply::created(location, &TreatmentEntry::from(stored))?.revised(treatment::revision(stored)))
}
