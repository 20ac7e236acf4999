//! The day of the visit: who is received, what may be agreed on, and what is charged.

use jiff::SignedDuration;

use super::*;
use crate::access::Relation::{Desk, Receiving};
use crate::appointments::AppointmentState;
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;
use crate::tests::fixtures::*;

const PATIENT: ServiceKind = ServiceKind::PatientConsultation;
const OTHERS: ServiceKind = ServiceKind::RepresentativeConsultation;

fn minutes(after_noon: i64) -> jiff::Timestamp {
    now() + SignedDuration::from_mins(after_noon)
}

fn arrive(case: Case, people: Vec<Arrived>) -> Result<Change, Refusal> {
    case.record_arrival(&by(Desk), &rules(), now(), arrival(people, now()))
}

fn why(outcome: Result<Change, Refusal>) -> Vec<(usize, &'static str)> {
    match outcome {
        Err(Refusal::CannotBeReceived { people }) => people,
        Ok(_) => Vec::new(),
        Err(other) => panic!("{other:?}"),
    }
}

fn somebody(person: Person) -> Arrived {
    let name = matches!(person, Person::Unannounced | Person::Companion).then(|| text_name("Lars Lind"));
    Arrived { person, representative: None, name, ..visitor(&at(PATIENT, CaseStage::Scheduled)) }
}

fn text_name(name: &str) -> crate::people::PersonName {
    serde_json::from_value(serde_json::json!({ "alphabetic": name })).unwrap()
}

fn outside(one: Arrived, reason: OutsideReason) -> Arrived {
    Arrived { outcome: AtTheDoor::Outside, reason: Some(reason), ..one }
}

/// Kim, a friend, and a spouse visit for the patient; the consent for the friend is verified or not.
fn friend_and_spouse(is_consented: bool) -> Case {
    let mut form = with_a_friend();
    let spouse = serde_json::from_value(serde_json::json!({
        "id": id::<crate::ids::RepresentativeKey>(54), "name": { "alphabetic": "Ann Tan" }, "relation": "spouse",
    }));
    form.representatives.push(spouse.unwrap());
    let submitted = advanced(opened(OTHERS, form), CaseStage::Submitted);
    let friend = submitted.application().representatives[0].id;
    let registered = consented(submitted, ConsentKind::RepresentativeConsultation, vec![friend]);
    let ready = if is_consented { found_right(registered) } else { registered };
    let desk = by(Desk);
    let triage = verified(ready, crate::intake::items::BlockedStep::Triage).start_triage(&desk, &rules(), day(2), id(1), &[], &[]);
    let responsible = by(crate::access::Relation::Responsible).user;
    let accepted = triage.unwrap().case.accept(&by(crate::access::Relation::Department), &rules(), day(2), responsible, None).unwrap().case;
    booked(quoted(accepted), visit_time(3))
}

#[test]
fn a_friend_is_received_with_the_original_of_a_consent_and_a_spouse_with_a_passport() {
    let visit = friend_and_spouse(true);
    let named = |place: usize| Arrived { representative: Some(visit.application().representatives[place].id), ..visitor(&visit) };
    let (friend, spouse) = (named(0), named(1));
    assert_eq!(why(arrive(visit.clone(), vec![friend.clone(), spouse.clone()])), [(0, "original_missing")]);
    let with_original = Arrived { original_seen: true, ..friend.clone() };
    let both = arrive(visit.clone(), vec![with_original, spouse.clone()]).unwrap();
    assert!(matches!(both.events[0].kind, EventKind::ArrivalRecorded { received: 2, .. }));
    let one = arrive(visit.clone(), vec![outside(friend.clone(), OutsideReason::OriginalMissing), spouse.clone()]).unwrap().case;
    assert_eq!(one.booked().unwrap().state, AppointmentState::Arrived);
    let withdrawn = visit.clone().withdraw_consent(&by(Desk), &rules(), now(), id(50), None).unwrap().case;
    let original = Arrived { original_seen: true, ..friend.clone() };
    assert_eq!(why(arrive(withdrawn, vec![original.clone(), spouse])), [(0, "consent_missing")], "a withdrawal counts at once");
    let mut relaxed = HospitalSettings::default();
    relaxed.appointments.consent_original_needed = false;
    let lenient = visit.record_arrival(&by(Desk), &Rules::at(&relaxed, now()), now(), arrival(vec![friend], now()));
    assert!(lenient.is_ok(), "a hospital may do without the original");
}

