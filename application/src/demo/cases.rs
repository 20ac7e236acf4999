//! The demo's cases. The use cases take each to its stage, by the people who do it.

mod appointments;
mod money;
mod slides;
mod visitors;

use std::sync::Arc;

use domain::access::{Permission, Role, may};
use domain::billing::PaymentMethod;
use domain::calendar::today_in_tokyo;
use domain::case::{CancelReason, HoldReason};
use domain::ids::{CaseId, InvoiceId, UserId};
use domain::intake::ApplicationPatch;
use domain::intake::items::ItemCode;
use domain::intake::requests::Asked;
use domain::intake::treatment::Treatment;
use domain::money::Yen;
use domain::review::DeclineCode;
use domain::service::ServiceKind;
use domain::written::OpinionContent;
use serde_json::json;

use super::people::People;
use super::{ids, read};
use crate::billing::payments::{self, NewPayment};
use crate::cases::{end, hold};
use crate::intake::apply::{self, NewCase};
use crate::intake::{items, requests, treatment};
use crate::review::{self, Reasons};
use crate::series::Series;
use crate::{Actor, App, Error, Permitted, RequestContext, UnitOfWork, documents, messages, written};
use appointments::Arranged;

/// A small letter, so that there is something to download.
const LETTER: &[u8] = include_bytes!("referral-letter.pdf");

/// How far a case is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Draft,
    Submitted,
    InformationRequested,
    Verified,
    InTriage,
    Accepted,
    Estimated,
    EstimateAccepted,
    AwaitingPayment,
    Writing,
    Drafted,
    InReview,
    Delivered,
    Closed,
}

/// How a case ends early, or is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aside {
    No,
    Declined,
    Cancelled,
    OnHold,
    /// Declined after it was paid; the money goes back, so far.
    GivenBack(Back),
    /// Banks kept a part of its payment.
    Short(Rest),
    /// The patient has died since.
    Died,
    /// The patient's consent for a visitor was handed in.
    Consented,
    /// The family said that the patient does not know.
    Uninformed,
    /// The visit is arranged, so far.
    Visit(Arranged),
    /// The desk proposes another service.
    AnotherKind,
    /// Slides are to be examined beside the opinion, so far.
    Slides(Slides),
}

/// How far the slides are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slides {
    /// Their estimate waits for the payer.
    Proposed,
    /// They are paid and here.
    Counted,
}

/// What becomes of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Owed,
    /// Somebody asked to write it off.
    WrittenOff,
}

/// How far a refund is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Back {
    Due,
    Detailed,
    Requested,
    Approved,
    Paid,
}

