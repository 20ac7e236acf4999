//! What an upgrade makes of estimates that applicants had made and accepted.

use serde_json::{Value, json};

use super::{pages, restored, signed_in, started, text};

#[test]
fn after_the_upgrade_each_case_names_its_estimate_and_none_expires_at_the_hospitals_turn() {
    for (release, last) in [("0.1", "0005_operations"), ("schema-0008", "0008_order")] {
        let (database, stored) = restored(release, last);
        let app = started(database, &stored);
        let people = stored.told["people"].as_array().unwrap();
        let desk = people.iter().find(|person| person["role"] == "coordinator");
        let token = desk.map_or_else(
            || signed_in(&app, "coordinator@demo.example"),
            |person| app.try_to_sign_in(text(person, "email"), text(person, "password")).expect(201).text("/access_token"),
        );
        let get = |path: &str| app.anonymous().get(path).bearer(&token).send().expect(200).json();
        let (mut estimates, mut without) = (0, 0);
        for listed in pages(&get, "/v1/cases?limit=100") {
            let case = get(&format!("/v1/cases/{}", text(&listed, "id")));
            if case["estimate_id"].is_null() {
                let waits = case["stage"] == "accepted";
                without += u32::from(waits);
                assert!(!waits || (case["waiting_on"] == "desk" || !case["hold"].is_null()), "{release}: {case}");
                assert!(!waits || case["expires_at"].is_null(), "{release}: {case}");
                assert!(case["invoice_id"].is_null(), "{release}: {case}");
                continue;
            }
            estimates += 1;
            let estimate = get(&format!("/v1/estimates/{}", text(&case, "estimate_id")));
            assert_eq!((&estimate["status"], &estimate["terms_id"], &estimate["case_id"]), (&json!("accepted"), &Value::Null, &case["id"]));
            if let Some(invoice) = case["invoice_id"].as_str() {
                let invoice = get(&format!("/v1/invoices/{invoice}"));
                assert_eq!((&estimate["total"], &estimate["acceptance"]["recipient"]), (&invoice["total"], &invoice["recipient"]));
                assert_eq!(estimate["acceptance"]["payer"], invoice["payer"], "{release}");
            }
        }
        assert!(estimates > 3 && without > 0, "{release}: {estimates} estimates, {without} cases without one");
        assert_eq!(get("/v1/terms")["data"].as_array().unwrap().len(), 1, "{release}");
        assert_eq!(app.wait(app.hospital.examine_rows(|_, _| ())).unwrap(), Vec::<String>::new(), "{release}");
    }
}
