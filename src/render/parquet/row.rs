//! A row on its way from the worker that read it to the group that it becomes a part of: its length
//! in bytes, its start, and its cells one after another.

use crate::render::rows::CellWriter;
use crate::schema::{Cell, Field, Heading, Record, escape};

/// What a cell begins with.
const NONE: u8 = 0;
/// A text of less than 256 bytes, and any.
const SHORT: u8 = 1;
const LONG: u8 = 2;
const V4: u8 = 4;
const V6: u8 = 6;
/// A number; added to this, how many of its bytes follow: without leading zeros.
const NUMBER: u8 = 8;

/// Length and start.
const HEAD: usize = 12;

/// A value that is not missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    Number(u64),
    V4(u32),
    /// In 16 bytes, the lowest first.
    V6(&'a [u8]),
    Text(&'a [u8]),
}

/// Encodes rows; every worker has its own.
#[derive(Debug, Default)]
pub struct RowEncoder {
    start: Option<usize>,
    cells: CellWriter,
    plain: Vec<u8>,
}

impl RowEncoder {
    /// The records that follow have these columns.
    pub fn columns(&mut self, headings: &[Heading]) {
        self.start = headings.iter().position(|heading| heading.name == Field::Start.name());
    }

    /// Appends a record.
    pub fn row(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        let at = out.len();
        // Those without a start are the first.
        let start = match self.start.map(|start| record.cells[start]) {
            Some(Cell::Time(start)) => start.saturating_add(1),
            _ => 0,
        };
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&start.to_le_bytes());
        for cell in record.cells {
            match *cell {
                Cell::None => out.push(NONE),
                Cell::Number(number) | Cell::Time(number) => self::number(number, out),
                Cell::Protocol(number) => self::number(number.into(), out),
                Cell::V4(address) => fixed(V4, address.to_le_bytes(), out),
                Cell::V6(address) => fixed(V6, address.to_le_bytes(), out),
                Cell::Text(bytes) if std::str::from_utf8(bytes).is_ok() => text(bytes, out),
                Cell::Text(bytes) => text(escape(bytes).as_bytes(), out),
                ref network => {
                    self.plain.clear();
                    self.cells.plain(network, &mut self.plain);
                    text(&self.plain, out);
                }
            }
        }
        let length = (out.len() - at) as u32;
        out[at..at + 4].copy_from_slice(&length.to_le_bytes());
    }
}

#[inline]
fn fixed<const N: usize>(tag: u8, bytes: [u8; N], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(&bytes);
}

#[inline]
fn number(number: u64, out: &mut Vec<u8>) {
    let bytes = (u64::BITS - number.leading_zeros()).div_ceil(8) as usize;
    let end = out.len() + 1 + bytes;
    fixed(NUMBER + bytes as u8, number.to_le_bytes(), out);
    out.truncate(end);
}

#[inline]
fn text(bytes: &[u8], out: &mut Vec<u8>) {
    match u8::try_from(bytes.len()) {
        Ok(length) => fixed(SHORT, [length], out),
        Err(_) => fixed(LONG, (bytes.len() as u32).to_le_bytes(), out),
    }
    out.extend_from_slice(bytes);
}

/// The length of the row that stands first.
#[inline]
pub fn length(rows: &[u8]) -> usize {
    u32::from_le_bytes(first(rows)) as usize
}

/// What a row is sorted by.
#[inline]
pub fn start(row: &[u8]) -> u64 {
    u64::from_le_bytes(first(&row[4..]))
}

/// Where the first cell of the row at `at` stands.
#[inline]
pub fn cells(at: u32) -> u32 {
    at + HEAD as u32
}

/// The cell that stands at `at`, which goes on to the next.
#[inline(always)]
pub fn cell<'a>(rows: &'a [u8], at: &mut u32) -> Option<Item<'a>> {
    let (tag, rest) = rows[*at as usize..].split_first().expect("a cell of a row");
    let (item, size) = match *tag {
        NONE => (None, 0),
        SHORT => {
            let end = 1 + rest[0] as usize;
            (Some(Item::Text(&rest[1..end])), end)
        }
        LONG => {
            let end = 4 + length(rest);
            (Some(Item::Text(&rest[4..end])), end)
        }
        V4 => (Some(Item::V4(u32::from_le_bytes(first(rest)))), 4),
        V6 => (Some(Item::V6(&rest[..16])), 16),
        tag => {
            let bytes = usize::from(tag - NUMBER);
            (Some(Item::Number(leading(rest, bytes))), bytes)
        }
    };
    *at += 1 + size as u32;
    item
}

/// The number that the first bytes make.
#[inline]
fn leading(rest: &[u8], bytes: usize) -> u64 {
    let number = match rest.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    };
    if bytes == 0 { 0 } else { number & u64::MAX >> (64 - 8 * bytes) }
}

#[inline]
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    *bytes.first_chunk().expect("bytes of a row")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    #[test]
    fn cells_come_back() {
        let heading = |name: &str, kind| Heading { name: name.into(), kind };
        let headings = [heading("bytes", Kind::Bytes), heading("start", Kind::Time)];
        let mut encoder = RowEncoder::default();
        encoder.columns(&headings);
        let long = "x".repeat(300);
        let cells_of_one = [
            Cell::Number(u64::MAX),
            Cell::Time(7),
            Cell::None,
            Cell::V4(1),
            Cell::V6(2),
            Cell::Protocol(6),
            Cell::Text(b"abc"),
            Cell::Text(b"\xff"),
            Cell::Network4(0x0a00_0000, 8),
            Cell::Text(long.as_bytes()),
            Cell::Number(0),
            Cell::Number(0x0123_4567_89ab),
            Cell::Number(255),
        ];
        let mut out = Vec::new();
        let record = Record { cells: &cells_of_one, line: b"", path: b"", number: 0 };
        encoder.row(&record, &mut out);
        let one = out.len();
        encoder.row(&Record { cells: &[Cell::None, Cell::None], ..record }, &mut out);
        assert_eq!((length(&out), start(&out)), (one, 8));
        let items = |at, count| {
            let mut at = cells(at);
            (0..count).map(|_| cell(&out, &mut at)).collect::<Vec<_>>()
        };
        let all = items(0, cells_of_one.len());
        let (number, text) = (|n| Some(Item::Number(n)), |t: &'static str| Some(Item::Text(t.as_bytes())));
        let (v4, v6) = (Some(Item::V4(1)), Some(Item::V6(&[2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])));
        let (last, long) = (text("10.0.0.0/8"), Some(Item::Text(long.as_bytes())));
        assert_eq!(
            all,
            [
                number(u64::MAX),
                number(7),
                None,
                v4,
                v6,
                number(6),
                text("abc"),
                text("\\xff"),
                last,
                long,
                number(0),
                number(0x0123_4567_89ab),
                number(255)
            ]
        );
        assert_eq!((start(&out[one..]), items(one as u32, 2)), (0, vec![None, None]));
    }
}
