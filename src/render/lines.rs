//! CSV and TSV.

use super::{Style, key};
use crate::report::{Report, plain};
use std::io::{self, Write};

/// RFC 4180 with a header row; quoted only where needed.
pub fn csv(report: &mut Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    separated(report, CSV, out)
}

/// Tabs between values and nothing quoted: values cannot hold tabs or newlines, which are escaped.
pub fn tsv(report: &mut Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    separated(report, TSV, out)
}

/// How values are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub separator: u8,
    pub quotes: bool,
}

pub const CSV: Dialect = Dialect { separator: b',', quotes: true };
pub const TSV: Dialect = Dialect { separator: b'\t', quotes: false };

impl Dialect {
    /// Appends a line of values, in which control characters are escaped already.
    pub fn line<T: AsRef<str>>(self, values: impl IntoIterator<Item = T>, out: &mut Vec<u8>) {
        let start = out.len();
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                out.push(self.separator);
            }
            self.value(value.as_ref().as_bytes(), out);
        }
        self.end(start, out);
    }

    /// Appends a value, quoted where that is needed.
    #[inline]
    pub fn value(self, value: &[u8], out: &mut Vec<u8>) {
        if !self.quotes || !value.iter().any(|b| matches!(b, b',' | b'"' | b'\r' | b'\n')) {
            return out.extend_from_slice(value);
        }
        out.push(b'"');
        for part in value.split_inclusive(|b| *b == b'"') {
            out.extend_from_slice(part);
            if part.ends_with(b"\"") {
                out.push(b'"');
            }
        }
        out.push(b'"');
    }

    /// Ends the line that begins at `start`. One of a single empty value is no blank line.
    #[inline]
    pub fn end(self, start: usize, out: &mut Vec<u8>) {
        if out.len() == start {
            out.extend_from_slice(b"\"\"");
        }
        out.push(b'\n');
    }
}

fn separated(report: &mut Report, dialect: Dialect, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    dialect.line(report.columns.iter().map(|column| key(&column.name)), &mut line);
    out.write_all(&line)?;
    report.each_row(|row| {
        line.clear();
        dialect.line(row.iter().map(plain), &mut line);
        out.write_all(&line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn csv_is_what_others_write(rows in proptest::collection::vec(proptest::collection::vec("[a,\"\r\n é]{0,6}", 1..4), 1..4)) {
            for dialect in [CSV, TSV] {
                let style = if dialect.quotes { csv::QuoteStyle::Necessary } else { csv::QuoteStyle::Never };
                let mut other = csv::WriterBuilder::new()
                    .delimiter(dialect.separator).quote_style(style).flexible(true).from_writer(Vec::new());
                let mut mine = Vec::new();
                for row in &rows {
                    other.write_record(row).expect("memory does not fail");
                    dialect.line(row, &mut mine);
                }
                prop_assert_eq!(&mine, &other.into_inner().expect("memory does not fail"));
            }
        }
    }
}
