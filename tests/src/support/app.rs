//! A server of its own for each test: own database, own port, a clock that stands still.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use api::limits::Limits;
use application::people::NewAccount;
use application::sign_in::passwords::{Cost, Passwords};
use application::{AppOptions, Clock, demo};
use domain::access::{Membership, Role, RoleAssignment, Roles};
use domain::ids::{AgencyId, DepartmentId, UserId};
use jiff::{SignedDuration, Timestamp};
use persistence::{SpaceLimits, Store, StoreOptions};
use secrecy::{SecretBox, SecretString};
use serde_json::json;

use super::database::Database;
use super::http::Answer;
pub use super::person::Person;
use super::server::LOOPBACK;
pub use super::server::{OTHER_PORTAL, PORTAL, Server};
pub use proof::limits::unlimited;

/// The password of everybody in the tests.
pub const PASSWORD: &str = "plum tree in the rain";

/// A server with its people.
pub struct App {
    pub base: String,
    pub clock: Clock,
    pub hospital: Arc<application::App>,
    pub letters: std::path::PathBuf,
    pub(super) agent: ureq::Agent,
    tokens: Mutex<HashMap<String, String>>,
    /// Whom the tests have met: they keep their accounts when their tokens grow old.
    known: Mutex<HashSet<String>>,
    house: Mutex<HashMap<&'static str, House>>,
    server: Server,
    /// Sign-ins so far: each comes from a source of its own, as people's do.
    sign_ins: AtomicU32,
    runtime: tokio::runtime::Runtime,
    database: Database,
}

/// A department or an agency that was made.
#[derive(Clone, Copy)]
enum House {
    Department(DepartmentId),
    Agency(AgencyId),
}

/// How the tests open a hospital: with cheap hashes.
pub fn opening(database: &Database, clock: &Clock) -> AppOptions {
    opening_of(Store::open(options(database, clock)).unwrap(), clock)
}

fn options(database: &Database, clock: &Clock) -> StoreOptions {
    let mut options = StoreOptions::new(database.url(), SecretBox::new(Box::new(proof::server::MASTER_KEY)), clock.now());
    options.auto_migrate = true;
    options.pool_size = 4;
    options
}

/// How the tests open a hospital on a store.
pub fn opening_of(store: Store, clock: &Clock) -> AppOptions {
    AppOptions {
        store,
        clock: clock.clone(),
        public_url: "http://second-opinion.test".into(),
        passwords: Passwords::new(Cost::CHEAP, 2).unwrap(),
        throttling: true,
    }
}

impl App {
    /// Starts a server at noon of 24 November 2026 in Tokyo, a Tuesday, of a hospital whose settings are entered.
    pub fn start() -> Self {
        let app = Self::bare();
        app.wait(demo::enter(&app.hospital, demo::settings())).unwrap();
        app
    }

    /// Starts a server on a database in which nobody has entered anything.
    pub fn bare() -> Self {
        let clock = Clock::frozen("2026-11-24T03:00:00Z".parse::<Timestamp>().unwrap());
        Self::on(Database::fresh(), clock, opening)
    }

    /// Starts a server on a demo of its own.
    pub fn demo() -> Self {
        static DEMO: OnceLock<Database> = OnceLock::new();
        let clock = Clock::frozen("2026-11-24T03:00:00Z".parse::<Timestamp>().unwrap());
        let filled = DEMO.get_or_init(|| {
            let database = Database::fresh();
            let hospital = Arc::new(application::App::open(opening(&database, &clock)).unwrap());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(demo::fill(&hospital)).unwrap();
            hospital.store().shutdown();
            database
        });
        Self::on(filled.copy(), clock, opening)
    }

    /// Like [`App::start`], with limits that the test meets.
    pub fn within(limits: Limits) -> Self {
        let clock = Clock::frozen("2026-11-24T03:00:00Z".parse::<Timestamp>().unwrap());
        let app = Self::on_within(Database::fresh(), clock, opening, limits, &[LOOPBACK]);
        app.wait(demo::enter(&app.hospital, demo::settings())).unwrap();
        app
    }

    /// Like [`App::within`], for clients that come without a proxy: each address of this machine is a source.
    pub fn direct(limits: Limits) -> Self {
        let clock = Clock::frozen("2026-11-24T03:00:00Z".parse::<Timestamp>().unwrap());
        let app = Self::on_within(Database::fresh(), clock, opening, limits, &[]);
        app.wait(demo::enter(&app.hospital, demo::settings())).unwrap();
        app
    }

