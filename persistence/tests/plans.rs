//! Which connections to `PostgreSQL` plan a statement once for all values, and which by its values.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod support;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use persistence::{Error, Page, Store, StoreOptions, users};
use support::{Database, entry, id, someone, write};

/// The statements of each connection, in order.
static CONNECTIONS: Mutex<Vec<Arc<Mutex<Vec<String>>>>> = Mutex::new(Vec::new());

/// Notes the statements of one connection.
struct Listener(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Listener {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.lock().unwrap().push(query.to_string());
        }
    }
}

fn listener() -> Box<dyn Instrumentation> {
    let asked = Arc::<Mutex<Vec<String>>>::default();
    CONNECTIONS.lock().unwrap().push(Arc::clone(&asked));
    Box::new(Listener(asked))
}

#[test]
fn lookups_and_the_trail_are_planned_once_and_lists_by_their_values() {
    if !support::on_postgres() {
        return;
    }
    set_default_instrumentation(|| Some(listener())).unwrap();
    let database = Database::new();
    // Where only one connection reads, sessions have none of their own.
    let store = Store::open(StoreOptions { pool_size: 8, ..database.options() }).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    write(&store, |tx| users::insert(tx, &someone(1))).unwrap();
    assert_eq!(runtime.block_on(store.find_session(id(1))), Ok(None));
    runtime.block_on(store.append(entry(1, None))).unwrap();
    let page = Page { after: None, limit: 10 };
    let found: Result<_, Error> = store.read_blocking(move |tx| users::list(tx, &users::UserFilter::default(), page));
    assert_eq!(found.unwrap().len(), 1);

    let logs: Vec<Vec<String>> = CONNECTIONS.lock().unwrap().iter().map(|asked| asked.lock().unwrap().clone()).collect();
    for (what, statement, mode) in [
        ("a session", "\"sessions\".\"id\" = ANY", "force_generic_plan"),
        ("the trail", "INSERT INTO \"audit_entries\"", "force_generic_plan"),
        ("a list", "FROM \"users\"", "auto"),
        ("a change", "INSERT INTO \"users\"", "auto"),
    ] {
        let askers = logs.iter().filter(|asked| asked.iter().any(|one| one.contains(statement)));
        let modes: BTreeSet<&str> =
            askers.filter_map(|asked| asked.iter().find_map(|one| Some(one.split_once("plan_cache_mode = ")?.1))).collect();
        assert_eq!(modes, BTreeSet::from([mode]), "{what}");
    }
}
