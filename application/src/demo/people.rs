//! The demo's people.

use std::sync::Arc;

use domain::access::{self, Role, RoleAssignment, Roles};
use domain::ids::{AgencyId, DepartmentId, UserId};
use domain::people::PersonName;
use secrecy::SecretString;

use super::Introduction;
use crate::clock::fresh;
use crate::people::NewAccount;
use crate::{App, Caller, Error};

/// Everybody's password in the demo.
pub(super) const PASSWORD: &str = "plum tree in the rain";

/// The people of the demo, and where they work.
pub(super) struct People {
    people: Vec<(Role, &'static str, UserId, Roles)>,
    /// The department that takes the demo's cases.
    pub(super) department: DepartmentId,
}

/// Role, local part of the address, name, and whether of the second department.
const CAST: [(Role, &str, &str, bool); 15] = [
    (Role::Applicant, "mei.tanaka", "Mei Tanaka", false),
    (Role::Applicant, "omar.haddad", "Omar Haddad", false),
    (Role::Agency, "lin.agency", "Lin Wei", false),
    (Role::Coordinator, "coordinator", "Aoi Sato", false),
    (Role::Physician, "physician", "Ken Mori", false),
    (Role::Physician, "physician.urology", "Yui Kato", true),
    (Role::Physician, "physician.second", "Emi Sasaki", false),
    (Role::Chief, "chief", "Haruto Abe", false),
    (Role::Chief, "chief.urology", "Rin Ito", true),
    (Role::Director, "director", "Sakura Ono", false),
    (Role::Accountant, "accountant", "Daichi Ueda", false),
    (Role::Pathologist, "pathologist", "Nao Endo", false),
    (Role::Administrator, "administrator", "Riku Kono", false),
    (Role::Administrator, "administrator.second", "Yuna Baba", false),
    (Role::Auditor, "auditor", "Mio Hara", false),
];

/// Makes departments, an agency and the people.
pub(super) async fn create(app: &Arc<App>) -> Result<People, Error> {
    let department = app.add_department("乳腺外科".to_owned(), "Breast Surgery".to_owned()).await?;
    let second = app.add_department("泌尿器科".to_owned(), "Urology".to_owned()).await?;
    let agency = app.add_agency("Sakura Medical Travel".to_owned()).await?;
    let mut people = Vec::new();
    for (role, local, name, elsewhere) in CAST {
        let roles = roles_of(role, if elsewhere { second } else { department }, agency)?;
        let account = NewAccount {
            email: address(local).parse().map_err(|_| Error::Internal("a demo address is refused"))?,
            name: PersonName::new(Some(name.to_owned()), None, None).map_err(|_| Error::Internal("a demo name is refused"))?,
            language: "en".parse().map_err(|_| Error::Internal("a demo language is refused"))?,
            roles: roles.clone(),
        };
        let id = app.add_user(account, SecretString::from(PASSWORD)).await?;
        people.push((role, local, id, roles));
    }
    Ok(People { people, department })
}

fn roles_of(role: Role, department: DepartmentId, agency: AgencyId) -> Result<Roles, Error> {
    let refused = |_| Error::Internal("a demo role is refused");
    let assignment = RoleAssignment::new(role, role.needs_department().then_some(department), role.needs_agency().then_some(agency));
    Roles::new(vec![assignment.map_err(refused)?]).map_err(refused)
}

fn address(local: &str) -> String {
    format!("{local}@demo.example")
}

impl People {
    /// Those of a role in the department that takes the demo's cases.
    pub(super) fn of_department(&self, role: Role) -> impl Iterator<Item = UserId> {
        self.people.iter().filter(move |(_, _, _, roles)| roles.has_in(&[role], self.department)).map(|(_, _, id, _)| *id)
    }

    /// Who can sign in.
    pub(super) fn introductions(&self) -> Vec<Introduction> {
        let name_of = |local| CAST.iter().find(|(_, one, ..)| *one == local).map(|(_, _, name, _)| (*name).to_owned()).unwrap_or_default();
        let introduce = |(role, local, ..): &(Role, &'static str, UserId, Roles)| Introduction {
            role: *role,
            email: address(local),
            password: PASSWORD.to_owned(),
            name: name_of(*local),
        };
        self.people.iter().map(introduce).collect()
    }

    /// The address of the first person of a role.
    pub(super) fn address(&self, role: Role) -> Result<String, Error> {
        let (_, local, ..) = self.people.iter().find(|(one, ..)| *one == role).ok_or(Error::Internal("a demo role is not cast"))?;
        Ok(address(local))
    }

    /// The first person of a role, as a caller.
    pub(super) fn caller(&self, app: &App, role: Role) -> Result<Caller, Error> {
        let (_, _, user, roles) = self.people.iter().find(|(one, ..)| *one == role).ok_or(Error::Internal("a demo role is not cast"))?;
        Ok(Caller {
            who: access::Caller { user: *user, roles: roles.clone(), director_any_department: false },
            session: fresh(app.clock.now()),
            language: "en".to_owned(),
        })
    }
}
