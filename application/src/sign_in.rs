//! Sign-in and what leads to it: registration, sessions, passwords and their recovery, and the owner's own account.

pub mod account;
pub mod authenticate;
pub mod codes;
pub mod email_change;
pub mod passwords;
pub mod recovery;
pub mod refresh;
pub mod registration;
pub mod sessions;
mod source;
pub mod strength;
pub mod throttle;
pub mod tokens;
mod turns;

pub use source::Source;
