//! The unit of work: one use case within one transaction, and the row that it leaves in the audit trail.

mod authority;
mod cases;
mod context;
mod half_hours;
mod lapse;
mod once;
mod run;
mod trail;

pub use cases::CaseForCaller;
pub(crate) use cases::words_of;
pub use context::{Actor, AuditRow, Caller, IdempotencyKey, Permitted, RequestContext, SystemActor};
pub(crate) use lapse::{LapseAppointment, LapseReExamination};
pub use once::Once;
pub use run::Prepared;

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use domain::access::Operation;
use domain::case::Rules;
use domain::ids::{CaseId, Id, IdKind, SessionId, UserId};
use domain::settings::HospitalSettings;
use jiff::Timestamp;
use persistence::Transaction;

use crate::clock::Ids;
use crate::jobs::{self, Job};
use crate::sign_in::Source;
use crate::{Error, Revision};
use trail::Trail;
pub(crate) use trail::counted;

/// A use case at work. All that it loads or changes goes through here, so that the audit trail cannot be forgotten.
pub struct Work<'a, 't> {
    /// The transaction.
    pub tx: &'a mut Transaction<'t>,
    /// The instant at which all of this happens.
    pub now: Timestamp,
    /// The hospital's settings.
    pub settings: &'a HospitalSettings,
    ids: &'a Ids,
    context: &'a RequestContext,
    expectation_met: bool,
    trail: Trail,
}

/// The context, settings and clocks of one run of a use case. It is cheap to clone.
#[derive(Clone)]
pub(crate) struct Frame {
    context: Arc<RequestContext>,
    settings: Arc<HospitalSettings>,
    ids: Arc<Ids>,
    now: Timestamp,
}

/// The work of the operation `P`, and of no other: a public use case names the permission that it needs.
pub struct UnitOfWork<'a, 't, P> {
    work: Work<'a, 't>,
    permission: PhantomData<fn() -> P>,
}

impl<'a, 't, P> Deref for UnitOfWork<'a, 't, P> {
    type Target = Work<'a, 't>;

    fn deref(&self) -> &Self::Target {
        &self.work
    }
}

impl<P> DerefMut for UnitOfWork<'_, '_, P> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.work
    }
}

impl<'a, 't> Work<'a, 't> {
    fn new(tx: &'a mut Transaction<'t>, frame: &'a Frame) -> Self {
        let Frame { context, settings, ids, now } = frame;
        let trail = Trail { case: context.case, ..Trail::default() };
        Self { tx, now: *now, settings, ids, context, expectation_met: false, trail }
    }
}

impl Work<'_, '_> {
    /// The person who calls.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] if nobody is signed in.
    pub fn caller(&self) -> Result<&Caller, Error> {
        self.context.actor.caller()
    }

    /// The caller's user id.
    pub fn user(&self) -> Result<UserId, Error> {
        Ok(self.caller()?.who.user)
    }

    /// Writes a job, due at once: it is done after all of this was committed, and only then.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn enqueue<J: Job>(&mut self, job: &J) -> Result<(), Error> {
        self.enqueue_at(job, self.now)
    }

    /// Like [`Work::enqueue`], but due at a time.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn enqueue_at<J: Job>(&mut self, job: &J, due_at: Timestamp) -> Result<(), Error> {
        let new = jobs::new(job, self.fresh(), self.trail.case, self.now, due_at)?;
        persistence::jobs::insert(self.tx, &[new])?;
        self.has_jobs();
        Ok(())
    }

    /// Jobs are due: once all of this is committed, whoever does them is woken.
    pub(crate) fn has_jobs(&mut self) {
        self.trail.has_jobs = true;
    }

    /// The operation that is under way.
    pub fn operation(&self) -> Operation {
        self.context.operation
    }

    /// A fresh identifier.
    pub fn fresh<K: IdKind>(&self) -> Id<K> {
        self.ids.fresh(self.now)
    }

    /// The rules that cases ask.
    pub fn rules(&self) -> Rules<'_> {
        Rules::at(self.settings, self.now)
    }

    /// Where the request came from.
    pub(crate) fn source(&self) -> Option<Source> {
        self.context.source
    }

    /// Names in the audit trail what was read or changed, each once. A case is named by [`Work::case`].
    #[expect(clippy::needless_pass_by_value, reason = "identifiers are small, and the calls read better")]
    pub fn audit_subject(&mut self, subject: impl ToString) {
        self.trail.name(subject.to_string());
    }

    /// Names in the audit trail the entries of a page: of those that were found, the first `limit` are shown.
    pub(crate) fn audit_page<T, S: ToString>(&mut self, found: &[T], limit: u32, id: impl Fn(&T) -> S) {
        for one in found.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
            self.audit_subject(id(one));
        }
    }

    /// Names in the audit trail the case that is concerned.
    pub fn audit_case(&mut self, case: CaseId) {
        self.trail.case = Some(case);
    }

    /// The case that is concerned, if one is known.
    pub(crate) fn audited_case(&self) -> Option<CaseId> {
        self.trail.case
    }

    /// Names in the audit trail who acts, where the request itself does not say so: at a sign-in.
    pub(crate) fn acts_as(&mut self, user: UserId, session: Option<SessionId>) {
        self.trail.actor = Some((user, session));
    }

    /// Adds to the audit trail a fact that is neither who nor what: ids and codes only.
    pub(crate) fn note(&mut self, name: &str, value: impl Into<serde_json::Value>) {
        self.trail.facts.insert(name.to_owned(), value.into());
    }

    /// Says in the audit trail that this refuses, although something is written and must stay.
    pub(crate) fn refuse(&mut self, code: &'static str) {
        self.trail.refusal = Some(code);
    }

    /// Compares a revision with the one that the request names in `If-Match`, if it names one.
    ///
    /// # Errors
    /// [`Error::Stale`] if they differ.
    pub fn expect(&mut self, revision: Revision) -> Result<(), Error> {
        self.expectation_met = true;
        match &self.context.expected {
            Some(expected) if !expected.allows(revision) => Err(Error::Stale),
            _ => Ok(()),
        }
    }

    /// The revision that the request names plays no part: a kept answer is given whatever stands now.
    fn disregard_expectation(&mut self) {
        self.expectation_met = true;
    }

    /// Refuses if the request names a revision of something that does not exist yet.
    ///
    /// # Errors
    /// [`Error::Stale`].
    pub fn require_absent(&mut self) -> Result<(), Error> {
        self.expectation_met = true;
        if self.context.expected.is_some() { Err(Error::Stale) } else { Ok(()) }
    }
}

/// Turns `NotFound` into [`Error::Absent`]. Other faults of the database stay what they are.
pub(crate) fn absent(error: persistence::Error) -> Error {
    if matches!(error, persistence::Error::NotFound) { Error::Absent } else { error.into() }
}
