//! The manners of HTTP, the same for every feature.

pub(crate) mod authorized;
pub(crate) mod body;
pub(crate) mod contract;
pub(crate) mod heavy;
pub(crate) mod json;
pub mod messages;
pub(crate) mod middleware;
pub mod origins;
pub mod problem;
pub(crate) mod rates;
pub(crate) mod reader;
pub(crate) mod reply;
pub(crate) mod routes;
mod schema_faults;
pub(crate) mod source;
pub(crate) mod state;
pub(crate) mod times;
