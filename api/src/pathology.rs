//! The re-examination of slides: handlers, requests and answers.

use actix_web::{get, post};
use application::{CaseForCaller, Error, pathology};
use domain::access::{Relation, Section, may};
use domain::case::WaitingOn;
use domain::ids::{CaseId, EstimateId, InvoiceId, UserId};
use domain::intake::ReExamination;
use domain::pathology::{Addition, Findings, Proposal, SlideCount};
use domain::people::{LongText, PersonName};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::authorized::Authorized;
use crate::http::body::{Body, Path};
use crate::http::reply::{Answer, Reply};
use crate::http::routes::Routes;

pub(crate) fn configure(routes: &mut Routes<'_>) {
    routes.service(get_re_examination).service(propose_re_examination).service(change_re_examination);
    routes.service(confirm_slides).service(record_findings);
}

/// More slides, as a physician proposes them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeReExamination {
    /// The slides, beside those that are asked for already; at least one.
    slides: ReExamination,
    /// Whether the clocks of the opinion wait for them; absent or null: they do not. Paid slides are reported before the opinion is submitted in any
    /// case.
    #[serde(default)]
    opinion_waits: Option<bool>,
    /// Why. Kept as an internal note.
    reason: LongText,
}

/// The re-examination as it is wanted now.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeReExamination {
    /// The slides that are wanted now, all together; none of both withdraws the re-examination.
    slides: ReExamination,
    /// Whether the clocks of the opinion wait for those that are new; absent or null: as the physician proposed it.
    #[serde(default)]
    opinion_waits: Option<bool>,
    /// Why. Kept as an internal note; it is told with an estimate that is taken back.
    reason: LongText,
}

/// The slides that arrived.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmSlides {
    /// How many of each are here, all together.
    slides: ReExamination,
    /// What else is to be said of them, for the hospital's people.
    #[serde(default)]
    note: Option<LongText>,
}

/// What pathology found.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordFindings {
    /// The findings.
    findings: LongText,
    /// Why they stand in the place of the findings before; needed exactly if there are some.
    #[serde(default)]
    correction_reason: Option<LongText>,
}

/// The re-examination of a case, as far as the caller may see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseReExamination {
    /// The case.
    case_id: CaseId,
    /// The number of the case.
    case_number: String,
    /// The revision of the case.
    #[schema(minimum = 1)]
    version: i64,
    /// The patient, by whom the slides are told apart; null for those who see neither contacts nor slides.
    patient: Option<SlidePatient>,
    /// The slides that are asked for and agreed on; null for none.
    requested: Option<ReExamination>,
    /// The slides that are proposed beside them; null for none.
    proposed: Option<ProposedSlides>,
    /// The slides that arrived; null until somebody counts them.
    counted: Option<CountedSlides>,
    /// The slides that are invoiced and not wanted any longer, so that a credit note is due; null for none, and outside the hospital.
    to_credit: Option<ReExamination>,
    /// Whether pathology has reported.
    is_reported: bool,
    /// The findings, the newest first; those after the first were corrected. An empty list for all but the physicians and pathology: others
    /// read them in the opinion.
    findings: Vec<PathologyFindings>,
}

/// The patient of slides.
#[derive(Serialize, ToSchema)]
pub(crate) struct SlidePatient {
    /// The name.
    name: Option<PersonName>,
    /// The day of birth.
    birth_on: Option<Date>,
}

/// Slides that are proposed beside those that are agreed on.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProposedSlides {
    /// How many of each.
    slides: ReExamination,
    /// Whether the opinion waits for them.
    opinion_waits: bool,
    /// When they were proposed.
    proposed_at: Timestamp,
    /// Who proposed them; null outside the hospital.
    proposed_by: Option<UserId>,
    /// Their estimate; null until the desk makes one.
    estimate_id: Option<EstimateId>,
    /// Their invoice; null until it is issued.
    invoice_id: Option<InvoiceId>,
    /// Who does the next step.
    waiting_on: WaitingOn,
    /// When they fall away if nobody agrees, or pays; null while it is the hospital's turn, and once a part is paid.
    expires_at: Option<Timestamp>,
}

