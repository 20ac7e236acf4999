//! The rules of a case, one by one.

mod end;
mod refusals;
mod reopen;
mod uninformed;
