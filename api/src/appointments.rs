//! Appointments: handlers. What they take and answer stands in `requests` and `views`.

pub(crate) mod entry;
mod requests;
pub(crate) mod views;

use actix_web::{HttpRequest, get, post};
use application::{CaseForCaller, Error, Work, appointments};
use domain::access::may;
use domain::case::Refusal;
use domain::ids::{AppointmentId, CaseId};

use crate::cases::views::{OpinionCase, reply};
use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Body, Path, Query};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, PageParams};
use requests::{
    AcceptAppointmentOffer, BookAppointment, CancelAppointment, MarkNotAttended, OfferAppointment, ProposeAppointmentWishes,
    RescheduleAppointment, SubstitutePhysician,
};
use views::{CaseAppointment, CaseAppointmentList};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes
        .service(list_appointments)
        .service(get_appointment)
        .service(get_calendar_entry)
        .service(propose_appointment_wishes)
        .service(offer_appointment)
        .service(withdraw_appointment_offer)
        .service(accept_appointment_offer)
        .service(book_appointment)
        .service(reschedule_appointment)
        .service(cancel_appointment)
        .service(substitute_physician)
        .service(mark_not_attended);
}

/// The appointment as its caller may see it.
pub(crate) fn shown(work: &Work<'_, '_>, loaded: &CaseForCaller, id: AppointmentId) -> Result<CaseAppointment, Error> {
    let found = loaded.case.appointment(id).ok_or(Error::Absent)?;
    Ok(CaseAppointment::of(found, loaded, work.now))
}

fn answer(work: &Work<'_, '_>, loaded: &CaseForCaller, id: AppointmentId) -> Result<Reply, Error> {
    Ok(Reply::ok(&shown(work, loaded, id)?)?.revised(loaded.revision()))
}

fn created(work: &Work<'_, '_>, (loaded, id): &(CaseForCaller, AppointmentId)) -> Result<Reply, Error> {
    let location = format!("/v1/cases/{}/appointments/{id}", loaded.case.id());
    Ok(Reply::created(location, &shown(work, loaded, *id)?)?.revised(loaded.revision()))
}

/// List the appointments
///
/// In the order of their making: offers, what was booked, and what came to nothing.
#[utoipa::path(
    tag = "appointments",
    params(PageParams),
    responses((status = 200, description = "A page of appointments.", body = CaseAppointmentList))
)]
#[get("/v1/cases/{case_id}/appointments")]
pub(crate) async fn list_appointments(
    caller: Authorized<may::ListAppointments>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after: Option<AppointmentId> = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let loaded = appointments::list_appointments(work, case)?;
            let now = work.now;
            let open = views::open_to(&loaded).map(|one| CaseAppointment::of(one, &loaded, now)).collect();
            let rest = page::behind(open, after, CaseAppointment::id);
            Ok(Reply::ok(&page::cut(rest, query.limit, &filters, CaseAppointment::id))?.revised(loaded.revision()))
        })
        .await
}

/// Get an appointment
///
/// Its time, who receives, who interprets, and what became of it.
#[utoipa::path(tag = "appointments", responses((status = 200, description = "The appointment.", body = CaseAppointment)))]
#[get("/v1/cases/{case_id}/appointments/{appointment_id}")]
pub(crate) async fn get_appointment(caller: Authorized<may::GetAppointment>, Path((case, id)): Path<(CaseId, AppointmentId)>) -> Answer {
    caller
        .act(move |work| {
            let loaded = appointments::get_appointment(work, case, id)?;
            if views::open_to(&loaded).any(|one| one.id == id) { answer(work, &loaded, id) } else { Err(Error::Absent) }
        })
        .await
}

/// Get the calendar entry of a visit
///
/// A file (RFC 5545) for the calendar of those who visit, in the language of the request: when, where, and what to bring. It names nobody. The visit of a case
/// has one entry, however often it is moved; once it does not take place, the entry says so. There is none while no time is fixed.
#[utoipa::path(
    tag = "appointments",
    responses((status = 200, description = "The entry.", body = crate::wire::texts::CalendarEntry, content_type = "text/calendar"))
)]
#[get("/v1/cases/{case_id}/appointments/{appointment_id}/calendar-entry")]
pub(crate) async fn get_calendar_entry(
    caller: Authorized<may::GetCalendarEntry>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
    request: HttpRequest,
) -> Answer {
    let (state, language) = (caller.state(), language_of(&request));
    caller
        .act(move |work| {
            let loaded = appointments::get_calendar_entry(work, case, id)?;
            let found = loaded.case.appointment(id).ok_or(Error::Absent)?;
            let file = entry::of(found, &loaded.case, work.settings, (&state.messages, language));
            let file = file.ok_or(Error::Refused(Refusal::NoAppointment))?;
            Ok(Reply::calendar(file, language))
        })
        .await
}

