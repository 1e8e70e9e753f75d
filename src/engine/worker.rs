//! One thread's share: it reads sources, decodes them, hands their records on, and keeps an account.

use super::dedup::{Seen, Sieve};
use super::split::Split;
use super::tally::{Place, Problem, Tally};
use super::{Job, Options, Progress};
use crate::decode::{Batch, Malformed, Sink, Stop, TextDecoder};
use crate::query::State;
use crate::query::filter::Mask;
use crate::schema::{FieldName, Format};
use crate::source::{Blocks, Buffers, Damage, Ending, Facts, Limits, Mapped, Read, Source, read};
use std::sync::Arc;

/// What the records of a worker are for.
pub trait Take {
    /// Records, in the order of the lines of a part, or those of them that are selected.
    fn batch(&mut self, place: Place, batch: &Batch<'_>, selected: Option<&[bool]>);
    /// The format of what follows, where a text tells it.
    fn format(&mut self, _: &Format) {}
    /// A block has been read, and the next may not come soon.
    fn pause(&mut self) {}
    /// Whether nothing more is wanted of the source that is being read.
    fn stopped(&self) -> bool {
        false
    }
}

impl Take for State {
    fn batch(&mut self, _: Place, batch: &Batch<'_>, selected: Option<&[bool]>) {
        self.consume(batch, selected);
    }
}

pub struct Worker<T> {
    pub take: T,
    pub tally: Tally,
    pub decoder: TextDecoder,
    mask: Option<Mask>,
    sieve: Option<Sieve>,
    buffers: Buffers,
}

impl<T: Take> Worker<T> {
    /// A worker for the columns `fields`; with `all`, also for all others that there are. Records count
    /// that `mask` takes, and that are not among those `seen`.
    pub fn new(
        take: T,
        fields: &[FieldName],
        all: bool,
        mask: Option<Mask>,
        seen: Option<&Arc<Seen>>,
        options: &Options,
    ) -> Worker<T> {
        let compared = seen.map(|_| Seen::columns(fields));
        let mut decoder = TextDecoder::new(compared.as_deref().unwrap_or(fields), options.format.as_ref());
        if options.window > 0 {
            decoder = decoder.with_window(options.window);
        }
        Worker {
            take,
            tally: Tally::default(),
            mask,
            sieve: seen.map(Sieve::new),
            decoder: if all || seen.is_some() { decoder.with_all_fields() } else { decoder },
            buffers: Buffers::default(),
        }
    }

    /// Starts reading a part of a source whose path tells `facts`; `format` is the one in force at its
    /// beginning.
    pub fn start<'w>(
        &'w mut self,
        place: Place,
        facts: &'w Facts,
        format: Option<&Format>,
        progress: &'w dyn Progress,
    ) -> Reading<'w, T> {
        self.decoder.give(facts.values());
        self.decoder.begin(format);
        let Worker { take, tally, .. } = self;
        let gather = Gather { take, tally, mask: self.mask.as_mut(), sieve: self.sieve.as_mut(), place, facts };
        Reading { decoder: &mut self.decoder, gather, stop: None, progress }
    }

    /// Reads one source, or returns it mapped if it is a large plain file, unless it is to be read
    /// `whole`.
    pub fn read(
        &mut self,
        index: usize,
        source: &Source,
        limits: &Limits,
        whole: bool,
        progress: &dyn Progress,
    ) -> Option<Split> {
        let mut buffers = std::mem::take(&mut self.buffers);
        let mut reading = self.start(Place { source: index, part: 0 }, &source.facts, None, progress);
        let part = limits.part;
        let split = match read(source, limits, &mut buffers, &mut reading) {
            // Its format decides how the parts are read.
            Read::Split(mapped) if !whole && reading.can_tell(mapped.bytes(), part) => Some(Split::new(mapped, part)),
            read => {
                let ending = match read {
                    Read::Split(mapped) => reading.read_all(&mapped, part),
                    Read::Done(ending) => ending,
                };
                let problem = reading.finish();
                self.tally.counts.bytes_read += ending.packed;
                self.tally.counts.bytes_unpacked += ending.unpacked;
                self.tally.end_with(index, ending.damage, problem);
                None
            }
        };
        self.buffers = buffers;
        split
    }
}

