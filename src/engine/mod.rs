//! Runs a query over sources on every processor. The only room that knows threads.
//!
//! Every worker has a state and an account of its own, and all of them merge in any order with the
//! same result, so that the answer does not depend on how the work was shared out.

mod dedup;
mod list;
mod met;
mod newest;
mod parts;
mod peek;
mod split;
mod table;
mod tally;
mod times;
mod worker;

pub use dedup::Dedup;
pub use list::{Columns, Deliver, Encode, List, ListError, Listed, Rows, Sort, Work, list};
pub use met::Met;
pub use newest::{NewestError, newest};
pub use peek::{fields, occurs, unknown_fields};
pub use tally::{Counts, Place, Problem, Tally, Warning};

use crate::decode::Said;
use crate::enrich::Enricher;
use crate::query::{
    Filter, Grouped, Held, Keep, Memory, MemoryError, Merge, Order, Plan, Profile, Query, RankedRows, Rounded, State,
};
use crate::schema::{FieldName, Value};
use crate::source::{Discovery, Limits, Source, plain_error};
use dedup::Seen;
use rayon::prelude::*;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use worker::{Needs, Worker};

/// How to run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Worker threads; 0 for one per processor.
    pub threads: usize,
    /// What the user says of text without a header.
    pub said: Said,
    /// Row groups are read even if no record of them can match.
    pub no_prune: bool,
    pub limits: Limits,
    /// The text that is scanned at a time, in bytes; 0 for the usual.
    pub window: usize,
    /// Whether records that repeat others are left out, and how they are told.
    pub dedup: Option<Dedup>,
    /// What groups may take in memory, in bytes; `None` for any amount. What exceeds it goes to disk.
    pub memory: Option<usize>,
    /// Where that is.
    pub directory: PathBuf,
    /// What makes columns that no log has.
    pub enricher: Arc<Enricher>,
}

/// Is told how far the reading has come, by many threads at once.
pub trait Progress: Sync {
    /// So many more bytes of the sources have been used up.
    fn bytes(&self, count: u64);
    /// One more source is done.
    fn source(&self);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn bytes(&self, _: u64) {}
    fn source(&self) {}
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, EngineError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| EngineError::Threads {
        threads: if threads == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { threads },
        reason: plain_error(&io::Error::other(error)),
    })
}

/// Why a run is not possible.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("cannot start {threads} threads: {reason}; use fewer (-j 1), or allow more memory or processes")]
    Threads { threads: usize, reason: String },
    #[error(
        "--dedup: more than {limit} records would have to be kept to be compared; narrow the time (--since, --until), or \
         read files whose paths tell their times, as in AWS's buckets (without --no-prune, and with a shorter \
         --lateness); --max-memory allows more, up to 64 million"
    )]
    Repeats { limit: u64 },
    #[error(
        "cannot keep groups on disk, in {}: {}; TMPDIR names another folder, and --max-memory allows more memory",
        .directory.display(), plain_error(.error)
    )]
    Disk { directory: PathBuf, error: io::Error },
    #[error("--max-memory: {what} take more than {} MB; allow more, or ask for fewer records", .limit.div_ceil(1_000_000))]
    Full { what: &'static str, limit: usize },
}

impl From<MemoryError> for EngineError {
    fn from(error: MemoryError) -> EngineError {
        match error {
            MemoryError::Disk { directory, error } => EngineError::Disk { directory, error },
            MemoryError::Texts { limit } => EngineError::Full { what: "the different texts among the keys", limit },
        }
    }
}

/// What came of a run: groupings to be finished, and the account.
pub struct Answer {
    merge: Merge,
    pool: rayon::ThreadPool,
    pub tally: Tally,
    sources: Vec<Source>,
}

/// Reads every source and answers the query.
pub fn run(query: &Query, found: Discovery, options: &Options, progress: &dyn Progress) -> Result<Answer, EngineError> {
    let started = Instant::now();
    let pool = pool(options.threads)?;
    let workers = pool.current_num_threads();
    let memory =
        Memory { bytes: options.memory.unwrap_or(usize::MAX), workers, directory: options.directory.clone().into() };
    let plan = Arc::new(Plan::new(query).with_memory(memory));
    let sources = found.sources;
    let (order, seen) = order(&sources, options.dedup.as_ref(), workers);
    let needs = Needs { fields: plan.fields().to_vec(), unfolded: query.unfolded(), ..Needs::default() };
    let worker = || Worker::new(State::new(&plan), &needs, plan.mask(), seen.as_ref(), options);
    let all: Vec<_> = (0..workers).map(|_| Mutex::new(worker())).collect();
    let prune = query.filter.as_ref().filter(|_| !options.no_prune);
    let job = Job { sources: &sources, workers: &all, seen: seen.as_deref(), options, prune, progress };
    for order in order {
        let next = AtomicUsize::new(0);
        pool.scope_fifo(|scope| {
            for _ in &order {
                // Whichever of these is run first takes the first source.
                scope.spawn_fifo(|scope| job.read(order[next.fetch_add(1, Ordering::Relaxed)], scope));
            }
        });
    }
    seen.as_ref().map_or(Ok(()), |seen| seen.verdict())?;
    let mut tally = Tally::default();
    let mut states = Vec::new();
    for worker in all {
        let worker = worker.into_inner().unwrap_or_else(PoisonError::into_inner);
        states.push(worker.take);
        tally.merge(worker.tally);
    }
    for (i, source) in sources.iter().enumerate() {
        if let Some(damage) = &source.broken {
            tally.end(i, vec![damage.clone()]);
        }
    }
    tally.settle(found.skipped, found.pruned);
    tally.seconds = started.elapsed().as_secs_f64();
    Ok(Answer { merge: Merge::new(&plan, states)?, pool, tally, sources })
}

