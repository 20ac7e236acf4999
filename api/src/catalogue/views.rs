//! The answers of the catalogue.

use application::cases::invitations::MOST_OPEN;
use application::documents::{LARGEST_FILE, MOST_BYTES, MOST_DOCUMENTS};
use application::intake::treatment::MOST_ENTRIES;
use application::people::departments;
use application::people::departments::Stored as StoredDepartment;
use domain::billing::ConsultationPayment;
use domain::ids::DepartmentId;
use domain::intake::items::{Advice, ItemCode, Requirement, WhyItApplies, advice, requirements};
use domain::people::{LanguageTag, LongText};
use domain::service::ServiceKind;
use domain::settings::HospitalSettings;
use domain::visitors::VisitSettings;
use serde::Serialize;
use utoipa::ToSchema;

use crate::billing::fees::views::FeeSchedule;
use crate::billing::terms::Terms;
use crate::http::body::LARGEST;
use crate::http::messages::{Language, Messages};
use crate::limits::Limits;
use crate::wire::contact::DeskContact;
use crate::wire::page::Page;

/// The published page in data: what the hospital offers, at which fees, what it needs, and whom to ask.
#[derive(Serialize, ToSchema)]
pub(crate) struct Catalogue {
    /// The services.
    services: Vec<CatalogueService>,
    /// The fees in force.
    fee_schedule: FeeSchedule,
    /// The departments.
    departments: Vec<Department>,
    /// The languages in which documents are taken as they are; others are translated into one of them.
    document_languages: Vec<CatalogueLanguage>,
    /// The languages of the consent form.
    consent_form_languages: Vec<LanguageTag>,
    /// The terms in force, with the cancellation policy.
    terms: Terms,
    /// Days for which a price calculation holds.
    #[schema(minimum = 1)]
    quote_valid_days: u16,
    /// International Services, whom to ask.
    contact: DeskContact,
    /// What those who visit read before they come.
    visit: CatalogueVisit,
    /// Notices for everybody.
    notices: Vec<CatalogueText>,
    /// The limits of this server.
    limits: CatalogueLimits,
}

/// What those who visit read before they come, in the reader's language.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueVisit {
    /// Where to come, and how.
    pub(crate) place: String,
    /// What to bring.
    pub(crate) to_bring: String,
    /// The things to be discussed at the first consultation.
    to_be_discussed: String,
}

impl CatalogueVisit {
    pub(crate) fn of(settings: &VisitSettings, messages: &Messages, language: Language) -> Self {
        let own = |english: &Option<LongText>, japanese: &Option<LongText>, code: &str| {
            let own = match language {
                Language::English => english,
                Language::Japanese => japanese,
            };
            own.as_ref().map_or_else(|| messages.label(language, "visit", code), ToString::to_string)
        };
        Self {
            place: own(&settings.place, &settings.place_ja, "place"),
            to_bring: own(&settings.to_bring, &settings.to_bring_ja, "to_bring"),
            to_be_discussed: own(&settings.to_be_discussed, &settings.to_be_discussed_ja, "to_be_discussed"),
        }
    }
}

/// The limits of a server.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueLimits {
    /// The largest file, in bytes.
    #[schema(minimum = 1)]
    file_bytes: u64,
    /// Documents of a case.
    #[schema(minimum = 1)]
    documents_of_case: u32,
    /// Bytes of all documents of a case.
    #[schema(minimum = 1)]
    document_bytes_of_case: i64,
    /// Files that a person may send at once.
    #[schema(minimum = 1)]
    uploads_at_once: u64,
    /// The largest body that is no file, in bytes.
    #[schema(minimum = 1)]
    body_bytes: usize,
    /// Questions of an application.
    #[schema(minimum = 1)]
    questions: usize,
    /// Representatives of an application.
    #[schema(minimum = 1)]
    representatives: usize,
    /// Entries of a treatment history.
    #[schema(minimum = 1)]
    treatment_entries: u32,
    /// Open invitations of a case.
    #[schema(minimum = 1)]
    open_invitations: u32,
    /// How often one may ask. `RateLimit-Policy` and `RateLimit` of each answer say how the limit stands that is nearest its end.
    rates: Vec<CatalogueRate>,
}

