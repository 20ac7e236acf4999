//! Second opinions over HTTP. The only crate that knows HTTP: routes, views, problems and the OpenAPI document.

mod audit;
mod billing;
mod cases;
mod catalogue;
pub mod config;
mod connections;
mod consents;
pub mod demo;
pub mod document;
mod documents;
pub mod emails;
pub mod http;
mod intake;
pub mod limits;
mod messages;
mod operations;
mod pathology;
mod people;
mod review;
mod routes;
pub mod scheduler;
pub mod server;
mod sign_in;
mod uninformed;
mod visitors;
mod wire;
mod written;
