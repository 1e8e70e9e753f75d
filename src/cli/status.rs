//! Exit statuses: a contract with scripts.

use std::process::ExitCode;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Done; an empty result is a result.
    Done = 0,
    /// Done, and the condition of `--fail-if` holds.
    Failed = 1,
    /// A bad option or no such path, and nothing was read; or the result could not be written.
    Usage = 2,
    /// Results are printed, but some input could not be read whole (with `--strict`: or a line
    /// was malformed).
    Incomplete = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}
