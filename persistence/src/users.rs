//! People with an account: the e-mail address and the profile are sealed, the holder of an address is found by its keyed digest.

use diesel::prelude::*;
use domain::access::{Role, RoleAssignment, Roles};
use domain::ids::{AgencyId, DepartmentId, UserId};
use domain::people::{EmailAddress, LanguageTag, PersonName, PhoneNumber};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::among::among;
use crate::columns::Bind;
use crate::examine::{examined, readable};
use crate::schema::{agencies, role_assignments, users};
use crate::words::wire_words;
use crate::{Error, Page, Transaction};

wire_words! {
    /// Whether an account may sign in.
    pub enum UserStatus {
        /// Made by an administrator; the person has not chosen a password yet.
        Invited = "invited",
        /// May sign in.
        Active = "active",
        /// Shut out.
        Disabled = "disabled",
    }
}

/// The facts about a person besides the address; kept sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name, in whichever forms are known.
    pub name: PersonName,
    /// Telephone.
    pub phone: Option<PhoneNumber>,
}

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Identifier.
    pub id: UserId,
    /// The address to sign in with; letters go there and nowhere else.
    pub email: EmailAddress,
    /// Whether the account holds that address: then no other account does. One that shared its address with an older account
    /// of release 0.1 is shut out and holds none.
    pub holds_address: bool,
    /// Name and telephone.
    pub profile: Profile,
    /// The password's hash (PHC string), if there is a password.
    pub password_hash: Option<String>,
    /// Whether the account may sign in.
    pub status: UserStatus,
    /// The language to write in.
    pub language: LanguageTag,
    /// The roles of the person.
    pub roles: Roles,
    /// Raised to end every token and session made before.
    pub epoch: i32,
    /// When the address was verified.
    pub email_verified_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// Which users a list shows; `None` does not restrict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UserFilter {
    /// Those who have this role.
    pub role: Option<Role>,
    /// Those in this state.
    pub status: Option<UserStatus>,
    /// Those of this agency.
    pub agency: Option<AgencyId>,
    /// Those of this department.
    pub department: Option<DepartmentId>,
    /// Doctors alone; of the department, if one is named.
    pub are_doctors: bool,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
struct UserRow {
    id: Bind<UserId>,
    email_sealed: Vec<u8>,
    address_digest: Option<Vec<u8>>,
    profile_sealed: Vec<u8>,
    password_hash: Option<String>,
    status: String,
    language: String,
    epoch: i32,
    email_verified_at: Option<Bind<Timestamp>>,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    version: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = role_assignments)]
struct RoleRow {
    user_id: Bind<UserId>,
    position: i32,
    role: String,
    department_id: Option<Bind<DepartmentId>>,
    agency_id: Option<Bind<AgencyId>>,
}

/// The columns that a role is read from.
pub(crate) type RoleColumns = (String, Option<DepartmentId>, Option<AgencyId>);

/// A new user.
///
/// # Errors
/// [`Error::Duplicate`] of `users.address_digest` if another account holds the address.
pub fn insert(tx: &mut Transaction<'_>, user: &User) -> Result<(), Error> {
    let row = seal(tx, user, user.version)?;
    with_connection!(tx, |c| diesel::insert_into(users::table).values(&row).execute(c))?;
    insert_roles(tx, user)
}

/// One user.
pub fn get(tx: &mut Transaction<'_>, id: UserId) -> Result<User, Error> {
    let row: UserRow = with_connection!(tx, |c| users::table.filter(users::id.eq(Bind(id))).select(UserRow::as_select()).first(c))?;
    restore(tx, row)
}

/// One user, whom nobody else changes until this transaction ends: changes of one account queue here.
pub fn lock(tx: &mut Transaction<'_>, id: UserId) -> Result<User, Error> {
    use crate::connection::Connection;
    tx.usable()?;
    // `SQLite` has one writer: whoever writes has it all.
    if let Connection::Postgres(c) = tx.connection() {
        let row = users::table.filter(users::id.eq(Bind(id))).select(users::id).for_no_key_update().first::<UserId>(c);
        tx.judged(row)?;
    }
    get(tx, id)
}

/// The user who holds this address, if there is one.
pub fn find_by_address(tx: &mut Transaction<'_>, address: &EmailAddress) -> Result<Option<User>, Error> {
    let digest = tx.vault().address_digest(address);
    let row: Option<UserRow> = with_connection!(tx, |c| users::table
        .filter(users::address_digest.eq(Some(&digest)))
        .select(UserRow::as_select())
        .first(c)
        .optional())?;
    row.map(|row| restore(tx, row)).transpose()
}

