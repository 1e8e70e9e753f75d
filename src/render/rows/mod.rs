//! Records become text as they come: workers encode rows (`Encoder`), one writer puts them together
//! (`Writer`). The rules of every format are those of the reports.

mod cells;
mod community_id;
mod document;
mod ecs;
mod layout;
mod line;
mod ocsf;
mod places;

use super::json::string;
use super::lines::{CSV, Dialect, TSV};
use super::table::inert;
use super::{Format, Style, key};
use crate::report::{Column, Unit, human, plain};
use crate::schema::{Cell, Field, FieldName, Heading, Kind, Record, escape, tcp_flag_names};
use crate::schema::{Format as LineFormat, HeaderScan};
pub use cells::Writer as CellWriter;
use cells::{number, value};
use document::Document;
use layout::Layout;
use std::io::{self, Write};

/// How records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// As reports are.
    As(Format),
    /// The lines as they were, below the header of their format; made of the values where there are
    /// columns.
    Raw,
    /// One field a line.
    Long,
    /// Documents of the Elastic Common Schema.
    Ecs,
    /// Events of the Open Cybersecurity Schema Framework.
    Ocsf,
}

/// Every way to write records.
pub const ROW_FORMATS: [RowFormat; 10] = [
    RowFormat::As(Format::Table),
    RowFormat::As(Format::Csv),
    RowFormat::As(Format::Tsv),
    RowFormat::As(Format::Ndjson),
    RowFormat::As(Format::Json),
    RowFormat::As(Format::Markdown),
    RowFormat::Raw,
    RowFormat::Long,
    RowFormat::Ecs,
    RowFormat::Ocsf,
];

impl RowFormat {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            RowFormat::As(format) => format.name(),
            RowFormat::Raw => "raw",
            RowFormat::Long => "long",
            RowFormat::Ecs => "ecs",
            RowFormat::Ocsf => "ocsf",
        }
    }

    /// What it is for.
    pub fn doc(self) -> &'static str {
        match self {
            RowFormat::As(format) => format.doc(),
            RowFormat::Raw => "the original lines, with the header lines that make them a log again",
            RowFormat::Long => "one field a line, decoded, with file and line number",
            RowFormat::Ecs => "one Elastic Common Schema document a line, as Elastic's AWS integration makes them",
            RowFormat::Ocsf => "one OCSF 1.1.0 event a line (network activity, class 4001)",
        }
    }

    /// Whether every record becomes a document, whose members are chosen by a schema.
    pub fn is_document(self) -> bool {
        matches!(self, RowFormat::Ecs | RowFormat::Ocsf)
    }

    /// Fields that are wanted of every record, in its format or not: its path may tell them.
    pub fn wants(self) -> &'static [Field] {
        if self.is_document() { &[Field::AccountId, Field::Region] } else { &[] }
    }

    /// Whether a row is the line as it was written.
    pub fn is_line(self) -> bool {
        self == RowFormat::Raw
    }

    /// Whether all rows have the same columns.
    pub fn has_columns(self) -> bool {
        matches!(self, RowFormat::As(Format::Table | Format::Csv | Format::Tsv | Format::Markdown))
    }
}

/// A column, ready to be written.
struct Shown {
    heading: Heading,
    unit: Unit,
    /// What stands before a value: `"src_ip":` and such.
    before: Vec<u8>,
}

/// Turns records into bytes; every worker has one.
pub struct Encoder {
    format: RowFormat,
    style: Style,
    /// Whether lines are made inert: they go to a terminal.
    inert: bool,
    columns: Vec<Shown>,
    document: Option<Document>,
    cells: cells::Writer,
}

impl Encoder {
    /// `terminal` tells that the rows are not for a program.
    pub fn new(format: RowFormat, style: &Style, terminal: bool) -> Encoder {
        let (columns, cells) = (Vec::new(), cells::Writer::default());
        Encoder { format, style: *style, inert: terminal, columns, document: None, cells }
    }

    /// The records that follow have these columns.
    pub fn columns(&mut self, headings: &[Heading]) {
        self.document = match self.format {
            RowFormat::Ecs => Some(Document::new(ecs::TABLE, ecs::REST, headings)),
            RowFormat::Ocsf => Some(Document::new(ocsf::TABLE, ocsf::REST, headings)),
            _ => None,
        };
        let widest = headings.iter().map(|heading| heading.name.len()).max().unwrap_or(0).max("file".len());
        let before = |(i, heading): (usize, &Heading)| match self.format {
            RowFormat::As(Format::Ndjson | Format::Json) => {
                let comma = if i == 0 { "{" } else { "," };
                format!("{comma}{}:", string(&key(&heading.name)))
            }
            RowFormat::Long => format!("{:widest$}  ", escape(heading.name.as_bytes())),
            _ => String::new(),
        };
        self.columns = headings
            .iter()
            .enumerate()
            .map(|(i, heading)| Shown {
                heading: heading.clone(),
                unit: column(heading).unit,
                before: before((i, heading)).into_bytes(),
            })
            .collect();
    }

