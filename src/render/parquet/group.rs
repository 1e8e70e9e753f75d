//! Rows that become a row group.

use super::column::Column;
use super::file::plain;
use super::page::{Chunk, Compressor};
use super::row;
use super::schema::Schema;
use parquet::errors::Result;
use std::io;

/// So many rows are turned into columns at a time: they stay in the cache meanwhile.
const BLOCK: usize = 1024;

/// The bytes that the cache fetches together.
const LINE: usize = 64;

/// Rows, as a `RowEncoder` made them.
#[derive(Debug, Default)]
pub struct Group {
    bytes: Vec<u8>,
    rows: usize,
}

/// A row group as it stands in a file.
pub struct Packed {
    pub columns: Vec<Chunk>,
    /// How many values of each column were larger than its type can hold, and are missing.
    pub too_large: Vec<u64>,
}

impl Group {
    /// The most rows of a group, and about the most bytes.
    pub const ROWS: usize = 250_000;
    pub const BYTES: usize = 64 << 20;

    /// An empty group that uses memory again.
    pub fn reusing(mut memory: Vec<u8>) -> Group {
        memory.clear();
        Group { bytes: memory, rows: 0 }
    }

    /// Gives its memory back.
    pub fn into_memory(self) -> Vec<u8> {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_full(&self) -> bool {
        self.rows >= Group::ROWS || self.bytes.len() >= Group::BYTES
    }

    /// Takes of some rows, `count` in all: at most `most`, until it is full or takes `room` more bytes,
    /// and at least one. Returns how many rows and how many bytes it has taken.
    pub fn take(&mut self, rows: &[u8], count: usize, most: usize, room: usize) -> (usize, usize) {
        let room = room.min(Group::BYTES - self.bytes.len().min(Group::BYTES));
        let most = most.min(Group::ROWS - self.rows.min(Group::ROWS)).min(count);
        let (mut taken, mut end) = (count, rows.len());
        if count > most || rows.len() > room {
            (taken, end) = (0, 0);
            while taken < count && (taken == 0 || taken < most && end < room) {
                end += row::length(&rows[end..]);
                taken += 1;
            }
        }
        if self.bytes.is_empty() {
            self.bytes.reserve(rows.len().max(1 << 16));
        }
        self.bytes.extend_from_slice(&rows[..end]);
        self.rows += taken;
        (taken, end)
    }

    /// Sorts the rows by start, those without one first, and turns them into columns.
    pub fn pack(&self, schema: &Schema) -> io::Result<Packed> {
        self.packed(schema).map_err(plain)
    }

    fn packed(&self, schema: &Schema) -> Result<Packed> {
        let mut columns: Vec<Column<'_>> = schema.holds.iter().map(|holds| Column::new(*holds, self.rows)).collect();
        for block in self.sorted().chunks(BLOCK) {
            self.fetch(block);
            let mut places: Vec<u32> = block.iter().map(|row| row::cells(row.at)).collect();
            columns.iter_mut().for_each(|column| column.extend(&self.bytes, &mut places));
        }
        let mut compressor = Compressor::new(schema.codec)?;
        let too_large = columns.iter().map(|column| column.too_large).collect();
        let descriptors = schema.descriptor.columns().iter();
        let chunks = columns.into_iter().zip(descriptors).map(|(column, of)| column.pack(of, &mut compressor));
        Ok(Packed { columns: chunks.collect::<Result<_>>()?, too_large })
    }

    /// The rows by their start; as they came where it is the same.
    fn sorted(&self) -> Vec<Row> {
        let mut rows = Vec::with_capacity(self.rows);
        let mut at = 0;
        while at < self.bytes.len() {
            let length = row::length(&self.bytes[at..]);
            rows.push(Row { start: row::start(&self.bytes[at..]), at: at as u32, length: length as u32 });
            at += length;
        }
        rows.sort_unstable();
        rows
    }

    /// Brings rows into the cache, all at once: one after another they would be waited for.
    fn fetch(&self, rows: &[Row]) {
        let lines = |row: &Row| (row.at as usize..(row.at + row.length) as usize).step_by(LINE);
        let sum = rows.iter().flat_map(lines).fold(0u8, |sum, at| sum ^ self.bytes[at]);
        std::hint::black_box(sum);
    }
}

/// Where a row stands. No two stand at one place, so that any sort keeps rows of one start in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    start: u64,
    at: u32,
    length: u32,
}
