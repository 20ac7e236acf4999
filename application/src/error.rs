//! Why a use case did not do what was asked, in words that the layer above can show.

use domain::billing::BillingRefusal;
use domain::billing::fees::FeeRefusal;
use domain::case::Refusal;
use domain::written::OpinionRefusal;

/// A fault in one field of what was asked: where, and which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON Pointer (RFC 6901) to the field, from the body's root.
    pub pointer: String,
    /// Stable code of the rule, an open list.
    pub code: &'static str,
    /// Which form was expected, for a text that is not in it: `phone`, `date`.
    pub form: Option<&'static str>,
    /// The limit that was passed.
    pub limit: Option<u64>,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn at(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code, form: None, limit: None }
    }

    /// The fault, with the form that was expected.
    #[must_use]
    pub fn of_form(self, form: &'static str) -> Self {
        Self { form: Some(form), ..self }
    }

    /// The fault, with the limit that was passed.
    #[must_use]
    pub fn beyond(self, limit: u64) -> Self {
        Self { limit: Some(limit), ..self }
    }
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unauthenticated {
    /// There is no token.
    NotSignedIn,
    /// The access token has expired.
    TokenExpired,
    /// The access token is not one of ours.
    TokenInvalid,
    /// The session, or the authority of the account, has ended.
    SessionEnded,
    /// Wrong address or password, or an account that may not sign in: one answer for all.
    SignInRefused,
    /// The refresh token is not good.
    RefreshRefused,
}

impl Unauthenticated {
    /// The code of the problem that it is shown as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::TokenExpired => "token_expired",
            Self::TokenInvalid => "token_invalid",
            Self::SessionEnded => "session_ended",
            Self::SignInRefused => "sign_in_refused",
            Self::RefreshRefused => "refresh_refused",
        }
    }
}

/// A kind of thing whose number is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Countable {
    /// Documents of a case.
    Documents,
    /// Entries of a treatment history.
    TreatmentEntries,
    /// Open invitations of a case.
    Invitations,
}

impl Countable {
    /// The code of the problem that it is shown as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Documents => "too_many_documents",
            Self::TreatmentEntries => "too_many_treatment_entries",
            Self::Invitations => "too_many_invitations",
        }
    }
}

/// Why a state outside of the life of a case refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The one-time code is wrong, used or too old.
    CodeRefused,
    /// The account is part of the case already.
    AlreadyJoined,
    /// Another person must approve this: neither the one who asked nor the one concerned.
    SecondPersonNeeded,
    /// The request was decided or taken back before.
    ApprovalNotPending,
    /// There are terms of this version.
    TermsVersionTaken,
    /// The demo needs a database in which nobody has entered anything.
    DatabaseNotEmpty,
    /// A case has one of the half hours.
    HalfHoursTaken,
    /// The opinion refuses.
    Opinion(OpinionRefusal),
    /// No estimate can be made now.
    Fee(FeeRefusal),
    /// No invoice can be issued, or no payment recorded, now.
    Billing(BillingRefusal),
}

impl Conflict {
    /// The code of the problem that it is shown as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CodeRefused => "code_refused",
            Self::AlreadyJoined => "already_joined",
            Self::SecondPersonNeeded => "second_person_needed",
            Self::ApprovalNotPending => "approval_not_pending",
            Self::TermsVersionTaken => "terms_version_taken",
            Self::DatabaseNotEmpty => "database_not_empty",
            Self::HalfHoursTaken => "half_hours_taken",
            Self::Opinion(refusal) => refusal.code(),
            Self::Fee(refusal) => refusal.code(),
            Self::Billing(refusal) => refusal.code(),
        }
    }
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it: the two look alike on purpose.
    #[error("absent")]
    Absent,
    /// Who calls is not known: no token, a wrong one, or a session that ended.
    #[error("not signed in: {}", .0.code())]
    Unauthenticated(Unauthenticated),
    /// A rule of the case's life refuses.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// A rule outside the life of a case refuses; the code names it.
    #[error("conflict: {}", .0.code())]
    Conflict(Conflict),
    /// Fields of the request are wrong; all of them are named.
    #[error("{} field(s) are wrong", .0.len())]
    Invalid(Vec<Fault>),
    /// The file is none of the kinds that are taken, by its content.
    #[error("unsupported kind of file")]
    UnsupportedKind,
    /// More bytes than a file or a case may have; the limit.
    #[error("too large: more than {0}")]
    TooLarge(&'static str),
    /// More bytes than all documents of a case may have; the limit.
    #[error("the documents of the case have more than {0}")]
    CaseFull(&'static str),
    /// More of something than there may be.
    #[error("{}: at most {limit}", .what.code())]
    TooMany {
        /// Of what.
        what: Countable,
        /// How many there may be.
        limit: u32,
    },
    /// The resource changed since the caller read it.
    #[error("stale")]
    Stale,
    /// The same idempotency key came with another request.
    #[error("idempotency key reused for another request")]
    KeyReused,
    /// The twin of this request is still under way.
    #[error("a twin of this request is in flight")]
    InFlight,
    /// Too many attempts; when the next one makes sense, in seconds.
    #[error("throttled for {0} s")]
    Throttled(u32),
    /// The database, its disk or its queue.
    #[error(transparent)]
    Stored(#[from] persistence::Error),
    /// A fault of this program.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl Error {
    /// One wrong field.
    pub fn invalid(pointer: impl Into<String>, code: &'static str) -> Self {
        Self::Invalid(vec![Fault::at(pointer, code)])
    }

    /// The same, of a part of the body that stands at `pointer`.
    #[must_use]
    pub fn within(self, pointer: &str) -> Self {
        let moved = |fault: Fault| Fault { pointer: format!("{pointer}{}", fault.pointer), ..fault };
        if let Self::Invalid(faults) = self { Self::Invalid(faults.into_iter().map(moved).collect()) } else { self }
    }

    /// The code of the problem that it is shown as, for the audit trail.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent | Self::Refused(Refusal::Absent) => "not_found",
            Self::Unauthenticated(why) => why.code(),
            Self::Conflict(conflict) => conflict.code(),
            Self::TooMany { what, .. } => what.code(),
            Self::Refused(refusal) => refusal.code(),
            Self::Invalid(_) => "invalid_fields",
            Self::UnsupportedKind => "unsupported_file",
            Self::TooLarge(_) => "too_large",
            Self::CaseFull(_) => "case_full",
            Self::Stale => "stale",
            Self::KeyReused => "idempotency_key_reused",
            Self::InFlight => "request_in_flight",
            Self::Throttled(_) => "too_many_requests",
            Self::Stored(stored) => match stored {
                persistence::Error::NotFound => "not_found",
                persistence::Error::Duplicate { .. } => "duplicate",
                persistence::Error::Stale => "stale",
                persistence::Error::Busy | persistence::Error::Unavailable => "unavailable",
                persistence::Error::DiskFull => "storage_full",
                persistence::Error::Corrupt { .. } | persistence::Error::Query(_) => "internal",
            },
            Self::Internal(_) => "internal",
        }
    }

    /// Whether the fault is this program's, not the request's.
    pub fn is_internal(&self) -> bool {
        self.code() == "internal"
    }
}
