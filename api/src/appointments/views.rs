//! An appointment as its reader may see it: staff see everything, the agency no persons at the door, and nobody outside the hospital's words.

use application::CaseForCaller;
use domain::access::Operation;
use domain::appointments::{Appointment, AppointmentState, ChangeReason, ChangedBy, InterpreterFrom, Notice, VisitTime};
use domain::ids::{AppointmentId, RepresentativeId, UserId};
use domain::people::{LanguageTag, LongText, PersonName, RelationToPatient, ShortText};
use domain::visit::{
    Arrival, Arrived, AtTheDoor, Consultation, ExtensionPayer, InterpreterAtVisit, NotCharged, OutsideReason, Person, SeenIdentity,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::page::Page;
use crate::wire::readers::{FAMILY_AND_INFORMED_STAFF, INFORMED_STAFF};

/// A page of them.
pub(crate) type CaseAppointmentList = Page<CaseAppointment>;

/// A time of a visit.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppointmentTime {
    /// When it begins.
    starts_at: Timestamp,
    /// When it ends.
    ends_at: Timestamp,
    /// Half hours.
    #[schema(minimum = 1, maximum = 20)]
    half_hours: u8,
    /// The physician of the visit.
    physician_id: UserId,
    /// Physicians who are present, too.
    also_physician_ids: Vec<UserId>,
}

impl From<&VisitTime> for AppointmentTime {
    fn from(time: &VisitTime) -> Self {
        Self {
            starts_at: time.starts_at,
            ends_at: time.ends_at(),
            half_hours: time.half_hours,
            physician_id: time.physician,
            also_physician_ids: time.also.clone(),
        }
    }
}

/// A move or a substitution, or the end of an appointment that came to nothing.
#[derive(Serialize, ToSchema)]
pub(crate) struct AppointmentChange {
    /// Who wanted it; null: the clock, or the end of the case.
    wanted_by: Option<ChangedBy>,
    /// Why.
    reason: Option<ChangeReason>,
    /// In words; null for all but the hospital's people.
    text: Option<ShortText>,
    /// The day, in Tokyo, on which the notice arrived.
    notified_on: Option<Date>,
    /// The time before it; null for an end.
    before: Option<AppointmentTime>,
    /// When it was recorded.
    recorded_at: Timestamp,
}

impl AppointmentChange {
    fn of(notice: Option<&Notice>, before: Option<&VisitTime>, recorded_at: Timestamp, inside: bool) -> Self {
        Self {
            wanted_by: notice.map(|notice| notice.by),
            reason: notice.map(|notice| notice.reason),
            text: notice.and_then(|notice| notice.text.clone()).filter(|_| inside),
            notified_on: notice.map(|notice| notice.notified_on),
            before: before.map(AppointmentTime::from),
            recorded_at,
        }
    }
}

/// Somebody at the reception.
#[derive(Serialize, ToSchema)]
pub(crate) struct VisitPerson {
    /// Who.
    person: Person,
    /// Which of those who are named.
    representative_id: Option<RepresentativeId>,
    /// The name of somebody who is not named.
    name: Option<PersonName>,
    /// How they stand to the patient.
    relation: Option<RelationToPatient>,
    /// The document that was seen; null for all but the hospital's people.
    identity: Option<SeenIdentity>,
    /// Whether the original of the consent was seen.
    original_seen: bool,
    /// Whether they were received.
    outcome: AtTheDoor,
    /// Why they were not.
    reason: Option<OutsideReason>,
    /// In words; null for all but the hospital's people.
    text: Option<ShortText>,
}

impl VisitPerson {
    fn of(one: &Arrived, inside: bool) -> Self {
        Self {
            person: one.person,
            representative_id: one.representative,
            name: one.name.clone(),
            relation: one.relation,
            identity: one.identity.clone().filter(|_| inside),
            original_seen: one.original_seen,
            outcome: one.outcome,
            reason: one.reason,
            text: one.text.clone().filter(|_| inside),
        }
    }
}

/// A further half hour.
#[derive(Serialize, ToSchema)]
pub(crate) struct VisitExtension {
    /// When it begins in the calendar.
    begins_at: Timestamp,
    /// Who pays it.
    payer: ExtensionPayer,
    /// When it was agreed on.
    agreed_at: Timestamp,
}

/// What took place.
#[derive(Serialize, ToSchema)]
pub(crate) struct VisitConsultation {
    /// When it began.
    began_at: Timestamp,
    /// When it ended.
    ended_at: Timestamp,
    /// Half hours that began.
    #[schema(minimum = 1, maximum = 20)]
    half_hours: u8,
    /// Of them, those that are not charged.
    not_charged: Option<NotCharged>,
    /// Half hours that are charged.
    #[schema(minimum = 1, maximum = 20)]
    charged_half_hours: u8,
    /// Those who visit for the patient and were in the room.
    representative_ids: Vec<RepresentativeId>,
    /// How it was interpreted.
    interpreter: InterpreterAtVisit,
    /// What is said of that; null for all but the hospital's people.
    interpreter_text: Option<ShortText>,
    /// Whether treatment at the hospital was talked about.
    treatment_discussed: bool,
    /// When it was recorded.
    recorded_at: Timestamp,
    /// The physician who recorded or confirmed it; null until one does.
    confirmed_by: Option<UserId>,
    /// How often the record was corrected; null for all but the hospital's people.
    #[schema(minimum = 0)]
    corrections: Option<usize>,
}

