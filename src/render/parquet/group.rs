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

    pub fn len(&self) -> usize {
        self.rows
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
        let mut order = Vec::with_capacity(self.rows);
        let mut at = 0;
        while at < self.bytes.len() {
            order.push((row::start(&self.bytes[at..]), at as u32));
            at += row::length(&self.bytes[at..]);
        }
        // As stable as if it were: the places are in order.
        order.sort_unstable();
        let mut columns: Vec<Column<'_>> = schema.holds.iter().map(|holds| Column::new(*holds, self.rows)).collect();
        for block in order.chunks(BLOCK) {
            let mut places: Vec<u32> = block.iter().map(|(_, at)| row::cells(*at)).collect();
            columns.iter_mut().for_each(|column| column.extend(&self.bytes, &mut places));
        }
        let mut compressor = Compressor::new(schema.codec)?;
        let too_large = columns.iter().map(|column| column.too_large).collect();
        let descriptors = schema.descriptor.columns().iter();
        let chunks = columns.into_iter().zip(descriptors).map(|(column, of)| column.pack(of, &mut compressor));
        Ok(Packed { columns: chunks.collect::<Result<_>>()?, too_large })
    }
}
