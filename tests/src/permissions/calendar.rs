//! Requests on the calendar.

use domain::access::Operation;
use serde_json::json;

use crate::support::app::{App, Person};
use crate::support::http::Request;

/// Whether the operation is on the calendar.
pub fn is_on_calendar(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::GetClosedDays
            | O::UpdateClosedDays
            | O::CreateAvailability
            | O::DeleteAvailability
            | O::ListAvailability
            | O::ListSlots
            | O::ListPhysicians
    )
}

pub fn on_calendar<'a>(app: &'a App, operation: Operation, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let hours = json!({
        "physician_id": app.physician().id(), "department_id": app.department("Breast Surgery").to_string(), "days": ["2027-01-14"],
        "begins": "15:00", "ends": "16:00",
    });
    match operation {
        O::GetClosedDays => person.get("/v1/closed-days"),
        O::UpdateClosedDays => {
            let day = json!({ "closed_on": "2027-05-17", "text": "Anniversary", "text_ja": "開院記念日" });
            person.put("/v1/closed-days").if_match("*").json(&json!({ "closed_days": [day] }))
        }
        O::CreateAvailability => person.post("/v1/availabilities").json(&hours),
        O::DeleteAvailability => person.post("/v1/availabilities/delete").json(&hours),
        O::ListAvailability => person.get("/v1/availabilities"),
        _ => person.get("/v1/slots"),
    }
}
