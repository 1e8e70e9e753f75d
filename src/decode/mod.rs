//! Bytes become batches of typed columns. Only the columns that a question needs are made; whether
//! a line is a record never depends on them.

mod batch;
mod fill;
mod headers;
mod layout;
mod parquet;
mod parse;
#[cfg(target_arch = "x86_64")]
mod quads;
mod simd;
mod text;

pub use batch::{BadValue, Batch, Column, IpColumn, NumberColumn, Status, TextColumn};
pub use headers::{HeadersWithin, headers_within};
pub use parquet::{PartRead, Table, TableError, TableForm, TableReader};
pub use parse::{parse_ip, parse_number};
pub(crate) use simd::{Cpu, Work, dispatch};
pub use text::{Lines, Malformed, Sink, Stop, TextDecoder};

/// The loops behind the decoder, for the benchmarks.
#[doc(hidden)]
pub mod bench {
    pub use super::simd::Delimiters;
}
