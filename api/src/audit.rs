//! The audit trail: the auditors' view, and an applicant's or patient's view of their own case.

pub(crate) mod routes;
mod views;
