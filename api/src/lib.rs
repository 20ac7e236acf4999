//! Second opinions over HTTP. The only crate that knows HTTP: routes, views, problems and the OpenAPI document.

mod audit;
mod billing;
mod cases;
mod catalogue;
pub mod config;
mod connections;
pub mod demo;
pub mod document;
mod documents;
pub mod emails;
mod fees;
pub mod http;
mod information;
pub mod limits;
mod messages;
mod operations;
mod opinions;
mod people;
mod routes;
pub mod scheduler;
pub mod server;
mod sign_in;
mod treatment;
mod values;
