//! The hashes of records, in sets that many workers add to at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A record to be looked up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry {
    pub hash: u128,
    pub window: u64,
    /// Its row in the batch.
    pub row: u32,
}

/// Sets by the first bits of the hash, each with a lock of its own.
pub struct Shards {
    shards: Vec<Mutex<Windows>>,
    shift: u32,
}

/// The set of every window that has one, by number.
type Windows = Vec<(u64, Table)>;

impl Shards {
    /// For so many workers.
    pub fn new(threads: usize) -> Shards {
        let shards = (4 * threads).next_power_of_two().clamp(16, 512);
        Shards { shards: (0..shards).map(|_| Mutex::default()).collect(), shift: 128 - shards.ilog2() }
    }

    fn lock(&self, shard: usize) -> MutexGuard<'_, Windows> {
        self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the records that are not there yet, and says of each whether it is new. Of equal ones among
    /// them, the first is. Every shard is locked once.
    pub fn add(&self, entries: &[Entry], sorted: &mut Sorted, mut told: impl FnMut(&Entry, bool)) {
        let shard = |entry: &Entry| (entry.hash >> self.shift) as usize;
        for mine in sorted.by(entries, self.shards.len(), shard) {
            let mut windows = self.lock(shard(&mine[0]));
            for mine in mine.chunk_by(|a, b| a.window == b.window) {
                let table = table(&mut windows, mine[0].window);
                table.reserve(mine.len());
                table.touch(mine);
                for entry in mine {
                    told(entry, table.add(entry.hash));
                }
            }
        }
    }

    /// How many records there are.
    #[cfg(test)]
    pub fn len(&self) -> u64 {
        (0..self.shards.len())
            .map(|shard| self.lock(shard).iter().map(|(_, table)| table.used as u64).sum::<u64>())
            .sum()
    }

    /// Drops the windows before `floor`, and returns how many records were in them.
    pub fn forget(&self, floor: u64) -> u64 {
        let mut gone = 0;
        for shard in 0..self.shards.len() {
            let mut windows = self.lock(shard);
            let old = windows.partition_point(|(window, _)| *window < floor);
            gone += windows.drain(..old).map(|(_, table)| table.used as u64).sum::<u64>();
        }
        gone
    }
}

/// Entries by shard; those of one shard stay in order.
#[derive(Default)]
pub struct Sorted {
    entries: Vec<Entry>,
    /// Where the entries of every shard end.
    ends: Vec<u32>,
}

impl Sorted {
    fn by<'a>(
        &'a mut self,
        entries: &[Entry],
        shards: usize,
        shard: impl Fn(&Entry) -> usize,
    ) -> impl Iterator<Item = &'a [Entry]> {
        self.ends.clear();
        self.ends.resize(shards + 1, 0);
        // First how many there are, one place further on; then where they begin; at last where they end.
        entries.iter().for_each(|entry| self.ends[shard(entry) + 1] += 1);
        (1..=shards).for_each(|i| self.ends[i] += self.ends[i - 1]);
        self.entries.clear();
        self.entries.resize(entries.len(), Entry::default());
        for entry in entries {
            let place = &mut self.ends[shard(entry)];
            self.entries[*place as usize] = *entry;
            *place += 1;
        }
        let mut start = 0;
        let ranges =
            self.ends[..shards].iter().map(move |end| std::mem::replace(&mut start, *end as usize)..*end as usize);
        ranges.filter(|range| !range.is_empty()).map(|range| &self.entries[range])
    }
}

fn table(windows: &mut Windows, window: u64) -> &mut Table {
    let place = windows.partition_point(|(known, _)| *known < window);
    if windows.get(place).is_none_or(|(known, _)| *known != window) {
        windows.insert(place, (window, Table::default()));
    }
    &mut windows[place].1
}

/// A set of hashes with open addressing; 0 is a free slot.
#[derive(Default)]
struct Table {
    slots: Vec<u128>,
    used: usize,
}

impl Table {
    /// The slots of the smallest table.
    const LEAST: usize = 8;

    /// Makes room for so many more: at most three quarters of the slots are in use.
    fn reserve(&mut self, more: usize) {
        let needed = (self.used + more) * 4 / 3 + 1;
        if needed > self.slots.len() {
            let larger = needed.max(self.slots.len() * 3 / 2).max(Table::LEAST);
            for hash in std::mem::replace(&mut self.slots, vec![0; larger]) {
                if hash != 0 {
                    let slot = self.find(hash);
                    self.slots[slot] = hash;
                }
            }
        }
    }

    /// Where the search for a hash begins. The last bits choose the slot: the first ones choose the
    /// shard. Hashes in order have slots in order, so that growing goes through memory in order, too.
    #[inline(always)]
    fn first(&self, hash: u128) -> usize {
        ((u128::from(hash as u64) * self.slots.len() as u128) >> 64) as usize
    }

    /// Looks at the slots of all these, so that they are in the cache: the processor waits for many at
    /// once where nothing depends on what is there.
    fn touch(&self, entries: &[Entry]) {
        std::hint::black_box(entries.iter().fold(0, |bits, entry| bits | self.slots[self.first(entry.hash)] as u64));
    }

    /// The slot that has the hash, or that it belongs into. There has to be a free one.
    #[inline(always)]
    fn find(&self, hash: u128) -> usize {
        let mut slot = self.first(hash);
        while self.slots[slot] != 0 && self.slots[slot] != hash {
            slot = if slot + 1 == self.slots.len() { 0 } else { slot + 1 };
        }
        slot
    }

    /// Adds a hash if it is not there, and returns whether it was not. There has to be room.
    fn add(&mut self, hash: u128) -> bool {
        let hash = hash.max(1);
        let slot = self.find(hash);
        let is_new = self.slots[slot] == 0;
        if is_new {
            self.slots[slot] = hash;
            self.used += 1;
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn add(shards: &Shards, hashes: &[(u128, u64)]) -> Vec<bool> {
        let mut sorted = Sorted::default();
        let entry =
            |(row, (hash, window)): (usize, &(u128, u64))| Entry { hash: *hash, window: *window, row: row as u32 };
        let entries: Vec<Entry> = hashes.iter().enumerate().map(entry).collect();
        let mut new = vec![false; hashes.len()];
        shards.add(&entries, &mut sorted, |entry, is_new| new[entry.row as usize] = is_new);
        new
    }

    proptest! {
        #[test]
        fn the_first_of_equal_ones_is_new(
            batches in prop::collection::vec(prop::collection::vec((prop_oneof![1u128..60, 1u128..60, any::<u128>()], 0u64..3), 0..80), 0..9),
            spread in prop_oneof![Just(1u128), Just(1 << 100), Just(u128::MAX / 61)],
        ) {
            let shards = Shards::new(1);
            let mut seen = BTreeSet::new();
            for batch in batches {
                let batch: Vec<(u128, u64)> = batch.into_iter().map(|(hash, window)| (hash.wrapping_mul(spread).max(1), window)).collect();
                let expected: Vec<bool> = batch.iter().map(|entry| seen.insert(*entry)).collect();
                prop_assert_eq!(add(&shards, &batch), expected);
            }
            let old = seen.iter().filter(|(_, window)| *window < 2).count() as u64;
            prop_assert_eq!(shards.forget(2), old);
            prop_assert_eq!(shards.forget(2), 0);
            prop_assert_eq!(shards.forget(3), seen.len() as u64 - old);
        }
    }
}
