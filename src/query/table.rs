//! The group table: an open-addressing hash table of 64-bit words.
//!
//! An entry is a key of `key_words` words followed by the words of its state, in one place, so that
//! a group costs one miss of the cache. Keys come in batches: all their slots are fetched before
//! any is searched, so that the misses overlap. Entries stand in the order of their hash (its high
//! bits give the slot), so that a range of slots is a partition of any table, whatever its size.

use super::hash::{SEED, hash, hash_sized};
use super::prefetch::prefetch;
use super::words::Words;
use std::collections::BTreeMap;

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

/// What does not fit a state, by key and lane: in units of 2^64 for the sum in word `lane / 2`, in
/// units of 2^31 for the counter in half `lane % 2` of that word.
type Carries = BTreeMap<(Box<[u64]>, usize), u64>;

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

    /// Whether `more` entries would make it larger than what a processor's cache holds.
    pub fn is_full(&self, more: usize) -> bool {
        self.len + more > MAX_ENTRIES
    }

    /// An empty table of the same shape, with room for as many entries as a full one has.
    pub fn another(&self) -> Table {
        let mut table =
            Table { shift: 64 - MIN_SLOTS_LOG2, words: Words::zeroed(0), len: 0, carries: Carries::new(), ..*self };
        table.reserve(MAX_ENTRIES);
        table
    }

    /// Makes room for `more` entries at a load of at most 3/4.
    pub fn reserve(&mut self, more: usize) {
        let needed = (self.len + more) * 4 / 3;
        if self.words.is_empty() || needed > self.slots() {
            let log2 = needed.next_power_of_two().trailing_zeros().max(MIN_SLOTS_LOG2);
            // Four times as large at once, up to a full table: half the moving, for little memory.
            let generous = if self.len > 0 { (66 - self.shift).min(MAX_SLOTS_LOG2) } else { 0 };
            self.resize(log2.max(generous));
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
        let (key, state) = words.split_at(self.key_words);
        Entry { key, state, carries: &self.carries }
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

    /// Merges the entries of one partition of `from` into this table.
    pub fn merge(&mut self, from: &Table, part: usize, parts_log2: u32, ops: &[WordOp]) {
        let mut slots = Vec::new();
        let mut keys = Vec::with_capacity(MERGE_BATCH * self.key_words);
        let mut states: Vec<Entry<'_>> = Vec::with_capacity(MERGE_BATCH);
        let mut entries = from.partition(part, parts_log2).peekable();
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
            if !from.carries.is_empty() {
                self.merge_carries(from, &states, &slots, ops.len());
            }
        }
    }

    fn merge_carries(&mut self, from: &Table, states: &[Entry<'_>], slots: &[u32], words: usize) {
        for (entry, slot) in states.iter().zip(slots) {
            for lane in 0..2 * words {
                if let Some(units) = from.carries.get(&(entry.key.into(), lane)) {
                    self.carry(*slot as usize, lane, *units);
                }
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

/// A group: its key and its state.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    pub key: &'t [u64],
    pub state: &'t [u64],
    carries: &'t Carries,
}

impl Entry<'_> {
    /// A sum, with what exceeds 64 bits.
    pub fn sum(&self, word: usize) -> u128 {
        u128::from(self.state[word]) | self.carried(2 * word) << 64
    }

    /// A counter, with what exceeds 31 bits.
    pub fn counter(&self, lane: usize) -> u128 {
        u128::from(self.state[lane / 2] >> (32 * (lane % 2)) & 0xffff_ffff) + (self.carried(lane) << 31)
    }

    fn carried(&self, lane: usize) -> u128 {
        if self.carries.is_empty() {
            return 0;
        }
        self.carries.get(&(self.key.into(), lane)).copied().unwrap_or(0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const OPS: [WordOp; 4] = [WordOp::Pair, WordOp::Add, WordOp::Max, WordOp::Seen];

    /// A key, and a value that is summed and compared; its low 31 bits go into both counters.
    type Record = (Vec<u64>, u64);

    fn counted(value: u64) -> u64 {
        value & 0x7fff_ffff
    }

    fn fill(rows: &[Record], width: usize, batch: usize) -> Table {
        let mut table = Table::new(width, &OPS);
        let mut slots = Vec::new();
        for rows in rows.chunks(batch) {
            let keys: Vec<u64> = rows.iter().flat_map(|(key, _)| key.clone()).collect();
            table.upsert(&keys, &mut slots);
            let sums = rows.iter().flat_map(|(_, value)| [counted(*value) << 32 | counted(*value), *value]);
            table.add(0, 2, &slots, &sums.collect::<Vec<_>>());
            table.extreme(true, 2, &slots, rows.iter().map(|r| Some(r.1)));
        }
        table
    }

    type Model = BTreeMap<Vec<u64>, [u128; 4]>;

    fn model(rows: &[Record]) -> Model {
        let mut model = Model::new();
        for (key, value) in rows {
            let state = model.entry(key.clone()).or_default();
            state[0] += u128::from(counted(*value));
            state[1] += u128::from(counted(*value));
            state[2] += u128::from(*value);
            state[3] = state[3].max((*value).into());
        }
        model
    }

    fn contents<'t>(entries: impl Iterator<Item = Entry<'t>>) -> Model {
        let mut all = Model::new();
        for entry in entries {
            let state = [entry.counter(0), entry.counter(1), entry.sum(1), entry.state[2].into()];
            assert_eq!(all.insert(entry.key.to_vec(), state), None);
        }
        all
    }

    proptest! {
        #[test]
        fn a_table_is_a_map_and_merging_partitions_is_merging_tables(
            width in 1usize..5, split in 0usize..300, batch in 1usize..70, parts_log2 in 0u32..12,
            rows in proptest::collection::vec((0u64..200, prop_oneof![Just(u64::MAX), any::<u64>(), 0u64..9]), 0..300),
        ) {
            let rows: Vec<Record> = rows.into_iter().map(|(k, v)| {
                let mut key = vec![k / 3; width];
                key[width - 1] = k;
                key[0] |= OCCUPIED;
                (key, v)
            }).collect();
            let expected = model(&rows);
            prop_assert_eq!(&contents(fill(&rows, width, batch).entries()), &expected);
            let (a, b) = rows.split_at(split.min(rows.len()));
            let (a, b) = (fill(a, width, batch), fill(b, width, batch));
            let mut all = Model::new();
            for part in 0..1 << parts_log2 {
                let mut merged = Table::of_partition(width, &OPS, parts_log2);
                merged.merge(&b, part, parts_log2, &OPS);
                merged.merge(&a, part, parts_log2, &OPS);
                all.extend(contents(merged.entries()));
            }
            prop_assert_eq!(&all, &expected);
        }
    }

    #[test]
    fn a_hundred_thousand_keys_in_sequence_spread_well() {
        let keys: Vec<u64> = (0..100_000).map(|k| k | OCCUPIED).collect();
        let mut table = Table::new(1, &[]);
        table.upsert(&keys, &mut Vec::new());
        assert_eq!(table.len(), 100_000);
        let far = table.occupied().map(|slot| {
            let home = table.home(table.entry_at(slot).key);
            (slot as usize).wrapping_sub(home) & (table.slots() - 1)
        });
        assert!(far.max().unwrap() < 200);
    }
}
