//! Another service for the same case.

use super::*;
use crate::access::Relation::{Applicant, Billing, Department, Desk};
use crate::appointments::AppointmentState;
use crate::case::{Visit, WaitingOn, Written};
use crate::review::KeptInvoice;
use crate::tests::fixtures::*;
use ServiceKind::{PatientConsultation, RepresentativeConsultation, WrittenOpinion};

fn proposal(kind: ServiceKind) -> KindProposal {
    KindProposal { kind, text: text("It fits better."), written_offered_because: None, by: id(9), at: now() }
}

fn proposed(case: Case, kind: ServiceKind) -> Case {
    case.propose_kind(&by(Desk), &rules(), now(), proposal(kind)).unwrap().case
}

fn agreement(kind: ServiceKind, application: &str) -> KindAgreement {
    KindAgreement { kind, application: patch(application) }
}

fn agreed_with(case: Case, kind: ServiceKind, application: &str) -> Result<KindChange, Refusal> {
    proposed(case, kind).agree_kind(&by(Applicant), &rules(), now(), agreement(kind, application), &mut || id(77))
}

fn agreed(case: Case, kind: ServiceKind) -> KindChange {
    let changed = agreed_with(case, kind, "{}").unwrap();
    assert!(changed.change.case.clone().restore().is_ok());
    assert_eq!(changed.change.case.kind_proposal(), None);
    changed
}

fn told(change: &Change) -> Vec<&'static str> {
    change.events.iter().map(|event| event.kind.as_str()).collect()
}

/// Somebody was received.
fn arrived() -> Case {
    received(booked(quoted(at(PatientConsultation, CaseStage::Accepted)), visit_time(-1)), hours(-1))
}

fn uninformed(stage: CaseStage) -> Case {
    let mut form = application();
    form.patient_uninformed = true;
    advanced(opened(RepresentativeConsultation, form), stage)
}

#[test]
fn a_written_opinion_that_becomes_a_visit_is_submitted_again_and_billing_goes_on_to_see_it() {
    for stage in [CaseStage::Submitted, CaseStage::InTriage, CaseStage::Accepted, CaseStage::AwaitingPayment, CaseStage::Writing] {
        let before = at(WrittenOpinion, stage);
        let accepted_at = before.accepted_at();
        let void = before.estimate().map(|estimate| estimate.id);
        let KindChange { change, void: closed, is_reviewed_again } = agreed(before, PatientConsultation);
        let case = change.case;
        assert_eq!((case.stage().name(), case.kind()), (CaseStage::Submitted, PatientConsultation), "from {stage}");
        assert_eq!((case.accepted_at(), case.estimate(), closed), (accepted_at, None, void), "from {stage}");
        assert!(is_reviewed_again && case.expires_at().is_none() && case.hold_now().is_none());
        assert_eq!(case.may_record_payment(&by(Billing)).is_ok(), accepted_at.is_some(), "money may still come, from {stage}");
    }
}

#[test]
fn while_a_question_is_open_the_case_waits_for_its_answer() {
    let before = at(WrittenOpinion, CaseStage::InformationRequested);
    let clock = before.expires_at();
    let waiting = agreed(before, RepresentativeConsultation).change.case;
    assert_eq!((waiting.stage().name(), waiting.expires_at()), (CaseStage::InformationRequested, clock));
    let asked =
        at(WrittenOpinion, CaseStage::Writing).request_information(&by(Desk), &rules(), now(), id(7), &request().asked).unwrap().case;
    let KindChange { change, .. } = agreed(asked, RepresentativeConsultation);
    assert_eq!(told(&change), ["case_resumed", "kind_changed"], "a hold for information ends: the stage says it");
    let days = rules().settings.intake.information_expires_after_days;
    assert_eq!((change.case.stage().name(), change.case.expires_at()), (CaseStage::InformationRequested, Some(after_days(now(), days))));
}

