//! Shares the sources out to the workers.
//!
//! Sources are claimed in the order of their paths. A large file is read in parts, which are claimed
//! in order, too, and before any part of a later file. So whoever waits for its turn (see `order`)
//! knows that every place before its own is claimed or was not known to exist when it claimed its
//! own; and the worker that makes a place known claims the first free one itself. Whoever finds no
//! place does what work the delivered rows make.

use super::lister::{Lister, Shared};
use super::order::Failure;
use super::sort::Runs;
use super::{Columns, Encode, wanted};
use crate::engine::parts::Parts;
use crate::engine::tally::Place;
use crate::engine::worker::{How, Worker};
use crate::engine::{Options, Progress};
use crate::source::Damage;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Reads all sources on all threads of a pool, and returns what was sorted.
pub fn read_all(
    shared: &Shared<'_>,
    options: &Options,
    progress: &dyn Progress,
    pool: &rayon::ThreadPool,
    encoder: &(dyn Fn() -> Box<dyn Encode> + Sync),
) -> Vec<Runs> {
    let needs = wanted(shared.list);
    let queue = Queue { claims: Mutex::default(), sources: shared.sources.len() };
    // The first format that is met, and the first of equal records, are those only if nobody runs ahead.
    let alone = shared.list.columns == Columns::First || shared.seen.is_some();
    pool.broadcast(|thread| {
        let mask = shared.list.filter.as_ref().map(|filter| filter.bind(&needs.fields));
        let worker = Worker::new(Lister::new(shared, encoder()), &needs, mask, shared.seen.as_ref(), options);
        let mut hand = Hand { worker, shared, queue: &queue, options, progress };
        if !alone || thread.index() == 0 {
            while let Some(claim) = queue.claim(shared) {
                hand.read(claim);
            }
        }
        shared.order.work_to_the_end();
        hand.worker.take.into_runs()
    })
}

/// What has been claimed.
struct Queue {
    claims: Mutex<Claims>,
    sources: usize,
}

#[derive(Default)]
struct Claims {
    /// The next source.
    next: usize,
    /// Files that are read in parts, and the next part of each.
    split: Vec<(usize, Arc<Parts>, usize)>,
    /// Sources of which it is not known yet whether they are read in parts.
    opening: usize,
    /// And of how many it is.
    opened: usize,
}

enum Claim {
    Source(usize),
    Part(Place, Arc<Parts>),
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Claims> {
        self.claims.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first place that nobody has; does other work where another may still turn up.
    fn claim(&self, shared: &Shared<'_>) -> Option<Claim> {
        loop {
            let mut claims = self.lock();
            if shared.order.is_over() {
                return None;
            }
            claims.split.retain(|(_, split, next)| *next < split.count());
            if let Some((source, split, next)) = claims.split.iter_mut().min_by_key(|(source, ..)| *source) {
                let place = Place { source: *source, part: *next };
                *next += 1;
                return Some(Claim::Part(place, split.clone()));
            }
            if claims.next < self.sources {
                claims.next += 1;
                claims.opening += 1;
                return Some(Claim::Source(claims.next - 1));
            }
            if claims.opening == 0 {
                return None;
            }
            let opened = claims.opened;
            drop(claims);
            shared.order.work_until(|| self.lock().opened != opened);
        }
    }

    /// A source has been opened: it is read in parts, or it has been read.
    fn opened(&self, source: usize, split: Option<Parts>, shared: &Shared<'_>) {
        let mut claims = self.lock();
        claims.opening -= 1;
        claims.opened += 1;
        claims.split.extend(split.map(|split| (source, Arc::new(split), 0)));
        drop(claims);
        shared.order.wake();
    }
}

/// A worker and what it works on.
struct Hand<'h, 's, 'a> {
    worker: Worker<Lister<'s, 'a>>,
    shared: &'s Shared<'a>,
    queue: &'h Queue,
    options: &'h Options,
    progress: &'h dyn Progress,
}

impl Hand<'_, '_, '_> {
    fn read(&mut self, claim: Claim) {
        match claim {
            Claim::Source(source) => self.read_source(source),
            Claim::Part(place, split) => self.read_part(place, &split),
        }
    }

    fn read_source(&mut self, index: usize) {
        let source = &self.shared.sources[index];
        let place = Place { source: index, part: 0 };
        self.worker.take.begin(place);
        let split = match &source.broken {
            Some(damage) => {
                self.worker.tally.end(index, vec![damage.clone()]);
                None
            }
            None => {
                let prune = self.shared.list.filter.as_ref().filter(|_| !self.options.no_prune);
                let how = How { limits: &self.options.limits, whole: self.shared.list.numbers, prune };
                self.worker.read(index, source, how, self.progress)
            }
        };
        self.shared.order.opened(index, split.as_ref().map_or(1, Parts::count));
        if split.is_none() {
            if source.broken.is_none() {
                self.end_source(index);
            }
            self.finish(place);
        }
        self.queue.opened(index, split, self.shared);
    }

    fn read_part(&mut self, place: Place, split: &Parts) {
        let source = place.source;
        self.worker.take.begin(place);
        let facts = &self.shared.sources[source].facts;
        let problem = split.read(place, facts, &mut self.worker, self.progress);
        if place.part == 0 {
            self.worker.tally.end(source, vec![]);
        }
        if place.part + 1 == split.count() {
            self.end_source(source);
        }
        let changed = split.changed().then(|| Damage::Changed.into());
        for problem in problem.into_iter().chain(changed) {
            self.worker.tally.add_problem(source, problem);
        }
        self.finish(place);
    }

    fn end_source(&mut self, source: usize) {
        if let Some(seen) = &self.shared.seen {
            seen.finish(source);
        }
        self.progress.source();
    }

    fn finish(&mut self, place: Place) {
        if let Some(Err(error)) = self.shared.seen.as_ref().map(|seen| seen.in_time()) {
            self.shared.order.fail(Failure::Engine(error));
        }
        self.shared.order.finish(place, std::mem::take(&mut self.worker.tally));
    }
}
