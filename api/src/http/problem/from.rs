//! From errors to problems, in exhaustive matches.

use actix_web::http::StatusCode;
use application::database::Error as Stored;
use application::{Conflict, Countable, Error, Unauthenticated};
use domain::billing::BillingRefusal;
use domain::billing::fees::FeeRefusal;
use domain::case::Refusal;
use domain::written::OpinionRefusal;

use super::{Code, Fact, Problem};

/// Seconds after which a busy or absent database is worth another try.
const RETRY_SOON: u32 = 2;

/// Seconds after which somebody may have made room on a full disk.
const RETRY_WHEN_THERE_IS_ROOM: u32 = 300;

/// Refusals of the domain that are about what was sent, not about the state of the case: mending the request helps.
const ABOUT_THE_REQUEST: &[&str] = &[
    "agency_not_named",
    "answers_incomplete",
    "beginning_impossible",
    "birth_date_impossible",
    "change_not_readable",
    "choice_unknown",
    "copy_missing",
    "counsel_decision_missing",
    "counsel_is_the_desks",
    "evidence_is_the_desks",
    "first_is_charged",
    "half_hours_impossible",
    "interpreter_not_named",
    "item_is_required",
    "item_not_applicable",
    "move_needs_reason",
    "nobody_named",
    "nobody_was_called",
    "not_received",
    "not_the_same_day",
    "nothing_asked",
    "nothing_to_move",
    "notice_in_future",
    "notice_missing",
    "only_family_visits",
    "paper_is_the_desks",
    "payer_unknown",
    "period_impossible",
    "person_not_in_form",
    "phone_is_the_patients",
    "physician_not_named",
    "reason_is_the_departments",
    "reason_is_the_hospitals",
    "reason_not_allowed",
    "relation_missing",
    "representative_unknown",
    "review_day_impossible",
    "signed_in_future",
    "signer_not_allowed",
    "terms_mismatch",
    "times_impossible",
    "too_many",
];

/// The status that a refusal of the domain is shown with: 409 as a rule.
pub(crate) fn status_of_refusal(code: &str) -> StatusCode {
    if code == "absent" {
        StatusCode::NOT_FOUND
    } else if ABOUT_THE_REQUEST.contains(&code) {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::CONFLICT
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Absent => Self::of(Code::NotFound),
            Error::Unauthenticated(why) => unauthenticated(why),
            Error::Refused(refusal) => refused(&refusal),
            Error::Conflict(reason) => conflict(reason),
            Error::Invalid(faults) if !faults.is_empty() && faults.iter().all(|fault| fault.pointer.starts_with("/query/")) => {
                Self::of(Code::InvalidParameters).with_faults(faults)
            }
            Error::Invalid(faults) => Self::of(Code::InvalidFields).with_faults(faults),
            Error::UnsupportedKind => Self::of(Code::UnsupportedFile),
            Error::CaseFull(limit) => Self::of(Code::CaseFull).with("limit", limit),
            Error::TooLarge(limit) => Self::of(Code::TooLarge).with("limit", limit),
            Error::TooMany { what, limit } => too_many(what, limit),
            Error::Stale => Self::of(Code::Stale),
            Error::KeyReused => Self::of(Code::IdempotencyKeyReused),
            Error::InFlight => Self::of(Code::RequestInFlight),
            Error::Throttled(seconds) => {
                Self::of(Code::TooManyRequests).retry_after(seconds).with("minutes", seconds.div_ceil(60).to_string())
            }
            Error::Stored(stored) => from_store(stored),
            Error::Internal(what) => {
                tracing::error!(what, "a fault of this program");
                Self::of(Code::Internal)
            }
        }
    }
}

fn conflict(conflict: Conflict) -> Problem {
    let problem = Problem::of(code_of(conflict));
    if conflict == Conflict::CodeRefused { problem.with_faults(vec![application::Fault::at("/code", "code_refused")]) } else { problem }
}

