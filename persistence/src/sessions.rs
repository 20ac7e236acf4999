//! Sign-ins. Refresh tokens are stored as hashes only, every one of a session until it ends: a token that was exchanged before is known
//! as such, whenever it comes back.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::access::Roles;
use domain::ids::{AgencyId, DepartmentId, SessionId, UserId};
use domain::people::LanguageTag;
use jiff::Timestamp;
use uuid::Uuid;

use crate::among::among;
use crate::columns::Bind;
use crate::schema::{agencies, refresh_tokens, role_assignments, sessions, users};
use crate::users::{RoleColumns, UserStatus, restore_roles};
use crate::{Error, Page, Transaction};

/// One sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Identifier, which access tokens carry.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// The user's epoch at sign-in.
    pub epoch: i32,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to five minutes.
    pub last_seen_at: Timestamp,
    /// When it ends by itself, by the limit that held when it began.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// The name of the client.
    pub client: String,
    /// Whether its refresh token is in a cookie.
    pub in_cookie: bool,
    /// The address that it was last refreshed from; sealed.
    pub source: Option<String>,
}

/// A refresh token, without the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its hash.
    pub hash: Vec<u8>,
    /// Its session.
    pub session: SessionId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was first exchanged.
    pub superseded_at: Option<Timestamp>,
    /// Its successor; kept sealed, for a short while.
    pub successor: Option<String>,
}

/// A session with what each request asks about its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// The session.
    pub session: SessionId,
    /// Its user.
    pub user: UserId,
    /// The user's epoch at sign-in.
    pub session_epoch: i32,
    /// The user's epoch now.
    pub user_epoch: i32,
    /// Whether the user may sign in.
    pub status: UserStatus,
    /// When the session began.
    pub created_at: Timestamp,
    /// When it was last used, to five minutes.
    pub last_seen_at: Timestamp,
    /// When the session ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// The user's language.
    pub language: LanguageTag,
    /// The roles of the user.
    pub roles: Roles,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: Bind<SessionId>,
    user_id: Bind<UserId>,
    epoch: i32,
    created_at: Bind<Timestamp>,
    last_seen_at: Bind<Timestamp>,
    expires_at: Bind<Timestamp>,
    revoked_at: Option<Bind<Timestamp>>,
    client: String,
    in_cookie: bool,
    source_sealed: Option<Vec<u8>>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens)]
struct TokenRow {
    token_hash: Vec<u8>,
    session_id: Bind<SessionId>,
    created_at: Bind<Timestamp>,
    superseded_at: Option<Bind<Timestamp>>,
    successor_sealed: Option<Vec<u8>>,
}

/// A new session.
pub fn insert(tx: &mut Transaction<'_>, session: &Session) -> Result<(), Error> {
    let row = SessionRow {
        id: Bind(session.id),
        user_id: Bind(session.user),
        epoch: session.epoch,
        created_at: Bind(session.created_at),
        last_seen_at: Bind(session.last_seen_at),
        expires_at: Bind(session.expires_at),
        revoked_at: session.revoked_at.map(Bind),
        client: session.client.clone(),
        in_cookie: session.in_cookie,
        source_sealed: seal_source(tx, session.id, session.source.as_deref())?,
    };
    with_connection!(tx, |c| diesel::insert_into(sessions::table).values(&row).execute(c))?;
    Ok(())
}

/// The session with this identifier, whatever became of it.
pub fn find(tx: &mut Transaction<'_>, id: SessionId) -> Result<Option<Session>, Error> {
    let row: Option<SessionRow> =
        with_connection!(tx, |c| sessions::table.filter(sessions::id.eq(Bind(id))).select(SessionRow::as_select()).first(c).optional())?;
    row.map(|row| restore(tx, row)).transpose()
}

