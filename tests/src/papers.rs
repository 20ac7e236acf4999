//! Credit notes, corrected invoices and receipts: the stories of billing, to the yen.

use domain::access::Role;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::books::{books, expected};
use crate::support::given::{Case, application, opinion};
use crate::support::http::Answer;

const OPINION: &[(&str, u32)] = &[("written_opinion", 1)];

/// A case with three biopsy slides and one resected specimen, and its invoice of 137,500 yen.
pub fn with_slides(app: &App) -> (Case<'_>, String) {
    let mut form = application();
    form["re_examination"] = json!({ "biopsy_slides": 3, "resected_specimens": 1 });
    let opened = json!({ "kind": "written_opinion", "application": form });
    let case = Case { app, id: app.applicant().post("/v1/cases").json(&opened).send().expect(201).text("/id") };
    case.step(&app.applicant(), "submit").expect(200);
    case.to_triage();
    case.accept();
    case.accept_estimate(&app.applicant(), "applicant").expect(200);
    let invoice = case.issue_invoice();
    (case, invoice)
}

fn credit(app: &App, invoice: &str, lines: &[(&str, u32)]) -> Answer {
    let lines: Vec<Value> = lines.iter().map(|(code, quantity)| json!({ "code": code, "quantity": quantity })).collect();
    let body = json!({ "lines": lines, "reason": "Fewer slides came than were announced." });
    app.accountant().post(&format!("{invoice}/credit-notes")).key_of(invoice, &body).json(&body).send()
}

fn reissue(app: &App, invoice: &str) -> Answer {
    let body = json!({ "recipient": "Example GmbH\nExample Street 1, Hamburg", "reason": "The company pays." });
    app.accountant().post(&format!("{invoice}/reissue")).key_of(invoice, &body).json(&body).send()
}

fn read(app: &App, path: &str) -> Value {
    app.accountant().get(path).send().expect(200).json()
}

/// Story 1.6 A: three slides were announced and paid, two came.
#[test]
fn a_slide_that_did_not_come_is_credited_and_its_money_goes_back() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    let issued = credit(&app, &invoice, &[("pathology_biopsy_slide", 1)]).expect(201);
    let note = issued.json();
    assert_eq!((&note["kind"], &note["number"]), (&json!("cancellation"), &json!("CN-000001")));
    let amounts = ["total", "net", "tax"].map(|name| note[name]["amount"].as_i64().unwrap());
    assert_eq!(amounts, [5_500, 5_000, 500]);
    assert_eq!(case.refunds(), [5_500]);
    assert_eq!(case.stage(), "writing");
    assert_eq!(books(&app), expected(&[("bank", 137_500), ("advances_received", -132_000), ("refunds_payable", -5_500)]));
    let seen = app.applicant().get(issued.header("location").unwrap()).send().expect(200).json();
    assert_eq!((&seen["lines"][0]["quantity"], &seen["reason"]), (&json!(1), &json!("Fewer slides came than were announced.")));
    assert_eq!(case.told(&app.applicant(), "invoice_credited").len(), 1);
    let refund = case.refund();
    assert_eq!(refund.read(&app.accountant())["reason"], "credited");
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    assert_eq!(read(&app, &invoice)["credit_notes"].as_array().unwrap().len(), 1, "its approval draws no other");
    assert_eq!(books(&app), expected(&[("bank", 132_000), ("advances_received", -132_000)]));
}

/// Story 1.6 and R7: 110,000 of 137,500 were paid, and no slide comes.
#[test]
fn a_credit_note_that_leaves_the_invoice_paid_starts_the_work() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    assert_eq!(case.stage(), "awaiting_payment");
    let slides = [("pathology_biopsy_slide", 3), ("pathology_resected_slides", 1)];
    let note = credit(&app, &invoice, &slides).expect(201).json();
    assert_eq!((&note["total"]["amount"], &note["tax"]["amount"]), (&json!(27_500), &json!(2_500)));
    assert_eq!((case.stage().as_str(), case.refunds()), ("writing", vec![]));
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("advances_received", -110_000)]));
}

