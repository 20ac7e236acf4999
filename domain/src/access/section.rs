//! The sections of a case that each relation sees: one hand-written table.

use super::Relation;
use crate::wire::wire_enum;

wire_enum! {
    /// A part of a case that is seen or not seen as a whole.
    Section {
        /// Number, service, stage, dates, department. No names, nothing clinical.
        Summary = "summary",
        /// Names, addresses, telephone numbers.
        Contacts = "contacts",
        /// Questions, treatment history, documents, the checklist.
        Clinical = "clinical",
        /// An opinion that is not delivered.
        OpinionDraft = "opinion_draft",
        /// An opinion that is delivered.
        DeliveredOpinion = "delivered_opinion",
        /// Messages between the applicant's side and the hospital.
        Messages = "messages",
        /// Notes among the hospital's people.
        InternalNotes = "internal_notes",
        /// Estimates, invoices, payments.
        Invoices = "invoices",
        /// Pathology slides and their way.
        Slides = "slides",
        /// The events.
        Timeline = "timeline",
    }
}

impl Relation {
    /// The sections that this relation sees.
    pub const fn sections(self) -> &'static [Section] {
        use Section::{Clinical, Contacts, DeliveredOpinion, InternalNotes, Invoices, Messages, OpinionDraft, Slides, Summary, Timeline};
        match self {
            Self::Applicant => &[Summary, Contacts, Clinical, DeliveredOpinion, Messages, Invoices, Slides, Timeline],
            Self::Patient | Self::Representative => &[Summary, Contacts, Clinical, DeliveredOpinion, Messages, Slides, Timeline],
            // The delivered opinion reaches an agency only with the patient's consent; the case itself asks for it.
            Self::Agency => &[Summary, Contacts, Clinical, DeliveredOpinion, Messages, Invoices, Timeline],
            Self::Receiving => &[Summary, Contacts, Clinical, DeliveredOpinion, Messages, InternalNotes, Slides, Timeline],
            Self::Responsible | Self::Department => {
                &[Summary, Contacts, Clinical, OpinionDraft, DeliveredOpinion, Messages, InternalNotes, Slides, Timeline]
            }
            Self::Desk => &[Summary, Contacts, Clinical, DeliveredOpinion, Messages, InternalNotes, Invoices, Slides, Timeline],
            Self::Pathology => &[Summary, Slides],
            Self::Billing => &[Summary, Invoices],
        }
    }
}
