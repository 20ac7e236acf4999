//! Updates the clocks of a case after any change.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::calendar::{DueWindow, days_between, today_in_tokyo};
use crate::case::{Case, CaseStage, Change, EventKind, Hold, HoldReason, Rules, Stage, Written};
use crate::intake::items::{BlockedStep, checklist};

impl Case {
    /// Puts the clocks right: what the case waited for and has now lets it go on; what it lacks holds it; with payment, slides and their
    /// report complete the due window is counted, from `date` or the payment, the later of the two.
    pub(crate) fn settle_clocks(&mut self, rules: &Rules<'_>, now: Timestamp, date: Date) -> Vec<EventKind> {
        let mut happened = Vec::new();
        let asked = !self.open_requests.is_empty();
        let outstanding = self.slides_outstanding(rules);
        let over = match self.hold.as_ref().map(|hold| hold.reason) {
            Some(HoldReason::Information) => !asked,
            Some(HoldReason::Slides) => !outstanding,
            Some(HoldReason::Applicant | HoldReason::Department | HoldReason::Other) | None => false,
        };
        if over {
            self.release(now);
            happened.push(EventKind::CaseResumed);
        }
        if self.hold.is_some() {
            return happened;
        }
        if let Stage::Written { step: Written::Writing { work } } = &mut self.stage
            && work.due.is_none()
            && !outstanding
        {
            let settings = rules.settings;
            let from = date.max(work.paid_on);
            work.due = Some(DueWindow::counted_from(from, settings.opinions.due_from_days, settings.opinions.due_to_days));
            happened.push(EventKind::WritingStarted { due: work.due });
        }
        let accepted = matches!(self.stage, Stage::Visit { .. } | Stage::Written { .. });
        let reason = if outstanding {
            Some(HoldReason::Slides)
        } else if asked && accepted {
            Some(HoldReason::Information)
        } else {
            None
        };
        if let Some(reason) = reason {
            self.hold = Some(Hold { reason, text: None, since: now });
            happened.push(EventKind::CaseHeld { reason });
        }
        happened
    }

    /// Whether paid work waits for slides or their report. A visit never does: the re-examination is reported later.
    fn slides_outstanding(&self, rules: &Rules<'_>) -> bool {
        let works = matches!(self.stage.name(), CaseStage::Writing | CaseStage::InReview);
        let agreed = !self.re_examination.is_not_awaited && !checklist(self, rules).open(BlockedStep::DueWindow).is_empty();
        works && (agreed || self.awaited_addition().is_some())
    }

    /// Ends the hold: what was due, or would have expired with its estimate, does so as much later as the hold lasted.
    pub(crate) fn release(&mut self, now: Timestamp) {
        let Some(hold) = self.hold.take() else { return };
        // Whole days: a clock that ends with a day in Tokyo still does.
        let lasted = whole_days(now.duration_since(hold.since));
        let later = |at: Timestamp| at.saturating_add(lasted).unwrap_or(Timestamp::MAX);
        self.expires_at = self.expires_at.map(later);
        // What brings the slides does not wait for them.
        if let Some(addition) = self.re_examination.addition.as_mut().filter(|_| hold.reason != HoldReason::Slides) {
            addition.delay(later);
        }
        if let Some(estimate) = self.estimate.as_mut() {
            estimate.valid_until = later(estimate.valid_until);
        }
        self.stage.shift_due(days_between(today_in_tokyo(hold.since), today_in_tokyo(now)));
    }

    /// Nothing is waited for any longer: open requests lapse with the case's end, or with the visit.
    pub(crate) fn stop_waiting(&mut self) {
        self.hold = None;
        self.open_requests.clear();
        self.re_examination.addition = None;
    }

    /// Tells several things, in their order.
    pub(crate) fn with_all(self, kinds: impl IntoIterator<Item = EventKind>) -> Change {
        kinds.into_iter().fold(Change { case: self, events: Vec::new() }, Change::with_event)
    }

    /// The same, after the clocks were put right by today's date.
    pub(crate) fn settled(mut self, rules: &Rules<'_>, now: Timestamp, kind: EventKind) -> Change {
        let followed = self.settle_clocks(rules, now, today_in_tokyo(now));
        self.with_all(std::iter::once(kind).chain(followed))
    }
}

/// The time, rounded up to whole days.
fn whole_days(lasted: SignedDuration) -> SignedDuration {
    const DAY: i64 = 24 * 60 * 60;
    let started = lasted.as_secs() + i64::from(lasted.subsec_nanos() > 0);
    SignedDuration::from_secs((started.max(0) + DAY - 1) / DAY * DAY)
}
