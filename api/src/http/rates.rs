//! How often one may ask. Whoever is signed in counts as a person, wherever they are; everybody else counts as their source.
//!
//! Counted in memory, by each server for itself: a limit that is kept by two servers lets twice as much through. What must hold over
//! restarts and servers, such as tries to sign in and letters to one address, is counted in the database.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use domain::access::Operation;
use domain::ids::UserId;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::problem::{Code, Problem};
use crate::limits::Limits;

/// The header that names the policies (draft-ietf-httpapi-ratelimit-headers).
pub(crate) const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// The header that says how a policy stands.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// All policies.
pub(crate) struct Rates<C: Clock + Clone = DefaultClock> {
    person: Policy<UserId, C>,
    costly: Policy<UserId, C>,
    source: Policy<String, C>,
    quotes: Policy<String, C>,
}

struct Policy<K: Hash + Eq + Clone, C: Clock + Clone> {
    name: &'static str,
    rate: NonZeroU32,
    burst: NonZeroU32,
    clock: C,
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, C, StateInformationMiddleware>,
}

/// How a caller stands to the policy that is nearest its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateState {
    name: &'static str,
    rate: NonZeroU32,
    burst: NonZeroU32,
    remaining: u32,
}

/// Whom a request counts on.
#[derive(Clone, Debug)]
pub(crate) enum Counted {
    Person(UserId),
    Source(String),
}

/// The narrowest policy that an operation counts on.
pub(crate) fn policy_of(operation: Operation) -> &'static str {
    if operation == Operation::CreateQuote {
        "quotes"
    } else if operation.is_public() {
        "source"
    } else if is_costly(operation) {
        "costly"
    } else {
        "person"
    }
}

/// Operations that cost more than a look at some rows: files, the hash of a password, letters, new cases, the whole trail.
fn is_costly(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::UploadDocument
            | Operation::DownloadDocument
            | Operation::CreateCase
            | Operation::InviteToCase
            | Operation::CreateUser
            | Operation::ChangePassword
            | Operation::RequestEmailChange
            | Operation::ListAuditEntries
    )
}

impl Rates {
    /// The policies of the settings.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self::by_clock(limits, &DefaultClock::default())
    }
}

impl<C: Clock + Clone> Rates<C> {
    fn by_clock(limits: &Limits, clock: &C) -> Self {
        Self {
            person: Policy::new("person", limits.person_rate, limits.person_burst, clock),
            costly: Policy::new("costly", limits.costly_rate, limits.costly_burst, clock),
            source: Policy::new("source", limits.source_rate, limits.source_burst, clock),
            quotes: Policy::new("quotes", limits.quote_rate, limits.quote_burst, clock),
        }
    }

    /// Counts a request; says how the caller stands, and the refusal if this request is one too many.
    pub(crate) fn count(&self, counted: &Counted, operation: Option<Operation>) -> (RateState, Option<Problem>) {
        match counted {
            Counted::Person(person) => {
                Self::both(self.person.count(person), operation.filter(|one| is_costly(*one)), |_| self.costly.count(person))
            }
            Counted::Source(source) => {
                // Noise from a hospital's own network must not keep its people from signing in.
                let of_kind =
                    if operation.is_some_and(Operation::is_about_signing_in) { format!("{source} sign-in") } else { source.clone() };
                let quote = operation.filter(|one| *one == Operation::CreateQuote);
                Self::both(self.source.count(&of_kind), quote, |_| self.quotes.count(source))
            }
        }
    }

    /// Counts on the narrower policy, too, where there is one and the wider one lets the request through; gives the refusal, else the one
    /// that is nearest its end.
    fn both(
        wide: (RateState, Option<Problem>),
        operation: Option<Operation>,
        narrow: impl FnOnce(Operation) -> (RateState, Option<Problem>),
    ) -> (RateState, Option<Problem>) {
        match operation {
            Some(operation) if wide.1.is_none() => {
                let narrow = narrow(operation);
                if narrow.1.is_some() || narrow.0.share() < wide.0.share() { narrow } else { wide }
            }
            _ => wide,
        }
    }

    /// Forgets those who stand as if they had never asked.
    pub(crate) fn sweep(&self) {
        self.person.sweep();
        self.costly.sweep();
        self.source.sweep();
        self.quotes.sweep();
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Policy<K, C> {
    fn new(name: &'static str, rate: u64, burst: u64, clock: &C) -> Self {
        let number = |figure: u64| u32::try_from(figure).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MAX);
        let (rate, burst) = (number(rate), number(burst));
        let quota = Quota::per_second(rate).allow_burst(burst);
        let limiter = RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone());
        Self { name, rate, burst, clock: clock.clone(), limiter }
    }

    fn count(&self, key: &K) -> (RateState, Option<Problem>) {
        let access = |remaining| RateState { name: self.name, rate: self.rate, burst: self.burst, remaining };
        match self.limiter.check_key(key) {
            Ok(state) => (access(state.remaining_burst_capacity()), None),
            Err(until) => {
                let seconds = whole_seconds(until.wait_time_from(self.clock.now()));
                let problem = Problem::of(Code::RateLimited)
                    .retry_after(seconds)
                    .with("seconds", seconds.to_string())
                    .with("rate", self.rate.to_string())
                    .with("burst", self.burst.to_string());
                (access(0), Some(problem))
            }
        }
    }

