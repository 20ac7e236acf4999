//! The treatment history: exams, surgery, chemotherapy, radiation.

pub(crate) mod routes;
mod views;
