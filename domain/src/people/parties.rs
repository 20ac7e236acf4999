//! The parties of an application: the patient and the one other person that the form asks for (seed: “Please fill out all contact
//! information for the patient and 1 other person, such as a family member or a contact person”).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::wire::wire_enum;

use super::{EmailAddress, LanguageTag, PersonName, PhoneNumber, PostalAddress, ShortText};

wire_enum! {
    /// How a person stands to the patient.
    RelationToPatient {
        /// Husband, wife, partner by law.
        Spouse = "spouse",
        /// Mother, father.
        Parent = "parent",
        /// Daughter, son.
        Child = "child",
        /// Sister, brother.
        Sibling = "sibling",
        /// Grandmother, grandfather.
        Grandparent = "grandparent",
        /// Granddaughter, grandson.
        Grandchild = "grandchild",
        /// Another relative.
        OtherFamily = "other_family",
        /// A friend: not family.
        Friend = "friend",
        /// A colleague: not family.
        Colleague = "colleague",
        /// Somebody who cares for the patient: not family.
        Caregiver = "caregiver",
        /// Anybody else: not family.
        Other = "other",
    }
}

impl RelationToPatient {
    /// Whether this is family. A friend is not (seed: “If non-family member comes …”).
    pub const fn is_family(self) -> bool {
        match self {
            Self::Spouse | Self::Parent | Self::Child | Self::Sibling | Self::Grandparent | Self::Grandchild | Self::OtherFamily => true,
            Self::Friend | Self::Colleague | Self::Caregiver | Self::Other => false,
        }
    }
}

wire_enum! {
    /// A field of the patient or of the other person that the form may need; which ones is a setting.
    PartyField {
        /// The name.
        Name = "name",
        /// The date of birth.
        BirthOn = "birth_on",
        /// The address.
        Address = "address",
        /// The country of residence; part of the address.
        Country = "country",
        /// The telephone number.
        Phone = "phone",
        /// The e-mail address.
        Email = "email",
        /// The language to speak and write in.
        Language = "language",
        /// The relation to the patient.
        Relation = "relation",
    }
}

impl PartyField {
    /// Where the field stands within its party, as the end of a JSON Pointer.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Name => "/name",
            Self::BirthOn => "/birth_on",
            Self::Address => "/address",
            Self::Country => "/address/country",
            Self::Phone => "/phone",
            Self::Email => "/email",
            Self::Language => "/language",
            Self::Relation => "/relation",
        }
    }
}

/// The patient, as far as the form is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Patient {
    /// The name.
    pub name: Option<PersonName>,
    /// The date of birth.
    pub birth_on: Option<Date>,
    /// The address; its country is the country of residence.
    pub address: Option<PostalAddress>,
    /// The telephone number.
    pub phone: Option<PhoneNumber>,
    /// The e-mail address.
    pub email: Option<EmailAddress>,
    /// The language to speak and write in.
    pub language: Option<LanguageTag>,
    /// Who signs for the patient by law, if the patient does not.
    pub legal_representative: Option<LegalRepresentative>,
}

wire_enum! {
    /// Why somebody else signs for the patient.
    LegalGround {
        /// The patient is a minor.
        Minor = "minor",
        /// The patient cannot sign.
        Incapacity = "incapacity",
    }
}

/// Who signs for the patient by law, wherever the patient's signature is needed. It is stated, not computed from a date of birth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LegalRepresentative {
    /// The name.
    pub name: PersonName,
    /// How they stand to the patient.
    #[serde(default)]
    pub relation: Option<RelationToPatient>,
    /// Why they sign.
    pub ground: LegalGround,
    /// The paper that the desk has seen, such as a birth certificate; the desk's field.
    #[serde(default)]
    pub evidence: Option<ShortText>,
}

/// The other person, as far as the form is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ContactPerson {
    /// The name.
    pub name: Option<PersonName>,
    /// How they stand to the patient.
    pub relation: Option<RelationToPatient>,
    /// The address.
    pub address: Option<PostalAddress>,
    /// The telephone number.
    pub phone: Option<PhoneNumber>,
    /// The e-mail address.
    pub email: Option<EmailAddress>,
}

impl Patient {
    /// Which of the required fields are not filled in.
    pub fn missing_fields(&self, required: &[PartyField]) -> Vec<PartyField> {
        let has = |field| match field {
            PartyField::Name => self.name.is_some(),
            PartyField::BirthOn => self.birth_on.is_some(),
            PartyField::Address | PartyField::Country => self.address.is_some(),
            PartyField::Phone => self.phone.is_some(),
            PartyField::Email => self.email.is_some(),
            PartyField::Language => self.language.is_some(),
            PartyField::Relation => true,
        };
        required.iter().copied().filter(|field| !has(*field)).collect()
    }
}

impl ContactPerson {
    /// The fields that show that this is the patient: the same e-mail address, or the same name with the same telephone number.
    pub fn shared_with(&self, patient: &Patient) -> Vec<PartyField> {
        let same_email = self.email.as_ref().zip(patient.email.as_ref()).is_some_and(|(one, other)| one.is_same_mailbox(other));
        let same_name = self
            .name
            .as_ref()
            .zip(patient.name.as_ref())
            .is_some_and(|(one, other)| one.forms().any(|form| other.forms().any(|o| o == form)));
        let same_phone = self.phone.is_some() && self.phone == patient.phone;
        let mut fields = Vec::new();
        if same_email {
            fields.push(PartyField::Email);
        }
        if same_name && same_phone {
            fields.extend([PartyField::Name, PartyField::Phone]);
        }
        fields
    }

    /// Which of the required fields are not filled in.
    pub fn missing_fields(&self, required: &[PartyField]) -> Vec<PartyField> {
        let has = |field| match field {
            PartyField::Name => self.name.is_some(),
            PartyField::Relation => self.relation.is_some(),
            PartyField::Address | PartyField::Country => self.address.is_some(),
            PartyField::Phone => self.phone.is_some(),
            PartyField::Email => self.email.is_some(),
            PartyField::BirthOn | PartyField::Language => true,
        };
        required.iter().copied().filter(|field| !has(*field)).collect()
    }
}
