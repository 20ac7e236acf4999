//! A case as a row: columns in clear, derived from the aggregate, and the aggregate itself, sealed.

use diesel::prelude::*;
use domain::access::CaseFacts;
use domain::case::{Case, CaseSummary};
use domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use jiff::Timestamp;

use super::members::membership;
use super::{ListedCase, StoredCase};
use crate::columns::Bind;
use crate::examine::Compare;
use crate::schema::cases;
use crate::{Error, Transaction};

/// The column of the line for lists.
const SUMMARY: &str = "summary_sealed";

#[derive(Queryable, Selectable, Insertable, PartialEq)]
#[diesel(table_name = cases, treat_none_as_default_value = false)]
#[expect(clippy::struct_excessive_bools, reason = "columns")]
pub(crate) struct CaseRow {
    pub(crate) id: Bind<CaseId>,
    number: String,
    kind: String,
    stage: String,
    version: i64,
    agency_id: Option<Bind<AgencyId>>,
    department_id: Option<Bind<DepartmentId>>,
    responsible_id: Option<Bind<UserId>>,
    opened_by: Bind<UserId>,
    waiting_on: String,
    held: bool,
    patient_uninformed: bool,
    slides_requested: bool,
    accepted: bool,
    expires_at: Option<Bind<Timestamp>>,
    due_at: Option<Bind<Timestamp>>,
    overdue_noted_at: Option<Bind<Timestamp>>,
    visit_at: Option<Bind<Timestamp>>,
    accepted_at: Option<Bind<Timestamp>>,
    submitted_at: Option<Bind<Timestamp>>,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

/// The columns that a list reads: the sealed line, and the columns on which authority rests.
#[derive(Queryable, Selectable)]
#[diesel(table_name = cases)]
pub(super) struct ListedRow {
    pub(super) id: Bind<CaseId>,
    agency_id: Option<Bind<AgencyId>>,
    department_id: Option<Bind<DepartmentId>>,
    responsible_id: Option<Bind<UserId>>,
    patient_uninformed: bool,
    summary_sealed: Option<Vec<u8>>,
}

/// The columns that a change may write.
#[derive(AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true)]
#[expect(clippy::struct_excessive_bools, reason = "columns")]
pub(crate) struct Changes {
    number: String,
    kind: String,
    stage: String,
    version: i64,
    agency_id: Option<Bind<AgencyId>>,
    department_id: Option<Bind<DepartmentId>>,
    responsible_id: Option<Bind<UserId>>,
    waiting_on: String,
    held: bool,
    patient_uninformed: bool,
    slides_requested: bool,
    accepted: bool,
    expires_at: Option<Bind<Timestamp>>,
    due_at: Option<Bind<Timestamp>>,
    overdue_noted_at: Option<Bind<Timestamp>>,
    visit_at: Option<Bind<Timestamp>>,
    accepted_at: Option<Bind<Timestamp>>,
    submitted_at: Option<Bind<Timestamp>>,
    updated_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

impl CaseRow {
    /// The row of a case.
    pub(crate) fn of(tx: &Transaction<'_>, case: &Case, version: i64, created_at: Timestamp, now: Timestamp) -> Result<Self, Error> {
        let id = case.id();
        let body_sealed = tx.seal_form(("cases", "body_sealed", id.uuid()), case)?;
        Ok(Self::clear(case, version, created_at, now, body_sealed))
    }

    /// The one place that says which columns follow from the aggregate.
    fn clear(case: &Case, version: i64, created_at: Timestamp, updated_at: Timestamp, body_sealed: Vec<u8>) -> Self {
        let facts = case.facts();
        Self {
            id: Bind(case.id()),
            number: case.number().to_owned(),
            kind: case.kind().as_str().to_owned(),
            stage: case.stage().name().as_str().to_owned(),
            version,
            agency_id: facts.agency.map(Bind),
            department_id: facts.department.map(Bind),
            responsible_id: facts.responsible.map(Bind),
            opened_by: Bind(case.opened_by()),
            waiting_on: case.waiting_on().as_str().to_owned(),
            held: case.hold_now().is_some(),
            patient_uninformed: facts.patient_uninformed,
            slides_requested: facts.slides_requested,
            accepted: facts.accepted,
            expires_at: case.expires_at().map(stored),
            due_at: case.due_at().map(stored),
            overdue_noted_at: case.overdue_noted_at().map(stored),
            visit_at: case.visit_at().map(stored),
            accepted_at: case.accepted_at().map(stored),
            submitted_at: case.submitted_at().map(stored),
            created_at: Bind(created_at),
            updated_at: Bind(updated_at),
            body_sealed,
        }
    }

    /// The columns that decide who stands how to the case.
    fn authority(&self) -> impl PartialEq {
        (self.id, self.agency_id, self.department_id, self.responsible_id, self.patient_uninformed)
    }

