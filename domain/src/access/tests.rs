//! Roles, relations and audiences, by tables that are written by hand.

use super::*;
use crate::ids::{AgencyId, DepartmentId};
use crate::tests::fixtures::id;

const ME: u128 = 7;

fn roles(assignments: &[(Role, Option<DepartmentId>, Option<AgencyId>)]) -> Roles {
    let made = assignments.iter().map(|(role, department, agency)| RoleAssignment::new(*role, *department, *agency).unwrap());
    Roles::new(made.collect()).unwrap()
}

fn alone(role: Role) -> Roles {
    let department = role.needs_department().then(|| id(1));
    let agency = role.needs_agency().then(|| id(1));
    roles(&[(role, department, agency)])
}

fn of(roles: Roles, facts: CaseFacts) -> Vec<Relation> {
    relations(&Caller { user: id(ME), roles, director_any_department: false }, &facts).iter().collect()
}

/// A case with everything that could relate somebody to it, except the caller's own part.
fn full() -> CaseFacts {
    CaseFacts {
        receiving: true,
        member: None,
        agency: Some(id(1)),
        responsible: Some(id(ME)),
        department: Some(id(1)),
        accepted: true,
        slides_requested: true,
        patient_uninformed: false,
    }
}

/// Money that belongs to no case yet.
#[test]
fn what_belongs_to_no_case_is_the_affair_of_the_desk_and_of_billing() {
    use Relation as R;
    let of = |role: Role, director_any_department: bool| -> Vec<Relation> {
        relations_to_no_case(&Caller { user: id(ME), roles: alone(role), director_any_department }).iter().collect()
    };
    for role in Role::ALL.iter().copied() {
        let seen: &[Relation] = match role {
            Role::Coordinator => &[R::Desk],
            Role::Accountant => &[R::Billing],
            Role::Applicant
            | Role::Agency
            | Role::Physician
            | Role::Chief
            | Role::Director
            | Role::Pathologist
            | Role::Administrator
            | Role::Auditor => &[],
        };
        assert_eq!(of(role, false), seen, "{role}");
        let widened = if role == Role::Director { &[R::Department] } else { seen };
        assert_eq!(of(role, true), widened, "{role} where directors act for every department");
    }
}

#[test]
fn each_role_has_its_relation_to_a_case_and_none_without_the_fact_that_it_rests_on() {
    use Relation as R;
    let empty = CaseFacts::default();
    let table: [(Role, &[Relation], CaseFacts, &[Relation]); 11] = [
        (Role::Applicant, &[], CaseFacts { agency: None, ..full() }, &[]),
        (Role::Agency, &[R::Agency], CaseFacts { agency: Some(id(2)), ..full() }, &[]),
        (Role::Coordinator, &[R::Desk], empty, &[R::Desk]),
        (Role::Physician, &[R::Responsible, R::Receiving], CaseFacts { responsible: Some(id(ME + 1)), ..full() }, &[R::Receiving]),
        (Role::Physician, &[R::Responsible, R::Receiving], CaseFacts { receiving: false, ..full() }, &[R::Responsible]),
        (
            Role::Chief,
            &[R::Responsible, R::Receiving, R::Department],
            CaseFacts { department: Some(id(2)), ..full() },
            &[R::Responsible, R::Receiving],
        ),
        (
            Role::Director,
            &[R::Responsible, R::Receiving, R::Department],
            CaseFacts { responsible: None, receiving: false, ..full() },
            &[R::Department],
        ),
        (Role::Accountant, &[R::Billing], CaseFacts { accepted: false, ..full() }, &[]),
        (Role::Pathologist, &[R::Pathology], CaseFacts { slides_requested: false, ..full() }, &[]),
        (Role::Administrator, &[], empty, &[]),
        (Role::Auditor, &[], empty, &[]),
    ];
    for (role, with_all, lacking, without) in table {
        assert_eq!(of(alone(role), full()), with_all, "{role}");
        assert_eq!(of(alone(role), lacking), without, "{role} without its fact");
        let facts = if role == Role::Coordinator { &[R::Desk][..] } else { &[] };
        assert_eq!(of(alone(role), empty), facts, "{role} at a case without facts");
    }
}

#[test]
fn an_account_that_joined_is_related_as_it_joined() {
    let joined = |member, patient_uninformed| CaseFacts { member: Some(member), patient_uninformed, ..CaseFacts::default() };
    for (member, uninformed, expected) in [
        (Membership::Applicant, false, &[Relation::Applicant][..]),
        (Membership::Applicant, true, &[Relation::Applicant]),
        (Membership::Representative, false, &[Relation::Representative]),
        (Membership::Representative, true, &[Relation::Representative]),
        (Membership::Patient, false, &[Relation::Patient]),
        // Nothing reaches the patient's account while the patient does not know.
        (Membership::Patient, true, &[]),
    ] {
        assert_eq!(of(alone(Role::Applicant), joined(member, uninformed)), expected, "{member}, uninformed: {uninformed}");
        assert_eq!(of(alone(Role::Coordinator), joined(member, uninformed)), [Relation::Desk], "staff join nothing");
    }
}

