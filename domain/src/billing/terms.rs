//! The terms of use and the cancellation policy: versions of a text in English and Japanese, with the policy as data beside it.
//!
//! An applicant accepts one version with the estimate. What was accepted holds for the case, whatever is published later.

use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::payment::comparison_key;
use crate::case::{CancelReason, CaseStage};
use crate::ids::TermsId;
use crate::people::{LongText, ShortText};

/// A version of the terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The identifier.
    pub id: TermsId,
    /// The name of the version, such as `2024-02-26`.
    pub version: ShortText,
    /// The first day, in Tokyo, on which it is in force.
    pub effective_on: Date,
    /// When it was published.
    pub published_at: Timestamp,
    /// The text in English.
    pub text_en: LongText,
    /// The text in Japanese.
    pub text_ja: LongText,
    /// The cancellation policy.
    pub cancellation: CancellationPolicy,
}

/// Percent of the fee that is given back after a cancellation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CancellationPolicy {
    /// Of a written opinion, before the physician starts to write.
    pub before_work_percent: u8,
    /// Of a written opinion, while it is written or reviewed.
    pub during_work_percent: u8,
    /// Of a written opinion, after delivery.
    pub after_work_percent: u8,
    /// Of a visit that was paid before, by the days between the arrival of the notice and the visit: from the most days to 0.
    pub visit_steps: Vec<VisitStep>,
}

/// A step of the policy for visits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct VisitStep {
    /// Calendar days in Tokyo before the visit: this many, or more up to the step before.
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 3650))]
    pub days_before: u16,
    /// Percent that is given back.
    #[cfg_attr(feature = "schema", schema(minimum = 0, maximum = 100))]
    pub percent: u8,
}

/// Why a version of the terms is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsFault {
    /// It would have been in force before it was published.
    InThePast,
    /// A share above 100 percent.
    PercentOutOfRange(&'static str),
    /// A later share above an earlier one.
    PercentRises(&'static str),
    /// Steps that do not go from the most days to 0, or give back more for a later notice.
    StepsOutOfOrder,
}

/// The default text in English. A hospital publishes its own version beside it.
const SEED_EN: &str = "1. A second opinion is advice of a physician of our hospital on the records that you hand in. It is no examination and no treatment.
2. Your request may be declined. Then everything that you paid is given back.
3. The estimate names the prices, tax included. With your acceptance they hold for this request. Further services need a further estimate.
4. A written opinion is paid in advance by bank transfer. The physician starts when the payment is confirmed. The charges of all banks are yours.
5. Records are handed in in Japanese or English. Translations are yours to provide.
6. Slides are sent at your risk and cost, and sent back after the case is closed.
7. If you cancel, the cancellation policy below says what is given back. If the hospital cancels, everything is given back.";

/// The same in Japanese.
const SEED_JA: &str = "1. セカンドオピニオンは、ご提出いただいた資料に基づき当院の医師が意見を述べるものです。診察や治療は行いません。
2. お申込みをお断りする場合があります。その場合、お支払い済みの料金は全額返金いたします。
3. 概算見積書には税込みの料金を記載します。ご承諾いただいた料金は、このお申込みについて変わりません。追加のサービスには追加の概算見積書が必要です。
4. 書面による意見書の料金は、銀行振込による前払いです。ご入金の確認後に医師が作成を始めます。銀行手数料はすべてお申込者のご負担となります。
5. 資料は日本語または英語でご提出ください。翻訳はお申込者にご用意いただきます。
6. 標本の送付はお申込者の責任とご負担で行い、終了後に返送いたします。
7. お申込者がキャンセルされる場合の返金は、下記のキャンセル規定によります。当院の都合によるキャンセルの場合は全額返金いたします。";

impl Default for CancellationPolicy {
    fn default() -> Self {
        let step = |days_before, percent| VisitStep { days_before, percent };
        Self {
            before_work_percent: 100,
            during_work_percent: 50,
            after_work_percent: 0,
            visit_steps: vec![step(4, 100), step(1, 50), step(0, 0)],
        }
    }
}

impl CancellationPolicy {
    /// Percent of what was paid that a cancellation gives back: the share at this stage, or all of it if the reason is the hospital's.
    pub const fn percent_back(&self, stage: CaseStage, reason: CancelReason) -> u8 {
        if reason.is_the_hospitals() {
            return 100;
        }
        match stage {
            CaseStage::Draft
            | CaseStage::Submitted
            | CaseStage::InformationRequested
            | CaseStage::InTriage
            | CaseStage::Accepted
            | CaseStage::AwaitingPayment => self.before_work_percent,
            CaseStage::Scheduled | CaseStage::Writing | CaseStage::InReview => self.during_work_percent,
            CaseStage::Consulted
            | CaseStage::Delivered
            | CaseStage::Closed
            | CaseStage::Declined
            | CaseStage::Cancelled
            | CaseStage::Expired => self.after_work_percent,
        }
    }

    /// Everything that is wrong with it.
    fn faults(&self) -> Vec<TermsFault> {
        let shares = [
            (self.before_work_percent, "/cancellation_policy/before_work_percent"),
            (self.during_work_percent, "/cancellation_policy/during_work_percent"),
            (self.after_work_percent, "/cancellation_policy/after_work_percent"),
        ];
        let above = |percent: u8| percent > 100;
        let mut faults: Vec<_> =
            shares.into_iter().filter(|(percent, _)| above(*percent)).map(|(_, pointer)| TermsFault::PercentOutOfRange(pointer)).collect();
        // Whoever cancels later never gets more.
        if self.before_work_percent < self.during_work_percent {
            faults.push(TermsFault::PercentRises("/cancellation_policy/during_work_percent"));
        }
        if self.during_work_percent < self.after_work_percent {
            faults.push(TermsFault::PercentRises("/cancellation_policy/after_work_percent"));
        }
        if self.visit_steps.iter().any(|step| above(step.percent)) {
            faults.push(TermsFault::PercentOutOfRange("/cancellation_policy/visit_steps"));
        }
        let later = self.visit_steps.iter().skip(1);
        let in_order =
            self.visit_steps.iter().zip(later).all(|(one, next)| one.days_before > next.days_before && one.percent >= next.percent);
        if !in_order || self.visit_steps.last().is_none_or(|step| step.days_before != 0) {
            faults.push(TermsFault::StepsOutOfOrder);
        }
        faults
    }
}

impl TermsFault {
    /// The field at fault as a JSON Pointer, and the code of the rule.
    pub const fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::InThePast => ("/effective_on", "terms_in_the_past"),
            Self::PercentOutOfRange(pointer) => (pointer, "percent_out_of_range"),
            Self::PercentRises(pointer) => (pointer, "percent_rises"),
            Self::StepsOutOfOrder => ("/cancellation_policy/visit_steps", "steps_out_of_order"),
        }
    }
}

