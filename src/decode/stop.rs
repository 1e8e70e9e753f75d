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
                f.write_str("no header line, and ")?;
                match (several, odd) {
                    (true, _) => {
                        write!(f, "its first line has {fields} field{s}, as several formats of --flow-logs do")?
                    }
                    (_, true) => write!(f, "its first lines do not look like records of the default format")?,
                    _ => write!(f, "its first line has {fields} field{s}, not the 14 of the default format")?,
                }
                write!(f, " ('{seen}'); name its format with --log-format")
            }
            Stop::Foreign(name) => write!(f, "looks like {name}, not like a flow log"),
            Stop::Json(broken) => broken.fmt(f),
            Stop::Header { error, .. } => write!(f, "unusable header: {error}"),
        }
    }
}
