//! Opening a draft, filling it in, submitting it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::access::{Caller, CaseAccess, Operation, Relation, Role};
use crate::appointments::Visiting;
use crate::calendar::{after_days, today_in_tokyo};
use crate::case::{Case, CaseRoute, CaseStage, Change, EventKind, Intake, Refusal, Rules, Stage};
use crate::ids::{AgencyId, CaseId, RepresentativeId};
use crate::intake::items::{ItemCode, ItemRecord, ItemState};
use crate::intake::{Application, ApplicationPatch, ContactsPatch};
use crate::pathology::ReExaminationRecord;
use crate::people::{CountryCode, LegalRepresentative, PartyField, PhoneNumber};
use crate::service::ServiceKind;
use crate::uninformed::{UninformedEnd, UninformedRecord};

/// The most questions that an application asks.
pub const MOST_QUESTIONS: usize = 10;
/// The most people that visit for a patient.
pub const MOST_REPRESENTATIVES: usize = 3;

/// The content of a new case.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The identifier.
    pub id: CaseId,
    /// The number that people say.
    pub number: String,
    /// The service.
    pub kind: ServiceKind,
    /// The application so far.
    pub application: Application,
    /// The agency that refers; needed of its staff if they work for several, or of the desk.
    pub agency: Option<AgencyId>,
    /// The earlier case of the same patient that it goes on from. That the caller sees that case is asked before.
    pub follows: Option<CaseId>,
}

/// Stages in which contacts are corrected: from the submission until the end.
const CORRECTABLE: &[CaseStage] = &[
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::Consulted,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
    CaseStage::Delivered,
];

impl Case {
    /// Opens a draft.
    ///
    /// # Errors
    /// [`Refusal::Absent`] for an agency that the caller does not work for; refusals of the application itself.
    pub fn open(opening: Opening, caller: &Caller, rules: &Rules<'_>, now: Timestamp) -> Result<Change, Refusal> {
        let Opening { id, number, kind, application, agency, follows } = opening;
        let route = if caller.roles.has(Role::Agency) {
            CaseRoute::Agency
        } else if caller.roles.has(Role::Applicant) {
            CaseRoute::Applicant
        } else {
            CaseRoute::Desk
        };
        let agency = match route {
            CaseRoute::Agency => Some(own_agency(caller, agency)?),
            CaseRoute::Applicant if agency.is_some() => return Err(Refusal::Absent),
            CaseRoute::Applicant => None,
            CaseRoute::Desk => agency,
        };
        if application.written_offered_because.is_some() && route != CaseRoute::Desk {
            return Err(Refusal::OfferIsTheDesks);
        }
        if route != CaseRoute::Desk && application.patient.legal_representative.as_ref().is_some_and(|one| one.evidence.is_some()) {
            return Err(Refusal::EvidenceIsTheDesks);
        }
        check_application(&application, kind)?;
        check_birth_date(&application, now)?;
        let case = Self {
            id,
            number,
            route,
            opened_by: caller.user,
            opened_at: now,
            agency,
            department: None,
            responsible: None,
            was_ever_uninformed: application.patient_uninformed,
            uninformed: UninformedRecord::default(),
            death: None,
            sent: Vec::new(),
            consents: Vec::new(),
            former_representatives: Vec::new(),
            re_examination: ReExaminationRecord::default(),
            visiting: Visiting::default(),
            kind_proposal: None,
            kept_invoice: None,
            follows,
            application,
            items: BTreeMap::new(),
            open_requests: Vec::new(),
            ever_asked: false,
            estimate: None,
            hold: None,
            expires_at: Some(after_days(now, rules.settings.intake.draft_expires_after_days)),
            submitted_at: None,
            accepted_at: None,
            overdue_noted_at: None,
            stage: Stage::Intake { kind, step: Intake::Draft },
        };
        if case.is_patient_uninformed() {
            case.check_claim(rules, false)?;
        }
        Ok(case.with_event(EventKind::CaseOpened { kind, agency }))
    }

