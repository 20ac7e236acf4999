//! Who reads an answer, as far as its words depend on it.

use actix_web::{HttpRequest, web};
use domain::access::Permission;

use super::authorized::{Authorized, language_of};
use super::messages::{Language, Messages};
use super::state::HttpState;

/// The reader of an answer, to be taken into a use case.
pub(crate) struct Reader {
    state: web::Data<HttpState>,
    pub(crate) language: Language,
}

impl Reader {
    pub(crate) fn of<P: Permission>(caller: &Authorized<P>, request: &HttpRequest) -> Self {
        Self { state: caller.state(), language: language_of(request) }
    }

    /// The words in the reader's language.
    pub(crate) fn labels(&self) -> Labels<'_> {
        Labels { messages: &self.state.messages, language: self.language }
    }
}

/// Puts labels into the reader's language. Each feature adds what it says.
#[derive(Clone, Copy)]
pub(crate) struct Labels<'a> {
    pub(crate) messages: &'a Messages,
    pub(crate) language: Language,
}
