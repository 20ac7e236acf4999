//! The register of consents: handlers, requests and answers; and the form that the patient signs.

pub(crate) mod form;

use actix_web::{HttpRequest, get, post};
use application::{CaseForCaller, Error, Fault, Work, consents};
use domain::access::may;
use domain::consents::{
    Consent, ConsentFinding, ConsentKind, ConsentOutcome, ConsentPaper, ConsentRefusal, ConsentSigner, ConsentState, DatesRead,
};
use domain::ids::{CaseId, ConsentId, DocumentId, RepresentativeId, UserId};
use domain::people::{LanguageTag, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::http::authorized::{Authorized, language_of};
use crate::http::body::{Body, MoreFaults, Path, Query, repeated};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(list_consents).service(register_consent).service(verify_consent).service(withdraw_consent).service(get_consent_form);
}

/// A consent that somebody hands in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterConsent {
    /// What it allows.
    kind: ConsentKind,
    /// Who signed it. Only the patient may, or who signs for them by law.
    signer: ConsentSigner,
    /// The people whom it names; none for the disclosure to an agency.
    #[serde(default)]
    #[schema(required = false, max_items = 3)]
    representative_ids: Vec<RepresentativeId>,
    /// The day of the signature, as it stands on the paper; absent or null if there is none.
    #[serde(default)]
    signed_on: Option<Date>,
    /// The last day on which it holds, in Tokyo; absent or null if it names none: then it is counted from the signature (setting).
    #[serde(default)]
    valid_until_on: Option<Date>,
    /// The language of the form.
    #[serde(default)]
    language: Option<LanguageTag>,
    /// The version of the form, as it stands at its foot.
    #[serde(default)]
    form_version: Option<ShortText>,
    /// The copy, a document of this case. Needed unless the desk holds the paper.
    #[serde(default)]
    document_id: Option<DocumentId>,
    /// Whether the desk holds the paper itself; the desk's field.
    #[serde(default)]
    #[schema(required = false)]
    on_paper: bool,
}

/// Everybody is named once.
#[derive(Debug)]
pub(crate) struct NobodyTwice;

impl MoreFaults<RegisterConsent> for NobodyTwice {
    fn of(body: &RegisterConsent) -> Vec<Fault> {
        repeated(&body.representative_ids, |place| format!("/representative_ids/{place}"))
    }
}

impl From<&RegisterConsent> for ConsentPaper {
    fn from(body: &RegisterConsent) -> Self {
        Self {
            kind: body.kind,
            signer: body.signer,
            representatives: body.representative_ids.clone(),
            signed_on: body.signed_on,
            valid_until_on: body.valid_until_on,
            language: body.language.clone(),
            form_version: body.form_version.clone(),
            document: body.document_id,
            on_paper: body.on_paper,
        }
    }
}

/// What the desk found when it looked at a consent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyConsent {
    /// Whether it is right.
    outcome: ConsentOutcome,
    /// The day of the signature as the desk reads it, where none or another was handed in; only if it is right.
    #[serde(default)]
    signed_on: Option<Date>,
    /// The last day as the desk reads it; only if it is right.
    #[serde(default)]
    valid_until_on: Option<Date>,
    /// Why it must be sent again; needed if it must, and only then.
    #[serde(default)]
    reason: Option<ConsentRefusal>,
    /// In words, for the applicant; only if it must be sent again.
    #[serde(default)]
    text: Option<ShortText>,
}

/// A consent is refused with a reason, and verified without one.
#[derive(Debug)]
pub(crate) struct FitsOutcome;

impl MoreFaults<VerifyConsent> for FitsOutcome {
    fn of(body: &VerifyConsent) -> Vec<Fault> {
        match (body.outcome, body.reason) {
            (ConsentOutcome::Refused, None) => vec![Fault::at("/reason", "required")],
            (ConsentOutcome::Verified, Some(_)) => vec![Fault::at("/reason", "invalid")],
            (ConsentOutcome::Verified, None) if body.text.is_some() => vec![Fault::at("/text", "invalid")],
            (ConsentOutcome::Refused, Some(_)) if body.signed_on.is_some() => vec![Fault::at("/signed_on", "invalid")],
            (ConsentOutcome::Refused, Some(_)) if body.valid_until_on.is_some() => vec![Fault::at("/valid_until_on", "invalid")],
            (ConsentOutcome::Verified, None) | (ConsentOutcome::Refused, Some(_)) => Vec::new(),
        }
    }
}

