//! The claim that the patient does not know: made, decided on, ended; and what it keeps from the patient's side.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{CaseAccess, Operation, Relation};
use crate::calendar::days_after;
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules};
use crate::consents::Consent;
use crate::people::{EmailAddress, ShortText};
use crate::service::ServiceKind;
use crate::uninformed::{Attestation, CounselDecision, PatientsSide, UninformedEnd, UninformedRecord, UninformedState};

/// Stages in which the desk records a claim: before the visit.
const CLAIMABLE: &[CaseStage] = &[
    CaseStage::Draft,
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
];
/// Stages in which the department decides about it.
const ATTESTABLE: &[CaseStage] = &[CaseStage::InTriage, CaseStage::Accepted, CaseStage::Scheduled];
/// The longest time that an approval holds.
const LONGEST_APPROVAL_DAYS: i64 = 365;

impl Case {
    pub(crate) fn may_claim_uninformed(&self, by: &CaseAccess) -> Result<(), Refusal> {
        let stages = if by.relations.contains(Relation::Desk) { CLAIMABLE } else { &[CaseStage::Draft] };
        self.guard(by, Operation::ClaimPatientUninformed, stages)?;
        if self.kind() != ServiceKind::RepresentativeConsultation {
            return Err(self.wrong_kind());
        }
        if self.is_patient_uninformed() { Err(Refusal::AlreadyClaimed) } else { Ok(()) }
    }

    /// The family says that the patient does not know. From here on nothing reaches the patient.
    pub fn claim_uninformed(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        side: PatientsSide,
        counsel: Option<CounselDecision>,
    ) -> Result<Change, Refusal> {
        self.may_claim_uninformed(by)?;
        if counsel.is_some() && !by.relations.contains(Relation::Desk) {
            return Err(Refusal::CounselIsTheDesks);
        }
        let may_with_agency = self.agency.is_some() && rules.settings.intake.uninformed_with_agency;
        if may_with_agency && counsel.is_none() && by.relations.contains(Relation::Desk) {
            return Err(Refusal::CounselDecisionMissing);
        }
        self.check_claim(rules, counsel.is_some())?;
        self.application.patient_uninformed = true;
        self.was_ever_uninformed = true;
        self.uninformed = UninformedRecord { counsel, ..UninformedRecord::default() };
        self.check_patients_side(side)?;
        Ok(self.with_event(EventKind::PatientUninformedClaimed))
    }

    /// Whether the hospital takes such a claim of this case.
    pub(crate) fn check_claim(&self, rules: &Rules<'_>, counsel_decided: bool) -> Result<(), Refusal> {
        let intake = &rules.settings.intake;
        if !intake.uninformed_offered {
            return Err(Refusal::UninformedNotOffered);
        }
        if self.application.has_visitor_outside_family() || (self.submitted_at.is_some() && self.application.representatives.is_empty()) {
            return Err(Refusal::UninformedNotAllowed);
        }
        if self.agency.is_some() && !(intake.uninformed_with_agency && counsel_decided) {
            return Err(Refusal::UninformedWithAgency);
        }
        if self.consents.iter().any(Consent::tells_of_a_signature) {
            return Err(Refusal::PatientHasSigned);
        }
        Ok(())
    }

    /// Whether nothing of a case of which the patient must not know has reached the patient's side.
    ///
    /// # Errors
    /// What has.
    pub fn check_patients_side(&self, side: PatientsSide) -> Result<(), Refusal> {
        if !self.is_patient_uninformed() {
            return Ok(());
        }
        if side.has_joined {
            return Err(Refusal::PatientHasJoined);
        }
        if side.was_invited {
            return Err(Refusal::PatientWasInvited);
        }
        if side.is_addressed { Err(Refusal::AddressIsThePatients) } else { Ok(()) }
    }

