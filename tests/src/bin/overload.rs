//! Attacks the server from eight addresses at once, with everything that one client can do without a right to anything, while an
//! applicant and a coordinator work: they must be served as if nothing happened, and the server must stay small. Then the same through one
//! trusted proxy. Then the control: the same with limits so high that they do not act, which must fail.
//!
//! `overload [--long]`; the server is `$BINARY`. The long form takes the release binary at its word: a second, not three.

#![allow(clippy::indexing_slicing, reason = "a proof that stumbles shall fall")]

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use proof::attack::{Target, Way, attacker, silent_reader, silent_upload, slow_body, slow_second_head, squatter, worst_case_body};
use proof::http::{Answer, Ask, Connection, once, upload};
use proof::people;
use proof::server::{Setup, binary};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

/// How long an attack lasts.
const ATTACK: Duration = Duration::from_secs(20);
/// Requests in a second that each of the honest must get through.
const LEAST: f64 = 20.0;
/// Memory that the server may hold beside its code.
const MOST_HELD: u64 = 130 << 20;
/// The slowest that the release binary may be.
const SLOWEST: Duration = Duration::from_secs(1);
/// Files that it may hold open besides the places for connections.
const OTHER_FILES: u64 = 64;
/// Places for connections, by default.
const PLACES: u64 = 2_048;
const HONEST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// The address of the proxy that is trusted.
const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 100));

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("overload: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    // Both sides of the attack hold more files than systems allow by themselves.
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?;
    let is_long = std::env::args().any(|argument| argument == "--long");
    let slowest = if is_long { SLOWEST } else { Duration::from_secs(3) };
    let place = tempfile::Builder::new().prefix("second-opinion-overload.").tempdir()?;
    for (name, way) in [("direct", Way::Direct), ("through a trusted proxy", Way::Through(PROXY))] {
        let seen = attack(place.path(), way, true)?;
        println!("  · {name}: {}", seen.story());
        seen.judge(slowest).with_context(|| format!("{name}: {}", seen.story()))?;
    }
    let seen = attack(place.path(), Way::Direct, false)?;
    println!("  · control, with limits that do not act: {}", seen.story());
    match seen.judge(slowest) {
        Ok(()) => bail!("the control does not fail, so the attack proves nothing"),
        Err(error) => println!("  · it fails as it must: {error:#}"),
    }
    Ok(())
}

/// What the honest met, and how large the server was.
#[derive(Debug)]
struct Seen {
    honest: Vec<Worked>,
    neighbour: Worked,
    sign_ins: Worked,
    health: Worked,
    held: u64,
    files: u64,
    flood: u64,
    lasted: Duration,
}

/// What one client met.
#[derive(Debug, Default)]
struct Worked {
    good: u64,
    /// Refused because of too many requests.
    counted: u64,
    other: Vec<String>,
    took: Vec<Duration>,
}

impl Worked {
    fn note(&mut self, answer: Option<&Answer>, took: Duration) {
        self.took.push(took);
        match answer {
            Some(answer) if answer.is_done() => self.good += 1,
            Some(answer) if answer.status == 429 => self.counted += 1,
            Some(answer) => self.other.push(answer.story()),
            None => self.other.push("no answer".to_owned()),
        }
    }

    fn p99(&self) -> Duration {
        let mut took = self.took.clone();
        took.sort_unstable();
        took.get((took.len() * 99 / 100).min(took.len().saturating_sub(1))).copied().unwrap_or(Duration::MAX)
    }
}

impl Seen {
    fn story(&self) -> String {
        let seconds = self.lasted.as_secs_f64();
        let honest: Vec<String> = self
            .honest
            .iter()
            .map(|one| {
                format!(
                    "{:.0}/s, p99 {} ms, {} not served",
                    rate(one.good, seconds),
                    one.p99().as_millis(),
                    one.counted + count(&one.other)
                )
            })
            .collect();
        format!(
            "honest {}; {} sign-ins, {} refused; neighbour {:.1}/s; healthz {} of {}; {} MB, {} files; {} flooding requests answered",
            honest.join(" and "),
            self.sign_ins.good,
            self.sign_ins.counted + count(&self.sign_ins.other),
            rate(self.neighbour.good, seconds),
            self.health.good,
            self.health.took.len(),
            self.held >> 20,
            self.files,
            self.flood,
        )
    }

