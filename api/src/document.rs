//! The OpenAPI document: collected from the handlers, then finished by the rules of the contract.

pub(crate) mod committed;
mod examples;
mod finish;
mod paths;
mod problems;
mod references;
mod twins;
mod unions;

use serde_json::Value;
use utoipa::OpenApi;

use crate::http::routes::Routes;
use crate::routes;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Second Opinion",
        description = "The system of record for second opinions of overseas patients: applications, required items, estimates, invoices, written opinions.\n\nEvery refusal is a problem (RFC 9457) whose `code` is stable; `GET /v1/problems` lists them. What a caller may not see answers like what does not exist. Parameters at fault are named `/query/…`, `/header/…` in `errors`; all other pointers go into the body.\n\nHow often one may ask: by default 100 requests a second and 500 at once for each signed-in person (of these 10 and 50 for operations with `x-rate-policy: costly`), 20 and 100 for each source without a good token (2 and 20 for estimates). `RateLimit-Policy` and `RateLimit` of each answer, and `limits` of `getCatalogue`, say what holds at this server; 429 comes with `Retry-After`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(name = "International Services", email = "international@hospital.example")
    ),
    servers((url = "/", description = "This server")),
    tags(
        (name = "catalogue", description = "What the hospital offers, at which fees, and what it needs. Public."),
        (name = "sign-in", description = "Registration, sessions and passwords."),
        (name = "people", description = "Users, departments, agencies and settings, kept by administrators."),
        (name = "cases", description = "A case from application to closing."),
        (name = "required-items", description = "The checklist and requests for information."),
        (name = "calendar", description = "Closed days, the times of the physicians, and those that are free."),
        (name = "appointments", description = "When a visit takes place, with whom, and what took place."),
        (name = "visitors", description = "Those who visit for the patient, and what the patient signed."),
        (name = "treatment-history", description = "Exams, surgery, chemotherapy and radiation so far."),
        (name = "documents", description = "Files of a case."),
        (name = "money", description = "Fee schedules, estimates, invoices and payments."),
        (name = "slides", description = "The re-examination of pathology slides."),
        (name = "opinions", description = "The written opinion."),
        (name = "messages", description = "Messages, internal notes and the timeline."),
        (name = "audit", description = "Who read or wrote what."),
        (name = "operations", description = "Health, keys and this document.")
    ),
    components(schemas(crate::document::problems::Problem, crate::document::problems::ProblemFault))
)]
struct Base;

/// The schemas that every refusal uses. They stay, although no handler refers to them.
const BASE_SCHEMAS: [&str; 2] = ["Problem", "ProblemFault"];

/// The finished document, as JSON, collected from the handlers.
///
/// # Errors
/// A route that breaks a rule of the contract; a test holds that there is none.
pub fn document() -> anyhow::Result<Value> {
    let mut collected = Base::openapi();
    let _ = actix_web::App::new().configure(|served| routes::configure(&mut Routes::described(served, &mut collected)));
    paths::describe(&mut collected);
    finish::finish(serde_json::to_value(&collected)?)
}

/// The collected document as text, the way it is committed.
pub fn text() -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(&document()?)?))
}