fn code_of(conflict: Conflict) -> Code {
    match conflict {
        Conflict::CodeRefused => Code::CodeRefused,
        Conflict::AlreadyJoined => Code::AlreadyJoined,
        Conflict::SecondPersonNeeded | Conflict::Billing(BillingRefusal::SecondPersonNeeded) => Code::SecondPersonNeeded,
        Conflict::ApprovalNotPending => Code::ApprovalNotPending,
        Conflict::Opinion(OpinionRefusal::NotDraft) => Code::OpinionNotDraft,
        Conflict::Opinion(OpinionRefusal::NotSubmitted) => Code::OpinionNotSubmitted,
        Conflict::Opinion(OpinionRefusal::NotDelivered) => Code::OpinionNotDelivered,
        Conflict::Billing(BillingRefusal::DuplicateReference) => Code::DuplicateReference,
        Conflict::Billing(BillingRefusal::NothingOwed) => Code::NothingOwed,
        Conflict::Billing(BillingRefusal::WriteOffPending) => Code::WriteOffPending,
        Conflict::Billing(BillingRefusal::WriteOffDecided) => Code::WriteOffDecided,
        Conflict::Billing(BillingRefusal::WriteOffOutdated) => Code::WriteOffOutdated,
        Conflict::Billing(BillingRefusal::InvoiceEnded) => Code::InvoiceEnded,
        Conflict::Billing(BillingRefusal::InvoiceReplaced) => Code::InvoiceReplaced,
        Conflict::Billing(BillingRefusal::InvoiceCredited) => Code::InvoiceCredited,
        Conflict::Billing(BillingRefusal::PaymentMatched) => Code::PaymentMatched,
        Conflict::Billing(BillingRefusal::NothingLeft) => Code::NothingLeftToSendBack,
        Conflict::Billing(BillingRefusal::PaymentHasLeft) => Code::PaymentHasLeft,
        Conflict::Billing(BillingRefusal::ReceiptVoid) => Code::ReceiptVoid,
        Conflict::Billing(BillingRefusal::PaymentSentBack) => Code::PaymentSentBack,
        Conflict::Billing(BillingRefusal::PaymentReversed) => Code::PaymentReversed,
        Conflict::Billing(BillingRefusal::PaymentBeforeEnd) => Code::PaymentBeforeEnd,
        Conflict::Billing(BillingRefusal::RefundState) => Code::RefundWrongState,
        Conflict::Billing(BillingRefusal::PayeeMissing) => Code::PayeeMissing,
        Conflict::Billing(BillingRefusal::RefundApproved) => Code::RefundAlreadyApproved,
        Conflict::Billing(BillingRefusal::TargetNotOpen) => Code::RefundTargetNotOpen,
        Conflict::Billing(BillingRefusal::MoneyOfRefund) => Code::MoneyOfARefund,
        Conflict::Billing(BillingRefusal::NotLapsed) => Code::InvoiceNotLapsed,
        Conflict::Billing(BillingRefusal::NotSetUp) => Code::InvoicingNotSetUp,
        Conflict::Fee(FeeRefusal::PriceMissing) => Code::PriceMissing,
        Conflict::Fee(FeeRefusal::ScheduleNotInForce) => Code::ScheduleNotInForce,
        Conflict::Fee(FeeRefusal::AmountOutOfRange) | Conflict::Billing(BillingRefusal::AmountOutOfRange) => Code::AmountOutOfRange,
        Conflict::Billing(BillingRefusal::NothingToPay) => Code::NothingToPay,
        Conflict::HalfHoursTaken => Code::HalfHoursTaken,
        Conflict::TermsVersionTaken => Code::TermsVersionTaken,
        // Those name a field, and are faults of it; a database of the demo is no affair of a request.
        Conflict::DatabaseNotEmpty
        | Conflict::Fee(
            FeeRefusal::NoSlides
            | FeeRefusal::TooManySlides
            | FeeRefusal::TooManySpecimens
            | FeeRefusal::HalfHoursAreForVisits
            | FeeRefusal::TooManyHalfHours
            | FeeRefusal::HalfHourPriceIsForVisits
            | FeeRefusal::PaymentIsForVisits
            | FeeRefusal::BelowMinimum
            | FeeRefusal::ReasonMissing
            | FeeRefusal::NothingRaised,
        )
        | Conflict::Billing(
            BillingRefusal::ZeroAmount
            | BillingRefusal::AboveBankChargeLimit
            | BillingRefusal::WithoutTransfer
            | BillingRefusal::NotPerformed
            | BillingRefusal::MoreThanUnmatched
            | BillingRefusal::MoreThanIsLeft
            | BillingRefusal::TermNotLater
            | BillingRefusal::NothingGoesBack
            | BillingRefusal::NothingCameBack
            | BillingRefusal::TermTooLong
            | BillingRefusal::MatchInstead
            | BillingRefusal::MatchedHasNoReplacement
            | BillingRefusal::NothingToCredit
            | BillingRefusal::LineNotInvoiced
            | BillingRefusal::MoreThanInvoiced
            | BillingRefusal::CreditMixesPerformed
            | BillingRefusal::OnlyPathologyLeft
            | BillingRefusal::ReceivedInFuture
            | BillingRefusal::ReceivedTooEarly
            | BillingRefusal::BankChargeWithoutTransfer
            | BillingRefusal::EvidenceMissing
            | BillingRefusal::InvoiceNotNamed
            | BillingRefusal::InvoiceNotPaid
            | BillingRefusal::InvoiceNotOpen
            | BillingRefusal::RaiseOfNothing
            | BillingRefusal::RaiseIsPaidOut
            | BillingRefusal::RaiseAboveFee
            | BillingRefusal::AttemptsMissing
            | BillingRefusal::AttemptInFuture
            | BillingRefusal::AttemptBeforeDue
            | BillingRefusal::SwiftInvalid
            | BillingRefusal::PaidInFuture
            | BillingRefusal::PaidBeforeDue
            | BillingRefusal::BankChargeIsThePayees
            | BillingRefusal::ReturnedInFuture
            | BillingRefusal::ReturnedBeforePaid
            | BillingRefusal::MoreReturnedThanPaid,
        ) => Code::Internal,
    }
}

