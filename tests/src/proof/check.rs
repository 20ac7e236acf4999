//! What must hold of a database after a crash: everything acknowledged is there, nothing is there twice, and nothing is half done.

use std::collections::{HashMap, HashSet};

use crate::client::{Acknowledged, Known};
use crate::snapshot::{Seen, Snapshot};

/// All that was acknowledged.
#[derive(Clone, Debug, Default)]
pub struct Journal {
    /// The cases as they must be.
    pub cases: Vec<Known>,
    /// The requests that were answered with success.
    pub acknowledged: Vec<Acknowledged>,
}

/// The operations that change a case, with the event that each leaves.
const CHANGES: [(&str, &str); 4] = [
    ("createCase", "case_opened"),
    ("updateCase", "application_changed"),
    ("submitCase", "case_submitted"),
    ("postMessage", "message_posted"),
];

/// The broken rules, in words; empty if all is well.
pub fn faults(journal: &Journal, snapshot: &Snapshot) -> Vec<String> {
    let mut faults = Vec::new();
    for known in &journal.cases {
        match snapshot.cases.get(&known.id) {
            None => faults.push(format!("{}: acknowledged and lost", known.id)),
            Some(seen) => compare(known, seen, &mut faults),
        }
    }
    let known: HashSet<&str> = journal.cases.iter().map(|known| known.id.as_str()).collect();
    faults.extend(
        snapshot.cases.keys().filter(|id| !known.contains(id.as_str())).map(|id| format!("{id}: nobody's: one request had two effects")),
    );
    let mut trail: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    let mut changes: HashMap<&str, Vec<&str>> = HashMap::new();
    for noted in &snapshot.audit {
        trail.entry(&noted.request).or_default().push((&noted.operation, &noted.case));
        // Of the attempts at one change one is done, whatever became of its answer; the others say that they gave it again.
        if !noted.is_replay {
            changes.entry(&noted.case).or_default().push(&noted.operation);
        }
    }
    for one in &journal.acknowledged {
        let rows = trail.get(one.request.as_str()).map_or(&[][..], Vec::as_slice);
        if rows != [(one.operation, one.case.as_str())] {
            faults.push(format!("{}: {} of {} has the audit rows {rows:?}", one.request, one.operation, one.case));
        }
    }
    let none = Vec::new();
    for (id, seen) in &snapshot.cases {
        whole(id, seen, changes.get(id.as_str()).unwrap_or(&none), &mut faults);
    }
    faults
}

fn compare(known: &Known, seen: &Seen, faults: &mut Vec<String>) {
    let stage = if known.submitted { "submitted" } else { "draft" };
    let same = seen.version == known.version && seen.stage == stage && seen.question == known.question && seen.messages == known.messages;
    if !same {
        faults.push(format!("{}: acknowledged as {known:?}, but it is {seen:?}", known.id));
    }
}

/// A case, its events, its messages and its audit rows tell the same story.
fn whole(id: &str, seen: &Seen, audited: &[&str], faults: &mut Vec<String>) {
    let mut total = 0;
    for (operation, event) in CHANGES {
        let events = seen.events.get(event).copied().unwrap_or(0);
        let rows = i64::try_from(audited.iter().filter(|one| **one == operation).count()).unwrap_or(i64::MAX);
        if events != rows {
            faults.push(format!("{id}: {events} events {event}, but {rows} audited {operation}"));
        }
        total += events;
    }
    // A message is told and leaves the case as it is.
    let messages = seen.events.get("message_posted").copied().unwrap_or(0);
    let of = |event: &str| seen.events.get(event).copied().unwrap_or(0);
    let written = i64::try_from(seen.messages.len()).unwrap_or(i64::MAX);
    let expected = [
        ("versions", seen.version, total - messages),
        ("events in all", seen.events.values().sum(), total),
        ("openings", of("case_opened"), 1),
        ("submissions", of("case_submitted"), i64::from(seen.stage == "submitted")),
        ("messages", written, of("message_posted")),
    ];
    for (what, is, should) in expected {
        if is != should {
            faults.push(format!("{id}: {is} {what} instead of {should}: half done"));
        }
    }
}
