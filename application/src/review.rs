//! The review for acceptance: a department, a physician, the decision.

use domain::access::{Role, may};
use domain::billing::{ChargeBearer, MoneyEnd, RefundReason};
use domain::case::Case;
use domain::ids::{CaseId, DepartmentId, UserId};
use domain::intake::items::ItemCode;
use domain::people::{LongText, ShortText};
use domain::review::{Decline, DeclineCode, KeptInvoice};
use persistence::users::UserStatus;

use crate::{CaseForCaller, Error, UnitOfWork, Work, billing, cases};

/// Hands a complete application to a department. What is not relied on is set aside with a reason.
///
/// # Errors
/// `unknown_reference` for a department that does not exist or takes no cases; refusals while items are unverified or untranslated.
pub fn start_triage(
    work: &mut UnitOfWork<'_, '_, may::StartTriage>,
    case: CaseId,
    department: DepartmentId,
    set_aside: &[(ItemCode, ShortText)],
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    check_department(work, department)?;
    let facts = domain::documents::facts(&persistence::documents::list_all(work.tx, case)?);
    let decided = loaded.case.clone().start_triage(&loaded.access, &work.rules(), work.now, department, &facts, set_aside)?;
    work.save_case(loaded, decided)
}

/// Hands the case to another department. An accepted case is reviewed again.
pub fn reassign_case(
    work: &mut UnitOfWork<'_, '_, may::ReassignCase>,
    case: CaseId,
    department: DepartmentId,
    reason: &ShortText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    check_department(work, department)?;
    let decided = loaded.case.clone().reassign(&loaded.access, &work.rules(), work.now, department, reason.clone())?;
    work.save_case(loaded, decided)
}

/// Gives the case to a physician of its department.
pub fn assign_physician(
    work: &mut UnitOfWork<'_, '_, may::AssignPhysician>,
    case: CaseId,
    physician: UserId,
    reason: &ShortText,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let decided = loaded.case.clone().assign_physician(&loaded.access, &work.rules(), work.now, physician, reason.clone())?;
    check_physician(work, &loaded, physician, "/physician_id")?;
    work.save_case(loaded, decided)
}

/// Accepts for the department and names the responsible physician.
pub fn accept_case(work: &mut UnitOfWork<'_, '_, may::AcceptCase>, case: CaseId, responsible: UserId) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let kept = kept_invoice(work, &loaded.case)?;
    let decided = loaded.case.clone().accept(&loaded.access, &work.rules(), work.now, responsible, kept)?;
    check_physician(work, &loaded, responsible, "/responsible_id")?;
    work.save_case(loaded, decided)
}

/// The main invoice of a written opinion that another department had accepted; there are thirty days to pay it from now at least.
fn kept_invoice(work: &mut Work<'_, '_>, case: &Case) -> Result<Option<KeptInvoice>, Error> {
    let Some(id) = case.kept_invoice() else { return Ok(None) };
    let invoice = billing::payments::with_time_to_pay(work, case, id)?;
    Ok(Some(KeptInvoice { is_settled: invoice.is_settled(), has_money: invoice.has_money(), payable_until: invoice.last_day() }))
}

/// Why a case is declined, in a code and in words.
#[derive(Clone, Debug)]
pub struct Reasons {
    /// The reason.
    pub code: DeclineCode,
    /// The text for the applicant.
    pub text: LongText,
    /// The text for the hospital's people.
    pub note: Option<LongText>,
}

/// Declines at once; a refund of everything that was paid is opened.
pub fn decline_case(work: &mut UnitOfWork<'_, '_, may::DeclineCase>, case: CaseId, reasons: &Reasons) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let Reasons { code, text, note } = reasons.clone();
    let how = MoneyEnd { reason: RefundReason::Declined, percent_back: 100, charges_borne_by: ChargeBearer::Hospital };
    let ended = billing::end_invoices(work, case, how)?;
    let decline = Decline { code, text, note, refund: ended.refund };
    let decided = loaded.case.clone().decline(&loaded.access, &work.rules(), work.now, decline)?;
    ended.save(work, &decided.case)?;
    let declined = work.save_case(loaded, decided)?;
    cases::end::silence_if_dead(work, &declined)?;
    Ok(declined)
}

fn check_department(work: &mut Work<'_, '_>, id: DepartmentId) -> Result<(), Error> {
    match persistence::departments::find(work.tx, id)? {
        Some(department) if department.accepting => Ok(()),
        Some(_) | None => Err(Error::invalid("/department_id", "unknown_reference")),
    }
}

/// Whoever answers for a case is a doctor of its department who can sign in.
fn check_physician(work: &mut Work<'_, '_>, loaded: &CaseForCaller, id: UserId, pointer: &str) -> Result<(), Error> {
    let refused = || Error::invalid(pointer, "not_of_this_department");
    let department = loaded.case.department().ok_or_else(refused)?;
    if is_doctor_of(work, id, department)? { Ok(()) } else { Err(refused()) }
}

/// Whether somebody is a doctor of a department who can sign in.
pub(crate) fn is_doctor_of(work: &mut Work<'_, '_>, id: UserId, department: DepartmentId) -> Result<bool, Error> {
    match persistence::users::get(work.tx, id) {
        Ok(user) => Ok(user.status == UserStatus::Active && user.roles.has_in(&Role::DOCTORS, department)),
        Err(persistence::Error::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
