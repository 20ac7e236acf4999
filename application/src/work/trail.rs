//! The audit row of a request: one row, whether it is done, replayed or refused.

use domain::ids::{AuditEntryId, CaseId, SessionId, UserId};
use jiff::Timestamp;
use persistence::audit::{Entry, Outcome};

use super::{Actor, RequestContext};
use crate::Error;
use crate::clock::fresh;

/// Notes of a use case for the audit trail.
#[derive(Default)]
pub(super) struct Trail {
    pub(super) subjects: Vec<String>,
    pub(super) case: Option<CaseId>,
    pub(super) actor: Option<(UserId, Option<SessionId>)>,
    pub(super) facts: serde_json::Map<String, serde_json::Value>,
    pub(super) refusal: Option<&'static str>,
    /// Whether jobs were written.
    pub(super) has_jobs: bool,
}

impl Trail {
    /// Names a subject, once.
    pub(super) fn name(&mut self, subject: String) {
        if !self.subjects.contains(&subject) {
            self.subjects.push(subject);
        }
    }
}

/// Why a use case did not do what was asked, with what it had looked at by then.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) trail: Box<Trail>,
}

impl From<persistence::Error> for Failure {
    fn from(error: persistence::Error) -> Self {
        Self { error: error.into(), trail: Box::default() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, trail: Box::default() }
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It was done.
    Done,
    /// It was done before; the kept answer was given again.
    Replayed,
    /// It was refused, with this code.
    Refused(&'static str),
    /// It failed for a reason of ours, with this code.
    Failed(&'static str),
}

impl Ending {
    /// The end of a request that gave `error`.
    pub(super) fn of(error: &Error) -> Self {
        if error.is_internal() { Self::Failed(error.code()) } else { Self::Refused(error.code()) }
    }
}

/// The row of a request.
pub(super) fn entry(context: &RequestContext, now: Timestamp, trail: Trail, ending: Ending) -> Entry {
    let id: AuditEntryId = fresh(now);
    let Trail { mut subjects, case, actor, mut facts, refusal, has_jobs: _ } = trail;
    if subjects.is_empty() {
        subjects.extend(context.subject.clone());
    }
    if subjects.len() > 1 {
        facts.insert("subjects".to_owned(), serde_json::json!(subjects));
    }
    let (outcome, code) = match (ending, refusal) {
        (Ending::Done, Some(code)) | (Ending::Refused(code), _) => (Outcome::Refused, Some(code)),
        (Ending::Done, None) => (Outcome::Done, None),
        (Ending::Replayed, _) => (Outcome::Replayed, None),
        (Ending::Failed(code), _) => (Outcome::Failed, Some(code)),
    };
    if let Some(code) = code {
        facts.insert("code".to_owned(), code.into());
    }
    if let Some(source) = context.source.filter(|_| context.operation.is_about_signing_in()) {
        facts.insert("source".to_owned(), source.to_string().into());
    }
    let asker = match &context.actor {
        Actor::User(caller) => Some((caller.who.user, Some(caller.session))),
        Actor::Anonymous | Actor::System(_) => None,
    };
    let acting = actor.or(asker);
    Entry {
        id,
        at: now,
        actor: acting.map(|(user, _)| user),
        session: acting.and_then(|(_, session)| session),
        operation: context.operation.operation_id().to_owned(),
        subject_kind: subjects.first().and_then(|subject| subject.split('_').next()).map(str::to_owned),
        subject_id: subjects.first().cloned(),
        case: case.or(context.case),
        outcome,
        request_id: context.request_id.clone(),
        details: serde_json::Value::Object(facts),
    }
}

/// The row of refusals that were counted.
pub(crate) fn counted(context: &RequestContext, now: Timestamp, facts: serde_json::Value) -> Entry {
    let mut entry = entry(context, now, Trail::default(), Ending::Done);
    entry.outcome = Outcome::Refused;
    entry.details = facts;
    entry
}
