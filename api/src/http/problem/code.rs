//! The codes of problems: stable names, each with its status.

use std::sync::LazyLock;

use actix_web::http::StatusCode;
use domain::case::Refusal;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:ident;)*) => {
        /// Codes of problems that are the API's own; the refusals of the domain bring theirs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status,)* }
            }
        }
    };
}

codes! {
    /// The body is no JSON.
    MalformedJson = "malformed_json", BAD_REQUEST;
    /// The request cannot be read: headers, encoding, a truncated body.
    MalformedRequest = "malformed_request", BAD_REQUEST;
    /// Query parameters are unknown or wrong.
    InvalidParameters = "invalid_parameters", BAD_REQUEST;
    /// A property that the operation does not know.
    UnknownProperty = "unknown_property", BAD_REQUEST;
    /// No token, or none that is good.
    NotSignedIn = "not_signed_in", UNAUTHORIZED;
    /// The access token has expired.
    TokenExpired = "token_expired", UNAUTHORIZED;
    /// The access token is not one of ours.
    TokenInvalid = "token_invalid", UNAUTHORIZED;
    /// The session has ended.
    SessionEnded = "session_ended", UNAUTHORIZED;
    /// Wrong e-mail address or password, or an account that may not sign in: one answer for all.
    SignInRefused = "sign_in_refused", UNAUTHORIZED;
    /// The refresh token is not good.
    RefreshRefused = "refresh_refused", UNAUTHORIZED;
    /// The roles do not reach this operation.
    Forbidden = "forbidden", FORBIDDEN;
    /// Cookies are for the origins of the setting alone.
    OriginRefused = "origin_refused", FORBIDDEN;
    /// There is nothing here for this caller.
    NotFound = "not_found", NOT_FOUND;
    /// The method is not offered here.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED;
    /// The request took too long to arrive.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT;
    /// The same resource exists.
    Duplicate = "duplicate", CONFLICT;
    /// The payment stands on the invoice already.
    DuplicateReference = "duplicate_reference", CONFLICT;
    /// The refund does not stand where the step begins.
    RefundWrongState = "refund_wrong_state", CONFLICT;
    /// Nobody has said yet where the refund goes.
    PayeeMissing = "payee_missing", CONFLICT;
    /// A refund of the invoice is approved, or went further.
    RefundAlreadyApproved = "refund_already_approved", CONFLICT;
    /// The invoice has not lapsed.
    InvoiceNotLapsed = "invoice_not_lapsed", CONFLICT;
    /// The invoice that a refund was to pay cannot be paid any longer.
    RefundTargetNotOpen = "refund_target_not_open", CONFLICT;
    /// Money of a refund pays the invoice that two persons named.
    MoneyOfARefund = "money_of_a_refund", CONFLICT;
    /// The settings do not say yet who issues invoices, or where to pay.
    InvoicingNotSetUp = "invoicing_not_set_up", CONFLICT;
    /// The twin of this request is under way.
    RequestInFlight = "request_in_flight", CONFLICT;
    /// The end of the case has decided on this payment.
    PaymentBeforeEnd = "payment_before_end", CONFLICT;
    /// The payment was reversed before.
    PaymentReversed = "payment_reversed", CONFLICT;
    /// The fee schedule has no price for what is wanted.
    PriceMissing = "price_missing", CONFLICT;
    /// A case has one of the half hours.
    HalfHoursTaken = "half_hours_taken", CONFLICT;
    /// There are terms of this version.
    TermsVersionTaken = "terms_version_taken", CONFLICT;
    /// The fee schedule is not in force yet.
    ScheduleNotInForce = "schedule_not_in_force", CONFLICT;
    /// The sum of an estimate is out of bounds.
    AmountOutOfRange = "amount_out_of_range", CONFLICT;
    /// Nothing is owed on the invoice.
    NothingOwed = "nothing_owed", CONFLICT;
    /// A part of the unmatched payment pays an invoice.
    PaymentMatched = "payment_matched", CONFLICT;
    /// Nothing is left of the unmatched payment.
    NothingLeftToSendBack = "nothing_left_to_send_back", CONFLICT;
    /// Money of the unmatched payment was sent back and has left.
    PaymentHasLeft = "payment_has_left", CONFLICT;
    /// The receipt counts no longer.
    ReceiptVoid = "receipt_void", CONFLICT;
    /// A part of the unmatched payment is sent back.
    PaymentSentBack = "payment_sent_back", CONFLICT;
    /// The case of the invoice has ended.
    InvoiceEnded = "invoice_ended", CONFLICT;
    /// Another invoice was issued in its place.
    InvoiceReplaced = "invoice_replaced", CONFLICT;
    /// All of the invoice was credited.
    InvoiceCredited = "invoice_credited", CONFLICT;
    /// A write-off of the invoice waits for a second person.
    WriteOffPending = "write_off_pending", CONFLICT;
    /// The write-off was decided on before.
    WriteOffDecided = "write_off_decided", CONFLICT;
    /// Another amount is owed by now than was to be written off.
    WriteOffOutdated = "write_off_outdated", CONFLICT;
    /// An estimate of nothing is not invoiced.
    NothingToPay = "nothing_to_pay", CONFLICT;
    /// The one-time code is wrong, used or too old.
    CodeRefused = "code_refused", CONFLICT;
    /// Whoever asked for it, or is concerned by it, does not approve it.
    SecondPersonNeeded = "second_person_needed", CONFLICT;
    /// The request was decided or taken back before.
    ApprovalNotPending = "approval_not_pending", CONFLICT;
    /// The account is part of the case already.
    AlreadyJoined = "already_joined", CONFLICT;
    /// Too many invitations of the case are open.
    TooManyInvitations = "too_many_invitations", CONFLICT;
    /// The case has as many documents as it may have.
    TooManyDocuments = "too_many_documents", CONFLICT;
    /// The treatment history has as many entries as it may have.
    TooManyTreatmentEntries = "too_many_treatment_entries", CONFLICT;
    /// The newest edition is no draft.
    OpinionNotDraft = "opinion_not_draft", CONFLICT;
    /// The newest edition is not laid before the department.
    OpinionNotSubmitted = "opinion_not_submitted", CONFLICT;
    /// The newest edition is not delivered.
    OpinionNotDelivered = "opinion_not_delivered", CONFLICT;
    /// `If-Match` names another version.
    Stale = "stale", PRECONDITION_FAILED;
    /// The body is too large.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE;
    /// All documents of the case together are as large as they may be.
    CaseFull = "case_full", PAYLOAD_TOO_LARGE;
    /// The body's media type or encoding is not taken.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE;
    /// The file is none of the kinds that are taken.
    UnsupportedFile = "unsupported_file", UNSUPPORTED_MEDIA_TYPE;
    /// The head of a request is too large.
    HeadTooLarge = "head_too_large", REQUEST_HEADER_FIELDS_TOO_LARGE;
    /// Fields are wrong.
    InvalidFields = "invalid_fields", UNPROCESSABLE_ENTITY;
    /// The same idempotency key came with another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY;
    /// `If-Match` is missing.
    IfMatchRequired = "if_match_required", PRECONDITION_REQUIRED;
    /// `Idempotency-Key` is missing where money moves.
    IdempotencyKeyRequired = "idempotency_key_required", BAD_REQUEST;
    /// Too many attempts.
    TooManyRequests = "too_many_requests", TOO_MANY_REQUESTS;
    /// Too many requests in a short time.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS;
    /// The person sends as many files at once as one may.
    TooManyUploads = "too_many_uploads", TOO_MANY_REQUESTS;
    /// The part of a file that was asked for is beyond its end.
    RangeNotSatisfiable = "range_not_satisfiable", RANGE_NOT_SATISFIABLE;
    /// Our fault.
    Internal = "internal", INTERNAL_SERVER_ERROR;
    /// Busy, or the database is away.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE;
    /// The disk is full.
    StorageFull = "storage_full", INSUFFICIENT_STORAGE;
}

/// A line of the public catalogue of problems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stable name.
    pub code: &'static str,
    /// The HTTP status that goes with it.
    pub status: StatusCode,
}

static CATALOGUE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let own = Code::ALL.iter().map(|code| Entry { code: code.as_str(), status: code.status() });
    let rules = Refusal::CODES.iter().map(|code| Entry { code, status: super::from::status_of_refusal(code) });
    let mut all: Vec<Entry> = own.chain(rules).collect();
    all.sort_by_key(|entry| entry.code);
    all.dedup_by_key(|entry| entry.code);
    all
});

/// Every problem that this API can give, by code.
pub fn catalogue() -> &'static [Entry] {
    &CATALOGUE
}

/// One problem by its code.
pub fn find(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().find(|entry| entry.code == code)
}
