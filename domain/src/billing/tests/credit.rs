//! Credit notes, corrected invoices and receipts.

use super::*;
use crate::access::Relation;
use crate::billing::fees::FeeCode;
use crate::case::{Case, CaseStage, EventKind, Refusal};
use crate::ids::{CreditNoteId, ReceiptId};
use crate::service::ServiceKind;
use crate::tests::fixtures::{at, by, day, invoice, opened, rules, supplement};

const BIOPSY: FeeCode = FeeCode::PathologyBiopsySlide;
const OPINION: FeeCode = FeeCode::WrittenOpinion;

fn acting() -> Act {
    Act { by: UserId::from_uuid(Uuid::from_u128(1)), at: now() }
}

pub(super) fn paper(number: u128) -> CreditNoteIdentity {
    CreditNoteIdentity {
        id: CreditNoteId::from_uuid(Uuid::from_u128(number)),
        number: CreditNoteNumber::new(u64::try_from(number).unwrap()).unwrap(),
    }
}

pub(super) fn new_credit(number: u128, lines: &[(FeeCode, u32)]) -> NewCredit {
    let CreditNoteIdentity { id, number: drawn } = paper(number);
    let reason = "Fewer slides came.".parse().unwrap();
    let charges_borne_by = ChargeBearer::Payee;
    NewCredit { id, number: drawn, lines: lines.to_vec(), reason, charges_borne_by, refund: refund(number), by: acting() }
}

pub(super) fn new_invoice(number: u128, receipts: usize) -> Reissue {
    let receipt = |place: usize| NewReceipt {
        id: ReceiptId::from_uuid(Uuid::from_u128(u128::try_from(place).unwrap() + 1_000)),
        number: ReceiptNumber::new(u64::try_from(place).unwrap() + 1_000).unwrap(),
        issued_on: TODAY,
    };
    let billing = settings().billing;
    Reissue {
        third_party: None,
        id: InvoiceId::from_uuid(Uuid::from_u128(number)),
        number: InvoiceNumber::new(u64::try_from(number).unwrap()).unwrap(),
        credit: paper(number),
        recipient: "Jane Example-Smith\n1 Example Street".parse().unwrap(),
        issuer: billing.issuer,
        bank: billing.bank,
        receipts: (0..receipts).map(receipt).collect(),
        reason: "The name was wrong.".parse().unwrap(),
        by: acting(),
    }
}

/// 3 biopsy slides and 1 resected: 137,500 yen.
fn with_slides() -> Invoice {
    issue(Some(ReExamination { biopsy_slides: 3, resected_specimens: 1 }))
}

fn paid(invoice: Invoice, amount: i64) -> Invoice {
    let payment = transfer("A", amount, 0);
    let (id, recorded) = (payment.id, invoice.record_payment(payment, false, 0, TODAY, refund(1)).unwrap());
    let receipt = NewReceipt { id: ReceiptId::from_uuid(Uuid::nil()), number: ReceiptNumber::new(1).unwrap(), issued_on: TODAY };
    recorded.invoice.with_receipt(id, receipt, recorded.outcome)
}

fn open(invoice: &Invoice) -> Vec<(RefundReason, i64)> {
    invoice.refunds.iter().filter(|one| one.state.is_open()).map(|one| (one.reason, one.amount.amount())).collect()
}

fn credit(invoice: Invoice, number: u128, lines: &[(FeeCode, u32)]) -> Result<Invoice, Vec<BillingRefusal>> {
    invoice.credit(new_credit(number, lines))
}

#[test]
fn a_credit_gives_back_what_it_frees_and_not_what_was_paid_too_much_before() {
    let less = credit(paid(with_slides(), 140_000), 7, &[(BIOPSY, 1)]).unwrap();
    assert_eq!(open(&less), [(RefundReason::Overpaid, 2_500), (RefundReason::Credited, 5_500)]);
}

