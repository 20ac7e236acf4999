//! The live checklist of a case.

use jiff::Timestamp;

use super::{ItemCode, ItemState};
use crate::case::{Case, CaseStage, Rules, WaitingOn};
use crate::consents::{ConsentKind, ConsentRefusal};
use crate::ids::RepresentativeId;
use crate::people::CountryCode;
use crate::service::ServiceKind;
use crate::wire::wire_enum;

wire_enum! {
    /// How much an item is needed.
    ItemLevel {
        /// Always.
        Required = "required",
        /// Because of something in this case.
        RequiredIf = "required_if",
        /// As far as it can be prepared (seed: “please provide ones you can prepare”).
        Recommended = "recommended",
        /// If there is any.
        IfAvailable = "if_available",
    }
}

wire_enum! {
    /// Why an item applies.
    WhyItApplies grows {
        /// Every case has an application form.
        EveryCase = "every_case",
        /// A visitor is not family.
        VisitorIsNotFamily = "visitor_is_not_family",
        /// The hospital asks family, too.
        HospitalAsksFamily = "hospital_asks_family",
        /// An agency is to receive the opinion.
        AgencyReceives = "agency_receives",
        /// A re-examination of slides is requested.
        ReExaminationRequested = "re_examination_requested",
        /// Medical information helps the physician.
        MedicalInformation = "medical_information",
        /// The hospital asked for it.
        AskedFor = "asked_for",
    }
}

wire_enum! {
    /// The step that is blocked while an item is not verified.
    BlockedStep grows {
        /// Nothing: it warns.
        Nothing = "nothing",
        /// The review for acceptance.
        Triage = "triage",
        /// Receiving those whom it concerns at the visit; somebody else can be received.
        Reception = "reception",
        /// Showing the opinion to the agency.
        Disclosure = "disclosure",
        /// The counting of the due window, and the re-examination.
        DueWindow = "due_window",
    }
}

wire_enum! {
    /// Advice that never blocks.
    Advice grows {
        /// Someone living in Japan should visit first (seed).
        SomeoneInJapanShouldVisitFirst = "someone_in_japan_should_visit_first",
        /// Usually no exam is performed (seed).
        UsuallyNoExam = "usually_no_exam",
        /// Images lack their reports.
        ImagesWithoutReport = "images_without_report",
        /// Endoscopy in colour (seed).
        EndoscopyInColour = "endoscopy_in_colour",
        /// No photographs of images (seed).
        PhotographsNotWanted = "photographs_not_wanted",
        /// Documents in Japanese or English, or translated (seed).
        DocumentsTranslated = "documents_translated",
    }
}

/// A line of the checklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistEntry {
    /// The item.
    pub item: ItemCode,
    /// How much it is needed.
    pub level: ItemLevel,
    /// Why it applies.
    pub why: WhyItApplies,
    /// Where it stands.
    pub state: ItemState,
    /// Why it stands there, in words for the applicant.
    pub reason: Option<String>,
    /// Why a consent must be sent again, if it must.
    pub consent_refused: Option<ConsentRefusal>,
    /// The people who visit and whose consent is not verified; for the patient's consent only.
    pub representatives: Vec<RepresentativeId>,
    /// Who does the next step.
    pub next: WaitingOn,
    /// The step that it blocks while it is not verified.
    pub blocks: BlockedStep,
}

/// The checklist of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// The items that apply, in the order of the published page.
    pub entries: Vec<ChecklistEntry>,
    /// Advice that does not block.
    pub advice: Vec<Advice>,
}

impl Checklist {
    /// Takes out what was said and handed in before an instant, for a reader to whom that is closed.
    pub fn close_before(&mut self, case: &Case, since: Timestamp) {
        for entry in &mut self.entries {
            entry.representatives.clear();
            if case.item(entry.item).is_none_or(|record| record.at < since) {
                (entry.state, entry.reason, entry.consent_refused) = (ItemState::Missing, None, None);
                entry.next = WaitingOn::Nobody;
            }
            if entry.why == WhyItApplies::AskedFor {
                (entry.why, entry.blocks) = (WhyItApplies::MedicalInformation, BlockedStep::Nothing);
            }
        }
        self.advice.retain(|advice| *advice != Advice::ImagesWithoutReport);
    }

    /// Items that are not verified and block this.
    pub fn open(&self, blocked: BlockedStep) -> Vec<ItemCode> {
        self.entries.iter().filter(|entry| entry.blocks == blocked && entry.state != ItemState::Verified).map(|entry| entry.item).collect()
    }

    /// The line of an item, if it applies.
    pub fn find(&self, item: ItemCode) -> Option<&ChecklistEntry> {
        self.entries.iter().find(|entry| entry.item == item)
    }
}

/// The checklist of a case as it stands.
pub fn checklist(case: &Case, rules: &Rules<'_>) -> Checklist {
    let entries: Vec<ChecklistEntry> = ItemCode::ALL.iter().filter_map(|item| entry(case, rules, *item)).collect();
    let state_of = |item| case.item_state(item);
    let given = |item| matches!(state_of(item), ItemState::Provided | ItemState::Verified);
    let mut advice = super::requirements::advice(case.kind(), rules.settings);
    // It is for a patient who would have to travel (R36).
    let country = case.application().patient.address.as_ref().map(|address| address.country);
    if country.is_none_or(|country| country == CountryCode::JAPAN) {
        advice.retain(|one| *one != Advice::SomeoneInJapanShouldVisitFirst);
    }
    if given(ItemCode::DiagnosticImages) && !given(ItemCode::ExamReports) {
        advice.push(Advice::ImagesWithoutReport);
    }
    Checklist { entries, advice }
}

