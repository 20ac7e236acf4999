//! Does what the clock makes due, once a minute.

use std::sync::Arc;
use std::time::Duration;

use application::App;
use application::scheduler::Round;

/// How often the clock is looked at.
const PAUSE: Duration = Duration::from_mins(1);

/// Runs until the task is dropped.
pub async fn run(app: Arc<App>) {
    loop {
        // Each server has counted its own.
        if let Err(error) = app.write_refusals(false).await {
            tracing::error!(%error, "refusals that were counted could not be written; it is tried again");
        }
        match app.run_due().await {
            Ok(round) => tell(&round),
            Err(error) => tracing::error!(%error, "the clock's work did not finish; it is tried again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn tell(round: &Round) {
    if round.expired + round.overdue + round.forgotten > 0 {
        tracing::info!(round.expired, round.overdue, round.forgotten, "the clock's work");
    }
    round.failed.iter().for_each(crate::emails::tell);
}
