//! Examples of the hospital's work on a case: review, money, the written opinion.

mod visits;

use application::demo::ids::{self, REFUND, in_case, in_house};
use domain::ids::{
    CreditNoteKey, DepartmentKey, EstimateKey, InvoiceKey, PaymentKey, QuoteKey, ReceiptKey, RefundKey, UnmatchedPaymentKey, UserKey,
    WriteOffKey,
};
use serde_json::json;

use super::cases::about;
use super::{Example, example};

pub(super) fn all() -> Vec<Example> {
    [review(), money(), refunds(), slides(), visits::all(), opinions()].into_iter().flatten().collect()
}

fn review() -> Vec<Example> {
    let (physician, second) = (in_house::<UserKey>(5), in_house::<UserKey>(7));
    vec![
        about("startTriage", "Grace Okafor").by("coordinator").body(json!({ "department_id": in_house::<DepartmentKey>(1) })),
        about("reassignCase", "Luis Romero")
            .by("coordinator")
            .body(json!({ "department_id": in_house::<DepartmentKey>(2), "reason": "The tumour is of the bladder." })),
        about("assignPhysician", "Fatima Al-Sayed")
            .by("chief")
            .body(json!({ "physician_id": second, "reason": "Dr. Mori is on leave." })),
        about("acceptCase", "Luis Romero").by("chief").body(json!({ "responsible_id": physician })),
        about("declineCase", "Luis Romero").by("chief").body(json!({
            "reason": "outside_specialty", "text": "This disease is outside our specialty. Please ask International Services for a hospital.",
        })),
        about("proposeCaseKind", "Ji-woo Park").by("coordinator").body(json!({
            "kind": "representative_consultation", "text": "You wrote that the journey is too long. Somebody could visit us in your place.",
        })),
        about("agreeCaseKind", "Diego Fuentes").by("mei.tanaka").body(json!({
            "kind": "representative_consultation",
            "application": { "representatives": [{ "name": { "alphabetic": "Elena Fuentes" }, "relation": "spouse" }] },
        })),
        about("withdrawCaseKindProposal", "Diego Fuentes").by("coordinator"),
        about("holdCase", "Luis Romero").by("coordinator").body(json!({ "reason": "applicant", "text": "The family travels until May." })),
        about("resumeCase", "Kim Andersen").by("coordinator"),
        about("reopenCase", "Laila Hassan").by("coordinator").body(json!({ "reason": "The family wishes to go on after all." })),
    ]
}

