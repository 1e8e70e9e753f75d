//! The values of a page in the order of the rows, whatever their encoding: as 64 bits each, or as
//! spans of bytes.

use super::Damaged;
use super::delta::Deltas;
use super::footer::{Leaf, Logical, Physical};
use super::pages::{Data, Encoding};
use super::runs::Runs;

/// The most bytes that the texts of one batch may take.
pub const MAX_TEXT: usize = 1 << 30;

const SHORT: Damaged = Damaged("a page shorter than its values");
const UNFIT: Damaged = Damaged("values in an encoding that their type cannot have");

/// What is left of the values of a page.
#[derive(Clone, Debug)]
pub enum Stream {
    Plain(usize),
    Dictionary(Runs),
    /// Booleans: of a bit each, and in runs.
    Bits(usize),
    Runs(Runs),
    Deltas(Deltas),
    /// Values whose first bytes stand together, then the second, and so on: where they begin, how
    /// many there are, and how many have been read.
    Split {
        at: usize,
        count: usize,
        read: usize,
    },
    DeltaLengths {
        lengths: Deltas,
        at: usize,
    },
    DeltaTexts {
        shared: Deltas,
        lengths: Deltas,
        at: usize,
        last: Vec<u8>,
    },
}

impl Default for Stream {
    fn default() -> Stream {
        Stream::Plain(0)
    }
}

impl Stream {
    /// The values of a data page.
    pub fn new(page: &[u8], data: &Data, physical: Physical) -> Result<Stream, Damaged> {
        let at = data.start;
        Ok(match (data.encoding, physical) {
            (Encoding::Plain, Physical::Bool) => Stream::Bits(at * 8),
            (Encoding::Plain, _) => Stream::Plain(at),
            (Encoding::Dictionary, Physical::Bool) => return Err(UNFIT),
            (Encoding::Dictionary, _) => Stream::Dictionary(Runs::of_indices(page, at)?),
            (Encoding::Runs, Physical::Bool) => {
                let size = page.get(at..).and_then(|bytes| bytes.first_chunk()).ok_or(SHORT)?;
                let end = (at + 4).checked_add(u32::from_le_bytes(*size) as usize).filter(|end| *end <= page.len());
                Stream::Runs(Runs::new(at + 4, end.ok_or(SHORT)?, 1))
            }
            (Encoding::DeltaNumbers, Physical::Int32 | Physical::Int64) => {
                Stream::Deltas(Deltas::new(page, at, data.values)?)
            }
            (Encoding::DeltaLengths, Physical::Bytes) => {
                let lengths = Deltas::new(page, at, data.values)?;
                Stream::DeltaLengths { lengths, at: lengths.end(page)? }
            }
            (Encoding::DeltaTexts, Physical::Bytes | Physical::Fixed(_)) => {
                let shared = Deltas::new(page, at, data.values)?;
                let lengths = Deltas::new(page, shared.end(page)?, data.values)?;
                Stream::DeltaTexts { shared, lengths, at: lengths.end(page)?, last: Vec::new() }
            }
            (Encoding::Split, _) => {
                let width = physical.width().ok_or(UNFIT)?;
                Stream::Split { at, count: (page.len() - at) / width, read: 0 }
            }
            _ => return Err(UNFIT),
        })
    }

    /// Appends the next `count` values, as 64 bits each: signed numbers, the bits of doubles,
    /// microseconds of moments.
    pub fn words(&mut self, page: &[u8], leaf: &Leaf, count: usize, out: &mut Vec<u64>) -> Result<(), Damaged> {
        match self {
            Stream::Plain(at) => {
                let width = leaf.physical.width().ok_or(UNFIT)?;
                let bytes = page.get(*at..).and_then(|bytes| bytes.get(..count * width)).ok_or(SHORT)?;
                *at += bytes.len();
                leaf.plain_words(bytes, out);
            }
            Stream::Bits(bit) => {
                for bit in *bit..*bit + count {
                    let byte = page.get(bit / 8).ok_or(SHORT)?;
                    out.push(u64::from(byte >> (bit % 8) & 1));
                }
                *bit += count;
            }
            Stream::Runs(runs) => {
                let mut bits = vec![0; count];
                runs.read(page, &mut bits)?;
                out.extend(bits.into_iter().map(u64::from));
            }
            Stream::Deltas(deltas) => match (leaf.physical, leaf.logical) {
                (Physical::Int32, Logical::Unsigned) => {
                    deltas.read(page, count, |number| out.push((number as u32).into()))?
                }
                (Physical::Int32, _) => deltas.read(page, count, |number| out.push(i64::from(number as i32) as u64))?,
                _ => deltas.read(page, count, |number| out.push(number as u64))?,
            },
            Stream::Split { at, count: all, read } => {
                let width = leaf.physical.width().ok_or(UNFIT)?;
                if count > *all - *read {
                    return Err(SHORT);
                }
                let mut value = [0; 16];
                for row in *read..*read + count {
                    for (i, byte) in value[..width].iter_mut().enumerate() {
                        *byte = page[*at + i * *all + row];
                    }
                    leaf.plain_words(&value[..width], out);
                }
                *read += count;
            }
            Stream::Dictionary(_) | Stream::DeltaLengths { .. } | Stream::DeltaTexts { .. } => return Err(UNFIT),
        }
        Ok(())
    }