/// Slides that were counted.
#[derive(Serialize, ToSchema)]
pub(crate) struct CountedSlides {
    /// How many of each.
    slides: ReExamination,
    /// When.
    counted_at: Timestamp,
    /// Who counted; null outside the hospital.
    counted_by: Option<UserId>,
    /// What else is to be said of them; null outside the hospital.
    note: Option<LongText>,
}

/// What pathology found.
#[derive(Serialize, ToSchema)]
pub(crate) struct PathologyFindings {
    /// The findings.
    text: LongText,
    /// When they were recorded.
    recorded_at: Timestamp,
    /// Who recorded them.
    recorded_by: UserId,
    /// Why they stand in the place of those before; null for the first.
    correction_reason: Option<LongText>,
}

impl CaseReExamination {
    fn of(loaded: &CaseForCaller) -> Self {
        let (case, relations) = (&loaded.case, loaded.access.relations);
        let record = case.re_examination();
        let is_staff = relations.contains_any(&[
            Relation::Desk,
            Relation::Billing,
            Relation::Responsible,
            Relation::Receiving,
            Relation::Department,
            Relation::Pathology,
        ]);
        let sees_findings = relations.may_see(Section::OpinionDraft) || relations.contains(Relation::Pathology);
        let knows_patient = relations.may_see(Section::Contacts) || relations.may_see(Section::Slides);
        let findings = record.findings.iter().rev().filter(|_| sees_findings).map(PathologyFindings::of).collect();
        Self {
            case_id: case.id(),
            case_number: case.number().to_owned(),
            version: loaded.version,
            patient: knows_patient.then(|| {
                let patient = &case.application().patient;
                SlidePatient { name: patient.name.clone(), birth_on: patient.birth_on }
            }),
            requested: case.slides_asked_for().asked(),
            proposed: record.addition.as_ref().map(|addition| ProposedSlides::of(addition, is_staff)),
            counted: record.count.as_ref().map(|count| CountedSlides::of(count, is_staff)),
            to_credit: record.to_credit.asked().filter(|_| is_staff),
            is_reported: !record.findings.is_empty(),
            findings,
        }
    }
}

impl ProposedSlides {
    fn of(addition: &Addition, is_staff: bool) -> Self {
        Self {
            slides: addition.slides,
            opinion_waits: addition.is_awaited,
            proposed_at: addition.at,
            proposed_by: is_staff.then_some(addition.by),
            estimate_id: addition.estimate.map(|estimate| estimate.id),
            invoice_id: addition.invoice.map(|invoice| invoice.id),
            waiting_on: addition.waiting_on(),
            expires_at: addition.lapses_at(),
        }
    }
}

impl CountedSlides {
    fn of(count: &SlideCount, is_staff: bool) -> Self {
        Self {
            slides: count.slides,
            counted_at: count.at,
            counted_by: is_staff.then_some(count.by),
            note: count.note.clone().filter(|_| is_staff),
        }
    }
}

impl PathologyFindings {
    fn of(findings: &Findings) -> Self {
        Self {
            text: findings.text.clone(),
            recorded_at: findings.at,
            recorded_by: findings.by,
            correction_reason: findings.correction.clone(),
        }
    }
}

fn reply(loaded: &CaseForCaller) -> Result<Reply, Error> {
    Ok(Reply::ok(&CaseReExamination::of(loaded))?.revised(loaded.revision()))
}

