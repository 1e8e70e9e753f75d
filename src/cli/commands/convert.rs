//! `convert`: records as files of another form.

use super::{kinds_help, parse_key, unique};
use crate::cli::convert::{Conversion, Disguise, To};
use crate::cli::flags::{AccountFlags, InputFlags};
use crate::cli::messages::Messages;
use crate::cli::{Error, Status};
use crate::query::Key;
use crate::render::parquet::Codec;
use crate::render::{Format, RowFormat, Style};
use clap::builder::PossibleValue;
use clap::{ValueEnum, ValueHint};
use std::path::PathBuf;
use std::sync::Arc;

/// The matching records as Parquet, CSV, NDJSON, documents or lines, in a file or a directory of files
///
/// Every record is converted, NODATA and SKIPDATA records included, in the order of the input: files in
/// the order of their paths, lines as they stand there. Nothing has its final name before all of it is
/// written: what ends early, leaves nothing behind.
///
/// Parquet has the column names and types of AWS's own Parquet files, whatever form the records come
/// in: srcaddr, start in seconds, protocol as a number, null for no value. All columns of all files
/// are there; fields that vpcflow does not know are text. Row groups of 250,000 records, sorted by
/// start, let readers skip what is of another time.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES, after_long_help = long_help())]
pub struct Convert {
    /// What the records become
    #[arg(long, value_name = "FORMAT")]
    to: Form,

    /// File, or directory (that is, or ends in /): empty, or not there yet
    ///
    /// A file that is there is replaced when all is written. A directory gets files of at most five
    /// million records: part-00001.parquet and so on.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    out: PathBuf,

    /// Folders for account, region and day, named as AWS names them
    ///
    /// Such as aws-account-id=.../aws-service=vpcflowlogs/aws-region=.../year=2026/month=03/day=15. The day is that of the record's end (UTC). Records that do not tell account or region are kept
    /// by those that the path of their file tells. What is not known is __HIVE_DEFAULT_PARTITION__.
    #[arg(long, value_name = "HOW", default_value = "none")]
    partition: Partition,

    /// Compression [default: zstd for Parquet; for text gzip if --out ends in .gz, else none]
    #[arg(long, value_name = "CODEC")]
    codec: Option<Compression>,

    /// Fields to convert, separated by commas [default: every field that occurs]
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = parse_key, value_hint = ValueHint::Other)]
    fields: Vec<Key>,

    /// No formulas for spreadsheets: in CSV, text that begins with = + - @ gets a ' before it
    #[arg(long, help_heading = "Output")]
    csv_safe: bool,

    /// Replace addresses, accounts, ids and names, under the key in this file
    ///
    /// KEYFILE holds 32 bytes, or 64 hexadecimal digits: (umask 077; openssl rand -hex 32 > key). The same
    /// key replaces the same by the same, in every run; whoever has it can undo that. Addresses are replaced
    /// by Crypto-PAn: those of one network stay in one network, whatever its size, but it is another, and
    /// private addresses do not stay private. Accounts become other accounts, ids other ids (eni-...), and
    /// in ARNs the same; names, tags and fields that vpcflow does not know become anon-.... Ports, protocols,
    /// counts, times, actions, regions, zone ids and names of AWS services stay, and so do the answers to
    /// questions about them.
    #[arg(long, value_name = "KEYFILE", value_hint = ValueHint::FilePath)]
    anonymize: Option<PathBuf>,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten, next_help_heading = "Output")]
    pub account: AccountFlags,
}

const EXAMPLES: &str = "Examples:\n  \
    vpcflow convert --to parquet --out flows.parquet logs/\n  \
    vpcflow convert --to parquet --partition hive --out lake/ logs/\n  \
    vpcflow convert --to csv --out rejects.csv.gz --action REJECT logs/\n  \
    vpcflow convert --to ndjson --fields start,src-ip,dst-port --out flows.ndjson logs/\n  \
    vpcflow convert --to raw --anonymize key --out shared.log.gz logs/";

