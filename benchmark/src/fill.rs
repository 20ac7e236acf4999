//! Fills a database quickly: by the domain's own decisions and persistence's own rows, many cases in one transaction, not over HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use application::sign_in::passwords::{Cost, Passwords};
use domain::access::{Caller, CaseAccess, Membership, Role, RoleAssignment, Roles, relations};
use domain::calendar::half_hours::HALF_HOUR;
use domain::calendar::{at_hour_in_tokyo, days_after, today_in_tokyo};
use domain::case::{Case, Event, Rules};
use domain::ids::{AvailabilityId, CaseId, RepresentativeId, UserId};
use domain::intake::{Application, ApplicationPatch, Opening};
use domain::people::PersonName;
use domain::service::ServiceKind;
use domain::settings::HospitalSettings;
use persistence::audit::{Entry, Outcome};
use persistence::availability::HalfHour;
use persistence::cases::NewCase;
use persistence::users::{Profile, User, UserStatus};
use persistence::{Engine, Error, Store, StoreOptions, Transaction};
use proof::people::{PASSWORD, application};
use proof::server::MASTER_KEY;
use secrecy::{SecretBox, SecretString};
use uuid::Uuid;

use crate::billed;

/// Applicants whom the load calls for; theirs are the drafts.
pub(crate) const CALLERS: u32 = 32;
/// Other applicants; theirs are the submitted cases.
const OTHERS: u32 = 968;
/// Physicians, who receive people.
const PHYSICIANS: u32 = 20;
/// Cases in one transaction.
const BATCH: u32 = 250;

/// The address of a caller.
pub(crate) fn email(number: u32) -> String {
    format!("applicant-{number}@example.org")
}

/// The address of the desk.
pub(crate) const DESK: &str = "desk@example.org";
/// The address of billing.
pub(crate) const BILLING: &str = "billing@example.org";

/// The id of a case: of the form of a `UUIDv7`, and known from its number, so that `pgbench` finds it, too.
pub(crate) fn case_id(number: u32) -> CaseId {
    CaseId::from_uuid(Uuid::from_u128(0x018b_cfe5_6800_7000_8000_0000_0000_0000 + u128::from(number)))
}

fn user_id(number: u32) -> UserId {
    UserId::from_uuid(Uuid::from_u128(0x018b_cfe5_6800_7000_9000_0000_0000_0000 + u128::from(number)))
}

fn desk_id() -> UserId {
    user_id(u32::MAX)
}

/// Whose a case is, and whether it is still a draft. Of five cases two are drafts.
pub(crate) fn owner(number: u32) -> (u32, bool) {
    match number % 5 {
        0 => (number / 5 % CALLERS, true),
        1 => ((number / 5 + CALLERS / 2) % CALLERS, true),
        _ => (CALLERS + number % OTHERS, false),
    }
}

/// Whether a case waits for the payment of its invoice: one of five.
pub(crate) const fn is_billed(number: u32) -> bool {
    number % 5 == 2
}

/// Everybody whom the database is filled with.
struct People {
    applicants: Roles,
    application: Application,
    settings: HospitalSettings,
}

/// Brings the database to its schema and puts so many cases into it, with 1,000 applicants and the desk.
pub(crate) fn fill(url: &str, cases: u32) -> anyhow::Result<()> {
    let mut options = StoreOptions::new(url, SecretBox::new(Box::new(MASTER_KEY)), application::Clock::System.now());
    options.auto_migrate = true;
    options.pool_size = 3;
    options.timeout = Duration::from_mins(2);
    let store = Store::open(options)?;
    let passwords = Passwords::new(Cost::STANDARD, 1)?;
    let hash = actix_web::rt::System::new().block_on(passwords.hash(&SecretString::from(PASSWORD), None))?;
    let roles = |role| -> anyhow::Result<Roles> { Ok(Roles::new(vec![RoleAssignment::new(role, None, None)?])?) };
    let (desk, billing, applicants) = (roles(Role::Coordinator)?, roles(Role::Accountant)?, roles(Role::Applicant)?);
    let physicians = Roles::new(vec![RoleAssignment::new(Role::Physician, Some(billed::department()), None)?])?;
    let settle = applicants.clone();
    store.write_blocking(move |tx| {
        persistence::users::insert(tx, &user(desk_id(), DESK, &hash, &desk)?)?;
        persistence::users::insert(tx, &user(user_id(u32::MAX - 1), BILLING, &hash, &billing)?)?;
        billed::insert_department(tx, application::Clock::System.now())?;
        (0..CALLERS + OTHERS)
            .try_for_each(|number| persistence::users::insert(tx, &user(user_id(number), &email(number), &hash, &settle)?))?;
        (0..PHYSICIANS)
            .map(physician)
            .try_for_each(|number| persistence::users::insert(tx, &user(user_id(number), &email(number), &hash, &physicians)?))?;
        open_hours(tx)
    })?;
    let patch: ApplicationPatch = serde_json::from_value(application("Is surgery still an option?"))?;
    let people = Arc::new(People {
        applicants,
        application: patch.applied_to(&Application::default(), &mut || RepresentativeId::NOTHING)?,
        settings: billed::settings(),
    });
    let next = AtomicU32::new(0);
    // PostgreSQL has a connection for each writer; SQLite has one writer anyway.
    let writers = if store.engine() == Engine::Postgres { 3 } else { 1 };
    std::thread::scope(|scope| {
        let work = || -> anyhow::Result<()> {
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                if from >= cases {
                    return Ok(());
                }
                let people = Arc::clone(&people);
                let to = cases.min(from + BATCH);
                store.write_blocking(move |tx| (from..to).try_for_each(|number| put(tx, &people, number)))?;
            }
        };
        let workers: Vec<_> = (0..writers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow::anyhow!("a writer panicked"))?)
    })
    .context("filling the database")?;
    store.shutdown();
    Ok(())
}

