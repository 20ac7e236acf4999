//! Examples of appointments, and of the day of a visit. The visits of the demo are on days to come, so the answers of that day stand here.

use application::demo::ids::{in_case, in_house};
use domain::ids::{AppointmentKey, CaseKey, RepresentativeKey, UserKey};
use serde_json::{Value, json};

use crate::document::examples::cases::about;
use crate::document::examples::{ANSWERS, Example};

/// Whose visit is booked.
const BOOKED: &str = "Nina Sorensen";
/// What the family wishes, and what the department answers.
const WISH: &str = "We would like the operation to take place at your hospital.";
const WELCOME: &str = "Treatment here is possible. A coordinator will write to you about the dates.";
/// Where its time stands in the demo of the tests.
const DAY: &str = "2026-12-02";

pub(super) fn all() -> Vec<Example> {
    [arranged(), held()].into_iter().flatten().collect()
}

fn appointment(of: &str) -> String {
    in_case::<AppointmentKey>(of, 1).map(|id| id.to_string()).unwrap_or_default()
}

fn time(starts_at: &str, physician: u64) -> Value {
    json!({ "starts_at": starts_at, "physician_id": in_house::<UserKey>(physician) })
}

fn arranged() -> Vec<Example> {
    let on = |operation, of: &str| about(operation, of).with("appointment_id", appointment(of));
    let moved = json!({ "by": "applicant", "reason": "flight", "notified_on": "2026-11-24" });
    vec![
        about("proposeAppointmentWishes", "Carlos Ruiz")
            .by("mei.tanaka")
            .body(json!({ "days": ["2026-12-08", "2026-12-09"], "until_on": "2026-12-20", "interpreter": "not_needed" })),
        about("offerAppointment", "Ingrid Berg")
            .by("coordinator")
            .body(json!({ "times": [time("2026-12-08T15:00:00+09:00", 5), time("2026-12-09T16:00:00+09:00", 5)], "room": "Room 3" })),
        on("withdrawAppointmentOffer", "Carlos Ruiz").by("coordinator"),
        on("acceptAppointmentOffer", "Carlos Ruiz").by("mei.tanaka").body(json!({ "choice": 0, "interpreter": "not_needed" })),
        about("bookAppointment", "Ingrid Berg")
            .by("coordinator")
            .body(json!({ "time": time("2026-12-08T15:00:00+09:00", 5), "interpreter": "not_needed", "room": "Room 3" })),
        on("rescheduleAppointment", BOOKED)
            .by("coordinator")
            .body(json!({ "time": time("2026-12-10T15:00:00+09:00", 5), "notice": moved })),
        on("cancelAppointment", BOOKED).by("coordinator").body(json!({ "notice": moved })),
        on("substitutePhysician", BOOKED)
            .by("coordinator")
            .body(json!({ "time": time(&format!("{DAY}T15:30:00+09:00"), 7), "text": "Dr. Mori is ill." })),
        about("listAppointments", "Carlos Ruiz").by("mei.tanaka"),
        on("getAppointment", BOOKED).by("coordinator"),
        on("getCalendarEntry", BOOKED).by("mei.tanaka"),
    ]
}

/// What the appointment of the day of the visit looks like.
fn day_of_the_visit(state: &str, half_hours: u8, changes: &Value) -> Value {
    let physician = in_house::<UserKey>(5);
    let ends_at = if half_hours > 1 { "2026-12-02T07:00:00Z" } else { "2026-12-02T06:30:00Z" };
    let mut shown = json!({
        "id": appointment(BOOKED), "version": 14, "state": state, "offered": [], "held_until_at": null,
        "time": {
            "starts_at": "2026-12-02T06:00:00Z", "ends_at": ends_at, "half_hours": half_hours, "physician_id": physician,
            "also_physician_ids": [],
        },
        "interpreter": "not_needed", "language": "en", "room": "Room 3", "needs": null, "changes": [], "ended": null,
        "people": [person()], "interpreter_at_visit": null, "extensions": [], "consultation": null,
        "created_at": "2026-11-24T03:00:00Z", "allowed_actions": [],
    });
    if let (Some(shown), Some(changes)) = (shown.as_object_mut(), changes.as_object()) {
        shown.extend(changes.clone());
    }
    shown
}

/// The spouse at the reception.
fn person() -> Value {
    let spouse = in_case::<RepresentativeKey>(BOOKED, 1);
    json!({
        "person": "representative", "representative_id": spouse, "name": null, "relation": null,
        "identity": { "kind": "passport", "ends_with": "47" }, "original_seen": false, "outcome": "received", "reason": null,
        "text": null,
    })
}

fn talk(ended_at: &str) -> Value {
    let spouse = in_case::<RepresentativeKey>(BOOKED, 1);
    json!({
        "began_at": "2026-12-02T06:00:00Z", "ended_at": ended_at, "half_hours": 1, "representative_ids": [spouse],
        "interpreter": "not_needed", "treatment_discussed": true,
    })
}

fn consultation(ended_at: &str, corrections: u8) -> Value {
    let mut shown = talk(ended_at);
    let more = json!({
        "not_charged": null, "charged_half_hours": 1, "interpreter_text": null, "recorded_at": "2026-12-02T06:31:00Z",
        "confirmed_by": in_house::<UserKey>(5), "corrections": corrections,
    });
    if let (Some(shown), Some(more)) = (shown.as_object_mut(), more.as_object()) {
        shown.extend(more.clone());
    }
    shown
}

