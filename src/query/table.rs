//! The group table: an open-addressing hash table of 64-bit words.
//!
//! An entry is a key of `key_words` words followed by the words of its state, in one place, so that
//! a group costs one miss of the cache. Keys come in batches: all their slots are fetched before
//! any is searched, so that the misses overlap. Entries stand in the order of their hash (its high
//! bits give the slot), so that a range of slots is a partition of any table, whatever its size.

use super::entry::{Carries, Entry};
use super::hash::{SEED, hash, hash_sized};
use super::words::Words;
use crate::decode::prefetch;

/// Bit 63 of a key's first word is set in every key, and in no empty slot.
pub const OCCUPIED: u64 = 1 << 63;

/// How the words of a state merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordOp {
    /// Two counters of 32 bits side by side: half the memory of what most groups never fill. What
    /// exceeds 31 bits is carried apart.
    Pair,
    /// Adds; what exceeds 64 bits is carried apart.
    Add,
    /// The smaller value; the next word tells whether there is one.
    Min,
    /// The larger value; likewise.
    Max,
    /// The word after `Min` or `Max`.
    Seen,
    /// The larger value; 0 where there is none.
    Largest,
}

/// A hash table from keys to states.
pub struct Table {
    key_words: usize,
    stride: usize,
    shift: u32,
    /// High bits of the hash that all keys share: those of the partition that the table is of.
    skip: u32,
    words: Words,
    len: usize,
    /// The first words of a state that are pairs of counters.
    pairs: usize,
    carries: Carries,
}

/// The highest bits of both counters of a pair.
const FULL: u64 = 1 << 63 | 1 << 31;

const MIN_SLOTS_LOG2: u32 = 6;

/// The slots of a full table.
const MAX_SLOTS_LOG2: u32 = 19;

/// The entries of a full table: three quarters of its slots.
const MAX_ENTRIES: usize = 3 << (MAX_SLOTS_LOG2 - 2);

impl Table {
    /// An empty table for keys of `key_words` words and states of `ops`, pairs first.
    pub fn new(key_words: usize, ops: &[WordOp]) -> Table {
        Table {
            key_words,
            stride: key_words + ops.len(),
            shift: 64 - MIN_SLOTS_LOG2,
            skip: 0,
            words: Words::zeroed(0),
            len: 0,
            pairs: ops.iter().take_while(|op| **op == WordOp::Pair).count(),
            carries: Carries::new(),
        }
    }

    /// The same for keys of one partition of `1 << parts_log2`.
    pub fn of_partition(key_words: usize, ops: &[WordOp], parts_log2: u32) -> Table {
        Table { skip: parts_log2, ..Table::new(key_words, ops) }
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.len
    }

    fn slots(&self) -> usize {
        1 << (64 - self.shift)
    }

    /// The memory that it takes, in bytes, and will take while it makes room for `more` entries.
    pub fn bytes_with(&self, more: usize) -> usize {
        let carries = self.carries.len() * (Entry::CARRY + 8 * self.key_words);
        let now = 8 * self.words.len();
        let next = if self.len + more > self.slots() / 4 * 3 { (8 * self.stride) << self.next_log2() } else { 0 };
        carries + now + next
    }

    /// The slots that it grows to: four times as many at once, up to a full table, which is half the moving
    /// for little memory.
    fn next_log2(&self) -> u32 {
        let log2 = 64 - self.shift;
        (log2 + 2).min(MAX_SLOTS_LOG2).max(log2 + 1)
    }

    /// The words of a key, and those of an entry.
    pub fn shape(&self) -> (usize, usize) {
        (self.key_words, self.stride)
    }

    /// Whether some state has not held what was added to it.
    pub fn has_carries(&self) -> bool {
        !self.carries.is_empty()
    }

    /// Whether `more` entries would make it larger than what a processor's cache holds.
    pub fn is_full(&self, more: usize) -> bool {
        self.len + more > MAX_ENTRIES
    }

