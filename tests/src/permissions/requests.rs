//! One good request for each operation, by anybody.

use std::sync::atomic::{AtomicU32, Ordering};

use domain::access::{Operation, Role};
use serde_json::{Value, json};

use super::account::own_account;
use super::appointments::{is_on_appointments, on_appointments};
use super::calendar::{is_on_calendar, on_calendar};
use super::paths::{is_on_invoice, is_on_paper};
use super::people::Who;
use super::scenes::Scene;
use super::slides::on_slides;
use super::visits::{is_on_claim, is_on_kinds, is_on_visitors, on_claim, on_kinds, on_visitors};
use crate::support::app::{App, PASSWORD, Person};
use crate::support::given::{Case, LETTER, acceptance, new_terms, opinion, refund_details, refund_paid, refund_returned, transfer};
use crate::support::http::Request;

/// A word that was not used before.
pub(super) fn fresh(what: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{what}-{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Whether a success changes what the next request would find.
pub fn changes(operation: Operation) -> bool {
    let id = operation.operation_id();
    !["get", "list", "count", "download"].iter().any(|verb| id.starts_with(verb))
}

/// A code of the newest letter for `reason` to `name`.
fn code(app: &App, name: &str, reason: &str) -> Value {
    app.letter(name, reason)["code"].clone()
}

fn registration(name: &str) -> Value {
    json!({ "email": format!("{name}@example.org"), "password": PASSWORD, "language": "en", "name": { "alphabetic": "Somebody" } })
}

/// The request of `operation` by `who`, in this scene.
pub fn request<'a>(app: &'a App, operation: Operation, scene: &Scene, who: Who) -> Request<'a> {
    let person = who.in_person(app);
    let is_on_none = scene.case.is_empty() || is_on_calendar(operation);
    if is_on_kinds(operation) {
        return on_kinds(operation, &person, &scene.case);
    }
    if is_on_none { without_case(app, operation, &person) } else { on_case(app, operation, scene, who, &person) }
}

