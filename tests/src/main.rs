//! The end-to-end suite: journeys over HTTP, each with a server and a database of its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::wildcard_enum_match_arm,
    reason = "a test that stumbles shall fall"
)]
#![allow(unreachable_pub, reason = "a test binary has no outside")]

mod accounts;
mod applied;
mod architecture;
mod asvs;
mod bad_input;
mod calendar;
mod catalogue;
mod circles;
mod closing;
mod concurrency;
mod connections;
mod deaths;
mod demo;
mod disk;
mod documents;
mod estimates;
mod examples;
mod expiry;
mod faults;
mod fees;
mod files;
mod idempotency;
mod information;
mod invitations;
mod jobs;
mod journey;
mod letters;
mod messages;
mod money;
mod opinions;
mod papers;
mod payers;
mod people;
mod permissions;
mod program;
mod refunds;
mod reopening;
mod reversals;
mod scheduler;
mod seed;
mod sign_in;
mod slides;
mod stored;
mod support;
mod trail;
mod treatment;
mod triage;
mod uninformed;
mod unmatched;
mod upgrade;
mod values;
mod visitors;
mod visits;
mod worklist;
mod write_offs;