/// A case of the demo: the service, who opens it, whose name is on it, how far it goes, and how it leaves the way.
const CAST: [(ServiceKind, Role, &str, Until, Aside); 37] = [
    (ServiceKind::PatientConsultation, Role::Applicant, "Sofia Lindqvist", Until::Draft, Aside::No),
    (ServiceKind::RepresentativeConsultation, Role::Applicant, "Omar Haddad", Until::Submitted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Mei Tanaka", Until::Draft, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Anna Schmidt", Until::Submitted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Agency, "Chen Hao", Until::Submitted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Nguyen Lan", Until::InformationRequested, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Grace Okafor", Until::Verified, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Luis Romero", Until::InTriage, Aside::No),
    (ServiceKind::PatientConsultation, Role::Coordinator, "Ji-woo Park", Until::Accepted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Fatima Al-Sayed", Until::Accepted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Hanna Virtanen", Until::EstimateAccepted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Siti Rahayu", Until::AwaitingPayment, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Ivan Petrov", Until::Writing, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Paul Dubois", Until::Drafted, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Maria Silva", Until::InReview, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "John Baker", Until::Delivered, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Eva Novak", Until::Closed, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Peter Olsen", Until::InTriage, Aside::Declined),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Laila Hassan", Until::Submitted, Aside::Cancelled),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Kim Andersen", Until::Accepted, Aside::OnHold),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Noor Rahman", Until::Writing, Aside::GivenBack(Back::Due)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Marta Kovac", Until::Writing, Aside::GivenBack(Back::Detailed)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Pavel Horak", Until::Writing, Aside::GivenBack(Back::Requested)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Rosa Lima", Until::Writing, Aside::GivenBack(Back::Approved)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Tariq Aziz", Until::Writing, Aside::GivenBack(Back::Paid)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Lucia Moretti", Until::Estimated, Aside::No),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Yusuf Demir", Until::AwaitingPayment, Aside::Short(Rest::Owed)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Amelie Laurent", Until::AwaitingPayment, Aside::Short(Rest::WrittenOff)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Irene Costa", Until::Delivered, Aside::Died),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Oleg Marchenko", Until::Writing, Aside::Slides(Slides::Proposed)),
    (ServiceKind::WrittenOpinion, Role::Applicant, "Birgit Hansen", Until::Writing, Aside::Slides(Slides::Counted)),
    (ServiceKind::RepresentativeConsultation, Role::Applicant, "Wang Fang", Until::Submitted, Aside::Consented),
    (ServiceKind::RepresentativeConsultation, Role::Applicant, "Tran Minh", Until::InTriage, Aside::Uninformed),
    (ServiceKind::PatientConsultation, Role::Applicant, "Ingrid Berg", Until::EstimateAccepted, Aside::Visit(Arranged::Wished)),
    (ServiceKind::PatientConsultation, Role::Applicant, "Carlos Ruiz", Until::EstimateAccepted, Aside::Visit(Arranged::Offered)),
    (ServiceKind::RepresentativeConsultation, Role::Applicant, "Nina Sorensen", Until::EstimateAccepted, Aside::Visit(Arranged::Booked)),
    (ServiceKind::PatientConsultation, Role::Applicant, "Diego Fuentes", Until::Accepted, Aside::AnotherKind),
];

/// The place of a patient's case among the demo's.
pub(super) fn place_of(patient: &str) -> Option<usize> {
    CAST.iter().position(|(_, _, name, ..)| *name == patient)
}

/// Opens the cases and takes each as far as the demo wants it.
pub(super) async fn open(app: &Arc<App>, people: &People) -> Result<(), Error> {
    let builder = CaseBuilder { app, people };
    for (number, (kind, opener, name, until, aside)) in (ids::FIRST_CASE..).zip(CAST) {
        app.ids.number(Some(Series::new(number)));
        let case = builder.build(kind, opener, name, until).await?;
        builder.leave(case, name, aside).await?;
    }
    app.ids.number(Some(Series::new(ids::UNMATCHED)));
    builder.receive_from_a_company().await
}

struct CaseBuilder<'a> {
    app: &'a Arc<App>,
    people: &'a People,
}

