//! Consents: who signs, what counts, until when.

use jiff::civil::{Date, date};

use crate::access::Relation;
use crate::intake::Representative;
use crate::intake::items::{BlockedStep, ItemState, checklist};
use crate::people::LegalRepresentative;
use crate::service::ServiceKind;
use crate::tests::fixtures::*;

const VISIT: ServiceKind = ServiceKind::RepresentativeConsultation;
const FOR_VISITORS: ConsentKind = ConsentKind::RepresentativeConsultation;

fn friend() -> Case {
    opened(VISIT, with_a_friend())
}

fn register(case: Case, paper: ConsentPaper) -> Result<Change, Refusal> {
    case.register_consent(&by(Relation::Desk), &rules(), now(), id(50), paper)
}

fn find(case: Case, finding: ConsentFinding) -> Result<Change, Refusal> {
    case.verify_consent(&by(Relation::Desk), &rules(), now(), id(50), finding, DatesRead::default())
}

fn refused(reason: ConsentRefusal) -> ConsentFinding {
    ConsentFinding::Refused { reason, text: Some(text("the brother's signature")) }
}

fn state(case: &Case, today: Date) -> ConsentState {
    case.consents()[0].state_on(today)
}

fn item(case: &Case) -> (ItemState, BlockedStep) {
    let list = checklist(case, &rules());
    let entry = list.find(ItemCode::PatientConsent).unwrap();
    (entry.state, entry.blocks)
}

#[test]
fn the_patient_signs_or_who_signs_for_them_by_law_and_nobody_else() {
    let signed_by = |case: Case, signer| register(case, ConsentPaper { signer, ..paper(FOR_VISITORS, vec![id(53)]) }).map(drop);
    assert_eq!(signed_by(friend(), ConsentSigner::Patient), Ok(()));
    assert_eq!(signed_by(friend(), ConsentSigner::Other), Err(Refusal::SignerNotAllowed));
    assert_eq!(signed_by(friend(), ConsentSigner::LegalRepresentative), Err(Refusal::SignerNotAllowed), "nobody is named");
    let mut form = with_a_friend();
    form.patient.legal_representative = Some(mother());
    let minor = || opened(VISIT, form.clone());
    assert_eq!(signed_by(minor(), ConsentSigner::LegalRepresentative), Ok(()));
    assert_eq!(signed_by(minor(), ConsentSigner::Patient), Err(Refusal::SignerNotAllowed), "a minor does not sign");
}

