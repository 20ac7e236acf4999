//! Documents of a case: handed in, described, downloaded, deleted. What a file is, its content says.

use domain::access::{Membership, Role};
use serde_json::{Value, json};

use crate::support::app::{App, Person};
use crate::support::given::{Case, JAPANESE_REPORT, LETTER};
use crate::support::http::Answer;

/// The beginning of a picture, as much of it as tells what it is.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde";
/// 20 MiB, the largest file.
const LARGEST: usize = 20 * 1024 * 1024;

fn dicom(preamble: &[u8]) -> Vec<u8> {
    let mut bytes = preamble.to_vec();
    bytes.resize(128, 0);
    bytes.extend(b"DICM\x02\0\0\0UL\x04\0\x10\0\0\0");
    bytes
}

fn pdf_of(size: usize) -> Vec<u8> {
    let mut bytes = LETTER.to_vec();
    bytes.resize(size, b'\n');
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    domain::documents::Sha256::of_digest(application::digest(bytes).try_into().unwrap()).to_string()
}

/// Hands in the letter; the answer and where the document stands.
fn letter(case: &Case<'_>, who: &Person<'_>) -> (Answer, String) {
    let fields = [("item", "referral_letter"), ("language", "en")];
    let answer = case.upload(who, "Referral letter.pdf", LETTER, &fields).expect(201);
    let path = answer.header("location").unwrap().to_owned();
    (answer, path)
}

/// Where an item of the checklist stands.
fn item(case: &Case<'_>, code: &str) -> String {
    let list = case.app.applicant().get(&case.path("checklist")).send().expect(200).json();
    let found = list["entries"].as_array().unwrap().iter().find(|one| one["item"] == code).unwrap().clone();
    found["state"].as_str().unwrap().to_owned()
}

fn listed(case: &Case<'_>, who: &Person<'_>) -> Vec<Value> {
    who.get(&case.path("documents")).send().expect(200).json()["data"].as_array().unwrap().clone()
}

#[test]
fn a_document_comes_back_byte_for_byte_and_is_never_shown_in_place() {
    let app = App::start();
    let (case, me) = (Case::submitted(&app), app.applicant());
    let (uploaded, path) = letter(&case, &me);
    let body = uploaded.json();
    assert_eq!((body["name"].as_str(), body["kind"].as_str()), (Some("Referral letter.pdf"), Some("pdf")));
    assert_eq!((&body["size"], &body["sha256"]), (&json!(LETTER.len()), &json!(sha256(LETTER))));
    assert_eq!((&body["readable_here"], &body["uploaded_by"], &body["version"]), (&json!(true), &json!(me.id()), &json!(1)));
    let read = me.get(&path).send().expect(200);
    assert_eq!((read.json(), read.etag()), (body.clone(), uploaded.etag()));

    for reader in [&me, &app.coordinator()] {
        let content = reader.get(&format!("{path}/content")).send().expect(200);
        assert_eq!(content.bytes, LETTER, "byte for byte");
        assert_eq!(content.header("content-type"), Some("application/pdf"));
        assert_eq!(content.header("content-disposition"), Some("attachment; filename*=UTF-8''Referral%20letter.pdf"));
        assert_eq!(content.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(content.header("content-security-policy"), Some("sandbox; default-src 'none'"));
        assert_eq!(content.header("cache-control"), Some("no-store"));
        assert_eq!(content.etag(), format!("\"{}\"", sha256(LETTER)));
        assert_eq!(content.header("content-length"), Some(LETTER.len().to_string().as_str()));
        let again = reader.get(&format!("{path}/content")).header("if-none-match", content.etag()).send().expect(304);
        assert!(again.bytes.is_empty());
    }
}

#[test]
fn a_document_provides_the_item_that_it_is_for_and_takes_it_back_when_it_goes() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    assert_eq!(item(&case, "referral_letter"), "missing");
    let (uploaded, path) = letter(&case, &me);
    assert_eq!(item(&case, "referral_letter"), "provided");

    let moved = me.patch(&path).if_match(&uploaded.etag()).json(&json!({ "item": "blood_test" })).send().expect(200);
    assert_eq!((item(&case, "referral_letter"), item(&case, "blood_test")), ("missing".into(), "provided".into()));
    me.delete(&path).if_match(&uploaded.etag()).send().expect_problem(412, "stale");
    me.delete(&path).send().expect_problem(428, "if_match_required");
    me.delete(&path).if_match(&moved.etag()).send().expect(204);
    assert_eq!(item(&case, "blood_test"), "missing");
    me.get(&path).send().expect_problem(404, "not_found");
    me.get(&format!("{path}/content")).send().expect_problem(404, "not_found");
    assert_eq!(listed(&case, &me), Vec::<Value>::new());
}

