//! The transitions, one file for each part of a case's life. Each is a check, which `allowed_actions` asks too, and an effect.

pub(super) mod apply;
pub(super) mod clock;
pub(super) mod decide;
pub(super) mod end;
pub(super) mod hold;
pub(super) mod information;
pub(super) mod items;
pub(super) mod money;
pub(super) mod opinion;
pub(super) mod people;
pub(super) mod triage;
