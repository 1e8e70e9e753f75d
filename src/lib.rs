//! vpcflow answers questions about AWS VPC flow logs.
//!
//! Data flows one way: `source` finds and unpacks files, `decode` makes batches of typed columns,
//! `enrich` makes further columns from those, `query` groups and measures them, `engine` runs that on
//! every processor and keeps the account, `analysis` looks at series of its numbers, `report` is the
//! answer, and `render` writes it. `schema` is the vocabulary of all.

pub mod analysis;
pub mod anonymize;
pub mod cli;
pub mod decode;
pub mod engine;
pub mod enrich;
pub mod query;
pub mod render;
pub mod report;
pub mod schema;
pub mod source;
