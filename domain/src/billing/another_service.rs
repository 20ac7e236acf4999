//! The money of a case that became one of another service (R12): what was invoiced is credited, and what was paid pays the new invoice.

use jiff::civil::Date;

use super::{
    Act, BillingRefusal, ChargeBearer, CreditCause, CreditNoteIdentity, CreditNoteKind, Invoice, RefundRequest, RefundState, Settlement,
};
use crate::calendar::end_of_day;
use crate::case::{Change, EventKind, Stage, Written};
use crate::ids::{InvoiceId, RefundId};
use crate::money::Yen;
use crate::people::LongText;

impl Invoice {
    /// Whether something on it would be performed by the service that the case no longer is.
    pub fn is_of_another_service(&self) -> bool {
        self.may_be_credited().is_ok() && self.lines.iter().any(|line| line.performed_on.is_none() && self.remaining(line) > 0)
    }

    /// Credits everything that was not performed: the case is one of another service. What was paid for it is a refund, which may pay the new invoice.
    /// What was performed stays owed.
    ///
    /// # Errors
    /// The refusals of [`Invoice::may_be_credited`].
    pub fn credit_unperformed(
        mut self,
        paper: CreditNoteIdentity,
        refund: RefundId,
        reason: LongText,
        by: Act,
    ) -> Result<Self, BillingRefusal> {
        self.may_be_credited()?;
        let lines = self.left_of(|line| line.performed_on.is_none())?;
        let note = self.note(paper, CreditNoteKind::Cancellation, CreditCause::Decision, lines, Some(reason), by)?;
        self.take_off(note, refund, ChargeBearer::Hospital);
        Ok(self)
    }

    /// Lets a refund pay the invoice of the new service, as far as that is owed; the rest stays due. Nobody asks and nobody approves: the payer accepted the
    /// estimate that says so.
    #[must_use]
    pub fn apply_to(self, id: RefundId, target: InvoiceId, owed: Yen, rest: RefundId, by: Act) -> Self {
        let mut parted = self.split_refund(id, owed, rest);
        if let Some(refund) = parted.refunds.iter_mut().find(|refund| refund.id == id) {
            refund.request = Some(RefundRequest {
                settlement: Settlement::ApplyToInvoice,
                evidence: None,
                attempts: Vec::new(),
                invoice: Some(target),
                raise: None,
                asked: by,
            });
            refund.state = RefundState::Applied;
            refund.version += 1;
        }
        parted
    }
}

impl Change {
    /// Notes the invoice of the new service, issued with the acceptance of its estimate because there is money on the case. It is demanded whatever way of
    /// payment was agreed on. Unpaid, the case expires at the end of its last day; the money that pays it stops that clock.
    #[must_use]
    pub fn invoice_another_service(mut self, invoice: InvoiceId, due_on: Date) -> Self {
        match &mut self.case.stage {
            Stage::Written { step } => {
                *step = Written::AwaitingPayment { invoice };
                self.case.expires_at = Some(end_of_day(due_on));
            }
            Stage::Visit { .. } => self.case.visiting.invoice = Some(invoice),
            Stage::Intake { .. } | Stage::Ended { .. } => {}
        }
        self.with_event(EventKind::InvoiceIssued { invoice })
    }
}