#[test]
fn who_comes_is_recorded_as_what_they_are() {
    let (patients, others) = (at(PATIENT, CaseStage::Scheduled), at(OTHERS, CaseStage::Scheduled));
    let patient = || somebody(Person::Patient);
    let family = || Arrived { relation: Some(text("sibling")), ..somebody(Person::Unannounced) };
    let faults = |case: &Case, people| why(arrive(case.clone(), people));
    assert_eq!(faults(&patients, vec![patient(), somebody(Person::Companion)]), []);
    assert_eq!(faults(&patients, vec![somebody(Person::Companion)]), [(0, "patient_not_there")]);
    assert_eq!(faults(&patients, vec![Arrived { identity: None, ..patient() }]), [(0, "identity_not_shown")]);
    assert_eq!(faults(&patients, vec![family()]), [(0, "patient_visits")]);
    assert_eq!(faults(&others, vec![patient()]), [(0, "patient_does_not_visit")]);
    assert_eq!(faults(&others, vec![family()]), [], "an unannounced brother");
    assert_eq!(faults(&others, vec![Arrived { relation: Some(text("friend")), ..family() }]), [(0, "not_named")]);
    assert_eq!(faults(&others, vec![Arrived { name: None, ..family() }]), [(0, "name_missing")]);
    assert_eq!(faults(&others, vec![Arrived { representative: Some(id(99)), ..visitor(&others) }]), [(0, "unknown_reference")]);
    assert_eq!(faults(&others, vec![Arrived { representative: Some(id(53)), ..family() }]), [(0, "unknown_reference")]);
    assert_eq!(faults(&others, vec![Arrived { outcome: AtTheDoor::Outside, ..visitor(&others) }]), [(0, "reason_missing")]);
    assert_eq!(faults(&others, vec![Arrived { reason: Some(OutsideReason::Other), ..visitor(&others) }]), [(0, "reason_of_nobody")]);
}

#[test]
fn people_arrive_on_the_day_and_nobody_received_leaves_the_visit_as_it_was() {
    let visit = at(OTHERS, CaseStage::Scheduled);
    let nobody = arrive(visit.clone(), vec![outside(visitor(&visit), OutsideReason::IdentityNotShown)]).unwrap().case;
    assert_eq!((nobody.stage().name(), nobody.booked().unwrap().state), (CaseStage::Scheduled, AppointmentState::Confirmed));
    let end = ConsultationEnd::Held(took_place(hours(3)));
    let talk = nobody.clone().record_consultation(&by(Receiving), &rules(), hours(4), end);
    assert_eq!(talk.map(drop), Err(Refusal::NobodyReceived));
    assert!(arrive(nobody, vec![visitor(&visit)]).is_ok(), "they came back with it");
    let early =
        visit.clone().record_arrival(&by(Desk), &Rules::at(rules().settings, day(4)), day(4), arrival(vec![visitor(&visit)], day(4)));
    assert_eq!(early.map(drop), Err(Refusal::NotTheDay));
    let held = |reason| visit.clone().hold(&by(Desk), &rules(), now(), reason, None).unwrap().case;
    assert_eq!(arrive(held(HoldReason::Department), vec![visitor(&visit)]).map(drop), Err(Refusal::OnHold));
    let asked = visit.clone().request_information(&by(Desk), &rules(), now(), id(7), &request().asked).unwrap().case;
    assert_eq!(asked.hold_now().map(|hold| hold.reason), Some(HoldReason::Information));
    assert!(arrive(asked, vec![visitor(&visit)]).is_ok(), "missing records do not stop an arrival");
}

#[test]
fn a_further_half_hour_is_agreed_on_before_it_begins() {
    let visit = received(at(PATIENT, CaseStage::Scheduled), now());
    let agree = |case: &Case, at, began_at| {
        case.clone().agree_extension(&by(Receiving), &rules(), at, (ExtensionPayer::Payer, None), began_at).map(|change| change.case)
    };
    let first = agree(&visit, minutes(208), None).unwrap();
    assert_eq!((first.taken().len(), first.booked().unwrap().agreed()), (2, 2));
    assert_eq!(first.booked().unwrap().visit.extensions[0].begins_at, minutes(210));
    let second = agree(&first, minutes(238), None).unwrap();
    assert_eq!(second.taken().len(), 3);
    assert_eq!(agree(&visit, minutes(210), None).map(drop), Err(Refusal::ExtensionTooLate));
    assert!(agree(&visit, minutes(220), Some(minutes(195))).is_ok(), "the physician was a quarter of an hour late");
    assert_eq!(agree(&visit, minutes(225), Some(minutes(195))).map(drop), Err(Refusal::ExtensionTooLate));
    assert_eq!(agree(&visit, minutes(190), Some(minutes(195))).map(drop), Err(Refusal::BeginningImpossible), "not in the future");
    assert_eq!(agree(&visit, minutes(190), Some(minutes(170))).map(drop), Err(Refusal::BeginningImpossible), "not before its time");
}