impl VerifyConsent {
    fn read(&self) -> DatesRead {
        DatesRead { signed_on: self.signed_on, valid_until_on: self.valid_until_on }
    }

    fn finding(&self) -> ConsentFinding {
        match self.reason {
            Some(reason) => ConsentFinding::Refused { reason, text: self.text.clone() },
            None => ConsentFinding::Verified,
        }
    }
}

/// Why a consent is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawConsent {
    /// In words: who said it, and how; no reason is needed.
    #[serde(default)]
    text: Option<ShortText>,
}

/// A page of them.
pub(crate) type CaseConsentList = Page<CaseConsent>;

/// A consent in the register.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseConsent {
    /// The consent.
    id: ConsentId,
    /// Counts the changes of the case.
    #[schema(minimum = 1)]
    version: i64,
    /// What it allows.
    kind: ConsentKind,
    /// Where it stands today, in Tokyo.
    state: ConsentState,
    /// Who signed it.
    signer: ConsentSigner,
    /// The people whom it names.
    representative_ids: Vec<RepresentativeId>,
    /// The day of the signature; null if the paper has none, or if it is not known.
    signed_on: Option<Date>,
    /// The last day on which it holds, in Tokyo; null if it names none and was not verified.
    valid_until_on: Option<Date>,
    /// The language of the form.
    language: Option<LanguageTag>,
    /// The version of the form.
    form_version: Option<ShortText>,
    /// The copy that was uploaded.
    document_id: Option<DocumentId>,
    /// Whether the desk holds the paper.
    on_paper: bool,
    /// Who handed it in.
    registered_by: UserId,
    /// When.
    registered_at: Timestamp,
    /// Who checked it last; null if nobody did.
    checked_by: Option<UserId>,
    /// When.
    checked_at: Option<Timestamp>,
    /// Why it must be sent again; null if it need not.
    refusal: Option<ConsentRefusal>,
    /// The same in words.
    refusal_text: Option<ShortText>,
    /// Who took it back; null if nobody did.
    withdrawn_by: Option<UserId>,
    /// When.
    withdrawn_at: Option<Timestamp>,
    /// What was said then.
    withdrawal_text: Option<ShortText>,
}

impl CaseConsent {
    fn of(consent: &Consent, version: i64, today: Date) -> Self {
        let Consent { paper, check, withdrawn, .. } = consent;
        let refusal = consent.refusal();
        Self {
            id: consent.id,
            version,
            kind: paper.kind,
            state: consent.state_on(today),
            signer: paper.signer,
            representative_ids: paper.representatives.clone(),
            signed_on: paper.signed_on,
            valid_until_on: paper.valid_until_on,
            language: paper.language.clone(),
            form_version: paper.form_version.clone(),
            document_id: paper.document,
            on_paper: paper.on_paper,
            registered_by: consent.registered_by,
            registered_at: consent.registered_at,
            checked_by: check.as_ref().map(|check| check.by),
            checked_at: check.as_ref().map(|check| check.at),
            refusal: refusal.map(|(why, _)| why),
            refusal_text: refusal.and_then(|(_, text)| text.cloned()),
            withdrawn_by: withdrawn.as_ref().map(|one| one.by),
            withdrawn_at: withdrawn.as_ref().map(|one| one.at),
            withdrawal_text: withdrawn.as_ref().and_then(|one| one.text.clone()),
        }
    }
}

fn shown(work: &Work<'_, '_>, loaded: &CaseForCaller, id: ConsentId) -> Result<CaseConsent, Error> {
    let found = loaded.case.consents().iter().find(|consent| consent.id == id);
    found.map(|consent| CaseConsent::of(consent, loaded.version, work.rules().today)).ok_or(Error::Absent)
}

