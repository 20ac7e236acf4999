//! The written opinion: drafted, submitted, returned, delivered, amended. Its revision is its own: a draft never moves the case's.

use domain::access::{Membership, Operation, Role, Section, may};
use domain::calendar::today_in_tokyo;
use domain::case::{OpinionSent, Refusal};
use domain::ids::CaseId;
use domain::people::{LongText, ShortText};
use domain::written::Signed;
use domain::written::{Opinion, OpinionContent, OpinionRefusal, Signature};
use jiff::civil::Date;

use crate::error::Conflict;
use crate::{CaseForCaller, Error, Revision, UnitOfWork, Work, billing};

pub use persistence::opinions::StoredOpinion;

/// The opinion of a case, as far as the caller may see it.
#[derive(Clone, Debug)]
pub struct OpinionForCaller {
    /// The newest edition that the caller may see.
    pub latest: StoredOpinion,
    /// The editions before it, oldest first.
    pub earlier: Vec<StoredOpinion>,
    /// Whether the caller sees drafts, and with them why an opinion was returned.
    pub sees_drafts: bool,
}

impl OpinionForCaller {
    /// The revision as this caller sees it.
    pub fn revision(&self) -> Revision {
        Revision::of(self.latest.version)
    }
}

impl From<OpinionRefusal> for Error {
    fn from(refusal: OpinionRefusal) -> Self {
        Self::Conflict(Conflict::Opinion(refusal))
    }
}

/// The opinion, as far as the caller may see it: drafts by the responsible and the department, delivered editions by the others; by an
/// agency only with the patient's verified consent (law).
///
/// # Errors
/// [`Error::Absent`] where there is none for this caller.
pub fn get_opinion(work: &mut UnitOfWork<'_, '_, may::GetOpinion>, case: CaseId) -> Result<OpinionForCaller, Error> {
    let loaded = work.case(case)?;
    seen(work, &loaded)
}

fn seen(work: &mut Work<'_, '_>, loaded: &CaseForCaller) -> Result<OpinionForCaller, Error> {
    let relations = loaded.access.relations;
    if !relations.may_see(Section::OpinionDraft) && !loaded.case.opinion_is_open_to(&loaded.access, work.rules().today) {
        return Err(Error::Absent);
    }
    let sees_drafts = relations.may_see(Section::OpinionDraft);
    let mut editions = persistence::opinions::list(work.tx, loaded.case.id())?;
    editions.retain(|stored| sees_drafts || stored.opinion.is_delivered());
    let latest = editions.pop().ok_or(Error::Absent)?;
    work.audit_subject(latest.opinion.id());
    Ok(OpinionForCaller { latest, earlier: editions, sees_drafts })
}

/// The newest edition, which the caller must have seen if they say so.
fn latest_to_change(work: &mut Work<'_, '_>, loaded: &CaseForCaller) -> Result<StoredOpinion, Error> {
    let seen = seen(work, loaded)?;
    work.expect(seen.revision())?;
    Ok(seen.latest)
}

/// Writes the draft, the first time or anew.
pub fn draft_opinion(
    work: &mut UnitOfWork<'_, '_, may::DraftOpinion>,
    case: CaseId,
    content: &OpinionContent,
) -> Result<OpinionForCaller, Error> {
    let loaded = work.case_for_update(case)?;
    loaded.case.may_draft_opinion(&loaded.access)?;
    let author = work.user()?;
    match latest_to_change(work, &loaded) {
        Ok(stored) => {
            let rewritten = stored.opinion.rewritten(author, content.clone(), work.now)?;
            persistence::opinions::save(work.tx, &rewritten, stored.version)?;
        }
        Err(Error::Absent) => {
            work.require_absent()?;
            let draft = Opinion::draft(work.fresh(), case, author, content.clone(), work.now);
            persistence::opinions::insert(work.tx, &draft)?;
        }
        Err(error) => return Err(error),
    }
    seen(work, &loaded)
}

/// Lays the draft before the department: one page, every question addressed.
pub fn submit_opinion(work: &mut UnitOfWork<'_, '_, may::SubmitOpinion>, case: CaseId) -> Result<OpinionForCaller, Error> {
    let now = work.now;
    let loaded = work.case_for_update(case)?;
    loaded.case.may_draft_opinion(&loaded.access)?;
    let stored = latest_to_change(work, &loaded).map_err(nothing_drafted)?;
    let facts = stored.opinion.facts(loaded.case.application().questions.len())?;
    let decided = loaded.case.clone().submit_opinion(&loaded.access, &work.rules(), now, &facts)?;
    persistence::opinions::save(work.tx, &stored.opinion.submitted(now)?, stored.version)?;
    let loaded = work.save_case(loaded, decided)?;
    seen(work, &loaded)
}

/// Without a draft there is nothing that could be complete.
fn nothing_drafted(error: Error) -> Error {
    if matches!(error, Error::Absent) {
        return Refusal::OpinionIncomplete { parts: OpinionContent::default().missing_parts() }.into();
    }
    error
}

/// Gives the opinion back to its author, with what should change.
pub fn return_opinion(
    work: &mut UnitOfWork<'_, '_, may::ReturnOpinion>,
    case: CaseId,
    comment: &LongText,
) -> Result<OpinionForCaller, Error> {
    let loaded = work.case_for_update(case)?;
    let decided = loaded.case.clone().return_opinion(&loaded.access, &work.rules(), work.now)?;
    let stored = latest_to_change(work, &loaded)?;
    let returned = stored.opinion.returned(work.user()?, comment.clone(), work.now)?;
    persistence::opinions::save(work.tx, &returned, stored.version)?;
    let loaded = work.save_case(loaded, decided)?;
    seen(work, &loaded)
}

