//! Appointments: the days on which those who visit can come, the times that the hospital offers, and what becomes of them.

mod times;

use domain::access::may;
use domain::appointments::{
    AppointmentWishes, Booked, ChangedBy, Choice, InterpreterFrom, MOST_OFFERED, MOST_WISHED_DAYS, NotAttended, Notice, VisitTime,
};
use domain::billing::{ChargeBearer, ConsultationPayment, MoneyEnd, RefundReason};
use domain::calendar::closed_days::HOLIDAYS_KNOWN_TO;
use domain::case::{Case, Refusal};
use domain::ids::{AppointmentId, CaseId, UserId};
use domain::money::Yen;
use domain::people::{LongText, ShortText};
use domain::visit::Attempt;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::billing::visits;
use crate::{CaseForCaller, Error, Fault, UnitOfWork, Work, billing};

pub(crate) use times::is_in_calendar;

/// The wishes of those who visit.
#[derive(Clone, Debug, Default)]
pub struct NewWishes {
    /// The days that they like best, the best first.
    pub days: Vec<Date>,
    /// The first day of their travel.
    pub from_on: Option<Date>,
    /// The last day of their travel.
    pub until_on: Option<Date>,
    /// Who provides the interpreter, as they see it.
    pub interpreter: Option<InterpreterFrom>,
    /// What the hospital must know.
    pub needs: Option<LongText>,
}

/// A time that the desk chose.
#[derive(Clone, Debug)]
pub struct WantedTime {
    /// When it begins.
    pub starts_at: Timestamp,
    /// The physician.
    pub physician: UserId,
    /// Physicians who are present, too.
    pub also: Vec<UserId>,
}

/// A time that the desk books.
#[derive(Clone, Debug)]
pub struct NewBooking {
    /// When, and with whom.
    pub time: WantedTime,
    /// Who provides the interpreter.
    pub interpreter: InterpreterFrom,
    /// The room.
    pub room: Option<ShortText>,
}

/// An offer of the hospital.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// The times.
    pub times: Vec<WantedTime>,
    /// The room.
    pub room: Option<ShortText>,
    /// Who wants another time than the one that stands.
    pub notice: Option<Notice>,
}

/// A visit that did not take place, as the desk records it.
#[derive(Clone, Debug)]
pub struct NotAttendedVisit {
    /// The attempts to reach somebody.
    pub attempts: Vec<Attempt>,
    /// Whether the case ends; else another date is arranged.
    pub ends: bool,
}

impl WantedTime {
    fn for_half_hours(&self, half_hours: u8) -> VisitTime {
        VisitTime { starts_at: self.starts_at, half_hours, physician: self.physician, also: self.also.clone() }
    }
}

/// The case, with its appointments.
pub fn list_appointments(work: &mut UnitOfWork<'_, '_, may::ListAppointments>, case: CaseId) -> Result<CaseForCaller, Error> {
    let loaded = work.case(case)?;
    for one in loaded.case.appointments() {
        work.audit_subject(one.id);
    }
    Ok(loaded)
}

/// The case, with an appointment that it has.
pub fn get_appointment(
    work: &mut UnitOfWork<'_, '_, may::GetAppointment>,
    case: CaseId,
    id: AppointmentId,
) -> Result<CaseForCaller, Error> {
    with_appointment(work, case, id)
}

/// The case, with an appointment of which somebody wants the entry for their calendar.
pub fn get_calendar_entry(
    work: &mut UnitOfWork<'_, '_, may::GetCalendarEntry>,
    case: CaseId,
    id: AppointmentId,
) -> Result<CaseForCaller, Error> {
    with_appointment(work, case, id)
}

