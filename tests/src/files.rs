//! Files on their way in and out: piece by piece, and refused for what they are.

use std::time::Duration;

use api::limits::Limits;
use serde_json::json;

use crate::support::app::{App, Person, unlimited};
use crate::support::given::{Case, LETTER};
use crate::support::raw::Raw;
use crate::support::wait_until;

/// A file of several pieces in which no two pieces are alike.
fn large() -> Vec<u8> {
    let mut bytes = LETTER.to_vec();
    bytes.extend((0_u32..300_000).flat_map(u32::to_be_bytes));
    bytes
}

/// How long something may take that takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The head of an upload of so many bytes, and the beginning of its file.
fn beginning_of_upload(case: &Case<'_>, who: &Person<'_>, length: usize) -> String {
    format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=x\r\n\
         Content-Length: {length}\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF",
        case.path("documents"),
        who.token()
    )
}

/// How many pieces are stored, and how many uploads are noted, of whatever file.
fn stored(app: &App) -> (i64, i64) {
    app.wait(app.hospital.store().read(persistence::blobs::counts)).unwrap()
}

#[test]
fn a_part_of_a_file_is_sent_where_one_is_asked_for() {
    let app = App::start();
    let (case, me, bytes) = (Case::draft(&app), app.applicant(), large());
    let place = format!("{}/content", case.upload(&me, "a.pdf", &bytes, &[]).expect(201).header("location").unwrap());
    let whole = me.get(&place).send().expect(200);
    assert!(whole.bytes == bytes);
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let size = bytes.len();
    let piece = 256 * 1024;
    for (range, from, to) in [
        ("bytes=0-3".to_owned(), 0, 4),
        (format!("bytes={}-{}", piece - 1, piece), piece - 1, piece + 1),
        (format!("bytes={}-", 2 * piece), 2 * piece, size),
        ("bytes=-5".to_owned(), size - 5, size),
        ("bytes=0-999999999".to_owned(), 0, size),
    ] {
        let part = me.get(&place).header("range", &range).send().expect(206);
        assert!(part.bytes == bytes[from..to], "{range}");
        assert_eq!(part.header("content-range"), Some(format!("bytes {from}-{}/{size}", to - 1).as_str()));
        assert_eq!((part.etag(), part.header("content-type")), (whole.etag(), Some("application/pdf")));
    }
    let beyond = me.get(&place).header("range", format!("bytes={size}-")).send().expect_problem(416, "range_not_satisfiable");
    assert_eq!(beyond.header("content-range"), Some(format!("bytes */{size}").as_str()));
    let known = me.get(&place).header("range", "bytes=0-3").header("if-none-match", whole.etag()).send().expect(304);
    assert!(known.bytes.is_empty());
    let of_this = me.get(&place).header("range", "bytes=0-3").header("if-range", whole.etag()).send().expect(206);
    assert_eq!(of_this.bytes, &bytes[..4]);
    me.get(&place).header("range", "bytes=0-3").header("if-range", "\"another\"").send().expect(200);
    let head = me.request("HEAD", &place).send().expect(200);
    assert_eq!((head.header("content-length"), head.bytes.len()), (Some(size.to_string().as_str()), 0));
}

#[test]
fn a_piece_that_is_missing_breaks_the_connection() {
    let app = App::start();
    let (case, me, bytes) = (Case::draft(&app), app.applicant(), large());
    let uploaded = case.upload(&me, "a.pdf", &bytes, &[]).expect(201);
    let place = format!("{}/content", uploaded.header("location").unwrap());
    let id: domain::ids::DocumentId = uploaded.text("/id").parse().unwrap();
    app.wait(app.hospital.store().write(move |tx| persistence::blobs::delete(tx, id))).unwrap();
    let mut raw = Raw::connect(&app);
    raw.send(&format!("GET {place} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\n\r\n", me.token()));
    let answer = raw.read_to_end();
    assert!(answer.len() < bytes.len(), "the client sees that the file is cut: {} bytes", answer.len());
    assert_eq!(me.get("/v1/me").send().status, 200, "the server goes on");
}

