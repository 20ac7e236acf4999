//! `SQLite` copies its log back into the database beside the writer: done in a commit, as it would do by itself, everything that waits
//! for that commit would wait for the copy and its syncs, too.

use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded};
use diesel::connection::SimpleConnection as _;

use crate::connection::{Connection, Connector};
use crate::error::OpenError;

/// Starts the thread; it ends when the last sender is gone.
pub(crate) fn start(connector: &Connector) -> Result<(Sender<()>, JoinHandle<()>), OpenError> {
    let connection = connector.open()?;
    let (wake, woken) = bounded(1);
    let thread = std::thread::Builder::new()
        .name("db-checkpoint".to_owned())
        .spawn(move || run(connection, &woken))
        .map_err(|e| OpenError::Threads(e.to_string()))?;
    Ok((wake, thread))
}

fn run(mut connection: Connection, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        let Connection::Sqlite(sqlite) = &mut connection else { return };
        // Passive: it waits for nobody, and nobody for it. What it leaves, the next one takes.
        if let Err(error) = sqlite.batch_execute("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "the log could not be copied back into the database; the writer will");
        }
    }
}