/// A talk from three o'clock for so many minutes, with so many half hours agreed on besides the first.
fn talk(extensions: usize, lasted: i64, half_hours: u8) -> Result<Case, Refusal> {
    let mut case = received(at(PATIENT, CaseStage::Scheduled), now());
    for _ in 0..extensions {
        case = case.agree_extension(&by(Receiving), &rules(), now(), (ExtensionPayer::Payer, None), None)?.case;
    }
    let held = TookPlace { ended_at: minutes(180 + lasted), half_hours, ..took_place(minutes(180)) };
    Ok(case.record_consultation(&by(Receiving), &rules(), minutes(600), ConsultationEnd::Held(held))?.case)
}

#[test]
fn half_hours_are_charged_that_were_agreed_on_and_began() {
    let charged = |case: Case| case.visit().unwrap().charged();
    assert_eq!(talk(2, 85, 3).map(charged), Ok(Some((3, 3))), "ninety minutes");
    assert_eq!(talk(1, 85, 2).map(charged), Ok(Some((2, 2))), "85 minutes on the clock, one extension agreed on");
    assert_eq!(talk(0, 31, 1).map(charged), Ok(Some((1, 1))), "31 minutes, none agreed on");
    assert_eq!(talk(2, 60, 2).map(charged), Ok(Some((2, 2))), "agreed on, and not begun");
    assert_eq!(talk(1, 85, 3), Err(Refusal::HalfHoursImpossible { agreed: 2, begun: 3 }));
    assert_eq!(talk(2, 60, 3), Err(Refusal::HalfHoursImpossible { agreed: 3, begun: 2 }));
    assert_eq!(talk(0, 20, 0), Err(Refusal::HalfHoursImpossible { agreed: 1, begun: 1 }));
    assert_eq!(talk(0, 0, 1), Err(Refusal::TimesImpossible));
    assert_eq!(talk(0, 13 * 60, 1), Err(Refusal::TimesImpossible), "nobody talks so long");
}

#[test]
fn time_that_the_hospital_lost_is_free_and_the_first_half_hour_never_is() {
    let with = |free: u8| {
        let mut case = received(at(PATIENT, CaseStage::Scheduled), now());
        case = case.agree_extension(&by(Receiving), &rules(), now(), (ExtensionPayer::Payer, None), None).unwrap().case;
        let not_charged = Some(NotCharged { half_hours: free, reason: NotChargedReason::HospitalDelay, text: None });
        let held = TookPlace { ended_at: minutes(240), half_hours: 2, not_charged, ..took_place(minutes(180)) };
        case.record_consultation(&by(Receiving), &rules(), minutes(600), ConsultationEnd::Held(held)).map(|change| change.case)
    };
    assert_eq!(with(1).unwrap().visit().unwrap().charged(), Some((1, 1)));
    assert_eq!(with(2).map(drop), Err(Refusal::FirstIsCharged));
    assert_eq!(with(0).map(drop), Err(Refusal::FirstIsCharged), "nothing is no exception");
}

#[test]
fn those_who_visit_pay_the_last_half_hours_that_they_agreed_on() {
    let mut case = received(at(PATIENT, CaseStage::Scheduled), now());
    for payer in [ExtensionPayer::Payer, ExtensionPayer::Visitor] {
        case = case.agree_extension(&by(Receiving), &rules(), now(), (payer, None), None).unwrap().case;
    }
    let charged = |half_hours: u8| {
        let held = TookPlace { ended_at: minutes(180 + 30 * i64::from(half_hours)), half_hours, ..took_place(minutes(180)) };
        let talk = case.clone().record_consultation(&by(Receiving), &rules(), minutes(600), ConsultationEnd::Held(held));
        talk.unwrap().case.visit().unwrap().charged()
    };
    assert_eq!([charged(1), charged(2), charged(3)], [Some((1, 1)), Some((2, 2)), Some((3, 2))]);
}

#[test]
fn an_interpreter_who_was_expected_is_accounted_for() {
    let form = Application { language: Some(text("vi")), ..application() };
    let accepted = quoted(advanced(opened(PATIENT, form), CaseStage::Accepted));
    let chosen = (visit_time(3), InterpreterFrom::Hospital);
    let visit = received(accepted.book(&by(Desk), &rules(), hours(-5), (id(70), None), chosen, ON_THE_DAY).unwrap().case, now());
    let talk = |interpreter, words: Option<&str>| {
        let held = TookPlace { interpreter, interpreter_text: words.map(text), ..took_place(hours(3)) };
        visit.clone().record_consultation(&by(Receiving), &rules(), hours(4), ConsultationEnd::Held(held)).map(drop)
    };
    assert_eq!(talk(InterpreterAtVisit::NotNeeded, None), Err(Refusal::InterpreterMissing));
    assert_eq!(talk(InterpreterAtVisit::WentOnWithout, None), Err(Refusal::InterpreterMissing));
    assert_eq!(talk(InterpreterAtVisit::WentOnWithout, Some("She speaks enough English.")), Ok(()));
    assert_eq!(talk(InterpreterAtVisit::Replaced, None), Ok(()));
    assert_eq!(talk(InterpreterAtVisit::Present, None), Ok(()));
}

