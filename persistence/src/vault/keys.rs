//! The table of data keys: made once, wrapped by the master key.

use std::collections::BTreeMap;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use aws_lc_rs::{hmac, rand};
use diesel::connection::{Connection as _, SimpleConnection};
use diesel::prelude::*;
use diesel::result::Error as Diesel;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretBox, SecretSlice};

use super::seal::{Seal, version};
use super::{TokenSigning, Vault};
use crate::columns::Bind;
use crate::connection::Connection;
use crate::error::OpenError;
use crate::schema::data_keys;

const SEALING: &str = "sealing";
const BLIND_INDEX: &str = "blind_index";
const TOKEN_SIGNING: &str = "token_signing";

/// Wrapped keys carry the master key's version, of which there is one so far.
const MASTER_VERSION: u32 = 1;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = data_keys)]
struct KeyRow {
    purpose: String,
    version: i32,
    wrapped_key: Vec<u8>,
    created_at: Bind<Timestamp>,
}

/// A key that has been unwrapped.
struct Unwrapped {
    purpose: String,
    version: u32,
    key: SecretSlice<u8>,
}

pub(super) fn unlock(connection: &mut Connection, master: &SecretBox<[u8; 32]>, now: Timestamp) -> Result<Vault, OpenError> {
    let master = seal_of(master)?;
    let rows = stored_or_made(connection, &master, now)?;
    let keys = rows.iter().map(|row| unwrapped(&master, row)).collect::<Result<Vec<Unwrapped>, OpenError>>()?;
    let mut seals = BTreeMap::new();
    for key in keys.iter().filter(|key| key.purpose == SEALING) {
        let seal = Seal::new(key.key.expose_secret()).ok_or_else(|| OpenError::Keys("a sealing key is unusable".to_owned()))?;
        seals.insert(key.version, seal);
    }
    let newest = *seals.keys().next_back().ok_or_else(|| OpenError::Keys("there is no sealing key".to_owned()))?;
    // Indexes under an old key could not be found again, so there is only ever one.
    let index = keys.iter().find(|key| key.purpose == BLIND_INDEX).ok_or_else(|| OpenError::Keys("there is no index key".to_owned()))?;
    let index = hmac::Key::new(hmac::HMAC_SHA256, index.key.expose_secret());
    let signing = keys
        .into_iter()
        .filter(|key| key.purpose == TOKEN_SIGNING)
        .max_by_key(|key| key.version)
        .ok_or_else(|| OpenError::Keys("there is no signing key".to_owned()))?;
    let pair =
        Ed25519KeyPair::from_pkcs8(signing.key.expose_secret()).map_err(|_| OpenError::Keys("the signing key is unusable".to_owned()))?;
    let public_key = pair.public_key().as_ref().to_vec();
    Ok(Vault { seals, newest, index, signing: TokenSigning { version: signing.version, pkcs8: signing.key, public_key } })
}

/// Wraps every key anew, from the master key `old` to `new`, in one transaction. The keys themselves stay, and with them what is sealed.
pub(super) fn rewrap(connection: &mut Connection, old: &SecretBox<[u8; 32]>, new: &SecretBox<[u8; 32]>) -> Result<(), OpenError> {
    let (old, new) = (seal_of(old)?, seal_of(new)?);
    let again = |row: &KeyRow| -> Result<Vec<u8>, OpenError> {
        let key = unwrapped(&old, row)?.key;
        let wrapped = new.close(MASTER_VERSION, &place(&row.purpose, row.version), key.expose_secret());
        wrapped.ok_or_else(|| OpenError::Keys("a key cannot be wrapped".to_owned()))
    };
    // The same for both engines, but the types of Diesel's connections differ.
    macro_rules! within {
        ($c:expr) => {{
            let rows: Vec<KeyRow> = data_keys::table.select(KeyRow::as_select()).load($c)?;
            if rows.is_empty() {
                return Err(Rewrapping::Refused(OpenError::Keys("the database has no keys yet".to_owned())));
            }
            for row in &rows {
                let target = data_keys::table.find((&row.purpose, row.version));
                let wrapped = again(row).map_err(Rewrapping::Refused)?;
                diesel::update(target).set(data_keys::wrapped_key.eq(wrapped)).execute($c)?;
            }
            Ok(())
        }};
    }
    let done = match connection {
        Connection::Sqlite(c) => c.immediate_transaction(|c| within!(c)),
        Connection::Postgres(c) => c.transaction(|c| {
            c.batch_execute("LOCK TABLE data_keys IN EXCLUSIVE MODE")?;
            within!(c)
        }),
    };
    done.map_err(|error| match error {
        Rewrapping::Refused(refused) => refused,
        Rewrapping::Failed(failed) => OpenError::Keys(failed.to_string()),
    })
}

