//! One thread's share: it reads sources, decodes them, hands their records on, and keeps an account.

use super::dedup::{Seen, Sieve};
use super::parts::Parts;
use super::split::{Split, Stretch};
use super::table::TableParts;
use super::tally::{Place, Problem, Tally};
use super::{Job, Options, Progress};
use crate::decode::{Batch, Decoder, Form, Malformed, Sink, Stop, Table, TableError, TableForm, TableReader};
use crate::enrich::Enrich;
use crate::query::filter::Mask;
use crate::query::{Filter, State, Unfold};
use crate::schema::{FieldName, Format};
use crate::source::{Blocks, Buffers, Damage, Ending, Facts, Limits, Mapped, Read, Source, read};
use std::sync::Arc;

/// What the records of a worker are for.
pub trait Take {
    /// Records, in the order of the lines of a part, or those of them that are selected.
    fn batch(&mut self, place: Place, batch: &Batch<'_>, selected: Option<&[bool]>);
    /// The same records before, all of them and as they are read.
    fn whole(&mut self, _: &Batch<'_>) {}
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

    fn whole(&mut self, batch: &Batch<'_>) {
        self.consume_whole(batch);
    }

    fn stopped(&self) -> bool {
        self.has_failed()
    }
}

/// What is decoded of every record.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// These fields.
    pub fields: Vec<FieldName>,
    /// All others that there are.
    pub all: bool,
    /// The line.
    pub lines: bool,
    /// Lists of which every value has a row of its own.
    pub unfolded: Vec<FieldName>,
}

/// How a source is read.
#[derive(Clone, Copy)]
pub struct How<'a> {
    pub limits: &'a Limits,
    /// A large text is read by one worker alone.
    pub whole: bool,
    /// What cannot match need not be read.
    pub prune: Option<&'a Filter>,
}

pub struct Worker<T> {
    pub take: T,
    pub tally: Tally,
    pub decoder: Decoder,
    tables: TableReader,
    enrich: Option<Enrich>,
    mask: Option<Mask>,
    sieve: Option<Sieve>,
    unfold: Option<Unfold>,
    buffers: Buffers,
}

impl<T: Take> Worker<T> {
    /// A worker for records that `mask` takes, and that are not among those `seen`.
    pub fn new(take: T, needs: &Needs, mask: Option<Mask>, seen: Option<&Arc<Seen>>, options: &Options) -> Worker<T> {
        let compared = seen.map(|_| Seen::columns(&needs.fields));
        let fields = compared.as_deref().unwrap_or(&needs.fields);
        let all = needs.all || seen.is_some();
        let kept = if all { usize::MAX } else { fields.len() };
        let fields = &options.enricher.with_sources(fields, all)[..];
        let mut decoder = Decoder::new(fields, &options.said);
        if options.window > 0 {
            decoder = decoder.with_window(options.window);
        }
        Worker {
            take,
            tally: Tally::default(),
            enrich: options.enricher.bind(fields, kept),
            mask,
            sieve: seen.map(Sieve::new),
            unfold: Unfold::new(&needs.unfolded, fields),
            decoder: if all { decoder.with_all_fields() } else { decoder },
            tables: TableReader::new(fields, all, needs.lines),
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
        self.decoder.begin(facts.flow_log.as_deref(), format);
        let Worker { take, tally, enrich, mask, sieve, unfold, decoder, .. } = self;
        let (enrich, mask, sieve) = (enrich.as_mut(), mask.as_mut(), sieve.as_mut());
        let gather = Gather { take, tally, enrich, mask, sieve, unfold: unfold.as_ref(), place, facts, table: false };
        Reading { decoder, gather, stop: None, progress }
    }

    /// Takes note of the format of a table.
    pub fn meet(&mut self, place: Place, facts: &Facts, table: &Table) {
        let Worker { take, tally, .. } = self;
        let mut gather =
            Gather { take, tally, enrich: None, mask: None, sieve: None, unfold: None, place, facts, table: true };
        gather.form(table.form().into(), None);
        if table.form() != TableForm::Messages {
            gather.format(table.format());
        }
    }

    /// Reads a row group of a table; there are `before` rows before it.
    pub fn read_rows(
        &mut self,
        place: Place,
        facts: &Facts,
        table: &Table,
        row_group: usize,
        before: u64,
    ) -> Result<(), TableError> {
        self.meet(place, facts, table);
        let Worker { take, tally, enrich, mask, sieve, unfold, tables, .. } = self;
        tables.give(facts.values());
        let (enrich, mask, sieve) = (enrich.as_mut(), mask.as_mut(), sieve.as_mut());
        let mut gather =
            Gather { take, tally, enrich, mask, sieve, unfold: unfold.as_ref(), place, facts, table: true };
        let read = tables.read(table, row_group, before, &mut gather);
        if let Some(sieve) = &mut self.sieve {
            sieve.finish(place.source);
        }
        self.take.pause();
        self.tally.add_read(self.tables.account());
        read.map(|_| ())
    }

    /// Lends the reader of tables.
    pub fn take_tables(&mut self) -> TableReader {
        std::mem::replace(&mut self.tables, TableReader::new(&[], false, false))
    }

    /// Takes it back.
    pub fn give_tables(&mut self, tables: TableReader) {
        self.tables = tables;
    }

    /// Reads one source, or returns its parts if several workers can read it.
    pub fn read(&mut self, index: usize, source: &Source, how: How<'_>, progress: &dyn Progress) -> Option<Parts> {
        let mut buffers = std::mem::take(&mut self.buffers);
        let mut reading = self.start(Place { source: index, part: 0 }, &source.facts, None, progress);
        let part = how.limits.part;
        let parts = match read(source, how.limits, &mut buffers, &mut reading) {
            // Its format decides how the parts are read.
            Read::Split(mapped) if !how.whole && reading.can_tell(mapped.bytes(), part) => {
                Some(Parts::Lines(Split::new(mapped, part)))
            }
            Read::Table(stored, ending) => {
                let table = TableParts::open(stored, how.prune);
                ending.damage.iter().for_each(|damage| self.tally.add_problem(index, damage.clone().into()));
                match table {
                    Ok(table) => {
                        self.tally.counts.row_groups_pruned += table.pruned;
                        Some(Parts::Rows(table))
                    }
                    Err(error) => {
                        self.tally.end_with(index, vec![], Some(Problem::NoTable(error.to_string())));
                        None
                    }
                }
            }
            read => {
                let ending = match read {
                    Read::Split(mapped) => reading.read_all(&mapped, part),
                    Read::Done(ending) => ending,
                    Read::Table(_, ending) => ending,
                };
                let problem = reading.finish();
                self.tally.add_ending(index, &ending);
                self.tally.end_with(index, vec![], problem);
                None
            }
        };
        self.buffers = buffers;
        parts
    }
}

impl<'a> Job<'a> {
    /// Reads one source, or hands its parts to all workers.
    pub fn read<'s>(&'s self, source: usize, scope: &rayon::ScopeFifo<'s>) {
        let how = How { limits: &self.options.limits, whole: false, prune: self.prune };
        match self.with_worker(|worker| worker.read(source, &self.sources[source], how, self.progress)) {
            Some(parts) => self.read_parts(source, parts, scope),
            None => self.end_source(source),
        }
    }
}