#[test]
fn a_slide_that_did_not_come_is_credited_and_given_back() {
    let less = credit(paid(with_slides(), 137_500), 7, &[(BIOPSY, 1)]).unwrap();
    let note = less.credit_note(paper(7).id).unwrap();
    assert_eq!((note.kind, note.total, note.net, note.tax), (CreditNoteKind::Cancellation, yen(5_500), yen(5_000), yen(500)));
    assert_eq!((less.status(), less.owed(), open(&less)), (InvoiceStatus::Paid, Yen::ZERO, vec![(RefundReason::Credited, 5_500)]));
    assert_eq!(less.advance(), yen(132_000));
    let expected = [(Account::AdvancesReceived, -132_000), (Account::RefundsPayable, -5_500), (Account::Bank, 137_500)];
    assert_eq!(balances(&less), expected);
    let performed = less.perform(TODAY);
    assert_eq!((performed.books().balance(Account::Revenue), performed.books().balance(Account::ConsumptionTax)), (-120_000, -12_000));
}

#[test]
fn what_is_credited_unpaid_is_owed_no_longer() {
    let part = credit(paid(with_slides(), 110_000), 7, &[(BIOPSY, 3), (FeeCode::PathologyResectedSlides, 1)]).unwrap();
    assert_eq!((part.credits[0].total, part.credits[0].tax), (yen(27_500), yen(2_500)));
    assert_eq!((part.is_settled(), open(&part), part.status()), (true, vec![], InvoiceStatus::Paid));
    let more = credit(paid(with_slides(), 130_000), 7, &[(BIOPSY, 2)]).unwrap();
    assert_eq!((more.owed(), open(&more)), (Yen::ZERO, vec![(RefundReason::Credited, 3_500)]), "7,500 of 11,000 were not paid");
}

#[test]
fn a_rest_that_never_arrived_is_not_given_back() {
    let payment = transfer("A", 135_000, 2_500);
    let borne = with_slides().record_payment(payment, false, 2_500, TODAY, refund(1)).unwrap().invoice;
    let less = credit(borne, 7, &[(BIOPSY, 1)]).unwrap();
    assert_eq!((less.shortfall, open(&less)), (Yen::ZERO, vec![(RefundReason::Credited, 3_000)]));
}

#[test]
fn after_the_service_it_is_a_return_and_takes_revenue_and_tax_back() {
    let performed = paid(with_slides(), 137_500).perform(TODAY);
    let less = credit(performed, 7, &[(BIOPSY, 3)]).unwrap();
    assert_eq!(less.credits[0].kind, CreditNoteKind::Return);
    assert_eq!((less.books().balance(Account::Revenue), less.books().balance(Account::ConsumptionTax)), (-110_000, -11_000));
    let owed = with_slides().perform(TODAY);
    let (asked, by) = (Act { by: UserId::from_uuid(Uuid::nil()), ..acting() }, acting());
    let new = NewWriteOff {
        id: crate::ids::WriteOffId::from_uuid(Uuid::nil()),
        reason: WriteOffReason::Uncollectible,
        text: "Gone.".parse().unwrap(),
        requested: asked,
    };
    let id = new.id;
    let lost = owed.request_write_off(new, 0).unwrap().approve_write_off(id, by).unwrap();
    let less = credit(lost, 7, &[(BIOPSY, 1)]).unwrap();
    assert_eq!((less.bad_debt, open(&less)), (yen(132_000), vec![]), "a bad debt is less, and nothing goes back");
}

#[test]
fn tax_is_what_the_invoice_had_less_what_remains() {
    let mut odd = with_slides();
    // 55,223 yen in lines of 11,117 and 44,106: see 5,020 − 4,009 = 1,011.
    odd.lines.truncate(2);
    for (line, price) in odd.lines.iter_mut().zip([44_106, 11_117]) {
        (line.quantity, line.unit_price, line.amount) = (1, yen(price), yen(price));
    }
    (odd.total, odd.net, odd.tax) = (yen(55_223), yen(50_203), yen(5_020));
    let code = odd.lines[1].code;
    let less = credit(odd, 7, &[(code, 1)]).unwrap();
    assert_eq!((less.credits[0].tax, less.credits[0].net), (yen(1_011), yen(10_106)));
    let rest = credit(less, 8, &[(OPINION, 1)]).unwrap();
    assert_eq!((rest.credits[1].tax, rest.is_credited_whole()), (yen(4_009), true), "no yen of tax is lost");
}

