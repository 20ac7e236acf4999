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

    /// From the arrival on. [`Case::request_treatment`] checks the last day: it needs the settings.
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
        self.visiting.treatment_requests.push(TreatmentRequest { text, by: by.user, at: now, answer: None, corrected: Vec::new() });
        Ok(self.with_event(EventKind::TreatmentRequested))
    }

    /// Wherever a request was made: it is answered after every end, too.
    pub(crate) fn may_answer_treatment_request(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::AnswerTreatmentRequest, CaseStage::ALL)?;
        if self.visiting.treatment_requests.is_empty() { Err(Refusal::NoTreatmentRequest) } else { Ok(()) }
    }

    /// Answers the request for treatment; or corrects the last answer, which stays on record.
    ///
    /// # Errors
    /// [`Refusal::TreatmentAnswered`] if the last request is answered, and this is no correction.
    pub fn answer_treatment_request(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        (decision, text): (TreatmentDecision, LongText),
        is_correction: bool,
    ) -> Result<Change, Refusal> {
        self.may_answer_treatment_request(by)?;
        // One request waits at a time: the last.
        let Some(request) = self.visiting.treatment_requests.last_mut() else { return Err(Refusal::NoTreatmentRequest) };
        if request.answer.is_some() != is_correction {
            return Err(if is_correction { Refusal::NothingAnswered } else { Refusal::TreatmentAnswered });
        }
        if request.corrected.len() >= MOST_REQUESTS {
            return Err(Refusal::TooManyTreatmentRequests);
        }
        request.corrected.extend(request.answer.take());
        request.answer = Some(TreatmentAnswer { decision, text, by: by.user, at: now });
        Ok(self.with_event(EventKind::TreatmentAnswered))
    }
}
