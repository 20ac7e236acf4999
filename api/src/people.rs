//! Users, departments, agencies and settings: kept by administrators.

mod agencies;
pub(crate) mod approvals;
mod departments;
mod jobs;
mod physicians;
pub(crate) mod routes;
mod settings;
mod settings_views;
pub(crate) mod users;
