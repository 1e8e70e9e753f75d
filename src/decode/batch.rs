//! Records as typed columns: what every form of input becomes, and what every question reads.

use super::fill::Rows;
use crate::schema::{FieldName, Format};

/// What kind of record a line is (its log-status).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `OK`, or a format without a log-status: a flow.
    Flow,
    /// No traffic in the interval.
    NoData,
    /// Records that AWS dropped.
    SkipData,
    /// A log-status that AWS does not document.
    Other,
}

/// A few hundred records of one format.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// The format of the records.
    pub format: &'a Format,
    /// What each column holds: the fields of the question; where all fields are asked for, those of
    /// the format behind them.
    pub fields: &'a [FieldName],
    /// What text columns point into.
    pub text: &'a [u8],
    pub columns: &'a [Column],
    pub status: &'a [Status],
    /// The line of every record, counted from 1 at the start of the decoder's input.
    pub lines: &'a [u64],
    /// Values that their field cannot hold; they count as no value.
    pub bad: &'a [BadValue],
    /// The log-status of records whose status is `Other`, as spans of the text.
    pub other_status: &'a [(u32, u32)],
    /// `None` for records that are made of others.
    pub(super) written: Option<Written<'a>>,
}

/// The lines that the records stand in.
#[derive(Clone, Copy)]
pub(super) enum Written<'a> {
    /// Lines of the batch's text, or where that is a straightened copy, of the window that it was made
    /// of.
    Within { rows: &'a Rows<'a>, crooked: Option<&'a Crooked<'a>> },
    /// Lines that were made of the records, with where each ends.
    Apart { text: &'a [u8], ends: &'a [u32] },
}

/// A window of text in which runs of spaces count as one.
pub(super) struct Crooked<'a> {
    pub text: &'a [u8],
    /// Where its lines begin.
    pub starts: Vec<u32>,
    /// The number of its first line.
    pub first: u64,
}

impl<'a> Crooked<'a> {
    /// `text` begins with line `first`.
    pub fn new(text: &'a [u8], first: u64) -> Crooked<'a> {
        let behind = memchr::memchr_iter(b'\n', text).map(|newline| newline as u32 + 1);
        Crooked { text, starts: std::iter::once(0).chain(behind).collect(), first }
    }

    fn line(&self, number: u64) -> &'a [u8] {
        let line = &self.text[self.starts[(number - self.first) as usize] as usize..];
        &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())]
    }
}

impl<'a> Batch<'a> {
    /// Records that were not read but made: of some columns, in no line.
    pub fn made(
        format: &'a Format,
        fields: &'a [FieldName],
        text: &'a [u8],
        columns: &'a [Column],
        status: &'a [Status],
    ) -> Batch<'a> {
        Batch { format, fields, text, columns, status, lines: &[], bad: &[], other_status: &[], written: None }
    }

    /// The same records with other columns, of the same fields.
    pub fn with_columns<'b>(&self, columns: &'b [Column]) -> Batch<'b>
    where
        'a: 'b,
    {
        Batch { columns, ..*self }
    }

    /// The same with a number for every record.
    pub fn with_lines(self, lines: &'a [u64]) -> Batch<'a> {
        Batch { lines, ..self }
    }

    /// The number of records.
    pub fn rows(&self) -> usize {
        self.status.len()
    }

    /// The line of a record as it was written, without what ends it.
    pub fn line(&self, row: usize) -> &'a [u8] {
        let line = match &self.written {
            Some(Written::Within { crooked: Some(crooked), .. }) => crooked.line(self.lines[row]),
            Some(Written::Within { rows, .. }) => rows.line(row),
            Some(Written::Apart { text, ends }) => {
                let start = row.checked_sub(1).map_or(0, |before| ends[before]);
                &text[start as usize..ends[row] as usize]
            }
            None => b"",
        };
        line.strip_suffix(b"\r").unwrap_or(line)
    }
}

/// A value that its field cannot hold.
#[derive(Clone, Copy, Debug)]
pub struct BadValue {
    pub row: u32,
    pub column: u32,
    /// Where it stands in the batch's text.
    pub span: (u32, u32),
}

/// The values of one field.
#[derive(Debug)]
pub enum Column {
    Ip(IpColumn),
    Number(NumberColumn),
    Text(TextColumn),
}

/// Addresses.
#[derive(Debug, Default)]
pub struct IpColumn {
    /// The address where the family is 4; where it is 6, its index in `v6`.
    pub v4: Vec<u32>,
    /// 4, 6, or 0 for no value.
    pub family: Vec<u8>,
    pub v6: Vec<u128>,
    /// Rows whose family is not 4.
    pub not_v4: usize,
}

impl IpColumn {
    /// The IPv6 address of a row whose family is 6.
    pub fn v6_of(&self, row: usize) -> u128 {
        self.v6[self.v4[row] as usize]
    }
}

/// Numbers, ports, protocols and times.
#[derive(Debug, Default)]
pub struct NumberColumn {
    /// 0 where there is no value.
    pub values: Vec<u64>,
    pub present: Vec<bool>,
    /// Rows without a value.
    pub missing: usize,
}

impl NumberColumn {}

