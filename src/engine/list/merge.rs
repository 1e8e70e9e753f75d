//! Merges the sorted runs of all workers into one.

use super::List;
use super::order::{Chunk, Failure, Head, Output};
use super::sort::{At, Entry, Runs};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// Rows are written when there are so many bytes of them.
const CHUNK: usize = 64 << 10;

/// What is read of a run on disk at a time: at least, and at most.
const BLOCK: (usize, usize) = (4 << 10, 1 << 20);

/// A sorted run.
enum Run<'r> {
    Memory { runs: &'r Runs, next: usize },
    Disk(Reader<'r>),
}

/// Reads a run on disk block by block.
struct Reader<'r> {
    file: &'r File,
    /// What has not been read.
    rest: Range<u64>,
    block: usize,
    buffer: Vec<u8>,
    /// The current row, with what stands before it.
    row: Range<usize>,
}

/// Writes the rows of all runs in order, as many as are wanted.
pub fn merge(mut runs: Vec<Runs>, heads: &[Arc<Head>], list: &List, output: &mut Output<'_>) -> Result<(), Failure> {
    runs.par_iter_mut().for_each(Runs::sort);
    let on_disk = runs.iter().map(|runs| runs.spilled().count()).sum::<usize>();
    let block = (list.memory / on_disk.max(1)).clamp(BLOCK.0, BLOCK.1);
    let disk = runs.iter().flat_map(Runs::spilled).map(|(file, rest)| Run::Disk(Reader::new(file, rest, block)));
    let mut all: Vec<Run<'_>> = runs.iter().map(|runs| Run::Memory { runs, next: 0 }).chain(disk).collect();
    let mut heap: BinaryHeap<Reverse<(At, usize)>> = BinaryHeap::new();
    for (i, run) in all.iter_mut().enumerate() {
        heap.extend(run.advance().map_err(Failure::Disk)?.map(|at| Reverse((at, i))));
    }
    let mut chunk = Chunk::default();
    while let Some(Reverse((_, i))) = heap.pop() {
        let (head, row) = all[i].row();
        let other = chunk.head.as_ref().is_none_or(|now| now.number != head);
        if (other || chunk.bytes.len() >= CHUNK) && flush(&mut chunk, output)? {
            return Ok(());
        }
        if other {
            chunk.head = Some(heads[head as usize].clone());
        }
        chunk.bytes.extend_from_slice(row);
        chunk.ends.push(chunk.bytes.len());
        chunk.rows += 1;
        heap.extend(all[i].advance().map_err(Failure::Disk)?.map(|at| Reverse((at, i))));
    }
    flush(&mut chunk, output).map(|_| ())
}

/// Writes the rows of a chunk, and returns whether that is all that are wanted.
fn flush(chunk: &mut Chunk, output: &mut Output<'_>) -> Result<bool, Failure> {
    let done = output.write(chunk).map_err(Failure::Output);
    chunk.clear();
    done
}

impl Run<'_> {
    /// Goes to the next row, and returns where it belongs.
    fn advance(&mut self) -> io::Result<Option<At>> {
        match self {
            Run::Memory { runs, next } => {
                *next += 1;
                Ok(runs.entry(*next - 1).map(|entry| entry.at))
            }
            Run::Disk(reader) => reader.advance(),
        }
    }

    /// The head and the bytes of the current row.
    fn row(&self) -> (u32, &[u8]) {
        match self {
            Run::Memory { runs, next } => {
                let entry = runs.entry(*next - 1).expect("a current row");
                (entry.head, runs.row(entry))
            }
            Run::Disk(reader) => {
                let (entry, row) = reader.buffer[reader.row.clone()].split_at(Entry::SIZE);
                (Entry::read(entry).head, row)
            }
        }
    }
}

impl<'r> Reader<'r> {
    fn new(file: &'r File, rest: Range<u64>, block: usize) -> Reader<'r> {
        Reader { file, rest, block, buffer: Vec::new(), row: 0..0 }
    }

    fn advance(&mut self) -> io::Result<Option<At>> {
        let start = self.row.end;
        if start == self.buffer.len() && self.rest.is_empty() {
            return Ok(None);
        }
        self.row = start..start;
        self.have(Entry::SIZE)?;
        let entry = Entry::read(&self.buffer[self.row.start..]);
        let size = Entry::SIZE + entry.size as usize;
        self.have(size)?;
        self.row.end = self.row.start + size;
        Ok(Some(entry.at))
    }

    /// Has so many bytes in the buffer from the beginning of the row on.
    fn have(&mut self, size: usize) -> io::Result<()> {
        let there = self.buffer.len() - self.row.start;
        if there >= size {
            return Ok(());
        }
        self.buffer.drain(..self.row.start);
        self.row = 0..0;
        let left = self.rest.end - self.rest.start;
        let more = left.min(self.block.max(size - there) as u64) as usize;
        self.buffer.resize(there + more, 0);
        self.file.read_exact_at(&mut self.buffer[there..], self.rest.start)?;
        self.rest.start += more as u64;
        Ok(())
    }
}
