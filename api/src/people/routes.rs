//! The routes of this feature, file by file.

use utoipa_actix_web::service_config::ServiceConfig;

use super::{agencies, departments, settings, users};

pub(crate) fn configure(config: &mut ServiceConfig<'_>) {
    config.configure(users::configure).configure(departments::configure).configure(agencies::configure).configure(settings::configure);
}
