//! What an operation names in its path, if it is no case.

use domain::access::Operation;

/// Whether the operation names an invoice in its path, not a case.
pub fn is_on_invoice(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::GetInvoice
            | O::RecordPayment
            | O::ReversePayment
            | O::IssueCreditNote
            | O::ReissueInvoice
            | O::ExtendInvoice
            | O::WriteOffInvoice
            | O::ApproveWriteOff
            | O::RejectWriteOff
    )
}

/// Whether the operation names a credit note or a receipt in its path.
pub fn is_on_paper(operation: Operation) -> bool {
    matches!(operation, Operation::GetCreditNote | Operation::GetReceipt | Operation::PrintReceipt)
}

/// Whether the operation names an estimate in its path, not a case.
pub fn is_on_estimate(operation: Operation) -> bool {
    matches!(operation, Operation::GetEstimate | Operation::AcceptEstimate | Operation::WithdrawEstimate)
}

/// Whether the operation names a refund in its path, not a case.
pub fn is_on_refund(operation: Operation) -> bool {
    use Operation as O;
    matches!(
        operation,
        O::GetRefund
            | O::ProvideRefundDetails
            | O::RequestRefund
            | O::ApproveRefund
            | O::RejectRefund
            | O::RecordRefundPaid
            | O::RecordRefundReturned
    )
}
