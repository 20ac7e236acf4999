//! Cases: kept whole, changed once, found by those whom they concern and by nobody else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use domain::access::Audience;
use domain::access::{Caller, Membership, Role, RoleAssignment, Roles, relations};
use domain::case::{Case, Change, Event, EventKind};
use domain::ids::{CaseId, UserId};
use domain::intake::{Application, ReExamination};
use jiff::SignedDuration;
use persistence::cases::{self, CaseFilter, DueKind, NewCase};
use persistence::{Error, Page, Store, events};
use support::cases::{alone, applicant, application, caller, opened, store_with_people};
use support::{Database, id, now, write};

/// The case with other contents: what the stored form allows.
fn with(case: &Case, change: impl FnOnce(&mut serde_json::Value)) -> Case {
    let mut json = serde_json::to_value(case).unwrap();
    change(&mut json);
    serde_json::from_value::<Case>(json).unwrap().restore().unwrap()
}

fn insert(store: &Store, case: &Case, words: &[&str]) {
    let (case, words) = (case.clone(), words.iter().map(ToString::to_string).collect::<Vec<_>>());
    write(store, move |tx| cases::insert(tx, NewCase { texts: &words, ..alone(&case) }, now())).unwrap();
}

#[test]
fn a_case_comes_back_as_written_with_the_callers_part_in_it() {
    let database = Database::new();
    let store = store_with_people(&database);
    let Change { case, .. } = opened(1, &applicant(1), application());
    insert(&store, &case, &[]);
    let case_id = case.id();
    write(&store, move |tx| cases::add_member(tx, case_id, id(1), Membership::Applicant, now())).unwrap();
    let stored = write(&store, move |tx| cases::get(tx, case_id, id(1))).unwrap();
    assert_eq!((&stored.case, stored.version, stored.created_at, stored.updated_at), (&case, 1, now(), now()));
    assert_eq!(stored.facts.member, Some(Membership::Applicant));
    let stranger = write(&store, move |tx| cases::get(tx, case_id, id(2))).unwrap();
    assert_eq!(stranger.facts.member, None);
    assert_eq!(write(&store, |tx| cases::get(tx, id(9999), id(1))).map(drop), Err(Error::NotFound));
    write(&store, move |tx| cases::end_member(tx, case_id, id(1), now())).unwrap();
    assert_eq!(write(&store, move |tx| cases::get(tx, case_id, id(1))).unwrap().facts.member, None, "parts end");
    assert_eq!(write(&store, move |tx| cases::list_members(tx, case_id)).unwrap().len(), 1);
}

#[test]
fn of_two_changes_of_one_version_one_is_stale() {
    let database = Database::new();
    let store = store_with_people(&database);
    let Change { case, .. } = opened(1, &applicant(1), application());
    insert(&store, &case, &[]);
    let changed = with(&case, |json| json["department"] = serde_json::json!(id::<domain::ids::DepartmentKey>(1)));
    let later = now() + SignedDuration::from_mins(1);
    let (first, second) = (changed.clone(), changed.clone());
    assert_eq!(write(&store, move |tx| cases::save(tx, &first, 1, later)), Ok(2));
    assert_eq!(write(&store, move |tx| cases::save(tx, &second, 1, later)), Err(Error::Stale));
    let case_id = case.id();
    let stored = write(&store, move |tx| cases::get_for_system(tx, case_id)).unwrap();
    assert_eq!((stored.case, stored.version, stored.created_at, stored.updated_at), (changed, 2, now(), later));
}

#[test]
fn a_number_is_given_once_and_rises_within_its_year() {
    let database = Database::new();
    let store = store_with_people(&database);
    let next = |year| write(&store, move |tx| cases::next_number(tx, year)).unwrap();
    assert_eq!([next(2026), next(2026), next(2026)], [1, 2, 3]);
    let failed = write(&store, |tx| cases::next_number(tx, 2026).and(Err::<(), _>(Error::Stale)));
    assert_eq!(failed, Err(Error::Stale));
    assert!(next(2026) > 3);
    assert_eq!([next(2027), next(2027)], [1, 2]);
    assert!(next(2026) > 4, "at the turn of the year both go on");
    insert(&store, &opened(1, &applicant(1), application()).case, &[]);
    let twin = with(&opened(1, &applicant(1), application()).case, |json| json["id"] = serde_json::json!(id::<domain::ids::CaseKey>(77)));
    let duplicate = write(&store, move |tx| cases::insert(tx, alone(&twin), now()));
    assert!(duplicate.as_ref().is_err_and(|error| error.is_duplicate("cases.number")), "{duplicate:?}");
}

