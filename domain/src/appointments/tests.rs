//! How a visit is arranged: whose turn it is, which half hours are taken, and what a change costs.

use jiff::civil::date;

use super::*;
use crate::access::Relation::{Applicant, Desk};
use crate::billing::CancellationPolicy;
use crate::money::Yen;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;
use crate::visit::Attempt;

const VISIT: ServiceKind = ServiceKind::PatientConsultation;

fn accepted() -> Case {
    quoted(at(VISIT, CaseStage::Accepted))
}

fn scheduled() -> Case {
    at(VISIT, CaseStage::Scheduled)
}

fn notice(by: ChangedBy, notified_on: Date) -> Notice {
    Notice { by, reason: ChangeReason::Flight, text: None, notified_on }
}

fn offered(case: Case, times: Vec<VisitTime>) -> Case {
    case.offer_appointment(&by(Desk), &rules(), now(), id(71), times, (None, None)).unwrap().case
}

fn wish(case: Case, at: Timestamp) -> Case {
    let wishes = AppointmentWishes {
        days: vec![rules().today],
        from_on: None,
        until_on: None,
        interpreter: None,
        needs: Some(text("A wheelchair.")),
        by: by(Applicant).user,
        at,
    };
    case.propose_wishes(&by(Applicant), &rules(), at, wishes).unwrap().case
}

fn choose(case: Case, at: Timestamp, place: usize, how: Booked) -> Result<Change, Refusal> {
    let choice = Choice { offer: id(71), place, interpreter: InterpreterFrom::NotNeeded, needs: None };
    case.accept_offer(&by(Applicant), &rules(), at, choice, how)
}

const PREPAID: Booked = Booked { half_hours: 1, must_be_paid: true };

/// A time on another day of November, at three in the afternoon in Tokyo.
fn on(day_of_november: i64) -> VisitTime {
    VisitTime { starts_at: day(day_of_november - 1) + jiff::SignedDuration::from_hours(3), ..visit_time(0) }
}

#[test]
fn the_clock_runs_exactly_while_it_is_the_applicants_turn() {
    let ends = |case: &Case| case.expires_at().map(crate::calendar::last_day_before);
    let waits = accepted();
    assert_eq!((ends(&waits), waits.waiting_on()), (Some(date(2027, 1, 3)), WaitingOn::Applicant), "60 days from the acceptance");
    let wished = wish(waits, now());
    assert_eq!((ends(&wished), wished.waiting_on()), (None, WaitingOn::Desk));
    let offered = offered(wished, vec![on(20)]);
    assert_eq!((ends(&offered), offered.waiting_on()), (Some(date(2027, 1, 5)), WaitingOn::Applicant), "60 days from the offer");
    let taken_back = offered.clone().withdraw_offer(&by(Desk), &rules(), now(), id(71)).unwrap().case;
    assert_eq!((ends(&taken_back), taken_back.waiting_on()), (None, WaitingOn::Desk));
    let reserved = choose(offered.clone(), now(), 0, PREPAID).unwrap().case;
    assert_eq!((ends(&reserved), reserved.waiting_on()), (None, WaitingOn::Applicant), "what is reserved ends by itself");
    let lapsed = reserved.lapse_appointment(&rules(), day(40)).unwrap().case;
    assert_eq!((ends(&lapsed), lapsed.waiting_on()), (Some(date(2027, 2, 9)), WaitingOn::Applicant));
    let scheduled = choose(offered, now(), 0, ON_THE_DAY).unwrap().case;
    assert_eq!((ends(&scheduled), scheduled.waiting_on()), (None, WaitingOn::Nobody));
    let cancel =
        |who| scheduled.clone().cancel_appointment(&by(Desk), &rules(), now(), id(71), notice(who, rules().today), Yen::ZERO).unwrap().case;
    assert_eq!(cancel(ChangedBy::Applicant).waiting_on(), WaitingOn::Applicant);
    assert_eq!((ends(&cancel(ChangedBy::Hospital)), cancel(ChangedBy::Hospital).waiting_on()), (None, WaitingOn::Desk));
}

#[test]
fn silence_ends_a_case_at_the_applicants_turn_and_never_at_the_hospitals() {
    let silent = accepted().expire(&rules(), day(100), false).unwrap().case;
    assert_eq!(silent.stage().name(), CaseStage::Expired);
    assert_eq!(wish(accepted(), now()).expire(&rules(), day(100), false).map(drop), Err(Refusal::NotDue));
    let offer = offered(accepted(), vec![on(20)]);
    let ended = offer.expire(&rules(), day(100), false).unwrap().case;
    assert_eq!((ended.appointments()[0].state, ended.taken()), (AppointmentState::Withdrawn, Vec::new()), "nothing is held any longer");
}

