//! The applicant's part: the checklist of required items, the treatment history, and requests for information.

mod checklist;
mod requests;
mod treatment;

use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.configure(checklist::configure).configure(requests::routes::configure).configure(treatment::routes::configure);
}
