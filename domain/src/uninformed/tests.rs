//! The claim that the patient does not know: who makes it, who decides, who ends it, and what it keeps from the patient.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::access::{Caller, Membership, Relation, Relations, Role, relations};
use crate::intake::items::IntakeSettings;
use crate::people::EmailAddress;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;
use crate::tests::table;
use crate::uninformed::{CounselDecision, PatientsSide, UninformedState};

const KIND: ServiceKind = ServiceKind::RepresentativeConsultation;

fn claim(case: Case, relation: Relation) -> Result<Change, Refusal> {
    case.claim_uninformed(&by(relation), &rules(), PatientsSide::default(), None)
}

fn claimed(stage: CaseStage) -> Case {
    advanced(claim(draft(KIND), Relation::Applicant).unwrap().case, stage)
}

fn attest(case: Case, is_approved: bool, review_on: Option<Date>) -> Result<Change, Refusal> {
    case.attest_uninformed(&by(Relation::Department), &rules(), now(), is_approved, review_on)
}

fn end(case: Case, relation: Relation, confirmed_by: Option<&str>) -> Result<Change, Refusal> {
    case.end_uninformed(&by(relation), &rules(), now(), confirmed_by.map(text))
}

fn settings(change: impl FnOnce(&mut IntakeSettings)) -> HospitalSettings {
    let mut settings = HospitalSettings::default();
    change(&mut settings.intake);
    settings
}

#[test]
fn the_family_claims_in_the_draft_and_the_desk_until_the_visit() {
    let told = claim(draft(KIND), Relation::Applicant).unwrap();
    assert!(told.case.is_patient_uninformed() && told.case.was_ever_uninformed());
    assert_eq!(told.case.uninformed_state(rules().today), Some(UninformedState::Claimed));
    assert_eq!(claim(told.case, Relation::Desk).unwrap_err(), Refusal::AlreadyClaimed);
    assert_eq!(claim(at(KIND, CaseStage::Submitted), Relation::Applicant).unwrap_err().code(), "wrong_stage");
    assert!(claim(at(KIND, CaseStage::Accepted), Relation::Desk).is_ok());
    let own = claim(draft(ServiceKind::PatientConsultation), Relation::Applicant);
    assert_eq!(own.unwrap_err(), Refusal::WrongKind { is: ServiceKind::PatientConsultation });
}

#[test]
fn a_claim_is_for_family_alone_and_never_after_the_patient_has_signed() {
    assert_eq!(claim(opened(KIND, with_a_friend()), Relation::Applicant).unwrap_err(), Refusal::UninformedNotAllowed);
    let signed = consented(draft(KIND), ConsentKind::RepresentativeConsultation, vec![id(53)]);
    assert_eq!(claim(signed.clone(), Relation::Applicant).unwrap_err(), Refusal::PatientHasSigned);
    let withdrawn = signed.withdraw_consent(&by(Relation::Desk), &rules(), now(), id(50), None).unwrap().case;
    assert!(claim(withdrawn, Relation::Applicant).is_ok(), "nobody had looked at it");
    let right = found_right(consented(draft(KIND), ConsentKind::RepresentativeConsultation, vec![id(53)]));
    let taken_back = right.withdraw_consent(&by(Relation::Desk), &rules(), now(), id(50), None).unwrap().case;
    assert_eq!(claim(taken_back, Relation::Applicant).unwrap_err(), Refusal::PatientHasSigned, "the patient knew");
    let by_brother = ConsentFinding::Refused { reason: ConsentRefusal::NotSignedByPatient, text: None };
    let registered = consented(draft(KIND), ConsentKind::RepresentativeConsultation, vec![id(53)]);
    let sent_back = registered.verify_consent(&by(Relation::Desk), &rules(), now(), id(50), by_brother, DatesRead::default()).unwrap().case;
    assert!(claim(sent_back, Relation::Applicant).is_ok(), "the brother signed");
}

#[test]
fn nothing_of_the_case_may_have_reached_the_patient() {
    let sides = [
        (PatientsSide { has_joined: true, ..PatientsSide::default() }, Refusal::PatientHasJoined),
        (PatientsSide { was_invited: true, ..PatientsSide::default() }, Refusal::PatientWasInvited),
        (PatientsSide { is_addressed: true, ..PatientsSide::default() }, Refusal::AddressIsThePatients),
    ];
    for (side, refusal) in sides {
        assert_eq!(draft(KIND).claim_uninformed(&by(Relation::Applicant), &rules(), side, None).unwrap_err(), refusal);
        assert_eq!(draft(KIND).check_patients_side(side), Ok(()), "a patient who knows may be part of it");
    }
}

