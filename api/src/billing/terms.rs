//! Requests and answers of the terms and the cancellation policy.

use application::billing::terms::NewTerms;
use domain::billing::{CancellationPolicy, VisitStep};
use domain::ids::TermsId;
use domain::people::{LongText, ShortText};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::messages::{Language, Messages};
use crate::wire::page::Page;

/// A version of the terms of use, with the cancellation policy. It never changes: another text is another version.
#[derive(Serialize, ToSchema)]
pub(crate) struct Terms {
    /// The version.
    id: TermsId,
    /// Its name, which `acceptEstimate` repeats.
    version: ShortText,
    /// The first day, in Tokyo, on which it is in force.
    effective_on: Date,
    /// When it was published.
    published_at: Timestamp,
    /// The text in English.
    text_en: LongText,
    /// The text in Japanese.
    text_ja: LongText,
    /// The cancellation policy.
    cancellation_policy: CancellationTerms,
}

/// A page of them.
pub(crate) type TermsList = Page<Terms>;

/// The part of the fee that is given back after a cancellation. If the hospital cancels or declines, all of it is, except the price of slides whose
/// findings are recorded.
#[derive(Serialize, ToSchema)]
pub(crate) struct CancellationTerms {
    /// Percent of a written opinion that is given back before the physician starts to write.
    #[schema(minimum = 0, maximum = 100)]
    before_work_percent: u8,
    /// Percent of a written opinion that is given back while it is written or reviewed.
    #[schema(minimum = 0, maximum = 100)]
    during_work_percent: u8,
    /// Percent of a written opinion that is given back after delivery.
    #[schema(minimum = 0, maximum = 100)]
    after_work_percent: u8,
    /// The shares of a visit that was paid before: from the most days before the visit to the day itself.
    visit_steps: Vec<VisitStep>,
    /// The same in sentences, in the reader's language.
    lines: Vec<String>,
}

/// A version of the terms to publish.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTerms {
    /// The name of the version: another than all before.
    version: ShortText,
    /// The first day, in Tokyo, on which it is in force: today or later.
    effective_on: Date,
    /// The text in English.
    text_en: LongText,
    /// The text in Japanese.
    text_ja: LongText,
    /// The cancellation policy.
    cancellation_policy: CancellationShares,
}

/// The part of the fee that is given back after a cancellation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancellationShares {
    /// Percent of a written opinion that is given back before the physician starts to write.
    #[schema(minimum = 0, maximum = 100)]
    before_work_percent: u8,
    /// Percent of a written opinion that is given back while it is written or reviewed.
    #[schema(minimum = 0, maximum = 100)]
    during_work_percent: u8,
    /// Percent of a written opinion that is given back after delivery.
    #[schema(minimum = 0, maximum = 100)]
    after_work_percent: u8,
    /// The shares of a visit that was paid before: each step with fewer days than the one before, and no more percent. The last is
    /// the day itself, 0.
    #[schema(min_items = 1, max_items = 20)]
    visit_steps: Vec<VisitStep>,
}

impl CreateTerms {
    pub(crate) fn terms(&self) -> NewTerms {
        let Self { version, effective_on, text_en, text_ja, cancellation_policy } = self;
        NewTerms {
            version: version.clone(),
            effective_on: *effective_on,
            text_en: text_en.clone(),
            text_ja: text_ja.clone(),
            cancellation: CancellationPolicy {
                before_work_percent: cancellation_policy.before_work_percent,
                during_work_percent: cancellation_policy.during_work_percent,
                after_work_percent: cancellation_policy.after_work_percent,
                visit_steps: cancellation_policy.visit_steps.clone(),
            },
        }
    }
}

impl Terms {
    pub(crate) fn of(terms: &domain::billing::Terms, messages: &Messages, language: Language) -> Self {
        Self {
            id: terms.id,
            version: terms.version.clone(),
            effective_on: terms.effective_on,
            published_at: terms.published_at,
            text_en: terms.text_en.clone(),
            text_ja: terms.text_ja.clone(),
            cancellation_policy: CancellationTerms::of(&terms.cancellation, messages, language),
        }
    }
}

impl CancellationTerms {
    pub(crate) fn of(policy: &CancellationPolicy, messages: &Messages, language: Language) -> Self {
        let say = |id: &str, facts: &[(&str, String)]| {
            let facts: Vec<(&str, &str)> = facts.iter().map(|(name, value)| (*name, value.as_str())).collect();
            messages.find(language, id, &facts).unwrap_or_default()
        };
        let share = |percent: u8| {
            let said = if percent == 0 { say("policy-nothing", &[]) } else { say("policy-share", &[("percent", percent.to_string())]) };
            ("share", said)
        };
        let written = [
            ("policy-before_work", policy.before_work_percent),
            ("policy-during_work", policy.during_work_percent),
            ("policy-after_work", policy.after_work_percent),
        ];
        let written = written.into_iter().map(|(id, percent)| say(id, &[share(percent)]));
        let earlier = std::iter::once(None).chain(policy.visit_steps.iter().map(|step| Some(step.days_before)));
        let visits = policy.visit_steps.iter().zip(earlier).map(|(step, earlier)| {
            let (from, share) = (("from", step.days_before.to_string()), share(step.percent));
            // The days of a step end one day before those of the step above it.
            match (step.days_before, earlier.map(|days| days.saturating_sub(1))) {
                (0, None) => say("policy-visit-always", &[share]),
                (_, None) => say("policy-visit-first", &[from, share]),
                (0, Some(0)) => say("policy-visit-day", &[share]),
                (1, Some(1)) => say("policy-visit-eve", &[share]),
                (days, Some(to)) if days == to => say("policy-visit-one", &[from, share]),
                (_, Some(to)) => say("policy-visit-between", &[from, ("to", to.to_string()), share]),
            }
        });
        let always = ["policy-re_examination", "policy-unforeseen", "policy-hospital"].map(|id| say(id, &[]));
        let lines = written.chain(visits).chain(always).collect();
        Self {
            before_work_percent: policy.before_work_percent,
            during_work_percent: policy.during_work_percent,
            after_work_percent: policy.after_work_percent,
            visit_steps: policy.visit_steps.clone(),
            lines,
        }
    }
}