#[test]
fn what_was_verified_is_relied_on_and_stays() {
    let app = App::start();
    let (case, me, desk) = (Case::submitted(&app), app.applicant(), app.coordinator());
    let (uploaded, path) = letter(&case, &me);
    case.step(&desk, "checklist/referral_letter/verify").expect(200);
    me.delete(&path).if_match(&uploaded.etag()).send().expect_problem(409, "item_verified");
    let moved = me.patch(&path).if_match(&uploaded.etag()).json(&json!({ "item": null })).send();
    moved.expect_problem(409, "item_verified");
    let (second, other) = letter(&case, &me);
    me.delete(&other).if_match(&second.etag()).send().expect(204);
    assert_eq!(item(&case, "referral_letter"), "verified");

    case.to_triage();
    me.delete(&path).if_match(&uploaded.etag()).send().expect_problem(409, "wrong_stage");
    letter(&case, &me);
}

#[test]
fn a_description_is_changed_and_the_bytes_are_not() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let (first, path) = letter(&case, &me);
    let change = json!({ "name": "../紹介状<1>.pdf", "language": null });
    me.patch(&path).json(&change).send().expect_problem(428, "if_match_required");
    let second = me.patch(&path).if_match(&first.etag()).json(&change).send().expect(200);
    let body = second.json();
    assert_eq!((body["name"].as_str(), &body["language"], &body["item"]), (Some("紹介状_1_.pdf"), &json!(null), &json!("referral_letter")));
    assert_eq!((&body["readable_here"], &body["version"]), (&json!(false), &json!(2)));
    assert_eq!(body["sha256"], first.json()["sha256"]);
    me.patch(&path).if_match(&first.etag()).json(&change).send().expect_problem(412, "stale");
    assert_eq!(me.patch(&path).if_match(&second.etag()).json(&json!({})).send().expect(200).json()["name"], "紹介状_1_.pdf");

    let content = me.get(&format!("{path}/content")).send().expect(200);
    let disposition = content.header("content-disposition").unwrap();
    assert_eq!(disposition, "attachment; filename*=UTF-8''%E7%B4%B9%E4%BB%8B%E7%8A%B6_1_.pdf");

    let wrong = json!({ "item": "horoscope", "language": "no language", "translation_of": "case_1" });
    let refused = me.patch(&path).if_match("*").json(&wrong).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/item", "/language", "/translation_of"]);
    let stray = me.patch(&path).if_match("*").json(&json!({ "sha256": "0".repeat(64) })).send();
    assert_eq!(stray.expect_problem(400, "unknown_property").pointers(), ["/sha256"]);
    let plain = me.patch(&path).if_match("*").bytes("application/xml", b"{}".to_vec()).send();
    plain.expect_problem(415, "unsupported_media_type");
}

#[test]
fn a_translation_belongs_to_a_document_of_the_same_case() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let thai = case.upload(&me, "letter.pdf", LETTER, &[("item", "referral_letter"), ("language", "th")]).expect(201).json();
    assert_eq!(thai["readable_here"], false);
    let id = thai["id"].as_str().unwrap();
    let fields = [("item", "referral_letter"), ("language", "en"), ("translation_of", id)];
    let english = case.upload(&me, "letter-en.pdf", LETTER, &fields).expect(201).json();
    assert_eq!(english["translation_of"], id);

    let other = Case::draft(&app);
    let refused = other.upload(&me, "letter-en.pdf", LETTER, &fields).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/translation_of"], "a document of another case is unknown here");
    let itself = me.patch(&case.path(&format!("documents/{id}"))).if_match("*").json(&json!({ "translation_of": id })).send();
    assert_eq!(itself.expect_problem(422, "invalid_fields").pointers(), ["/translation_of"]);
    me.get(&other.path(&format!("documents/{id}"))).send().expect_problem(404, "not_found");

    let second = [("translation_of", english["id"].as_str().unwrap())];
    let second = case.upload(&me, "letter-ja.pdf", LETTER, &second).expect(201).json();
    let circle = json!({ "translation_of": second["id"] });
    let refused = me.patch(&case.path(&format!("documents/{id}"))).if_match("*").json(&circle).send().expect_problem(422, "invalid_fields");
    assert_eq!(refused.text("/errors/0/code"), "circular_reference");

    let of_the_first = case.path(&format!("documents/{}", english["id"].as_str().unwrap()));
    me.delete(&case.path(&format!("documents/{id}"))).if_match("*").send().expect(204);
    let left = me.get(&of_the_first).send().expect(200).json();
    assert_eq!((&left["translation_of"], &left["version"]), (&json!(null), &json!(2)), "a translation of nothing that is here any more");
}