/// Why keys were not wrapped anew; nothing has changed then.
enum Rewrapping {
    Refused(OpenError),
    Failed(Diesel),
}

impl From<Diesel> for Rewrapping {
    fn from(error: Diesel) -> Self {
        Self::Failed(error)
    }
}

fn seal_of(master: &SecretBox<[u8; 32]>) -> Result<Seal, OpenError> {
    Seal::new(master.expose_secret()).ok_or_else(|| OpenError::Keys("the master key is unusable".to_owned()))
}

fn unwrapped(master: &Seal, row: &KeyRow) -> Result<Unwrapped, OpenError> {
    let number = u32::try_from(row.version).map_err(|_| OpenError::Keys("a version is negative".to_owned()))?;
    let known = version(&row.wrapped_key) == Some(MASTER_VERSION);
    let key = master.open(&place(&row.purpose, row.version), &row.wrapped_key).filter(|_| known).ok_or(OpenError::WrongMasterKey)?;
    Ok(Unwrapped { purpose: row.purpose.clone(), version: number, key: key.into() })
}

/// The rows of the table; makes the first of each purpose if there are none. Two programs that open a new database at once
/// wait for each other.
fn stored_or_made(connection: &mut Connection, master: &Seal, now: Timestamp) -> Result<Vec<KeyRow>, OpenError> {
    let rows = match connection {
        Connection::Sqlite(c) => c.immediate_transaction(|c| {
            let rows: Vec<KeyRow> = data_keys::table.select(KeyRow::as_select()).load(c)?;
            if !rows.is_empty() {
                return Ok(rows);
            }
            for row in make(master, now)? {
                diesel::insert_into(data_keys::table).values(&row).execute(c)?;
            }
            data_keys::table.select(KeyRow::as_select()).load(c)
        }),
        Connection::Postgres(c) => c.transaction(|c| {
            c.batch_execute("LOCK TABLE data_keys IN EXCLUSIVE MODE")?;
            let rows: Vec<KeyRow> = data_keys::table.select(KeyRow::as_select()).load(c)?;
            if !rows.is_empty() {
                return Ok(rows);
            }
            for row in make(master, now)? {
                diesel::insert_into(data_keys::table).values(&row).execute(c)?;
            }
            data_keys::table.select(KeyRow::as_select()).load(c)
        }),
    };
    rows.map_err(|error| OpenError::Keys(error.to_string()))
}

fn make(master: &Seal, now: Timestamp) -> Result<Vec<KeyRow>, Diesel> {
    let failed = || Diesel::SerializationError("no randomness for new keys".into());
    let mut sealing = [0_u8; 32];
    let mut index = [0_u8; 32];
    rand::fill(&mut sealing).map_err(|_| failed())?;
    rand::fill(&mut index).map_err(|_| failed())?;
    let signing = Ed25519KeyPair::generate_pkcs8(&rand::SystemRandom::new()).map_err(|_| failed())?;
    [(SEALING, sealing.as_slice()), (BLIND_INDEX, index.as_slice()), (TOKEN_SIGNING, signing.as_ref())]
        .into_iter()
        .map(|(purpose, key)| {
            let wrapped_key = master.close(MASTER_VERSION, &place(purpose, 1), key).ok_or_else(failed)?;
            Ok(KeyRow { purpose: purpose.to_owned(), version: 1, wrapped_key, created_at: Bind(now) })
        })
        .collect()
}

fn place(purpose: &str, version: i32) -> String {
    format!("data_keys.wrapped_key.{purpose}.{version}")
}