    fn sweep(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Seconds, rounded up: whoever waits so long is let in.
fn whole_seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs().saturating_add(u64::from(duration.subsec_nanos() > 0))).unwrap_or(u32::MAX).max(1)
}

impl RateState {
    /// The rest of the burst, in thousandths.
    fn share(&self) -> u64 {
        u64::from(self.remaining) * 1_000 / u64::from(self.burst.get())
    }

    /// Whether nothing is left.
    pub(crate) fn is_at_its_end(&self) -> bool {
        self.remaining == 0
    }

    /// Writes the two headers.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let window = self.burst.get().div_ceil(self.rate.get());
        let full_in = (self.burst.get().saturating_sub(self.remaining)).div_ceil(self.rate.get());
        let name = self.name;
        let lines = [
            (POLICY, format!("\"{name}\";q={};w={window}", self.burst)),
            (RATE_LIMIT, format!("\"{name}\";r={};t={full_in}", self.remaining)),
        ];
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn rates(clock: &FakeRelativeClock) -> Rates<FakeRelativeClock> {
        Rates::by_clock(&Limits::default(), clock)
    }

    fn source(text: &str) -> Counted {
        Counted::Source(text.to_owned())
    }

    fn told(access: RateState) -> (String, String) {
        let mut headers = HeaderMap::new();
        access.write(&mut headers);
        let text = |name| headers.get(name).unwrap().to_str().unwrap().to_owned();
        (text(POLICY), text(RATE_LIMIT))
    }

    #[test]
    fn a_burst_is_let_through_and_then_so_many_in_a_second() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        for left in (0..100).rev() {
            let (access, refusal) = rates.count(&source("a"), None);
            assert!(refusal.is_none());
            assert_eq!(access.remaining, left);
        }
        let (access, refusal) = rates.count(&source("a"), None);
        assert_eq!(refusal.unwrap().retry_after, Some(1));
        assert_eq!(told(access), ("\"source\";q=100;w=5".to_owned(), "\"source\";r=0;t=5".to_owned()));
        assert!(rates.count(&source("b"), None).1.is_none(), "another source is not concerned");
        clock.advance(Duration::from_millis(50));
        assert!(rates.count(&source("a"), None).1.is_none());
        assert!(rates.count(&source("a"), None).1.is_some());
        clock.advance(Duration::from_secs(5));
        assert_eq!(rates.count(&source("a"), None).0.remaining, 99);
    }

    #[test]
    fn the_policy_nearest_its_end_is_told() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        let person = Counted::Person(application::clock::fresh(jiff::Timestamp::UNIX_EPOCH));
        assert_eq!(told(rates.count(&person, Some(Operation::GetMe)).0).1, "\"person\";r=499;t=1");
        assert_eq!(told(rates.count(&person, Some(Operation::UploadDocument)).0).1, "\"costly\";r=49;t=1");
        for _ in 0..49 {
            assert!(rates.count(&person, Some(Operation::DownloadDocument)).1.is_none());
        }
        assert!(rates.count(&person, Some(Operation::DownloadDocument)).1.is_some());
        assert!(rates.count(&person, Some(Operation::GetMe)).1.is_none());
        for _ in 0..20 {
            assert!(rates.count(&source("a"), Some(Operation::CreateQuote)).1.is_none());
        }
        assert!(rates.count(&source("a"), Some(Operation::CreateQuote)).1.is_some());
        assert!(rates.count(&source("a"), Some(Operation::GetCatalogue)).1.is_none());
    }

    #[test]
    fn what_is_refused_by_one_policy_uses_up_no_other_and_noise_keeps_nobody_from_signing_in() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        let person = Counted::Person(application::clock::fresh(jiff::Timestamp::UNIX_EPOCH));
        while rates.count(&person, Some(Operation::GetMe)).1.is_none() {}
        for _ in 0..60 {
            assert!(rates.count(&person, Some(Operation::UploadDocument)).1.is_some());
        }
        clock.advance(Duration::from_secs(1));
        assert_eq!(told(rates.count(&person, Some(Operation::UploadDocument)).0).0, "\"person\";q=500;w=5");
        while rates.count(&source("a"), None).1.is_none() {}
        assert!(rates.count(&source("a"), Some(Operation::CreateSession)).1.is_none());
        while rates.count(&source("a"), Some(Operation::CreateSession)).1.is_none() {}
        assert!(rates.count(&source("b"), Some(Operation::CreateSession)).1.is_none());
    }

    #[test]
    fn those_who_asked_long_ago_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let rates = rates(&clock);
        for number in 0..1_000 {
            rates.count(&source(&number.to_string()), None);
        }
        rates.sweep();
        assert_eq!(rates.source.limiter.len(), 1_000);
        clock.advance(Duration::from_secs(1));
        rates.sweep();
        assert_eq!(rates.source.limiter.len(), 0);
    }
}