/// Read the re-examination of a case
///
/// Counts for everybody who takes part; findings for the physicians and pathology.
#[utoipa::path(tag = "slides", responses((status = 200, description = "The re-examination.", body = CaseReExamination)))]
#[get("/v1/cases/{case_id}/re-examination")]
pub(crate) async fn get_re_examination(caller: Authorized<may::GetReExamination>, Path(id): Path<CaseId>) -> Answer {
    caller
        .act(move |work| {
            let case = pathology::get_re_examination(work, id)?;
            reply(&case)
        })
        .await
}

/// Propose that more slides be examined
///
/// By a physician, until the findings are recorded. The desk makes an estimate (`issueEstimate`), the payer accepts it, and the slides count
/// when their invoice is paid; those of a visit, which is billed on its day, with the acceptance. Before the main estimate is accepted they become part of it. A proposal that nobody agrees to, or pays, in time
/// falls away, and the work goes on.
#[utoipa::path(
    tag = "slides",
    request_body = ProposeReExamination,
    responses((status = 200, description = "The re-examination.", body = CaseReExamination))
)]
#[post("/v1/cases/{case_id}/re-examination/propose")]
pub(crate) async fn propose_re_examination(
    caller: Authorized<may::ProposeReExamination>,
    Path(id): Path<CaseId>,
    body: Body<ProposeReExamination>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let proposal = Proposal { slides: body.slides, is_awaited: body.opinion_waits.unwrap_or(false) };
            let case = pathology::propose_re_examination(work, id, proposal, &body.reason)?;
            reply(&case)
        })
        .await
}

/// Change the re-examination
///
/// By the desk, on the wish of the applicant, until the findings are recorded. Before an estimate is accepted the slides simply change, and an
/// estimate that waits is taken back. Afterwards fewer slides count at once, and billing credits what was invoiced (`issueCreditNote`); more
/// slides need an estimate of their own. Slides that are proposed and not paid are replaced: their estimate is taken back, their invoice lapses, and what
/// was paid of it is given back. None of both withdraws the re-examination: the work goes on without it.
#[utoipa::path(
    tag = "slides",
    request_body = ChangeReExamination,
    responses((status = 200, description = "The re-examination.", body = CaseReExamination))
)]
#[post("/v1/cases/{case_id}/re-examination/change")]
pub(crate) async fn change_re_examination(
    caller: Authorized<may::ChangeReExamination>,
    Path(id): Path<CaseId>,
    body: Body<ChangeReExamination>,
) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = pathology::change_re_examination(work, id, body.slides, body.opinion_waits, &body.reason)?;
            reply(&case)
        })
        .await
}

/// Confirm the slides that arrived
///
/// By pathology: all that are here, counted again whenever more arrive. As many as are asked for complete the item of the checklist; if they are
/// others, the applicant is told.
#[utoipa::path(
    tag = "slides",
    request_body = ConfirmSlides,
    responses((status = 200, description = "The re-examination.", body = CaseReExamination))
)]
#[post("/v1/cases/{case_id}/re-examination/count")]
pub(crate) async fn confirm_slides(caller: Authorized<may::ConfirmSlides>, Path(id): Path<CaseId>, body: Body<ConfirmSlides>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = pathology::confirm_slides(work, id, body.slides, body.note.as_ref())?;
            reply(&case)
        })
        .await
}

/// Record the findings
///
/// By pathology, of slides that are complete, with their report, and paid. With the findings the re-examination is performed: it is not given
/// back any longer. Until the opinion is delivered they can be corrected, with a reason.
#[utoipa::path(
    tag = "slides",
    request_body = RecordFindings,
    responses((status = 200, description = "The re-examination.", body = CaseReExamination))
)]
#[post("/v1/cases/{case_id}/re-examination/findings")]
pub(crate) async fn record_findings(caller: Authorized<may::RecordFindings>, Path(id): Path<CaseId>, body: Body<RecordFindings>) -> Answer {
    caller
        .act_on(body, move |work, body| {
            let case = pathology::record_findings(work, id, &body.findings, body.correction_reason.as_ref())?;
            reply(&case)
        })
        .await
}