fn without_case<'a>(app: &'a App, operation: Operation, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let (get, post) = (|path: &str| person.get(path), |path: &str, body: Value| person.post(path).json(&body));
    let admin = app.administrator();
    match operation {
        O::GetCatalogue => get("/v1/catalogue"),
        O::GetVocabulary => get("/v1/vocabulary"),
        O::ListFeeSchedules => get("/v1/fee-schedules"),
        O::GetFeeSchedule => {
            let list = admin.get("/v1/fee-schedules").send().expect(200);
            get(&format!("/v1/fee-schedules/{}", list.text("/data/0/id")))
        }
        O::ListTerms => get("/v1/terms"),
        O::GetTerms => get(&format!("/v1/terms/{}", admin.get("/v1/terms").send().expect(200).text("/data/0/id"))),
        O::CreateTerms => {
            let mut terms = new_terms(&fresh("2030"));
            // Not in force while the other requests run.
            terms["effective_on"] = json!("2030-01-01");
            post("/v1/terms", terms)
        }
        O::CreateQuote => post("/v1/quotes", json!({ "kind": "written_opinion" })),
        O::GetQuote => {
            let quote = admin.post("/v1/quotes").json(&json!({ "kind": "written_opinion" })).send().expect(201);
            get(quote.header("location").unwrap())
        }
        O::ListDepartments => get("/v1/departments"),
        O::ListProblems => get("/v1/problems"),
        O::GetProblem => get("/v1/problems/not_found"),
        O::RegisterApplicant => post("/v1/registrations", registration(&fresh("new"))).from(&app.fresh_source()),
        O::VerifyEmail => {
            let name = fresh("unverified");
            let sent = app.anonymous().post("/v1/registrations").from(&app.fresh_source()).json(&registration(&name)).send().expect(202);
            let id = sent.text("/registration_id");
            post("/v1/registrations/verify", json!({ "registration_id": id, "code": code(app, &name, "verify_email") }))
        }
        O::CreateSession => post("/v1/sessions", json!({ "email": "administrator@example.org", "password": PASSWORD })),
        O::RefreshSession => {
            let token = app.sign_in("administrator").expect(201).text("/refresh_token");
            post("/v1/sessions/refresh", json!({ "refresh_token": token }))
        }
        O::ResendVerification => {
            let sent = app
                .anonymous()
                .post("/v1/registrations")
                .from(&app.fresh_source())
                .json(&registration(&fresh("unverified")))
                .send()
                .expect(202);
            post("/v1/registrations/resend", json!({ "registration_id": sent.text("/registration_id") }))
        }
        O::SignOut => {
            let token = app.sign_in("administrator").expect(201).text("/refresh_token");
            post("/v1/sessions/sign-out", json!({ "refresh_token": token }))
        }
        O::DeleteSession
        | O::EndSession
        | O::EndOtherSessions
        | O::UpdateMe
        | O::RequestEmailChange
        | O::ConfirmEmailChange
        | O::ChangePassword => own_account(app, operation, person),
        O::ListSessions => get("/v1/sessions"),
        O::GetMe => get("/v1/me"),
        O::RequestPasswordReset => post("/v1/password-resets", json!({ "email": "administrator@example.org" })),
        O::ResetPassword => {
            let name = fresh("forgetful");
            app.add(&name, Role::Applicant);
            let body = json!({ "email": format!("{name}@example.org") });
            app.anonymous().post("/v1/password-resets").json(&body).send().expect(202);
            let body = json!({ "code": code(app, &name, "reset_password"), "password": "another plum tree in the rain" });
            post("/v1/password-resets/confirm", body)
        }
        O::CreateCase => post("/v1/cases", json!({ "kind": "written_opinion" })),
        O::ListCases => get("/v1/cases"),
        O::CountCases => get("/v1/cases/counts"),
        O::AcceptInvitation => {
            let host = app.person("host", Role::Applicant);
            let case = host.post("/v1/cases").json(&json!({ "kind": "written_opinion" })).send().expect(201).text("/id");
            let guest = fresh("guest");
            let body = json!({ "email": format!("{guest}@example.org"), "relation": "representative" });
            host.post(&format!("/v1/cases/{case}/invitations")).json(&body).send().expect(202);
            post("/v1/invitations/accept", json!({ "code": code(app, &guest, "invitation") }))
        }
        O::ListInvoices => get("/v1/invoices"),
        O::GetTrialBalance => get("/v1/ledger/trial-balance"),
        O::ListRefunds => get("/v1/refunds"),
        O::ListRefundsDue => get("/v1/refunds/due"),
        O::ListAuditEntries => get("/v1/audit-entries"),
        _ if is_on_calendar(operation) => on_calendar(app, operation, person),
        _ => administration(app, operation, person),
    }
}

/// Lists of billing, and money whose invoice is not known.
fn of_billing<'a>(app: &'a App, operation: Operation, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let get = |path: &str| person.get(path);
    match operation {
        O::ListReceivables => get("/v1/receivables"),
        O::ListPayments => get("/v1/payments"),
        O::RecordUnmatchedPayment => person.post("/v1/unmatched-payments").key(&fresh("unmatched")).json(&transfer(&fresh("UT"), 110_000)),
        O::ListUnmatchedPayments => get("/v1/unmatched-payments"),
        O::GetUnmatchedPayment => get(&unmatched(app)),
        O::MatchPayment => {
            let (_, invoice) = Case::invoiced(app);
            let part = json!({ "invoice_id": invoice.rsplit('/').next(), "amount": { "amount": 110_000, "currency": "JPY" } });
            person.post(&format!("{}/match", unmatched(app))).key(&fresh("match")).json(&json!({ "allocations": [part] }))
        }
        O::ReturnUnmatchedPayment => person.post(&format!("{}/return", unmatched(app))).key(&fresh("return")).json(&json!({})),
        O::ReverseUnmatchedPayment => {
            person.post(&format!("{}/reverse", unmatched(app))).key(&fresh("reverse")).json(&json!({ "reason": "A mistake." }))
        }
        other => panic!("{} has no request", other.operation_id()),
    }
}

