//! Devices that a person has signed in from. Their tokens are stored as hashes only.

use diesel::prelude::*;
use domain::ids::UserId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::schema::devices;
use crate::{Error, Transaction};

/// A device of one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Identifier; its tries to sign in are counted under it.
    pub id: Uuid,
    /// Whose it is.
    pub user: UserId,
    /// Hash of its token.
    pub token_hash: Vec<u8>,
    /// When the person first signed in from it.
    pub created_at: Timestamp,
    /// When the person last signed in from it.
    pub last_used_at: Timestamp,
    /// Until when it is known.
    pub expires_at: Timestamp,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = devices)]
struct DeviceRow {
    id: Bind<Uuid>,
    user_id: Bind<UserId>,
    token_hash: Vec<u8>,
    created_at: Bind<Timestamp>,
    last_used_at: Bind<Timestamp>,
    expires_at: Bind<Timestamp>,
}

/// A new device. Of each account the `most` that were used last are kept.
pub fn insert(tx: &mut Transaction<'_>, device: &Device, most: u32) -> Result<(), Error> {
    let row = DeviceRow {
        id: Bind(device.id),
        user_id: Bind(device.user),
        token_hash: device.token_hash.clone(),
        created_at: Bind(device.created_at),
        last_used_at: Bind(device.last_used_at),
        expires_at: Bind(device.expires_at),
    };
    with_connection!(tx, |c| diesel::insert_into(devices::table).values(&row).execute(c))?;
    // `SQLite` has no OFFSET without a LIMIT.
    let surplus: Vec<Uuid> = with_connection!(tx, |c| devices::table
        .filter(devices::user_id.eq(Bind(device.user)))
        .order((devices::last_used_at.desc(), devices::id.desc()))
        .limit(i64::from(most) + 100)
        .offset(i64::from(most))
        .select(devices::id)
        .load(c))?;
    if surplus.is_empty() {
        return Ok(());
    }
    let gone: Vec<Bind<Uuid>> = surplus.into_iter().map(Bind).collect();
    with_connection!(tx, |c| diesel::delete(devices::table.filter(devices::id.eq_any(gone))).execute(c))?;
    Ok(())
}

/// The device of this account with this token, if it is known at `now`.
pub fn find(tx: &mut Transaction<'_>, user: UserId, token_hash: &[u8], now: Timestamp) -> Result<Option<Device>, Error> {
    let row: Option<DeviceRow> = with_connection!(tx, |c| devices::table
        .filter(devices::token_hash.eq(token_hash).and(devices::user_id.eq(Bind(user))).and(devices::expires_at.gt(Bind(now))))
        .select(DeviceRow::as_select())
        .first(c)
        .optional())?;
    Ok(row.map(|row| Device {
        id: row.id.0,
        user: row.user_id.0,
        token_hash: row.token_hash,
        created_at: row.created_at.0,
        last_used_at: row.last_used_at.0,
        expires_at: row.expires_at.0,
    }))
}

/// Notes that the person signed in from a device, which is known until `expires_at` from now on.
pub fn used(tx: &mut Transaction<'_>, id: Uuid, now: Timestamp, expires_at: Timestamp) -> Result<(), Error> {
    let target = devices::table.filter(devices::id.eq(Bind(id)));
    let new = (devices::last_used_at.eq(Bind(now)), devices::expires_at.eq(Bind(expires_at)));
    with_connection!(tx, |c| diesel::update(target).set(new).execute(c))?;
    Ok(())
}

/// Forgets all devices of a user: the next sign-in from each is one from a new device.
pub fn forget_all(tx: &mut Transaction<'_>, user: UserId) -> Result<(), Error> {
    with_connection!(tx, |c| diesel::delete(devices::table.filter(devices::user_id.eq(Bind(user)))).execute(c))?;
    Ok(())
}

/// Forgets devices that ran out before `before`; says how many.
pub fn sweep(tx: &mut Transaction<'_>, before: Timestamp) -> Result<usize, Error> {
    with_connection!(tx, |c| diesel::delete(devices::table.filter(devices::expires_at.lt(Bind(before)))).execute(c))
}
