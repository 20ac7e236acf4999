//! The proposal of another service, as its case keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::people::LongText;
use crate::service::ServiceKind;

/// Another service that the desk proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindProposal {
    /// The service.
    pub kind: ServiceKind,
    /// Why, for the applicant.
    pub text: LongText,
    /// Why a written opinion is offered although the patient has family or friends in Japan.
    pub written_offered_because: Option<LongText>,
    /// Who proposed it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}
