//! The table of contents: one line for each feature. To register a route is to document it.

use crate::http::routes::Routes;
use crate::{
    appointments, audit, billing, calendar, cases, catalogue, change_of_kind, consents, documents, intake, messages, operations, pathology,
    people, review, sign_in, uninformed, visitors, visits, written,
};

/// Every route of the API.
pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        // Patterns are tried one after the other: what is asked most often comes first.
        .configure(cases::routes::configure)
        .service(operations::get_health)
        .service(operations::get_readiness)
        .service(operations::get_key_set)
        .service(operations::get_openapi)
        .configure(catalogue::routes::configure)
        .configure(billing::fees::routes::configure)
        .configure(billing::term_routes::configure)
        .configure(billing::estimates::configure)
        .configure(calendar::configure)
        .configure(sign_in::routes::configure)
        .configure(people::routes::configure)
        .configure(intake::configure)
        .configure(visitors::configure)
        .configure(uninformed::configure)
        .configure(consents::configure)
        .configure(appointments::configure)
        .configure(visits::configure)
        .configure(change_of_kind::configure)
        .configure(review::configure)
        .configure(documents::routes::configure)
        .configure(billing::routes::configure)
        .configure(billing::receivables::configure)
        .configure(billing::papers::configure)
        .configure(billing::unmatched::configure)
        .configure(billing::write_offs::configure)
        .configure(billing::refund_routes::configure)
        .configure(billing::books::configure)
        .configure(pathology::configure)
        .configure(written::routes::configure)
        .configure(messages::routes::configure)
        .configure(audit::routes::configure);
}
