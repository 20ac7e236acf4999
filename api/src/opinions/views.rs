//! What goes in and out of opinions.

use application::Error;
use application::opinions::Seen;
use application::opinions::Stored;
use domain::ids::{CaseId, OpinionId, UserId};
use domain::opinion::{OpinionContent, OpinionStateName, PageFit, Returned, Signature};
use domain::people::LongText;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::schemas;
use crate::http::reader::Labels;
use crate::http::reply::Reply;

/// Where an edition stands.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) enum OpinionStage {
    Draft,
    Submitted,
    Delivered,
}

/// How soon something should be done.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) enum OpinionUrgency {
    Routine,
    Soon,
    Urgent,
}

/// A document that the opinion rests on.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ReviewedMaterial {
    /// What it is.
    #[schema(value_type = schemas::Line, example = "Referral letter")]
    name: String,
    /// Its date: a year, a month or a day.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    dated_on: Option<String>,
}

/// A document that the opinion rests on. What is absent or null is not known.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct ReviewedMaterialInput {
    /// What it is.
    #[schema(value_type = schemas::Line, example = "Referral letter")]
    name: String,
    /// Its date: a year, a month or a day.
    #[schema(value_type = Option<schemas::PartialDateText>)]
    dated_on: Option<String>,
}

/// The answer to one of the patient's questions.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct OpinionAnswer {
    /// Which question, from 0.
    #[schema(minimum = 0, maximum = 9, example = 0)]
    question: u8,
    /// The answer.
    #[schema(value_type = schemas::Paragraphs, example = "Yes, after systemic treatment.")]
    text: String,
}

/// What an opinion says, under its customary headings. A draft may lack parts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct OpinionText {
    /// The language that it is written in.
    #[schema(required)]
    language: Option<schemas::LanguageCode>,
    /// To whom it is addressed.
    #[schema(required)]
    addressee: Option<schemas::Line>,
    /// What was reviewed, with dates.
    #[schema(required, max_items = 40)]
    materials_reviewed: Vec<ReviewedMaterial>,
    /// What was not received.
    #[schema(required, max_items = 20)]
    materials_not_received: Vec<schemas::Line>,
    /// History as we understand it.
    #[schema(required)]
    history: Option<schemas::Paragraphs>,
    /// View of diagnosis and stage.
    #[schema(required)]
    diagnosis: Option<schemas::Paragraphs>,
    /// Findings of the re-examination of slides, if there was one.
    #[schema(required)]
    slide_findings: Option<schemas::Paragraphs>,
    /// Answers to the questions.
    #[schema(required, max_items = 10)]
    answers: Vec<OpinionAnswer>,
    /// Treatment options.
    #[schema(required)]
    options: Option<schemas::Paragraphs>,
    /// Recommendation and reasons.
    #[schema(required)]
    recommendation: Option<schemas::Paragraphs>,
    /// Further tests.
    #[schema(required)]
    further_tests: Option<schemas::Paragraphs>,
    /// How urgent it is.
    #[schema(required)]
    urgency: Option<OpinionUrgency>,
    /// Possibility of treatment here, and the next contact.
    #[schema(required)]
    treatment_here: Option<schemas::Paragraphs>,
}

/// What an opinion shall say. What is absent or null is not written yet.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a schema of the document; the value itself is the domain's")]
pub(crate) struct OpinionTextInput {
    /// The language that it is written in.
    language: Option<schemas::LanguageCode>,
    /// To whom it is addressed.
    addressee: Option<schemas::Line>,
    /// What was reviewed, with dates.
    #[schema(required = false, max_items = 40)]
    materials_reviewed: Vec<ReviewedMaterialInput>,
    /// What was not received.
    #[schema(required = false, max_items = 20)]
    materials_not_received: Vec<schemas::Line>,
    /// History as we understand it.
    history: Option<schemas::Paragraphs>,
    /// View of diagnosis and stage.
    diagnosis: Option<schemas::Paragraphs>,
    /// Findings of the re-examination of slides, if there was one.
    slide_findings: Option<schemas::Paragraphs>,
    /// Answers to the questions.
    #[schema(required = false, max_items = 10)]
    answers: Vec<OpinionAnswer>,
    /// Treatment options.
    options: Option<schemas::Paragraphs>,
    /// Recommendation and reasons.
    recommendation: Option<schemas::Paragraphs>,
    /// Further tests.
    further_tests: Option<schemas::Paragraphs>,
    /// How urgent it is.
    urgency: Option<OpinionUrgency>,
    /// Possibility of treatment here, and the next contact.
    treatment_here: Option<schemas::Paragraphs>,
}

/// An opinion to write down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftOpinion {
    /// What it says.
    #[schema(value_type = OpinionTextInput)]
    pub(crate) content: OpinionContent,
}

/// What should change before the opinion can be delivered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnOpinion {
    /// The comment, for the author.
    #[schema(value_type = schemas::Paragraphs, example = "Please say more about the risks.")]
    pub(crate) comment: LongText,
}

