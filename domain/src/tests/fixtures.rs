//! Cases at every stage, reached by the transitions themselves, for the tests of this crate.

// What the rules' tests name, so that each need not list it.
pub(crate) use crate::access::{Audience, Caller, CaseAccess, Operation};
pub(crate) use crate::appointments::{Booked, InterpreterFrom, VisitTime};
pub(crate) use crate::billing::{Consent, Paid};
pub(crate) use crate::case::{CancelReason, Case, CaseRoute, CaseStage, Change, EventKind, HoldReason, Refusal, Rules, WaitingOn};
pub(crate) use crate::consents::{ConsentFinding, ConsentKind, ConsentPaper, ConsentRefusal, ConsentSigner, ConsentState, DatesRead};
pub(crate) use crate::intake::items::ItemCode;
pub(crate) use crate::intake::{Application, ApplicationPatch, Opening, ReExamination};
pub(crate) use crate::money::Payer;
pub(crate) use crate::people::ShortText;
pub(crate) use crate::review::{Decline, DeclineCode, DocumentFact};
pub(crate) use crate::settings::HospitalSettings;
pub(crate) use crate::visit::{
    Arrival, Arrived, AtTheDoor, ConsultationEnd, IdentityKind, InterpreterAtVisit, Person, SeenIdentity, TookPlace,
};
pub(crate) use crate::written::{Signed, Submitted};

use crate::case::CancelledMoney;
use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::access::{Relation, Relations, Role, RoleAssignment, Roles};
use crate::ids::{Id, InvoiceId, OpinionId, RepresentativeId};
use crate::intake::items::{BlockedStep, checklist};
use crate::intake::requests::{Asked, InformationRequest};
use crate::money::Yen;
use crate::pathology::{Findings, SlideCount, Supplement};
use crate::people::PartyField;
use crate::service::ServiceKind;
use crate::written::PageFit;

static SETTINGS: LazyLock<HospitalSettings> = LazyLock::new(HospitalSettings::default);

/// The rules of a hospital that decided nothing for itself.
pub(crate) fn rules() -> Rules<'static> {
    Rules::at(&SETTINGS, now())
}

pub(crate) fn id<K: crate::ids::IdKind>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

/// Noon in Tokyo, so many days after the first of November 2026.
pub(crate) fn day(number: i64) -> Timestamp {
    let first: Timestamp = "2026-11-01T03:00:00Z".parse().unwrap();
    first + SignedDuration::from_hours(24 * number)
}

/// Today: before it lie the stages that a case has passed.
pub(crate) fn now() -> Timestamp {
    day(5)
}

/// Somebody in one relation to the case; one person for each relation.
pub(crate) fn by(relation: Relation) -> CaseAccess {
    let (number, _) = (100_u128..).zip(Relation::ALL).find(|(_, one)| **one == relation).unwrap();
    CaseAccess { user: id(number), relations: Relations::of(&[relation]) }
}

pub(crate) fn caller(role: Role) -> Caller {
    let department = role.needs_department().then(|| id(1));
    let agency = role.needs_agency().then(|| id(1));
    let assignment = RoleAssignment::new(role, department, agency).unwrap();
    Caller { user: by(Relation::Applicant).user, roles: Roles::new(vec![assignment]).unwrap(), director_any_department: false }
}

pub(crate) fn text<T: std::str::FromStr<Err: std::fmt::Debug>>(words: &str) -> T {
    words.parse().unwrap()
}

/// A change of the application.
pub(crate) fn patch(json: &str) -> ApplicationPatch {
    serde_json::from_str(json).unwrap()
}

/// An application that every service takes.
pub(crate) fn application() -> Application {
    let json = r#"{
        "patient": {
            "name": {"alphabetic": "Mei Tan", "native": "陳美"}, "birth_on": "1961-04-02", "phone": "+6531632000", "email": "mei.tan@example.org",
            "address": {"lines": ["1 Example Road"], "city": "Singapore", "postal_code": "018989", "country": "SG"}, "language": "en"
        },
        "contact_person": {
            "name": {"alphabetic": "Jun Tan"}, "relation": "child", "phone": "+6531632001", "email": "jun.tan@example.org",
            "address": {"city": "Singapore", "country": "SG"}
        },
        "representatives": [{"id": "rep_0000000000000000000000001n", "name": {"alphabetic": "Jun Tan"}, "relation": "child"}],
        "questions": ["Is surgery possible?", "Which chemotherapy is next?"],
        "has_family_or_friend_in_japan": false, "language": "en"
    }"#;
    serde_json::from_str(json).unwrap()
}

