//! Changes to the application form, as a JSON Merge Patch (RFC 7396) with types: what is absent stays, `null` empties, objects merge,
//! lists are replaced whole.

use jiff::civil::Date;

use super::application::{Application, ReExamination, Representative, RepresentativeForm};
use crate::case::Refusal;
use crate::ids::RepresentativeId;
use crate::patch::{FieldChange, patch, set};
use crate::people::{
    ContactPerson, EmailAddress, LanguageTag, LegalRepresentative, LongText, Patient, PersonName, PersonNamePatch, PhoneNumber,
    PostalAddress, PostalAddressPatch, RelationToPatient, ShortText,
};

patch! {
    /// Changes to the patient.
    PatientPatch {
        /// The name.
        name: PersonNamePatch,
        /// The date of birth.
        birth_on: Date,
        /// The address.
        address: PostalAddressPatch,
        /// The telephone number.
        phone: PhoneNumber,
        /// The e-mail address.
        email: EmailAddress,
        /// The language to speak and write in.
        language: LanguageTag,
        /// Who signs for the patient by law; replaced as a whole.
        legal_representative: LegalRepresentative,
    }
}

patch! {
    /// Changes to somebody who visits for the patient.
    RepresentativePatch {
        /// The name.
        name: PersonNamePatch,
        /// How they stand to the patient.
        relation: RelationToPatient,
        /// The telephone number.
        phone: PhoneNumber,
    }
}

/// Corrections of the contacts of a case; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct ContactsPatch {
    /// Of the patient.
    pub patient: Option<PatientPatch>,
    /// Of the other person.
    pub contact_person: Option<ContactPersonPatch>,
}

patch! {
    /// Changes to the other person.
    ContactPersonPatch {
        /// The name.
        name: PersonNamePatch,
        /// How they stand to the patient.
        relation: RelationToPatient,
        /// The address.
        address: PostalAddressPatch,
        /// The telephone number.
        phone: PhoneNumber,
        /// The e-mail address.
        email: EmailAddress,
    }
}

patch! {
    /// Changes to the application form.
    ApplicationPatch {
        /// The patient.
        patient: PatientPatch,
        /// The one other person.
        contact_person: ContactPersonPatch,
        /// Those who visit for the patient.
        #[cfg_attr(feature = "schema", schema(max_items = 3))]
        representatives: Vec<RepresentativeForm>,
        /// The patient's questions.
        #[cfg_attr(feature = "schema", schema(max_items = 10))]
        questions: Vec<LongText>,
        /// Whether the patient wishes treatment at this hospital.
        wishes_treatment_here: bool,
        /// The slides that are to be examined again.
        re_examination: ReExamination,
        /// Whether the patient has family or friends in Japan.
        has_family_or_friend_in_japan: bool,
        /// Why a written opinion is offered all the same; the desk's field.
        written_offered_because: LongText,
        /// Whether the patient does not know; `null` says that they do.
        patient_uninformed: bool,
        /// The language in which the opinion or the consultation is wished.
        language: LanguageTag,
        /// Who treats the patient now.
        current_physician: ShortText,
    }
}

/// Merges into a field that is itself made of fields; notes where the result cannot be, and leaves the field then.
fn merge<T, P>(
    field: &mut Option<T>,
    change: FieldChange<P>,
    pointer: &'static str,
    faults: &mut Vec<&'static str>,
    into: impl FnOnce(Option<&T>, P) -> Option<T>,
) {
    match change {
        None => {}
        Some(None) => *field = None,
        Some(Some(patch)) => match into(field.as_ref(), patch) {
            Some(new) => *field = Some(new),
            None => faults.push(pointer),
        },
    }
}

fn name(old: Option<&PersonName>, patch: PersonNamePatch) -> Option<PersonName> {
    patch.applied_to(old).ok()
}

fn address(old: Option<&PostalAddress>, patch: PostalAddressPatch) -> Option<PostalAddress> {
    patch.applied_to(old)
}

impl PatientPatch {
    fn change(self, patient: &mut Patient, faults: &mut Vec<&'static str>) {
        merge(&mut patient.name, self.name, "/application/patient/name", faults, name);
        set(&mut patient.birth_on, self.birth_on);
        merge(&mut patient.address, self.address, "/application/patient/address/country", faults, address);
        set(&mut patient.phone, self.phone);
        set(&mut patient.email, self.email);
        set(&mut patient.language, self.language);
        set(&mut patient.legal_representative, self.legal_representative);
    }
}

impl ContactPersonPatch {
    fn change(self, person: &mut ContactPerson, faults: &mut Vec<&'static str>) {
        merge(&mut person.name, self.name, "/application/contact_person/name", faults, name);
        set(&mut person.relation, self.relation);
        merge(&mut person.address, self.address, "/application/contact_person/address/country", faults, address);
        set(&mut person.phone, self.phone);
        set(&mut person.email, self.email);
    }
}

impl RepresentativePatch {
    /// The person with these changes.
    ///
    /// # Errors
    /// [`Refusal::ChangeNotReadable`] if no form of the name is left.
    pub fn applied_to(self, one: &Representative) -> Result<Representative, Refusal> {
        let (mut new, mut kept, mut faults) = (one.clone(), Some(one.name.clone()), Vec::new());
        merge(&mut kept, self.name, "/representative/name", &mut faults, name);
        set(&mut new.relation, self.relation);
        set(&mut new.phone, self.phone);
        match kept {
            Some(kept) if faults.is_empty() => Ok(Representative { name: kept, ..new }),
            Some(_) | None => Err(Refusal::ChangeNotReadable { pointers: vec!["/representative/name"] }),
        }
    }
}

