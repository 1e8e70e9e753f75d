//! Groups that are made of others, such as counts of distinct values: they keep to a memory, too.

use super::hash::hash;
use super::memory::Memory;
use super::plan::GroupPlan;
use super::spill::Spool;
use super::store::Tables;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Groups that are made of others, by many threads at once.
pub struct Made<'p> {
    planned: &'p GroupPlan,
    memory: &'p Memory,
    /// What one thread may have in memory, in bytes.
    share: usize,
    idle: Mutex<Vec<(Tables, Spool)>>,
}

impl<'p> Made<'p> {
    /// None yet, while `used` bytes are taken by what they are made of.
    pub fn new(planned: &'p GroupPlan, memory: &'p Memory, used: usize) -> Made<'p> {
        Made { planned, memory, share: memory.share(used), idle: Mutex::default() }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Tables, Spool)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lends tables that nobody else fills at the time.
    pub fn with<T>(&self, make: impl FnOnce(&mut Tables) -> T) -> io::Result<T> {
        let idle = self.idle().pop();
        let new = || (Tables::new(&self.planned.codecs, &self.planned.word_ops), self.spool());
        let (mut tables, mut spool) = idle.unwrap_or_else(new);
        let made = make(&mut tables);
        for store in tables.stores_mut() {
            if store.bytes_with(0) > self.share / 2 {
                store.spill(&mut spool, &hash)?;
            }
        }
        self.idle().push((tables, spool));
        Ok(made)
    }

    /// Whether `bytes` more, for a time, are too much.
    pub fn is_much(&self, bytes: usize) -> bool {
        bytes / self.memory.workers.max(1) > self.share
    }

    pub fn spool(&self) -> Spool {
        Spool::new(&self.memory.directory)
    }

    pub fn into_tables(self) -> impl Iterator<Item = Tables> {
        let idle = self.idle.into_inner().unwrap_or_else(PoisonError::into_inner);
        idle.into_iter().map(|(tables, _)| tables)
    }
}
