//! Requests for treatment at the hospital, made at the visit or after it (seed: “you can ask the physician during the consultation”), and their answers (R37).

#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::{TreatmentAnswer, TreatmentDecision, TreatmentRequest};
use crate::access::{CaseAccess, Operation};
use crate::calendar::{days_between, today_in_tokyo};
use crate::case::{Case, CaseStage, Change, Ending, EventKind, Refusal, Rules, Stage};
use crate::people::LongText;

/// The most requests of a case.
const MOST_REQUESTS: usize = 10;
/// Where treatment is asked for.
const ASKING: &[CaseStage] = &[CaseStage::Scheduled, CaseStage::Consulted, CaseStage::Closed];

impl Case {
    /// The requests for treatment, in order.
    pub fn treatment_requests(&self) -> &[TreatmentRequest] {
        &self.visiting.treatment_requests
    }

    /// Whether a request for treatment waits for its answer.
    pub fn awaits_treatment_answer(&self) -> bool {
        self.visiting.treatment_requests.iter().any(|request| request.answer.is_none())
    }

    /// From the arrival until so many days after closing.
    pub(crate) fn may_request_treatment(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::RequestTreatment, ASKING)?;
        if self.stage.name() == CaseStage::Scheduled {
            self.has_received()?;
        } else if self.consultation().is_none() {
            return Err(self.wrong_kind());
        }
        if self.is_patient_uninformed() {
            return Err(Refusal::PatientUninformed);
        }
        if self.awaits_treatment_answer() { Err(Refusal::TreatmentRequestOpen) } else { Ok(()) }
    }

    /// Notes that those who visited wish treatment at the hospital: the department answers.
    ///
    /// # Errors
    /// [`Refusal::PatientUninformed`]: nobody is treated who does not know. [`Refusal::TreatmentRequestTooLate`] more than
    /// `treatment_request_days` after closing.
    pub fn request_treatment(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, text: LongText) -> Result<Change, Refusal> {
        self.may_request_treatment(by)?;
        if let Stage::Ended { at, ending: Ending::Closed, .. } = &self.stage
            && days_between(today_in_tokyo(*at), rules.today) > i64::from(rules.settings.appointments.treatment_request_days)
        {
            return Err(Refusal::TreatmentRequestTooLate);
        }
        if self.visiting.treatment_requests.len() >= MOST_REQUESTS {
            return Err(Refusal::TooManyTreatmentRequests);
        }
        self.visiting.treatment_requests.push(TreatmentRequest { text, by: by.user, at: now, answer: None });
        Ok(self.with_event(EventKind::TreatmentRequested))
    }

    /// Wherever a request was made: it is answered after every end, too.
    pub(crate) fn may_answer_treatment_request(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AnswerTreatmentRequest, CaseStage::ALL)?;
        if self.awaits_treatment_answer() { Ok(()) } else { Err(Refusal::NoTreatmentRequest) }
    }

    /// Answers the request for treatment.
    pub fn answer_treatment_request(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        decision: TreatmentDecision,
        text: LongText,
    ) -> Result<Change, Refusal> {
        self.may_answer_treatment_request(by)?;
        let open = self.visiting.treatment_requests.iter_mut().rev().find(|request| request.answer.is_none());
        let Some(request) = open else { return Err(Refusal::NoTreatmentRequest) };
        request.answer = Some(TreatmentAnswer { decision, text, by: by.user, at: now });
        Ok(self.with_event(EventKind::TreatmentAnswered))
    }
}
