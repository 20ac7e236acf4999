//! Winds the clock: what is due is done once a minute.

use std::sync::Arc;
use std::time::Duration;

use application::Hospital;

/// How often the clock is looked at.
const PAUSE: Duration = Duration::from_mins(1);

/// Runs until the task is dropped.
pub async fn run(hospital: Arc<Hospital>) {
    loop {
        match hospital.tick().await {
            Ok(round) if round.expired + round.overdue > 0 => tracing::info!(round.expired, round.overdue, "the clock's work"),
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the clock's work did not finish; it is tried again"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
