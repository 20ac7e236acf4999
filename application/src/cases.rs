//! The life of a case: one function for each transition, each load → decide → save.

pub mod apply;
pub mod end;
pub mod invitations;
pub mod items;
pub mod read;
pub mod triage;
