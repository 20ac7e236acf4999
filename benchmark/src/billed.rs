//! Cases that wait for the payment of their invoice: by the domain's own decisions, like the others.

use domain::access::{CaseAccess, Relation, Relations};
use domain::billing::fees::{FeeSchedule, Pricing, QuoteRequest};
use domain::billing::{BankAccount, BillingSettings, Consent, Invoice, InvoiceNumber, Issuer, Issuing};
use domain::calendar::today_in_tokyo;
use domain::case::{Case, Change, Event, Refusal, Rules};
use domain::ids::{CaseId, DepartmentId, EstimateId, FeeScheduleId, InvoiceId, UserId};
use domain::intake::items::ItemCode;
use domain::money::Payer;
use domain::service::ServiceKind;
use domain::settings::HospitalSettings;
use jiff::{SignedDuration, Timestamp};
use persistence::ledger::Booking;
use persistence::{Error, Transaction, departments, invoices};
use uuid::Uuid;

/// The one department.
pub(crate) fn department() -> DepartmentId {
    DepartmentId::from_uuid(Uuid::from_u128(0x018b_cfe5_6800_7000_a000_0000_0000_0000))
}

/// The invoice of a case.
pub(crate) fn invoice_id(case: CaseId) -> InvoiceId {
    InvoiceId::from_uuid(case.uuid())
}

/// Settings of a hospital that can invoice.
pub(crate) fn settings() -> HospitalSettings {
    let bank = BankAccount { number: "1234567".to_owned(), ..BankAccount::default() };
    let issuer = Issuer { name: "Example Hospital".to_owned(), ..Issuer::default() };
    HospitalSettings { billing: BillingSettings { bank, issuer, ..BillingSettings::default() }, ..HospitalSettings::default() }
}

/// Puts the department there.
pub(crate) fn insert_department(tx: &mut Transaction<'_>, now: Timestamp) -> Result<(), Error> {
    let (name_ja, name_en) = ("乳腺外科".to_owned(), "Breast Surgery".to_owned());
    departments::insert(
        tx,
        &departments::Department { id: department(), name_ja, name_en, accepting: true, created_at: now, updated_at: now, version: 1 },
    )
}

/// Takes a submitted case on until its invoice is there; gives the invoice, and tells what happened.
pub(crate) fn bill(
    case: Case,
    events: &mut Vec<Event>,
    by: UserId,
    settings: &HospitalSettings,
    number: InvoiceNumber,
    now: Timestamp,
) -> Result<(Case, Invoice), anyhow::Error> {
    let access = CaseAccess { user: by, relations: Relations::of(&[Relation::Desk, Relation::Department, Relation::Applicant]) };
    let (rules, id) = (Rules::at(settings, now), case.id());
    let estimate = EstimateId::from_uuid(id.uuid());
    let until = now.saturating_add(SignedDuration::from_hours(24 * 60)).unwrap_or(Timestamp::MAX);
    let mut take = |decided: Result<Change, Refusal>| -> Result<Case, Refusal> {
        let Change { case, events: told } = decided?;
        events.extend(told);
        Ok(case)
    };
    let case = take(case.verify_item(&access, &rules, now, ItemCode::ApplicationForm))?;
    let case = take(case.start_triage(&access, &rules, now, department(), &[], &[]))?;
    let case = take(case.accept(&access, &rules, now, by, None))?;
    let case = take(case.issue_estimate(&access, estimate, until))?;
    let case = take(case.accept_estimate(&access, &rules, now, Consent { estimate, payer: Payer::Applicant, is_prepaid: false }))?;
    let wanted = QuoteRequest { kind: ServiceKind::WrittenOpinion, additional_half_hours: 0, re_examination: None };
    let pricing = Pricing::calculate(&FeeSchedule::seed(FeeScheduleId::from_uuid(id.uuid())), wanted, now)?;
    let issuing = Issuing {
        id: invoice_id(id),
        case: id,
        number,
        recipient: "Mei Tanaka\n12 Orchard Road, Singapore".parse()?,
        payer: Payer::Applicant,
        third_party: None,
    };
    let invoice = Invoice::issue(issuing, &pricing, settings, now)?;
    let case = take(case.issue_invoice(&access, &rules, now, invoice.id, invoice.due_on))?;
    Ok((case, invoice))
}

/// Writes the invoice of a case that is there.
pub(crate) fn insert(tx: &mut Transaction<'_>, invoice: &Invoice, by: UserId, now: Timestamp) -> Result<(), Error> {
    let booking =
        Booking { booked_on: today_in_tokyo(now), operation: "issueInvoice", by: Some(by), department: Some(department()), at: now };
    invoices::insert(tx, invoice, &booking)
}
