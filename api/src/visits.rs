//! The day of the visit: handlers and requests. Appointments are the answer.

use actix_web::post;
use application::visits::{self, NewExtension};
use application::{CaseForCaller, Error, Fault, Work};
use domain::access::may;
use domain::case::Case;
use domain::ids::{CaseId, RepresentativeId};
use domain::people::{LongText, PersonName, RelationToPatient, ShortText};
use domain::visit::{
    Arrived, AtTheDoor, ConsultationEnd, ExtensionPayer, InterpreterAtVisit, NotCharged, OutsideReason, Person, SeenIdentity, TookPlace,
    TreatmentDecision,
};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::appointments::shown;
use crate::appointments::views::CaseAppointment;
use crate::cases::views::{OpinionCase, reply};
use crate::http::authorized::Authorized;
use crate::http::body::{Body, MoreFaults, Path, repeated};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(record_arrival)
        .service(agree_extension)
        .service(record_consultation)
        .service(correct_consultation)
        .service(record_exam_exception)
        .service(request_treatment)
        .service(answer_treatment_request);
}

/// Somebody who is at the reception.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArrivedPerson {
    /// Who.
    person: Person,
    /// Which of those who are named in the application; needed for `representative`, and only there.
    #[serde(default)]
    representative_id: Option<RepresentativeId>,
    /// The name; needed for somebody who is not named.
    #[serde(default)]
    name: Option<PersonName>,
    /// How they stand to the patient.
    #[serde(default)]
    relation: Option<RelationToPatient>,
    /// The document that was seen; needed for whoever is received, but for somebody who accompanies the patient.
    #[serde(default)]
    identity: Option<SeenIdentity>,
    /// Whether the original of the patient's consent was seen.
    #[serde(default)]
    #[schema(required = false)]
    original_seen: bool,
    /// Whether they are received.
    outcome: AtTheDoor,
    /// Why they are not; needed then, and only then.
    #[serde(default)]
    reason: Option<OutsideReason>,
    /// In words, for the hospital's people.
    #[serde(default)]
    text: Option<ShortText>,
}

impl From<&ArrivedPerson> for Arrived {
    fn from(one: &ArrivedPerson) -> Self {
        Self {
            person: one.person,
            representative: one.representative_id,
            name: one.name.clone(),
            relation: one.relation,
            identity: one.identity.clone(),
            original_seen: one.original_seen,
            outcome: one.outcome,
            reason: one.reason,
            text: one.text.clone(),
        }
    }
}

/// Who is at the reception.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordArrival {
    /// Everybody who is there now; a later record takes the place of this one.
    #[schema(min_items = 1, max_items = 10)]
    people: Vec<ArrivedPerson>,
    /// How the conversation is interpreted, once that is known.
    #[serde(default)]
    interpreter: Option<InterpreterAtVisit>,
}

/// A further half hour.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreeExtension {
    /// Who pays it.
    payer: ExtensionPayer,
    /// To whom its invoice is addressed, name and address; needed if those who visit pay, and only then.
    #[serde(default)]
    recipient: Option<LongText>,
    /// When the consultation began, if that was later than planned.
    #[serde(default)]
    began_at: Option<Timestamp>,
}

/// What took place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsultationTookPlace {
    /// When it began.
    began_at: Timestamp,
    /// When it ended.
    ended_at: Timestamp,
    /// Half hours that began; no more than were agreed on.
    #[schema(minimum = 1, maximum = 20)]
    half_hours: u8,
    /// Of them, those that are not charged; never the first.
    #[serde(default)]
    not_charged: Option<NotCharged>,
    /// Those who visit for the patient and were in the room.
    #[serde(default)]
    #[schema(required = false, max_items = 3)]
    representative_ids: Vec<RepresentativeId>,
    /// How it was interpreted.
    interpreter: InterpreterAtVisit,
    /// What is said of that; needed where the physician went on without.
    #[serde(default)]
    interpreter_text: Option<ShortText>,
    /// Whether treatment at the hospital was talked about.
    treatment_discussed: bool,
}

impl From<&ConsultationTookPlace> for TookPlace {
    fn from(one: &ConsultationTookPlace) -> Self {
        Self {
            began_at: one.began_at,
            ended_at: one.ended_at,
            half_hours: one.half_hours,
            not_charged: one.not_charged.clone(),
            representatives: one.representative_ids.clone(),
            interpreter: one.interpreter,
            interpreter_text: one.interpreter_text.clone(),
            treatment_discussed: one.treatment_discussed,
        }
    }
}

/// A consultation: what took place, or why the hospital broke it off.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordConsultation {
    /// What took place; absent or null if it was broken off.
    #[serde(default)]
    took_place: Option<ConsultationTookPlace>,
    /// Why the hospital broke it off; nothing is charged then, and another date is arranged.
    #[serde(default)]
    broken_off_because: Option<LongText>,
    /// What the hospital's people note of it; kept as an internal note.
    #[serde(default)]
    note: Option<LongText>,
}

/// Either of the two.
#[derive(Debug)]
pub(crate) struct OneOutcome;

impl MoreFaults<RecordConsultation> for OneOutcome {
    fn of(body: &RecordConsultation) -> Vec<Fault> {
        match (&body.took_place, &body.broken_off_because) {
            (None, None) => vec![Fault::at("/took_place", "required")],
            (Some(_), Some(_)) => vec![Fault::at("/broken_off_because", "invalid")],
            (Some(took_place), None) => repeated(&took_place.representative_ids, |place| format!("/took_place/representative_ids/{place}")),
            (None, Some(_)) => Vec::new(),
        }
    }
}