/// Roles that another administrator asked for, by the identifier of the request.
fn requested_roles(app: &App) -> String {
    let second = app.person("second-administrator", Role::Administrator);
    let roles = json!([{ "role": "coordinator" }]);
    let made = second.post("/v1/users").json(&json!({
        "email": format!("{}@example.org", fresh("pending")), "name": { "alphabetic": "Made" }, "language": "en", "roles": roles,
    }));
    let id = made.send().expect(201).text("/id");
    let waiting = second.get("/v1/approvals?limit=100").send().expect(200).json();
    let found = waiting["data"].as_array().unwrap().iter().find(|one| one["user_id"] == id.as_str()).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

fn administration<'a>(app: &'a App, operation: Operation, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let admin = app.administrator();
    let user = || {
        let name = fresh("user");
        format!("/v1/users/{}", app.add(&name, Role::Auditor))
    };
    let agency = || admin.post("/v1/agencies").json(&json!({ "name": fresh("Agency") })).send().expect(201);
    let patch = |path: &str, etag: &str, body: Value| person.patch(path).if_match(etag).json(&body);
    let roles = json!([{ "role": "auditor" }]);
    match operation {
        O::CreateUser => person.post("/v1/users").json(&json!({
            "email": format!("{}@example.org", fresh("made")), "name": { "alphabetic": "Made" }, "language": "en", "roles": roles,
        })),
        O::ListUsers => person.get("/v1/users"),
        O::GetUser => person.get(&user()),
        O::UpdateUser => {
            let user = user();
            patch(&user, &admin.get(&user).send().expect(200).etag(), json!({ "language": "ja" }))
        }
        O::ListPendingApprovals => person.get("/v1/approvals"),
        O::ApproveRoles => person.post(&format!("/v1/approvals/{}/approve-roles", requested_roles(app))),
        O::CreateDepartment => person.post("/v1/departments").json(&json!({ "name_ja": "新", "name_en": fresh("New") })),
        O::UpdateDepartment => {
            let body = json!({ "name_ja": "新", "name_en": fresh("New") });
            let made = admin.post("/v1/departments").json(&body).send().expect(201);
            patch(&format!("/v1/departments/{}", made.text("/id")), &made.etag(), json!({ "accepting": false }))
        }
        O::CreateAgency => person.post("/v1/agencies").json(&json!({ "name": fresh("Agency") })),
        O::ListAgencies => person.get("/v1/agencies"),
        O::GetAgency => person.get(agency().header("location").unwrap()),
        O::UpdateAgency => {
            let made = agency();
            patch(made.header("location").unwrap(), &made.etag(), json!({ "active": false }))
        }
        O::GetSettings => person.get("/v1/settings"),
        O::UpdateSettings => {
            let etag = admin.get("/v1/settings").send().expect(200).etag();
            patch("/v1/settings", &etag, json!({ "billing": { "quote_valid_days": 31 } }))
        }
        O::ListFailedJobs => person.get("/v1/failed-jobs"),
        O::RetryJob => person.post(&format!("/v1/failed-jobs/{}/retry", crate::jobs::failed(app))),
        other => of_billing(app, other, person),
    }
}

/// A new unmatched payment; where it stands.
fn unmatched(app: &App) -> String {
    let new = app.accountant().post("/v1/unmatched-payments").key(&fresh("unmatched")).json(&transfer(&fresh("UT"), 110_000));
    new.send().expect(201).header("location").unwrap().to_owned()
}

