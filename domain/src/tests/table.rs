//! Every transition at every stage of every service, by everybody.

mod around;
mod intake;
mod slides;
mod visitors;
mod visits;
mod work;

use crate::access::{Access, Membership, Relation};
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

pub(crate) type Run = fn(Case, &CaseAccess) -> Result<Change, Refusal>;

/// A transition: who may, where it leads from where, and what refuses it where the stage alone does not.
struct Row {
    name: &'static str,
    operation: Option<Operation>,
    who: &'static [Relation],
    leads: &'static [(CaseStage, CaseStage)],
    refused: &'static [(CaseStage, &'static str)],
    run: Run,
}

const APPLYING: &[Relation] = &[Relation::Applicant, Relation::Agency, Relation::Desk];
const DESK_DEPARTMENT: &[Relation] = &[Relation::Desk, Relation::Department];

fn rows(kind: ServiceKind) -> impl Iterator<Item = &'static Row> {
    let own: [&[Row]; 2] = match kind {
        ServiceKind::WrittenOpinion => [work::WRITTEN, &[]],
        ServiceKind::RepresentativeConsultation => [visits::ROWS, visitors::ROWS],
        ServiceKind::PatientConsultation => [visits::ROWS, &[]],
    };
    [intake::ROWS, work::ROWS, around::ROWS, slides::ROWS].into_iter().chain(own).flatten()
}

/// The transitions of a service: their names, who may, and how they are run.
pub(crate) fn runs(kind: ServiceKind) -> Vec<(&'static str, &'static [Relation], Run)> {
    rows(kind).map(|row| (row.name, row.who, row.run)).collect()
}

