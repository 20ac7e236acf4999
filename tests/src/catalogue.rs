//! The catalogue, the departments and the list of problems.

use serde_json::{Value, json};

use crate::support::app::App;

fn by_code<'a>(list: &'a Value, key: &str, code: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|entry| entry[key] == code).unwrap_or_else(|| panic!("no {code}: {list:#}"))
}

#[test]
fn anybody_reads_what_the_hospital_offers_at_the_published_figures() {
    let app = App::start();
    app.department("Breast Surgery");
    let catalogue = app.anonymous().get("/v1/catalogue").send().expect(200).json();
    assert_eq!(catalogue["services"].as_array().unwrap().len(), 3);
    let written = by_code(&catalogue["services"], "kind", "written_opinion");
    assert_eq!(written["ready_in"], json!({ "from_days": 7, "to_days": 10 }));
    assert_eq!(written["payment"], "prepaid");
    assert_eq!(by_code(&catalogue["services"], "kind", "patient_consultation")["ready_in"], json!(null));
    let fees = &catalogue["fee_schedule"]["fees"];
    let prices = [
        ("consultation_first_30_min", 33_000, "half_hour", false),
        ("consultation_additional_30_min", 11_000, "half_hour", true),
        ("written_opinion", 110_000, "case", false),
        ("pathology_biopsy_slide", 5_500, "slide", false),
        ("pathology_resected_slides", 11_000, "specimen", false),
    ];
    for (code, price, unit, is_minimum) in prices {
        let fee = by_code(fees, "code", code);
        assert_eq!(fee["price"], json!({ "amount": price, "currency": "JPY" }), "{code}");
        assert_eq!((fee["unit"].as_str(), &fee["is_minimum"]), (Some(unit), &json!(is_minimum)), "{code}");
    }
    assert_eq!(catalogue["departments"][0]["name"], "Breast Surgery");
    assert_eq!(catalogue["contact"]["name"], "International Services");
    let languages: Vec<&str> =
        catalogue["document_languages"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(languages, ["en", "ja"]);
}

#[test]
fn only_the_application_form_is_required_of_everybody_and_photographs_are_advised_against() {
    let app = App::start();
    let catalogue = app.anonymous().get("/v1/catalogue").send().expect(200).json();
    for service in catalogue["services"].as_array().unwrap() {
        let items = service["required_items"].as_array().unwrap();
        let required: Vec<&str> =
            items.iter().filter(|item| item["level"] == "required").map(|item| item["code"].as_str().unwrap()).collect();
        assert_eq!(required, ["application_form"], "{}", service["kind"]);
        assert_eq!(by_code(&service["required_items"], "code", "diagnostic_images")["level"], "if_available");
        by_code(&service["advice"], "code", "photographs_not_wanted");
        by_code(&service["advice"], "code", "documents_translated");
    }
    let represented = by_code(&catalogue["services"], "kind", "representative_consultation");
    assert_eq!(by_code(&represented["required_items"], "code", "patient_consent")["applies"], "visitor_is_not_family");
}

#[test]
fn the_catalogue_speaks_english_and_japanese_and_is_not_sent_twice() {
    let app = App::start();
    let english = app.anonymous().get("/v1/catalogue").send().expect(200);
    let japanese = app.anonymous().get("/v1/catalogue").in_japanese().send().expect(200);
    assert_eq!((english.header("content-language"), japanese.header("content-language")), (Some("en"), Some("ja")));
    assert!(english.header("vary").unwrap().contains("Accept-Language"));
    let label = |answer: &crate::support::http::Answer| {
        by_code(&answer.json()["services"], "kind", "written_opinion")["label"].as_str().unwrap().to_owned()
    };
    assert_eq!((label(&english).as_str(), label(&japanese).as_str()), ("Second opinion in written format", "書面によるセカンドオピニオン"));
    assert_ne!(english.etag(), japanese.etag());
    let again = app.anonymous().get("/v1/catalogue").header("if-none-match", english.etag()).send().expect(304);
    assert!(again.bytes.is_empty());
    app.anonymous().get("/v1/catalogue").in_japanese().header("if-none-match", english.etag()).send().expect(200);
    // Every text is there: a code that stands where its label should be has none.
    for answer in [english, japanese] {
        for service in answer.json()["services"].as_array().unwrap() {
            for entry in service["required_items"].as_array().unwrap() {
                assert_ne!(entry["label"], entry["code"]);
                assert_ne!(entry["description"], entry["code"]);
                assert_ne!(entry["applies_label"], entry["applies"]);
            }
            assert_ne!(service["description"], service["kind"]);
        }
        assert!(answer.json()["notices"].as_array().unwrap().iter().all(|notice| notice["text"] != ""));
    }
}

#[test]
fn departments_come_in_pages_in_the_readers_language() {
    let app = App::start();
    app.department("Breast Surgery");
    app.wait(app.hospital.add_department("泌尿器科".into(), "Urology".into())).unwrap();
    let first = app.anonymous().get("/v1/departments?limit=1").in_japanese().send().expect(200).json();
    assert_eq!((first["data"].as_array().unwrap().len(), &first["has_more"]), (1, &json!(true)));
    let next = format!("/v1/departments?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = app.anonymous().get(&next).in_japanese().send().expect(200).json();
    assert_eq!(second["data"][0]["name"], "泌尿器科");
    assert_eq!((&second["has_more"], &second["next_cursor"]), (&json!(false), &json!(null)));
    let stray = app.anonymous().get("/v1/departments?colour=red").send();
    assert_eq!(stray.expect_problem(400, "invalid_parameters").pointers(), ["/query/colour"]);
}

#[test]
fn the_type_of_every_problem_leads_to_its_description() {
    let app = App::start();
    let refused = app.anonymous().get("/v1/nowhere").in_japanese().send().expect_problem(404, "not_found");
    let described = app.anonymous().get(&refused.text("/type")).in_japanese().send().expect(200).json();
    assert_eq!(described["title"], refused.json()["title"]);
    assert_eq!((described["status"].as_u64(), described["code"].as_str()), (Some(404), Some("not_found")));
    app.anonymous().get("/v1/problems/no_such_problem").send().expect_problem(404, "not_found");

    let (mut codes, mut path) = (Vec::new(), "/v1/problems?limit=100".to_owned());
    loop {
        let page = app.anonymous().get(&path).send().expect(200).json();
        codes.extend(page["data"].as_array().unwrap().iter().map(|entry| entry["code"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/problems?limit=100&cursor={cursor}");
    }
    assert!(codes.is_sorted());
    for code in domain::case::Refusal::CODES.iter().chain(&["not_found", "stale", "idempotency_key_required", "duplicate_reference"]) {
        assert!(codes.iter().any(|one| one == code), "{code} is not in the list");
    }
    let read = |code: &str| app.anonymous().get(&format!("/v1/problems/{code}")).send().expect(200).json()["status"].clone();
    assert_eq!((read("wrong_stage"), read("terms_mismatch"), read("if_match_required")), (json!(409), json!(422), json!(428)));
}
