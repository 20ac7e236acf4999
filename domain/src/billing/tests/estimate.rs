//! The estimate that the hospital makes, and the payer's word on it.

use jiff::Timestamp;

use crate::access::{Relation, Role};
use crate::billing::fees::{FeeRefusal, FeeSchedule};
use crate::billing::{CancellationPolicy, ConsultationPayment, Estimate, EstimateNumber, EstimateStatus, NewEstimate, Terms};
use crate::case::{Case, CaseStage, HoldReason, Refusal, WaitingOn};
use crate::intake::{Application, Opening, ReExamination};
use crate::money::{Payer, Yen};
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;
use crate::tests::fixtures::*;

const WRITTEN: ServiceKind = ServiceKind::WrittenOpinion;
const VISIT: ServiceKind = ServiceKind::PatientConsultation;

fn new() -> NewEstimate {
    NewEstimate {
        id: id(4),
        number: EstimateNumber::new(1).unwrap(),
        additional_half_hours: 0,
        half_hour_price: None,
        raised_because: None,
        payment: None,
        by: id(9),
        valid_until: day(62),
    }
}

fn raised(price: i64, half_hours: u8) -> NewEstimate {
    let half_hour_price = Yen::new(price).ok();
    NewEstimate { additional_half_hours: half_hours, half_hour_price, raised_because: Some(text("Two physicians.")), ..new() }
}

fn issue(case: &Case, new: NewEstimate) -> Result<Estimate, FeeRefusal> {
    let terms = Terms::seed(id(1), CancellationPolicy::default(), Timestamp::UNIX_EPOCH).unwrap();
    Estimate::issue(case, new, &FeeSchedule::seed(id(1)), &terms, &HospitalSettings::default(), now())
}

fn with_slides(biopsy_slides: u16, resected_specimens: u16) -> Case {
    let slides = ReExamination { biopsy_slides, resected_specimens };
    opened(WRITTEN, Application { re_examination: Some(slides), ..application() })
}

/// An estimate of a written opinion.
pub(super) fn written() -> Estimate {
    issue(&draft(WRITTEN), new()).unwrap()
}

#[test]
fn the_lines_are_those_of_the_case() {
    let total = |case: &Case| issue(case, new()).unwrap().pricing.total.amount();
    assert_eq!(total(&draft(WRITTEN)), 110_000);
    assert_eq!(total(&with_slides(3, 1)), 137_500);
    assert_eq!(total(&with_slides(0, 0)), 110_000, "a re-examination of nothing is none");
    let visit = issue(&draft(VISIT), NewEstimate { additional_half_hours: 2, ..new() }).unwrap();
    assert_eq!((visit.pricing.total.amount(), visit.pricing.total_is_minimum), (55_000, false), "accepted prices are fixed");
    assert_eq!(visit.further_half_hour.map(Yen::amount), Some(11_000));
    assert_eq!(issue(&draft(WRITTEN), new()).unwrap().further_half_hour, None);
}

#[test]
fn a_half_hour_is_raised_with_a_reason_and_never_below_the_minimum() {
    // Story 1.1: two further half hours raised to 16,500 before the visit.
    let estimate = issue(&draft(VISIT), raised(16_500, 1)).unwrap();
    assert_eq!((estimate.pricing.total.amount(), estimate.further_half_hour.map(Yen::amount)), (49_500, Some(16_500)));
    assert_eq!(estimate.pricing.total.tax_included().tax.amount(), 4_500);
    assert_eq!(issue(&draft(VISIT), raised(10_999, 1)), Err(FeeRefusal::BelowMinimum));
    assert_eq!(issue(&draft(VISIT), NewEstimate { raised_because: None, ..raised(16_500, 0) }), Err(FeeRefusal::ReasonMissing));
    assert_eq!(issue(&draft(VISIT), raised(11_000, 0)), Err(FeeRefusal::NothingRaised), "the published price is not raised");
    assert_eq!(issue(&draft(WRITTEN), raised(16_500, 0)), Err(FeeRefusal::HalfHourPriceIsForVisits));
    let reason = NewEstimate { half_hour_price: None, ..raised(16_500, 0) };
    assert_eq!(issue(&draft(WRITTEN), reason), Err(FeeRefusal::NothingRaised));
}