impl ContactsPatch {
    /// The application with these corrections.
    ///
    /// # Errors
    /// As [`ApplicationPatch::applied_to`].
    pub fn applied_to(self, application: &Application) -> Result<Application, Refusal> {
        let (mut new, mut faults) = (application.clone(), Vec::new());
        if let Some(patch) = self.patient {
            patch.change(&mut new.patient, &mut faults);
        }
        if let Some(patch) = self.contact_person {
            patch.change(&mut new.contact_person, &mut faults);
        }
        if faults.is_empty() { Ok(new) } else { Err(Refusal::ChangeNotReadable { pointers: faults }) }
    }
}

/// The people of a new list: those who keep their identifier, and new ones with a fresh one.
fn people(
    forms: Vec<RepresentativeForm>,
    before: &[Representative],
    fresh: &mut dyn FnMut() -> RepresentativeId,
) -> Result<Vec<Representative>, Refusal> {
    let (mut people, mut unknown) = (Vec::<Representative>::new(), Vec::new());
    for (place, form) in forms.into_iter().enumerate() {
        let id = form.id.unwrap_or_else(&mut *fresh);
        let is_good = form.id.is_none() || (before.iter().any(|old| old.id == id) && !people.iter().any(|one| one.id == id));
        if !is_good {
            unknown.push(place);
        }
        people.push(form.named(id));
    }
    if unknown.is_empty() { Ok(people) } else { Err(Refusal::PersonNotInForm { representatives: unknown }) }
}

impl ApplicationPatch {
    /// The application with these changes. `fresh` gives the identifiers of people who are named for the first time.
    ///
    /// # Errors
    /// [`Refusal::ChangeNotReadable`] with every place where what is left cannot be: a name without any form, an address without a country;
    /// [`Refusal::PersonNotInForm`] for an identifier of nobody in the form.
    pub fn applied_to(self, application: &Application, fresh: &mut dyn FnMut() -> RepresentativeId) -> Result<Application, Refusal> {
        let (mut new, mut faults) = (application.clone(), Vec::new());
        match self.patient {
            None => {}
            Some(None) => new.patient = Patient::default(),
            Some(Some(patch)) => patch.change(&mut new.patient, &mut faults),
        }
        match self.contact_person {
            None => {}
            Some(None) => new.contact_person = ContactPerson::default(),
            Some(Some(patch)) => patch.change(&mut new.contact_person, &mut faults),
        }
        if let Some(representatives) = self.representatives {
            new.representatives = people(representatives.unwrap_or_default(), &application.representatives, fresh)?;
        }
        if let Some(questions) = self.questions {
            new.questions = questions.unwrap_or_default();
        }
        set(&mut new.wishes_treatment_here, self.wishes_treatment_here);
        set(&mut new.re_examination, self.re_examination);
        set(&mut new.has_family_or_friend_in_japan, self.has_family_or_friend_in_japan);
        set(&mut new.written_offered_because, self.written_offered_because);
        if let Some(uninformed) = self.patient_uninformed {
            new.patient_uninformed = uninformed.unwrap_or(false);
        }
        set(&mut new.language, self.language);
        set(&mut new.current_physician, self.current_physician);
        if faults.is_empty() { Ok(new) } else { Err(Refusal::ChangeNotReadable { pointers: faults }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patched(application: &Application, json: &str) -> Result<Application, Refusal> {
        serde_json::from_str::<ApplicationPatch>(json).unwrap().applied_to(application, &mut || crate::tests::fixtures::id(77))
    }

    #[test]
    fn absent_fields_stay_null_empties_and_objects_merge() {
        let before = patched(
            &Application::default(),
            r#"{"patient":{"name":{"alphabetic":"Mei Tan","native":"陳美"},"address":{"country":"SG","city":"Singapore"},"email":"mei@example.org"}}"#,
        )
        .unwrap();
        let after = patched(
            &before,
            r#"{"patient":{"name":{"native":null},"address":{"city":null,"country":"MY"},"phone":"+6531632000"},"questions":["Why?"]}"#,
        )
        .unwrap();
        let name = after.patient.name.as_ref().unwrap();
        assert_eq!((name.alphabetic(), name.native()), (Some("Mei Tan"), None));
        assert_eq!(after.patient.address.as_ref().map(|address| (address.country.as_str(), address.city.is_none())), Some(("MY", true)));
        assert_eq!(after.patient.email, before.patient.email);
        assert_eq!(after.questions.len(), 1);
        assert_eq!(patched(&after, r#"{"patient":null,"questions":null}"#).unwrap(), Application::default());
        assert_eq!(patched(&after, "{}").unwrap(), after);
    }

    #[test]
    fn a_change_that_leaves_half_a_name_or_address_says_where() {
        let named = patched(&Application::default(), r#"{"patient":{"name":{"alphabetic":"Mei Tan"}}}"#).unwrap();
        let refused = |json| patched(&named, json).unwrap_err();
        assert_eq!(
            refused(r#"{"patient":{"name":{"alphabetic":null}}}"#),
            Refusal::ChangeNotReadable { pointers: vec!["/application/patient/name"] }
        );
        assert_eq!(
            refused(r#"{"patient":{"address":{"country":null}},"contact_person":{"address":{"city":"Kyiv"},"name":{}}}"#),
            Refusal::ChangeNotReadable {
                pointers: vec![
                    "/application/patient/address/country",
                    "/application/contact_person/name",
                    "/application/contact_person/address/country"
                ]
            }
        );
        assert!(serde_json::from_str::<ApplicationPatch>(r#"{"nationality":"XX"}"#).is_err());
    }
}