#[test]
fn lists_hold_what_the_domain_lets_the_caller_see() {
    let database = Database::new();
    let store = store_with_people(&database);
    let department = |number| Some(serde_json::json!(id::<domain::ids::DepartmentKey>(number)));
    let mut all = Vec::new();
    let mut number = 0;
    for (in_department, responsible, agency, accepted, slides, uninformed) in [
        (None, None, None, false, false, false),
        (department(1), None, None, false, false, false),
        (department(1), Some(5), None, true, false, true),
        (department(2), Some(6), Some(1), true, true, false),
        (department(2), Some(3), Some(2), false, true, true),
        (None, None, Some(1), false, true, true),
        (department(1), Some(4), Some(2), true, true, false),
    ] {
        for member in [None, Some((1, Membership::Applicant)), Some((1, Membership::Patient)), Some((2, Membership::Representative))] {
            number += 1;
            let application = Application {
                patient_uninformed: uninformed,
                re_examination: slides.then_some(ReExamination { biopsy_slides: 1, resected_specimens: 0 }),
                ..application()
            };
            let case = with(&opened(number, &applicant(9), application).case, |json| {
                json["department"] = in_department.clone().into();
                json["responsible"] = responsible.map(id::<domain::ids::UserKey>).map(|id| serde_json::json!(id)).into();
                json["agency"] = agency.map(id::<domain::ids::AgencyKey>).map(|id| serde_json::json!(id)).into();
                json["accepted_at"] = accepted.then(|| serde_json::json!(now())).into();
            });
            insert(&store, &case, &[]);
            let case_id = case.id();
            if let Some((user, membership)) = member {
                write(&store, move |tx| cases::add_member(tx, case_id, id(user), membership, now())).unwrap();
            }
            all.push(case_id);
        }
    }
    let role =
        |role, department: Option<u128>, agency: Option<u128>| RoleAssignment::new(role, department.map(id), agency.map(id)).unwrap();
    let mut callers = vec![
        applicant(1),
        applicant(2),
        applicant(8),
        caller(7, vec![role(Role::Agency, None, Some(1))]),
        caller(7, vec![role(Role::Agency, None, Some(1)), role(Role::Agency, None, Some(2))]),
        caller(7, vec![role(Role::Agency, None, Some(2)), role(Role::Applicant, None, None)]),
        caller(1, vec![role(Role::Coordinator, None, None)]),
        caller(5, vec![role(Role::Physician, Some(1), None)]),
        caller(3, vec![role(Role::Chief, Some(1), None)]),
        caller(3, vec![role(Role::Chief, Some(1), None), role(Role::Director, Some(2), None)]),
        caller(4, vec![role(Role::Director, Some(2), None)]),
        caller(4, vec![role(Role::Pathologist, None, None)]),
        caller(4, vec![role(Role::Accountant, None, None)]),
        caller(6, vec![role(Role::Accountant, None, None), role(Role::Physician, Some(2), None)]),
        caller(1, vec![role(Role::Administrator, None, None)]),
        caller(1, vec![role(Role::Auditor, None, None)]),
        Caller { roles: Roles::none(), ..applicant(1) },
    ];
    let wider: Vec<Caller> = callers.iter().cloned().map(|caller| Caller { director_any_department: true, ..caller }).collect();
    callers.extend(wider);
    for caller in callers {
        let mut may = Vec::new();
        for case in all.iter().rev().copied() {
            let facts = write(&store, move |tx| cases::get(tx, case, caller.user)).unwrap().facts;
            if !relations(&caller, &facts).is_empty() {
                may.push(case);
            }
        }
        let asking = caller.clone();
        let listed = write(&store, move |tx| cases::list(tx, &asking, &CaseFilter::default(), Page::first(100))).unwrap();
        let ids: Vec<CaseId> = listed.iter().map(|line| line.summary.id).collect();
        assert_eq!(ids, may, "{caller:?}");
        for line in listed {
            let (case, user) = (line.summary.id, caller.user);
            let stored = write(&store, move |tx| cases::get(tx, case, user)).unwrap();
            assert_eq!((stored.case.summary(), stored.facts), (line.summary, line.facts), "a list shows what a look shows");
        }
        let asking = caller.clone();
        let counted = write(&store, move |tx| cases::counts(tx, &asking)).unwrap();
        assert_eq!(counted.iter().map(|(_, count)| *count).sum::<i64>(), i64::try_from(may.len()).unwrap());
    }
}

