//! The events of cases. Rows are only added, and their audience only shrinks.

use diesel::prelude::*;
use diesel::sql_types::{Binary, Integer, Nullable, Text};
use domain::access::Audience;
use domain::case::Event;
use domain::ids::{CaseId, EventId, UserId};
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::{Bind, Instant, Uid};
use crate::connection::Connection;
use crate::examine::examined;
use crate::postgres::{Statement, unnest};
use crate::schema::events;
use crate::{Error, Page, Transaction};

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

/// New events of one case as columns: a list for each column in which they differ, one value for each in which they do not.
pub(crate) struct NewEvents<'a> {
    ids: Vec<Bind<EventId>>,
    kinds: Vec<&'a str>,
    audiences: Vec<i32>,
    sealed: Vec<Vec<u8>>,
    case: Bind<CaseId>,
    actor: Option<Bind<UserId>>,
    at: Bind<Timestamp>,
}

impl<'a> NewEvents<'a> {
    pub(crate) fn seal(
        tx: &Transaction<'_>,
        case: CaseId,
        actor: Option<UserId>,
        now: Timestamp,
        events: &'a [Event],
    ) -> Result<Self, Error> {
        let (mut ids, mut kinds, mut audiences, mut sealed) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for event in events {
            let id = EventId::from_uuid(crate::fresh(now));
            sealed.push(tx.seal_form(("events", "data_sealed", id.uuid()), &event.kind)?);
            ids.push(Bind(id));
            kinds.push(event.kind.as_str());
            audiences.push(i32::from(event.audience.bits()));
        }
        Ok(Self { ids, kinds, audiences, sealed, case: Bind(case), actor: actor.map(Bind), at: Bind(now) })
    }

    /// One statement whatever the number.
    pub(crate) fn statement(self) -> impl Statement {
        diesel::select((
            unnest::<Uid, _>(self.ids),
            self.case.into_sql::<Uid>(),
            unnest::<Text, _>(self.kinds),
            unnest::<Integer, _>(self.audiences),
            self.actor.into_sql::<Nullable<Uid>>(),
            self.at.into_sql::<Instant>(),
            unnest::<Binary, _>(self.sealed),
        ))
        .insert_into(events::table)
        .into_columns((
            events::id,
            events::case_id,
            events::kind,
            events::audience,
            events::actor_id,
            events::occurred_at,
            events::data_sealed,
        ))
    }

    /// A prepared statement for each: without round trips that is the quickest.
    pub(crate) fn each(self, connection: &mut SqliteConnection) -> QueryResult<()> {
        let Self { ids, kinds, audiences, sealed, case, actor, at } = self;
        ids.into_iter().zip(kinds).zip(audiences).zip(sealed).try_for_each(|(((id, kind), audience), data)| {
            let row = (
                events::id.eq(id),
                events::case_id.eq(case),
                events::kind.eq(kind),
                events::audience.eq(audience),
                events::actor_id.eq(actor),
                events::occurred_at.eq(at),
                events::data_sealed.eq(data),
            );
            diesel::insert_into(events::table).values(row).execute(connection).map(drop)
        })
    }
}

/// Adds what happened, in this order.
pub fn insert(tx: &mut Transaction<'_>, case: CaseId, actor: Option<UserId>, now: Timestamp, happened: &[Event]) -> Result<(), Error> {
    if happened.is_empty() {
        return Ok(());
    }
    let new = NewEvents::seal(tx, case, actor, now, happened)?;
    tx.usable()?;
    let written = match tx.connection() {
        Connection::Postgres(c) => new.statement().execute(c).map(drop),
        Connection::Sqlite(c) => new.each(c),
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

/// Takes an audience out of all that happened in a case so far.
pub fn close_to(tx: &mut Transaction<'_>, case: CaseId, audience: Audience) -> Result<(), Error> {
    let rows: Vec<(EventId, i32)> =
        with_connection!(tx, |c| events::table.filter(events::case_id.eq(Bind(case))).select((events::id, events::audience)).load(c))?;
    for (id, before) in rows {
        let left = u8::try_from(before).map(Audience::from_bits).map_err(|_| Error::corrupt("events", "audience", id))?.without(audience);
        let target = events::table.filter(events::id.eq(Bind(id)));
        with_connection!(tx, |c| diesel::update(target).set(events::audience.eq(i32::from(left.bits()))).execute(c))?;
    }
    Ok(())
}

fn restore(tx: &Transaction<'_>, row: &EventRow) -> Result<StoredEvent, Error> {
    let audience = u8::try_from(row.audience).map(Audience::from_bits).map_err(|_| Error::corrupt("events", "audience", row.id))?;
    let event = Event { kind: tx.open_form(("events", "data_sealed", row.id.uuid()), &row.data_sealed)?, audience };
    Ok(StoredEvent { seq: row.seq, id: row.id, event, actor: row.actor_id, occurred_at: row.occurred_at })
}

examined!("events", events, EventRow, |row| row.id, |tx, row| restore(tx, &row));
