//! The letters about another service, another department, and treatment at the hospital.

use domain::case::{Case, CaseStage};

use super::{About, Facts, Letter, Side};

/// The letter, as long as it is true.
#[expect(clippy::wildcard_enum_match_arm, reason = "the other letters are about something else")]
pub(super) fn letter(case: &Case, about: &About) -> Option<Letter> {
    let everybody = |reason, facts| Some(Letter { reason, to: Side::Everybody, facts });
    let stage = case.stage().name();
    match about {
        About::KindProposed { kind } => {
            let proposal = case.kind_proposal().filter(|proposal| proposal.kind == *kind)?;
            everybody("kind_proposed", Facts::default().text("kind", kind).text("text", &proposal.text))
        }
        About::KindChanged { kind, again } => {
            let facts = Facts::default().text("kind", kind).text("again", if *again { &"yes" } else { &"no" });
            everybody("kind_changed", facts).filter(|_| case.kind() == *kind && !stage.is_ended())
        }
        About::ReviewedAgain => everybody("reviewed_again", Facts::default()).filter(|_| stage == CaseStage::InTriage),
        About::TreatmentAnswer => {
            let letter = Letter { reason: "treatment_answer", to: Side::Disclosed, facts: Facts::default() };
            Some(letter).filter(|_| !case.awaits_treatment_answer())
        }
        _ => None,
    }
}