#[test]
fn a_visit_that_becomes_a_written_opinion_loses_its_appointment_free_of_charge() {
    let KindChange { change, void, .. } = agreed(at(PatientConsultation, CaseStage::Scheduled), WrittenOpinion);
    assert_eq!(told(&change), ["appointment_cancelled", "kind_changed"]);
    let case = change.case;
    assert!(case.appointments()[0].end.as_ref().is_some_and(|end| end.notice.is_some()), "whoever reads it sees who wanted it");
    assert_eq!((case.stage().name(), case.kind(), void), (CaseStage::Submitted, WrittenOpinion, Some(id(4))));
    assert_eq!(case.appointments()[0].state, AppointmentState::CancelledByHospital);
    assert!(case.taken().is_empty() && case.is_changed_by_the_hospital());
}

#[test]
fn between_the_visits_everything_stays() {
    let before = at(PatientConsultation, CaseStage::Scheduled);
    let KindChange { change, void, is_reviewed_again } = agreed(before.clone(), RepresentativeConsultation);
    let case = change.case;
    assert_eq!(
        (case.stage().name(), case.kind(), void, is_reviewed_again),
        (CaseStage::Scheduled, RepresentativeConsultation, None, false)
    );
    assert_eq!((case.estimate(), case.booked(), case.responsible()), (before.estimate(), before.booked(), before.responsible()));
    let back = agreed(case, PatientConsultation).change.case;
    assert_eq!((back.kind(), back.stage()), (PatientConsultation, before.stage()));
    for stage in [CaseStage::Submitted, CaseStage::InTriage, CaseStage::Accepted] {
        let changed = agreed(at(PatientConsultation, stage), RepresentativeConsultation).change.case;
        assert_eq!((changed.stage().name(), changed.kind()), (stage, RepresentativeConsultation));
    }
}