/// Writes a changed user and the user's roles; the version stored becomes one more than the one given.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is still the one given.
pub fn save(tx: &mut Transaction<'_>, user: &User) -> Result<(), Error> {
    let row = seal(tx, user, user.version + 1)?;
    let target = users::table.filter(users::id.eq(Bind(user.id)).and(users::version.eq(user.version)));
    let changed = with_connection!(tx, |c| diesel::update(target).set(&row).execute(c))?;
    if changed == 0 {
        return Err(Error::Stale);
    }
    with_connection!(tx, |c| diesel::delete(role_assignments::table.filter(role_assignments::user_id.eq(Bind(user.id)))).execute(c))?;
    insert_roles(tx, user)
}

/// Puts a hash of the same password in the place of `old`; says whether that was still the one stored. Nothing else changes, so
/// that signing in twice at once is no conflict.
pub fn replace_password_hash(tx: &mut Transaction<'_>, id: UserId, old: &str, new: &str) -> Result<bool, Error> {
    let target = users::table.filter(users::id.eq(Bind(id)).and(users::password_hash.eq(Some(old))));
    Ok(with_connection!(tx, |c| diesel::update(target).set(users::password_hash.eq(Some(new))).execute(c))? == 1)
}

/// The people who may sign in and hold this role, oldest first.
pub fn active_with_role(tx: &mut Transaction<'_>, role: Role) -> Result<Vec<User>, Error> {
    active(tx, role, None)
}

/// The people of an agency who may sign in, oldest first.
pub fn active_of_agency(tx: &mut Transaction<'_>, agency: AgencyId) -> Result<Vec<User>, Error> {
    active(tx, Role::Agency, Some(agency))
}

fn active(tx: &mut Transaction<'_>, role: Role, agency: Option<AgencyId>) -> Result<Vec<User>, Error> {
    let rows: Vec<UserRow> = with_connection!(tx, |c| {
        let mut with =
            role_assignments::table.filter(role_assignments::role.eq(role.as_str())).select(role_assignments::user_id).into_boxed();
        if let Some(agency) = agency {
            with = with.filter(role_assignments::agency_id.eq(Some(Bind(agency))));
        }
        users::table
            .filter(users::status.eq(UserStatus::Active.as_str()).and(users::id.eq_any(with)))
            .order(users::id)
            .select(UserRow::as_select())
            .load(c)
    })?;
    readable(rows.into_iter().map(|row| restore(tx, row)))
}

/// The accounts that hold no address, oldest first.
pub fn without_address(tx: &mut Transaction<'_>) -> Result<Vec<UserId>, Error> {
    with_connection!(tx, |c| users::table.filter(users::address_digest.is_null()).order(users::id).select(users::id).load(c))
}

/// Users, newest first.
pub fn list(tx: &mut Transaction<'_>, filter: &UserFilter, page: Page<UserId>) -> Result<Vec<User>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<UserRow>, Error> {
            with_connection!(tx, |c| {
                let mut query = users::table.select(UserRow::as_select()).into_boxed();
                if let Some(after) = page.after {
                    query = query.filter(users::id.lt(Bind(after)));
                }
                if let Some(status) = filter.status {
                    query = query.filter(users::status.eq(status.as_str()));
                }
                if let Some(role) = filter.role {
                    let with = role_assignments::table.filter(role_assignments::role.eq(role.as_str()));
                    query = query.filter(users::id.eq_any(with.select(role_assignments::user_id)));
                }
                if let Some(agency) = filter.agency {
                    let with = role_assignments::table.filter(role_assignments::agency_id.eq(Some(Bind(agency))));
                    query = query.filter(users::id.eq_any(with.select(role_assignments::user_id)));
                }
                if filter.are_doctors {
                    let mut with = role_assignments::table
                        .filter(among(role_assignments::role, Role::DOCTORS.map(Role::as_str)))
                        .select(role_assignments::user_id)
                        .into_boxed();
                    if let Some(department) = filter.department {
                        with = with.filter(role_assignments::department_id.eq(Some(Bind(department))));
                    }
                    query = query.filter(users::id.eq_any(with));
                } else if let Some(department) = filter.department {
                    let with = role_assignments::table.filter(role_assignments::department_id.eq(Some(Bind(department))));
                    query = query.filter(users::id.eq_any(with.select(role_assignments::user_id)));
                }
                query.order(users::id.desc()).limit(i64::from(page.limit)).load(c)
            })
        },
        |row| row.id.0,
        restore,
    )
}

/// The names of these users; unknown ones are left out.
pub fn names(tx: &mut Transaction<'_>, ids: &[UserId]) -> Result<Vec<(UserId, PersonName)>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = ids.iter().copied().map(Bind);
    let rows: Vec<(UserId, Vec<u8>)> =
        with_connection!(tx, |c| users::table.filter(among(users::id, wanted)).select((users::id, users::profile_sealed)).load(c))?;
    readable(rows.into_iter().map(|(id, sealed)| Ok((id, tx.open_form::<Profile>(("users", "profile_sealed", id.uuid()), &sealed)?.name))))
}

