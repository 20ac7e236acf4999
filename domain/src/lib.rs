//! Second opinions: the nouns and their rules. No database, no web, no clock, no randomness, no files.

pub mod access;
pub mod ids;
pub mod people;
pub mod service;
mod wire;