fn money() -> Vec<Example> {
    let quote = in_case::<QuoteKey>("Fatima Al-Sayed", 1).map(|id| id.to_string()).unwrap_or_default();
    let estimate = in_case::<EstimateKey>("Lucia Moretti", 1).map(|id| id.to_string()).unwrap_or_default();
    let of = |patient: &str| in_case::<InvoiceKey>(patient, 1).map(|id| id.to_string()).unwrap_or_default();
    let write_off = in_case::<WriteOffKey>("Amelie Laurent", 1).map(|id| id.to_string()).unwrap_or_default();
    let paid = of("Ivan Petrov");
    let payment = in_case::<PaymentKey>("Ivan Petrov", 1).map(|id| id.to_string()).unwrap_or_default();
    let receipt = in_case::<ReceiptKey>("Ivan Petrov", 1).map(|id| id.to_string()).unwrap_or_default();
    let credit_note = in_case::<CreditNoteKey>("Tariq Aziz", 1).map(|id| id.to_string()).unwrap_or_default();
    let unmatched = ids::unmatched::<UnmatchedPaymentKey>(1).to_string();
    let invoice = of("Siti Rahayu");
    vec![
        example("getQuote").with("quote_id", &quote),
        about("issueEstimate", "Fatima Al-Sayed").by("coordinator").body(json!({})),
        about("listEstimates", "Lucia Moretti").by("mei.tanaka"),
        example("getEstimate").by("mei.tanaka").with("estimate_id", &estimate),
        example("acceptEstimate").by("mei.tanaka").with("estimate_id", &estimate).body(json!({
            "terms_version": "2024-02-26", "payer": "applicant", "recipient": "Lucia Moretti\nStorgatan 1, Stockholm",
        })),
        example("withdrawEstimate")
            .by("coordinator")
            .with("estimate_id", &estimate)
            .body(json!({ "reason": "The family would like a visit instead." })),
        about("issueInvoice", "Hanna Virtanen").by("accountant").with("Idempotency-Key", "issue-hanna-virtanen-1"),
        example("listInvoices").by("accountant"),
        example("listReceivables").by("accountant"),
        example("listPayments").by("accountant"),
        example("getInvoice").by("accountant").with("invoice_id", &invoice),
        example("writeOffInvoice")
            .by("accountant")
            .with("invoice_id", of("Yusuf Demir"))
            .with("Idempotency-Key", "write-off-yusuf-demir-1")
            .body(json!({ "reason": "bank_charges", "text": "The correspondent bank kept 2,500 yen." })),
        example("approveWriteOff")
            .by("director")
            .with("invoice_id", of("Amelie Laurent"))
            .with("write_off_id", &write_off)
            .version(3)
            .with("Idempotency-Key", "approve-amelie-laurent-1"),
        example("rejectWriteOff")
            .by("director")
            .with("invoice_id", of("Amelie Laurent"))
            .with("write_off_id", &write_off)
            .with("Idempotency-Key", "reject-amelie-laurent-1")
            .body(json!({ "reason": "Please ask the payer for it first." })),
        example("issueCreditNote")
            .by("accountant")
            .with("invoice_id", of("John Baker"))
            .with("Idempotency-Key", "credit-john-baker-1")
            .body(json!({
                "lines": [{ "code": "written_opinion", "quantity": 1 }], "reason": "The opinion was about the wrong specimen.",
                "charges_borne_by": "hospital",
            })),
        example("getCreditNote").by("accountant").with("credit_note_id", &credit_note),
        example("extendInvoice")
            .by("coordinator")
            .with("invoice_id", &invoice)
            .body(json!({ "due_on": "2027-02-26", "reason": "The bank in Jakarta needs longer." })),
        example("reissueInvoice")
            .by("accountant")
            .with("invoice_id", of("Paul Dubois"))
            .with("Idempotency-Key", "reissue-paul-dubois-1")
            .body(json!({ "recipient": "Dubois SARL\n1 rue de l’Exemple, Lyon", "reason": "The company pays, not the patient." })),
        example("recordUnmatchedPayment").by("accountant").with("Idempotency-Key", "unmatched-acme-1").body(json!({
            "method": "bank_transfer", "reference": "FT-2026-77", "remitter": "ACME GMBH", "received_on": "2026-11-24",
            "amount": { "amount": 220_000, "currency": "JPY" },
        })),
        example("listUnmatchedPayments").by("accountant"),
        example("getUnmatchedPayment").by("accountant").with("unmatched_payment_id", &unmatched),
        example("matchPayment")
            .by("accountant")
            .with("unmatched_payment_id", &unmatched)
            .with("Idempotency-Key", "match-siti-rahayu-1")
            .body(json!({ "allocations": [{ "invoice_id": &invoice, "amount": { "amount": 110_000, "currency": "JPY" } }] })),
        example("returnUnmatchedPayment")
            .by("accountant")
            .with("unmatched_payment_id", &unmatched)
            .with("Idempotency-Key", "return-acme-1")
            .body(json!({ "amount": { "amount": 110_000, "currency": "JPY" } })),
        example("reverseUnmatchedPayment")
            .by("accountant")
            .with("unmatched_payment_id", &unmatched)
            .with("Idempotency-Key", "reverse-acme-1")
            .body(json!({ "reason": "The bank took the transfer back." })),
        example("getReceipt").by("accountant").with("receipt_id", &receipt),
        example("printReceipt").by("accountant").with("receipt_id", &receipt).with("Idempotency-Key", "print-ivan-petrov-1"),
        example("reversePayment")
            .by("accountant")
            .with("invoice_id", &paid)
            .with("payment_id", &payment)
            .with("Idempotency-Key", "reverse-ivan-petrov-1")
            .body(json!({ "reason": "The bank took the transfer back." })),
        example("recordPayment").by("accountant").with("invoice_id", &invoice).with("Idempotency-Key", "payment-tt-2026-0101").body(
            json!({
                "method": "bank_transfer", "reference": "TT-2026-0101", "remitter": "SITI RAHAYU", "received_on": "2026-11-24",
                "amount": { "amount": 110_000, "currency": "JPY" },
            }),
        ),
    ]
}

