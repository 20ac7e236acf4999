//! From errors to problems, in exhaustive matches.

use actix_web::http::StatusCode;
use application::Error;
use domain::case::Refusal;

use super::{Code, Problem};

/// Seconds after which a busy or absent database is worth another try.
const RETRY_SOON: u32 = 2;

/// Seconds after which somebody may have made room on a full disk.
const RETRY_WHEN_THERE_IS_ROOM: u32 = 300;

/// Refusals of the domain that are about what was sent, not about the state of the case: mending the request helps.
const ABOUT_THE_REQUEST: &[&str] = &[
    "answers_incomplete",
    "change_not_readable",
    "item_is_required",
    "item_not_applicable",
    "nothing_asked",
    "payer_unknown",
    "quote_mismatch",
    "reason_is_the_departments",
    "reason_is_the_hospitals",
    "reason_not_allowed",
    "terms_mismatch",
    "times_mixed_up",
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
            Error::Unauthenticated(code) => unauthenticated(code),
            Error::Forbidden => Self::of(Code::Forbidden),
            Error::Refused(refusal) => refused(&refusal),
            Error::Conflict(reason) => conflict(reason),
            Error::Invalid(faults) => Self::of(Code::InvalidFields).with_faults(faults),
            Error::UnsupportedKind => Self::of(Code::UnsupportedFile),
            Error::CaseFull(limit) => Self::of(Code::CaseFull).with("limit", limit),
            Error::TooLarge(limit) => Self::of(Code::TooLarge).with("limit", limit),
            Error::TooMany { code, limit } => conflict(code).with("limit", limit.to_string()),
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

/// A conflict with a code of its own, or the one for all others.
fn conflict(reason: &'static str) -> Problem {
    let own = Code::ALL.iter().find(|code| code.as_str() == reason && code.status() == StatusCode::CONFLICT);
    let problem = own.map_or_else(|| Problem::of(Code::Conflict).with("reason", reason), |code| Problem::of(*code));
    if reason == Code::CodeRefused.as_str() { problem.with_faults(vec![application::Fault::at("/code", "code_refused")]) } else { problem }
}

fn unauthenticated(code: &'static str) -> Problem {
    let known = [Code::TokenExpired, Code::TokenInvalid, Code::SessionEnded, Code::SignInRefused, Code::RefreshRefused];
    Problem::of(known.into_iter().find(|known| known.as_str() == code).unwrap_or(Code::NotSignedIn))
}

fn refused(refusal: &Refusal) -> Problem {
    if matches!(refusal, Refusal::Absent) {
        return Problem::of(Code::NotFound);
    }
    let mut problem = Problem::named(refusal.code(), status_of_refusal(refusal.code()));
    problem.faults = refusal.pointers().into_iter().map(|(pointer, code)| application::Fault::at(pointer, code)).collect();
    problem.facts = refusal.facts();
    problem
}

fn from_store(error: persistence::Error) -> Problem {
    use persistence::Error as Stored;
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
        use persistence::Error as Stored;
        let errors = [
            Error::Absent,
            Error::Unauthenticated("sign_in_refused"),
            Error::Forbidden,
            Error::Refused(Refusal::Absent),
            Error::Refused(Refusal::OnHold),
            Error::Conflict("code_refused"),
            Error::invalid("/name", "required"),
            Error::UnsupportedKind,
            Error::TooLarge("1 MiB"),
            Error::CaseFull("1 GiB"),
            Error::TooMany { code: "too_many_documents", limit: 200 },
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
