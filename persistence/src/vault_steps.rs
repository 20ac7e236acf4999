//! Steps of a migration that take the keys of the vault: what they change is sealed, or a digest of it.
//!
//! Each runs once, after the migrations in SQL: in one transaction with the note that it is done, or in parts, each a transaction of its own. After
//! a kill a step in parts begins anew and passes over what was done.

mod books;
mod estimates;
mod receipts;
mod warnings;

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, Binary};
use domain::access::Role;
use domain::case::Case;
use domain::ids::{CaseId, JobId, UserId};
use domain::intake::requests::InformationRequest;
use domain::people::{EmailAddress, LanguageTag};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::codes::Purpose;
use crate::columns::{Bind, Uid};
use crate::connection::Connection;
use crate::error::OpenError;
use crate::jobs::{self, NewJob};
use crate::schema::{cases, one_time_codes as codes, outbox, role_assignments, users, vault_steps};
use crate::users::UserStatus;
use crate::vault::Vault;
use crate::{Error, Transaction, forms, fresh, information};

/// A step: its name, and what it does.
type Step = (&'static str, How);

/// One part of a step: it handles the rows after an id, at an instant.
type Part = fn(&mut Transaction<'_>, Timestamp, Uuid) -> Result<Option<Uuid>, Error>;

/// How a step is done.
enum How {
    /// At once.
    Whole(fn(&mut Transaction<'_>, Timestamp) -> Result<(), Error>),
    /// In parts. Each call handles the rows after the given id and returns the last id, or `None` at the end.
    InParts(Part),
}

const STEPS: [Step; 10] = [
    ("0006_address_digests", How::Whole(address_digests)),
    ("0009_payment_references", How::Whole(|tx, _| crate::invoices::payments::index_references(tx))),
    ("0010_letters_as_jobs", How::Whole(|tx, _| letters_as_jobs(tx))),
    // These read cases of form 1, too, which the next step rewrites.
    ("0014_terms", How::Whole(estimates::terms_leave_the_settings)),
    ("0014_estimates", How::InParts(|tx, _, after| estimates::quotes_become_estimates(tx, after))),
    ("0011_information_requests", How::InParts(|tx, _, after| requests_leave_the_case(tx, after))),
    ("0013_books", How::InParts(|tx, _, after| books::correct_all(tx, after))),
    ("0014_clocks", How::InParts(|tx, _, after| estimates::clocks_stop_at_the_hospitals_turn(tx, after))),
    ("0015_receipts", How::InParts(|tx, _, after| receipts::give(tx, after))),
    ("0018_warnings", How::InParts(warnings::plan)),
];

/// The names of the steps that the database lacks.
pub(crate) fn pending(connection: &mut Connection) -> Result<Vec<String>, OpenError> {
    let done: Result<Vec<String>, _> = match connection {
        Connection::Sqlite(c) => vault_steps::table.select(vault_steps::name).load(c),
        Connection::Postgres(c) => vault_steps::table.select(vault_steps::name).load(c),
    };
    let done = done.map_err(|error| OpenError::Migration(error.to_string()))?;
    Ok(STEPS.iter().map(|(name, _)| (*name).to_owned()).filter(|name| !done.contains(name)).collect())
}

/// Runs the steps that the database lacks, and names them. Several servers that start at once queue here.
pub(crate) fn run(connection: &mut Connection, vault: &Vault, now: Timestamp) -> Result<Vec<String>, OpenError> {
    let pending = pending(connection)?;
    for (name, how) in STEPS.iter().filter(|(name, _)| pending.iter().any(|one| one == name)) {
        let noted = (vault_steps::name.eq(*name), vault_steps::done_at.eq(Bind(now)));
        let note = |tx: &mut Transaction<'_>| {
            with_connection!(tx, |c| diesel::insert_into(vault_steps::table).values(noted).on_conflict_do_nothing().execute(c)).map(drop)
        };
        let done = match how {
            How::Whole(step) => in_transaction(connection, vault, |tx| step(tx, now).and_then(|()| note(tx))),
            How::InParts(part) => in_parts(connection, vault, now, *part, note),
        };
        done.map_err(|error| OpenError::Migration(format!("{name}: {error}")))?;
    }
    Ok(pending)
}

fn in_parts(
    connection: &mut Connection,
    vault: &Vault,
    now: Timestamp,
    part: Part,
    note: impl Fn(&mut Transaction<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut after = Some(Uuid::nil());
    while let Some(from) = after {
        after = in_transaction(connection, vault, |tx| part(tx, now, from))?;
    }
    in_transaction(connection, vault, note)
}

fn in_transaction<T>(
    connection: &mut Connection,
    vault: &Vault,
    job: impl FnOnce(&mut Transaction<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let failed = |error: diesel::result::Error| Error::Query(error.to_string());
    match connection {
        Connection::Sqlite(c) => c.batch_execute("BEGIN IMMEDIATE"),
        Connection::Postgres(c) => c.batch_execute(&format!("BEGIN; {}", crate::migrations::LOCK)),
    }
    .map_err(failed)?;
    let done = job(&mut Transaction::new(connection, vault));
    let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
    match connection {
        Connection::Sqlite(c) => c.batch_execute(end),
        Connection::Postgres(c) => c.batch_execute(end),
    }
    .map_err(failed)?;
    done
}

/// The facts about an account of release 0.1 that decide about its address.
struct Account {
    id: UserId,
    address: EmailAddress,
    status: String,
    has_password: bool,
    verified: bool,
    created_at: Timestamp,
    language: String,
}

/// Gives each account the digest of its address.
///
/// In release 0.1 the search index found accounts, so a code may have been sent to an address that only looks alike: open codes for a
/// password end. An account that nobody has proved is one that an administrator made, which is `invited`, or a registration. That goes,
/// with its codes: a stranger may have written over it, and the owner's code would put the stranger's password in force. Where two
/// accounts turn out to have one address, the older verified one keeps it; the other is shut out and told by letter.
fn address_digests(tx: &mut Transaction<'_>, now: Timestamp) -> Result<(), Error> {
    crate::codes::expire_all(tx, Purpose::PasswordReset, now)?;
    let mut holders: BTreeMap<String, Vec<Account>> = BTreeMap::new();
    for account in accounts(tx)? {
        if account.status == "unverified" {
            if account.has_password && is_applicant_alone(tx, account.id)? && !was_invited(tx, account.id)? {
                let target = users::table.filter(users::id.eq(Bind(account.id)));
                with_connection!(tx, |c| diesel::delete(target).execute(c))?;
                continue;
            }
            invite(tx, account.id, now)?;
        }
        holders.entry(account.address.canonical()).or_default().push(account);
    }
    for mut accounts in holders.into_values() {
        accounts.sort_by_key(|account| (!(account.verified && account.status == "active"), account.created_at, account.id));
        let mut accounts = accounts.into_iter();
        if let Some(holder) = accounts.next() {
            let digest = tx.vault().address_digest(&holder.address);
            let target = users::table.filter(users::id.eq(Bind(holder.id)));
            with_connection!(tx, |c| diesel::update(target).set(users::address_digest.eq(Some(digest))).execute(c))?;
        }
        for other in accounts {
            shut_out(tx, &other, now)?;
        }
    }
    Ok(())
}

fn accounts(tx: &mut Transaction<'_>) -> Result<Vec<Account>, Error> {
    type Row = (UserId, Vec<u8>, String, Option<String>, Option<Timestamp>, Timestamp, String);
    let rows: Vec<Row> = with_connection!(tx, |c| users::table
        .select((
            users::id,
            users::email_sealed,
            users::status,
            users::password_hash,
            users::email_verified_at,
            users::created_at,
            users::language
        ))
        .load(c))?;
    rows.into_iter()
        .map(|(id, sealed, status, password, verified, created_at, language)| {
            let address = tx.open_form(("users", "email_sealed", id.uuid()), &sealed)?;
            Ok(Account { id, address, status, has_password: password.is_some(), verified: verified.is_some(), created_at, language })
        })
        .collect()
}

fn is_applicant_alone(tx: &mut Transaction<'_>, user: UserId) -> Result<bool, Error> {
    let with = role_assignments::table.filter(role_assignments::user_id.eq(Bind(user)));
    let roles: Vec<String> = with_connection!(tx, |c| with.select(role_assignments::role).load(c))?;
    Ok(roles == [Role::Applicant.as_str()])
}

fn was_invited(tx: &mut Transaction<'_>, user: UserId) -> Result<bool, Error> {
    let invitation = codes::user_id.eq(Some(Bind(user))).and(codes::purpose.eq(Purpose::AccountInvitation.as_str()));
    let count: i64 = with_connection!(tx, |c| codes::table.filter(invitation).count().get_result(c))?;
    Ok(count > 0)
}

/// Removes the password and the codes that a stranger's registration may have written over an account of an administrator's.
fn invite(tx: &mut Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), Error> {
    let target = users::table.filter(users::id.eq(Bind(user)));
    let new = (users::status.eq(UserStatus::Invited.as_str()), users::password_hash.eq(None::<String>));
    with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?;
    crate::codes::expire_for_user(tx, Purpose::EmailVerification, user, now)
}

fn shut_out(tx: &mut Transaction<'_>, account: &Account, now: Timestamp) -> Result<(), Error> {
    let target = users::table.filter(users::id.eq(Bind(account.id)));
    let new = (users::status.eq(UserStatus::Disabled.as_str()), users::epoch.eq(users::epoch + 1), users::version.eq(users::version + 1));
    with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?;
    let language = account.language.parse::<LanguageTag>().map_err(|_| Error::corrupt("users", "language", account.id))?;
    let letter = letter("address_shared", account.address.as_str(), &json!({ "language": language.to_string() }));
    jobs::insert(tx, &[send_email(JobId::from_uuid(fresh(now)), None, letter, now)]).map(drop)
}

/// The payload of the job that sends a letter.
fn letter(reason: &str, recipient: &str, payload: &Value) -> Value {
    let part = |name: &str| payload.get(name).cloned().unwrap_or(Value::Null);
    let facts = payload.get("facts").cloned().unwrap_or_else(|| json!({}));
    json!({ "reason": reason, "recipient": recipient, "language": part("language"), "code": part("code"), "facts": facts })
}

fn send_email(id: JobId, case: Option<CaseId>, payload: Value, now: Timestamp) -> NewJob {
    NewJob { id, name: "send_email", only_key: None, case, payload, created_at: now, due_at: now }
}

/// Letters that earlier releases wrote and did not send become jobs. Those that were sent or kept back go.
fn letters_as_jobs(tx: &mut Transaction<'_>) -> Result<(), Error> {
    type Row = (Uuid, String, Option<CaseId>, Vec<u8>, Vec<u8>, Timestamp);
    let unsent: Vec<Row> = with_connection!(tx, |c| outbox::table
        .filter(outbox::sent_at.is_null().and(outbox::silenced_at.is_null()))
        .order(outbox::id)
        .select((outbox::id, outbox::kind, outbox::case_id, outbox::recipient_sealed, outbox::payload_sealed, outbox::created_at))
        .load(c))?;
    for (id, kind, case, recipient, payload, created_at) in unsent {
        let recipient = tx.vault().open("outbox", "recipient_sealed", id, &recipient)?;
        let recipient = String::from_utf8(recipient).map_err(|_| Error::corrupt("outbox", "recipient_sealed", id))?;
        let payload: Value = tx.open_form(("outbox", "payload_sealed", id), &payload)?;
        jobs::insert(tx, &[send_email(JobId::from_uuid(id), case, letter(&kind, &recipient, &payload), created_at)])?;
    }
    with_connection!(tx, |c| diesel::delete(outbox::table).execute(c)).map(drop)
}

/// How many cases are rewritten in one transaction.
const CASES_AT_ONCE: i64 = 500;

/// Requests for information leave the sealed case for a table of their own. A case that cannot be read stays as it is: `check` names it.
fn requests_leave_the_case(tx: &mut Transaction<'_>, after: Uuid) -> Result<Option<Uuid>, Error> {
    let rows: Vec<(CaseId, Vec<u8>)> = with_connection!(tx, |c| cases::table
        .filter(cases::id.gt(Bind(after)))
        .order(cases::id)
        .limit(CASES_AT_ONCE)
        .select((cases::id, cases::body_sealed))
        .load(c))?;
    let last = rows.last().map(|(id, _)| id.uuid());
    let mut rewritten = Vec::new();
    for (id, sealed) in rows {
        match requests_leave_one_case(tx, id, &sealed) {
            Err(Error::Corrupt { .. }) => tracing::error!(case = %id, "a case cannot be read and is not rewritten"),
            done => rewritten.extend(done?),
        }
    }
    rewrite(tx, rewritten)?;
    Ok(last)
}

/// A case as it is sealed anew, and its line for lists.
type Rewritten = (Bind<CaseId>, Vec<u8>, Vec<u8>);

/// Writes cases that were sealed anew: on `PostgreSQL` all of them in one statement, for there a journey takes longer than a row.
fn rewrite(tx: &mut Transaction<'_>, rewritten: Vec<Rewritten>) -> Result<(), Error> {
    tx.usable()?;
    if let Connection::Postgres(c) = tx.connection() {
        let (mut ids, mut bodies, mut summaries) = (Vec::new(), Vec::new(), Vec::new());
        for (id, body, summary) in rewritten {
            ids.push(id);
            bodies.push(body);
            summaries.push(summary);
        }
        let all = "UPDATE cases SET body_sealed = new.body, summary_sealed = new.summary \
                   FROM unnest($1, $2, $3) AS new (id, body, summary) WHERE cases.id = new.id";
        let done = diesel::sql_query(all)
            .bind::<Array<Uid>, _>(ids)
            .bind::<Array<Binary>, _>(bodies)
            .bind::<Array<Binary>, _>(summaries)
            .execute(c);
        return tx.judged(done).map(drop);
    }
    for (id, body, summary) in rewritten {
        let sealed = (cases::body_sealed.eq(body), cases::summary_sealed.eq(summary));
        with_connection!(tx, |c| diesel::update(cases::table.filter(cases::id.eq(id))).set(sealed).execute(c))?;
    }
    Ok(())
}

fn requests_leave_one_case(tx: &mut Transaction<'_>, id: CaseId, sealed: &[u8]) -> Result<Option<Rewritten>, Error> {
    let place = ("cases", "body_sealed", id.uuid());
    let plain = tx.vault().open("cases", "body_sealed", id.uuid(), sealed)?;
    if forms::form_of(&plain) > 1 {
        return Ok(None);
    }
    let case: Case = tx.read_form(place, &plain)?;
    let requests: Result<Vec<InformationRequest>, _> = requests_of(&plain)
        .into_iter()
        .map(|mut request| {
            if let Value::Object(fields) = &mut request {
                fields.insert("case".to_owned(), json!(id));
            }
            serde_json::from_value(request)
        })
        .collect();
    // Everything is read before anything is written: a case that cannot be moved stays whole.
    for request in requests.map_err(|_| Error::corrupt("cases", "body_sealed", id))? {
        information::insert(tx, &request)?;
    }
    Ok(Some((Bind(id), tx.seal_form(place, &case)?, crate::cases::seal_summary(tx, &case)?)))
}

/// The requests within a case of form 1.
fn requests_of(plain: &[u8]) -> Vec<Value> {
    let value: Value = serde_json::from_slice(plain).unwrap_or_default();
    let case = value.get("value").unwrap_or(&value);
    case.get("requests").and_then(|requests| requests.as_array().cloned()).unwrap_or_default()
}
