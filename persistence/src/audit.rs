//! The audit trail: who did what, or was refused. Ids and codes only, never names or texts. Rows are only ever added.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use domain::ids::{AuditEntryId, CaseId, SessionId, UserId};
use jiff::Timestamp;

use crate::columns::{Bind, Instant, Uid};
use crate::connection::Connection;
use crate::postgres::unnest;
use crate::schema::audit_entries as audit;
use crate::words::wire_words;
use crate::{Error, Page, Transaction};

wire_words! {
    /// How it ended.
    pub enum Outcome {
        /// It was done.
        Done = "done",
        /// It was done before; the kept answer was given again.
        Replayed = "replayed",
        /// It was refused.
        Refused = "refused",
        /// It failed for a reason of ours.
        Failed = "failed",
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Identifier.
    pub id: AuditEntryId,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for anonymous callers and the system.
    pub actor: Option<UserId>,
    /// In which session.
    pub session: Option<SessionId>,
    /// The operation, as `operationId`.
    pub operation: String,
    /// Kind of the thing it was done to.
    pub subject_kind: Option<String>,
    /// Its id.
    pub subject_id: Option<String>,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// How it ended.
    pub outcome: Outcome,
    /// The request.
    pub request_id: String,
    /// Details: ids and codes, nothing personal. `Null` for nothing.
    pub details: serde_json::Value,
}

/// An entry with its place in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its place: rises with each entry.
    pub seq: i64,
    /// The entry.
    pub entry: Entry,
}

/// Which entries a list shows; `None` does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// By this person.
    pub actor: Option<UserId>,
    /// About this case.
    pub case: Option<CaseId>,
    /// Of this `operationId`.
    pub operation: Option<String>,
    /// Of every operation but these.
    pub without: &'static [&'static str],
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// At this instant or later.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
struct NewRow<'a> {
    id: Bind<AuditEntryId>,
    at: Bind<Timestamp>,
    actor_id: Option<Bind<UserId>>,
    session_id: Option<Bind<SessionId>>,
    operation: &'a str,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    case_id: Option<Bind<CaseId>>,
    outcome: &'a str,
    request_id: &'a str,
    details: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
struct EntryRow {
    seq: i64,
    id: AuditEntryId,
    at: Timestamp,
    actor_id: Option<UserId>,
    session_id: Option<SessionId>,
    operation: String,
    subject_kind: Option<String>,
    subject_id: Option<String>,
    case_id: Option<CaseId>,
    outcome: String,
    request_id: String,
    details: Option<String>,
}

impl<'a> NewRow<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            id: Bind(entry.id),
            at: Bind(entry.at),
            actor_id: entry.actor.map(Bind),
            session_id: entry.session.map(Bind),
            operation: &entry.operation,
            subject_kind: entry.subject_kind.clone(),
            subject_id: entry.subject_id.clone(),
            case_id: entry.case.map(Bind),
            outcome: entry.outcome.as_str(),
            request_id: &entry.request_id,
            details: (!entry.details.is_null()).then(|| entry.details.to_string()),
        }
    }
}

/// A new entry.
pub fn insert(tx: &mut Transaction<'_>, entry: &Entry) -> Result<(), Error> {
    let row = NewRow::of(entry);
    with_connection!(tx, |c| diesel::insert_into(audit::table).values(&row).execute(c))?;
    Ok(())
}

/// The values of a column, one for each row.
fn column<'r, 'a, T>(rows: &'r [NewRow<'a>], of: impl Fn(&'r NewRow<'a>) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// New entries, in this order.
pub(crate) fn insert_all(tx: &mut Transaction<'_>, entries: &[Entry]) -> Result<(), Error> {
    tx.usable()?;
    let written = match tx.connection() {
        // One round trip for all of them, by one prepared statement whatever their number.
        Connection::Postgres(c) => {
            let rows: Vec<NewRow<'_>> = entries.iter().map(NewRow::of).collect();
            diesel::select((
                unnest::<Uid, _>(column(&rows, |row| row.id)),
                unnest::<Instant, _>(column(&rows, |row| row.at)),
                unnest::<Nullable<Uid>, _>(column(&rows, |row| row.actor_id)),
                unnest::<Nullable<Uid>, _>(column(&rows, |row| row.session_id)),
                unnest::<Text, _>(column(&rows, |row| row.operation)),
                unnest::<Nullable<Text>, _>(column(&rows, |row| row.subject_kind.as_deref())),
                unnest::<Nullable<Text>, _>(column(&rows, |row| row.subject_id.as_deref())),
                unnest::<Nullable<Uid>, _>(column(&rows, |row| row.case_id)),
                unnest::<Text, _>(column(&rows, |row| row.outcome)),
                unnest::<Text, _>(column(&rows, |row| row.request_id)),
                unnest::<Nullable<Text>, _>(column(&rows, |row| row.details.as_deref())),
            ))
            .insert_into(audit::table)
            .into_columns((
                audit::id,
                audit::at,
                audit::actor_id,
                audit::session_id,
                audit::operation,
                audit::subject_kind,
                audit::subject_id,
                audit::case_id,
                audit::outcome,
                audit::request_id,
                audit::details,
            ))
            .execute(c)
            .map(drop)
        }
        // No round trips here: prepared single rows are the quickest.
        Connection::Sqlite(c) => {
            entries.iter().try_for_each(|entry| diesel::insert_into(audit::table).values(&NewRow::of(entry)).execute(c).map(drop))
        }
    };
    tx.judged(written)
}

/// Entries, newest first.
pub fn list(tx: &mut Transaction<'_>, filter: &AuditFilter, page: Page<i64>) -> Result<Vec<StoredEntry>, Error> {
    let rows: Vec<EntryRow> = with_connection!(tx, |c| {
        let mut query = audit::table.select(EntryRow::as_select()).into_boxed();
        if let Some(after) = page.after {
            query = query.filter(audit::seq.lt(after));
        }
        if let Some(actor) = filter.actor {
            query = query.filter(audit::actor_id.eq(Some(Bind(actor))));
        }
        if let Some(case) = filter.case {
            query = query.filter(audit::case_id.eq(Some(Bind(case))));
        }
        if let Some(operation) = &filter.operation {
            query = query.filter(audit::operation.eq(operation));
        }
        if !filter.without.is_empty() {
            query = query.filter(audit::operation.ne_all(filter.without));
        }
        if let Some(outcome) = filter.outcome {
            query = query.filter(audit::outcome.eq(outcome.as_str()));
        }
        if let Some(since) = filter.since {
            query = query.filter(audit::at.ge(Bind(since)));
        }
        if let Some(until) = filter.until {
            query = query.filter(audit::at.lt(Bind(until)));
        }
        query.order(audit::seq.desc()).limit(i64::from(page.limit)).load(c)
    })?;
    rows.into_iter().map(restore).collect()
}

fn restore(row: EntryRow) -> Result<StoredEntry, Error> {
    let details = match row.details {
        None => serde_json::Value::Null,
        Some(text) => serde_json::from_str(&text).map_err(|_| Error::corrupt("audit_entries", "details", row.seq))?,
    };
    let entry = Entry {
        id: row.id,
        at: row.at,
        actor: row.actor_id,
        session: row.session_id,
        operation: row.operation,
        subject_kind: row.subject_kind,
        subject_id: row.subject_id,
        case: row.case_id,
        outcome: row.outcome.parse().map_err(|_| Error::corrupt("audit_entries", "outcome", row.seq))?,
        request_id: row.request_id,
        details,
    };
    Ok(StoredEntry { seq: row.seq, entry })
}
