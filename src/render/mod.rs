//! A report becomes text. One table of formats; one file for each family.

mod boxes;
mod counts;
mod json;
mod lines;
mod paint;
pub mod parquet;
mod rows;
mod table;
mod trend;

pub use rows::{Encoder, ROW_FORMATS, RowFormat, Writer};
pub use trend::sparkline;

use crate::report::Report;
use std::io::{self, Write};

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Csv,
    Tsv,
    Ndjson,
    Json,
    Markdown,
}

type Renderer = fn(&mut Report, &Style, &mut dyn Write) -> io::Result<()>;

/// The one table of formats.
const FORMATS: [(Format, &str, &str, Renderer); 6] = [
    (Format::Table, "table", "for people: human units, bars, fitted to the terminal", table::table),
    (Format::Csv, "csv", "RFC 4180, with a header row", lines::csv),
    (Format::Tsv, "tsv", "tabs between values, with a header row", lines::tsv),
    (Format::Ndjson, "ndjson", "one JSON object a row", json::ndjson),
    (Format::Json, "json", "an array of the same objects", json::json),
    (Format::Markdown, "markdown", "a table for issues, pull requests and job summaries", table::markdown),
];

/// What the place of output allows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Columns of the terminal; `None` for no limit.
    pub width: Option<usize>,
    pub color: bool,
    /// Exact numbers in tables, too.
    pub raw: bool,
    /// Nothing in CSV or TSV that a spreadsheet takes for a formula.
    pub csv_safe: bool,
}

impl Format {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Format> {
        FORMATS.iter().map(|row| row.0)
    }

    fn row(self) -> &'static (Format, &'static str, &'static str, Renderer) {
        FORMATS.iter().find(|row| row.0 == self).expect("every format is in the table")
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        self.row().1
    }

    /// What it is for.
    pub fn doc(self) -> &'static str {
        self.row().2
    }
}

/// Writes a report, and uses up rows that are not in memory.
pub fn render(report: &mut Report, format: Format, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    format.row().3(report, style, out)
}

/// A column's name as CSV and JSON write it.
fn key(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
