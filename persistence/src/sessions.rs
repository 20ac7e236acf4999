//! Sign-ins. Refresh tokens are stored as hashes only; each has one successor, and the one before is remembered so that a
//! retry after a lost answer can be told from theft.

use diesel::prelude::*;
use domain::access::Roles;
use domain::ids::{AgencyId, DepartmentId, SessionId, UserId};
use domain::people::LanguageTag;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::{agencies, role_assignments, sessions, users};
use crate::users::{RoleColumns, UserStatus, restore_roles};
use crate::{Error, Transaction};

/// One sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Identifier, which access tokens carry.
    pub id: SessionId,
    /// Who signed in.
    pub user: UserId,
    /// Hash of the refresh token that is good now.
    pub refresh_hash: Vec<u8>,
    /// Hash of the one before.
    pub previous_hash: Option<Vec<u8>>,
    /// When the one before was exchanged.
    pub previous_used_at: Option<Timestamp>,
    /// The user's epoch at sign-in.
    pub epoch: i32,
    /// When it began.
    pub created_at: Timestamp,
    /// When the token was last exchanged.
    pub refreshed_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// What the client says it is.
    pub client: String,
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
    /// When the session ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// The user's language.
    pub language: LanguageTag,
    /// What the user may do.
    pub roles: Roles,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
struct SessionRow {
    id: Bind<SessionId>,
    user_id: Bind<UserId>,
    refresh_hash: Vec<u8>,
    previous_hash: Option<Vec<u8>>,
    previous_used_at: Option<Bind<Timestamp>>,
    epoch: i32,
    created_at: Bind<Timestamp>,
    refreshed_at: Bind<Timestamp>,
    expires_at: Bind<Timestamp>,
    revoked_at: Option<Bind<Timestamp>>,
    client: String,
}

/// A new session.
pub fn insert(tx: &mut Transaction<'_>, session: &Session) -> Result<(), Error> {
    let row = SessionRow::from(session);
    on!(tx, |c| diesel::insert_into(sessions::table).values(&row).execute(c))?;
    Ok(())
}

/// The session whose present or previous refresh token has this hash.
pub fn find_by_refresh_hash(tx: &mut Transaction<'_>, hash: &[u8]) -> Result<Option<Session>, Error> {
    let row: Option<SessionRow> = on!(tx, |c| sessions::table
        .filter(sessions::refresh_hash.eq(hash).or(sessions::previous_hash.eq(Some(hash))))
        .select(SessionRow::as_select())
        .first(c)
        .optional())?;
    Ok(row.map(Session::from))
}

/// Writes the session's new state after its refresh token was exchanged.
///
/// # Errors
/// [`Error::Stale`] unless the token stored is still the one with `old_refresh_hash`: another exchange won.
pub fn rotate(tx: &mut Transaction<'_>, session: &Session, old_refresh_hash: &[u8]) -> Result<(), Error> {
    let row = SessionRow::from(session);
    let target = sessions::table.filter(sessions::id.eq(Bind(session.id)).and(sessions::refresh_hash.eq(old_refresh_hash)));
    match on!(tx, |c| diesel::update(target).set(&row).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

/// Ends a session; one that has ended stays as it is.
pub fn revoke(tx: &mut Transaction<'_>, id: SessionId, now: Timestamp) -> Result<(), Error> {
    let target = sessions::table.filter(sessions::id.eq(Bind(id)).and(sessions::revoked_at.is_null()));
    on!(tx, |c| diesel::update(target).set(sessions::revoked_at.eq(Some(Bind(now)))).execute(c))?;
    Ok(())
}

/// Ends all sessions of a user, save one; says how many ended.
pub fn revoke_all(tx: &mut Transaction<'_>, user: UserId, except: Option<SessionId>, now: Timestamp) -> Result<usize, Error> {
    // No session has the nil identifier.
    let spared = except.map_or(uuid::Uuid::nil(), SessionId::uuid);
    let target =
        sessions::table.filter(sessions::user_id.eq(Bind(user)).and(sessions::revoked_at.is_null()).and(sessions::id.ne(Bind(spared))));
    on!(tx, |c| diesel::update(target).set(sessions::revoked_at.eq(Some(Bind(now)))).execute(c))
}

/// Forgets sessions that ended by themselves before `before`; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<usize, Error> {
    on!(tx, |c| diesel::delete(sessions::table.filter(sessions::expires_at.lt(Bind(before)))).execute(c))
}

#[derive(Queryable)]
struct AuthenticatedRow {
    user: UserId,
    session_epoch: i32,
    user_epoch: i32,
    status: String,
    expires_at: Timestamp,
    revoked_at: Option<Timestamp>,
    language: String,
    role: Option<String>,
    department: Option<DepartmentId>,
    agency: Option<AgencyId>,
    agency_active: Option<bool>,
}

/// A session with its user and the user's roles, in one statement. The caller judges status, epochs and times.
pub fn find_authenticated(tx: &mut Transaction<'_>, id: SessionId) -> Result<Option<Authenticated>, Error> {
    let rows: Vec<AuthenticatedRow> = on!(tx, |c| sessions::table
        .inner_join(users::table)
        .left_join(role_assignments::table.on(role_assignments::user_id.eq(users::id)))
        .left_join(agencies::table.on(role_assignments::agency_id.eq(agencies::id.nullable())))
        .filter(sessions::id.eq(Bind(id)))
        .order(role_assignments::position)
        .select((
            users::id,
            sessions::epoch,
            users::epoch,
            users::status,
            sessions::expires_at,
            sessions::revoked_at,
            users::language,
            role_assignments::role.nullable(),
            role_assignments::department_id.nullable(),
            role_assignments::agency_id.nullable(),
            agencies::active.nullable(),
        ))
        .load(c))?;
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
        session: id,
        user: row.user,
        session_epoch: row.session_epoch,
        user_epoch: row.user_epoch,
        status: row.status.parse().map_err(|_| Error::corrupt("users", "status", row.user))?,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
        language: row.language.parse().map_err(|_| Error::corrupt("users", "language", row.user))?,
        roles: restore_roles(row.user, roles)?,
    }))
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        Self {
            id: Bind(session.id),
            user_id: Bind(session.user),
            refresh_hash: session.refresh_hash.clone(),
            previous_hash: session.previous_hash.clone(),
            previous_used_at: session.previous_used_at.map(Bind),
            epoch: session.epoch,
            created_at: Bind(session.created_at),
            refreshed_at: Bind(session.refreshed_at),
            expires_at: Bind(session.expires_at),
            revoked_at: session.revoked_at.map(Bind),
            client: session.client.clone(),
        }
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id.0,
            user: row.user_id.0,
            refresh_hash: row.refresh_hash,
            previous_hash: row.previous_hash,
            previous_used_at: row.previous_used_at.map(|at| at.0),
            epoch: row.epoch,
            created_at: row.created_at.0,
            refreshed_at: row.refreshed_at.0,
            expires_at: row.expires_at.0,
            revoked_at: row.revoked_at.map(|at| at.0),
            client: row.client,
        }
    }
}