/// How often one may ask.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueRate {
    /// The name that the header uses: `person` for all requests of a signed-in person, `costly` for those of them that cost more,
    /// `source` for requests without a good token, `quotes` for price calculations among these. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    policy: &'static str,
    /// Requests at once.
    #[schema(minimum = 1)]
    burst: u64,
    /// Requests in a second for long.
    #[schema(minimum = 1)]
    per_second: u64,
}

impl CatalogueLimits {
    fn of(limits: &Limits) -> Self {
        let rate = |policy, burst, per_second| CatalogueRate { policy, burst, per_second };
        Self {
            file_bytes: u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX),
            documents_of_case: MOST_DOCUMENTS,
            document_bytes_of_case: MOST_BYTES,
            uploads_at_once: limits.uploads_per_person,
            body_bytes: LARGEST,
            questions: domain::intake::MOST_QUESTIONS,
            representatives: domain::intake::MOST_REPRESENTATIVES,
            treatment_entries: MOST_ENTRIES,
            open_invitations: MOST_OPEN,
            rates: vec![
                rate("person", limits.person_burst, limits.person_rate),
                rate("costly", limits.costly_burst, limits.costly_rate),
                rate("source", limits.source_burst, limits.source_rate),
                rate("quotes", limits.quote_burst, limits.quote_rate),
            ],
        }
    }
}

/// A service that is offered.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueService {
    /// The service.
    kind: ServiceKind,
    /// Its name, in the reader's language.
    label: String,
    /// The service, and for whom it is.
    description: String,
    /// The fees that may be charged for it, by the codes of the fee schedule. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    fee_codes: Vec<&'static str>,
    /// When it is paid.
    payment: ConsultationPayment,
    /// When the opinion is ready, counted from the payment; null for visits.
    ready_in: Option<ReadyInDays>,
    /// The needs of an application, and what it should bring, in the order of the published page.
    required_items: Vec<CatalogueItem>,
    /// Advice that never blocks.
    advice: Vec<CatalogueText>,
}

/// Calendar days in Tokyo from the payment; where slides are to be examined again, from their arrival if that is later.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReadyInDays {
    /// At the earliest.
    #[schema(minimum = 1)]
    from_days: u16,
    /// At the latest.
    #[schema(minimum = 1)]
    to_days: u16,
}

/// An item that a service may ask for.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueItem {
    /// The item.
    code: ItemCode,
    /// Its name, in the reader's language.
    label: String,
    /// The expected content.
    description: String,
    /// How much it is needed.
    level: domain::intake::items::ItemLevel,
    /// When it applies.
    applies: WhyItApplies,
    /// The same in the reader's language.
    applies_label: String,
}

/// A page of them.
pub(crate) type DepartmentList = Page<Department>;

/// A department.
#[derive(Serialize, ToSchema)]
pub(crate) struct Department {
    /// The department.
    id: DepartmentId,
    /// Its name in the reader's language.
    name: String,
    /// Its English name.
    name_en: String,
    /// Its Japanese name.
    name_ja: String,
    /// Whether it takes new cases.
    accepting: bool,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// The tag that `updateDepartment` takes as `If-Match`. Departments are read in this list only.
    etag: String,
}

/// A language.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueLanguage {
    /// Its code.
    #[schema(value_type = LanguageTag)]
    code: &'static str,
    /// Its name, in the reader's language.
    label: String,
}

/// A code with its text in the reader's language.
#[derive(Serialize, ToSchema)]
pub(crate) struct CatalogueText {
    /// The code. Open list.
    #[schema(extensions(("x-may-grow" = json!(true))))]
    code: &'static str,
    /// The text.
    text: String,
}

