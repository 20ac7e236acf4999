//! Terms, estimates, invoices, payments, refunds, and the ledger that sums to zero.

mod another_service;
mod books;
mod credit;
mod end;
mod estimate;
mod fee;
pub mod fees;
mod invoice;
mod ledger;
mod numbers;
mod payment;
mod receipt;
mod refund;
mod refusal;
mod reissue;
mod reversal;
mod settings;
mod slides;
mod steps;
mod term;
mod terms;
mod unmatched;
mod upgrade;
mod visit;
mod write_off;

pub use books::Books;
pub use credit::{CreditCause, CreditLine, CreditNote, CreditNoteIdentity, CreditNoteKind, Credited, NewCredit};
pub use end::{InvoiceEnd, MoneyEnd};
pub use estimate::{Consent, Estimate, EstimateAcceptance, EstimateClosing, EstimateStatus, NewEstimate, ThirdParty};
pub use fee::{FeePaper, Raise};
pub use invoice::{Invoice, InvoiceLine, InvoiceStatus, Issuing};
pub use ledger::{Account, Posting};
pub use numbers::{CreditNoteNumber, EstimateNumber, FeeNumber, InvoiceNumber, ReceiptNumber, RefundNumber};
pub use payment::{Outcome, Payment, PaymentMethod, Recorded, reference_key};
pub use receipt::{NewReceipt, Receipt, ReceiptPurpose};
pub use refund::{
    Act, Attempt, ChargeBearer, Payee, Refund, RefundReason, RefundRequest, RefundState, RefundStep, Rejection, Returned, Settlement,
    Transfer,
};
pub use refusal::BillingRefusal;
pub use reissue::Reissue;
pub use reversal::{Reversal, Reversed};
pub use settings::{BankAccount, BillingSettings, ConsultationPayment, Issuer};
pub use term::Extended;
pub use terms::{CancellationPolicy, Terms, TermsFault, VisitStep};
pub use unmatched::{Allocation, UnmatchedPayment};

pub use steps::Paid;
pub use upgrade::{CaseBefore, EndBefore};
pub use visit::HalfHoursByPayer;
pub use write_off::{NewWriteOff, WriteOff, WriteOffReason, WriteOffState};

#[cfg(test)]
mod tests;
