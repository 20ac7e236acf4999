//! The refusals, each with its code and what it names.

use super::refusals;
use crate::case::CaseStage;
use crate::intake::items::ItemCode;
use crate::people::PartyField;
use crate::service::ServiceKind;

refusals! {
    /// For this caller there is no such case.
    Absent = "absent",
    /// The case stands elsewhere.
    WrongStage = "wrong_stage" {
        /// Where it stands.
        is: CaseStage,
        /// Where it would have to stand.
        needs: &'static [CaseStage],
    },
    /// The operation belongs to another service.
    WrongKind = "wrong_kind" {
        /// The service of the case.
        is: ServiceKind,
    },
    /// The case is on hold.
    OnHold = "on_hold",
    /// The case is not on hold.
    NotOnHold = "not_on_hold",
    /// Contact information is missing (seed: “all contact information for the patient and 1 other person”).
    ContactIncomplete = "contact_incomplete" {
        /// Of the patient.
        patient: Vec<PartyField>,
        /// Of the other person.
        contact_person: Vec<PartyField>,
    },
    /// Nobody was born on this day: it is to come, or before 1880.
    BirthDateImpossible = "birth_date_impossible",
    /// The other person is the patient (seed: “and 1 other person”).
    ContactIsPatient = "contact_is_patient" {
        /// The fields that they have in common.
        fields: Vec<PartyField>,
    },
    /// Whoever works for several agencies says for which.
    AgencyNotNamed = "agency_not_named",
    /// A written opinion answers questions; there is none.
    NoQuestion = "no_question",
    /// Whether the patient has family or friends in Japan is not said.
    FamilyInJapanNotDeclared = "family_in_japan_not_declared",
    /// A written opinion is for patients without family or friends in Japan, and some are declared (seed).
    FamilyInJapanDeclared = "family_in_japan_declared",
    /// Somebody must visit for the patient, and nobody is named.
    RepresentativeMissing = "representative_missing",
    /// How a representative stands to the patient is not said.
    RelationshipMissing = "relationship_missing" {
        /// Which of them, from 0.
        representatives: Vec<usize>,
    },
    /// A consultation by a representative is for patients who do not live in Japan (seed).
    PatientLivesInJapan = "patient_lives_in_japan",
    /// Only family may consult before the patient knows, and only in their place (seed).
    UninformedNotAllowed = "uninformed_not_allowed",
    /// The claim was made already.
    AlreadyClaimed = "already_claimed",
    /// There is no claim that the patient does not know.
    NotUninformed = "not_uninformed",
    /// The hospital does not offer it (setting).
    UninformedNotOffered = "uninformed_not_offered",
    /// An agency would know of it.
    UninformedWithAgency = "uninformed_with_agency",
    /// The decision of counsel that an agency may know is not recorded.
    CounselDecisionMissing = "counsel_decision_missing",
    /// The desk alone records what counsel decided.
    CounselIsTheDesks = "counsel_is_the_desks",
    /// The patient signed a consent.
    PatientHasSigned = "patient_has_signed",
    /// The patient's own account takes part.
    PatientHasJoined = "patient_has_joined",
    /// An invitation was sent to the patient.
    PatientWasInvited = "patient_was_invited",
    /// An estimate or an invoice is in the patient's name.
    PatientIsOnPaper = "patient_is_on_paper",
    /// An address is the patient's, who does not know.
    AddressIsThePatients = "address_is_the_patients",
    /// A telephone number is the patient's, who does not know.
    PhoneIsThePatients = "phone_is_the_patients" {
        /// Whose of those who visit, from 0; nobody if it is the only one.
        representatives: Vec<usize>,
    },
    /// An approval ends today at the earliest, and within a year.
    ReviewDayImpossible = "review_day_impossible",
    /// The physician who confirmed is not named.
    PhysicianNotNamed = "physician_not_named",
    /// The department has not approved that the patient does not know.
    AttestationMissing = "attestation_missing",
    /// Too many of something in the application.
    TooMany = "too_many" {
        /// Where, as a JSON Pointer.
        pointer: &'static str,
    },
    /// The desk alone records why a written opinion is offered all the same.
    OfferIsTheDesks = "offer_is_the_desks",
    /// The result of the change is not readable: a name without any form, an address without a country.
    ChangeNotReadable = "change_not_readable" {
        /// Where something is needed, as JSON Pointers.
        pointers: Vec<&'static str>,
    },
    /// The language of the conversation is not said.
    ConversationLanguageMissing = "conversation_language_missing",
    /// The desk alone records which paper shows that somebody signs for the patient.
    EvidenceIsTheDesks = "evidence_is_the_desks",
    /// An identifier of nobody in the form, or one that stands twice.
    PersonNotInForm = "person_not_in_form" {
        /// Which of them, from 0.
        representatives: Vec<usize>,
    },
    /// How somebody who visits stands to the patient is not said.
    RelationMissing = "relation_missing",
    /// No more people may visit.
    TooManyRepresentatives = "too_many_representatives",
    /// Somebody must visit for the patient: the last person stays.
    LastRepresentative = "last_representative",
    /// The visit has taken place: who was there does not change.
    VisitIsOver = "visit_is_over",
    /// Nobody could be received at the visit.
    NoVisitorCanBeReceived = "no_visitor_can_be_received",
    /// Consents have a register of their own.
    ConsentsAreRegistered = "consents_are_registered",
    /// This case needs no consent.
    NoConsentNeeded = "no_consent_needed",
    /// No agency refers the patient.
    NoAgency = "no_agency",
    /// While the patient does not know, no consent is asked for.
    NoConsentWhileUninformed = "no_consent_while_uninformed",
    /// While the patient does not know, only family visits.
    OnlyFamilyVisits = "only_family_visits",
    /// The consent names nobody who visits.
    NobodyNamed = "nobody_named",
    /// The consent names somebody who does not visit.
    RepresentativeUnknown = "representative_unknown" {
        /// Which of them, from 0.
        representatives: Vec<usize>,
    },
    /// Only the patient signs, or who signs for them by law (seed: “a consent form signed by the patient”).
    SignerNotAllowed = "signer_not_allowed",
    /// The desk alone says that it holds the paper.
    PaperIsTheDesks = "paper_is_the_desks",
    /// There is neither an uploaded copy nor a paper.
    CopyMissing = "copy_missing",
    /// The day of the signature is to come.
    SignedInFuture = "signed_in_future",
    /// The consent would end before it was signed.
    PeriodImpossible = "period_impossible",
    /// A document is the copy of a consent.
    ConsentRestsOnIt = "consent_rests_on_it",
    /// The register is full.
    TooManyConsents = "too_many_consents",
    /// There is no consent to check or to take back.
    ConsentNotOpen = "consent_not_open",
    /// Somebody else signs for the patient now.
    SignerReplaced = "signer_replaced",
    /// The day of the signature is not known.
    ConsentUndated = "consent_undated",
    /// No paper shows that somebody signs for the patient by law.
    EvidenceMissing = "evidence_missing",
    /// The period of the consent is over.
    ConsentPeriodOver = "consent_period_over",
    /// Required items are not verified.
    ItemsUnverified = "items_unverified" {
        /// Which.
        items: Vec<ItemCode>,
    },
    /// Documents that are relied on are neither in Japanese or English nor translated, nor set aside.
    DocumentsUntranslated = "documents_untranslated" {
        /// For which items.
        items: Vec<ItemCode>,
    },
    /// The item does not apply to this case.
    ItemNotApplicable = "item_not_applicable" { /** Which. */ item: ItemCode },
    /// There is nothing to check yet.
    ItemNotProvided = "item_not_provided" { /** Which. */ item: ItemCode },
    /// The item was checked: what it rests on is not taken away.
    ItemVerified = "item_verified" { /** Which. */ item: ItemCode },
    /// A required item cannot be waived, nor answered with "I cannot provide this".
    ItemIsRequired = "item_is_required" { /** Which. */ item: ItemCode },
    /// The request asks for nothing.
    NothingAsked = "nothing_asked",
    /// The request was answered or withdrawn already.
    RequestNotOpen = "request_not_open",
    /// Something that was asked is not answered.
    AnswersIncomplete = "answers_incomplete" {
        /// Items.
        items: Vec<ItemCode>,
        /// Questions, from 0.
        questions: Vec<usize>,
    },
    /// The request is still open.
    InformationOutstanding = "information_outstanding",
    /// The hospital does not use this reason.
    ReasonNotAllowed = "reason_not_allowed",
    /// The desk may decline for administrative reasons only; others are the department's.
    ReasonIsTheDepartments = "reason_is_the_departments",
    /// Records must have been asked for before they can be called missing.
    AskFirst = "ask_first",
    /// The applicant may not use this reason.
    ReasonIsTheHospitals = "reason_is_the_hospitals",
    /// No estimate was accepted.
    EstimateNotAccepted = "estimate_not_accepted",
    /// The estimate was accepted already.
    EstimateAlreadyAccepted = "estimate_already_accepted",
    /// No estimate waits to be accepted.
    EstimateNotIssued = "estimate_not_issued",
    /// Another estimate took its place, or it was taken back.
    EstimateSuperseded = "estimate_superseded",
    /// The estimate does not hold any longer.
    EstimateExpired = "estimate_expired",
    /// The estimate comes with other terms.
    TermsMismatch = "terms_mismatch",
    /// The patient pays through an agency that is not on the case.
    PayerUnknown = "payer_unknown",
    /// The opinion does not fit on one page (seed: “a one-page document”).
    OpinionTooLong = "opinion_too_long" {
        /// Lines that it needs.
        lines: usize,
        /// Lines that a page has.
        max_lines: usize,
    },
    /// Questions are not addressed.
    QuestionsUnanswered = "questions_unanswered" {
        /// Which, from 0.
        questions: Vec<usize>,
    },
    /// The findings of the re-examination are not recorded.
    FindingsMissing = "findings_missing",
    /// The findings of the re-examination are recorded already.
    FindingsRecorded = "findings_recorded",
    /// The payer has agreed to the proposed slides already.
    AdditionAgreed = "addition_agreed",
    /// More slides are proposed, and neither paid nor withdrawn.
    AdditionOpen = "addition_open",
    /// The re-examination is as it is wanted.
    ReExaminationUnchanged = "re_examination_unchanged",
    /// No slides are to be examined again.
    NoReExamination = "no_re_examination",
    /// Slides are invoiced that nobody asks for any longer.
    CreditNoteMissing = "credit_note_missing",
    /// An invoice of the slides is not paid.
    SlidesUnpaid = "slides_unpaid",
    /// Slides are verified by pathology's count.
    SlidesAreCounted = "slides_are_counted",
    /// The opinion's text is missing parts.
    OpinionIncomplete = "opinion_incomplete" {
        /// Which, as JSON Pointers.
        parts: Vec<&'static str>,
    },
    /// Nobody outside can read the opinion, and it was not sent.
    OpinionNotSent = "opinion_not_sent",
    /// Neither applicant nor patient has an account, and there is no address of the patient to send the opinion to.
    NoWayToDeliver = "no_way_to_deliver",
    /// The agency alone does not end work that is paid.
    PatientMustAgree = "patient_must_agree",
    /// No death of the patient was recorded.
    NoDeathRecorded = "no_death_recorded",
    /// The patient's death was recorded before.
    DeathAlreadyRecorded = "death_already_recorded",
    /// Money is not settled.
    MoneyOpen = "money_open",
    /// Nothing would be demanded for work that is under way.
    CreditFreesWork = "credit_frees_work",
    /// Slides are not returned.
    SlidesOpen = "slides_open",
    /// The case ended too long ago to be reopened.
    ReopeningOver = "reopening_over",
    /// An appointment stands, or an offer waits for its answer.
    AppointmentOpen = "appointment_open",
    /// No such appointment is booked.
    NoAppointment = "no_appointment",
    /// No such offer waits for an answer.
    NoOffer = "no_offer",
    /// A case remembers no more appointments.
    TooManyAppointments = "too_many_appointments",
    /// Beside an appointment that stands, an offer says who wants another time.
    NoticeMissing = "notice_missing",
    /// No appointment stands that could be moved.
    NothingToMove = "nothing_to_move",
    /// The times of the offer are not held any longer.
    OfferLapsed = "offer_lapsed",
    /// The offer has no such time.
    ChoiceUnknown = "choice_unknown",
    /// The time has another length than the accepted estimate.
    OfferDiffers = "offer_differs",
    /// Who interprets is not said, and somebody must.
    InterpreterNotNamed = "interpreter_not_named",
    /// The last day to pay for this visit in advance is over.
    TooLateToPay = "too_late_to_pay",
    /// Somebody was received: the visit is under way.
    VisitHasBegun = "visit_has_begun",
    /// The time of the visit is past.
    VisitTimeIsPast = "visit_time_is_past",
    /// The notice would arrive in the future.
    NoticeInFuture = "notice_in_future",
    /// Those who visit have moved it often enough, or too late: the desk says why it is moved again.
    MoveNeedsReason = "move_needs_reason",
    /// The appointment is as it is wanted.
    AppointmentUnchanged = "appointment_unchanged",
    /// A substitute receives on the same day.
    NotTheSameDay = "not_the_same_day",
    /// It is too early to say that nobody comes.
    TooEarly = "too_early",
    /// Nobody tried to reach those who did not come.
    NobodyWasCalled = "nobody_was_called",
    /// The appointment is on another day.
    NotTheDay = "not_the_day",
    /// The reception was recorded too often.
    TooManyArrivals = "too_many_arrivals",
    /// People cannot be received as they stand.
    CannotBeReceived = "cannot_be_received" {
        /// Who, from 0, and why.
        people: Vec<(usize, &'static str)>,
    },
    /// Nobody was received.
    NobodyReceived = "nobody_received",
    /// The consultation cannot have begun then.
    BeginningImpossible = "beginning_impossible",
    /// The further half hour has begun already.
    ExtensionTooLate = "extension_not_agreed_in_time",
    /// The consultation is long enough.
    TooManyHalfHours = "too_many_half_hours",
    /// The consultation cannot have taken place then.
    TimesImpossible = "times_impossible",
    /// So many half hours were not agreed on, or did not begin.
    HalfHoursImpossible = "half_hours_impossible" {
        /// Half hours that were agreed on.
        agreed: u8,
        /// Half hours that began by the clock.
        begun: u8,
    },
    /// The first half hour is always charged.
    FirstIsCharged = "first_is_charged",
    /// Somebody was in the room who was not received.
    NotReceived = "not_received" {
        /// Which of them, from 0.
        representatives: Vec<usize>,
    },
    /// Who interpreted is not said, or why nobody did.
    InterpreterMissing = "interpreter_missing",
    /// An invoice charges for the consultation.
    ConsultationCharged = "consultation_charged",
    /// No more exams are noted.
    TooManyExams = "too_many_exams",
    /// The patient does not know: nobody asks for their treatment.
    PatientUninformed = "patient_uninformed",
    /// A request for treatment waits for its answer.
    TreatmentRequestOpen = "treatment_request_open",
    /// The case was closed too long ago to ask for treatment.
    TreatmentRequestTooLate = "treatment_request_too_late",
    /// No more requests for treatment are noted.
    TooManyTreatmentRequests = "too_many_treatment_requests",
    /// Nobody has asked for treatment.
    NoTreatmentRequest = "no_treatment_request",
    /// The last request for treatment is answered.
    TreatmentAnswered = "treatment_answered",
    /// There is no answer to correct.
    NothingAnswered = "nothing_answered",
    /// The case is of this service already.
    KindUnchanged = "kind_unchanged",
    /// Only a written opinion is offered for a reason.
    OfferOfNothingWritten = "offer_of_nothing_written",
    /// The earlier case is not over: it goes on.
    EarlierCaseOpen = "earlier_case_open",
    /// No other service is proposed.
    NoKindProposal = "no_kind_proposal",
    /// Another service is proposed by now.
    KindProposalReplaced = "kind_proposal_replaced",
    /// A visit is paid in advance only if its estimate says so, and once.
    NotPaidInAdvance = "not_paid_in_advance",
    /// Somebody else has the half hour.
    SlotTaken = "slot_taken" {
        /// Which of the times, as JSON Pointers; none if there is but one.
        pointers: Vec<String>,
    },
    /// Further half hours that those who visit pay are one invoice, to one recipient.
    AnotherRecipient = "another_recipient",
    /// Whoever accepted the estimate has not agreed to more half hours.
    PayerNotCovered = "payer_not_covered",
    /// Something that took place is not invoiced.
    NothingInvoiced = "nothing_invoiced",
    /// Everything that took place is invoiced.
    NothingToInvoice = "nothing_to_invoice",
    /// The clock has not run out.
    NotDue = "not_due",
}
