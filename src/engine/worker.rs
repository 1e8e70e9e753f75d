//! One thread's share: it reads sources, decodes them, and keeps a state and an account.

use super::split::Split;
use super::tally::{Place, Problem, Tally};
use super::{Job, Options, Progress};
use crate::decode::{Batch, Malformed, Sink, Stop, TextDecoder};
use crate::query::filter::Mask;
use crate::query::{Plan, State};
use crate::schema::Format;
use crate::source::{Blocks, Buffers, Damage, Ending, Facts, Mapped, Read, read};
use std::sync::Arc;

pub struct Worker {
    pub state: State,
    pub tally: Tally,
    pub decoder: TextDecoder,
    mask: Option<Mask>,
    buffers: Buffers,
}

impl Worker {
    pub fn new(plan: &Arc<Plan>, options: &Options) -> Worker {
        let decoder = TextDecoder::new(plan.fields(), options.format.as_ref());
        Worker {
            state: State::new(plan),
            tally: Tally::for_fields(plan.fields()),
            mask: plan.mask(),
            decoder: if options.window > 0 { decoder.with_window(options.window) } else { decoder },
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
    ) -> Reading<'w> {
        self.decoder.give(facts.values());
        self.decoder.begin(format);
        let gather = Gather { state: &mut self.state, tally: &mut self.tally, mask: self.mask.as_mut(), place, facts };
        Reading { decoder: &mut self.decoder, gather, stop: None, progress }
    }
}

impl<'a> Job<'a> {
    /// Reads one source, or hands its parts to all workers if it is a large plain file.
    pub fn read<'s>(&'s self, source: usize, scope: &rayon::ScopeFifo<'s>) {
        let facts = &self.sources[source].facts;
        let split = self.with_worker(|worker| {
            let mut buffers = std::mem::take(&mut worker.buffers);
            let mut reading = worker.start(Place { source, part: 0 }, facts, None, self.progress);
            let read = read(&self.sources[source], &self.options.limits, &mut buffers, &mut reading);
            let part = self.options.limits.part;
            let read = match read {
                // Its format decides how the parts are read.
                Read::Split(mapped) if !reading.can_tell(mapped.bytes(), part) => Read::Done(reading.read_all(&mapped)),
                read => read,
            };
            let split = match read {
                Read::Split(mapped) => Some(Split::new(mapped, part)),
                Read::Done(ending) => {
                    let problem = reading.finish();
                    worker.tally.counts.bytes_read += ending.packed;
                    worker.tally.counts.bytes_unpacked += ending.unpacked;
                    worker.tally.end_with(source, ending.damage, problem);
                    None
                }
            };
            worker.buffers = buffers;
            split
        });
        match split {
            Some(split) => self.read_split(source, Arc::new(split), scope),
            None => self.progress.source(),
        }
    }
}

/// A part of a source that is being read.
pub struct Reading<'w> {
    decoder: &'w mut TextDecoder,
    gather: Gather<'w>,
    stop: Option<Stop>,
    progress: &'w dyn Progress,
}

impl Reading<'_> {
    /// Whether the format of a text can be told by its first `part` bytes.
    fn can_tell(&mut self, text: &[u8], part: usize) -> bool {
        self.decoder.can_tell(&text[..text.len().min(part)])
    }

    /// Reads a mapped file alone.
    fn read_all(&mut self, mapped: &Mapped) -> Ending {
        let size = mapped.bytes().len() as u64;
        self.block(mapped.bytes());
        self.advance(size);
        let damage = if mapped.changed() { vec![Damage::Changed] } else { vec![] };
        Ending { packed: size, unpacked: size, damage }
    }

    /// Closes the account of the part, and returns why it was not read to its end, if so.
    pub fn finish(mut self) -> Option<Problem> {
        if self.stop.is_none() {
            self.stop = self.decoder.finish(&mut self.gather).err();
        }
        let lines = self.decoder.lines();
        let place = self.gather.place;
        self.gather.tally.add_lines(place, lines);
        self.stop.map(|stop| match stop {
            Stop::NoFormat { fields } => Problem::NoFormat { fields },
            Stop::Header { line, error } => Problem::Header { part: place.part, line, reason: error.to_string() },
        })
    }
}

impl Blocks for Reading<'_> {
    fn block(&mut self, block: &[u8]) -> bool {
        if self.stop.is_none() {
            self.stop = self.decoder.feed(block, &mut self.gather).err();
        }
        self.stop.is_none()
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
        self.stop.is_some()
    }
}

/// Takes what the decoder makes into the worker's state and account.
struct Gather<'w> {
    state: &'w mut State,
    tally: &'w mut Tally,
    mask: Option<&'w mut Mask>,
    place: Place,
    facts: &'w Facts,
}

impl Sink for Gather<'_> {
    fn batch(&mut self, batch: &Batch<'_>) {
        let selected = self.mask.as_mut().map(|mask| mask.of(batch));
        self.tally.add_batch(self.place, batch, selected);
        self.state.consume(batch, selected);
    }

    fn malformed(&mut self, line: u64, why: Malformed) {
        self.tally.malformed.add(self.place, line, || Problem::Malformed(why));
    }

    fn format(&mut self, format: &Format) {
        self.tally.add_format(self.place, format);
        self.tally.add_given(self.facts);
    }
}

impl From<Damage> for Problem {
    fn from(damage: Damage) -> Problem {
        Problem::Damage(damage)
    }
}
