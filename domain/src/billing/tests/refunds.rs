//! The steps of a refund: who must come first, and what each needs.

use jiff::civil::date;

use super::*;

pub(super) fn payee(is_payer: bool) -> Payee {
    Payee {
        holder: "Jane Example".parse().unwrap(),
        is_payer,
        bank: "Example Bank".parse().unwrap(),
        bank_country: "SE".parse().unwrap(),
        swift: None,
        account: "SE45 5000 0000 0583 9825 7466".parse().unwrap(),
    }
}

pub(super) fn request(settlement: Settlement, asked: Act) -> RefundRequest {
    let attempts = ["Telephone, nobody answered", "E-mail, no answer"].map(|how| Attempt { tried_on: TODAY, how: how.parse().unwrap() });
    RefundRequest {
        settlement,
        evidence: Some("A letter of 1 November.".parse().unwrap()),
        attempts: attempts.to_vec(),
        invoice: (settlement == Settlement::ApplyToInvoice).then(|| InvoiceId::from_uuid(Uuid::from_u128(77))),
        raise: None,
        asked,
    }
}

pub(super) fn paid(bank_charge: i64) -> Transfer {
    Transfer {
        method: PaymentMethod::BankTransfer,
        paid_on: TODAY,
        reference: "OUT-1".parse().unwrap(),
        bank_charge: yen(bank_charge),
        recorded: act(1),
        returned: None,
    }
}

pub(super) fn returned(arrived: i64) -> Returned {
    Returned { on: TODAY, arrived: yen(arrived), reason: "Account closed".parse().unwrap(), recorded: act(1) }
}

pub(super) fn act(number: u128) -> Act {
    Act { by: UserId::from_uuid(Uuid::from_u128(number)), at: now() }
}

/// An invoice that was paid and declined: 110,000 yen are due.
fn declined() -> Invoice {
    let paid = issue(None).record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    paid.end(refund(1), how, now())
}

fn take(invoice: Invoice, step: RefundStep) -> Result<Invoice, Vec<BillingRefusal>> {
    invoice.step_refund(refund(1), step, TODAY)
}

