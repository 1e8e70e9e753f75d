//! Rows in the order of time: runs that are sorted in memory, and on disk where they do not fit.

use super::{List, Sort};
use crate::engine::tally::Place;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::PathBuf;

/// Where a row belongs: by its time, then where it stands in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// Behind all rows that are not: those without a time on the one side, or with one on the other.
    behind: bool,
    time: u64,
    source: u32,
    part: u32,
    line: u64,
}

impl At {
    /// The size of it on disk.
    const SIZE: usize = 25;

    pub fn new(time: Option<u64>, down: bool, place: Place, line: u64) -> At {
        let (behind, time) = match (time, down) {
            (None, down) => (down, 0),
            (Some(time), false) => (true, time),
            (Some(time), true) => (false, u64::MAX - time),
        };
        At { behind, time, source: place.source as u32, part: place.part as u32, line }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&[u8::from(self.behind)])?;
        out.write_all(&self.time.to_le_bytes())?;
        out.write_all(&self.source.to_le_bytes())?;
        out.write_all(&self.part.to_le_bytes())?;
        out.write_all(&self.line.to_le_bytes())
    }

    fn read(bytes: &[u8]) -> At {
        At {
            behind: bytes[0] != 0,
            time: u64::from_le_bytes(array(&bytes[1..])),
            source: u32::from_le_bytes(array(&bytes[9..])),
            part: u32::from_le_bytes(array(&bytes[13..])),
            line: u64::from_le_bytes(array(&bytes[17..])),
        }
    }
}

fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    *bytes.first_chunk().expect("as many bytes as were written")
}

/// A row that is being sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    pub at: At,
    /// The number of its head.
    pub head: u32,
    pub size: u32,
    /// Where its bytes begin, in memory.
    start: usize,
}

impl Entry {
    /// The size of what stands before a row on disk.
    pub const SIZE: usize = At::SIZE + 8;

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        self.at.write(out)?;
        out.write_all(&self.head.to_le_bytes())?;
        out.write_all(&self.size.to_le_bytes())
    }

    /// Reads what `write` wrote.
    pub fn read(bytes: &[u8]) -> Entry {
        let rest = &bytes[At::SIZE..];
        let (head, size) = (u32::from_le_bytes(array(rest)), u32::from_le_bytes(array(&rest[4..])));
        Entry { at: At::read(bytes), head, size, start: 0 }
    }
}

/// The rows of one worker.
pub struct Runs {
    entries: Vec<Entry>,
    bytes: Vec<u8>,
    /// What may be in memory.
    memory: usize,
    /// So many rows are wanted; 0 for all.
    limit: usize,
    /// Rows behind this one are not among those.
    last: Option<At>,
    directory: PathBuf,
    file: Option<File>,
    /// Where the runs in the file stand.
    spilled: Vec<Range<u64>>,
}

impl Runs {
    pub fn new(list: &List, memory: usize) -> Runs {
        Runs {
            entries: Vec::new(),
            bytes: Vec::new(),
            memory,
            limit: if list.sort == Sort::None { 0 } else { list.limit },
            last: None,
            directory: list.directory.clone(),
            file: None,
            spilled: Vec::new(),
        }
    }

    /// Adds a row, which `write` appends to what it is given.
    pub fn push(&mut self, at: At, head: u32, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        if self.last.is_some_and(|last| at > last) {
            return Ok(());
        }
        let start = self.bytes.len();
        write(&mut self.bytes);
        let size = (self.bytes.len() - start) as u32;
        self.entries.push(Entry { at, head, size, start });
        if self.limit > 0 && self.entries.len() >= 2 * self.limit.max(512) {
            self.trim();
        }
        if self.size() > self.memory {
            if self.limit > 0 && self.entries.len() > self.limit {
                self.trim();
            }
            // Trimming that frees little would soon come again, and again.
            if self.size() > self.memory / 2 {
                self.spill()?;
            }
        }
        Ok(())
    }

    fn size(&self) -> usize {
        self.bytes.len() + self.entries.len() * size_of::<Entry>()
    }

