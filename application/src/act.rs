//! One use case at work: who asks for what, within one transaction, and the trail that it leaves.

mod authority;
mod once;
mod trail;

pub use once::Once;

use std::sync::Arc;

use domain::access::{self, Membership, Operation, Standing};
use domain::case::{Case, Decided, Refusal, Rules};
use domain::ids::{CaseId, Id, IdKind, SessionId, UserId};
use domain::settings::HospitalSettings;
use jiff::Timestamp;
use persistence::{Engine, Importance, Transaction};

use crate::clock::fresh;
use crate::sign_in::Source;
use crate::{Error, Expected, Hospital, Revision};
use trail::Failure;

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

/// The key under which the answer to a request is kept, so that its repetition has no second effect.
#[derive(Clone, Debug)]
pub struct IdempotencyKey {
    /// The caller's own key.
    pub key: String,
    /// What was asked: a digest of method, path and body.
    pub fingerprint: Vec<u8>,
}

/// Who asks for what.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The operation.
    pub operation: Operation,
    /// Who asks; `None` for public operations.
    pub caller: Option<Caller>,
    /// The request's id, for the audit trail.
    pub request_id: String,
    /// The revision that the caller expects to change.
    pub expected: Option<Expected>,
    /// The key of a request that must take effect once.
    pub idempotency: Option<IdempotencyKey>,
    /// The case in the request's path, if there is one.
    pub case: Option<CaseId>,
    /// Where the request came from; `None` for what did not come over the network.
    pub source: Option<Source>,
}

/// A use case at work. Everything that it loads or changes goes through here, so that the audit trail cannot be forgotten.
pub struct Act<'a, 't> {
    /// The transaction.
    pub tx: &'a mut Transaction<'t>,
    /// The instant at which all of this happens.
    pub now: Timestamp,
    /// The hospital's settings.
    pub settings: &'a HospitalSettings,
    ask: &'a Ask,
    subjects: Vec<String>,
    case: Option<CaseId>,
    expectation_met: bool,
    actor: Option<(UserId, Option<SessionId>)>,
    facts: serde_json::Map<String, serde_json::Value>,
    refusal: Option<&'static str>,
}

/// A case as its caller stands to it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The case.
    pub case: Case,
    /// The version that was read, for saving.
    pub version: i64,
    /// The caller's relation to it; never empty.
    pub standing: Standing,
}

impl Loaded {
    /// The revision as this caller sees it.
    pub fn revision(&self) -> Revision {
        Revision::of(&self.case.id().to_string(), u64::try_from(self.version).unwrap_or(0), self.standing.relations)
    }
}

impl Act<'_, '_> {
    /// The caller.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] in a public operation.
    pub fn caller(&self) -> Result<&Caller, Error> {
        self.ask.caller.as_ref().ok_or(Error::Unauthenticated("not_signed_in"))
    }

    /// The caller's user id.
    pub fn user(&self) -> Result<UserId, Error> {
        Ok(self.caller()?.who.user)
    }

    /// The operation that is under way.
    pub fn operation(&self) -> Operation {
        self.ask.operation
    }

    /// A fresh identifier.
    pub fn fresh<K: IdKind>(&self) -> Id<K> {
        fresh(self.now)
    }

    /// Notes for the audit trail what was read or changed, each once. A case is noted by [`Act::load_case`].
    pub fn touched(&mut self, subject: impl ToString + Copy) {
        let subject = subject.to_string();
        if !self.subjects.contains(&subject) {
            self.subjects.push(subject);
        }
    }

    /// Notes for the audit trail the case that is concerned.
    pub fn touched_case(&mut self, case: CaseId) {
        self.case = Some(case);
    }

    /// The case that is concerned, if one is known.
    pub(crate) fn concerned(&self) -> Option<CaseId> {
        self.case
    }

    /// Notes for the audit trail who acts, where the request itself did not say so: signing in is what tells.
    pub(crate) fn acts_as(&mut self, user: UserId, session: Option<SessionId>) {
        self.actor = Some((user, session));
    }

