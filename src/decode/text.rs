//! Lines of text become batches.
//!
//! A window of text is scanned for delimiters at once; every line then is a range of positions, so
//! that counting fields is a subtraction and finding the k-th is an index. Lines that do not come
//! out even are looked at again: runs of spaces count as one. A line is a header, a record,
//! malformed, or blank, whatever the question reads.

use super::assumed::Assumed;
use super::batch::{BadValue, Batch, Column, Crooked, Status, Written};
use super::beginning::{Beginning, Found, Held};
use super::blanks::Blanks;
use super::fill::{Fill, Output, Rows};
use super::form::Form;
use super::layout::Layout;
use super::simd::{Delimiters, dispatch};
use super::stop::Stop;
use crate::schema::{BYTE_ORDER_MARK, Field, FieldName, Format, HeaderScan};

/// A line longer than this, in bytes, is malformed.
pub const MAX_LINE: usize = 1 << 20;

/// How much text is scanned at a time, in bytes: the positions stay in the cache.
const WINDOW: usize = 32 << 10;

/// What the decoder tells while it reads.
pub trait Sink {
    /// Records, in the order of the lines.
    fn batch(&mut self, batch: &Batch<'_>);
    /// A line that is no record.
    fn malformed(&mut self, line: u64, why: Malformed);
    /// A header line, or the format that headerless text is read by.
    fn format(&mut self, format: &Format);
    /// What follows comes in this form, of this log group where that is known.
    fn form(&mut self, _: Form, _log_group: Option<&str>) {}
    /// Whether no more is wanted.
    fn stopped(&self) -> bool {
        false
    }
}

/// Why a line is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Malformed {
    Fields {
        found: usize,
        expected: usize,
    },
    TooLong(u64),
    /// The last line of an input that was cut off.
    Cut,
    /// Something that is wrapped as a record is, and is none.
    Wrapped(&'static str),
}

/// The account of the lines that were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    pub lines: u64,
    pub headers: u64,
    pub blank: u64,
    pub records: u64,
    pub malformed: u64,
}

/// Turns blocks of whole lines into batches with the columns of one question.
pub struct TextDecoder {
    wanted: Vec<FieldName>,
    /// All fields of the format in force are wanted, too.
    all: bool,
    assumed: Assumed,
    window: usize,
    layout: Option<Layout>,
    lines: Lines,
    at_start: bool,
    /// This is the beginning of a file, not a later part of it.
    at_top: bool,
    /// The assumed format was taken, and nobody has been told yet.
    headerless: bool,
    /// Lines are made of values, with `BLANK` for the blanks in them.
    made: bool,
    beginning: Beginning,
    delimiters: Delimiters,
    straight: Vec<u8>,
    rows: Vec<u32>,
    row_lines: Vec<u64>,
    columns: Vec<Column>,
    status: Vec<Status>,
    bad: Vec<BadValue>,
    other_status: Vec<(u32, u32)>,
}

/// What a line of a window is.
enum Line {
    Record,
    Blank,
    Malformed(Malformed),
    Header(Format),
    /// A record only when runs of spaces count as one.
    Crooked,
    /// A record, or crooked, by another format than the one in force.
    Other(Format),
}

impl TextDecoder {
    /// A decoder for the columns `wanted`. Text without a header is read by the format `assumed`, or by one
    /// that it looks like.
    pub fn new(wanted: &[FieldName], assumed: Option<&Format>) -> TextDecoder {
        TextDecoder {
            wanted: wanted.to_vec(),
            all: false,
            assumed: assumed.cloned().map_or_else(Assumed::default, Assumed::named),
            window: WINDOW,
            layout: None,
            lines: Lines::default(),
            at_start: true,
            at_top: true,
            headerless: false,
            made: false,
            beginning: Beginning::default(),
            delimiters: Delimiters::default(),
            straight: Vec::new(),
            rows: Vec::new(),
            row_lines: Vec::new(),
            columns: wanted.iter().map(|name| Column::of(name.kind())).collect(),
            status: Vec::new(),
            bad: Vec::new(),
            other_status: Vec::new(),
        }
    }

