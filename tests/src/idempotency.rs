//! One key, one effect.

use serde_json::json;

use crate::support::app::App;
use crate::support::given::Case;

#[test]
fn a_repeated_key_has_one_effect_and_one_answer() {
    let app = App::start();
    let open = || app.applicant().post("/v1/cases").key("0191-open-a-case").json(&json!({ "kind": "written_opinion" })).send();
    let (first, second) = (open().expect(201), open().expect(201));
    assert_eq!(first.json(), second.json());
    assert_eq!((first.header("etag"), first.header("location")), (second.header("etag"), second.header("location")));
    assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), (None, Some("true")));

    let messages = format!("/v1/cases/{}/messages", first.text("/id"));
    for _ in 0..3 {
        app.applicant().post(&messages).key("0191-say-it-once").json(&json!({ "text": "Hello" })).send().expect(201);
    }
    assert_eq!(app.applicant().get(&messages).send().expect(200).json()["data"].as_array().unwrap().len(), 1);
}

#[test]
fn a_key_belongs_to_one_request_of_one_person() {
    let app = App::start();
    let open = |kind: &str| app.applicant().post("/v1/cases").key("0191-open-a-case").json(&json!({ "kind": kind })).send();
    let mine = open("written_opinion").expect(201).text("/id");
    open("patient_consultation").expect_problem(422, "idempotency_key_reused");
    let other = app.stranger().post("/v1/cases").key("0191-open-a-case").json(&json!({ "kind": "written_opinion" })).send().expect(201);
    assert_ne!(other.text("/id"), mine, "another person's key is another key");
    for bad in ["", "two words", &"k".repeat(256)] {
        let refused = app.applicant().post("/v1/cases").key(bad).json(&json!({ "kind": "written_opinion" })).send();
        assert_eq!(refused.expect_problem(400, "invalid_parameters").pointers(), ["/header/idempotency-key"]);
    }
}

#[test]
fn twins_that_arrive_together_are_one() {
    let app = App::start();
    let token = app.applicant().token();
    let open = || {
        let anyone = app.anonymous();
        let answer = anyone.post("/v1/cases").bearer(&token).key("0191-twins").json(&json!({ "kind": "written_opinion" })).send();
        answer.expect(201).text("/id")
    };
    let ids: Vec<String> = std::thread::scope(|scope| {
        let twins: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
        twins.into_iter().map(|twin| twin.join().unwrap()).collect()
    });
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}

#[test]
fn a_refusal_is_not_kept() {
    let app = App::start();
    let submit = |case: &str| app.applicant().post(&format!("/v1/cases/{case}/submit")).key("0191-submit").send();
    let case = app.applicant().post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id");
    let refused = submit(&case).expect(409);
    assert_eq!(submit(&case).expect(409).text("/code"), refused.text("/code"), "it is judged anew each time");
}

#[test]
fn a_change_whose_answer_was_lost_is_not_refused_when_it_is_sent_again() {
    let app = App::start();
    let case = Case::draft(&app);
    let etag = app.applicant().get(&case.path("")).send().expect(200).etag();
    let change = |key: &str, question: &str| {
        let body = json!({ "application": { "questions": [question] } });
        app.applicant().patch(&case.path("")).if_match(&etag).key(key).json(&body).send()
    };
    let first = change("k1", "Is it curable?").expect(200);
    let again = change("k1", "Is it curable?").expect(200);
    assert_eq!((first.json(), first.header("etag")), (again.json(), again.header("etag")));
    change("k1", "Another question?").expect_problem(422, "idempotency_key_reused");
    change("k2", "Is it curable?").expect_problem(412, "stale");
}

#[test]
fn a_merge_patch_may_be_sent_as_plain_json() {
    let app = App::start();
    let case = Case::draft(&app);
    let etag = app.applicant().get(&case.path("")).send().expect(200).etag();
    let body = json!({ "application": { "questions": ["Why?"] } }).to_string().into_bytes();
    let patch = |media_type: &str| app.applicant().patch(&case.path("")).if_match(&etag).bytes(media_type, body.clone()).send();
    patch("text/plain").expect_problem(415, "unsupported_media_type");
    patch("application/json").expect(200);
    let post = app.applicant().post("/v1/cases").bytes("application/merge-patch+json", b"{}".to_vec()).send();
    post.expect_problem(415, "unsupported_media_type");
}
