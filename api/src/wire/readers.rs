//! Who reads what several features show of a case, by relation.

use domain::access::Relation;

/// The hospital's people who know what the patient may not know, and who see visits.
pub(crate) const INFORMED_STAFF: &[Relation] = &[Relation::Desk, Relation::Responsible, Relation::Receiving, Relation::Department];
/// Whose case it is, and who treats it: not an agency, not billing, not pathology.
pub(crate) const FAMILY_AND_INFORMED_STAFF: &[Relation] = &[
    Relation::Applicant,
    Relation::Patient,
    Relation::Representative,
    Relation::Desk,
    Relation::Responsible,
    Relation::Receiving,
    Relation::Department,
];