    fn judge(&self, slowest: Duration) -> anyhow::Result<()> {
        let seconds = self.lasted.as_secs_f64();
        for one in &self.honest {
            ensure!(one.counted == 0 && one.other.is_empty(), "an honest request was not served: {:?}", one.other.first());
            ensure!(rate(one.good, seconds) >= LEAST, "only {:.1} honest requests in a second", rate(one.good, seconds));
            ensure!(one.p99() <= slowest, "honest requests took {} ms at the 99th percentile", one.p99().as_millis());
        }
        let refused = self.sign_ins.counted + count(&self.sign_ins.other);
        ensure!(
            refused == 0 && self.sign_ins.good >= 3,
            "honest sign-ins: {} done, {refused} refused {:?}",
            self.sign_ins.good,
            self.sign_ins.other
        );
        ensure!(self.neighbour.other.is_empty(), "whoever shares an attacker's address got {:?}", self.neighbour.other.first());
        ensure!(rate(self.neighbour.good, seconds) >= 1.0, "whoever shares an attacker's address is not served");
        ensure!(self.health.counted == 0 && self.health.other.is_empty(), "/healthz: {:?}", self.health.other.first());
        ensure!(self.held <= MOST_HELD, "the server holds {} MB", self.held >> 20);
        ensure!(self.files <= PLACES + OTHER_FILES, "the server holds {} files", self.files);
        Ok(())
    }
}

