//! Requests and answers of cases.

use application::intake::apply::NewCase;
use application::{CaseForCaller, Error, Fault};
use domain::access::{Operation, Relation, Section};
use domain::case::{Case, CaseRoute, CaseStage, Ending, HoldReason, Rules, Stage, WaitingOn};
use domain::ids::{AgencyId, CaseId, DepartmentId, EstimateId, InvoiceId, OpinionId, RepresentativeId, UserId};
use domain::intake::{Application, ApplicationPatch, ContactPersonPatch, ContactsPatch, PatientPatch};
use domain::people::{LongText, ShortText};
use domain::service::ServiceKind;
use domain::uninformed::UninformedState;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::parts::{self, AppointmentWishes, CaseKindProposal, TreatmentRequest};
use crate::http::body::MoreFaults;
use crate::http::reply::Reply;
use crate::wire::contact::DeskContact;
use crate::wire::readers::INFORMED_STAFF;

/// The content of a new case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateOpinionCase {
    /// The service that is applied for.
    kind: ServiceKind,
    /// The application so far; it may be incomplete.
    #[serde(default)]
    application: Option<ApplicationPatch>,
    /// The agency that refers the patient; for agency staff who work for several, and for the desk.
    #[serde(default)]
    agency_id: Option<AgencyId>,
    /// An earlier case of the same patient that the caller sees: the people are taken over from it, what is asked and who visits is not.
    #[serde(default)]
    follows_id: Option<CaseId>,
}

/// Checks a new application beyond its schema: a name needs one of its forms, an address needs a country.
#[derive(Debug)]
pub(crate) struct IsReadable;

impl MoreFaults<CreateOpinionCase> for IsReadable {
    fn of(body: &CreateOpinionCase) -> Vec<Fault> {
        let application =
            body.application.clone().unwrap_or_default().applied_to(&Application::default(), &mut || RepresentativeId::NOTHING);
        let pointers = application.err().map(|refusal| refusal.pointers()).unwrap_or_default();
        pointers.into_iter().map(|(pointer, code)| Fault::at(pointer, code)).collect()
    }
}

impl CreateOpinionCase {
    pub(crate) fn new_case(&self) -> NewCase {
        let application = self.application.clone().unwrap_or_default();
        NewCase { kind: self.kind, application, agency: self.agency_id, follows: self.follows_id }
    }
}

/// A change of a case: JSON merge patch.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpinionCasePatch {
    /// The changes of the application. An absent property stays as it is; null clears it.
    #[serde(default)]
    #[schema(required = false, nullable = false)]
    pub(crate) application: Option<ApplicationPatch>,
}

/// What is corrected of the contacts, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectContacts {
    /// The corrections.
    application: CorrectedContacts,
    /// Why. Kept as an internal note.
    pub(crate) reason: LongText,
}

/// Corrections of contacts; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectedContacts {
    /// Of the patient.
    #[serde(default)]
    patient: Option<PatientPatch>,
    /// Of the other person.
    #[serde(default)]
    contact_person: Option<ContactPersonPatch>,
}

impl CorrectContacts {
    pub(crate) fn contacts(&self) -> ContactsPatch {
        ContactsPatch { patient: self.application.patient.clone(), contact_person: self.application.contact_person.clone() }
    }
}

/// A case, as far as the caller may see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionCase {
    /// The case.
    id: CaseId,
    /// The number that people say.
    number: String,
    /// The service.
    kind: ServiceKind,
    /// Where it stands.
    stage: CaseStage,
    /// Counts the changes of the case.
    #[schema(minimum = 1)]
    version: i64,
    /// By which way it reached the hospital.
    route: CaseRoute,
    /// The agency that refers.
    agency_id: Option<AgencyId>,
    /// The department.
    department_id: Option<DepartmentId>,
    /// The physician assigned.
    responsible_id: Option<UserId>,
    /// Who does the next step.
    waiting_on: WaitingOn,
    /// Why the clocks stand still, if they do.
    hold: Option<CaseHold>,
    /// When the case expires if nobody does anything.
    expires_at: Option<Timestamp>,
    /// The first day on which the opinion is due, in Tokyo; counted from the payment.
    due_from_on: Option<Date>,
    /// The last day on which it is due.
    due_to_on: Option<Date>,
    /// When the visit takes place, or took place; null while no time is fixed.
    visit_at: Option<Timestamp>,
    /// When the draft was opened.
    created_at: Timestamp,
    /// When it was first submitted.
    submitted_at: Option<Timestamp>,
    /// When it was accepted.
    accepted_at: Option<Timestamp>,
    /// The newest estimate, accepted or not.
    estimate_id: Option<EstimateId>,
    /// The invoice of a written opinion.
    invoice_id: Option<InvoiceId>,
    /// The delivered opinion.
    opinion_id: Option<OpinionId>,
    /// How it ended, if it has.
    ending: Option<CaseEnding>,
    /// The times that the opinion was sent by post, in order; an empty list for those who see no contacts.
    opinion_sent: Vec<OpinionSending>,
    /// The patient's death; null if none was recorded, and for those outside the hospital.
    patient_death: Option<PatientDeath>,
    /// How far the hospital is with the claim that the patient does not know; null if there was none, and for all but the desk and the doctors.
    patient_uninformed: Option<PatientUninformed>,
    /// Exams that took place although a second opinion has none; none for all but the desk and the doctors.
    exam_exceptions: Vec<ExamException>,
    /// The days on which those who visit can come, as they said last; null for those who see no contacts.
    appointment_wishes: Option<AppointmentWishes>,
    /// Requests for treatment at the hospital, in order; an agency reads them with the patient's consent, billing and pathology do not.
    treatment_requests: Vec<TreatmentRequest>,
    /// Another service that the hospital proposes; null without one, and for those who see no contacts.
    kind_proposal: Option<CaseKindProposal>,
    /// The earlier case that it goes on from; null without one, and for those who see no contacts.
    follows_id: Option<CaseId>,
    /// The application; null for those who see neither contacts nor clinical content.
    application: Option<Application>,
    /// The operations that the caller may run on this case now, by their `operationId`.
    allowed_actions: Vec<Operation>,
}

