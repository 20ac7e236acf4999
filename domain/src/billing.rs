//! Invoices, payments and the ledger that sums to zero.

pub mod fees;
mod invoice;
mod ledger;
mod payment;
mod refusal;
mod settings;
mod steps;

pub use invoice::{Invoice, InvoiceLine, InvoiceNumber, InvoiceStatus, Issued, Issuing};
pub use ledger::{Account, Posting};
pub use payment::{Outcome, Payment, PaymentMethod, Recorded};
pub use refusal::BillingRefusal;
pub use settings::{BankAccount, BillingSettings, CancellationPolicy, ConsultationPayment, Issuer};

pub use steps::Paid;

#[cfg(test)]
mod tests;
