//! Messages between the applicant's side and the hospital, notes among the hospital's people, and what happened.

use domain::access::Relation;
use domain::case::Audience;
use domain::ids::{CaseId, MessageId, NoteId};
use domain::messages::{InternalNote, Message};
use domain::people::LongText;
use persistence::Page;
use persistence::events::StoredEvent;

use crate::{Act, Error};

/// Writes a message to everybody who shares the case at this moment. Its audience never grows.
pub fn post_message(act: &mut Act<'_, '_>, case: CaseId, text: &LongText) -> Result<Message, Error> {
    let loaded = act.load_case_to_change(case)?;
    let message = Message {
        id: act.fresh(),
        case,
        author: act.user()?,
        relation: voice(loaded.standing.relations).ok_or(Error::Absent)?,
        audience: loaded.case.open_audience(),
        text: text.clone(),
        at: act.now,
    };
    let decided = loaded.case.clone().post_message(&loaded.standing, &act.rules(), act.now, message.id)?;
    persistence::messages::insert(act.tx, &message)?;
    act.save_case(loaded, decided)?;
    act.touched(message.id);
    Ok(message)
}

/// For whom somebody speaks who stands to the case in several ways.
fn voice(relations: domain::access::Relations) -> Option<Relation> {
    relations.iter().next()
}

/// A page of the messages that the caller may read, oldest first; one more than `limit` if there is a next page.
pub fn list_messages(act: &mut Act<'_, '_>, case: CaseId, after: Option<MessageId>, limit: u32) -> Result<Vec<Message>, Error> {
    let loaded = act.load_case(case)?;
    let page = Page { after, limit: limit.saturating_add(1) };
    let found = persistence::messages::list(act.tx, case, Audience::of(loaded.standing.relations), page)?;
    for message in &found {
        act.touched(message.id);
    }
    Ok(found)
}

/// Writes a note that never leaves the hospital. The case itself does not change.
pub fn add_internal_note(act: &mut Act<'_, '_>, case: CaseId, text: &LongText) -> Result<InternalNote, Error> {
    act.load_case_to_change(case)?;
    let note = InternalNote { id: act.fresh(), case, author: act.user()?, text: text.clone(), at: act.now };
    persistence::notes::insert(act.tx, &note)?;
    act.touched(note.id);
    Ok(note)
}

/// A page of the notes, oldest first; one more than `limit` if there is a next page.
pub fn list_internal_notes(act: &mut Act<'_, '_>, case: CaseId, after: Option<NoteId>, limit: u32) -> Result<Vec<InternalNote>, Error> {
    act.load_case(case)?;
    let found = persistence::notes::list(act.tx, case, Page { after, limit: limit.saturating_add(1) })?;
    for note in &found {
        act.touched(note.id);
    }
    Ok(found)
}

/// A page of what happened, as far as the caller may know, oldest first; one more than `limit` if there is a next page.
pub fn list_timeline(act: &mut Act<'_, '_>, case: CaseId, after: Option<i64>, limit: u32) -> Result<Vec<StoredEvent>, Error> {
    let loaded = act.load_case(case)?;
    let page = Page { after, limit: limit.saturating_add(1) };
    Ok(persistence::events::list(act.tx, case, Audience::of(loaded.standing.relations), page)?)
}