    /// Appends where the next `count` values stand, in `page` or, if it returns true, in `made`.
    pub fn texts(
        &mut self,
        page: &[u8],
        leaf: &Leaf,
        count: usize,
        spans: &mut Vec<(u32, u32)>,
        made: &mut Vec<u8>,
    ) -> Result<bool, Damaged> {
        match self {
            Stream::Plain(at) => match leaf.physical {
                Physical::Fixed(size) => {
                    let end = count.checked_mul(size).and_then(|all| at.checked_add(all));
                    let end = end.filter(|end| *end <= page.len()).ok_or(SHORT)?;
                    spans.extend((*at..end).step_by(size).map(|at| (at as u32, (at + size) as u32)));
                    *at = end;
                }
                _ => plain_texts(page, at, count, spans)?,
            },
            Stream::DeltaLengths { lengths, at } => {
                let mut sound = true;
                lengths.read(page, count, |length| {
                    let end = usize::try_from(length).ok().and_then(|length| at.checked_add(length));
                    match end.filter(|end| *end <= page.len()) {
                        Some(end) => {
                            spans.push((*at as u32, end as u32));
                            *at = end;
                        }
                        None => sound = false,
                    }
                })?;
                return if sound { Ok(false) } else { Err(SHORT) };
            }
            Stream::DeltaTexts { shared, lengths, at, last } => {
                made.clear();
                let mut numbers = Vec::with_capacity(count);
                shared.read(page, count, |number| numbers.push((number, 0)))?;
                let mut row = 0;
                lengths.read(page, count, |number| {
                    numbers[row].1 = number;
                    row += 1;
                })?;
                for (shared, length) in numbers {
                    let shared = usize::try_from(shared).ok().filter(|shared| *shared <= last.len()).ok_or(SHORT)?;
                    let length = usize::try_from(length).map_err(|_| SHORT)?;
                    let behind = page.get(*at..).and_then(|bytes| bytes.get(..length)).ok_or(SHORT)?;
                    *at += length;
                    last.truncate(shared);
                    last.extend_from_slice(behind);
                    if made.len() + last.len() > MAX_TEXT {
                        return Err(Damaged("texts too long"));
                    }
                    spans.push((made.len() as u32, (made.len() + last.len()) as u32));
                    made.extend_from_slice(last);
                }
                return Ok(true);
            }
            Stream::Split { at, count: all, read } => {
                made.clear();
                let Physical::Fixed(size) = leaf.physical else { return Err(UNFIT) };
                if count > *all - *read || count.saturating_mul(size) > MAX_TEXT {
                    return Err(SHORT);
                }
                for row in *read..*read + count {
                    let start = made.len();
                    made.extend((0..size).map(|i| page[*at + i * *all + row]));
                    spans.push((start as u32, made.len() as u32));
                }
                *read += count;
                return Ok(true);
            }
            _ => return Err(UNFIT),
        }
        Ok(false)
    }
}

/// Texts behind their lengths, of four bytes each.
fn plain_texts(page: &[u8], at: &mut usize, count: usize, spans: &mut Vec<(u32, u32)>) -> Result<(), Damaged> {
    for _ in 0..count {
        let size = page.get(*at..).and_then(|bytes| bytes.first_chunk()).ok_or(SHORT)?;
        let start = *at + 4;
        let end = start.checked_add(u32::from_le_bytes(*size) as usize).filter(|end| *end <= page.len());
        *at = end.ok_or(SHORT)?;
        spans.push((start as u32, *at as u32));
    }
    Ok(())
}

/// The day that the Unix epoch began, in the count of days that INT96 uses.
const EPOCH_DAY: i64 = 2_440_588;
const DAY_MICROS: i64 = 86_400_000_000;

impl Physical {
    /// The size of a value, if they are all of one size.
    pub fn width(self) -> Option<usize> {
        match self {
            Physical::Int32 | Physical::Float => Some(4),
            Physical::Int64 | Physical::Double => Some(8),
            Physical::Int96 => Some(12),
            Physical::Fixed(size) => Some(size),
            Physical::Bool | Physical::Bytes => None,
        }
    }

    /// Whether values are bytes, not numbers.
    pub fn is_text(self) -> bool {
        matches!(self, Physical::Bytes | Physical::Fixed(_))
    }
}

impl Leaf {
    /// Appends plain values, as 64 bits each.
    fn plain_words(&self, bytes: &[u8], out: &mut Vec<u64>) {
        let four = || bytes.as_chunks::<4>().0.iter();
        let eight = || bytes.as_chunks::<8>().0.iter();
        match self.physical {
            Physical::Int32 if self.logical == Logical::Unsigned => {
                out.extend(four().map(|b| u64::from(u32::from_le_bytes(*b))));
            }
            Physical::Int32 => out.extend(four().map(|b| i64::from(i32::from_le_bytes(*b)) as u64)),
            Physical::Float => out.extend(four().map(|b| f64::from(f32::from_le_bytes(*b)).to_bits())),
            Physical::Int96 => out.extend(bytes.as_chunks::<12>().0.iter().map(|b| {
                let nanos = i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
                let day = i64::from(i32::from_le_bytes([b[8], b[9], b[10], b[11]])) - EPOCH_DAY;
                day.saturating_mul(DAY_MICROS).saturating_add(nanos / 1000) as u64
            })),
            _ => out.extend(eight().map(|b| u64::from_le_bytes(*b))),
        }
    }
}
