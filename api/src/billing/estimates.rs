//! Estimates of cases: handlers, requests and answers.

use actix_web::{HttpRequest, get, post};
use application::Error;
use application::billing::estimates::{self, Acceptance, EstimateWithCase, Wanted};
use domain::access::may;
use domain::billing::{ConsultationPayment, EstimateClosing, EstimateStatus, ThirdParty};
use domain::ids::{CaseId, EstimateId, FeeScheduleId, TermsId, UserId};
use domain::intake::ReExamination;
use domain::money::Payer;
use domain::people::{EmailAddress, LongText, ShortText};
use domain::service::ServiceKind;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fees::views::{CoveredPart, QuoteLine};
use super::refunds::yen;
use super::terms::CancellationTerms;
use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path, Query};
use crate::http::reader::{Labels, Reader};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;
use crate::wire::money::Money;
use crate::wire::page::{self, Page, PageParams};

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(issue_estimate).service(list_estimates).service(get_estimate).service(accept_estimate).service(withdraw_estimate);
}

/// An estimate that the hospital made for a case. With its acceptance the prices hold for the case.
#[derive(Serialize, ToSchema)]
pub(crate) struct Estimate {
    /// The estimate.
    id: EstimateId,
    /// Its number.
    number: String,
    /// The case.
    case_id: CaseId,
    /// The number of the case.
    case_number: String,
    /// Whether it is for slides beside those that were agreed on: the main estimate stays.
    is_supplementary: bool,
    /// How far it is.
    status: EstimateStatus,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// The schedule of its prices.
    fee_schedule_id: FeeScheduleId,
    /// The service.
    kind: ServiceKind,
    /// Half hours beyond the first.
    #[schema(minimum = 0, maximum = 6)]
    additional_half_hours: u8,
    /// The slides that are to be examined again; null for none.
    re_examination: Option<ReExamination>,
    /// The lines.
    lines: Vec<QuoteLine>,
    /// Their sum, tax included.
    total: Money,
    /// The tax within the total, rounded down once.
    tax: Money,
    /// The price of each half hour beyond those of the estimate, tax included; null for a written opinion.
    further_half_hour: Option<Money>,
    /// Why the price of a half hour is above the published minimum; null if it is not.
    raised_because: Option<LongText>,
    /// When it is paid.
    payment: ConsultationPayment,
    /// The parts that are included.
    included: Vec<CoveredPart>,
    /// The parts that are not included: they cost extra or are not offered.
    not_included: Vec<CoveredPart>,
    /// The terms that are accepted with it, for `getTerms`; null for an estimate of release 0.1, which kept no text of them.
    terms_id: Option<TermsId>,
    /// The name of their version, which `acceptEstimate` repeats.
    terms_version: ShortText,
    /// The cancellation policy that is accepted with it.
    cancellation_policy: CancellationTerms,
    /// When it was made.
    issued_at: Timestamp,
    /// Who made it; null for those outside the hospital, and for an estimate of release 0.1.
    issued_by: Option<UserId>,
    /// The instant from which it cannot be accepted any longer: the end of its last day in Tokyo.
    expires_at: Timestamp,
    /// The payer's word, once it is given.
    acceptance: Option<EstimateAcceptance>,
    /// Why the hospital took it back; null unless it did.
    withdrawn_because: Option<LongText>,
}

/// The payer's word on an estimate.
#[derive(Serialize, ToSchema)]
pub(crate) struct EstimateAcceptance {
    /// When it was given, or written down.
    accepted_at: Timestamp,
    /// Who pays.
    payer: Payer,
    /// What is known of a third party that pays; null for other payers, and for those who do not pay.
    third_party: Option<ThirdPartyPayer>,
    /// To whom the invoice is addressed, name and address; null for those who do not pay.
    recipient: Option<LongText>,
    /// The day, in Tokyo, on which the payer signed it on paper; null if it was accepted here.
    signed_on: Option<Date>,
}

/// A page of them.
pub(crate) type EstimateList = Page<Estimate>;

/// An estimate to make. Service and slides are those of the case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IssueEstimate {
    /// Half hours beyond the first, for a visit; each is agreed on before it begins.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 6, default = 0)]
    additional_half_hours: u8,
    /// The price of each half hour beyond the first, tax included, if it is above the published minimum; absent or null for the minimum.
    #[serde(default)]
    half_hour_price: Option<Money>,
    /// Why it is above the minimum: needed exactly then.
    #[serde(default)]
    raised_because: Option<LongText>,
    /// When the visit is paid; absent or null for what the settings say. A written opinion is always paid before.
    #[serde(default)]
    payment: Option<ConsultationPayment>,
}

