//! Settings of the program: flags before environment before file before defaults, and a clear refusal for each that is wrong.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

mod keys;

use anyhow::{Context as _, bail};
use application::sign_in::passwords::Cost;
use clap::Args;
use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretBox, SecretString};
use serde::Deserialize;

use keys::read_key;
pub use keys::read_key_file;

use crate::limits::{LimitChoices, Limits};
use crate::server::{Explorer, Network, Origins};

/// Settings by flag, environment or file. Every line of the file has the flag's name with `_` for `-`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Choices {
    /// A TOML file with any of these settings.
    #[arg(long, env = "SECOND_OPINION_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "SECOND_OPINION_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// `sqlite:FILE` or `postgres://…` [default: sqlite:data/second-opinion.db].
    #[arg(long, env = "SECOND_OPINION_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// The URL under which people reach this server; issuer of its tokens [default: `http://` and the listening address].
    #[arg(long, env = "SECOND_OPINION_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// A file with the master key: 32 bytes in base64, as `second-opinion generate-master-key` prints them. No default.
    #[arg(long, env = "SECOND_OPINION_MASTER_KEY_FILE", value_name = "FILE")]
    pub master_key_file: Option<PathBuf>,
    /// The master key itself; only by environment, so that it stands in no list of processes.
    #[arg(skip)]
    #[serde(skip)]
    pub master_key: Option<SecretString>,
    /// Where letters go: `log` or `file:DIRECTORY` [default: `file:data/letters`].
    #[arg(long, env = "SECOND_OPINION_MAIL", value_name = "PLACE")]
    pub mail: Option<String>,
    /// Threads that serve HTTP [default: the number of cores].
    #[arg(long, env = "SECOND_OPINION_WORKERS", value_name = "N")]
    pub workers: Option<usize>,
    /// Connections to the database, 1 to 200 [default: 8].
    #[arg(long, env = "SECOND_OPINION_CONNECTIONS", value_name = "N")]
    pub connections: Option<u32>,
    /// Cost of a password hash: `standard`, or `cheap` for tests only [default: standard].
    #[arg(long, env = "SECOND_OPINION_PASSWORD_COST", value_name = "COST")]
    pub password_cost: Option<String>,
    /// Whether attempts to sign in are counted: `on`, or `off` for load generators only [default: on].
    #[arg(long, env = "SECOND_OPINION_THROTTLING", value_name = "on|off")]
    pub throttling: Option<String>,
    /// Whether pending migrations run at the start: `on` or `off` [default: on].
    #[arg(long, env = "SECOND_OPINION_AUTO_MIGRATE", value_name = "on|off")]
    pub auto_migrate: Option<String>,
    /// Proxies whose word on where a request comes from is taken: addresses or networks, parted by commas [default: none].
    #[arg(long, env = "SECOND_OPINION_TRUSTED_PROXIES", value_name = "NETWORKS")]
    pub trusted_proxies: Option<String>,
    /// Origins of pages that may call this API from a browser, such as `https://portal.example`, parted by commas [default: none].
    #[arg(long, env = "SECOND_OPINION_ALLOWED_ORIGINS", value_name = "ORIGINS")]
    pub allowed_origins: Option<String>,
    /// Those of the allowed origins, of this API's own site, that may keep tokens in cookies [default: none].
    #[arg(long, env = "SECOND_OPINION_COOKIE_ORIGINS", value_name = "ORIGINS")]
    pub cookie_origins: Option<String>,
    /// Whether the document at `/openapi.json` and the pages at `/docs` that try it out are served: `on` or `off` [default: on].
    #[arg(long, env = "SECOND_OPINION_EXPLORER", value_name = "on|off")]
    pub explorer: Option<String>,
    /// Form of the log: `text` or `json` [default: text].
    #[arg(long, env = "SECOND_OPINION_LOG_FORMAT", value_name = "FORM")]
    pub log_format: Option<String>,
    /// The level of the log: `error`, `warn`, `info`, `debug`, or a filter by module [default: info].
    #[arg(long, env = "SECOND_OPINION_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// The limits of one client.
    #[command(flatten)]
    pub limits: LimitChoices,
}

