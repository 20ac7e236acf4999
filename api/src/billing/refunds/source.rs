//! The source of a refund, for its answers.

use application::CaseForCaller;
use application::billing::refunds::{ListedSource, RefundSource};
use domain::billing::{Invoice, UnmatchedPayment};
use domain::ids::{CaseId, InvoiceId, UnmatchedPaymentId};
use domain::money::Payer;
use domain::people::LongText;

/// The invoice and its case, or money whose invoice is not known.
#[derive(Default)]
pub(super) struct Source {
    pub(super) invoice_id: Option<InvoiceId>,
    pub(super) invoice_number: Option<String>,
    pub(super) case_id: Option<CaseId>,
    pub(super) case_number: Option<String>,
    pub(super) unmatched_payment_id: Option<UnmatchedPaymentId>,
    pub(super) payer: Option<Payer>,
    pub(super) recipient: Option<LongText>,
}

impl Source {
    pub(super) fn of(source: &RefundSource) -> Self {
        match source {
            RefundSource::Invoice(invoice, case) => {
                let CaseForCaller { case, .. } = &**case;
                Self::invoice(invoice, case.number())
            }
            RefundSource::Unmatched(payment) => Self::unmatched(payment),
        }
    }

    pub(super) fn of_listed(source: &ListedSource) -> Self {
        match source {
            ListedSource::Invoice(invoice, case_number) => Self::invoice(invoice, case_number),
            ListedSource::Unmatched(payment) => Self::unmatched(payment),
        }
    }

    fn invoice(invoice: &Invoice, case_number: &str) -> Self {
        Self {
            invoice_id: Some(invoice.id),
            invoice_number: Some(invoice.number.to_string()),
            case_id: Some(invoice.case),
            case_number: Some(case_number.to_owned()),
            unmatched_payment_id: None,
            payer: Some(invoice.paid_by()),
            recipient: Some(invoice.recipient.clone()),
        }
    }

    fn unmatched(payment: &UnmatchedPayment) -> Self {
        let recipient = payment.remitter.as_ref().and_then(|remitter| remitter.as_str().parse().ok());
        Self { unmatched_payment_id: Some(payment.id), recipient, ..Self::default() }
    }
}
