//! Write-offs: asked for by one accountant, approved by another or by a director.

use domain::access::{Permission, may};
use domain::billing::{Invoice, NewWriteOff, WriteOffReason};
use domain::calendar::today_in_tokyo;
use domain::ids::{InvoiceId, WriteOffId};
use domain::people::LongText;
use persistence::approvals::{ApprovalKind, ApprovalState};
use persistence::invoices;
use serde_json::json;

use super::act;
use super::invoices::{InvoiceWithCase, refused, to_change};
use crate::{CaseForCaller, Error, UnitOfWork, Work};

/// Asks that what is owed on an invoice be written off.
pub fn write_off_invoice(
    work: &mut UnitOfWork<'_, '_, may::WriteOffInvoice>,
    id: InvoiceId,
    reason: WriteOffReason,
    text: &LongText,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice, case, .. } = to_change(work, id)?;
    let requested = act(work)?;
    let new = NewWriteOff { id: work.fresh(), reason, text: text.clone(), requested };
    let write_off = new.id;
    let after = invoice.clone().request_write_off(new, work.settings.billing.bank_charge_limit).map_err(|refusal| refused(&[refusal]))?;
    let content = json!({ "reason": reason, "invoice_id": id });
    super::ask_for_approval(work, ApprovalKind::WriteOff, write_off.uuid(), requested, content)?;
    work.audit_subject(write_off);
    save(work, case, &invoice, after)
}

/// Another person approves it: nothing is owed any longer, and work that waited for the payment starts.
///
/// # Errors
/// `second_person_needed` for whoever asked.
pub fn approve_write_off(
    work: &mut UnitOfWork<'_, '_, may::ApproveWriteOff>,
    id: InvoiceId,
    write_off: WriteOffId,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice, case, .. } = to_decide(work, id, write_off)?;
    let by = act(work)?;
    let after = invoice.clone().approve_write_off(write_off, by).map_err(|refusal| refused(&[refusal]))?;
    super::decide_approval(work, ApprovalKind::WriteOff, write_off.uuid(), ApprovalState::Approved, by)?;
    let done = save(work, case, &invoice, after)?;
    let settled = done.case.case.clone().settle_invoice(by.by, &work.rules(), work.now, done.invoice.supplement());
    let case = work.save_case(done.case, settled)?;
    InvoiceWithCase::of(work, done.invoice, case)
}

/// It is refused, or taken back by whoever asked.
pub fn reject_write_off(
    work: &mut UnitOfWork<'_, '_, may::RejectWriteOff>,
    id: InvoiceId,
    write_off: WriteOffId,
    reason: &LongText,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice, case, .. } = to_decide(work, id, write_off)?;
    let by = act(work)?;
    let after = invoice.clone().reject_write_off(write_off, by, reason.clone()).map_err(|refusal| refused(&[refusal]))?;
    super::reject_approval(work, ApprovalKind::WriteOff, write_off.uuid(), by)?;
    save(work, case, &invoice, after)
}

fn to_decide<P: Permission>(work: &mut UnitOfWork<'_, '_, P>, id: InvoiceId, write_off: WriteOffId) -> Result<InvoiceWithCase, Error> {
    work.audit_subject(write_off);
    let loaded = to_change(work, id)?;
    let is_of_it = loaded.invoice.write_offs.iter().any(|one| one.id == write_off);
    if is_of_it { Ok(loaded) } else { Err(Error::Absent) }
}

fn save(work: &mut Work<'_, '_>, case: CaseForCaller, before: &Invoice, after: Invoice) -> Result<InvoiceWithCase, Error> {
    let booking = super::booking(work, &case.case, today_in_tokyo(work.now));
    let version = invoices::save(work.tx, before, &after, &booking)?;
    InvoiceWithCase::of(work, Invoice { version, ..after }, case)
}
