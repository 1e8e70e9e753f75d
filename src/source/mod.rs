//! Where bytes come from: finding files, opening them, unpacking them. Hands out blocks of whole
//! lines; knows nothing of what they say.

mod alike;
mod discover;
mod encoding;
mod facts;
mod gzip;
mod inflate;
mod lines;
mod map;
mod partition;
mod read;
mod stored;
mod unpack;

pub use alike::{Alike, alike};
pub use discover::{Discovery, Globs, Source, SourceError, discover, plain_error};
pub use facts::{Facts, Span};
pub use lines::Limits;
pub use map::Mapped;
pub use partition::{Filed, Partition};
pub use read::{Buffers, Ending, Read, patiently, read};
pub use stored::Stored;

/// What a reader hands its text to.
pub trait Blocks {
    /// A block of whole lines; the last one may lack its final newline. `false` to stop reading.
    fn block(&mut self, block: &[u8]) -> bool;
    /// A piece of JSON, cut anywhere. `false` to stop reading.
    fn piece(&mut self, piece: &[u8]) -> bool;
    /// A line of so many bytes was longer than the limit, and was not kept.
    fn too_long(&mut self, bytes: u64);
    /// The input was cut off, within a line if it consists of lines.
    fn cut_line(&mut self);
    /// So many bytes of the file have been used up since the last call.
    fn advance(&mut self, bytes: u64);
    /// Whether `block` or `piece` has asked to stop.
    fn stopped(&self) -> bool;
}

/// What is wrong with a source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Damage {
    #[error("{0}")]
    Unreadable(String),
    #[error("looks like {0}; vpcflow reads text, JSON and Parquet, and gzip of these")]
    Foreign(&'static str),
    #[error("empty (0 bytes): not a gzip file")]
    Empty,
    #[error(
        "truncated at byte {0} of the compressed data; what was whole is counted, the checksum could not be checked"
    )]
    Truncated(u64),
    #[error("checksum mismatch: its values may be wrong")]
    Checksum,
    #[error("damaged compressed data after {0} bytes of text: what was read of it may be wrong")]
    Corrupt(u64),
    #[error("changed while reading: only a part of it was read")]
    Changed,
    #[error("read error after byte {0}: {1}")]
    Io(u64, String),
    #[error("{} byte{} after the gzip end ignored", .0, if *.0 == 1 { "" } else { "s" })]
    Garbage(u64),
    #[error("named .gz, but not compressed: read as it is")]
    Misnamed,
    #[error("named as if it were not compressed, but gzip: unpacked")]
    Unnamed,
    #[error("unpacked to {} times its size ({unpacked} bytes), as no usual log is", unpacked / packed)]
    Inflated { packed: u64, unpacked: u64 },
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth saying, nothing is lost.
    Note,
    /// A part is lost or may be wrong.
    Partial,
    /// Nothing of it was read.
    Failed,
}

impl Damage {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Damage::Garbage(_) | Damage::Misnamed | Damage::Unnamed | Damage::Inflated { .. } => Severity::Note,
            Damage::Truncated(_) | Damage::Checksum | Damage::Corrupt(_) | Damage::Changed | Damage::Io(..) => {
                Severity::Partial
            }
            Damage::Unreadable(_) | Damage::Foreign(_) | Damage::Empty => Severity::Failed,
        }
    }
}
