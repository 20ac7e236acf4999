//! Messages between the desk and the applicant's side, sealed; their audience is fixed when they are written.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use domain::access::Audience;
use domain::ids::{CaseId, MessageId, UserId};
use domain::messages::Message;
use jiff::Timestamp;
use uuid::Uuid;

use crate::cases::next_seq;
use crate::columns::Bind;
use crate::examine::examined;
use crate::schema::messages;
use crate::{Error, Numbered, Page, Transaction};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = messages)]
struct MessageRow {
    id: Bind<MessageId>,
    case_id: Bind<CaseId>,
    seq: i64,
    author_id: Bind<UserId>,
    audience: i32,
    created_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

/// A new message.
pub fn insert(tx: &mut Transaction<'_>, message: &Message) -> Result<(), Error> {
    let row = MessageRow {
        id: Bind(message.id),
        case_id: Bind(message.case),
        seq: next_seq(tx, message.case, message.at)?,
        author_id: Bind(message.author),
        audience: i32::from(message.audience.bits()),
        created_at: Bind(message.at),
        body_sealed: tx.seal_form(("messages", "body_sealed", message.id.uuid()), message)?,
    };
    with_connection!(tx, |c| diesel::insert_into(messages::table).values(&row).execute(c))?;
    Ok(())
}

/// The messages of a case that one of `audience` may read, oldest first.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, audience: Audience, page: Page<i64>) -> Result<Vec<Numbered<Message>>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<MessageRow>, Error> {
            let mask = diesel::dsl::sql::<Bool>("(messages.audience & ").bind::<Integer, _>(i32::from(audience.bits())).sql(") <> 0");
            with_connection!(tx, |c| messages::table
                .filter(messages::case_id.eq(Bind(case)).and(messages::seq.gt(page.after.unwrap_or(0))))
                .filter(mask)
                .order(messages::seq)
                .limit(i64::from(page.limit))
                .select(MessageRow::as_select())
                .load(c))
        },
        |row| row.seq,
        |tx, row| Ok(Numbered { seq: row.seq, entry: restore(tx, &row)? }),
    )
}

/// Takes an audience out of all messages of a case so far.
pub fn close_to(tx: &mut Transaction<'_>, case: CaseId, audience: Audience) -> Result<(), Error> {
    let rows: Vec<MessageRow> =
        with_connection!(tx, |c| messages::table.filter(messages::case_id.eq(Bind(case))).select(MessageRow::as_select()).load(c))?;
    for row in rows {
        let before = restore(tx, &row)?;
        let message = Message { audience: before.audience.without(audience), ..before };
        let new = (
            messages::audience.eq(i32::from(message.audience.bits())),
            messages::body_sealed.eq(tx.seal_form(("messages", "body_sealed", message.id.uuid()), &message)?),
        );
        let target = messages::table.filter(messages::id.eq(Bind(message.id)));
        with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?;
    }
    Ok(())
}

fn restore(tx: &Transaction<'_>, row: &MessageRow) -> Result<Message, Error> {
    let id = row.id.0;
    let message: Message = tx.open_form(("messages", "body_sealed", id.uuid()), &row.body_sealed)?;
    let agrees = message.id == id && message.case == row.case_id.0 && i32::from(message.audience.bits()) == row.audience;
    if agrees { Ok(message) } else { Err(Error::corrupt("messages", "columns in clear", id)) }
}

examined!("messages", messages, MessageRow, |row| row.id.0, |tx, row| restore(tx, &row));
