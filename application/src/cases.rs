//! The life of a case: one function for each transition, each load → decide → save.

pub mod apply;
pub mod invitations;
pub mod read;