fn steps() -> [(&'static str, RefundStep); 6] {
    [
        ("details", RefundStep::ProvideDetails(payee(true), act(3))),
        ("request", RefundStep::Request(request(Settlement::PayOut, act(1)))),
        ("approve", RefundStep::Approve(act(2), None, None)),
        ("reject", RefundStep::Reject(Rejection { reason: "No.".parse().unwrap(), rejected: act(2) })),
        ("paid", RefundStep::RecordPaid(RefundNumber::new(7).unwrap(), paid(500))),
        ("returned", RefundStep::RecordReturned(returned(108_000))),
    ]
}

fn step(name: &str) -> RefundStep {
    steps().into_iter().find(|(one, _)| *one == name).unwrap().1
}

fn taken(names: &[&str]) -> Invoice {
    names.iter().fold(declined(), |invoice, name| take(invoice, step(name)).unwrap())
}

fn settled(settlement: Settlement) -> Invoice {
    let asked = take(declined(), RefundStep::Request(request(settlement, act(1)))).unwrap();
    take(asked, step("approve")).unwrap()
}

#[test]
fn each_step_is_taken_in_its_states_and_refused_in_all_others() {
    let standing = [
        (RefundState::Due, taken(&["details"]), vec!["details", "request"]),
        (RefundState::Requested, taken(&["details", "request"]), vec!["approve", "reject"]),
        (RefundState::Approved, taken(&["details", "request", "approve"]), vec!["reject", "paid"]),
        (RefundState::Paid, taken(&["details", "request", "approve", "paid"]), vec!["returned"]),
        (RefundState::GivenUp, settled(Settlement::GivenUpByPayer), vec![]),
        (RefundState::Unclaimed, settled(Settlement::Unclaimed), vec!["details"]),
    ];
    for (state, invoice, allowed) in standing {
        assert_eq!(invoice.refunds[0].state, state);
        let good: Vec<_> = steps()
            .into_iter()
            .filter(|(_, step)| match take(invoice.clone(), step.clone()) {
                Ok(after) => {
                    assert_eq!(after.refunds[0].version, invoice.refunds[0].version + 1);
                    true
                }
                Err(refusals) => {
                    assert!(matches!(refusals[..], [BillingRefusal::RefundState | BillingRefusal::PayeeMissing]), "{refusals:?}");
                    false
                }
            })
            .map(|(name, _)| name)
            .collect();
        assert_eq!(good, allowed, "{state}");
    }
    assert_eq!(declined().step_refund(refund(9), step("details"), TODAY), Err(vec![BillingRefusal::RefundState]), "another refund");
}

#[test]
fn a_refund_that_is_paid_leaves_the_bank_and_one_that_comes_back_is_due_again() {
    let paid = taken(&["details", "request", "approve", "paid"]);
    assert_eq!(balances(&paid), [(Account::Bank, -500), (Account::BankCharges, 500)]);
    let one = &paid.refunds[0];
    assert_eq!((one.number.map(|number| number.to_string()), one.paid_on()), (Some("RF-000007".to_owned()), Some(TODAY)));
    assert!(paid.is_finished());
    let back = take(paid, step("returned")).unwrap();
    assert_eq!(balances(&back), [(Account::RefundsPayable, -110_000), (Account::Bank, 107_500), (Account::BankCharges, 2_500)]);
    assert_eq!((&back.refunds[0].payee, back.refunds[0].paid_on(), back.is_finished()), (&None, None, false));
    let again = ["details", "request", "approve"].iter().fold(back, |invoice, name| take(invoice, step(name)).unwrap());
    let other = RefundStep::RecordPaid(RefundNumber::new(8).unwrap(), self::paid(0));
    assert_eq!(take(again, other).unwrap().refunds[0].number, Some(RefundNumber::new(7).unwrap()), "it keeps its number");
}

#[test]
fn a_refund_that_is_given_up_is_income_and_an_unclaimed_one_stays_owed_and_blocks_nothing() {
    let given_up = settled(Settlement::GivenUpByPayer);
    assert_eq!(balances(&given_up), [(Account::Bank, 110_000), (Account::OtherIncome, -110_000)]);
    let unclaimed = settled(Settlement::Unclaimed);
    assert_eq!(balances(&unclaimed), [(Account::RefundsPayable, -110_000), (Account::Bank, 110_000)]);
    assert!(given_up.is_finished() && unclaimed.is_finished());
    assert_eq!((given_up.given_up(), unclaimed.to_give_back()), (yen(110_000), yen(110_000)));
    assert_eq!((given_up.given_back(), unclaimed.given_back()), (Yen::ZERO, Yen::ZERO));
}

#[test]
fn a_request_needs_a_payee_evidence_or_attempts() {
    let refused = |invoice: Invoice, request: RefundRequest| take(invoice, RefundStep::Request(request)).unwrap_err();
    let bare = |settlement| RefundRequest { evidence: None, attempts: vec![], ..request(settlement, act(1)) };
    assert_eq!(refused(declined(), bare(Settlement::PayOut)), [BillingRefusal::PayeeMissing]);
    let other = take(declined(), RefundStep::ProvideDetails(payee(false), act(3))).unwrap();
    assert_eq!(refused(other.clone(), bare(Settlement::PayOut)), [BillingRefusal::EvidenceMissing], "somebody else than the payer");
    assert!(take(other, step("request")).is_ok());
    assert!(take(taken(&["details"]), RefundStep::Request(bare(Settlement::PayOut))).is_ok());
    assert_eq!(refused(declined(), bare(Settlement::GivenUpByPayer)), [BillingRefusal::EvidenceMissing]);
    let once = RefundRequest { attempts: request(Settlement::Unclaimed, act(1)).attempts[..1].to_vec(), ..bare(Settlement::Unclaimed) };
    assert_eq!(refused(declined(), once), [BillingRefusal::AttemptsMissing]);
    let mut twice = request(Settlement::Unclaimed, act(1));
    twice.attempts[1] = twice.attempts[0].clone();
    assert_eq!(refused(declined(), twice), [BillingRefusal::AttemptsMissing], "the same attempt");
    let mut yesterday = request(Settlement::Unclaimed, act(1));
    yesterday.attempts[0].tried_on = date(2026, 11, 22);
    assert_eq!(refused(declined(), yesterday), [BillingRefusal::AttemptBeforeDue]);
    let wrong = Payee { swift: Some("bad".parse().unwrap()), ..payee(true) };
    assert_eq!(take(declined(), RefundStep::ProvideDetails(wrong, act(3))).unwrap_err(), [BillingRefusal::SwiftInvalid]);
    let good = Payee { swift: Some("EXAMSESS".parse().unwrap()), ..payee(true) };
    assert!(take(declined(), RefundStep::ProvideDetails(good, act(3))).is_ok());
    let mut tomorrow = request(Settlement::Unclaimed, act(1));
    tomorrow.attempts[1].tried_on = date(2026, 11, 24);
    assert_eq!(refused(declined(), tomorrow), [BillingRefusal::AttemptInFuture]);
}

#[test]
fn money_leaves_and_comes_back_on_days_that_can_be() {
    let approved = || taken(&["details", "request", "approve"]);
    let pay = |transfer| take(approved(), RefundStep::RecordPaid(RefundNumber::new(1).unwrap(), transfer)).unwrap_err();
    assert_eq!(pay(Transfer { paid_on: date(2026, 11, 24), ..paid(0) }), [BillingRefusal::PaidInFuture]);
    assert_eq!(pay(Transfer { paid_on: date(2026, 11, 22), ..paid(0) }), [BillingRefusal::PaidBeforeDue]);
    assert_eq!(pay(Transfer { method: PaymentMethod::Cash, ..paid(1) }), [BillingRefusal::BankChargeWithoutTransfer]);
    let all = Transfer { method: PaymentMethod::Card, paid_on: date(2026, 11, 24), ..paid(1) };
    assert_eq!(pay(all), [BillingRefusal::PaidInFuture, BillingRefusal::BankChargeWithoutTransfer]);
    let mut payees = approved();
    payees.refunds[0].charges_borne_by = ChargeBearer::Payee;
    assert_eq!(take(payees, step("paid")).unwrap_err(), [BillingRefusal::BankChargeIsThePayees]);
    let back = |returned| take(taken(&["details", "request", "approve", "paid"]), RefundStep::RecordReturned(returned)).unwrap_err();
    assert_eq!(back(Returned { on: date(2026, 11, 24), ..returned(1) }), [BillingRefusal::ReturnedInFuture]);
    assert_eq!(back(Returned { on: date(2026, 11, 22), ..returned(1) }), [BillingRefusal::ReturnedBeforePaid]);
    assert_eq!(back(returned(110_001)), [BillingRefusal::MoreReturnedThanPaid]);
    assert_eq!(back(returned(0)), [BillingRefusal::NothingCameBack]);
}

#[test]
fn an_overpayment_stays_one_until_somebody_asks_and_again_when_the_request_is_sent_back() {
    let over = issue(None).record_payment(transfer("A", 112_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let accounts = |invoice: &Invoice| {
        let books = invoice.books();
        (books.balance(Account::Overpayments), books.balance(Account::RefundsPayable), invoice.excess().amount())
    };
    assert_eq!(accounts(&over), (-2_000, 0, 2_000));
    let asked = take(take(over, step("details")).unwrap(), step("request")).unwrap();
    assert_eq!(accounts(&asked), (0, -2_000, 0));
    let more = asked.record_payment(transfer("B", 300, 0), false, 0, TODAY, refund(2)).unwrap().invoice;
    assert_eq!(accounts(&more), (-300, -2_000, 300), "more that comes is a refund of its own");
    assert_eq!(accounts(&take(more, step("reject")).unwrap()), (-2_300, 0, 2_300));
}

#[test]
fn a_refund_number_is_written_in_one_way() {
    let number = RefundNumber::new(123).unwrap();
    assert_eq!(serde_json::to_string(&number).unwrap(), "\"RF-000123\"");
    assert_eq!("RF-000123".parse(), Ok(number));
    for wrong in ["RF-123", "RF-+00123", "INV-000123", "RF-000000", "RF-"] {
        assert!(wrong.parse::<RefundNumber>().is_err(), "{wrong}");
    }
}

/// An invoice that was paid and cancelled: half of it is kept.
fn cancelled() -> Invoice {
    let paid = issue(None).record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back: 50, charges_borne_by: ChargeBearer::Payee };
    take(paid.end(refund(1), how, now()), step("details")).unwrap()
}

fn raised(by: i64, settlement: Settlement) -> RefundStep {
    let raise = Raise { by: yen(by), reason: "The patient has died.".parse().unwrap() };
    RefundStep::Request(RefundRequest { raise: Some(raise), ..request(settlement, act(1)) })
}

fn approve(invoice: Invoice, number: u64) -> Invoice {
    let fee = invoice.needs_fee_paper(refund(1)).then(|| FeeNumber::new(number).unwrap());
    take(invoice, RefundStep::Approve(act(2), None, fee)).unwrap()
}

fn kept(invoice: &Invoice) -> (i64, i64, Option<i64>) {
    let back = invoice.refund(refund(1)).unwrap().amount.amount();
    (invoice.kept().amount(), back, invoice.fee_paper().map(|paper| paper.amount.amount()))
}

#[test]
fn two_persons_give_more_back_than_the_policy_says_and_the_paper_of_the_fee_follows() {
    let by_the_policy = approve(take(cancelled(), step("request")).unwrap(), 1);
    assert_eq!(kept(&by_the_policy), (55_000, 55_000, Some(55_000)));
    let asked = take(cancelled(), raised(30_000, Settlement::PayOut)).unwrap();
    assert_eq!(kept(&asked), (55_000, 55_000, None), "nothing counts before the second person");
    let refused = take(asked.clone(), step("reject")).unwrap();
    assert_eq!(kept(&refused), (55_000, 55_000, None), "what was not approved is not taken back");
    let approved = approve(asked, 1);
    assert_eq!(kept(&approved), (25_000, 85_000, Some(25_000)));
    assert_eq!((approved.books().sum(), approved.books().balance(Account::CancellationIncome)), (0, -25_000));
    let taken_back = take(approved.clone(), step("reject")).unwrap();
    assert_eq!(kept(&taken_back), (55_000, 55_000, None), "the paper is void");
    let again = approve(take(taken_back, raised(55_000, Settlement::PayOut)).unwrap(), 2);
    assert_eq!((kept(&again), again.fee_papers.len()), ((0, 110_000, None), 1), "no fee, no paper");
    let same = take(take(approved, step("reject")).unwrap(), raised(30_000, Settlement::PayOut)).unwrap();
    let same = approve(same, 2);
    assert_eq!((kept(&same), same.fee_papers.len()), ((25_000, 85_000, Some(25_000)), 2), "each paper has its number");
}

#[test]
fn no_more_is_given_back_than_is_kept_and_only_what_is_sent_is_raised() {
    let refused = |invoice: Invoice, step: RefundStep| take(invoice, step).unwrap_err();
    assert_eq!(refused(cancelled(), raised(55_001, Settlement::PayOut)), [BillingRefusal::RaiseAboveFee]);
    assert_eq!(refused(cancelled(), raised(0, Settlement::PayOut)), [BillingRefusal::RaiseOfNothing]);
    assert_eq!(refused(cancelled(), raised(1, Settlement::GivenUpByPayer)), [BillingRefusal::RaiseIsPaidOut]);
    let declined = take(declined(), step("details")).unwrap();
    assert_eq!(refused(declined.clone(), raised(1, Settlement::PayOut)), [BillingRefusal::RaiseAboveFee], "nothing is kept");
    assert!(!declined.needs_fee_paper(refund(1)));
    assert!(!cancelled().needs_fee_paper(refund(2)), "there is no such refund");
    let over = issue(None).record_payment(transfer("A", 112_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let over = take(over, step("details")).unwrap();
    assert_eq!(refused(over, raised(1, Settlement::PayOut)), [BillingRefusal::RaiseAboveFee], "an excess has no fee");
}

#[test]
fn a_fee_that_is_released_has_no_paper_any_longer() {
    let approved = approve(take(cancelled(), step("request")).unwrap(), 1);
    let released = approved.release_fee(refund(7), now());
    assert_eq!((released.kept(), released.fee_paper()), (yen(0), None));
}

#[test]
fn a_refund_that_pays_another_invoice_ends_at_the_approval_and_can_be_taken_back() {
    let applied = settled(Settlement::ApplyToInvoice);
    let one = applied.refund(refund(1)).unwrap();
    assert_eq!((one.state, one.state.is_open(), applied.given_back()), (RefundState::Applied, false, yen(110_000)));
    assert_eq!(balances(&applied), [], "the money stands on the other invoice");
    assert!(!applied.has_money() && applied.is_finished());
    let again = applied.clone().unapply(refund(1)).unwrap();
    assert_eq!(again.refund(refund(1)).unwrap().state, RefundState::Due);
    assert_eq!(balances(&again), balances(&declined()));
    assert_eq!(again.unapply(refund(1)).unwrap_err(), BillingRefusal::RefundState);
    assert_eq!(applied.reference_of(refund(1)), "INV-000123/1");
    assert_eq!(take(applied, step("reject")).unwrap_err(), [BillingRefusal::RefundState]);
}

#[test]
fn an_invoice_is_named_exactly_where_money_is_applied_to_it() {
    let ask = |settlement, invoice: Option<InvoiceId>| {
        take(taken(&["details"]), RefundStep::Request(RefundRequest { invoice, ..request(settlement, act(1)) }))
    };
    let target = Some(InvoiceId::from_uuid(Uuid::from_u128(77)));
    assert_eq!(ask(Settlement::ApplyToInvoice, None).unwrap_err(), [BillingRefusal::InvoiceNotNamed]);
    assert_eq!(ask(Settlement::PayOut, target).unwrap_err(), [BillingRefusal::InvoiceNotPaid]);
    assert!(ask(Settlement::ApplyToInvoice, target).is_ok() && ask(Settlement::PayOut, None).is_ok());
}

#[test]
fn a_refund_is_parted_where_less_is_owed_than_it_has() {
    let asked = take(taken(&["details"]), RefundStep::Request(request(Settlement::ApplyToInvoice, act(1)))).unwrap();
    let parted = asked.clone().split_refund(refund(1), yen(22_000), refund(9));
    let amounts: Vec<_> = parted.refunds.iter().map(|one| (one.amount.amount(), one.state, one.payee.is_some())).collect();
    assert_eq!(amounts, [(22_000, RefundState::Requested, true), (88_000, RefundState::Due, true)]);
    assert_eq!(balances(&parted), balances(&asked), "no account changes");
    assert_eq!(asked.clone().split_refund(refund(1), yen(110_000), refund(9)), asked, "nothing is left");
}

#[test]
fn money_of_a_third_party_is_sent_with_a_word_of_it() {
    let mut company = taken(&["details"]);
    company.third_party = Some(ThirdParty::default());
    let bare = RefundRequest { evidence: None, ..request(Settlement::PayOut, act(1)) };
    assert_eq!(take(company.clone(), RefundStep::Request(bare)).unwrap_err(), [BillingRefusal::EvidenceMissing]);
    assert!(take(company, step("request")).is_ok());
}

/// An invoice that was paid and cancelled, and of which the hospital keeps everything.
fn all_kept() -> Invoice {
    let paid = issue(None).record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back: 0, charges_borne_by: ChargeBearer::Payee };
    paid.end(refund(1), how, now())
}

#[test]
fn an_end_of_which_nothing_goes_back_is_confirmed_by_two_persons() {
    let ended = all_kept();
    let one = ended.refund(refund(1)).unwrap();
    assert_eq!((one.amount, one.state, ended.kept()), (yen(0), RefundState::Due, yen(110_000)));
    assert!(issue(None).end(refund(1), MoneyEnd::UNPAID, now()).refunds.is_empty(), "nothing was paid, so nothing is kept");
    let given_up = take(ended.clone(), RefundStep::Request(request(Settlement::GivenUpByPayer, act(1)))).unwrap_err();
    assert_eq!(given_up, [BillingRefusal::NothingGoesBack]);
    // Nobody receives anything: no account is needed.
    let asked = take(ended.clone(), step("request")).unwrap();
    assert!(asked.needs_credit_note(refund(1)) && asked.needs_fee_paper(refund(1)));
    let papers = RefundStep::Approve(act(2), Some(super::credit::paper(1)), Some(FeeNumber::new(1).unwrap()));
    let confirmed = take(asked, papers).unwrap();
    assert_eq!(kept(&confirmed), (110_000, 0, Some(110_000)));
    assert_eq!((confirmed.refund(refund(1)).unwrap().state, confirmed.credits.len()), (RefundState::Withdrawn, 1));
    assert_eq!(confirmed.books().balance(Account::CancellationIncome), -110_000);
    assert_eq!(confirmed.clone().reopen(TODAY).unwrap_err(), BillingRefusal::RefundApproved, "the credit note is in the payer's hands");
    let reversed = confirmed.reverse_payment(PaymentId::from_uuid(Uuid::nil()), super::reversal::mistake(), 0);
    assert_eq!(reversed.unwrap_err(), BillingRefusal::RefundApproved);
    let again = ended.reopen(TODAY).unwrap();
    assert_eq!((again.status(), again.refund(refund(1)).unwrap().state), (InvoiceStatus::Paid, RefundState::Withdrawn), "a slip");
}

#[test]
fn the_second_person_is_neither_who_asked_nor_who_wrote_down_the_account() {
    let asked = take(take(all_kept(), step("details")).unwrap(), raised(30_000, Settlement::PayOut)).unwrap();
    let wrote = asked.refund(refund(1)).unwrap().payee_provided.unwrap().by;
    for by in [act(1), Act { by: wrote, ..act(1) }] {
        let refused = take(asked.clone(), RefundStep::Approve(by, None, None)).unwrap_err();
        assert_eq!(refused, [BillingRefusal::SecondPersonNeeded]);
    }
}

#[test]
fn two_persons_give_back_of_what_was_kept_whole() {
    let detailed = take(all_kept(), step("details")).unwrap();
    assert_eq!(
        take(all_kept(), raised(30_000, Settlement::PayOut)).unwrap_err(),
        [BillingRefusal::PayeeMissing],
        "now somebody receives it"
    );
    let approved = approve(take(detailed, raised(30_000, Settlement::PayOut)).unwrap(), 1);
    assert_eq!(kept(&approved), (80_000, 30_000, Some(80_000)));
    assert_eq!(approved.refund(refund(1)).unwrap().state, RefundState::Approved);
}
