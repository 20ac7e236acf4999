//! How often a new case asks the database: over a network, each question is a journey.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::cell::RefCell;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use domain::access::Membership;
use persistence::Error;
use persistence::audit;
use persistence::cases::{self, NewCase};
use support::cases::{applicant, application, opened, store_with_people};
use support::{Database, entry, now, write};

thread_local! {
    /// The statements of this thread's connections, in their order.
    static ASKED: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Notes each statement for the thread that sends it.
struct Listener;

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            ASKED.with_borrow_mut(|asked| asked.push(query.to_string()));
        }
    }
}

#[test]
fn a_new_case_is_five_round_trips_on_postgresql() {
    set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
    let database = Database::new();
    let store = store_with_people(&database);
    let opened = opened(1, &applicant(1), application());
    let texts = ["Mei Tanaka".to_owned(), "Kai".to_owned()];
    // A year's first number takes one more.
    write(&store, |tx| cases::next_number(tx, 2026)).unwrap();
    let asked = write(&store, move |tx| {
        ASKED.with_borrow_mut(Vec::clear);
        cases::next_number(tx, 2026)?;
        let new = NewCase { case: &opened.case, texts: &texts, opener: Some(Membership::Applicant), events: &opened.events };
        cases::insert(tx, new, now())?;
        audit::insert(tx, &entry(9, Some(opened.case.id())))?;
        Ok::<_, Error>(ASKED.with_borrow(Clone::clone))
    })
    .unwrap();
    let kinds: Vec<&str> = asked.iter().filter_map(|statement| statement.split_whitespace().next()).collect();
    // Beginning and commit are two more. `SQLite` makes no journeys: there the quickest are prepared statements of one row each.
    if support::on_postgres() {
        assert_eq!(kinds, ["SELECT", "WITH", "INSERT"]);
    } else {
        let rows = ["INSERT"].repeat(1 + 3 + 1 + 1 + 1);
        assert_eq!(kinds, [vec!["SELECT", "REPLACE"], rows].concat());
    }
}