    pub(crate) fn may_update(&self, by: &CaseAccess) -> Result<(), Refusal> {
        let desk = by.relations.contains(Relation::Desk);
        let stages: &'static [CaseStage] = if desk {
            &[CaseStage::Draft, CaseStage::InformationRequested, CaseStage::Submitted]
        } else {
            &[CaseStage::Draft, CaseStage::InformationRequested]
        };
        self.guard(by, Operation::UpdateCase, stages)
    }

    /// Changes the application while it may be changed. A submitted application must stay complete. A changed item must be verified again.
    /// `fresh` gives the identifiers of people who are named for the first time.
    pub fn update(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        patch: ApplicationPatch,
        fresh: &mut dyn FnMut() -> RepresentativeId,
    ) -> Result<Change, Refusal> {
        self.may_update(by)?;
        let before = self.application.clone();
        self.rewrite(by, rules, now, patch.applied_to(&before, fresh)?)?;
        // There is no event if nothing changed.
        if before == self.application { Ok(self.unchanged()) } else { Ok(self.with_event(EventKind::ApplicationChanged)) }
    }

    pub(crate) fn may_correct_contacts(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::CorrectContacts, CORRECTABLE)
    }

    /// Corrects the contacts of the patient and of the other person, after the application was submitted: whoever does it has checked them,
    /// so a verified application stays verified.
    pub fn correct_contacts(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        contacts: ContactsPatch,
    ) -> Result<Change, Refusal> {
        self.may_correct_contacts(by)?;
        let (before, form) = (self.application.clone(), self.items.get(&ItemCode::ApplicationForm).cloned());
        self.rewrite(by, rules, now, contacts.applied_to(&before)?)?;
        if let Some(form) = form {
            self.items.insert(ItemCode::ApplicationForm, form);
        }
        if before == self.application { Ok(self.unchanged()) } else { Ok(self.with_event(EventKind::ContactsCorrected)) }
    }

    /// Puts an application in the place of the one before, if the service and the stage allow it.
    pub(crate) fn rewrite(&mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, application: Application) -> Result<(), Refusal> {
        let desk = by.relations.contains(Relation::Desk);
        if !desk && application.written_offered_because != self.application.written_offered_because {
            return Err(Refusal::OfferIsTheDesks);
        }
        let evidence = |application: &Application| application.patient.legal_representative.as_ref().and_then(|one| one.evidence.clone());
        let signer = |application: &Application| {
            application.patient.legal_representative.clone().map(|one| LegalRepresentative { evidence: None, ..one })
        };
        let is_another = signer(&application) != signer(&self.application);
        // What the desk has seen is about the person whom it saw it of.
        let is_carried_over = is_another && evidence(&application).is_some();
        if !desk && (is_carried_over || (!is_another && evidence(&application) != evidence(&self.application))) {
            return Err(Refusal::EvidenceIsTheDesks);
        }
        check_application(&application, self.kind())?;
        if application.patient.birth_on != self.application.patient.birth_on {
            check_birth_date(&application, now)?;
        }
        // In a draft it is a tick. Afterwards the desk records the claim, and a physician confirms that the patient knows.
        let is_new_claim = application.patient_uninformed && !self.application.patient_uninformed;
        if self.application.patient_uninformed != application.patient_uninformed && self.submitted_at.is_some() {
            return Err(Refusal::UninformedNotAllowed);
        }
        let before = std::mem::replace(&mut self.application, application);
        if before.patient_uninformed && !self.application.patient_uninformed {
            self.uninformed.ended = Some(UninformedEnd { confirmed_by: None, by: by.user, at: now });
        }
        if self.submitted_at.is_some() {
            self.check_complete(rules)?;
        }
        if is_new_claim {
            self.begin_claim(None);
            self.check_claim(rules, false)?;
        }
        self.was_ever_uninformed |= self.application.patient_uninformed;
        if before != self.application && self.item_state(ItemCode::ApplicationForm) != ItemState::Missing {
            self.items.insert(ItemCode::ApplicationForm, ItemRecord { state: ItemState::Provided, reason: None, by: by.user, at: now });
        }
        self.remember_address(before.patient.email.as_ref());
        self.recheck_signatures(before.patient.legal_representative.as_ref());
        if self.submitted_at.is_some() {
            self.check_former(by)?;
            self.note_former(&before.representatives, by, now);
        }
        Ok(())
    }

    /// The form was changed after the desk had looked at it: the desk's own changes need no second look.
    pub(crate) fn form_changed(&mut self, by: &CaseAccess, now: Timestamp) {
        let is_checked = self.item_state(ItemCode::ApplicationForm) != ItemState::Missing;
        if is_checked && !by.relations.contains(Relation::Desk) {
            self.items.insert(ItemCode::ApplicationForm, ItemRecord { state: ItemState::Provided, reason: None, by: by.user, at: now });
        }
    }

    pub(crate) fn may_submit(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::SubmitCase, &[CaseStage::Draft])
    }

    /// Submits the application: contact information complete, and what the service needs.
    pub fn submit(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp) -> Result<Change, Refusal> {
        self.may_submit(by)?;
        self.check_complete(rules)?;
        let Stage::Intake { kind, .. } = self.stage else { return Err(self.wrong_kind()) };
        self.stage = Stage::Intake { kind, step: Intake::Submitted };
        self.submitted_at = Some(now);
        self.expires_at = None;
        let form = ItemRecord { state: ItemState::Provided, reason: None, by: by.user, at: now };
        self.items.insert(ItemCode::ApplicationForm, form);
        Ok(self.with_event(EventKind::CaseSubmitted))
    }

    pub(crate) fn wrong_kind(&self) -> Refusal {
        Refusal::WrongKind { is: self.kind() }
    }

    /// Whether everything is filled in that this service needs.
    pub(super) fn check_complete(&self, rules: &Rules<'_>) -> Result<(), Refusal> {
        let application = &self.application;
        let mut patient = application.patient.missing_fields(&rules.settings.intake.patient_fields);
        // Nobody writes to a patient who does not know, or telephones.
        patient.retain(|field| !application.patient_uninformed || !matches!(field, PartyField::Email | PartyField::Phone));
        let contact_person = application.contact_person.missing_fields(&rules.settings.intake.contact_person_fields);
        if !patient.is_empty() || !contact_person.is_empty() {
            return Err(Refusal::ContactIncomplete { patient, contact_person });
        }
        let fields = application.contact_person.shared_with(&application.patient);
        if !fields.is_empty() {
            return Err(Refusal::ContactIsPatient { fields });
        }
        // The interpreter follows the language of the conversation (R19).
        if self.kind() != ServiceKind::WrittenOpinion && application.language.is_none() {
            return Err(Refusal::ConversationLanguageMissing);
        }
        match self.kind() {
            ServiceKind::PatientConsultation => Ok(()),
            ServiceKind::RepresentativeConsultation => check_representatives(application),
            ServiceKind::WrittenOpinion => check_written(application),
        }
    }
}