#[test]
fn names_are_made_harmless() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    for (sent, kept) in [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\\\scans\\\\ct.pdf", "ct.pdf"),
        ("report\u{202E}fdp.exe", "reportfdp.exe.pdf"),
        ("<script>alert(1)<.pdf", "_script_alert(1)_.pdf"),
        ("...", "document.pdf"),
        ("", "document.pdf"),
        ("紹介状 2026年.pdf", "紹介状 2026年.pdf"),
    ] {
        let body = case.upload(&me, sent, LETTER, &[]).expect(201).json();
        assert_eq!(body["name"], kept, "{sent:?}");
    }
    let long = format!("{}.pdf", "x".repeat(500));
    let name = case.upload(&me, &long, LETTER, &[]).expect(201).text("/name");
    assert_eq!((name.chars().count(), name.ends_with("x.pdf")), (120, true));
}

#[test]
fn the_content_says_what_a_file_is() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let jpeg: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1];
    for (bytes, kind) in [(LETTER, "pdf"), (PNG, "png"), (jpeg, "jpeg"), (&dicom(b""), "dicom")] {
        assert_eq!(case.upload(&me, "scan.exe", bytes, &[]).expect(201).text("/kind"), kind);
    }
    // A mark of byte order, the head of a message, a page in the metadata, a picture's head before DICOM: files that hospitals send.
    for (bytes, kind) in [
        ([b"\xEF\xBB\xBF", LETTER].concat(), "pdf"),
        ([b"Content-Type: application/pdf\r\n\r\n", LETTER].concat(), "pdf"),
        (b"%PDF-1.7\n<!DOCTYPE html><html>\n%%EOF".to_vec(), "pdf"),
        ([PNG, b"tEXtComment\0<html>"].concat(), "png"),
        (dicom(b"II*\0"), "dicom"),
        ([dicom(b""), b"%PDF-1.7".to_vec()].concat(), "dicom"),
    ] {
        assert_eq!(case.upload(&me, "scan", &bytes, &[]).expect(201).text("/kind"), kind, "{:?}", String::from_utf8_lossy(&bytes[..20]));
    }
    let still = case.upload(&me, "ct.png", PNG, &[("item", "diagnostic_images")]).expect(201).json();
    assert_eq!((&still["flags"], &still["readable_here"]), (&json!(["may_be_a_photograph"]), &json!(true)));

    let hostile: &[(&str, Vec<u8>)] = &[
        ("a page", b"<!doctype html><html><script>alert(1)</script></html>".to_vec()),
        ("a drawing with a script", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec()),
        ("a program", b"MZ\x90\0\x03".to_vec()),
        ("an archive", b"PK\x03\x04word/document.xml".to_vec()),
        ("plain text", b"The patient is well.".to_vec()),
        ("a picture of another kind", b"GIF89a\x01\0\x01\0".to_vec()),
        ("a page before a PDF", b"<html><script>alert(1)</script>\n%PDF-1.7".to_vec()),
        ("a PDF that begins too late", [vec![b' '; 1_030], b"%PDF-1.7".to_vec()].concat()),
        ("an archive behind a PDF", [LETTER, b"PK\x03\x04", b"PK\x05\x06", &[0; 18]].concat()),
        ("a PDF within a picture", [PNG, b"%PDF-1.7"].concat()),
        ("a program before DICOM", dicom(b"MZ\x90")),
        ("a page before DICOM", dicom(b"<html>")),
    ];
    for (what, bytes) in hostile {
        let refused = case.upload(&me, "letter.pdf", bytes, &[("item", "referral_letter")]);
        assert_eq!((refused.status, refused.text("/code").as_str()), (415, "unsupported_file"), "{what}");
    }
    assert_eq!(listed(&case, &me).len(), 11, "what was refused left nothing behind");
    assert_eq!(item(&case, "referral_letter"), "missing");
}

