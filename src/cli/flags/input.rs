//! What to read, and how.

use super::{EnrichFlags, FilterFlags};
use crate::cli::budget::parse as parse_memory;
use crate::schema::{FlowLogs, Format, FormatError};
use crate::source::plain_error;
use clap::ValueHint;
use std::path::PathBuf;
use std::sync::Arc;

/// Options about the input.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Input")]
pub struct InputFlags {
    /// Files, directories (walked; hidden files are left out), or - for standard input
    ///
    /// Without one: standard input if it is a pipe, a file or a socket; else the current directory.
    /// Text, JSON, Parquet and gzip of these are told apart by content, never by name.
    #[arg(value_name = "PATH", help_heading = None, value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,

    /// Format of text without a header line: v2 (the default), v5, tgw, field names, or '${version} ...'
    ///
    /// v2 is AWS's default format of 14 fields, v5 the 29 fields of versions 2 to 5 in AWS's order
    /// (v3, v4, v7 to v11 likewise), tgw the 36 fields of transit gateways. A header line in a file always
    /// wins for that file.
    #[arg(long, value_name = "FMT", value_parser = parse_format, value_hint = ValueHint::Other)]
    pub log_format: Option<Format>,

    /// What `aws ec2 describe-flow-logs` printed: the formats of text without a header line
    ///
    /// A format is found by the flow log's id in the name of a file, by the log group in the JSON of
    /// CloudWatch, or else by the number of fields. With --log-format, that holds for what FILE does not tell.
    #[arg(long, value_name = "FILE", value_parser = parse_flow_logs, value_hint = ValueHint::FilePath)]
    pub flow_logs: Option<Arc<FlowLogs>>,

    /// Read only files whose path below PATH matches (may be given again)
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,

    /// Leave out files whose path below PATH matches (may be given again)
    ///
    /// A pattern without a / is matched against the name, one with a / against the whole path below
    /// PATH; * does not cross a /, ** does.
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Follow symbolic links in directories
    #[arg(long)]
    pub follow: bool,

    /// Count records that repeat another once: of overlapping flow logs, or delivered twice
    ///
    /// AWS delivers some records more than once, and two flow logs of the same interface bring every
    /// record twice. Records are duplicates if all their fields have the same values, in the same file
    /// or in another; of those that match the filters, the first counts. Records that lack interface-id,
    /// start or end, and those that end at another time than the path of their file tells (see
    /// --lateness), cannot be compared: they count, and a note says so. All fields are read for it. Where
    /// paths tell the time, as in AWS's buckets, memory does not grow with the input; else it takes 20 to
    /// 35 bytes for every record.
    #[arg(long)]
    pub dedup: bool,

    /// Worker threads (default: one per processor)
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Memory that the run may take, about: 256M, 2GB (default: half of the machine's, or of the limit it runs under)
    ///
    /// Groups and rows that do not fit are kept in temporary files (TMPDIR names where) and the answer stays
    /// exact. About 64 MB are taken in any case. What cannot be kept in files ends the run with status 2: the
    /// different texts among the keys, the addresses that one interface talked to (interfaces), and the records
    /// that --dedup compares.
    #[arg(long, value_name = "SIZE", value_parser = parse_memory, value_hint = ValueHint::Other)]
    pub max_memory: Option<u64>,

    #[command(flatten)]
    pub filter: FilterFlags,
    #[command(flatten)]
    pub enrich: EnrichFlags,
}

fn parse_flow_logs(path: &str) -> Result<Arc<FlowLogs>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| plain_error(&error))?;
    FlowLogs::parse(&text).map(Arc::new)
}

fn parse_format(text: &str) -> Result<Format, FormatError> {
    Format::parse(text)
}
