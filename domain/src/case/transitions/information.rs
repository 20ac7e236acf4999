//! The hospital asks, the applicant answers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::apply::after_days;
use crate::access::{Operation, Standing};
use crate::case::{Case, Decided, EventKind, Intake, Refusal, Rules, Stage, StageName};
use crate::ids::{InformationRequestId, UserId};
use crate::people::{LongText, ShortText};
use crate::required_items::{ItemCode, ItemRecord, ItemState, checklist};
use crate::wire::wire_enum;

/// What is asked for: items, recommended ones too, and questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Items.
    pub items: Vec<ItemCode>,
    /// Questions.
    pub questions: Vec<LongText>,
}

wire_enum! {
    /// Where a request stands.
    RequestState {
        /// Waiting for its answer.
        Open = "open",
        /// Answered.
        Answered = "answered",
        /// Withdrawn by the hospital.
        Withdrawn = "withdrawn",
    }
}

/// What is said about one item that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAnswer {
    /// The item.
    pub item: ItemCode,
    /// Why it cannot be provided; `None` says that it was handed in.
    pub cannot_provide: Option<ShortText>,
}

/// The answer to a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// One for each item that was asked for.
    pub items: Vec<ItemAnswer>,
    /// One for each question, in their order.
    pub answers: Vec<LongText>,
}

/// A request for information.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InformationRequest {
    /// The identifier.
    pub id: InformationRequestId,
    /// What is asked for.
    pub asked: Asked,
    /// Who asked.
    pub asked_by: UserId,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands.
    pub state: RequestState,
    /// The answer.
    pub answer: Option<Answers>,
    /// Who answered or withdrew.
    pub settled_by: Option<UserId>,
    /// When.
    pub settled_at: Option<Timestamp>,
}

/// Stages in which the hospital may ask: until delivery or the visit.
const ASKING: &[StageName] = &[
    StageName::Submitted,
    StageName::InformationRequested,
    StageName::InTriage,
    StageName::Accepted,
    StageName::Scheduled,
    StageName::AwaitingPayment,
    StageName::Writing,
    StageName::InReview,
];

impl Case {
    pub(in crate::case) fn may_request_information(&self, by: &Standing) -> Result<(), Refusal> {
        self.guard(by, Operation::RequestInformation, ASKING)
    }

    /// Asks for items and answers. Before acceptance the case goes back to the applicant; later it is held.
    pub fn request_information(
        mut self,
        by: &Standing,
        rules: &Rules<'_>,
        now: Timestamp,
        id: InformationRequestId,
        asked: Asked,
    ) -> Result<Decided, Refusal> {
        self.may_request_information(by)?;
        if asked.items.is_empty() && asked.questions.is_empty() {
            return Err(Refusal::NothingAsked);
        }
        let list = checklist(&self, rules.settings);
        if let Some(item) = asked.items.iter().find(|item| list.find(**item).is_none()) {
            return Err(Refusal::ItemNotApplicable { item: *item });
        }
        self.requests.push(InformationRequest {
            id,
            asked,
            asked_by: by.user,
            asked_at: now,
            state: RequestState::Open,
            answer: None,
            settled_by: None,
            settled_at: None,
        });
        if let Stage::Intake { kind, .. } = self.stage {
            self.stage = Stage::Intake { kind, step: Intake::InformationRequested };
            self.expires_at = Some(after_days(now, rules.settings.intake.information_expires_after_days));
        }
        Ok(self.settled(rules, now, EventKind::InformationRequested { request: id }))
    }

    pub(in crate::case) fn may_answer(&self, by: &Standing) -> Result<(), Refusal> {
        self.guard(by, Operation::AnswerInformationRequest, ASKING)?;
        self.any_open_request()
    }

    fn any_open_request(&self) -> Result<(), Refusal> {
        let open = self.requests.iter().any(|request| request.state == RequestState::Open);
        if open { Ok(()) } else { Err(Refusal::RequestNotOpen) }
    }

