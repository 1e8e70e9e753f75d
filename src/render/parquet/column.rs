//! The values of one column of a group, and their pages.

use super::dictionary::Dictionary;
use super::hybrid;
use super::page::{Body, Chunk, Compressor, Pages};
use super::row::Item;
use super::schema::Holds;
use crate::render::rows::CellWriter;
use crate::schema::Cell;
use parquet::basic::Encoding;
use parquet::data_type::ByteArray;
use parquet::errors::Result;
use parquet::file::statistics::{Statistics, ValueStatistics};
use parquet::schema::types::ColumnDescPtr;

/// Rows on a page.
const PAGE: usize = 1 << 16;

/// Texts longer than this are in no statistics, in bytes.
const LONG: usize = 64;

pub struct Column<'r> {
    holds: Holds,
    rows: usize,
    /// The rows without a value.
    missing: Vec<u32>,
    values: Values<'r>,
    /// How many values were larger than the type can hold; they are missing.
    pub too_large: u64,
}

/// Those that are not missing.
enum Values<'r> {
    Numbers(Vec<u64>),
    Texts { numbers: Vec<u32>, dictionary: Dictionary<Item<'r>>, last: Option<(Item<'r>, u32)> },
}

impl<'r> Column<'r> {
    pub fn new(holds: Holds, rows: usize) -> Column<'r> {
        let values = match holds {
            Holds::Int32 | Holds::Int64 => Values::Numbers(Vec::with_capacity(rows)),
            Holds::Text => {
                Values::Texts { numbers: Vec::with_capacity(rows), dictionary: Dictionary::new(), last: None }
            }
        };
        Column { holds, rows: 0, missing: Vec::new(), values, too_large: 0 }
    }

    /// Appends a row.
    #[inline]
    pub fn push(&mut self, item: Option<Item<'r>>) {
        match (&mut self.values, item) {
            (Values::Numbers(values), Some(Item::Number(number))) if number <= self.holds.most() => values.push(number),
            (Values::Texts { numbers, last: Some((last, number)), .. }, Some(item)) if *last == item => {
                numbers.push(*number);
            }
            (Values::Texts { numbers, dictionary, last }, Some(item)) => {
                let number = dictionary.number(item);
                *last = Some((item, number));
                numbers.push(number);
            }
            (Values::Numbers(_), item) => {
                self.too_large += u64::from(item.is_some());
                self.missing.push(self.rows as u32);
            }
            (Values::Texts { .. }, None) => self.missing.push(self.rows as u32),
        }
        self.rows += 1;
    }

    /// The column as it stands in a file.
    pub fn pack(self, descriptor: &ColumnDescPtr, compressor: &mut Compressor) -> Result<Chunk> {
        let Column { holds, rows, missing, values, .. } = self;
        let mut pages = Pages::new(descriptor, compressor);
        let levels = Levels { rows, missing: &missing };
        let nulls = Some(missing.len() as u64);
        let statistics = match values {
            Values::Numbers(values) => {
                numbers(&values, holds, &levels, &mut pages)?;
                let ends = values.iter().min().zip(values.iter().max());
                let ends = ends.map(|(least, most)| (*least as i64, *most as i64));
                let (least, most) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
                match holds {
                    // None is larger.
                    Holds::Int32 => Statistics::Int32(ValueStatistics::new(
                        least.map(|n| n as i32),
                        most.map(|n| n as i32),
                        None,
                        nulls,
                        false,
                    )),
                    _ => Statistics::Int64(ValueStatistics::new(least, most, None, nulls, false)),
                }
            }
            Values::Texts { numbers, dictionary, .. } => {
                let texts = Texts::of(&dictionary.values);
                texts.write(&numbers, &levels, &mut pages)?;
                let ends = texts.ends().filter(|(least, most)| least.len().max(most.len()) <= LONG);
                let array = |text: &[u8]| ByteArray::from(text.to_vec());
                let ends = ends.map(|(least, most)| (array(least), array(most)));
                let (least, most) = ends.unzip();
                Statistics::ByteArray(ValueStatistics::new(least, most, None, nulls, false))
            }
        };
        pages.finish(rows, statistics)
    }
}

/// Which rows have a value.
struct Levels<'m> {
    rows: usize,
    missing: &'m [u32],
}

