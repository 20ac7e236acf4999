//! The subcommands.

use std::fs::Permissions;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use api::config::{self, Choices, Config};
use api::limits::Limits;
use api::server::{Capacity, Explorer, Listening, Stopper};
use application::database::{SpaceLimits, Store, StoreOptions};
use application::people::NewAccount;
use application::sign_in::passwords::Passwords;
use application::{App, AppOptions, Clock};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::{Role, RoleAssignment, Roles};
use domain::people::{EmailAddress, LanguageTag, PersonName};
use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use secrecy::{ExposeSecret as _, SecretString};
use tracing_subscriber::EnvFilter;

/// How long requests under way may take after the order to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// How an administrator changes what the hospital decides for itself.
const ENTER: &str = "PATCH /v1/settings";

/// A person to add from the command line.
#[derive(clap::Args)]
pub(crate) struct NewUser {
    #[command(flatten)]
    pub(crate) choices: Choices,
    /// The e-mail address, which is also the name to sign in with.
    #[arg(long)]
    email: String,
    /// The name in letters of the Latin alphabet.
    #[arg(long)]
    name: String,
    /// A role that needs no department or agency: administrator, auditor, coordinator, accountant, pathologist.
    #[arg(long, default_value = "administrator")]
    role: String,
    /// The language of letters.
    #[arg(long, default_value = "en")]
    language: String,
}

/// Serves until SIGTERM or Ctrl-C.
pub(crate) fn serve(mut choices: Choices, demo: bool, credentials: Option<PathBuf>) -> anyhow::Result<()> {
    log_to_stderr(&choices)?;
    let scratch = if demo { Some(api::demo::prepare(&mut choices)?) } else { None };
    let mut config = choices.resolve()?;
    if demo {
        if config.network.explorer == Explorer::On {
            config.network.explorer = Explorer::KeepingTokens;
        }
    } else {
        config.weak().iter().for_each(|what| tracing::warn!("weak setting: {what}"));
    }
    make_room_for(&config.limits)?;
    let app = open(&config, config.auto_migrate)?;
    actix_web::rt::System::new().block_on(async move {
        if demo {
            let people = application::demo::fill(&app).await.context("demo")?;
            api::demo::introduce(&people, &config.public_url, credentials.as_deref())?;
        }
        let open = app.settings().await?.values.not_entered();
        if !demo && !open.is_empty() {
            tracing::warn!(settings = open.join(", "), "still to be entered by an administrator: {ENTER}");
        }
        let capacity = Capacity { workers: config.workers, limits: config.limits.clone(), patience: PATIENCE };
        let listening = Listening::on(config.listen, Arc::clone(&app), capacity, config.network.clone()).await?;
        let explorer = (config.network.explorer != Explorer::Off).then(|| format!("{}/docs/", config.public_url));
        tracing::info!(address = %listening.address, explorer, "ready");
        let letters = api::emails::deliver(Arc::clone(&app), config.mail.clone(), Arc::clone(&listening.messages));
        let mailer = actix_web::rt::spawn(letters);
        let scheduler = actix_web::rt::spawn(api::scheduler::run(Arc::clone(&app)));
        actix_web::rt::spawn(stop_on_signal(listening.stopper()));
        listening.run().await?;
        mailer.abort();
        scheduler.abort();
        if let Err(error) = app.write_refusals(true).await {
            tracing::error!(%error, "refusals that were counted are lost for the audit trail");
        }
        app.store().shutdown();
        drop(scratch);
        tracing::info!("stopped");
        Ok(())
    })
}

async fn stop_on_signal(stopper: Stopper) {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => return tracing::error!(%error, "SIGTERM cannot be listened for"),
    };
    tokio::select! {
        _ = terminate.recv() => tracing::info!("SIGTERM: finishing what is under way"),
        _ = tokio::signal::ctrl_c() => tracing::info!("Ctrl-C: finishing what is under way"),
    }
    stopper.stop().await;
}

/// Brings the database to this program's schema.
pub(crate) fn migrate(choices: Choices) -> anyhow::Result<()> {
    let config = choices.resolve()?;
    prepare_directory(&config.database)?;
    let applied = Store::migrate(&store_options(&config)).context("database")?;
    if applied.is_empty() {
        println!("The database is up to date.");
    }
    for name in applied {
        println!("applied {name}");
    }
    Ok(())
}

/// Prints the OpenAPI document.
pub(crate) fn openapi() -> anyhow::Result<()> {
    std::io::stdout().write_all(api::document::text()?.as_bytes())?;
    Ok(())
}

