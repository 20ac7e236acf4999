//! The cancellation fee: its paper, and how two persons give more of it back than the policy says.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BillingRefusal, FeeNumber, Invoice, Refund, RefundRequest, Settlement};
use crate::calendar::today_in_tokyo;
use crate::ids::RefundId;
use crate::money::Yen;
use crate::people::LongText;

/// The paper of a cancellation fee. The fee is outside the scope of consumption tax, so it stands apart from the credit note of the services.
/// It is issued when the refund of the rest is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeePaper {
    /// The number.
    pub number: FeeNumber,
    /// The day, in Tokyo, on which it was issued.
    pub issued_on: Date,
    /// The fee.
    pub amount: Yen,
    /// When it became void, because the fee changed or was dropped.
    pub voided_at: Option<Timestamp>,
}

/// More that is given back than the policy says, out of the cancellation fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raise {
    /// How much more.
    pub by: Yen,
    /// Why.
    pub reason: LongText,
}

impl RefundRequest {
    pub(super) fn raised_by(&self) -> Yen {
        self.raise.as_ref().map_or(Yen::ZERO, |raise| raise.by)
    }
}

impl Refund {
    /// How much more than the policy says its request gives back.
    fn raised_by(&self) -> Yen {
        self.request.as_ref().map_or(Yen::ZERO, RefundRequest::raised_by)
    }
}

impl Invoice {
    /// The paper of the cancellation fee that counts.
    pub fn fee_paper(&self) -> Option<&FeePaper> {
        self.fee_papers.iter().find(|paper| paper.voided_at.is_none())
    }

    /// Whether the approval of this refund needs a paper of the cancellation fee: a fee is kept, and no paper says so.
    pub fn needs_fee_paper(&self, refund: RefundId) -> bool {
        let Some(refund) = self.refund(refund).filter(|refund| refund.is_of_the_end()) else { return false };
        let kept = less(self.kept(), refund.raised_by());
        !kept.is_zero() && self.fee_paper().is_none_or(|paper| paper.amount != kept)
    }

    pub(super) fn check_raise(&self, refund: RefundId, request: &RefundRequest) -> Result<(), BillingRefusal> {
        let Some(raise) = &request.raise else { return Ok(()) };
        if raise.by.is_zero() {
            return Err(BillingRefusal::RaiseOfNothing);
        }
        if request.settlement != Settlement::PayOut {
            return Err(BillingRefusal::RaiseIsPaidOut);
        }
        let is_of_the_end = self.refund(refund).is_some_and(Refund::is_of_the_end);
        if is_of_the_end && raise.by <= self.kept() { Ok(()) } else { Err(BillingRefusal::RaiseAboveFee) }
    }

    /// Gives more back, as the request of the refund says; or keeps it again, where that was approved and is taken back.
    pub(super) fn raise(&mut self, refund: RefundId, is_given: bool) {
        let raised = self.refund(refund).map_or(Yen::ZERO, Refund::raised_by);
        let (Some(end), Some(refund)) = (self.end.as_mut(), self.refunds.iter_mut().find(|one| one.id == refund)) else { return };
        if is_given {
            (end.kept, refund.amount) = (less(end.kept, raised), more(refund.amount, raised));
        } else {
            (end.kept, refund.amount) = (more(end.kept, raised), less(refund.amount, raised));
        }
    }

    /// Makes the paper of the fee agree with the fee: one that says something else is void. The number is used if [`Invoice::needs_fee_paper`].
    pub(super) fn paper_the_fee(&mut self, number: Option<FeeNumber>, at: Timestamp) {
        let kept = self.kept();
        for paper in self.fee_papers.iter_mut().filter(|paper| paper.voided_at.is_none() && paper.amount != kept) {
            paper.voided_at = Some(at);
        }
        if let Some(number) = number {
            self.fee_papers.push(FeePaper { number, issued_on: today_in_tokyo(at), amount: kept, voided_at: None });
        }
    }
}

fn less(amount: Yen, by: Yen) -> Yen {
    Yen::new(amount.amount() - by.amount()).unwrap_or_default()
}

fn more(amount: Yen, by: Yen) -> Yen {
    amount.plus(by).unwrap_or(Yen::MAX)
}