    pub(crate) fn may_attest_uninformed(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AttestPatientUninformed, ATTESTABLE)?;
        self.claim_stands()
    }

    fn claim_stands(&self) -> Result<(), Refusal> {
        if self.is_patient_uninformed() { Ok(()) } else { Err(Refusal::NotUninformed) }
    }

    /// The department approves until it looks again, or does not approve. Neither discloses anything.
    pub fn attest_uninformed(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        is_approved: bool,
        review_on: Option<Date>,
    ) -> Result<Change, Refusal> {
        self.may_attest_uninformed(by)?;
        let review_on = is_approved
            .then(|| review_on.unwrap_or_else(|| days_after(rules.today, i64::from(rules.settings.intake.attestation_review_days))));
        if review_on.is_some_and(|day| day < rules.today || day > days_after(rules.today, LONGEST_APPROVAL_DAYS)) {
            return Err(Refusal::ReviewDayImpossible);
        }
        self.uninformed.attestation = Some(Attestation { review_on, by: by.user, at: now });
        Ok(self.with_event(EventKind::PatientUninformedAttested { approved: is_approved }))
    }

    pub(crate) fn may_end_uninformed(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::EndPatientUninformed, CaseStage::ALL)?;
        self.claim_stands()
    }

    /// A physician confirms that the patient knows. It opens what comes later, never what was written before.
    pub fn end_uninformed(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        confirmed_by: Option<ShortText>,
    ) -> Result<Change, Refusal> {
        self.may_end_uninformed(by)?;
        let is_a_doctor = by.relations.contains_any(&[Relation::Responsible, Relation::Department]);
        if confirmed_by.is_none() && !is_a_doctor {
            return Err(Refusal::PhysicianNotNamed);
        }
        self.application.patient_uninformed = false;
        self.uninformed = UninformedRecord { ended: Some(UninformedEnd { confirmed_by, by: by.user, at: now }), ..self.uninformed };
        Ok(self.with_event(EventKind::PatientUninformedEnded))
    }

    /// How far the hospital is with the claim; `None` if there never was one.
    pub fn uninformed_state(&self, today: Date) -> Option<UninformedState> {
        if !self.is_patient_uninformed() {
            return self.uninformed.ended.as_ref().map(|_| UninformedState::Ended);
        }
        Some(match &self.uninformed.attestation {
            None => UninformedState::Claimed,
            Some(Attestation { review_on: None, .. }) => UninformedState::Refused,
            Some(Attestation { review_on: Some(last), .. }) if *last < today => UninformedState::ReviewDue,
            Some(Attestation { review_on: Some(_), .. }) => UninformedState::Attested,
        })
    }

    /// Whether the department does not stand behind the claim.
    pub(crate) fn is_attestation_refused(&self) -> bool {
        self.is_patient_uninformed() && self.uninformed.attestation.as_ref().is_some_and(|decided| decided.review_on.is_none())
    }

    /// What the hospital decided about the claim.
    pub const fn uninformed(&self) -> &UninformedRecord {
        &self.uninformed
    }

    /// Whether the department stands behind the claim, where the hospital asks for that.
    pub(crate) fn check_attested(&self, rules: &Rules<'_>) -> Result<(), Refusal> {
        let needs = self.is_patient_uninformed() && rules.settings.intake.uninformed_needs_attestation;
        if needs && self.uninformed_state(rules.today) != Some(UninformedState::Attested) {
            Err(Refusal::AttestationMissing)
        } else {
            Ok(())
        }
    }

    /// Whether mail to this address would reach the patient, who must not know.
    pub fn is_closed_address(&self, address: &EmailAddress) -> bool {
        let own = self.application.patient.email.as_ref();
        self.is_patient_uninformed() && own.is_some_and(|own| own.is_same_mailbox(address))
    }

    /// Whether a text would put the name or the address of the patient, who must not know, on a paper: all words of one form of the name, in
    /// any order, or the address.
    pub fn is_closed_text(&self, text: &str) -> bool {
        if !self.is_patient_uninformed() {
            return false;
        }
        let text = text.to_lowercase();
        let patient = &self.application.patient;
        let has_all = |form: &str| form.to_lowercase().split_whitespace().all(|word| text.contains(word));
        let has_name = patient.name.iter().flat_map(|name| name.forms().map(has_all).collect::<Vec<_>>()).any(|found| found);
        has_name || patient.email.as_ref().is_some_and(|email| text.contains(&email.canonical().to_lowercase()))
    }
}