/// Prints a fresh master key.
pub(crate) fn generate_master_key() -> anyhow::Result<()> {
    let key = application::clock::random::<32>()?;
    println!("{}", STANDARD.encode(key));
    Ok(())
}

/// Puts the master key of a file in the place of the one in force.
pub(crate) fn change_master_key(choices: Choices, new: &Path) -> anyhow::Result<()> {
    let config = choices.resolve()?;
    let new = config::read_key_file(new).with_context(|| format!("new master key: {}", new.display()))?;
    Store::change_master_key(&config.database, &config.master_key, &new).context("database")?;
    println!("The new master key is in force: servers need it from their next start on. Backups made until now still need the old one.");
    Ok(())
}

/// Checks the settings, the database and the keys.
pub(crate) fn check(choices: Choices) -> anyhow::Result<()> {
    let config = choices.resolve()?;
    let app = open(&config, false)?;
    api::document::document()?;
    println!("settings  ok: listens on {}, known as {}", config.listen, config.public_url);
    config.weak().iter().for_each(|what| println!("settings  weak: {what}"));
    println!("database  ok: {:?}, migrated, reachable, with safe settings", app.store().engine());
    println!("keys      ok: the master key opens the data keys");
    let open = actix_web::rt::System::new().block_on(app.settings())?.values.not_entered();
    if open.is_empty() {
        println!("hospital  ok: bank account, issuer of invoices and contact are entered");
    } else {
        println!("hospital  to do: {} (an administrator enters them: {ENTER})", open.join(", "));
    }
    let mut rows = 0;
    let faults = actix_web::rt::System::new().block_on(app.examine_rows(|_, count| rows += count))?;
    if faults.is_empty() {
        println!("rows      ok: {rows} can be read and agree with their columns");
    }
    for fault in &faults {
        println!("rows      fault: {fault}");
    }
    let homeless = actix_web::rt::System::new().block_on(app.accounts_without_address())?;
    if homeless.is_empty() {
        println!("accounts  ok: each holds its address");
    }
    for id in homeless {
        println!("accounts  to do: {id} is shut out, because an older account has the same e-mail address");
    }
    app.store().shutdown();
    if !faults.is_empty() {
        bail!("{} of {rows} rows cannot be read as they were written; lists leave out those that cannot be opened", faults.len());
    }
    Ok(())
}

/// Adds a person.
pub(crate) fn add_user(choices: Choices, new: &NewUser) -> anyhow::Result<()> {
    let role: Role = new.role.parse().ok().with_context(|| format!("role: “{}” is none", new.role))?;
    let assignment = RoleAssignment::new(role, None, None)
        .map_err(|_| anyhow::anyhow!("role: {} needs a department or an agency; add such people through the API", new.role))?;
    let account = NewAccount {
        email: new.email.parse::<EmailAddress>().ok().with_context(|| format!("email: “{}” is no address", new.email))?,
        name: PersonName::new(Some(new.name.clone()), None, None).ok().context("name: not a name")?,
        language: new.language.parse::<LanguageTag>().ok().with_context(|| format!("language: “{}” is none", new.language))?,
        roles: Roles::new(vec![assignment]).ok().context("role: refused")?,
    };
    let password = read_password()?;
    let config = choices.resolve()?;
    let app = open(&config, config.auto_migrate)?;
    let added = actix_web::rt::System::new().block_on(app.add_user_from_command_line(account, password));
    let (id, waiting) = match added {
        Err(application::Error::Stored(application::database::Error::Duplicate { .. })) => {
            bail!("email: there is an account with this address already")
        }
        Err(application::Error::Invalid(faults)) => bail!(refusal_of(&faults)),
        added => added?,
    };
    app.store().shutdown();
    println!("added {id}");
    if !waiting.is_empty() {
        println!("An administrator must approve the role: GET /v1/approvals, then POST /v1/approvals/{{approval_id}}/approve-roles");
    }
    Ok(())
}

/// Says which input of `user add` was refused, and why.
fn refusal_of(faults: &[application::Fault]) -> String {
    let texts = faults.iter().map(|fault| match fault.code {
        "password_too_short" | "password_too_long" => "password: it must have 15 to 256 characters".to_owned(),
        "password_too_common" => "password: it is easy to guess; choose several words that do not belong together".to_owned(),
        "local_part_not_ascii" => "email: the part before the @ must be plain ASCII letters, digits and signs".to_owned(),
        other => format!("{}: {}", fault.pointer.trim_start_matches('/'), other.replace('_', " ")),
    });
    texts.collect::<Vec<_>>().join("; ")
}

