//! The demo's cases.

use std::sync::Arc;

use domain::access::{Operation, Role};
use domain::case::ApplicationPatch;
use domain::service::ServiceKind;
use serde_json::json;

use super::people::People;
use crate::cases::apply::{self, NewCase};
use crate::{Act, Ask, Error, Hospital};

/// Opens cases and takes each as far as the demo wants it.
pub(super) async fn open(hospital: &Arc<Hospital>, people: &People) -> Result<(), Error> {
    let _ = people.department;
    for kind in ServiceKind::ALL {
        let new = NewCase { kind: *kind, application: application(*kind)?, agency: None };
        let draft = step(hospital, people, Role::Applicant, Operation::CreateCase, {
            let new = new.clone();
            move |act| Ok(apply::create_case(act, &new)?.case.id())
        });
        draft.await?;
        let id =
            step(hospital, people, Role::Applicant, Operation::CreateCase, move |act| Ok(apply::create_case(act, &new)?.case.id())).await?;
        step(hospital, people, Role::Applicant, Operation::SubmitCase, move |act| apply::submit_case(act, id).map(drop)).await?;
    }
    Ok(())
}

/// One step by the first person of a role.
async fn step<T: Send + 'static>(
    hospital: &Arc<Hospital>,
    people: &People,
    role: Role,
    operation: Operation,
    job: impl Fn(&mut Act<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
) -> Result<T, Error> {
    let ask = Ask {
        operation,
        caller: Some(people.caller(hospital, role)?),
        request_id: "demo".to_owned(),
        expected: None,
        idempotency: None,
        case: None,
    };
    hospital.perform(ask, job).await
}

/// A complete application for a service.
fn application(kind: ServiceKind) -> Result<ApplicationPatch, Error> {
    let mut form = json!({
        "patient": {
            "name": { "alphabetic": "Sofia Lindqvist" }, "birth_on": "1961-04-12", "phone": "+46812345678", "email": "sofia@example.org",
            "language": "en", "address": { "lines": ["Storgatan 1"], "city": "Stockholm", "country": "SE" },
        },
        "contact_person": {
            "name": { "alphabetic": "Erik Lindqvist" }, "relation": "spouse", "phone": "+46812345679", "email": "erik@example.org",
            "address": { "lines": ["Storgatan 1"], "city": "Stockholm", "country": "SE" },
        },
        "questions": ["Is surgery still an option?", "Which medicines would you give first?"],
        "wishes_treatment_here": true, "language": "en",
    });
    let extra = match kind {
        ServiceKind::PatientConsultation => json!({}),
        ServiceKind::RepresentativeConsultation => {
            json!({ "representatives": [{ "name": { "alphabetic": "Erik Lindqvist" }, "relation": "spouse" }] })
        }
        ServiceKind::WrittenOpinion => json!({ "has_family_or_friend_in_japan": false }),
    };
    if let (Some(form), Some(extra)) = (form.as_object_mut(), extra.as_object()) {
        form.extend(extra.clone());
    }
    serde_json::from_value(form).map_err(|_| Error::Internal("the demo's application is refused"))
}