/// The number of a physician among the people.
const fn physician(number: u32) -> u32 {
    CALLERS + OTHERS + number
}

/// Twenty physicians receive people in each half hour from nine to five, on the 31 days from tomorrow on.
fn open_hours(tx: &mut Transaction<'_>) -> Result<(), Error> {
    let now = application::Clock::System.now();
    let (mut number, mut hours) = (0_u128, Vec::new());
    for day in (1..=31).map(|count| days_after(today_in_tokyo(now), count)) {
        let nine = at_hour_in_tokyo(day, 9);
        for (whose, half) in (0..PHYSICIANS).flat_map(|whose| (0..16).map(move |half| (whose, half))) {
            number += 1;
            let id = AvailabilityId::from_uuid(Uuid::from_u128(0x018b_cfe5_6800_7000_b000_0000_0000_0000 + number));
            let starts_at = nine.checked_add(HALF_HOUR * half).unwrap_or(nine);
            hours.push(HalfHour { id, physician: user_id(physician(whose)), department: billed::department(), starts_at });
        }
    }
    persistence::availability::insert(tx, &hours, now).map(drop)
}

fn user(id: UserId, email: &str, hash: &str, roles: &Roles) -> Result<User, Error> {
    let now = application::Clock::System.now();
    let wrong = |column| Error::Corrupt { table: "users", column, id: id.to_string() };
    Ok(User {
        id,
        email: email.parse().map_err(|_| wrong("email"))?,
        holds_address: true,
        profile: Profile { name: PersonName::new(Some("Mei Tanaka".into()), None, None).map_err(|_| wrong("name"))?, phone: None },
        password_hash: Some(hash.to_owned()),
        status: UserStatus::Active,
        language: "en".parse().map_err(|_| wrong("language"))?,
        roles: roles.clone(),
        epoch: 1,
        email_verified_at: Some(now),
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// One case with what belongs to it: row, words, member, events, audit rows.
fn put(tx: &mut Transaction<'_>, people: &People, number: u32) -> Result<(), Error> {
    let (whose, is_draft) = owner(number);
    let (id, user, now) = (case_id(number), user_id(whose), application::Clock::System.now());
    let refused = |_| Error::Corrupt { table: "cases", column: "filling", id: id.to_string() };
    let caller = Caller { user, roles: people.applicants.clone(), director_any_department: false };
    let rules = Rules::at(&people.settings, now);
    let opening = Opening {
        id,
        number: format!("2001-{number:06}"),
        kind: ServiceKind::WrittenOpinion,
        application: people.application.clone(),
        agency: None,
        follows: None,
    };
    let opened = Case::open(opening, &caller, &rules, now).map_err(refused)?;
    let (mut case, mut events): (Case, Vec<Event>) = (opened.case, opened.events);
    let mut done = vec!["createCase"];
    if !is_draft {
        let mut facts = case.facts();
        facts.member = Some(Membership::Applicant);
        let access = CaseAccess { user, relations: relations(&caller, &facts) };
        let submitted = case.submit(&access, &rules, now).map_err(refused)?;
        case = submitted.case;
        events.extend(submitted.events);
        done.push("submitCase");
    }
    let mut invoice = None;
    if is_billed(number) {
        let next = persistence::invoices::next_number(tx)?;
        let wrong = |error: anyhow::Error| Error::Corrupt { table: "invoices", column: "filling", id: format!("{id}: {error:#}") };
        let (taken_on, issued) = billed::bill(case, &mut events, desk_id(), &people.settings, next, now).map_err(wrong)?;
        (case, invoice) = (taken_on, Some(issued));
    }
    let words = ["Mei Tanaka".to_owned(), "Kai Tanaka".to_owned(), format!("Patient{}", number % 5_000)];
    let new = NewCase { case: &case, texts: &words, opener: Some(Membership::Applicant), events: &events };
    persistence::cases::insert(tx, new, now)?;
    if let Some(invoice) = &invoice {
        billed::insert(tx, invoice, desk_id(), now)?;
    }
    for operation in done {
        let entry = Entry {
            id: application::clock::fresh(now),
            at: now,
            actor: Some(user),
            session: None,
            operation: operation.to_owned(),
            subject_kind: None,
            subject_id: None,
            case: Some(id),
            outcome: Outcome::Done,
            request_id: "filling".to_owned(),
            details: serde_json::json!({}),
        };
        persistence::audit::insert(tx, &entry)?;
    }
    Ok(())
}