fn long_help() -> String {
    format!("{}\n{EXAMPLES}", kinds_help())
}

/// The forms: name, ending of files, what they are for. `None` is Parquet.
const FORMS: [(Form, &str, &str, Option<RowFormat>, &str); 6] = [
    (Form::Parquet, "parquet", "parquet", None, "columns with AWS's names and types, for DuckDB, Athena and such"),
    (Form::Csv, "csv", "csv", Some(RowFormat::As(Format::Csv)), "RFC 4180, with a header row"),
    (Form::Ndjson, "ndjson", "ndjson", Some(RowFormat::As(Format::Ndjson)), "one JSON object a record"),
    (
        Form::Raw,
        "raw",
        "log",
        Some(RowFormat::Raw),
        "the original lines, with the header lines that make them a log again",
    ),
    (Form::Ecs, "ecs", "ndjson", Some(RowFormat::Ecs), "documents in Elastic Common Schema, one a line"),
    (Form::Ocsf, "ocsf", "ndjson", Some(RowFormat::Ocsf), "OCSF network activity events, one a line"),
];

/// What `--to` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Parquet,
    Csv,
    Ndjson,
    Raw,
    Ecs,
    Ocsf,
}

impl Form {
    fn row(self) -> &'static (Form, &'static str, &'static str, Option<RowFormat>, &'static str) {
        FORMS.iter().find(|row| row.0 == self).expect("every form is in the table")
    }
}

impl ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Self] {
        &[Form::Parquet, Form::Csv, Form::Ndjson, Form::Raw, Form::Ecs, Form::Ocsf]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.row().1).help(self.row().4))
    }
}

/// What `--partition` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Partition {
    /// One folder
    None,
    /// Folders for account, region and day
    Hive,
}

/// What `--codec` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Compression {
    /// Only for Parquet
    Zstd,
    /// Only for Parquet
    Snappy,
    Gzip,
    None,
}

impl Convert {
    /// Converts the records.
    pub fn run(&self, messages: &Messages) -> Result<Status, Error> {
        let (_, name, ending, format, _) = *self.to.row();
        if format.is_some_and(|format| format.is_line() || format.is_document()) && !self.fields.is_empty() {
            let why = "keeps whole records, so that --fields has nothing to choose; leave one of them out";
            return Err(Error::Usage(format!("--to {name} {why}")));
        }
        let to = match format {
            None => To::Parquet(self.codec()),
            Some(format) => To::Rows { format, gzip: self.gzip()? },
        };
        let gzip = matches!(to, To::Rows { gzip: true, .. });
        let ending = if gzip { format!("{ending}.gz") } else { ending.to_string() };
        let conversion = Conversion {
            to,
            ending: &ending,
            out: &self.out,
            partitioned: self.partition == Partition::Hive,
            fields: (!self.fields.is_empty()).then(|| unique(&self.fields)),
            style: Style { csv_safe: self.csv_safe, ..Style::default() },
            disguise: self.anonymize.as_deref().map(Disguise::read).transpose()?.map(Arc::new),
        };
        conversion.run(&self.input, &self.account, messages)
    }

    fn codec(&self) -> Codec {
        match self.codec {
            None | Some(Compression::Zstd) => Codec::Zstd,
            Some(Compression::Snappy) => Codec::Snappy,
            Some(Compression::Gzip) => Codec::Gzip,
            Some(Compression::None) => Codec::None,
        }
    }

    /// Whether text is compressed.
    fn gzip(&self) -> Result<bool, Error> {
        match self.codec {
            None => Ok(self.out.extension().is_some_and(|ending| ending == "gz")),
            Some(Compression::Gzip) => Ok(true),
            Some(Compression::None) => Ok(false),
            Some(Compression::Zstd | Compression::Snappy) => {
                Err(Error::Usage("--codec: text is compressed by gzip, or not at all (none)".into()))
            }
        }
    }
}