    /// An empty table of the same shape.
    pub fn empty(&self) -> Table {
        Table { shift: 64 - MIN_SLOTS_LOG2, words: Words::zeroed(0), len: 0, carries: Carries::new(), ..*self }
    }

    /// The same, with room for as many entries as a full one has.
    pub fn another(&self) -> Table {
        let mut table = self.empty();
        table.reserve(MAX_ENTRIES);
        table
    }

    /// Makes room for `more` entries at a load of at most 3/4.
    pub fn reserve(&mut self, more: usize) {
        let needed = (self.len + more) * 4 / 3;
        if self.words.is_empty() || needed > self.slots() {
            let log2 = needed.next_power_of_two().trailing_zeros().max(MIN_SLOTS_LOG2);
            self.resize(if self.len > 0 { log2.max(self.next_log2().min(MAX_SLOTS_LOG2)) } else { log2 });
        }
    }

    fn resize(&mut self, log2: u32) {
        let old = std::mem::replace(&mut self.words, Words::zeroed(0));
        self.shift = 64 - log2;
        let (stride, mask) = (self.stride, (1 << log2) - 1);
        let mut new = Words::zeroed(stride << log2);
        let words = &mut new[..];
        for entry in old.chunks_exact(self.stride).filter(|entry| entry[0] != 0) {
            let mut slot = self.home(&entry[..self.key_words]);
            while words[slot * stride] != 0 {
                slot = (slot + 1) & mask;
            }
            words[slot * stride..][..stride].copy_from_slice(entry);
        }
        self.words = new;
    }

    fn home(&self, key: &[u64]) -> usize {
        (hash(key) << self.skip >> self.shift) as usize
    }

    /// Finds or makes the entries of `keys`, one after another in one slice, and writes their
    /// slots to `slots`. New states are zero.
    pub fn upsert(&mut self, keys: &[u64], slots: &mut Vec<u32>) {
        self.prepare(keys, slots);
        self.find(keys, slots);
    }

    /// Makes room for `keys` and has the processor fetch where they will be looked for, so that
    /// other work can be done until `find`.
    pub fn prepare(&mut self, keys: &[u64], slots: &mut Vec<u32>) {
        self.reserve(keys.len() / self.key_words);
        match self.key_words {
            1 => self.prepare_sized::<1>(keys, slots),
            2 => self.prepare_sized::<2>(keys, slots),
            _ => {
                slots.clear();
                slots.extend(keys.chunks_exact(self.key_words).map(|key| self.home(key) as u32));
            }
        }
    }

    fn prepare_sized<const N: usize>(&self, keys: &[u64], slots: &mut Vec<u32>) {
        let (skip, shift, seed) = (self.skip, self.shift, *SEED);
        slots.clear();
        slots.extend(keys.as_chunks::<N>().0.iter().map(|key| (hash_sized(key, seed) << skip >> shift) as u32));
        let words = &self.words[..];
        for slot in &slots[..] {
            let start = *slot as usize * self.stride;
            prefetch(words, start);
            // An entry may lie across two lines of the cache.
            prefetch(words, start + self.stride - 1);
        }
    }

    /// Finds or makes the entries of the keys that `prepare` was called with.
    pub fn find(&mut self, keys: &[u64], slots: &mut [u32]) {
        match self.key_words {
            1 => self.find_sized::<1>(keys, slots),
            2 => self.find_sized::<2>(keys, slots),
            _ => {
                for (key, slot) in keys.chunks_exact(self.key_words).zip(slots) {
                    let mask = self.slots() - 1;
                    let (found, new) = probe(&mut self.words, self.stride, mask, *slot as usize, key);
                    *slot = found;
                    self.len += new;
                }
            }
        }
    }