#[test]
fn a_visit_is_paid_as_the_settings_or_the_estimate_say_and_a_written_opinion_always_before() {
    let prepaid = NewEstimate { payment: Some(ConsultationPayment::Prepaid), ..new() };
    assert_eq!(issue(&draft(VISIT), new()).unwrap().payment, ConsultationPayment::OnTheDay);
    assert_eq!(issue(&draft(VISIT), prepaid.clone()).unwrap().payment, ConsultationPayment::Prepaid);
    assert_eq!(issue(&draft(WRITTEN), new()).unwrap().payment, ConsultationPayment::Prepaid);
    assert_eq!(issue(&draft(WRITTEN), prepaid), Err(FeeRefusal::PaymentIsForVisits));
}

#[test]
fn the_clock_runs_exactly_while_the_payer_is_asked() {
    let accepted = at(WRITTEN, CaseStage::Accepted);
    assert_eq!((accepted.expires_at(), accepted.waiting_on()), (None, WaitingOn::Desk));
    let asked = estimated(accepted);
    assert_eq!((asked.expires_at(), asked.waiting_on()), (Some(day(62)), WaitingOn::Applicant));
    let withdrawn = asked.clone().withdraw_estimate(&by(Relation::Desk), id(4)).unwrap().case;
    assert_eq!((withdrawn.expires_at(), withdrawn.waiting_on(), withdrawn.estimate()), (None, WaitingOn::Desk, None));
    let agreed = quoted(at(WRITTEN, CaseStage::Accepted));
    assert_eq!((agreed.expires_at(), agreed.waiting_on()), (None, WaitingOn::Accountant));
    assert_eq!(asked.expire(&rules(), day(62), false).unwrap().case.stage().name(), CaseStage::Expired);
}

#[test]
fn a_case_of_an_earlier_release_does_not_expire_at_the_hospitals_turn() {
    let mut old = at(WRITTEN, CaseStage::Accepted);
    old.expires_at = Some(day(10));
    let after = old.expire(&rules(), day(11), false).unwrap();
    assert_eq!((after.case.stage().name(), after.case.expires_at(), after.events.len()), (CaseStage::Accepted, None, 0));
    let clock = |case: Case| Case { expires_at: Some(day(10)), ..case }.without_clock_at_the_hospitals_turn().expires_at();
    assert_eq!(clock(at(WRITTEN, CaseStage::Accepted)), None, "the hospital makes the estimate");
    assert_eq!(clock(estimated(at(WRITTEN, CaseStage::Accepted))), Some(day(10)), "the payer answers");
    assert_eq!(clock(at(WRITTEN, CaseStage::AwaitingPayment)), Some(day(10)), "the payer pays");
}

fn accept(case: Case, by: &CaseAccess, when: Timestamp, consent: Consent) -> Result<(), Refusal> {
    case.accept_estimate(by, &rules(), when, consent).map(drop)
}