impl CaseBuilder<'_> {
    /// One step by the first person of a role.
    async fn step<P: Permission, T: Send + 'static>(
        &self,
        role: Role,
        job: impl Fn(&mut UnitOfWork<'_, '_, P>) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Result<T, Error> {
        let caller = self.people.caller(self.app, role)?;
        let permitted = Permitted::new(RequestContext::new(P::OPERATION, Actor::User(caller), "demo"));
        self.app.perform(permitted.with(job)).await
    }

    fn id_of(&self, role: Role) -> Result<UserId, Error> {
        Ok(self.people.caller(self.app, role)?.who.user)
    }

    /// Opens a case and takes it to a stage.
    async fn build(&self, kind: ServiceKind, opener: Role, name: &str, until: Until) -> Result<CaseId, Error> {
        let new = NewCase { kind, application: application(kind, name)?, agency: None, follows: None };
        let case = self.step(opener, move |work| Ok(apply::create_case(work, &new)?.case.id())).await?;
        self.hand_in(opener, case).await?;
        if until >= Until::Submitted {
            self.step(opener, move |work| apply::submit_case(work, case).map(drop)).await?;
        }
        if until == Until::InformationRequested {
            let asked: Asked = read(&json!({ "items": ["blood_test"], "questions": ["Since when do you have this pain?"] }))?;
            let ask =
                move |work: &mut UnitOfWork<'_, '_, may::RequestInformation>| requests::request_information(work, case, &asked).map(drop);
            self.step(Role::Coordinator, ask).await?;
        }
        if until >= Until::Verified {
            self.verify(case).await?;
        }
        if until >= Until::InTriage {
            let department = self.people.department;
            let start = move |work: &mut UnitOfWork<'_, '_, may::StartTriage>| review::start_triage(work, case, department, &[]).map(drop);
            self.step(Role::Coordinator, start).await?;
        }
        if until >= Until::Accepted {
            let responsible = self.id_of(Role::Physician)?;
            self.step(Role::Chief, move |work| review::accept_case(work, case, responsible).map(drop)).await?;
            self.settle_money(case, name, until).await?;
        }
        if until >= Until::Drafted {
            self.write(case, name).await?;
        }
        if until >= Until::InReview {
            self.step(Role::Physician, move |work| written::submit_opinion(work, case).map(drop)).await?;
        }
        if until >= Until::Delivered {
            self.step(Role::Chief, move |work| written::deliver_opinion(work, case).map(drop)).await?;
        }
        if until >= Until::Closed {
            self.step(Role::Coordinator, move |work| end::close_case(work, case, None).map(drop)).await?;
        }
        Ok(case)
    }

    async fn decline(&self, case: CaseId) -> Result<(), Error> {
        let reasons = Reasons {
            code: DeclineCode::OutsideSpecialty,
            text: read(&json!("This disease is outside our specialty. International Services will gladly name a hospital for it."))?,
            note: None,
        };
        self.step(Role::Chief, move |work| review::decline_case(work, case, &reasons).map(drop)).await
    }

    async fn leave(&self, case: CaseId, name: &str, aside: Aside) -> Result<(), Error> {
        match aside {
            Aside::No => Ok(()),
            Aside::Declined => self.decline(case).await,
            Aside::GivenBack(until) => {
                self.decline(case).await?;
                self.give_back(name, until).await
            }
            Aside::Short(rest) => self.pay_short(case, rest).await,
            Aside::Slides(until) => self.re_examine(case, name, until).await,
            Aside::Visit(until) => self.arrange(case, until).await,
            Aside::Consented => self.hand_in_consent(case).await,
            Aside::Uninformed => self.claim(case).await,
            Aside::AnotherKind => self.propose_another_kind(case).await,
            Aside::Died => {
                let told_by = read(&json!("The daughter, by telephone."))?;
                self.step(Role::Coordinator, move |work| end::record_patient_death(work, case, None, &told_by).map(drop)).await
            }
            Aside::Cancelled => {
                let withdraw = move |work: &mut UnitOfWork<'_, '_, may::CancelCase>| {
                    end::cancel_case(work, case, CancelReason::Withdrawn, None, None).map(drop)
                };
                self.step(Role::Applicant, withdraw).await
            }
            Aside::OnHold => {
                let wait =
                    move |work: &mut UnitOfWork<'_, '_, may::HoldCase>| hold::hold_case(work, case, HoldReason::Applicant, None).map(drop);
                self.step(Role::Coordinator, wait).await
            }
        }
    }

    /// A letter, an entry of the treatment history and a message.
    async fn hand_in(&self, by: Role, case: CaseId) -> Result<(), Error> {
        let letter = documents::SentFile {
            name: "Referral letter.pdf".to_owned(),
            item: Some(ItemCode::ReferralLetter),
            language: Some(read(&json!("en"))?),
            ..documents::SentFile::default()
        };
        let mut upload = self.app.begin_upload().await?;
        upload.take(LETTER).await?;
        let file = upload.finish().await?;
        self.step(by, move |work| documents::upload_document(work, case, &letter, &file).map(drop)).await?;
        upload.kept();
        let surgery: Treatment = read(&json!({ "type": "surgery", "date": "2025-11", "procedure": "Core needle biopsy" }))?;
        let add = move |work: &mut UnitOfWork<'_, '_, may::AddTreatmentEntry>| {
            treatment::add_treatment_entry(work, case, &surgery, None).map(drop)
        };
        self.step(by, add).await?;
        let text = read(&json!("Thank you for looking at this."))?;
        self.step(by, move |work| messages::post_message(work, case, &text).map(drop)).await
    }

    async fn verify(&self, case: CaseId) -> Result<(), Error> {
        for item in [ItemCode::ApplicationForm, ItemCode::ReferralLetter, ItemCode::TreatmentHistory] {
            let verify = move |work: &mut UnitOfWork<'_, '_, may::VerifyItem>| items::verify_item(work, case, item).map(drop);
            self.step(Role::Coordinator, verify).await?;
        }
        Ok(())
    }

    async fn pay(&self, invoice: InvoiceId, amount: i64) -> Result<(), Error> {
        let payment = NewPayment {
            method: PaymentMethod::BankTransfer,
            reference: read(&json!("TT-2026-0042"))?,
            remitter: None,
            received_on: today_in_tokyo(self.app.clock.now()),
            amount: Yen::new(amount).map_err(|_| Error::Internal("the demo's payment is refused"))?,
            bank_charge: Yen::default(),
            is_another: false,
        };
        self.step(Role::Accountant, move |work| payments::record_payment(work, invoice, &payment).map(drop)).await
    }

    async fn write(&self, case: CaseId, name: &str) -> Result<(), Error> {
        let content: OpinionContent = read(&json!({
            "language": "en", "addressee": name,
            "materials_reviewed": [{ "name": "Referral letter", "dated_on": "2025-11" }], "materials_not_received": ["CT images"],
            "history": "Carcinoma of the left breast, found by core needle biopsy in November 2025.",
            "diagnosis": "We agree with the diagnosis: cT2 N1 M0.",
            "answers": [
                { "question": 0, "text": "Yes, after systemic treatment." },
                { "question": 1, "text": "An anthracycline followed by a taxane." },
            ],
            "options": "Systemic treatment first, or surgery at once.", "recommendation": "Systemic treatment first.",
            "further_tests": "MRI before surgery.", "urgency": "soon", "treatment_here": "Possible; please contact International Services.",
        }))?;
        let draft = move |work: &mut UnitOfWork<'_, '_, may::DraftOpinion>| written::draft_opinion(work, case, &content).map(drop);
        self.step(Role::Physician, draft).await
    }
}

/// A complete application for a service.
fn application(kind: ServiceKind, name: &str) -> Result<ApplicationPatch, Error> {
    let address = json!({ "lines": ["Storgatan 1"], "city": "Stockholm", "country": "SE" });
    let mut form = json!({
        "patient": {
            "name": { "alphabetic": name }, "birth_on": "1961-04-12", "phone": "+46812345678", "email": "patient@demo.example",
            "language": "en", "address": address,
        },
        "contact_person": {
            "name": { "alphabetic": "Erik Lindqvist" }, "relation": "spouse", "phone": "+46812345679", "email": "contact@demo.example",
            "address": address,
        },
        "questions": ["Is surgery still an option?", "Which medicines would you give first?"],
        "wishes_treatment_here": true, "language": "en",
    });
    let extra = match kind {
        ServiceKind::PatientConsultation => json!({}),
        ServiceKind::RepresentativeConsultation => visitors::of(name),
        ServiceKind::WrittenOpinion => json!({ "has_family_or_friend_in_japan": false }),
    };
    if let (Some(form), Some(extra)) = (form.as_object_mut(), extra.as_object()) {
        form.extend(extra.clone());
    }
    read(&form)
}
