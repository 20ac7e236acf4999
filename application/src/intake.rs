//! The applicant's part: the application form, the required items, the treatment history, and what the hospital asks for.

pub mod apply;
pub mod items;
pub mod requests;
pub mod treatment;
