//! A corrected invoice in the place of a wrong one (law: both ways of correcting are allowed; this is a new invoice with all its items, and a
//! credit note of the old one).

use jiff::Timestamp;

use super::{
    Act, BankAccount, BillingRefusal, CreditNoteIdentity, Invoice, InvoiceLine, InvoiceNumber, Issuer, NewReceipt, Payment, ThirdParty,
};
use crate::access::{CaseAccess, Operation};
use crate::calendar::today_in_tokyo;
use crate::case::{Case, Change, EventKind, Refusal, Rules};
use crate::ids::InvoiceId;
use crate::money::{Tax, Yen};
use crate::people::LongText;

/// The facts of a corrected invoice.
#[derive(Clone, Debug)]
pub struct Reissue {
    /// The identifier.
    pub id: InvoiceId,
    /// The next number.
    pub number: InvoiceNumber,
    /// The credit note of the old invoice.
    pub credit: CreditNoteIdentity,
    /// To whom, name and address.
    pub recipient: LongText,
    /// The third party that pays from now on; none if nothing of this changes.
    pub third_party: Option<ThirdParty>,
    /// Who issues invoices now.
    pub issuer: Issuer,
    /// Where to pay now.
    pub bank: BankAccount,
    /// The receipts in the place of those that were given, one for each payment that counts, in their order.
    pub receipts: Vec<NewReceipt>,
    /// Why, in words that the payer may read.
    pub reason: LongText,
    /// Who, and when.
    pub by: Act,
}

impl Invoice {
    /// Issues a corrected invoice in the place of this one: gives this one, credited whole, and the new one. Payments, receipts, refunds and
    /// write-offs go along. The last day is the same.
    ///
    /// # Errors
    /// The refusals of [`Invoice::may_be_credited`].
    pub fn reissue(mut self, how: Reissue) -> Result<(Self, Self), BillingRefusal> {
        self.may_be_credited()?;
        let Reissue { id, number, credit, recipient, third_party, issuer, bank, receipts, reason, by } = how;
        let note = self.correction(credit, reason, by)?;
        let lines: Vec<InvoiceLine> = self.lines.iter().filter(|line| self.remaining(line) > 0).map(|line| self.left(line)).collect();
        let total = Yen::sum(lines.iter().map(|line| line.amount)).map_err(|_| BillingRefusal::AmountOutOfRange)?;
        let Tax { net, tax } = total.tax_included();
        let (moved, reversed): (Vec<Payment>, _) = std::mem::take(&mut self.payments).into_iter().partition(|one| one.reversed.is_none());
        let mut new = Self {
            id,
            number,
            issued_on: today_in_tokyo(by.at),
            issuer,
            recipient,
            third_party: third_party.or_else(|| self.third_party.clone()),
            lines,
            total,
            tax,
            net,
            bank,
            due_on: self.last_day(),
            payable_until: None,
            payments: moved,
            credits: Vec::new(),
            replaces: Some(self.id),
            replaced_by: None,
            version: 1,
            ..self.clone()
        };
        new.renew_receipts(&receipts, by.at);
        self.payments = reversed;
        self.refunds = Vec::new();
        self.write_offs = Vec::new();
        (self.shortfall, self.shortfall_charge, self.bad_debt) = Default::default();
        self.credits.push(note);
        self.replaced_by = Some(id);
        Ok((self, new))
    }

    /// What is left of a line, as a line.
    fn left(&self, line: &InvoiceLine) -> InvoiceLine {
        InvoiceLine { quantity: self.remaining(line), amount: self.remaining_amount(line), ..*line }
    }

    /// Voids the receipts of its payments and gives new ones, for another recipient.
    fn renew_receipts(&mut self, new: &[NewReceipt], at: Timestamp) {
        let given: Vec<_> = self.payments.iter().filter_map(|one| Some((one.id, one.receipt()?.purpose))).collect();
        for ((payment, purpose), new) in given.into_iter().zip(new) {
            if let Some(payment) = self.payments.iter_mut().find(|one| one.id == payment) {
                payment.void_receipt(at);
            }
            self.add_receipt(payment, *new, purpose);
        }
    }
}

impl Case {
    pub(crate) fn may_reissue_invoice(&self, by: &CaseAccess) -> Result<(), Refusal> {
        self.guard(by, Operation::ReissueInvoice, self.creditable())
    }

    /// Notes the corrected invoice in the place of the old one. No stage changes, and no clock.
    pub fn reissue_invoice(
        mut self,
        by: &CaseAccess,
        _: &Rules<'_>,
        _: Timestamp,
        old: InvoiceId,
        new: InvoiceId,
    ) -> Result<Change, Refusal> {
        self.may_reissue_invoice(by)?;
        self.stage.replace_invoice(old, new);
        if self.visiting.invoice == Some(old) {
            self.visiting.invoice = Some(new);
        }
        self.re_examination.replace_invoice(old, new);
        Ok(self.with_event(EventKind::InvoiceReissued { invoice: new, replaces: old }))
    }
}