#[test]
fn whoever_was_in_the_room_was_received() {
    let visit = received(at(OTHERS, CaseStage::Scheduled), now());
    let talk = |representatives| {
        let held = TookPlace { representatives, ..took_place(hours(3)) };
        visit.clone().record_consultation(&by(Receiving), &rules(), hours(4), ConsultationEnd::Held(held)).map(drop)
    };
    let jun = visit.application().representatives[0].id;
    assert_eq!(talk(vec![jun]), Ok(()));
    assert_eq!(talk(vec![jun, id(99)]), Err(Refusal::NotReceived { representatives: vec![1] }));
}

#[test]
fn what_the_desk_records_a_physician_confirms_by_a_correction() {
    let visit = received(at(PATIENT, CaseStage::Scheduled), now());
    let held = || ConsultationEnd::Held(took_place(hours(3)));
    let by_desk = visit.clone().record_consultation(&by(Desk), &rules(), hours(4), held()).unwrap().case;
    assert_eq!(by_desk.consultation().unwrap().confirmed_by, None);
    let confirmed = by_desk
        .correct_consultation(&by(Receiving), &rules(), hours(5), (Some(took_place(hours(3))), text("Confirmed.")), true)
        .unwrap()
        .case;
    assert_eq!(confirmed.consultation().unwrap().confirmed_by, Some(by(Receiving).user));
    assert_eq!(confirmed.visit().unwrap().visit.corrections.len(), 1);
    let back = |is_charged| confirmed.clone().correct_consultation(&by(Desk), &rules(), hours(5), (None, text("A slip.")), is_charged);
    assert_eq!(back(true).map(drop), Err(Refusal::ConsultationCharged));
    let open = back(false).unwrap().case;
    assert_eq!((open.stage().name(), open.consultation()), (CaseStage::Scheduled, None));
    assert!(open.clone().restore().is_ok());
    assert!(open.record_consultation(&by(Receiving), &rules(), hours(5), held()).is_ok());
}

#[test]
fn a_consultation_that_the_hospital_breaks_off_did_not_take_place() {
    let visit = received(at(PATIENT, CaseStage::Scheduled), now());
    let end = ConsultationEnd::BrokenOff { reason: text("An emergency.") };
    let broken = visit.record_consultation(&by(Receiving), &rules(), hours(4), end).unwrap().case;
    assert_eq!((broken.stage().name(), broken.waiting_on(), broken.taken()), (CaseStage::Accepted, WaitingOn::Desk, Vec::new()));
    assert_eq!(broken.appointments()[0].state, AppointmentState::BrokenOff);
    assert!(broken.is_changed_by_the_hospital(), "everything goes back if the family ends the case");
}

#[test]
fn once_somebody_was_received_the_visit_is_neither_declined_nor_moved() {
    let visit = received(at(PATIENT, CaseStage::Scheduled), now());
    let decline = visit.clone().decline(&by(Desk), &rules(), now(), declined(DeclineCode::Other));
    assert_eq!(decline.map(drop), Err(Refusal::VisitHasBegun));
    assert!(!visit.allowed_actions(&by(Desk)).contains(&Operation::RescheduleAppointment));
    assert!(visit.allowed_actions(&by(Desk)).contains(&Operation::CancelAppointment), "the desk may still cancel it");
}

#[test]
fn a_visit_lacks_its_outcome_from_the_next_day_on() {
    let visit = at(PATIENT, CaseStage::Scheduled);
    assert!(!visit.lacks_outcome(hours(11)));
    assert!(visit.lacks_outcome(hours(12)), "midnight in Tokyo");
    assert!(!at(PATIENT, CaseStage::Consulted).lacks_outcome(day(30)));
}

#[test]
fn exams_are_noted_for_the_hospital_alone() {
    let visit = at(PATIENT, CaseStage::Consulted);
    let noted = visit.record_exam(&by(Receiving), &rules(), now(), text("An ultrasound."), text("Acute pain.")).unwrap();
    assert_eq!(noted.case.exams().len(), 1);
    assert_eq!(noted.events[0].audience, Audience::STAFF);
}
