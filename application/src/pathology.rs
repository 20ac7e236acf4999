//! The re-examination of slides: proposed by a physician, changed by the desk, counted and reported by pathology.

use domain::access::{Operation, may};
use domain::billing::fees::{FeeRefusal, MOST_SLIDES};
use domain::case::Case;
use domain::ids::CaseId;
use domain::intake::ReExamination;
use domain::pathology::{Findings, Proposal, ReExaminationChange, SlideCount};
use domain::people::LongText;

use crate::billing::{self, additions};
use crate::{CaseForCaller, Error, Fault, UnitOfWork};

/// The re-examination of a case, as far as the caller may see it.
pub fn get_re_examination(work: &mut UnitOfWork<'_, '_, may::GetReExamination>, case: CaseId) -> Result<CaseForCaller, Error> {
    work.case(case)
}

/// A physician proposes more slides; the reason is kept as an internal note.
pub fn propose_re_examination(
    work: &mut UnitOfWork<'_, '_, may::ProposeReExamination>,
    case: CaseId,
    proposal: Proposal,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    check(proposal.slides)?;
    if proposal.slides.is_none() {
        return Err(Error::invalid("/slides", FeeRefusal::NoSlides.code()));
    }
    let loaded = work.case_to_change(case)?;
    let decided = loaded.case.clone().propose_re_examination(&loaded.access, &work.rules(), work.now, proposal)?;
    let decided = additions::end_dropped(work, &loaded.case, decided, Some(reason))?;
    work.keep_as_note(case, reason)?;
    work.save_case(loaded, decided)
}

/// The desk changes the slides that are wanted; the reason is kept as an internal note.
pub fn change_re_examination(
    work: &mut UnitOfWork<'_, '_, may::ChangeReExamination>,
    case: CaseId,
    slides: ReExamination,
    is_awaited: Option<bool>,
    reason: &LongText,
) -> Result<CaseForCaller, Error> {
    check(slides)?;
    let loaded = work.case_to_change(case)?;
    let charged = additions::charged_slides(work, &loaded.case, None)?;
    let change = ReExaminationChange { slides, is_awaited, charged };
    let decided = loaded.case.clone().change_re_examination(&loaded.access, &work.rules(), work.now, change)?;
    let is_open = |case: &Case| case.estimate().filter(|estimate| estimate.accepted_at.is_none()).map(|estimate| estimate.id);
    if let Some(taken_back) = is_open(&loaded.case).filter(|_| decided.case.estimate().is_none()) {
        additions::withdraw_estimate(work, taken_back, reason)?;
    }
    let decided = additions::end_dropped(work, &loaded.case, decided, Some(reason))?;
    work.keep_as_note(case, reason)?;
    work.save_case(loaded, decided)
}

/// Pathology counts the slides that arrived.
pub fn confirm_slides(
    work: &mut UnitOfWork<'_, '_, may::ConfirmSlides>,
    case: CaseId,
    slides: ReExamination,
    note: Option<&LongText>,
) -> Result<CaseForCaller, Error> {
    check(slides)?;
    let count = SlideCount { slides, note: note.cloned(), by: work.user()?, at: work.now };
    work.change_case(case, |case, by, rules, now| case.confirm_slides(by, rules, now, count))
}

/// Pathology records its findings: the slides are examined, and their revenue is booked.
pub fn record_findings(
    work: &mut UnitOfWork<'_, '_, may::RecordFindings>,
    case: CaseId,
    text: &LongText,
    correction: Option<&LongText>,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    loaded.case.check(Operation::RecordFindings, &loaded.access)?;
    if correction.is_some() && loaded.case.re_examination().findings.is_empty() {
        return Err(Error::invalid("/correction_reason", "nothing_to_correct"));
    }
    let is_paid = additions::slides_are_paid(work, case)?;
    let findings = Findings { text: text.clone(), correction: correction.cloned(), by: work.user()?, at: work.now };
    let decided = loaded.case.clone().record_findings(&loaded.access, &work.rules(), work.now, findings, is_paid)?;
    billing::perform_slides(work, &decided.case)?;
    work.save_case(loaded, decided)
}

/// No case has more slides than an estimate can price.
fn check(slides: ReExamination) -> Result<(), Error> {
    let faults = [
        (slides.biopsy_slides > MOST_SLIDES, "/slides/biopsy_slides", FeeRefusal::TooManySlides),
        (slides.resected_specimens > MOST_SLIDES, "/slides/resected_specimens", FeeRefusal::TooManySpecimens),
    ];
    let faults: Vec<_> = faults.iter().filter(|(is_so, ..)| *is_so).map(|(_, at, refusal)| Fault::at(*at, refusal.code())).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// Lets an addition fall away that nobody agreed to, or paid, in time.
///
/// # Errors
/// `not_due`: it was paid, withdrawn or given more time.
pub(crate) fn lapse(work: &mut UnitOfWork<'_, '_, may::LapseReExamination>, case: CaseId) -> Result<(), Error> {
    work.change_case_as_system(case, |work, case, now| {
        let before = case.clone();
        let decided = case.lapse_addition(&work.rules(), now)?;
        additions::end_dropped(work, &before, decided, None)
    })
}