/// Approves the roles that the one administrator asked for.
pub(crate) fn approve_roles(choices: Choices, email: &str) -> anyhow::Result<()> {
    let address = email.parse::<EmailAddress>().ok().with_context(|| format!("email: “{email}” is no address"))?;
    let config = choices.resolve()?;
    let app = open(&config, config.auto_migrate)?;
    let approved = actix_web::rt::System::new().block_on(app.approve_roles_from_command_line(address));
    let id = match approved {
        Err(application::Error::Absent) => bail!("email: no role waits for approval for this address"),
        Err(application::Error::Conflict(application::Conflict::SecondPersonNeeded)) => {
            bail!(
                "email: another administrator must approve this (the command line counts as one person, where there is one administrator)"
            )
        }
        approved => approved?,
    };
    app.store().shutdown();
    println!("approved the roles of {id}");
    Ok(())
}

fn read_password() -> anyhow::Result<SecretString> {
    if let Ok(password) = std::env::var("SECOND_OPINION_PASSWORD") {
        return Ok(SecretString::from(password));
    }
    if std::io::stdin().is_terminal() {
        return Ok(SecretString::from(rpassword::prompt_password("Password: ")?));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn open(config: &Config, auto_migrate: bool) -> anyhow::Result<Arc<App>> {
    prepare_directory(&config.database)?;
    let options = StoreOptions { auto_migrate, ..store_options(config) };
    let store = Store::open(options).context("database")?;
    let app = App::open(AppOptions {
        store,
        clock: Clock::System,
        public_url: config.public_url.clone(),
        passwords: Passwords::new(config.password_cost, config.workers.saturating_sub(1))?,
        throttling: config.throttling,
    })?;
    Ok(Arc::new(app))
}

fn store_options(config: &Config) -> StoreOptions {
    let key = secrecy::SecretBox::new(Box::new(*config.master_key.expose_secret()));
    let options = StoreOptions::new(config.database.clone(), key, Clock::System.now());
    let space = SpaceLimits { ordinary: config.limits.least_free_space << 20, essential: config.limits.reserved_space << 20 };
    StoreOptions { pool_size: config.connections, space, ..options }
}

/// Files that the program makes are their owner's alone.
pub(crate) fn keep_private() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// How many files the program opens besides its clients' connections.
const OTHER_FILES: u64 = 64;

/// Lets the process open as many files as its limits need: many systems allow 1,024 unless they are asked.
fn make_room_for(limits: &Limits) -> anyhow::Result<()> {
    let needed = limits.http_connections + OTHER_FILES;
    let now = getrlimit(Resource::Nofile);
    if now.current.is_none_or(|current| current >= needed) {
        return Ok(());
    }
    if now.maximum.is_some_and(|most| most < needed) {
        bail!(
            "http-connections: {} need {needed} open files, and this system allows {}: raise its limit (ulimit -n), or lower the setting",
            limits.http_connections,
            now.maximum.unwrap_or_default()
        );
    }
    setrlimit(Resource::Nofile, Rlimit { current: Some(needed), maximum: now.maximum }).context("http-connections: the limit of open files")
}

/// The directory of an embedded database is made if it is not there. Its files are closed to others, also those that an older version left
/// open.
fn prepare_directory(database: &str) -> anyhow::Result<()> {
    let Some(path) = database.strip_prefix("sqlite:") else { return Ok(()) };
    for file in ["", "-wal", "-shm"].map(|end| format!("{path}{end}")) {
        if let Ok(found) = std::fs::metadata(&file)
            && found.permissions().mode() & 0o077 != 0
        {
            std::fs::set_permissions(&file, Permissions::from_mode(0o600))
                .with_context(|| format!("database: {file} is open to others"))?;
            tracing::warn!(file, "was open to others, and is closed to them now");
        }
    }
    match std::path::Path::new(path).parent() {
        Some(directory) if !directory.as_os_str().is_empty() => {
            std::fs::create_dir_all(directory).with_context(|| format!("database: {} cannot be made", directory.display()))
        }
        _ => Ok(()),
    }
}

fn log_to_stderr(choices: &Choices) -> anyhow::Result<()> {
    let text = choices.log.as_deref().unwrap_or("info");
    let filter = EnvFilter::try_new(text).with_context(|| format!("log: “{text}” is no filter"))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    match choices.log_format.as_deref().unwrap_or("text") {
        "text" => log.init(),
        "json" => log.json().flatten_event(true).init(),
        other => bail!("log-format: “{other}” is neither text nor json"),
    }
    Ok(())
}
