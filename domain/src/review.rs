//! The hospital looks at an application: review by a department, acceptance, declining.

mod decide;
mod reasons;
mod settings;
#[cfg(test)]
mod tests;
mod triage;

pub use decide::{Decline, KeptInvoice};
pub use reasons::DeclineCode;
pub use settings::ReviewSettings;
pub use triage::DocumentFact;
