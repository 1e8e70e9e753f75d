//! A large source, read in parts by all workers at once: the lines of a plain file, or the row groups
//! of a Parquet file.

use super::split::Split;
use super::table::TableParts;
use super::tally::{Place, Problem};
use super::worker::{Take, Worker};
use super::{Job, Progress};
use crate::source::{Damage, Facts};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a source is split into. All parts before one have to be read by somebody, or be read already,
/// when it is read.
pub enum Parts {
    Lines(Split),
    Rows(TableParts),
}

impl Parts {
    /// How many there are; at least one.
    pub fn count(&self) -> usize {
        match self {
            Parts::Lines(split) => split.parts(),
            Parts::Rows(table) => table.parts(),
        }
    }

    /// Whether the file has changed since it was opened.
    pub fn changed(&self) -> bool {
        match self {
            Parts::Lines(split) => split.changed(),
            Parts::Rows(table) => table.changed(),
        }
    }

    /// Reads a part, and returns what was wrong with it.
    pub fn read<T: Take>(
        &self,
        place: Place,
        facts: &Facts,
        worker: &mut Worker<T>,
        progress: &dyn Progress,
    ) -> Option<Problem> {
        match self {
            Parts::Lines(split) => split.read_part(place, facts, worker, progress),
            Parts::Rows(table) => table.read_part(place, facts, worker, progress),
        }
    }
}

/// Parts that any worker may claim.
struct Open {
    parts: Parts,
    next: AtomicUsize,
    done: AtomicUsize,
    problems: Mutex<Vec<Problem>>,
}

impl<'a> Job<'a> {
    /// Reads the parts of a source, on this thread and on any other that is free.
    pub fn read_parts<'s>(&'s self, source: usize, parts: Parts, scope: &rayon::ScopeFifo<'s>) {
        let helpers = (self.workers.len() - 1).min(parts.count() - 1);
        let open = Open { parts, next: AtomicUsize::new(0), done: AtomicUsize::new(0), problems: Mutex::default() };
        let open = Arc::new(open);
        for _ in 0..helpers {
            let open = open.clone();
            scope.spawn_fifo(move |_| self.read_open(source, &open));
        }
        self.read_open(source, &open);
    }

    fn read_open(&self, source: usize, open: &Open) {
        loop {
            let part = open.next.fetch_add(1, Ordering::AcqRel);
            if part >= open.parts.count() {
                return;
            }
            let place = Place { source, part };
            let facts = &self.sources[source].facts;
            let problem = self.with_worker(|worker| open.parts.read(place, facts, worker, self.progress));
            open.problems.lock().unwrap_or_else(PoisonError::into_inner).extend(problem);
            if open.done.fetch_add(1, Ordering::AcqRel) + 1 == open.parts.count() {
                self.end_parts(source, open);
            }
        }
    }

    fn end_parts(&self, source: usize, open: &Open) {
        let problems = std::mem::take(&mut *open.problems.lock().unwrap_or_else(PoisonError::into_inner));
        self.with_worker(|worker| {
            let damage = if open.parts.changed() { vec![Damage::Changed] } else { vec![] };
            worker.tally.end(source, damage);
            problems.into_iter().for_each(|problem| worker.tally.add_problem(source, problem));
        });
        self.end_source(source);
    }
}
