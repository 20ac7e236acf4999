//! A private `PostgreSQL` of `scripts/postgres`, with all its syncs on, that can be killed and started again.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// The server; it is stopped and removed with the value.
#[derive(Debug)]
pub struct Postgres {
    directory: PathBuf,
    /// The URL of its database.
    pub url: String,
}

impl Postgres {
    /// Starts one in `directory`, which must not exist yet.
    pub fn start(directory: &Path) -> anyhow::Result<Self> {
        Self::start_with(directory, "")
    }

    /// Starts one with more settings, such as `-c fsync=off`.
    pub fn start_with(directory: &Path, settings: &str) -> anyhow::Result<Self> {
        let url = script("start", directory, settings)?;
        Ok(Self { directory: directory.to_owned(), url })
    }

    /// SIGKILL to all its processes at once, as when the machine dies, and waits until they are gone.
    pub fn kill(&self) -> anyhow::Result<usize> {
        let processes = self.processes()?;
        let ids: Vec<String> = processes.iter().map(u32::to_string).collect();
        // The postmaster first: it would end its children more gently.
        Command::new("kill").arg("-KILL").args(&ids).stderr(Stdio::null()).status()?;
        let begun = Instant::now();
        while processes.iter().any(|id| lives(*id)) {
            if begun.elapsed() > Duration::from_secs(10) {
                bail!("PostgreSQL's processes do not end");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(ids.len())
    }

    /// Starts it again on what it left behind.
    pub fn again(&self) -> anyhow::Result<()> {
        script("again", &self.directory, "").map(drop)
    }

    /// The postmaster and its children, the postmaster first.
    pub fn processes(&self) -> anyhow::Result<Vec<u32>> {
        let postmaster = self.postmaster()?;
        let mut found = vec![postmaster];
        found.extend(children(postmaster));
        Ok(found)
    }

    /// The process of the postmaster.
    pub fn postmaster(&self) -> anyhow::Result<u32> {
        let text = std::fs::read_to_string(self.directory.join("pid"))?;
        text.trim().parse().context("PostgreSQL's process id")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = script("stop", &self.directory, "");
    }
}

/// The processes that a process started and that are still there.
pub fn children(process: u32) -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| parent(*id) == Some(process)).collect()
}

/// Who traces a process.
pub fn tracer(process: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("TracerPid:"))?;
    line.trim().parse().ok()
}

fn script(verb: &str, directory: &Path, settings: &str) -> anyhow::Result<String> {
    let mut command = Command::new(crate::root().join("scripts/postgres"));
    let done =
        command.arg(verb).arg(directory).env("POSTGRES_SETTINGS", settings).stdin(Stdio::null()).output().context("scripts/postgres")?;
    if !done.status.success() {
        bail!("{}", String::from_utf8_lossy(&done.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
}

/// The field after the name in `/proc/ID/stat` (proc(5)): state first, then the parent.
fn fields(id: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = text.rsplit_once(')')?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

fn parent(id: u32) -> Option<u32> {
    fields(id)?.get(1)?.parse().ok()
}

/// Whether a process is there and more than a name.
fn lives(id: u32) -> bool {
    fields(id).is_some_and(|fields| fields.first().is_some_and(|state| state != "Z"))
}