/// The session with this identifier, which nobody else changes until this transaction ends: exchanges of its tokens queue here.
pub fn lock(tx: &mut Transaction<'_>, id: SessionId) -> Result<Option<Session>, Error> {
    use crate::connection::Connection;
    tx.usable()?;
    let one = sessions::table.filter(sessions::id.eq(Bind(id)));
    // `SQLite` has one writer: whoever writes has it all.
    let row = match tx.connection() {
        Connection::Sqlite(c) => one.select(SessionRow::as_select()).first(c).optional(),
        Connection::Postgres(c) => one.select(SessionRow::as_select()).for_update().first(c).optional(),
    };
    let row: Option<SessionRow> = tx.judged(row)?;
    row.map(|row| restore(tx, row)).transpose()
}

/// When a session must have begun and been used to be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenSince {
    /// It expires after this instant.
    pub now: Timestamp,
    /// It began after this instant.
    pub created_after: Timestamp,
    /// It was used after this instant.
    pub seen_after: Timestamp,
}

/// The open sessions of a user, newest first.
pub fn list_open(tx: &mut Transaction<'_>, user: UserId, since: OpenSince, page: Page<SessionId>) -> Result<Vec<Session>, Error> {
    let rows: Vec<SessionRow> = with_connection!(tx, |c| {
        let mut query = sessions::table
            .filter(sessions::user_id.eq(Bind(user)).and(sessions::revoked_at.is_null()).and(sessions::expires_at.gt(Bind(since.now))))
            .filter(sessions::created_at.gt(Bind(since.created_after)).and(sessions::last_seen_at.gt(Bind(since.seen_after))))
            .select(SessionRow::as_select())
            .into_boxed();
        if let Some(after) = page.after {
            query = query.filter(sessions::id.lt(Bind(after)));
        }
        query.order(sessions::id.desc()).limit(i64::from(page.limit)).load(c)
    })?;
    rows.into_iter().map(|row| restore(tx, row)).collect()
}

/// Notes that a session is in use, and from where.
pub fn seen(tx: &mut Transaction<'_>, id: SessionId, source: Option<&str>, now: Timestamp) -> Result<(), Error> {
    let target = sessions::table.filter(sessions::id.eq(Bind(id)));
    let at = sessions::last_seen_at.eq(Bind(now));
    match seal_source(tx, id, source)? {
        Some(sealed) => with_connection!(tx, |c| diesel::update(target).set((at, sessions::source_sealed.eq(Some(sealed)))).execute(c))?,
        None => with_connection!(tx, |c| diesel::update(target).set(at).execute(c))?,
    };
    Ok(())
}

