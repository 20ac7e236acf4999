//! What a caller may do next: asked of the transitions' own checks, so that portals need not copy the rules.

use super::{Case, Refusal};
use crate::access::{Operation, Standing};

impl Case {
    /// The operations on this case that would not be refused for who asks or where the case stands.
    pub fn allowed_actions(&self, by: &Standing) -> Vec<Operation> {
        let checks: [(Operation, Result<(), Refusal>); 35] = [
            (Operation::UpdateCase, self.may_update(by)),
            (Operation::SubmitCase, self.may_submit(by)),
            (Operation::StartTriage, self.may_start_triage(by)),
            (Operation::ReassignCase, self.may_reassign(by)),
            (Operation::AssignPhysician, self.may_assign_physician(by)),
            (Operation::AcceptCase, self.may_accept(by)),
            (Operation::DeclineCase, self.may_decline(by)),
            (Operation::AcceptQuote, self.may_accept_quote(by)),
            (Operation::IssueInvoice, self.may_issue_invoice(by)),
            (Operation::RecordPayment, self.may_record_payment(by)),
            (Operation::DraftOpinion, self.may_draft_opinion(by)),
            (Operation::SubmitOpinion, self.may_submit_opinion(by)),
            (Operation::ReturnOpinion, self.may_return_opinion(by)),
            (Operation::DeliverOpinion, self.may_deliver_opinion(by)),
            (Operation::AddOpinionAddendum, self.may_add_addendum(by)),
            (Operation::HoldCase, self.may_hold(by)),
            (Operation::ResumeCase, self.may_resume(by)),
            (Operation::CancelCase, self.may_cancel(by)),
            (Operation::CloseCase, self.may_close(by)),
            (Operation::RequestInformation, self.may_request_information(by)),
            (Operation::AnswerInformationRequest, self.may_answer(by)),
            (Operation::WithdrawInformationRequest, self.may_withdraw_request(by)),
            (Operation::VerifyItem, self.may_verify(by)),
            (Operation::RejectItem, self.may_verify(by)),
            (Operation::WaiveItem, self.may_verify(by)),
            (Operation::UploadDocument, self.may_hand_in(by, Operation::UploadDocument)),
            (Operation::UpdateDocument, self.may_hand_in(by, Operation::UpdateDocument)),
            (Operation::DeleteDocument, self.may_take_back(by, Operation::DeleteDocument)),
            (Operation::UpdateTreatmentEntry, self.may_hand_in(by, Operation::UpdateTreatmentEntry)),
            (Operation::DeleteTreatmentEntry, self.may_take_back(by, Operation::DeleteTreatmentEntry)),
            (Operation::AddTreatmentEntry, self.may_hand_in(by, Operation::AddTreatmentEntry)),
            (Operation::InviteToCase, self.may_invite(by)),
            (Operation::PostMessage, self.may_post_message(by)),
            (Operation::AddInternalNote, self.admit(by, Operation::AddInternalNote)),
            (Operation::ListMyAccesses, self.admit(by, Operation::ListMyAccesses)),
        ];
        checks.into_iter().filter(|(_, check)| check.is_ok()).map(|(operation, _)| operation).collect()
    }

    /// Whether somebody may be invited: while the case is open.
    pub fn may_invite(&self, by: &Standing) -> Result<(), Refusal> {
        self.admit(by, Operation::InviteToCase)?;
        self.not_ended()
    }

    /// Whether messages may be written: on every case, also after its end, for questions remain.
    pub fn may_post_message(&self, by: &Standing) -> Result<(), Refusal> {
        self.admit(by, Operation::PostMessage)
    }

    fn not_ended(&self) -> Result<(), Refusal> {
        let is = self.stage().name();
        if is.is_ended() { Err(Refusal::WrongStage { is, needs: &[] }) } else { Ok(()) }
    }
}
