//! Required items: handed in, checked, refused, waived.

use jiff::Timestamp;

use crate::access::{CaseAccess, Operation};
use crate::case::{Case, CaseStage, Change, EventKind, Refusal, Rules};
use crate::ids::{DocumentId, TreatmentEntryId};
use crate::intake::items::{ItemCode, ItemRecord, ItemState, checklist};
use crate::people::ShortText;

/// Stages in which items are handed in and checked: until the work is done.
const OPEN: &[CaseStage] = &[
    CaseStage::Draft,
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
];
/// The same, once there is something to check.
const CHECKING: &[CaseStage] = &[
    CaseStage::Submitted,
    CaseStage::InformationRequested,
    CaseStage::InTriage,
    CaseStage::Accepted,
    CaseStage::Scheduled,
    CaseStage::AwaitingPayment,
    CaseStage::Writing,
    CaseStage::InReview,
];

impl Case {
    pub(crate) fn may_hand_in(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.guard(by, operation, OPEN)
    }

    pub(crate) fn may_take_back(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.guard(by, operation, CaseStage::BEFORE_REVIEW)
    }

    /// A document was uploaded, for an item or for none.
    pub fn add_document(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        document: DocumentId,
        item: Option<ItemCode>,
    ) -> Result<Change, Refusal> {
        self.may_hand_in(by, Operation::UploadDocument)?;
        let provided = match item {
            Some(item) => self.provide(by, rules, now, item)?,
            None => None,
        };
        let told = self.with_event(EventKind::DocumentUploaded { document });
        Ok(match provided {
            Some(item) => told.with_event(EventKind::ItemProvided { item }),
            None => told,
        })
    }

    /// A document belongs to another item now; `last_of` names the item that it leaves with none. What was verified is relied on and
    /// stays.
    pub fn move_document(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        item: Option<ItemCode>,
        last_of: Option<ItemCode>,
    ) -> Result<Change, Refusal> {
        self.may_hand_in(by, Operation::UpdateDocument)?;
        self.lose_last(last_of)?;
        let provided = match item {
            Some(item) => self.provide(by, rules, now, item)?,
            None => None,
        };
        Ok(match provided {
            Some(item) => self.with_event(EventKind::ItemProvided { item }),
            None => Change { case: self, events: Vec::new() },
        })
    }

    /// A document was deleted; `last_of` names the item that has none left. What was verified is relied on and stays.
    pub fn delete_document(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        _: Timestamp,
        document: DocumentId,
        last_of: Option<ItemCode>,
    ) -> Result<Change, Refusal> {
        self.may_take_back(by, Operation::DeleteDocument)?;
        if self.rests_on(document) {
            return Err(Refusal::ConsentRestsOnIt);
        }
        self.lose_last(last_of)?;
        Ok(self.with_event(EventKind::DocumentDeleted { document }))
    }

    /// An item has no document any more. The treatment history may also be written down.
    fn lose_last(&mut self, last_of: Option<ItemCode>) -> Result<(), Refusal> {
        let Some(item) = last_of else { return Ok(()) };
        match self.item_state(item) {
            ItemState::Verified => return Err(Refusal::ItemVerified { item }),
            ItemState::Provided if item != ItemCode::TreatmentHistory => drop(self.items.remove(&item)),
            ItemState::Provided
            | ItemState::Missing
            | ItemState::Rejected
            | ItemState::Unavailable
            | ItemState::SetAside
            | ItemState::Waived => {}
        }
        Ok(())
    }

    /// An entry of the treatment history was added or changed.
    pub fn record_treatment(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        operation: Operation,
        entry: TreatmentEntryId,
    ) -> Result<Change, Refusal> {
        self.may_hand_in(by, operation)?;
        self.provide(by, rules, now, ItemCode::TreatmentHistory)?;
        Ok(self.with_event(EventKind::TreatmentRecorded { entry }))
    }

