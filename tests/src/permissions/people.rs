//! Everybody who could ask: each role, in each relation that it can have to a case.

use domain::access::Role;

use crate::support::app::{App, Person};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anonymous,
    Applicant,
    Stranger,
    Patient,
    Representative,
    Agency,
    OtherAgency,
    Coordinator,
    Responsible,
    OtherPhysician,
    Chief,
    OtherChief,
    Director,
    OtherDirector,
    Accountant,
    Pathologist,
    Administrator,
    Auditor,
}

impl Who {
    /// In the order of the table's columns.
    pub const ALL: [Self; 18] = [
        Self::Anonymous,
        Self::Applicant,
        Self::Stranger,
        Self::Patient,
        Self::Representative,
        Self::Agency,
        Self::OtherAgency,
        Self::Coordinator,
        Self::Responsible,
        Self::OtherPhysician,
        Self::Chief,
        Self::OtherChief,
        Self::Director,
        Self::OtherDirector,
        Self::Accountant,
        Self::Pathologist,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The person, signed in.
    pub fn in_person(self, app: &App) -> Person<'_> {
        match self {
            Self::Anonymous => app.anonymous(),
            Self::Applicant => app.applicant(),
            Self::Stranger => app.stranger(),
            Self::Patient => app.person("patient", Role::Applicant),
            Self::Representative => app.person("representative", Role::Applicant),
            Self::Agency => app.agency(),
            Self::OtherAgency => app.other_agency(),
            Self::Coordinator => app.coordinator(),
            Self::Responsible => app.physician(),
            Self::OtherPhysician => app.other_physician(),
            Self::Chief => app.chief(),
            Self::OtherChief => app.other_chief(),
            Self::Director => app.director(),
            Self::OtherDirector => app.person("other-director", Role::Director),
            Self::Accountant => app.accountant(),
            Self::Pathologist => app.pathologist(),
            Self::Administrator => app.administrator(),
            Self::Auditor => app.auditor(),
        }
    }
}