/// Gives a submitted opinion back to its author: its case was reopened and needs a payment first.
pub(crate) fn give_back_draft(work: &mut Work<'_, '_>, case: CaseId, comment: &LongText) -> Result<(), Error> {
    let latest = persistence::opinions::list(work.tx, case)?.pop();
    let stored = latest.ok_or(Error::Internal("a case under review without an opinion"))?;
    work.audit_subject(stored.opinion.id());
    let returned = stored.opinion.returned(work.user()?, comment.clone(), work.now)?;
    persistence::opinions::save(work.tx, &returned, stored.version)?;
    Ok(())
}

/// Signs and delivers the opinion; from now on this edition never changes.
pub fn deliver_opinion(work: &mut UnitOfWork<'_, '_, may::DeliverOpinion>, case: CaseId) -> Result<OpinionForCaller, Error> {
    let now = work.now;
    let loaded = work.case_for_update(case)?;
    let has_reader = work.has_member(case, &[Membership::Applicant, Membership::Patient])?;
    let signed = Signed { by: work.user()?, has_reader };
    let decided = loaded.case.clone().deliver_opinion(&loaded.access, &work.rules(), now, signed)?;
    let stored = latest_to_change(work, &loaded)?;
    let signature = signature(work, &loaded)?;
    persistence::opinions::save(work.tx, &stored.opinion.delivered(signature, now)?, stored.version)?;
    let decided = billing::additions::end_dropped(work, &loaded.case, decided, None)?;
    billing::perform(work, &decided.case)?;
    let loaded = work.save_case(loaded, decided)?;
    seen(work, &loaded)
}

/// An opinion that is sent by post, as it is written down.
#[derive(Clone, Debug)]
pub struct NewSending {
    /// To whom, name and address.
    pub to: LongText,
    /// The day, in Tokyo.
    pub on: Date,
    /// The carrier.
    pub carrier: ShortText,
    /// The carrier's number, by which the parcel is found.
    pub tracking: Option<ShortText>,
}

/// Notes that the delivered opinion was sent by post.
///
/// # Errors
/// `sent_in_future`, `sent_before_delivery`.
pub fn record_opinion_sent(
    work: &mut UnitOfWork<'_, '_, may::RecordOpinionSent>,
    case: CaseId,
    new: &NewSending,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    loaded.case.check(Operation::RecordOpinionSent, &loaded.access)?;
    let NewSending { to, on, carrier, tracking } = new.clone();
    if on > today_in_tokyo(work.now) {
        return Err(Error::invalid("/sent_on", "sent_in_future"));
    }
    if loaded.case.stage().delivered_at().is_some_and(|at| on < today_in_tokyo(at)) {
        return Err(Error::invalid("/sent_on", "sent_before_delivery"));
    }
    let sent = OpinionSent { to, on, carrier, tracking, recorded_at: work.now, recorded_by: work.user()? };
    let decided = loaded.case.clone().record_opinion_sent(&loaded.access, &work.rules(), work.now, sent)?;
    work.save_case(loaded, decided)
}

/// Adds a new edition, signed and delivered at once; the old ones stay.
pub fn add_opinion_addendum(
    work: &mut UnitOfWork<'_, '_, may::AddOpinionAddendum>,
    case: CaseId,
    content: &OpinionContent,
) -> Result<OpinionForCaller, Error> {
    let loaded = work.case_for_update(case)?;
    let stored = latest_to_change(work, &loaded)?;
    let addendum = stored.opinion.addendum(work.fresh(), content.clone(), signature(work, &loaded)?, work.now)?;
    // The same page, the same questions: an addendum is an opinion, too.
    let facts = addendum.facts(loaded.case.application().questions.len())?;
    if facts.fit.lines > facts.fit.max_lines {
        return Err(Refusal::OpinionTooLong { lines: facts.fit.lines, max_lines: facts.fit.max_lines }.into());
    }
    if !facts.unaddressed.is_empty() {
        return Err(Refusal::QuestionsUnanswered { questions: facts.unaddressed }.into());
    }
    let decided = loaded.case.clone().add_opinion_addendum(&loaded.access, &work.rules(), work.now, addendum.id())?;
    persistence::opinions::insert(work.tx, &addendum)?;
    let loaded = work.save_case(loaded, decided)?;
    seen(work, &loaded)
}

/// Who signs, as it stands on the page: the name, the role that signs, the department.
fn signature(work: &mut Work<'_, '_>, loaded: &CaseForCaller) -> Result<Signature, Error> {
    let caller = work.caller()?.who.clone();
    let department = loaded.case.department().ok_or(Error::Internal("a case under review without a department"))?;
    let title =
        if caller.roles.has_in(&[Role::Director], department) || !caller.roles.has(Role::Chief) { Role::Director } else { Role::Chief };
    let name = persistence::users::get(work.tx, caller.user)?.profile.name;
    let department = persistence::departments::get(work.tx, department)?;
    let line = |text: &str| text.parse::<ShortText>().map_err(|_| Error::Internal("a line of the signature is not readable"));
    Ok(Signature { by: caller.user, name: line(name.shown())?, title: line(title.as_str())?, department: line(&department.name_en)? })
}