/// The roles by which a user may act: those for an agency that is closed are none.
pub fn roles_in_force(tx: &mut Transaction<'_>, user: &User) -> Result<Roles, Error> {
    let of_agencies: Vec<Bind<AgencyId>> = user.roles.agencies().map(Bind).collect();
    if of_agencies.is_empty() {
        return Ok(user.roles.clone());
    }
    let open = agencies::table.filter(among(agencies::id, of_agencies).and(agencies::active.eq(true)));
    let open: Vec<AgencyId> = with_connection!(tx, |c| open.select(agencies::id).load(c))?;
    let in_force = |one: &&RoleAssignment| one.agency().is_none_or(|agency| open.contains(&agency));
    let held: Vec<RoleAssignment> = user.roles.iter().filter(in_force).copied().collect();
    Ok(Roles::new(held).unwrap_or(Roles::none()))
}

/// The roles that these users hold, each once; whoever holds none is left out.
pub fn roles_of(tx: &mut Transaction<'_>, ids: &[UserId]) -> Result<Vec<(UserId, Role)>, Error> {
    let wanted = ids.iter().copied().map(Bind);
    let rows: Vec<(UserId, String)> = with_connection!(tx, |c| role_assignments::table
        .filter(among(role_assignments::user_id, wanted))
        .order((role_assignments::user_id, role_assignments::position))
        .select((role_assignments::user_id, role_assignments::role))
        .load(c))?;
    let mut roles = rows
        .into_iter()
        .map(|(user, role)| Ok((user, role.parse().map_err(|_| Error::corrupt("role_assignments", "role", user))?)))
        .collect::<Result<Vec<(UserId, Role)>, Error>>()?;
    roles.dedup();
    Ok(roles)
}

fn insert_roles(tx: &mut Transaction<'_>, user: &User) -> Result<(), Error> {
    for (position, assignment) in (0_i32..).zip(user.roles.assignments()) {
        let row = RoleRow {
            user_id: Bind(user.id),
            position,
            role: assignment.role().as_str().to_owned(),
            department_id: assignment.department().map(Bind),
            agency_id: assignment.agency().map(Bind),
        };
        with_connection!(tx, |c| diesel::insert_into(role_assignments::table).values(&row).execute(c))?;
    }
    Ok(())
}

fn seal(tx: &Transaction<'_>, user: &User, version: i64) -> Result<UserRow, Error> {
    let (vault, id) = (tx.vault(), user.id.uuid());
    Ok(UserRow {
        id: Bind(user.id),
        email_sealed: tx.seal_form(("users", "email_sealed", id), &user.email)?,
        address_digest: user.holds_address.then(|| vault.address_digest(&user.email)),
        profile_sealed: tx.seal_form(("users", "profile_sealed", id), &user.profile)?,
        password_hash: user.password_hash.clone(),
        status: user.status.as_str().to_owned(),
        language: user.language.to_string(),
        epoch: user.epoch,
        email_verified_at: user.email_verified_at.map(Bind),
        created_at: Bind(user.created_at),
        updated_at: Bind(user.updated_at),
        version,
    })
}

fn restore(tx: &mut Transaction<'_>, row: UserRow) -> Result<User, Error> {
    let id = row.id.0;
    let roles: Vec<RoleColumns> = with_connection!(tx, |c| role_assignments::table
        .filter(role_assignments::user_id.eq(Bind(id)))
        .order(role_assignments::position)
        .select((role_assignments::role, role_assignments::department_id, role_assignments::agency_id))
        .load(c))?;
    Ok(User {
        id,
        email: tx.open_form(("users", "email_sealed", id.uuid()), &row.email_sealed)?,
        holds_address: row.address_digest.is_some(),
        profile: tx.open_form(("users", "profile_sealed", id.uuid()), &row.profile_sealed)?,
        password_hash: row.password_hash,
        status: row.status.parse().map_err(|_| Error::corrupt("users", "status", id))?,
        language: row.language.parse().map_err(|_| Error::corrupt("users", "language", id))?,
        roles: restore_roles(id, roles)?,
        epoch: row.epoch,
        email_verified_at: row.email_verified_at.map(|at| at.0),
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
        version: row.version,
    })
}

/// Roles as the domain knows them; nonsense in the table is corrupt data.
pub(crate) fn restore_roles(user: UserId, rows: Vec<RoleColumns>) -> Result<Roles, Error> {
    let corrupt = || Error::corrupt("role_assignments", "role", user);
    if rows.is_empty() {
        return Ok(Roles::none());
    }
    let assignments: Vec<RoleAssignment> = rows
        .into_iter()
        .map(|(role, department, agency)| {
            let role = role.parse().map_err(|_| corrupt())?;
            RoleAssignment::new(role, department, agency).map_err(|_| corrupt())
        })
        .collect::<Result<_, Error>>()?;
    Roles::new(assignments).map_err(|_| corrupt())
}

examined!("users", users, UserRow, |row| row.id.0, |tx, row| restore(tx, row));
