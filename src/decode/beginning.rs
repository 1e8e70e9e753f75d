//! The first lines of a text: they decide by which format it is read.

use super::assumed::{Assumed, Choice};
use super::stop::Stop;
use super::text::{MAX_LINE, Malformed};
use crate::schema::{Format, HeaderScan, escape, tokens};

/// Lines that are looked at before headerless text is given up as no flow log.
const FIRST_LINES: usize = 8;

/// So much of a line is shown, in characters.
const SEEN: usize = 48;

/// What is known of a text whose format is not.
#[derive(Default)]
pub struct Beginning {
    /// What came before the format was known.
    held: Vec<Held>,
    /// The first line, if one was seen: its fields, and how it begins.
    first: Option<(usize, String)>,
    /// Lines that were looked at.
    lines: usize,
    /// How many fields one of them has that is as long as a format, but does not look like it.
    odd: Option<usize>,
}

/// What is held back until the format is known.
pub enum Held {
    Lines(Vec<u8>),
    /// So many blank lines: there may be more of them than fit into memory.
    Blank(u64),
    /// So many lines, one after another, for the same reason.
    Malformed(Malformed, u64),
}

/// What the first lines tell.
pub enum Found {
    /// How to read the text, and whether a header comes that will say so itself.
    Format { format: Format, header: bool },
    /// Not enough lines yet.
    Nothing,
    /// No flow log, or one whose format has to be named.
    Stop(Stop),
}

impl Beginning {
    /// Holds back a line that is no record.
    pub fn hold_malformed(&mut self, why: Malformed) {
        match self.held.last_mut() {
            Some(Held::Malformed(last, count)) if *last == why => *count += 1,
            _ => self.held.push(Held::Malformed(why, 1)),
        }
    }

    /// Holds lines back; of those that are too long to be kept, how long they are, and of blank ones how
    /// many.
    pub fn hold_lines(&mut self, block: &[u8]) {
        for line in block.split_inclusive(|b| *b == b'\n') {
            let length = line.strip_suffix(b"\n").unwrap_or(line).len();
            match self.held.last_mut() {
                _ if length > MAX_LINE => self.hold_malformed(Malformed::TooLong(length as u64)),
                Some(Held::Blank(count)) if tokens(line).next().is_none() => *count += 1,
                _ if tokens(line).next().is_none() => self.held.push(Held::Blank(1)),
                Some(Held::Lines(lines)) => lines.extend_from_slice(line),
                _ => self.held.push(Held::Lines(line.to_vec())),
            }
        }
    }

    /// What was held back, in the order in which it came.
    pub fn release(&mut self) -> Vec<Held> {
        std::mem::take(&mut self.held)
    }

    pub fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// Looks at some more lines.
    pub fn look(&mut self, block: &[u8], assumed: &Assumed) -> Found {
        for line in block.split_inclusive(|b| *b == b'\n').filter(|line| line.len() <= MAX_LINE) {
            let fields = tokens(line).count();
            if fields == 0 {
                continue;
            }
            self.first.get_or_insert_with(|| (fields, seen(line)));
            let header = !matches!(Format::scan_header(line, self.lines == 0), HeaderScan::Data);
            if header {
                return match self.odd {
                    // What stands before the header would be read as what it is not.
                    Some(_) => Found::Stop(self.no_format(false)),
                    None => Found::Format { format: assumed.fallback(), header },
                };
            }
            match assumed.choose(line, fields) {
                Choice::Take(format) => return Found::Format { format, header },
                Choice::Several => return Found::Stop(self.no_format(true)),
                Choice::None => {}
            }
            if assumed.has_length(fields) {
                self.odd.get_or_insert(fields);
            }
            self.lines += 1;
            if self.lines == FIRST_LINES {
                return Found::Stop(self.no_format(false));
            }
        }
        Found::Nothing
    }

    /// Why the text cannot be read, if a line was seen that tells no format.
    pub fn end(&mut self) -> Option<Stop> {
        self.first.is_some().then(|| self.no_format(false))
    }

    fn no_format(&mut self, several: bool) -> Stop {
        self.held.clear();
        let (fields, seen) = self.first.clone().unwrap_or_default();
        let odd = self.odd.is_some_and(|odd| odd == fields);
        Stop::NoFormat { fields, odd, several, seen }
    }
}

/// How a line begins.
fn seen(line: &[u8]) -> String {
    let text = escape(line[..line.len().min(4 * SEEN)].trim_ascii());
    match text.char_indices().nth(SEEN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