#[test]
fn a_credit_note_of_what_was_not_invoiced_is_refused() {
    let invoice = with_slides();
    let refused = |invoice: &Invoice, lines: &[(FeeCode, u32)]| credit(invoice.clone(), 7, lines).unwrap_err();
    assert_eq!(refused(&invoice, &[]), [BillingRefusal::NothingToCredit]);
    assert_eq!(refused(&invoice, &[(BIOPSY, 0)]), [BillingRefusal::NothingToCredit]);
    assert_eq!(refused(&invoice, &[(FeeCode::ConsultationFirst30Min, 1)]), [BillingRefusal::LineNotInvoiced]);
    assert_eq!(refused(&invoice, &[(BIOPSY, 2), (BIOPSY, 2)]), [BillingRefusal::MoreThanInvoiced]);
    assert_eq!(refused(&invoice, &[(BIOPSY, u32::MAX), (BIOPSY, u32::MAX)]), [BillingRefusal::MoreThanInvoiced]);
    assert_eq!(refused(&invoice, &[(OPINION, 1)]), [BillingRefusal::OnlyPathologyLeft]);
    let less = credit(invoice.clone(), 7, &[(BIOPSY, 2)]).unwrap();
    assert_eq!(refused(&less, &[(BIOPSY, 2)]), [BillingRefusal::MoreThanInvoiced], "of what is left");
    let mut mixed = invoice.clone();
    mixed.lines[1].performed_on = Some(TODAY);
    let all = [(OPINION, 1), (BIOPSY, 3), (FeeCode::PathologyResectedSlides, 1)];
    assert_eq!(refused(&mixed, &all), [BillingRefusal::CreditMixesPerformed]);
    let whole = credit(invoice.clone(), 7, &all).unwrap();
    assert_eq!((whole.status(), whole.owed(), whole.books() == Books::default()), (InvoiceStatus::Credited, Yen::ZERO, true));
    assert_eq!(refused(&whole, &all), [BillingRefusal::InvoiceCredited]);
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    assert_eq!(refused(&invoice.end(refund(9), how, now()), &all), [BillingRefusal::InvoiceEnded]);
}

#[test]
fn a_reversed_payment_keeps_the_money_that_a_credit_note_was_to_give_back() {
    let twice = paid(with_slides(), 60_000);
    let second = Payment { id: PaymentId::from_uuid(Uuid::from_u128(2)), ..transfer("B", 77_500, 0) };
    let less = credit(twice.record_payment(second, false, 0, TODAY, refund(2)).unwrap().invoice, 7, &[(BIOPSY, 1)]).unwrap();
    let back = less.reverse_payment(PaymentId::from_uuid(Uuid::from_u128(2)), super::reversal::mistake(), 0).unwrap();
    assert_eq!((open(&back), back.owed()), (vec![], yen(72_000)), "60,000 of 132,000 are here");
}

