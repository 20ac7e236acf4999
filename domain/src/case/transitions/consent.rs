//! The register of consents, and the hospital's own number of the patient.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::access::{Relation, Standing};
use crate::case::{Case, Decided, EventKind, Refusal, Rules};
use crate::ids::{ConsentId, UserId};
use crate::people::{LanguageTag, ShortText};
use crate::required_items::{ItemCode, ItemRecord, ItemState};
use crate::wire::wire_enum;

wire_enum! {
    /// What the patient agrees to.
    ConsentKind {
        /// That somebody consults for them (seed: “a consent form signed by the patient”).
        Representative = "representative",
        /// That an agency receives the opinion (law).
        AgencyDisclosure = "agency_disclosure",
    }
}

wire_enum! {
    /// Who signed.
    Signer {
        /// The patient, in their own hand.
        Patient = "patient",
        /// A legal representative, with a ground and evidence of it: a minor, incapacity.
        LegalRepresentative = "legal_representative",
    }
}

/// A consent in the register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The identifier.
    pub id: ConsentId,
    /// What for.
    pub kind: ConsentKind,
    /// Who signed.
    pub signer: Signer,
    /// Why somebody else signs than the patient, and the evidence that was seen.
    pub ground: Option<ShortText>,
    /// The language of the form.
    pub form_language: LanguageTag,
    /// The version of the form.
    pub form_version: ShortText,
    /// The date beside the signature.
    pub signed_on: Date,
    /// Who saw a copy.
    pub copy_seen_by: Option<UserId>,
    /// Who saw the original.
    pub original_seen_by: Option<UserId>,
    /// Who entered it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

impl ConsentKind {
    /// The required item that such a consent is.
    pub const fn item(self) -> ItemCode {
        match self {
            Self::Representative => ItemCode::PatientConsent,
            Self::AgencyDisclosure => ItemCode::AgencyDisclosureConsent,
        }
    }
}

impl Case {
    /// Enters a consent into the register. The item is handed in by that; that it is right, the desk verifies.
    pub fn record_consent(mut self, by: &Standing, _: &Rules<'_>, now: Timestamp, consent: Consent) -> Result<Decided, Refusal> {
        desk_only(by)?;
        if consent.signer == Signer::LegalRepresentative && consent.ground.is_none() {
            return Err(Refusal::GroundMissing);
        }
        let (id, item) = (consent.id, consent.kind.item());
        if matches!(self.item_state(item), ItemState::Missing | ItemState::Rejected) {
            self.items.insert(item, ItemRecord { state: ItemState::Provided, reason: None, by: by.user, at: now });
        }
        self.consents.push(Consent { recorded_by: by.user, recorded_at: now, withdrawn_at: None, ..consent });
        Ok(self.told(EventKind::ConsentRecorded { consent: id }))
    }

    /// Withdraws a consent, at any stage. It holds from the next request on: the item is missing again, unless another consent stands.
    pub fn withdraw_consent(mut self, by: &Standing, _: &Rules<'_>, now: Timestamp, id: ConsentId) -> Result<Decided, Refusal> {
        if !by.relations.contains_any(&[Relation::Desk, Relation::Applicant, Relation::Patient]) {
            return Err(Refusal::Absent);
        }
        let standing = self.consents.iter_mut().find(|consent| consent.id == id && consent.withdrawn_at.is_none());
        let consent = standing.ok_or(Refusal::ConsentUnknown)?;
        consent.withdrawn_at = Some(now);
        let kind = consent.kind;
        if !self.consents.iter().any(|other| other.kind == kind && other.withdrawn_at.is_none()) {
            self.items.remove(&kind.item());
        }
        Ok(self.told(EventKind::ConsentWithdrawn { consent: id }))
    }

    /// Notes the hospital's own number of the patient, once the case was accepted.
    pub fn note_hospital_patient_number(
        mut self,
        by: &Standing,
        _: &Rules<'_>,
        _: Timestamp,
        number: ShortText,
    ) -> Result<Decided, Refusal> {
        desk_only(by)?;
        if self.accepted_at.is_none() {
            return Err(Refusal::WrongStage { is: self.stage.name(), needs: super::end::AFTER_ACCEPTANCE });
        }
        self.hospital_patient_number = Some(number);
        Ok(self.told(EventKind::HospitalPatientNumberNoted))
    }
}

fn desk_only(by: &Standing) -> Result<(), Refusal> {
    if by.relations.contains(Relation::Desk) { Ok(()) } else { Err(Refusal::Absent) }
}
