//! Partitions of groups by their hash: each is merged by itself, so that only a small part is in memory
//! twice and fits the cache, and what is on disk is read once.

use super::codec::Codec;
use super::store::Piece;
use super::table::{Table, WordOp};
use std::io;
use std::sync::{Mutex, PoisonError};

/// Runs work for each number below the first argument, in any order, perhaps at once.
pub type Run<'a> = &'a (dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync);

/// About the number of entries that is merged at a time.
const PARTITION: usize = 1 << 14;

/// The groups of one partition.
pub fn merge_part(
    pieces: &[Piece<'_>],
    codec: &Codec,
    part: usize,
    parts_log2: u32,
    ops: &[WordOp],
) -> io::Result<Table> {
    let mut merged = Table::of_partition(codec.words(), ops, parts_log2);
    let entries: usize = pieces.iter().map(Piece::len).sum();
    merged.reserve(entries >> parts_log2);
    pieces.iter().try_for_each(|piece| piece.merge_into(&mut merged, part, parts_log2, ops))?;
    Ok(merged)
}

/// Runs `work` for every partition of some pieces and gathers what it returns, in their order.
pub fn over_partitions<T: Send>(
    pieces: &[Piece<'_>],
    run: Run<'_>,
    work: impl Fn(usize, u32) -> io::Result<T> + Sync,
) -> io::Result<Vec<T>> {
    let parts_log2 = parts_log2(pieces);
    gathered(1 << parts_log2, run, |part| work(part, parts_log2))
}

/// Runs `work` for each number below `count` and gathers what it returns, in their order.
pub fn gathered<T: Send>(
    count: usize,
    run: Run<'_>,
    work: impl Fn(usize) -> io::Result<T> + Sync,
) -> io::Result<Vec<T>> {
    let results: Vec<Mutex<Option<io::Result<T>>>> = (0..count).map(|_| Mutex::new(None)).collect();
    run(count, &|part| {
        let result = work(part);
        *results[part].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    results.into_iter().filter_map(|r| r.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// How many partitions some pieces are worth, as a power of two: so many that one fits the cache.
pub fn parts_log2(pieces: &[Piece<'_>]) -> u32 {
    let entries: usize = pieces.iter().map(Piece::len).sum();
    match entries / PARTITION {
        0 => 0,
        parts => parts.next_power_of_two().trailing_zeros().clamp(3, 12),
    }
}