impl VisitConsultation {
    fn of(consultation: &Consultation, corrections: usize, inside: bool) -> Self {
        let took_place = &consultation.took_place;
        Self {
            began_at: took_place.began_at,
            ended_at: took_place.ended_at,
            half_hours: took_place.half_hours,
            not_charged: took_place.not_charged.clone(),
            charged_half_hours: took_place.charged(),
            representative_ids: took_place.representatives.clone(),
            interpreter: took_place.interpreter,
            interpreter_text: took_place.interpreter_text.clone().filter(|_| inside),
            treatment_discussed: took_place.treatment_discussed,
            recorded_at: consultation.at,
            confirmed_by: consultation.confirmed_by,
            corrections: inside.then_some(corrections),
        }
    }
}

/// An appointment of a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseAppointment {
    /// The appointment.
    id: AppointmentId,
    /// Counts the changes of the case.
    #[schema(minimum = 1)]
    version: i64,
    /// Where it stands.
    state: AppointmentState,
    /// The times that were offered.
    offered: Vec<AppointmentTime>,
    /// Until when its times are held; null if it is fixed or came to nothing.
    held_until_at: Option<Timestamp>,
    /// The time that was chosen.
    time: Option<AppointmentTime>,
    /// Who provides the interpreter.
    interpreter: Option<InterpreterFrom>,
    /// The language of the conversation.
    language: Option<LanguageTag>,
    /// The room.
    room: Option<ShortText>,
    /// What those who visit need.
    needs: Option<LongText>,
    /// Moves and substitutions, in order.
    changes: Vec<AppointmentChange>,
    /// How it came to nothing; null if it did not.
    ended: Option<AppointmentChange>,
    /// Who is at the reception, by the newest record; none for an agency.
    people: Vec<VisitPerson>,
    /// How the conversation is interpreted, as the reception knows it.
    interpreter_at_visit: Option<InterpreterAtVisit>,
    /// Further half hours, in order.
    extensions: Vec<VisitExtension>,
    /// What took place; null until it did.
    consultation: Option<VisitConsultation>,
    /// When it was offered or booked.
    created_at: Timestamp,
    /// What the caller may do with it now.
    allowed_actions: Vec<Operation>,
}

impl CaseAppointment {
    pub(crate) fn id(&self) -> AppointmentId {
        self.id
    }

    pub(crate) fn of(one: &Appointment, loaded: &CaseForCaller, now: Timestamp) -> Self {
        let relations = loaded.access.relations;
        let inside = relations.contains_any(INFORMED_STAFF);
        let arrival: Option<&Arrival> = one.visit.arrivals.last();
        let people = arrival.into_iter().flat_map(|arrival| &arrival.people).filter(|_| relations.contains_any(FAMILY_AND_INFORMED_STAFF));
        let is_over = one.is_open() && one.held_until.is_some_and(|until| until <= now);
        Self {
            id: one.id,
            version: loaded.version,
            // The clock comes round a moment later.
            state: if is_over { AppointmentState::Lapsed } else { one.state },
            offered: one.offered.iter().map(AppointmentTime::from).collect(),
            held_until_at: one.held_until.filter(|_| !is_over),
            time: one.time.as_ref().map(AppointmentTime::from),
            interpreter: one.interpreter.as_ref().map(|interpreter| interpreter.from),
            language: one.interpreter.as_ref().map(|interpreter| interpreter.language.clone()),
            room: one.room.clone(),
            needs: one.needs.clone(),
            changes: one
                .changes
                .iter()
                .map(|change| AppointmentChange::of(Some(&change.notice), Some(&change.before), change.at, inside))
                .collect(),
            ended: one.end.as_ref().map(|end| AppointmentChange::of(end.notice.as_ref(), None, end.at, inside)),
            people: people.map(|person| VisitPerson::of(person, inside)).collect(),
            interpreter_at_visit: arrival.and_then(|arrival| arrival.interpreter),
            extensions: one
                .visit
                .extensions
                .iter()
                .map(|extension| VisitExtension { begins_at: extension.begins_at, payer: extension.payer, agreed_at: extension.agreed_at })
                .collect(),
            consultation: one.visit.consultation.as_ref().map(|held| VisitConsultation::of(held, one.visit.corrections.len(), inside)),
            created_at: one.made_at,
            allowed_actions: actions(one, loaded, is_over),
        }
    }
}

/// The operations on this appointment that are open to the caller.
fn actions(one: &Appointment, loaded: &CaseForCaller, is_over: bool) -> Vec<Operation> {
    use Operation as O;
    let (case, by) = (&loaded.case, &loaded.access);
    let of_offer = [O::WithdrawAppointmentOffer, O::AcceptAppointmentOffer];
    let of_booking = [O::RescheduleAppointment, O::CancelAppointment, O::SubstitutePhysician, O::MarkNotAttended];
    let possible: &[O] = if is_over {
        &[]
    } else if one.is_booked() {
        &of_booking
    } else if one.state == AppointmentState::Offered {
        &of_offer
    } else {
        &[]
    };
    possible.iter().copied().filter(|operation| case.check(*operation, by).is_ok()).collect()
}

/// The appointments that the caller sees: those of a time when the patient did not know stay closed to them.
pub(crate) fn open_to(loaded: &CaseForCaller) -> impl Iterator<Item = &Appointment> {
    let since = loaded.case.opened_to(&loaded.access);
    loaded.case.appointments().iter().filter(move |one| since.is_none_or(|since| one.made_at >= since))
}
