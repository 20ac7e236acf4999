//! Why a case refuses.

use super::CaseStage;
use crate::intake::items::ItemCode;
use crate::people::PartyField;
use crate::service::ServiceKind;

macro_rules! refusals {
    ($($(#[$doc:meta])* $variant:ident = $code:literal $({ $($(#[$fdoc:meta])* $field:ident: $type:ty),* $(,)? })?,)*) => {
        /// Why a case refuses, in the words of the rule.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $($(#[$doc])* #[error($code)] $variant $({ $($(#[$fdoc])* $field: $type),* })?,)*
        }

        impl Refusal {
            /// Every code.
            pub const CODES: &[&'static str] = &[$($code,)*];

            /// The stable code.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code,)* }
            }
        }
    };
}

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
    ItemNotApplicable = "item_not_applicable" {
        /// Which.
        item: ItemCode,
    },
    /// There is nothing to check yet.
    ItemNotProvided = "item_not_provided" {
        /// Which.
        item: ItemCode,
    },
    /// The item was checked: what it rests on is not taken away.
    ItemVerified = "item_verified" {
        /// Which.
        item: ItemCode,
    },
    /// A required item cannot be waived, nor answered with "I cannot provide this".
    ItemIsRequired = "item_is_required" {
        /// Which.
        item: ItemCode,
    },
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
    /// The clock has not run out.
    NotDue = "not_due",
}

impl Refusal {
    /// The fields of the application that are at fault, as JSON Pointers with the code of the rule.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most refusals concern no single field")]
    pub fn pointers(&self) -> Vec<(String, &'static str)> {
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        match self {
            Self::ContactIncomplete { patient, contact_person } => {
                let of = |party: &'static str, fields: &[PartyField]| -> Vec<(String, &'static str)> {
                    fields.iter().map(|field| (format!("/application/{party}{}", field.pointer()), "required")).collect()
                };
                [of("patient", patient), of("contact_person", contact_person)].concat()
            }
            Self::BirthDateImpossible => one("/application/patient/birth_on", "impossible_date"),
            Self::ContactIsPatient { fields } => {
                fields.iter().map(|field| (format!("/application/contact_person{}", field.pointer()), "same_as_patient")).collect()
            }
            Self::AgencyNotNamed => one("/agency_id", "required"),
            Self::NoQuestion => one("/application/questions", "required"),
            Self::FamilyInJapanNotDeclared => one("/application/has_family_or_friend_in_japan", "required"),
            Self::FamilyInJapanDeclared => one("/application/has_family_or_friend_in_japan", "invalid"),
            Self::RepresentativeMissing => one("/application/representatives", "required"),
            Self::RelationshipMissing { representatives } => {
                representatives.iter().map(|index| (format!("/application/representatives/{index}/relation"), "required")).collect()
            }
            Self::CounselDecisionMissing => one("/counsel_decision", "required"),
            Self::CounselIsTheDesks => one("/counsel_decision", "invalid"),
            Self::PhoneIsThePatients { representatives } if representatives.is_empty() => one("/representative/phone", "same_as_patient"),
            Self::PhoneIsThePatients { representatives } => {
                representatives.iter().map(|index| (format!("/application/representatives/{index}/phone"), "same_as_patient")).collect()
            }
            Self::ReviewDayImpossible => one("/review_on", "review_day"),
            Self::PhysicianNotNamed => one("/confirmed_by", "required"),
            Self::ConversationLanguageMissing => one("/application/language", "required"),
            Self::EvidenceIsTheDesks => one("/application/patient/legal_representative/evidence", "invalid"),
            Self::PersonNotInForm { representatives } => {
                representatives.iter().map(|index| (format!("/application/representatives/{index}/id"), "unknown_reference")).collect()
            }
            Self::RelationMissing => one("/representative/relation", "required"),
            Self::OnlyFamilyVisits => one("/representative/relation", "invalid"),
            Self::NobodyNamed => one("/representative_ids", "required"),
            Self::RepresentativeUnknown { representatives } => {
                representatives.iter().map(|index| (format!("/representative_ids/{index}"), "unknown_reference")).collect()
            }
            Self::SignerNotAllowed => one("/signer", "invalid"),
            Self::PaperIsTheDesks => one("/on_paper", "invalid"),
            Self::CopyMissing => one("/document_id", "required"),
            Self::SignedInFuture => one("/signed_on", "in_future"),
            Self::PeriodImpossible => one("/valid_until_on", "invalid"),
            Self::PatientLivesInJapan => one("/application/patient/address/country", "invalid"),
            Self::UninformedNotAllowed => one("/application/patient_uninformed", "invalid"),
            Self::TooMany { pointer } => one(pointer, "too_long"),
            Self::ChangeNotReadable { pointers } => pointers.iter().map(|pointer| ((*pointer).to_owned(), "required")).collect(),
            Self::OfferIsTheDesks => one("/application/written_offered_because", "invalid"),
            Self::AnswersIncomplete { items, questions } => {
                // A list has no entry for what is missing: the list itself is at fault.
                let items = items.first().map(|_| ("/items".to_owned(), "required"));
                items.into_iter().chain(questions.iter().map(|index| (format!("/answers/{index}"), "required"))).collect()
            }
            Self::OpinionIncomplete { parts } => parts.iter().map(|part| ((*part).to_owned(), "required")).collect(),
            Self::QuestionsUnanswered { questions } => questions.iter().map(|index| (format!("/answers/{index}"), "required")).collect(),
            _ => Vec::new(),
        }
    }

    /// Values that a text about this refusal mentions.
    #[expect(clippy::wildcard_enum_match_arm, reason = "most texts mention no value")]
    pub fn facts(&self) -> Vec<(&'static str, Fact)> {
        match self {
            Self::WrongStage { is, needs } => vec![("is", Fact::Stages(vec![*is])), ("needs", Fact::Stages(needs.to_vec()))],
            Self::WrongKind { is } => vec![("is", Fact::Kind(*is))],
            Self::ItemsUnverified { items } | Self::DocumentsUntranslated { items } => vec![("items", Fact::Items(items.clone()))],
            Self::ItemNotApplicable { item }
            | Self::ItemNotProvided { item }
            | Self::ItemVerified { item }
            | Self::ItemIsRequired { item } => vec![("item", Fact::Items(vec![*item]))],
            Self::OpinionTooLong { lines, max_lines } => vec![("lines", Fact::Number(*lines)), ("max_lines", Fact::Number(*max_lines))],
            _ => Vec::new(),
        }
    }
}

/// A value that a text about a refusal mentions. Names appear in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// How many.
    Number(usize),
    /// A service.
    Kind(ServiceKind),
    /// Stages of a case.
    Stages(Vec<CaseStage>),
    /// Required items.
    Items(Vec<ItemCode>),
}