/// Text, as spans of the batch's text.
#[derive(Debug, Default)]
pub struct TextColumn {
    /// Start and end; equal where there is no value. Values that are not of the text, but given, lie
    /// beyond the end of the text: only `bytes` finds them.
    pub spans: Vec<(u32, u32)>,
    /// Rows without a value.
    pub missing: usize,
    /// What lies beyond the end of the text: the value of rows whose format lacks the field, if it is
    /// known otherwise, or several.
    pub given: Vec<u8>,
    /// The number of each row's value where it is one of those that come again and again: equal values have
    /// the same, in all batches of the column. `NO_WORD` for others; empty where there are no such values.
    pub words: Vec<u32>,
}

/// A value has no number.
pub const NO_WORD: u32 = u32::MAX;

impl TextColumn {
    /// The bytes of a row; empty where there is no value.
    #[inline(always)]
    pub fn bytes<'t>(&'t self, row: usize, text: &'t [u8]) -> &'t [u8] {
        let (start, end) = self.spans[row];
        // The bounds are checked in any case, so that given values cost nothing.
        match text.get(start as usize..end as usize) {
            Some(bytes) => bytes,
            None => &self.given[start as usize - text.len()..end as usize - text.len()],
        }
    }

    /// The span that stands for these bytes of what is given.
    pub fn beyond(text: &[u8], span: (u32, u32)) -> (u32, u32) {
        let end = text.len() as u32;
        (end + span.0, end + span.1)
    }

    /// The values of these rows.
    pub fn gather(&self, rows: impl Iterator<Item = usize> + Clone) -> TextColumn {
        let words = if self.words.is_empty() { vec![] } else { rows.clone().map(|row| self.words[row]).collect() };
        let spans: Vec<(u32, u32)> = rows.map(|row| self.spans[row]).collect();
        let missing = spans.iter().filter(|(start, end)| start == end).count();
        TextColumn { spans, missing, given: self.given.clone(), words }
    }

    /// Makes it `rows` rows of the given value.
    pub(super) fn fill_given(&mut self, rows: usize, text: &[u8]) {
        let end = text.len();
        self.spans.clear();
        self.spans.resize(rows, (end as u32, (end + self.given.len()) as u32));
        self.missing = 0;
    }
}

impl Column {
    /// An empty column for values of `kind`.
    pub fn of(kind: crate::schema::Kind) -> Column {
        use crate::schema::Kind;
        match kind {
            Kind::Ip => Column::Ip(IpColumn::default()),
            Kind::Text => Column::Text(TextColumn::default()),
            Kind::Port | Kind::Protocol | Kind::Bytes | Kind::Number | Kind::Time => {
                Column::Number(NumberColumn::default())
            }
        }
    }

    /// Makes it the same as another.
    pub fn copy_from(&mut self, other: &Column) {
        match (self, other) {
            (Column::Ip(to), Column::Ip(from)) => {
                to.v4.clone_from(&from.v4);
                to.family.clone_from(&from.family);
                to.v6.clone_from(&from.v6);
                to.not_v4 = from.not_v4;
            }
            (Column::Number(to), Column::Number(from)) => {
                to.values.clone_from(&from.values);
                to.present.clone_from(&from.present);
                to.missing = from.missing;
            }
            (Column::Text(to), Column::Text(from)) => {
                to.spans.clone_from(&from.spans);
                to.given.clone_from(&from.given);
                to.words.clone_from(&from.words);
                to.missing = from.missing;
            }
            (to, from) => {
                *to = from.empty();
                to.copy_from(from);
            }
        }
    }

    /// An empty column of the same type.
    fn empty(&self) -> Column {
        match self {
            Column::Ip(_) => Column::Ip(IpColumn::default()),
            Column::Number(_) => Column::Number(NumberColumn::default()),
            Column::Text(_) => Column::Text(TextColumn::default()),
        }
    }

    /// Makes it `rows` rows without a value.
    pub(super) fn fill_none(&mut self, rows: usize) {
        match self {
            Column::Ip(c) => {
                c.v4.resize(rows, 0);
                c.v6.clear();
                c.family.clear();
                c.family.resize(rows, 0);
                c.not_v4 = rows;
            }
            // All rows of the last batch lacked one, too: there is nothing to undo.
            Column::Number(c) if c.missing == c.values.len() => {
                c.values.resize(rows, 0);
                c.present.resize(rows, false);
                c.missing = rows;
            }
            Column::Number(c) => {
                c.values.clear();
                c.values.resize(rows, 0);
                c.present.clear();
                c.present.resize(rows, false);
                c.missing = rows;
            }
            Column::Text(c) if c.missing == c.spans.len() => {
                c.spans.resize(rows, (0, 0));
                c.missing = rows;
            }
            Column::Text(c) => {
                c.spans.clear();
                c.spans.resize(rows, (0, 0));
                c.missing = rows;
            }
        }
    }

    /// Whether no row has a value.
    pub fn is_none(&self) -> bool {
        match self {
            Column::Ip(c) => c.not_v4 == c.family.len() && c.v6.is_empty(),
            Column::Number(c) => c.missing == c.present.len(),
            Column::Text(c) => c.missing == c.spans.len(),
        }
    }

    /// The addresses, when this is a column of addresses.
    pub fn as_ip(&self) -> Option<&IpColumn> {
        match self {
            Column::Ip(c) => Some(c),
            _ => None,
        }
    }

    /// The numbers, when this is a column of numbers.
    pub fn as_number(&self) -> Option<&NumberColumn> {
        match self {
            Column::Number(c) => Some(c),
            _ => None,
        }
    }

    /// The text, when this is a column of text.
    pub fn as_text(&self) -> Option<&TextColumn> {
        match self {
            Column::Text(c) => Some(c),
            _ => None,
        }
    }
}
