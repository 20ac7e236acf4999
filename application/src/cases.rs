//! The life of a case: one function for each transition, each load → decide → save.

pub mod end;
pub mod hold;
pub mod invitations;
pub mod read;
pub mod reopen;
