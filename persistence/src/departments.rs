//! Departments that accept cases.

use diesel::prelude::*;
use domain::ids::DepartmentId;
use jiff::Timestamp;

use crate::columns::Bind;
use crate::schema::departments;
use crate::{Error, Transaction};

/// A department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    /// Identifier.
    pub id: DepartmentId,
    /// Japanese name.
    pub name_ja: String,
    /// English name.
    pub name_en: String,
    /// Whether new cases may be given to it.
    pub accepting: bool,
    /// When it was entered.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Counts the changes, from 1.
    pub version: i64,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = departments)]
struct DepartmentRow {
    id: Bind<DepartmentId>,
    name_ja: String,
    name_en: String,
    accepting: bool,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    version: i64,
}

/// A new department.
pub fn insert(tx: &mut Transaction<'_>, department: &Department) -> Result<(), Error> {
    let row = row_of(department, department.version);
    with_connection!(tx, |c| diesel::insert_into(departments::table).values(&row).execute(c))?;
    Ok(())
}

/// One department.
pub fn get(tx: &mut Transaction<'_>, id: DepartmentId) -> Result<Department, Error> {
    find(tx, id)?.ok_or(Error::NotFound)
}

/// One department, if it exists.
pub fn find(tx: &mut Transaction<'_>, id: DepartmentId) -> Result<Option<Department>, Error> {
    let row: Option<DepartmentRow> = with_connection!(tx, |c| departments::table
        .filter(departments::id.eq(Bind(id)))
        .select(DepartmentRow::as_select())
        .first(c)
        .optional())?;
    Ok(row.map(Department::from))
}

/// All departments, in the order of their making; there are a few dozen.
pub fn list(tx: &mut Transaction<'_>) -> Result<Vec<Department>, Error> {
    let rows: Vec<DepartmentRow> =
        with_connection!(tx, |c| departments::table.order(departments::id).select(DepartmentRow::as_select()).load(c))?;
    Ok(rows.into_iter().map(Department::from).collect())
}

/// Writes a changed department; the version stored becomes one more than the one given.
///
/// # Errors
/// [`Error::Stale`] unless the stored version is still the one given.
pub fn save(tx: &mut Transaction<'_>, department: &Department) -> Result<(), Error> {
    let row = row_of(department, department.version + 1);
    let target = departments::table.filter(departments::id.eq(Bind(department.id)).and(departments::version.eq(department.version)));
    match with_connection!(tx, |c| diesel::update(target).set(&row).execute(c))? {
        0 => Err(Error::Stale),
        _ => Ok(()),
    }
}

fn row_of(department: &Department, version: i64) -> DepartmentRow {
    DepartmentRow {
        id: Bind(department.id),
        name_ja: department.name_ja.clone(),
        name_en: department.name_en.clone(),
        accepting: department.accepting,
        created_at: Bind(department.created_at),
        updated_at: Bind(department.updated_at),
        version,
    }
}

impl From<DepartmentRow> for Department {
    fn from(row: DepartmentRow) -> Self {
        Self {
            id: row.id.0,
            name_ja: row.name_ja,
            name_en: row.name_en,
            accepting: row.accepting,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            version: row.version,
        }
    }
}
