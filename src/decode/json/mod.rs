//! Takes flow log lines out of JSON: outputs of the AWS CLI, subscription payloads, Lambda events,
//! Firehose objects, what log shippers and databases write.
//!
//! A form is told by its keys, whatever their order. The text is read as a stream: a little state
//! stands for the arrays and objects around, and of what is inside, one message is held at a time.
//! Objects mostly look like the one before, so that their shape is predicted; see `shape`.

mod held;
mod inner;
mod keys;
mod level;
mod output;
mod packed;
mod reader;
mod records;
mod scan;
mod shape;
mod unescape;
pub mod values;

#[cfg(test)]
mod tests;

pub use super::form::Form;
use crate::schema::FieldName;
pub use reader::JsonReader;

/// Takes what was unwrapped.
pub trait Unwrap {
    /// Lines of flow log text, each ending in a newline, many at a time. `false` to stop reading.
    fn lines(&mut self, lines: &[u8]) -> bool;
    /// What the following lines are: before the first of them, and at every change.
    fn context(&mut self, context: &Context<'_>);
    /// A message, an object or a row that is no record and cannot be one.
    fn malformed(&mut self, why: &'static str);
}

/// What lines are and where they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    pub form: Form,
    /// The log group of CloudWatch, where the JSON names it before the lines.
    pub log_group: Option<&'a str>,
    pub columns: Columns,
}

/// The fields of lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Columns {
    /// The lines are messages as they were logged.
    Logged,
    /// The message as it was logged, and these fields behind it, `-` where one is missing.
    And(Vec<FieldName>),
    /// The lines hold just these fields.
    These(Vec<FieldName>),
}

/// How much is held at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest message, or the longest kept values of an object together, in bytes.
    pub message: usize,
    /// Lines are handed over when there are so many bytes of them.
    pub gather: usize,
    /// The most that one string of packed data may be when it is unpacked, in bytes.
    pub unpacked: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { message: 1 << 20, gather: 64 << 10, unpacked: 64 << 20 }
    }
}

/// Why JSON cannot be read on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Broken {
    #[error("not JSON at byte {offset}: {expected} expected; what follows is not counted")]
    Syntax { offset: u64, expected: &'static str },
    #[error("the JSON is cut off at byte {offset}; what was whole is counted")]
    Cut { offset: u64 },
    #[error("JSON nested too deeply at byte {offset}")]
    TooDeep { offset: u64 },
    #[error("packed data at byte {offset} is more than {limit} bytes when unpacked")]
    TooLarge { offset: u64, limit: u64 },
    #[error("looks like {0}, not like flow logs")]
    Foreign(&'static str),
    #[error("JSON of no known form ({keys}); flow logs come as messages, log events, or objects whose keys are fields")]
    Unknown { keys: String },
}