/// The payer's word on an estimate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptEstimate {
    /// The version of the terms that the payer has read: the one that the estimate names.
    terms_version: ShortText,
    /// Who pays: each side binds itself alone. For a third party, such as a company, the one who accepts stands in.
    payer: Payer,
    /// What is known of the third party; absent or null for other payers.
    #[serde(default)]
    third_party: Option<ThirdPartyPayer>,
    /// To whom the invoice is addressed: name and address, as they shall stand there.
    recipient: LongText,
    /// The day, in Tokyo, on which the payer signed the estimate on paper. The desk gives it, nobody else.
    #[serde(default)]
    signed_on: Option<Date>,
}

/// A third party that pays, such as a company. It has no account: who accepts the estimate stands in for it.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThirdPartyPayer {
    /// Its own reference, which its invoices repeat.
    #[serde(default)]
    reference: Option<ShortText>,
    /// Where it can be written to by hand.
    #[serde(default)]
    email: Option<EmailAddress>,
}

/// Why an estimate is taken back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawEstimate {
    /// The reason, which the applicant reads.
    reason: LongText,
}

impl From<ThirdPartyPayer> for ThirdParty {
    fn from(ThirdPartyPayer { reference, email }: ThirdPartyPayer) -> Self {
        Self { reference, email }
    }
}

impl IssueEstimate {
    fn wanted(&self) -> Result<Wanted, Error> {
        Ok(Wanted {
            additional_half_hours: self.additional_half_hours,
            half_hour_price: self.half_hour_price.map(|price| yen(price, "/half_hour_price/amount")).transpose()?,
            raised_because: self.raised_because.clone(),
            payment: self.payment,
        })
    }
}

impl AcceptEstimate {
    fn acceptance(&self) -> Acceptance {
        let Self { terms_version, payer, third_party, recipient, signed_on } = self;
        let third_party = third_party.clone().map(ThirdParty::from);
        Acceptance { terms_version: terms_version.clone(), payer: *payer, third_party, recipient: recipient.clone(), signed_on: *signed_on }
    }
}

impl Estimate {
    pub(crate) fn of(with_case: &EstimateWithCase, labels: Labels<'_>) -> Self {
        let (estimate, pricing) = (&with_case.estimate, &with_case.estimate.pricing);
        let acceptance = estimate.accepted.as_ref().map(|accepted| EstimateAcceptance {
            accepted_at: accepted.at,
            payer: accepted.paid_by(),
            third_party: accepted.third_party.clone().filter(|_| with_case.sees_recipient()).map(|third_party| {
                let ThirdParty { reference, email } = third_party;
                ThirdPartyPayer { reference, email }
            }),
            recipient: with_case.sees_recipient().then(|| accepted.recipient.clone()),
            signed_on: accepted.signed_on,
        });
        let withdrawn_because = match &estimate.closed {
            Some(EstimateClosing::Withdrawn { reason, .. }) => Some(reason.clone()),
            Some(EstimateClosing::Superseded { .. } | EstimateClosing::Void { .. }) | None => None,
        };
        Self {
            id: estimate.id,
            number: estimate.number.to_string(),
            case_id: estimate.case,
            case_number: with_case.case.case.number().to_owned(),
            is_supplementary: estimate.is_supplementary,
            status: with_case.status(),
            version: estimate.version,
            fee_schedule_id: pricing.schedule,
            kind: pricing.wanted.kind,
            additional_half_hours: pricing.wanted.additional_half_hours,
            re_examination: pricing.wanted.re_examination,
            lines: QuoteLine::all(pricing, labels.messages, labels.language),
            total: pricing.total.into(),
            tax: pricing.total.tax_included().tax.into(),
            further_half_hour: estimate.further_half_hour.map(Money::from),
            raised_because: estimate.raised_because.clone(),
            payment: estimate.payment,
            included: CoveredPart::all(&pricing.included, labels.messages, labels.language),
            not_included: CoveredPart::all(&pricing.not_included, labels.messages, labels.language),
            terms_id: estimate.terms,
            terms_version: estimate.terms_version.clone(),
            cancellation_policy: CancellationTerms::of(&estimate.cancellation, labels.messages, labels.language),
            issued_at: estimate.issued_at,
            issued_by: estimate.issued_by.filter(|_| with_case.is_of_the_hospital()),
            expires_at: with_case.valid_until(),
            acceptance,
            withdrawn_because,
        }
    }
}

