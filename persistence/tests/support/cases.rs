//! Cases to begin with, and the people whom they refer to.

use domain::access::{Caller, Role, RoleAssignment, Roles};
use domain::case::{Case, Change, Rules};
use domain::intake::{Application, Opening};
use domain::service::ServiceKind;
use domain::settings::HospitalSettings;
use persistence::agencies::{self, Agency};
use persistence::cases::NewCase;
use persistence::departments::{self, Department};
use persistence::{Error, Store, users};

use super::{Database, id, name, now, someone, write};

pub(crate) fn caller(number: u128, assignments: Vec<RoleAssignment>) -> Caller {
    Caller { user: id(number), roles: Roles::new(assignments).unwrap(), director_any_department: false }
}

pub(crate) fn applicant(number: u128) -> Caller {
    caller(number, vec![RoleAssignment::new(Role::Applicant, None, None).unwrap()])
}

pub(crate) fn application() -> Application {
    let mut application = Application::default();
    application.patient.name = Some(name("Canary Patient"));
    application
}

pub(crate) fn opened(number: u128, by: &Caller, application: Application) -> Change {
    let opening = Opening {
        id: id(1000 + number),
        number: format!("2026-{number:06}"),
        kind: ServiceKind::RepresentativeConsultation,
        application,
        agency: None,
        follows: None,
    };
    Case::open(opening, by, &Rules::at(&HospitalSettings::default(), now()), now()).unwrap()
}

pub(crate) fn store_with_people(database: &Database) -> Store {
    let store = database.store();
    write(&store, |tx| {
        for number in [1, 2] {
            departments::insert(
                tx,
                &Department {
                    id: id(number),
                    name_ja: "外科".to_owned(),
                    name_en: "Surgery".to_owned(),
                    accepting: true,
                    created_at: now(),
                    updated_at: now(),
                    version: 1,
                },
            )?;
            agencies::insert(
                tx,
                &Agency {
                    id: id(number),
                    name: "Bridge".to_owned(),
                    contact: serde_json::Value::Null,
                    active: true,
                    created_at: now(),
                    updated_at: now(),
                    version: 1,
                },
            )?;
        }
        for number in 1..=9 {
            users::insert(tx, &someone(number))?;
        }
        Ok::<_, Error>(())
    })
    .unwrap();
    store
}

/// The case without anything that belongs to it.
pub(crate) fn alone(case: &Case) -> NewCase<'_> {
    NewCase { case, texts: &[], opener: None, events: &[] }
}
