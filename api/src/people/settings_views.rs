//! The settings on the wire: their schemas, once as they are (with what is only read, in brackets) and once as a merge patch. The value
//! is the domain's.

use utoipa::ToSchema;

use domain::billing::ConsultationPayment;
use domain::calendar::ClosedDay;
use domain::calendar::half_hours::HalfHourTime;
use domain::consents::ConsentForm;
use domain::people::{EmailAddress, LongText, PartyField, PhoneNumber};
use domain::review::DeclineCode;

macro_rules! settings {
    ($(
        $(#[$about:meta])* $name:ident $([$($(#[$read_doc:meta])* $read:ident: $read_type:ty)*])?, $patch:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty, $patched:ty;)*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(ToSchema)]
        #[allow(clippy::struct_field_names, reason = "the names of the settings")]
        #[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
        pub(crate) struct $name {
            $($($(#[$read_doc])* $read: $read_type,)*)?
            $($(#[$doc])* $field: $type,)*
        }

        $(#[$about])*
        ///
        /// As a merge patch: what is absent stays, null puts the default back in force.
        #[derive(ToSchema)]
        #[allow(clippy::struct_field_names, reason = "the names of the settings")]
        #[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
        pub(crate) struct $patch { $($(#[$doc])* $field: Option<$patched>,)* }
    )*};
}

settings! {
    /// The settings of the hospital.
    HospitalSettings [
        /// Counts the changes; 0 while every default is in force.
        #[schema(minimum = 0)]
        version: u64
    ], HospitalSettingsPatch {
        /// The needs of an application.
        intake: IntakeSettings, IntakeSettingsPatch;
        /// Consents, and the form that the patient signs.
        consents: ConsentSettings, ConsentSettingsPatch;
        /// The days on which the hospital is closed besides the usual ones.
        calendar: CalendarSettings, CalendarSettingsPatch;
        /// Appointments, and the day of the visit.
        appointments: AppointmentSettings, AppointmentSettingsPatch;
        /// The texts for those who visit.
        visits: VisitSettings, VisitSettingsPatch;
        /// How an application is decided on.
        review: ReviewSettings, ReviewSettingsPatch;
        /// Estimates, invoices and payments.
        billing: BillingSettings, BillingSettingsPatch;
        /// The written opinion.
        opinions: OpinionSettings, OpinionSettingsPatch;
        /// How long sessions last.
        sessions: SessionTimes, SessionTimesPatch;
        /// International Services.
        contact: DeskSettings, DeskSettingsPatch;
    }
    /// The needs of an application.
    IntakeSettings, IntakeSettingsPatch {
        /// Fields of the patient that an application needs.
        patient_fields: Vec<PartyField>, Vec<PartyField>;
        /// Fields of the other person that an application needs.
        contact_person_fields: Vec<PartyField>, Vec<PartyField>;
        /// Days after which a draft expires.
        #[schema(minimum = 1, maximum = 3650)]
        draft_expires_after_days: u16, u16;
        /// Days after which an unanswered request for information expires.
        #[schema(minimum = 1, maximum = 3650)]
        information_expires_after_days: u16, u16;
        /// Whether family, too, needs the patient's consent.
        family_needs_consent: bool, bool;
        /// Whether the claim that the patient does not know needs the department's attestation.
        uninformed_needs_attestation: bool, bool;
        /// Whether family may come before the patient knows.
        uninformed_offered: bool, bool;
        /// Whether they may also do so through an agency, by a decision of counsel.
        uninformed_with_agency: bool, bool;
        /// Days after which the department looks again at a claim that it approved.
        #[schema(minimum = 1, maximum = 3650)]
        attestation_review_days: u16, u16;
        /// Whether applicants are told that usually no exam is performed.
        usually_no_exam: bool, bool;
    }
    /// Consents, and the form that the patient signs.
    ConsentSettings, ConsentSettingsPatch {
        /// Days from its signature for which a consent holds that names no last day.
        #[schema(minimum = 1, maximum = 3650)]
        valid_days: u16, u16;
        /// The form in further languages, each once. English and Japanese are built in; an entry for them stands in their place.
        #[schema(max_items = 50)]
        forms: Vec<ConsentForm>, Vec<ConsentForm>;
    }
    /// The hours of the hospital, and the days on which it is closed besides the usual ones; the desk has an operation for the days (`updateClosedDays`).
    CalendarSettings, CalendarSettingsPatch {
        /// The earliest time at which anybody is received, in Tokyo.
        opens: HalfHourTime, HalfHourTime;
        /// The time by which everybody has left.
        closes: HalfHourTime, HalfHourTime;
        /// The days.
        #[schema(max_items = 500)]
        closed_days: Vec<ClosedDay>, Vec<ClosedDay>;
    }
    /// Appointments, and the day of the visit.
    AppointmentSettings, AppointmentSettingsPatch {
        /// Days for which offered times are held.
        #[schema(minimum = 1, maximum = 3650)]
        offer_held_days: u16, u16;
        /// Working days before a visit by which it is paid, if it is paid in advance.
        #[schema(minimum = 0, maximum = 60)]
        prepaid_due_working_days_before: u16, u16;
        /// How often those who visit move it without the desk's reason.
        #[schema(minimum = 0, maximum = 60)]
        free_moves: u16, u16;
        /// Minutes after the start from which the desk records that the visit did not take place.
        #[schema(minimum = 0, maximum = 60)]
        not_attended_after_minutes: u16, u16;
        /// Whether somebody who needs a consent of the patient brings the original.
        consent_original_needed: bool, bool;
        /// Days after closing in which treatment at the hospital can still be asked for.
        #[schema(minimum = 1, maximum = 3650)]
        treatment_request_days: u16, u16;
    }
    /// Where a visit takes place and how to prepare for it. A text that is null is the built-in one; each is given in both languages, or in none.
    VisitSettings, VisitSettingsPatch {
        /// Where to come, and how.
        place: Option<LongText>, LongText;
        /// The same in Japanese.
        place_ja: Option<LongText>, LongText;
        /// What to bring.
        to_bring: Option<LongText>, LongText;
        /// The same in Japanese.
        to_bring_ja: Option<LongText>, LongText;
        /// The things to be discussed at the first consultation.
        to_be_discussed: Option<LongText>, LongText;
        /// The same in Japanese.
        to_be_discussed_ja: Option<LongText>, LongText;
    }
    /// How an application is decided on.
    ReviewSettings, ReviewSettingsPatch {
        /// Days for which an estimate can be accepted; after them the case expires.
        #[schema(minimum = 1, maximum = 3650)]
        accepted_expires_after_days: u16, u16;
        /// The reasons for which a case may be declined.
        decline_reasons: Vec<DeclineCode>, Vec<DeclineCode>;
        /// Whether a director acts for every department.
        director_any_department: bool, bool;
        /// Days after its end within which the desk may reopen a case.
        #[schema(minimum = 1, maximum = 3650)]
        reopen_days: u16, u16;
    }
    /// Estimates, invoices and payments.
    BillingSettings, BillingSettingsPatch {
        /// Days for which a price calculation holds.
        #[schema(minimum = 1, maximum = 3650)]
        quote_valid_days: u16, u16;
        /// Days after which an unpaid invoice lets the case expire.
        #[schema(minimum = 1, maximum = 3650)]
        payment_expires_after_days: u16, u16;
        /// Yen by which a payment may fall short and still count as paid; the difference is booked.
        #[schema(minimum = 0, maximum = 100_000)]
        short_payment_tolerance: i64, i64;
        /// Days after its last day within which the desk decides on a part payment that stayed short.
        #[schema(minimum = 1, maximum = 3650)]
        short_decision_days: u16, u16;
        /// The most, in yen, that the hospital bears for banks on one invoice, by the decision of two persons.
        #[schema(minimum = 0, maximum = 100_000)]
        bank_charge_limit: i64, i64;
        /// When a consultation is paid.
        consultation_payment: ConsultationPayment, ConsultationPayment;
        /// The bank account for transfers; empty texts until it is entered, and no invoice is issued before.
        bank: HospitalBankAccount, HospitalBankAccountPatch;
        /// Who issues invoices; empty texts until it is entered, and no invoice is issued before.
        issuer: InvoiceIssuer, InvoiceIssuerPatch;
    }
    /// The written opinion.
    OpinionSettings, OpinionSettingsPatch {
        /// First calendar day, counted from the payment, on which an opinion is due.
        #[schema(minimum = 1, maximum = 3650)]
        due_from_days: u16, u16;
        /// Last calendar day on which it is due.
        #[schema(minimum = 1, maximum = 3650)]
        due_to_days: u16, u16;
    }
    /// How long sessions last, by kind of role.
    SessionTimes, SessionTimesPatch {
        /// Minutes without a refresh or another request after which a session of the hospital's staff ends.
        #[schema(minimum = 20, maximum = 527_040)]
        staff_idle_minutes: u32, u32;
        /// Hours after which a session of the hospital's staff ends in any case.
        #[schema(minimum = 1, maximum = 8784)]
        staff_life_hours: u32, u32;
        /// Minutes without a refresh or another request after which a session of an applicant or of an agency's staff ends.
        #[schema(minimum = 20, maximum = 527_040)]
        outside_idle_minutes: u32, u32;
        /// Hours after which a session of an applicant or of an agency's staff ends in any case.
        #[schema(minimum = 1, maximum = 8784)]
        outside_life_hours: u32, u32;
    }
    /// The bank account for transfers.
    HospitalBankAccount, HospitalBankAccountPatch {
        /// The bank.
        #[schema(max_length = 200)]
        bank: String, String;
        /// The branch.
        #[schema(max_length = 200)]
        branch: String, String;
        /// SWIFT/BIC.
        #[schema(max_length = 11)]
        swift: String, String;
        /// The account number.
        #[schema(max_length = 40)]
        number: String, String;
        /// The holder.
        #[schema(max_length = 200)]
        holder: String, String;
    }
    /// Who issues invoices.
    InvoiceIssuer, InvoiceIssuerPatch {
        /// The hospital's name.
        #[schema(max_length = 200)]
        name: String, String;
        /// Its address.
        #[schema(max_length = 400)]
        address: String, String;
        /// `T` and thirteen digits, the first of them a check digit.
        #[schema(max_length = 14)]
        registration_number: String, String;
    }
    /// How to reach International Services.
    DeskSettings, DeskSettingsPatch {
        /// The desk's name.
        #[schema(max_length = 200)]
        name: String, String;
        /// E-mail address.
        email: EmailAddress, EmailAddress;
        /// Telephone number.
        phone: PhoneNumber, PhoneNumber;
        /// When somebody answers.
        #[schema(max_length = 200)]
        hours: String, String;
        /// The desk's name in Japanese.
        #[schema(max_length = 200)]
        name_ja: String, String;
        /// When somebody answers, in Japanese.
        #[schema(max_length = 200)]
        hours_ja: String, String;
        /// Where applicants and agencies sign in: letters lead there. Empty if there is no such page.
        #[schema(max_length = 200)]
        portal_url: String, String;
    }
}