#[test]
fn the_approval_of_a_refund_of_the_end_issues_its_credit_note() {
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back: 50, charges_borne_by: ChargeBearer::Payee };
    let ended = paid(issue(None), 60_000).end(refund(9), how, now());
    let steps = [
        RefundStep::ProvideDetails(super::refunds::payee(true), super::refunds::act(3)),
        RefundStep::Request(super::refunds::request(Settlement::PayOut, super::refunds::act(1))),
    ];
    let asked = steps.into_iter().fold(ended.clone(), |invoice, step| invoice.step_refund(refund(9), step, TODAY).unwrap());
    assert!(asked.needs_credit_note(refund(9)) && !ended.needs_credit_note(refund(9)));
    let approve =
        |invoice: Invoice, paper| invoice.step_refund(refund(9), RefundStep::Approve(super::refunds::act(2), paper, None), TODAY).unwrap();
    let approved = approve(asked, Some(paper(7)));
    let note = &approved.credits[0];
    assert_eq!((note.kind, note.total, note.tax), (CreditNoteKind::Cancellation, yen(110_000), yen(10_000)), "the unpaid rest, too");
    assert_eq!(approved.books(), ended.books(), "the end has booked it");
    assert_eq!(approved.clone().restore(), Ok(approved.clone()));
    let no = Rejection { reason: "No.".parse().unwrap(), rejected: super::refunds::act(2) };
    let rejected = approved.step_refund(refund(9), RefundStep::Reject(no), TODAY).unwrap();
    let again = RefundStep::Request(super::refunds::request(Settlement::PayOut, super::refunds::act(1)));
    let asked = rejected.clone().step_refund(refund(9), again, TODAY).unwrap();
    assert!(!asked.needs_credit_note(refund(9)), "once");
    assert_eq!(rejected.reopen(TODAY), Err(BillingRefusal::RefundApproved), "the payer has the credit note");
}

#[test]
fn a_corrected_invoice_takes_payments_receipts_and_refunds_along() {
    let before = credit(paid(with_slides(), 140_000), 7, &[(BIOPSY, 1)]).unwrap();
    let (old, new) = before.clone().reissue(new_invoice(8, 1)).unwrap();
    assert_eq!((old.status(), old.replaced_by, new.replaces), (InvoiceStatus::Credited, Some(new.id), Some(old.id)));
    assert_eq!((old.credits[1].kind, old.credits[1].total, old.credits[1].tax), (CreditNoteKind::Correction, yen(132_000), yen(12_000)));
    assert_eq!((new.total, new.tax, new.due_on, new.lines.len()), (yen(132_000), yen(12_000), before.last_day(), 3));
    assert_eq!((old.books(), new.books()), (Books::default(), before.books()), "no account changes");
    assert_eq!((open(&old), open(&new)), (vec![], open(&before)));
    let receipts = &new.payments[0].receipts;
    assert_eq!((receipts[0].voided_at, receipts[1].voided_at), (Some(now()), None));
    assert_eq!((receipts[1].recipient.clone(), receipts[1].invoice), (new.recipient.clone(), new.number));
    assert_eq!(receipts[0].invoice, before.number, "the paper stays");
    for invoice in [&old, &new] {
        assert_eq!(invoice.clone().restore().as_ref(), Ok(invoice));
    }
    assert_eq!(old.clone().reissue(new_invoice(9, 0)), Err(BillingRefusal::InvoiceReplaced));
    let late = old.record_payment(transfer("Z", 1, 0), false, 0, TODAY, refund(3)).unwrap_err();
    assert_eq!(late, [BillingRefusal::InvoiceReplaced]);
    let performed = before.perform(TODAY);
    let (old, new) = performed.clone().reissue(new_invoice(8, 1)).unwrap();
    assert_eq!((old.books(), new.books()), (Books::default(), performed.books()), "nor after the service");
}

#[test]
fn a_receipt_says_what_it_confirms() {
    let purpose = |invoice: &Invoice| invoice.payments.last().unwrap().receipt().map(|receipt| receipt.purpose);
    assert_eq!(purpose(&paid(issue(None), 60_000)), Some(ReceiptPurpose::Advance));
    assert_eq!(purpose(&paid(issue(None).perform(TODAY), 60_000)), Some(ReceiptPurpose::Service));
    assert_eq!(purpose(&paid(issue(None).end(refund(9), MoneyEnd::UNPAID, now()), 60_000)), Some(ReceiptPurpose::Deposit));
    let reversed = paid(issue(None), 60_000).reverse_payment(PaymentId::from_uuid(Uuid::nil()), super::reversal::mistake(), 0).unwrap();
    assert_eq!((purpose(&reversed), reversed.payments[0].receipts[0].voided_at), (None, Some(now())));
}

fn credited(is_settled: bool, is_credited_whole: bool) -> Credited {
    Credited {
        invoice: invoice(),
        note: paper(7).id,
        is_settled,
        is_credited_whole,
        refund: Yen::ZERO,
        supplement: supplement(is_settled),
        charged: ReExamination::NONE,
    }
}

