//! One value of one record, borrowed: what lists of records are made of. `Value` is its owned twin.

use super::Kind;

/// A value in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    None,
    V4(u32),
    V6(u128),
    /// A network, by its first address.
    Network4(u32, u8),
    Network6(u128, u8),
    Number(u64),
    Protocol(u8),
    /// Seconds since the Unix epoch.
    Time(u64),
    /// Bytes of the log, UTF-8 or not; never empty.
    Text(&'a [u8]),
}

/// What stands above the values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The canonical name.
    pub name: String,
    pub kind: Kind,
}

/// A record to be shown: its cells, and where it was met.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    pub cells: &'a [Cell<'a>],
    /// The line as it was written, where that is what is shown.
    pub line: &'a [u8],
    /// The path of its file, and the number of its line there.
    pub path: &'a [u8],
    pub number: u64,
}
