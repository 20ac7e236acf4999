//! Requests and answers of requests for information.

use crate::http::body::{MoreFaults, repeated};
use crate::wire::page::Page;
use application::Fault;
use domain::ids::{InformationRequestId, UserId};
use domain::intake::items::ItemCode;
use domain::intake::requests::{Answers, Asked, InformationRequestState, ItemAnswer};
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The request of the hospital: at least one item or question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskForInformation {
    /// Items, recommended ones too: those that are asked for must be handed in or answered.
    #[serde(default)]
    #[schema(required = false, max_items = 11)]
    items: Vec<ItemCode>,
    /// Questions.
    #[serde(default)]
    #[schema(required = false, max_items = 20)]
    questions: Vec<LongText>,
}

/// Each item stands once.
#[derive(Debug)]
pub(crate) struct NoItemTwice;

impl MoreFaults<AskForInformation> for NoItemTwice {
    fn of(body: &AskForInformation) -> Vec<Fault> {
        repeated(&body.items, |place| format!("/items/{place}"))
    }
}

impl MoreFaults<AnswerInformation> for NoItemTwice {
    fn of(body: &AnswerInformation) -> Vec<Fault> {
        let items: Vec<ItemCode> = body.items.iter().map(|answer| answer.item).collect();
        repeated(&items, |place| format!("/items/{place}/item"))
    }
}

impl From<&AskForInformation> for Asked {
    fn from(body: &AskForInformation) -> Self {
        Self { items: body.items.clone(), questions: body.questions.clone() }
    }
}

/// The answer about one item that was asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerAboutItem {
    /// The item.
    item: ItemCode,
    /// Why it cannot be provided; absent or null says that it was handed in. Not for required items.
    #[serde(default)]
    cannot_provide: Option<ShortText>,
}

/// The answer to a request: everything that it asks, at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerInformation {
    /// One for each item that was asked for.
    #[serde(default)]
    #[schema(required = false, max_items = 11)]
    items: Vec<AnswerAboutItem>,
    /// One for each question, in their order.
    #[serde(default)]
    #[schema(required = false, max_items = 20)]
    answers: Vec<LongText>,
}

impl From<&AnswerInformation> for Answers {
    fn from(body: &AnswerInformation) -> Self {
        let about = |answer: &AnswerAboutItem| ItemAnswer { item: answer.item, cannot_provide: answer.cannot_provide.clone() };
        Self { items: body.items.iter().map(about).collect(), answers: body.answers.clone() }
    }
}

/// A page of them.
pub(crate) type InformationRequestList = Page<InformationRequest>;

/// A request for information.
#[derive(Serialize, ToSchema)]
pub(crate) struct InformationRequest {
    /// The request.
    id: InformationRequestId,
    /// Where it stands.
    state: InformationRequestState,
    /// The items that are asked for, with what was said about each.
    items: Vec<AskedItem>,
    /// The questions, with their answers.
    questions: Vec<AskedQuestion>,
    /// Who asked.
    asked_by: UserId,
    /// When.
    asked_at: Timestamp,
    /// Who answered or withdrew it.
    settled_by: Option<UserId>,
    /// When.
    settled_at: Option<Timestamp>,
}

/// An item that is asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct AskedItem {
    /// The item.
    item: ItemCode,
    /// Why it cannot be provided.
    cannot_provide: Option<ShortText>,
}

/// A question with its answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct AskedQuestion {
    /// The question.
    question: LongText,
    /// The answer.
    answer: Option<LongText>,
}

impl From<&domain::intake::requests::InformationRequest> for InformationRequest {
    fn from(request: &domain::intake::requests::InformationRequest) -> Self {
        let answer = request.answer.as_ref();
        let said = |item: ItemCode| answer?.items.iter().find(|one| one.item == item)?.cannot_provide.clone();
        let items = request.asked.items.iter().map(|item| AskedItem { item: *item, cannot_provide: said(*item) }).collect();
        let answered = |place: usize| answer?.answers.get(place).cloned();
        let questions = request.asked.questions.iter().enumerate();
        Self {
            id: request.id,
            state: request.state,
            items,
            questions: questions.map(|(place, question)| AskedQuestion { question: question.clone(), answer: answered(place) }).collect(),
            asked_by: request.asked_by,
            asked_at: request.asked_at,
            settled_by: request.settled_by,
            settled_at: request.settled_at,
        }
    }
}
