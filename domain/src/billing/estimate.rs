//! The estimate that the hospital makes for an accepted case. The payer reads it with the terms and accepts it; then its prices hold.

mod steps;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fees::{FeeRefusal, FeeSchedule, Pricing, QuoteRequest};
use super::{CancellationPolicy, ConsultationPayment, EstimateNumber, Terms};
use crate::case::Case;
use crate::ids::{CaseId, EstimateId, TermsId, UserId};
use crate::money::{Payer, Yen};
use crate::people::{EmailAddress, LongText, ShortText};
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;
use crate::wire::wire_enum;

pub use steps::Consent;

wire_enum! {
    /// How far an estimate is.
    EstimateStatus grows {
        /// It waits for the payer.
        Issued = "issued",
        /// The payer accepted it: its prices hold for the case.
        Accepted = "accepted",
        /// A newer estimate took its place.
        Superseded = "superseded",
        /// The hospital took it back.
        Withdrawn = "withdrawn",
        /// The case is one of another service now, with another price.
        Void = "void",
        /// It was not accepted in time, or its case ended before.
        Expired = "expired",
    }
}

/// An estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// The identifier.
    pub id: EstimateId,
    /// The case that it is for.
    pub case: CaseId,
    /// The number.
    pub number: EstimateNumber,
    /// Whether it is for slides beside those that are agreed on.
    #[serde(default)]
    pub is_supplementary: bool,
    /// The service with its prices, which nothing changes any longer.
    pub pricing: Pricing,
    /// The price of each half hour beyond those of the estimate, tax included. Of visits only.
    pub further_half_hour: Option<Yen>,
    /// Why the price of a half hour is above the published minimum.
    pub raised_because: Option<LongText>,
    /// When it is paid.
    pub payment: ConsultationPayment,
    /// The terms that are accepted with it. `None`: of an earlier release, which kept no text of them.
    pub terms: Option<TermsId>,
    /// The name of their version.
    pub terms_version: ShortText,
    /// The cancellation policy that is accepted with it.
    pub cancellation: CancellationPolicy,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Who issued it. `None`: of an earlier release, in which applicants made their own.
    pub issued_by: Option<UserId>,
    /// The instant from which it cannot be accepted any longer.
    pub valid_until: Timestamp,
    /// Its acceptance.
    pub accepted: Option<EstimateAcceptance>,
    /// How it was replaced or taken back.
    pub closed: Option<EstimateClosing>,
    /// Counts the changes.
    pub version: i64,
}

/// The acceptance of an estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimateAcceptance {
    /// When.
    pub at: Timestamp,
    /// Who accepted it, or wrote down the signed paper. `None`: of an earlier release, which did not keep it.
    pub by: Option<UserId>,
    /// Who pays, or stands in for the third party that pays: never [`Payer::Other`].
    pub payer: Payer,
    /// The third party that pays.
    #[serde(default)]
    pub third_party: Option<ThirdParty>,
    /// To whom the invoice is addressed, name and address as they shall stand there.
    pub recipient: LongText,
    /// The day, in Tokyo, on which the payer signed it on paper.
    pub signed_on: Option<jiff::civil::Date>,
}

/// A third party that pays, such as a company. It has no account: the one who accepted the estimate stands in for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThirdParty {
    /// Its own reference, which its invoices repeat.
    pub reference: Option<ShortText>,
    /// Where it can be written to by hand.
    pub email: Option<EmailAddress>,
}

impl EstimateAcceptance {
    /// Who pays.
    pub const fn paid_by(&self) -> Payer {
        if self.third_party.is_some() { Payer::Other } else { self.payer }
    }
}

/// How an estimate stopped to be open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EstimateClosing {
    /// A newer one took its place.
    Superseded {
        /// When.
        at: Timestamp,
    },
    /// The hospital took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// Who.
        by: UserId,
        /// Why.
        reason: LongText,
    },
    /// The case is one of another service now.
    Void {
        /// When.
        at: Timestamp,
    },
}

