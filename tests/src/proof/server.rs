//! The real server, as a process of its own.

use std::ffi::OsString;
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{http, postgres};

/// The master key of the proofs' databases.
pub const MASTER_KEY: [u8; 32] = *b"the master key of proofs only :)";

/// A rate of requests that no program here reaches.
const MANY: &str = "1000000";

/// How a server is started.
#[derive(Clone, Debug)]
pub struct Setup {
    /// What is run: the program, and what stands before it (such as `strace`).
    pub command: Vec<OsString>,
    /// Where its log goes.
    pub directory: PathBuf,
    /// Its database.
    pub database: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// More settings, as variables of the environment.
    pub settings: Vec<(String, String)>,
}

impl Setup {
    /// The program `binary` on a free port, with cheap password hashes, uncounted attempts and rates that nobody reaches.
    pub fn new(binary: &Path, directory: &Path, database: impl Into<String>) -> anyhow::Result<Self> {
        let rates = ["PERSON", "COSTLY", "SOURCE", "QUOTE"].into_iter().flat_map(|kind| [format!("{kind}_RATE"), format!("{kind}_BURST")]);
        let rates = rates.map(|name| (name, MANY));
        let others = [("PASSWORD_COST", "cheap"), ("THROTTLING", "off"), ("LOG", "warn"), ("STOP_DELAY", "0")];
        let others = others.map(|(name, value)| (name.to_owned(), value));
        Ok(Self {
            command: vec![binary.into()],
            directory: directory.to_owned(),
            database: database.into(),
            address: TcpListener::bind("127.0.0.1:0")?.local_addr()?,
            settings: rates.chain(others).map(|(name, value)| (format!("SECOND_OPINION_{name}"), value.to_owned())).collect(),
        })
    }

    /// With another value of a setting.
    #[must_use]
    pub fn with(mut self, setting: &str, value: &str) -> Self {
        let name = format!("SECOND_OPINION_{setting}");
        self.settings.retain(|(one, _)| *one != name);
        self.settings.push((name, value.to_owned()));
        self
    }

    /// With the rates that the program has by itself.
    #[must_use]
    pub fn with_default_rates(mut self) -> Self {
        self.settings.retain(|(name, _)| !name.ends_with("_RATE") && !name.ends_with("_BURST"));
        self
    }

    /// The program with its settings, for one of its subcommands.
    pub fn program(&self) -> anyhow::Result<Command> {
        let (program, arguments) = self.command.split_first().context("no program")?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .env("SECOND_OPINION_DATABASE", &self.database)
            .env("SECOND_OPINION_LISTEN", self.address.to_string())
            .env("SECOND_OPINION_MASTER_KEY", STANDARD.encode(MASTER_KEY))
            .env("SECOND_OPINION_MAIL", format!("file:{}", self.directory.join("letters").display()))
            .envs(self.settings.iter().map(|(name, value)| (name, value)));
        Ok(command)
    }

    /// Runs a subcommand to its end; gives its output, or what it complained of.
    pub fn run(&self, arguments: &[&str], more: &[(&str, &str)]) -> anyhow::Result<String> {
        let done = self.program()?.args(arguments).envs(more.iter().copied()).stdin(Stdio::null()).output()?;
        if !done.status.success() {
            bail!("{}", String::from_utf8_lossy(&done.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    }

    /// Starts the server and waits until it is ready.
    pub fn start(&self) -> anyhow::Result<Server> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let begun = Instant::now();
        let child = self.program()?.arg("serve").stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let child = child.with_context(|| format!("{} cannot be run", self.command[0].display()))?;
        let mut server = Server { child, address: self.address, ready_after: Duration::ZERO };
        loop {
            if http::once(self.address, "GET", "/readyz", &[], "").is_ok_and(|answer| answer.status == 200) {
                server.ready_after = begun.elapsed();
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at its start ({status}); its log is {}", self.log().display());
            }
            if begun.elapsed() > Duration::from_mins(1) {
                bail!("the server was not ready within a minute; its log is {}", self.log().display());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Where the server writes its log.
    pub fn log(&self) -> PathBuf {
        self.directory.join("server.log")
    }
}

/// A server that runs; it is killed with the value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// How long it took from the start of the process until it was ready.
    pub ready_after: Duration,
}

impl Server {
    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Memory that it holds, in bytes; without the pages of its own code, which the system may drop at any time, and of which a debug binary has many.
    pub fn held(&self) -> anyhow::Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| -> anyhow::Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).with_context(|| format!("no {name}"))?;
            Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? << 10)
        };
        Ok(of("RssAnon")? + of("RssShmem")?)
    }

    /// Whether it still runs.
    pub fn lives(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL: the process does nothing more.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM to `process` (the server itself, or what it runs in), and how it ended.
    pub fn stop(mut self, process: u32) -> anyhow::Result<ExitStatus> {
        Command::new("kill").args(["-TERM", &process.to_string()]).status()?;
        let begun = Instant::now();
        while self.lives() {
            if begun.elapsed() > Duration::from_secs(30) {
                bail!("the server did not stop");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(self.child.wait()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.lives() {
            return;
        }
        // A server that runs under a tracer outlives it.
        for traced in postgres::children(self.child.id()) {
            let _ = Command::new("kill").args(["-KILL", &traced.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's program: `$BINARY`, else what cargo built beside this program (of which a test stands a directory deeper).
pub fn binary() -> anyhow::Result<PathBuf> {
    let path = if let Some(path) = std::env::var_os("BINARY") {
        PathBuf::from(path)
    } else {
        let this = std::env::current_exe()?;
        let directory = this.parent().filter(|directory| !directory.ends_with("deps")).or_else(|| this.parent()?.parent());
        directory.context("no directory of this program")?.join("second-opinion")
    };
    if path.is_file() { Ok(path) } else { bail!("no server at {}: cargo build -p api, or set BINARY", path.display()) }
}