fn refunds() -> Vec<Example> {
    let of = |operation: &'static str, patient: &str| {
        let refund = in_case::<RefundKey>(patient, REFUND).map(|id| id.to_string()).unwrap_or_default();
        example(operation).with("refund_id", refund)
    };
    vec![
        example("listRefunds").by("mei.tanaka"),
        example("listRefundsDue").by("accountant"),
        of("getRefund", "Pavel Horak").by("accountant"),
        of("provideRefundDetails", "Noor Rahman").by("mei.tanaka").body(json!({
            "payee": {
                "holder": "Noor Rahman", "is_payer": true, "bank": "Example Bank", "bank_country": "SE", "swift": "EXAMSESS",
                "account": "SE4550000000058398257466",
            },
        })),
        of("requestRefund", "Marta Kovac")
            .by("accountant")
            .with("Idempotency-Key", "refund-marta-kovac-1")
            .body(json!({ "settlement": "pay_out" })),
        of("approveRefund", "Pavel Horak").by("director").version(3).with("Idempotency-Key", "approve-pavel-horak-1"),
        of("rejectRefund", "Pavel Horak")
            .by("director")
            .with("Idempotency-Key", "reject-pavel-horak-1")
            .body(json!({ "reason": "Please ask for the bank's address first." })),
        of("recordRefundPaid", "Rosa Lima").by("accountant").with("Idempotency-Key", "paid-rosa-lima-1").body(json!({
            "method": "bank_transfer", "paid_on": "2026-11-24", "reference": "RT-2026-0008",
            "bank_charge": { "amount": 4_000, "currency": "JPY" },
        })),
        of("recordRefundReturned", "Tariq Aziz").by("accountant").with("Idempotency-Key", "returned-tariq-aziz-1").body(json!({
            "returned_on": "2026-11-24", "arrived": { "amount": 107_500, "currency": "JPY" }, "reason": "The account is closed.",
        })),
        example("getTrialBalance").by("accountant"),
    ]
}

fn slides() -> Vec<Example> {
    let two = json!({ "biopsy_slides": 2, "resected_specimens": 0 });
    vec![
        about("getReExamination", "Birgit Hansen").by("pathologist"),
        about("proposeReExamination", "Ivan Petrov")
            .by("physician")
            .body(json!({ "slides": two, "opinion_waits": true, "reason": "The grade of the tumour is open." })),
        about("changeReExamination", "Oleg Marchenko").by("coordinator").body(json!({
            "slides": { "biopsy_slides": 0, "resected_specimens": 0 }, "reason": "The family does not wish it.",
        })),
        about("confirmSlides", "Birgit Hansen")
            .by("pathologist")
            .body(json!({ "slides": two, "note": "One of them has a broken corner." })),
        about("recordFindings", "Birgit Hansen").by("pathologist").body(json!({
            "findings": "Invasive carcinoma of no special type, grade 2. We agree with the first report.",
        })),
    ]
}

fn opinions() -> Vec<Example> {
    vec![
        about("getOpinion", "John Baker").by("mei.tanaka"),
        about("draftOpinion", "Ivan Petrov").by("physician").body(json!({
            "content": {
                "language": "en", "addressee": "Ivan Petrov",
                "materials_reviewed": [{ "name": "Letter of the clinic", "dated_on": "2026-10" }],
                "history": "Carcinoma of the right breast, found in October 2026.",
                "answers": [{ "question": 0, "text": "Yes, at once." }],
                "recommendation": "Surgery first.", "urgency": "soon",
            },
        })),
        about("submitOpinion", "Paul Dubois").by("physician"),
        about("returnOpinion", "Maria Silva").by("chief").body(json!({ "comment": "Please say more about the risks." })),
        about("deliverOpinion", "Maria Silva").by("chief"),
        about("recordOpinionSent", "John Baker").by("coordinator").body(json!({
            "to": "John Baker\n1 Example Street, London", "sent_on": "2026-11-24", "carrier": "EMS", "tracking_number": "EG123456789JP",
        })),
        about("addOpinionAddendum", "John Baker").by("chief").body(json!({
            "content": {
                "language": "en", "addressee": "John Baker",
                "materials_reviewed": [{ "name": "MRI of the breast", "dated_on": "2026-11" }],
                "history": "As in our first opinion.", "diagnosis": "cT2 N1 M0, as before.",
                "answers": [
                    { "question": 0, "text": "The MRI shows no second focus: breast-conserving surgery is possible." },
                    { "question": 1, "text": "No change." },
                ],
                "options": "Breast-conserving surgery or mastectomy.", "recommendation": "Breast-conserving surgery.",
                "further_tests": "None.", "urgency": "soon", "treatment_here": "Possible.",
            },
        })),
    ]
}
