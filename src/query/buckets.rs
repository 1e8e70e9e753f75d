//! The values of groups brought together for their percentiles: all those of one group in one bucket, in
//! memory or on disk.

use super::codec::Codec;
use super::hash::hash;
use super::layout::Bits;
use super::made::Made;
use super::partitions::{Run as Work, over_partitions, parts_log2};
use super::percentile::Percentile;
use super::spill::Run;
use super::store::{Piece, Store, is_of_part};
use super::table::Table;
use std::borrow::Cow;
use std::io;

/// Rows of a group's key with 0 in place of the value, the value, and how often it occurs.
pub enum Buckets {
    /// Some lists of rows for each bucket.
    Memory(Vec<Vec<Vec<u64>>>),
    /// Entries in the order of the hash of their groups.
    Disk { runs: Vec<Run>, parts_log2: u32 },
}

/// Where the value stands in the keys of a table of values.
#[derive(Clone, Copy)]
pub struct Keys<'c> {
    pub codec: &'c Codec,
    pub value: Bits,
}

impl Keys<'_> {
    /// The words of a row.
    fn width(&self) -> usize {
        self.codec.words() + 2
    }

    /// Appends an entry as a row, and returns the hash of its group.
    fn push(&self, key: &[u64], count: u64, rows: &mut Vec<u64>) -> u64 {
        let start = rows.len();
        rows.extend_from_slice(key);
        rows.extend([self.value.get(key), count]);
        let group = &mut rows[start..start + key.len()];
        self.value.set(group, 0);
        hash(group)
    }

    /// The hash of the group of a key.
    pub fn group_hash(&self, key: &[u64]) -> u64 {
        let mut group: [u64; 8] = [0; 8];
        match group.get_mut(..key.len()) {
            Some(group) => {
                group.copy_from_slice(key);
                self.value.set(group, 0);
                hash(group)
            }
            None => self.push(key, 0, &mut Vec::new()),
        }
    }
}

/// In memory there are at most so many, as a power of two.
const MOST_LOG2: u32 = 6;

impl Buckets {
    /// Of the values of all workers. They go to disk if some are there already, or would take too much twice.
    pub fn new(keys: Keys<'_>, stores: &mut [&mut Store], made: &Made<'_>, work: Work<'_>) -> io::Result<Buckets> {
        let in_memory: usize = stores.iter().map(|store| store.bytes_with(0)).sum();
        if made.is_much(2 * in_memory) || stores.iter().any(|store| store.has_runs()) {
            let mut spool = made.spool();
            let mut runs = Vec::new();
            for store in stores {
                store.spill(&mut spool, &|key: &[u64]| keys.group_hash(key))?;
                runs.extend(store.take_runs());
            }
            let parts_log2 = parts_log2(&runs.iter().map(Piece::Disk).collect::<Vec<_>>());
            return Ok(Buckets::Disk { runs, parts_log2 });
        }
        let tables: Vec<&Table> = stores.iter().flat_map(|store| store.tables()).collect();
        let pieces: Vec<Piece<'_>> = tables.iter().map(|table| Piece::Memory(table)).collect();
        let buckets_log2 = parts_log2(&pieces).min(MOST_LOG2);
        let parts = over_partitions(&pieces, work, |part, parts_log2| {
            let mut buckets = vec![Vec::new(); 1 << buckets_log2];
            let mut row = Vec::new();
            for entry in tables.iter().flat_map(|table| table.partition(part, parts_log2)) {
                row.clear();
                let hash = keys.push(entry.key, entry.state[0], &mut row);
                buckets[hash.checked_shr(64 - buckets_log2).unwrap_or(0) as usize].extend_from_slice(&row);
            }
            Ok(buckets)
        })?;
        let mut buckets: Vec<Vec<Vec<u64>>> = (0..1 << buckets_log2).map(|_| Vec::new()).collect();
        for part in parts {
            buckets.iter_mut().zip(part).for_each(|(bucket, rows)| bucket.push(rows));
        }
        Ok(Buckets::Memory(buckets))
    }

    pub fn count(&self) -> usize {
        match self {
            Buckets::Memory(buckets) => buckets.len(),
            Buckets::Disk { parts_log2, .. } => 1 << parts_log2,
        }
    }

    /// Calls `take` with the key of every group of a bucket and its percentiles. Returns how many different
    /// values all groups have together.
    pub fn each_group(
        &self,
        bucket: usize,
        keys: Keys<'_>,
        percentiles: &[Percentile],
        mut take: impl FnMut(&[u64], &[u64]),
    ) -> io::Result<usize> {
        let words = keys.codec.words();
        let lists = self.lists(bucket, keys)?;
        let mut rows: Vec<&[u64]> = lists.iter().flat_map(|rows| rows.chunks_exact(keys.width())).collect();
        rows.sort_unstable();
        let mut different = 0;
        for group in rows.chunk_by(|a, b| a[..words] == b[..words]) {
            different += group.chunk_by(|a, b| a[words] == b[words]).count();
            let count = group.iter().map(|row| row[words + 1]).sum();
            let values = percentiles.iter().filter_map(|percentile| {
                let mut left = percentile.rank(count);
                let reaches = |row: &&&[u64]| {
                    let enough = row[words + 1] >= left;
                    left = left.saturating_sub(row[words + 1]);
                    enough
                };
                group.iter().find(reaches).map(|row| row[words])
            });
            take(&group[0][..words], &values.collect::<Vec<_>>());
        }
        Ok(different)
    }

    fn lists(&self, bucket: usize, keys: Keys<'_>) -> io::Result<Cow<'_, [Vec<u64>]>> {
        let (runs, parts_log2) = match self {
            Buckets::Memory(buckets) => return Ok(Cow::Borrowed(&buckets[bucket])),
            Buckets::Disk { runs, parts_log2 } => (runs, *parts_log2),
        };
        let lists = runs.iter().map(|run| {
            let mut rows = Vec::new();
            for entry in run.around(bucket, parts_log2)?.entries() {
                let start = rows.len();
                if !is_of_part(keys.push(entry.key, entry.state[0], &mut rows), bucket, parts_log2) {
                    rows.truncate(start);
                }
            }
            Ok(rows)
        });
        lists.collect::<io::Result<Vec<_>>>().map(Cow::Owned)
    }
}
