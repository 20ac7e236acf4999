//! A case as a row: columns in clear, derived from the aggregate, and the aggregate itself, sealed.

use diesel::prelude::*;
use domain::access::Membership;
use domain::case::Case;
use domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use jiff::Timestamp;

use super::Stored;
use crate::columns::Bind;
use crate::schema::cases;
use crate::{Error, Transaction};

#[derive(Queryable, Selectable, Insertable, PartialEq)]
#[diesel(table_name = cases, treat_none_as_default_value = false)]
pub(crate) struct CaseRow {
    pub(crate) id: Bind<CaseId>,
    number: Option<String>,
    kind: String,
    stage: String,
    version: i64,
    agency_id: Option<Bind<AgencyId>>,
    department_id: Option<Bind<DepartmentId>>,
    responsible_id: Option<Bind<UserId>>,
    opened_by: Bind<UserId>,
    waiting_on: Option<String>,
    held: bool,
    patient_uninformed: bool,
    slides_requested: bool,
    expires_at: Option<Bind<Timestamp>>,
    due_at: Option<Bind<Timestamp>>,
    accepted_at: Option<Bind<Timestamp>>,
    submitted_at: Option<Bind<Timestamp>>,
    created_at: Bind<Timestamp>,
    updated_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}

/// What a change may touch.
#[derive(AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true)]
pub(crate) struct Changes {
    number: Option<String>,
    kind: String,
    stage: String,
    version: i64,
    agency_id: Option<Bind<AgencyId>>,
    department_id: Option<Bind<DepartmentId>>,
    responsible_id: Option<Bind<UserId>>,
    waiting_on: Option<String>,
    held: bool,
    patient_uninformed: bool,
    slides_requested: bool,
    expires_at: Option<Bind<Timestamp>>,
    due_at: Option<Bind<Timestamp>>,
    accepted_at: Option<Bind<Timestamp>>,
    submitted_at: Option<Bind<Timestamp>>,
    updated_at: Bind<Timestamp>,
    body_sealed: Vec<u8>,
}
