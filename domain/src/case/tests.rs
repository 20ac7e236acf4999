//! The rules of a case, one by one, and all transitions at all stages.

mod apply;
mod end;
mod information;
mod money;
mod opinion;
mod table;
mod triage;
mod uninformed;
