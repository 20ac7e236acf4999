//! Invoices, payments and the ledger that sums to zero.

mod invoice;
mod ledger;
mod payment;
mod refusal;

pub use invoice::{Invoice, InvoiceLine, InvoiceNumber, InvoiceStatus, Issued, Issuing};
pub use ledger::{Account, Posting};
pub use payment::{Outcome, Payment, PaymentMethod, Recorded};
pub use refusal::BillingRefusal;

#[cfg(test)]
mod tests;