/// Why the clocks of a case stand still.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseHold {
    /// Why.
    reason: HoldReason,
    /// Since when.
    since_at: Timestamp,
}

/// The patient's death, as it was told to the desk. Nothing is sent by itself any longer.
#[derive(Serialize, ToSchema)]
pub(crate) struct PatientDeath {
    /// The day; null if it is not known.
    died_on: Option<Date>,
    /// Who told it, and how; null for those who see no contacts.
    told_by: Option<ShortText>,
    /// When it was recorded.
    recorded_at: Timestamp,
}

/// How far the hospital is with the claim that the patient does not know.
#[derive(Serialize, ToSchema)]
pub(crate) struct PatientUninformed {
    /// Where it stands today, in Tokyo.
    state: UninformedState,
    /// The last day of the approval; null without one.
    review_on: Option<Date>,
    /// When the department decided last; null if it has not.
    decided_at: Option<Timestamp>,
    /// When the claim ended; null while it stands.
    ended_at: Option<Timestamp>,
    /// The physician who confirmed that the patient knows, where the desk recorded it.
    confirmed_by: Option<ShortText>,
    /// The decision of the hospital's counsel, in a case of an agency; null without one.
    counsel_decision: Option<CounselDecision>,
}

/// The decision of the hospital's counsel that an agency may know.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CounselDecision {
    /// Who decided.
    pub(crate) decided_by: ShortText,
    /// The day.
    pub(crate) decided_on: Date,
    /// Where it is kept.
    pub(crate) reference: ShortText,
}

/// An opinion that was sent by post.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionSending {
    /// To whom, name and address.
    to: LongText,
    /// The day, in Tokyo.
    sent_on: Date,
    /// The carrier.
    carrier: ShortText,
    /// The carrier's number, by which the parcel is found; null if there is none.
    tracking_number: Option<ShortText>,
}

/// An exam that took place although a second opinion has none.
#[derive(Serialize, ToSchema)]
pub(crate) struct ExamException {
    /// What was done.
    what: LongText,
    /// Why.
    reason: LongText,
    /// When it was noted.
    recorded_at: Timestamp,
}

impl ExamException {
    fn of(exam: &domain::visit::ExamException) -> Self {
        Self { what: exam.what.clone(), reason: exam.reason.clone(), recorded_at: exam.at }
    }
}

/// How a case ended.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseEnding {
    /// When.
    ended_at: Timestamp,
    /// Where it stood before.
    from: CaseStage,
    /// The reason's code, for a declined or cancelled case; null for those outside the hospital where the reason is internal. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    reason: Option<String>,
    /// The text of the hospital.
    text: Option<String>,
    /// Whom to ask: International Services.
    contact: DeskContact,
}