    /// Notes for the audit trail a fact that is neither who nor what: ids and codes only.
    pub(crate) fn note(&mut self, name: &str, value: impl Into<serde_json::Value>) {
        self.facts.insert(name.to_owned(), value.into());
    }

    /// Notes for the audit trail that this refuses, although something is written and must stay.
    pub(crate) fn refuse(&mut self, code: &'static str) {
        self.refusal = Some(code);
    }

    /// Where the request came from.
    pub(crate) fn source(&self) -> Option<Source> {
        self.ask.source
    }

    /// Holds a revision against the one that the caller expects, if they said so.
    pub fn expect(&mut self, revision: &Revision) -> Result<(), Error> {
        self.expectation_met = true;
        match &self.ask.expected {
            Some(expected) if !expected.allows(revision) => Err(Error::Stale),
            _ => Ok(()),
        }
    }

    /// Refuses if the caller expects a revision of something that does not exist yet.
    pub fn expect_nothing(&mut self) -> Result<(), Error> {
        self.expectation_met = true;
        if self.ask.expected.is_some() { Err(Error::Stale) } else { Ok(()) }
    }

    /// Loads a case together with the caller's relation to it. Without a relation that reaches the operation there is no case.
    ///
    /// # Errors
    /// [`Error::Absent`] for a case that does not exist, or not for this caller.
    pub fn load_case(&mut self, id: CaseId) -> Result<Loaded, Error> {
        let who = self.caller()?.who.clone();
        self.case = Some(id);
        let stored = persistence::cases::get(self.tx, id, who.user).map_err(absent)?;
        let relations = access::relations(&who, &stored.facts);
        if relations.is_empty() || !self.ask.operation.is_within(relations) {
            return Err(Error::Absent);
        }
        Ok(Loaded { standing: Standing { user: who.user, relations }, version: stored.version, case: stored.case })
    }

    /// Loads a case that is about to change: its revision must be the expected one.
    pub fn load_case_to_change(&mut self, id: CaseId) -> Result<Loaded, Error> {
        let loaded = self.load_case(id)?;
        self.expect(&loaded.revision())?;
        Ok(loaded)
    }

    /// Loads a case, lets it decide, and saves what it decided: the shape of most transitions.
    pub fn change_case(
        &mut self,
        id: CaseId,
        decide: impl FnOnce(Case, &Standing, &Rules<'_>, Timestamp) -> Result<Decided, Refusal>,
    ) -> Result<Loaded, Error> {
        let loaded = self.load_case_to_change(id)?;
        let decided = decide(loaded.case.clone(), &loaded.standing, &self.rules(), self.now)?;
        self.save_case(loaded, decided)
    }

    /// Saves a new case; who opened it joins it.
    pub fn insert_case(&mut self, decided: Decided, member: Option<Membership>) -> Result<Loaded, Error> {
        let (id, user) = (decided.case.id(), self.user()?);
        self.case = Some(id);
        persistence::cases::insert(self.tx, &decided.case, &crate::cases::apply::words_of(&decided.case), self.now)?;
        if let Some(relation) = member {
            persistence::cases::insert_member(self.tx, id, user, relation, self.now)?;
        }
        persistence::events::insert(self.tx, id, Some(user), self.now, &decided.events)?;
        let mut facts = decided.case.facts();
        facts.member = member;
        let relations = access::relations(&self.caller()?.who, &facts);
        Ok(Loaded { case: decided.case, version: 1, standing: Standing { user, relations } })
    }

    /// The rules that cases ask.
    pub fn rules(&self) -> Rules<'_> {
        Rules { settings: self.settings }
    }

    /// Saves what was decided of a case: the row and what happened, all or none.
    #[expect(clippy::needless_pass_by_value, reason = "what was loaded is of no use once it was saved over")]
    pub fn save_case(&mut self, loaded: Loaded, decided: Decided) -> Result<Loaded, Error> {
        let id = decided.case.id();
        let version = persistence::cases::save(self.tx, &decided.case, loaded.version, self.now)?;
        persistence::events::insert(self.tx, id, Some(loaded.standing.user), self.now, &decided.events)?;
        // A change may alter the relation itself: what is shown afterwards is what the caller may see now.
        let mut facts = decided.case.facts();
        facts.member = loaded.member();
        let relations = access::relations(&self.caller()?.who, &facts);
        Ok(Loaded { case: decided.case, version, standing: Standing { user: loaded.standing.user, relations } })
    }
}

