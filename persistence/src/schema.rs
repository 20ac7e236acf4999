//! The tables as both engines have them. Columns that end in `_sealed` open only through the vault.

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    data_keys (purpose, version) {
        purpose -> Text,
        version -> Integer,
        wrapped_key -> Binary,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    departments (id) {
        id -> Uid,
        name_ja -> Text,
        name_en -> Text,
        accepting -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    agencies (id) {
        id -> Uid,
        name -> Text,
        contact_sealed -> Binary,
        active -> Bool,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    users (id) {
        id -> Uid,
        email_sealed -> Binary,
        address_digest -> Nullable<Binary>,
        profile_sealed -> Binary,
        password_hash -> Nullable<Text>,
        status -> Text,
        language -> Text,
        epoch -> Integer,
        email_verified_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    role_assignments (user_id, position) {
        user_id -> Uid,
        position -> Integer,
        role -> Text,
        department_id -> Nullable<Uid>,
        agency_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    sessions (id) {
        id -> Uid,
        user_id -> Uid,
        epoch -> Integer,
        created_at -> Instant,
        last_seen_at -> Instant,
        expires_at -> Instant,
        revoked_at -> Nullable<Instant>,
        client -> Text,
        in_cookie -> Bool,
        source_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    refresh_tokens (token_hash) {
        token_hash -> Binary,
        session_id -> Uid,
        created_at -> Instant,
        superseded_at -> Nullable<Instant>,
        successor_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    devices (id) {
        id -> Uid,
        user_id -> Uid,
        token_hash -> Binary,
        created_at -> Instant,
        last_used_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    approvals (id) {
        id -> Uid,
        kind -> Text,
        subject_id -> Uid,
        requested_by -> Nullable<Uid>,
        requested_at -> Instant,
        content -> Text,
        state -> Text,
        decided_by -> Nullable<Uid>,
        decided_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    vault_steps (name) {
        name -> Text,
        done_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    one_time_codes (id) {
        id -> Uid,
        purpose -> Text,
        code_hash -> Binary,
        user_id -> Nullable<Uid>,
        address_digest -> Nullable<Binary>,
        email_sealed -> Nullable<Binary>,
        case_id -> Nullable<Uid>,
        payload_sealed -> Nullable<Binary>,
        created_at -> Instant,
        expires_at -> Instant,
        used_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    throttles (key_hash) {
        key_hash -> Binary,
        window_start -> Instant,
        hits -> Integer,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    cases (id) {
        id -> Uid,
        number -> Text,
        kind -> Text,
        stage -> Text,
        version -> BigInt,
        agency_id -> Nullable<Uid>,
        department_id -> Nullable<Uid>,
        responsible_id -> Nullable<Uid>,
        opened_by -> Uid,
        waiting_on -> Text,
        held -> Bool,
        patient_uninformed -> Bool,
        slides_requested -> Bool,
        accepted -> Bool,
        expires_at -> Nullable<Instant>,
        due_at -> Nullable<Instant>,
        overdue_noted_at -> Nullable<Instant>,
        visit_at -> Nullable<Instant>,
        accepted_at -> Nullable<Instant>,
        submitted_at -> Nullable<Instant>,
        created_at -> Instant,
        updated_at -> Instant,
        body_sealed -> Binary,
        summary_sealed -> Nullable<Binary>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    case_numbers (year) {
        year -> Integer,
        last_number -> BigInt,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    case_activity (case_id) {
        case_id -> Uid,
        seq -> BigInt,
        last_activity_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    case_members (case_id, user_id) {
        case_id -> Uid,
        user_id -> Uid,
        relation -> Text,
        joined_at -> Instant,
        ended_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    case_words (word, case_id) {
        word -> Binary,
        case_id -> Uid,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    events (seq) {
        seq -> BigInt,
        id -> Uid,
        case_id -> Uid,
        kind -> Text,
        audience -> Integer,
        actor_id -> Nullable<Uid>,
        occurred_at -> Instant,
        data_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    documents (id) {
        id -> Uid,
        case_id -> Uid,
        seq -> BigInt,
        item -> Nullable<Text>,
        media -> Text,
        language -> Nullable<Text>,
        audience -> Integer,
        size -> BigInt,
        sha256 -> Text,
        created_at -> Instant,
        updated_at -> Instant,
        deleted_at -> Nullable<Instant>,
        version -> BigInt,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    document_contents (document_id, piece) {
        document_id -> Uid,
        piece -> Integer,
        content_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Instant, Uid};
    use diesel::sql_types::*;

    uploads (document_id) {
        document_id -> Uid,
        begun_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    treatment_entries (id) {
        id -> Uid,
        case_id -> Uid,
        seq -> BigInt,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    messages (id) {
        id -> Uid,
        case_id -> Uid,
        seq -> BigInt,
        author_id -> Uid,
        audience -> Integer,
        created_at -> Instant,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    internal_notes (id) {
        id -> Uid,
        case_id -> Uid,
        seq -> BigInt,
        author_id -> Uid,
        created_at -> Instant,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    opinions (id) {
        id -> Uid,
        case_id -> Uid,
        edition -> Integer,
        state -> Text,
        author_id -> Uid,
        created_at -> Instant,
        updated_at -> Instant,
        delivered_at -> Nullable<Instant>,
        version -> BigInt,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    fee_schedules (id) {
        id -> Uid,
        effective_on -> Day,
        created_at -> Instant,
        body -> Text,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    quotes (id) {
        id -> Uid,
        fee_schedule_id -> Uid,
        created_at -> Instant,
        valid_until -> Instant,
        body -> Text,
        accepted_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    number_series (series) {
        series -> Text,
        last_number -> BigInt,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    invoices (id) {
        id -> Uid,
        number -> Text,
        case_id -> Uid,
        payer -> Text,
        third_party -> Nullable<Bool>,
        state -> Text,
        total -> BigInt,
        paid -> BigInt,
        issued_on -> Day,
        due_on -> Nullable<Day>,
        created_at -> Instant,
        updated_at -> Instant,
        version -> BigInt,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    payments (id) {
        id -> Uid,
        invoice_id -> Uid,
        method -> Text,
        reference_index -> Binary,
        amount -> BigInt,
        received_on -> Day,
        created_at -> Instant,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    ledger_entries (seq) {
        seq -> BigInt,
        posting_id -> Uid,
        account -> Text,
        amount -> BigInt,
        case_id -> Nullable<Uid>,
        invoice_id -> Nullable<Uid>,
        occurred_at -> Instant,
        booked_on -> Nullable<Day>,
        operation -> Nullable<Text>,
        actor_id -> Nullable<Uid>,
        department_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    /// Payments whose invoice is not known.
    unmatched_payments (id) {
        id -> Uid,
        method -> Text,
        reference_index -> Binary,
        amount -> BigInt,
        rest -> BigInt,
        received_on -> Day,
        created_at -> Instant,
        version -> BigInt,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    /// Credit notes and receipts of invoices.
    papers (id) {
        id -> Uid,
        series -> Text,
        number -> Text,
        invoice_id -> Uid,
        issued_on -> Day,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    /// Refunds of invoices, and of money whose invoice is not known.
    refunds (id) {
        id -> Uid,
        invoice_id -> Nullable<Uid>,
        unmatched_payment_id -> Nullable<Uid>,
        reason -> Text,
        state -> Text,
        amount -> BigInt,
        due_since -> Instant,
        number -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    settings (id) {
        id -> Integer,
        version -> BigInt,
        body -> Text,
        updated_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    audit_entries (seq) {
        seq -> BigInt,
        id -> Uid,
        at -> Instant,
        actor_id -> Nullable<Uid>,
        session_id -> Nullable<Uid>,
        operation -> Text,
        subject_kind -> Nullable<Text>,
        subject_id -> Nullable<Text>,
        case_id -> Nullable<Uid>,
        outcome -> Text,
        request_id -> Text,
        details -> Nullable<Text>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    idempotency_keys (key_hash) {
        key_hash -> Binary,
        fingerprint -> Binary,
        status -> Integer,
        body_sealed -> Binary,
        created_at -> Instant,
        expires_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    outbox (id) {
        id -> Uid,
        kind -> Text,
        case_id -> Nullable<Uid>,
        recipient_sealed -> Binary,
        payload_sealed -> Binary,
        created_at -> Instant,
        due_at -> Instant,
        sent_at -> Nullable<Instant>,
        silenced_at -> Nullable<Instant>,
        attempts -> Integer,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    information_requests (id) {
        id -> Uid,
        case_id -> Uid,
        seq -> BigInt,
        state -> Text,
        created_at -> Instant,
        updated_at -> Instant,
        body_sealed -> Binary,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    jobs (id) {
        id -> Uid,
        name -> Text,
        only_key -> Nullable<Text>,
        case_id -> Nullable<Uid>,
        payload_sealed -> Binary,
        created_at -> Instant,
        due_at -> Nullable<Instant>,
        attempts -> Integer,
        failure -> Nullable<Text>,
        failed_at -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    /// Versions of the terms.
    terms (id) {
        id -> Uid,
        version -> Text,
        effective_on -> Day,
        created_at -> Instant,
        body -> Text,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    /// Estimates of cases.
    estimates (id) {
        id -> Uid,
        number -> Text,
        case_id -> Uid,
        created_at -> Instant,
        version -> BigInt,
        body_sealed -> Binary,
    }
}

diesel::joinable!(role_assignments -> users (user_id));
diesel::joinable!(role_assignments -> departments (department_id));
diesel::joinable!(role_assignments -> agencies (agency_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(one_time_codes -> users (user_id));
diesel::joinable!(refresh_tokens -> sessions (session_id));
diesel::joinable!(devices -> users (user_id));
diesel::joinable!(cases -> agencies (agency_id));
diesel::joinable!(cases -> departments (department_id));
diesel::joinable!(case_members -> cases (case_id));
diesel::joinable!(case_members -> users (user_id));
diesel::joinable!(case_words -> cases (case_id));
diesel::joinable!(events -> cases (case_id));
diesel::joinable!(documents -> cases (case_id));
diesel::joinable!(treatment_entries -> cases (case_id));
diesel::joinable!(messages -> cases (case_id));
diesel::joinable!(messages -> users (author_id));
diesel::joinable!(internal_notes -> cases (case_id));
diesel::joinable!(internal_notes -> users (author_id));
diesel::joinable!(opinions -> cases (case_id));
diesel::joinable!(opinions -> users (author_id));
diesel::joinable!(quotes -> fee_schedules (fee_schedule_id));
diesel::joinable!(invoices -> cases (case_id));
diesel::joinable!(payments -> invoices (invoice_id));
diesel::joinable!(ledger_entries -> cases (case_id));
diesel::joinable!(ledger_entries -> invoices (invoice_id));
diesel::joinable!(refunds -> invoices (invoice_id));
diesel::joinable!(papers -> invoices (invoice_id));

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    availability (id) {
        id -> Uid,
        physician_id -> Uid,
        department_id -> Uid,
        starts_at -> Instant,
        created_at -> Instant,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    taken_half_hours (physician_id, starts_at) {
        physician_id -> Uid,
        starts_at -> Instant,
        case_id -> Uid,
        held_until -> Nullable<Instant>,
    }
}

diesel::table! {
    use crate::columns::{Day, Instant, Uid};
    use diesel::sql_types::{BigInt, Binary, Bool, Integer, Nullable, Text};

    case_physicians (case_id, user_id) {
        case_id -> Uid,
        user_id -> Uid,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    data_keys,
    departments,
    agencies,
    users,
    role_assignments,
    sessions,
    refresh_tokens,
    devices,
    approvals,
    vault_steps,
    one_time_codes,
    throttles,
    cases,
    case_numbers,
    case_members,
    case_words,
    events,
    documents,
    document_contents,
    uploads,
    treatment_entries,
    messages,
    internal_notes,
    opinions,
    fee_schedules,
    quotes,
    terms,
    estimates,
    number_series,
    invoices,
    payments,
    ledger_entries,
    refunds,
    papers,
    unmatched_payments,
    settings,
    audit_entries,
    idempotency_keys,
    outbox,
    information_requests,
    jobs,
    availability,
    taken_half_hours,
    case_physicians,
);
