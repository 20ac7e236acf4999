//! The applicant's part: the application form, the required items, the treatment history, and what the hospital asks for.

mod application;
mod apply;
pub mod items;
mod patch;
pub mod requests;
#[cfg(test)]
mod tests;
pub mod treatment;

pub use application::{Application, ReExamination, Representative, RepresentativeForm};
pub(crate) use apply::check_application;
pub use apply::{MOST_QUESTIONS, MOST_REPRESENTATIVES, Opening};
pub use patch::{ApplicationPatch, ContactPersonPatch, ContactsPatch, PatientPatch, RepresentativePatch};
