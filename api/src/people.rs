//! Users, departments, agencies and settings: kept by administrators.

mod agencies;
mod departments;
pub(crate) mod routes;
mod settings;
mod settings_views;
mod users;
