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
mod worker;

pub use dedup::Dedup;
pub use list::{Columns, Deliver, Encode, List, ListError, Listed, Rows, Sort, Work, list};
pub use met::Met;
pub use newest::{NewestError, newest};
pub use peek::{fields, occurs, unknown_fields};
pub use tally::{Counts, Place, Problem, Tally, Warning};

use crate::decode::Said;
use crate::enrich::Enricher;
use crate::query::{Filter, Grouped, Keep, Merge, Order, Plan, Profile, Query, Rounded, State};
use crate::schema::{FieldName, Value};
use crate::source::{Discovery, Limits, Source};
use dedup::Seen;
use rayon::prelude::*;
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
    pool.map_err(|error| EngineError::Threads { threads, reason: error.to_string() })
}

/// Why a run is not possible.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error("cannot start {threads} threads: {reason}")]
    Threads { threads: usize, reason: String },
    #[error(
        "--dedup: more than {limit} records would have to be kept to be compared; narrow the time (--since, --until), or \
         read files whose paths tell their times, as in AWS's buckets (without --no-prune, and with a shorter --lateness)"
    )]
    Repeats { limit: u64 },
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
    let plan = Arc::new(Plan::new(query));
    let sources = found.sources;
    let (order, seen) = order(&sources, options.dedup.as_ref(), pool.current_num_threads());
    let needs = Needs { fields: plan.fields().to_vec(), unfolded: query.unfolded(), ..Needs::default() };
    let worker = || Worker::new(State::new(&plan), &needs, plan.mask(), seen.as_ref(), options);
    let workers: Vec<_> = (0..pool.current_num_threads()).map(|_| Mutex::new(worker())).collect();
    let prune = query.filter.as_ref().filter(|_| !options.no_prune);
    let job = Job { sources: &sources, workers: &workers, seen: seen.as_deref(), options, prune, progress };
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
    for worker in workers {
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
    Ok(Answer { merge: Merge::new(&plan, states), pool, tally, sources })
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
    pub fn grouped(&mut self, grouping: usize, order: Order) -> Grouped {
        self.grouped_where(grouping, order, &Keep::default())
    }

    /// The same, of the groups that are kept alone; totals are of all.
    pub fn grouped_where(&mut self, grouping: usize, order: Order, keep: &Keep) -> Grouped {
        let Answer { merge, pool, .. } = self;
        let run = |count: usize, work: &(dyn Fn(usize) + Sync)| {
            pool.install(|| (0..count).into_par_iter().for_each(work));
        };
        merge.finish(grouping, order, keep, &run)
    }

    /// Every group of a grouping of the query, in no order; the grouping is used up. Returns how many
    /// records are in none, for want of a key.
    pub fn each(&mut self, grouping: usize, each: impl FnMut(Vec<Value>, Vec<Value>)) -> u64 {
        self.merge.each(grouping, &|count, work| (0..count).for_each(work), each)
    }

    /// The values of a grouping of the query by one key, which is used up: how many there are, the
    /// ends, and the `top` most frequent.
    pub fn profile(&mut self, grouping: usize, top: usize) -> Profile {
        let Answer { merge, pool, .. } = self;
        let run = |count: usize, work: &(dyn Fn(usize) + Sync)| {
            pool.install(|| (0..count).into_par_iter().for_each(work));
        };
        merge.profile(grouping, top, &run)
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