impl<'a> Job<'a> {
    /// Reads one source, or hands its parts to all workers if it is a large plain file.
    pub fn read<'s>(&'s self, source: usize, scope: &rayon::ScopeFifo<'s>) {
        let read = |worker: &mut Worker<State>| {
            worker.read(source, &self.sources[source], &self.options.limits, false, self.progress)
        };
        match self.with_worker(read) {
            Some(split) => self.read_split(source, Arc::new(split), scope),
            None => self.end_source(source),
        }
    }
}

/// A part of a source that is being read.
pub struct Reading<'w, T> {
    decoder: &'w mut TextDecoder,
    gather: Gather<'w, T>,
    stop: Option<Stop>,
    progress: &'w dyn Progress,
}

impl<T: Take> Reading<'_, T> {
    /// Whether the format of a text can be told by its first `part` bytes.
    fn can_tell(&mut self, text: &[u8], part: usize) -> bool {
        self.decoder.can_tell(&text[..text.len().min(part)])
    }

    /// Reads a mapped file alone, about `part` bytes at a time.
    fn read_all(&mut self, mapped: &Mapped, part: usize) -> Ending {
        let bytes = mapped.bytes();
        let mut done = 0;
        while done < bytes.len() {
            let least = (done + part.max(1)).min(bytes.len());
            let end = memchr::memchr(b'\n', &bytes[least - 1..]).map_or(bytes.len(), |newline| least + newline);
            let go_on = self.block(&bytes[done..end]);
            self.advance((end - done) as u64);
            done = end;
            if !go_on {
                break;
            }
            mapped.release(done.saturating_sub(2 * part)..done);
        }
        let damage = if mapped.changed() { vec![Damage::Changed] } else { vec![] };
        Ending { packed: done as u64, unpacked: done as u64, damage }
    }

    /// Closes the account of the part, and returns why it was not read to its end, if so.
    pub fn finish(mut self) -> Option<Problem> {
        if self.stop.is_none() {
            self.stop = self.decoder.finish(&mut self.gather).err();
            self.gather.take.pause();
        }
        let lines = self.decoder.lines();
        let place = self.gather.place;
        if let Some(sieve) = &mut self.gather.sieve {
            sieve.finish(place.source);
        }
        self.gather.tally.add_lines(place, lines);
        self.stop.map(|stop| match stop {
            Stop::NoFormat { fields } => Problem::NoFormat { fields },
            Stop::Header { line, error } => Problem::Header { part: place.part, line, reason: error.to_string() },
        })
    }
}

impl<T: Take> Blocks for Reading<'_, T> {
    fn block(&mut self, block: &[u8]) -> bool {
        if self.stop.is_none() {
            self.stop = self.decoder.feed(block, &mut self.gather).err();
            self.gather.take.pause();
        }
        !self.stopped()
    }

    fn too_long(&mut self, bytes: u64) {
        self.decoder.too_long(bytes, &mut self.gather);
    }

    fn cut_line(&mut self) {
        self.decoder.cut_line(&mut self.gather);
    }

    fn advance(&mut self, bytes: u64) {
        self.progress.bytes(bytes);
    }

    fn stopped(&self) -> bool {
        let is_full = self.gather.sieve.as_ref().is_some_and(|sieve| sieve.is_full());
        self.stop.is_some() || is_full || self.gather.take.stopped()
    }
}

/// Takes what the decoder makes into the worker's state and account.
struct Gather<'w, T> {
    take: &'w mut T,
    tally: &'w mut Tally,
    mask: Option<&'w mut Mask>,
    sieve: Option<&'w mut Sieve>,
    place: Place,
    facts: &'w Facts,
}

impl<T: Take> Sink for Gather<'_, T> {
    fn batch(&mut self, batch: &Batch<'_>) {
        let mut selected = self.mask.as_mut().map(|mask| mask.of(batch));
        if let Some(sieve) = &mut self.sieve {
            selected = sieve.pass(self.place, batch, selected, &mut self.tally.counts);
        }
        self.tally.add_batch(self.place, batch, selected);
        self.take.batch(self.place, batch, selected);
    }

    fn malformed(&mut self, line: u64, why: Malformed) {
        self.tally.malformed.add(self.place, line, || Problem::Malformed(why));
    }

    fn format(&mut self, format: &Format) {
        self.tally.add_format(self.place, format);
        self.tally.add_given(self.facts);
        self.take.format(format);
    }
}

impl From<Damage> for Problem {
    fn from(damage: Damage) -> Problem {
        Problem::Damage(damage)
    }
}