fn desk() -> Caller {
    caller(3, vec![RoleAssignment::new(Role::Coordinator, None, None).unwrap()])
}

fn listed(store: &Store, filter: CaseFilter, page: Page<CaseId>) -> Vec<CaseId> {
    write(store, move |tx| cases::list(tx, &desk(), &filter, page)).unwrap().into_iter().map(|line| line.summary.id).collect()
}

#[test]
fn lists_are_narrowed_searched_and_paged() {
    let database = Database::new();
    let store = store_with_people(&database);
    for number in 1..=5 {
        let case = opened(number, &applicant(number), application()).case;
        insert(&store, &case, if number % 2 == 0 { &["Yamada Tarō", "山田", "ヤマダ タロウ"] } else { &["Smith, John"] });
    }
    let all: Vec<CaseId> = (1001..=1005).rev().map(id).collect();
    assert_eq!(listed(&store, CaseFilter::default(), Page::first(2)), all[..2]);
    assert_eq!(listed(&store, CaseFilter::default(), Page { after: Some(all[1]), limit: 9 }), all[2..]);
    let narrowed = |filter: CaseFilter| listed(&store, filter, Page::first(9));
    let search = |text: &str| narrowed(CaseFilter { search: Some(text.to_owned()), ..CaseFilter::default() });
    for text in ["YAMADA", "taro yamada", "やまだ", "ﾀﾛｳ", "山田", "2026-000002", "2026-000004"] {
        let found = search(text);
        assert!(found.contains(&all[1]) || found.contains(&all[3]), "{text}");
        assert!(!found.contains(&all[0]), "{text}");
    }
    assert_eq!(search("2026-000002 yamada"), [all[3]], "a number and a word");
    assert_eq!(search("2026-000001 yamada"), vec![]);
    assert_eq!(search("yamada smith"), vec![]);
    assert_eq!(search(" - "), vec![], "no word finds nothing");
    assert_eq!(narrowed(CaseFilter { stages: vec!["draft".to_owned(), "submitted".to_owned()], ..CaseFilter::default() }), all);
    assert_eq!(narrowed(CaseFilter { stages: vec!["closed".to_owned()], ..CaseFilter::default() }), vec![]);
    assert_eq!(narrowed(CaseFilter { held: Some(true), ..CaseFilter::default() }), vec![]);
    assert_eq!(narrowed(CaseFilter { waiting_on: Some("applicant".to_owned()), ..CaseFilter::default() }), all);
    let [before, after] = [["Yamada Tarō"], ["Suzuki Tarō"]].map(|texts| texts.map(str::to_owned));
    write(&store, move |tx| cases::replace_words(tx, id(1004), &before, &after)).unwrap();
    assert_eq!(search("yamada"), [all[3]]);
    assert_eq!(search("suzuki"), [all[1]]);
    assert_eq!(search("taro"), [all[1], all[3]], "a word of both stays");
}