    /// The columns that a change of the case writes.
    pub(crate) fn changes(self) -> Changes {
        Changes {
            number: self.number,
            kind: self.kind,
            stage: self.stage,
            version: self.version,
            agency_id: self.agency_id,
            department_id: self.department_id,
            responsible_id: self.responsible_id,
            waiting_on: self.waiting_on,
            held: self.held,
            patient_uninformed: self.patient_uninformed,
            slides_requested: self.slides_requested,
            accepted: self.accepted,
            expires_at: self.expires_at,
            due_at: self.due_at,
            overdue_noted_at: self.overdue_noted_at,
            visit_at: self.visit_at,
            accepted_at: self.accepted_at,
            submitted_at: self.submitted_at,
            updated_at: self.updated_at,
            body_sealed: self.body_sealed,
        }
    }
}

/// An instant as both databases keep it, to the microsecond: finer ones would seem changed when they are read back.
fn stored(at: Timestamp) -> Bind<Timestamp> {
    Bind(Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at))
}

/// The aggregate from its row: opened, its invariants checked, and held against the columns in clear on which authority rests. What else
/// is in clear is computed again when the case is saved; until then lists may find it under what it was.
pub(super) fn restore(tx: &Transaction<'_>, row: CaseRow, part: Part) -> Result<StoredCase, Error> {
    restore_comparing(tx, row, part, Compare::Authority)
}

/// The caller's own part in a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Who calls; nobody for the program itself.
    pub(super) caller: Option<UserId>,
    /// How their account joined it (wire name).
    pub(super) relation: Option<String>,
}

impl Part {
    fn into(self, mut facts: CaseFacts, id: CaseId, receiving: &[UserId]) -> Result<CaseFacts, Error> {
        facts.member = membership(id, self.relation)?;
        facts.receiving = self.caller.is_some_and(|caller| receiving.contains(&caller));
        Ok(facts)
    }
}

pub(super) fn restore_comparing(tx: &Transaction<'_>, mut row: CaseRow, part: Part, compare: Compare) -> Result<StoredCase, Error> {
    let id = row.id.0;
    let corrupt = |column| Error::corrupt("cases", column, id);
    let case: Case = tx.open_form(("cases", "body_sealed", id.uuid()), &std::mem::take(&mut row.body_sealed))?;
    let case = case.restore().map_err(|broken| {
        tracing::error!(case = %id, %broken, "a stored case is no case");
        corrupt("body_sealed")
    })?;
    let (version, created_at, updated_at) = (row.version, row.created_at.0, row.updated_at.0);
    let expected = CaseRow::clear(&case, version, created_at, updated_at, Vec::new());
    let agrees = match compare {
        Compare::Authority => expected.authority() == row.authority(),
        Compare::Everything => expected == row,
    };
    if !agrees {
        return Err(corrupt("columns in clear"));
    }
    let facts = part.into(case.facts(), id, &case.receiving())?;
    Ok(StoredCase { case, version, facts, created_at, updated_at })
}

/// The sealed line of a case for lists.
pub(crate) fn seal_summary(tx: &Transaction<'_>, case: &Case) -> Result<Vec<u8>, Error> {
    tx.seal_form(("cases", SUMMARY, case.id().uuid()), &case.summary())
}

/// The line of a case from its row: opened, and held against the columns in clear on which authority rests.
pub(super) fn restore_summary(tx: &mut Transaction<'_>, row: &ListedRow, part: Part) -> Result<ListedCase, Error> {
    let id = row.id.0;
    let summary: CaseSummary = match &row.summary_sealed {
        Some(sealed) => tx.open_form(("cases", SUMMARY, id.uuid()), sealed)?,
        // Last saved by a version whose lists opened the case.
        None => super::get_for_system(tx, id)?.case.summary(),
    };
    let clear = (row.agency_id, row.department_id, row.responsible_id, row.patient_uninformed);
    let expected = (summary.agency.map(Bind), summary.department.map(Bind), summary.responsible.map(Bind), summary.patient_uninformed);
    if summary.id != id || clear != expected {
        return Err(Error::corrupt("cases", "columns in clear", id));
    }
    let facts = part.into(summary.facts(), id, &summary.receiving)?;
    Ok(ListedCase { summary, facts })
}

/// Reads a row back, and holds everything that follows from the aggregate against it: the columns in clear and the line for lists.
pub(super) fn examine(tx: &mut Transaction<'_>, row: CaseRow) -> Result<(), Error> {
    let id = row.id.0;
    let stored = restore_comparing(tx, row, Part::default(), Compare::Everything)?;
    crate::taken::examine(tx, &stored.case)?;
    let sealed: Option<Vec<u8>> =
        with_connection!(tx, |c| cases::table.filter(cases::id.eq(Bind(id))).select(cases::summary_sealed).first(c))?;
    let Some(sealed) = sealed else { return Ok(()) };
    let summary: CaseSummary = tx.open_form(("cases", SUMMARY, id.uuid()), &sealed)?;
    if summary == stored.case.summary() { Ok(()) } else { Err(Error::corrupt("cases", SUMMARY, id)) }
}
