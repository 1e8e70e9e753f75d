//! Groups on disk: what does not fit in memory is written in the order of a hash, so that a range of
//! hashes is one stretch of the file and can be merged by itself, like a partition of a table.
//!
//! Files have no name and are gone with the program, however it ends.

use super::entry::{Carries, Entry};
use super::table::Table;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

/// Where one worker writes what does not fit.
#[derive(Debug)]
pub struct Spool {
    directory: Arc<PathBuf>,
    file: Option<Arc<File>>,
    end: u64,
}

/// Entries of tables, on disk, in the order of a hash.
#[derive(Debug)]
pub struct Run {
    file: Arc<File>,
    key_words: usize,
    stride: usize,
    entries: Stretch,
    /// What did not fit the states: keys, each followed by a lane and its units.
    carries: Option<Stretch>,
}

/// Rows of words in a file, in partitions.
#[derive(Debug)]
struct Stretch {
    start: u64,
    /// The rows before each partition, and all; one more than a power of two.
    before: Box<[u32]>,
}

/// Partitions have about so many rows, as a power of two; and there are at most so many.
const ROWS_LOG2: u32 = 5;
const MOST_LOG2: u32 = 12;

/// What is written at once, in bytes.
const BUFFER: usize = 256 << 10;

impl Spool {
    pub fn new(directory: &Arc<PathBuf>) -> Spool {
        Spool { directory: directory.clone(), file: None, end: 0 }
    }

    /// Writes the entries of tables of one shape, in the order of what `hash` makes of their keys.
    pub fn write(&mut self, tables: &[Table], hash: &impl Fn(&[u64]) -> u64) -> io::Result<Vec<Run>> {
        // What did not fit is found by its key, which may stand in several tables.
        let together = if tables.iter().any(Table::has_carries) { 1 } else { tables.len().max(1) };
        tables.chunks(together).map(|tables| self.write_run(tables, hash)).collect()
    }

    fn write_run(&mut self, tables: &[Table], hash: &impl Fn(&[u64]) -> u64) -> io::Result<Run> {
        let file = match &self.file {
            Some(file) => file.clone(),
            None => Arc::new(tempfile::tempfile_in(&*self.directory)?),
        };
        self.file = Some(file.clone());
        let count: usize = tables.iter().map(Table::len).sum();
        let parts_log2 = count.checked_ilog2().unwrap_or(0).saturating_sub(ROWS_LOG2).min(MOST_LOG2);
        let part_of = |key: &[u64]| hash(key).checked_shr(64 - parts_log2).unwrap_or(0) as usize;
        let (before, order) = in_order(tables, parts_log2, &part_of);
        let mut out = BufWriter::with_capacity(BUFFER, &*file);
        let mut carried: Vec<(usize, Vec<u64>)> = Vec::new();
        for (table, slot) in order {
            let entry = tables[table as usize].entry_at(slot);
            out.write_all(bytemuck::cast_slice(entry.key))?;
            out.write_all(bytemuck::cast_slice(entry.state))?;
            let rows = entry.carried_lanes().map(|(lane, units)| [entry.key, &[lane as u64, units]].concat());
            carried.extend(rows.map(|row| (part_of(entry.key), row)));
        }
        let (key_words, stride) = tables.first().map_or((1, 1), Table::shape);
        let entries = Stretch { start: self.end, before };
        self.end += (count * stride * size_of::<u64>()) as u64;
        let carries = if carried.is_empty() { None } else { Some(Stretch::of(&carried, parts_log2, self.end)) };
        for (_, row) in &carried {
            out.write_all(bytemuck::cast_slice(row))?;
            self.end += size_of_val(&row[..]) as u64;
        }
        out.flush()?;
        Ok(Run { file: file.clone(), key_words, stride, entries, carries })
    }
}

/// The slots of tables by partition, and how many there are before each.
fn in_order(tables: &[Table], parts_log2: u32, part_of: &impl Fn(&[u64]) -> usize) -> (Box<[u32]>, Vec<(u32, u32)>) {
    let parts = 1 << parts_log2;
    let mut before: Box<[u32]> = vec![0; parts + 1].into();
    let each = || tables.iter().enumerate().flat_map(|(i, table)| table.occupied().map(move |slot| (i, table, slot)));
    each().for_each(|(_, table, slot)| before[part_of(table.entry_at(slot).key) + 1] += 1);
    (0..parts).for_each(|part| before[part + 1] += before[part]);
    let mut next = before.clone();
    let mut order = vec![(0, 0); before[parts] as usize];
    for (i, table, slot) in each() {
        let place = &mut next[part_of(table.entry_at(slot).key)];
        order[*place as usize] = (i as u32, slot);
        *place += 1;
    }
    (before, order)
}

impl Stretch {
    /// Of rows that stand in the order of their partitions.
    fn of(rows: &[(usize, Vec<u64>)], parts_log2: u32, start: u64) -> Stretch {
        let before = (0..=1usize << parts_log2).map(|part| rows.partition_point(|row| row.0 < part) as u32);
        Stretch { start, before: before.collect() }
    }

    /// The words of the rows that partition `part` of `1 << parts_log2` is among.
    fn read(&self, file: &File, width: usize, part: usize, parts_log2: u32) -> io::Result<Vec<u64>> {
        let own_log2 = (self.before.len() - 1).ilog2();
        let (first, last) = match own_log2.checked_sub(parts_log2) {
            Some(finer) => (part << finer, (part + 1) << finer),
            None => (part >> (parts_log2 - own_log2), (part >> (parts_log2 - own_log2)) + 1),
        };
        let (from, to) = (self.before[first] as usize, self.before[last] as usize);
        let mut words = vec![0; (to - from) * width];
        let at = self.start + (from * width * size_of::<u64>()) as u64;
        file.read_exact_at(bytemuck::cast_slice_mut(&mut words), at)?;
        Ok(words)
    }
}

impl Run {
    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.before.last().copied().unwrap_or(0) as usize
    }

    /// The entries that partition `part` of `1 << parts_log2` is among: perhaps of others, too.
    pub fn around(&self, part: usize, parts_log2: u32) -> io::Result<Segment> {
        let words = self.entries.read(&self.file, self.stride, part, parts_log2)?;
        let mut carries = Carries::new();
        if let Some(stretch) = &self.carries {
            let width = self.key_words + 2;
            for row in stretch.read(&self.file, width, part, parts_log2)?.chunks_exact(width) {
                carries.insert((row[..self.key_words].into(), row[self.key_words] as usize), row[self.key_words + 1]);
            }
        }
        Ok(Segment { words, stride: self.stride, key_words: self.key_words, carries })
    }
}

/// Entries that were read back.
pub struct Segment {
    words: Vec<u64>,
    stride: usize,
    key_words: usize,
    carries: Carries,
}

impl Segment {
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.words.chunks_exact(self.stride).map(|words| Entry::of(words, self.key_words, &self.carries))
    }
}