    /// Starts a server on a database.
    pub fn on(database: Database, clock: Clock, opening: impl Fn(&Database, &Clock) -> AppOptions) -> Self {
        Self::on_within(database, clock, opening, unlimited(), &[LOOPBACK])
    }

    fn on_within(
        database: Database,
        clock: Clock,
        opening: impl Fn(&Database, &Clock) -> AppOptions,
        limits: Limits,
        proxies: &[&str],
    ) -> Self {
        let hospital = Arc::new(application::App::open(opening(&database, &clock)).unwrap());
        let letters = database.directory().join("letters");
        let server = Server::start(&hospital, &letters, limits, proxies);
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into();
        Self {
            base: server.base.clone(),
            clock,
            hospital,
            letters,
            agent,
            tokens: Mutex::default(),
            known: Mutex::default(),
            house: Mutex::default(),
            server,
            sign_ins: AtomicU32::new(0),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            database,
        }
    }

    /// Stops the server and starts it anew on the same database, with the memory of a new process.
    pub fn restart(&mut self) {
        self.server.stop(&self.runtime);
        self.hospital.store().shutdown();
        self.hospital = self.hospital_beside();
        self.server = Server::start(&self.hospital, &self.letters, unlimited(), &[LOOPBACK]);
        self.base.clone_from(&self.server.base);
    }

    /// A second server on the same database, by the same clock; `work` gets the base of its addresses.
    pub fn with_second_server<T>(&self, work: impl FnOnce(&str) -> T) -> T {
        let hospital = self.hospital_beside();
        let mut server = Server::start(&hospital, &self.letters, unlimited(), &[LOOPBACK]);
        let done = work(&server.base);
        server.stop(&self.runtime);
        hospital.store().shutdown();
        done
    }

    /// A second server on the same database, whose disk leaves no room for ordinary writes, or for none at all.
    pub fn with_full_disk<T>(&self, essential: u64, work: impl FnOnce(&str) -> T) -> T {
        let mut options = options(&self.database, &self.clock);
        options.space = SpaceLimits { ordinary: u64::MAX, essential };
        let hospital = Arc::new(application::App::open(opening_of(Store::open(options).unwrap(), &self.clock)).unwrap());
        let mut server = Server::start(&hospital, &self.letters, unlimited(), &[LOOPBACK]);
        let done = work(&server.base);
        server.stop(&self.runtime);
        hospital.store().shutdown();
        done
    }

    /// Another server's hospital on the same database, by the same clock.
    pub fn hospital_beside(&self) -> Arc<application::App> {
        Arc::new(application::App::open(opening(&self.database, &self.clock)).unwrap())
    }

