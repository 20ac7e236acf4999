//! The application form, as far as it is filled in.

use serde::{Deserialize, Serialize};

use crate::ids::RepresentativeId;
use crate::people::{ContactPerson, LanguageTag, LongText, Patient, PersonName, PhoneNumber, RelationToPatient, ShortText};

/// The application form (seed: “Application form”). A draft may be incomplete; what is needed is asked for when it is submitted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(description = "The application form. A draft may be incomplete; what is needed is asked for when it is submitted.")
)]
#[serde(default)]
pub struct Application {
    /// The patient.
    pub patient: Patient,
    /// The one other person, such as a family member.
    pub contact_person: ContactPerson,
    /// Those who visit for the patient, at most three.
    #[cfg_attr(feature = "schema", schema(max_items = 3))]
    pub representatives: Vec<Representative>,
    /// The patient's questions, at most ten questions.
    #[cfg_attr(feature = "schema", schema(max_items = 10))]
    pub questions: Vec<LongText>,
    /// Whether the patient wishes treatment at this hospital.
    pub wishes_treatment_here: Option<bool>,
    /// The slides that are to be examined again, if that is requested.
    pub re_examination: Option<ReExamination>,
    /// Whether the patient has family or friends in Japan; a written opinion is for those who have none (seed).
    pub has_family_or_friend_in_japan: Option<bool>,
    /// Why a written opinion is offered all the same, in the desk's words.
    pub written_offered_because: Option<LongText>,
    /// Whether the patient does not know of the diagnosis, or of this application.
    pub patient_uninformed: bool,
    /// The language in which the opinion or the consultation is wished.
    pub language: Option<LanguageTag>,
    /// Who treats the patient now.
    pub current_physician: Option<ShortText>,
}

/// A person who visits for the patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Representative {
    /// The identifier; it stays the same when the name is corrected.
    pub id: RepresentativeId,
    /// The name.
    pub name: PersonName,
    /// How they stand to the patient; needed before the application is submitted.
    pub relation: Option<RelationToPatient>,
    /// The telephone number.
    pub phone: Option<PhoneNumber>,
}

/// A person who visits for the patient, as they are written into the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RepresentativeForm {
    /// The identifier of somebody who stands in the form already; absent or null for a new person.
    #[serde(default)]
    pub id: Option<RepresentativeId>,
    /// The name.
    pub name: PersonName,
    /// How they stand to the patient; needed before the application is submitted.
    #[serde(default)]
    pub relation: Option<RelationToPatient>,
    /// The telephone number.
    #[serde(default)]
    pub phone: Option<PhoneNumber>,
}

/// Slides that are to be examined again (seed: “We offer a re-exam of pathology slides from other hospital at your request”).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(utoipa::ToSchema),
    schema(description = "Slides that are to be examined again. A specimen of resected material may be many slides.")
)]
pub struct ReExamination {
    /// Biopsy slides, stained.
    #[cfg_attr(feature = "schema", schema(maximum = 200))]
    pub biopsy_slides: u16,
    /// Specimens of resected material, stained; each may be many slides.
    #[cfg_attr(feature = "schema", schema(maximum = 200))]
    pub resected_specimens: u16,
}

impl ReExamination {
    /// No slides.
    pub const NONE: Self = Self { biopsy_slides: 0, resected_specimens: 0 };

    /// Whether there are none.
    pub const fn is_none(self) -> bool {
        self.biopsy_slides == 0 && self.resected_specimens == 0
    }

    /// These, if there are any.
    pub fn asked(self) -> Option<Self> {
        (!self.is_none()).then_some(self)
    }

    /// As many of each as both together.
    #[must_use]
    pub const fn plus(self, more: Self) -> Self {
        Self {
            biopsy_slides: self.biopsy_slides.saturating_add(more.biopsy_slides),
            resected_specimens: self.resected_specimens.saturating_add(more.resected_specimens),
        }
    }

    /// As many of each as these have more than others.
    #[must_use]
    pub const fn beyond(self, others: Self) -> Self {
        Self {
            biopsy_slides: self.biopsy_slides.saturating_sub(others.biopsy_slides),
            resected_specimens: self.resected_specimens.saturating_sub(others.resected_specimens),
        }
    }

    /// As many of each as the one that has more.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        self.plus(others.beyond(self))
    }

    /// As many of each as both have.
    #[must_use]
    pub fn in_common(self, others: Self) -> Self {
        Self {
            biopsy_slides: self.biopsy_slides.min(others.biopsy_slides),
            resected_specimens: self.resected_specimens.min(others.resected_specimens),
        }
    }
}

impl RepresentativeForm {
    /// The person with this identifier.
    pub fn named(self, id: RepresentativeId) -> Representative {
        let Self { id: _, name, relation, phone } = self;
        Representative { id, name, relation, phone }
    }
}

impl Representative {
    /// Whether this is family. Somebody whose relation is not stated is not taken for family.
    pub fn is_family(&self) -> bool {
        self.relation.is_some_and(RelationToPatient::is_family)
    }
}

impl Application {
    /// The people who visit and are not family, or whose relation is not stated: for them the patient's consent is needed.
    pub fn has_visitor_outside_family(&self) -> bool {
        self.representatives.iter().any(|one| !one.is_family())
    }

    /// Whether the people who visit are family, all of them.
    pub fn is_represented_by_family(&self) -> bool {
        !self.representatives.is_empty() && !self.has_visitor_outside_family()
    }

    /// Every name of the application, for search.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let parties = [self.patient.name.as_ref(), self.contact_person.name.as_ref()];
        let visitors = self.representatives.iter().map(|one| &one.name);
        parties.into_iter().flatten().chain(visitors).flat_map(PersonName::forms)
    }
}
