//! `records`: the records themselves.

use super::{kinds_help, unique};
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::list::{Fields, Listing};
use crate::cli::messages::Messages;
use crate::cli::{Error, Status};
use crate::engine::Sort;
use crate::query::{Key, QueryError};
use crate::render::RowFormat;
use clap::ValueHint;

/// The matching records themselves, as they are read
///
/// Prints every record, NODATA and SKIPDATA records included, in the order of the input: files in
/// the order of their paths, lines as they stand there. The first rows come at once, and memory does
/// not grow with the input. Sorted by time, what exceeds 128 MB is sorted in a temporary file (in
/// TMPDIR, or /tmp).
///
/// -o ecs makes a document of every record as the aws.vpcflow pipeline of Elastic's AWS integration
/// does, with its community id, but without `-` for missing values, without empty objects, and without
/// the line itself (event.original). Fields without a place of their own stand under aws.vpcflow.
///
/// -o ocsf makes an event of OCSF 1.1.0 (network activity), the schema of Security Lake's source
/// version 2. Fields without a place stand under unmapped, and so does the interface where the log
/// does not say which side it is on. In both, account and region are those of the path where the log
/// has none.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = long_help())]
pub struct Records {
    /// Fields to show, separated by commas; all: every field that occurs, before those named [default: those of the log's own format]
    ///
    /// Tables, CSV, TSV and Markdown have the same columns for all records: the fields of all formats that
    /// up to 64 files, spread over the input, begin with; with all, those that any file begins with. In
    /// NDJSON, JSON and long, every record has the fields of its own format, unless fields are named;
    /// raw, ecs and ocsf leave no choice.
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = parse_field, value_hint = ValueHint::Other)]
    fields: Vec<Field>,

    /// Order of the records
    #[arg(long, value_name = "ORDER", default_value = "none", allow_hyphen_values = true)]
    sort: Order,

    /// Records to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    limit: usize,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags<RowFormat>,
}

const EXAMPLES: &str = "Examples:\n  \
    vpcflow records -n 20 logs/                              the first records\n  \
    vpcflow records -o ndjson logs/ | jq .src_ip             as JSON objects\n  \
    vpcflow records --fields start,src-ip,dst-port -o csv logs/\n  \
    vpcflow records --sort -time -n 5 -o long logs/          the latest five\n  \
    vpcflow records -o raw logs/ | vpcflow summary           as they were\n  \
    vpcflow records -o ecs logs/ > documents.ndjson          for Elasticsearch";

fn long_help() -> String {
    format!("{}\n{EXAMPLES}", kinds_help())
}

/// What `--fields` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    All,
    One(Key),
}

fn parse_field(text: &str) -> Result<Field, QueryError> {
    match text.trim() {
        all if all.eq_ignore_ascii_case("all") => Ok(Field::All),
        text => Key::parse(text).map(Field::One),
    }
}

/// What `--sort` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Order {
    /// That of the input
    None,
    /// The earliest start first
    Time,
    /// The latest start first
    #[value(name = "-time")]
    TimeDown,
}

impl Records {
    /// Prints the records.
    pub fn run(&self, messages: &Messages) -> Result<Status, Error> {
        Listing { fields: self.fields(), sort: self.sort.into(), limit: self.limit }.run(
            &self.input,
            &self.output,
            messages,
        )
    }

    fn fields(&self) -> Fields {
        let one = |field: &Field| match field {
            Field::All => None,
            Field::One(key) => Some(key.clone()),
        };
        let keys = unique(&self.fields.iter().filter_map(one).collect::<Vec<Key>>());
        match self.fields.contains(&Field::All) {
            true => Fields::All(keys),
            false if keys.is_empty() => Fields::Own,
            false => Fields::These(keys),
        }
    }
}

impl From<Order> for Sort {
    fn from(order: Order) -> Sort {
        match order {
            Order::None => Sort::None,
            Order::Time => Sort::Time,
            Order::TimeDown => Sort::TimeDown,
        }
    }
}
