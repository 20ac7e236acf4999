//! The form is opened, filled in and submitted.

mod apply;