    /// Appends a record. What stands between rows, if anything, stands before each, the first
    /// included.
    pub fn row(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        match self.format {
            RowFormat::As(Format::Ndjson) => {
                self.object(record.cells, out);
                out.push(b'\n');
            }
            RowFormat::As(Format::Json) => {
                out.extend_from_slice(b",\n");
                self.object(record.cells, out);
            }
            RowFormat::As(Format::Csv) => self.separated(record.cells, CSV.safe(&self.style), out),
            RowFormat::As(Format::Tsv) => self.separated(record.cells, TSV.safe(&self.style), out),
            RowFormat::As(Format::Table) => self.table(record.cells, out),
            RowFormat::As(Format::Markdown) => self.markdown(record.cells, out),
            RowFormat::Raw => self.line(record, out),
            RowFormat::Long => self.long(record, out),
            RowFormat::Ecs | RowFormat::Ocsf => {
                self.document.iter().for_each(|document| document.write(record.cells, &mut self.cells, out));
                out.push(b'\n');
            }
        }
    }

    /// The line as it was written, or one made of the cells.
    #[inline]
    fn line(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        match self.columns.is_empty() {
            true => out.extend_from_slice(record.line),
            false => line::line(record.cells, &mut self.cells, out),
        }
        if self.inert {
            let escaped = escape(&out[start..]);
            out.truncate(start);
            out.extend_from_slice(escaped.as_bytes());
        }
        out.push(b'\n');
    }

    #[inline]
    fn object(&mut self, cells: &[Cell<'_>], out: &mut Vec<u8>) {
        if cells.is_empty() {
            out.push(b'{');
        }
        for (column, cell) in self.columns.iter().zip(cells) {
            out.extend_from_slice(&column.before);
            match cell {
                Cell::None => out.extend_from_slice(b"null"),
                cell => self.cells.json(cell, out),
            }
        }
        out.push(b'}');
    }

    #[inline]
    fn separated(&mut self, cells: &[Cell<'_>], dialect: Dialect, out: &mut Vec<u8>) {
        let start = out.len();
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                out.push(dialect.separator);
            }
            match cell {
                Cell::Text(bytes) if bytes.iter().all(u8::is_ascii_graphic) => dialect.text(bytes, out),
                Cell::Text(bytes) => dialect.text(escape(bytes).as_bytes(), out),
                other => self.cells.plain(other, out),
            }
        }
        dialect.end(start, out);
    }

    /// Cells as people read them, between tabs: the writer lays them out.
    fn table(&mut self, cells: &[Cell<'_>], out: &mut Vec<u8>) {
        for (i, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
            if i > 0 {
                out.push(b'\t');
            }
            match (cell, column.unit) {
                (Cell::None, _) => out.push(b'-'),
                (Cell::Number(_), Unit::Bytes | Unit::Count) if !self.style.raw => {
                    out.extend_from_slice(human(&value(cell), column.unit).as_bytes());
                }
                (cell, _) => self.cells.plain(cell, out),
            }
        }
        out.push(b'\n');
    }

    fn markdown(&mut self, cells: &[Cell<'_>], out: &mut Vec<u8>) {
        for cell in cells {
            out.extend_from_slice(b"| ");
            out.extend_from_slice(inert(&plain(&value(cell))).as_bytes());
            out.push(b' ');
        }
        out.extend_from_slice(b"|\n");
    }

    fn long(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        out.push(b'\n');
        for (column, cell) in self.columns.iter().zip(record.cells) {
            out.extend_from_slice(&column.before);
            match *cell {
                Cell::None => out.push(b'-'),
                Cell::Protocol(protocol) => {
                    number(protocol.into(), out);
                    let name = crate::schema::iana::protocol_name(protocol);
                    name.into_iter().for_each(|name| remark(name, out));
                }
                Cell::Number(flags) if column.heading.name == Field::TcpFlags.name() => {
                    number(flags, out);
                    let names: Vec<&str> = tcp_flag_names(flags).collect();
                    if !names.is_empty() {
                        remark(&names.join(","), out);
                    }
                }
                ref other => self.cells.plain(other, out),
            }
            out.push(b'\n');
        }
        let widest = self.columns.first().map_or("file".len(), |column| column.before.len() - 2);
        // Memory does not fail.
        _ = writeln!(out, "{:widest$}  {}\n{:widest$}  {}", "file", escape(record.path), "line", record.number);
    }
}

/// What a number means, behind it.
fn remark(text: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b" (");
    out.extend_from_slice(text.as_bytes());
    out.push(b')');
}

/// How a column of records reads: its unit, its side, and how long it stays when room is scarce.
fn column(heading: &Heading) -> Column {
    let field = FieldName::parse(heading.name.as_bytes());
    let unit = match (&field, heading.kind) {
        (_, Kind::Bytes) => Unit::Bytes,
        (FieldName::Known(field), Kind::Number) if field.name().starts_with("packets") => Unit::Count,
        (FieldName::Other(name), Kind::Number) if &**name == "duration" => Unit::Count,
        _ => Unit::Plain,
    };
    let weight = match field {
        FieldName::Known(field) => match field {
            Field::SrcIp | Field::DstIp => 20,
            Field::Action => 19,
            Field::DstPort => 18,
            Field::Start => 17,
            Field::Bytes => 16,
            Field::Protocol => 15,
            Field::Packets => 14,
            Field::SrcPort => 13,
            Field::InterfaceId => 12,
            Field::End => 11,
            Field::FlowDirection => 10,
            Field::TcpFlags => 9,
            Field::Version | Field::AccountId | Field::LogStatus => 1,
            _ => 2,
        },
        FieldName::Enriched(_) | FieldName::Other(_) => 8,
    };
    Column::key(&heading.name, heading.kind).unit(unit).weight(weight)
}

/// Puts rows together, in the order in which they are to stand.
pub struct Writer<W> {
    format: RowFormat,
    style: Style,
    out: W,
    headings: Vec<Heading>,
    layout: Option<Layout>,
    any: bool,
    /// The format of the last line.
    last: Option<LineFormat>,
    unreadable: Option<String>,
}

impl<W: Write> Writer<W> {
    pub fn new(format: RowFormat, style: &Style, out: W) -> Writer<W> {
        let (headings, layout, last, unreadable) = (Vec::new(), None, None, None);
        Writer { format, style: *style, out, headings, layout, any: false, last, unreadable }
    }

