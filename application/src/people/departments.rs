//! The hospital's departments.

use std::sync::Arc;

use domain::access::may;
use domain::ids::DepartmentId;
use persistence::departments::Department;

use crate::{App, Error, Revision, UnitOfWork, work};

pub use persistence::departments::Department as Stored;

/// The content of a new department.
#[derive(Clone, Debug)]
pub struct NewDepartment {
    /// Its name in Japanese.
    pub name_ja: String,
    /// Its name in English.
    pub name_en: String,
    /// Whether it takes new cases.
    pub accepting: bool,
}

/// A change of a department. `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct DepartmentPatch {
    /// Its name in Japanese.
    pub name_ja: Option<String>,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Whether it takes new cases.
    pub accepting: Option<bool>,
}

/// The revision of a department.
pub fn revision(department: &Department) -> Revision {
    Revision::of(department.version)
}

/// Makes a department.
pub fn create_department(work: &mut UnitOfWork<'_, '_, may::CreateDepartment>, new: &NewDepartment) -> Result<Department, Error> {
    let department = Department {
        id: work.fresh(),
        name_ja: new.name_ja.clone(),
        name_en: new.name_en.clone(),
        accepting: new.accepting,
        created_at: work.now,
        updated_at: work.now,
        version: 1,
    };
    persistence::departments::insert(work.tx, &department)?;
    work.audit_subject(department.id);
    Ok(department)
}

/// Changes a department.
pub fn update_department(
    work: &mut UnitOfWork<'_, '_, may::UpdateDepartment>,
    id: DepartmentId,
    patch: &DepartmentPatch,
) -> Result<Department, Error> {
    work.audit_subject(id);
    let stored = persistence::departments::get(work.tx, id).map_err(work::absent)?;
    work.expect(revision(&stored))?;
    let mut department = stored.clone();
    if let Some(name) = &patch.name_ja {
        department.name_ja.clone_from(name);
    }
    if let Some(name) = &patch.name_en {
        department.name_en.clone_from(name);
    }
    if let Some(accepting) = patch.accepting {
        department.accepting = accepting;
    }
    if department == stored {
        return Ok(department);
    }
    department.updated_at = work.now;
    persistence::departments::save(work.tx, &department)?;
    department.version = department.version.saturating_add(1);
    Ok(department)
}

impl App {
    /// Every department, by its English name. Public.
    pub async fn list_departments(self: &Arc<Self>) -> Result<Vec<Department>, Error> {
        self.store.read(|tx| persistence::departments::list(tx).map_err(Error::from)).await
    }

    /// Adds a department from the command line or the demo.
    pub async fn add_department(self: &Arc<Self>, name_ja: String, name_en: String) -> Result<DepartmentId, Error> {
        let now = self.clock.now();
        let id = self.ids.fresh(now);
        self.store
            .write(move |tx| {
                let (name_ja, name_en) = (name_ja.clone(), name_en.clone());
                let department = Department { id, name_ja, name_en, accepting: true, created_at: now, updated_at: now, version: 1 };
                persistence::departments::insert(tx, &department)?;
                Ok(id)
            })
            .await
    }
}
