//! The groups of one worker: tables in memory, and on disk what does not fit there.

use super::codec::Codec;
use super::entry::Entry;
use super::hash::hash;
use super::plan::Codecs;
use super::spill::{Run, Spool};
use super::table::{Table, WordOp};
use std::io;

/// Groups of one layout. A group may stand in several tables and runs; merging goes partition by
/// partition, and finds it there.
pub struct Store {
    open: Table,
    /// Tables that are as large as the cache allows.
    full: Vec<Table>,
    disk: Vec<Run>,
}

impl Store {
    pub fn new(key_words: usize, ops: &[WordOp]) -> Store {
        Store { open: Table::new(key_words, ops), full: Vec::new(), disk: Vec::new() }
    }

    /// The table that `more` keys go to, small enough for the cache.
    pub fn with_room(&mut self, more: usize) -> &mut Table {
        if self.open.is_full(more) {
            let next = self.open.another();
            self.full.push(std::mem::replace(&mut self.open, next));
        }
        &mut self.open
    }

    /// The one table of a store that grows, so that no key stands in it twice.
    pub fn growing(&mut self) -> &mut Table {
        &mut self.open
    }

    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.full.iter().chain([&self.open])
    }

    /// All that the groups are in.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.tables().map(Piece::Memory).chain(self.disk.iter().map(Piece::Disk))
    }

    pub fn has_runs(&self) -> bool {
        !self.disk.is_empty()
    }

    /// Takes the runs that are on disk.
    pub fn take_runs(&mut self) -> Vec<Run> {
        std::mem::take(&mut self.disk)
    }

    /// The memory that it takes, in bytes, and will take while it makes room for `more` entries.
    pub fn bytes_with(&self, more: usize) -> usize {
        let full: usize = self.full.iter().map(|table| table.bytes_with(0)).sum();
        full + self.open.bytes_with(more)
    }

    /// Moves all that is in memory to disk, in the order of what `hash` makes of the keys.
    pub fn spill(&mut self, spool: &mut Spool, hash: &impl Fn(&[u64]) -> u64) -> io::Result<()> {
        let empty = self.open.empty();
        self.full.push(std::mem::replace(&mut self.open, empty));
        self.full.retain(|table| table.len() > 0);
        if !self.full.is_empty() {
            self.disk.extend(spool.write(&std::mem::take(&mut self.full), hash)?);
        }
        Ok(())
    }
}

/// A table, or what was one.
#[derive(Clone, Copy)]
pub enum Piece<'s> {
    Memory(&'s Table),
    Disk(&'s Run),
}

impl Piece<'_> {
    /// The number of entries.
    pub fn len(&self) -> usize {
        match self {
            Piece::Memory(table) => table.len(),
            Piece::Disk(run) => run.len(),
        }
    }

    /// Merges the entries of partition `part` of `1 << parts_log2`, by hash, into a table.
    pub fn merge_into(&self, merged: &mut Table, part: usize, parts_log2: u32, ops: &[WordOp]) -> io::Result<()> {
        match self {
            Piece::Memory(table) => merged.merge(table.partition(part, parts_log2), ops),
            Piece::Disk(run) => {
                let segment = run.around(part, parts_log2)?;
                merged.merge(segment.entries().filter(|entry| is_of_part(hash(entry.key), part, parts_log2)), ops);
            }
        }
        Ok(())
    }

    /// Calls `take` with the entries of partition `part` of `1 << parts_log2`, by hash.
    pub fn partition<T>(
        &self,
        part: usize,
        parts_log2: u32,
        take: impl FnOnce(&mut dyn Iterator<Item = Entry<'_>>) -> T,
    ) -> io::Result<T> {
        match self {
            Piece::Memory(table) => Ok(take(&mut table.partition(part, parts_log2))),
            Piece::Disk(run) => {
                let segment = run.around(part, parts_log2)?;
                Ok(take(&mut segment.entries().filter(|entry| is_of_part(hash(entry.key), part, parts_log2))))
            }
        }
    }
}

/// Whether a hash is of partition `part` of `1 << parts_log2`.
pub fn is_of_part(hash: u64, part: usize, parts_log2: u32) -> bool {
    hash.checked_shr(64 - parts_log2).unwrap_or(0) == part as u64
}

/// Groups in both layouts of their keys.
pub struct Tables {
    pub narrow: Store,
    pub wide: Store,
}

impl Tables {
    pub fn new(codecs: &Codecs, ops: &[WordOp]) -> Tables {
        Tables { narrow: Store::new(codecs.narrow.words(), ops), wide: Store::new(codecs.wide.words(), ops) }
    }

    /// Both stores.
    pub fn stores(&self) -> [&Store; 2] {
        [&self.narrow, &self.wide]
    }

    pub fn stores_mut(&mut self) -> [&mut Store; 2] {
        [&mut self.narrow, &mut self.wide]
    }
}

/// Groups that longer keys begin with, each with some values: to be looked for many at once.
#[derive(Default)]
pub struct Prefixes {
    /// In the narrow layout, and in the wide one.
    keys: [Vec<u64>; 2],
    values: [Vec<u64>; 2],
}

/// So many groups are looked for at once.
const BATCH: usize = 1024;

impl Prefixes {
    /// Adds the group of a key in one layout or the other.
    pub fn push(&mut self, codecs: &Codecs, wide: bool, longer: &[u64], values: &[u64]) {
        let (side, key) = if wide {
            let key = codecs.wide.prefix(longer);
            codecs.wide.narrow(&key, &codecs.narrow).map_or((1, key), |key| (0, key))
        } else {
            (0, codecs.narrow.prefix(longer))
        };
        self.keys[side].extend_from_slice(&key);
        self.values[side].extend_from_slice(values);
    }

    /// Calls `take` with the tables of the groups, their slots, and their values, one slot after another.
    pub fn apply(self, tables: &mut Tables, codecs: &Codecs, mut take: impl FnMut(&mut Table, &[u32], &[u64])) {
        let mut slots = Vec::new();
        let words = [codecs.narrow.words(), codecs.wide.words()];
        for (side, store) in tables.stores_mut().into_iter().enumerate() {
            let (keys, values) = (&self.keys[side], &self.values[side]);
            let width = values.len().checked_div(keys.len() / words[side]).unwrap_or(0);
            for (keys, values) in keys.chunks(BATCH * words[side]).zip(values.chunks(BATCH * width.max(1))) {
                let table = store.with_room(keys.len() / words[side]);
                table.upsert(keys, &mut slots);
                take(table, &slots, values);
            }
        }
    }
}

/// The narrow groups and the wide ones, each with their layout.
pub fn sides<'t>(tables: &'t [Tables], codecs: &'t Codecs) -> [(Vec<Piece<'t>>, &'t Codec); 2] {
    [
        (tables.iter().flat_map(|t| t.narrow.pieces()).collect(), &codecs.narrow),
        (tables.iter().flat_map(|t| t.wide.pieces()).collect(), &codecs.wide),
    ]
}