/// The opinion of a case, as far as the caller may see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct WrittenOpinion {
    /// The newest edition.
    #[schema(value_type = schemas::OpinionKey)]
    id: OpinionId,
    /// The case.
    #[schema(value_type = schemas::CaseKey)]
    case_id: CaseId,
    /// The number of the edition: 1, and one more for each addendum.
    #[schema(minimum = 1, example = 1)]
    edition: u16,
    /// Where the edition stands.
    #[schema(value_type = OpinionStage)]
    state: OpinionStateName,
    /// Counts the changes of this edition.
    #[schema(minimum = 1, example = 1)]
    version: i64,
    /// Who wrote it.
    #[schema(value_type = schemas::UserKey)]
    author_id: UserId,
    /// What it says.
    #[schema(value_type = OpinionText)]
    content: OpinionContent,
    /// Lines that it needs on its page, counted conservatively.
    #[schema(minimum = 0, example = 40)]
    lines: usize,
    /// Lines that the page has.
    #[schema(minimum = 1, example = 52)]
    max_lines: usize,
    /// Why it was returned, oldest first; only for those who see drafts.
    returns: Vec<OpinionReturn>,
    /// Who signed it, once it is delivered.
    signature: Option<OpinionSignature>,
    /// When it was delivered.
    #[schema(value_type = Option<schemas::Moment>)]
    delivered_at: Option<Timestamp>,
    /// When the edition was begun.
    #[schema(value_type = schemas::Moment)]
    created_at: Timestamp,
    /// When it last changed.
    #[schema(value_type = schemas::Moment)]
    updated_at: Timestamp,
    /// The editions before it, oldest first.
    earlier_editions: Vec<EarlierEdition>,
}

/// Why an opinion came back to its author.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionReturn {
    /// Who returned it.
    #[schema(value_type = schemas::UserKey)]
    returned_by: UserId,
    /// When.
    #[schema(value_type = schemas::Moment)]
    returned_at: Timestamp,
    /// What should change.
    #[schema(value_type = schemas::Paragraphs, example = "Please say more about the risks.")]
    comment: LongText,
}

/// Who signed: the director or chief physician of the department.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionSignature {
    /// The person.
    #[schema(value_type = schemas::UserKey)]
    signed_by: UserId,
    /// The name.
    #[schema(example = "Haruto Abe")]
    name: String,
    /// The title, in the reader's language.
    #[schema(example = "Chief physician")]
    title: String,
    /// The department.
    #[schema(example = "Breast Surgery")]
    department: String,
}

/// An edition that a later one has followed.
#[derive(Serialize, ToSchema)]
pub(crate) struct EarlierEdition {
    /// The edition.
    #[schema(value_type = schemas::OpinionKey)]
    id: OpinionId,
    /// Its number.
    #[schema(minimum = 1, example = 1)]
    edition: u16,
    /// What it says.
    #[schema(value_type = OpinionText)]
    content: OpinionContent,
    /// Who signed it.
    signature: Option<OpinionSignature>,
    /// When it was delivered.
    #[schema(value_type = Option<schemas::Moment>)]
    delivered_at: Option<Timestamp>,
}

impl Labels<'_> {
    fn signature(self, signature: &Signature) -> OpinionSignature {
        OpinionSignature {
            signed_by: signature.by,
            name: signature.name.to_string(),
            title: self.messages.label(self.language, "role", signature.title.as_str()),
            department: signature.department.to_string(),
        }
    }

    fn earlier(self, stored: &Stored) -> EarlierEdition {
        let opinion = &stored.opinion;
        EarlierEdition {
            id: opinion.id(),
            edition: opinion.edition(),
            content: opinion.content().clone(),
            signature: opinion.signature().map(|signature| self.signature(signature)),
            delivered_at: opinion.delivered_at(),
        }
    }
}

impl WrittenOpinion {
    fn of(seen: &Seen, labels: Labels<'_>) -> Self {
        let opinion = &seen.latest.opinion;
        let fit = PageFit::of(opinion.content());
        let shown =
            |returned: &Returned| OpinionReturn { returned_by: returned.by, returned_at: returned.at, comment: returned.comment.clone() };
        Self {
            id: opinion.id(),
            case_id: opinion.case(),
            edition: opinion.edition(),
            state: opinion.state_name(),
            version: seen.latest.version,
            author_id: opinion.author(),
            content: opinion.content().clone(),
            lines: fit.lines,
            max_lines: fit.max_lines,
            returns: if seen.sees_drafts { opinion.returns().iter().map(shown).collect() } else { Vec::new() },
            signature: opinion.signature().map(|signature| labels.signature(signature)),
            delivered_at: opinion.delivered_at(),
            created_at: opinion.created_at(),
            updated_at: opinion.updated_at(),
            earlier_editions: seen.earlier.iter().map(|stored| labels.earlier(stored)).collect(),
        }
    }
}

/// The answer about an opinion.
pub(crate) fn reply(seen: &Seen, labels: Labels<'_>) -> Result<Reply, Error> {
    Ok(Reply::ok(&WrittenOpinion::of(seen, labels))?.in_language(labels.language).revised(seen.revision()))
}
