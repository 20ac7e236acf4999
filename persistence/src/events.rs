//! The events of cases. Rows are only added, and their audience never changes.

use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Nullable, SingleValue, Text};
use domain::access::Audience;
use domain::case::Event;
use domain::ids::{CaseId, EventId, UserId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::{Bind, Instant, Uid};
use crate::connection::Connection;
use crate::examine::examined;
use crate::schema::events;
use crate::{Error, Page, Transaction};

diesel::define_sql_function! {
    /// `PostgreSQL`: the elements of a list as rows.
    fn unnest<T: SingleValue>(elements: Array<T>) -> T;
}

/// An event with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEvent {
    /// Its place among all events: rises, with gaps.
    pub seq: i64,
    /// Identifier.
    pub id: EventId,
    /// The events.
    pub event: Event,
    /// Who did it; `None` for the system.
    pub actor: Option<UserId>,
    /// When.
    pub occurred_at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct EventRow {
    seq: i64,
    id: EventId,
    audience: i32,
    actor_id: Option<UserId>,
    occurred_at: Timestamp,
    data_sealed: Vec<u8>,
}

/// Adds what happened, in this order.
pub fn insert(tx: &mut Transaction<'_>, case: CaseId, actor: Option<UserId>, now: Timestamp, happened: &[Event]) -> Result<(), Error> {
    let (mut ids, mut kinds, mut audiences, mut sealed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for event in happened {
        let id = EventId::from_uuid(crate::fresh(now));
        sealed.push(tx.seal_form(("events", "data_sealed", id.uuid()), &event.kind)?);
        ids.push(Bind(id));
        kinds.push(event.kind.as_str());
        audiences.push(i32::from(event.audience.bits()));
    }
    if ids.is_empty() {
        return Ok(());
    }
    let (case, actor, at) = (Bind(case), actor.map(Bind), Bind(now));
    let columns = (events::id, events::case_id, events::kind, events::audience, events::actor_id, events::occurred_at, events::data_sealed);
    tx.usable()?;
    let written = match tx.connection() {
        // One statement whatever the number, and one that can be prepared: lists become rows inside the server.
        Connection::Postgres(c) => diesel::select((
            unnest::<Uid, _>(ids),
            case.into_sql::<Uid>(),
            unnest::<Text, _>(kinds),
            unnest::<Integer, _>(audiences),
            actor.into_sql::<Nullable<Uid>>(),
            at.into_sql::<Instant>(),
            unnest::<Binary, _>(sealed),
        ))
        .insert_into(events::table)
        .into_columns(columns)
        .execute(c)
        .map(drop),
        // No round trips here: prepared single rows are the quickest.
        Connection::Sqlite(c) => ids.into_iter().zip(kinds).zip(audiences).zip(sealed).try_for_each(|(((id, kind), audience), data)| {
            let row = (
                events::id.eq(id),
                events::case_id.eq(case),
                events::kind.eq(kind),
                events::audience.eq(audience),
                events::actor_id.eq(actor),
                events::occurred_at.eq(at),
                events::data_sealed.eq(data),
            );
            diesel::insert_into(events::table).values(row).execute(c).map(drop)
        }),
    };
    tx.judged(written)
}

/// The events of a case, as far as one of `audience` may know, oldest first.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, audience: Audience, page: Page<i64>) -> Result<Vec<StoredEvent>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<EventRow>, Error> {
            let mask = diesel::dsl::sql::<diesel::sql_types::Bool>("(events.audience & ")
                .bind::<Integer, _>(i32::from(audience.bits()))
                .sql(") <> 0");
            with_connection!(tx, |c| events::table
                .filter(events::case_id.eq(Bind(case)).and(events::seq.gt(page.after.unwrap_or(0))))
                .filter(mask)
                .order(events::seq)
                .limit(i64::from(page.limit))
                .select(EventRow::as_select())
                .load(c))
        },
        |row| row.seq,
        |tx, row| restore(tx, &row),
    )
}

fn restore(tx: &Transaction<'_>, row: &EventRow) -> Result<StoredEvent, Error> {
    let audience = u8::try_from(row.audience).map(Audience::from_bits).map_err(|_| Error::corrupt("events", "audience", row.id))?;
    let event = Event { kind: tx.open_form(("events", "data_sealed", row.id.uuid()), &row.data_sealed)?, audience };
    Ok(StoredEvent { seq: row.seq, id: row.id, event, actor: row.actor_id, occurred_at: row.occurred_at })
}

examined!("events", events, EventRow, |row| row.id, |tx, row| restore(tx, &row));