fn note_credit(case: Case, credited: Credited) -> Result<Case, Refusal> {
    case.credit_invoice(&by(Relation::Billing), &rules(), day(4), credited).map(|change| change.case)
}

#[test]
fn a_credit_note_has_the_effect_of_the_payment_that_it_makes_needless() {
    let waiting = || at(ServiceKind::WrittenOpinion, CaseStage::AwaitingPayment);
    let stage = |credited| note_credit(waiting(), credited).unwrap().stage().name();
    assert_eq!(stage(credited(false, false)), CaseStage::AwaitingPayment);
    assert_eq!(stage(credited(true, false)), CaseStage::Writing);
    assert_eq!(stage(credited(true, true)), CaseStage::Accepted);
    let back = note_credit(waiting(), credited(true, true)).unwrap();
    assert_eq!(back.expires_at(), None, "the hospital invoices anew");
    let other = Credited { invoice: InvoiceId::from_uuid(Uuid::from_u128(99)), ..credited(true, true) };
    assert_eq!(note_credit(waiting(), other).unwrap().stage(), waiting().stage(), "of another invoice");
}

#[test]
fn work_under_way_is_never_free_of_charge() {
    for stage in [CaseStage::Writing, CaseStage::InReview] {
        let case = at(ServiceKind::WrittenOpinion, stage);
        assert_eq!(note_credit(case.clone(), credited(true, true)).unwrap_err(), Refusal::CreditFreesWork);
        assert_eq!(note_credit(case.clone(), credited(true, false)).unwrap().stage(), case.stage());
    }
    let delivered = at(ServiceKind::WrittenOpinion, CaseStage::Delivered);
    assert!(note_credit(delivered, credited(true, true)).is_ok());
    let accepted = opened(ServiceKind::WrittenOpinion, crate::tests::fixtures::application());
    assert!(matches!(note_credit(accepted, credited(true, true)), Err(Refusal::WrongStage { .. })));
}

#[test]
fn a_corrected_invoice_moves_no_stage() {
    let new = InvoiceId::from_uuid(Uuid::from_u128(99));
    for stage in super::super::credit::CREDITABLE {
        let case = at(ServiceKind::WrittenOpinion, *stage);
        let change = case.clone().reissue_invoice(&by(Relation::Billing), &rules(), day(4), invoice(), new).unwrap();
        assert_eq!((change.case.stage().name(), change.case.invoice()), (*stage, Some(new)));
        assert_eq!(change.case.expires_at(), case.expires_at());
        assert!(matches!(change.events[0].kind, EventKind::InvoiceReissued { .. }));
    }
}

#[test]
fn each_print_of_a_receipt_is_counted_and_a_void_one_is_not_printed() {
    let later = "2026-12-01T02:00:00Z".parse().unwrap();
    let bought = paid(with_slides(), 137_500);
    let receipt = |invoice: &Invoice| invoice.payments[0].receipts[0].clone();
    let id = receipt(&bought).id;
    assert_eq!((receipt(&bought).prints, receipt(&bought).is_reprinted(), receipt(&bought).first_printed_at), (0, false, None));
    let once = bought.print_receipt(id, now()).unwrap();
    assert_eq!((receipt(&once).prints, receipt(&once).is_reprinted(), receipt(&once).first_printed_at), (1, false, Some(now())));
    let twice = once.print_receipt(id, later).unwrap();
    assert_eq!((receipt(&twice).prints, receipt(&twice).is_reprinted(), receipt(&twice).first_printed_at), (2, true, Some(now())));
    let other = ReceiptId::from_uuid(Uuid::from_u128(99));
    assert_eq!(twice.clone().print_receipt(other, later), Err(BillingRefusal::ReceiptVoid));
    let payment = twice.payments[0].id;
    let reversed = twice.reverse_payment(payment, super::reversal::mistake(), 0).unwrap();
    assert_eq!(reversed.print_receipt(id, later), Err(BillingRefusal::ReceiptVoid));
}
