//! The treatment history (seed: “documents or images which tell details of your condition and treatment”): exams, surgery,
//! chemotherapy, radiation therapy. Every field is optional, for people provide what they can.

mod partial_date;
mod patch;

pub use partial_date::{PartialDate, Period};
pub use patch::TreatmentPatch;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{CaseId, TreatmentEntryId, UserId};
use crate::people::{LongText, ShortText};
use crate::wire::wire_enum;

/// The most medicines that an entry names.
pub const MOST_MEDICATIONS: usize = 30;

wire_enum! {
    /// The kind of an entry.
    TreatmentKind {
        /// An exam.
        Exam = "exam",
        /// An operation.
        Surgery = "surgery",
        /// A chemotherapy.
        Chemotherapy = "chemotherapy",
        /// A radiation therapy.
        Radiation = "radiation",
    }
}

/// An exam (seed: “the date, name of the exam, results, diagnosis, etc.”).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Exam {
    /// When it was made.
    pub date: Option<PartialDate>,
    /// Its name.
    pub name: Option<ShortText>,
    /// The results.
    pub results: Option<LongText>,
    /// The diagnosis.
    pub diagnosis: Option<LongText>,
}

/// An operation (seed: “the date, surgical procedure, pathological results, etc.”).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Surgery {
    /// When it was done.
    pub date: Option<PartialDate>,
    /// The surgical procedure.
    pub procedure: Option<ShortText>,
    /// The pathological results.
    pub pathological_results: Option<LongText>,
}

/// A chemotherapy (seed: “the duration, frequency, efficacy, type of anticancer medications you were given, etc.”).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Chemotherapy {
    /// From when until when.
    pub duration: Option<Period>,
    /// How often.
    pub frequency: Option<ShortText>,
    /// The effect.
    pub efficacy: Option<LongText>,
    /// The medicines.
    #[cfg_attr(feature = "schema", schema(max_items = 30))]
    pub medications: Vec<ShortText>,
}

/// A radiation therapy (seed: “the duration, amount, irradiated area, etc.”).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Radiation {
    /// From when until when.
    pub duration: Option<Period>,
    /// How much, as it is written there, such as `50 Gy in 25 fractions`.
    pub amount: Option<ShortText>,
    /// Where.
    pub irradiated_area: Option<ShortText>,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Treatment {
    /// An exam.
    #[cfg_attr(feature = "schema", schema(title = "ExamDetails"))]
    Exam(Exam),
    /// An operation.
    #[cfg_attr(feature = "schema", schema(title = "SurgeryDetails"))]
    Surgery(Surgery),
    /// A chemotherapy.
    #[cfg_attr(feature = "schema", schema(title = "ChemotherapyDetails"))]
    Chemotherapy(Chemotherapy),
    /// A radiation therapy.
    #[cfg_attr(feature = "schema", schema(title = "RadiationDetails"))]
    Radiation(Radiation),
}

/// An entry that makes no sense: where, and which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}")]
pub struct TreatmentFault {
    /// JSON Pointer into the entry.
    pub pointer: &'static str,
    /// Stable code of the rule.
    pub code: &'static str,
}

/// An entry of the treatment history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreatmentEntry {
    /// The identifier.
    pub id: TreatmentEntryId,
    /// The case.
    pub case: CaseId,
    /// The content.
    pub treatment: Treatment,
    /// Whatever else is worth saying.
    pub notes: Option<LongText>,
    /// Who wrote it down.
    pub entered_by: UserId,
    /// When.
    pub entered_at: Timestamp,
}

impl Treatment {
    /// The kind.
    pub const fn kind(&self) -> TreatmentKind {
        match self {
            Self::Exam(_) => TreatmentKind::Exam,
            Self::Surgery(_) => TreatmentKind::Surgery,
            Self::Chemotherapy(_) => TreatmentKind::Chemotherapy,
            Self::Radiation(_) => TreatmentKind::Radiation,
        }
    }

    /// Whether nothing is filled in.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Exam(exam) => *exam == Exam::default(),
            Self::Surgery(surgery) => *surgery == Surgery::default(),
            Self::Chemotherapy(chemotherapy) => *chemotherapy == Chemotherapy::default(),
            Self::Radiation(radiation) => *radiation == Radiation::default(),
        }
    }

    /// The first day that it may have begun on, to show the history in order.
    pub fn begins(&self) -> Option<PartialDate> {
        match self {
            Self::Exam(Exam { date, .. }) | Self::Surgery(Surgery { date, .. }) => *date,
            Self::Chemotherapy(Chemotherapy { duration, .. }) | Self::Radiation(Radiation { duration, .. }) => {
                duration.and_then(|period| period.from().or(period.to()))
            }
        }
    }
}

impl TreatmentEntry {
    /// Whether the entry makes sense: it says something, and not endlessly.
    ///
    /// # Errors
    /// `nothing_given` for an entry that says nothing; `too_long` for too many medicines.
    pub fn check(&self) -> Result<(), TreatmentFault> {
        if self.treatment.is_empty() && self.notes.is_none() {
            return Err(TreatmentFault { pointer: "/treatment", code: "nothing_given" });
        }
        match &self.treatment {
            Treatment::Chemotherapy(one) if one.medications.len() > MOST_MEDICATIONS => {
                Err(TreatmentFault { pointer: "/treatment/medications", code: "too_long" })
            }
            Treatment::Exam(_) | Treatment::Surgery(_) | Treatment::Chemotherapy(_) | Treatment::Radiation(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(json: &str) -> TreatmentEntry {
        let id = uuid::Uuid::from_u128(1);
        TreatmentEntry {
            id: TreatmentEntryId::from_uuid(id),
            case: CaseId::from_uuid(id),
            treatment: serde_json::from_str(json).unwrap(),
            notes: None,
            entered_by: UserId::from_uuid(id),
            entered_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn every_field_is_optional_but_not_all_of_them() {
        let surgery = entry(r#"{"type":"surgery","date":"2021-03"}"#);
        assert_eq!((surgery.treatment.kind(), surgery.check()), (TreatmentKind::Surgery, Ok(())));
        let nothing = entry(r#"{"type":"exam"}"#);
        assert_eq!(nothing.check().map_err(|fault| fault.code), Err("nothing_given"));
        let noted = TreatmentEntry { notes: Some("at home".parse().unwrap()), ..nothing };
        assert_eq!(noted.check(), Ok(()));
    }

    #[test]
    fn an_entry_reads_back_as_it_was_written() {
        for json in [
            r#"{"type":"exam","date":"2021-03-05","name":"CT chest","results":"a nodule","diagnosis":"adenocarcinoma"}"#,
            r#"{"type":"chemotherapy","duration":{"from":"2021-04","to":"2021-09"},"frequency":"every 3 weeks","efficacy":"partial response","medications":["cisplatin","pemetrexed"]}"#,
            r#"{"type":"radiation","duration":{"from":"2022","to":null},"amount":"50 Gy in 25 fractions","irradiated_area":"mediastinum"}"#,
        ] {
            let entry = entry(json);
            let text = serde_json::to_string(&entry).unwrap();
            assert_eq!(serde_json::from_str::<TreatmentEntry>(&text).unwrap(), entry);
        }
    }
}
