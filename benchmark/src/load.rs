//! The load: clients that each keep one connection and ask again as soon as they are answered.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use proof::http::{Ask, Connection};
use proof::random::Random;

/// A request as a client makes it.
#[derive(Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// The value of `Authorization`; empty for none.
    pub(crate) authorization: String,
    /// The value of `Idempotency-Key`; empty for none.
    pub(crate) key: String,
    pub(crate) body: String,
}

impl Request {
    /// Its headers.
    pub(crate) fn headers(&self) -> Vec<(&str, &str)> {
        let all = [("Authorization", self.authorization.as_str()), ("Idempotency-Key", self.key.as_str())];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// What came of a load.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// Requests answered with success in each second.
    pub(crate) rate: f64,
    /// The same for each second that server and database spent on a core; 0 if it was not measured.
    pub(crate) per_cpu_second: f64,
    /// Times until the answer, sorted.
    pub(crate) times: Vec<Duration>,
    /// How often each other status came.
    pub(crate) others: BTreeMap<u16, u64>,
}

impl Outcome {
    /// The time within which so many of a hundred answers came, in milliseconds.
    pub(crate) fn percentile(&self, of_hundred: usize) -> f64 {
        let place = (self.times.len() * of_hundred / 100).min(self.times.len().saturating_sub(1));
        self.times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    }
}

/// Runs `clients` for so long. `make` says what a client asks next; nothing ends it. `spent` tells the CPU-seconds used so far.
pub(crate) fn run(
    address: SocketAddr,
    clients: usize,
    lasting: Duration,
    make: impl Fn(usize, u64, &mut Random) -> Option<Request> + Sync,
    spent: impl Fn() -> f64,
) -> anyhow::Result<Outcome> {
    let stop = AtomicBool::new(false);
    let (begun, before) = (Instant::now(), spent());
    let one = |client: usize| -> anyhow::Result<(Vec<Duration>, BTreeMap<u16, u64>)> {
        let mut connection = Connection::open(address)?;
        let mut random = Random::new(u64::try_from(client)? + 1);
        let (mut times, mut others) = (Vec::new(), BTreeMap::new());
        for turn in 0.. {
            let Some(request) = make(client, turn, &mut random) else { break };
            let headers = request.headers();
            let asked = Instant::now();
            let answer = connection.ask(Ask { method: request.method, path: &request.path, headers: &headers, body: &request.body })?;
            if answer.is_done() {
                times.push(asked.elapsed());
            } else {
                *others.entry(answer.status).or_default() += 1;
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok((times, others))
    };
    let mut outcome = Outcome::default();
    let (mut seconds, mut used) = (0.0, 0.0);
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let one = &one;
        let workers: Vec<_> = (0..clients).map(|client| scope.spawn(move || one(client))).collect();
        while begun.elapsed() < lasting && !workers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Ordering::Relaxed);
        let mut results = Vec::new();
        for worker in workers {
            results.push(worker.join().map_err(|_| anyhow::anyhow!("a client panicked"))??);
        }
        (seconds, used) = (begun.elapsed().as_secs_f64(), spent() - before);
        for (times, others) in results {
            outcome.times.extend(times);
            for (status, count) in others {
                *outcome.others.entry(status).or_default() += count;
            }
        }
        Ok(())
    })?;
    if outcome.times.is_empty() {
        bail!("not one request was answered with success: {:?}", outcome.others);
    }
    outcome.times.sort_unstable();
    let count = f64::from(u32::try_from(outcome.times.len())?);
    outcome.rate = count / seconds;
    outcome.per_cpu_second = if used > 0.0 { count / used } else { 0.0 };
    Ok(outcome)
}
