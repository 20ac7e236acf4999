//! Messages between the desk and the applicant's side; the text is sealed.

use diesel::prelude::*;
use domain::access::Relation;
use domain::ids::{CaseId, MessageId, UserId};
use domain::people::LongText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::columns::Bind;
use crate::schema::messages;
use crate::{Error, Page, Transaction};

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Identifier.
    pub id: MessageId,
    /// The case it belongs to.
    pub case: CaseId,
    /// Who wrote it.
    pub author: UserId,
    /// In which relation to the case.
    pub relation: Relation,
    /// What it says.
    pub text: LongText,
    /// When it was written.
    pub created_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Body {
    relation: Relation,
    text: LongText,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = messages)]
struct MessageRow {
    id: Bind<MessageId>,
    case_id: Bind<CaseId>,
    author_id: Option<Bind<UserId>>,
    created_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

/// A new message.
pub fn insert(tx: &mut Transaction<'_>, message: &Message) -> Result<(), Error> {
    let body = Body { relation: message.relation, text: message.text.clone() };
    let row = MessageRow {
        id: Bind(message.id),
        case_id: Bind(message.case),
        author_id: Some(Bind(message.author)),
        created_at: Bind(message.created_at),
        body_sealed: tx.vault().seal_json("messages", "body_sealed", message.id.uuid(), &body)?,
    };
    on!(tx, |c| diesel::insert_into(messages::table).values(&row).execute(c))?;
    Ok(())
}

/// The messages of a case, oldest first.
pub fn list(tx: &mut Transaction<'_>, case: CaseId, page: Page<MessageId>) -> Result<Vec<Message>, Error> {
    let after = page.after.map_or(uuid::Uuid::nil(), MessageId::uuid);
    let rows: Vec<MessageRow> = on!(tx, |c| messages::table
        .filter(messages::case_id.eq(Bind(case)).and(messages::id.gt(Bind(after))))
        .order(messages::id)
        .limit(i64::from(page.limit))
        .select(MessageRow::as_select())
        .load(c))?;
    let vault = tx.vault();
    rows.into_iter()
        .map(|row| {
            let id = row.id.0;
            let body: Body = vault.open_json("messages", "body_sealed", id.uuid(), &row.body_sealed)?;
            let author = row.author_id.ok_or_else(|| Error::corrupt("messages", "author_id", id))?.0;
            Ok(Message { id, case: row.case_id.0, author, relation: body.relation, text: body.text, created_at: row.created_at.0 })
        })
        .collect()
}
