//! What a database holds, read straight from it.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use domain::access::Audience;
use domain::access::{Caller, Role, RoleAssignment, Roles};
use domain::case::{Case, Event};
use domain::ids::{CaseId, UserId};
use persistence::audit::{AuditFilter, Outcome};
use persistence::cases::CaseFilter;
use persistence::{Error, Page, Store, StoreOptions};
use secrecy::SecretBox;

use crate::server::MASTER_KEY;

/// A case with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Counts its changes.
    pub version: i64,
    /// Where it stands (wire name).
    pub stage: String,
    /// What its application asks.
    pub question: String,
    /// How many events there are of each kind.
    pub events: BTreeMap<String, i64>,
    /// What was written, in order.
    pub messages: Vec<String>,
}

/// An entry of the audit trail about a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The request.
    pub request: String,
    /// What was done, as `operationId`.
    pub operation: String,
    /// The case; empty if none.
    pub case: String,
    /// Whether the kept answer was given again, and nothing was done.
    pub is_replay: bool,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The cases by their ids.
    pub cases: HashMap<String, Seen>,
    /// The trail of what was done, refusals left out.
    pub audit: Vec<Noted>,
}

/// How many rows are read at once.
const PAGE: u32 = 500;

/// Reads a database. No server must run on it.
pub fn take(database: &str) -> anyhow::Result<Snapshot> {
    let now = application::Clock::System.now();
    let mut options = StoreOptions::new(database, SecretBox::new(Box::new(MASTER_KEY)), now);
    options.timeout = std::time::Duration::from_secs(30);
    let store = Store::open(options).context("the database that was left behind")?;
    let found = read(&store);
    store.shutdown();
    found
}

fn read(store: &Store) -> anyhow::Result<Snapshot> {
    let mut snapshot = Snapshot::default();
    let roles = Roles::new(vec![RoleAssignment::new(Role::Coordinator, None, None)?])?;
    let desk = Caller { user: UserId::from_uuid(uuid::Uuid::nil()), roles, director_any_department: false };
    let mut after = None;
    loop {
        let (who, page) = (desk.clone(), Page { after, limit: PAGE });
        let cases: Vec<(CaseId, Seen)> = store.read_blocking(move |tx| {
            let found = persistence::cases::list(tx, &who, &CaseFilter::default(), page)?;
            found
                .into_iter()
                .map(|listed| {
                    let stored = persistence::cases::get_for_system(tx, listed.summary.id)?;
                    Ok::<_, Error>((listed.summary.id, seen(tx, &stored.case, stored.version)?))
                })
                .collect::<Result<_, _>>()
        })?;
        let Some((last, _)) = cases.last() else { break };
        after = Some(*last);
        snapshot.cases.extend(cases.into_iter().map(|(id, seen)| (id.to_string(), seen)));
    }
    let mut after = None;
    loop {
        let page = Page { after, limit: 10 * PAGE };
        let entries = store.read_blocking(move |tx| persistence::audit::list(tx, &AuditFilter::default(), page))?;
        let Some(last) = entries.last() else { break };
        after = Some(last.seq);
        snapshot.audit.extend(entries.into_iter().filter(|stored| matches!(stored.entry.outcome, Outcome::Done | Outcome::Replayed)).map(
            |stored| Noted {
                is_replay: stored.entry.outcome == Outcome::Replayed,
                request: stored.entry.request_id,
                operation: stored.entry.operation,
                case: stored.entry.case.map(|case| case.to_string()).unwrap_or_default(),
            },
        ));
    }
    Ok(snapshot)
}

fn seen(tx: &mut persistence::Transaction<'_>, case: &Case, version: i64) -> Result<Seen, Error> {
    let everybody = Audience::from_bits(u8::MAX);
    let mut events = BTreeMap::new();
    for stored in persistence::events::list(tx, case.id(), everybody, Page::first(100_000))? {
        let Event { kind, .. } = stored.event;
        *events.entry(kind.as_str().to_owned()).or_default() += 1;
    }
    let messages = persistence::messages::list(tx, case.id(), everybody, Page::first(100_000))?;
    Ok(Seen {
        version,
        stage: case.stage().name().as_str().to_owned(),
        question: case.application().questions.first().map(ToString::to_string).unwrap_or_default(),
        events,
        messages: messages.into_iter().map(|message| message.entry.text.to_string()).collect(),
    })
}