#[test]
fn a_file_has_at_most_20_mebibytes() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let largest = pdf_of(LARGEST);
    let path = case.upload(&me, "images.pdf", &largest, &[]).expect(201).header("location").unwrap().to_owned();
    assert!(me.get(&format!("{path}/content")).send().expect(200).bytes == largest, "byte for byte");
    case.upload(&me, "images.pdf", &pdf_of(LARGEST + 1), &[]).expect_problem(413, "too_large");
    assert_eq!(listed(&case, &me).len(), 1);
}

#[test]
fn the_digest_that_the_sender_expects_is_held_against_the_bytes() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let right = sha256(LETTER);
    case.upload(&me, "a.pdf", LETTER, &[("sha256", &right)]).expect(201);
    case.upload(&me, "a.pdf", LETTER, &[("sha256", &right.to_uppercase())]).expect(201);
    let other = case.upload(&me, "a.pdf", LETTER, &[("sha256", &sha256(b"other"))]).expect_problem(422, "invalid_fields");
    assert_eq!((other.pointers(), other.text("/errors/0/code").as_str()), (vec!["/sha256".to_owned()], "digest_mismatch"));
    let short = case.upload(&me, "a.pdf", LETTER, &[("sha256", "abc")]).expect_problem(422, "invalid_fields");
    assert_eq!(short.pointers(), ["/sha256"]);
    assert_eq!(listed(&case, &me).len(), 2);
}

