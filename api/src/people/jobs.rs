//! Later work that failed.

use actix_web::{HttpRequest, get, post};
use application::jobs;
use domain::access::may;
use domain::ids::{CaseId, JobId};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::authorized::Authorized;
use crate::http::body::{Path, Query};
use crate::http::reader::{Labels, Reader};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_failed_jobs).service(retry_job);
}

/// A page of them.
pub(crate) type FailedJobList = Page<FailedJob>;

/// A job whose last attempt failed: a letter that did not leave, a case that could not expire, rows that could not be swept.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailedJob {
    /// The job.
    id: JobId,
    /// The name of its kind. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    name: String,
    /// The same in the reader's language.
    label: String,
    /// The case that it speaks of, if it speaks of one.
    case_id: Option<CaseId>,
    /// When it was written.
    created_at: Timestamp,
    /// How often it failed since it was new, or since it was last told to try again.
    #[schema(minimum = 0)]
    attempts: i32,
    /// Why it failed the last time, as a code of the problem catalogue; the log says more.
    failure: String,
    /// When it failed the last time.
    failed_at: Timestamp,
    /// When it is tried again; null if only an administrator lets it be tried again.
    next_attempt_at: Option<Timestamp>,
}

impl FailedJob {
    fn of(job: &jobs::FailedJob, labels: Labels<'_>) -> Self {
        Self {
            id: job.id,
            label: labels.messages.label(labels.language, "job", &job.name),
            name: job.name.clone(),
            case_id: job.case,
            created_at: job.created_at,
            attempts: job.attempts,
            failure: job.failure.clone(),
            failed_at: job.failed_at,
            next_attempt_at: job.due_at,
        }
    }
}

/// List jobs that failed
///
/// Later work, such as letters, whose last attempt failed, newest first. A job is tried again by itself, later each time, for about a day.
/// One that is done leaves this list.
#[utoipa::path(tag = "people", params(PageParams), responses((status = 200, description = "A page of jobs.", body = FailedJobList)))]
#[get("/v1/failed-jobs")]
pub(crate) async fn list_failed_jobs(
    caller: Authorized<may::ListFailedJobs>,
    Query(wanted): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let after = page::read(wanted.cursor.as_deref(), &wanted)?;
    let reader = Reader::of(&caller, &request);
    caller
        .act(move |work| {
            let found = jobs::list_failed_jobs(work, after, wanted.limit)?;
            let page = page::cut(found, wanted.limit, &wanted, |job| job.id).shown(|job| FailedJob::of(job, reader.labels()));
            Reply::ok(&page)
        })
        .await
}

/// Try a job again
///
/// The job is due at once, and is tried as often as a new one. One that is tried within two minutes anyway stays as it is.
#[utoipa::path(
    tag = "people",
    responses((status = 200, description = "The job.", body = FailedJob))
)]
#[post("/v1/failed-jobs/{job_id}/retry")]
pub(crate) async fn retry_job(caller: Authorized<may::RetryJob>, Path(id): Path<JobId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| Reply::ok(&FailedJob::of(&jobs::retry_job(work, id)?, reader.labels()))).await
}