    /// Where it writes to.
    pub fn out(&self) -> &W {
        &self.out
    }

    pub fn out_mut(&mut self) -> &mut W {
        &mut self.out
    }

    /// Writes what stands before all rows.
    pub fn start(&mut self, headings: &[Heading]) -> io::Result<()> {
        self.headings = headings.to_vec();
        let names = || headings.iter().map(|heading| key(&heading.name));
        let mut text = Vec::new();
        match self.format {
            RowFormat::As(Format::Csv) => CSV.line(names(), &mut text),
            RowFormat::As(Format::Tsv) => TSV.line(names(), &mut text),
            RowFormat::As(Format::Json) => text.push(b'['),
            RowFormat::As(Format::Markdown) => {
                let columns: Vec<Column> = headings.iter().map(column).collect();
                super::table::markdown_head(&columns, &mut text)?;
            }
            RowFormat::As(Format::Table | Format::Ndjson) => {}
            RowFormat::Raw | RowFormat::Long | RowFormat::Ecs | RowFormat::Ocsf => {}
        }
        self.out.write_all(&text)
    }

    /// Writes rows of one format, whole ones, as an `Encoder` made them.
    pub fn rows(&mut self, format: &LineFormat, rows: &[u8]) -> io::Result<()> {
        let first = !std::mem::replace(&mut self.any, true);
        match self.format {
            RowFormat::As(Format::Table) => return self.table(rows),
            // There is nothing before the first row.
            RowFormat::As(Format::Json) | RowFormat::Long if first => return self.out.write_all(&rows[1..]),
            RowFormat::Raw if self.last.as_ref() != Some(format) => self.header(format, first)?,
            _ => {}
        }
        self.out.write_all(rows)?;
        self.out.flush()
    }

    fn table(&mut self, rows: &[u8]) -> io::Result<()> {
        let layout = self.layout.get_or_insert_with(|| {
            let columns: Vec<Column> = self.headings.iter().map(column).collect();
            Layout::new(&self.headings, &columns, rows, &self.style)
        });
        let mut text = Vec::with_capacity(rows.len() * 2);
        layout.write(rows, &mut text);
        self.out.write_all(&text)?;
        self.out.flush()
    }

    fn header(&mut self, format: &LineFormat, first: bool) -> io::Result<()> {
        let line = format.header();
        if LineFormat::scan_header(line.as_bytes(), first) != HeaderScan::Header(format.clone()) {
            self.unreadable.get_or_insert_with(|| escape(line.as_bytes()));
        }
        self.last = Some(format.clone());
        writeln!(self.out, "{line}")
    }

    /// Writes what stands behind all rows; `limit` is the number of rows where that is a limit.
    pub fn finish(&mut self, limit: Option<usize>) -> io::Result<()> {
        match self.format {
            RowFormat::As(Format::Json) => self.out.write_all(if self.any { b"\n]\n" } else { b"]\n" })?,
            RowFormat::As(Format::Table) => {
                if self.layout.is_none() {
                    self.table(b"")?;
                }
                let mut text = Vec::new();
                self.layout.iter().for_each(|layout| layout.end(limit, &mut text));
                self.out.write_all(&text)?;
            }
            _ => {}
        }
        self.out.flush()
    }

    /// A header that was written and that cannot be told from a record when it is read again.
    pub fn unreadable(&self) -> Option<&str> {
        self.unreadable.as_deref()
    }
}
