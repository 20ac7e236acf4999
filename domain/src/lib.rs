//! Second opinions: the nouns and their rules. No database, no web, no clock, no randomness, no files.

pub mod access;
pub mod billing;
pub mod calendar;
pub mod case;
pub mod documents;
pub mod fees;
pub mod ids;
pub mod information;
pub mod messages;
pub mod money;
pub mod opinion;
pub mod people;
pub mod required_items;
#[cfg(feature = "schema")]
pub mod schema;
pub mod service;
pub mod settings;
pub mod treatment;
mod wire;
