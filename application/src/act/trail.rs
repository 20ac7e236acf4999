//! What a use case leaves in the audit trail, whether it is done or refused.

use domain::ids::{AuditEntryId, CaseId, SessionId, UserId};
use domain::settings::HospitalSettings;
use jiff::Timestamp;
use persistence::Transaction;
use persistence::audit::{Entry, Outcome};

use super::{Act, Ask};
use crate::Error;
use crate::clock::fresh;

/// What a use case leaves in the audit trail.
#[derive(Default)]
pub(super) struct Trail {
    subjects: Vec<String>,
    case: Option<CaseId>,
    actor: Option<(UserId, Option<SessionId>)>,
    facts: serde_json::Map<String, serde_json::Value>,
    refusal: Option<&'static str>,
}

impl Trail {
    /// The trail of what was refused.
    pub(super) fn refused(self, code: &'static str) -> Self {
        Self { refusal: Some(code), ..self }
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

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// Runs a use case within a transaction, without its audit row.
pub(super) fn run<T>(
    tx: &mut Transaction<'_>,
    ask: &Ask,
    settings: &HospitalSettings,
    now: Timestamp,
    job: &(impl Fn(&mut Act<'_, '_>) -> Result<T, Error> + Send),
) -> Result<(T, Trail), Failure> {
    let mut act = Act {
        tx,
        now,
        settings,
        ask,
        subjects: Vec::new(),
        case: ask.case,
        expectation_met: false,
        actor: None,
        facts: serde_json::Map::new(),
        refusal: None,
    };
    let mut done = job(&mut act);
    if done.is_ok() && ask.expected.is_some() && !act.expectation_met {
        // Nothing here has a revision that could match.
        done = Err(Error::Stale);
    }
    let Act { subjects, case, actor, facts, refusal, .. } = act;
    let trail = Trail { subjects, case, actor, facts, refusal };
    match done {
        Ok(value) => Ok((value, trail)),
        Err(error) => Err(Failure { error, trail: Box::new(trail) }),
    }
}

/// Runs a use case within a transaction, with its audit row.
pub(super) fn within<T>(
    tx: &mut Transaction<'_>,
    ask: &Ask,
    settings: &HospitalSettings,
    now: Timestamp,
    job: &(impl Fn(&mut Act<'_, '_>) -> Result<T, Error> + Send),
) -> Result<T, Failure> {
    let (value, trail) = run(tx, ask, settings, now, job)?;
    persistence::audit::insert(tx, &entry(ask, now, trail))?;
    Ok(value)
}

/// The row of the trail.
pub(super) fn entry(ask: &Ask, now: Timestamp, trail: Trail) -> Entry {
    let id: AuditEntryId = fresh(now);
    let Trail { subjects, case, actor, mut facts, refusal } = trail;
    if subjects.len() > 1 {
        facts.insert("subjects".to_owned(), serde_json::json!(subjects));
    }
    if let Some(code) = refusal {
        facts.insert("code".to_owned(), code.into());
    }
    if let Some(source) = ask.source.filter(|_| ask.operation.is_about_signing_in()) {
        facts.insert("source".to_owned(), source.to_string().into());
    }
    let asker = ask.caller.as_ref().map(|caller| (caller.who.user, Some(caller.session)));
    Entry {
        id,
        at: now,
        actor: actor.or(asker).map(|(user, _)| user),
        session: actor.or(asker).and_then(|(_, session)| session),
        operation: ask.operation.operation_id().to_owned(),
        subject_kind: subjects.first().and_then(|subject| subject.split('_').next()).map(str::to_owned),
        subject_id: subjects.first().cloned(),
        case,
        outcome: if refusal.is_some() { Outcome::Refused } else { Outcome::Done },
        request_id: ask.request_id.clone(),
        details: serde_json::Value::Object(facts),
    }
}
