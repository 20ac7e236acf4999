//! Requests for information: the hospital asks, the applicant answers.

pub(crate) mod routes;
mod views;