#[test]
fn every_transition_leads_from_every_stage_where_the_table_says_or_is_refused_by_name() {
    let mut wrong = Vec::new();
    for (kind, stage) in everywhere() {
        for row in rows(kind) {
            let outcome = (row.run)(at(kind, stage), &by(row.who[0]));
            let leads = row.leads.iter().find(|(from, _)| *from == stage).map(|(_, to)| *to);
            let code = row.refused.iter().find(|(from, _)| *from == stage).map_or("wrong_stage", |(_, code)| *code);
            let place = format!("{} at {stage} of {kind}", row.name);
            match (&outcome, leads) {
                (Ok(decided), Some(to)) => {
                    let reached = (decided.case.stage().name(), decided.case.kind());
                    if reached != (to, kind) {
                        wrong.push(format!("{place}: {reached:?}, and the table says {to}"));
                    }
                    assert!(decided.case.clone().restore().is_ok(), "{place} breaks the case");
                }
                (Err(refusal), None) if refusal.code() == code => {}
                (Err(refusal), leads) => wrong.push(format!("{place}: {}, and the table says {leads:?} or {code}", refusal.code())),
                (Ok(decided), None) => wrong.push(format!("{place}: {}, and the table says {code}", decided.case.stage().name())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A way out of a stage: an operation that somebody may run, and that leads to another stage.
fn ways_out(kind: ServiceKind, stage: CaseStage) -> Vec<&'static Row> {
    let leads_on = |row: &&Row| row.operation.is_some() && row.leads.iter().any(|(from, to)| *from == stage && *to != stage);
    rows(kind).filter(leads_on).collect()
}

#[test]
fn every_stage_has_a_way_out_for_those_who_have_to_act_there() {
    use CaseStage as S;
    use Relation::{Applicant, Department, Desk, Responsible};
    for (kind, stage) in everywhere() {
        let expected: &[Relation] = match stage {
            S::Draft => &[Applicant],
            S::Submitted | S::InformationRequested | S::Accepted | S::Scheduled | S::AwaitingPayment => &[Desk, Applicant],
            S::InTriage => &[Department, Desk, Applicant],
            S::Writing => &[Responsible, Department, Applicant],
            S::InReview => &[Department, Applicant],
            S::Consulted | S::Delivered | S::Closed | S::Declined | S::Cancelled | S::Expired => &[Desk],
        };
        let ways = ways_out(kind, stage);
        for relation in expected {
            assert!(ways.iter().any(|row| row.who.contains(relation)), "{relation} has no way out of {stage} of {kind}");
        }
        // The row says what it does: whoever may take the way comes somewhere else.
        for row in ways {
            let reached = (row.run)(at(kind, stage), &by(row.who[0])).unwrap().case.stage().name();
            assert_ne!(reached, stage, "{} at {stage} of {kind}", row.name);
        }
    }
}

/// From every stage the case comes to an end, whatever it takes.
#[test]
fn from_every_stage_a_case_comes_to_its_end() {
    for (kind, stage) in everywhere() {
        let (mut seen, mut waiting) = (vec![stage], vec![stage]);
        while let Some(next) = waiting.pop() {
            let leads = ways_out(kind, next).into_iter().flat_map(|row| row.leads);
            for (_, to) in leads.filter(|(from, _)| *from == next) {
                if !seen.contains(to) {
                    seen.push(*to);
                    waiting.push(*to);
                }
            }
        }
        assert!(seen.iter().any(|reached| reached.is_ended()), "{stage} of {kind} leads to {seen:?}");
    }
}

#[test]
fn for_whoever_may_not_there_is_no_case() {
    for (kind, stage) in everywhere() {
        for row in rows(kind) {
            for relation in Relation::ALL {
                let absent = (row.run)(at(kind, stage), &by(*relation)) == Err(Refusal::Absent);
                assert_eq!(absent, !row.who.contains(relation), "{} at {stage} of {kind} by {relation}", row.name);
            }
        }
    }
}

#[test]
fn the_services_do_not_borrow_each_others_steps() {
    let visit = prepaid(at(ServiceKind::PatientConsultation, CaseStage::Accepted));
    assert_eq!(
        visit.issue_invoice(&by(Relation::Desk), &rules(), now(), invoice(), due_on()).map(drop),
        Err(Refusal::WrongKind { is: ServiceKind::PatientConsultation })
    );
}

#[test]
fn allowed_actions_and_the_transitions_never_disagree() {
    for (kind, stage) in everywhere() {
        for relation in Relation::ALL {
            let access = by(*relation);
            let allowed = at(kind, stage).allowed_actions(&access);
            for row in rows(kind) {
                let Some(operation) = row.operation else { continue };
                let outcome = (row.run)(at(kind, stage), &access);
                let listed = allowed.contains(&operation);
                let barred = matches!(outcome, Err(Refusal::Absent | Refusal::WrongStage { .. } | Refusal::WrongKind { .. }));
                assert!(!(listed && barred), "{operation:?} is listed at {stage} of {kind} for {relation}: {outcome:?}");
                assert!(!listed || operation != Operation::ReversePayment, "what can be reversed its invoice says");
                // The desk may change a submitted application, too; these need the estimate that the row brings along.
                let needs_estimate = [Operation::IssueInvoice, Operation::AcceptEstimate, Operation::WithdrawEstimate].contains(&operation);
                // A payment is recorded on an invoice, and there is none. What can be reversed the invoice says.
                let has_no_invoice = operation == Operation::ReversePayment
                    || (operation == Operation::RecordPayment && at(kind, stage).invoice().is_none());
                assert!(
                    listed || outcome.is_err() || needs_estimate || has_no_invoice,
                    "{operation:?} works at {stage} of {kind} for {relation} and is not listed"
                );
            }
        }
    }
}

#[test]
fn actions_change_something_or_tell_who_looked() {
    let open = at(ServiceKind::WrittenOpinion, CaseStage::Accepted);
    let actions = open.allowed_actions(&by(Relation::Applicant));
    assert!(actions.contains(&Operation::ListMyAccesses));
    assert!(actions.iter().all(|one| one.is_on_case()), "{actions:?}");
    let reads: Vec<_> = actions.iter().filter(|one| one.access() == Access::Reads).collect();
    assert_eq!(reads, [&Operation::ListMyAccesses]);
}

#[test]
fn somebody_is_invited_by_whoever_may_and_while_the_case_is_open() {
    for (kind, stage) in everywhere() {
        let case = at(kind, stage);
        assert_eq!(case.may_invite(&by(Relation::Applicant)).is_ok(), !stage.is_ended(), "{stage} of {kind}");
        assert_eq!(case.may_invite(&by(Relation::Billing)), Err(Refusal::Absent), "{stage} of {kind}");
    }
}

#[test]
fn a_line_of_a_list_says_what_the_case_says() {
    for (kind, stage) in everywhere() {
        let case = at(kind, stage);
        let line = case.summary();
        assert_eq!((line.id, line.kind, line.stage, line.facts()), (case.id(), kind, stage, case.facts()));
        assert_eq!((line.waiting_on, line.expires_at, line.due_at), (case.waiting_on(), case.expires_at(), case.due_at()));
        assert_eq!(line.patient_name.as_deref(), Some("Mei Tan"), "{stage} of {kind}");
    }
}

#[test]
fn an_opinion_is_late_after_its_last_day_and_never_while_its_case_is_held() {
    let line = at(ServiceKind::WrittenOpinion, CaseStage::Writing).summary();
    let due = line.due_at.unwrap();
    assert!(!line.is_overdue(due), "the last instant is in time");
    let after = due + jiff::SignedDuration::from_secs(1);
    assert!(line.is_overdue(after));
    let held = crate::case::CaseSummary { hold_reason: Some(HoldReason::Other), ..line };
    assert!(!held.is_overdue(after));
}

#[test]
fn a_case_reads_back_as_it_was_stored_at_every_stage() {
    for (kind, stage) in everywhere() {
        let case = at(kind, stage);
        let stored = serde_json::to_string(&case).unwrap();
        let read: Case = serde_json::from_str(&stored).unwrap();
        assert_eq!(read.restore().unwrap(), case, "{stage} of {kind}");
    }
}

#[test]
fn what_no_case_can_be_is_not_restored() {
    let broken = |kind, stage, change: fn(&mut serde_json::Value)| {
        let mut json = serde_json::to_value(at(kind, stage)).unwrap();
        change(&mut json);
        serde_json::from_value::<Case>(json).map_or(true, |case| case.restore().is_err())
    };
    let written = ServiceKind::WrittenOpinion;
    assert!(broken(written, CaseStage::Writing, |json| json["responsible"] = serde_json::Value::Null));
    assert!(broken(written, CaseStage::Writing, |json| json["estimate"] = serde_json::Value::Null));
    assert!(broken(written, CaseStage::Submitted, |json| json["submitted_at"] = serde_json::Value::Null));
    assert!(broken(written, CaseStage::Declined, |json| json["expires_at"] = serde_json::json!("2030-01-01T00:00:00Z")));
    assert!(broken(written, CaseStage::Closed, |json| json["stage"]["from"] = serde_json::json!("draft")));
    assert!(broken(written, CaseStage::Draft, |json| json["application"]["patient_uninformed"] = serde_json::json!(true)));
    assert!(
        broken(ServiceKind::PatientConsultation, CaseStage::Accepted, |json| json["stage"]["step"]["step"] = serde_json::json!("writing")),
        "a consultation in writing"
    );
    assert!(
        broken(ServiceKind::PatientConsultation, CaseStage::Draft, |json| json["stage"]["step"] = serde_json::json!("in_triage")),
        "in triage without a department"
    );
}

#[test]
fn nothing_waits_for_anybody_once_a_case_has_ended() {
    for (kind, stage) in everywhere().filter(|(_, stage)| stage.is_ended()) {
        let case = at(kind, stage);
        assert_eq!(
            (case.waiting_on(), case.expires_at(), case.hold_now(), case.due_at()),
            (WaitingOn::Nobody, None, None, None),
            "{stage} of {kind}"
        );
    }
}

#[test]
fn an_invitation_is_accepted_while_the_case_is_open() {
    for (kind, stage) in everywhere() {
        let joined = at(kind, stage).accept_invitation(&rules(), now(), Membership::Patient, &text("somebody@example.org"));
        assert_eq!(joined.is_ok(), !stage.is_ended(), "{stage} of {kind}");
    }
}