/// Those who visit say when they can come.
///
/// # Errors
/// Every fault of the days, by its place.
pub fn propose_appointment_wishes(
    work: &mut UnitOfWork<'_, '_, may::ProposeAppointmentWishes>,
    case: CaseId,
    new: &NewWishes,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let NewWishes { days, from_on, until_on, interpreter, needs } = new.clone();
    let by = work.user()?;
    let wishes = AppointmentWishes { days, from_on, until_on, interpreter, needs, by, at: work.now };
    let decided = loaded.case.clone().propose_wishes(&loaded.access, &work.rules(), work.now, wishes)?;
    check_wishes(work, new)?;
    work.save_case(loaded, decided)
}

fn check_wishes(work: &Work<'_, '_>, new: &NewWishes) -> Result<(), Error> {
    let today = work.rules().today;
    let mut faults = Vec::new();
    let code = |day: Date| match day {
        day if day < today => Some("in_past"),
        day if day > HOLIDAYS_KNOWN_TO => Some("beyond_calendar"),
        _ => None,
    };
    if new.days.is_empty() && new.from_on.is_none() && new.until_on.is_none() {
        faults.push(Fault::at("/days", "required"));
    }
    if new.days.len() > MOST_WISHED_DAYS {
        faults.push(Fault::at("/days", "too_many"));
    }
    for (place, day) in new.days.iter().enumerate() {
        let is_again = new.days.iter().take(place).any(|other| other == day);
        let code = if is_again { Some("repeated") } else { code(*day) };
        faults.extend(code.map(|code| Fault::at(format!("/days/{place}"), code)));
    }
    // Somebody may be in Japan already.
    faults.extend(new.until_on.and_then(code).map(|code| Fault::at("/until_on", code)));
    if new.from_on.zip(new.until_on).is_some_and(|(from, until)| until < from) {
        faults.push(Fault::at("/until_on", "ends_before_it_begins"));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The hospital offers one to three times, and holds them for a while.
///
/// # Errors
/// Every fault of the times, by its place; `slot_taken` names those that somebody else has.
pub fn offer_appointment(
    work: &mut UnitOfWork<'_, '_, may::OfferAppointment>,
    case: CaseId,
    new: &NewOffer,
) -> Result<(CaseForCaller, AppointmentId), Error> {
    let loaded = work.case_to_change(case)?;
    let id: AppointmentId = work.fresh();
    let half_hours = estimated_half_hours(work, &loaded.case)?;
    let times: Vec<VisitTime> = new.times.iter().map(|time| time.for_half_hours(half_hours)).collect();
    let beside = (new.room.clone(), new.notice.clone());
    let decided = loaded.case.clone().offer_appointment(&loaded.access, &work.rules(), work.now, id, times.clone(), beside)?;
    if times.is_empty() || times.len() > MOST_OFFERED {
        return Err(Error::invalid("/times", if times.is_empty() { "required" } else { "too_many" }));
    }
    times::check(work, &loaded.case, &times, |place| format!("/times/{place}"))?;
    work.audit_subject(id);
    Ok((work.save_case(loaded, decided)?, id))
}

/// The hospital takes its offer back.
pub fn withdraw_appointment_offer(
    work: &mut UnitOfWork<'_, '_, may::WithdrawAppointmentOffer>,
    case: CaseId,
    id: AppointmentId,
) -> Result<CaseForCaller, Error> {
    let loaded = change(work, case, id)?;
    let decided = loaded.case.clone().withdraw_offer(&loaded.access, &work.rules(), work.now, id)?;
    work.save_case(loaded, decided)
}

/// Those who visit choose one of the times.
///
/// # Errors
/// `offer_lapsed`, `choice_unknown`, and the refusals of a booking.
pub fn accept_appointment_offer(
    work: &mut UnitOfWork<'_, '_, may::AcceptAppointmentOffer>,
    case: CaseId,
    choice: &Choice,
) -> Result<CaseForCaller, Error> {
    let loaded = change(work, case, choice.offer)?;
    let how = booked(work, &loaded.case)?;
    let decided = loaded.case.clone().accept_offer(&loaded.access, &work.rules(), work.now, choice.clone(), how)?;
    work.save_case(loaded, decided)
}

/// The desk books a time without an offer.
///
/// # Errors
/// As [`offer_appointment`], and those of a booking.
pub fn book_appointment(
    work: &mut UnitOfWork<'_, '_, may::BookAppointment>,
    case: CaseId,
    new: &NewBooking,
) -> Result<(CaseForCaller, AppointmentId), Error> {
    let loaded = work.case_to_change(case)?;
    let id: AppointmentId = work.fresh();
    let how = booked(work, &loaded.case)?;
    let time = new.time.for_half_hours(how.half_hours);
    let chosen = (time.clone(), new.interpreter);
    let decided = loaded.case.clone().book(&loaded.access, &work.rules(), work.now, (id, new.room.clone()), chosen, how)?;
    times::check(work, &loaded.case, std::slice::from_ref(&time), |_| "/time".to_owned())?;
    work.audit_subject(id);
    Ok((work.save_case(loaded, decided)?, id))
}

/// The visit is at another time.
///
/// # Errors
/// As [`offer_appointment`]; `move_needs_reason`.
pub fn reschedule_appointment(
    work: &mut UnitOfWork<'_, '_, may::RescheduleAppointment>,
    case: CaseId,
    id: AppointmentId,
    wanted: &WantedTime,
    notice: &Notice,
) -> Result<CaseForCaller, Error> {
    let loaded = change(work, case, id)?;
    let time = wanted.for_half_hours(length_of(&loaded.case, id)?);
    let decided = loaded.case.clone().reschedule(&loaded.access, &work.rules(), work.now, id, time.clone(), notice.clone())?;
    times::check(work, &loaded.case, std::slice::from_ref(&time), |_| "/time".to_owned())?;
    work.save_case(loaded, decided)
}

/// Another physician of the department receives on the same day.
///
/// # Errors
/// As [`offer_appointment`]; `not_the_same_day`.
pub fn substitute_physician(
    work: &mut UnitOfWork<'_, '_, may::SubstitutePhysician>,
    case: CaseId,
    id: AppointmentId,
    wanted: &WantedTime,
    text: Option<&ShortText>,
) -> Result<CaseForCaller, Error> {
    let loaded = change(work, case, id)?;
    let time = wanted.for_half_hours(length_of(&loaded.case, id)?);
    let decided = loaded.case.clone().substitute_physician(&loaded.access, &work.rules(), work.now, id, time.clone(), text.cloned())?;
    times::check(work, &loaded.case, std::slice::from_ref(&time), |_| "/time".to_owned())?;
    work.save_case(loaded, decided)
}

/// The appointment is cancelled, and the case goes on. Of what was paid in advance the policy says what goes back if those who visit cancel; where all of it
/// would, it stays for another date.
pub fn cancel_appointment(
    work: &mut UnitOfWork<'_, '_, may::CancelAppointment>,
    case: CaseId,
    id: AppointmentId,
    notice: &Notice,
) -> Result<CaseForCaller, Error> {
    let loaded = change(work, case, id)?;
    let policy = billing::estimates::policy_of(work, &loaded.case)?;
    let percent = match notice.by {
        ChangedBy::Hospital => 100,
        ChangedBy::Applicant => loaded.case.percent_back_for(&policy, notice.notified_on, &work.rules()),
    };
    let fee = visits::fee(work, &loaded.case, percent)?;
    let refund = fee.as_ref().map_or(Yen::ZERO, |fee| fee.refund);
    let decided = loaded.case.clone().cancel_appointment(&loaded.access, &work.rules(), work.now, id, notice.clone(), refund)?;
    let decided = visits::keep(work, fee, decided)?;
    work.save_case(loaded, decided)
}

/// The visit did not take place: nobody came whom the hospital could receive.
pub fn mark_not_attended(
    work: &mut UnitOfWork<'_, '_, may::MarkNotAttended>,
    case: CaseId,
    id: AppointmentId,
    new: &NotAttendedVisit,
) -> Result<CaseForCaller, Error> {
    let loaded = change(work, case, id)?;
    if let Some((place, _)) = new.attempts.iter().enumerate().find(|(_, attempt)| attempt.at > work.now) {
        return Err(Error::invalid(format!("/attempts/{place}/attempted_at"), "in_future"));
    }
    let policy = billing::estimates::policy_of(work, &loaded.case)?;
    // Whoever ends it, and however: nothing is kept if the hospital changed the appointment last (R21).
    let percent = if loaded.case.is_changed_by_the_hospital() { 100 } else { policy.visit_percent_back(0) };
    let fee = if new.ends {
        let how = MoneyEnd { reason: RefundReason::Cancelled, percent_back: percent, charges_borne_by: ChargeBearer::Payee };
        Some(billing::end_invoices(work, case, how)?)
    } else {
        visits::fee(work, &loaded.case, percent)?
    };
    let refund = fee.as_ref().map_or(Yen::ZERO, |fee| fee.refund);
    let how = NotAttended { attempts: new.attempts.clone(), ends: new.ends, refund };
    let decided = loaded.case.clone().mark_not_attended(&loaded.access, &work.rules(), work.now, id, how)?;
    let decided = visits::keep(work, fee, decided)?;
    work.save_case(loaded, decided)
}

/// Lets an offer or a reservation lapse.
///
/// # Errors
/// `not_due`: somebody has chosen or paid, or it was taken back.
pub(crate) fn lapse(work: &mut UnitOfWork<'_, '_, may::LapseAppointment>, case: CaseId) -> Result<(), Error> {
    work.change_case_as_system(case, |work, case, now| Ok(case.lapse_appointment(&work.rules(), now)?))
}

/// Reads a case with an appointment that it has.
fn with_appointment(work: &mut Work<'_, '_>, case: CaseId, id: AppointmentId) -> Result<CaseForCaller, Error> {
    work.audit_subject(id);
    let loaded = work.case(case)?;
    if loaded.case.appointment(id).is_some() { Ok(loaded) } else { Err(Error::Absent) }
}

/// Reads a case whose appointment is about to change.
fn change(work: &mut Work<'_, '_>, case: CaseId, id: AppointmentId) -> Result<CaseForCaller, Error> {
    work.audit_subject(id);
    let loaded = work.case_to_change(case)?;
    if loaded.case.appointment(id).is_some() { Ok(loaded) } else { Err(Error::Absent) }
}

/// Half hours of an appointment.
fn length_of(case: &Case, id: AppointmentId) -> Result<u8, Error> {
    let time = case.booked().filter(|one| one.id == id).and_then(|one| one.time.as_ref());
    time.map(|time| time.half_hours).ok_or(Error::Refused(Refusal::NoAppointment))
}

/// Half hours of the newest estimate; one where there is none.
fn estimated_half_hours(work: &mut Work<'_, '_>, case: &Case) -> Result<u8, Error> {
    let Some(newest) = case.estimate() else { return Ok(1) };
    let estimate = persistence::estimates::get(work.tx, newest.id)?;
    Ok(u8::try_from(estimate.pricing.half_hours()).unwrap_or(u8::MAX).max(1))
}

/// What the accepted estimate and its invoice say about a booking.
fn booked(work: &mut Work<'_, '_>, case: &Case) -> Result<Booked, Error> {
    let half_hours = estimated_half_hours(work, case)?;
    let Some(accepted) = case.accepted_estimate() else { return Ok(Booked { half_hours, must_be_paid: false }) };
    let is_prepaid = persistence::estimates::get(work.tx, accepted)?.payment == ConsultationPayment::Prepaid;
    let is_paid = match case.invoice() {
        Some(invoice) => persistence::invoices::get(work.tx, invoice)?.is_settled(),
        None => false,
    };
    Ok(Booked { half_hours, must_be_paid: is_prepaid && !is_paid })
}