    fn find_sized<const N: usize>(&mut self, keys: &[u64], slots: &mut [u32]) {
        let (stride, mask) = (self.stride, self.slots() - 1);
        let words = &mut self.words[..];
        let mut added = 0;
        for (key, slot) in keys.as_chunks::<N>().0.iter().zip(slots) {
            let (found, new) = probe(words, stride, mask, *slot as usize, key);
            *slot = found;
            added += new;
        }
        self.len += added;
    }

    /// Adds to the state words from `word` on: `width` values for each of `slots`, one slot after
    /// another in `values`.
    pub fn add(&mut self, word: usize, width: usize, slots: &[u32], values: &[u64]) {
        match width {
            0 => {}
            1 => self.add_sized::<1>(word, slots, values),
            2 => self.add_sized::<2>(word, slots, values),
            3 => self.add_sized::<3>(word, slots, values),
            4 => self.add_sized::<4>(word, slots, values),
            _ => {
                for (i, slot) in slots.iter().enumerate() {
                    for (j, value) in values[i * width..][..width].iter().enumerate() {
                        self.add_sized::<1>(word + j, &[*slot], &[*value]);
                    }
                }
            }
        }
    }

    fn add_sized<const N: usize>(&mut self, word: usize, slots: &[u32], values: &[u64]) {
        let (stride, at) = (self.stride, self.key_words + word);
        let full: [u64; N] = std::array::from_fn(|i| if word + i < self.pairs { FULL } else { 0 });
        let words = &mut self.words[..];
        let mut carried = Vec::new();
        for (slot, values) in slots.iter().zip(values.as_chunks::<N>().0) {
            let start = *slot as usize * stride + at;
            let state: &mut [u64; N] = words[start..].first_chunk_mut().expect("a state has its words");
            let mut any = false;
            for ((sum, value), full) in state.iter_mut().zip(values).zip(full) {
                let (total, over) = sum.overflowing_add(*value);
                *sum = total;
                any |= over | (total & full != 0);
            }
            if any {
                empty_full(state, values, &full, |i, units| carried.push((*slot as usize, word * 2 + i, units)));
            }
        }
        carried.into_iter().for_each(|(slot, lane, units)| self.carry(slot, lane, units));
    }

    #[cold]
    fn carry(&mut self, slot: usize, lane: usize, units: u64) {
        let key = self.words[slot * self.stride..][..self.key_words].into();
        *self.carries.entry((key, lane)).or_default() += units;
    }

    /// Keeps the smaller (or larger) of a value and state word `word`; the next word tells whether
    /// there was one.
    pub fn extreme(&mut self, largest: bool, word: usize, slots: &[u32], values: impl Iterator<Item = Option<u64>>) {
        let (stride, at) = (self.stride, self.key_words + word);
        let words = &mut self.words[..];
        for (slot, value) in slots.iter().zip(values) {
            let Some(value) = value else { continue };
            let state = &mut words[*slot as usize * stride + at..][..2];
            if state[1] == 0 || (value > state[0]) == largest && value != state[0] {
                state[0] = value;
                state[1] = 1;
            }
        }
    }

    /// Keeps the larger of a value and state word `word`, where 0 is no value.
    pub fn largest(&mut self, word: usize, slots: &[u32], values: impl Iterator<Item = u64>) {
        let (stride, at) = (self.stride, self.key_words + word);
        for (slot, value) in slots.iter().zip(values) {
            let state = &mut self.words[*slot as usize * stride + at];
            *state = value.max(*state);
        }
    }

