//! Cases within a unit of work: loaded together with the caller's relation, locked before they change, saved with their events.

use domain::access::{self, CaseAccess, CaseFacts, Membership, Relations};
use domain::case::{Case, CaseStage, Change, Refusal, Rules};
use domain::ids::{CaseId, UserId};
use domain::messages::InternalNote;
use domain::people::LongText;
use jiff::Timestamp;
use persistence::cases::NewCase;

use super::{Work, absent, half_hours, lapse};
use crate::emails::of_cases;
use crate::{Error, Revision};

/// A case as its caller stands to it.
#[derive(Clone, Debug)]
pub struct CaseForCaller {
    /// The case.
    pub case: Case,
    /// The version that was read, for saving.
    pub version: i64,
    /// The caller's relation to it; never empty.
    pub access: CaseAccess,
}

impl CaseForCaller {
    /// The revision as this caller sees it.
    pub fn revision(&self) -> Revision {
        Revision::of(self.version)
    }

    fn member(&self) -> Option<Membership> {
        use access::Relation;
        let has = |relation| self.access.relations.contains(relation);
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

impl Work<'_, '_> {
    /// Reads a case together with the caller's relation to it. Without a relation that reaches the operation there is no case.
    ///
    /// # Errors
    /// [`Error::Absent`] for a case that does not exist, or not for this caller.
    pub fn case(&mut self, id: CaseId) -> Result<CaseForCaller, Error> {
        let who = self.caller()?.who.clone();
        self.audit_case(id);
        let stored = persistence::cases::get(self.tx, id, who.user).map_err(absent)?;
        let relations = access::relations(&who, &stored.facts);
        if relations.is_empty() || !self.context.operation.is_within(relations) {
            return Err(Error::Absent);
        }
        Ok(CaseForCaller { access: CaseAccess { user: who.user, relations }, version: stored.version, case: stored.case })
    }

    /// Reads a case that is about to change, or whose neighbours are, and locks it until the end of the transaction. The right is decided
    /// before the lock, so that a stranger holds none. Whoever comes second waits, and reads what the first wrote.
    ///
    /// # Errors
    /// As [`Work::case`].
    pub fn case_for_update(&mut self, id: CaseId) -> Result<CaseForCaller, Error> {
        let seen = self.case(id)?;
        let locked = persistence::cases::lock(self.tx, id).map_err(absent)?;
        if locked.is_none_or(|version| version == seen.version) { Ok(seen) } else { self.case(id) }
    }

    /// [`Work::case_for_update`] of a case whose revision must be the expected one.
    ///
    /// # Errors
    /// [`Error::Stale`] if the request names another revision.
    pub fn case_to_change(&mut self, id: CaseId) -> Result<CaseForCaller, Error> {
        let loaded = self.case_for_update(id)?;
        self.expect(loaded.revision())?;
        Ok(loaded)
    }

    /// Loads a case, lets it decide, and saves what it decided: the shape of most transitions.
    ///
    /// # Errors
    /// As [`Work::case_to_change`], and the refusals of the case.
    pub fn change_case(
        &mut self,
        id: CaseId,
        decide: impl FnOnce(Case, &CaseAccess, &Rules<'_>, Timestamp) -> Result<Change, Refusal>,
    ) -> Result<CaseForCaller, Error> {
        let loaded = self.case_to_change(id)?;
        let decided = decide(loaded.case.clone(), &loaded.access, &self.rules(), self.now)?;
        self.save_case(loaded, decided)
    }

    /// Saves a new case; who opened it joins it.
    ///
    /// # Errors
    /// Those of the database.
    pub fn insert_case(&mut self, decided: Change, member: Option<Membership>) -> Result<CaseForCaller, Error> {
        let (id, user) = (decided.case.id(), self.user()?);
        self.audit_case(id);
        self.audit_subject(id);
        let texts = words_of(&decided.case);
        let new = NewCase { case: &decided.case, texts: &texts, opener: member, events: &decided.events };
        persistence::cases::insert(self.tx, new, self.now)?;
        let relations = self.relations_to(&decided.case, member)?;
        Ok(CaseForCaller { case: decided.case, version: 1, access: CaseAccess { user, relations } })
    }

    /// Saves what was decided of a case: the row and what happened, all or none.
    ///
    /// # Errors
    /// Those of the database.
    #[expect(clippy::needless_pass_by_value, reason = "what was loaded is of no use once it was saved over")]
    pub fn save_case(&mut self, loaded: CaseForCaller, decided: Change) -> Result<CaseForCaller, Error> {
        let user = loaded.access.user;
        // A message, say, is told and changes nothing: the sealed body and its version stay.
        let version = if decided.case == loaded.case {
            persistence::events::insert(self.tx, decided.case.id(), Some(user), self.now, &decided.events)?;
            loaded.version
        } else {
            let waited = !loaded.case.open_requests().is_empty();
            self.write_case(&decided, waited, loaded.version, Some(user))?
        };
        self.follow(&loaded.case, &decided)?;
        // A change may alter the relation itself: what is shown afterwards is what the caller may see now.
        let relations = self.relations_to(&decided.case, loaded.member())?;
        Ok(CaseForCaller { case: decided.case, version, access: CaseAccess { user, relations } })
    }

    /// Lets a case decide on behalf of the system, which stands in no relation to it, and saves what it decided.
    ///
    /// # Errors
    /// [`Error::Absent`] if there is no such case any more, and the refusals of the case.
    pub(crate) fn change_case_as_system(
        &mut self,
        id: CaseId,
        decide: impl FnOnce(&mut Self, Case, Timestamp) -> Result<Change, Error>,
    ) -> Result<(), Error> {
        let (case, version) = self.case_for_system(id)?;
        let now = self.now;
        let waited = !case.open_requests().is_empty();
        let before = case.clone();
        let decided = decide(self, case, now)?;
        self.write_case(&decided, waited, version, None)?;
        self.follow(&before, &decided)
    }

    /// Writes the jobs that follow from a change of a case: letters, and what happens when nobody does anything.
    fn follow(&mut self, before: &Case, change: &Change) -> Result<(), Error> {
        half_hours::take(self, before, &change.case)?;
        of_cases::of_change(self, before, change)?;
        lapse::plan(self, before, change)
    }

    /// Writes an internal note of a case: a reason, or what somebody wants to keep.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn keep_as_note(&mut self, case: CaseId, text: &LongText) -> Result<InternalNote, Error> {
        let note = InternalNote { id: self.fresh(), case, author: self.user()?, text: text.clone(), at: self.now };
        persistence::notes::insert(self.tx, &note)?;
        self.audit_subject(note.id);
        Ok(note)
    }

    /// Whether somebody takes part in a case with an account, as one of these.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn has_member(&mut self, case: CaseId, memberships: &[Membership]) -> Result<bool, Error> {
        let members = persistence::cases::list_members(self.tx, case)?;
        Ok(members.iter().any(|member| member.ended_at.is_none() && memberships.contains(&member.relation)))
    }

    /// Locks and reads a case on behalf of the system.
    ///
    /// # Errors
    /// [`Error::Absent`] if there is no such case any more.
    pub(crate) fn case_for_system(&mut self, id: CaseId) -> Result<(Case, i64), Error> {
        self.audit_case(id);
        self.audit_subject(id);
        persistence::cases::lock(self.tx, id).map_err(absent)?;
        let stored = persistence::cases::get_for_system(self.tx, id).map_err(absent)?;
        Ok((stored.case, stored.version))
    }

    /// Saves what was decided; `waited` says whether the case had open requests before.
    fn write_case(&mut self, decided: &Change, waited: bool, expected: i64, by: Option<UserId>) -> Result<i64, Error> {
        let version = persistence::cases::save(self.tx, &decided.case, expected, self.now)?;
        // They lapse with the case's end, and with the visit.
        let stage = decided.case.stage().name();
        if waited && decided.case.open_requests().is_empty() && (stage.is_ended() || stage == CaseStage::Consulted) {
            persistence::information::lapse(self.tx, decided.case.id(), self.now)?;
        }
        persistence::events::insert(self.tx, decided.case.id(), by, self.now, &decided.events)?;
        Ok(version)
    }

    fn relations_to(&self, case: &Case, member: Option<Membership>) -> Result<Relations, Error> {
        let who = &self.caller()?.who;
        let facts = CaseFacts { member, receiving: case.receiving().contains(&who.user), ..case.facts() };
        Ok(access::relations(who, &facts))
    }
}

/// The texts by whose words a case is found: the names in its application. (Its number is a column of its own.)
pub(crate) fn words_of(case: &Case) -> Vec<String> {
    case.application().names().map(str::to_owned).collect()
}
