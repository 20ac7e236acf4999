//! Nobody sees what is not theirs: every operation, every role and nobody, every relation to a case.
//!
//! What is expected stands in `expected.rs`, by hand. Cells that are allowed must succeed; what is hidden answers byte for byte like what
//! does not exist.

mod account;
mod appointments;
mod calendar;
mod expected;
mod paths;
mod people;
mod requests;
mod scenes;
mod slides;
mod visits;

use domain::access::{Idempotency, Operation};
use expected::Expected;
use people::Who;
use requests::request;
pub use scenes::Scene;

use crate::support::app::App;
use crate::support::http::Answer;

/// A case, and other things, that never were: for comparison with what is hidden.
const NOBODYS_CASE: &str = "case_01jd8x5k2neht8xg8y7w9zq4rt";
const NOBODYS_INVOICE: &str = "inv_01jd8x5k2neht8xg8y7w9zq4rt";
const NOBODYS_ESTIMATE: &str = "estimate_01jd8x5k2neht8xg8y7w9zq4rt";
const NOBODYS_REFUND: &str = "refund_01jd8x5k2neht8xg8y7w9zq4rt";

#[test]
fn who_may_what_is_written_down_by_hand() {
    let groups = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(4);
    let faults: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..groups)
            .map(|group| {
                scope.spawn(move || {
                    let app = App::start();
                    Operation::offered().skip(group).step_by(groups).flat_map(|operation| faults_of(&app, operation)).collect::<Vec<_>>()
                })
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_operation_that_keeps_its_answer_gives_it_again() {
    let app = App::start();
    let keeping = Operation::offered().filter(|operation| operation.idempotency() != Idempotency::None);
    let mut tried = 0;
    for operation in keeping {
        let own = appointments::takes_time(operation).then(App::start);
        let app = own.as_ref().unwrap_or(&app);
        let scene = Scene::of(app, operation);
        let cells = expected::row(operation).chars().filter(|cell| *cell != ' ');
        let (who, _) = Who::ALL.into_iter().zip(cells).find(|(_, cell)| *cell == 'y').unwrap();
        let once = request(app, operation, &scene, who).key(&format!("once-{}", operation.operation_id()));
        let (first, second) = (once.clone().send(), once.send());
        assert!(first.status < 300, "{}: {}", first.request, String::from_utf8_lossy(&first.bytes));
        assert_eq!((first.status, &first.bytes), (second.status, &second.bytes), "{}", operation.operation_id());
        assert_eq!(first.header("idempotent-replayed"), None, "{}", operation.operation_id());
        assert_eq!(second.header("idempotent-replayed"), Some("true"), "{}", operation.operation_id());
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

/// The cells of an operation's row that do not hold.
fn faults_of(app: &App, operation: Operation) -> Vec<String> {
    let row: Vec<Expected> = expected::row(operation).chars().filter(|cell| *cell != ' ').map(Expected::of).collect();
    assert_eq!(row.len(), Who::ALL.len(), "the row of {}", operation.operation_id());
    let own = appointments::takes_time(operation).then(App::start);
    let app = own.as_ref().unwrap_or(app);
    // Whoever is refused changes nothing: one scene serves them all.
    let refused_at = Scene::of(app, operation);
    let mut faults = Vec::new();
    for (who, expected) in Who::ALL.into_iter().zip(row) {
        let own = (expected == Expected::Succeeds && appointments::takes_time(operation)).then(App::start);
        let app = own.as_ref().unwrap_or(app);
        let scene = match expected {
            Expected::Succeeds if requests::changes(operation) => Scene::of(app, operation),
            Expected::Succeeds | Expected::Forbidden | Expected::Hidden | Expected::NotSignedIn => refused_at.clone(),
        };
        let answer = request(app, operation, &scene, who).send();
        let holds = match expected {
            Expected::Succeeds => answer.status < 300,
            Expected::Forbidden => is_problem(&answer, 403, "forbidden"),
            Expected::NotSignedIn => is_problem(&answer, 401, "not_signed_in"),
            Expected::Hidden => answer.status == 404 && is_as_absent(app, operation, &scene, who, &answer),
        };
        if !holds {
            let body: String = String::from_utf8_lossy(&answer.bytes).chars().take(300).collect();
            faults.push(format!("{} by {who:?}: {expected:?}, but {} {body}", operation.operation_id(), answer.status));
        }
    }
    faults
}

fn is_problem(answer: &Answer, status: u16, code: &str) -> bool {
    answer.status == status && answer.json()["code"] == code
}

/// Whether what is hidden answers byte for byte like what was never there.
fn is_as_absent(app: &App, operation: Operation, scene: &Scene, who: Who, hidden: &Answer) -> bool {
    let absent = request(app, operation, &scene.renamed(NOBODYS_CASE, NOBODYS_ESTIMATE, NOBODYS_INVOICE, NOBODYS_REFUND), who).send();
    if calendar::is_on_calendar(operation) {
        // It names nothing in its path: the same request answers the same.
        hidden.normalised(NOBODYS_CASE) == absent.normalised(NOBODYS_CASE)
    } else if paths::is_on_refund(operation) {
        hidden.normalised(&scene.refund) == absent.normalised(NOBODYS_REFUND)
    } else if paths::is_on_estimate(operation) {
        hidden.normalised(&scene.estimate) == absent.normalised(NOBODYS_ESTIMATE)
    } else if paths::is_on_paper(operation) {
        let suffix = scene.paper.split('_').next_back().unwrap_or_default();
        hidden.normalised(suffix) == absent.normalised(scenes::NOBODYS_PAPER)
    } else if paths::is_on_invoice(operation) {
        hidden.normalised(&scene.invoice) == absent.normalised(NOBODYS_INVOICE)
    } else {
        hidden.normalised(&scene.case) == absent.normalised(NOBODYS_CASE)
    }
}

/// Relations begin and end with what makes them.
#[test]
fn a_relation_holds_as_long_as_what_makes_it() {
    use serde_json::json;

    use crate::support::given::Case;
    let app = App::start();
    let case = Case::in_triage(&app);
    let sees = |who: Who| who.in_person(&app).get(&case.path("")).send().status;
    assert_eq!(sees(Who::Accountant), 404, "there is nothing to bill before the acceptance");
    assert_eq!(sees(Who::Responsible), 404, "nothing is assigned yet");
    assert_eq!(sees(Who::Pathologist), 404, "no slides are asked for");
    case.accept();
    assert_eq!((sees(Who::Accountant), sees(Who::Responsible)), (200, 200));
    let other = json!({ "physician_id": app.other_physician().id(), "reason": "On leave." });
    case.step_with(&app.chief(), "assign-physician", &other).expect(200);
    assert_eq!((sees(Who::Responsible), sees(Who::OtherPhysician)), (404, 200));

    let slides = json!({ "re_examination": { "biopsy_slides": 2, "resected_specimens": 0 } });
    let wish = json!({ "kind": "written_opinion", "application": slides });
    let with_slides = app.applicant().post("/v1/cases").json(&wish).send().expect(201).text("/id");
    let shown = app.pathologist().get(&format!("/v1/cases/{with_slides}")).send().expect(200).json();
    assert_eq!(shown["application"], json!(null), "slides are seen, not the patient");
}

/// A case of which the patient must not know, under review; the patient's account joined it by a way that there is not.
pub fn visits_scene(app: &App) -> Scene {
    visits::claimed(app, Operation::AttestPatientUninformed)
}

/// What the patient's account can tell of a case of which it must not know; nothing if the answer is byte for byte that of no case.
pub fn hidden_from_the_patient(app: &App, operation: Operation, scene: &Scene) -> Option<String> {
    let answer = request(app, operation, scene, Who::Patient).send();
    let is_hidden = answer.status == 403 || (answer.status == 404 && is_as_absent(app, operation, scene, Who::Patient, &answer));
    (!is_hidden).then(|| format!("{}: {}", operation.operation_id(), answer.status))
}

/// Whether an operation is run on a case alone: those on money name its papers, and a case of this kind has none that the patient's account could name.
pub fn visits_alone(operation: Operation) -> bool {
    let is_on_papers = paths::is_on_invoice(operation) || paths::is_on_paper(operation) || paths::is_on_refund(operation);
    !is_on_papers && !paths::is_on_estimate(operation) && operation != Operation::MatchPayment
}