    /// Keeps only as many rows as are wanted.
    fn trim(&mut self) {
        self.entries.sort_unstable();
        self.entries.truncate(self.limit);
        self.last = self.entries.last().map(|entry| entry.at);
        let mut bytes = Vec::with_capacity(self.bytes.len() / 2);
        for entry in &mut self.entries {
            let start = bytes.len();
            bytes.extend_from_slice(&self.bytes[entry.start..][..entry.size as usize]);
            entry.start = start;
        }
        self.bytes = bytes;
    }

    /// Moves what is in memory to disk, as one more run.
    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&self.directory)?,
        };
        let start = self.spilled.last().map_or(0, |run| run.end);
        let mut size = 0;
        let mut out = BufWriter::with_capacity(1 << 20, &file);
        for entry in &self.entries {
            entry.write(&mut out)?;
            out.write_all(self.row(entry))?;
            size += Entry::SIZE as u64 + u64::from(entry.size);
        }
        out.flush()?;
        drop(out);
        self.file = Some(file);
        self.spilled.push(start..start + size);
        self.entries.clear();
        self.bytes.clear();
        Ok(())
    }

    /// Sorts what is in memory.
    pub fn sort(&mut self) {
        self.entries.sort_unstable();
    }

    /// The row `index` of those in memory.
    pub fn entry(&self, index: usize) -> Option<&Entry> {
        self.entries.get(index)
    }

    /// The bytes of a row in memory.
    pub fn row(&self, entry: &Entry) -> &[u8] {
        &self.bytes[entry.start..][..entry.size as usize]
    }

    /// The runs on disk.
    pub fn spilled(&self) -> impl Iterator<Item = (&File, Range<u64>)> {
        self.file.iter().flat_map(|file| self.spilled.iter().map(move |run| (file, run.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_time_come_first_or_last() {
        let at = |time, down, line| At::new(time, down, Place { source: 0, part: 0 }, line);
        assert!(at(None, false, 9) < at(Some(0), false, 1) && at(Some(0), false, 9) < at(Some(1), false, 1));
        assert!(at(None, true, 1) > at(Some(0), true, 9) && at(Some(0), true, 1) > at(Some(1), true, 9));
        assert!(at(Some(5), true, 1) < at(Some(5), true, 2), "ties stand as in the input");
    }

    #[test]
    fn what_is_written_is_read() {
        let at = At { behind: true, time: u64::MAX - 1, source: 7, part: 8, line: 1 << 40 };
        let entry = Entry { at, head: 3, size: 99, start: 0 };
        let mut bytes = Vec::new();
        entry.write(&mut bytes).expect("memory does not fail");
        assert_eq!((bytes.len(), Entry::read(&bytes)), (Entry::SIZE, entry));
    }

    /// Each of these rows comes before all others, and those that are wanted nearly fill the memory:
    /// trimming would free a few rows, again and again.
    #[test]
    fn what_trimming_cannot_free_goes_to_disk() {
        let list = List { sort: Sort::TimeDown, limit: 900, ..List::default() };
        let row = size_of::<Entry>() + 10;
        let mut runs = Runs::new(&list, 1000 * row);
        for i in 0..5000 {
            let at = At::new(Some(i), true, Place { source: 0, part: 0 }, i);
            runs.push(at, 0, |out| out.extend_from_slice(&[b'x'; 10])).expect("a temporary file");
        }
        assert!(runs.spilled.len() >= 3, "{}", runs.spilled.len());
    }

    #[test]
    fn only_the_first_are_kept() {
        let list = List { sort: Sort::Time, limit: 3, ..List::default() };
        let mut runs = Runs::new(&list, 1 << 20);
        for i in 0..5000u64 {
            let at = At::new(Some(i * 7919 % 5000), false, Place { source: 0, part: 0 }, i);
            runs.push(at, 0, |out| out.extend_from_slice((i * 7919 % 5000).to_string().as_bytes())).expect("no file");
            assert!(runs.entries.len() < 1024 && runs.bytes.len() < 8192);
        }
        runs.sort();
        let rows: Vec<&[u8]> = (0..3).map(|i| runs.row(runs.entry(i).expect("three rows"))).collect();
        assert_eq!(rows, [b"0", b"1", b"2"]);
        assert!(runs.spilled.is_empty());
    }
}
