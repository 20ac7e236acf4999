//! Values that several features show: money, pages, texts, contacts, roles. Features do not import one another for these.

pub(crate) mod contact;
pub(crate) mod money;
pub(crate) mod page;
pub(crate) mod readers;
pub(crate) mod roles;
pub(crate) mod texts;
