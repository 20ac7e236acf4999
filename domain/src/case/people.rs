//! Who joins a case, and what they write to each other.

use jiff::Timestamp;

use crate::access::{CaseAccess, Membership};
use crate::case::{Case, Change, EventKind, Refusal, Rules};
use crate::ids::MessageId;
use crate::people::EmailAddress;

impl Case {
    /// Whether somebody may be invited as this. While the patient does not know, nothing reaches them, no invitation either.
    pub fn check_invitation(&self, by: &CaseAccess, membership: Membership, address: &EmailAddress) -> Result<(), Refusal> {
        self.may_invite(by)?;
        self.check_membership(membership, address)
    }

    fn check_membership(&self, membership: Membership, address: &EmailAddress) -> Result<(), Refusal> {
        // Once the patient was not to know, they join as the patient or not at all: everybody else reads what was before.
        let is_backdoor = self.was_ever_uninformed() && membership != Membership::Patient && self.is_patients_address(address);
        if is_backdoor || self.is_closed_address(address) {
            return Err(Refusal::AddressIsThePatients);
        }
        match membership {
            Membership::Patient if self.is_patient_uninformed() => Err(Refusal::UninformedNotAllowed),
            Membership::Applicant | Membership::Patient | Membership::Representative => Ok(()),
        }
    }

    /// Notes that somebody accepted an invitation: the case opened since may have turned to one that the patient must not know of.
    pub fn accept_invitation(self, _: &Rules<'_>, _: Timestamp, membership: Membership, address: &EmailAddress) -> Result<Change, Refusal> {
        if self.stage.name().is_ended() || self.check_membership(membership, address).is_err() {
            return Err(Refusal::Absent);
        }
        Ok(self.with_event(EventKind::MemberJoined))
    }

    /// Notes that a message was written. Its audience is [`Case::open_audience`] at this moment.
    pub fn post_message(self, by: &CaseAccess, _: &Rules<'_>, _: Timestamp, message: MessageId) -> Result<Change, Refusal> {
        self.may_post_message(by)?;
        Ok(self.with_event(EventKind::MessagePosted { message }))
    }
}