impl Levels<'_> {
    /// The pages: the rows of each, how many of them have a value, and which do, as it is encoded.
    fn pages(&self) -> impl Iterator<Item = (usize, usize, Vec<u8>)> {
        let mut missing = self.missing;
        (0..self.rows).step_by(PAGE).map(move |first| {
            let rows = PAGE.min(self.rows - first);
            let here = missing.partition_point(|row| (*row as usize) < first + rows);
            let (page, rest) = missing.split_at(here);
            missing = rest;
            let mut out = vec![0; 4];
            if page.is_empty() || page.len() == rows {
                hybrid::repeat(u32::from(page.is_empty()), rows, 1, &mut out);
            } else {
                let mut levels = vec![1; rows];
                page.iter().for_each(|row| levels[*row as usize - first] = 0);
                hybrid::encode(&levels, 1, &mut out);
            }
            let length = out.len() as u32 - 4;
            out[..4].copy_from_slice(&length.to_le_bytes());
            (rows, rows - page.len(), out)
        })
    }

    /// Writes pages of numbers of a dictionary of `count` values.
    fn write_numbers(&self, mut numbers: &[u32], count: usize, pages: &mut Pages<'_>) -> Result<()> {
        let width = hybrid::width(count);
        for (rows, values, mut bytes) in self.pages() {
            let (page, rest) = numbers.split_at(values);
            numbers = rest;
            bytes.push(width as u8);
            hybrid::encode(page, width, &mut bytes);
            pages.write(Body { bytes, rows, encoding: Encoding::RLE_DICTIONARY })?;
        }
        Ok(())
    }

    /// Writes pages of values one after another.
    fn write_plain<T>(
        &self,
        mut values: &[T],
        pages: &mut Pages<'_>,
        mut plain: impl FnMut(&[T], &mut Vec<u8>),
    ) -> Result<()> {
        for (rows, count, mut bytes) in self.pages() {
            let (page, rest) = values.split_at(count);
            values = rest;
            plain(page, &mut bytes);
            pages.write(Body { bytes, rows, encoding: Encoding::PLAIN })?;
        }
        Ok(())
    }
}

/// Whether a dictionary saves space: for so many values of `plain` bytes in all, of which there are
/// `count` different ones of `dictionary` bytes.
fn pays(values: usize, plain: usize, count: usize, dictionary: usize) -> bool {
    values > 0 && dictionary + values * hybrid::width(count) as usize / 8 < plain
}

fn numbers(values: &[u64], holds: Holds, levels: &Levels<'_>, pages: &mut Pages<'_>) -> Result<()> {
    let plain = |values: &[u64], out: &mut Vec<u8>| match holds {
        Holds::Int32 => values.iter().for_each(|n| out.extend_from_slice(&(*n as u32).to_le_bytes())),
        _ => values.iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes())),
    };
    let size = if holds == Holds::Int32 { 4 } else { 8 };
    // Beyond that it cannot pay.
    let most = values.len() / 2;
    let mut dictionary = Dictionary::new();
    let small = |value: &u64| {
        let number = dictionary.number(*value);
        (dictionary.values.len() <= most).then_some(number)
    };
    let numbers: Option<Vec<u32>> = values.iter().map(small).collect();
    let count = dictionary.values.len();
    match numbers.filter(|_| pays(values.len(), size * values.len(), count, size * count)) {
        Some(numbers) => {
            let mut bytes = Vec::with_capacity(size * count);
            plain(&dictionary.values, &mut bytes);
            pages.write_dictionary(bytes, count)?;
            levels.write_numbers(&numbers, count, pages)
        }
        None => levels.write_plain(values, pages, plain),
    }
}

/// The texts of a dictionary, as they stand on its page.
struct Texts {
    bytes: Vec<u8>,
    /// Where each begins, its length included, and where the last ends.
    bounds: Vec<usize>,
}

impl Texts {
    fn of(items: &[Item<'_>]) -> Texts {
        let mut cells = CellWriter::default();
        let (mut bytes, mut bounds) = (Vec::new(), vec![0]);
        for item in items {
            let at = bytes.len();
            bytes.extend_from_slice(&[0; 4]);
            match *item {
                Item::Text(text) => bytes.extend_from_slice(text),
                Item::V4(address) => cells.plain(&Cell::V4(address), &mut bytes),
                Item::V6(address) => cells.plain(&Cell::V6(address), &mut bytes),
                Item::Number(number) => cells.plain(&Cell::Number(number), &mut bytes),
            }
            let length = (bytes.len() - at - 4) as u32;
            bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
            bounds.push(bytes.len());
        }
        Texts { bytes, bounds }
    }

    fn count(&self) -> usize {
        self.bounds.len() - 1
    }

    /// A text behind its length.
    fn with_length(&self, number: usize) -> &[u8] {
        &self.bytes[self.bounds[number]..self.bounds[number + 1]]
    }

    /// The first and the last by their bytes.
    fn ends(&self) -> Option<(&[u8], &[u8])> {
        let all = || (0..self.count()).map(|number| &self.with_length(number)[4..]);
        all().min().zip(all().max())
    }

    fn write(&self, numbers: &[u32], levels: &Levels<'_>, pages: &mut Pages<'_>) -> Result<()> {
        let plain: usize = numbers.iter().map(|number| self.with_length(*number as usize).len()).sum();
        if pays(numbers.len(), plain, self.count(), self.bytes.len()) {
            pages.write_dictionary(self.bytes.clone(), self.count())?;
            return levels.write_numbers(numbers, self.count(), pages);
        }
        levels.write_plain(numbers, pages, |page, out| {
            page.iter().for_each(|number| out.extend_from_slice(self.with_length(*number as usize)));
        })
    }
}