    /// Every entry, in the order of the slots.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.words.chunks_exact(self.stride).filter(|words| words[0] != 0).map(|words| self.entry(words))
    }

    /// The entry in a slot that is known to be occupied.
    pub fn entry_at(&self, slot: u32) -> Entry<'_> {
        self.entry(&self.words[slot as usize * self.stride..][..self.stride])
    }

    /// The occupied slots.
    pub fn occupied(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.chunks_exact(self.stride).enumerate().filter(|(_, words)| words[0] != 0).map(|(i, _)| i as u32)
    }

    fn entry<'t>(&'t self, words: &'t [u64]) -> Entry<'t> {
        Entry::of(words, self.key_words, &self.carries)
    }

    /// The entries of partition `part` of `1 << parts_log2`, by hash.
    pub fn partition(&self, part: usize, parts_log2: u32) -> impl Iterator<Item = Entry<'_>> {
        let slots = if self.words.is_empty() { 0 } else { self.slots() };
        let first = (slots * part) >> parts_log2;
        // At least the one slot, which a large number of partitions share.
        let last = ((slots * (part + 1)) >> parts_log2).max(first + 1).min(slots);
        let words = move |i: usize| &self.words[(i % slots) * self.stride..][..self.stride];
        let inside = (first..last).map(words);
        // An entry may stand behind its home, as far as the next empty slot.
        let behind = (last..first + slots).map(words).take_while(|words| words[0] != 0);
        let of_part = move |key| parts_log2 == 0 || hash(key) >> (64 - parts_log2) == part as u64;
        let key_words = self.key_words;
        let mine = inside.chain(behind).filter(move |words| words[0] != 0 && of_part(&words[..key_words]));
        mine.map(|words| self.entry(words))
    }

    /// Merges entries of another table, or of what was one.
    pub fn merge<'e>(&mut self, entries: impl Iterator<Item = Entry<'e>>, ops: &[WordOp]) {
        let mut slots = Vec::new();
        let mut keys = Vec::with_capacity(MERGE_BATCH * self.key_words);
        let mut states: Vec<Entry<'_>> = Vec::with_capacity(MERGE_BATCH);
        let mut entries = entries.peekable();
        while entries.peek().is_some() {
            keys.clear();
            states.clear();
            for entry in entries.by_ref().take(MERGE_BATCH) {
                keys.extend_from_slice(entry.key);
                states.push(entry);
            }
            self.upsert(&keys, &mut slots);
            for (word, op) in ops.iter().enumerate() {
                match op {
                    WordOp::Add | WordOp::Pair => {
                        let values: Vec<u64> = states.iter().map(|entry| entry.state[word]).collect();
                        self.add(word, 1, &slots, &values);
                    }
                    WordOp::Seen => {}
                    WordOp::Largest => self.largest(word, &slots, states.iter().map(|entry| entry.state[word])),
                    WordOp::Min | WordOp::Max => {
                        let values = states.iter().map(|e| (e.state[word + 1] != 0).then_some(e.state[word]));
                        self.extreme(*op == WordOp::Max, word, &slots, values);
                    }
                }
            }
            for (entry, slot) in states.iter().zip(&slots) {
                entry.carried_lanes().for_each(|(lane, units)| self.carry(*slot as usize, lane, units));
            }
        }
    }
}

/// Looks for a key from a slot on. Returns its slot, and 1 if it was not there before.
#[inline(always)]
fn probe(words: &mut [u64], stride: usize, mask: usize, home: usize, key: &[u64]) -> (u32, usize) {
    let mut slot = home;
    loop {
        let entry = &mut words[slot * stride..][..key.len()];
        if entry == key {
            return (slot as u32, 0);
        }
        if entry[0] == 0 {
            entry.copy_from_slice(key);
            return (slot as u32, 1);
        }
        slot = (slot + 1) & mask;
    }
}

const MERGE_BATCH: usize = 1024;

/// Empties what a sum of `values` has filled, and says by which lane and how much.
#[cold]
fn empty_full(state: &mut [u64], values: &[u64], full: &[u64], mut carry: impl FnMut(usize, u64)) {
    for (i, ((sum, value), full)) in state.iter_mut().zip(values).zip(full).enumerate() {
        if *full == 0 && *sum < *value {
            carry(2 * i, 1);
        }
        for half in 0..2 {
            let bit = *full & 1 << (31 + 32 * half);
            if *sum & bit != 0 {
                *sum &= !bit;
                carry(2 * i + half, 1);
            }
        }
    }
}

#[cfg(test)]
mod tests;