impl Loaded {
    fn member(&self) -> Option<access::Membership> {
        use access::{Membership, Relation};
        let has = |relation| self.standing.relations.contains(relation);
        if has(Relation::Applicant) {
            Some(Membership::Applicant)
        } else if has(Relation::Patient) {
            Some(Membership::Patient)
        } else if has(Relation::Representative) {
            Some(Membership::Representative)
        } else {
            None
        }
    }
}

impl Hospital {
    /// Runs a use case in one transaction with its audit row; a refusal of authority leaves its own row.
    pub async fn perform<T, J>(self: &Arc<Self>, ask: Ask, job: J) -> Result<T, Error>
    where
        T: Send + 'static,
        J: Fn(&mut Act<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let now = self.clock.now();
        let settings = self.settings().await?.values;
        let ask = Arc::new(ask);
        let asked = Arc::clone(&ask);
        // SQLite writes one transaction at a time: what only asks is asked beside the writer, and the writer adds the trail alone. The
        // answer is given once both are done. On PostgreSQL one transaction for both is one journey less.
        let done = if ask.operation.only_reads() && self.store.engine() == Engine::Sqlite {
            self.observe(asked, settings, now, job).await
        } else {
            let importance = if ask.operation.goes_on_when_the_disk_is_full() { Importance::Essential } else { Importance::Ordinary };
            self.store.write_as(importance, move |tx| trail::within(tx, &asked, &settings, now, &job)).await
        };
        match done {
            Ok(value) => Ok(value),
            Err(failure) => self.turn_away(&ask, now, failure).await,
        }
    }

    /// Whether the caller reaches the case of the request: asked before the body is read, so that nobody sends for long what is none of
    /// their business. A refusal leaves its row; the operation itself asks again, and leaves the row of what was done.
    pub async fn reach(self: &Arc<Self>, ask: Ask, case: CaseId) -> Result<(), Error> {
        let now = self.clock.now();
        let settings = self.settings().await?.values;
        let ask = Arc::new(ask);
        let asked = Arc::clone(&ask);
        let looked = self.store.read(move |tx| trail::run(tx, &asked, &settings, now, &|act| act.load_case(case).map(|_| ()))).await;
        match looked {
            Ok(_) => Ok(()),
            Err(failure) => self.turn_away(&ask, now, failure).await,
        }
    }

    /// Gives the refusal, once its row stands in the trail where it leaves one.
    async fn turn_away<T>(&self, ask: &Ask, now: Timestamp, Failure { error, trail }: Failure) -> Result<T, Error> {
        if error.leaves_a_row(ask.operation) {
            let note = trail::entry(ask, now, trail.refused(error.code()));
            self.store.write_as(Importance::Essential, move |tx| persistence::audit::insert(tx, &note).map_err(Error::from)).await?;
        }
        Err(error)
    }

    /// Runs what only asks on a connection that cannot write, then writes its audit row; without the row there is no answer.
    async fn observe<T, J>(&self, ask: Arc<Ask>, settings: Arc<HospitalSettings>, now: Timestamp, job: J) -> Result<T, Failure>
    where
        T: Send + 'static,
        J: Fn(&mut Act<'_, '_>) -> Result<T, Error> + Send + Sync + 'static,
    {
        let asked = Arc::clone(&ask);
        let (value, trail) = self.store.read(move |tx| trail::run(tx, &asked, &settings, now, &job)).await?;
        let note = trail::entry(&ask, now, trail);
        self.store.write_as(Importance::Essential, move |tx| persistence::audit::insert(tx, &note).map_err(Failure::from)).await?;
        Ok(value)
    }
}

/// What is not found is absent; other faults of the database stay what they are.
pub(crate) fn absent(error: persistence::Error) -> Error {
    if matches!(error, persistence::Error::NotFound) { Error::Absent } else { error.into() }
}
