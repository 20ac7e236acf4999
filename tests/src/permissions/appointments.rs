//! Scenes and requests of appointments and of the day of a visit.

use domain::access::{Membership, Operation, Role};
use jiff::SignedDuration;
use serde_json::json;

use super::people::Who;
use super::requests::fresh;
use super::scenes::Scene;
use crate::support::app::{App, Person};
use crate::support::appointments::{afternoons, by_card, notice, received, talk, time_of};
use crate::support::given::{Case, acceptance};
use crate::support::http::Request;

/// The day of the visit: the tests' first.
const TODAY: &str = "2026-11-24";

/// Whether the operation is about an appointment, or what took place there.
pub fn is_on_appointments(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::ProposeAppointmentWishes
            | O::OfferAppointment
            | O::WithdrawAppointmentOffer
            | O::AcceptAppointmentOffer
            | O::BookAppointment
            | O::RescheduleAppointment
            | O::CancelAppointment
            | O::SubstitutePhysician
            | O::MarkNotAttended
            | O::ListAppointments
            | O::GetAppointment
            | O::GetCalendarEntry
            | O::RecordArrival
            | O::AgreeExtension
            | O::RecordConsultation
            | O::CorrectConsultation
            | O::RecordExamException
            | O::RequestTreatment
            | O::AnswerTreatmentRequest
            | O::IssuePaidInvoice
    )
}

/// Whether a scene of the operation lets time pass: it has a server of its own.
pub fn takes_time(operation: Operation) -> bool {
    use Operation as O;
    matches!(operation, O::MarkNotAttended | O::RecordConsultation | O::CorrectConsultation | O::RecordExamException | O::IssuePaidInvoice)
}

/// A case of the agency's with a visit today, as far as the operation needs it.
pub fn opened(app: &App, operation: Operation) -> Scene {
    use Operation as O;
    let case = Case::visit_opened_by(app, &app.agency());
    for (name, membership) in
        [("applicant", Membership::Applicant), ("patient", Membership::Patient), ("representative", Membership::Representative)]
    {
        app.join(&case.id, name, membership);
    }
    // Each scene has a physician of its own, so that no two want one half hour.
    let receiving = app.person(&fresh("receiving"), Role::Physician);
    afternoons(app, &receiving, &[TODAY, "2026-11-26"]);
    let mut scene = Scene { case: case.id.clone(), ..Scene::default() };
    scene.hand_in(&case);
    case.step(&app.agency(), "submit").expect(200);
    case.to_triage();
    case.disclose_to_agency();
    case.accept();
    let estimate = case.issue_estimate();
    app.applicant().post(&format!("{estimate}/accept")).json(&acceptance("applicant")).send().expect(200);
    scene.physician = receiving.id();
    "ireq_01jd8x5k2neht8xg8y7w9zq4rt".clone_into(&mut scene.information_request);
    let today = time_of(TODAY, "15:00", &scene.physician);
    match operation {
        O::ProposeAppointmentWishes | O::OfferAppointment | O::BookAppointment => {
            "appt_01jd8x5k2neht8xg8y7w9zq4rt".clone_into(&mut scene.appointment);
            return scene;
        }
        O::WithdrawAppointmentOffer | O::AcceptAppointmentOffer => scene.appointment = case.offer(&[today]),
        _ => scene.appointment = case.book(&today).expect(201).text("/id"),
    }
    let is_held = matches!(operation, O::CorrectConsultation | O::RecordExamException | O::IssuePaidInvoice);
    let is_wished = matches!(operation, O::RequestTreatment | O::AnswerTreatmentRequest);
    if is_held || is_wished || matches!(operation, O::AgreeExtension | O::RecordConsultation) {
        case.arrive(&[received("patient")]).expect(200);
    }
    if operation == O::AnswerTreatmentRequest {
        let wish = json!({ "text": "We wish treatment here." });
        case.step_with(&app.applicant(), "treatment-requests", &wish).expect(200);
    }
    if is_held || matches!(operation, O::MarkNotAttended | O::RecordConsultation) {
        app.after(SignedDuration::from_hours(4));
    }
    if is_held {
        case.record(&app.physician(), &talk(TODAY, "15:00", "15:25", 1)).expect(200);
    }
    scene
}

pub fn on_appointments<'a>(app: &'a App, operation: Operation, scene: &Scene, who: Who, person: &Person<'a>, case: &str) -> Request<'a> {
    use Operation as O;
    let one = format!("{case}/appointments/{}", scene.appointment);
    let post = |path: &str, body: &serde_json::Value| person.post(path).json(body);
    let physician = &scene.physician;
    match operation {
        O::ProposeAppointmentWishes => post(&format!("{case}/appointment-wishes"), &json!({ "days": ["2026-11-26"] })),
        O::OfferAppointment => {
            let times = [time_of("2026-11-26", "15:00", physician)];
            post(&format!("{case}/appointment-offers"), &json!({ "times": times }))
        }
        O::WithdrawAppointmentOffer => person.post(&format!("{one}/withdraw")),
        O::AcceptAppointmentOffer => post(&format!("{one}/accept"), &json!({ "choice": 0, "interpreter": "not_needed" })),
        O::BookAppointment => {
            let booking = json!({ "time": time_of("2026-11-26", "16:00", physician), "interpreter": "not_needed" });
            post(&format!("{case}/appointments"), &booking)
        }
        O::RescheduleAppointment => {
            let change = json!({ "time": time_of("2026-11-26", "15:30", physician), "notice": notice("hospital", TODAY) });
            post(&format!("{one}/reschedule"), &change)
        }
        O::CancelAppointment => post(&format!("{one}/cancel"), &json!({ "notice": notice("hospital", TODAY) })),
        O::SubstitutePhysician => {
            let other = app.person(&fresh("substitute"), Role::Physician);
            afternoons(app, &other, &[TODAY]);
            post(&format!("{one}/substitute"), &json!({ "time": time_of(TODAY, "15:00", &other.id()) }))
        }
        O::MarkNotAttended => {
            let attempt = json!({ "attempted_at": "2026-11-24T15:20:00+09:00", "how": "Telephone" });
            post(&format!("{one}/not-attended"), &json!({ "attempts": [attempt], "ends_case": false }))
        }
        O::ListAppointments => person.get(&format!("{case}/appointments")),
        O::GetAppointment => person.get(&one),
        O::GetCalendarEntry => person.get(&format!("{one}/calendar-entry")),
        O::RecordArrival => post(&format!("{case}/visit/arrivals"), &json!({ "people": [received("patient")] })),
        O::AgreeExtension => post(&format!("{case}/visit/extensions"), &json!({ "payer": "payer" })),
        O::RecordConsultation => post(&format!("{case}/visit/consultation"), &talk(TODAY, "15:00", "15:25", 1)),
        O::CorrectConsultation => {
            let mut correction = talk(TODAY, "15:00", "15:20", 1);
            correction["reason"] = json!("A slip.");
            post(&format!("{case}/visit/consultation/correct"), &correction)
        }
        O::RequestTreatment => post(&format!("{case}/treatment-requests"), &json!({ "text": "We wish treatment here." })),
        O::AnswerTreatmentRequest => {
            let answer = json!({ "decision": "possible", "text": "A coordinator will write to you." });
            post(&format!("{case}/treatment-requests/answer"), &answer)
        }
        O::RecordExamException => post(&format!("{case}/visit/exams"), &json!({ "what": "An ultrasound.", "reason": "Acute pain." })),
        _ => person.post(&format!("{case}/paid-invoices")).key(&fresh(&format!("counter-{who:?}"))).json(&by_card(TODAY)),
    }
}