#[test]
fn an_offer_holds_all_of_its_half_hours_and_a_choice_those_of_its_time() {
    let two = VisitTime { half_hours: 2, also: vec![id(90)], ..on(20) };
    let offer = offered(accepted(), vec![two.clone(), on(24)]);
    assert_eq!(offer.taken().len(), 5, "two half hours of two physicians, and one of one");
    let until = offer.appointments()[0].held_until.unwrap();
    assert_eq!(until, crate::calendar::end_of_day(date(2026, 11, 11)), "five days");
    assert!(offer.taken().iter().all(|one| one.held_until == Some(until)));
    let chosen = choose(offer.clone(), now(), 0, Booked { half_hours: 2, must_be_paid: false }).unwrap().case;
    assert_eq!(chosen.taken().len(), 4);
    assert!(chosen.taken().iter().all(|one| one.held_until.is_none()));
    assert_eq!(chosen.receiving(), [two.physician, id(90)]);
    assert_eq!(choose(offer.clone(), until, 0, ON_THE_DAY).map(drop), Err(Refusal::OfferLapsed), "not a moment too late");
    assert_eq!(choose(offer.clone(), now(), 2, ON_THE_DAY).map(drop), Err(Refusal::ChoiceUnknown));
    assert_eq!(choose(offer.clone(), now(), 0, ON_THE_DAY).map(drop), Err(Refusal::OfferDiffers), "the estimate is for half an hour");
    assert_eq!(offer.lapse_appointment(&rules(), until - jiff::SignedDuration::from_secs(1)).map(drop), Err(Refusal::NotDue));
}

#[test]
fn no_time_is_held_beyond_its_beginning() {
    let soon = offered(accepted(), vec![visit_time(2), on(20)]);
    assert_eq!(soon.appointments()[0].held_until, Some(hours(2)));
}

#[test]
fn an_open_offer_is_turned_down_by_other_wishes_and_taken_back_by_a_booking() {
    let offer = offered(accepted(), vec![on(20)]);
    let twice = offer.clone().offer_appointment(&by(Desk), &rules(), now(), id(72), vec![on(24)], (None, None));
    assert_eq!(twice.map(drop), Err(Refusal::AppointmentOpen));
    assert_eq!(wish(offer.clone(), now()).appointments()[0].state, AppointmentState::Withdrawn);
    let booked = booked(offer, on(24));
    assert_eq!(booked.appointments()[0].state, AppointmentState::Withdrawn);
    assert_eq!(booked.taken().len(), 1);
}

#[test]
fn what_is_paid_in_advance_is_reserved_until_three_working_days_before() {
    let offer = offered(accepted(), vec![on(26)]);
    let reserved = choose(offer.clone(), now(), 0, PREPAID).unwrap();
    assert!(matches!(reserved.events[0].kind, EventKind::AppointmentReserved { .. }));
    let one = &reserved.case.appointments()[0];
    // Thursday the 26th; Monday the 23rd is a holiday.
    assert_eq!(one.held_until, Some(crate::calendar::end_of_day(date(2026, 11, 20))));
    assert_eq!((one.state, reserved.case.stage().name()), (AppointmentState::Reserved, CaseStage::Accepted));
    let mut paid = reserved.case.clone();
    assert!(matches!(paid.confirm_reserved(day(18)), Some(EventKind::AppointmentConfirmed { .. })));
    assert_eq!((paid.stage().name(), paid.taken()[0].held_until), (CaseStage::Scheduled, None));
    let mut late = reserved.case;
    assert_eq!(late.confirm_reserved(day(20)), None, "its half hour may be another's by now");
    let mut at_its_end = choose(offered(accepted(), vec![on(26)]), now(), 0, PREPAID).unwrap().case;
    assert_eq!(at_its_end.confirm_reserved(crate::calendar::end_of_day(date(2026, 11, 20))), None, "the day is over");
    let today = choose(offered(accepted(), vec![on(11)]), now(), 0, PREPAID).unwrap().case;
    assert_eq!(today.appointments()[0].held_until, Some(crate::calendar::end_of_day(rules().today)), "today is the last day");
    let too_soon = offered(accepted(), vec![on(9)]);
    assert_eq!(
        choose(too_soon, now(), 0, PREPAID).map(drop),
        Err(Refusal::TooLateToPay),
        "three working days before Monday the 9th are over"
    );
}

