//! Who the hospital's physicians are: names for those who arrange visits, and for those who come.

use actix_web::get;
use application::people::physicians::{self, Physician};
use domain::access::may;
use domain::ids::{DepartmentId, UserId};
use domain::people::PersonName;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::authorized::Authorized;
use crate::http::body::Query;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_physicians);
}

/// A physician of the hospital.
#[derive(Serialize, ToSchema)]
pub(crate) struct HospitalPhysician {
    /// Who; cases, visits and half hours name physicians by it.
    id: UserId,
    /// The name.
    name: PersonName,
    /// The departments.
    department_ids: Vec<DepartmentId>,
}

/// A page of them.
pub(crate) type PhysicianList = Page<HospitalPhysician>;

impl From<&Physician> for HospitalPhysician {
    fn from(physician: &Physician) -> Self {
        let Physician { id, name, departments } = physician.clone();
        Self { id, name, department_ids: departments }
    }
}

/// Which physicians.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PhysiciansWanted {
    /// Those of this department.
    department_id: Option<DepartmentId>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "page::default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// List the physicians
///
/// The hospital's doctors who can sign in, with their names, newest first.
#[utoipa::path(
    tag = "appointments",
    params(PhysiciansWanted),
    responses((status = 200, description = "A page of physicians.", body = PhysicianList))
)]
#[get("/v1/physicians")]
pub(crate) async fn list_physicians(caller: Authorized<may::ListPhysicians>, Query(wanted): Query<PhysiciansWanted>) -> Answer {
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = physicians::list_physicians(work, wanted.department_id, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |physician| physician.id).shown(HospitalPhysician::from);
            Reply::ok(&page)
        })
        .await
}