/// A draft of this service with this application.
pub(crate) fn opened(kind: ServiceKind, application: Application) -> Case {
    let opening = Opening { id: id(1), number: "2026-000001".to_owned(), kind, application, agency: None, follows: None };
    Case::open(opening, &caller(Role::Applicant), &rules(), day(0)).unwrap().case
}

pub(crate) fn draft(kind: ServiceKind) -> Case {
    opened(kind, application())
}

/// The same case, submitted and further, as far as `stage`.
pub(crate) fn advanced(draft: Case, stage: CaseStage) -> Case {
    let (desk, applicant, department) = (by(Relation::Desk), by(Relation::Applicant), by(Relation::Department));
    let rules = rules();
    let expired = |case: Case| case.expire(&rules, day(1000), false).unwrap().case;
    match stage {
        CaseStage::Draft => draft,
        CaseStage::Submitted => draft.submit(&applicant, &rules, day(1)).unwrap().case,
        CaseStage::InformationRequested => {
            advanced(draft, CaseStage::Submitted).request_information(&desk, &rules, day(1), id(7), &request().asked).unwrap().case
        }
        CaseStage::InTriage => {
            let mut case = verified(advanced(draft, CaseStage::Submitted), BlockedStep::Triage);
            case = case.start_triage(&desk, &rules, day(2), id(1), &[], &[]).unwrap().case;
            case
        }
        CaseStage::Accepted => {
            let responsible = by(Relation::Responsible).user;
            attested(advanced(draft, CaseStage::InTriage)).accept(&department, &rules, day(2), responsible, None).unwrap().case
        }
        CaseStage::Scheduled => booked(quoted(advanced(draft, CaseStage::Accepted)), visit_time(3)),
        CaseStage::Consulted => {
            let booked = booked(quoted(advanced(draft, CaseStage::Accepted)), visit_time(-2));
            consulted(received(booked, hours(-2)), hours(-2))
        }
        CaseStage::AwaitingPayment => {
            quoted(advanced(draft, CaseStage::Accepted)).issue_invoice(&desk, &rules, day(3), invoice(), due_on()).unwrap().case
        }
        CaseStage::Writing => {
            advanced(draft, CaseStage::AwaitingPayment).record_payment(&by(Relation::Billing), &rules, day(4), paid(true)).unwrap().case
        }
        CaseStage::InReview => {
            advanced(draft, CaseStage::Writing).submit_opinion(&by(Relation::Responsible), &rules, day(4), &submission()).unwrap().case
        }
        CaseStage::Delivered => {
            let signed = Signed { by: department.user, has_reader: true };
            advanced(draft, CaseStage::InReview).deliver_opinion(&department, &rules, day(5), signed).unwrap().case
        }
        CaseStage::Closed if draft.kind() != ServiceKind::WrittenOpinion => {
            let invoiced = advanced(draft, CaseStage::Consulted).invoice_visit(&desk, invoice(), true, true).unwrap().case;
            invoiced.close(&desk, &rules, day(5), true, true, true).unwrap().case
        }
        CaseStage::Closed => advanced(draft, CaseStage::Delivered).close(&desk, &rules, day(5), true, true, true).unwrap().case,
        CaseStage::Declined => {
            advanced(draft, CaseStage::InTriage).decline(&department, &rules, day(3), declined(DeclineCode::Other)).unwrap().case
        }
        CaseStage::Cancelled => {
            draft.cancel(&applicant, &rules, day(1), CancelReason::Withdrawn, None, CancelledMoney::UNPAID).unwrap().case
        }
        CaseStage::Expired => expired(draft),
    }
}

/// So many hours after noon of today.
pub(crate) fn hours(after_noon: i64) -> Timestamp {
    now() + SignedDuration::from_hours(after_noon)
}

/// Half an hour with the physician of visits, who is not the responsible one, so many hours after noon of today.
pub(crate) fn visit_time(after_noon: i64) -> VisitTime {
    VisitTime { starts_at: hours(after_noon), half_hours: 1, physician: by(Relation::Receiving).user, also: Vec::new() }
}

/// The estimate is for half an hour, paid on the day.
pub(crate) const ON_THE_DAY: Booked = Booked { half_hours: 1, must_be_paid: false };

