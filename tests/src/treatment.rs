//! The treatment history of a case.

use serde_json::json;

use crate::support::app::App;
use crate::support::given::Case;

#[test]
fn the_history_is_written_down_changed_and_taken_back() {
    let app = App::start();
    let (me, case) = (app.applicant(), Case::blank(&app).id);
    let entries = format!("/v1/cases/{case}/treatment-entries");
    let surgery = json!({ "treatment": { "type": "surgery", "date": "2024-03", "procedure": "Lobectomy" }, "notes": "Abroad" });
    let added = me.post(&entries).json(&surgery).send().expect(201);
    assert_eq!(
        added.json()["treatment"],
        json!({ "type": "surgery", "date": "2024-03", "procedure": "Lobectomy", "pathological_results": null })
    );
    for other in [
        json!({ "treatment": { "type": "exam", "name": "CT of the chest", "results": "A nodule" } }),
        json!({ "treatment": { "type": "chemotherapy", "duration": { "from": "2024-04", "to": null }, "medications": ["Cisplatin"] } }),
        json!({ "treatment": { "type": "radiation", "amount": "50 Gy in 25 fractions", "irradiated_area": "Mediastinum" } }),
    ] {
        me.post(&entries).json(&other).send().expect(201);
    }
    let first = me.get(&format!("{entries}?limit=3")).send().expect(200).json();
    assert_eq!((first["data"].as_array().unwrap().len(), &first["has_more"]), (3, &json!(true)));
    let rest = me.get(&format!("{entries}?limit=3&cursor={}", first["next_cursor"].as_str().unwrap())).send().expect(200).json();
    assert_eq!((rest["data"][0]["treatment"]["type"].as_str(), &rest["next_cursor"]), (Some("radiation"), &json!(null)));

    let one = added.header("location").unwrap().to_owned();
    let patch = json!({ "treatment": { "pathological_results": "pT1b", "procedure": null }, "notes": null });
    me.patch(&one).json(&patch).send().expect_problem(428, "if_match_required");
    let changed = me.patch(&one).if_match(&added.etag()).json(&patch).send().expect(200);
    assert_eq!(changed.json()["treatment"]["procedure"], json!(null));
    me.patch(&one).if_match(&added.etag()).json(&patch).send().expect_problem(412, "stale");
    me.delete(&one).if_match(&changed.etag()).send().expect(204);
    me.delete(&one).if_match(&changed.etag()).send().expect_problem(404, "not_found");
}

#[test]
fn nonsense_is_refused_where_it_stands() {
    let app = App::start();
    let (me, case) = (app.applicant(), Case::blank(&app).id);
    let entries = format!("/v1/cases/{case}/treatment-entries");
    let refused = |body: serde_json::Value| me.post(&entries).json(&body).send().expect(422).pointers();
    assert_eq!(refused(json!({ "treatment": { "type": "exam" } })), ["/treatment"], "it says nothing");
    assert_eq!(refused(json!({ "treatment": { "type": "exam", "date": "2024-13" } })), ["/treatment/date"]);
    assert_eq!(refused(json!({ "treatment": { "type": "radiation", "duration": { "from": "2024", "to": "2023" } } })), ["/treatment"]);
    let stray = me.post(&entries).json(&json!({ "treatment": { "type": "exam", "amount": "50 Gy" } })).send();
    assert_eq!(stray.expect_problem(400, "unknown_property").pointers(), ["/treatment/amount"]);

    let added = me.post(&entries).json(&json!({ "treatment": { "type": "exam", "name": "CT" } })).send().expect(201);
    let one = added.header("location").unwrap();
    let moved = me.patch(one).if_match(&added.etag()).json(&json!({ "treatment": { "amount": "50 Gy" } })).send();
    assert_eq!(moved.expect_problem(422, "invalid_fields").pointers(), ["/treatment/amount"]);
}
