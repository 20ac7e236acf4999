//! Visits, from the estimate to the consultation, the way the people of the hospital bring them there.

use domain::access::Role;
use serde_json::{Value, json};

use super::app::{App, Person};
use super::given::{Case, acceptance, application};
use super::http::Answer;

/// Half hours of a physician of Breast Surgery, from three to six in the afternoon of these days.
pub fn afternoons(app: &App, physician: &Person<'_>, days: &[&str]) {
    let hours = json!({
        "physician_id": physician.id(), "department_id": app.department("Breast Surgery").to_string(), "days": days,
        "begins": "15:00", "ends": "18:00",
    });
    app.coordinator().post("/v1/availabilities").json(&hours).send().expect(201);
}

/// A time of a physician, in Tokyo.
pub fn time(day: &str, hour: &str, physician: &Person<'_>) -> Value {
    time_of(day, hour, &physician.id())
}

/// The same, by the physician's identifier.
pub fn time_of(day: &str, hour: &str, physician: &str) -> Value {
    json!({ "starts_at": format!("{day}T{hour}:00+09:00"), "physician_id": physician })
}

/// Who wants a change, today.
pub fn notice(by: &str, notified_on: &str) -> Value {
    json!({ "by": by, "reason": "flight", "notified_on": notified_on })
}

/// Somebody at the reception with a passport, who is received.
pub fn received(person: &str) -> Value {
    json!({ "person": person, "identity": { "kind": "passport", "ends_with": "47" }, "outcome": "received" })
}

/// Somebody who is named in the application, at the reception with a passport.
pub fn visitor(id: &str) -> Value {
    let mut one = received("representative");
    one["representative_id"] = json!(id);
    one
}

/// A talk of one physician in Tokyo.
pub fn talk(day: &str, from: &str, to: &str, half_hours: u8) -> Value {
    json!({ "took_place": {
        "began_at": format!("{day}T{from}:00+09:00"), "ended_at": format!("{day}T{to}:00+09:00"), "half_hours": half_hours,
        "interpreter": "not_needed", "treatment_discussed": true,
    } })
}

/// A payment at the counter.
pub fn by_card(received_on: &str) -> Value {
    json!({ "method": "card", "reference": "TERMINAL-1", "received_on": received_on })
}

impl<'a> Case<'a> {
    /// A complete draft of somebody's for a consultation of the patient.
    pub fn visit_opened_by(app: &'a App, who: &Person<'_>) -> Self {
        let body = json!({ "kind": "patient_consultation", "application": application() });
        Self { app, id: who.post("/v1/cases").json(&body).send().expect(201).text("/id") }
    }

    /// An accepted consultation of the applicant's patient, whose estimate, with these wishes of the desk, is accepted.
    pub fn visit(app: &'a App, estimate: &Value) -> Self {
        let case = Self::visit_opened_by(app, &app.applicant());
        case.step(&app.applicant(), "submit").expect(200);
        case.to_triage();
        case.accept();
        case.agree(estimate);
        case
    }

    /// The desk makes the estimate so, and the applicant accepts it.
    pub fn agree(&self, estimate: &Value) {
        let issued = self.step_with(&self.app.coordinator(), "estimates", estimate).expect(201);
        let accept = format!("{}/accept", issued.header("location").unwrap());
        self.app.applicant().post(&accept).json(&acceptance("applicant")).send().expect(200);
    }

    /// The desk offers times; the identifier of the offer.
    pub fn offer(&self, times: &[Value]) -> String {
        self.step_with(&self.app.coordinator(), "appointment-offers", &json!({ "times": times })).expect(201).text("/id")
    }

    /// Those who visit choose one of the times.
    pub fn choose(&self, who: &Person<'_>, offer: &str, choice: u8) -> Answer {
        let body = json!({ "choice": choice, "interpreter": "not_needed" });
        self.step_with(who, &format!("appointments/{offer}/accept"), &body)
    }

    /// The desk books a time.
    pub fn book(&self, time: &Value) -> Answer {
        self.step_with(&self.app.coordinator(), "appointments", &json!({ "time": time, "interpreter": "not_needed" }))
    }

    /// The desk does something with an appointment.
    pub fn change(&self, appointment: &str, action: &str, body: &Value) -> Answer {
        self.step_with(&self.app.coordinator(), &format!("appointments/{appointment}/{action}"), body)
    }

    /// These people are at the reception.
    pub fn arrive(&self, people: &[Value]) -> Answer {
        self.step_with(&self.app.coordinator(), "visit/arrivals", &json!({ "people": people }))
    }

    /// The physician agrees to a further half hour that the payer pays.
    pub fn extend(&self, who: &Person<'_>) -> Answer {
        self.step_with(who, "visit/extensions", &json!({ "payer": "payer" }))
    }

    /// The physician records the talk.
    pub fn record(&self, who: &Person<'_>, talk: &Value) -> Answer {
        self.step_with(who, "visit/consultation", talk)
    }

    /// The newest invoice, issued and paid at the counter.
    pub fn pay_at_the_counter(&self, received_on: &str) -> Answer {
        let body = by_card(received_on);
        self.app.accountant().post(&self.path("paid-invoices")).key_of(&self.id, &body).json(&body).send()
    }

    /// An appointment, as somebody sees it.
    pub fn appointment(&self, who: &Person<'_>, id: &str) -> Value {
        who.get(&self.path(&format!("appointments/{id}"))).send().expect(200).json()
    }
}

impl App {
    /// A colleague of the physician in Breast Surgery.
    pub fn colleague(&self) -> Person<'_> {
        self.person("colleague", Role::Physician)
    }
}