/// The desk booked a time, early in the morning of today.
pub(crate) fn booked(case: Case, time: VisitTime) -> Case {
    let interpreter = InterpreterFrom::NotNeeded;
    case.book(&by(Relation::Desk), &rules(), hours(-5), (id(70), None), (time, interpreter), ON_THE_DAY).unwrap().case
}

/// Whoever visits is at the reception.
pub(crate) fn visitor(case: &Case) -> Arrived {
    let is_others = case.kind() == ServiceKind::RepresentativeConsultation;
    let representative = case.application().representatives.first().map(|one| one.id).filter(|_| is_others);
    Arrived {
        person: if representative.is_some() { Person::Representative } else { Person::Patient },
        representative,
        name: None,
        relation: None,
        identity: Some(SeenIdentity { kind: IdentityKind::Passport, ends_with: Some(text("47")) }),
        original_seen: false,
        outcome: AtTheDoor::Received,
        reason: None,
        text: None,
    }
}

pub(crate) fn arrival(people: Vec<Arrived>, at: Timestamp) -> Arrival {
    Arrival { people, interpreter: None, at, by: by(Relation::Desk).user }
}

/// Whoever visits was received.
pub(crate) fn received(case: Case, at: Timestamp) -> Case {
    let people = vec![visitor(&case)];
    case.record_arrival(&by(Relation::Desk), &rules(), at, arrival(people, at)).unwrap().case
}

/// A talk of half an hour.
pub(crate) fn took_place(began_at: Timestamp) -> TookPlace {
    TookPlace {
        began_at,
        ended_at: began_at + SignedDuration::from_mins(25),
        half_hours: 1,
        not_charged: None,
        representatives: Vec::new(),
        interpreter: InterpreterAtVisit::NotNeeded,
        interpreter_text: None,
        treatment_discussed: false,
    }
}

/// The consultation took place.
pub(crate) fn consulted(case: Case, began_at: Timestamp) -> Case {
    let held = ConsultationEnd::Held(took_place(began_at));
    case.record_consultation(&by(Relation::Receiving), &rules(), began_at + SignedDuration::from_hours(1), held).unwrap().case
}

/// The department stands behind the claim that the patient does not know, if there is one.
fn attested(case: Case) -> Case {
    if !case.is_patient_uninformed() {
        return case;
    }
    case.attest_uninformed(&by(Relation::Department), &rules(), day(2), true, None).unwrap().case
}

/// The open request of a case that waits for information.
pub(crate) fn request() -> InformationRequest {
    let asked = Asked { items: vec![ItemCode::BloodTest], questions: vec![text("Which medicines?")] };
    InformationRequest::ask(id(7), id(1), asked, by(Relation::Desk).user, day(1))
}

pub(crate) fn at(kind: ServiceKind, stage: CaseStage) -> Case {
    advanced(draft(kind), stage)
}

/// The stages that a case of this service passes or ends in.
pub(crate) fn stages_of(kind: ServiceKind) -> Vec<CaseStage> {
    use CaseStage::{AwaitingPayment, Consulted, Delivered, InReview, Scheduled, Writing};
    let foreign: &[CaseStage] = match kind {
        ServiceKind::WrittenOpinion => &[Scheduled, Consulted],
        ServiceKind::PatientConsultation | ServiceKind::RepresentativeConsultation => &[AwaitingPayment, Writing, InReview, Delivered],
    };
    CaseStage::ALL.iter().copied().filter(|stage| !foreign.contains(stage)).collect()
}

/// Every service at every stage that it passes.
pub(crate) fn everywhere() -> impl Iterator<Item = (ServiceKind, CaseStage)> {
    ServiceKind::ALL.iter().flat_map(|kind| stages_of(*kind).into_iter().map(|stage| (*kind, stage)))
}

/// The desk verified everything that blocks this.
pub(crate) fn verified(mut case: Case, blocked: BlockedStep) -> Case {
    for item in checklist(&case, &rules()).open(blocked) {
        if item == ItemCode::PathologySlides {
            case = counted(case, day(1));
            continue;
        }
        case = provided(case, item).verify_item(&by(Relation::Desk), &rules(), day(1), item).unwrap().case;
    }
    case
}

/// Pathology counted as many slides as are asked for.
pub(crate) fn counted(case: Case, when: Timestamp) -> Case {
    let count = SlideCount { slides: case.slides_asked_for(), note: None, by: id(40), at: when };
    case.confirm_slides(&by(Relation::Pathology), &rules(), when, count).unwrap().case
}