#[test]
fn a_notice_has_arrived_when_it_is_recorded() {
    let visit = at(VISIT, CaseStage::Scheduled);
    let cancel = |notified_on| {
        let notice = notice(ChangedBy::Applicant, notified_on);
        visit.clone().cancel_appointment(&by(Desk), &rules(), now(), id(70), notice, Yen::ZERO).map(|changed| changed.case.stage().name())
    };
    assert_eq!(cancel(date(2026, 11, 5)), Ok(CaseStage::Accepted), "it is worked off a day later");
    assert_eq!(cancel(date(2026, 11, 7)), Err(Refusal::NoticeInFuture));
}

#[test]
fn whoever_speaks_neither_japanese_nor_english_needs_an_interpreter() {
    let speaking = |language: &str| {
        let form = Application { language: Some(text(language)), ..application() };
        quoted(advanced(opened(VISIT, form), CaseStage::Accepted))
    };
    for (language, is_spoken) in [("ja", true), ("en-GB", true), ("zh-Hans", false), ("vi", false)] {
        let booked = |from| {
            let chosen = (on(20), from);
            speaking(language).book(&by(Desk), &rules(), now(), (id(70), None), chosen, ON_THE_DAY).map(drop)
        };
        let expected = if is_spoken { Ok(()) } else { Err(Refusal::InterpreterNotNamed) };
        assert_eq!(booked(InterpreterFrom::NotNeeded), expected, "{language}");
        assert_eq!(booked(InterpreterFrom::Hospital), Ok(()), "{language}");
    }
}

#[test]
fn those_who_visit_move_it_twice_and_a_third_time_with_the_desks_reason() {
    let today = rules().today;
    let moved = |case: Case, to, notice| case.reschedule(&by(Desk), &rules(), now(), id(70), to, notice).map(|change| change.case);
    let by_applicant = || notice(ChangedBy::Applicant, today);
    let first = moved(booked(accepted(), on(20)), on(24), by_applicant()).unwrap();
    let second = moved(first, on(25), by_applicant()).unwrap();
    assert_eq!(moved(second.clone(), on(26), by_applicant()), Err(Refusal::MoveNeedsReason));
    let third = Notice { text: Some(text("The visa was refused.")), ..by_applicant() };
    assert_eq!(moved(second.clone(), on(26), third).unwrap().appointments()[0].moves_by_applicant(), 3);
    let by_hospital = moved(second.clone(), on(26), notice(ChangedBy::Hospital, today)).unwrap();
    assert_eq!(by_hospital.appointments()[0].moves_by_applicant(), 2, "moves of the hospital do not count");
    assert_eq!(moved(second.clone(), on(25), by_applicant()), Err(Refusal::MoveNeedsReason));
    assert_eq!(moved(second.clone(), on(25), notice(ChangedBy::Hospital, today)), Err(Refusal::AppointmentUnchanged));
    assert_eq!(moved(second.clone(), on(26), notice(ChangedBy::Hospital, date(2026, 11, 7))), Err(Refusal::NoticeInFuture));
    let longer = VisitTime { half_hours: 2, ..on(26) };
    assert_eq!(moved(second, longer, notice(ChangedBy::Hospital, today)), Err(Refusal::OfferDiffers));
}

#[test]
fn on_its_own_day_a_visit_is_moved_with_a_reason_alone_and_the_policy_remembers_it() {
    let visit = booked(accepted(), visit_time(3));
    let today = rules().today;
    let moved = |notice| visit.clone().reschedule(&by(Desk), &rules(), now(), id(70), on(26), notice).map(|change| change.case);
    assert_eq!(moved(notice(ChangedBy::Applicant, today)), Err(Refusal::MoveNeedsReason));
    let yesterday = date(2026, 11, 5);
    assert_eq!(moved(notice(ChangedBy::Applicant, yesterday)).unwrap().days_before_visit(today, &rules()), Some(1), "worse than 20 days");
    let early = booked(accepted(), on(20)).reschedule(&by(Desk), &rules(), now(), id(70), on(26), notice(ChangedBy::Applicant, today));
    assert_eq!(early.unwrap().case.days_before_visit(today, &rules()), Some(20));
}