/// How much an item is needed in this case, and why; `None` if it does not apply.
fn need(case: &Case, rules: &Rules<'_>, item: ItemCode) -> Option<(ItemLevel, WhyItApplies, BlockedStep)> {
    let application = case.application();
    match item {
        ItemCode::ApplicationForm => Some((ItemLevel::Required, WhyItApplies::EveryCase, BlockedStep::Triage)),
        ItemCode::PatientConsent => {
            let visitors = &application.representatives;
            let needed = visitors.iter().any(|one| case.consent_for(one, rules).is_some());
            // Whoever has a consent, or needs none, comes; the others' consent blocks only them (R17).
            let is_reviewed = !CaseStage::BEFORE_REVIEW.contains(&case.stage().name());
            let somebody_comes = visitors.iter().any(|one| case.can_be_received(one, rules));
            let blocks = if somebody_comes || is_reviewed { BlockedStep::Reception } else { BlockedStep::Triage };
            let why =
                if application.has_visitor_outside_family() { WhyItApplies::VisitorIsNotFamily } else { WhyItApplies::HospitalAsksFamily };
            (needed && case.kind() == ServiceKind::RepresentativeConsultation).then_some((ItemLevel::RequiredIf, why, blocks))
        }
        ItemCode::AgencyDisclosureConsent => {
            // Who does not know cannot sign it.
            let agency = case.agency().filter(|_| !case.is_patient_uninformed());
            agency.map(|_| (ItemLevel::RequiredIf, WhyItApplies::AgencyReceives, BlockedStep::Disclosure))
        }
        ItemCode::PathologySlides | ItemCode::PathologyReport => {
            application.re_examination.map(|_| (ItemLevel::RequiredIf, WhyItApplies::ReExaminationRequested, BlockedStep::DueWindow))
        }
        ItemCode::ReferralLetter | ItemCode::TreatmentHistory | ItemCode::ExamReports | ItemCode::BloodTest => {
            Some((ItemLevel::Recommended, WhyItApplies::MedicalInformation, BlockedStep::Nothing))
        }
        ItemCode::DiagnosticImages | ItemCode::ScreeningResults => {
            Some((ItemLevel::IfAvailable, WhyItApplies::MedicalInformation, BlockedStep::Nothing))
        }
    }
}

/// Where an item stands: consents by their register, everything else by what the desk noted of it.
fn state_of(case: &Case, rules: &Rules<'_>, item: ItemCode, open: &[RepresentativeId]) -> ItemState {
    let Some(kind) = item.consent() else { return case.item_state(item) };
    let by_register = match kind {
        ConsentKind::AgencyDisclosure => case.disclosure_state(rules.today),
        ConsentKind::RepresentativeConsultation if open.is_empty() => ItemState::Verified,
        ConsentKind::RepresentativeConsultation => {
            let visitors = case.application().representatives.iter().filter(|one| open.contains(&one.id));
            let states: Vec<ItemState> = visitors.filter_map(|one| case.consent_for(one, rules)).collect();
            let order = [ItemState::Missing, ItemState::Rejected];
            order.into_iter().find(|state| states.contains(state)).unwrap_or(ItemState::Provided)
        }
    };
    // A paper that was uploaded, as long as none is registered: what became of a registered one, the register says.
    let is_empty = case.consents().iter().all(|consent| consent.paper.kind != kind);
    if by_register == ItemState::Missing && is_empty { case.item_state(item) } else { by_register }
}

fn entry(case: &Case, rules: &Rules<'_>, item: ItemCode) -> Option<ChecklistEntry> {
    let (level, mut why, mut blocks) = need(case, rules, item)?;
    let is_open = |one: &&crate::intake::Representative| !case.can_be_received(one, rules);
    let concerned = case.application().representatives.iter().filter(|_| item == ItemCode::PatientConsent);
    let representatives: Vec<RepresentativeId> = concerned.filter(is_open).map(|one| one.id).collect();
    let state = state_of(case, rules, item, &representatives);
    // Asking for a recommended item makes it blocking until it is answered.
    if blocks == BlockedStep::Nothing && case.is_asked_for(item) {
        (why, blocks) = (WhyItApplies::AskedFor, BlockedStep::Triage);
    }
    let next = match state {
        ItemState::Missing | ItemState::Rejected if blocks == BlockedStep::Nothing && state == ItemState::Missing => WaitingOn::Nobody,
        ItemState::Missing | ItemState::Rejected => WaitingOn::Applicant,
        ItemState::Provided if matches!(item, ItemCode::PathologySlides) => WaitingOn::Pathology,
        ItemState::Provided => WaitingOn::Desk,
        ItemState::Verified | ItemState::Unavailable | ItemState::SetAside | ItemState::Waived => WaitingOn::Nobody,
    };
    let refused =
        item.consent().filter(|_| state == ItemState::Rejected).and_then(|kind| case.consent_refused(kind, &representatives, rules.today));
    let reason = match refused {
        Some((_, text)) => text.map(ToString::to_string),
        None => case.item_reason(item).map(ToString::to_string),
    };
    let consent_refused = refused.map(|(why, _)| why);
    Some(ChecklistEntry { item, level, why, state, reason, consent_refused, representatives, next, blocks })
}
