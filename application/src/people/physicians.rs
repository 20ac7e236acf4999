//! The hospital's physicians, as those see them who arrange visits.

use domain::access::{Role, may};
use domain::ids::{DepartmentId, UserId};
use domain::people::PersonName;
use persistence::users::{User, UserFilter, UserStatus};

use crate::{Error, UnitOfWork};

/// A doctor of the hospital, as everybody sees them who has to do with cases.
#[derive(Clone, Debug)]
pub struct Physician {
    /// Who.
    pub id: UserId,
    /// The name.
    pub name: PersonName,
    /// The departments, each once.
    pub departments: Vec<DepartmentId>,
}

impl From<User> for Physician {
    fn from(user: User) -> Self {
        let each = |role: &Role| user.roles.departments(*role).collect::<Vec<_>>();
        let mut departments: Vec<DepartmentId> = Role::DOCTORS.iter().flat_map(each).collect();
        departments.sort_unstable();
        departments.dedup();
        Self { id: user.id, name: user.profile.name, departments }
    }
}

/// A page of the hospital's doctors who can sign in, newest first; one more than `limit` if there is a next page.
pub fn list_physicians(
    work: &mut UnitOfWork<'_, '_, may::ListPhysicians>,
    department: Option<DepartmentId>,
    after: Option<UserId>,
    limit: u32,
) -> Result<Vec<Physician>, Error> {
    let page = persistence::Page { after, limit: limit.saturating_add(1) };
    let filter = UserFilter { status: Some(UserStatus::Active), department, are_doctors: true, ..UserFilter::default() };
    let users = persistence::users::list(work.tx, &filter, page)?;
    work.audit_page(&users, limit, |user| user.id);
    Ok(users.into_iter().map(Physician::from).collect())
}
