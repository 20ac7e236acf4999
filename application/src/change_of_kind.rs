//! Another service for the same case: proposed by the desk, agreed to by those who apply (R12, R13).

use domain::access::may;
use domain::billing::EstimateClosing;
use domain::change_of_kind::{KindAgreement, KindChange, KindProposal};
use domain::ids::CaseId;
use domain::people::LongText;
use domain::service::ServiceKind;

use crate::billing::{additions, another_service};
use crate::{CaseForCaller, Error, UnitOfWork, billing, uninformed, work};

/// A proposal as the desk writes it down.
#[derive(Clone, Debug)]
pub struct NewProposal {
    /// The service.
    pub kind: ServiceKind,
    /// Why, for the applicant.
    pub text: LongText,
    /// Why a written opinion is offered although the patient has family or friends in Japan.
    pub written_offered_because: Option<LongText>,
}

/// The desk proposes another service.
pub fn propose_case_kind(
    work: &mut UnitOfWork<'_, '_, may::ProposeCaseKind>,
    case: CaseId,
    new: &NewProposal,
) -> Result<CaseForCaller, Error> {
    let NewProposal { kind, text, written_offered_because } = new.clone();
    let proposal = KindProposal { kind, text, written_offered_because, by: work.user()?, at: work.now };
    work.change_case(case, |case, by, rules, now| case.propose_kind(by, rules, now, proposal))
}

/// The desk takes its proposal back, or those who apply turn it down.
pub fn withdraw_case_kind_proposal(
    work: &mut UnitOfWork<'_, '_, may::WithdrawCaseKindProposal>,
    case: CaseId,
) -> Result<CaseForCaller, Error> {
    work.change_case(case, domain::case::Case::withdraw_kind_proposal)
}

/// Those who apply agree: the case is one of the other service. To or from the written opinion it is reviewed again, and nothing is demanded for what it was.
pub fn agree_case_kind(
    work: &mut UnitOfWork<'_, '_, may::AgreeCaseKind>,
    case: CaseId,
    agreement: &KindAgreement,
) -> Result<CaseForCaller, Error> {
    let loaded = work.case_to_change(case)?;
    let before = loaded.case.clone();
    let agreed = before.clone().agree_kind(&loaded.access, &work.rules(), work.now, agreement.clone(), &mut || work.fresh())?;
    let KindChange { mut change, void, is_reviewed_again } = agreed;
    uninformed::check(work, &change.case)?;
    if is_reviewed_again {
        change = additions::end_dropped(work, &before, change, None)?;
        change = another_service::drop_unpaid(work, change)?;
    }
    if let Some(void) = void {
        let closing = EstimateClosing::Void { at: work.now };
        billing::estimates::close(work, void, closing)?;
    }
    let changed = work.save_case(loaded, change)?;
    persistence::cases::replace_words(work.tx, case, &work::words_of(&before), &work::words_of(&changed.case))?;
    Ok(changed)
}