#[test]
fn what_is_not_taken_leaves_nothing_behind() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let pdf = |rest: &[u8]| [LETTER, rest].concat();
    let picture = |width: u32, height: u32| {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(b"\x08\x02\0\0\0\x90wS\xde");
        bytes
    };
    let zip = [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0ax".as_slice(), b"PK\x05\x06", &[0; 18]].concat();
    let jpeg = [
        &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0][..],
        &[0xFF, 0xC0, 0, 17, 8, 0xFF, 0xDC, 0xFF, 0xDC, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xD9],
    ]
    .concat();
    for (what, bytes, status, code) in [
        ("an encrypted PDF", pdf(b"trailer << /Encrypt 5 0 R >>\n%%EOF"), 422, "file_encrypted"),
        ("one whose trailer is a stream", pdf(b"<</Type/XRef/Encrypt 5 0 R/W[1 2 1]>>stream"), 422, "file_encrypted"),
        ("a picture of 4 billion pixels", picture(65_535, 65_535), 422, "too_many_pixels"),
        ("a photograph of as many", jpeg, 422, "too_many_pixels"),
        ("an archive behind a PDF", pdf(&zip), 415, "unsupported_file"),
        ("an archive within a PDF, far from its end", [LETTER, &zip, &vec![b'\n'; 300_000], b"%%EOF"].concat(), 415, "unsupported_file"),
        ("an archive behind a picture", [picture(1, 1), zip.clone()].concat(), 415, "unsupported_file"),
        ("nothing", Vec::new(), 422, "too_short"),
    ] {
        let refused = case.upload(&me, "a.pdf", &bytes, &[]).expect(status);
        let told = if status == 422 { refused.text("/errors/0/code") } else { refused.text("/code") };
        assert_eq!(told, code, "{what}");
    }
    case.upload(&me, "a.png", &picture(15_000, 15_000), &[]).expect(201);
    assert!(wait_until(PATIENCE, || (stored(&app) == (1, 0)).then_some(())).is_some(), "{:?}", stored(&app));
    assert_eq!(case.upload(&me, "a.pdf.exe", LETTER, &[]).expect(201).text("/name"), "a.pdf.exe.pdf");
    let id = case.upload(&me, "b.pdf", LETTER, &[]).expect(201).text("/id");
    let renamed = me.patch(&case.path(&format!("documents/{id}"))).if_match("*").json(&json!({ "name": "b.scr" })).send();
    assert_eq!(renamed.expect(200).text("/name"), "b.scr.pdf");
}

#[test]
fn everything_that_is_said_of_a_file_belongs_to_the_key_of_its_upload() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let send = |name: &str, file: &[u8], fields: &[(&str, &str)]| {
        me.post(&case.path("documents")).key("0191-upload").form(name, file, fields).send()
    };
    let fields = [("item", "blood_test"), ("language", "en")];
    send("a.pdf", LETTER, &fields).expect(201);
    for (name, file, other) in [
        ("b.pdf", LETTER, fields.to_vec()),
        ("a.pdf", LETTER, vec![("item", "exam_reports"), ("language", "en")]),
        ("a.pdf", LETTER, vec![("item", "blood_test"), ("language", "ja")]),
        ("a.pdf", LETTER, vec![("item", "blood_test")]),
        ("a.pdf", large().as_slice(), fields.to_vec()),
    ] {
        send(name, file, &other).expect_problem(422, "idempotency_key_reused");
    }
    let turned = [("language", "en"), ("item", "blood_test")];
    assert_eq!(
        send("a.pdf", LETTER, &turned).expect(201).header("idempotent-replayed"),
        Some("true"),
        "the order of the parts says nothing"
    );
    assert!(wait_until(PATIENCE, || (stored(&app) == (1, 0)).then_some(())).is_some(), "{:?}", stored(&app));
}

#[test]
fn a_case_has_at_most_200_documents_and_says_so() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    for _ in 0..200 {
        case.upload(&me, "a.pdf", LETTER, &[]).expect(201);
    }
    let refused = case.upload(&me, "a.pdf", LETTER, &[]).expect_problem(409, "too_many_documents");
    assert!(refused.text("/detail").contains("200"), "{}", refused.text("/detail"));
}

#[test]
fn a_person_sends_four_files_at_once_and_others_send_theirs() {
    let app = App::within(Limits { uploads_per_person: 2, ..unlimited() });
    let (case, me) = (Case::draft(&app), app.applicant());
    let begin = || {
        let mut raw = Raw::connect(&app);
        raw.send(&beginning_of_upload(&case, &me, 9_000));
        raw
    };
    let slow = [begin(), begin()];
    assert!(wait_until(PATIENCE, || (stored(&app).1 == 2).then_some(())).is_some(), "two files arrive");
    let mine = || case.upload(&me, "a.pdf", LETTER, &[]);
    let refused = mine().expect_problem(429, "too_many_uploads");
    assert!(refused.header("retry-after").is_some());
    let theirs = Case::opened_by(&app, &app.stranger());
    theirs.upload(&app.stranger(), "a.pdf", LETTER, &[]).expect(201);
    drop(slow);
    assert!(wait_until(PATIENCE, || (mine().status == 201).then_some(())).is_some(), "the places are free again");
}