#[test]
fn an_offer_beside_an_appointment_says_who_wants_another_time_and_moves_it_when_accepted() {
    let (visit, today) = (booked(accepted(), on(20)), rules().today);
    let offer = |moves| visit.clone().offer_appointment(&by(Desk), &rules(), now(), id(71), vec![on(24)], (None, moves));
    assert_eq!(offer(None).map(drop), Err(Refusal::NoticeMissing));
    let moves = Some(notice(ChangedBy::Applicant, today));
    let nothing = accepted().offer_appointment(&by(Desk), &rules(), now(), id(71), vec![on(24)], (None, moves.clone()));
    assert_eq!(nothing.map(drop), Err(Refusal::NothingToMove));
    let beside = offer(moves).unwrap().case;
    assert_eq!((beside.stage().name(), beside.waiting_on(), beside.taken().len()), (CaseStage::Scheduled, WaitingOn::Applicant, 2));
    let lapsed = beside.clone().lapse_appointment(&rules(), day(30)).unwrap().case;
    assert_eq!((lapsed.stage().name(), lapsed.taken().len()), (CaseStage::Scheduled, 1), "the appointment stands");
    let accepted = choose(beside, now(), 0, ON_THE_DAY).unwrap();
    assert!(matches!(accepted.events[0].kind, EventKind::AppointmentMoved { wanted_by: ChangedBy::Applicant, .. }));
    assert_eq!(accepted.case.taken().len(), 1);
    assert_eq!(accepted.case.visit_at(), Some(on(24).starts_at));
    let states: Vec<_> = accepted.case.appointments().iter().map(|one| one.state).collect();
    assert_eq!(states, [AppointmentState::Moved, AppointmentState::Confirmed]);
    assert_eq!(accepted.case.booked().unwrap().moves_by_applicant(), 1, "it counts among the free moves");
}

#[test]
fn a_substitute_receives_on_the_same_day() {
    let visit = scheduled();
    let substitute = |time| visit.clone().substitute_physician(&by(Desk), &rules(), now(), id(70), time, None).map(|change| change.case);
    let other = VisitTime { physician: id(90), ..visit_time(4) };
    assert_eq!(substitute(other).unwrap().receiving(), [id(90)]);
    assert_eq!(substitute(VisitTime { physician: id(90), ..on(20) }).map(drop), Err(Refusal::NotTheSameDay));
    assert_eq!(substitute(visit_time(4)).map(drop), Err(Refusal::AppointmentUnchanged));
    assert_eq!(substitute(VisitTime { physician: id(90), half_hours: 2, ..visit_time(4) }).map(drop), Err(Refusal::OfferDiffers));
}

#[test]
fn the_policy_for_visits_counts_days_and_the_last_change_of_the_hospital_gives_everything_back() {
    let policy = CancellationPolicy::default();
    let back: Vec<u8> = [-1, 0, 1, 2, 3, 4, 30].iter().map(|days| policy.visit_percent_back(*days)).collect();
    assert_eq!(back, [0, 0, 50, 50, 50, 100, 100]);
    let visit = booked(accepted(), on(12));
    let percent = |case: &Case, reason, notified_on| case.percent_back(&policy, reason, notified_on, &rules());
    let days = [(date(2026, 11, 8), 100), (date(2026, 11, 9), 50), (date(2026, 11, 11), 50), (date(2026, 11, 12), 0)];
    for (notified_on, expected) in days {
        assert_eq!(percent(&visit, CancelReason::Withdrawn, notified_on), expected, "{notified_on}");
    }
    let on_the_day = date(2026, 11, 12);
    for reason in [CancelReason::PatientDeceased, CancelReason::ConditionWorsened, CancelReason::ForceMajeure, CancelReason::HospitalReason]
    {
        assert_eq!(percent(&visit, reason, on_the_day), 100, "{reason}");
    }
    let moved = |who| {
        let notice = Notice { text: Some(text("A reason.")), ..notice(who, rules().today) };
        visit.clone().reschedule(&by(Desk), &rules(), now(), id(70), on(13), notice).unwrap().case
    };
    assert_eq!(percent(&moved(ChangedBy::Hospital), CancelReason::Withdrawn, date(2026, 11, 13)), 100);
    assert_eq!(percent(&moved(ChangedBy::Applicant), CancelReason::Withdrawn, date(2026, 11, 13)), 0);
    let cancelled =
        |who| visit.clone().cancel_appointment(&by(Desk), &rules(), now(), id(70), notice(who, rules().today), Yen::ZERO).unwrap().case;
    assert!(cancelled(ChangedBy::Hospital).is_changed_by_the_hospital());
    assert!(!cancelled(ChangedBy::Applicant).is_changed_by_the_hospital());
    assert_eq!(percent(&cancelled(ChangedBy::Applicant), CancelReason::Withdrawn, on_the_day), 100, "nothing is booked any longer");
    assert_eq!(percent(&at(ServiceKind::WrittenOpinion, CaseStage::Writing), CancelReason::Withdrawn, on_the_day), 50);
}