/// The refresh token with this hash.
pub fn find_token(tx: &mut Transaction<'_>, hash: &[u8]) -> Result<Option<RefreshToken>, Error> {
    let row: Option<TokenRow> = with_connection!(tx, |c| refresh_tokens::table
        .filter(refresh_tokens::token_hash.eq(hash))
        .select(TokenRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| {
        let opened =
            row.successor_sealed.map(|sealed| tx.open_form(("refresh_tokens", "successor_sealed", place(&row.token_hash)), &sealed));
        Ok(RefreshToken {
            session: row.session_id.0,
            created_at: row.created_at.0,
            superseded_at: row.superseded_at.map(|at| at.0),
            successor: opened.transpose()?,
            hash: row.token_hash,
        })
    })
    .transpose()
}

/// A new refresh token of a session.
pub fn insert_token(tx: &mut Transaction<'_>, session: SessionId, hash: &[u8], now: Timestamp) -> Result<(), Error> {
    let row = TokenRow {
        token_hash: hash.to_vec(),
        session_id: Bind(session),
        created_at: Bind(now),
        superseded_at: None,
        successor_sealed: None,
    };
    with_connection!(tx, |c| diesel::insert_into(refresh_tokens::table).values(&row).execute(c))?;
    Ok(())
}

/// Notes that a token was exchanged, and for what; the successor is kept sealed.
pub fn supersede(tx: &mut Transaction<'_>, hash: &[u8], successor: &str, now: Timestamp) -> Result<(), Error> {
    let sealed = tx.seal_form(("refresh_tokens", "successor_sealed", place(hash)), &successor.to_owned())?;
    let target = refresh_tokens::table.filter(refresh_tokens::token_hash.eq(hash));
    let new = (refresh_tokens::superseded_at.eq(Some(Bind(now))), refresh_tokens::successor_sealed.eq(Some(sealed)));
    with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?;
    Ok(())
}

/// Erases the successors of a session's tokens that were exchanged before `before`: they are not given again.
pub fn erase_successors(tx: &mut Transaction<'_>, session: SessionId, before: Timestamp) -> Result<(), Error> {
    let old = refresh_tokens::superseded_at.lt(Some(Bind(before))).and(refresh_tokens::successor_sealed.is_not_null());
    let target = refresh_tokens::table.filter(refresh_tokens::session_id.eq(Bind(session)).and(old));
    with_connection!(tx, |c| diesel::update(target).set(refresh_tokens::successor_sealed.eq(None::<Vec<u8>>)).execute(c))?;
    Ok(())
}

/// Ends a session; one that has ended stays as it is.
pub fn revoke(tx: &mut Transaction<'_>, id: SessionId, now: Timestamp) -> Result<(), Error> {
    let target = sessions::table.filter(sessions::id.eq(Bind(id)).and(sessions::revoked_at.is_null()));
    with_connection!(tx, |c| diesel::update(target).set(sessions::revoked_at.eq(Some(Bind(now)))).execute(c))?;
    Ok(())
}

/// Ends all sessions of a user, save one; says which ended.
pub fn revoke_all(tx: &mut Transaction<'_>, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<Vec<SessionId>, Error> {
    // No session has the nil identifier.
    let spared = except.map_or(Uuid::nil(), SessionId::uuid);
    let target =
        sessions::table.filter(sessions::user_id.eq(Bind(user)).and(sessions::revoked_at.is_null()).and(sessions::id.ne(Bind(spared))));
    with_connection!(tx, |c| diesel::update(target).set(sessions::revoked_at.eq(Some(Bind(now)))).returning(sessions::id).get_results(c))
}

/// Ends all sessions of an agency's staff; says how many ended.
pub fn revoke_all_of_agency(tx: &mut Transaction<'_>, agency: AgencyId, now: Timestamp) -> Result<usize, Error> {
    let staff = role_assignments::table.filter(role_assignments::agency_id.eq(Some(Bind(agency)))).select(role_assignments::user_id);
    let target = sessions::table.filter(sessions::user_id.eq_any(staff).and(sessions::revoked_at.is_null()));
    with_connection!(tx, |c| diesel::update(target).set(sessions::revoked_at.eq(Some(Bind(now)))).execute(c))
}

/// Forgets sessions that ended by themselves, or were ended, before `before`; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<usize, Error> {
    let ended = sessions::expires_at
        .lt(Bind(before))
        .or(sessions::revoked_at.is_not_null().and(sessions::revoked_at.assume_not_null().lt(Bind(before))));
    with_connection!(tx, |c| diesel::delete(sessions::table.filter(ended)).execute(c))
}

#[derive(Queryable)]
struct AuthenticatedRow {
    session: SessionId,
    user: UserId,
    session_epoch: i32,
    user_epoch: i32,
    status: String,
    created_at: Timestamp,
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    language: String,
    role: Option<String>,
    department: Option<DepartmentId>,
    agency: Option<AgencyId>,
    agency_active: Option<bool>,
}

