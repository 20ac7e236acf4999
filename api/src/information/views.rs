//! What goes in and out of requests for information.

use domain::ids::{InformationRequestId, UserId};
use domain::information::{Answers, Asked, ItemAnswer, RequestState};
use domain::people::{LongText, ShortText};
use domain::required_items::ItemCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::schemas;
use crate::documents::RequiredItemCode;

/// Where a request for information stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) enum InformationRequestState {
    Open,
    Answered,
    Withdrawn,
}

/// What the hospital asks for: at least one item or question.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskForInformation {
    /// Items, recommended ones too: those that are asked for must be handed in or answered.
    #[serde(default)]
    #[schema(value_type = Vec<RequiredItemCode>, required = false, max_items = 11)]
    items: Vec<ItemCode>,
    /// Questions.
    #[serde(default)]
    #[schema(value_type = Vec<schemas::Paragraphs>, required = false, max_items = 20)]
    questions: Vec<LongText>,
}

impl From<&AskForInformation> for Asked {
    fn from(body: &AskForInformation) -> Self {
        Self { items: body.items.clone(), questions: body.questions.clone() }
    }
}

/// What is said about one item that was asked for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerAboutItem {
    /// The item.
    #[schema(value_type = RequiredItemCode)]
    item: ItemCode,
    /// Why it cannot be provided; absent or null says that it was handed in. Not for required items.
    #[serde(default)]
    #[schema(value_type = Option<schemas::Line>, example = "The clinic has closed.")]
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
    #[schema(value_type = Vec<schemas::Paragraphs>, required = false, max_items = 20)]
    answers: Vec<LongText>,
}

impl From<&AnswerInformation> for Answers {
    fn from(body: &AnswerInformation) -> Self {
        let about = |answer: &AnswerAboutItem| ItemAnswer { item: answer.item, cannot_provide: answer.cannot_provide.clone() };
        Self { items: body.items.iter().map(about).collect(), answers: body.answers.clone() }
    }
}

/// A request for information.
#[derive(Serialize, ToSchema)]
pub(crate) struct InformationRequest {
    /// The request.
    #[schema(value_type = schemas::InformationRequestKey)]
    id: InformationRequestId,
    /// Where it stands.
    #[schema(value_type = InformationRequestState)]
    state: RequestState,
    /// The items that are asked for, with what was said about each.
    items: Vec<AskedItem>,
    /// The questions, with their answers.
    questions: Vec<AskedQuestion>,
    /// Who asked.
    #[schema(value_type = schemas::UserKey)]
    asked_by: UserId,
    /// When.
    #[schema(value_type = schemas::Moment)]
    asked_at: Timestamp,
    /// Who answered or withdrew it.
    #[schema(value_type = Option<schemas::UserKey>)]
    settled_by: Option<UserId>,
    /// When.
    #[schema(value_type = Option<schemas::Moment>)]
    settled_at: Option<Timestamp>,
}

/// An item that is asked for.
#[derive(Serialize, ToSchema)]
pub(crate) struct AskedItem {
    /// The item.
    #[schema(value_type = RequiredItemCode)]
    item: ItemCode,
    /// Why it cannot be provided.
    #[schema(value_type = Option<schemas::Line>, example = json!(null))]
    cannot_provide: Option<ShortText>,
}

/// A question with its answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct AskedQuestion {
    /// The question.
    #[schema(value_type = schemas::Paragraphs, example = "Since when do you have this pain?")]
    question: LongText,
    /// The answer.
    #[schema(value_type = Option<schemas::Paragraphs>, example = json!(null))]
    answer: Option<LongText>,
}

impl From<&domain::information::InformationRequest> for InformationRequest {
    fn from(request: &domain::information::InformationRequest) -> Self {
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

/// The requests for information of a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct InformationRequestList {
    /// The requests, oldest first.
    pub(crate) data: Vec<InformationRequest>,
    /// Whether there is a next page.
    #[schema(example = false)]
    pub(crate) has_more: bool,
    /// Where the next page begins.
    #[schema(example = json!(null))]
    pub(crate) next_cursor: Option<String>,
}
