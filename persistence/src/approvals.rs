//! Requests of one person that another must approve. The content is ids and codes, nothing personal.

use diesel::prelude::*;
use domain::ids::{ApprovalId, UserId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::approvals;
use crate::words::wire_words;
use crate::{Error, Page, Transaction};

wire_words! {
    /// The content of the request.
    pub enum ApprovalKind {
        /// Roles that see clinical content; the subject is a person.
        Roles = "roles",
        /// The settlement of a refund; the subject is the refund.
        Refund = "refund",
        /// A write-off; the subject is the write-off.
        WriteOff = "write_off",
    }
}

wire_words! {
    /// Its outcome.
    pub enum ApprovalState {
        /// It waits for a second person.
        Pending = "pending",
        /// A second person approved it.
        Approved = "approved",
        /// A second person refused it.
        Rejected = "rejected",
        /// It was taken back, or another request took its place.
        Withdrawn = "withdrawn",
    }
}

/// A request that a second person approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Identifier.
    pub id: ApprovalId,
    /// The content of the request.
    pub kind: ApprovalKind,
    /// Its subject, by the kind: a person, a refund or a write-off.
    pub subject: Uuid,
    /// Who asked; `None` for the command line.
    pub requested_by: Option<UserId>,
    /// When.
    pub requested_at: Timestamp,
    /// The request in detail, by the kind: role assignments, or how the refund is settled.
    pub content: serde_json::Value,
    /// Its outcome.
    pub state: ApprovalState,
    /// Who decided; `None` for the command line, and while nobody has.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = approvals)]
struct ApprovalRow {
    id: Bind<ApprovalId>,
    kind: String,
    subject_id: Bind<Uuid>,
    requested_by: Option<Bind<UserId>>,
    requested_at: Bind<Timestamp>,
    content: String,
    state: String,
    decided_by: Option<Bind<UserId>>,
    decided_at: Option<Bind<Timestamp>>,
}

/// A new request. Of one kind about one subject one may be pending.
pub fn insert(tx: &mut Transaction<'_>, approval: &Approval) -> Result<(), Error> {
    let row = ApprovalRow {
        id: Bind(approval.id),
        kind: approval.kind.as_str().to_owned(),
        subject_id: Bind(approval.subject),
        requested_by: approval.requested_by.map(Bind),
        requested_at: Bind(approval.requested_at),
        content: approval.content.to_string(),
        state: approval.state.as_str().to_owned(),
        decided_by: approval.decided_by.map(Bind),
        decided_at: approval.decided_at.map(Bind),
    };
    with_connection!(tx, |c| diesel::insert_into(approvals::table).values(&row).execute(c))?;
    Ok(())
}

/// One request.
pub fn get(tx: &mut Transaction<'_>, id: ApprovalId) -> Result<Approval, Error> {
    let row: ApprovalRow =
        with_connection!(tx, |c| approvals::table.filter(approvals::id.eq(Bind(id))).select(ApprovalRow::as_select()).first(c))?;
    restore(&row)
}

/// The pending request of this kind about this subject, if there is one.
pub fn find_pending(tx: &mut Transaction<'_>, kind: ApprovalKind, subject: Uuid) -> Result<Option<Approval>, Error> {
    let row: Option<ApprovalRow> = with_connection!(tx, |c| approvals::table
        .filter(approvals::kind.eq(kind.as_str()).and(approvals::subject_id.eq(Bind(subject))))
        .filter(approvals::state.eq(ApprovalState::Pending.as_str()))
        .select(ApprovalRow::as_select())
        .first(c)
        .optional())?;
    row.as_ref().map(restore).transpose()
}

/// The pending requests of a kind, newest first.
pub fn list_pending(tx: &mut Transaction<'_>, kind: ApprovalKind, page: Page<ApprovalId>) -> Result<Vec<Approval>, Error> {
    let rows: Vec<ApprovalRow> = with_connection!(tx, |c| {
        let mut query =
            approvals::table.filter(approvals::state.eq(ApprovalState::Pending.as_str())).select(ApprovalRow::as_select()).into_boxed();
        query = query.filter(approvals::kind.eq(kind.as_str()));
        if let Some(after) = page.after {
            query = query.filter(approvals::id.lt(Bind(after)));
        }
        query.order(approvals::id.desc()).limit(i64::from(page.limit)).load(c)
    })?;
    rows.iter().map(restore).collect()
}

/// Notes what became of a pending request.
///
/// # Errors
/// [`Error::Stale`] if it is no longer pending: somebody else was first.
pub fn decide(tx: &mut Transaction<'_>, id: ApprovalId, state: ApprovalState, by: Option<UserId>, now: Timestamp) -> Result<(), Error> {
    let pending = approvals::state.eq(ApprovalState::Pending.as_str());
    let target = approvals::table.filter(approvals::id.eq(Bind(id)).and(pending));
    let new = (approvals::state.eq(state.as_str()), approvals::decided_by.eq(by.map(Bind)), approvals::decided_at.eq(Some(Bind(now))));
    match with_connection!(tx, |c| diesel::update(target).set(new).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

fn restore(row: &ApprovalRow) -> Result<Approval, Error> {
    let id = row.id.0;
    Ok(Approval {
        id,
        kind: row.kind.parse().map_err(|_| Error::corrupt("approvals", "kind", id))?,
        subject: row.subject_id.0,
        requested_by: row.requested_by.as_ref().map(|by| by.0),
        requested_at: row.requested_at.0,
        content: serde_json::from_str(&row.content).map_err(|_| Error::corrupt("approvals", "content", id))?,
        state: row.state.parse().map_err(|_| Error::corrupt("approvals", "state", id))?,
        decided_by: row.decided_by.as_ref().map(|by| by.0),
        decided_at: row.decided_at.as_ref().map(|at| at.0),
    })
}