/// Sessions with their users and the users' roles, in one statement.
macro_rules! authenticated {
    ($which:expr) => {
        sessions::table
            .inner_join(users::table)
            .left_join(role_assignments::table.on(role_assignments::user_id.eq(users::id)))
            .left_join(agencies::table.on(role_assignments::agency_id.eq(agencies::id.nullable())))
            .filter($which)
            .order(role_assignments::position)
            .select((
                sessions::id,
                users::id,
                sessions::epoch,
                users::epoch,
                users::status,
                sessions::created_at,
                sessions::last_seen_at,
                sessions::expires_at,
                sessions::revoked_at,
                users::language,
                role_assignments::role.nullable(),
                role_assignments::department_id.nullable(),
                role_assignments::agency_id.nullable(),
                agencies::active.nullable(),
            ))
    };
}

/// A session with its user and the user's roles. The caller judges status, epochs and times.
pub(crate) fn find_authenticated(tx: &mut Transaction<'_>, id: SessionId) -> Result<Option<Authenticated>, Error> {
    let rows = with_connection!(tx, |c| authenticated!(sessions::id.eq(Bind(id))).load(c))?;
    whole(rows)
}

/// [`find_authenticated`] of several sessions, in their order; one that is asked for twice is given twice.
pub(crate) fn find_all_authenticated(
    tx: &mut Transaction<'_>,
    ids: &[SessionId],
) -> Result<Vec<Result<Option<Authenticated>, Error>>, Error> {
    let rows: Vec<AuthenticatedRow> = with_connection!(tx, |c| authenticated!(among(sessions::id, ids.iter().copied().map(Bind))).load(c))?;
    let mut by_session: BTreeMap<SessionId, Vec<AuthenticatedRow>> = BTreeMap::new();
    for row in rows {
        by_session.entry(row.session).or_default().push(row);
    }
    let found: BTreeMap<SessionId, _> = by_session.into_iter().map(|(id, rows)| (id, whole(rows))).collect();
    Ok(ids.iter().map(|id| found.get(id).cloned().unwrap_or(Ok(None))).collect())
}

/// One session from its rows, one for each role.
fn whole(rows: Vec<AuthenticatedRow>) -> Result<Option<Authenticated>, Error> {
    let mut roles: Vec<RoleColumns> = Vec::new();
    let mut found = None;
    for row in rows {
        // The staff of an agency that was closed have no role there any more.
        if let Some(role) = row.role.clone().filter(|_| row.agency_active != Some(false)) {
            roles.push((role, row.department, row.agency));
        }
        found = Some(row);
    }
    let Some(row) = found else { return Ok(None) };
    Ok(Some(Authenticated {
        session: row.session,
        user: row.user,
        session_epoch: row.session_epoch,
        user_epoch: row.user_epoch,
        status: row.status.parse().map_err(|_| Error::corrupt("users", "status", row.user))?,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        language: row.language.parse().map_err(|_| Error::corrupt("users", "language", row.user))?,
        roles: restore_roles(row.user, roles)?,
    }))
}

/// The place that a token's successor is sealed for: the hash's first half, as an identifier.
fn place(hash: &[u8]) -> Uuid {
    Uuid::from_slice(hash.get(..16).unwrap_or_default()).unwrap_or_default()
}

fn seal_source(tx: &Transaction<'_>, id: SessionId, source: Option<&str>) -> Result<Option<Vec<u8>>, Error> {
    source.map(|source| tx.vault().seal("sessions", "source_sealed", id.uuid(), source.as_bytes())).transpose()
}

fn restore(tx: &Transaction<'_>, row: SessionRow) -> Result<Session, Error> {
    let id = row.id.0;
    let opened = row.source_sealed.map(|sealed| tx.vault().open("sessions", "source_sealed", id.uuid(), &sealed)).transpose()?;
    let source = opened.map(String::from_utf8).transpose().map_err(|_| Error::corrupt("sessions", "source_sealed", id))?;
    Ok(Session {
        id,
        user: row.user_id.0,
        epoch: row.epoch,
        created_at: row.created_at.0,
        last_seen_at: row.last_seen_at.0,
        expires_at: row.expires_at.0,
        revoked_at: row.revoked_at.map(|at| at.0),
        client: row.client,
        in_cookie: row.in_cookie,
        source,
    })
}
