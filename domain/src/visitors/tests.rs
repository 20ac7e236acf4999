//! Those who visit for the patient.

use crate::access::Relation;
use crate::intake::items::{BlockedStep, ItemState};
use crate::intake::{Representative, RepresentativeForm, RepresentativePatch};
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const VISIT: ServiceKind = ServiceKind::RepresentativeConsultation;

fn person(number: u128, relation: Option<&str>) -> Representative {
    let form: RepresentativeForm = serde_json::from_str(r#"{"name":{"alphabetic":"Kim Lee"}}"#).unwrap();
    Representative { relation: relation.map(text), ..form.named(id(number)) }
}

fn add(case: Case, relation: Relation, one: Representative) -> Result<Change, Refusal> {
    case.add_representative(&by(relation), &rules(), now(), one)
}

fn change(case: Case, json: &str) -> Result<Change, Refusal> {
    let patch: RepresentativePatch = serde_json::from_str(json).unwrap();
    case.update_representative(&by(Relation::Desk), &rules(), now(), id(53), patch)
}

#[test]
fn the_desk_adds_people_until_the_visit_and_others_before_the_review() {
    let kim = || person(60, Some("sibling"));
    let added = add(at(VISIT, CaseStage::Accepted), Relation::Desk, kim()).unwrap();
    assert_eq!(added.events[0].kind, EventKind::RepresentativeAdded { representative: id(60) });
    assert_eq!(added.case.representative(id(60)), Some(&kim()));
    let late = add(at(VISIT, CaseStage::Accepted), Relation::Applicant, kim());
    assert_eq!(late.unwrap_err().code(), "wrong_stage");
    assert!(add(at(VISIT, CaseStage::Submitted), Relation::Agency, kim()).is_ok());
    let patients_own = add(at(ServiceKind::PatientConsultation, CaseStage::Submitted), Relation::Desk, kim());
    assert_eq!(patients_own.unwrap_err(), Refusal::WrongKind { is: ServiceKind::PatientConsultation });
}

#[test]
fn at_most_three_people_visit() {
    let mut case = draft(VISIT);
    for number in [60, 61] {
        case = add(case, Relation::Applicant, person(number, None)).unwrap().case;
    }
    assert_eq!(add(case, Relation::Applicant, person(62, None)).unwrap_err(), Refusal::TooManyRepresentatives);
}

#[test]
fn of_a_submitted_application_it_is_known_who_everybody_is() {
    assert!(add(draft(VISIT), Relation::Applicant, person(60, None)).is_ok());
    assert_eq!(add(at(VISIT, CaseStage::Submitted), Relation::Desk, person(60, None)).unwrap_err(), Refusal::RelationMissing);
    assert_eq!(change(at(VISIT, CaseStage::Submitted), r#"{"relation":null}"#).unwrap_err(), Refusal::RelationMissing);
}

#[test]
fn only_family_visits_while_the_patient_does_not_know() {
    let claimed = || opened(VISIT, Application { patient_uninformed: true, ..application() });
    assert_eq!(add(claimed(), Relation::Applicant, person(60, Some("friend"))).unwrap_err(), Refusal::OnlyFamilyVisits);
    assert!(add(claimed(), Relation::Applicant, person(60, Some("sibling"))).is_ok());
    assert_eq!(change(claimed(), r#"{"relation":"friend"}"#).unwrap_err(), Refusal::OnlyFamilyVisits);
}

#[test]
fn a_correction_changes_what_it_names() {
    let corrected = change(at(VISIT, CaseStage::Accepted), r#"{"name":{"native":"陳俊"},"phone":"+6531632008"}"#).unwrap();
    assert_eq!(corrected.events[0].kind, EventKind::RepresentativeChanged { representative: id(53) });
    let one = corrected.case.representative(id(53)).unwrap();
    assert_eq!((one.name.alphabetic(), one.name.native(), one.phone.is_some()), (Some("Jun Tan"), Some("陳俊"), true));
    assert_eq!(change(draft(VISIT), "{}").unwrap().events, [], "nothing changed");
    let nameless = change(draft(VISIT), r#"{"name":{"alphabetic":null}}"#).unwrap_err();
    assert_eq!(nameless, Refusal::ChangeNotReadable { pointers: vec!["/representative/name"] });
    let emptied = change(draft(VISIT), r#"{"name":null}"#).unwrap_err();
    assert_eq!(emptied, Refusal::ChangeNotReadable { pointers: vec!["/representative/name"] });
    let stranger = draft(VISIT).update_representative(&by(Relation::Desk), &rules(), now(), id(99), RepresentativePatch::default());
    assert_eq!(stranger.unwrap_err(), Refusal::Absent);
}

#[test]
fn whoever_does_not_visit_any_longer_stays_in_the_record() {
    let two = add(at(VISIT, CaseStage::Submitted), Relation::Desk, person(60, Some("sibling"))).unwrap().case;
    let ended = two.end_representative(&by(Relation::Desk), &rules(), now(), id(53)).unwrap().case;
    assert_eq!(ended.application().representatives, [person(60, Some("sibling"))]);
    let former = &ended.former_representatives()[0];
    assert_eq!((former.representative.id, former.ended_by, former.ended_at), (id(53), by(Relation::Desk).user, now()));
    let last = ended.clone().end_representative(&by(Relation::Desk), &rules(), now(), id(60));
    assert_eq!(last.unwrap_err(), Refusal::LastRepresentative);
    let again = ended.end_representative(&by(Relation::Desk), &rules(), now(), id(53));
    assert_eq!(again.unwrap_err(), Refusal::Absent);
}

#[test]
fn a_new_list_keeps_those_it_names_by_their_identifier() {
    let rewrite = |case: Case, json: &str| case.update(&by(Relation::Desk), &rules(), now(), patch(json), &mut || id(60));
    let kept = r#"{"representatives":[{"id":"rep_0000000000000000000000001n","name":{"alphabetic":"Jun Tan"},"relation":"child"},
        {"name":{"alphabetic":"Kim Lee"},"relation":"sibling"}]}"#;
    let both = rewrite(at(VISIT, CaseStage::Submitted), kept).unwrap().case;
    let ids: Vec<_> = both.application().representatives.iter().map(|one| one.id).collect();
    assert_eq!((ids, both.former_representatives().len()), (vec![id(53), id(60)], 0));
    let other = r#"{"representatives":[{"name":{"alphabetic":"Kim Lee"},"relation":"sibling"}]}"#;
    let replaced = rewrite(at(VISIT, CaseStage::Submitted), other).unwrap().case;
    assert_eq!(replaced.former_representatives()[0].representative.id, id(53));
    assert!(rewrite(draft(VISIT), other).unwrap().case.former_representatives().is_empty(), "a draft has no record");
    let unknown = r#"{"representatives":[{"id":"rep_00000000000000000000000033","name":{"alphabetic":"Kim Lee"},"relation":"sibling"}]}"#;
    assert_eq!(rewrite(draft(VISIT), unknown).unwrap_err(), Refusal::PersonNotInForm { representatives: vec![0] });
    let twice = r#"{"representatives":[{"id":"rep_0000000000000000000000001n","name":{"alphabetic":"Jun Tan"},"relation":"child"},
        {"id":"rep_0000000000000000000000001n","name":{"alphabetic":"Jun Tan"},"relation":"child"}]}"#;
    assert_eq!(
        rewrite(draft(VISIT), twice).unwrap_err().pointers(),
        [("/application/representatives/1/id".to_owned(), "unknown_reference")]
    );
}

#[test]
fn what_the_desk_changes_needs_no_second_look_and_what_others_change_does() {
    let form = ItemCode::ApplicationForm;
    let checked = verified(at(VISIT, CaseStage::Submitted), BlockedStep::Triage);
    let by_desk = add(checked.clone(), Relation::Desk, person(60, Some("sibling"))).unwrap().case;
    assert_eq!(by_desk.item_state(form), ItemState::Verified);
    let by_applicant = add(checked, Relation::Applicant, person(60, Some("sibling"))).unwrap().case;
    assert_eq!(by_applicant.item_state(form), ItemState::Provided);
}

#[test]
fn the_review_begins_once_somebody_can_be_received() {
    let start = |case: Case| case.start_triage(&by(Relation::Desk), &rules(), now(), id(1), &[], &[]).map(drop);
    let checked = |form| verified(advanced(opened(VISIT, form), CaseStage::Submitted), BlockedStep::DueWindow);
    let form_verified = |case: Case| case.verify_item(&by(Relation::Desk), &rules(), now(), ItemCode::ApplicationForm).unwrap().case;
    let friend = form_verified(checked(with_a_friend()));
    assert_eq!(start(friend.clone()), Err(Refusal::NoVisitorCanBeReceived));
    let registered = consented(friend.clone(), ConsentKind::RepresentativeConsultation, vec![id(53)]);
    assert_eq!(start(registered.clone()), Err(Refusal::NoVisitorCanBeReceived), "handed in is not verified");
    assert_eq!(start(found_right(registered)), Ok(()));
    let spouse = add(friend, Relation::Desk, person(60, Some("spouse"))).unwrap().case;
    assert_eq!(start(spouse), Ok(()), "the friend's consent blocks the friend alone");
}