impl Terms {
    /// The version that a new hospital begins with: our defaults, on the day of the published fees (seed: “Update : 2024-02-26”).
    pub fn seed(id: TermsId, cancellation: CancellationPolicy, at: Timestamp) -> Option<Self> {
        Some(Self {
            id,
            version: "2024-02-26".parse().ok()?,
            effective_on: date(2024, 2, 26),
            published_at: at,
            text_en: SEED_EN.parse().ok()?,
            text_ja: SEED_JA.parse().ok()?,
            cancellation,
        })
    }

    /// The name of the version as versions are compared by it: width, case, blanks and hyphens do not make another one.
    pub fn version_key(&self) -> String {
        comparison_key(self.version.as_str())
    }

    /// Everything that keeps it from being published on a day in Tokyo.
    pub fn faults(&self, today: Date) -> Vec<TermsFault> {
        let past = (self.effective_on < today).then_some(TermsFault::InThePast);
        past.into_iter().chain(self.cancellation.faults()).collect()
    }

    /// The version in force on a day: the one that took effect last. Of two from the same day, the later published.
    pub fn in_force(versions: &[Self], on: Date) -> Option<&Self> {
        versions.iter().filter(|terms| terms.effective_on <= on).max_by_key(|terms| (terms.effective_on, terms.published_at, terms.id))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn seed(number: u128) -> Terms {
        Terms::seed(TermsId::from_uuid(Uuid::from_u128(number)), CancellationPolicy::default(), Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn the_seed_can_be_published_and_a_later_version_takes_its_place() {
        assert!(seed(1).faults(date(2024, 2, 26)).is_empty());
        assert_eq!(seed(1).faults(date(2024, 2, 27)), [TermsFault::InThePast]);
        let later = Terms { effective_on: date(2027, 4, 1), ..seed(2) };
        let corrected = Terms { published_at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1), ..seed(3) };
        let all = [later, seed(1), corrected];
        let in_force = |on| Terms::in_force(&all, on).map(|terms| terms.id);
        assert_eq!(in_force(date(2024, 2, 25)), None);
        assert_eq!(in_force(date(2027, 3, 31)), Some(seed(3).id), "of two from one day, the later published");
        assert_eq!(in_force(date(2027, 4, 1)), Some(seed(2).id));
    }

    #[test]
    fn the_steps_of_visits_go_down_to_the_day_itself_and_never_give_back_more_later() {
        let with = |steps: &[(u16, u8)]| {
            let visit_steps =
                steps.iter().map(|(days_before, percent)| VisitStep { days_before: *days_before, percent: *percent }).collect();
            CancellationPolicy { visit_steps, ..CancellationPolicy::default() }.faults()
        };
        assert!(with(&[(4, 100), (1, 50), (0, 0)]).is_empty() && with(&[(0, 100)]).is_empty());
        for wrong in [&[][..], &[(4, 100), (1, 50)], &[(1, 50), (4, 100), (0, 0)], &[(4, 50), (0, 60)], &[(1, 50), (1, 50), (0, 0)]] {
            assert_eq!(with(wrong), [TermsFault::StepsOutOfOrder], "{wrong:?}");
        }
        let rising = CancellationPolicy { before_work_percent: 10, after_work_percent: 60, ..CancellationPolicy::default() };
        let pointers = ["/cancellation_policy/during_work_percent", "/cancellation_policy/after_work_percent"];
        assert_eq!(rising.faults(), pointers.map(TermsFault::PercentRises));
        let above = CancellationPolicy { before_work_percent: 101, during_work_percent: 101, ..CancellationPolicy::default() };
        let pointers = ["/cancellation_policy/before_work_percent", "/cancellation_policy/during_work_percent"];
        assert_eq!(above.faults(), pointers.map(TermsFault::PercentOutOfRange));
    }
}
