//! Puts what the workers have made into the order of the input.
//!
//! One place is the current one: that before which everything has been delivered. Its rows go
//! straight to the output, those of later places wait in memory; a worker whose rows would exceed
//! the bound waits until it is its turn. The worker at the current place never waits, and places are
//! claimed in order (see `work`), so that there always is one, and waiting ends.
//!
//! Who takes the rows may give work in return, such as packing them. Whoever would wait does it, and
//! the worker at the current place when there is as much of it as there are threads: so there is
//! never much more.

use super::{Deliver, List, Rows, Sort, Work};
use crate::engine::EngineError;
use crate::engine::tally::{Place, Tally};
use crate::schema::{Format, Heading};
use crate::source::Partition;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// What rows of one format have in common.
pub struct Head {
    pub format: Format,
    /// The columns, where all rows have the same.
    pub headings: Vec<Heading>,
    /// Fields of the format that are not among the columns.
    pub beyond: Vec<String>,
    /// Its number among all heads.
    pub number: u32,
}

/// Rows of one part with one head.
#[derive(Default)]
pub struct Chunk {
    pub head: Option<Arc<Head>>,
    pub bytes: Vec<u8>,
    pub rows: usize,
    /// Where every row ends, if it may be that not all are wanted.
    pub ends: Vec<usize>,
    /// Where rows of one partition end, and how many they are, if partitions are told apart.
    pub filed: Vec<(Arc<Partition>, usize, usize)>,
}

impl Chunk {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.filed.clear();
        self.rows = 0;
    }

    /// The last row is of this partition.
    pub fn file(&mut self, partition: &Arc<Partition>) {
        match self.filed.last_mut() {
            Some((last, rows, end)) if Arc::ptr_eq(last, partition) => (*rows, *end) = (*rows + 1, self.bytes.len()),
            _ => self.filed.push((partition.clone(), 1, self.bytes.len())),
        }
    }
}

/// Why nothing more can be done.
pub enum Failure {
    Output(io::Error),
    Disk(io::Error),
    Engine(EngineError),
}

/// What is still wanted of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Rows,
    /// The limit was reached here: only the account.
    Account,
    Nothing,
}

pub struct Order<'a> {
    inner: Mutex<Inner>,
    moved: Condvar,
    output: Mutex<Output<'a>>,
    /// The most that may wait, in bytes.
    bound: usize,
    /// As many pieces of work may be left to others.
    threads: usize,
    /// Set when not everything is wanted any more.
    over: AtomicBool,
}

struct Inner {
    /// The current place; past the last source at the end.
    at: Place,
    /// Its rows may go straight to the output: those that were waiting are out.
    direct: bool,
    /// The number of parts of every source, once known.
    parts: Vec<usize>,
    waiting: BTreeMap<Place, Waiting>,
    /// How much is waiting, in bytes.
    ahead: usize,
    spare: Vec<Vec<u8>>,
    works: VecDeque<Work>,
    tally: Tally,
    /// The place where the limit was reached.
    stop: Option<Place>,
    failure: Option<Failure>,
}

/// What a place has made before its turn.
#[derive(Default)]
struct Waiting {
    chunks: Vec<Chunk>,
    /// Its account, if it is done.
    done: Option<Tally>,
}

/// What is left at the end.
pub struct Ended<'a> {
    pub tally: Tally,
    /// What nobody has done yet.
    pub works: VecDeque<Work>,
    pub output: Output<'a>,
}