fn held() -> Vec<Example> {
    let on = |operation| about(operation, BOOKED);
    let spouse = in_case::<RepresentativeKey>(BOOKED, 1);
    let ended = json!({
        "wanted_by": null, "reason": null, "text": null, "notified_on": null, "before": null, "recorded_at": "2026-12-02T06:35:00Z",
    });
    let extension = json!({ "begins_at": "2026-12-02T06:30:00Z", "payer": "payer", "agreed_at": "2026-12-02T06:28:00Z" });
    let exam = json!({ "what": "An ultrasound of the abdomen.", "reason": "Acute pain during the talk." });
    vec![
        on("markNotAttended")
            .with("appointment_id", appointment(BOOKED))
            .by("coordinator")
            .body(json!({ "attempts": [{ "attempted_at": "2026-12-02T06:15:00Z", "how": "Telephone" }], "ends_case": false }))
            .answered(day_of_the_visit("not_attended", 1, &json!({ "people": [], "ended": ended }))),
        on("recordArrival")
            .by("coordinator")
            .body(json!({ "people": [{
                "person": "representative", "representative_id": spouse, "identity": { "kind": "passport", "ends_with": "47" },
                "outcome": "received",
            }] }))
            .answered(day_of_the_visit("arrived", 1, &json!({}))),
        on("agreeExtension").by("physician").body(json!({ "payer": "payer" })).answered(day_of_the_visit(
            "arrived",
            2,
            &json!({ "extensions": [extension] }),
        )),
        on("recordConsultation").by("physician").body(json!({ "took_place": talk("2026-12-02T06:25:00Z") })).answered(day_of_the_visit(
            "held",
            1,
            &json!({ "consultation": consultation("2026-12-02T06:25:00Z", 0) }),
        )),
        on("correctConsultation")
            .by("physician")
            .body(json!({ "took_place": talk("2026-12-02T06:20:00Z"), "reason": "The talk was shorter." }))
            .answered(day_of_the_visit("held", 1, &json!({ "consultation": consultation("2026-12-02T06:20:00Z", 1) }))),
        on("recordExamException").by("physician").body(exam.clone()).answered(case_with(&exam)),
        on("requestTreatment").by("mei.tanaka").body(json!({ "text": WISH })).answered(case_with_request(&Value::Null)),
        on("answerTreatmentRequest")
            .by("chief")
            .body(json!({ "decision": "possible", "text": WELCOME }))
            .answered(case_with_request(&json!({ "decision": "possible", "text": WELCOME, "answered_at": "2026-12-02T08:00:00Z" }))),
        on("issuePaidInvoice")
            .by("accountant")
            .with("Idempotency-Key", "counter-nina-sorensen-1")
            .body(json!({ "method": "card", "reference": "TERMINAL-0042", "received_on": DAY }))
            .answered(paid_invoice()),
    ]
}

/// The demo's answer to an operation, with other values.
fn like(operation: &str, others: &Value) -> Value {
    let mut shown = serde_json::from_str::<Value>(ANSWERS).ok().and_then(|answers| answers.get(operation).cloned()).unwrap_or_default();
    if let (Some(shown), Some(others)) = (shown.as_object_mut(), others.as_object()) {
        shown.extend(others.clone());
    }
    shown
}

/// The case after the visit, with an exam.
fn case_with(exam: &Value) -> Value {
    let mut noted = exam.clone();
    if let Some(noted) = noted.as_object_mut() {
        noted.insert("recorded_at".to_owned(), json!("2026-12-02T06:35:00Z"));
    }
    let case = in_case::<CaseKey>(BOOKED, 1);
    let others = json!({
        "id": case, "kind": "representative_consultation", "stage": "consulted", "version": 15, "waiting_on": "accountant",
        "visit_at": "2026-12-02T06:00:00Z", "expires_at": null, "exam_exceptions": [noted], "allowed_actions": ["recordExamException"],
    });
    like("acceptCase", &others)
}

/// The case after the visit, with a request for treatment.
fn case_with_request(answer: &Value) -> Value {
    let request = json!({ "text": WISH, "requested_at": "2026-12-02T06:35:00Z", "answer": answer });
    let waits = answer.is_null();
    let others = json!({
        "id": in_case::<CaseKey>(BOOKED, 1), "kind": "representative_consultation", "stage": "consulted", "version": 15,
        "waiting_on": if waits { "department" } else { "desk" }, "visit_at": "2026-12-02T06:00:00Z", "expires_at": null,
        "treatment_requests": [request], "allowed_actions": if waits { json!(["postMessage"]) } else { json!([]) },
    });
    like("acceptCase", &others)
}

/// The invoice of half an hour, paid by card.
fn paid_invoice() -> Value {
    let yen = |amount: u32| json!({ "amount": amount, "currency": "JPY" });
    let line = json!({
        "amount": yen(33_000), "code": "consultation_first_30_min", "label": "Consultation, first 30 minutes", "quantity": 1,
        "unit_price": yen(33_000),
    });
    let payment = json!({
        "amount": yen(33_000), "bank_charge": yen(0), "id": "pay_01m0000000e000000000000001", "method": "card",
        "receipt": { "id": "rct_01m0000000e000000000000002", "number": "RCT-000018" }, "received_on": DAY,
        "recorded_at": "2026-12-02T06:40:00Z", "recorded_by": in_house::<UserKey>(11), "reference": "TERMINAL-0042", "refund_id": null,
        "remitter": null, "reversal": null,
    });
    let others = json!({
        "case_id": in_case::<CaseKey>(BOOKED, 1), "case_number": "2026-000036", "issued_on": DAY, "due_on": "2027-01-04", "lines": [line],
        "total": yen(33_000), "net": yen(30_000), "tax": yen(3_000), "owed": yen(0), "received": yen(33_000), "status": "paid",
        "payments": [payment], "recipient": format!("{BOOKED}\nStorgatan 1, Stockholm"), "version": 2,
        "allowed_actions": ["reversePayment", "issueCreditNote", "reissueInvoice"],
    });
    like("issueInvoice", &others)
}
