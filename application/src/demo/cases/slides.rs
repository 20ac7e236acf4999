//! The slides of the demo: proposed by a physician, agreed on, paid, and counted.

use domain::access::{Role, may};
use domain::ids::{CaseId, InvoiceId};
use domain::intake::ReExamination;
use domain::intake::items::ItemCode;
use domain::money::Payer;
use domain::pathology::Proposal;
use serde_json::json;

use super::{CaseBuilder, Slides};
use crate::billing::estimates::{self, Acceptance, Wanted};
use crate::billing::invoices;
use crate::demo::read;
use crate::intake::items;
use crate::{Error, UnitOfWork, pathology};

/// Two biopsy slides.
const TWO: ReExamination = ReExamination { biopsy_slides: 2, resected_specimens: 0 };

impl CaseBuilder<'_> {
    /// A physician proposes slides, for which the opinion waits; the desk makes the estimate.
    pub(super) async fn re_examine(&self, case: CaseId, name: &str, until: Slides) -> Result<(), Error> {
        let reason = read(&json!("The grade of the tumour is open."))?;
        let propose = move |work: &mut UnitOfWork<'_, '_, may::ProposeReExamination>| {
            pathology::propose_re_examination(work, case, Proposal { slides: TWO, is_awaited: true }, &reason).map(drop)
        };
        self.step(Role::Physician, propose).await?;
        let issue = move |work: &mut UnitOfWork<'_, '_, may::IssueEstimate>| {
            Ok(estimates::issue_estimate(work, case, &Wanted::default())?.estimate)
        };
        let estimate = self.step(Role::Coordinator, issue).await?;
        if until == Slides::Proposed {
            return Ok(());
        }
        let recipient = read(&json!(format!("{name}\nStorgatan 1, Stockholm")))?;
        let acceptance = Acceptance {
            terms_version: estimate.terms_version.clone(),
            payer: Payer::Applicant,
            third_party: None,
            recipient,
            signed_on: None,
        };
        let accept =
            move |work: &mut UnitOfWork<'_, '_, may::AcceptEstimate>| estimates::accept_estimate(work, estimate.id, &acceptance).map(drop);
        self.step(Role::Applicant, accept).await?;
        let invoice: InvoiceId = self.step(Role::Accountant, move |work| Ok(invoices::issue_invoice(work, case)?.invoice.id)).await?;
        self.pay(invoice, 11_000).await?;
        let count = move |work: &mut UnitOfWork<'_, '_, may::ConfirmSlides>| pathology::confirm_slides(work, case, TWO, None).map(drop);
        self.step(Role::Pathologist, count).await?;
        let verify =
            move |work: &mut UnitOfWork<'_, '_, may::VerifyItem>| items::verify_item(work, case, ItemCode::PathologyReport).map(drop);
        self.step(Role::Coordinator, verify).await
    }
}
