//! Typed, sortable identifiers: `case_` and 26 characters of a `UUIDv7` (`TypeID`). An identifier of one kind is never taken for one of another.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

/// The kind of an identifier.
pub trait IdKind: StaticType + 'static {
    /// The word before the underscore.
    const PREFIX: &'static str;
    /// The name of the identifiers' type.
    const NAME: &'static str;
    /// The identified thing, with its article.
    const WHAT: &'static str;
}

/// An identifier of the kind `K`.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// A text that is no identifier of the kind that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier that begins with {0}_")]
pub struct InvalidId(pub &'static str);

impl<K: IdKind> Id<K> {
    /// The word before the underscore.
    pub const PREFIX: &'static str = K::PREFIX;

    /// The identifier of nothing, for values that are only looked at and thrown away.
    pub const NOTHING: Self = Self(Uuid::nil(), PhantomData);

    /// An identifier around a `UUID` that was made elsewhere: identifiers are arguments here, never invented.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid, PhantomData)
    }

    /// The `UUID` within.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Id<K> {}

impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<K> Eq for Id<K> {}

impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: IdKind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TypeSafeId::<K>::from_uuid(self.0).fmt(f)
    }
}

impl<K: IdKind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: IdKind> FromStr for Id<K> {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse::<TypeSafeId<K>>().map(|id| Self::from_uuid(id.uuid())).map_err(|_| InvalidId(K::PREFIX))
    }
}

impl<K: IdKind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: IdKind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<K: IdKind> From<Id<K>> for Uuid {
    fn from(id: Id<K>) -> Self {
        id.uuid()
    }
}

#[cfg(feature = "schema")]
impl<K: IdKind> utoipa::PartialSchema for Id<K> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        crate::schema::identifier(K::PREFIX, K::WHAT)
    }
}

#[cfg(feature = "schema")]
impl<K: IdKind> utoipa::ToSchema for Id<K> {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed(K::NAME)
    }
}

macro_rules! ids {
    ($($key:ident, $alias:ident, $prefix:literal, $what:literal;)*) => {$(
        #[doc = concat!("The kind of ", $what, "'s identifiers: `", $prefix, "_…`.")]
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $key;

        impl StaticType for $key {
            const TYPE: &'static str = $prefix;
        }

        impl IdKind for $key {
            const PREFIX: &'static str = $prefix;
            const NAME: &'static str = stringify!($alias);
            const WHAT: &'static str = $what;
        }

        #[doc = concat!("Identifies ", $what, ".")]
        pub type $alias = Id<$key>;
    )*};
}

ids! {
    CaseKey, CaseId, "case", "a case";
    UserKey, UserId, "user", "a person with an account";
    SessionKey, SessionId, "session", "a session";
    DepartmentKey, DepartmentId, "dept", "a department";
    AgencyKey, AgencyId, "agency", "a medical coordination agency";
    DocumentKey, DocumentId, "doc", "a document";
    InformationRequestKey, InformationRequestId, "ireq", "a request for information";
    QuoteKey, QuoteId, "quote", "a price calculation";
    EstimateKey, EstimateId, "estimate", "an estimate";
    TermsKey, TermsId, "terms", "a version of the terms";
    InvoiceKey, InvoiceId, "inv", "an invoice";
    PaymentKey, PaymentId, "pay", "a payment";
    UnmatchedPaymentKey, UnmatchedPaymentId, "upay", "an unmatched payment";
    ReceiptKey, ReceiptId, "rct", "a receipt";
    CreditNoteKey, CreditNoteId, "cn", "a credit note";
    WriteOffKey, WriteOffId, "woff", "a write-off";
    RefundKey, RefundId, "refund", "a refund";
    OpinionKey, OpinionId, "op", "a written opinion";
    MessageKey, MessageId, "msg", "a message";
    NoteKey, NoteId, "note", "an internal note";
    EventKey, EventId, "event", "an event";
    AuditEntryKey, AuditEntryId, "audit", "an entry of the audit trail";
    TreatmentEntryKey, TreatmentEntryId, "treat", "an entry of the treatment history";
    InvitationKey, InvitationId, "invite", "an invitation";
    FeeScheduleKey, FeeScheduleId, "fees", "a fee schedule";
    ApprovalKey, ApprovalId, "approval", "a request that a second person approves";
    RepresentativeKey, RepresentativeId, "rep", "somebody who visits for a patient";
    ConsentKey, ConsentId, "consent", "a consent";
    AppointmentKey, AppointmentId, "appt", "an appointment";
    AvailabilityKey, AvailabilityId, "avail", "a half hour in which a physician receives people";
    RegistrationKey, RegistrationId, "reg", "a registration";
    JobKey, JobId, "job", "a job";
    RequestKey, RequestId, "req", "a request to the server";
}
