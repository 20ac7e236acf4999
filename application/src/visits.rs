//! The day of the visit: reception, further half hours, and the consultation.

use domain::access::may;
use domain::case::Refusal;
use domain::ids::CaseId;
use domain::money::Payer;
use domain::people::LongText;
use domain::visit::{Arrival, Arrived, ConsultationEnd, ExtensionPayer, InterpreterAtVisit, TookPlace, TreatmentDecision};
use jiff::Timestamp;

use crate::billing::visits;
use crate::{CaseForCaller, Error, UnitOfWork, Work, appointments, uninformed};

/// The most people at the reception at once.
const MOST_PEOPLE: usize = 10;

/// A further half hour that was agreed on.
#[derive(Clone, Debug)]
pub struct NewExtension {
    /// Who pays.
    pub payer: ExtensionPayer,
    /// To whom its invoice is addressed if those who visit pay.
    pub recipient: Option<LongText>,
    /// When the consultation began, if that was later than planned.
    pub began_at: Option<Timestamp>,
}

/// People are at the reception.
///
/// # Errors
/// `cannot_be_received` names those who cannot be received as they stand, and why.
pub fn record_arrival(
    work: &mut UnitOfWork<'_, '_, may::RecordArrival>,
    case: CaseId,
    people: &[Arrived],
    interpreter: Option<InterpreterAtVisit>,
) -> Result<CaseForCaller, Error> {
    if people.is_empty() || people.len() > MOST_PEOPLE {
        return Err(Error::invalid("/people", if people.is_empty() { "required" } else { "too_many" }));
    }
    let arrival = Arrival { people: people.to_vec(), interpreter, at: work.now, by: work.user()? };
    work.change_case(case, |case, by, rules, now| case.record_arrival(by, rules, now, arrival))
}

/// One more half hour, before it begins.
///
/// # Errors
/// `slot_taken` if its half hour is not free; `payer_not_covered` if whoever accepted the estimate is not there to agree.
pub fn agree_extension(
    work: &mut UnitOfWork<'_, '_, may::AgreeExtension>,
    case: CaseId,
    new: &NewExtension,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let payer = (new.payer, new.recipient.clone());
    let decided = loaded.case.clone().agree_extension(&loaded.access, &work.rules(), work.now, payer, new.began_at)?;
    match (new.payer, &new.recipient) {
        (ExtensionPayer::Visitor, None) => return Err(Error::invalid("/recipient", "required")),
        (ExtensionPayer::Payer, Some(_)) => return Err(Error::invalid("/recipient", "invalid")),
        (ExtensionPayer::Visitor, Some(recipient)) => uninformed::check_text(&loaded.case, recipient.as_str(), "/recipient")?,
        (ExtensionPayer::Payer, None) => check_payer(work, &loaded)?,
    }
    let booked = decided.case.booked().and_then(|booked| booked.time.as_ref());
    let (Some(department), Some(time)) = (decided.case.department(), booked) else {
        return Err(Error::Internal("a visit without a department or a time"));
    };
    // Half hours that are in nobody's calendar are not free.
    if !appointments::is_in_calendar(work, department, time)? {
        return Err(Error::Refused(Refusal::SlotTaken { pointers: Vec::new() }));
    }
    work.save_case(loaded, decided)
}

/// Whoever accepted the estimate must be there to agree to more: an agency, or a third party, is not.
fn check_payer(work: &mut Work<'_, '_>, loaded: &CaseForCaller) -> Result<(), Error> {
    let Some(accepted) = loaded.case.accepted_estimate() else { return Err(Error::Refused(Refusal::EstimateNotAccepted)) };
    let accepted = persistence::estimates::get(work.tx, accepted)?.accepted;
    let is_there = accepted.is_some_and(|accepted| matches!(accepted.paid_by(), Payer::Applicant | Payer::Patient));
    if is_there { Ok(()) } else { Err(Error::Refused(Refusal::PayerNotCovered)) }
}

/// Notes the consultation: its revenue is booked, and half hours that were paid in advance and did not begin are credited. One that the hospital broke off did
/// not take place. What the hospital's people note of it is kept as an internal note.
pub fn record_consultation(
    work: &mut UnitOfWork<'_, '_, may::RecordConsultation>,
    case: CaseId,
    end: &ConsultationEnd,
    note: Option<&LongText>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let decided = loaded.case.clone().record_consultation(&loaded.access, &work.rules(), work.now, end.clone())?;
    let decided = match end {
        ConsultationEnd::Held(took_place) => visits::perform(work, decided, took_place.began_at)?,
        ConsultationEnd::BrokenOff { reason } => {
            work.keep_as_note(case, reason)?;
            decided
        }
    };
    if let Some(note) = note {
        work.keep_as_note(case, note)?;
    }
    work.save_case(loaded, decided)
}

/// Corrects what was recorded of the consultation, or takes the record back.
///
/// # Errors
/// `consultation_charged` if the record is taken back while an invoice charges for it.
pub fn correct_consultation(
    work: &mut UnitOfWork<'_, '_, may::CorrectConsultation>,
    case: CaseId,
    took_place: Option<&TookPlace>,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let is_charged = visits::is_charged(work, case)?;
    let new = (took_place.cloned(), reason.clone());
    let decided = loaded.case.clone().correct_consultation(&loaded.access, &work.rules(), work.now, new, is_charged)?;
    let decided = visits::correct(work, &loaded.case, decided)?;
    work.save_case(loaded, decided)
}

/// Notes that those who visited wish treatment at the hospital.
pub fn request_treatment(
    work: &mut UnitOfWork<'_, '_, may::RequestTreatment>,
    case: CaseId,
    text: &LongText,
) -> Result<CaseForCaller, Error> {
    work.change_case(case, |case, by, rules, now| case.request_treatment(by, rules, now, text.clone()))
}

/// Answers the request for treatment, or corrects the last answer.
pub fn answer_treatment_request(
    work: &mut UnitOfWork<'_, '_, may::AnswerTreatmentRequest>,
    case: CaseId,
    decision: TreatmentDecision,
    text: &LongText,
    is_correction: bool,
) -> Result<CaseForCaller, Error> {
    let answer = (decision, text.clone());
    work.change_case(case, |case, by, rules, now| case.answer_treatment_request(by, rules, now, answer, is_correction))
}

/// Notes an exam that took place although a second opinion has none.
pub fn record_exam_exception(
    work: &mut UnitOfWork<'_, '_, may::RecordExamException>,
    case: CaseId,
    what: &LongText,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    work.change_case(case, |case, by, rules, now| case.record_exam(by, rules, now, what.clone(), reason.clone()))
}