fn on_case<'a>(app: &'a App, operation: Operation, scene: &Scene, who: Who, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let path = |rest: &str| if rest.is_empty() { format!("/v1/cases/{}", scene.case) } else { format!("/v1/cases/{}/{rest}", scene.case) };
    let (get, post) = (|rest: &str| person.get(&path(rest)), |rest: &str| person.post(&path(rest)));
    let document = format!("documents/{}", scene.document);
    let entry = format!("treatment-entries/{}", scene.entry);
    let refund = |step: &str| format!("/v1/refunds/{}{step}", scene.refund);
    let estimate = |step: &str| format!("/v1/estimates/{}{step}", scene.estimate);
    let reason = json!({ "reason": "Because." });
    match operation {
        O::GetCase => get(""),
        // Any version: the tag of one reader is not that of another.
        O::UpdateCase => person.patch(&path("")).if_match("*").json(&json!({ "application": { "wishes_treatment_here": true } })),
        O::CorrectContacts => {
            let phone = json!({ "patient": { "phone": "+6567325780" } });
            post("correct-contacts").json(&json!({ "application": phone, "reason": "A digit was wrong." }))
        }
        O::SubmitCase => post("submit"),
        O::StartTriage => post("start-triage").json(&json!({ "department_id": app.department("Breast Surgery").to_string() })),
        O::ReassignCase => {
            post("reassign").json(&json!({ "department_id": app.department("Urology").to_string(), "reason": "Better there." }))
        }
        O::AssignPhysician => post("assign-physician").json(&json!({ "physician_id": app.other_physician().id(), "reason": "On leave." })),
        O::AcceptCase => post("accept").json(&json!({ "responsible_id": app.physician().id() })),
        O::DeclineCase => post("decline").json(&json!({ "reason": "no_consent", "text": "We need the consent." })),
        O::IssueEstimate => post("estimates").json(&json!({})),
        O::ListEstimates => get("estimates"),
        O::GetEstimate => person.get(&estimate("")),
        O::AcceptEstimate => {
            let mut acceptance = acceptance(match who {
                Who::Agency => "agency",
                Who::Patient => "patient",
                _ => "applicant",
            });
            if who == Who::Coordinator {
                acceptance["signed_on"] = json!("2026-11-24");
            }
            person.post(&estimate("/accept")).json(&acceptance)
        }
        O::WithdrawEstimate => person.post(&estimate("/withdraw")).json(&reason),
        O::HoldCase => post("hold").json(&json!({ "reason": "applicant" })),
        O::ResumeCase => post("resume"),
        O::CancelCase => post("cancel").json(&json!({ "reason": "withdrawn" })),
        O::CloseCase => post("close").json(&json!({})),
        O::ReopenCase => post("reopen").json(&reason),
        O::InviteToCase => post("invitations").json(&json!({ "email": "guest@example.org", "relation": "representative" })),
        O::GetChecklist => get("checklist"),
        O::VerifyItem => post("checklist/application_form/verify"),
        O::RejectItem => post("checklist/application_form/reject").json(&reason),
        O::WaiveItem => post("checklist/blood_test/waive").json(&reason),
        O::RequestInformation => post("information-requests").json(&json!({ "questions": ["Since when?"] })),
        O::ListInformationRequests => get("information-requests"),
        O::WithdrawInformationRequest => post(&format!("information-requests/{}/withdraw", scene.information_request)),
        O::AnswerInformationRequest => {
            post(&format!("information-requests/{}/answer", scene.information_request)).json(&json!({ "answers": ["Since May."] }))
        }
        O::AddTreatmentEntry => post("treatment-entries").json(&json!({ "treatment": { "type": "exam", "name": "MRI" } })),
        O::GetTreatmentEntry => get(&entry),
        O::ListTreatmentEntries => get("treatment-entries"),
        O::UpdateTreatmentEntry => person.patch(&path(&entry)).if_match(&scene.entry_etag).json(&json!({ "notes": "Abroad" })),
        O::DeleteTreatmentEntry => person.delete(&path(&entry)).if_match(&scene.entry_etag),
        O::UploadDocument => post("documents").form("letter.pdf", LETTER, &[]),
        O::ListDocuments => get("documents"),
        O::GetDocument => get(&document),
        O::UpdateDocument => person.patch(&path(&document)).if_match(&scene.document_etag).json(&json!({ "name": "Letter.pdf" })),
        O::DownloadDocument => get(&format!("{document}/content")),
        O::DeleteDocument => person.delete(&path(&document)).if_match(&scene.document_etag),
        O::IssueInvoice => post("invoices").key(&fresh("issue")),
        _ if is_on_appointments(operation) => on_appointments(app, operation, scene, who, person, &path("")),
        _ if is_on_claim(operation) => on_claim(operation, who, person, &path("patient-uninformed")),
        _ if is_on_visitors(operation) => on_visitors(operation, scene, person, &path("")),
        _ if is_on_invoice(operation) || is_on_paper(operation) => on_invoice(operation, scene, person),
        O::GetRefund => person.get(&refund("")),
        O::ProvideRefundDetails => person.post(&refund("/details")).json(&refund_details()),
        O::RequestRefund => {
            let body = json!({ "settlement": "given_up_by_payer", "evidence": "A letter of the payer, seen by the desk." });
            person.post(&refund("/request")).key(&fresh("ask")).json(&body)
        }
        O::ApproveRefund => person.post(&refund("/approve")).if_match("*").key(&fresh("approve")),
        O::RejectRefund => person.post(&refund("/reject")).key(&fresh("reject")).json(&json!({ "reason": "Another account." })),
        O::RecordRefundPaid => person.post(&refund("/paid")).key(&fresh("paid")).json(&refund_paid()),
        O::RecordRefundReturned => person.post(&refund("/returned")).key(&fresh("returned")).json(&refund_returned(100_000)),
        O::DraftOpinion => person.put(&path("opinion")).json(&json!({ "content": opinion() })),
        O::SubmitOpinion => post("opinion/submit"),
        O::ReturnOpinion => post("opinion/return").json(&json!({ "comment": "Please say more." })),
        O::RecordPatientDeath => post("patient-death").json(&json!({ "told_by": "The son, by telephone." })),
        O::WithdrawPatientDeath => post("patient-death/withdraw").json(&reason),
        O::RecordOpinionSent => post("opinion/sent").json(&json!({ "to": "Mei Tanaka", "sent_on": "2026-11-24", "carrier": "EMS" })),
        O::DeliverOpinion => post("opinion/deliver"),
        O::GetReExamination | O::ProposeReExamination | O::ChangeReExamination | O::ConfirmSlides | O::RecordFindings => {
            on_slides(operation, person, &path("re-examination"))
        }
        O::GetOpinion => get("opinion"),
        O::AddOpinionAddendum => post("opinion/addenda").json(&json!({ "content": opinion() })),
        O::PostMessage => post("messages").json(&json!({ "text": "Hello" })),
        O::ListMessages => get("messages"),
        O::AddInternalNote => post("internal-notes").json(&json!({ "text": "Called." })),
        O::ListInternalNotes => get("internal-notes"),
        O::ListTimeline => get("timeline"),
        O::ListMyAccesses => get("accesses"),
        other => panic!("{} has no request", other.operation_id()),
    }
}