fn count(list: &[String]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

#[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "some thousands")]
fn rate(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

/// One attack on a fresh server.
fn attack(place: &Path, way: Way, with_limits: bool) -> anyhow::Result<Seen> {
    let directory = tempfile::Builder::new().prefix("attack.").tempdir_in(place)?;
    let mut setup = Setup::new(&binary()?, directory.path(), format!("sqlite:{}", directory.path().join("attacked.db").display()))?;
    setup = setup.with("THROTTLING", "on").with("PASSWORD_COST", "standard").with("TRUSTED_PROXIES", &PROXY.to_string());
    if with_limits {
        setup = setup.with_default_rates();
    } else {
        // Not off: as high as they go.
        let times = [("HEAD_TIMEOUT", "600"), ("BODY_TIMEOUT", "3600"), ("UPLOAD_TIMEOUT", "86400"), ("WRITE_TIMEOUT", "600")];
        let counts =
            [("LEAST_RATE", "1"), ("HTTP_CONNECTIONS", "9000"), ("HTTP_CONNECTIONS_PER_SOURCE", "9000"), ("UPLOADS_PER_PERSON", "1000")];
        for (name, value) in times.into_iter().chain(counts) {
            setup = setup.with(name, value);
        }
    }
    for (email, role) in [
        (APPLICANT, "applicant"),
        (DESK, "coordinator"),
        (ATTACKER, "applicant"),
        (NEIGHBOUR, "applicant"),
        (ADMINISTRATOR, "administrator"),
    ] {
        people::add(&setup, email, role)?;
    }
    let server = setup.start()?;
    let process = server.id();
    let target = Target { address: server.address, way, goes_on: Arc::new(AtomicBool::new(true)) };
    approve(&target)?;
    let scene = Scene::set(&target)?;
    let flooded = Arc::new(AtomicU64::new(0));
    let attackers = scene.attack(&target, &flooded);
    let begun = Instant::now();
    let working = [(APPLICANT, &scene.applicant), (DESK, &scene.desk)]
        .map(|(_, token)| work(&target, HONEST, token, &scene.honest_case, Duration::ZERO));
    let neighbour = work(&target, attacker(0), &scene.neighbour, &scene.neighbours_case, Duration::from_millis(100));
    let sign_ins = sign_in_now_and_then(&target);
    let health = watch(&target);
    let (mut held, mut files) = (0, 0);
    while begun.elapsed() < ATTACK {
        held = held.max(server.held()?);
        files = files.max(u64::try_from(std::fs::read_dir(format!("/proc/{process}/fd"))?.count())?);
        std::thread::sleep(Duration::from_millis(100));
    }
    target.goes_on.store(false, Ordering::Relaxed);
    let lasted = begun.elapsed();
    let honest = working.into_iter().map(joined).collect::<anyhow::Result<_>>()?;
    let (neighbour, sign_ins, health) = (joined(neighbour)?, joined(sign_ins)?, joined(health)?);
    for one in attackers {
        one.join().ok().context("an attacker panicked")?;
    }
    server.kill()?;
    Ok(Seen { honest, neighbour, sign_ins, health, held, files, flood: flooded.load(Ordering::Relaxed), lasted })
}

/// A second person gives the coordinator's role.
fn approve(target: &Target) -> anyhow::Result<()> {
    let administrator = people::sign_in(target.address, ADMINISTRATOR)?;
    let headers = [("Authorization", administrator.as_str())];
    let waiting = once(target.address, "GET", "/v1/approvals", &headers, "")?.text("/data/0/id");
    let approved = once(target.address, "POST", &format!("/v1/approvals/{waiting}/approve-roles"), &headers, "")?;
    ensure!(approved.is_done(), "{}", approved.story());
    Ok(())
}

fn joined(worker: JoinHandle<Worked>) -> anyhow::Result<Worked> {
    worker.join().ok().context("a client panicked")
}

const APPLICANT: &str = "applicant@example.org";
const DESK: &str = "desk@example.org";
const ATTACKER: &str = "attacker@example.org";
const ADMINISTRATOR: &str = "administrator@example.org";
const NEIGHBOUR: &str = "neighbour@example.org";

/// What there is before the attack.
struct Scene {
    applicant: String,
    desk: String,
    attacker: String,
    neighbour: String,
    honest_case: String,
    neighbours_case: String,
    attackers_case: String,
    /// A file of 20 MiB that is the attacker's own.
    content: String,
}

impl Scene {
    fn set(target: &Target) -> anyhow::Result<Self> {
        let token = |email: &str| people::sign_in(target.address, email);
        let (applicant, desk, attacker, neighbour) = (token(APPLICANT)?, token(DESK)?, token(ATTACKER)?, token(NEIGHBOUR)?);
        let case = |token: &str| -> anyhow::Result<String> {
            let body = json!({ "kind": "written_opinion", "application": people::application("Is surgery an option?") }).to_string();
            let opened = once(target.address, "POST", "/v1/cases", &[("Authorization", token)], &body)?;
            ensure!(opened.status == 201, "{}", opened.story());
            Ok(opened.text("/id"))
        };
        let (honest_case, attackers_case, neighbours_case) = (case(&applicant)?, case(&attacker)?, case(&neighbour)?);
        let submitted = once(target.address, "POST", &format!("/v1/cases/{honest_case}/submit"), &[("Authorization", &applicant)], "")?;
        ensure!(submitted.is_done(), "{}", submitted.story());
        let mut file = b"%PDF-1.7\n".to_vec();
        file.resize(20 << 20, b'\n');
        let handed_in = upload(target.address, &attacker, &attackers_case, &file)?;
        ensure!(handed_in.status == 201, "{}", handed_in.story());
        let content = format!("/v1/cases/{attackers_case}/documents/{}/content", handed_in.text("/id"));
        Ok(Self { applicant, desk, attacker, neighbour, honest_case, neighbours_case, attackers_case, content })
    }

    /// Everything at once.
    fn attack(&self, target: &Target, flooded: &Arc<AtomicU64>) -> Vec<JoinHandle<()>> {
        let mut all = vec![
            target.hold(300, true, attacker, slow_body(target)),
            target.hold(50, true, attacker, slow_second_head(target)),
            target.hold(8, false, attacker, silent_upload(target, &self.attacker, &self.attackers_case)),
            target.hold(48, false, attacker, silent_reader(target, &self.attacker, &self.content)),
        ];
        if target.way == Way::Direct {
            // A proxy opens connections for requests; whoever comes without one may open them for nothing.
            all.push(target.hold(2_400, false, squatter, |_| Vec::new()));
        }
        let wrong = json!({ "email": "applicant@example.org", "password": "a guess that is wrong" }).to_string();
        for number in 0..8 {
            all.push(target.flood(attacker(number), "/v1/sessions", None, wrong.clone(), Arc::clone(flooded)));
        }
        for number in 0..2 {
            let token = Some(self.attacker.clone());
            all.push(target.flood(attacker(number), "/v1/cases", token, worst_case_body(), Arc::clone(flooded)));
            all.push(target.flood(attacker(number + 4), "/v1/registrations", None, worst_case_body(), Arc::clone(flooded)));
        }
        all
    }
}

/// Reads a case again and again.
fn work(target: &Target, client: IpAddr, token: &str, case: &str, pause: Duration) -> JoinHandle<Worked> {
    let (target, token, path) = (target.clone(), token.to_owned(), format!("/v1/cases/{case}"));
    std::thread::spawn(move || {
        let (mut worked, mut connection): (Worked, Option<Connection>) = (Worked::default(), None);
        // Below what a person may ask for, and above what must get through.
        let pause = pause.max(Duration::from_millis(15));
        while target.goes_on() {
            let begun = Instant::now();
            let ask = Ask { method: "GET", path: &path, headers: &[("Authorization", &token)], body: "" };
            let answer = target.ask(client, &mut connection, ask);
            worked.note(answer.as_ref(), begun.elapsed());
            std::thread::sleep(pause);
        }
        worked
    })
}

/// Signs in every five seconds.
fn sign_in_now_and_then(target: &Target) -> JoinHandle<Worked> {
    let target = target.clone();
    std::thread::spawn(move || {
        let mut worked = Worked::default();
        let body = json!({ "email": DESK, "password": people::PASSWORD }).to_string();
        while target.goes_on() {
            let begun = Instant::now();
            let answer = target.ask(HONEST, &mut None, Ask { method: "POST", path: "/v1/sessions", headers: &[], body: &body });
            worked.note(answer.as_ref(), begun.elapsed());
            while target.goes_on() && begun.elapsed() < Duration::from_secs(5) {
                std::thread::sleep(Duration::from_millis(50));
            }
        }
        worked
    })
}

/// Asks whether the server lives, over a connection of its own each time.
fn watch(target: &Target) -> JoinHandle<Worked> {
    let target = target.clone();
    std::thread::spawn(move || {
        let mut worked = Worked::default();
        while target.goes_on() {
            let begun = Instant::now();
            let answer = target.ask(HONEST, &mut None, Ask { method: "GET", path: "/healthz", headers: &[], body: "" });
            worked.note(answer.as_ref(), begun.elapsed());
            std::thread::sleep(Duration::from_millis(100));
        }
        worked
    })
}
