//! One-time codes: to verify an address, to set a password anew, to join a case or the staff. Stored as hashes only.

use diesel::prelude::*;
use domain::ids::{CaseId, UserId};
use domain::people::EmailAddress;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::one_time_codes as codes;
use crate::words::wire_words;
use crate::{Error, Transaction};

wire_words! {
    /// The purpose of a code.
    pub enum Purpose {
        /// Shows that an e-mail address is the registrant's.
        EmailVerification = "email_verification",
        /// Shows that an e-mail address, to which an account is about to change, is its owner's.
        EmailChange = "email_change",
        /// Sets a new password.
        PasswordReset = "password_reset",
        /// Joins an account to a case.
        CaseInvitation = "case_invitation",
        /// Lets a member of staff or of an agency set the first password.
        AccountInvitation = "account_invitation",
    }
}

/// A one-time code, without the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Identifier.
    pub id: Uuid,
    /// The purpose.
    pub purpose: Purpose,
    /// Hash of the code; unique for each purpose.
    pub code_hash: Vec<u8>,
    /// Whom it was made for, if an account exists.
    pub user: Option<UserId>,
    /// The case it leads to.
    pub case: Option<CaseId>,
    /// The address it was sent to; sealed.
    pub email: Option<EmailAddress>,
    /// Further data; sealed.
    pub payload: Option<serde_json::Value>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = codes)]
struct CodeRow {
    id: Bind<Uuid>,
    purpose: String,
    code_hash: Vec<u8>,
    user_id: Option<Bind<UserId>>,
    address_digest: Option<Vec<u8>>,
    email_sealed: Option<Vec<u8>>,
    case_id: Option<Bind<CaseId>>,
    payload_sealed: Option<Vec<u8>>,
    created_at: Bind<Timestamp>,
    expires_at: Bind<Timestamp>,
    used_at: Option<Bind<Timestamp>>,
}

/// A new code.
pub fn insert(tx: &mut Transaction<'_>, code: &Code) -> Result<(), Error> {
    let vault = tx.vault();
    let row = CodeRow {
        id: Bind(code.id),
        purpose: code.purpose.as_str().to_owned(),
        code_hash: code.code_hash.clone(),
        user_id: code.user.map(Bind),
        address_digest: code.email.as_ref().map(|email| vault.address_digest(email)),
        email_sealed: code.email.as_ref().map(|email| tx.seal_form(("one_time_codes", "email_sealed", code.id), email)).transpose()?,
        case_id: code.case.map(Bind),
        payload_sealed: code.payload.as_ref().map(|it| tx.seal_form(("one_time_codes", "payload_sealed", code.id), it)).transpose()?,
        created_at: Bind(code.created_at),
        expires_at: Bind(code.expires_at),
        used_at: code.used_at.map(Bind),
    };
    with_connection!(tx, |c| diesel::insert_into(codes::table).values(&row).execute(c))?;
    Ok(())
}