/// The sources of a catalogue.
pub(crate) struct CatalogueSources<'a> {
    pub(crate) settings: &'a HospitalSettings,
    pub(crate) fees: &'a domain::billing::fees::FeeSchedule,
    pub(crate) terms: &'a domain::billing::Terms,
    pub(crate) departments: &'a [StoredDepartment],
    pub(crate) limits: &'a Limits,
}

/// Notices for every reader. `emergency` stands beside messages, too.
const NOTICES: &[(&str, &str)] = &[
    ("second_opinion", "notice-second_opinion"),
    ("may_be_declined", "notice-may_be_declined"),
    ("treatment_here", "notice-treatment_here"),
    ("emergency", "emergency"),
];

impl Catalogue {
    pub(crate) fn of(sources: &CatalogueSources<'_>, messages: &Messages, language: Language) -> Self {
        let text = |(code, id): &(&'static str, &str)| CatalogueText { code, text: messages.find(language, id, &[]).unwrap_or_default() };
        let settings = sources.settings;
        Self {
            services: ServiceKind::ALL.iter().map(|kind| CatalogueService::of(*kind, settings, messages, language)).collect(),
            fee_schedule: FeeSchedule::of(sources.fees, messages, language),
            departments: sources.departments.iter().map(|one| Department::of(one, language)).collect(),
            document_languages: Language::ALL
                .iter()
                .map(|one| CatalogueLanguage { code: one.as_str(), label: messages.label(language, "language", one.as_str()) })
                .collect(),
            consent_form_languages: crate::consents::form::languages(&settings.consents),
            terms: Terms::of(sources.terms, messages, language),
            quote_valid_days: settings.billing.quote_valid_days,
            contact: DeskContact::from(&settings.contact),
            visit: CatalogueVisit::of(&settings.visits, messages, language),
            notices: NOTICES.iter().map(text).collect(),
            limits: CatalogueLimits::of(sources.limits),
        }
    }
}

impl CatalogueService {
    fn of(kind: ServiceKind, settings: &HospitalSettings, messages: &Messages, language: Language) -> Self {
        let written = kind == ServiceKind::WrittenOpinion;
        let told = |one: &Advice| CatalogueText { code: one.as_str(), text: messages.label(language, "advice", one.as_str()) };
        Self {
            kind,
            label: messages.label(language, "kind", kind.as_str()),
            description: messages.label(language, "service", kind.as_str()),
            fee_codes: domain::billing::fees::codes_of(kind).iter().map(|code| code.as_str()).collect(),
            // The physician begins when the payment is confirmed (seed).
            payment: if written { ConsultationPayment::Prepaid } else { settings.billing.consultation_payment },
            ready_in: written.then_some(ReadyInDays { from_days: settings.opinions.due_from_days, to_days: settings.opinions.due_to_days }),
            required_items: requirements(kind, settings).into_iter().map(|one| CatalogueItem::of(one, messages, language)).collect(),
            advice: advice(kind, settings).iter().map(told).collect(),
        }
    }
}

impl CatalogueItem {
    fn of(requirement: Requirement, messages: &Messages, language: Language) -> Self {
        Self {
            code: requirement.item,
            label: messages.label(language, "item", requirement.item.as_str()),
            description: messages.label(language, "item_help", requirement.item.as_str()),
            level: requirement.level,
            applies: requirement.why,
            applies_label: messages.label(language, "why", requirement.why.as_str()),
        }
    }
}

impl Department {
    pub(crate) fn of(stored: &StoredDepartment, language: Language) -> Self {
        let name = match language {
            Language::English => &stored.name_en,
            Language::Japanese => &stored.name_ja,
        };
        Self {
            id: stored.id,
            name: name.clone(),
            name_en: stored.name_en.clone(),
            name_ja: stored.name_ja.clone(),
            accepting: stored.accepting,
            version: stored.version,
            etag: format!("\"{}\"", departments::revision(stored).number()),
        }
    }
}
