//! Records as Parquet, with the column names and types of AWS's own files. Workers encode rows
//! (`RowEncoder`); so many of them, in the order of the input, are a `Group`, which any thread sorts by
//! start and packs into columns; a `FileWriter` puts the groups together.
//!
//! Columns are encoded here (dictionaries, runs, pages), not by the writer of the crate, which takes
//! every value by itself; the layout of the file, its headers and its footer are the crate's.

mod column;
mod dictionary;
mod file;
mod group;
mod hybrid;
mod page;
mod row;
mod schema;

pub use file::FileWriter;
pub use group::{Group, Packed};
pub use row::RowEncoder;
pub use schema::{Codec, Schema};
