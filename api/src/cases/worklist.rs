//! The worklist: cases that the caller may see, narrowed by filters, and how many stand where.

use actix_web::get;
use application::cases::read::{self, CaseFilter, ListedForCaller};
use domain::access::{Section, may};
use domain::calendar::{days_after, end_of_day, today_in_tokyo};
use domain::case::{CaseStage, HoldReason, WaitingOn};
use domain::ids::{AgencyId, CaseId, DepartmentId, UserId};
use domain::service::ServiceKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::authorized::Authorized;
use crate::http::body::Query;
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page};
use crate::wire::readers::INFORMED_STAFF;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_cases).service(count_cases);
}

/// Which cases.
#[derive(Deserialize, Serialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CasesWanted {
    /// At this stage.
    #[param(inline)]
    stage: Option<CaseStage>,
    /// Of this service.
    #[param(inline)]
    kind: Option<ServiceKind>,
    /// Of this department.
    #[param(inline)]
    department_id: Option<DepartmentId>,
    /// Assigned to this physician.
    #[param(inline)]
    responsible_id: Option<UserId>,
    /// Referred by this agency.
    #[param(inline)]
    agency_id: Option<AgencyId>,
    /// `true`: only those whose opinion is late.
    overdue: Option<bool>,
    /// On hold, or not.
    held: Option<bool>,
    /// Those in which this side does the next step.
    #[param(inline)]
    waiting_on: Option<WaitingOn>,
    /// `true`: only visits whose day is over and of which nobody recorded what became of them.
    visit_without_outcome: Option<bool>,
    /// A case number, or words of names that must all occur, whatever their width, case or kana.
    #[param(min_length = 1, max_length = 200, pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$")]
    words: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 100, default = 25)]
    #[serde(default = "page::default_limit")]
    limit: u32,
    /// Where the page begins: `next_cursor` of the page before.
    cursor: Option<String>,
}

impl CasesWanted {
    fn filter(&self, now: Timestamp) -> CaseFilter {
        CaseFilter {
            stages: self.stage.iter().map(|stage| stage.as_str().to_owned()).collect(),
            kind: self.kind.map(|kind| kind.as_str().to_owned()),
            department: self.department_id,
            responsible: self.responsible_id,
            agency: self.agency_id,
            waiting_on: self.waiting_on.map(|side| side.as_str().to_owned()),
            held: self.held,
            due_before: self.overdue.filter(|late| *late).map(|_| now),
            visit_before: self.visit_without_outcome.filter(|wanted| *wanted).map(|_| end_of_day(days_after(today_in_tokyo(now), -1))),
            search: self.words.clone(),
        }
    }
}

/// A page of them.
pub(crate) type OpinionCaseSummaryList = Page<OpinionCaseSummary>;

/// A line of the worklist.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionCaseSummary {
    /// The case.
    id: CaseId,
    /// The number that people say.
    number: String,
    /// The service.
    kind: ServiceKind,
    /// Where it stands.
    stage: CaseStage,
    /// Who does the next step.
    waiting_on: WaitingOn,
    /// Why the clocks stand still, if they do.
    hold_reason: Option<HoldReason>,
    /// The patient's name as it is shown; null for those who do not see contacts, and while it is missing.
    patient_name: Option<String>,
    /// Whether the patient does not know; null for all but the desk and the doctors.
    patient_uninformed: Option<bool>,
    /// The agency that refers.
    agency_id: Option<AgencyId>,
    /// The department.
    department_id: Option<DepartmentId>,
    /// The physician assigned.
    responsible_id: Option<UserId>,
    /// The last day on which the opinion is due, in Tokyo.
    due_to_on: Option<Date>,
    /// When the visit takes place, or took place; null while no time is fixed.
    visit_at: Option<Timestamp>,
    /// Whether the opinion is late.
    overdue: bool,
    /// When the case expires if nobody does anything.
    expires_at: Option<Timestamp>,
    /// When the draft was opened.
    created_at: Timestamp,
    /// When it was first submitted.
    submitted_at: Option<Timestamp>,
}

impl OpinionCaseSummary {
    fn of(listed: &ListedForCaller, now: Timestamp) -> Self {
        let relations = listed.access.relations;
        let contacts = relations.may_see(Section::Contacts);
        let case = &listed.summary;
        Self {
            id: case.id,
            overdue: case.is_overdue(now),
            number: case.number.clone(),
            kind: case.kind,
            stage: case.stage,
            waiting_on: case.waiting_on,
            hold_reason: case.hold_reason,
            patient_name: case.patient_name.clone().filter(|_| contacts),
            patient_uninformed: relations.contains_any(INFORMED_STAFF).then_some(case.patient_uninformed),
            agency_id: case.agency,
            department_id: case.department,
            responsible_id: case.responsible,
            due_to_on: case.due_to_on,
            visit_at: case.visit_at,
            expires_at: case.expires_at,
            created_at: case.opened_at,
            submitted_at: case.submitted_at,
        }
    }
}

/// How many cases stand where.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseCounts {
    /// All that the caller may see.
    #[schema(minimum = 0)]
    total: i64,
    /// By stage; stages without cases are left out.
    stages: Vec<StageCount>,
}

/// How many cases are at one stage.
#[derive(Serialize, ToSchema)]
pub(crate) struct StageCount {
    /// The stage.
    #[schema(value_type = CaseStage)]
    stage: String,
    /// How many.
    #[schema(minimum = 0)]
    count: i64,
}

/// List cases
///
/// The worklist: the cases that the caller may see, newest first.
#[utoipa::path(
    tag = "cases",
    params(CasesWanted),
    responses((status = 200, description = "A page of cases.", body = OpinionCaseSummaryList))
)]
#[get("/v1/cases")]
pub(crate) async fn list_cases(caller: Authorized<may::ListCases>, Query(wanted): Query<CasesWanted>) -> Answer {
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    caller
        .act(move |work| {
            let found = read::list_cases(work, &wanted.filter(work.now), after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |listed| listed.summary.id)
                .shown(|listed| OpinionCaseSummary::of(listed, work.now));
            Reply::ok(&page)
        })
        .await
}

/// Count cases
///
/// How many of the cases that the caller may see stand where.
#[utoipa::path(tag = "cases", responses((status = 200, description = "The counts.", body = CaseCounts)))]
#[get("/v1/cases/counts")]
pub(crate) async fn count_cases(caller: Authorized<may::CountCases>) -> Answer {
    caller
        .act(move |work| {
            let counts = read::count_cases(work)?;
            let total = counts.iter().map(|(_, count)| count).sum();
            let stages = counts.into_iter().map(|(stage, count)| StageCount { stage, count }).collect();
            Reply::ok(&CaseCounts { total, stages })
        })
        .await
}