#[test]
fn a_credit_note_of_everything_lets_the_case_be_invoiced_anew_and_never_frees_work() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    credit(&app, &invoice, OPINION).expect(201);
    assert_eq!((case.stage().as_str(), read(&app, &invoice)["status"].clone()), ("accepted", json!("credited")));
    assert_eq!(books(&app), expected(&[]));
    assert_eq!(case.read(&app.applicant())["expires_at"], json!(null), "it is the hospital's turn");
    let again = app.accountant().post(&case.path("invoices")).key("again").send().expect(201);
    let again = again.header("location").unwrap().to_owned();
    case.pay(&again, "TT-1", 110_000).expect(201);
    assert_eq!(case.stage(), "writing");
    credit(&app, &again, OPINION).expect_problem(409, "credit_frees_work");
    case.to_delivery();
    let body = json!({ "lines": [{ "code": "written_opinion", "quantity": 1 }], "reason": "The opinion was about the wrong specimen." });
    let returned = app.accountant().post(&format!("{again}/credit-notes")).key("return").json(&body).send().expect(201).json();
    assert_eq!(returned["kind"], "return", "a qualified return invoice");
    assert_eq!((case.stage().as_str(), case.refunds()), ("delivered", vec![110_000]));
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("refunds_payable", -110_000)]));
}

#[test]
fn what_was_not_invoiced_cannot_be_credited() {
    let app = App::start();
    let (case, invoice) = with_slides(&app);
    let refused = |lines: &[(&str, u32)], code: &str| {
        let problem = credit(&app, &invoice, lines).expect_problem(422, "invalid_fields").json();
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    };
    refused(&[("pathology_biopsy_slide", 4)], "more_than_invoiced");
    refused(&[("consultation_first_30_min", 1)], "line_not_invoiced");
    refused(&[("written_opinion", 1)], "only_pathology_left");
    credit(&app, &invoice, &[]).expect(422);
    credit(&app, &invoice, &[("pathology_biopsy_slide", 0)]).expect(422);
    case.pay(&invoice, "TT-1", 137_500).expect(201);
    case.decline();
    credit(&app, &invoice, &[("pathology_biopsy_slide", 1)]).expect_problem(409, "invoice_ended");
    assert_eq!(read(&app, &invoice)["credit_notes"], json!([]));
}

/// Story 1.7: the credit note of a decline is drawn when its refund is approved.
#[test]
fn the_approval_of_the_refund_credits_the_services_of_a_declined_case() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.decline();
    assert_eq!(read(&app, &invoice)["credit_notes"], json!([]));
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    let note = read(&app, &invoice)["credit_notes"][0].clone();
    assert_eq!((&note["kind"], &note["total"]["amount"], &note["number"]), (&json!("cancellation"), &json!(110_000), &json!("CN-000001")));
    let paper = read(&app, &format!("/v1/credit-notes/{}", note["id"].as_str().unwrap()));
    assert_eq!((&paper["tax"]["amount"], &paper["reason"]), (&json!(10_000), &json!(null)));
    assert_eq!(books(&app), expected(&[("bank", 110_000), ("refunds_payable", -110_000)]), "the end has booked it");
}

/// Story 1.18: the recipient was wrong.
#[test]
fn a_corrected_invoice_stands_in_the_place_of_the_wrong_one() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let due_on = read(&app, &invoice)["due_on"].clone();
    let first = reissue(&app, &invoice).expect(201);
    let unpaid = first.header("location").unwrap().to_owned();
    let corrected = first.json();
    assert_eq!((&corrected["number"], &corrected["due_on"], &corrected["status"]), (&json!("INV-000002"), &due_on, &json!("issued")));
    assert_eq!(corrected["replaces_invoice_id"], invoice.rsplit('/').next().unwrap());
    let old = read(&app, &invoice);
    assert_eq!((&old["status"], &old["replaced_by_invoice_id"]), (&json!("credited"), &corrected["id"]));
    assert_eq!(old["credit_notes"][0]["kind"], "correction");
    assert_eq!(books(&app), expected(&[("receivable", 110_000), ("advances_billed", -110_000)]));
    assert_eq!(case.stage(), "awaiting_payment");
    case.pay(&invoice, "TT-0", 110_000).expect_problem(409, "invoice_replaced");

    // Paid: payment and receipt go along.
    let paid = case.pay(&unpaid, "TT-1", 111_000).expect(201);
    let receipt = paid.text("/payment/receipt/id");
    let again = reissue(&app, &unpaid).expect(201);
    let corrected = again.json();
    let paid_now = &corrected["payments"][0];
    assert_eq!((&paid_now["id"], &paid_now["receipt"]["number"]), (&paid.json()["payment"]["id"], &json!("RCT-000002")));
    let void = app.applicant().get(&format!("/v1/receipts/{receipt}")).send().expect(200).json();
    assert_eq!((&void["number"], &void["invoice_number"]), (&json!("RCT-000001"), &json!("INV-000002")));
    assert!(void["voided_at"].is_string(), "{void}");
    assert_eq!((case.stage().as_str(), case.refunds()), ("writing", vec![1_000]));
    assert_eq!(books(&app), expected(&[("bank", 111_000), ("advances_received", -110_000), ("overpayments", -1_000)]));
    reissue(&app, &unpaid).expect(201);
    let newest = again.header("location").unwrap();
    case.to_delivery();
    let after = reissue(&app, newest).expect(201);
    assert_eq!(case.stage(), "delivered");
    let revenue = [("bank", 111_000), ("revenue", -100_000), ("consumption_tax", -10_000), ("overpayments", -1_000)];
    assert_eq!(books(&app), expected(&revenue));
    // The newest invoice is the one that closing looks at, and its refund the one that is decided.
    let refund = case.refund();
    refund.provide_details(&app.applicant()).expect(200);
    refund.request(&app.coordinator()).expect(200);
    refund.approve(&app.director()).expect(200);
    refund.record_paid(&app.accountant()).expect(200);
    assert_eq!(read(&app, after.header("location").unwrap())["given_back"]["amount"], 1_000);
    assert_eq!(case.step_with(&app.coordinator(), "close", &json!({})).expect(200).text("/stage"), "closed");
    let numbers =
        |invoice: &Value| invoice["credit_notes"].as_array().unwrap().iter().map(|note| note["number"].clone()).collect::<Vec<_>>();
    let all: Vec<Value> = [&invoice, &unpaid, newest].iter().flat_map(|path| numbers(&read(&app, path))).collect();
    assert_eq!(all, ["CN-000001", "CN-000002", "CN-000003"], "no gap");
}

