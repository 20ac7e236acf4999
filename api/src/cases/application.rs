//! The application form on the wire: its schemas. The value is `domain::case::Application` itself.

use utoipa::ToSchema;

use crate::cases::names::PatientRelation;
use crate::document::schemas;
use crate::values::{NameInput, NameOfPerson, PostalAddress, PostalAddressInput};

/// Slides that are to be examined again. A specimen of resected material may be many slides.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ReExaminationOfSlides {
    /// Biopsy slides, stained.
    #[schema(minimum = 0, maximum = 200, example = 2)]
    biopsy_slides: u16,
    /// Specimens of resected material, stained.
    #[schema(minimum = 0, maximum = 200, example = 1)]
    resected_specimens: u16,
}

/// The patient, as far as the form is filled in. Which fields an application needs is a setting of the hospital. What is absent or null is not filled in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct PatientInput {
    /// The name.
    name: Option<NameInput>,
    /// The date of birth.
    birth_on: Option<schemas::DateOn>,
    /// The address; its country is the country of residence.
    address: Option<PostalAddressInput>,
    /// The telephone number.
    phone: Option<schemas::Phone>,
    /// The e-mail address.
    email: Option<schemas::Email>,
    /// The language to speak and write in.
    language: Option<schemas::LanguageCode>,
}

/// The patient, as far as the form is filled in. Which fields an application needs is a setting of the hospital.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct PatientForm {
    /// The name.
    name: Option<NameOfPerson>,
    /// The date of birth.
    birth_on: Option<schemas::DateOn>,
    /// The address; its country is the country of residence.
    address: Option<PostalAddress>,
    /// The telephone number.
    phone: Option<schemas::Phone>,
    /// The e-mail address.
    email: Option<schemas::Email>,
    /// The language to speak and write in.
    language: Option<schemas::LanguageCode>,
}

/// The one other person, such as a family member, as far as the form is filled in. What is absent or null is not filled in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ContactPersonInput {
    /// The name.
    name: Option<NameInput>,
    /// How they stand to the patient.
    relation: Option<PatientRelation>,
    /// The address.
    address: Option<PostalAddressInput>,
    /// The telephone number.
    phone: Option<schemas::Phone>,
    /// The e-mail address.
    email: Option<schemas::Email>,
}

/// The one other person, such as a family member, as far as the form is filled in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ContactPersonForm {
    /// The name.
    name: Option<NameOfPerson>,
    /// How they stand to the patient.
    relation: Option<PatientRelation>,
    /// The address.
    address: Option<PostalAddress>,
    /// The telephone number.
    phone: Option<schemas::Phone>,
    /// The e-mail address.
    email: Option<schemas::Email>,
}

/// A person who visits for the patient. What is absent or null is not filled in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct RepresentativeInput {
    /// The name.
    name: NameInput,
    /// How they stand to the patient; needed before the application is submitted.
    relation: Option<PatientRelation>,
    /// The telephone number.
    phone: Option<schemas::Phone>,
}

/// A person who visits for the patient.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct RepresentativeForm {
    /// The name.
    name: NameOfPerson,
    /// How they stand to the patient; needed before the application is submitted.
    relation: Option<PatientRelation>,
    /// The telephone number.
    phone: Option<schemas::Phone>,
}

/// The application form. What is absent or null is not filled in.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ApplicationInput {
    /// The patient.
    patient: Option<PatientInput>,
    /// The one other person.
    contact_person: Option<ContactPersonInput>,
    /// Those who visit for the patient.
    #[schema(max_items = 3)]
    representatives: Option<Vec<RepresentativeInput>>,
    /// What the patient wants to know.
    #[schema(max_items = 10, example = json!(["Is surgery still an option?"]))]
    questions: Option<Vec<schemas::Paragraphs>>,
    /// Whether the patient wishes treatment at this hospital.
    #[schema(example = true)]
    wishes_treatment_here: Option<bool>,
    /// The slides that are to be examined again, if that is requested.
    re_examination: Option<ReExaminationOfSlides>,
    /// Whether the patient has family or friends in Japan; a written opinion is for those who have none.
    #[schema(example = false)]
    has_family_or_friend_in_japan: Option<bool>,
    /// Why a written opinion is offered all the same; the desk alone writes here.
    #[schema(example = json!(null))]
    written_offered_because: Option<schemas::Paragraphs>,
    /// Whether the patient does not know of the diagnosis or of this application: for a representative consultation by family only. Nothing then reaches the patient.
    #[schema(example = false)]
    patient_uninformed: Option<bool>,
    /// The language in which the opinion or the consultation is wished.
    language: Option<schemas::LanguageCode>,
    /// Who treats the patient now.
    #[schema(example = "Dr. Lee, City Hospital")]
    current_physician: Option<schemas::Line>,
}

/// The application form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ApplicationForm {
    /// The patient.
    patient: PatientForm,
    /// The one other person.
    contact_person: ContactPersonForm,
    /// Those who visit for the patient.
    #[schema(max_items = 3)]
    representatives: Vec<RepresentativeForm>,
    /// What the patient wants to know.
    #[schema(max_items = 10, example = json!(["Is surgery still an option?"]))]
    questions: Vec<schemas::Paragraphs>,
    /// Whether the patient wishes treatment at this hospital.
    #[schema(example = true)]
    wishes_treatment_here: Option<bool>,
    /// The slides that are to be examined again, if that is requested.
    re_examination: Option<ReExaminationOfSlides>,
    /// Whether the patient has family or friends in Japan; a written opinion is for those who have none.
    #[schema(example = false)]
    has_family_or_friend_in_japan: Option<bool>,
    /// Why a written opinion is offered all the same; the desk alone writes here.
    #[schema(example = json!(null))]
    written_offered_because: Option<schemas::Paragraphs>,
    /// Whether the patient does not know of the diagnosis or of this application: for a representative consultation by family only. Nothing then reaches the patient.
    #[schema(example = false)]
    patient_uninformed: bool,
    /// The language in which the opinion or the consultation is wished.
    language: Option<schemas::LanguageCode>,
    /// Who treats the patient now.
    #[schema(example = "Dr. Lee, City Hospital")]
    current_physician: Option<schemas::Line>,
}