#[test]
fn somebody_must_be_able_to_come_to_an_accepted_visit() {
    let friends = r#"{"representatives": [{"name": {"alphabetic": "Kim Lee"}, "relation": "friend"}]}"#;
    let with_friends = |stage| agreed_with(at(PatientConsultation, stage), RepresentativeConsultation, friends).map(drop);
    assert_eq!(with_friends(CaseStage::Scheduled), Err(Refusal::NoVisitorCanBeReceived));
    assert_eq!(with_friends(CaseStage::InTriage), Err(Refusal::NoVisitorCanBeReceived));
    assert_eq!(with_friends(CaseStage::Submitted), Ok(()), "the consent is asked for");
    let nobody = agreed_with(at(PatientConsultation, CaseStage::Accepted), RepresentativeConsultation, r#"{"representatives": []}"#);
    assert_eq!(nobody.map(drop), Err(Refusal::RepresentativeMissing));
}

#[test]
fn the_new_service_needs_what_its_submission_needs() {
    let family = r#"{"has_family_or_friend_in_japan": true}"#;
    let case = at(PatientConsultation, CaseStage::Accepted);
    assert_eq!(agreed_with(case.clone(), WrittenOpinion, family).map(drop), Err(Refusal::FamilyInJapanDeclared));
    assert_eq!(agreed_with(case.clone(), WrittenOpinion, r#"{"questions": []}"#).map(drop), Err(Refusal::NoQuestion));
    let offered = KindProposal { written_offered_because: Some(text("Too weak to travel.")), ..proposal(WrittenOpinion) };
    let offered = case.propose_kind(&by(Desk), &rules(), now(), offered).unwrap().case;
    let agreed = offered.agree_kind(&by(Applicant), &rules(), now(), agreement(WrittenOpinion, family), &mut || id(77)).unwrap();
    assert_eq!(agreed.change.case.application().written_offered_because, Some(text("Too weak to travel.")));
}

#[test]
fn nonsense_is_not_proposed() {
    let case = at(WrittenOpinion, CaseStage::Accepted);
    let propose = |case: Case, one| case.propose_kind(&by(Desk), &rules(), now(), one).map(drop);
    assert_eq!(propose(case.clone(), proposal(WrittenOpinion)), Err(Refusal::KindUnchanged));
    let offered = KindProposal { written_offered_because: Some(text("Weak.")), ..proposal(PatientConsultation) };
    assert_eq!(propose(case, offered), Err(Refusal::OfferOfNothingWritten));
    assert_eq!(propose(uninformed(CaseStage::Accepted), proposal(PatientConsultation)), Err(Refusal::UninformedNotAllowed));
    assert_eq!(propose(arrived(), proposal(RepresentativeConsultation)), Err(Refusal::VisitHasBegun));
}

#[test]
fn nobody_agrees_to_something_else_than_they_read() {
    let case = proposed(proposed(at(WrittenOpinion, CaseStage::Accepted), RepresentativeConsultation), PatientConsultation);
    let old = case.clone().agree_kind(&by(Applicant), &rules(), now(), agreement(RepresentativeConsultation, "{}"), &mut || id(77));
    assert_eq!(old.map(drop), Err(Refusal::KindProposalReplaced));
    let withdrawn = case.withdraw_kind_proposal(&by(Applicant), &rules(), now()).unwrap();
    assert_eq!(told(&withdrawn), ["kind_proposal_withdrawn"]);
    assert_eq!(withdrawn.case.may_agree_kind(&by(Applicant)), Err(Refusal::NoKindProposal));
}

#[test]
fn an_accepted_case_waits_for_the_applicant_while_another_service_is_proposed() {
    let case = at(WrittenOpinion, CaseStage::Accepted);
    assert_eq!((case.waiting_on(), case.expires_at()), (WaitingOn::Desk, None));
    let last_day = crate::calendar::days_after(rules().today, i64::from(rules().settings.review.accepted_expires_after_days));
    let clock = Some(crate::calendar::end_of_day(last_day));
    let asked = proposed(case.clone(), PatientConsultation);
    assert_eq!(asked.kind_proposal().map(|proposal| proposal.kind), Some(PatientConsultation));
    assert_eq!((asked.waiting_on(), asked.expires_at()), (WaitingOn::Applicant, clock));
    assert!(asked.clone().expire(&rules(), day(1000), false).unwrap().case.stage().name().is_ended(), "silence ends it");
    let back = asked.withdraw_kind_proposal(&by(Desk), &rules(), now()).unwrap().case;
    assert_eq!((back.waiting_on(), back.expires_at()), (WaitingOn::Desk, None));
    let estimated = estimated(case);
    let last_day = estimated.expires_at();
    assert_eq!(proposed(estimated, PatientConsultation).expires_at(), last_day, "the estimate has a last day of its own");
    let scheduled = proposed(at(PatientConsultation, CaseStage::Scheduled), RepresentativeConsultation);
    assert_eq!((scheduled.waiting_on(), scheduled.expires_at()), (WaitingOn::Applicant, None), "it is seen, and blocks nothing");
    let agreed = agreed(at(PatientConsultation, CaseStage::Accepted), RepresentativeConsultation).change.case;
    assert_eq!((agreed.waiting_on(), agreed.expires_at()), (WaitingOn::Desk, None));
}

#[test]
fn holds_of_people_stay() {
    let held = at(WrittenOpinion, CaseStage::Writing).hold(&by(Department), &rules(), now(), HoldReason::Department, None).unwrap().case;
    let kept = agreed(held, PatientConsultation).change.case;
    assert_eq!(kept.hold_now().map(|hold| hold.reason), Some(HoldReason::Department));
}

#[test]
fn a_proposal_ends_with_its_case() {
    let asked = proposed(at(WrittenOpinion, CaseStage::Submitted), PatientConsultation);
    let declined = asked.decline(&by(Department), &rules(), now(), declined(crate::review::DeclineCode::Other)).unwrap().case;
    assert_eq!(declined.kind_proposal(), None);
}

#[test]
fn what_was_paid_pays_the_invoice_of_the_new_service() {
    let visit = at(PatientConsultation, CaseStage::Accepted).unchanged().invoice_another_service(id(44), due_on()).case;
    assert_eq!(visit.invoice(), Some(id(44)));
    let written = at(WrittenOpinion, CaseStage::Accepted).unchanged().invoice_another_service(id(44), due_on()).case;
    assert_eq!((written.stage().name(), written.invoice()), (CaseStage::AwaitingPayment, Some(id(44))));
    assert_eq!(written.expires_at(), Some(crate::calendar::end_of_day(due_on())), "until money pays it");
}

#[test]
fn another_department_accepts_where_the_money_stands() {
    let again = |stage, kept| {
        let away = at(WrittenOpinion, stage).reassign(&by(Desk), &rules(), now(), id(2), text("thoracic")).unwrap().case;
        assert_eq!((away.stage().name(), away.department(), away.responsible()), (CaseStage::InTriage, Some(id(2)), None));
        assert_eq!((away.invoice(), away.accepted_estimate()), (away.kept_invoice(), Some(id(4))));
        assert!(away.may_record_payment(&by(Billing)).is_ok(), "money may still come");
        away.accept(&by(Department), &rules(), now(), id(9), kept).unwrap().case
    };
    let payable_until = jiff::civil::date(2026, 12, 24);
    let kept = |is_settled, has_money| Some(KeptInvoice { is_settled, has_money, payable_until });
    let paid = again(CaseStage::Writing, kept(true, true));
    let work = paid.stage().work().unwrap();
    assert_eq!((paid.stage().name(), work.invoice, work.paid_on), (CaseStage::Writing, invoice(), rules().today), "due counts from today");
    let unpaid = again(CaseStage::AwaitingPayment, kept(false, false));
    assert_eq!(unpaid.stage(), &Stage::Written { step: Written::AwaitingPayment { invoice: invoice() } });
    assert_eq!(unpaid.expires_at(), Some(crate::calendar::end_of_day(payable_until)));
    assert_eq!(again(CaseStage::AwaitingPayment, kept(false, true)).expires_at(), None, "with money on it no case expires");
    assert_eq!(unpaid.kept_invoice(), None);
}

#[test]
fn a_visit_that_another_department_takes_is_cancelled_by_the_hospital_and_keeps_its_estimate() {
    let before = at(PatientConsultation, CaseStage::Scheduled);
    let away = before.reassign(&by(Desk), &rules(), now(), id(2), text("thoracic")).unwrap();
    assert_eq!(told(&away), ["case_reassigned", "appointment_cancelled", "reviewed_again"]);
    let back = away.case.accept(&by(Department), &rules(), now(), id(9), None).unwrap().case;
    assert!(matches!(back.stage(), Stage::Visit { step: Visit::Accepted, .. }));
    assert_eq!((back.waiting_on(), back.accepted_estimate(), back.expires_at()), (WaitingOn::Desk, Some(id(4)), None));
    let estimated = estimated(at(PatientConsultation, CaseStage::Accepted));
    let away = estimated.reassign(&by(Desk), &rules(), now(), id(2), text("thoracic")).unwrap().case;
    assert_eq!(away.expires_at(), None, "no clock runs at the hospital's turn");
    let soon = away.clone().accept(&by(Department), &rules(), now(), id(9), None).unwrap().case;
    assert_eq!((soon.awaits_acceptance(), soon.expires_at()), (true, Some(day(62))));
    let late = away.accept(&by(Department), &rules(), day(63), id(9), None).unwrap().case;
    assert_eq!((late.estimate(), late.waiting_on()), (None, WaitingOn::Desk), "it ran out meanwhile");
    let refused = arrived().reassign(&by(Desk), &rules(), now(), id(2), text("thoracic")).map(drop);
    assert_eq!(refused, Err(Refusal::VisitHasBegun), "who was received is not sent away");
}
