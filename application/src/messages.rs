//! Messages between the applicant's side and the hospital, notes among the hospital's people, and what happened.

use domain::access::Audience;
use domain::access::{Relation, may};
use domain::ids::CaseId;
use domain::messages::{InternalNote, Message};
use domain::people::LongText;
use persistence::{Numbered, Page};

use crate::{Error, UnitOfWork};

pub use persistence::events::StoredEvent;

/// Writes a message to everybody who shares the case at this moment. Its audience never grows.
pub fn post_message(work: &mut UnitOfWork<'_, '_, may::PostMessage>, case: CaseId, text: &LongText) -> Result<Message, Error> {
    let loaded = work.case_to_change(case)?;
    let message = Message {
        id: work.fresh(),
        case,
        author: work.user()?,
        relation: voice(loaded.access.relations).ok_or(Error::Absent)?,
        audience: loaded.case.open_audience(),
        text: text.clone(),
        at: work.now,
    };
    let decided = loaded.case.clone().post_message(&loaded.access, &work.rules(), work.now, message.id)?;
    persistence::messages::insert(work.tx, &message)?;
    work.save_case(loaded, decided)?;
    work.audit_subject(message.id);
    Ok(message)
}

/// For whom somebody speaks who stands to the case in several ways.
fn voice(relations: domain::access::Relations) -> Option<Relation> {
    relations.iter().next()
}

/// A page of the messages that the caller may read, oldest first; one more than `limit` if there is a next page.
pub fn list_messages(
    work: &mut UnitOfWork<'_, '_, may::ListMessages>,
    case: CaseId,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Numbered<Message>>, Error> {
    let loaded = work.case(case)?;
    let page = Page { after, limit: limit.saturating_add(1) };
    let found = persistence::messages::list(work.tx, case, Audience::of(loaded.access.relations), page)?;
    work.audit_page(&found, limit, |message| message.entry.id);
    Ok(found)
}

/// Writes a note that never leaves the hospital. The case itself does not change.
pub fn add_internal_note(
    work: &mut UnitOfWork<'_, '_, may::AddInternalNote>,
    case: CaseId,
    text: &LongText,
) -> Result<InternalNote, Error> {
    work.case_to_change(case)?;
    work.keep_as_note(case, text)
}

/// A page of the notes, oldest first; one more than `limit` if there is a next page.
pub fn list_internal_notes(
    work: &mut UnitOfWork<'_, '_, may::ListInternalNotes>,
    case: CaseId,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Numbered<InternalNote>>, Error> {
    work.case(case)?;
    let found = persistence::notes::list(work.tx, case, Page { after, limit: limit.saturating_add(1) })?;
    work.audit_page(&found, limit, |note| note.entry.id);
    Ok(found)
}

/// A page of what happened, as far as the caller may know, oldest first; one more than `limit` if there is a next page.
pub fn list_timeline(
    work: &mut UnitOfWork<'_, '_, may::ListTimeline>,
    case: CaseId,
    after: Option<i64>,
    limit: u32,
) -> Result<(Vec<StoredEvent>, bool), Error> {
    let loaded = work.case(case)?;
    let page = Page { after, limit: limit.saturating_add(1) };
    let audience = Audience::of(loaded.access.relations);
    let found = persistence::events::list(work.tx, case, audience, page)?;
    work.audit_page(&found, limit, |stored| stored.id);
    Ok((found, audience.meets(Audience::STAFF.and(Audience::BILLING))))
}
