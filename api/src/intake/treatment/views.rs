//! Requests and answers of the treatment history.

use application::Error;
use application::intake::treatment;
use application::intake::treatment::StoredEntry;
use domain::ids::{CaseId, TreatmentEntryId, UserId};
use domain::intake::treatment::{Treatment, TreatmentPatch};
use domain::patch::present;
use domain::people::LongText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::reply::Reply;
use crate::wire::page::Page;

/// An entry of the treatment history.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTreatmentEntry {
    /// The content.
    pub(crate) treatment: Treatment,
    /// Whatever else is worth saying.
    #[serde(default)]
    pub(crate) notes: Option<LongText>,
}

/// A change of an entry: JSON merge patch. An entry never changes its type.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TreatmentEntryPatch {
    /// The changes of the treatment.
    #[serde(default)]
    #[schema(required = false)]
    treatment: TreatmentPatch,
    /// Whatever else is worth saying.
    #[serde(default, deserialize_with = "present")]
    notes: Option<Option<LongText>>,
}

impl From<&TreatmentEntryPatch> for TreatmentPatch {
    fn from(patch: &TreatmentEntryPatch) -> Self {
        Self { notes: patch.notes.clone(), ..patch.treatment.clone() }
    }
}

/// A page of them.
pub(crate) type TreatmentEntryList = Page<TreatmentEntry>;

/// An entry of the treatment history.
#[derive(Serialize, ToSchema)]
pub(crate) struct TreatmentEntry {
    /// The entry.
    id: TreatmentEntryId,
    /// The case.
    case_id: CaseId,
    /// The content.
    treatment: Treatment,
    /// Whatever else is worth saying.
    notes: Option<LongText>,
    /// Counts the changes of the entry.
    #[schema(minimum = 1)]
    version: i64,
    /// Who wrote it down.
    entered_by: UserId,
    /// When.
    entered_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
}

impl From<&StoredEntry> for TreatmentEntry {
    fn from(stored: &StoredEntry) -> Self {
        let entry = &stored.entry;
        Self {
            id: entry.id,
            case_id: entry.case,
            treatment: entry.treatment.clone(),
            notes: entry.notes.clone(),
            version: stored.version,
            entered_by: entry.entered_by,
            entered_at: entry.entered_at,
            updated_at: stored.updated_at,
        }
    }
}

/// The answer about one entry.
pub(crate) fn reply(stored: &StoredEntry) -> Result<Reply, Error> {
    Ok(Reply::ok(&TreatmentEntry::from(stored))?.revised(treatment::revision(stored)))
}

/// The answer about a new entry.
pub(crate) fn created(stored: &StoredEntry) -> Result<Reply, Error> {
    let location = format!("/v1/cases/{}/treatment-entries/{}", stored.entry.case, stored.entry.id);
    Ok(Reply::created(location, &TreatmentEntry::from(stored))?.revised(treatment::revision(stored)))
}
