//! Whatever the family and the hospital do, for the account of a patient who does not know it is as if no case existed.

use domain::access::Role;
use proof::random::Random;
use serde_json::{Value, json};

use super::{THURSDAY, TODAY};
use crate::support::app::{App, Person};
use crate::support::appointments::{afternoons, notice, time, visitor};
use crate::support::given::{Case, LETTER};

/// The patient's own address, in the tests' application.
const FATHER: &str = "mei.tanaka";
/// How many things happen in one life of a case.
const STEPS: usize = 32;

/// Reads of one case, by their path.
const READS: [&str; 14] = [
    "",
    "/timeline",
    "/messages",
    "/documents",
    "/checklist",
    "/representatives",
    "/consents",
    "/appointments",
    "/estimates",
    "/accesses",
    "/information-requests",
    "/re-examination",
    "/consent-form",
    "/treatment-entries",
];
/// Lists, counts and searches.
const LISTS: [&str; 7] = [
    "/v1/cases",
    "/v1/cases?words=Tanaka",
    "/v1/cases/counts",
    "/v1/invoices",
    "/v1/refunds",
    "/v1/cases?stage=scheduled",
    "/v1/cases?kind=representative_consultation",
];

/// Something that happens; whether it is done or refused depends on where the case stands.
fn something(case: &Case<'_>, place: usize) -> (String, u16) {
    let app = case.app;
    let (family, desk, chief, physician) = (app.applicant(), app.coordinator(), app.chief(), app.physician());
    let post = |who: &Person<'_>, path: &str, body: Value| (path.to_owned(), case.step_with(who, path, &body).status);
    let newest = |list: &str| {
        let found = desk.get(&case.path(list)).send().expect(200).json();
        found["data"].as_array().and_then(|all| all.last()).map_or_else(|| "none".to_owned(), |one| one["id"].as_str().unwrap().to_owned())
    };
    let appointment = || newest("appointments");
    match place {
        0 => post(&family, "messages", json!({ "text": "Please do not tell him." })),
        1 => ("documents".to_owned(), case.upload(&family, "letter.pdf", LETTER, &[("language", "en")]).status),
        2 => post(&family, "submit", Value::Null),
        3 => post(&desk, "checklist/application_form/verify", Value::Null),
        4 => post(&desk, "start-triage", json!({ "department_id": app.department("Breast Surgery").to_string() })),
        5 => post(&chief, "patient-uninformed/attest", json!({ "approved": true })),
        6 => post(&chief, "accept", json!({ "responsible_id": physician.id() })),
        7 => post(&desk, "estimates", json!({})),
        8 => {
            let accept = json!({ "terms_version": "2024-02-26", "payer": "applicant", "recipient": "Kai Tanaka\n1-1 Chuo, Tokyo" });
            let path = format!("/v1/estimates/{}/accept", newest("estimates"));
            (path.clone(), family.post(&path).json(&accept).send().status)
        }
        9 => post(&family, "appointment-wishes", json!({ "days": [THURSDAY] })),
        10 => post(&desk, "appointment-offers", json!({ "times": [time(THURSDAY, "15:00", &physician)] })),
        11 => post(&family, &format!("appointments/{}/accept", appointment()), json!({ "choice": 0, "interpreter": "not_needed" })),
        12 => post(&desk, "appointments", json!({ "time": time(TODAY, "16:00", &physician), "interpreter": "not_needed" })),
        13 => post(
            &desk,
            &format!("appointments/{}/reschedule", appointment()),
            json!({ "time": time(TODAY, "16:30", &physician), "notice": notice("hospital", TODAY) }),
        ),
        14 => post(&desk, &format!("appointments/{}/cancel", appointment()), json!({ "notice": notice("hospital", TODAY) })),
        15 => post(&desk, "visit/arrivals", json!({ "people": [visitor(&case.visitors()[0])] })),
        16 => post(&family, "treatment-requests", json!({ "text": "Treat him here." })),
        17 => post(&desk, "kind-proposal", json!({ "kind": "patient_consultation", "text": "He could come himself." })),
        18 => post(&desk, "information-requests", json!({ "questions": ["Since when?"] })),
        19 => post(&desk, "hold", json!({ "reason": "applicant" })),
        20 => post(&desk, "resume", Value::Null),
        21 => post(&family, "invitations", json!({ "email": format!("{FATHER}@example.org"), "relation": "patient" })),
        22 => post(&desk, "internal-notes", json!({ "text": "The daughter called." })),
        _ => post(&family, "cancel", json!({ "reason": "withdrawn" })),
    }
}

/// What the father reads: status and problem of each read of the case, which must be those of a case that does not exist.
fn seen(father: &Person<'_>, case: &str) -> Vec<(String, u16, Value)> {
    let read = |rest: &&str| {
        let answer = father.get(&format!("/v1/cases/{case}{rest}")).send();
        (rest.to_string(), answer.status, answer.json()["code"].clone())
    };
    READS.iter().map(read).collect()
}

#[test]
fn whatever_happens_the_account_of_a_patient_who_does_not_know_sees_no_case() {
    let app = App::start();
    afternoons(&app, &app.physician(), &[TODAY, THURSDAY]);
    let (father, nobody) = (app.person(FATHER, Role::Applicant), app.person("nobody", Role::Applicant));
    let none = seen(&father, "case_01jd8x5k2neht8xg8y7w9zq4rt");
    assert!(none.iter().all(|(_, status, _)| *status == 404), "{none:?}");
    let mut reached = Vec::new();
    for seed in 0..4 {
        let mut random = Random::new(seed);
        let case = Case::represented_by(&app, &app.applicant(), &[("Kai Tanaka", "child")]);
        case.step_with(&app.applicant(), "patient-uninformed/claim", &json!({})).expect(200);
        let mut happened = Vec::new();
        let mut next = 0;
        for _ in 0..STEPS {
            // Mostly what comes next in a life, now and then anything but its end.
            let place = if random.below(3) > 0 {
                next += 1;
                next - 1
            } else {
                random.place(23)
            };
            let (what, status) = something(&case, place);
            assert!(status < 500, "seed {seed}: {what} answers {status} after {happened:?}");
            happened.push((what, status));
            assert_eq!(seen(&father, &case.id), none, "seed {seed}: after {happened:?}");
            for list in LISTS {
                let (theirs, empty) = (father.get(list).send().expect(200), nobody.get(list).send().expect(200));
                assert_eq!(theirs.bytes, empty.bytes, "seed {seed}: {list} after {happened:?}");
            }
        }
        reached.push(happened.iter().filter(|(_, status)| *status < 300).count());
    }
    assert!(reached.iter().sum::<usize>() > 30, "the lives are too short to show anything: {reached:?}");
    let letters = app.letters_to(&format!("{FATHER}@example.org"));
    assert!(letters.iter().all(|reason| reason == "new_device"), "{letters:?}");
}