impl<'a> Order<'a> {
    pub fn new(list: &List, sources: usize, threads: usize, deliver: &'a mut dyn Deliver) -> Order<'a> {
        let inner = Inner {
            at: Place { source: 0, part: 0 },
            direct: true,
            parts: vec![0; sources],
            waiting: BTreeMap::new(),
            ahead: 0,
            spare: Vec::new(),
            works: VecDeque::new(),
            tally: Tally::default(),
            stop: None,
            failure: None,
        };
        let limit = if list.limit == 0 { usize::MAX } else { list.limit };
        Order {
            inner: Mutex::new(inner),
            moved: Condvar::new(),
            output: Mutex::new(Output { deliver, started: false, rows: 0, limit, beyond: Default::default() }),
            // What is sorted does not wait here.
            bound: if list.sort == Sort::None { list.ahead } else { 0 },
            threads,
            over: AtomicBool::new(false),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A source turns out to have so many parts.
    pub fn opened(&self, source: usize, parts: usize) {
        self.lock().parts[source] = parts;
    }

    /// What is still wanted of a place.
    pub fn wanted(&self, place: Place) -> Wanted {
        if !self.over.load(Ordering::Acquire) {
            return Wanted::Rows;
        }
        self.lock().wanted(place)
    }

    /// Whether places that nobody has begun are wanted.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Takes the rows of a chunk, which is empty then.
    pub fn hand_over(&self, place: Place, chunk: &mut Chunk) {
        let mut inner = self.lock();
        loop {
            if inner.wanted(place) != Wanted::Rows {
                return chunk.clear();
            }
            if inner.at == place && inner.direct {
                break;
            }
            if inner.ahead + chunk.bytes.len() <= self.bound {
                inner.ahead += chunk.bytes.len();
                let bytes = inner.spare.pop().unwrap_or_default();
                let empty = Chunk { head: chunk.head.clone(), bytes, ..Chunk::default() };
                let full = std::mem::replace(chunk, empty);
                inner.waiting.entry(place).or_default().chunks.push(full);
                self.work_once(inner);
                return;
            }
            inner = self.work_or_wait(inner);
        }
        drop(inner);
        self.write(place, chunk);
        chunk.clear();
        let inner = self.lock();
        if inner.works.len() >= self.threads {
            self.work_once(inner);
        }
    }

    /// Does a piece of work, if there is any.
    fn work_once<'g>(&'g self, mut inner: MutexGuard<'g, Inner>) {
        if let Some(work) = inner.works.pop_front() {
            drop(inner);
            if let Err(error) = work() {
                self.fail(Failure::Output(error));
            }
        }
    }

    fn work_or_wait<'g>(&'g self, inner: MutexGuard<'g, Inner>) -> MutexGuard<'g, Inner> {
        if inner.works.is_empty() {
            return self.moved.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
        self.work_once(inner);
        self.lock()
    }

    /// Does what work comes up until something holds. What it looks at outside is changed before
    /// `wake` is called.
    pub fn work_until(&self, holds: impl Fn() -> bool) {
        let mut inner = self.lock();
        while !holds() && !self.is_over() {
            inner = self.work_or_wait(inner);
        }
    }

    /// Does what work comes up until every place has had its turn.
    pub fn work_to_the_end(&self) {
        let mut inner = self.lock();
        while inner.at.source < inner.parts.len() && !self.is_over() {
            inner = self.work_or_wait(inner);
        }
    }

    /// Tells those who wait that something has changed.
    pub fn wake(&self) {
        drop(self.lock());
        self.moved.notify_all();
    }

    fn write(&self, place: Place, chunk: &Chunk) {
        let (written, works) = {
            let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
            (output.write(chunk), output.works())
        };
        if !works.is_empty() {
            self.lock().works.extend(works);
            self.moved.notify_all();
        }
        match written {
            Ok(false) => {}
            Ok(true) => {
                let mut inner = self.lock();
                inner.stop = Some(place);
                self.stop_others(inner);
            }
            Err(error) => self.fail(Failure::Output(error)),
        }
    }

    /// Ends the run.
    pub fn fail(&self, failure: Failure) {
        let mut inner = self.lock();
        inner.failure.get_or_insert(failure);
        self.stop_others(inner);
    }

    fn stop_others(&self, inner: MutexGuard<'_, Inner>) {
        self.over.store(true, Ordering::Release);
        drop(inner);
        self.moved.notify_all();
    }

    /// A place is done: its rows have been handed over, and this is its account.
    pub fn finish(&self, place: Place, tally: Tally) {
        let mut inner = self.lock();
        if inner.wanted(place) == Wanted::Nothing {
            return;
        }
        if inner.at != place || !inner.direct {
            inner.waiting.entry(place).or_default().done = Some(tally);
            return;
        }
        inner.tally.merge(tally);
        self.advance(inner);
    }

    /// Moves on from a place that is done, over all places that are done already.
    fn advance<'g>(&'g self, mut inner: MutexGuard<'g, Inner>) {
        loop {
            inner.direct = false;
            if inner.failure.is_some() || inner.stop == Some(inner.at) {
                inner.at.source = inner.parts.len();
                inner.waiting.clear();
                break;
            }
            inner.at = inner.next();
            if inner.at.source == inner.parts.len() {
                break;
            }
            inner = self.drain(inner);
            let at = inner.at;
            match inner.waiting.remove(&at).and_then(|waiting| waiting.done) {
                Some(tally) => inner.tally.merge(tally),
                None => {
                    inner.direct = true;
                    break;
                }
            }
        }
        drop(inner);
        self.moved.notify_all();
    }

    /// Delivers what is waiting at the current place, until nothing is.
    fn drain<'g>(&'g self, mut inner: MutexGuard<'g, Inner>) -> MutexGuard<'g, Inner> {
        loop {
            let at = inner.at;
            let chunks = match inner.waiting.get_mut(&at) {
                Some(waiting) if !waiting.chunks.is_empty() => std::mem::take(&mut waiting.chunks),
                _ => return inner,
            };
            drop(inner);
            for chunk in &chunks {
                if self.wanted(at) == Wanted::Rows {
                    self.write(at, chunk);
                }
            }
            inner = self.lock();
            for mut chunk in chunks {
                inner.ahead -= chunk.bytes.len();
                chunk.clear();
                inner.spare.push(chunk.bytes);
            }
            self.moved.notify_all();
        }
    }

    /// Everybody is done.
    pub fn end(self) -> Result<Ended<'a>, Failure> {
        let inner = self.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
        match inner.failure {
            Some(failure) => Err(failure),
            None => {
                debug_assert_eq!(inner.at.source, inner.parts.len(), "every place has had its turn");
                let output = self.output.into_inner().unwrap_or_else(PoisonError::into_inner);
                Ok(Ended { tally: inner.tally, works: inner.works, output })
            }
        }
    }
}

impl Inner {
    fn wanted(&self, place: Place) -> Wanted {
        match self.stop {
            _ if self.failure.is_some() => Wanted::Nothing,
            Some(stop) if place == stop => Wanted::Account,
            Some(stop) if place > stop => Wanted::Nothing,
            _ => Wanted::Rows,
        }
    }

