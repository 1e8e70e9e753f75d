//! What is written, and where it is said how it went.

use crate::render::{Format, ROW_FORMATS, RowFormat};
use clap::builder::PossibleValue;
use clap::{ValueEnum, builder::EnumValueParser};

/// Options about the output, in one of the formats `F`.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputFlags<F: ValueEnum + Clone + Send + Sync + 'static = Format> {
    /// Format of the result
    #[arg(short, long, value_name = "FORMAT", default_value = "table", value_parser = EnumValueParser::<F>::new())]
    pub output: F,

    /// Exact numbers in tables, instead of 1.2 GB
    #[arg(long)]
    pub raw: bool,

    /// No formulas for spreadsheets: in CSV and TSV, text that begins with = + - @ gets a ' before it
    ///
    /// Whoever can choose a name that stands in a log could otherwise have the spreadsheet of whoever opens the
    /// result compute something. Numbers, addresses and times stay as they are.
    #[arg(long)]
    pub csv_safe: bool,

    /// Colour; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: When,

    #[command(flatten)]
    pub account: AccountFlags,
}

/// Options about what is said of the run, on standard error.
#[derive(clap::Args, Debug)]
pub struct AccountFlags {
    /// Progress on standard error; auto: when that is a terminal
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub progress: When,

    /// The account of every line read, on standard error
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub stats: Option<StatsForm>,

    /// No warnings, not even about files that could not be read
    #[arg(short, long)]
    pub quiet: bool,

    /// A malformed line makes the exit status 3
    #[arg(long)]
    pub strict: bool,
}

/// When to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

/// The form of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatsForm {
    Text,
    Json,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        use Format::*;
        &[Table, Csv, Tsv, Ndjson, Json, Markdown]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.doc()))
    }
}

impl ValueEnum for RowFormat {
    fn value_variants<'a>() -> &'a [Self] {
        &ROW_FORMATS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.doc()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_can_be_asked_for() {
        assert!(Format::all().eq(Format::value_variants().iter().copied()));
        assert!(Format::all().all(|format| ROW_FORMATS.contains(&RowFormat::As(format))));
    }
}