/// Pathology reported.
pub(crate) fn reported(case: Case) -> Case {
    let findings = Findings { text: text("No tumour."), correction: None, by: id(40), at: now() };
    case.record_findings(&by(Relation::Pathology), &rules(), now(), findings, true).unwrap().case
}

/// The invoice of the case as an addition to the re-examination sees it: it is none of one.
pub(crate) fn supplement(is_settled: bool) -> Supplement {
    Supplement { invoice: invoice(), slides: ReExamination::NONE, is_settled, has_money: true }
}

/// Somebody who is not family visits for the patient.
pub(crate) fn with_a_friend() -> Application {
    let mut form = application();
    form.representatives[0].relation = Some(text("friend"));
    form
}

/// A consent that the patient signed on the second of November; the desk holds the paper.
pub(crate) fn paper(kind: ConsentKind, representatives: Vec<RepresentativeId>) -> ConsentPaper {
    ConsentPaper {
        kind,
        signer: ConsentSigner::Patient,
        representatives,
        signed_on: Some(jiff::civil::date(2026, 11, 2)),
        valid_until_on: None,
        language: None,
        form_version: None,
        document: None,
        on_paper: true,
    }
}

/// The consent was handed in.
pub(crate) fn consented(case: Case, kind: ConsentKind, representatives: Vec<RepresentativeId>) -> Case {
    case.register_consent(&by(Relation::Desk), &rules(), now(), id(50), paper(kind, representatives)).unwrap().case
}

/// The desk found the consent right.
pub(crate) fn found_right(case: Case) -> Case {
    case.verify_consent(&by(Relation::Desk), &rules(), now(), id(50), ConsentFinding::Verified, DatesRead::default()).unwrap().case
}

/// A document was uploaded for the item.
pub(crate) fn provided(case: Case, item: ItemCode) -> Case {
    case.add_document(&by(Relation::Applicant), &rules(), day(1), id(3), Some(item)).unwrap().case
}

/// The hospital made an estimate, which holds for 60 days.
pub(crate) fn estimated(case: Case) -> Case {
    case.issue_estimate(&by(Relation::Desk), id(4), day(62)).unwrap().case
}

/// The applicant accepted an estimate.
pub(crate) fn quoted(case: Case) -> Case {
    estimated(case).accept_estimate(&by(Relation::Applicant), &rules(), day(3), consent(Payer::Applicant)).unwrap().case
}

/// The applicant accepted an estimate of a visit that is paid in advance.
pub(crate) fn prepaid(case: Case) -> Case {
    let consent = Consent { is_prepaid: true, ..consent(Payer::Applicant) };
    estimated(case).accept_estimate(&by(Relation::Applicant), &rules(), day(3), consent).unwrap().case
}

/// The case, with an estimate before the applicant if it stands where one is made.
pub(crate) fn asked(case: Case) -> Case {
    if case.stage().name() == CaseStage::Accepted { estimated(case) } else { case }
}

pub(crate) fn consent(payer: Payer) -> Consent {
    Consent { estimate: id(4), payer, is_prepaid: false }
}

pub(crate) fn invoice() -> InvoiceId {
    id(5)
}

/// The last day of the invoice.
pub(crate) fn due_on() -> jiff::civil::Date {
    jiff::civil::date(2026, 12, 4)
}

pub(crate) fn paid(in_full: bool) -> Paid {
    Paid {
        invoice: invoice(),
        payment: id(6),
        received_on: jiff::civil::date(2026, 11, 4),
        in_full,
        in_time: true,
        excess: Yen::ZERO,
        supplement: supplement(in_full),
    }
}

pub(crate) fn submission() -> Submitted {
    let opinion: OpinionId = id(8);
    Submitted { opinion, fit: PageFit { lines: 40, max_lines: 52 }, unaddressed: vec![], findings_in_the_text: true }
}

pub(crate) fn declined(code: DeclineCode) -> Decline {
    Decline { code, text: text("We are sorry."), note: None, refund: Yen::ZERO }
}

/// Fields that a party lacks.
pub(crate) fn lacking(refusal: &Refusal) -> (Vec<PartyField>, Vec<PartyField>) {
    let Refusal::ContactIncomplete { patient, contact_person } = refusal else { panic!("{refusal:?}") };
    (patient.clone(), contact_person.clone())
}