    /// Scans `bytes` at a time instead of the usual window: for tests that cross boundaries.
    pub fn with_window(mut self, bytes: usize) -> TextDecoder {
        self.window = bytes.max(1);
        self
    }

    /// Gives values of text fields for all records of the next inputs: they hold where a format lacks
    /// the field.
    pub fn give<'v>(&mut self, values: impl Iterator<Item = (Field, &'v str)> + Clone) {
        for (name, column) in self.wanted.iter().zip(&mut self.columns) {
            if let Column::Text(text) = column {
                let value = values.clone().find(|(field, _)| *name == FieldName::Known(*field));
                text.given.clear();
                text.given.extend(value.iter().flat_map(|(_, value)| value.bytes()));
            }
        }
    }

    /// Makes columns of all fields of the format in force, behind the wanted ones.
    pub fn with_all_fields(mut self) -> TextDecoder {
        self.all = true;
        self
    }

    /// Reads what follows by this format.
    fn read_by(&mut self, format: Format) {
        let layout = Layout::new(format, &self.wanted, self.all);
        if self.all {
            self.columns.truncate(self.wanted.len());
            self.columns.extend(layout.fields[self.wanted.len()..].iter().map(|name| Column::of(name.kind())));
        }
        self.layout = Some(layout);
    }

    /// Starts a new input. `format` is the one in force where the input is a later part of a file.
    pub fn begin(&mut self, format: Option<&Format>) {
        self.layout = None;
        if let Some(format) = format {
            self.read_by(format.clone());
        }
        self.lines = Lines::default();
        self.at_start = format.is_none();
        self.at_top = format.is_none();
        self.headerless = false;
        self.made = false;
        self.beginning = Beginning::default();
    }

    /// Tells whether the lines from here on are made of values, with `BLANK` for the blanks in them.
    pub fn made(&mut self, made: bool) {
        self.made = made;
    }

    /// Text without a header is one of these from here on. What was held back is lost: see `finish`.
    pub fn assume(&mut self, assumed: Assumed) {
        self.assumed = assumed;
        self.layout = None;
        self.headerless = false;
        self.beginning = Beginning::default();
    }

    /// Counts a header line that says nothing of the fields of a record.
    pub fn count_header(&mut self) {
        self.lines.lines += 1;
        self.lines.headers += 1;
    }

    /// The account since `begin`.
    pub fn lines(&self) -> Lines {
        self.lines
    }

    /// The format in force.
    pub fn format(&self) -> Option<&Format> {
        self.layout.as_ref().map(|l| &l.format)
    }

    /// Whether nothing of the input has been read.
    pub fn is_at_start(&self) -> bool {
        self.at_start
    }

    /// Reads a block of whole lines; the last block may lack its final newline.
    pub fn feed(&mut self, block: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        let mut block = block;
        if std::mem::take(&mut self.at_start) {
            block = block.strip_prefix(BYTE_ORDER_MARK).unwrap_or(block);
        }
        if self.layout.is_none() {
            match self.beginning.look(block, &self.assumed) {
                // Hold the lines back until there are enough of them, or no more.
                Found::Nothing => {
                    self.beginning.hold_lines(block);
                    return Ok(());
                }
                Found::Format { format, header } => {
                    self.read_by(format);
                    self.headerless = !header;
                    self.replay(sink)?;
                }
                Found::Stop(stop) => return Err(stop),
            }
        }
        self.read(block, sink)
    }

    /// Ends the input: what was held back is read now, if it can be.
    pub fn finish(&mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        if !self.beginning.is_holding() {
            return Ok(());
        }
        if let Some(stop) = self.beginning.end() {
            return Err(stop);
        }
        // Nothing but blank lines, and lines too long to be kept.
        self.read_by(self.assumed.fallback());
        self.replay(sink)
    }

    fn replay(&mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        for held in self.beginning.release() {
            match held {
                Held::Lines(block) => self.read(&block, sink)?,
                Held::Blank(count) => {
                    self.lines.lines += count;
                    self.lines.blank += count;
                }
                Held::Malformed(why, count) => (0..count).for_each(|_| self.malformed(why, sink)),
            }
        }
        Ok(())
    }

    /// Whether the format of a text can be told by its beginning.
    pub fn can_tell(&mut self, beginning: &[u8]) -> bool {
        let found = self.beginning.look(beginning, &self.assumed);
        self.begin(None);
        !matches!(found, Found::Nothing)
    }

    fn read(&mut self, mut block: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        if std::mem::take(&mut self.headerless)
            && let Some(layout) = &self.layout
        {
            sink.format(&layout.format);
        }
        while !block.is_empty() {
            let size = block.len().min(self.window);
            let end = match memchr::memrchr(b'\n', &block[..size]) {
                Some(newline) => newline + 1,
                None if size == block.len() => size,
                None => memchr::memchr(b'\n', &block[size..]).map_or(block.len(), |n| size + n + 1),
            };
            let (window, rest) = block.split_at(end);
            let line = window.strip_suffix(b"\n").unwrap_or(window);
            if line.len() > MAX_LINE.max(self.window) {
                self.too_long(line.len() as u64, sink);
            } else {
                self.window(window, sink)?;
            }
            block = rest;
        }
        Ok(())
    }

    /// Counts a line of `bytes` that was not kept, because it is longer than `MAX_LINE`.
    pub fn too_long(&mut self, bytes: u64, sink: &mut impl Sink) {
        self.malformed(Malformed::TooLong(bytes), sink);
    }

    /// Counts the fragment at the end of an input that was cut off.
    pub fn cut_line(&mut self, sink: &mut impl Sink) {
        self.malformed(Malformed::Cut, sink);
    }

    /// Counts a line that is no record.
    pub fn malformed(&mut self, why: Malformed, sink: &mut impl Sink) {
        if self.layout.is_none() {
            self.beginning.hold_malformed(why);
            return;
        }
        self.lines.lines += 1;
        self.lines.malformed += 1;
        sink.malformed(self.lines.lines, why);
    }

    /// Reads one window of whole lines.
    fn window(&mut self, window: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        let mut delimiters = std::mem::take(&mut self.delimiters);
        delimiters.scan(window);
        let result = match delimiters.adjacent {
            false => self.window_lines(window, &delimiters, None, sink),
            true => self.crooked_window(window, sink),
        };
        self.delimiters = delimiters;
        result
    }

    /// Reads a window in which runs of spaces have to count as one, by straightening it first.
    #[cold]
    fn crooked_window(&mut self, window: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        let mut straight = std::mem::take(&mut self.straight);
        straighten(window, &mut straight);
        let mut delimiters = Delimiters::default();
        delimiters.scan(&straight);
        let crooked = Crooked::new(window, self.lines.lines + 1);
        let result = self.window_lines(&straight, &delimiters, Some(&crooked), sink);
        self.straight = straight;
        result
    }

    /// Goes through the lines of a window; `crooked` is what it was before it was straightened.
    fn window_lines(
        &mut self,
        text: &[u8],
        delimiters: &Delimiters,
        crooked: Option<&Crooked<'_>>,
        sink: &mut impl Sink,
    ) -> Result<(), Stop> {
        let mut first = 0;
        for &newline in delimiters.newlines() {
            let start = position(delimiters, first).wrapping_add(1) as usize;
            let end = position(delimiters, newline) as usize;
            let fields = (newline - first) as usize;
            let right = fields == self.layout.as_ref().map_or(0, |l| l.format.fields().len());
            let plain = right && is_plain(text[start]) && text[end - 1] != b'\r';
            let line = if plain { Ok(Line::Record) } else { self.odd_line(&text[start..end], right) };
            let line = match line {
                Ok(line) => line,
                Err(stop) => {
                    self.deliver(text, delimiters, crooked, sink);
                    return Err(stop);
                }
            };
            first = newline;
            if let Line::Crooked | Line::Other(_) = line {
                self.deliver(text, delimiters, crooked, sink);
                if let Line::Other(format) = line {
                    sink.format(&format);
                    self.read_by(format);
                }
                self.crooked_window(&text[start..end], sink)?;
                continue;
            }
            self.lines.lines += 1;
            match line {
                Line::Record | Line::Crooked | Line::Other(_) => {
                    self.lines.records += 1;
                    self.rows.push(newline - fields as u32);
                    self.row_lines.push(self.lines.lines);
                }
                Line::Blank => self.lines.blank += 1,
                Line::Malformed(why) => {
                    self.lines.malformed += 1;
                    sink.malformed(self.lines.lines, why);
                }
                Line::Header(format) => {
                    self.deliver(text, delimiters, crooked, sink);
                    self.lines.headers += 1;
                    sink.format(&format);
                    self.read_by(format);
                }
            }
        }
        self.deliver(text, delimiters, crooked, sink);
        Ok(())
    }

    /// Looks closer at a line that may be a header, ends in a carriage return, or has the wrong
    /// number of fields; `right` tells that it has the right number of delimiters.
    #[inline(never)]
    fn odd_line(&self, line: &[u8], right: bool) -> Result<Line, Stop> {
        match Format::scan_header(line, self.lines.lines == self.lines.blank && self.at_top) {
            HeaderScan::Header(format) => return Ok(Line::Header(format)),
            HeaderScan::Broken(error) => return Err(Stop::Header { line: self.lines.lines + 1, error }),
            HeaderScan::Data => {}
        }
        let text = line.strip_suffix(b"\r").unwrap_or(line);
        let even = right && !text.is_empty() && !text.ends_with(b" ");
        if even {
            return Ok(Line::Record);
        }
        let expected = self.layout.as_ref().map_or(0, |l| l.format.fields().len());
        Ok(match crate::schema::tokens(line).count() {
            0 => Line::Blank,
            found if found == expected => Line::Crooked,
            found => {
                let now = self.layout.as_ref().map(|layout| &layout.format);
                let other = now.and_then(|now| self.assumed.other(now, line, found));
                other.map_or(Line::Malformed(Malformed::Fields { found, expected }), Line::Other)
            }
        })
    }

    /// Makes the columns of the rows gathered so far, and hands them over.
    fn deliver(&mut self, text: &[u8], delimiters: &Delimiters, crooked: Option<&Crooked<'_>>, sink: &mut impl Sink) {
        if self.rows.is_empty() {
            return;
        }
        let layout = self.layout.as_ref().expect("rows have a format");
        let last = layout.format.fields().len() - 1;
        let rows = Rows { text, positions: delimiters.positions(), firsts: &self.rows, last };
        dispatch(Fill {
            rows: &rows,
            wanted: &layout.fields,
            places: &layout.places,
            status_place: layout.status,
            source_place: layout.source,
            out: Output {
                columns: &mut self.columns,
                status: &mut self.status,
                other_status: &mut self.other_status,
                bad: &mut self.bad,
            },
        });
        self.bad.sort_by_key(|b| (b.row, b.column));
        let blanks = self.made.then(|| Blanks::of(&rows)).flatten();
        let written = match &blanks {
            Some(blanks) => Written::Apart { text: &blanks.lines, ends: &blanks.ends },
            None => Written::Within { rows: &rows, crooked },
        };
        sink.batch(&Batch {
            format: &layout.format,
            fields: &layout.fields,
            text: blanks.as_ref().map_or(text, |blanks| &blanks.text),
            columns: &self.columns,
            status: &self.status,
            lines: &self.row_lines,
            bad: &self.bad,
            other_status: &self.other_status,
            written: Some(written),
        });
        self.rows.clear();
        self.row_lines.clear();
    }
}

fn position(delimiters: &Delimiters, index: u32) -> u32 {
    delimiters.positions()[index as usize]
}

/// Whether a line that begins with `byte` can be neither blank nor a header.
#[inline(always)]
pub(super) fn is_plain(byte: u8) -> bool {
    byte > b' ' && !byte.is_ascii_alphabetic() && byte != BYTE_ORDER_MARK[0]
}

/// Copies lines with one space between fields and none at the ends, and without the carriage return of
/// their ending.
fn straighten(window: &[u8], out: &mut Vec<u8>) {
    out.clear();
    for line in window.split_inclusive(|b| *b == b'\n') {
        for (i, token) in crate::schema::tokens(line).enumerate() {
            if i > 0 {
                out.push(b' ');
            }
            out.extend_from_slice(token);
        }
        if out.ends_with(b"\r") {
            // This one is part of the last field: it must not be taken for an ending again.
            out.push(b'\r');
        }
        out.push(b'\n');
    }
}