fn mother() -> LegalRepresentative {
    serde_json::from_str(r#"{"name":{"alphabetic":"Ann Tan"},"relation":"parent","ground":"minor"}"#).unwrap()
}

#[test]
fn a_legal_representative_signs_once_the_desk_has_seen_the_evidence() {
    let mut form = with_a_friend();
    form.patient.legal_representative = Some(mother());
    let signed = ConsentPaper { signer: ConsentSigner::LegalRepresentative, ..paper(FOR_VISITORS, vec![id(53)]) };
    let registered = register(opened(VISIT, form), signed).unwrap().case;
    assert_eq!(find(registered.clone(), ConsentFinding::Verified).unwrap_err(), Refusal::EvidenceMissing);
    let mut proven = registered;
    proven.application.patient.legal_representative = Some(LegalRepresentative { evidence: Some(text("birth certificate")), ..mother() });
    assert!(find(proven, ConsentFinding::Verified).is_ok());
}

#[test]
fn the_desk_alone_enters_the_evidence() {
    let json = r#"{"patient":{"legal_representative":{"name":{"alphabetic":"Ann Tan"},"ground":"minor","evidence":"birth certificate"}}}"#;
    let update = |relation| draft(VISIT).update(&by(relation), &rules(), now(), patch(json), &mut || id(60)).map(drop);
    assert_eq!(update(Relation::Applicant), Err(Refusal::EvidenceIsTheDesks));
    assert_eq!(update(Relation::Desk), Ok(()));
}

#[test]
fn a_paper_that_cannot_be_is_refused_with_its_place() {
    let good = || paper(FOR_VISITORS, vec![id(53)]);
    let cases = [
        (ConsentPaper { representatives: vec![], ..good() }, "nobody_named", "/representative_ids"),
        (ConsentPaper { representatives: vec![id(53), id(99)], ..good() }, "representative_unknown", "/representative_ids/1"),
        (ConsentPaper { on_paper: false, ..good() }, "copy_missing", "/document_id"),
        (ConsentPaper { signed_on: Some(date(2026, 11, 7)), ..good() }, "signed_in_future", "/signed_on"),
        (ConsentPaper { valid_until_on: Some(date(2026, 11, 1)), ..good() }, "period_impossible", "/valid_until_on"),
    ];
    for (bad, code, pointer) in cases {
        let refusal = register(friend(), bad).unwrap_err();
        assert_eq!((refusal.code(), refusal.pointers()[0].0.as_str()), (code, pointer));
    }
    let today = ConsentPaper { signed_on: Some(date(2026, 11, 6)), valid_until_on: Some(date(2026, 11, 6)), ..good() };
    assert!(register(friend(), today).is_ok());
    let applicants = friend().register_consent(&by(Relation::Applicant), &rules(), now(), id(50), good());
    assert_eq!(applicants.unwrap_err(), Refusal::PaperIsTheDesks);
}

#[test]
fn a_consent_is_for_what_the_case_is() {
    let disclosure = paper(ConsentKind::AgencyDisclosure, vec![]);
    assert_eq!(register(friend(), disclosure.clone()).unwrap_err(), Refusal::NoAgency);
    assert_eq!(register(draft(ServiceKind::WrittenOpinion), disclosure.clone()).unwrap_err(), Refusal::NoConsentNeeded);
    let mut referred = draft(ServiceKind::WrittenOpinion);
    referred.agency = Some(id(1));
    assert!(register(referred.clone(), disclosure).is_ok());
    let named = register(referred.clone(), paper(ConsentKind::AgencyDisclosure, vec![id(53)]));
    assert_eq!(named.unwrap_err(), Refusal::RepresentativeUnknown { representatives: vec![0] });
    let for_visitors = register(referred.clone(), paper(FOR_VISITORS, vec![id(53)]));
    assert_eq!(for_visitors.unwrap_err(), Refusal::WrongKind { is: ServiceKind::WrittenOpinion });
    let form = |case: &Case, kind| case.consent_to_ask_for(kind);
    assert_eq!(form(&referred, None), Ok(ConsentKind::AgencyDisclosure));
    assert_eq!(form(&referred, Some(FOR_VISITORS)), Err(Refusal::WrongKind { is: ServiceKind::WrittenOpinion }));
    assert_eq!((form(&friend(), None), form(&friend(), Some(ConsentKind::AgencyDisclosure))), (Ok(FOR_VISITORS), Err(Refusal::NoAgency)));
    assert_eq!(form(&draft(ServiceKind::PatientConsultation), None), Err(Refusal::NoConsentNeeded));
}

#[test]
fn a_patient_who_does_not_know_signs_nothing() {
    let claimed = opened(VISIT, Application { patient_uninformed: true, ..application() });
    assert_eq!(claimed.consent_to_ask_for(None), Err(Refusal::NoConsentWhileUninformed));
    assert_eq!(register(claimed, paper(FOR_VISITORS, vec![id(53)])).unwrap_err(), Refusal::NoConsentWhileUninformed);
}

#[test]
fn a_consent_goes_from_the_paper_to_the_check_and_back_and_a_withdrawal_is_the_end() {
    let registered = consented(friend(), FOR_VISITORS, vec![id(53)]);
    assert_eq!((state(&registered, rules().today), item(&registered).0), (ConsentState::Registered, ItemState::Provided));
    let sent_back = find(registered, refused(ConsentRefusal::NotSignedByPatient)).unwrap();
    let told = &sent_back.events[0].kind;
    assert_eq!(*told, EventKind::ConsentRefused { consent: id(50), reason: ConsentRefusal::NotSignedByPatient });
    assert_eq!(
        (state(&sent_back.case, rules().today), item(&sent_back.case)),
        (ConsentState::Refused, (ItemState::Rejected, BlockedStep::Triage))
    );
    let list = checklist(&sent_back.case, &rules());
    let entry = list.find(ItemCode::PatientConsent).unwrap();
    assert_eq!(
        (entry.reason.as_deref(), entry.consent_refused),
        (Some("the brother's signature"), Some(ConsentRefusal::NotSignedByPatient))
    );
    assert_eq!((entry.next, entry.representatives.clone()), (WaitingOn::Applicant, vec![id(53)]));
    let right = find(sent_back.case, ConsentFinding::Verified).unwrap().case;
    assert_eq!((state(&right, rules().today), item(&right)), (ConsentState::Verified, (ItemState::Verified, BlockedStep::Reception)));
    let gone = right.withdraw_consent(&by(Relation::Patient), &rules(), now(), id(50), None).unwrap().case;
    assert_eq!((state(&gone, rules().today), item(&gone).0), (ConsentState::Withdrawn, ItemState::Missing));
    assert_eq!(find(gone.clone(), ConsentFinding::Verified).unwrap_err(), Refusal::ConsentNotOpen);
    let again = gone.withdraw_consent(&by(Relation::Desk), &rules(), now(), id(50), None);
    assert_eq!(again.unwrap_err(), Refusal::ConsentNotOpen);
}

#[test]
fn a_consent_holds_for_its_period_to_the_last_day() {
    let by_setting = found_right(consented(friend(), FOR_VISITORS, vec![id(53)]));
    assert_eq!(by_setting.consents()[0].paper.valid_until_on, Some(date(2027, 11, 2)), "365 days from the signature");
    assert_eq!(state(&by_setting, date(2027, 11, 2)), ConsentState::Verified);
    assert_eq!(state(&by_setting, date(2027, 11, 3)), ConsentState::Ended);
    let stated = ConsentPaper { valid_until_on: Some(date(2026, 11, 5)), ..paper(FOR_VISITORS, vec![id(53)]) };
    let over = register(friend(), stated).unwrap().case;
    assert_eq!((state(&over, rules().today), item(&over).0), (ConsentState::Ended, ItemState::Rejected));
    let list = checklist(&over, &rules());
    assert_eq!(list.find(ItemCode::PatientConsent).unwrap().consent_refused, Some(ConsentRefusal::PeriodOver));
    assert_eq!(find(over, ConsentFinding::Verified).unwrap_err(), Refusal::ConsentPeriodOver);
    let undated = register(friend(), ConsentPaper { signed_on: None, ..paper(FOR_VISITORS, vec![id(53)]) }).unwrap().case;
    assert_eq!(find(undated, ConsentFinding::Verified).unwrap_err(), Refusal::ConsentUndated);
}

#[test]
fn the_best_of_several_papers_counts() {
    let second =
        |case: Case| case.register_consent(&by(Relation::Desk), &rules(), now(), id(51), paper(FOR_VISITORS, vec![id(53)])).unwrap().case;
    let sent_back = find(consented(friend(), FOR_VISITORS, vec![id(53)]), refused(ConsentRefusal::Illegible)).unwrap().case;
    assert_eq!(item(&second(sent_back)).0, ItemState::Provided, "a new copy waits for the desk");
    let right = found_right(consented(friend(), FOR_VISITORS, vec![id(53)]));
    let other = second(right).verify_consent(
        &by(Relation::Desk),
        &rules(),
        now(),
        id(51),
        refused(ConsentRefusal::Illegible),
        DatesRead::default(),
    );
    assert_eq!(item(&other.unwrap().case).0, ItemState::Verified, "the first still holds");
}

#[test]
fn a_consent_is_for_whom_it_names() {
    let mut form = with_a_friend();
    form.representatives.push(Representative { id: id(54), relation: Some(text("colleague")), ..form.representatives[0].clone() });
    let both = opened(VISIT, form);
    let one = found_right(consented(both, FOR_VISITORS, vec![id(53)]));
    let of = |number| one.consent_for(one.representative(id(number)).unwrap(), &rules());
    assert_eq!((of(53), of(54)), (Some(ItemState::Verified), Some(ItemState::Missing)));
    assert_eq!(item(&one), (ItemState::Missing, BlockedStep::Reception), "the other's consent blocks only the other");
}

#[test]
fn somebody_else_under_the_same_name_needs_a_new_check() {
    let right = found_right(consented(friend(), FOR_VISITORS, vec![id(53)]));
    let other = serde_json::from_str(r#"{"name":{"alphabetic":"Kim Lee"}}"#).unwrap();
    let changed = right.clone().update_representative(&by(Relation::Desk), &rules(), now(), id(53), other).unwrap().case;
    assert_eq!(item(&changed).0, ItemState::Provided);
    let phone = serde_json::from_str(r#"{"phone":"+6531632008"}"#).unwrap();
    let same = right.clone().update_representative(&by(Relation::Desk), &rules(), now(), id(53), phone).unwrap().case;
    assert_eq!(item(&same).0, ItemState::Verified, "a telephone number is nobody else");
    let submitted = advanced(right, CaseStage::Submitted);
    let json = r#"{"representatives":[{"id":"rep_0000000000000000000000001n","name":{"alphabetic":"Kim Lee"},"relation":"friend"}]}"#;
    let rewritten = submitted.update(&by(Relation::Desk), &rules(), now(), patch(json), &mut || id(60)).unwrap().case;
    assert_eq!(item(&rewritten).0, ItemState::Provided);
}

#[test]
fn the_copy_of_a_consent_is_evidence_and_is_never_deleted() {
    let copy = ConsentPaper { document: Some(id(3)), on_paper: false, ..paper(FOR_VISITORS, vec![id(53)]) };
    let registered = register(friend(), copy).unwrap().case;
    let delete = |case: Case| case.delete_document(&by(Relation::Applicant), &rules(), now(), id(3), None).map(drop);
    assert_eq!(delete(registered.clone()), Err(Refusal::ConsentRestsOnIt));
    let gone = registered.withdraw_consent(&by(Relation::Applicant), &rules(), now(), id(50), None).unwrap().case;
    assert_eq!(delete(gone), Err(Refusal::ConsentRestsOnIt), "somebody relied on it");
}

#[test]
fn nobody_checks_a_consent_as_an_item() {
    let handed_in = provided(advanced(friend(), CaseStage::Submitted), ItemCode::PatientConsent);
    assert_eq!(item(&handed_in).0, ItemState::Provided, "a paper that is not registered yet");
    let consent = ItemCode::PatientConsent;
    let verified = handed_in.clone().verify_item(&by(Relation::Desk), &rules(), now(), consent);
    assert_eq!(verified.unwrap_err(), Refusal::ConsentsAreRegistered);
    let rejected = handed_in.reject_item(&by(Relation::Desk), &rules(), now(), consent, text("no"));
    assert_eq!(rejected.unwrap_err(), Refusal::ConsentsAreRegistered);
}

#[test]
fn the_register_has_an_end_and_a_stranger_finds_nothing_in_it() {
    let mut case = friend();
    for number in 0..100 {
        case =
            case.register_consent(&by(Relation::Desk), &rules(), now(), id(100 + number), paper(FOR_VISITORS, vec![id(53)])).unwrap().case;
    }
    assert_eq!(register(case.clone(), paper(FOR_VISITORS, vec![id(53)])).unwrap_err(), Refusal::TooManyConsents);
    let copy = || ConsentPaper { document: Some(id(3)), on_paper: false, ..paper(FOR_VISITORS, vec![id(53)]) };
    let mut handed_in = friend();
    for number in 0..10 {
        handed_in = handed_in.register_consent(&by(Relation::Applicant), &rules(), now(), id(100 + number), copy()).unwrap().case;
    }
    let eleventh = handed_in.clone().register_consent(&by(Relation::Applicant), &rules(), now(), id(50), copy());
    assert_eq!(eleventh.unwrap_err(), Refusal::TooManyConsents, "the desk has not looked at ten");
    assert!(register(handed_in, paper(FOR_VISITORS, vec![id(53)])).is_ok(), "the desk goes on");
    assert_eq!(find(case.clone(), ConsentFinding::Verified).unwrap_err(), Refusal::Absent);
    assert_eq!(case.withdraw_consent(&by(Relation::Desk), &rules(), now(), id(50), None).unwrap_err(), Refusal::Absent);
}

#[test]
fn what_can_be_done_with_consents_is_offered() {
    use Operation::{RegisterConsent, VerifyConsent, WithdrawConsent};
    let offered = |case: &Case, relation| -> Vec<Operation> {
        let all = case.allowed_actions(&by(relation));
        all.into_iter().filter(|one| [RegisterConsent, VerifyConsent, WithdrawConsent].contains(one)).collect()
    };
    assert_eq!(offered(&friend(), Relation::Desk), [RegisterConsent]);
    let registered = consented(friend(), FOR_VISITORS, vec![id(53)]);
    assert_eq!(offered(&registered, Relation::Desk), [RegisterConsent, VerifyConsent, WithdrawConsent]);
    assert_eq!(offered(&registered, Relation::Applicant), [RegisterConsent, WithdrawConsent]);
    assert_eq!(offered(&registered, Relation::Patient), [WithdrawConsent]);
    let gone = registered.withdraw_consent(&by(Relation::Desk), &rules(), now(), id(50), None).unwrap().case;
    assert_eq!(offered(&gone, Relation::Desk), [RegisterConsent]);
    assert_eq!(offered(&draft(ServiceKind::WrittenOpinion), Relation::Desk), []);
}

#[test]
fn a_signature_counts_only_of_who_signs_for_the_patient_now() {
    let right = found_right(consented(friend(), FOR_VISITORS, vec![id(53)]));
    let correct = |case: Case, json: &str| case.update(&by(Relation::Desk), &rules(), now(), patch(json), &mut || id(60)).unwrap().case;
    let named = r#"{"patient":{"legal_representative":{"name":{"alphabetic":"Ann Tan"},"ground":"incapacity"}}}"#;
    let replaced = correct(right, named);
    assert_eq!(item(&replaced).0, ItemState::Provided, "the patient's own signature is checked again");
    assert_eq!(find(replaced.clone(), ConsentFinding::Verified).unwrap_err(), Refusal::SignerReplaced);
    let again = correct(replaced, r#"{"patient":{"legal_representative":null}}"#);
    let found = found_right(again);
    let evidence = r#"{"patient":{"phone":"+6531632009"}}"#;
    assert_eq!(item(&correct(found, evidence)).0, ItemState::Verified, "a telephone number changes no signature");
}

#[test]
fn an_uploaded_copy_is_no_consent_any_longer_once_the_register_says_what_became_of_it() {
    let uploaded = provided(friend(), ItemCode::PatientConsent);
    assert_eq!(item(&uploaded).0, ItemState::Provided);
    let gone =
        consented(uploaded, FOR_VISITORS, vec![id(53)]).withdraw_consent(&by(Relation::Desk), &rules(), now(), id(50), None).unwrap().case;
    assert_eq!(item(&gone).0, ItemState::Missing);
}

#[test]
fn the_desk_puts_the_days_right_that_it_reads_on_the_paper() {
    let undated = register(friend(), ConsentPaper { signed_on: None, ..paper(FOR_VISITORS, vec![id(53)]) }).unwrap().case;
    let read = |signed_on, valid_until_on| {
        let read = DatesRead { signed_on: Some(signed_on), valid_until_on };
        undated.clone().verify_consent(&by(Relation::Desk), &rules(), now(), id(50), ConsentFinding::Verified, read)
    };
    let right = read(date(2026, 11, 3), Some(date(2026, 12, 31))).unwrap().case;
    let paper = &right.consents()[0].paper;
    assert_eq!((paper.signed_on, paper.valid_until_on), (Some(date(2026, 11, 3)), Some(date(2026, 12, 31))));
    assert_eq!(read(date(2026, 11, 7), None).unwrap_err(), Refusal::SignedInFuture);
    assert_eq!(read(date(2026, 11, 3), Some(date(2026, 11, 2))).unwrap_err(), Refusal::PeriodImpossible);
}

#[test]
fn the_reason_for_a_refusal_is_that_of_the_visitor_who_is_still_open() {
    let mut form = with_a_friend();
    form.representatives.push(Representative { id: id(54), relation: Some(text("colleague")), ..form.representatives[0].clone() });
    let first = find(consented(opened(VISIT, form), FOR_VISITORS, vec![id(53)]), refused(ConsentRefusal::SignatureMissing)).unwrap().case;
    let second = first.register_consent(&by(Relation::Desk), &rules(), now(), id(51), paper(FOR_VISITORS, vec![id(54)])).unwrap().case;
    let both =
        second.verify_consent(&by(Relation::Desk), &rules(), now(), id(51), ConsentFinding::Verified, DatesRead::default()).unwrap().case;
    let list = checklist(&both, &rules());
    let entry = list.find(ItemCode::PatientConsent).unwrap();
    assert_eq!((entry.state, entry.consent_refused), (ItemState::Rejected, Some(ConsentRefusal::SignatureMissing)));
}

#[test]
fn the_evidence_of_one_person_is_not_carried_over_to_another() {
    let mut form = with_a_friend();
    form.patient.legal_representative = Some(LegalRepresentative { evidence: Some(text("court paper")), ..mother() });
    let change = |relation, name: &str, evidence: &str| {
        let json = format!(
            r#"{{"patient":{{"legal_representative":{{"name":{{"alphabetic":"{name}"}},"relation":"parent","ground":"minor","evidence":{evidence}}}}}}}"#
        );
        opened_with_evidence(form.clone()).update(&by(relation), &rules(), now(), patch(&json), &mut || id(60)).map(drop)
    };
    assert_eq!(change(Relation::Applicant, "Mallory", r#""court paper""#), Err(Refusal::EvidenceIsTheDesks));
    assert_eq!(change(Relation::Applicant, "Mallory", "null"), Ok(()), "another person, not proven yet");
    assert_eq!(change(Relation::Applicant, "Ann Tan", r#""court paper""#), Ok(()), "nothing changes");
    assert_eq!(change(Relation::Applicant, "Ann Tan", "null"), Err(Refusal::EvidenceIsTheDesks));
    assert_eq!(change(Relation::Desk, "Bea Tan", r#""passport""#), Ok(()));
}

/// A draft in which the desk has recorded the evidence.
fn opened_with_evidence(form: Application) -> Case {
    let mut case = friend();
    case.application = form;
    case
}