#[test]
fn nobody_sends_for_long_what_is_none_of_their_business() {
    let app = App::start();
    let case = Case::draft(&app);
    let stranger = app.stranger();
    for (path, media_type) in [
        (case.path("documents"), "multipart/form-data; boundary=x"),
        (case.path("messages"), "application/json"),
        (case.path(""), "application/merge-patch+json"),
    ] {
        let method = if path == case.path("") { "PATCH" } else { "POST" };
        for length in ["Content-Length: 200000", "Transfer-Encoding: chunked"] {
            let mut raw = Raw::connect(&app);
            raw.send(&format!(
                "{method} {path} HTTP/1.1\r\nHost: a\r\nIf-Match: *\r\nAuthorization: Bearer {}\r\nContent-Type: {media_type}\r\n{length}\r\n\r\n",
                stranger.token()
            ));
            let answer = String::from_utf8(raw.read_to_end()).unwrap();
            assert!(answer.starts_with("HTTP/1.1 404"), "{method} {path} {length}: {answer}");
        }
    }
    let trail = app.auditor().get(&format!("/v1/audit-entries?operation=uploadDocument&case_id={}", case.id)).send().expect(200).json();
    assert_eq!(trail["data"].as_array().unwrap().len(), 2, "each refusal leaves its row");
}

#[test]
fn an_upload_that_is_cut_is_removed_at_once_and_a_lost_one_after_a_day() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let mut raw = Raw::connect(&app);
    raw.send(&beginning_of_upload(&case, &me, 5_000_000));
    raw.send_bytes(&large()[..600_000]);
    assert!(wait_until(PATIENCE, || (stored(&app).0 == 2).then_some(())).is_some(), "pieces are stored as they come");
    drop(raw);
    assert!(wait_until(PATIENCE, || (stored(&app) == (0, 0)).then_some(())).is_some(), "{:?}", stored(&app));

    // As a server leaves it that is killed in the middle.
    let id: domain::ids::DocumentId = application::clock::fresh(app.clock.now());
    let (now, sealed) = (app.clock.now(), persistence::blobs::seal(app.hospital.store().vault(), id, 0, LETTER).unwrap());
    let begun = app.hospital.store().write(move |tx| {
        persistence::blobs::begin(tx, id, now)?;
        persistence::blobs::put(tx, id, 0, &sealed)
    });
    app.wait(begun).unwrap();
    app.after(jiff::SignedDuration::from_hours(23));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(stored(&app), (1, 1));
    app.after(jiff::SignedDuration::from_hours(2));
    app.wait(app.hospital.run_due()).unwrap();
    assert_eq!(stored(&app), (0, 0));
}

#[test]
fn a_form_is_bounded_around_its_parts_too() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let begin = |length: &str| {
        let mut raw = Raw::connect(&app);
        raw.send(&format!(
            "POST {} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
             Content-Type: multipart/form-data; boundary=x\r\n{length}\r\n\r\n",
            case.path("documents"),
            me.token()
        ));
        raw
    };
    // What stands before the first part, what stands after the last one, and the head of a part.
    let empty_lines = "\r\n".repeat(200_000);
    let after = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7\r\n--x--\r\n{}",
        "y".repeat(22 << 20)
    );
    let head =
        format!("--x\r\nContent-Disposition: form-data; name=\"file\"\r\nField: {}\r\n\r\n%PDF-1.7\r\n--x--\r\n", "z".repeat(70_000));
    for (what, body, allowed) in [("before", empty_lines, ["400", "400"]), ("after", after, ["201", "413"]), ("head", head, ["400", "413"])]
    {
        let mut raw = begin(&format!("Content-Length: {}", body.len()));
        raw.try_to_send(body.as_bytes());
        let answer = String::from_utf8_lossy(&raw.read_to_end()).into_owned();
        assert!(allowed.iter().any(|status| answer.starts_with(&format!("HTTP/1.1 {status}"))), "{what}: {answer:.300}");
    }
    // Chunks that never end.
    let mut raw = begin("Transfer-Encoding: chunked");
    let chunk = format!("2000\r\n{}\r\n", "\n".repeat(8_192));
    let mut sent = 0;
    while raw.try_to_send(chunk.as_bytes()) {
        sent += chunk.len();
        // The sockets of this machine hold some of it besides.
        assert!(sent < 64 << 20, "endless");
    }
}

#[test]
fn names_of_files_are_read_as_browsers_and_older_programs_write_them() {
    let app = App::start();
    let (case, me) = (Case::draft(&app), app.applicant());
    let (japanese, _, _) = encoding_rs::SHIFT_JIS.encode("紹介状表.pdf");
    for (sent, stored) in [
        (japanese.as_ref(), "紹介状表.pdf"),
        ("紹介状.pdf".as_bytes(), "紹介状.pdf"),
        (b"a %22b%22 100%.pdf", "a _b_ 100%.pdf"),
        (b"\xff\xfe.pdf", "��.pdf"),
    ] {
        let head = [b"--line\r\nContent-Disposition: form-data; name=\"file\"; filename=\"", sent, b"\"\r\n\r\n"].concat();
        let body = [&head, LETTER, b"\r\n--line--\r\n"].concat();
        let answer = me.post(&case.path("documents")).bytes("multipart/form-data; boundary=line", body).send().expect(201);
        assert_eq!(answer.json()["name"], stored);
    }
}
