//! Parts of a case that stand only in some cases: wishes for a visit, requests for treatment, another service that is proposed.

use application::CaseForCaller;
use domain::access::{Relation, Section};
use domain::appointments::{AppointmentWishes as Wishes, InterpreterFrom};
use domain::change_of_kind::KindProposal;
use domain::people::LongText;
use domain::service::ServiceKind;
use domain::visit::{TreatmentAnswer as Answer, TreatmentDecision, TreatmentRequest as Request};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::readers::FAMILY_AND_INFORMED_STAFF;

/// The days on which those who visit can come.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppointmentWishes {
    /// The days that they like best, in Tokyo, the best first.
    #[schema(max_items = 3)]
    days: Vec<Date>,
    /// The first day of their travel.
    from_on: Option<Date>,
    /// The last day of their travel.
    until_on: Option<Date>,
    /// Who provides the interpreter, as they see it.
    interpreter: Option<InterpreterFrom>,
    /// What the hospital must know, such as a wheelchair.
    needs: Option<LongText>,
    /// When it was written.
    proposed_at: Timestamp,
}

/// A request for treatment at the hospital.
#[derive(Serialize, ToSchema)]
pub(crate) struct TreatmentRequest {
    /// What is wished.
    text: LongText,
    /// When it was made.
    requested_at: Timestamp,
    /// The answer; null while it waits for one.
    answer: Option<TreatmentAnswer>,
}

/// The answer to a request for treatment.
#[derive(Serialize, ToSchema)]
pub(crate) struct TreatmentAnswer {
    /// The decision.
    decision: TreatmentDecision,
    /// In words: what comes next.
    text: LongText,
    /// When it was given.
    answered_at: Timestamp,
}

/// Another service that the hospital proposes.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseKindProposal {
    /// The service.
    kind: ServiceKind,
    /// Why.
    text: LongText,
    /// When it was proposed.
    proposed_at: Timestamp,
}

/// The wishes of those who visit, for readers who see names and addresses. A patient who was told later does not see earlier wishes.
pub(super) fn wishes(loaded: &CaseForCaller) -> Option<AppointmentWishes> {
    let (case, access) = (&loaded.case, &loaded.access);
    let is_open = |wishes: &&Wishes| case.opened_to(access).is_none_or(|since| wishes.at >= since);
    let Wishes { days, from_on, until_on, interpreter, needs, at, .. } =
        case.wishes().filter(|_| access.relations.may_see(Section::Contacts)).filter(is_open)?.clone();
    Some(AppointmentWishes { days, from_on, until_on, interpreter, needs, proposed_at: at })
}

/// The requests for treatment, in order. An agency reads them with the patient's consent.
pub(super) fn treatment_requests(loaded: &CaseForCaller, today: Date) -> Vec<TreatmentRequest> {
    let (case, relations) = (&loaded.case, loaded.access.relations);
    let is_agency = relations.contains(Relation::Agency) && case.is_disclosed_to_agency(today);
    let reads = relations.contains_any(FAMILY_AND_INFORMED_STAFF) || is_agency;
    case.treatment_requests().iter().filter(|_| reads).map(TreatmentRequest::of).collect()
}

/// The service that the hospital proposes.
pub(super) fn kind_proposal(loaded: &CaseForCaller) -> Option<CaseKindProposal> {
    let KindProposal { kind, text, at, .. } =
        loaded.case.kind_proposal().filter(|_| loaded.access.relations.may_see(Section::Contacts))?.clone();
    Some(CaseKindProposal { kind, text, proposed_at: at })
}

impl TreatmentRequest {
    fn of(request: &Request) -> Self {
        let answered = |answer: &Answer| TreatmentAnswer { decision: answer.decision, text: answer.text.clone(), answered_at: answer.at };
        Self { text: request.text.clone(), requested_at: request.at, answer: request.answer.as_ref().map(answered) }
    }
}
