//! Who asks for what, under which conditions.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::access::{self, Operation, Permission};
use domain::ids::{CaseId, SessionId};

use crate::error::Unauthenticated;
use crate::sign_in::Source;
use crate::{Error, Expected};

/// A signed-in person, with the authority that they have at this moment.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The person and their roles.
    pub who: access::Caller,
    /// The session that the token belongs to.
    pub session: SessionId,
    /// The language of the account, BCP 47.
    pub language: String,
}

/// A part of the program that acts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemActor {
    /// The scheduler: work that is due at a time.
    Scheduler,
    /// The command line of the server.
    CommandLine,
}

impl SystemActor {
    /// Its name in the audit trail, in place of a request's id.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduler => "clock",
            Self::CommandLine => "command line",
        }
    }
}

/// Who acts.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Somebody who is not signed in.
    Anonymous,
    /// A signed-in person.
    User(Caller),
    /// The program itself.
    System(SystemActor),
}

impl Actor {
    /// The person who is signed in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if nobody is.
    pub fn caller(&self) -> Result<&Caller, Error> {
        match self {
            Self::User(caller) => Ok(caller),
            Self::Anonymous | Self::System(_) => Err(Error::Unauthenticated(Unauthenticated::NotSignedIn)),
        }
    }
}

impl From<Option<Caller>> for Actor {
    fn from(caller: Option<Caller>) -> Self {
        caller.map_or(Self::Anonymous, Self::User)
    }
}

/// The key under which the answer to a request is kept, so that its repetition has no second effect.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The caller's own key.
    pub key: String,
    /// The request as a digest of method, path and body.
    pub fingerprint: Vec<u8>,
}

/// Whether the row of a request stands in the audit trail. Clones share the answer.
#[derive(Clone, Debug, Default)]
pub struct AuditRow(Arc<AtomicBool>);

impl AuditRow {
    /// Whether the row is written.
    pub fn is_written(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(super) fn written(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Who asks for what, under which conditions.
#[derive(Clone, Debug)]
pub struct RequestContext {
    /// The operation.
    pub operation: Operation,
    /// Who acts.
    pub actor: Actor,
    /// The request's id, for the audit trail.
    pub request_id: String,
    /// The revision that the caller expects to change.
    pub expected: Option<Expected>,
    /// The key of a request that must take effect once.
    pub idempotency: Option<IdempotencyKey>,
    /// The case in the request's path, if there is one.
    pub case: Option<CaseId>,
    /// The id of what the path names last: the subject of the audit row where the use case names none.
    pub subject: Option<String>,
    /// Where the request came from; `None` for what did not come over the network.
    pub source: Option<Source>,
    /// Whether the request's row stands in the audit trail.
    pub row: AuditRow,
}

impl RequestContext {
    /// A request for `operation` by `actor`, without conditions.
    pub fn new(operation: Operation, actor: Actor, request_id: impl Into<String>) -> Self {
        Self {
            operation,
            actor,
            request_id: request_id.into(),
            expected: None,
            idempotency: None,
            case: None,
            subject: None,
            source: None,
            row: AuditRow::default(),
        }
    }
}

/// A request whose operation is `P`: what a use case of `P` is run with.
#[derive(Debug)]
pub struct Permitted<P> {
    pub(crate) context: RequestContext,
    permission: PhantomData<fn() -> P>,
}

// Derived, it would ask that permissions can be cloned.
impl<P> Clone for Permitted<P> {
    fn clone(&self) -> Self {
        Self { context: self.context.clone(), permission: PhantomData }
    }
}

impl<P: Permission> Permitted<P> {
    /// The request, as one for the operation `P`.
    pub fn new(context: RequestContext) -> Self {
        Self { context: RequestContext { operation: P::OPERATION, ..context }, permission: PhantomData }
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.context.actor
    }

    /// Says what the idempotency key of the request stands for, if it has one.
    pub fn stands_for(&mut self, fingerprint: Vec<u8>) {
        if let Some(key) = &mut self.context.idempotency {
            key.fingerprint = fingerprint;
        }
    }

    /// A request of the program itself.
    pub fn by_system(actor: SystemActor) -> Self {
        Self::new(RequestContext::new(P::OPERATION, Actor::System(actor), actor.as_str()))
    }
}
