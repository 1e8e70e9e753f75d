//! Runs the program on more input than memory holds, and reads from the kernel the most that it ever held.

use super::vpcflow;
use std::fs;
use std::io::{Read, Write};
use std::process::Child;
use std::time::Duration;

/// What came of a run.
pub struct Held {
    /// The most memory, in KiB.
    pub most: u64,
    /// All of the input was taken.
    pub whole: bool,
    pub stderr: String,
}

impl Held {
    /// Pipes the pieces into the program, one after another.
    pub fn by<'p>(question: &str, pieces: impl IntoIterator<Item = &'p [u8]>) -> Held {
        let mut child = vpcflow(question).stdin_pipe().spawn();
        let mut pipe = child.stdin.take().expect("a pipe");
        let mut most = None;
        let whole = pieces.into_iter().all(|piece| {
            // Before it has read this, the program cannot be at its end.
            most = most.max(peak(&child));
            pipe.write_all(piece).is_ok()
        });
        drop(pipe);
        while child.try_wait().expect("a child").is_none() {
            most = most.max(peak(&child));
            std::thread::sleep(Duration::from_millis(1));
        }
        let mut stderr = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut stderr).expect("text");
        Held { most: most.expect("the program ran"), whole, stderr }
    }

    /// A count of the account that was asked for with `--stats=json`.
    pub fn count(&self, name: &str) -> u64 {
        let line = self.stderr.lines().last().unwrap_or_default();
        let account: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {}", self.stderr));
        account[name].as_u64().expect("a count")
    }
}

/// The most memory that a process ever held, in KiB; `None` if it is gone.
fn peak(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
