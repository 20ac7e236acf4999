//! Schemas of values that the domain parses: how they look on the wire. Used as `value_type` where a view holds the domain's own type.

use utoipa::ToSchema;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $example:literal;)*) => {$(
        $(#[$doc])*
        #[derive(ToSchema)]
        #[schema(pattern = r"^[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}$", example = $example)]
        #[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
        pub(crate) struct $name(String);
    )*};
}

// The prefix in each pattern is that of the example: `finish` writes it there.
ids! {
    /// Identifies a case; sortable by age.
    CaseKey = "case_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a person with an account; sortable by age.
    UserKey = "user_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a session; sortable by age.
    SessionKey = "session_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a department; sortable by age.
    DepartmentKey = "dept_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a medical coordination agency; sortable by age.
    AgencyKey = "agency_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a document; sortable by age.
    DocumentKey = "doc_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a request for information; sortable by age.
    InformationRequestKey = "ireq_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an estimate; sortable by age.
    QuoteKey = "quote_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an invoice; sortable by age.
    InvoiceKey = "inv_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a payment; sortable by age.
    PaymentKey = "pay_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a written opinion; sortable by age.
    OpinionKey = "op_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a message; sortable by age.
    MessageKey = "msg_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an internal note; sortable by age.
    NoteKey = "note_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an event; sortable by age.
    EventKey = "event_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an entry of the audit trail; sortable by age.
    AuditEntryKey = "audit_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an entry of the treatment history; sortable by age.
    TreatmentEntryKey = "treat_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies an invitation; sortable by age.
    InvitationKey = "invite_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a request that a second person approves; sortable by age.
    ApprovalKey = "approval_01jd8x5k2neht8xg8y7w9zq4rt";
    /// A job.
    JobKey = "job_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a registration; sortable by age.
    RegistrationKey = "reg_01jd8x5k2neht8xg8y7w9zq4rt";
    /// Identifies a fee schedule; sortable by age.
    FeeScheduleKey = "fees_01jd8x5k2neht8xg8y7w9zq4rt";
}

macro_rules! texts {
    ($($(#[$attributes:meta])* $name:ident;)*) => {$(
        #[derive(ToSchema)]
        $(#[$attributes])*
        #[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
        pub(crate) struct $name(String);
    )*};
}

texts! {
    /// An e-mail address (RFC 5321), at most 254 characters.
    #[schema(format = Email, max_length = 254, example = "mei.tanaka@demo.example")]
    Email;
    /// A telephone number in E.164: `+`, country code, number.
    #[schema(format = "phone", pattern = r"^\+[1-9][0-9]{6,14}$", example = "+81312345678")]
    Phone;
    /// A country or region by ISO 3166-1 alpha-2 (and XK).
    #[schema(format = "country", pattern = "^[A-Z]{2}$", example = "JP")]
    CountryCode;
    /// A language by BCP 47.
    #[schema(format = "language-tag", pattern = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length = 35, example = "en")]
    LanguageCode;
    /// One line of text.
    #[schema(format = "line", min_length = 1, max_length = 200, pattern = r"\S", example = "Referral letter of March")]
    Line;
    /// Text of several lines.
    #[schema(format = "paragraphs", min_length = 1, max_length = 10_000, pattern = r"\S", example = "Is surgery still an option?")]
    Paragraphs;
    /// A password.
    #[schema(format = Password, min_length = 1, max_length = 256, example = "plum tree in the rain")]
    PasswordText;
    /// A new password of 15 to 256 characters. No rules of composition; ones that are easy to guess are refused.
    #[schema(format = Password, min_length = 15, max_length = 256, example = "plum tree in the rain")]
    NewPasswordText;
}

texts! {
    /// A date.
    #[schema(format = Date, example = "1961-04-12")]
    DateOn;
    /// Bytes.
    #[schema(format = Binary, example = "%PDF-1.7")]
    FileBytes;
    /// A year, a month or a day.
    #[schema(
        format = "partial-date",
        pattern = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$",
        example = "2026-03"
    )]
    PartialDateText;
    /// An instant, UTC.
    #[schema(format = DateTime, example = "2026-11-24T03:00:00Z")]
    Moment;
    /// A file's or a bank's reference: one line.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "TT-20261124-0042")]
    Reference;
}
