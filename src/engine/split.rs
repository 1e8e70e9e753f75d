//! A large plain file, read by all workers at once.
//!
//! Parts are claimed in order. A part is read by the format that is in force at its beginning,
//! which depends on header lines in the parts before it; so whoever claims a part first looks for
//! headers in it, and passes on the format at its end as soon as the part before has passed on its.
//! A claimed part is always being worked on, so that waiting for it ends.

use super::Progress;
use super::tally::{Place, Problem};
use super::worker::{Take, Worker};
use crate::decode::{HeadersWithin, MAX_LINE, headers_within};
use crate::schema::Format;
use crate::source::{Blocks, Facts, Mapped};
use std::ops::Range;
use std::sync::OnceLock;

/// How many parts are given back at a time.
const RELEASE: usize = 8;

/// What a part passes on to the next.
enum Passed {
    Format(Option<Format>),
    /// An unusable header: the rest of the file cannot be read.
    Stop,
}

/// Some lines of a mapped file, the last one whole.
pub struct Stretch {
    pub text: Range<usize>,
    /// The size of a line behind the text that is too long to be looked at.
    pub long: Option<u64>,
    /// Where the next line begins.
    pub end: usize,
}

impl Stretch {
    /// Those from `start` on that begin before `to`.
    pub fn new(mapped: &Mapped, start: usize, to: usize) -> Stretch {
        let bytes = mapped.bytes();
        let newline = mapped.line_end(to - 1);
        let end = (newline + 1).min(bytes.len());
        if newline - (to - 1) <= MAX_LINE {
            return Stretch { text: start..end, long: None, end };
        }
        let last = memchr::memrchr(b'\n', &bytes[start..to - 1]).map_or(start, |before| start + before + 1);
        Stretch { text: start..last, long: Some((newline - last) as u64), end }
    }
}

pub struct Split {
    mapped: Mapped,
    part: usize,
    /// How the text behind every part is to be read.
    passed_on: Vec<OnceLock<Passed>>,
}

impl Split {
    /// Splits a file into parts of about `part` bytes.
    pub fn new(mapped: Mapped, part: usize) -> Split {
        let parts = mapped.bytes().len().div_ceil(part).max(1);
        Split { mapped, part, passed_on: (0..parts).map(|_| OnceLock::new()).collect() }
    }

    /// The lines that begin in a part.
    fn lines(&self, part: usize) -> Stretch {
        let bytes = self.mapped.bytes();
        let (from, to) = (part * self.part, ((part + 1) * self.part).min(bytes.len()));
        // A line begins behind a newline; that newline may be the last byte of the part before.
        let start = match from {
            0 => Some(0),
            from => memchr::memchr(b'\n', &bytes[from - 1..to - 1]).map(|newline| from + newline),
        };
        match start {
            Some(start) => Stretch::new(&self.mapped, start, to),
            None => Stretch { text: from..from, long: None, end: from },
        }
    }

    /// What the part before passes on.
    fn before(&self, part: usize) -> &Passed {
        const START: &Passed = &Passed::Format(None);
        part.checked_sub(1).map_or(START, |before| self.passed_on[before].wait())
    }

    /// Passes on what is known by the headers of a part, or else what the part before passes on.
    /// The first part is decoded before: it may not be a flow log at all.
    fn pass_on(&self, part: usize, text: &[u8]) {
        let passed = match headers_within(text) {
            _ if part == 0 => return,
            HeadersWithin::Broken => Passed::Stop,
            HeadersWithin::Last(format) => Passed::Format(Some(format)),
            HeadersWithin::None => match self.before(part) {
                Passed::Format(format) => Passed::Format(format.clone()),
                Passed::Stop => Passed::Stop,
            },
        };
        // Behind a stop nothing is read, whatever it says.
        let passed = if matches!(self.before(part), Passed::Stop) { Passed::Stop } else { passed };
        _ = self.passed_on[part].set(passed);
    }

    /// The number of parts.
    pub fn parts(&self) -> usize {
        self.passed_on.len()
    }

    /// Whether the file has changed since it was opened.
    pub fn changed(&self) -> bool {
        self.mapped.changed()
    }

    /// Reads a part, and returns why the rest of the file cannot be read, if so. All parts before
    /// have to be read by somebody, or be read already.
    pub fn read_part<T: Take>(
        &self,
        place: Place,
        facts: &Facts,
        worker: &mut Worker<T>,
        progress: &dyn Progress,
    ) -> Option<Problem> {
        let part = place.part;
        let Stretch { text: range, long, end } = self.lines(part);
        let text = &self.mapped.bytes()[range.clone()];
        let size = (end - range.start) as u64;
        self.pass_on(part, text);
        let mut problem = None;
        if let Passed::Format(format) = self.before(part) {
            let mut reading = worker.start(place, facts, format.as_ref(), progress);
            if !text.is_empty() {
                reading.block(text);
            }
            if let Some(bytes) = long.filter(|_| !reading.stopped()) {
                reading.too_long(bytes);
            }
            problem = reading.finish();
            worker.tally.counts.bytes_read += size;
            worker.tally.counts.bytes_unpacked += size;
            let passed = match &problem {
                Some(_) => Passed::Stop,
                None => Passed::Format(worker.decoder.format().cloned()),
            };
            // Set already, unless this is the first part.
            _ = self.passed_on[part].set(passed);
        }
        progress.bytes(size);
        // Not after every part: all processors have to forget the pages at once. Parts before again:
        // looking for the first newline may have brought their pages back.
        if (part + 1).is_multiple_of(RELEASE) {
            self.mapped.release(range.start.saturating_sub(2 * RELEASE * self.part)..range.end);
        }
        problem
    }
}