/// Answers a query from flows that an answer has held; they must be able to tell it.
pub fn ask_held(query: &Query, held: &Held, options: &Options) -> Result<Answer, EngineError> {
    let pool = pool(options.threads)?;
    let bytes = options.memory.map_or(usize::MAX, |bytes| bytes.saturating_sub(held.bytes()));
    let memory = Memory { bytes, workers: pool.current_num_threads(), directory: options.directory.clone().into() };
    let plan = Arc::new(Plan::new(query).with_memory(memory));
    let next = AtomicUsize::new(0);
    let states = pool.broadcast(|_| {
        let mut state = State::new(&plan);
        let mut replay = held.replay(&plan);
        while !state.has_failed() && replay.take(next.fetch_add(1, Ordering::Relaxed), &mut state) {}
        state
    });
    Ok(Answer { merge: Merge::new(&plan, states)?, pool, tally: Tally::default(), sources: vec![] })
}

/// The order in which the sources are read, in groups of which one is done before the next begins;
/// and what is kept to tell repeated records.
fn order(sources: &[Source], dedup: Option<&Dedup>, threads: usize) -> (Vec<Vec<usize>>, Option<Arc<Seen>>) {
    if let Some(dedup) = dedup {
        let order = dedup::by_time(dedup, sources);
        let seen = Seen::new(dedup, sources, &order.concat(), threads);
        return (order.into(), Some(Arc::new(seen)));
    }
    // The largest first, so that no thread is left alone with one at the end.
    let mut order: Vec<usize> = (0..sources.len()).filter(|i| sources[*i].broken.is_none()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(sources[*i].size));
    (vec![order], None)
}

impl Answer {
    /// The rows of a grouping of the query, which is used up.
    pub fn grouped(&mut self, grouping: usize, order: Order) -> Result<Grouped, EngineError> {
        let Answer { merge, pool, .. } = self;
        Ok(merge.finish(grouping, order, &Keep::default(), &on(pool))?)
    }

    /// The same, of the groups that are kept alone; totals are of all. Rows come apart, as they need not be
    /// in memory.
    pub fn ranked(&mut self, grouping: usize, order: Order, keep: &Keep) -> Result<(Grouped, RankedRows), EngineError> {
        let Answer { merge, pool, .. } = self;
        Ok(merge.finish_apart(grouping, order, keep, &on(pool))?)
    }

    /// Every group of a grouping of the query, in no order; the grouping is used up. Returns how many
    /// records are in none, for want of a key.
    pub fn each(&mut self, grouping: usize, each: impl FnMut(Vec<Value>, Vec<Value>)) -> Result<u64, EngineError> {
        Ok(self.merge.each(grouping, &|count, work| (0..count).for_each(work), each)?)
    }

    /// The flows of a query that has them held, if they fit in memory.
    pub fn take_held(&mut self) -> Option<Held> {
        self.merge.take_held()
    }

    /// What groups may take in memory, in bytes.
    pub fn memory(&self) -> usize {
        self.merge.memory().bytes
    }

    /// A number of groups that a grouping of the query does not exceed.
    pub fn most_groups(&self, grouping: usize) -> usize {
        self.merge.most_groups(grouping)
    }

    /// What has become of rows that cannot be read back from disk.
    pub fn lost(&self, error: io::Error) -> EngineError {
        self.merge.memory().failed(error).into()
    }

    /// The values of a grouping of the query by one key, which is used up: how many there are, the
    /// ends, and the `top` most frequent.
    pub fn profile(&mut self, grouping: usize, top: usize) -> Result<Profile, EngineError> {
        let Answer { merge, pool, .. } = self;
        Ok(merge.profile(grouping, top, &on(pool))?)
    }

    /// The fields whose percentiles have been rounded, of the groupings that are finished.
    pub fn rounded(&self) -> &[Rounded] {
        &self.merge.rounded
    }

    /// What went wrong, in the order of the paths.
    pub fn warnings(&self) -> Vec<Warning> {
        self.tally.warnings(&self.sources)
    }

    /// What the sources turned out to be.
    pub fn met(&self) -> Met {
        self.tally.met(&self.sources)
    }

    /// Fields of the question that no input has, if there was any input.
    pub fn absent<'q>(&self, fields: impl IntoIterator<Item = &'q FieldName>) -> Vec<&'q FieldName> {
        self.tally.absent(fields)
    }
}

/// Runs work on all threads of a pool.
fn on(pool: &rayon::ThreadPool) -> impl Fn(usize, &(dyn Fn(usize) + Sync)) + Sync {
    |count, work| pool.install(|| (0..count).into_par_iter().for_each(work))
}

/// What all workers share while they read.
struct Job<'a> {
    sources: &'a [Source],
    workers: &'a [Mutex<Worker<State>>],
    seen: Option<&'a Seen>,
    options: &'a Options,
    /// What cannot match need not be read.
    prune: Option<&'a Filter>,
    progress: &'a dyn Progress,
}

impl Job<'_> {
    /// A source is done.
    fn end_source(&self, source: usize) {
        if let Some(seen) = self.seen {
            seen.finish(source);
        }
        self.progress.source();
    }

    /// Calls `work` with the worker of this thread. Workers never wait for each other's, so that
    /// the lock is always free.
    fn with_worker<T>(&self, work: impl FnOnce(&mut Worker<State>) -> T) -> T {
        let index = rayon::current_thread_index().unwrap_or(0);
        work(&mut self.workers[index].lock().unwrap_or_else(PoisonError::into_inner))
    }
}
