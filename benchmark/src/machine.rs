//! What processes use, from `/proc` (proc(5)).

use anyhow::Context as _;

/// Clock ticks in a second; Linux fixes it for what it tells programs.
const TICKS: f64 = 100.0;

/// Seconds that these processes spent on cores, for themselves and for children that have ended.
pub(crate) fn cpu_seconds(processes: &[u32]) -> f64 {
    let ticks = |id: &u32| -> Option<f64> {
        let text = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // After the name: state is the first field, utime the 12th, then stime, cutime, cstime.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().skip(11).take(4).collect();
        fields.iter().map(|field| field.parse::<f64>().ok()).sum()
    };
    processes.iter().filter_map(ticks).sum::<f64>() / TICKS
}

/// Memory of a process that is resident, in megabytes (2²⁰ bytes).
pub(crate) fn resident(process: u32) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib / 1024.0)
}

/// The machine in a few words.
pub(crate) fn words() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).map_or("", |rest| rest.trim_start_matches(['\t', ' ', ':']));
    let memory = read("/proc/meminfo");
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).map_or("", str::trim);
    let busy = read("/proc/loadavg");
    let busy = busy.split(' ').next().unwrap_or_default();
    format!("{cores} cores ({model}), memory {memory}, load at the start {busy}")
}
