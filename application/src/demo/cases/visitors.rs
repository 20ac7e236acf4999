//! Those who visit for the patients of the demo, and what the patients signed.

use domain::access::{Role, may};
use domain::calendar::{days_after, today_in_tokyo};
use domain::consents::{ConsentKind, ConsentPaper, ConsentSigner};
use domain::ids::CaseId;
use domain::service::ServiceKind;
use serde_json::{Value, json};

use super::CaseBuilder;
use crate::change_of_kind::{self, NewProposal};
use crate::demo::read;
use crate::{Error, UnitOfWork, consents, uninformed};

/// Those who visit for a patient.
pub(super) fn of(patient: &str) -> Value {
    let spouse = json!({ "name": { "alphabetic": "Erik Lindqvist" }, "relation": "spouse" });
    let friend = json!({ "name": { "alphabetic": "Kenji Mori", "native": "森 健二" }, "relation": "friend", "phone": "+81312345670" });
    if patient == "Wang Fang" { json!({ "representatives": [friend, spouse] }) } else { json!({ "representatives": [spouse] }) }
}

impl CaseBuilder<'_> {
    /// The family told the desk that the patient does not know.
    pub(super) async fn claim(&self, case: CaseId) -> Result<(), Error> {
        let claim = move |work: &mut UnitOfWork<'_, '_, may::ClaimPatientUninformed>| {
            uninformed::claim_patient_uninformed(work, case, None).map(drop)
        };
        self.step(Role::Coordinator, claim).await
    }

    /// The consent for the first visitor came by courier; the desk has not looked at it.
    pub(super) async fn hand_in_consent(&self, case: CaseId) -> Result<(), Error> {
        let signed_on = days_after(today_in_tokyo(self.app.clock.now()), -3);
        let register = move |work: &mut UnitOfWork<'_, '_, may::RegisterConsent>| {
            let loaded = work.case(case)?;
            let friend = loaded.case.application().representatives.first().map(|one| one.id);
            let paper = ConsentPaper {
                kind: ConsentKind::RepresentativeConsultation,
                signer: ConsentSigner::Patient,
                representatives: friend.into_iter().collect(),
                signed_on: Some(signed_on),
                valid_until_on: None,
                language: None,
                form_version: None,
                document: None,
                on_paper: true,
            };
            consents::register_consent(work, case, &paper).map(drop)
        };
        self.step(Role::Coordinator, register).await
    }

    /// The patient is too weak to travel: the desk proposes that somebody comes in their place.
    pub(super) async fn propose_another_kind(&self, case: CaseId) -> Result<(), Error> {
        let text = read(&json!("You wrote that the journey is too long for you. Somebody could visit us in your place."))?;
        let new = NewProposal { kind: ServiceKind::RepresentativeConsultation, text, written_offered_because: None };
        let propose =
            move |work: &mut UnitOfWork<'_, '_, may::ProposeCaseKind>| change_of_kind::propose_case_kind(work, case, &new).map(drop);
        self.step(Role::Coordinator, propose).await
    }
}