    /// Runs a future of the application to its end.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Somebody who has not signed in.
    pub fn anonymous(&self) -> Person<'_> {
        Person { app: self, token: None }
    }

    pub fn applicant(&self) -> Person<'_> {
        self.person("applicant", Role::Applicant)
    }

    /// Another applicant, who has nothing to do with the first.
    pub fn stranger(&self) -> Person<'_> {
        self.person("stranger", Role::Applicant)
    }

    pub fn coordinator(&self) -> Person<'_> {
        self.person("coordinator", Role::Coordinator)
    }

    pub fn accountant(&self) -> Person<'_> {
        self.person("accountant", Role::Accountant)
    }

    pub fn pathologist(&self) -> Person<'_> {
        self.person("pathologist", Role::Pathologist)
    }

    pub fn administrator(&self) -> Person<'_> {
        self.person("administrator", Role::Administrator)
    }

    pub fn auditor(&self) -> Person<'_> {
        self.person("auditor", Role::Auditor)
    }

    pub fn physician(&self) -> Person<'_> {
        self.person("physician", Role::Physician)
    }

    pub fn chief(&self) -> Person<'_> {
        self.person("chief", Role::Chief)
    }

    pub fn director(&self) -> Person<'_> {
        self.person("director", Role::Director)
    }

    /// The chief of another department.
    pub fn other_chief(&self) -> Person<'_> {
        self.person("other-chief", Role::Chief)
    }

    /// A physician of the same department to whom nothing is assigned.
    pub fn other_physician(&self) -> Person<'_> {
        self.person("other-physician", Role::Physician)
    }

    pub fn agency(&self) -> Person<'_> {
        self.person("agency", Role::Agency)
    }

    /// Staff of another agency.
    pub fn other_agency(&self) -> Person<'_> {
        self.person("other-agency", Role::Agency)
    }

    /// The person `name` with one role; made and signed in at the first call.
    pub fn person(&self, name: &str, role: Role) -> Person<'_> {
        let known = self.tokens.lock().unwrap().get(name).cloned();
        let token = known.unwrap_or_else(|| {
            if self.known.lock().unwrap().insert(name.to_owned()) {
                self.add(name, role);
            }
            let token = self.sign_in(name).expect(201).text("/access_token");
            self.tokens.lock().unwrap().insert(name.to_owned(), token.clone());
            token
        });
        Person { app: self, token: Some(token) }
    }

    /// Somebody who registered by themselves, signed in.
    pub fn adopt(&self, name: &str) -> Person<'_> {
        self.known.lock().unwrap().insert(name.to_owned());
        self.person(name, Role::Applicant)
    }

    /// Makes `name` part of a case, as an accepted invitation does.
    pub fn join(&self, case: &str, name: &str, membership: Membership) {
        let user: UserId = self.person(name, Role::Applicant).id().parse().unwrap();
        let (case, now) = (case.parse().unwrap(), self.clock.now());
        let joined = self.hospital.store().write(move |tx| persistence::cases::add_member(tx, case, user, membership, now));
        self.wait(joined).unwrap();
    }

    /// Signs `name` in.
    pub fn sign_in(&self, name: &str) -> Answer {
        self.try_to_sign_in(&format!("{name}@example.org"), PASSWORD)
    }

    /// Tries to sign in, from a network address of its own.
    pub fn try_to_sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password });
        self.anonymous().post("/v1/sessions").from(&self.fresh_source()).json(&body).send()
    }

    /// Makes an applicant's account with this address.
    pub fn add_address(&self, email: &str) -> UserId {
        let account = NewAccount {
            email: email.parse().unwrap(),
            name: domain::people::PersonName::new(Some("Somebody".into()), None, None).unwrap(),
            language: "en".parse().unwrap(),
            roles: Roles::new(vec![RoleAssignment::new(Role::Applicant, None, None).unwrap()]).unwrap(),
        };
        self.wait(self.hospital.add_user(account, SecretString::from(PASSWORD))).unwrap()
    }

    /// A network address that nobody else comes from.
    pub fn fresh_source(&self) -> String {
        let [_, a, b, c] = (self.sign_ins.fetch_add(1, Ordering::Relaxed) + 1).to_be_bytes();
        format!("10.{a}.{b}.{c}")
    }

    /// The agent, for requests to another server.
    pub fn agent(&self) -> &ureq::Agent {
        &self.agent
    }

    /// Makes an account for `name`.
    pub fn add(&self, name: &str, role: Role) -> UserId {
        let other = name.starts_with("other-");
        let department = matches!(role, Role::Physician | Role::Chief | Role::Director)
            .then(|| self.department(if matches!(name, "other-chief" | "other-director") { "Urology" } else { "Breast Surgery" }));
        let agency = (role == Role::Agency).then(|| self.agency_named(if other { "Other Agency" } else { "Sakura Medical Travel" }));
        let account = NewAccount {
            email: format!("{name}@example.org").parse().unwrap(),
            name: domain::people::PersonName::new(Some(name.to_owned()), None, None).unwrap(),
            language: "en".parse().unwrap(),
            roles: Roles::new(vec![RoleAssignment::new(role, department, agency).unwrap()]).unwrap(),
        };
        self.wait(self.hospital.add_user(account, SecretString::from(PASSWORD))).unwrap()
    }

    /// The department of this name, made at the first call.
    pub fn department(&self, name: &'static str) -> DepartmentId {
        if let Some(House::Department(id)) = self.house.lock().unwrap().get(name) {
            return *id;
        }
        let id = self.wait(self.hospital.add_department(name.to_owned(), name.to_owned())).unwrap();
        self.house.lock().unwrap().insert(name, House::Department(id));
        id
    }

    /// The agency of this name, made at the first call.
    pub fn agency_named(&self, name: &'static str) -> AgencyId {
        if let Some(House::Agency(id)) = self.house.lock().unwrap().get(name) {
            return *id;
        }
        let id = self.wait(self.hospital.add_agency(name.to_owned())).unwrap();
        self.house.lock().unwrap().insert(name, House::Agency(id));
        id
    }

    /// Runs SQL beside the server.
    pub fn execute(&self, sql: &str) {
        self.database.execute(sql);
    }

    /// The one text that a query finds.
    pub fn one_text(&self, sql: &str) -> String {
        self.database.one_text(sql)
    }

    /// Lets time pass.
    pub fn after(&self, time: SignedDuration) {
        self.clock.advance(time);
        // Tokens do not outlive a quarter of an hour.
        self.tokens.lock().unwrap().clear();
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.server.stop(&self.runtime);
        self.hospital.store().shutdown();
    }
}