    /// Answers a request: everything that it asks, at once.
    pub fn answer_information_request(
        mut self,
        by: &Standing,
        rules: &Rules<'_>,
        now: Timestamp,
        id: InformationRequestId,
        answers: Answers,
    ) -> Result<Decided, Refusal> {
        self.guard(by, Operation::AnswerInformationRequest, ASKING)?;
        let asked = self.open_request(id)?.asked.clone();
        self.check_answers(rules, &asked, &answers)?;
        for answer in &answers.items {
            if let Some(reason) = &answer.cannot_provide {
                let record = ItemRecord { state: ItemState::Unavailable, reason: Some(reason.clone()), by: by.user, at: now };
                self.items.insert(answer.item, record);
            }
        }
        self.settle_request(by, now, id, RequestState::Answered, Some(answers));
        Ok(self.after_request(EventKind::InformationAnswered { request: id }, rules, now))
    }

    pub(in crate::case) fn may_withdraw_request(&self, by: &Standing) -> Result<(), Refusal> {
        self.guard(by, Operation::WithdrawInformationRequest, ASKING)?;
        self.any_open_request()
    }

    /// Withdraws a request: the hospital does not need the answer any longer.
    pub fn withdraw_information_request(
        mut self,
        by: &Standing,
        rules: &Rules<'_>,
        now: Timestamp,
        id: InformationRequestId,
    ) -> Result<Decided, Refusal> {
        self.guard(by, Operation::WithdrawInformationRequest, ASKING)?;
        self.open_request(id)?;
        self.settle_request(by, now, id, RequestState::Withdrawn, None);
        Ok(self.after_request(EventKind::InformationRequestWithdrawn { request: id }, rules, now))
    }

    fn open_request(&self, id: InformationRequestId) -> Result<&InformationRequest, Refusal> {
        let request = self.requests.iter().find(|request| request.id == id).ok_or(Refusal::RequestUnknown)?;
        if request.state == RequestState::Open { Ok(request) } else { Err(Refusal::RequestNotOpen) }
    }

    fn check_answers(&self, rules: &Rules<'_>, asked: &Asked, answers: &Answers) -> Result<(), Refusal> {
        let list = checklist(self, rules.settings);
        let mut items = Vec::new();
        for item in &asked.items {
            let given = matches!(self.item_state(*item), ItemState::Provided | ItemState::Verified);
            match answers.items.iter().find(|answer| answer.item == *item) {
                Some(ItemAnswer { cannot_provide: Some(_), .. }) => {
                    // Asking made a recommended item block; that does not make it required.
                    let required = list.find(*item).is_some_and(|entry| entry.level.is_required());
                    if required {
                        return Err(Refusal::ItemIsRequired { item: *item });
                    }
                }
                Some(ItemAnswer { cannot_provide: None, .. }) if given => {}
                Some(_) | None => items.push(*item),
            }
        }
        if let Some(stray) = answers.items.iter().find(|answer| !asked.items.contains(&answer.item)) {
            return Err(Refusal::ItemNotApplicable { item: stray.item });
        }
        if answers.answers.len() > asked.questions.len() {
            return Err(Refusal::TooMany { pointer: "/answers" });
        }
        let questions: Vec<usize> = (answers.answers.len()..asked.questions.len()).collect();
        if items.is_empty() && questions.is_empty() { Ok(()) } else { Err(Refusal::AnswersIncomplete { items, questions }) }
    }

    fn settle_request(&mut self, by: &Standing, now: Timestamp, id: InformationRequestId, state: RequestState, answer: Option<Answers>) {
        if let Some(request) = self.requests.iter_mut().find(|request| request.id == id) {
            request.state = state;
            request.answer = answer;
            request.settled_by = Some(by.user);
            request.settled_at = Some(now);
        }
    }

    /// When the last open request is settled, the case goes on where it waited.
    fn after_request(mut self, happened: EventKind, rules: &Rules<'_>, now: Timestamp) -> Decided {
        let waits = self.any_open_request().is_ok();
        if !waits && let Stage::Intake { kind, step: Intake::InformationRequested } = self.stage {
            self.stage = Stage::Intake { kind, step: Intake::Submitted };
            self.expires_at = None;
        }
        self.settled(rules, now, happened)
    }
}

impl crate::required_items::Level {
    /// Whether an answer "I cannot provide this" is no answer.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredIf)
    }
}