#[test]
fn a_correction_in_review_keeps_the_opinion_where_it_is() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    case.pay(&invoice, "TT-1", 110_000).expect(201);
    case.write(&opinion()).expect(200);
    case.step(&app.physician(), "opinion/submit").expect(200);
    let corrected = reissue(&app, &invoice).expect(201);
    assert_eq!(case.stage(), "in_review");
    // A payment of the corrected invoice that turns out wrong stops the work.
    let payment = corrected.text("/payments/0/id");
    let path = format!("{}/payments/{payment}/reverse", corrected.header("location").unwrap());
    app.accountant().post(&path).key("back").json(&json!({ "reason": "The bank took it back." })).send().expect(200);
    assert_eq!(case.stage(), "awaiting_payment");
}

#[test]
fn each_payment_has_a_receipt_that_says_what_it_confirms() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let part = case.pay(&invoice, "TT-1", 60_000).expect(201);
    let receipt = |answer: &Answer| format!("/v1/receipts/{}", answer.text("/payment/receipt/id"));
    let first = app.applicant().get(&receipt(&part)).send().expect(200).json();
    assert_eq!(
        (&first["number"], &first["purpose"], &first["amount"]["amount"]),
        (&json!("RCT-000001"), &json!("advance"), &json!(60_000))
    );
    assert_eq!(
        (&first["issuer"]["registration_number"], &first["voided_at"]),
        (&read(&app, &invoice)["issuer"]["registration_number"], &json!(null))
    );
    let twice = case.pay(&invoice, "TT-2", 50_000).expect(201);
    case.to_delivery();
    let late = case.pay(&invoice, "TT-3", 50_000).expect(201);
    assert_eq!(read(&app, &receipt(&late))["purpose"], "deposit");
    let back = app.accountant().post(&format!("{invoice}/payments/{}/reverse", twice.text("/payment/id")));
    back.key("back").json(&json!({ "reason": "The bank took it back." })).send().expect(200);
    assert!(read(&app, &receipt(&twice))["voided_at"].is_string());
    let seen = read(&app, &invoice);
    assert_eq!(seen["payments"][1]["receipt"], json!(null), "a payment that was reversed has none");
    app.agency().get(&receipt(&part)).send().expect_problem(404, "not_found");
    app.accountant().get("/v1/receipts/rct_01jd8x5k2neht8xg8y7w9zq4rt").send().expect_problem(404, "not_found");
}