/// A part of a source that is being read.
pub struct Reading<'w, T> {
    decoder: &'w mut Decoder,
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
            let Stretch { text, long, end } = Stretch::new(mapped, done, (done + part.max(1)).min(bytes.len()));
            let mut go_on = text.is_empty() || self.block(&bytes[text]);
            if let Some(bytes) = long.filter(|_| go_on) {
                self.too_long(bytes);
                go_on = !self.stopped();
            }
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
        let records = lines.lines > 0;
        let place = self.gather.place;
        if let Some(sieve) = &mut self.gather.sieve {
            sieve.finish(place.source);
        }
        self.gather.tally.add_lines(place, lines);
        self.stop.map(|stop| match stop {
            Stop::NoFormat { .. } | Stop::Foreign(_) | Stop::Json(_) => Problem::Stop { stop, records },
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

    fn piece(&mut self, piece: &[u8]) -> bool {
        if self.stop.is_none() {
            self.stop = self.decoder.piece(piece, &mut self.gather).err();
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
    enrich: Option<&'w mut Enrich>,
    mask: Option<&'w mut Mask>,
    sieve: Option<&'w mut Sieve>,
    unfold: Option<&'w Unfold>,
    place: Place,
    facts: &'w Facts,
    /// Records come from no lines, and count as lines themselves.
    table: bool,
}

impl<T: Take> Gather<'_, T> {
    fn gather(&mut self, batch: &Batch<'_>) {
        let mut selected = self.mask.as_mut().map(|mask| mask.of(batch));
        if let Some(sieve) = &mut self.sieve {
            selected = sieve.pass(self.place, batch, selected, &mut self.tally.counts);
        }
        self.tally.add_batch(self.place, batch, selected);
        if self.table {
            self.tally.counts.lines += batch.rows() as u64;
        }
        let (take, place) = (&mut self.take, self.place);
        take.whole(batch);
        match self.unfold {
            None => take.batch(place, batch, selected),
            Some(unfold) => unfold.each(batch, selected, |batch, selected| take.batch(place, batch, selected)),
        }
    }
}

impl<T: Take> Sink for Gather<'_, T> {
    fn batch(&mut self, batch: &Batch<'_>) {
        match self.enrich.take() {
            None => self.gather(batch),
            Some(enrich) => {
                self.gather(&enrich.batch(batch));
                self.enrich = Some(enrich);
            }
        }
    }

    fn malformed(&mut self, line: u64, why: Malformed) {
        // It may have held many records.
        if let Malformed::Wrapped(what) = why
            && what.starts_with("data of an event")
        {
            self.tally.add_problem(self.place.source, Problem::Lost(what));
        }
        self.tally.malformed.add(self.place, line, || Problem::Malformed(why));
    }

    fn format(&mut self, format: &Format) {
        self.tally.add_format(self.place, format);
        self.tally.add_given(self.facts);
        self.take.format(format);
    }

    fn form(&mut self, form: Form, log_group: Option<&str>) {
        self.tally.add_form(self.place, form, log_group);
    }

    fn stopped(&self) -> bool {
        self.take.stopped()
    }
}

impl From<Damage> for Problem {
    fn from(damage: Damage) -> Problem {
        Problem::Damage(damage)
    }
}
