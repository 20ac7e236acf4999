//! A new term: when it makes sense, how far it goes, and whose clock follows it.

use jiff::civil::date;

use super::*;
use crate::access::Relation;
use crate::billing::Extended;
use crate::calendar::{CalendarSettings, ClosedDay, end_of_day};
use crate::case::{CaseStage, EventKind, Refusal};
use crate::service::ServiceKind;
use crate::tests::fixtures::{at, by, day, invoice, rules};

#[test]
fn a_term_ends_later_than_before_and_within_half_a_year() {
    let last = issue(None).last_day();
    let extend = |until| issue(None).extend(until, TODAY, &CalendarSettings::default()).map(|invoice| invoice.last_day());
    assert_eq!(extend(last), Err(BillingRefusal::TermNotLater));
    assert_eq!(extend(date(2027, 1, 25)), Ok(date(2027, 1, 25)));
    assert_eq!(extend(date(2027, 1, 23)), Ok(date(2027, 1, 25)), "a Saturday moves to Monday");
    let longest = TODAY.saturating_add(jiff::Span::new().days(180));
    assert!(extend(longest).is_ok());
    assert_eq!(extend(longest.tomorrow().unwrap()), Err(BillingRefusal::TermTooLong));
    // The last day is long past: money is on it, and it did not expire.
    let later = |until, today| issue(None).extend(until, today, &CalendarSettings::default()).map(|invoice| invoice.last_day());
    assert_eq!(later(date(2027, 3, 1), date(2027, 3, 2)), Err(BillingRefusal::TermNotLater), "a day that is past");
    assert_eq!(later(date(2027, 3, 2), date(2027, 3, 2)), Ok(date(2027, 3, 2)));
}

#[test]
fn only_what_is_owed_has_a_term() {
    let until = date(2027, 1, 25);
    let paid = issue(None).record_payment(transfer("A", 110_000, 0), false, 0, TODAY, refund(1)).unwrap().invoice;
    assert_eq!(paid.extend(until, TODAY, &CalendarSettings::default()), Err(BillingRefusal::NothingOwed));
    assert_eq!(
        issue(None).end(refund(1), MoneyEnd::UNPAID, now()).extend(until, TODAY, &CalendarSettings::default()),
        Err(BillingRefusal::InvoiceEnded)
    );
    let (old, _) = issue(None).reissue(super::credit::new_invoice(7, 0)).unwrap();
    assert_eq!(old.extend(until, TODAY, &CalendarSettings::default()), Err(BillingRefusal::InvoiceReplaced));
}

#[test]
fn the_clock_of_the_case_follows_the_term_of_its_invoice_unless_money_is_there() {
    let last_day = date(2027, 1, 25);
    let waiting = || at(ServiceKind::WrittenOpinion, CaseStage::AwaitingPayment);
    let extend = |case: crate::case::Case, invoice, has_money| {
        let extended = Extended { invoice, last_day, lapses_at: day(60), has_money };
        case.extend_invoice(&by(Relation::Desk), &rules(), now(), extended)
    };
    let decided = extend(waiting(), invoice(), false).unwrap();
    assert_eq!(decided.case.expires_at(), Some(end_of_day(last_day)));
    assert_eq!(decided.events.len(), 1);
    assert!(matches!(decided.events[0].kind, EventKind::InvoiceExtended { .. }));
    assert_eq!(extend(waiting(), invoice(), true).unwrap().case.expires_at(), waiting().expires_at());
    let other = InvoiceId::from_uuid(Uuid::from_u128(99));
    assert_eq!(extend(waiting(), other, false).unwrap().case.expires_at(), waiting().expires_at(), "an invoice of something else");
    let begun = at(ServiceKind::WrittenOpinion, CaseStage::Writing);
    assert_eq!(extend(begun, invoice(), false).unwrap().case.expires_at(), None, "work that is under way has no such clock");
    let refused = extend(at(ServiceKind::WrittenOpinion, CaseStage::Cancelled), invoice(), false);
    assert!(matches!(refused, Err(Refusal::WrongStage { .. })));
    let stranger = waiting().extend_invoice(
        &by(Relation::Applicant),
        &rules(),
        now(),
        Extended { invoice: invoice(), last_day, lapses_at: day(60), has_money: false },
    );
    assert!(stranger.is_err());
}

#[test]
fn a_last_day_on_which_the_hospital_itself_is_closed_moves_on_and_a_departments_does_not() {
    let closed = |department| ClosedDay {
        closed_on: date(2027, 1, 14),
        department_id: department,
        text: crate::tests::fixtures::text("Anniversary"),
        text_ja: crate::tests::fixtures::text("開院記念日"),
    };
    let extended = |day| {
        let calendar = CalendarSettings { closed_days: vec![day], ..CalendarSettings::default() };
        issue(None).extend(date(2027, 1, 14), TODAY, &calendar).map(|invoice| invoice.last_day())
    };
    assert_eq!(extended(closed(None)), Ok(date(2027, 1, 15)));
    assert_eq!(extended(closed(Some(crate::tests::fixtures::id(1)))), Ok(date(2027, 1, 14)));
}
