//! Medical coordination agencies; whom to call there is sealed.

use diesel::prelude::*;
use domain::ids::AgencyId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::columns::Bind;
use crate::examine::examined;
use crate::schema::agencies;
use crate::{Error, Page, Transaction};

/// An agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Identifier.
    pub id: AgencyId,
    /// Name.
    pub name: String,
    /// Whom to reach and how; sealed.
    pub contact: serde_json::Value,
    /// Whether its staff may refer patients.
    pub active: bool,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1.
    pub version: i64,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = agencies)]
struct AgencyRow {
    id: Bind<AgencyId>,
    name: String,
    contact_sealed: Vec<u8>,
    active: bool,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    version: i64,
}

/// A new agency.
pub fn insert(tx: &mut Transaction<'_>, agency: &Agency) -> Result<(), Error> {
    let row = seal(tx, agency, agency.version)?;
    with_connection!(tx, |c| diesel::insert_into(agencies::table).values(&row).execute(c))?;
    Ok(())
}

/// One agency.
pub fn get(tx: &mut Transaction<'_>, id: AgencyId) -> Result<Agency, Error> {
    find(tx, id)?.ok_or(Error::NotFound)
}

/// One agency, if it exists.
pub fn find(tx: &mut Transaction<'_>, id: AgencyId) -> Result<Option<Agency>, Error> {
    let row: Option<AgencyRow> =
        with_connection!(tx, |c| agencies::table.filter(agencies::id.eq(Bind(id))).select(AgencyRow::as_select()).first(c).optional())?;
    row.map(|row| restore(tx, row)).transpose()
}

/// Agencies, newest first.
pub fn list(tx: &mut Transaction<'_>, page: Page<AgencyId>) -> Result<Vec<Agency>, Error> {
    page.filled(
        tx,
        |tx, page| -> Result<Vec<AgencyRow>, Error> {
            // The largest identifier stands for "from the beginning", so that one prepared statement serves both.
            let before = page.after.map_or(Uuid::max(), AgencyId::uuid);
            with_connection!(tx, |c| agencies::table
                .filter(agencies::id.lt(Bind(before)))
                .order(agencies::id.desc())
                .limit(i64::from(page.limit))
                .select(AgencyRow::as_select())
                .load(c))
        },
        |row| row.id.0,
        |tx, row| restore(tx, row),
    )
}

/// Writes a changed agency; the version stored becomes one more than the one given.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is still the one given.
pub fn save(tx: &mut Transaction<'_>, agency: &Agency) -> Result<(), Error> {
    let row = seal(tx, agency, agency.version + 1)?;
    let target = agencies::table.filter(agencies::id.eq(Bind(agency.id)).and(agencies::version.eq(agency.version)));
    match with_connection!(tx, |c| diesel::update(target).set(&row).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

fn seal(tx: &Transaction<'_>, agency: &Agency, version: i64) -> Result<AgencyRow, Error> {
    Ok(AgencyRow {
        id: Bind(agency.id),
        name: agency.name.clone(),
        contact_sealed: tx.seal_form(("agencies", "contact_sealed", agency.id.uuid()), &agency.contact)?,
        active: agency.active,
        created_at: Bind(agency.created_at),
        updated_at: Bind(agency.updated_at),
        version,
    })
}

fn restore(tx: &Transaction<'_>, row: AgencyRow) -> Result<Agency, Error> {
    let id = row.id.0;
    Ok(Agency {
        id,
        name: row.name,
        contact: tx.open_form(("agencies", "contact_sealed", id.uuid()), &row.contact_sealed)?,
        active: row.active,
        created_at: row.created_at.0,
        updated_at: row.updated_at.0,
        version: row.version,
    })
}

examined!("agencies", agencies, AgencyRow, |row| row.id.0, |tx, row| restore(tx, row));
