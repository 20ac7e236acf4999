//! What is to be sent: written in the transaction of its cause, sent afterwards. Recipient and content are sealed.

use diesel::prelude::*;
use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::outbox;
use crate::{Error, Transaction};

/// Something to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Identifier, which the receiving side may use to recognise a second sending.
    pub id: Uuid,
    /// What kind of letter.
    pub kind: String,
    /// The case it speaks of, so that it can be silenced with it.
    pub case: Option<CaseId>,
    /// To whom; sealed.
    pub recipient: String,
    /// With what; sealed.
    pub payload: serde_json::Value,
    /// When it was written.
    pub created_at: Timestamp,
    /// How often sending it failed.
    pub attempts: i32,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox)]
struct LetterRow {
    id: Bind<Uuid>,
    kind: String,
    case_id: Option<Bind<CaseId>>,
    recipient_sealed: Vec<u8>,
    payload_sealed: Vec<u8>,
    created_at: Bind<Timestamp>,
    due_at: Bind<Timestamp>,
    attempts: i32,
}

/// How long a sender that took a letter has it to itself.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);

/// New letters, due at once.
pub fn insert(tx: &mut Transaction<'_>, letters: &[Letter]) -> Result<(), Error> {
    for letter in letters {
        let vault = tx.vault();
        let row = LetterRow {
            id: Bind(letter.id),
            kind: letter.kind.clone(),
            case_id: letter.case.map(Bind),
            recipient_sealed: vault.seal("outbox", "recipient_sealed", letter.id, letter.recipient.as_bytes())?,
            payload_sealed: tx.seal_form(("outbox", "payload_sealed", letter.id), &letter.payload)?,
            created_at: Bind(letter.created_at),
            due_at: Bind(letter.created_at),
            attempts: letter.attempts,
        };
        on!(tx, |c| diesel::insert_into(outbox::table).values(&row).execute(c))?;
    }
    Ok(())
}

/// Whether letters are due.
pub fn has_due(tx: &mut Transaction<'_>, now: Timestamp) -> Result<bool, Error> {
    let open = outbox::table.filter(outbox::sent_at.is_null().and(outbox::silenced_at.is_null()).and(outbox::due_at.le(Bind(now))));
    on!(tx, |c| diesel::select(diesel::dsl::exists(open)).get_result(c))
}

/// Takes letters that are due, oldest first, and keeps others from taking them for two minutes. One that cannot be read back is given as
/// its error and waits like the others: it keeps nobody's letter from leaving.
pub fn claim(tx: &mut Transaction<'_>, now: Timestamp, limit: u32) -> Result<Vec<Result<Letter, Error>>, Error> {
    use crate::connection::Connection;
    tx.usable()?;
    let open = outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::silenced_at.is_null()).and(outbox::due_at.le(Bind(now))))
        .order(outbox::due_at)
        .limit(i64::from(limit));
    // Only PostgreSQL has several writers, and can skip what another one holds.
    let rows = match tx.connection() {
        Connection::Sqlite(c) => open.select(LetterRow::as_select()).load(c),
        Connection::Postgres(c) => open.select(LetterRow::as_select()).for_update().skip_locked().load(c),
    };
    let rows: Vec<LetterRow> = tx.judged(rows)?;
    let until = now.saturating_add(CLAIM).unwrap_or(now);
    let mut letters = Vec::with_capacity(rows.len());
    for row in rows {
        on!(tx, |c| diesel::update(outbox::table.filter(outbox::id.eq(row.id))).set(outbox::due_at.eq(Bind(until))).execute(c))?;
        letters.push(restore(tx, row));
    }
    Ok(letters)
}

/// Notes that a letter was sent. Its content is kept no longer.
pub fn sent(tx: &mut Transaction<'_>, id: Uuid, now: Timestamp) -> Result<(), Error> {
    let target = outbox::table.filter(outbox::id.eq(Bind(id)));
    let emptied = (outbox::sent_at.eq(Some(Bind(now))), outbox::payload_sealed.eq(Vec::<u8>::new()));
    on!(tx, |c| diesel::update(target).set(emptied).execute(c))?;
    Ok(())
}

/// Notes that sending failed; the next attempt is due at `again_at`.
pub fn failed(tx: &mut Transaction<'_>, id: Uuid, again_at: Timestamp) -> Result<(), Error> {
    let target = outbox::table.filter(outbox::id.eq(Bind(id)));
    let new = (outbox::attempts.eq(outbox::attempts + 1), outbox::due_at.eq(Bind(again_at)));
    on!(tx, |c| diesel::update(target).set(new).execute(c))?;
    Ok(())
}

/// Keeps back every unsent letter about a case; says how many.
pub fn silence(tx: &mut Transaction<'_>, case: CaseId, now: Timestamp) -> Result<usize, Error> {
    let target = outbox::table.filter(outbox::case_id.eq(Some(Bind(case))).and(outbox::sent_at.is_null()));
    on!(tx, |c| diesel::update(target).set(outbox::silenced_at.eq(Some(Bind(now)))).execute(c))
}

fn restore(tx: &Transaction<'_>, row: LetterRow) -> Result<Letter, Error> {
    let (vault, id) = (tx.vault(), row.id.0);
    let recipient = vault.open("outbox", "recipient_sealed", id, &row.recipient_sealed)?;
    Ok(Letter {
        id,
        kind: row.kind,
        case: row.case_id.map(|case| case.0),
        recipient: String::from_utf8(recipient).map_err(|_| Error::corrupt("outbox", "recipient_sealed", id))?,
        payload: tx.open_form(("outbox", "payload_sealed", id), &row.payload_sealed)?,
        created_at: row.created_at.0,
        attempts: row.attempts,
    })
}
