//! The values of one column of a group, and their pages.

use super::dictionary::Dictionary;
use super::hybrid;
use super::page::{Body, Chunk, Compressor, Pages};
use super::row::{self, Item};
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
    Texts(Vec<u32>, Different<'r>),
}

/// The different texts of a column: as such, or as addresses. A number of its own tells which.
struct Different<'r> {
    texts: Dictionary<&'r [u8]>,
    v4: Dictionary<u32>,
    v6: Dictionary<&'r [u8]>,
}

/// Added to the numbers of addresses.
const IS_V4: u32 = 1 << 30;
const IS_V6: u32 = 2 << 30;

impl<'r> Column<'r> {
    pub fn new(holds: Holds, rows: usize) -> Column<'r> {
        let values = match holds {
            Holds::Int32 | Holds::Int64 => Values::Numbers(Vec::with_capacity(rows)),
            Holds::Text => {
                let (texts, v4, v6) = (Dictionary::new(), Dictionary::new(), Dictionary::new());
                Values::Texts(Vec::with_capacity(rows), Different { texts, v4, v6 })
            }
        };
        Column { holds, rows: 0, missing: Vec::new(), values, too_large: 0 }
    }

    /// Appends the cells at these places of some rows; the places go on to the next cells.
    pub fn extend(&mut self, rows: &'r [u8], places: &mut [u32]) {
        let first = self.rows;
        self.rows += places.len();
        match &mut self.values {
            Values::Numbers(values) => {
                let most = self.holds.most();
                for (row, place) in places.iter_mut().enumerate() {
                    match row::cell(rows, place) {
                        Some(Item::Number(number)) if number <= most => values.push(number),
                        item => {
                            self.too_large += u64::from(item.is_some());
                            self.missing.push((first + row) as u32);
                        }
                    }
                }
            }
            Values::Texts(numbers, different) => {
                for (row, place) in places.iter_mut().enumerate() {
                    numbers.push(match row::cell(rows, place) {
                        Some(Item::Text(text)) => different.texts.number(text),
                        Some(Item::V4(address)) => different.v4.number(address) | IS_V4,
                        Some(Item::V6(address)) => different.v6.number(address) | IS_V6,
                        Some(Item::Number(_)) | None => {
                            self.missing.push((first + row) as u32);
                            continue;
                        }
                    });
                }
            }
        }
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
            Values::Texts(mut numbers, different) => {
                let texts = Texts::of(&different, &mut numbers);
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
    /// One numbering for all of them: texts, then addresses.
    fn of(different: &Different<'_>, numbers: &mut [u32]) -> Texts {
        let Different { texts, v4, v6 } = different;
        let (mut cells, mut all) = (CellWriter::default(), Texts { bytes: Vec::new(), bounds: vec![0] });
        texts.values.iter().for_each(|text| all.add(|out| out.extend_from_slice(text)));
        v4.values.iter().for_each(|address| all.add(|out| cells.plain(&Cell::V4(*address), out)));
        for address in &v6.values {
            let address = u128::from_le_bytes((*address).try_into().unwrap_or_default());
            all.add(|out| cells.plain(&Cell::V6(address), out));
        }
        let (first_v4, first_v6) = (texts.values.len(), texts.values.len() + v4.values.len());
        if all.count() > texts.values.len() {
            for number in numbers {
                match *number {
                    v6 if v6 >= IS_V6 => *number = v6 - IS_V6 + first_v6 as u32,
                    v4 if v4 >= IS_V4 => *number = v4 - IS_V4 + first_v4 as u32,
                    _ => {}
                }
            }
        }
        all
    }

    fn add(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let at = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        write(&mut self.bytes);
        let length = (self.bytes.len() - at - 4) as u32;
        self.bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
        self.bounds.push(self.bytes.len());
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
