//! The treatment history of a case, entry by entry: what the patient has had so far.

use domain::access::{Operation, may};
use domain::ids::{CaseId, TreatmentEntryId};
use domain::intake::treatment::{Treatment, TreatmentEntry, TreatmentFault, TreatmentPatch};
use domain::people::LongText;

use crate::error::Countable;
use crate::{Error, Revision, UnitOfWork, Work, work};

pub use persistence::treatment::StoredEntry;

/// How many entries a case holds.
pub const MOST_ENTRIES: u32 = 500;

/// The revision of an entry.
pub fn revision(stored: &StoredEntry) -> Revision {
    Revision::of(stored.version)
}

/// Adds an entry.
///
/// # Errors
/// `required` for an entry that says nothing, `too_long` for too many medicines or entries.
pub fn add_treatment_entry(
    work: &mut UnitOfWork<'_, '_, may::AddTreatmentEntry>,
    case: CaseId,
    treatment: &Treatment,
    notes: Option<&LongText>,
) -> Result<StoredEntry, Error> {
    let loaded = work.case_to_change(case)?;
    let entry = TreatmentEntry {
        id: work.fresh(),
        case,
        treatment: treatment.clone(),
        notes: notes.cloned(),
        entered_by: work.user()?,
        entered_at: work.now,
    };
    entry.check().map_err(fault)?;
    if persistence::treatment::count(work.tx, case)? >= i64::from(MOST_ENTRIES) {
        return Err(Error::TooMany { what: Countable::TreatmentEntries, limit: MOST_ENTRIES });
    }
    let decided = loaded.case.clone().record_treatment(&loaded.access, &work.rules(), work.now, Operation::AddTreatmentEntry, entry.id)?;
    let stored = persistence::treatment::insert(work.tx, &entry)?;
    work.save_case(loaded, decided)?;
    work.audit_subject(entry.id);
    Ok(stored)
}

/// A page of the entries that the caller may see, in the order of their making; one more than `limit` if there is a next page.
pub fn list_treatment_entries(
    work: &mut UnitOfWork<'_, '_, may::ListTreatmentEntries>,
    case: CaseId,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<StoredEntry>, Error> {
    let loaded = work.case(case)?;
    if loaded.case.is_history_closed_to(&loaded.access) {
        return Ok(Vec::new());
    }
    let page = persistence::Page { after, limit: limit.saturating_add(1) };
    let found = persistence::treatment::list(work.tx, case, page)?;
    work.audit_page(&found, limit, |stored| stored.entry.id);
    Ok(found)
}

/// One entry.
///
/// # Errors
/// [`Error::Absent`] where there is none that the caller may see.
pub fn get_treatment_entry(
    work: &mut UnitOfWork<'_, '_, may::GetTreatmentEntry>,
    case: CaseId,
    id: TreatmentEntryId,
) -> Result<StoredEntry, Error> {
    let loaded = work.case(case)?;
    work.audit_subject(id);
    if loaded.case.is_history_closed_to(&loaded.access) {
        return Err(Error::Absent);
    }
    persistence::treatment::get(work.tx, case, id).map_err(work::absent)
}

/// Changes an entry.
///
/// # Errors
/// `not_of_this_treatment` for a field that this kind of treatment does not have.
pub fn update_treatment_entry(
    work: &mut UnitOfWork<'_, '_, may::UpdateTreatmentEntry>,
    case: CaseId,
    id: TreatmentEntryId,
    patch: &TreatmentPatch,
) -> Result<StoredEntry, Error> {
    let now = work.now;
    let loaded = work.case_for_update(case)?;
    let stored = expected_entry(work, case, id)?;
    let entry = stored.entry.clone().changed(patch.clone()).map_err(fault)?;
    let decided = loaded.case.clone().record_treatment(&loaded.access, &work.rules(), now, Operation::UpdateTreatmentEntry, id)?;
    if entry == stored.entry {
        return Ok(stored);
    }
    let version = persistence::treatment::save(work.tx, &entry, stored.version, now)?;
    work.save_case(loaded, decided)?;
    Ok(StoredEntry { entry, version, updated_at: now, ..stored })
}

/// Deletes an entry, while the case's rules allow it.
pub fn delete_treatment_entry(
    work: &mut UnitOfWork<'_, '_, may::DeleteTreatmentEntry>,
    case: CaseId,
    id: TreatmentEntryId,
) -> Result<(), Error> {
    let loaded = work.case_for_update(case)?;
    let stored = expected_entry(work, case, id)?;
    let last = persistence::treatment::count(work.tx, case)? == 1;
    let decided = loaded.case.clone().delete_treatment(&loaded.access, &work.rules(), work.now, id, last)?;
    persistence::treatment::delete(work.tx, case, id, stored.version)?;
    work.save_case(loaded, decided)?;
    Ok(())
}

fn expected_entry(work: &mut Work<'_, '_>, case: CaseId, id: TreatmentEntryId) -> Result<StoredEntry, Error> {
    let stored = persistence::treatment::get(work.tx, case, id).map_err(work::absent)?;
    work.audit_subject(id);
    work.expect(revision(&stored))?;
    Ok(stored)
}

/// The domain's pointers go into the treatment; the request has it under `treatment`, beside the notes.
fn fault(fault: TreatmentFault) -> Error {
    let within = fault.pointer.starts_with("/treatment");
    let pointer = if within { fault.pointer.to_owned() } else { format!("/treatment{}", fault.pointer) };
    Error::invalid(pointer, fault.code)
}
