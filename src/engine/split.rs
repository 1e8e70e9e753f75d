//! A large plain file, read by all workers at once.
//!
//! Parts are claimed in order. A part is read by the format that is in force at its beginning,
//! which depends on header lines in the parts before it; so whoever claims a part first looks for
//! headers in it, and passes on the format at its end as soon as the part before has passed on its.
//! A claimed part is always being worked on, so that waiting for it ends.

use super::Job;
use super::tally::{Place, Problem};
use crate::decode::last_header;
use crate::schema::Format;
use crate::source::{Blocks, Damage, Mapped};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub struct Split {
    mapped: Mapped,
    part: usize,
    next: AtomicUsize,
    done: AtomicUsize,
    /// Set when the file cannot be read on.
    stopped: AtomicBool,
    problem: Mutex<Option<(usize, Problem)>>,
    /// The format at the end of every part.
    formats: Vec<OnceLock<Option<Format>>>,
}

impl Split {
    /// Splits a file into parts of about `part` bytes.
    pub fn new(mapped: Mapped, part: usize) -> Split {
        let parts = mapped.bytes().len().div_ceil(part).max(1);
        Split {
            mapped,
            part,
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
            problem: Mutex::new(None),
            formats: (0..parts).map(|_| OnceLock::new()).collect(),
        }
    }

    /// The lines that begin in a part, the last one whole.
    fn lines(&self, part: usize) -> Range<usize> {
        let bytes = self.mapped.bytes();
        let (from, to) = (part * self.part, ((part + 1) * self.part).min(bytes.len()));
        // A line begins behind a newline; that newline may be the last byte of the part before.
        let start = match from {
            0 => Some(0),
            from => memchr::memchr(b'\n', &bytes[from - 1..to - 1]).map(|newline| from + newline),
        };
        let Some(start) = start else { return from..from };
        let end = memchr::memchr(b'\n', &bytes[to - 1..]).map_or(bytes.len(), |newline| to + newline);
        start..end
    }

    /// The format in force where a part begins.
    fn format_before(&self, part: usize) -> Option<&Format> {
        self.formats[part.checked_sub(1)?].wait().as_ref()
    }
}

impl<'a> Job<'a> {
    /// Reads the parts of a file, on this thread and on any other that is free.
    pub fn read_split<'s>(&'s self, source: usize, split: Arc<Split>, scope: &rayon::ScopeFifo<'s>) {
        for _ in 1..self.workers.len() {
            let split = split.clone();
            scope.spawn_fifo(move |_| self.read_parts(source, &split));
        }
        self.read_parts(source, &split);
    }

    fn read_parts(&self, source: usize, split: &Split) {
        loop {
            let part = split.next.fetch_add(1, Ordering::AcqRel);
            if part >= split.formats.len() {
                return;
            }
            self.read_part(source, split, part);
            if split.done.fetch_add(1, Ordering::AcqRel) + 1 == split.formats.len() {
                self.end_split(source, split);
            }
        }
    }

    fn read_part(&self, source: usize, split: &Split, part: usize) {
        let range = split.lines(part);
        let text = &split.mapped.bytes()[range.clone()];
        let own = if part == 0 { None } else { last_header(text) };
        let passed_on = match (&own, part) {
            (_, 0) => false,
            (Some(format), _) => split.formats[part].set(Some(format.clone())).is_ok(),
            (None, _) => split.formats[part].set(split.format_before(part).cloned()).is_ok(),
        };
        if !split.stopped.load(Ordering::Acquire) {
            let problem = self.with_worker(|worker| {
                let format = split.format_before(part);
                let mut reading = worker.start(Place { source, part }, format, self.progress);
                if !text.is_empty() {
                    reading.block(text);
                }
                let problem = reading.finish().map(Problem::from);
                worker.tally.counts.bytes_read += text.len() as u64;
                worker.tally.counts.bytes_unpacked += text.len() as u64;
                if !passed_on {
                    _ = split.formats[part].set(worker.decoder.format().cloned());
                }
                problem
            });
            if let Some(problem) = problem {
                split.stopped.store(true, Ordering::Release);
                let mut first = split.problem.lock().unwrap_or_else(PoisonError::into_inner);
                if first.as_ref().is_none_or(|(earlier, _)| part < *earlier) {
                    *first = Some((part, problem));
                }
            }
        } else if !passed_on {
            _ = split.formats[part].set(None);
        }
        self.progress.bytes(range.len() as u64);
        // The part before again: looking for the first newline may have brought its pages back.
        split.mapped.release(range.start.saturating_sub(2 * split.part)..range.end);
    }

    fn end_split(&self, source: usize, split: &Split) {
        let problem = split.problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.with_worker(|worker| {
            let damage = if split.mapped.lost() { vec![Damage::Changed] } else { vec![] };
            worker.tally.end(source, damage);
            if let Some((part, problem)) = problem {
                worker.tally.add_problem(Place { source, part }, problem);
            }
        });
        self.progress.source();
    }
}