fn on_invoice<'a>(operation: Operation, scene: &Scene, person: &Person<'a>) -> Request<'a> {
    use Operation as O;
    let invoice = format!("/v1/invoices/{}", scene.invoice);
    let reason = json!({ "reason": "Because." });
    match operation {
        O::GetInvoice => person.get(&invoice),
        O::IssueCreditNote => {
            let body = json!({ "lines": [{ "code": "written_opinion", "quantity": 1 }], "reason": "It is not wanted." });
            person.post(&format!("{invoice}/credit-notes")).key(&fresh("credit")).json(&body)
        }
        O::GetCreditNote => person.get(&format!("/v1/credit-notes/{}", scene.paper)),
        O::ExtendInvoice => person.post(&format!("{invoice}/extend")).json(&json!({ "due_on": "2027-02-26", "reason": "Longer." })),
        O::ReissueInvoice => {
            let body = json!({ "recipient": "Jane Example-Smith", "reason": "The name was wrong." });
            person.post(&format!("{invoice}/reissue")).key(&fresh("reissue")).json(&body)
        }
        O::GetReceipt => person.get(&format!("/v1/receipts/{}", scene.paper)),
        O::PrintReceipt => person.post(&format!("/v1/receipts/{}/print", scene.paper)).key(&fresh("print")),
        O::WriteOffInvoice => {
            let body = json!({ "reason": "bank_charges", "text": "The banks kept it." });
            person.post(&format!("{invoice}/write-offs")).key(&fresh("write-off")).json(&body)
        }
        O::ApproveWriteOff => {
            let path = format!("{invoice}/write-offs/{}/approve", scene.write_off);
            person.post(&path).key(&fresh("approve")).if_match(&scene.invoice_etag)
        }
        O::RejectWriteOff => person.post(&format!("{invoice}/write-offs/{}/reject", scene.write_off)).key(&fresh("reject")).json(&reason),
        O::ReversePayment => person.post(&format!("{invoice}/payments/{}/reverse", scene.payment)).key(&fresh("reverse")).json(&reason),
        O::RecordPayment => person.post(&format!("{invoice}/payments")).key(&fresh("pay")).json(&transfer(&fresh("TT"), 110_000)),
        other => panic!("{} has no request", other.operation_id()),
    }
}
