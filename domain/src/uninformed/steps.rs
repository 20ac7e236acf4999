//! The claim that the patient does not know: made, decided on, ended; and what it keeps from the patient's side.

use jiff::Timestamp;
use jiff::civil::Date;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::access::{CaseAccess, Membership, Operation, Relation};
use crate::calendar::days_after;
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules};
use crate::consents::Consent;
use crate::intake::check_application;
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
/// The most former addresses of a patient that a case remembers.
const MOST_FORMER_ADDRESSES: usize = 50;

impl Case {
    pub(crate) fn may_claim_uninformed(&self, by: &CaseAccess) -> Result<(), Refusal> {
        let stages = if by.relations.contains(Relation::Desk) { CLAIMABLE } else { &[CaseStage::Draft] };
        self.guard(by, Operation::ClaimPatientUninformed, stages)?;
        if self.kind() != ServiceKind::RepresentativeConsultation {
            return Err(self.wrong_kind());
        }
        self.not_arrived()?;
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
        self.begin_claim(counsel);
        check_application(&self.application, self.kind())?;
        self.check_patients_side(side)?;
        Ok(self.with_event(EventKind::PatientUninformedClaimed))
    }

    /// A claim begins: what was decided about an earlier one counts no longer.
    pub(crate) fn begin_claim(&mut self, counsel: Option<CounselDecision>) {
        let UninformedRecord { former_addresses, patient_was_invited, .. } = std::mem::take(&mut self.uninformed);
        self.uninformed = UninformedRecord { attestation: None, counsel, ended: None, former_addresses, patient_was_invited };
    }

    /// Remembers an address that is not the patient's any longer: nothing goes there either while the patient does not know.
    pub(crate) fn remember_address(&mut self, before: Option<&EmailAddress>) {
        let now = self.application.patient.email.as_ref();
        let kept = &mut self.uninformed.former_addresses;
        if let Some(before) = before.filter(|before| now.is_none_or(|now| !now.is_same_mailbox(before))) {
            kept.retain(|address| !address.is_same_mailbox(before));
            kept.push(before.clone());
            let excess = kept.len().saturating_sub(MOST_FORMER_ADDRESSES);
            kept.drain(..excess);
        }
    }

    /// Notes that somebody was invited: once it was the patient, a claim comes too late.
    pub fn note_invitation(mut self, membership: Membership, address: &EmailAddress) -> Change {
        self.uninformed.patient_was_invited |= membership == Membership::Patient || self.is_patients_address(address);
        self.unchanged()
    }

    /// Whether an address is, or was, the patient's.
    pub fn is_patients_address(&self, address: &EmailAddress) -> bool {
        let own = self.application.patient.email.iter().chain(&self.uninformed.former_addresses);
        own.into_iter().any(|own| own.is_same_mailbox(address))
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
        if side.was_invited || self.uninformed.patient_was_invited {
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
        self.is_patient_uninformed() && self.is_patients_address(address)
    }

    /// Whether a text would put the name or the address of the patient, who must not know, on a paper: all words of one form of the name, in
    /// any order, or the address.
    pub fn is_closed_text(&self, text: &str) -> bool {
        if !self.is_patient_uninformed() {
            return false;
        }
        let patient = &self.application.patient;
        let has_name = patient.name.iter().any(|name| name.forms().any(|form| names(text, form)));
        has_name || patient.email.as_ref().is_some_and(|email| folded(text).contains(&folded(&email.canonical())))
    }
}

/// A text as names are compared: without case, width, accents or ways of composing letters.
fn folded(text: &str) -> String {
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Whether a text has all words of a name, in any order. A name in a script without blanks stands anywhere in it.
fn names(text: &str, name: &str) -> bool {
    let (text, name) = (folded(text), folded(name));
    let words = |text: &str| {
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (there, wanted) = (words(&text), words(&name));
    let has = |word: &String| there.contains(word) || (!word.is_ascii() && text.contains(word.as_str()));
    !wanted.is_empty() && wanted.iter().all(has)
}