#[test]
fn only_the_newest_estimate_is_accepted_once_in_time_by_the_one_who_pays() {
    let applicant = by(Relation::Applicant);
    let asked = || estimated(at(WRITTEN, CaseStage::Accepted));
    let mine = consent(Payer::Applicant);
    assert_eq!(accept(at(WRITTEN, CaseStage::Accepted), &applicant, day(3), mine), Err(Refusal::EstimateNotIssued));
    assert_eq!(accept(asked(), &applicant, day(62), mine), Err(Refusal::EstimateExpired));
    assert_eq!(accept(quoted(at(WRITTEN, CaseStage::Accepted)), &applicant, day(4), mine), Err(Refusal::EstimateAlreadyAccepted));
    let newer = asked().issue_estimate(&by(Relation::Desk), id(5), day(70)).unwrap().case;
    assert_eq!(accept(newer.clone(), &applicant, day(4), mine), Err(Refusal::EstimateSuperseded));
    assert_eq!(newer.withdraw_estimate(&by(Relation::Desk), id(4)).map(drop), Err(Refusal::EstimateSuperseded));
    assert_eq!(accept(asked(), &applicant, day(3), consent(Payer::Agency)), Err(Refusal::PayerUnknown));
    assert_eq!(accept(asked(), &by(Relation::Desk), day(3), consent(Payer::Agency)), Err(Refusal::PayerUnknown), "no agency is on it");
    assert_eq!(accept(asked(), &by(Relation::Desk), day(3), mine), Ok(()), "from a signed paper");
    let referred =
        Opening { id: id(1), number: "2026-000001".into(), kind: WRITTEN, application: application(), agency: None, follows: None };
    let referred = Case::open(referred, &caller(Role::Agency), &rules(), day(0)).unwrap().case;
    let referred = || estimated(advanced(referred.clone(), CaseStage::Accepted));
    assert_eq!(accept(referred(), &by(Relation::Agency), day(3), consent(Payer::Agency)), Ok(()));
    assert_eq!(accept(referred(), &by(Relation::Agency), day(3), mine), Err(Refusal::PayerUnknown));
    assert_eq!(accept(referred(), &by(Relation::Desk), day(3), consent(Payer::Agency)), Ok(()));
}

#[test]
fn a_hold_moves_the_last_day_of_an_estimate() {
    let held =
        estimated(at(WRITTEN, CaseStage::Accepted)).hold(&by(Relation::Desk), &rules(), day(10), HoldReason::Other, None).unwrap().case;
    let resumed = held.resume(&by(Relation::Desk), &rules(), day(20)).unwrap().case;
    assert_eq!(resumed.estimate().map(|estimate| estimate.valid_until), Some(day(72)));
    assert_eq!(resumed.expires_at(), Some(day(72)));
}

#[test]
fn the_status_says_what_became_of_it() {
    let estimate = issue(&draft(WRITTEN), new()).unwrap();
    assert_eq!((estimate.status(true), estimate.status(false)), (EstimateStatus::Issued, EstimateStatus::Expired));
    assert!(estimate.is_open());
    let closed =
        estimate.clone().close(crate::billing::EstimateClosing::Withdrawn { at: now(), by: id(1), reason: "A mistake.".parse().unwrap() });
    assert_eq!((closed.is_open(), closed.status(true)), (false, EstimateStatus::Withdrawn));
    for bad in ["EST-0", "EST-000000", "EST-1", "INV-000001", "EST-0000001"] {
        assert!(bad.parse::<EstimateNumber>().is_err(), "{bad}");
    }
    assert_eq!("EST-000123".parse::<EstimateNumber>().unwrap().to_string(), "EST-000123");
}

#[test]
fn each_side_binds_itself_alone_and_somebody_stands_in_for_a_third_party() {
    let own = || estimated(at(WRITTEN, CaseStage::Accepted));
    let opening =
        Opening { id: id(1), number: "2026-000001".into(), kind: WRITTEN, application: application(), agency: None, follows: None };
    let referred = Case::open(opening, &caller(Role::Agency), &rules(), day(0)).unwrap().case;
    let referred = || estimated(advanced(referred.clone(), CaseStage::Accepted));
    let sides = [(Relation::Applicant, Payer::Applicant), (Relation::Agency, Payer::Agency), (Relation::Patient, Payer::Patient)];
    for (relation, side) in sides {
        for (_, payer) in sides {
            let expected = if payer == side { Ok(()) } else { Err(Refusal::PayerUnknown) };
            assert_eq!(accept(referred(), &by(relation), day(3), consent(payer)), expected, "{payer} by {relation}");
        }
        assert_eq!(referred().stands_in(&by(relation)), side);
        assert_eq!(accept(referred(), &by(Relation::Desk), day(3), consent(side)), Ok(()), "{side} on paper");
    }
    assert_eq!((own().stands_in(&by(Relation::Desk)), referred().stands_in(&by(Relation::Desk))), (Payer::Applicant, Payer::Agency));
    let mut uninformed = own();
    uninformed.application.patient_uninformed = true;
    assert_eq!(accept(uninformed, &by(Relation::Desk), day(3), consent(Payer::Patient)), Err(Refusal::PayerUnknown));
}
