//! Where a refusal points to, and the values that its text mentions.

use super::Refusal;
use crate::case::CaseStage;
use crate::intake::items::ItemCode;
use crate::people::PartyField;
use crate::service::ServiceKind;

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
            Self::SlotTaken { pointers } => pointers.iter().map(|pointer| (pointer.clone(), "slot_taken")).collect(),
            Self::AnotherRecipient => one("/recipient", "another_recipient"),
            Self::KindUnchanged => one("/kind", "unchanged"),
            Self::OfferOfNothingWritten => one("/written_offered_because", "invalid"),
            Self::NoticeMissing => one("/notice", "required"),
            Self::NothingToMove => one("/notice", "invalid"),
            Self::NoticeInFuture => one("/notice/notified_on", "in_future"),
            Self::MoveNeedsReason => one("/notice/text", "required"),
            Self::ChoiceUnknown => one("/choice", "unknown_reference"),
            Self::InterpreterNotNamed => one("/interpreter", "required"),
            Self::NotTheSameDay => one("/time/starts_at", "not_the_same_day"),
            Self::NobodyWasCalled => one("/attempts", "required"),
            Self::BeginningImpossible => one("/began_at", "impossible_time"),
            Self::TimesImpossible => one("/took_place/ended_at", "impossible_time"),
            Self::HalfHoursImpossible { .. } => one("/took_place/half_hours", "half_hours_impossible"),
            Self::FirstIsCharged => one("/took_place/not_charged/half_hours", "first_is_charged"),
            Self::InterpreterMissing => one("/took_place/interpreter", "interpreter_missing"),
            Self::NotReceived { representatives } => {
                representatives.iter().map(|place| (format!("/took_place/representative_ids/{place}"), "not_received")).collect()
            }
            Self::CannotBeReceived { people } => people.iter().map(|(place, code)| at_the_door(*place, code)).collect(),
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

/// The field at fault of somebody who cannot be received, or the person as a whole.
fn at_the_door(place: usize, code: &'static str) -> (String, &'static str) {
    let field = match code {
        "unknown_reference" => "/representative_id",
        "name_missing" => "/name",
        "reason_missing" | "reason_of_nobody" => "/reason",
        "identity_not_shown" => "/identity",
        "original_missing" => "/original_seen",
        _ => "",
    };
    (format!("/people/{place}{field}"), code)
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
