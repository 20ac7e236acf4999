//! The hospital asks, the applicant answers.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation};
use crate::calendar::after_days;
use crate::case::{Case, CaseStage, Change, EventKind, Intake, Refusal, Rules, Stage};
use crate::ids::InformationRequestId;
use crate::intake::items::{ItemRecord, ItemState, checklist};
use crate::intake::requests::{Answers, Asked, InformationRequest, ItemAnswer, OpenRequest};

/// Stages in which the hospital may ask: until delivery or the visit.
const ASKING: &[CaseStage] = &[
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
];

impl Case {
    pub(crate) fn may_request_information(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RequestInformation, ASKING)
    }

    /// Asks for items and answers. Before acceptance the case goes back to the applicant; later it is held.
    pub fn request_information(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: InformationRequestId,
        asked: &Asked,
    ) -> Result<Change, Refusal> {
        self.may_request_information(by)?;
        if asked.items.is_empty() && asked.questions.is_empty() {
            return Err(Refusal::NothingAsked);
        }
        let list = checklist(&self, rules);
        if let Some(item) = asked.items.iter().find(|item| list.find(**item).is_none()) {
            return Err(Refusal::ItemNotApplicable { item: *item });
        }
        self.open_requests.push(OpenRequest { id, items: asked.items.clone() });
        self.ever_asked = true;
        if let Stage::Intake { kind, .. } = self.stage {
            self.stage = Stage::Intake { kind, step: Intake::InformationRequested };
            self.expires_at = Some(after_days(now, rules.settings.intake.information_expires_after_days));
        }
        Ok(self.settled(rules, now, EventKind::InformationRequested { request: id }))
    }

    pub(crate) fn may_answer(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AnswerInformationRequest, ASKING)?;
        self.any_open_request()
    }

    fn any_open_request(&self) -> Result<(), Refusal> {
        if self.open_requests.is_empty() { Err(Refusal::RequestNotOpen) } else { Ok(()) }
    }

    /// Answers a request: everything that it asks, at once.
    pub fn answer_information_request(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        request: &InformationRequest,
        answers: &Answers,
    ) -> Result<Change, Refusal> {
        self.guard(by, Operation::AnswerInformationRequest, ASKING)?;
        self.is_open(request.id)?;
        self.check_answers(rules, &request.asked, answers)?;
        for answer in &answers.items {
            // A verified item stays verified.
            let is_verified = self.item_state(answer.item) == ItemState::Verified;
            if let Some(reason) = answer.cannot_provide.as_ref().filter(|_| !is_verified) {
                let record = ItemRecord { state: ItemState::Unavailable, reason: Some(reason.clone()), by: by.user, at: now };
                self.items.insert(answer.item, record);
            }
        }
        self.open_requests.retain(|open| open.id != request.id);
        Ok(self.after_request(EventKind::InformationAnswered { request: request.id }, rules, now))
    }

    pub(crate) fn may_withdraw_request(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::WithdrawInformationRequest, ASKING)?;
        self.any_open_request()
    }

    /// Withdraws a request: the hospital does not need the answer any longer.
    pub fn withdraw_information_request(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        id: InformationRequestId,
    ) -> Result<Change, Refusal> {
        self.guard(by, Operation::WithdrawInformationRequest, ASKING)?;
        self.is_open(id)?;
        self.open_requests.retain(|open| open.id != id);
        Ok(self.after_request(EventKind::InformationRequestWithdrawn { request: id }, rules, now))
    }

    fn is_open(&self, id: InformationRequestId) -> Result<(), Refusal> {
        if self.open_requests.iter().any(|open| open.id == id) { Ok(()) } else { Err(Refusal::RequestNotOpen) }
    }

    fn check_answers(&self, rules: &Rules<'_>, asked: &Asked, answers: &Answers) -> Result<(), Refusal> {
        let list = checklist(self, rules);
        let mut items = Vec::new();
        for item in &asked.items {
            let given = list.find(*item).is_some_and(|entry| matches!(entry.state, ItemState::Provided | ItemState::Verified));
            match answers.items.iter().find(|answer| answer.item == *item) {
                Some(ItemAnswer { cannot_provide: Some(_), .. }) => {
                    // A recommended item that was asked for blocks the review, but it is not required.
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

    /// After the last open request is closed, the case returns to its earlier stage.
    fn after_request(mut self, happened: EventKind, rules: &Rules<'_>, now: Timestamp) -> Change {
        let waits = self.any_open_request().is_ok();
        if !waits && let Stage::Intake { kind, step: Intake::InformationRequested } = self.stage {
            self.stage = Stage::Intake { kind, step: Intake::Submitted };
            self.expires_at = None;
        }
        self.settled(rules, now, happened)
    }
}

impl crate::intake::items::ItemLevel {
    /// Whether the applicant may not answer “cannot provide”.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Required | Self::RequiredIf)
    }
}