fn show(estimate: &EstimateWithCase, reader: &Reader) -> Result<Reply, Error> {
    Ok(Reply::ok(&Estimate::of(estimate, reader.labels()))?.in_language(reader.language).revised(estimate.revision()))
}

/// Issue an estimate
///
/// For an accepted case: its service and its slides at the fees in force, with the terms and the cancellation policy in force. An estimate
/// that nobody has accepted is replaced. From now on it is the applicant's turn. Once the main estimate is accepted, the next one is for slides
/// that were proposed beside those that were agreed on (`proposeReExamination`, `changeReExamination`).
#[utoipa::path(tag = "money", request_body = IssueEstimate, responses((status = 201, description = "The estimate.", body = Estimate)))]
#[post("/v1/cases/{case_id}/estimates")]
pub(crate) async fn issue_estimate(
    caller: Authorized<may::IssueEstimate>,
    Path(case): Path<CaseId>,
    body: Body<IssueEstimate>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller
        .act_on(body, move |work, body| {
            let issued = estimates::issue_estimate(work, case, &body.wanted()?)?;
            let place = format!("/v1/estimates/{}", issued.estimate.id);
            let reply = Reply::created(place, &Estimate::of(&issued, reader.labels()))?;
            Ok(reply.in_language(reader.language).revised(issued.revision()))
        })
        .await
}

/// List the estimates of a case
///
/// The newest first, with those that were replaced or taken back.
#[utoipa::path(tag = "money", params(PageParams), responses((status = 200, description = "A page of estimates.", body = EstimateList)))]
#[get("/v1/cases/{case_id}/estimates")]
pub(crate) async fn list_estimates(
    caller: Authorized<may::ListEstimates>,
    Path(case): Path<CaseId>,
    Query(query): Query<PageParams>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    let after: Option<EstimateId> = page::read(query.cursor.as_deref(), &())?;
    caller
        .act(move |work| {
            let mut found = estimates::list_estimates(work, case)?;
            found.retain(|listed| after.is_none_or(|after| listed.estimate.id < after));
            let page =
                page::cut(found, query.limit, &(), |listed| listed.estimate.id).shown(|listed| Estimate::of(listed, reader.labels()));
            Ok(Reply::ok(&page)?.in_language(reader.language))
        })
        .await
}

/// Read an estimate
///
/// An agency, and the patient's own account, see it unless somebody else pays.
#[utoipa::path(tag = "money", responses((status = 200, description = "The estimate.", body = Estimate)))]
#[get("/v1/estimates/{estimate_id}")]
pub(crate) async fn get_estimate(caller: Authorized<may::GetEstimate>, Path(id): Path<EstimateId>, request: HttpRequest) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act(move |work| show(&estimates::get_estimate(work, id)?, &reader)).await
}

/// Accept an estimate
///
/// The newest one of the case, by the one who pays, with its terms. Its prices and its cancellation policy hold from now on. The desk writes
/// down what a payer signed on paper.
#[utoipa::path(tag = "money", request_body = AcceptEstimate, responses((status = 200, description = "The estimate.", body = Estimate)))]
#[post("/v1/estimates/{estimate_id}/accept")]
pub(crate) async fn accept_estimate(
    caller: Authorized<may::AcceptEstimate>,
    Path(id): Path<EstimateId>,
    body: Body<AcceptEstimate>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act_on(body, move |work, body| show(&estimates::accept_estimate(work, id, &body.acceptance())?, &reader)).await
}

/// Withdraw an estimate
///
/// One that nobody has accepted. It is the desk's turn again.
#[utoipa::path(tag = "money", request_body = WithdrawEstimate, responses((status = 200, description = "The estimate.", body = Estimate)))]
#[post("/v1/estimates/{estimate_id}/withdraw")]
pub(crate) async fn withdraw_estimate(
    caller: Authorized<may::WithdrawEstimate>,
    Path(id): Path<EstimateId>,
    body: Body<WithdrawEstimate>,
    request: HttpRequest,
) -> Answer {
    let reader = Reader::of(&caller, &request);
    caller.act_on(body, move |work, body| show(&estimates::withdraw_estimate(work, id, &body.reason)?, &reader)).await
}
