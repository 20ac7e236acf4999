//! Requests on the re-examination of slides.

use domain::access::Operation;
use serde_json::json;

use crate::support::app::Person;
use crate::support::http::Request;

pub fn on_slides<'a>(operation: Operation, person: &Person<'a>, place: &str) -> Request<'a> {
    use Operation as O;
    let post = |action: &str, body: &serde_json::Value| person.post(&format!("{place}/{action}")).json(body);
    let slides = json!({ "biopsy_slides": 2, "resected_specimens": 0 });
    match operation {
        O::ProposeReExamination => post("propose", &json!({ "slides": slides, "reason": "The grade is open." })),
        O::ChangeReExamination => post("change", &json!({ "slides": slides, "reason": "The family asks." })),
        O::ConfirmSlides => post("count", &json!({ "slides": slides })),
        O::RecordFindings => post("findings", &json!({ "findings": "Grade 2." })),
        _ => person.get(place),
    }
}