/// Settings that hold.
#[derive(Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database's URL.
    pub database: String,
    /// The URL under which the server is known.
    pub public_url: String,
    /// The master key.
    pub master_key: SecretBox<[u8; 32]>,
    /// Where letters go.
    pub mail: Mail,
    /// Threads that serve HTTP.
    pub workers: usize,
    /// Connections to the database.
    pub connections: u32,
    /// The cost of a password hash.
    pub password_cost: Cost,
    /// Whether attempts are counted.
    pub throttling: bool,
    /// Whether migrations run at the start.
    pub auto_migrate: bool,
    /// Who stands between the server and its clients.
    pub network: Network,
    /// The limits of one client.
    pub limits: Limits,
}

/// Where letters go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    /// Into the log: for trying out only, for the letters carry codes.
    Log,
    /// One JSON file for each letter into this directory.
    Directory(PathBuf),
}

impl Config {
    /// Settings that are good for trying out, and weak where real people are.
    pub fn weak(&self) -> Vec<String> {
        let mut weak = Vec::new();
        let mut say = |is_so: bool, what: &str| weak.extend(is_so.then(|| what.to_owned()));
        say(!self.throttling, "throttling is off: passwords and codes can be guessed without end");
        say(self.password_cost == Cost::CHEAP, "password-cost is cheap: whoever gets the database finds the passwords");
        say(self.mail == Mail::Log, "mail is log: codes that let people in stand in the log");
        let url = url::Url::parse(&self.public_url).ok();
        let host = url.as_ref().and_then(url::Url::host_str).unwrap_or_default();
        let is_here = host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let is_plain = self.public_url.starts_with("http://");
        say(is_plain && !is_here, "public-url is http: passwords and records cross the network in clear");
        let is_behind = !is_plain && self.network.trusted_proxies.is_empty();
        say(is_behind, "public-url is https and trusted-proxies is empty: all clients of the proxy count as one source");
        weak
    }
}

impl Choices {
    /// These choices, with those of the file behind them.
    pub fn with_file(self) -> anyhow::Result<Self> {
        let Some(path) = &self.config else { return Ok(self) };
        let text = std::fs::read_to_string(path).with_context(|| format!("config: cannot read {}", path.display()))?;
        let file: Self = toml::from_str(&text).with_context(|| format!("config: {} is not as expected", path.display()))?;
        Ok(Self {
            config: self.config,
            listen: self.listen.or(file.listen),
            database: self.database.or(file.database),
            public_url: self.public_url.or(file.public_url),
            master_key_file: self.master_key_file.or(file.master_key_file),
            master_key: self.master_key,
            mail: self.mail.or(file.mail),
            workers: self.workers.or(file.workers),
            connections: self.connections.or(file.connections),
            password_cost: self.password_cost.or(file.password_cost),
            throttling: self.throttling.or(file.throttling),
            auto_migrate: self.auto_migrate.or(file.auto_migrate),
            trusted_proxies: self.trusted_proxies.or(file.trusted_proxies),
            allowed_origins: self.allowed_origins.or(file.allowed_origins),
            cookie_origins: self.cookie_origins.or(file.cookie_origins),
            explorer: self.explorer.or(file.explorer),
            log_format: self.log_format.or(file.log_format),
            log: self.log.or(file.log),
            limits: self.limits.or(file.limits),
        })
    }

