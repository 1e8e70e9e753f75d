//! The vocabulary: the fields of flow logs, the order of a line, protocol and service names, and
//! the values a field can hold. Knows nothing of files, questions or output.

mod cell;
mod derived;
mod enriched;
mod field;
mod flow_logs;
mod format;
pub mod iana;
mod list;
mod name;
mod span;
mod tcp_flags;
mod text;
mod time;
mod value;

pub use cell::{Cell, Heading, Record};
pub use derived::Derived;
pub use enriched::{Enriched, FILLED, INITIATORS, SCOPES, TRAFFIC_PATHS, YES_NO, filled_by, filled_from};
pub use field::{Field, Kind};
pub use flow_logs::FlowLogs;
pub(crate) use format::{BYTE_ORDER_MARK, tokens};
pub use format::{Format, FormatError, HeaderScan};
pub use list::{list, listed};
pub use name::{FieldName, closest};
pub use span::{parse_span, span_name};
pub use tcp_flags::{parse_tcp_flags, tcp_flag_names};
pub use text::{escape, is_hostile};
pub use time::parse_time;
pub use value::Value;
