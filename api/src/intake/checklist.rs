//! The live checklist of required items, and the desk's checks.

use actix_web::{HttpRequest, get, post};
use application::intake::items;
use application::{CaseForCaller, Error};
use domain::access::may;
use domain::case::WaitingOn;
use domain::consents::ConsentRefusal;
use domain::ids::{CaseId, RepresentativeId};
use domain::intake::items::{Advice, BlockedStep, Checklist, ItemCode, ItemLevel, ItemState, WhyItApplies};
use domain::people::ShortText;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Body, Path};
use crate::http::messages::{Language, Messages};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_checklist).service(verify_item).service(reject_item).service(waive_item);
}

/// The checklist of a case as it stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseChecklist {
    /// The case.
    case_id: CaseId,
    /// The items that apply, in the order of the published page.
    entries: Vec<ChecklistLine>,
    /// Advice that does not block.
    advice: Vec<ChecklistAdvice>,
}

/// A line of the checklist.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChecklistLine {
    /// The item.
    item: ItemCode,
    /// The item in the reader's language.
    label: String,
    /// How much it is needed.
    level: ItemLevel,
    /// Why it applies.
    why: WhyItApplies,
    /// Where it stands.
    state: ItemState,
    /// The state in the reader's language.
    state_label: String,
    /// Why it stands there, in words.
    reason: Option<String>,
    /// Why a consent must be sent again, by its code; null if it need not.
    consent_refusal: Option<ConsentRefusal>,
    /// For the patient's consent: the people who visit and for whom it is not verified; an empty list for everything else.
    representative_ids: Vec<RepresentativeId>,
    /// Who does the next step.
    next: WaitingOn,
    /// The step that is blocked while it is not verified.
    blocks: BlockedStep,
}

/// Advice that does not block.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChecklistAdvice {
    /// Which.
    code: Advice,
    /// In the reader's language.
    text: String,
}

/// Why an item is sent back or waived.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemReason {
    /// In words, for the applicant.
    reason: ShortText,
}

impl CaseChecklist {
    fn of(case: CaseId, list: &Checklist, messages: &Messages, language: Language) -> Self {
        let line = |entry: &domain::intake::items::ChecklistEntry| ChecklistLine {
            item: entry.item,
            label: messages.label(language, "item", entry.item.as_str()),
            level: entry.level,
            why: entry.why,
            state: entry.state,
            state_label: messages.label(language, "item_state", entry.state.as_str()),
            reason: entry.reason.clone(),
            consent_refusal: entry.consent_refused,
            representative_ids: entry.representatives.clone(),
            next: entry.next,
            blocks: entry.blocks,
        };
        let advice =
            |one: &domain::intake::items::Advice| ChecklistAdvice { code: *one, text: messages.label(language, "advice", one.as_str()) };
        Self { case_id: case, entries: list.entries.iter().map(line).collect(), advice: list.advice.iter().map(advice).collect() }
    }
}

fn show(done: &(CaseForCaller, Checklist), messages: &Messages, language: Language) -> Result<Reply, Error> {
    let (loaded, list) = done;
    Ok(Reply::ok(&CaseChecklist::of(loaded.case.id(), list, messages, language))?.in_language(language))
}

/// Read the checklist
///
/// Each item with its reason, its state, whose step is next and which step it blocks; and advice that does not block.
#[utoipa::path(
    tag = "required-items",
    responses((status = 200, description = "The checklist.", body = CaseChecklist))
)]
#[get("/v1/cases/{case_id}/checklist")]
pub(crate) async fn get_checklist(caller: Authorized<may::GetChecklist>, Path(case): Path<CaseId>, request: HttpRequest) -> Answer {
    let (state, language) = (caller.state(), language_of(&request));
    caller.act(move |work| show(&items::get_checklist(work, case)?, &state.messages, language)).await
}

/// Verify an item
///
/// The desk checked it, and it is right. What comes by courier may be verified without a document. Consents are checked in their register.
#[utoipa::path(
    tag = "required-items",
    responses((status = 200, description = "The checklist.", body = CaseChecklist))
)]
#[post("/v1/cases/{case_id}/checklist/{item_code}/verify")]
pub(crate) async fn verify_item(
    caller: Authorized<may::VerifyItem>,
    Path((case, item)): Path<(CaseId, ItemCode)>,
    request: HttpRequest,
) -> Answer {
    let (state, language) = (caller.state(), language_of(&request));
    caller.act(move |work| show(&items::verify_item(work, case, item)?, &state.messages, language)).await
}

/// Reject an item
///
/// It must be sent again; the applicant reads why.
#[utoipa::path(
    tag = "required-items",
    request_body = ItemReason,
    responses((status = 200, description = "The checklist.", body = CaseChecklist))
)]
#[post("/v1/cases/{case_id}/checklist/{item_code}/reject")]
pub(crate) async fn reject_item(
    caller: Authorized<may::RejectItem>,
    Path((case, item)): Path<(CaseId, ItemCode)>,
    body: Body<ItemReason>,
    request: HttpRequest,
) -> Answer {
    let (state, language) = (caller.state(), language_of(&request));
    caller.act_on(body, move |work, body| show(&items::reject_item(work, case, item, &body.reason)?, &state.messages, language)).await
}

/// Waive an item
///
/// It need not be handed in; never a required one.
#[utoipa::path(
    tag = "required-items",
    request_body = ItemReason,
    responses((status = 200, description = "The checklist.", body = CaseChecklist))
)]
#[post("/v1/cases/{case_id}/checklist/{item_code}/waive")]
pub(crate) async fn waive_item(
    caller: Authorized<may::WaiveItem>,
    Path((case, item)): Path<(CaseId, ItemCode)>,
    body: Body<ItemReason>,
    request: HttpRequest,
) -> Answer {
    let (state, language) = (caller.state(), language_of(&request));
    caller.act_on(body, move |work, body| show(&items::waive_item(work, case, item, &body.reason)?, &state.messages, language)).await
}
