//! Representatives of a case: added, changed, ended.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation, Relation};
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules};
use crate::ids::RepresentativeId;
use crate::intake::{MOST_REPRESENTATIVES, Representative, RepresentativePatch};
use crate::service::ServiceKind;
use crate::visitors::FormerRepresentative;

/// Stages in which the desk says who visits: until the visit is over.
const BY_DESK: &[CaseStage] = &[
    CaseStage::Draft,
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::Consulted,
];

/// The most people who have left the form before the desk must add others.
const MOST_FORMER: usize = 20;

impl Case {
    pub(crate) fn may_change_representatives(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.guard(by, operation, if by.relations.contains(Relation::Desk) { BY_DESK } else { CaseStage::BEFORE_REVIEW })?;
        if self.kind() == ServiceKind::RepresentativeConsultation { Ok(()) } else { Err(self.wrong_kind()) }
    }

    /// One more person visits for the patient. Somebody who is not family needs a consent of their own.
    pub fn add_representative(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        representative: Representative,
    ) -> Result<Change, Refusal> {
        self.may_change_representatives(by, Operation::AddRepresentative)?;
        if self.stage().name() == CaseStage::Consulted {
            return Err(Refusal::VisitIsOver);
        }
        if self.application.representatives.len() >= MOST_REPRESENTATIVES {
            return Err(Refusal::TooManyRepresentatives);
        }
        self.check_former(by)?;
        self.check_visitor(&representative)?;
        let id = representative.id;
        self.application.representatives.push(representative);
        self.form_changed(by, now);
        Ok(self.with_event(EventKind::RepresentativeAdded { representative: id }))
    }

    /// Corrects who somebody is. What a consent names must be checked again.
    pub fn update_representative(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        now: Timestamp,
        id: RepresentativeId,
        patch: RepresentativePatch,
    ) -> Result<Change, Refusal> {
        self.may_change_representatives(by, Operation::UpdateRepresentative)?;
        let old = self.representative(id).cloned().ok_or(Refusal::Absent)?;
        let new = patch.applied_to(&old)?;
        if new == old {
            return Ok(self.unchanged());
        }
        let is_other = new.name != old.name || new.relation != old.relation;
        if is_other && self.stage().name() == CaseStage::Consulted {
            return Err(Refusal::VisitIsOver);
        }
        self.check_visitor(&new)?;
        for one in self.application.representatives.iter_mut().filter(|one| one.id == id) {
            one.clone_from(&new);
        }
        if is_other {
            self.recheck_consents_of(id);
        }
        self.form_changed(by, now);
        Ok(self.with_event(EventKind::RepresentativeChanged { representative: id }))
    }

    /// Somebody does not visit any longer. Of a submitted application one person stays.
    pub fn end_representative(mut self, by: &CaseAccess, _: &Rules<'_>, now: Timestamp, id: RepresentativeId) -> Result<Change, Refusal> {
        self.may_change_representatives(by, Operation::EndRepresentative)?;
        if self.stage().name() == CaseStage::Consulted {
            return Err(Refusal::VisitIsOver);
        }
        let representative = self.representative(id).cloned().ok_or(Refusal::Absent)?;
        if self.submitted_at.is_some() && self.application.representatives.len() == 1 {
            return Err(Refusal::LastRepresentative);
        }
        self.application.representatives.retain(|one| one.id != id);
        self.former_representatives.push(FormerRepresentative { representative, ended_by: by.user, ended_at: now });
        self.form_changed(by, now);
        Ok(self.with_event(EventKind::RepresentativeEnded { representative: id }))
    }

    /// People who come and go without end are a mistake, or worse; the desk may go on.
    pub(crate) fn check_former(&self, by: &CaseAccess) -> Result<(), Refusal> {
        let is_full = self.former_representatives.len() >= MOST_FORMER && !by.relations.contains(Relation::Desk);
        if is_full { Err(Refusal::TooManyRepresentatives) } else { Ok(()) }
    }

    /// A submitted application must stay complete, and only family comes while the patient does not know.
    fn check_visitor(&self, one: &Representative) -> Result<(), Refusal> {
        if self.submitted_at.is_some() && one.relation.is_none() {
            return Err(Refusal::RelationMissing);
        }
        if !self.is_patient_uninformed() {
            return Ok(());
        }
        if one.phone.is_some() && one.phone == self.application.patient.phone {
            return Err(Refusal::PhoneIsThePatients { representatives: Vec::new() });
        }
        if one.is_family() { Ok(()) } else { Err(Refusal::OnlyFamilyVisits) }
    }

    /// Somebody who visits.
    pub fn representative(&self, id: RepresentativeId) -> Option<&Representative> {
        self.application.representatives.iter().find(|one| one.id == id)
    }

    /// Those who do not visit any longer, in the order of their end.
    pub fn former_representatives(&self) -> &[FormerRepresentative] {
        &self.former_representatives
    }

    /// Those whose name has left the form since `before` do not visit any longer.
    pub(crate) fn note_former(&mut self, before: &[Representative], by: &CaseAccess, now: Timestamp) {
        for old in before {
            match self.representative(old.id).cloned() {
                None => {
                    let former = FormerRepresentative { representative: old.clone(), ended_by: by.user, ended_at: now };
                    self.former_representatives.push(former);
                }
                Some(new) if new.name != old.name || new.relation != old.relation => self.recheck_consents_of(new.id),
                Some(_) => {}
            }
        }
    }
}