#[test]
fn half_an_hour_after_its_start_a_visit_that_nobody_came_to_is_recorded() {
    let visit = scheduled();
    let attempt = || vec![Attempt { at: hours(3), how: text("Telephone.") }];
    let mark = |at, attempts, ends| {
        let how = NotAttended { attempts, ends, refund: Yen::ZERO };
        visit.clone().mark_not_attended(&by(Desk), &rules(), at, id(70), how)
    };
    let half_past = hours(3) + jiff::SignedDuration::from_mins(30);
    assert_eq!(mark(half_past - jiff::SignedDuration::from_secs(1), attempt(), true).map(drop), Err(Refusal::TooEarly));
    assert_eq!(mark(half_past, Vec::new(), true).map(drop), Err(Refusal::NobodyWasCalled));
    let kept = mark(half_past, attempt(), false).unwrap().case;
    assert_eq!((kept.stage().name(), kept.waiting_on(), kept.taken()), (CaseStage::Accepted, WaitingOn::Applicant, Vec::new()));
    let ended = mark(half_past, attempt(), true).unwrap();
    let told: Vec<_> = ended.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(told, ["visit_not_held", "case_cancelled"]);
    assert_eq!(ended.case.appointments()[0].state, AppointmentState::NotAttended);
    let came = received(visit.clone(), hours(3));
    let how = NotAttended { attempts: attempt(), ends: true, refund: Yen::ZERO };
    assert_eq!(came.mark_not_attended(&by(Desk), &rules(), half_past, id(70), how).map(drop), Err(Refusal::VisitHasBegun));
}

#[test]
fn a_case_that_ends_gives_its_half_hours_back_and_takes_them_again_if_they_are_free() {
    let visit = booked(accepted(), on(20));
    let ended = |case: Case| {
        case.cancel(&by(Desk), &rules(), now(), CancelReason::Withdrawn, None, crate::case::CancelledMoney::UNPAID).unwrap().case
    };
    let over = ended(visit);
    assert_eq!((over.taken(), over.receiving(), over.visit_at()), (Vec::new(), Vec::new(), None));
    assert_eq!(over.appointments()[0].state, AppointmentState::CancelledByApplicant);
    assert_eq!(over.appointment_before_the_end(now(), now()).map(|one| one.id), Some(id(70)));
    assert_eq!(over.appointment_before_the_end(now(), day(30)), None, "its time is past");
    let open = over.reopen(&by(Desk), &rules(), day(6), crate::case::InvoiceAtReopening::NONE).unwrap().case;
    assert_eq!((open.stage().name(), open.waiting_on()), (CaseStage::Accepted, WaitingOn::Desk));
    let again = open.with_appointment_again(id(70));
    assert_eq!((again.stage().name(), again.taken().len()), (CaseStage::Scheduled, 1));
    assert!(again.restore().is_ok());
}

#[test]
fn a_time_is_to_come_and_on_an_open_day() {
    let department = Some(id(1));
    let fault = |time: VisitTime| time.fault(&rules(), department, now());
    assert_eq!(fault(on(20)), None);
    assert_eq!(fault(visit_time(0)), Some("in_past"));
    assert_eq!(fault(on(21)), Some("closed_day"), "a Saturday");
    assert_eq!(fault(on(23)), Some("closed_day"), "a holiday");
    assert_eq!(fault(VisitTime { starts_at: hours(1) + jiff::SignedDuration::from_mins(15), ..on(20) }), Some("half_hour"));
    assert_eq!(on(20).fault(&rules(), None, now()), Some("closed_day"), "nobody's department");
}

#[test]
fn what_an_offer_and_an_appointment_share_is_taken_once_and_for_good() {
    let (visit, today) = (booked(accepted(), on(20)), rules().today);
    let moves = Some(notice(ChangedBy::Applicant, today));
    let also_later = VisitTime { starts_at: on(20).starts_at, also: vec![id(90)], ..on(20) };
    let beside = visit.offer_appointment(&by(Desk), &rules(), now(), id(71), vec![also_later], (None, moves)).unwrap().case;
    let taken = beside.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken.iter().filter(|one| one.held_until.is_none()).count(), 1, "the appointment's own half hour");
}
