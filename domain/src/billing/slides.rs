//! The slides that invoices and estimates charge for.

use super::fees::{FeeCode, FeeRefusal, Pricing};
use super::{Invoice, InvoiceLine};
use crate::calendar::{CalendarSettings, at_hour_in_tokyo, days_after};
use crate::intake::ReExamination;
use crate::pathology::Supplement;
use jiff::Timestamp;

/// The hour, in Tokyo, until which a payment that was in time may still be recorded.
const RECORDED_UNTIL: i8 = 12;

impl Invoice {
    /// The slides that it charges for, without those that were credited. One that ended charges for those that were examined; one that was
    /// replaced, for none.
    pub fn charged_slides(&self) -> ReExamination {
        if self.replaced_by.is_some() {
            return ReExamination::NONE;
        }
        self.slides_of(|line| self.end.is_none() || line.performed_on.is_some())
    }

    /// The slides of its lines, without those that were credited; also after its end.
    pub fn slides(&self) -> ReExamination {
        self.slides_of(|_| true)
    }

    fn slides_of(&self, counts: impl Fn(&InvoiceLine) -> bool) -> ReExamination {
        let quantity = |code: FeeCode| {
            let lines = self.lines.iter().filter(|line| line.code == code && counts(line));
            u16::try_from(lines.map(|line| self.remaining(line)).sum::<u32>()).unwrap_or(u16::MAX)
        };
        ReExamination {
            biopsy_slides: quantity(FeeCode::PathologyBiopsySlide),
            resected_specimens: quantity(FeeCode::PathologyResectedSlides),
        }
    }

    /// The invoice as an addition to the re-examination sees it.
    pub fn supplement(&self) -> Supplement {
        let (slides, is_settled, has_money) = (self.charged_slides(), self.is_settled(), self.has_money());
        Supplement { invoice: self.id, slides, is_settled, has_money }
    }

    /// When an addition lapses whose invoice nobody paid: at noon of the working day after its last day. Until then a payment that was in
    /// time may still be recorded.
    pub fn addition_lapses_at(&self, calendar: &CalendarSettings) -> Timestamp {
        at_hour_in_tokyo(calendar.working_day_from(days_after(self.last_day(), 1)), RECORDED_UNTIL)
    }
}

impl Pricing {
    /// The same for other slides, at the same prices: fewer are wanted than were agreed on.
    pub fn for_slides(mut self, slides: ReExamination) -> Result<Self, FeeRefusal> {
        for line in &mut self.lines {
            let quantity = match line.code {
                FeeCode::PathologyBiopsySlide => slides.biopsy_slides,
                FeeCode::PathologyResectedSlides => slides.resected_specimens,
                FeeCode::ConsultationFirst30Min | FeeCode::ConsultationAdditional30Min | FeeCode::WrittenOpinion => continue,
            };
            line.quantity = line.quantity.min(u32::from(quantity));
        }
        self.lines.retain(|line| line.quantity > 0);
        self.repriced()
    }
}
