//! Tools of the system that make things fail. Where one is missing, a test says so and leaves it.

use super::{Outcome, Vpcflow};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Says on standard error that something was left out.
pub fn skipped(why: &str) {
    _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// The signals that end what is started from here, and their numbers: under `nohup` and in the background of a
/// script some are ignored.
pub fn signals() -> impl Iterator<Item = (&'static str, i32)> {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    let is_ignored = move |number: i32| ignored.is_some_and(|set| set >> (number - 1) & 1 == 1);
    [("INT", 2), ("TERM", 15), ("HUP", 1)].into_iter().filter(move |(_, number)| !is_ignored(*number))
}

/// Whether a command runs and ends well.
pub fn works(words: &[&str]) -> bool {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Whether system calls can be made to fail.
pub fn strace() -> bool {
    static WORKS: OnceLock<bool> = OnceLock::new();
    let works = *WORKS.get_or_init(|| works(&["strace", "-f", "-qq", "-o", "/dev/null", "true"]));
    if !works {
        skipped("strace is not installed, or may not trace");
    }
    works
}

/// Whether limits can be set.
pub fn prlimit() -> bool {
    let works = works(&["prlimit", "--nofile=100", "true"]);
    if !works {
        skipped("prlimit is not installed");
    }
    works
}

/// A run under strace.
pub struct Traced {
    pub outcome: Outcome,
    /// What strace wrote down.
    pub calls: String,
}

impl Traced {
    /// How many calls were made to fail.
    pub fn injected(&self) -> usize {
        self.calls.matches("(INJECTED)").count()
    }
}

/// Runs under strace, which traces the calls named, and makes some fail: `read:error=EIO:when=3`. Only those
/// on `paths`, if there are any.
pub fn trace(
    run: Vpcflow,
    calls: &str,
    inject: Option<&str>,
    paths: impl IntoIterator<Item = impl AsRef<Path>>,
) -> Traced {
    let notes = tempfile::NamedTempFile::new().expect("a file");
    let mut words = vec!["strace".into(), "-f".into(), "-qq".into(), "-o".into()];
    words.push(notes.path().as_os_str().to_os_string());
    words.push(format!("--trace={calls}").into());
    words.extend(inject.map(|inject| format!("--inject={inject}").into()));
    for path in paths {
        words.extend(["-P".into(), path.as_ref().as_os_str().to_os_string()]);
    }
    let outcome = run.under(words).outcome();
    let calls = String::from_utf8_lossy(&fs::read(notes.path()).expect("notes")).into_owned();
    Traced { outcome, calls }
}
