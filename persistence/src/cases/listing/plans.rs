//! Lists search indexes: `SQLite` is asked how it would run them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use domain::access::{Caller, RoleAssignment, Roles};
use domain::ids::{Id, IdKind};
use uuid::Uuid;

use super::*;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = diesel::sql_types::Text)]
    detail: String,
}

fn id<K: IdKind>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

fn caller(role: Role) -> Caller {
    let department = role.needs_department().then(|| id(1));
    let agency = role.needs_agency().then(|| id(2));
    let roles = Roles::new(vec![RoleAssignment::new(role, department, agency).unwrap()]).unwrap();
    Caller { user: id(3), roles, director_any_department: false }
}

/// How `SQLite` runs the caller's lists, one for each reason.
fn plans(caller: &Caller, filter: &CaseFilter) -> Vec<Vec<String>> {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.run_pending_migrations(MIGRATIONS).unwrap();
    let words = filter.search.iter().map(|word| word.clone().into_bytes()).collect();
    let search = Search { words, ..Search::default() };
    let page = Page { after: Some(id::<domain::ids::CaseKey>(9)), limit: 20 };
    visible_to(caller)
        .iter()
        .map(|reason| {
            let query = listing!(caller.user, [reason], filter, &search, page);
            let sql = diesel::debug_query::<Sqlite, _>(&query).to_string();
            let sql = sql.split(" -- binds").next().unwrap();
            let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut connection).unwrap();
            steps.into_iter().map(|step| step.detail).collect()
        })
        .collect()
}

fn none() -> CaseFilter {
    CaseFilter::default()
}

#[test]
fn no_list_scans_the_cases() {
    let stages = vec!["submitted".to_owned()];
    let lists = [
        (Role::Coordinator, none()),
        (Role::Coordinator, CaseFilter { stages: stages.clone(), ..none() }),
        (Role::Coordinator, CaseFilter { department: Some(id(1)), stages: stages.clone(), ..none() }),
        (Role::Coordinator, CaseFilter { responsible: Some(id(5)), ..none() }),
        (Role::Coordinator, CaseFilter { waiting_on: Some("desk".to_owned()), ..none() }),
        (Role::Coordinator, CaseFilter { agency: Some(id(2)), ..none() }),
        (Role::Coordinator, CaseFilter { search: Some("yamada".to_owned()), ..none() }),
        (Role::Applicant, none()),
        (Role::Agency, none()),
        (Role::Physician, none()),
        (Role::Chief, none()),
        (Role::Director, CaseFilter { stages, ..none() }),
        (Role::Pathologist, none()),
        (Role::Accountant, none()),
    ];
    for (role, filter) in lists {
        for plan in plans(&caller(role), &filter) {
            assert!(!plan.iter().any(|step| step.starts_with("SCAN")), "{role} {filter:?}: {plan:#?}");
            let found = |step: &String| step.starts_with("SEARCH cases USING INDEX") || step.starts_with("SEARCH cases USING PRIMARY KEY");
            assert!(plan.iter().any(found), "{role} {filter:?}: {plan:#?}");
        }
    }
}

#[test]
fn no_list_is_sorted_for_want_of_an_index() {
    let stages = vec!["submitted".to_owned()];
    for (role, filter) in [
        (Role::Coordinator, none()),
        (Role::Coordinator, CaseFilter { stages, ..none() }),
        (Role::Coordinator, CaseFilter { responsible: Some(id(5)), ..none() }),
        // Not the applicant's: the few cases of one account may be sorted.
        (Role::Agency, none()),
        (Role::Physician, none()),
        (Role::Chief, none()),
        (Role::Pathologist, none()),
        (Role::Accountant, none()),
    ] {
        for plan in plans(&caller(role), &filter) {
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{role} {filter:?}: {plan:#?}");
        }
    }
}

#[test]
fn those_who_run_no_cases_see_none() {
    for role in [Role::Administrator, Role::Auditor] {
        assert_eq!(visible_to(&caller(role)), []);
    }
}