    fn next(&self) -> Place {
        let Place { source, part } = self.at;
        match part + 1 < self.parts[source] {
            true => Place { source, part: part + 1 },
            false => Place { source: source + 1, part: 0 },
        }
    }
}

/// Where the rows go.
pub struct Output<'a> {
    deliver: &'a mut dyn Deliver,
    started: bool,
    rows: usize,
    limit: usize,
    beyond: (u64, BTreeSet<String>),
}

impl Output<'_> {
    /// Writes rows, and returns whether that is all that are wanted.
    pub fn write(&mut self, chunk: &Chunk) -> io::Result<bool> {
        let (Some(head), true) = (&chunk.head, chunk.rows > 0) else { return Ok(false) };
        if !std::mem::replace(&mut self.started, true) {
            self.deliver.start(&head.headings)?;
        }
        let rows = chunk.rows.min(self.limit - self.rows);
        let bytes = if rows < chunk.rows { &chunk.bytes[..chunk.ends[rows - 1]] } else { &chunk.bytes[..] };
        self.rows += rows;
        if !head.beyond.is_empty() {
            self.beyond.0 += rows as u64;
            self.beyond.1.extend(head.beyond.iter().cloned());
        }
        if chunk.filed.is_empty() {
            self.deliver.rows(&Rows { format: &head.format, partition: None, count: rows, bytes })?;
        }
        let mut start = 0;
        for (partition, count, end) in &chunk.filed {
            let bytes = &chunk.bytes[std::mem::replace(&mut start, *end)..*end];
            self.deliver.rows(&Rows { format: &head.format, partition: Some(partition), count: *count, bytes })?;
        }
        Ok(self.rows == self.limit)
    }

    /// The work that has come up.
    pub fn works(&mut self) -> Vec<Work> {
        std::iter::from_fn(|| self.deliver.work()).collect()
    }

    /// Ends the output, and returns how many rows had fields beyond the columns, and which.
    pub fn finish(&mut self, columns: &[Heading]) -> io::Result<(u64, BTreeSet<String>)> {
        if !self.started {
            self.deliver.start(columns)?;
        }
        self.deliver.finish(self.rows == self.limit)?;
        Ok(std::mem::take(&mut self.beyond))
    }
}