#[test]
fn an_agency_takes_part_only_by_setting_and_the_decision_of_counsel() {
    let decision = || CounselDecision {
        decided_by: text("Ms. Abe"),
        decided_on: date(2026, 11, 1),
        reference: text("L-12"),
        by: by(Relation::Desk).user,
        at: now(),
    };
    let referred = || {
        let mut case = draft(KIND);
        case.agency = Some(id(1));
        case
    };
    let allowed = settings(|intake| intake.uninformed_with_agency = true);
    let try_it = |settings: &HospitalSettings, relation, counsel| {
        referred().claim_uninformed(&by(relation), &Rules::at(settings, now()), PatientsSide::default(), counsel).map(drop)
    };
    assert_eq!(try_it(&HospitalSettings::default(), Relation::Desk, Some(decision())), Err(Refusal::UninformedWithAgency));
    assert_eq!(try_it(&allowed, Relation::Desk, None), Err(Refusal::CounselDecisionMissing));
    assert_eq!(try_it(&allowed, Relation::Agency, Some(decision())), Err(Refusal::CounselIsTheDesks));
    assert_eq!(try_it(&allowed, Relation::Desk, Some(decision())), Ok(()));
}

#[test]
fn a_hospital_may_choose_not_to_offer_it() {
    let off = settings(|intake| intake.uninformed_offered = false);
    let refused = draft(KIND).claim_uninformed(&by(Relation::Applicant), &Rules::at(&off, now()), PatientsSide::default(), None);
    assert_eq!(refused.unwrap_err(), Refusal::UninformedNotOffered);
    let ticked = patch(r#"{"patient_uninformed":true}"#);
    let by_form = draft(KIND).update(&by(Relation::Applicant), &Rules::at(&off, now()), now(), ticked, &mut || id(60));
    assert_eq!(by_form.unwrap_err(), Refusal::UninformedNotOffered);
}

#[test]
fn without_an_approval_that_holds_the_case_is_not_accepted() {
    let accept = |case: Case, settings: &HospitalSettings| {
        case.accept(&by(Relation::Department), &Rules::at(settings, now()), now(), id(9), None).map(drop)
    };
    let standard = HospitalSettings::default();
    let waiting = claimed(CaseStage::InTriage);
    assert_eq!(accept(waiting.clone(), &standard), Err(Refusal::AttestationMissing));
    assert_eq!(accept(waiting.clone(), &settings(|intake| intake.uninformed_needs_attestation = false)), Ok(()));
    let refused = attest(waiting.clone(), false, None).unwrap().case;
    assert_eq!(refused.uninformed_state(rules().today), Some(UninformedState::Refused));
    assert_eq!(refused.waiting_on(), WaitingOn::Desk, "the desk tells the family");
    assert_eq!(accept(refused, &standard), Err(Refusal::AttestationMissing));
    let approved = attest(waiting, true, None).unwrap();
    assert_eq!(approved.events[0].audience, Audience::STAFF, "the family is not told either");
    let state = |day| approved.case.uninformed_state(day);
    assert_eq!(state(date(2026, 12, 6)), Some(UninformedState::Attested), "thirty days");
    assert_eq!(state(date(2026, 12, 7)), Some(UninformedState::ReviewDue));
    assert_eq!(accept(approved.case.clone(), &standard), Ok(()));
    let later: jiff::Timestamp = "2026-12-07T03:00:00Z".parse().unwrap();
    let late = approved.case.accept(&by(Relation::Department), &Rules::at(&standard, later), later, id(9), None);
    assert_eq!(late.unwrap_err(), Refusal::AttestationMissing);
}

#[test]
fn an_approval_ends_within_a_year() {
    let waiting = || claimed(CaseStage::InTriage);
    for day in [date(2026, 11, 5), date(2027, 11, 7)] {
        assert_eq!(attest(waiting(), true, Some(day)).unwrap_err(), Refusal::ReviewDayImpossible, "{day}");
    }
    for day in [date(2026, 11, 6), date(2027, 11, 6)] {
        assert!(attest(waiting(), true, Some(day)).is_ok(), "{day}");
    }
    assert_eq!(attest(at(KIND, CaseStage::InTriage), true, None).unwrap_err(), Refusal::NotUninformed);
    assert_eq!(attest(claimed(CaseStage::Submitted), true, None).unwrap_err().code(), "wrong_stage");
}

#[test]
fn a_physician_ends_the_claim_at_every_stage_and_no_line_tells_it_to_the_patient() {
    for stage in [CaseStage::Submitted, CaseStage::InTriage, CaseStage::Cancelled, CaseStage::Expired] {
        let told = end(claimed(stage), Relation::Department, None).unwrap();
        assert!(!told.case.is_patient_uninformed() && told.case.was_ever_uninformed(), "{stage}");
        assert_eq!(told.case.stage().name(), stage);
        assert!(!told.events[0].audience.meets(Audience::PATIENT) && told.events[0].audience.meets(Audience::APPLICANT));
        assert_eq!(told.case.uninformed_state(rules().today), Some(UninformedState::Ended));
        assert_eq!(end(told.case, Relation::Department, None).unwrap_err(), Refusal::NotUninformed);
    }
    assert_eq!(end(claimed(CaseStage::Submitted), Relation::Desk, None).unwrap_err(), Refusal::PhysicianNotNamed);
    let by_desk = end(claimed(CaseStage::Submitted), Relation::Desk, Some("Dr. Sato")).unwrap().case;
    assert_eq!(by_desk.uninformed().ended.as_ref().and_then(|end| end.confirmed_by.clone()), Some(text("Dr. Sato")));
    assert!(end(claimed(CaseStage::InTriage), Relation::Responsible, None).is_ok());
    assert_eq!(end(claimed(CaseStage::InTriage), Relation::Applicant, None).unwrap_err(), Refusal::Absent);
    assert_eq!(draft(KIND).uninformed_state(rules().today), None);
}

#[test]
fn what_is_told_later_is_open_to_the_patient_and_what_was_before_is_not() {
    let known = end(claimed(CaseStage::InTriage), Relation::Department, None).unwrap().case;
    let patient = by(Relation::Patient);
    assert!(known.is_history_closed_to(&patient) && known.application_for(&patient).questions.is_empty());
    let later = known.post_message(&by(Relation::Desk), &rules(), now(), id(40)).unwrap();
    assert!(later.events[0].audience.meets(Audience::PATIENT));
}

#[test]
fn the_patients_own_addresses_are_closed_to_everything() {
    let case = claimed(CaseStage::Draft);
    let own: EmailAddress = text("Mei.Tan@EXAMPLE.org");
    assert!(case.is_closed_address(&text("mei.tan@example.org")) && !case.is_closed_address(&text("jun.tan@example.org")));
    assert!(!draft(KIND).is_closed_address(&own), "of a patient who knows nothing is closed");
    let invite = |membership| case.check_invitation(&by(Relation::Applicant), membership, &text("mei.tan@example.org"));
    assert_eq!(invite(Membership::Applicant), Err(Refusal::AddressIsThePatients));
    assert_eq!(invite(Membership::Representative), Err(Refusal::AddressIsThePatients));
    let joined = case.clone().accept_invitation(&rules(), now(), Membership::Representative, &text("mei.tan@example.org"));
    assert_eq!(joined.unwrap_err(), Refusal::Absent);
    for closed in ["Mei Tan", "TAN, Mei\n1 Example Road", "for 陳美", "c/o mei.tan@example.org"] {
        assert!(case.is_closed_text(closed), "{closed}");
    }
    for closed in ["ＭＥＩ　ＴＡＮ", "Mèi Tán"] {
        assert!(case.is_closed_text(closed), "{closed}: width and accents");
    }
    for open in ["Jun Tan\n1 Example Road", "Meier", "Tan Jun", "Meiko Tanaka"] {
        assert!(!case.is_closed_text(open), "{open}");
    }
    assert!(!draft(KIND).is_closed_text("Mei Tan"));
}

#[test]
fn nobody_is_reached_by_the_patients_telephone() {
    let change =
        |json: &str| claimed(CaseStage::Draft).update(&by(Relation::Applicant), &rules(), now(), patch(json), &mut || id(60)).map(drop);
    let contact = change(r#"{"contact_person":{"phone":"+6531632000"}}"#);
    assert!(matches!(contact, Err(Refusal::ContactIsPatient { .. })), "{contact:?}");
    let listed = change(r#"{"representatives":[{"name":{"alphabetic":"Jun Tan"},"relation":"child","phone":"+6531632000"}]}"#);
    assert_eq!(listed, Err(Refusal::PhoneIsThePatients { representatives: vec![0] }));
    let corrected = serde_json::from_str(r#"{"phone":"+6531632000"}"#).unwrap();
    let one = claimed(CaseStage::Submitted).update_representative(&by(Relation::Desk), &rules(), now(), id(53), corrected);
    assert_eq!(one.unwrap_err().pointers(), [("/representative/phone".to_owned(), "same_as_patient")]);
}

#[test]
fn the_claim_of_a_submitted_application_is_no_tick_in_the_form() {
    let asked = at(KIND, CaseStage::InformationRequested);
    let ticked = asked.update(&by(Relation::Desk), &rules(), now(), patch(r#"{"patient_uninformed":true}"#), &mut || id(60));
    assert_eq!(ticked.unwrap_err(), Refusal::UninformedNotAllowed);
}

proptest! {
    /// Whatever happens to the case, in whatever order: until a physician says that the patient knows, the patient's account has no relation to it, and
    /// nothing that is told is for the patient.
    #[test]
    fn whatever_happens_nothing_is_for_the_patient(steps in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
        let rows: Vec<_> = table::runs(KIND);
        let patient = Caller { user: id(300), ..caller(Role::Applicant) };
        let mut case = claimed(CaseStage::Draft);
        for step in steps {
            let (name, who, run) = rows[step.index(rows.len())];
            // The end is the end; the rows of consents bring a signature along, and there is none.
            if ["end_uninformed", "verify_consent", "withdraw_consent"].contains(&name) {
                continue;
            }
            let Ok(decided) = run(case.clone(), &by(who[0])) else { continue };
            for event in &decided.events {
                prop_assert!(!event.audience.meets(Audience::PATIENT), "{name}: {event:?}");
            }
            case = decided.case;
            let ended_the_claim = !case.is_patient_uninformed();
            prop_assert!(!ended_the_claim, "{name} ended the claim");
            let facts = crate::access::CaseFacts { member: Some(Membership::Patient), ..case.facts() };
            prop_assert_eq!(relations(&patient, &facts), Relations::NONE);
        }
    }
}

#[test]
fn an_address_that_was_the_patients_stays_closed_when_it_is_corrected() {
    let change = |case: Case, json: &str| case.update(&by(Relation::Applicant), &rules(), now(), patch(json), &mut || id(60)).unwrap().case;
    let emptied = change(claimed(CaseStage::Draft), r#"{"patient":{"email":null}}"#);
    let invite = |case: &Case, address: &str| case.check_invitation(&by(Relation::Applicant), Membership::Representative, &text(address));
    assert_eq!(invite(&emptied, "mei.tan@example.org"), Err(Refusal::AddressIsThePatients));
    let corrected = change(emptied, r#"{"patient":{"email":"mei@example.net"}}"#);
    for address in ["mei.tan@example.org", "mei@example.net"] {
        assert_eq!(invite(&corrected, address), Err(Refusal::AddressIsThePatients), "{address}");
    }
    assert_eq!(invite(&corrected, "jun.tan@example.org"), Ok(()));
}

#[test]
fn an_invitation_of_the_patient_is_remembered_for_good() {
    let claim_after =
        |membership, address: &str| claim(draft(KIND).note_invitation(membership, &text(address)).case, Relation::Applicant).map(drop);
    assert_eq!(claim_after(Membership::Patient, "father@example.org"), Err(Refusal::PatientWasInvited));
    assert_eq!(claim_after(Membership::Representative, "mei.tan@example.org"), Err(Refusal::PatientWasInvited));
    assert_eq!(claim_after(Membership::Representative, "jun.tan@example.org"), Ok(()));
}

#[test]
fn after_the_claim_the_patients_address_joins_as_the_patient_or_not_at_all() {
    let known = end(claimed(CaseStage::InTriage), Relation::Department, None).unwrap().case;
    let invite = |membership| known.check_invitation(&by(Relation::Applicant), membership, &text("mei.tan@example.org"));
    assert_eq!(invite(Membership::Representative), Err(Refusal::AddressIsThePatients));
    assert_eq!(invite(Membership::Applicant), Err(Refusal::AddressIsThePatients));
    assert_eq!(invite(Membership::Patient), Ok(()));
    let joins = |membership| known.clone().accept_invitation(&rules(), now(), membership, &text("mei.tan@example.org")).map(drop);
    assert_eq!((joins(Membership::Representative), joins(Membership::Patient)), (Err(Refusal::Absent), Ok(())));
}
