//! Consents of a case: handed in, checked, taken back; and what they allow today.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::access::{CaseAccess, Operation, Relation};
use crate::calendar::days_after;
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules};
use crate::consents::{
    Consent, ConsentCheck, ConsentFinding, ConsentKind, ConsentPaper, ConsentRefusal, ConsentSigner, ConsentState, ConsentWithdrawal,
    DatesRead,
};
use crate::ids::{ConsentId, DocumentId, RepresentativeId};
use crate::intake::Representative;
use crate::intake::items::ItemState;
use crate::people::{LegalRepresentative, ShortText};
use crate::service::ServiceKind;

/// The most consents of a case: those that were refused or taken back stay in the register.
const MOST_CONSENTS: usize = 100;
/// The most consents that wait for the desk before others are handed in; the register keeps room for the desk.
const MOST_UNCHECKED: usize = 10;

/// Consents are handed in and taken back at every stage: also after an end somebody may read, or ask to.
const EVERY_STAGE: &[CaseStage] = CaseStage::ALL;

impl Case {
    pub(crate) fn may_register_consent(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RegisterConsent, EVERY_STAGE)?;
        self.consent_to_ask_for(None).map(drop)
    }

    /// A consent was handed in.
    pub fn register_consent(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: ConsentId,
        paper: ConsentPaper,
    ) -> Result<Change, Refusal> {
        self.may_register_consent(by)?;
        self.check_paper(by, rules, &paper)?;
        let is_desk = by.relations.contains(Relation::Desk);
        let unchecked = self.consents.iter().filter(|consent| consent.check.is_none() && consent.withdrawn.is_none()).count();
        if self.consents.len() >= MOST_CONSENTS || (!is_desk && (unchecked >= MOST_UNCHECKED || self.consents.len() >= MOST_CONSENTS / 2)) {
            return Err(Refusal::TooManyConsents);
        }
        self.consents.push(Consent { id, paper, registered_by: by.user, registered_at: now, check: None, withdrawn: None });
        Ok(self.with_event(EventKind::ConsentRegistered { consent: id }))
    }

    /// The kind of consent that the patient is asked for: this one, or else what the service needs.
    ///
    /// # Errors
    /// Why no such consent is asked for.
    pub fn consent_to_ask_for(&self, kind: Option<ConsentKind>) -> Result<ConsentKind, Refusal> {
        if self.is_patient_uninformed() {
            // Nobody signs what they do not know of.
            return Err(Refusal::NoConsentWhileUninformed);
        }
        let is_represented = self.kind() == ServiceKind::RepresentativeConsultation;
        match kind {
            Some(ConsentKind::RepresentativeConsultation) | None if is_represented => Ok(ConsentKind::RepresentativeConsultation),
            Some(ConsentKind::RepresentativeConsultation) => Err(self.wrong_kind()),
            Some(ConsentKind::AgencyDisclosure) | None if self.agency().is_some() => Ok(ConsentKind::AgencyDisclosure),
            Some(ConsentKind::AgencyDisclosure) => Err(Refusal::NoAgency),
            None => Err(Refusal::NoConsentNeeded),
        }
    }

    fn check_paper(&self, by: &CaseAccess, rules: &Rules<'_>, paper: &ConsentPaper) -> Result<(), Refusal> {
        let is_for_agency = self.consent_to_ask_for(Some(paper.kind))? == ConsentKind::AgencyDisclosure;
        if paper.representatives.is_empty() && !is_for_agency {
            return Err(Refusal::NobodyNamed);
        }
        // A consent to disclosure names nobody.
        let is_unknown = |id: &RepresentativeId| is_for_agency || self.representative(*id).is_none();
        let unknown = paper.representatives.iter().enumerate().filter(|(_, id)| is_unknown(id));
        let unknown: Vec<usize> = unknown.map(|(place, _)| place).collect();
        if !unknown.is_empty() {
            return Err(Refusal::RepresentativeUnknown { representatives: unknown });
        }
        if paper.signer != self.signer() {
            return Err(Refusal::SignerNotAllowed);
        }
        if paper.on_paper && !by.relations.contains(Relation::Desk) {
            return Err(Refusal::PaperIsTheDesks);
        }
        if paper.document.is_none() && !paper.on_paper {
            return Err(Refusal::CopyMissing);
        }
        check_dates(paper, rules)
    }

    pub(crate) fn may_verify_consent(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::VerifyConsent, EVERY_STAGE)?;
        self.any_consent_stands()
    }

    /// Whether there is a consent to check or to take back.
    fn any_consent_stands(&self) -> Result<(), Refusal> {
        if self.consents.iter().any(|consent| consent.withdrawn.is_none()) { Ok(()) } else { Err(Refusal::ConsentNotOpen) }
    }

    /// A consent that was not taken back.
    fn standing_consent(&mut self, id: ConsentId) -> Result<&mut Consent, Refusal> {
        let consent = self.consents.iter_mut().find(|consent| consent.id == id).ok_or(Refusal::Absent)?;
        if consent.withdrawn.is_some() { Err(Refusal::ConsentNotOpen) } else { Ok(consent) }
    }

    /// The desk checked a consent: it is right, or it must be sent again.
    pub fn verify_consent(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: ConsentId,
        finding: ConsentFinding,
        read: DatesRead,
    ) -> Result<Change, Refusal> {
        self.guard(by, Operation::VerifyConsent, EVERY_STAGE)?;
        let unproven = self.application().patient.legal_representative.as_ref().is_some_and(|one| one.evidence.is_none());
        let expected = self.signer();
        let consent = self.standing_consent(id)?;
        let refused = match &finding {
            ConsentFinding::Verified => {
                if consent.paper.signer != expected {
                    return Err(Refusal::SignerReplaced);
                }
                consent.paper.signed_on = read.signed_on.or(consent.paper.signed_on);
                consent.paper.valid_until_on = read.valid_until_on.or(consent.paper.valid_until_on);
                check_dates(&consent.paper, rules)?;
                let Some(signed) = consent.paper.signed_on else { return Err(Refusal::ConsentUndated) };
                if consent.paper.signer == ConsentSigner::LegalRepresentative && unproven {
                    return Err(Refusal::EvidenceMissing);
                }
                let last =
                    consent.paper.valid_until_on.unwrap_or_else(|| days_after(signed, i64::from(rules.settings.consents.valid_days)));
                if last < rules.today {
                    return Err(Refusal::ConsentPeriodOver);
                }
                consent.paper.valid_until_on = Some(last);
                None
            }
            ConsentFinding::Refused { reason, .. } => Some(*reason),
        };
        consent.check = Some(ConsentCheck { finding, by: by.user, at: now });
        Ok(self.with_event(match refused {
            None => EventKind::ConsentVerified { consent: id },
            Some(reason) => EventKind::ConsentRefused { consent: id, reason },
        }))
    }

    pub(crate) fn may_withdraw_consent(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::WithdrawConsent, EVERY_STAGE)?;
        self.any_consent_stands()
    }

    /// The patient's side takes a consent back. It counts from the next request.
    pub fn withdraw_consent(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        id: ConsentId,
        text: Option<ShortText>,
    ) -> Result<Change, Refusal> {
        self.guard(by, Operation::WithdrawConsent, EVERY_STAGE)?;
        self.standing_consent(id)?.withdrawn = Some(ConsentWithdrawal { text, by: by.user, at: now });
        Ok(self.with_event(EventKind::ConsentWithdrawn { consent: id }))
    }

    /// The consents, in the order of their registration.
    pub fn consents(&self) -> &[Consent] {
        &self.consents
    }

    /// Whether a document is the copy of a consent: somebody has relied on it, or said why not.
    pub fn rests_on(&self, document: DocumentId) -> bool {
        self.consents.iter().any(|consent| consent.paper.document == Some(document))
    }

    /// What has been checked about somebody is to be checked again: they are not whom the paper names.
    pub(crate) fn recheck_consents_of(&mut self, representative: RepresentativeId) {
        for consent in self.consents.iter_mut().filter(|consent| consent.names(representative)) {
            consent.check = None;
        }
    }

    /// Who must sign: the legal representative wherever one is named, and then only they.
    fn signer(&self) -> ConsentSigner {
        match self.application().patient.legal_representative {
            Some(_) => ConsentSigner::LegalRepresentative,
            None => ConsentSigner::Patient,
        }
    }

    /// Another person signs for the patient than before, or the patient again: what was checked of earlier signatures is checked again.
    pub(crate) fn recheck_signatures(&mut self, before: Option<&LegalRepresentative>) {
        if before != self.application.patient.legal_representative.as_ref() {
            for consent in &mut self.consents {
                consent.check = None;
            }
        }
    }

    /// Where the patient's consent for somebody stands; `None` if none is needed.
    pub fn consent_for(&self, one: &Representative, rules: &Rules<'_>) -> Option<ItemState> {
        self.needs_consent(one.is_family(), rules).then(|| self.consent_state(rules.today, |consent| consent.names(one.id)))
    }

    /// Whether somebody needs a consent of the patient; family by the setting alone, and never while the patient does not know.
    pub(crate) fn needs_consent(&self, is_family: bool, rules: &Rules<'_>) -> bool {
        !is_family || (rules.settings.intake.family_needs_consent && !self.is_patient_uninformed())
    }

    /// Whether somebody may be received as far as the consent goes.
    pub fn can_be_received(&self, one: &Representative, rules: &Rules<'_>) -> bool {
        self.consent_for(one, rules).is_none_or(|state| state == ItemState::Verified)
    }

    /// Whether the agency may read what is disclosed with the patient's consent only (law), today.
    pub fn is_disclosed_to_agency(&self, today: Date) -> bool {
        self.disclosure_state(today) == ItemState::Verified
    }

    /// Where the consent to the disclosure stands.
    pub(crate) fn disclosure_state(&self, today: Date) -> ItemState {
        self.consent_state(today, |consent| consent.paper.kind == ConsentKind::AgencyDisclosure)
    }

    /// The best that the register holds of some consents.
    fn consent_state(&self, today: Date, concerns: impl Fn(&Consent) -> bool) -> ItemState {
        let mut found = ItemState::Missing;
        for consent in self.consents.iter().filter(|consent| concerns(consent)) {
            match (consent.state_on(today), found) {
                (ConsentState::Verified, _) => return ItemState::Verified,
                (ConsentState::Registered, _) => found = ItemState::Provided,
                (ConsentState::Refused | ConsentState::Ended, ItemState::Missing) => found = ItemState::Rejected,
                (ConsentState::Refused | ConsentState::Ended | ConsentState::Withdrawn, _) => {}
            }
        }
        found
    }

    /// Why the newest consent of a kind must be sent again, if it must.
    pub(crate) fn consent_refused(
        &self,
        kind: ConsentKind,
        open: &[RepresentativeId],
        today: Date,
    ) -> Option<(ConsentRefusal, Option<&ShortText>)> {
        let concerns = |consent: &&Consent| open.is_empty() || open.iter().any(|one| consent.names(*one));
        let is_at_fault = |consent: &&Consent| matches!(consent.state_on(today), ConsentState::Ended | ConsentState::Refused);
        let newest = self.consents.iter().rev().filter(|consent| consent.paper.kind == kind).filter(concerns).find(is_at_fault)?;
        if newest.state_on(today) == ConsentState::Ended { Some((ConsentRefusal::PeriodOver, None)) } else { newest.refusal() }
    }
}

/// A paper was signed today at the latest, and does not end before.
fn check_dates(paper: &ConsentPaper, rules: &Rules<'_>) -> Result<(), Refusal> {
    if paper.signed_on.is_some_and(|day| day > rules.today) {
        return Err(Refusal::SignedInFuture);
    }
    if paper.signed_on.zip(paper.valid_until_on).is_some_and(|(signed, last)| last < signed) {
        return Err(Refusal::PeriodImpossible);
    }
    Ok(())
}