    /// The settings that hold.
    ///
    /// # Errors
    /// The first setting that is wrong, with what would be right.
    pub fn resolve(self) -> anyhow::Result<Config> {
        let listen_text = self.listen.as_deref().unwrap_or("127.0.0.1:8080");
        let listen: SocketAddr =
            listen_text.parse().with_context(|| format!("listen: “{listen_text}” is no address with a port, such as 127.0.0.1:8080"))?;
        let database = self.database.clone().unwrap_or_else(|| "sqlite:data/second-opinion.db".to_owned());
        if !["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| database.starts_with(scheme)) {
            bail!("database: give sqlite:FILE or postgres://USER@HOST:PORT/NAME");
        }
        let public_url = self.public_url.clone().unwrap_or_else(|| format!("http://{listen}"));
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") || public_url.ends_with('/') {
            bail!("public-url: “{public_url}” must begin with http:// or https:// and end without a slash");
        }
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let workers = self.workers.unwrap_or(cores);
        if !(1..=256).contains(&workers) {
            bail!("workers: {workers} is not within 1 to 256");
        }
        let connections = self.connections.unwrap_or(8);
        if !(1..=200).contains(&connections) {
            bail!("connections: {connections} is not within 1 to 200");
        }
        let password_cost = match self.password_cost.as_deref().unwrap_or("standard") {
            "standard" => Cost::STANDARD,
            "cheap" => Cost::CHEAP,
            other => bail!("password-cost: “{other}” is neither standard nor cheap"),
        };
        Ok(Config {
            listen,
            public_url,
            workers,
            connections,
            password_cost,
            mail: mail(self.mail.as_deref().unwrap_or("file:data/letters"))?,
            throttling: switch("throttling", self.throttling.as_deref())?,
            auto_migrate: switch("auto-migrate", self.auto_migrate.as_deref())?,
            network: self.network()?,
            limits: self.limits.resolve()?,
            master_key: self.master_key()?,
            database,
        })
    }

    fn network(&self) -> anyhow::Result<Network> {
        let trusted_proxies = listed(self.trusted_proxies.as_deref())
            .map(|text| {
                network(text).with_context(|| format!("trusted-proxies: “{text}” is no address and no network, such as 10.0.0.0/8"))
            })
            .collect::<anyhow::Result<_>>()?;
        let allowed = origins("allowed-origins", self.allowed_origins.as_deref())?;
        let with_cookies = origins("cookie-origins", self.cookie_origins.as_deref())?;
        if let Some(stranger) = with_cookies.iter().find(|origin| !allowed.contains(origin)) {
            bail!("cookie-origins: “{stranger}” is not among the allowed-origins");
        }
        let explorer = if switch("explorer", self.explorer.as_deref())? { Explorer::On } else { Explorer::Off };
        Ok(Network { trusted_proxies, origins: Origins { allowed, with_cookies }, explorer })
    }

    fn master_key(&self) -> anyhow::Result<SecretBox<[u8; 32]>> {
        match (&self.master_key, &self.master_key_file) {
            (Some(_), Some(_)) => bail!("master key: give either the environment's SECOND_OPINION_MASTER_KEY or a file, not both"),
            (Some(text), None) => read_key(text.expose_secret()).context("master key: SECOND_OPINION_MASTER_KEY"),
            (None, Some(path)) => read_key_file(path).with_context(|| format!("master key: {}", path.display())),
            (None, None) => bail!(
                "master key: none given. Make one with `(umask 077; second-opinion generate-master-key > master.key)`, keep it safe and apart from \
                 the database, and pass --master-key-file master.key. (For a look around, `second-opinion serve --demo` needs none.)"
            ),
        }
    }
}