#[test]
fn the_clock_finds_what_has_run_out() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = opened(1, &applicant(1), application()).case;
    insert(&store, &case, &[]);
    let held = opened(2, &applicant(1), application()).case;
    insert(&store, &held, &[]);
    let other = opened(3, &applicant(1), application()).case;
    insert(&store, &other, &[]);
    database.sql("UPDATE cases SET held = TRUE WHERE number = '2026-000002'");
    let due = |hours, after| {
        let (now, page) = (now() + SignedDuration::from_hours(hours), Page { after, limit: 1 });
        write(&store, move |tx| cases::list_due(tx, DueKind::Expiry, now, page)).unwrap()
    };
    assert_eq!(due(24, None), vec![]);
    let first = due(24 * 365, None);
    assert_eq!(first.iter().map(|due| due.case).collect::<Vec<_>>(), [case.id()]);
    let next = due(24 * 365, first.last().copied());
    assert_eq!(next.iter().map(|due| due.case).collect::<Vec<_>>(), [other.id()], "what is on hold keeps nobody waiting");
    assert_eq!(due(24 * 365, next.last().copied()), vec![]);
    assert_eq!(write(&store, |tx| cases::list_due(tx, DueKind::Overdue, now(), Page::first(9))), Ok(vec![]));
}

#[test]
fn events_are_told_in_order_and_to_their_audience() {
    let database = Database::new();
    let store = store_with_people(&database);
    let Change { case, events } = opened(1, &applicant(1), application());
    insert(&store, &case, &[]);
    let case_id = case.id();
    let inside = Event { kind: EventKind::CaseOverdue, audience: Audience::STAFF };
    let outside = Event { kind: EventKind::CaseSubmitted, audience: Audience::APPLICANT.and(Audience::STAFF) };
    let written: Vec<Event> = events.iter().cloned().chain([inside.clone(), outside.clone()]).collect();
    let expected = written.clone();
    write(&store, move |tx| events::insert(tx, case_id, Some(id(1)), now(), &written)).unwrap();
    write(&store, move |tx| events::insert(tx, case_id, None, now(), &[])).unwrap();
    let list = |audience, page| write(&store, move |tx| events::list(tx, case_id, audience, page)).unwrap();
    let all = list(Audience::STAFF, Page::first(9));
    assert_eq!(all.iter().map(|stored| stored.event.clone()).collect::<Vec<_>>(), expected);
    assert!(all.iter().all(|stored| stored.actor == Some(id::<domain::ids::UserKey>(1)) && stored.occurred_at == now()));
    assert!(all.is_sorted_by_key(|stored| stored.seq));
    let rest = list(Audience::STAFF, Page { after: Some(all[0].seq), limit: 1 });
    assert_eq!(rest.first().map(|stored| stored.event.clone()), Some(inside));
    let applicants = list(Audience::APPLICANT, Page::first(9));
    assert_eq!(applicants.last().map(|stored| stored.event.clone()), Some(outside));
    assert_eq!(applicants.len(), 2);
}

#[test]
fn columns_that_decide_who_sees_a_case_are_compared_and_others_computed_again() {
    let database = Database::new();
    let store = store_with_people(&database);
    for number in [1, 2, 3] {
        insert(&store, &opened(number, &applicant(1), application()).case, &[]);
    }
    database.sql("UPDATE cases SET patient_uninformed = (1 = 1) WHERE number = '2026-000001'");
    database.sql("UPDATE cases SET stage = 'closed' WHERE number = '2026-000003'");
    let user: UserId = id(1);
    let read = move |number| write(&store, move |tx| cases::get(tx, id(number), user)).map(drop);
    assert!(matches!(read(1001), Err(Error::Corrupt { table: "cases", .. })));
    assert_eq!((read(1002), read(1003)), (Ok(()), Ok(())));
}

#[test]
fn a_patients_name_is_not_found_in_the_raw_database() {
    let database = Database::new();
    let store = store_with_people(&database);
    let case = opened(1, &applicant(1), application()).case;
    insert(&store, &case, &["Canary Patient"]);
    let raw = database.raw(&store);
    assert!(raw.windows(7).any(|window| window == b"2026-00"), "the haystack holds the row");
    assert!(!raw.windows(6).any(|window| window.eq_ignore_ascii_case(b"canary")));
}
