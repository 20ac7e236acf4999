//! People with accounts, departments and agencies, kept by administrators.

pub mod agencies;
pub mod approvals;
pub mod departments;
pub mod physicians;
pub mod users;

pub use users::NewAccount;