/// Propose dates
///
/// The days on which those who visit can come, what they need, and who interprets. An offer that waits is turned down by it; then the hospital offers times.
/// Beside an appointment it asks for another time: the appointment stands until the desk has moved it.
#[utoipa::path(
    tag = "appointments",
    request_body = ProposeAppointmentWishes,
    responses((status = 200, description = "The case.", body = OpinionCase))
)]
#[post("/v1/cases/{case_id}/appointment-wishes")]
pub(crate) async fn propose_appointment_wishes(
    caller: Authorized<may::ProposeAppointmentWishes>,
    Path(case): Path<CaseId>,
    body: Body<ProposeAppointmentWishes>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = appointments::propose_appointment_wishes(work, case, &body.wishes())?;
            reply(work, &case)
        })
        .await
}

/// Offer times
///
/// One to three free times, as long as the estimate says. They are held for 5 days (setting). Beside an appointment that stands, `notice` says who wants
/// another time; to accept the offer moves it.
#[utoipa::path(
    tag = "appointments",
    request_body = OfferAppointment,
    responses((status = 201, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointment-offers")]
pub(crate) async fn offer_appointment(
    caller: Authorized<may::OfferAppointment>,
    Path(case): Path<CaseId>,
    body: Body<OfferAppointment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let made = appointments::offer_appointment(work, case, &body.offer())?;
            created(work, &made)
        })
        .await
}

/// Withdraw an offer
///
/// Its times are free again.
#[utoipa::path(tag = "appointments", responses((status = 200, description = "The appointment.", body = CaseAppointment)))]
#[post("/v1/cases/{case_id}/appointments/{appointment_id}/withdraw")]
pub(crate) async fn withdraw_appointment_offer(
    caller: Authorized<may::WithdrawAppointmentOffer>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
) -> Answer {
    caller
        .act(move |work| {
            let loaded = appointments::withdraw_appointment_offer(work, case, id)?;
            answer(work, &loaded, id)
        })
        .await
}

/// Accept an offered time
///
/// By those who visit, or by the desk on their word. The estimate is accepted before. What is paid in advance is reserved until its payment, due 3 working
/// days before the visit (setting).
#[utoipa::path(
    tag = "appointments",
    request_body = AcceptAppointmentOffer,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointments/{appointment_id}/accept")]
pub(crate) async fn accept_appointment_offer(
    caller: Authorized<may::AcceptAppointmentOffer>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
    body: Body<AcceptAppointmentOffer>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = appointments::accept_appointment_offer(work, case, &body.choice(id))?;
            answer(work, &loaded, id)
        })
        .await
}

/// Book an appointment
///
/// Without an offer: on the telephone, or on the spot. An offer that waits is withdrawn by it.
#[utoipa::path(
    tag = "appointments",
    request_body = BookAppointment,
    responses((status = 201, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointments")]
pub(crate) async fn book_appointment(
    caller: Authorized<may::BookAppointment>,
    Path(case): Path<CaseId>,
    body: Body<BookAppointment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let made = appointments::book_appointment(work, case, &body.booking())?;
            created(work, &made)
        })
        .await
}

/// Move an appointment
///
/// Its old time is free again in the same step. For those who visit the desk moves it twice without more (setting), until the working day before it; then the desk says
/// why.
#[utoipa::path(
    tag = "appointments",
    request_body = RescheduleAppointment,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointments/{appointment_id}/reschedule")]
pub(crate) async fn reschedule_appointment(
    caller: Authorized<may::RescheduleAppointment>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
    body: Body<RescheduleAppointment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = appointments::reschedule_appointment(work, case, id, &body.time(), &body.notice())?;
            answer(work, &loaded, id)
        })
        .await
}

/// Cancel an appointment
///
/// The case goes on and waits for another date; to end it, cancel the case. Of what was paid in advance the accepted policy says what is kept if those who
/// visit cancel; nothing is if the hospital does.
#[utoipa::path(
    tag = "appointments",
    request_body = CancelAppointment,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointments/{appointment_id}/cancel")]
pub(crate) async fn cancel_appointment(
    caller: Authorized<may::CancelAppointment>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
    body: Body<CancelAppointment>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = appointments::cancel_appointment(work, case, id, &body.notice())?;
            answer(work, &loaded, id)
        })
        .await
}

/// Change the physician
///
/// To another doctor of the department, on the same day.
#[utoipa::path(
    tag = "appointments",
    request_body = SubstitutePhysician,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointments/{appointment_id}/substitute")]
pub(crate) async fn substitute_physician(
    caller: Authorized<may::SubstitutePhysician>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
    body: Body<SubstitutePhysician>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = appointments::substitute_physician(work, case, id, &body.time(), body.text())?;
            answer(work, &loaded, id)
        })
        .await
}

/// Record that the visit did not take place
///
/// From 30 minutes after its start (setting), with the attempts to reach somebody. The case goes on with another date, or ends.
#[utoipa::path(
    tag = "appointments",
    request_body = MarkNotAttended,
    responses((status = 200, description = "The appointment.", body = CaseAppointment))
)]
#[post("/v1/cases/{case_id}/appointments/{appointment_id}/not-attended")]
pub(crate) async fn mark_not_attended(
    caller: Authorized<may::MarkNotAttended>,
    Path((case, id)): Path<(CaseId, AppointmentId)>,
    body: Body<MarkNotAttended>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = appointments::mark_not_attended(work, case, id, &body.visit())?;
            answer(work, &loaded, id)
        })
        .await
}