#[test]
fn of_two_corrections_at_once_one_succeeds_and_no_number_is_lost() {
    let app = App::start();
    let (_, invoice) = Case::invoiced(&app);
    let other = app.person("second-accountant", Role::Accountant);
    let first = app.accountant();
    let body = json!({ "recipient": "Example GmbH", "reason": "The company pays." });
    let correct = |who: &crate::support::app::Person<'_>, key: &str| who.post(&format!("{invoice}/reissue")).key(key).json(&body).send();
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(|| correct(&first, "one"));
        let two = scope.spawn(|| correct(&other, "two"));
        (one.join().unwrap(), two.join().unwrap())
    });
    let mut ends = [one.status, two.status];
    ends.sort_unstable();
    assert_eq!(ends, [201, 409], "{} {}", one.json(), two.json());
    let list = read(&app, "/v1/invoices?limit=100");
    let mut numbers: Vec<&str> = list["data"].as_array().unwrap().iter().map(|one| one["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["INV-000001", "INV-000002"]);
    let notes = read(&app, &invoice)["credit_notes"].as_array().unwrap().clone();
    assert_eq!((notes.len(), &notes[0]["number"]), (1, &json!("CN-000001")));
}

/// An invoice says what can be done with it now, to whoever asks.
#[test]
fn an_invoice_offers_what_is_possible_and_nothing_that_is_refused() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let offered = |who: &crate::support::app::Person<'_>, path: &str| -> Vec<String> {
        let actions = who.get(path).send().expect(200).json()["allowed_actions"].clone();
        actions.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
    };
    let accountant = app.accountant();
    assert_eq!(offered(&accountant, &invoice), ["recordPayment", "issueCreditNote", "reissueInvoice", "extendInvoice"]);
    assert_eq!(offered(&app.applicant(), &invoice), Vec::<String>::new());
    case.pay(&invoice, "TT-1", 107_500).expect(201);
    case.write_off(&invoice, "bank_charges").expect(201);
    let asked = offered(&accountant, &invoice);
    assert!(asked.contains(&"rejectWriteOff".to_owned()) && !asked.contains(&"approveWriteOff".to_owned()), "{asked:?}");
    assert!(!asked.contains(&"writeOffInvoice".to_owned()) && asked.contains(&"reversePayment".to_owned()), "{asked:?}");
    assert_eq!(offered(&app.director(), &invoice), ["approveWriteOff", "rejectWriteOff"]);
    let corrected = reissue(&app, &invoice).expect(201);
    assert_eq!(offered(&accountant, &invoice), Vec::<String>::new(), "another stands in its place");
    assert!(offered(&accountant, corrected.header("location").unwrap()).contains(&"reversePayment".to_owned()));
}

/// The paper of a receipt keeps its issuer, whoever issues invoices today.
#[test]
fn a_receipt_keeps_the_issuer_that_it_had() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let receipt = format!("/v1/receipts/{}", case.pay(&invoice, "TT-1", 60_000).expect(201).text("/payment/receipt/id"));
    let before = read(&app, &receipt);
    let admin = app.administrator();
    let etag = admin.get("/v1/settings").send().expect(200).etag();
    let change = json!({ "billing": { "issuer": { "name": "Another Hospital" } } });
    admin.patch("/v1/settings").if_match(&etag).json(&change).send().expect(200);
    app.hospital.forget_settings();
    let corrected = reissue(&app, &invoice).expect(201).json();
    assert_eq!(corrected["issuer"]["name"], "Another Hospital");
    let after = read(&app, &receipt);
    assert_eq!(after["issuer"], before["issuer"]);
    assert!(after["voided_at"].is_string());
}

/// One payment has one receipt: whoever prints it again gets a paper that says so.
#[test]
fn the_second_print_of_a_receipt_says_that_it_is_one() {
    let app = App::start();
    let (case, invoice) = Case::invoiced(&app);
    let payment = case.pay(&invoice, "TT-1", 110_000).expect(201);
    let receipt = format!("/v1/receipts/{}", payment.text("/payment/receipt/id"));
    let unprinted = read(&app, &receipt);
    assert_eq!((&unprinted["print_count"], &unprinted["first_printed_at"]), (&json!(0), &json!(null)));
    let print = |key: &str, language: &str| {
        let request = app.applicant().post(&format!("{receipt}/print")).key(key).header("Accept-Language", language);
        request.send()
    };
    let first = print("print-1", "ja").expect(200).json();
    assert_eq!((&first["print_count"], &first["reissue_mark"]), (&json!(1), &json!(null)));
    assert_eq!(print("print-1", "ja").expect(200).json(), first, "the same print asked for again is no second one");
    let second = print("print-2", "ja").expect(200).json();
    assert_eq!((&second["print_count"], &second["reissue_mark"]), (&json!(2), &json!("再発行")));
    assert_eq!(second["first_printed_at"], first["first_printed_at"]);
    assert_eq!(print("print-3", "en").expect(200).json()["reissue_mark"], "Reissued");
    assert_eq!(read(&app, &receipt)["print_count"], 3, "reading is no print");
    let back = app.accountant().post(&format!("{invoice}/payments/{}/reverse", payment.text("/payment/id")));
    back.key("back").json(&json!({ "reason": "The bank took it back." })).send().expect(200);
    print("print-4", "en").expect_problem(409, "receipt_void");
}