/// The code with this hash, used up or not.
pub fn find_by_hash(tx: &mut Transaction<'_>, purpose: Purpose, hash: &[u8]) -> Result<Option<Code>, Error> {
    let row: Option<CodeRow> = with_connection!(tx, |c| codes::table
        .filter(codes::purpose.eq(purpose.as_str()).and(codes::code_hash.eq(hash)))
        .select(CodeRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| restore(tx, row)).transpose()
}

/// The code with this identifier, used up or not.
pub fn find(tx: &mut Transaction<'_>, id: Uuid) -> Result<Option<Code>, Error> {
    let row: Option<CodeRow> =
        with_connection!(tx, |c| codes::table.filter(codes::id.eq(Bind(id))).select(CodeRow::as_select()).first(c).optional())?;
    row.map(|row| restore(tx, row)).transpose()
}

/// Gives an unused code another text and another end.
///
/// # Errors
/// [`Error::Stale`] if it was used before.
pub fn renew(tx: &mut Transaction<'_>, id: Uuid, hash: &[u8], expires_at: Timestamp) -> Result<(), Error> {
    let target = codes::table.filter(codes::id.eq(Bind(id)).and(codes::used_at.is_null()));
    let new = (codes::code_hash.eq(hash), codes::expires_at.eq(Bind(expires_at)));
    match with_connection!(tx, |c| diesel::update(target).set(new).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

/// Keeps others from using the codes of this purpose that were sent to an address until this transaction ends: they queue here.
pub fn lock_for_address(tx: &mut Transaction<'_>, purpose: Purpose, address: &EmailAddress) -> Result<(), Error> {
    use crate::connection::Connection;
    let digest = tx.vault().address_digest(address);
    let of_address = codes::address_digest.eq(Some(digest)).and(codes::purpose.eq(purpose.as_str()));
    tx.usable()?;
    // `SQLite` has one writer: whoever writes has it all.
    if let Connection::Postgres(c) = tx.connection() {
        let rows = codes::table.filter(of_address).order(codes::id).select(codes::id).for_update().load::<Uuid>(c);
        tx.judged(rows)?;
    }
    Ok(())
}

/// Makes the unused codes of this purpose that were sent to an address useless.
pub fn expire_for_address(tx: &mut Transaction<'_>, purpose: Purpose, address: &EmailAddress, now: Timestamp) -> Result<(), Error> {
    let digest = tx.vault().address_digest(address);
    let of_address = codes::address_digest.eq(Some(digest)).and(codes::purpose.eq(purpose.as_str()));
    let target = codes::table.filter(of_address.and(codes::used_at.is_null()).and(codes::expires_at.gt(Bind(now))));
    with_connection!(tx, |c| diesel::update(target).set(codes::expires_at.eq(Bind(now))).execute(c))?;
    Ok(())
}

/// Uses a code up.
///
/// # Errors
/// [`Error::Stale`] if it was used before.
pub fn use_up(tx: &mut Transaction<'_>, id: Uuid, now: Timestamp) -> Result<(), Error> {
    let target = codes::table.filter(codes::id.eq(Bind(id)).and(codes::used_at.is_null()));
    match with_connection!(tx, |c| diesel::update(target).set(codes::used_at.eq(Some(Bind(now)))).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

/// Makes the user's unused codes of this purpose useless.
pub fn expire_for_user(tx: &mut Transaction<'_>, purpose: Purpose, user: UserId, now: Timestamp) -> Result<(), Error> {
    let target =
        codes::table.filter(codes::user_id.eq(Some(Bind(user))).and(codes::purpose.eq(purpose.as_str())).and(codes::used_at.is_null()));
    with_connection!(tx, |c| diesel::update(target.filter(codes::expires_at.gt(Bind(now))))
        .set(codes::expires_at.eq(Bind(now)))
        .execute(c))?;
    Ok(())
}

/// Makes every unused code of this purpose useless.
pub(crate) fn expire_all(tx: &mut Transaction<'_>, purpose: Purpose, now: Timestamp) -> Result<(), Error> {
    let target =
        codes::table.filter(codes::purpose.eq(purpose.as_str()).and(codes::used_at.is_null()).and(codes::expires_at.gt(Bind(now))));
    with_connection!(tx, |c| diesel::update(target).set(codes::expires_at.eq(Bind(now))).execute(c))?;
    Ok(())
}

/// Makes every unused code of the user useless, whatever it is good for: they were made for a password or an address that is no longer.
pub fn expire_all_for_user(tx: &mut Transaction<'_>, user: UserId, now: Timestamp) -> Result<(), Error> {
    let target =
        codes::table.filter(codes::user_id.eq(Some(Bind(user))).and(codes::used_at.is_null()).and(codes::expires_at.gt(Bind(now))));
    with_connection!(tx, |c| diesel::update(target).set(codes::expires_at.eq(Bind(now))).execute(c))?;
    Ok(())
}

/// The codes that lead to a case, oldest first.
pub fn list_for_case(tx: &mut Transaction<'_>, case: CaseId) -> Result<Vec<Code>, Error> {
    let rows: Vec<CodeRow> = with_connection!(tx, |c| codes::table
        .filter(codes::case_id.eq(Some(Bind(case))))
        .order(codes::id)
        .select(CodeRow::as_select())
        .load(c))?;
    rows.into_iter().map(|row| restore(tx, row)).collect()
}

/// Forgets codes that ran out before `before`; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<usize, Error> {
    with_connection!(tx, |c| diesel::delete(codes::table.filter(codes::expires_at.lt(Bind(before)))).execute(c))
}

fn restore(tx: &Transaction<'_>, row: CodeRow) -> Result<Code, Error> {
    let id = row.id.0;
    Ok(Code {
        id,
        purpose: row.purpose.parse().map_err(|_| Error::corrupt("one_time_codes", "purpose", id))?,
        code_hash: row.code_hash,
        user: row.user_id.map(|user| user.0),
        case: row.case_id.map(|case| case.0),
        email: row.email_sealed.map(|sealed| tx.open_form(("one_time_codes", "email_sealed", id), &sealed)).transpose()?,
        payload: row.payload_sealed.map(|sealed| tx.open_form(("one_time_codes", "payload_sealed", id), &sealed)).transpose()?,
        created_at: row.created_at.0,
        expires_at: row.expires_at.0,
        used_at: row.used_at.map(|at| at.0),
    })
}
