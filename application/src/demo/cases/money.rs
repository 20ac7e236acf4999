//! The money of the demo: paid, short, given back, and without a known invoice.

use domain::access::{Role, may};
use domain::billing::fees::QuoteRequest;
use domain::billing::{Payee, PaymentMethod, Settlement, WriteOffReason};
use domain::calendar::today_in_tokyo;
use domain::ids::{CaseId, RefundId};
use domain::money::{Payer, Yen};
use domain::service::ServiceKind;
use serde_json::json;

use super::{Back, CaseBuilder, Rest, Until};
use crate::billing::estimates::{self, Acceptance, Wanted};
use crate::billing::payments::NewPayment;
use crate::billing::refunds::{self, NewRequest, NewTransfer};
use crate::billing::{invoices, quotes, unmatched, write_offs};
use crate::demo::{ids, read};
use crate::{Error, UnitOfWork};

impl CaseBuilder<'_> {
    /// An estimate, its acceptance, the invoice and its payment, as far as the case goes.
    pub(super) async fn settle_money(&self, case: CaseId, name: &str, until: Until) -> Result<(), Error> {
        if until < Until::Estimated {
            // Somebody who would like to know the price beforehand.
            let wanted = QuoteRequest { kind: ServiceKind::WrittenOpinion, additional_half_hours: 0, re_examination: None };
            return self.step(Role::Applicant, move |work| quotes::create_quote(work, wanted).map(drop)).await;
        }
        let issue = move |work: &mut UnitOfWork<'_, '_, may::IssueEstimate>| {
            Ok(estimates::issue_estimate(work, case, &Wanted::default())?.estimate)
        };
        let estimate = self.step(Role::Coordinator, issue).await?;
        if until >= Until::EstimateAccepted {
            let recipient = read(&json!(format!("{name}\nStorgatan 1, Stockholm")))?;
            let terms_version = estimate.terms_version.clone();
            let acceptance = Acceptance { terms_version, payer: Payer::Applicant, third_party: None, recipient, signed_on: None };
            let accept = move |work: &mut UnitOfWork<'_, '_, may::AcceptEstimate>| {
                estimates::accept_estimate(work, estimate.id, &acceptance).map(drop)
            };
            self.step(Role::Applicant, accept).await?;
        }
        if until >= Until::AwaitingPayment {
            let invoice = self.step(Role::Accountant, move |work| Ok(invoices::issue_invoice(work, case)?.invoice.id)).await?;
            if until >= Until::Writing {
                self.pay(invoice, 110_000).await?;
            }
        }
        Ok(())
    }

    /// The payer names an account, one person asks, another approves, the money leaves.
    pub(super) async fn give_back(&self, name: &str, until: Back) -> Result<(), Error> {
        let refund: RefundId = ids::in_case(name, ids::REFUND).ok_or(Error::Internal("a refund of a case that the demo has not"))?;
        if until >= Back::Detailed {
            let payee: Payee = read(&json!({
                "holder": name, "is_payer": true, "bank": "Example Bank", "bank_country": "SE", "swift": "EXAMSESS",
                "account": "SE4550000000058398257466",
            }))?;
            let provide = move |work: &mut UnitOfWork<'_, '_, may::ProvideRefundDetails>| {
                refunds::provide_refund_details(work, refund, &payee).map(drop)
            };
            self.step(Role::Applicant, provide).await?;
        }
        if until >= Back::Requested {
            let request = NewRequest { settlement: Settlement::PayOut, evidence: None, attempts: Vec::new(), invoice: None, raise: None };
            self.step(Role::Accountant, move |work| refunds::request_refund(work, refund, &request).map(drop)).await?;
        }
        if until >= Back::Approved {
            self.step(Role::Director, move |work| refunds::approve_refund(work, refund).map(drop)).await?;
        }
        if until >= Back::Paid {
            let paid = NewTransfer {
                method: PaymentMethod::BankTransfer,
                paid_on: today_in_tokyo(self.app.clock.now()),
                reference: read(&json!("RT-2026-0007"))?,
                bank_charge: Yen::default(),
            };
            self.step(Role::Accountant, move |work| refunds::record_refund_paid(work, refund, &paid).map(drop)).await?;
        }
        Ok(())
    }

    /// 2,500 yen of the transfer stay with the banks.
    pub(super) async fn pay_short(&self, case: CaseId, rest: Rest) -> Result<(), Error> {
        let invoice_of = move |work: &mut UnitOfWork<'_, '_, may::GetCase>| {
            let invoice = work.case(case)?.case.invoice();
            invoice.ok_or(Error::Internal("a demo case without its invoice"))
        };
        let invoice = self.step(Role::Coordinator, invoice_of).await?;
        self.pay(invoice, 107_500).await?;
        if rest == Rest::WrittenOff {
            let text = read(&json!("The correspondent bank kept 2,500 yen."))?;
            let ask = move |work: &mut UnitOfWork<'_, '_, may::WriteOffInvoice>| {
                write_offs::write_off_invoice(work, invoice, WriteOffReason::BankCharges, &text).map(drop)
            };
            self.step(Role::Accountant, ask).await?;
        }
        Ok(())
    }

    /// A company has paid for two patients, and does not say which.
    pub(super) async fn receive_from_a_company(&self) -> Result<(), Error> {
        let transfer = NewPayment {
            method: PaymentMethod::BankTransfer,
            reference: read(&json!("FT-2026-0042"))?,
            remitter: read(&json!("ACME GMBH"))?,
            received_on: today_in_tokyo(self.app.clock.now()),
            amount: read(&json!(220_000))?,
            bank_charge: Yen::default(),
            is_another: false,
        };
        self.step(Role::Accountant, move |work| unmatched::record_unmatched_payment(work, &transfer).map(drop)).await
    }
}
