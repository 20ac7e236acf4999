//! Write-offs: asked for by one accountant, approved by another or by a director.

use domain::access::{Permission, may};
use domain::billing::{Act, Invoice, NewWriteOff, WriteOffReason};
use domain::calendar::today_in_tokyo;
use domain::ids::{InvoiceId, WriteOffId};
use domain::people::LongText;
use persistence::approvals::{Approval, ApprovalKind, ApprovalState};
use persistence::invoices;
use serde_json::json;

use super::invoices::{InvoiceWithCase, refused, to_change};
use crate::error::Conflict;
use crate::{CaseForCaller, Error, UnitOfWork, Work};

/// Asks that what is owed on an invoice be written off.
pub fn write_off_invoice(
    work: &mut UnitOfWork<'_, '_, may::WriteOffInvoice>,
    id: InvoiceId,
    reason: WriteOffReason,
    text: &LongText,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice, case } = to_change(work, id)?;
    let requested = act(work)?;
    let new = NewWriteOff { id: work.fresh(), reason, text: text.clone(), requested };
    let write_off = new.id;
    let after = invoice.clone().request_write_off(new, work.settings.billing.bank_charge_limit).map_err(|refusal| refused(&[refusal]))?;
    let approval = Approval {
        id: work.fresh(),
        kind: ApprovalKind::WriteOff,
        subject: write_off.uuid(),
        requested_by: Some(requested.by),
        requested_at: requested.at,
        content: json!({ "reason": reason, "invoice_id": id }),
        state: ApprovalState::Pending,
        decided_by: None,
        decided_at: None,
    };
    persistence::approvals::insert(work.tx, &approval)?;
    work.audit_subject(approval.id);
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
    let InvoiceWithCase { invoice, case } = to_decide(work, id, write_off)?;
    let by = act(work)?;
    if invoice.pending_write_off().is_some_and(|pending| pending.id == write_off && pending.is_requested_by(by.by)) {
        return Err(Error::Conflict(Conflict::SecondPersonNeeded));
    }
    let after = invoice.clone().approve_write_off(write_off, by).map_err(|refusal| refused(&[refusal]))?;
    decide(work, write_off, ApprovalState::Approved, by)?;
    let done = save(work, case, &invoice, after)?;
    let settled = done.case.case.clone().settle_invoice(&work.rules(), work.now, id);
    let case = work.save_case(done.case, settled)?;
    Ok(InvoiceWithCase { case, ..done })
}

/// It is refused, or taken back by whoever asked.
pub fn reject_write_off(
    work: &mut UnitOfWork<'_, '_, may::RejectWriteOff>,
    id: InvoiceId,
    write_off: WriteOffId,
    reason: &LongText,
) -> Result<InvoiceWithCase, Error> {
    let InvoiceWithCase { invoice, case } = to_decide(work, id, write_off)?;
    let by = act(work)?;
    let after = invoice.clone().reject_write_off(write_off, by, reason.clone()).map_err(|refusal| refused(&[refusal]))?;
    decide(work, write_off, ApprovalState::Withdrawn, by)?;
    save(work, case, &invoice, after)
}

fn act(work: &Work<'_, '_>) -> Result<Act, Error> {
    Ok(Act { by: work.user()?, at: work.now })
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
    Ok(InvoiceWithCase { invoice: Invoice { version, ..after }, case })
}

fn decide(work: &mut Work<'_, '_>, write_off: WriteOffId, state: ApprovalState, by: Act) -> Result<(), Error> {
    let pending = persistence::approvals::find_pending(work.tx, ApprovalKind::WriteOff, write_off.uuid())?;
    let pending = pending.ok_or(Error::Internal("a write-off that waits without its request"))?;
    work.audit_subject(pending.id);
    persistence::approvals::decide(work.tx, pending.id, state, Some(by.by), work.now)?;
    Ok(())
}