impl RecordConsultation {
    fn end(&self) -> Option<ConsultationEnd> {
        let held = self.took_place.as_ref().map(|one| ConsultationEnd::Held(one.into()));
        held.or_else(|| self.broken_off_because.clone().map(|reason| ConsultationEnd::BrokenOff { reason }))
    }
}

/// A correction of what was recorded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectConsultation {
    /// What took place; null if it did not, and the record was a mistake.
    took_place: Option<ConsultationTookPlace>,
    /// Why it is corrected.
    reason: LongText,
}

/// An exam that took place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordExamException {
    /// What was done.
    what: LongText,
    /// Why.
    reason: LongText,
}

/// The wish to be treated at the hospital.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestTreatment {
    /// What is wished.
    text: LongText,
}

/// The answer to a request for treatment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerTreatmentRequest {
    /// The decision.
    decision: TreatmentDecision,
    /// In words: what comes next.
    text: LongText,
    /// Whether it corrects the answer that was given last.
    #[serde(default)]
    #[schema(required = false)]
    is_correction: bool,
}

/// The appointment of the visit.
fn answer(work: &Work<'_, '_>, loaded: &CaseForCaller) -> Result<Reply, Error> {
    let newest = |case: &Case| case.visit().or(case.appointments().last()).map(|one| one.id);
    let id = newest(&loaded.case).ok_or(Error::Internal("a visit without an appointment"))?;
    Ok(Reply::ok(&shown(work, loaded, id)?)?.revised(loaded.revision()))
}

/// Record an arrival
///
/// On the day of the appointment, as often as needed: who is at the reception, and whether they are received. A friend needs a consent of the patient, with
/// its original (setting); family needs none.
#[utoipa::path(
    tag = "appointments",
    request_body = RecordArrival,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/visit/arrivals")]
pub(crate) async fn record_arrival(caller: Authorized<may::RecordArrival>, Path(case): Path<CaseId>, body: Body<RecordArrival>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let people: Vec<Arrived> = body.people.iter().map(Arrived::from).collect();
            let loaded = visits::record_arrival(work, case, &people, body.interpreter)?;
            answer(work, &loaded)
        })
        .await
}

/// Agree to an extension
///
/// One more half hour at the price of the estimate, before it begins. Its place in the calendar is taken. Where an agency or a third party pays, those who
/// visit pay it on the day.
#[utoipa::path(
    tag = "appointments",
    request_body = AgreeExtension,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/visit/extensions")]
pub(crate) async fn agree_extension(
    caller: Authorized<may::AgreeExtension>,
    Path(case): Path<CaseId>,
    body: Body<AgreeExtension>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let new = NewExtension { payer: body.payer, recipient: body.recipient.clone(), began_at: body.began_at };
            let loaded = visits::agree_extension(work, case, &new)?;
            answer(work, &loaded)
        })
        .await
}

/// Record the consultation
///
/// By a physician of the visit, or by the desk for them to confirm. Half hours are charged that were agreed on and began. What was paid in advance and did
/// not begin is credited.
#[utoipa::path(
    tag = "appointments",
    request_body = RecordConsultation,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/visit/consultation")]
pub(crate) async fn record_consultation(
    caller: Authorized<may::RecordConsultation>,
    Path(case): Path<CaseId>,
    body: Body<RecordConsultation, OneOutcome>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let end = body.end().ok_or(Error::Internal("a consultation without an outcome"))?;
            let loaded = visits::record_consultation(work, case, &end, body.note.as_ref())?;
            answer(work, &loaded)
        })
        .await
}

/// Correct the consultation
///
/// A physician confirms by it what the desk recorded. Differences on invoices are credited, or invoiced besides.
#[utoipa::path(
    tag = "appointments",
    request_body = CorrectConsultation,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/visit/consultation/correct")]
pub(crate) async fn correct_consultation(
    caller: Authorized<may::CorrectConsultation>,
    Path(case): Path<CaseId>,
    body: Body<CorrectConsultation>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let took_place = body.took_place.as_ref().map(TookPlace::from);
            let loaded = visits::correct_consultation(work, case, took_place.as_ref(), &body.reason)?;
            answer(work, &loaded)
        })
        .await
}

/// Record an exam
///
/// A second opinion includes no exam, so a reason is required. Nobody outside the hospital reads it here.
#[utoipa::path(
    tag = "appointments",
    request_body = RecordExamException,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/visit/exams")]
pub(crate) async fn record_exam_exception(
    caller: Authorized<may::RecordExamException>,
    Path(case): Path<CaseId>,
    body: Body<RecordExamException>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = visits::record_exam_exception(work, case, &body.what, &body.reason)?;
            reply(work, &loaded)
        })
        .await
}

/// Request treatment
///
/// By those who visited, or noted on their word: from the arrival until some weeks after closing (setting). The department answers.
#[utoipa::path(
    tag = "appointments",
    request_body = RequestTreatment,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/treatment-requests")]
pub(crate) async fn request_treatment(
    caller: Authorized<may::RequestTreatment>,
    Path(case): Path<CaseId>,
    body: Body<RequestTreatment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = visits::request_treatment(work, case, &body.text)?;
            reply(work, &loaded)
        })
        .await
}

/// Answer the request for treatment
///
/// By the department, or by the desk for it. Until then the case cannot be closed. A wrong answer is corrected in the same way; the family is told again.
#[utoipa::path(
    tag = "appointments",
    request_body = AnswerTreatmentRequest,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/treatment-requests/answer")]
pub(crate) async fn answer_treatment_request(
    caller: Authorized<may::AnswerTreatmentRequest>,
    Path(case): Path<CaseId>,
    body: Body<AnswerTreatmentRequest>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = visits::answer_treatment_request(work, case, body.decision, &body.text, body.is_correction)?;
            reply(work, &loaded)
        })
        .await
}
