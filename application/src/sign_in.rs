//! Sign-in and what leads to it: registration, sessions, passwords and their recovery.

pub mod authenticate;
pub mod codes;
pub mod passwords;
pub mod recovery;
pub mod registration;
pub mod sessions;
pub mod throttle;
pub mod tokens;
