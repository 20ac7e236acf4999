//! Second opinions: the nouns and their rules. No database, no web, no clock, no randomness, no files.

pub mod access;
pub mod appointments;
pub mod billing;
pub mod calendar;
pub mod case;
pub mod change_of_kind;
pub mod consents;
pub mod documents;
pub mod ids;
pub mod intake;
pub mod invariant;
pub mod messages;
pub mod money;
pub mod patch;
pub mod pathology;
pub mod people;
pub mod review;
#[cfg(feature = "schema")]
pub mod schema;
pub mod service;
pub mod settings;
#[cfg(test)]
mod tests;
pub mod uninformed;
pub mod visit;
pub mod visitors;
mod wire;
pub mod written;
