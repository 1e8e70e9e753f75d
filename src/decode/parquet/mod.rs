//! Parquet files become batches, a row group at a time.
//!
//! The footer and the pages are read here, and not by the `parquet` crate (which writes files, and
//! reads none): a dictionary is converted once and not for every row, memory stays bounded by a page
//! to a column, and no bytes whatsoever end the program, as they do where a length is taken on trust.

mod column;
mod convert;
mod delta;
mod footer;
mod lines;
mod ocsf;
mod pages;
mod reader;
mod rows;
mod runs;
mod stream;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod thrift;
mod unpack;

pub use reader::{PartRead, TableReader};
pub use table::{Table, TableForm};

/// What is wrong with some bytes, in a few words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Damaged(&'static str);

/// Why a Parquet file, or a row group of it, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum TableError {
    #[error("no Parquet file")]
    NotParquet,
    #[error("Parquet footer damaged: {0}")]
    Footer(&'static str),
    #[error("several Parquet files, one behind the other; they have to be files of their own")]
    Several,
    #[error("the Parquet file is encrypted; it has to be decrypted first")]
    Encrypted,
    #[error("no flow log column in it; its columns are {0}")]
    NoFields(String),
    #[error("its columns cannot be told apart: {0}")]
    Columns(String),
    #[error("column {column} is nested; a column of flow logs holds plain values")]
    Nested { column: String },
    #[error("OCSF class {0}, not network activity (4001)")]
    OcsfClass(String),
    #[error("column {column}: codec {codec} is not supported; gzip, snappy, zstd and none are")]
    Codec { column: String, codec: &'static str },
    #[error("column {column} damaged: {reason}")]
    Column { column: String, reason: &'static str },
    #[error("{0} rows, but no column to count them by")]
    Rows(u64),
}