/// The parts of a list that is parted by commas.
fn listed(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// A network, or one address.
fn network(text: &str) -> Option<IpNet> {
    text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Exact origins (RFC 6454): scheme, host, and the port if it is not the scheme's own, as browsers send them.
fn origins(name: &str, text: Option<&str>) -> anyhow::Result<Vec<String>> {
    listed(text)
        .map(|text| {
            let is_origin = url::Url::parse(text).is_ok_and(|url| {
                matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text && !text.contains('*')
            });
            if is_origin { Ok(text.to_owned()) } else { bail!("{name}: “{text}” is no origin, such as https://portal.example") }
        })
        .collect()
}

fn switch(name: &str, text: Option<&str>) -> anyhow::Result<bool> {
    match text.unwrap_or("on") {
        "on" => Ok(true),
        "off" => Ok(false),
        other => bail!("{name}: “{other}” is neither on nor off"),
    }
}

fn mail(text: &str) -> anyhow::Result<Mail> {
    match text.split_once(':') {
        None if text == "log" => Ok(Mail::Log),
        Some(("file", directory)) if !directory.is_empty() => Ok(Mail::Directory(directory.into())),
        _ => bail!("mail: “{text}” is neither log nor file:DIRECTORY"),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn choices() -> Choices {
        Choices {
            master_key: Some(SecretString::from(STANDARD.encode(std::array::from_fn::<u8, 32, _>(|at| u8::try_from(at).unwrap())))),
            ..Choices::default()
        }
    }

    #[test]
    fn the_defaults_hold_once_there_is_a_key() {
        let config = choices().resolve().unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.password_cost, Cost::STANDARD);
        assert!(config.throttling);
    }

    #[test]
    fn each_wrong_setting_is_refused_by_name() {
        let some = |text: &str| Some(text.to_owned());
        for (name, wrong) in [
            ("master key", Choices::default()),
            ("listen", Choices { listen: some("everywhere"), ..choices() }),
            ("database", Choices { database: some("mysql://x"), ..choices() }),
            ("public-url", Choices { public_url: some("ftp://x"), ..choices() }),
            ("public-url", Choices { public_url: some("https://x/"), ..choices() }),
            ("workers", Choices { workers: Some(0), ..choices() }),
            ("connections", Choices { connections: Some(0), ..choices() }),
            ("password-cost", Choices { password_cost: some("free"), ..choices() }),
            ("throttling", Choices { throttling: some("maybe"), ..choices() }),
            ("auto-migrate", Choices { auto_migrate: some("1"), ..choices() }),
            ("trusted-proxies", Choices { trusted_proxies: some("10.0.0.0/8, everybody"), ..choices() }),
            ("allowed-origins", Choices { allowed_origins: some("https://portal.example/"), ..choices() }),
            ("allowed-origins", Choices { allowed_origins: some("*"), ..choices() }),
            ("allowed-origins", Choices { allowed_origins: some("https://Portal.example:443"), ..choices() }),
            ("allowed-origins", Choices { allowed_origins: some("https://*.portal.example"), ..choices() }),
            ("cookie-origins", Choices { cookie_origins: some("https://portal.example"), ..choices() }),
            ("explorer", Choices { explorer: some("yes"), ..choices() }),
            ("head-timeout", Choices { limits: LimitChoices { head_timeout: Some(0), ..LimitChoices::default() }, ..choices() }),
            ("mail", Choices { mail: some("smtp"), ..choices() }),
            ("master key", Choices { master_key: Some(SecretString::from(STANDARD.encode([0_u8; 32]))), ..Choices::default() }),
            ("master key", Choices { master_key: Some(SecretString::from("c2hvcnQ=")), ..Choices::default() }),
        ] {
            let refusal = format!("{:#}", wrong.resolve().unwrap_err());
            assert!(refusal.starts_with(name), "{name}: {refusal}");
        }
    }

    #[test]
    fn what_is_weak_is_named() {
        let some = |text: &str| Some(text.to_owned());
        let named = |choices: Choices| choices.resolve().unwrap().weak();
        assert_eq!(named(choices()), Vec::<String>::new());
        for (name, weak) in [
            ("throttling", Choices { throttling: some("off"), ..choices() }),
            ("password-cost", Choices { password_cost: some("cheap"), ..choices() }),
            ("mail", Choices { mail: some("log"), ..choices() }),
            ("public-url", Choices { public_url: some("http://opinion.hospital.example"), ..choices() }),
            ("public-url", Choices { public_url: some("https://opinion.hospital.example"), ..choices() }),
        ] {
            let told = named(weak);
            assert!(told.len() == 1 && told[0].starts_with(name), "{name}: {told:?}");
        }
        let behind = Choices { trusted_proxies: some("10.0.0.1"), public_url: some("https://opinion.hospital.example"), ..choices() };
        assert_eq!(named(behind), Vec::<String>::new());
    }

    #[test]
    fn a_file_stands_behind_the_flags_and_refuses_unknown_lines() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("settings.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:9\"\nmail = \"log\"\n").unwrap();
        let merged = Choices { config: Some(file.clone()), listen: Some("127.0.0.1:1".into()), ..choices() }.with_file().unwrap();
        assert_eq!(merged.listen.as_deref(), Some("127.0.0.1:1"));
        assert_eq!(merged.mail.as_deref(), Some("log"));
        std::fs::write(&file, "colour = \"red\"\n").unwrap();
        assert!(Choices { config: Some(file), ..choices() }.with_file().is_err());
    }
}
