//! CSV and TSV.

use super::{Style, key};
use crate::report::{Report, plain};
use crate::schema::Value;
use std::io::{self, Write};

/// RFC 4180 with a header row; quoted only where needed.
pub fn csv(report: &mut Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    separated(report, CSV.safe(style), out)
}

/// Tabs between values and nothing quoted: values cannot hold tabs or newlines, which are escaped.
pub fn tsv(report: &mut Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    separated(report, TSV.safe(style), out)
}

/// How values are kept apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub separator: u8,
    pub quotes: bool,
    /// Text that a spreadsheet would take for a formula is marked as text.
    pub safe: bool,
}

pub const CSV: Dialect = Dialect { separator: b',', quotes: true, safe: false };
pub const TSV: Dialect = Dialect { separator: b'\t', quotes: false, safe: false };

/// Spreadsheets take what begins with these for a formula.
const FORMULA: &[u8] = b"=+-@\t\r";

impl Dialect {
    /// The same as the style wants it.
    pub fn safe(self, style: &Style) -> Dialect {
        Dialect { safe: style.csv_safe, ..self }
    }

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

    /// Appends text of the log, in which control characters are escaped already.
    #[inline]
    pub fn text(self, text: &[u8], out: &mut Vec<u8>) {
        match text.first() {
            Some(first) if self.safe && FORMULA.contains(first) => self.value(&[b"'", text].concat(), out),
            _ => self.value(text, out),
        }
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
        for (i, value) in row.iter().enumerate() {
            if i > 0 {
                line.push(dialect.separator);
            }
            let shown = plain(value);
            match value {
                Value::Text(_) | Value::Counts(_) => dialect.text(shown.as_bytes(), &mut line),
                _ => dialect.value(shown.as_bytes(), &mut line),
            }
        }
        dialect.end(0, &mut line);
        out.write_all(&line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_no_formula_where_that_is_asked_for() {
        for dialect in [CSV, TSV] {
            let safe = dialect.safe(&Style { csv_safe: true, ..Style::default() });
            for (text, expected) in [
                ("=1+1", "'=1+1"),
                ("+1", "'+1"),
                ("-1", "'-1"),
                ("@SUM(A1)", "'@SUM(A1)"),
                ("\tx", "'\tx"),
                ("'=1", "'=1"),
                ("a=1", "a=1"),
                ("", ""),
            ] {
                let mut out = [Vec::new(), Vec::new()];
                dialect.text(text.as_bytes(), &mut out[0]);
                safe.text(text.as_bytes(), &mut out[1]);
                assert_eq!(out, [text.as_bytes(), expected.as_bytes()]);
            }
        }
        let mut out = Vec::new();
        CSV.safe(&Style { csv_safe: true, ..Style::default() }).text(b"=a,\"b\"", &mut out);
        assert_eq!(out, b"\"'=a,\"\"b\"\"\"");
    }

    #[test]
    fn numbers_are_no_formulas() {
        let columns = ["change", "min"].map(|name| crate::report::Column::measure(name, None)).into();
        let rows = vec![vec![Value::Decimal { units: -5, places: 2 }, Value::text("-5")]];
        let mut report = Report { columns, rows, ..Report::default() };
        let mut out = Vec::new();
        csv(&mut report, &Style { csv_safe: true, ..Style::default() }, &mut out).expect("memory does not fail");
        assert_eq!(out, b"change,min\n-0.05,'-5\n");
    }

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
