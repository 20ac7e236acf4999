//! How a case ends by somebody's will: cancelled, or closed when everything is settled.

use domain::case::CancelReason;
use domain::ids::CaseId;
use domain::messages::InternalNote;
use domain::people::{LongText, ShortText};
use domain::required_items::{ItemCode, ItemState};

use crate::{Act, Error, Loaded, money};

/// Cancels the case; the refund follows the cancellation policy, and a death silences every letter that has not left.
pub fn cancel_case(act: &mut Act<'_, '_>, case: CaseId, reason: CancelReason, text: Option<&ShortText>) -> Result<Loaded, Error> {
    let loaded = act.load_case_to_change(case)?;
    let received = money::received_so_far(act.tx, case)?;
    let decided = loaded.case.clone().cancel(&loaded.standing, &act.rules(), act.now, reason, text.cloned(), received)?;
    let cancelled = act.save_case(loaded, decided)?;
    fall_silent(act, &cancelled)?;
    Ok(cancelled)
}

/// Closes the case once the money is settled and no slides are left here. `slides` says what became of slides that were handed in:
/// returned, lost or disposed of; it is kept as an internal note.
pub fn close_case(act: &mut Act<'_, '_>, case: CaseId, slides: Option<&LongText>) -> Result<Loaded, Error> {
    let loaded = act.load_case_to_change(case)?;
    let settled = money::is_settled(act, case)?;
    let here = matches!(loaded.case.item_state(ItemCode::PathologySlides), ItemState::Provided | ItemState::Verified);
    let decided = loaded.case.clone().close(&loaded.standing, &act.rules(), act.now, settled, !here || slides.is_some())?;
    if let Some(text) = slides.filter(|_| here) {
        let note = InternalNote { id: act.fresh(), case, author: act.user()?, text: text.clone(), at: act.now };
        persistence::notes::insert(act.tx, &note)?;
        act.touched(note.id);
    }
    act.save_case(loaded, decided)
}

/// After a death nothing is sent by itself any longer, not even what was already written.
pub(super) fn fall_silent(act: &mut Act<'_, '_>, ended: &Loaded) -> Result<(), Error> {
    if ended.case.is_silenced() {
        persistence::outbox::silence(act.tx, ended.case.id(), act.now)?;
    }
    Ok(())
}
