//! The routes of this feature, file by file.

use super::{agencies, approvals, departments, jobs, physicians, settings, users};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .configure(users::configure)
        .configure(physicians::configure)
        .configure(approvals::configure)
        .configure(departments::configure)
        .configure(agencies::configure)
        .configure(settings::configure)
        .configure(jobs::configure);
}