#[test]
fn a_form_that_makes_no_sense_is_told_what_is_wrong_with_it() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let empty = case.upload(&me, "a.pdf", b"", &[]).expect_problem(422, "invalid_fields");
    assert_eq!(empty.pointers(), ["/file"]);
    let wrong = [("item", "horoscope"), ("language", "no language"), ("translation_of", "1"), ("colour", "red"), ("item", "blood_test")];
    let refused = case.upload(&me, "a.pdf", LETTER, &wrong).expect_problem(422, "invalid_fields");
    assert_eq!(refused.pointers(), ["/colour", "/item", "/item", "/language", "/translation_of"]);
    let slides = case.upload(&me, "a.pdf", LETTER, &[("item", "pathology_slides")]);
    slides.expect_problem(422, "item_not_applicable");

    let form = |body: &str| {
        me.post(&case.path("documents")).bytes("multipart/form-data; boundary=line", body.replace('\n', "\r\n").into_bytes()).send()
    };
    let without = form("--line\nContent-Disposition: form-data; name=\"language\"\n\nen\n--line--\n").expect_problem(422, "invalid_fields");
    assert_eq!(without.pointers(), ["/file"]);
    form("--line\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\n\n%PDF-1.7").expect_problem(400, "malformed_request");
    form("").expect_problem(400, "malformed_request");
    let bare = me.post(&case.path("documents")).bytes("multipart/form-data", LETTER.to_vec()).send();
    bare.expect_problem(400, "malformed_request");
    let many: Vec<(String, String)> = (0..9).map(|place| (format!("part{place}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    case.upload(&me, "a.pdf", LETTER, &many).expect_problem(413, "too_large");
    let as_json = me.post(&case.path("documents")).json(&json!({ "file": "JVBERi0=" })).send();
    as_json.expect_problem(415, "unsupported_media_type");
    assert_eq!(listed(&case, &me), Vec::<Value>::new());
}

#[test]
fn the_same_upload_with_the_same_key_is_one_document() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let send = |file: &[u8]| me.post(&case.path("documents")).key("0191-upload").form("a.pdf", file, &[]).send();
    let (first, again) = (send(LETTER).expect(201), send(LETTER).expect(201));
    assert_eq!((first.json(), again.header("idempotent-replayed")), (again.json(), Some("true")));
    send(JAPANESE_REPORT).expect_problem(422, "idempotency_key_reused");
    assert_eq!(listed(&case, &me).len(), 1);
}

#[test]
fn documents_come_in_pages_oldest_first() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    for name in ["1.pdf", "2.pdf", "3.pdf"] {
        case.upload(&me, name, LETTER, &[]).expect(201);
    }
    let names = |page: &Value| -> Vec<String> {
        page["data"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = me.get(&case.path("documents?limit=2")).send().expect(200).json();
    assert_eq!((names(&first), &first["has_more"]), (vec!["1.pdf".to_owned(), "2.pdf".to_owned()], &json!(true)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = me.get(&case.path(&format!("documents?cursor={cursor}"))).send().expect(200).json();
    assert_eq!((names(&rest), &rest["has_more"], &rest["next_cursor"]), (vec!["3.pdf".to_owned()], &json!(false), &json!(null)));
    let elsewhere = me.get(&Case::draft(&app).path(&format!("documents?cursor={cursor}"))).send();
    assert_eq!(elsewhere.expect_problem(400, "invalid_parameters").pointers(), ["/query/cursor"]);
}

#[test]
fn whoever_has_nothing_to_do_with_the_case_finds_no_document() {
    let app = App::start();
    let (case, me) = (Case::submitted(&app), app.applicant());
    let (uploaded, path) = letter(&case, &me);
    let (list, content) = (case.path("documents"), format!("{path}/content"));
    for outsider in [app.stranger(), app.physician(), app.other_chief(), app.other_agency(), app.accountant(), app.pathologist()] {
        for place in [&list, &path, &content] {
            outsider.get(place).send().expect_problem(404, "not_found");
        }
    }
    for by_role in [app.administrator(), app.auditor()] {
        for place in [&list, &path, &content] {
            by_role.get(place).send().expect_problem(403, "forbidden");
        }
    }
    app.anonymous().get(&content).send().expect_problem(401, "not_signed_in");

    let change = json!({ "name": "mine.pdf" });
    case.upload(&app.stranger(), "a.pdf", LETTER, &[]).expect_problem(404, "not_found");
    app.stranger().patch(&path).if_match("*").json(&change).send().expect_problem(404, "not_found");
    app.stranger().delete(&path).if_match("*").send().expect_problem(404, "not_found");
    for reader in [app.physician(), app.chief(), app.accountant()] {
        case.upload(&reader, "a.pdf", LETTER, &[]).expect_problem(403, "forbidden");
        reader.patch(&path).if_match("*").json(&change).send().expect_problem(403, "forbidden");
        reader.delete(&path).if_match("*").send().expect_problem(403, "forbidden");
    }
    assert_eq!(me.get(&path).send().expect(200).etag(), uploaded.etag(), "nothing was changed");
}

#[test]
fn those_who_work_on_the_case_read_its_documents_and_each_reading_leaves_its_trace() {
    let app = App::start();
    let (case, me) = (Case::submitted(&app), app.applicant());
    let (uploaded, path) = letter(&case, &me);
    case.to_triage();
    case.accept();
    app.join(&case.id, "patient", Membership::Patient);
    for reader in [app.coordinator(), app.chief(), app.physician(), app.person("patient", Role::Applicant)] {
        assert_eq!(reader.get(&format!("{path}/content")).send().expect(200).bytes, LETTER);
    }
    let trail = app.auditor().get(&format!("/v1/audit-entries?operation=downloadDocument&case_id={}", case.id)).send();
    let entries = trail.expect(200).json()["data"].clone();
    assert_eq!(entries.as_array().unwrap().len(), 4);
    assert!(entries.as_array().unwrap().iter().all(|entry| entry["subjects"] == json!([uploaded.text("/id")])), "{entries:#}");
}

#[test]
fn what_is_handed_in_while_the_patient_does_not_know_stays_closed_to_the_patient() {
    let app = App::start();
    let me = app.applicant();
    let body = json!({ "kind": "representative_consultation", "application": { "patient_uninformed": true } });
    let case = Case { app: &app, id: me.post("/v1/cases").json(&body).send().expect(201).text("/id") };
    let (_, before) = letter(&case, &me);
    app.join(&case.id, "patient", Membership::Patient);
    let patient = app.person("patient", Role::Applicant);
    patient.get(&before).send().expect_problem(404, "not_found");

    let told = json!({ "application": { "patient_uninformed": false } });
    me.patch(&case.path("")).if_match("*").json(&told).send().expect(200);
    let (_, after) = letter(&case, &me);
    assert_eq!(listed(&case, &patient).len(), 1);
    patient.get(&after).send().expect(200);
    patient.get(&before).send().expect_problem(404, "not_found");
    patient.get(&format!("{before}/content")).send().expect_problem(404, "not_found");
    assert_eq!(listed(&case, &me).len(), 2);
}
