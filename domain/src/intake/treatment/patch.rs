//! Changes to an entry, as a JSON Merge Patch with types.

use serde::Deserialize;

use super::{PartialDate, Period, Treatment, TreatmentEntry, TreatmentFault, TreatmentKind};
use crate::patch::{FieldChange, present};
use crate::people::{LongText, ShortText};

macro_rules! changes {
    ($($(#[$doc:meta])* $field:ident: $type:ty = $pointer:literal),* $(,)?) => {
        /// Changes to what an entry tells: what is absent stays, `null` empties. An entry does not change what it tells of: fields of another
        /// kind of treatment are refused.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
        #[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields)]
        pub struct TreatmentPatch {
            /// The type of the entry, as it was read: it never changes.
            #[serde(default)]
            #[cfg_attr(feature = "schema", schema(required = false, nullable = false))]
            pub r#type: Option<TreatmentKind>,
            $($(#[$doc])* #[serde(default, deserialize_with = "present")] pub $field: Option<Option<$type>>,)*
            /// Whatever else is worth saying.
            #[serde(default, deserialize_with = "present")]
            #[cfg_attr(feature = "schema", schema(ignore))]
            pub notes: FieldChange<LongText>,
        }

        impl TreatmentPatch {
            /// The first field that is still to be taken.
            fn left(&self) -> Option<&'static str> {
                $(if self.$field.is_some() { return Some($pointer); })*
                None
            }
        }
    };
}

changes! {
    /// When it was made or done: exams, surgery.
    date: PartialDate = "/date",
    /// The name of an exam.
    name: ShortText = "/name",
    /// The results of an exam.
    results: LongText = "/results",
    /// The diagnosis of an exam.
    diagnosis: LongText = "/diagnosis",
    /// The surgical procedure.
    procedure: ShortText = "/procedure",
    /// The pathological results of surgery.
    pathological_results: LongText = "/pathological_results",
    /// From when until when: chemotherapy, radiation.
    duration: Period = "/duration",
    /// How often, of a chemotherapy.
    frequency: ShortText = "/frequency",
    /// The effect of a chemotherapy.
    efficacy: LongText = "/efficacy",
    /// The medicines of a chemotherapy, all of them.
    #[cfg_attr(feature = "schema", schema(max_items = 30))]
    medications: Vec<ShortText> = "/medications",
    /// How much radiation.
    amount: ShortText = "/amount",
    /// The area that was irradiated.
    irradiated_area: ShortText = "/irradiated_area",
}

fn take<T>(field: &mut Option<T>, change: &mut FieldChange<T>) {
    if let Some(value) = change.take() {
        *field = value;
    }
}

impl TreatmentEntry {
    /// The entry with these changes.
    ///
    /// # Errors
    /// `not_of_this_treatment` for a field that this kind of treatment does not have; those of [`TreatmentEntry::check`].
    pub fn changed(mut self, mut patch: TreatmentPatch) -> Result<Self, TreatmentFault> {
        if patch.r#type.is_some_and(|named| named != self.treatment.kind()) {
            return Err(TreatmentFault { pointer: "/type", code: "not_of_this_treatment" });
        }
        match &mut self.treatment {
            Treatment::Exam(exam) => {
                take(&mut exam.date, &mut patch.date);
                take(&mut exam.name, &mut patch.name);
                take(&mut exam.results, &mut patch.results);
                take(&mut exam.diagnosis, &mut patch.diagnosis);
            }
            Treatment::Surgery(surgery) => {
                take(&mut surgery.date, &mut patch.date);
                take(&mut surgery.procedure, &mut patch.procedure);
                take(&mut surgery.pathological_results, &mut patch.pathological_results);
            }
            Treatment::Chemotherapy(chemotherapy) => {
                take(&mut chemotherapy.duration, &mut patch.duration);
                take(&mut chemotherapy.frequency, &mut patch.frequency);
                take(&mut chemotherapy.efficacy, &mut patch.efficacy);
                if let Some(medications) = patch.medications.take() {
                    chemotherapy.medications = medications.unwrap_or_default();
                }
            }
            Treatment::Radiation(radiation) => {
                take(&mut radiation.duration, &mut patch.duration);
                take(&mut radiation.amount, &mut patch.amount);
                take(&mut radiation.irradiated_area, &mut patch.irradiated_area);
            }
        }
        if let Some(pointer) = patch.left() {
            return Err(TreatmentFault { pointer, code: "not_of_this_treatment" });
        }
        take(&mut self.notes, &mut patch.notes);
        self.check()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use uuid::Uuid;

    use super::super::Exam;
    use super::*;
    use crate::ids::{CaseId, TreatmentEntryId, UserId};

    fn exam() -> TreatmentEntry {
        TreatmentEntry {
            id: TreatmentEntryId::from_uuid(Uuid::nil()),
            case: CaseId::from_uuid(Uuid::nil()),
            treatment: Treatment::Exam(Exam { name: Some("CT".parse().unwrap()), ..Exam::default() }),
            notes: None,
            entered_by: UserId::from_uuid(Uuid::nil()),
            entered_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn patch(json: &str) -> Result<TreatmentEntry, &'static str> {
        exam().changed(serde_json::from_str(json).unwrap()).map_err(|fault| fault.pointer)
    }

    #[test]
    fn an_entry_takes_its_own_fields_only() {
        let changed = patch(r#"{"date":"2021-03","notes":"abroad"}"#).unwrap();
        assert!(matches!(changed.treatment, Treatment::Exam(Exam { date: Some(_), name: Some(_), .. })));
        assert_eq!(patch(r#"{"irradiated_area":"chest"}"#), Err("/irradiated_area"));
        assert_eq!(patch(r#"{"name":null}"#), Err("/treatment"), "nothing would be left");
    }
}