fn own_agency(caller: &Caller, named: Option<AgencyId>) -> Result<AgencyId, Refusal> {
    match named {
        Some(agency) if caller.roles.works_for(agency) => Ok(agency),
        Some(_) => Err(Refusal::Absent),
        None => {
            let mut agencies = caller.roles.agencies();
            let first = agencies.next().ok_or(Refusal::Absent)?;
            if agencies.any(|other| other != first) { Err(Refusal::AgencyNotNamed) } else { Ok(first) }
        }
    }
}

/// The first year in which somebody who is alive can have been born.
const FIRST_YEAR: i16 = 1880;

fn check_birth_date(application: &Application, now: Timestamp) -> Result<(), Refusal> {
    // Nowhere on Earth is it later than in Tokyo by more than a day.
    let latest = today_in_tokyo(now).tomorrow().unwrap_or(jiff::civil::Date::MAX);
    match application.patient.birth_on {
        Some(born) if born > latest || born.year() < FIRST_YEAR => Err(Refusal::BirthDateImpossible),
        Some(_) | None => Ok(()),
    }
}

/// The rules that a draft must keep.
pub(crate) fn check_application(application: &Application, kind: ServiceKind) -> Result<(), Refusal> {
    if application.questions.len() > MOST_QUESTIONS {
        return Err(Refusal::TooMany { pointer: "/application/questions" });
    }
    if application.representatives.len() > MOST_REPRESENTATIVES {
        return Err(Refusal::TooMany { pointer: "/application/representatives" });
    }
    // Only family, and only in the patient's place (published page: family who want to know before the patient knows).
    let outside = application.has_visitor_outside_family() && !application.representatives.is_empty();
    if application.patient_uninformed && (kind != ServiceKind::RepresentativeConsultation || outside) {
        return Err(Refusal::UninformedNotAllowed);
    }
    // While the patient does not know, nobody is reached by the patient's telephone.
    if application.patient_uninformed && application.patient.phone.is_some() {
        let is_the_patients = |phone: &Option<PhoneNumber>| *phone == application.patient.phone;
        if is_the_patients(&application.contact_person.phone) {
            return Err(Refusal::ContactIsPatient { fields: vec![PartyField::Phone] });
        }
        let shared = application.representatives.iter().enumerate().filter(|(_, one)| is_the_patients(&one.phone));
        let representatives: Vec<usize> = shared.map(|(place, _)| place).collect();
        if !representatives.is_empty() {
            return Err(Refusal::PhoneIsThePatients { representatives });
        }
    }
    Ok(())
}

fn check_representatives(application: &Application) -> Result<(), Refusal> {
    if application.representatives.is_empty() {
        return Err(Refusal::RepresentativeMissing);
    }
    let unstated = application.representatives.iter().enumerate().filter(|(_, one)| one.relation.is_none());
    let representatives: Vec<usize> = unstated.map(|(index, _)| index).collect();
    if !representatives.is_empty() {
        return Err(Refusal::RelationshipMissing { representatives });
    }
    let lives_in = application.patient.address.as_ref().map(|address| address.country);
    if lives_in == Some(CountryCode::JAPAN) {
        return Err(Refusal::PatientLivesInJapan);
    }
    if application.patient_uninformed && !application.is_represented_by_family() {
        return Err(Refusal::UninformedNotAllowed);
    }
    Ok(())
}

fn check_written(application: &Application) -> Result<(), Refusal> {
    if application.questions.is_empty() {
        return Err(Refusal::NoQuestion);
    }
    match application.has_family_or_friend_in_japan {
        Some(false) => Ok(()),
        _ if application.written_offered_because.is_some() => Ok(()),
        Some(true) => Err(Refusal::FamilyInJapanDeclared),
        None => Err(Refusal::FamilyInJapanNotDeclared),
    }
}
