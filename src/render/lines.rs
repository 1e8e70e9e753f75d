//! CSV and TSV.

use super::{Style, key};
use crate::report::{Report, plain};
use std::io::{self, Write};

/// RFC 4180 with a header row; quoted only where needed.
pub fn csv(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    separated(report, b',', csv::QuoteStyle::Necessary, out)
}

/// Tabs between values and nothing quoted: values cannot hold tabs or newlines, which are escaped.
pub fn tsv(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    separated(report, b'\t', csv::QuoteStyle::Never, out)
}

fn separated(report: &Report, delimiter: u8, quotes: csv::QuoteStyle, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(quotes).from_writer(out);
    writer.write_record(report.columns.iter().map(|column| key(&column.name))).map_err(io_error)?;
    for row in &report.rows {
        writer.write_record(row.iter().map(plain)).map_err(io_error)?;
    }
    writer.flush()
}

/// The error beneath, with its kind: a closed pipe is told by it.
fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
