//! Who reads an answer, as far as its words depend on it.

use actix_web::{HttpRequest, web};
use domain::access::Permission;

use super::authorized::{Authorized, language_of};
use super::messages::{Language, Messages};
use super::state::Gatehouse;

/// The reader of an answer, to be taken into a use case.
pub(crate) struct Reader {
    house: web::Data<Gatehouse>,
    pub(crate) language: Language,
}

impl Reader {
    pub(crate) fn of<P: Permission>(caller: &Authorized<P>, request: &HttpRequest) -> Self {
        Self { house: caller.house(), language: language_of(request) }
    }

    /// The words in the reader's language.
    pub(crate) fn labels(&self) -> Labels<'_> {
        Labels { messages: &self.house.messages, language: self.language }
    }
}

/// Puts labels into the reader's language. Each feature adds what it says.
#[derive(Clone, Copy)]
pub(crate) struct Labels<'a> {
    pub(crate) messages: &'a Messages,
    pub(crate) language: Language,
}
