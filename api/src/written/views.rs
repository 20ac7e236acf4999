//! Requests and answers of opinions.

use application::Error;
use application::written::OpinionForCaller;
use application::written::StoredOpinion;
use domain::ids::{CaseId, OpinionId, UserId};
use domain::people::LongText;
use domain::written::{OpinionContent, OpinionStage, PageFit, Returned, Signature};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::reader::Labels;
use crate::http::reply::Reply;

/// An opinion to write down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftOpinion {
    /// The text.
    pub(crate) content: OpinionContent,
}

/// The change that is wanted before the opinion can be delivered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnOpinion {
    /// The comment, for the author.
    pub(crate) comment: LongText,
}

/// The opinion of a case, as far as the caller may see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct WrittenOpinion {
    /// The newest edition.
    id: OpinionId,
    /// The case.
    case_id: CaseId,
    /// The number of the edition: 1, and one more for each addendum.
    #[schema(minimum = 1)]
    edition: u16,
    /// Where the edition stands.
    state: OpinionStage,
    /// Counts the changes of this edition.
    #[schema(minimum = 1)]
    version: i64,
    /// Who wrote it.
    author_id: UserId,
    /// The text.
    content: OpinionContent,
    /// Lines that it needs on its page, counted conservatively.
    #[schema(minimum = 0)]
    lines: usize,
    /// Lines that the page has.
    #[schema(minimum = 1)]
    max_lines: usize,
    /// Why it was returned, oldest first; only for those who see drafts.
    returns: Vec<OpinionReturn>,
    /// Who signed it, once it is delivered.
    signature: Option<OpinionSignature>,
    /// When it was delivered.
    delivered_at: Option<Timestamp>,
    /// When the edition was begun.
    created_at: Timestamp,
    /// When it last changed.
    updated_at: Timestamp,
    /// The editions before it, oldest first.
    earlier_editions: Vec<EarlierEdition>,
}

/// Why an opinion came back to its author.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionReturn {
    /// Who returned it.
    returned_by: UserId,
    /// When.
    returned_at: Timestamp,
    /// The wanted change.
    comment: LongText,
}

/// Who signed: the director or chief physician of the department.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpinionSignature {
    /// The person.
    signed_by: UserId,
    /// The name.
    name: String,
    /// The title, in the reader's language.
    title: String,
    /// The department.
    department: String,
}

/// An edition that a later one has followed.
#[derive(Serialize, ToSchema)]
pub(crate) struct EarlierEdition {
    /// The edition.
    id: OpinionId,
    /// Its number.
    #[schema(minimum = 1)]
    edition: u16,
    /// The text.
    content: OpinionContent,
    /// Who signed it.
    signature: Option<OpinionSignature>,
    /// When it was delivered.
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

    fn earlier(self, stored: &StoredOpinion) -> EarlierEdition {
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
    fn of(seen: &OpinionForCaller, labels: Labels<'_>) -> Self {
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
pub(crate) fn reply(seen: &OpinionForCaller, labels: Labels<'_>) -> Result<Reply, Error> {
    Ok(Reply::ok(&WrittenOpinion::of(seen, labels))?.in_language(labels.language).revised(seen.revision()))
}