#[test]
fn a_director_leads_other_departments_only_by_the_setting_and_a_chief_never_does() {
    let elsewhere = CaseFacts { department: Some(id(2)), ..CaseFacts::default() };
    let nowhere = CaseFacts::default();
    for (role, setting, facts, leads) in [
        (Role::Director, true, elsewhere, true),
        (Role::Director, false, elsewhere, false),
        (Role::Director, true, nowhere, false),
        (Role::Chief, true, elsewhere, false),
        (Role::Physician, true, CaseFacts { department: Some(id(1)), ..nowhere }, false),
    ] {
        let caller = Caller { user: id(ME), roles: alone(role), director_any_department: setting };
        assert_eq!(relations(&caller, &facts).contains(Relation::Department), leads, "{role}, setting {setting}");
    }
}

#[test]
fn relations_of_several_roles_add_up() {
    let both = roles(&[(Role::Coordinator, None, None), (Role::Chief, Some(id(1)), None), (Role::Accountant, None, None)]);
    assert_eq!(of(both, full()), [Relation::Responsible, Relation::Receiving, Relation::Department, Relation::Desk, Relation::Billing]);
}

#[test]
fn a_set_of_relations_holds_what_was_put_into_it() {
    let set = Relations::of(&[Relation::Desk, Relation::Billing]).with(Relation::Desk);
    assert_eq!(set.iter().collect::<Vec<_>>(), [Relation::Desk, Relation::Billing], "once each");
    assert!(!set.is_empty() && Relations::NONE.is_empty());
    assert!(set.contains_any(&[Relation::Patient, Relation::Billing]) && !set.contains_any(&[Relation::Patient]));
}

#[test]
fn audiences_join_part_and_come_back_from_their_bits() {
    let (staff, billing) = (Audience::STAFF, Audience::BILLING);
    let both = staff.and(billing);
    assert_eq!(both.and(staff), both, "joining twice changes nothing");
    assert_eq!(both.without(billing), staff);
    assert!(both.meets(staff) && !staff.meets(billing));
    assert_eq!((Audience::APPLICANT.bits(), Audience::AGENCY.bits(), both.bits()), (1, 4, 24));
    let all = [Audience::APPLICANT, Audience::PATIENT, Audience::AGENCY, staff, billing].into_iter().reduce(Audience::and).unwrap();
    for (bits, expected) in [(31, all), (24, both), (255, all), (32, Audience::of(Relations::NONE)), (40, staff)] {
        assert_eq!(Audience::from_bits(bits), expected, "{bits}");
    }
}

#[test]
fn the_roles_that_see_clinical_content_or_give_roles_take_two_persons() {
    let by_one: Vec<Role> = Role::ALL.iter().copied().filter(|role| !role.needs_second_person()).collect();
    assert_eq!(by_one, [Role::Applicant, Role::Accountant, Role::Auditor]);
}

#[test]
fn a_person_holds_a_role_where_it_was_given() {
    let chief = roles(&[(Role::Chief, Some(id(1)), None), (Role::Physician, Some(id(2)), None), (Role::Director, Some(id(3)), None)]);
    let (one, two): (DepartmentId, DepartmentId) = (id(1), id(2));
    assert!(chief.has_in(&[Role::Chief, Role::Director], one));
    assert!(!chief.has_in(&[Role::Chief, Role::Director], two), "a physician there");
    assert!(!chief.has_in(&[Role::Physician], one), "the chief there");
    assert_eq!(chief.leads().collect::<Vec<_>>(), [one, id(3)]);
    assert_eq!(chief.iter().filter_map(RoleAssignment::department).count(), 3);
    let agency: AgencyId = id(1);
    let agent = roles(&[(Role::Agency, None, Some(agency))]);
    assert!(agent.works_for(agency) && !agent.works_for(id(2)));
    assert_eq!(agent.agencies().collect::<Vec<_>>(), [agency]);
    // Both ways to the assignments give all of them.
    assert_eq!((&chief).into_iter().count(), 3);
    assert_eq!(Vec::from(chief).len(), 3);
}

#[test]
fn refused_roles_are_named_by_their_codes() {
    let codes =
        [RoleRefusal::DepartmentNeeded, RoleRefusal::AgencyNeeded, RoleRefusal::NothingNeeded, RoleRefusal::Mixed, RoleRefusal::Empty]
            .map(RoleRefusal::code);
    assert_eq!(codes, ["role_needs_department", "role_needs_agency", "role_needs_nothing", "roles_mixed", "too_short"]);
}