impl OpinionCase {
    /// The case as its caller may see it.
    pub(crate) fn of(loaded: &CaseForCaller, rules: &Rules<'_>) -> Self {
        let settings = rules.settings;
        let (case, relations) = (&loaded.case, loaded.access.relations);
        let clinical = relations.may_see(Section::Contacts) && relations.may_see(Section::Clinical);
        let due = case.stage().work().and_then(|work| work.due);
        let money = relations.may_see(Section::Invoices);
        Self {
            id: case.id(),
            number: case.number().to_owned(),
            kind: case.kind(),
            stage: case.stage().name(),
            version: loaded.version,
            route: case.route(),
            agency_id: case.agency(),
            department_id: case.department(),
            responsible_id: case.responsible(),
            waiting_on: case.waiting_on(),
            hold: case.hold_now().map(|hold| CaseHold { reason: hold.reason, since_at: hold.since }),
            expires_at: case.expires_at(),
            due_from_on: due.map(|due| due.from_on),
            due_to_on: due.map(|due| due.to_on),
            visit_at: case.visit_at(),
            created_at: case.opened_at(),
            submitted_at: case.submitted_at(),
            accepted_at: case.accepted_at(),
            estimate_id: case.estimate().map(|estimate| estimate.id).filter(|_| money),
            invoice_id: case.invoice().filter(|_| money),
            opinion_id: case.delivered_opinion().filter(|_| case.opinion_is_open_to(&loaded.access, rules.today)),
            ending: ending(case, settings, relations.may_see(Section::Contacts), relations.contains_any(HOSPITAL)),
            opinion_sent: case.sent().iter().filter(|_| clinical).map(OpinionSending::of).collect(),
            patient_death: case.death().filter(|_| relations.contains_any(HOSPITAL)).map(|death| PatientDeath::of(death, clinical)),
            patient_uninformed: relations.contains_any(INFORMED_STAFF).then(|| PatientUninformed::of(case, rules.today)).flatten(),
            exam_exceptions: case.exams().iter().filter(|_| relations.contains_any(INFORMED_STAFF)).map(ExamException::of).collect(),
            appointment_wishes: parts::wishes(loaded),
            treatment_requests: parts::treatment_requests(loaded, rules.today),
            kind_proposal: parts::kind_proposal(loaded),
            follows_id: case.follows().filter(|_| relations.may_see(Section::Contacts) && !case.is_history_closed_to(&loaded.access)),
            application: clinical.then(|| case.application_for(&loaded.access)),
            allowed_actions: case.allowed_actions(&loaded.access),
        }
    }
}

/// The relations of the hospital's people.
const HOSPITAL: &[Relation] =
    &[Relation::Desk, Relation::Responsible, Relation::Receiving, Relation::Department, Relation::Billing, Relation::Pathology];

impl PatientUninformed {
    fn of(case: &Case, today: Date) -> Option<Self> {
        let record = case.uninformed();
        let (attestation, ended) = (record.attestation.as_ref(), record.ended.as_ref());
        Some(Self {
            state: case.uninformed_state(today)?,
            review_on: attestation.and_then(|decided| decided.review_on),
            decided_at: attestation.map(|decided| decided.at),
            ended_at: ended.map(|end| end.at),
            confirmed_by: ended.and_then(|end| end.confirmed_by.clone()),
            counsel_decision: record.counsel.as_ref().map(|counsel| CounselDecision {
                decided_by: counsel.decided_by.clone(),
                decided_on: counsel.decided_on,
                reference: counsel.reference.clone(),
            }),
        })
    }
}

impl PatientDeath {
    fn of(death: &domain::case::Death, in_words: bool) -> Self {
        Self { died_on: death.on, told_by: in_words.then(|| death.told_by.clone()), recorded_at: death.recorded_at }
    }
}

impl OpinionSending {
    fn of(sent: &domain::case::OpinionSent) -> Self {
        Self { to: sent.to.clone(), sent_on: sent.on, carrier: sent.carrier.clone(), tracking_number: sent.tracking.clone() }
    }
}

fn ending(case: &Case, settings: &domain::settings::HospitalSettings, in_words: bool, inside: bool) -> Option<CaseEnding> {
    let Stage::Ended { from, at, ending, .. } = case.stage() else { return None };
    let (reason, text) = match ending {
        Ending::Closed | Ending::Expired => (None, None),
        Ending::Declined { code, text, .. } => (Some(code.as_str()).filter(|_| inside || !code.is_internal()), Some(text.as_str())),
        Ending::Cancelled { reason, .. } if reason.is_internal() && !inside => (None, None),
        Ending::Cancelled { reason, text } => (Some(reason.as_str()), text.as_ref().map(ShortText::as_str)),
    };
    Some(CaseEnding {
        ended_at: *at,
        from: *from,
        reason: reason.filter(|_| in_words).map(str::to_owned),
        text: text.filter(|_| in_words).map(str::to_owned),
        contact: DeskContact::from(&settings.contact),
    })
}

/// The answer about one case.
pub(crate) fn reply(work: &application::Work<'_, '_>, loaded: &CaseForCaller) -> Result<Reply, Error> {
    Ok(Reply::ok(&OpinionCase::of(loaded, &work.rules()))?.revised(loaded.revision()))
}

/// The answer about a new case.
pub(crate) fn created(work: &application::Work<'_, '_>, loaded: &CaseForCaller) -> Result<Reply, Error> {
    let location = format!("/v1/cases/{}", loaded.case.id());
    Ok(Reply::created(location, &OpinionCase::of(loaded, &work.rules()))?.revised(loaded.revision()))
}
