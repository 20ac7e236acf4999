//! The required items of each service: the published page as a table.

use super::{Advice, ItemCode, ItemLevel, WhyItApplies};
use crate::service::ServiceKind;
use crate::settings::HospitalSettings;

/// An item that a service may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The item.
    pub item: ItemCode,
    /// How much it is needed.
    pub level: ItemLevel,
    /// When it applies.
    pub why: WhyItApplies,
}

/// The items that a service may ask for, in the order of the published page.
pub fn requirements(kind: ServiceKind, settings: &HospitalSettings) -> Vec<Requirement> {
    let requirement = |item: &ItemCode| {
        let (level, why) = need(kind, settings, *item)?;
        Some(Requirement { item: *item, level, why })
    };
    ItemCode::ALL.iter().filter_map(requirement).collect()
}

fn need(kind: ServiceKind, settings: &HospitalSettings, item: ItemCode) -> Option<(ItemLevel, WhyItApplies)> {
    match item {
        ItemCode::ApplicationForm => Some((ItemLevel::Required, WhyItApplies::EveryCase)),
        ItemCode::PatientConsent if kind != ServiceKind::RepresentativeConsultation => None,
        ItemCode::PatientConsent if settings.intake.family_needs_consent => Some((ItemLevel::RequiredIf, WhyItApplies::HospitalAsksFamily)),
        ItemCode::PatientConsent => Some((ItemLevel::RequiredIf, WhyItApplies::VisitorIsNotFamily)),
        ItemCode::AgencyDisclosureConsent => Some((ItemLevel::RequiredIf, WhyItApplies::AgencyReceives)),
        ItemCode::PathologySlides | ItemCode::PathologyReport => Some((ItemLevel::RequiredIf, WhyItApplies::ReExaminationRequested)),
        ItemCode::ReferralLetter | ItemCode::TreatmentHistory | ItemCode::ExamReports | ItemCode::BloodTest => {
            Some((ItemLevel::Recommended, WhyItApplies::MedicalInformation))
        }
        ItemCode::DiagnosticImages | ItemCode::ScreeningResults => Some((ItemLevel::IfAvailable, WhyItApplies::MedicalInformation)),
    }
}

/// Advice about a service that never blocks.
pub fn advice(kind: ServiceKind, settings: &HospitalSettings) -> Vec<Advice> {
    let mut advice = vec![Advice::DocumentsTranslated, Advice::PhotographsNotWanted, Advice::EndoscopyInColour];
    if kind == ServiceKind::PatientConsultation {
        advice.insert(0, Advice::SomeoneInJapanShouldVisitFirst);
    }
    if kind != ServiceKind::WrittenOpinion && settings.intake.usually_no_exam {
        advice.push(Advice::UsuallyNoExam);
    }
    advice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::items::checklist;
    use crate::tests::fixtures;

    #[test]
    fn only_the_application_form_is_always_required() {
        for kind in ServiceKind::ALL {
            let asked = requirements(*kind, &HospitalSettings::default());
            let required: Vec<ItemCode> = asked.iter().filter(|one| one.level == ItemLevel::Required).map(|one| one.item).collect();
            assert_eq!(required, [ItemCode::ApplicationForm], "{kind}");
        }
    }

    #[test]
    fn the_checklist_of_a_case_asks_for_nothing_that_its_service_does_not_name() {
        let settings = HospitalSettings::default();
        for (kind, stage) in fixtures::everywhere() {
            let asked = requirements(kind, &settings);
            for entry in checklist(&fixtures::at(kind, stage), &fixtures::rules()).entries {
                let level = asked.iter().find(|one| one.item == entry.item).map(|one| one.level);
                assert_eq!(level, Some(entry.level), "{kind} {stage} {}", entry.item);
            }
        }
    }

    #[test]
    fn the_consent_of_the_patient_is_for_visitors_who_come_in_their_place() {
        let asked = |kind| requirements(kind, &HospitalSettings::default()).into_iter().find(|one| one.item == ItemCode::PatientConsent);
        assert_eq!(asked(ServiceKind::PatientConsultation), None);
        assert_eq!(asked(ServiceKind::WrittenOpinion), None);
        assert_eq!(asked(ServiceKind::RepresentativeConsultation).map(|one| one.why), Some(WhyItApplies::VisitorIsNotFamily));
    }
}
