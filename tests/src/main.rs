//! The end-to-end suite: journeys over HTTP, each with a server and a database of its own.

mod sign_in;
mod support;