    /// An entry of the treatment history was deleted; `last` says that none is left.
    pub fn delete_treatment(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        _: Timestamp,
        entry: TreatmentEntryId,
        last: bool,
    ) -> Result<Change, Refusal> {
        self.may_take_back(by, Operation::DeleteTreatmentEntry)?;
        if last && self.item_state(ItemCode::TreatmentHistory) == ItemState::Verified {
            return Err(Refusal::ItemVerified { item: ItemCode::TreatmentHistory });
        }
        if last && self.item_state(ItemCode::TreatmentHistory) == ItemState::Provided {
            self.items.remove(&ItemCode::TreatmentHistory);
        }
        Ok(self.with_event(EventKind::TreatmentRecorded { entry }))
    }

    fn provide(&mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, item: ItemCode) -> Result<Option<ItemCode>, Refusal> {
        if checklist(self, rules).find(item).is_none() {
            return Err(Refusal::ItemNotApplicable { item });
        }
        // What was verified stays so: a further document does not undo the check of the first.
        if matches!(self.item_state(item), ItemState::Provided | ItemState::Verified) {
            return Ok(None);
        }
        self.items.insert(item, ItemRecord { state: ItemState::Provided, reason: None, by: by.user, at: now });
        Ok(Some(item))
    }

    /// Whether items may be verified or rejected.
    pub(crate) fn may_check(&self, by: &CaseAccess, operation: Operation) -> Result<(), Refusal> {
        self.guard(by, operation, CHECKING)
    }

    pub(crate) fn may_waive(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::WaiveItem, CHECKING)
    }

    /// The desk checked an item, and it is right. What came by courier may be verified without a document.
    pub fn verify_item(mut self, by: &CaseAccess, rules: &Rules<'_>, now: Timestamp, item: ItemCode) -> Result<Change, Refusal> {
        self.may_check(by, Operation::VerifyItem)?;
        self.applicable(rules, item)?;
        if item.consent().is_some() {
            return Err(Refusal::ConsentsAreRegistered);
        }
        if item == ItemCode::PathologySlides {
            return Err(Refusal::SlidesAreCounted);
        }
        // The report of the slides often comes with them.
        let by_courier = matches!(item, ItemCode::PathologyReport | ItemCode::DiagnosticImages);
        if matches!(self.item_state(item), ItemState::Missing | ItemState::Unavailable) && !by_courier {
            return Err(Refusal::ItemNotProvided { item });
        }
        self.items.insert(item, ItemRecord { state: ItemState::Verified, reason: None, by: by.user, at: now });
        // With slides and report complete, the due window begins to count.
        Ok(self.settled(rules, now, EventKind::ItemVerified { item }))
    }

    /// An item must be sent again.
    pub fn reject_item(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        item: ItemCode,
        reason: ShortText,
    ) -> Result<Change, Refusal> {
        self.may_check(by, Operation::RejectItem)?;
        self.applicable(rules, item)?;
        if item.consent().is_some() {
            return Err(Refusal::ConsentsAreRegistered);
        }
        if self.item_state(item) == ItemState::Missing {
            return Err(Refusal::ItemNotProvided { item });
        }
        self.items.insert(item, ItemRecord { state: ItemState::Rejected, reason: Some(reason), by: by.user, at: now });
        Ok(self.settled(rules, now, EventKind::ItemRejected { item }))
    }

    /// An item need not be handed in; never a required one.
    pub fn waive_item(
        mut self,
        by: &CaseAccess,
        rules: &Rules<'_>,
        now: Timestamp,
        item: ItemCode,
        reason: ShortText,
    ) -> Result<Change, Refusal> {
        self.guard(by, Operation::WaiveItem, CHECKING)?;
        let entry = checklist(&self, rules).find(item).cloned().ok_or(Refusal::ItemNotApplicable { item })?;
        if entry.level.is_required() {
            return Err(Refusal::ItemIsRequired { item });
        }
        self.items.insert(item, ItemRecord { state: ItemState::Waived, reason: Some(reason), by: by.user, at: now });
        Ok(self.with_event(EventKind::ItemWaived { item }))
    }

    fn applicable(&self, rules: &Rules<'_>, item: ItemCode) -> Result<(), Refusal> {
        checklist(self, rules).find(item).map(drop).ok_or(Refusal::ItemNotApplicable { item })
    }
}