fn too_many(what: Countable, limit: u32) -> Problem {
    let code = match what {
        Countable::Documents => Code::TooManyDocuments,
        Countable::TreatmentEntries => Code::TooManyTreatmentEntries,
        Countable::Invitations => Code::TooManyInvitations,
    };
    Problem::of(code).with("limit", limit.to_string())
}

fn unauthenticated(why: Unauthenticated) -> Problem {
    Problem::of(match why {
        Unauthenticated::NotSignedIn => Code::NotSignedIn,
        Unauthenticated::TokenExpired => Code::TokenExpired,
        Unauthenticated::TokenInvalid => Code::TokenInvalid,
        Unauthenticated::SessionEnded => Code::SessionEnded,
        Unauthenticated::SignInRefused => Code::SignInRefused,
        Unauthenticated::RefreshRefused => Code::RefreshRefused,
    })
}

fn refused(refusal: &Refusal) -> Problem {
    if matches!(refusal, Refusal::Absent) {
        return Problem::of(Code::NotFound);
    }
    let mut problem = Problem::named(refusal.code(), status_of_refusal(refusal.code()));
    problem.faults = refusal.pointers().into_iter().map(|(pointer, code)| application::Fault::at(pointer, code)).collect();
    problem.facts = refusal.facts().into_iter().map(|(name, fact)| (name, named(fact))).collect();
    problem
}

fn named(fact: domain::case::Fact) -> Fact {
    use domain::case::Fact as Of;
    match fact {
        Of::Number(number) => Fact::Text(number.to_string()),
        Of::Kind(kind) => Fact::Names("kind", vec![kind.as_str()]),
        Of::Stages(stages) => Fact::Names("stage", stages.iter().map(|stage| stage.as_str()).collect()),
        Of::Items(items) => Fact::Names("item", items.iter().map(|item| item.as_str()).collect()),
    }
}

fn from_store(error: Stored) -> Problem {
    match error {
        Stored::NotFound => Problem::of(Code::NotFound),
        Stored::Duplicate { .. } => Problem::of(Code::Duplicate),
        Stored::Stale => Problem::of(Code::Stale),
        Stored::Busy | Stored::Unavailable => Problem::of(Code::Unavailable).retry_after(RETRY_SOON),
        Stored::DiskFull => Problem::of(Code::StorageFull).retry_after(RETRY_WHEN_THERE_IS_ROOM),
        Stored::Corrupt { table, column, id } => {
            tracing::error!(table, column, id, "stored data is corrupt");
            Problem::of(Code::Internal)
        }
        Stored::Query(what) => {
            tracing::error!(what, "a query failed");
            Problem::of(Code::Internal)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trail_names_the_code_of_the_problem() {
        let errors = [
            Error::Absent,
            Error::Unauthenticated(Unauthenticated::SignInRefused),
            Error::Refused(Refusal::Absent),
            Error::Refused(Refusal::OnHold),
            Error::Conflict(Conflict::CodeRefused),
            Error::invalid("/name", "required"),
            Error::UnsupportedKind,
            Error::TooLarge("1 MiB"),
            Error::CaseFull("1 GiB"),
            Error::TooMany { what: Countable::Documents, limit: 200 },
            Error::Conflict(Conflict::Fee(FeeRefusal::PriceMissing)),
            Error::Conflict(Conflict::Billing(BillingRefusal::DuplicateReference)),
            Error::Conflict(Conflict::Opinion(OpinionRefusal::NotDraft)),
            Error::Stale,
            Error::KeyReused,
            Error::InFlight,
            Error::Throttled(1),
            Error::Internal("a fault"),
            Error::Stored(Stored::NotFound),
            Error::Stored(Stored::Duplicate { constraint: String::new() }),
            Error::Stored(Stored::Stale),
            Error::Stored(Stored::Busy),
            Error::Stored(Stored::Unavailable),
            Error::Stored(Stored::DiskFull),
            Error::Stored(Stored::Query(String::new())),
            Error::Stored(Stored::Corrupt { table: "cases", column: "body_sealed", id: String::new() }),
        ];
        for error in errors {
            let (code, shown) = (error.code(), error.to_string());
            assert_eq!(Problem::from(error).code, code, "{shown}");
        }
    }

    #[test]
    fn every_code_that_is_named_here_is_one_of_the_domain() {
        for code in ABOUT_THE_REQUEST {
            assert!(Refusal::CODES.contains(code), "{code}");
        }
    }
}
