//! Bytes become batches of typed columns. Only the columns that a question needs are made; whether
//! a line is a record never depends on them.

mod assumed;
mod batch;
mod beginning;
mod blanks;
mod decoder;
mod dress;
mod fill;
mod form;
#[doc(hidden)]
pub mod fuzzing;
mod headers;
pub mod json;
mod layout;
mod neighbours;
mod network;
mod parquet;
mod parse;
#[cfg(target_arch = "x86_64")]
mod prefetch;
mod quads;
mod simd;
mod stop;
mod text;

pub use assumed::Said;
pub use batch::{BadValue, Batch, Column, IpColumn, NO_WORD, NumberColumn, Status, TextColumn};
pub use decoder::Decoder;
pub use form::Form;
pub use headers::{HeadersWithin, headers_within};
pub use json::Broken;
pub use network::Network;
pub use parquet::{PartRead, Table, TableError, TableForm, TableReader};
pub use parse::{parse_ip, parse_number};
pub use prefetch::prefetch;
pub(crate) use simd::{Cpu, Work, dispatch};
pub use stop::Stop;
pub use text::{Lines, MAX_LINE, Malformed, Sink, TextDecoder};

/// The loops behind the decoder, for the benchmarks.
#[doc(hidden)]
pub mod bench {
    pub use super::simd::Delimiters;
}