/// List the consents
///
/// Each with its state today, in the order of their registration. Those that were refused or taken back stay in the register.
#[utoipa::path(
    tag = "visitors",
    params(PageParams),
    responses((status = 200, description = "A page of consents.", body = CaseConsentList))
)]
#[get("/v1/cases/{case_id}/consents")]
pub(crate) async fn list_consents(
    caller: Authorized<may::ListConsents>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
) -> Answer {
    let filters = case.to_string();
    let after: Option<ConsentId> = page::read(query.cursor.as_deref(), &filters)?;
    caller
        .act(move |work| {
            let loaded = consents::list_consents(work, case)?;
            let today = work.rules().today;
            let since = loaded.case.opened_to(&loaded.access);
            let is_open = |consent: &&Consent| since.is_none_or(|since| consent.registered_at >= since);
            let open = loaded.case.consents().iter().filter(is_open);
            let open = open.map(|consent| CaseConsent::of(consent, loaded.version, today)).collect();
            let rest = page::behind(open, after, |one| one.id);
            Ok(Reply::ok(&page::cut(rest, query.limit, &filters, |one| one.id))?.revised(loaded.revision()))
        })
        .await
}

/// Register a consent
///
/// A copy that was uploaded, or the paper that the desk holds. The desk checks it then (`verifyConsent`).
#[utoipa::path(
    tag = "visitors",
    request_body = RegisterConsent,
    responses((status = 201, description = "The consent.", body = CaseConsent))
)]
#[post("/v1/cases/{case_id}/consents")]
pub(crate) async fn register_consent(
    caller: Authorized<may::RegisterConsent>,
    Path(case): Path<CaseId>,
    body: Body<RegisterConsent, NobodyTwice>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let (loaded, id) = consents::register_consent(work, case, &body.into())?;
            let location = format!("/v1/cases/{case}/consents");
            Ok(Reply::created(location, &shown(work, &loaded, id)?)?.revised(loaded.revision()))
        })
        .await
}

/// Check a consent
///
/// It is right, or it must be sent again, and why: the applicant gets a letter. A check may be repeated.
#[utoipa::path(
    tag = "visitors",
    request_body = VerifyConsent,
    responses((status = 200, description = "The consent.", body = CaseConsent))
)]
#[post("/v1/cases/{case_id}/consents/{consent_id}/verify")]
pub(crate) async fn verify_consent(
    caller: Authorized<may::VerifyConsent>,
    Path((case, id)): Path<(CaseId, ConsentId)>,
    body: Body<VerifyConsent, FitsOutcome>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = consents::verify_consent(work, case, id, &body.finding(), body.read())?;
            Ok(Reply::ok(&shown(work, &loaded, id)?)?.revised(loaded.revision()))
        })
        .await
}

/// Withdraw a consent
///
/// By the patient, the applicant or the agency, or by the desk on their word. It counts from the next request.
#[utoipa::path(
    tag = "visitors",
    request_body = WithdrawConsent,
    responses((status = 200, description = "The consent.", body = CaseConsent))
)]
#[post("/v1/cases/{case_id}/consents/{consent_id}/withdraw")]
pub(crate) async fn withdraw_consent(
    caller: Authorized<may::WithdrawConsent>,
    Path((case, id)): Path<(CaseId, ConsentId)>,
    body: Body<WithdrawConsent>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let loaded = consents::withdraw_consent(work, case, id, body.text.as_ref())?;
            Ok(Reply::ok(&shown(work, &loaded, id)?)?.revised(loaded.revision()))
        })
        .await
}

/// Which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FormParams {
    /// The language of the form; absent: the patient's, or else that of the request.
    language: Option<LanguageTag>,
    /// The kind of consent; absent: what the service needs.
    kind: Option<ConsentKind>,
}

/// Print the consent form
///
/// For the patient to sign: filled in with the patient, the people who visit and who are not family, and the agency. A page that prints on A4, in
/// English, Japanese, or a language that the hospital has added.
#[utoipa::path(
    tag = "visitors",
    params(FormParams),
    responses((status = 200, description = "The form.", body = crate::wire::texts::PrintedForm, content_type = "text/html"))
)]
#[get("/v1/cases/{case_id}/consent-form")]
pub(crate) async fn get_consent_form(
    caller: Authorized<may::GetConsentForm>,
    Path(case): Path<CaseId>,
    Query(query): Query<FormParams>,
    request: HttpRequest,
) -> Answer {
    let (state, reader) = (caller.state(), language_of(&request));
    caller
        .act(move |work| {
            let (loaded, kind, agency) = consents::get_consent_form(work, case, query.kind)?;
            let wanted = form::Wanted { language: query.language.as_ref(), reader, kind, agency: agency.as_deref() };
            form::page(&loaded.case, &work.rules(), &state.messages, &wanted)
        })
        .await
}