/// The facts of a new estimate beside the case and the settings.
#[derive(Clone, Debug)]
pub struct NewEstimate {
    /// The identifier.
    pub id: EstimateId,
    /// The next number.
    pub number: EstimateNumber,
    /// Half hours beyond the first, of a visit.
    pub additional_half_hours: u8,
    /// The price of each of them, if it is above the published minimum.
    pub half_hour_price: Option<Yen>,
    /// Why.
    pub raised_because: Option<LongText>,
    /// When a visit is paid, if it is not as the settings say.
    pub payment: Option<ConsultationPayment>,
    /// Who issues it.
    pub by: UserId,
    /// The instant from which it cannot be accepted any longer.
    pub valid_until: Timestamp,
}

impl Estimate {
    /// Makes the estimate of a case: its service and its slides, or the slides of an addition, at the prices of the schedule.
    ///
    /// # Errors
    /// What cannot be priced so.
    pub fn issue(
        case: &Case,
        new: NewEstimate,
        schedule: &FeeSchedule,
        terms: &Terms,
        settings: &HospitalSettings,
        now: Timestamp,
    ) -> Result<Self, FeeRefusal> {
        let NewEstimate { id, number, additional_half_hours, half_hour_price, raised_because, payment, by, valid_until } = new;
        let kind = case.kind();
        let addition = case.addition_to_estimate();
        let is_visit = kind != ServiceKind::WrittenOpinion;
        let prices_time = is_visit && addition.is_none();
        if half_hour_price.is_some() && !prices_time {
            return Err(FeeRefusal::HalfHourPriceIsForVisits);
        }
        if additional_half_hours > 0 && !prices_time {
            return Err(FeeRefusal::HalfHoursAreForVisits);
        }
        if payment.is_some() && !is_visit {
            return Err(FeeRefusal::PaymentIsForVisits);
        }
        // A re-examination of nothing is none.
        let re_examination = addition.map_or(case.slides_asked_for(), |addition| addition.slides).asked();
        let wanted = QuoteRequest { kind, additional_half_hours, re_examination };
        let calculate = if addition.is_some() { Pricing::of_slides } else { Pricing::calculate };
        let pricing = calculate(schedule, wanted, now)?.fixed(half_hour_price)?;
        let further_half_hour = prices_time.then(|| Pricing::half_hour(schedule, half_hour_price)).transpose()?;
        let is_raised =
            further_half_hour.is_some_and(|price| schedule.price(super::fees::FeeCode::ConsultationAdditional30Min) != Some(price));
        match (is_raised, &raised_because) {
            (true, None) => return Err(FeeRefusal::ReasonMissing),
            (false, Some(_)) => return Err(FeeRefusal::NothingRaised),
            (true, Some(_)) | (false, None) => {}
        }
        Ok(Self {
            id,
            case: case.id(),
            number,
            is_supplementary: addition.is_some(),
            pricing,
            further_half_hour,
            raised_because,
            // The physician begins when the payment is confirmed (seed).
            payment: if is_visit { payment.unwrap_or(settings.billing.consultation_payment) } else { ConsultationPayment::Prepaid },
            terms: Some(terms.id),
            terms_version: terms.version.clone(),
            cancellation: terms.cancellation.clone(),
            issued_at: now,
            issued_by: Some(by),
            valid_until,
            accepted: None,
            closed: None,
            version: 1,
        })
    }

    /// The same, accepted.
    #[must_use]
    pub fn accept(self, acceptance: EstimateAcceptance) -> Self {
        Self { accepted: Some(acceptance), ..self }
    }

    /// The same, replaced or taken back.
    #[must_use]
    pub fn close(self, closing: EstimateClosing) -> Self {
        Self { closed: Some(closing), ..self }
    }

    /// Whether it waits for the payer: nobody accepted it, replaced it or took it back.
    pub const fn is_open(&self) -> bool {
        self.accepted.is_none() && self.closed.is_none()
    }

    /// How far it is. `waits` says whether its case still waits for it.
    pub const fn status(&self, waits: bool) -> EstimateStatus {
        match (&self.accepted, &self.closed) {
            (_, Some(EstimateClosing::Withdrawn { .. })) => EstimateStatus::Withdrawn,
            (_, Some(EstimateClosing::Superseded { .. })) => EstimateStatus::Superseded,
            (_, Some(EstimateClosing::Void { .. })) => EstimateStatus::Void,
            (Some(_), None) => EstimateStatus::Accepted,
            (None, None) if waits => EstimateStatus::Issued,
            (None, None) => EstimateStatus::Expired,
        }
    }
}
