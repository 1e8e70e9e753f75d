//! Why a source cannot be decoded, or not to its end.

use super::json::Broken;
use crate::schema::FormatError;

/// Why decoding cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// No header, and the lines do not fit a format that is assumed.
    NoFormat {
        /// Fields of the first line.
        fields: usize,
        /// As many as an assumed format has, but it does not look like one of it.
        odd: bool,
        /// As many as several formats have that the user has given.
        several: bool,
        /// How the first line begins.
        seen: String,
    },
    /// Something else than a flow log.
    Foreign(&'static str),
    /// Nothing can be read before, or behind, a place in JSON.
    Json(Broken),
    Header {
        line: u64,
        error: FormatError,
    },
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::NoFormat { fields, odd, several, seen } => {
                let s = if *fields == 1 { "" } else { "s" };
                write!(f, "no header line, and its first line ('{seen}', {fields} field{s}) ")?;
                match (several, odd) {
                    (true, _) => write!(f, "is as long as several formats of --flow-logs")?,
                    (_, true) => write!(f, "does not look like a record of the default format")?,
                    _ => write!(f, "is not as long as a record of the default format (14)")?,
                }
                f.write_str("; name its format with --log-format, or give --flow-logs FILE")
            }
            Stop::Foreign(name) => write!(f, "looks like {name}, not like a flow log"),
            Stop::Json(broken) => broken.fmt(f),
            Stop::Header { error, .. } => write!(f, "unusable header: {error}"),
        }
    }
}
