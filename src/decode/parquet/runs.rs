//! Small numbers as runs: of one number many times, or of numbers of a few bits each. Levels,
//! indices into dictionaries, and booleans are stored like this.

use super::Damaged;
use super::thrift::varint;

/// What is left of some runs in a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Runs {
    at: usize,
    end: usize,
    /// Bits to a number, 0 to 32.
    width: u32,
    run: Run,
    left: usize,
}

#[derive(Clone, Copy, Debug)]
enum Run {
    Same(u32),
    /// Numbers of a few bits; where they begin, and how many of them have been read.
    Packed {
        at: usize,
        read: usize,
    },
}

impl Default for Run {
    fn default() -> Run {
        Run::Same(0)
    }
}

impl Runs {
    /// The runs from `at` to `end` of a page.
    pub fn new(at: usize, end: usize, width: u32) -> Runs {
        Runs { at, end, width, run: Run::Same(0), left: 0 }
    }

    /// Those of indices: the first byte tells their width.
    pub fn of_indices(page: &[u8], at: usize) -> Result<Runs, Damaged> {
        match page.get(at) {
            Some(width @ 0..=32) => Ok(Runs::new(at + 1, page.len(), (*width).into())),
            Some(_) => Err(Damaged("indices too wide")),
            // A page of nulls may hold nothing at all.
            None => Ok(Runs::new(at, at, 1)),
        }
    }

    /// The number that the next `count` all are, if they lie in one run of it; they are then read.
    pub fn same(&mut self, page: &[u8], count: usize) -> Result<Option<u32>, Damaged> {
        self.begin(page)?;
        match self.run {
            Run::Same(number) if self.left >= count => {
                self.left -= count;
                Ok(Some(number))
            }
            _ => Ok(None),
        }
    }

    /// Fills `out` with the next numbers.
    pub fn read(&mut self, page: &[u8], mut out: &mut [u32]) -> Result<(), Damaged> {
        while !out.is_empty() {
            self.begin(page)?;
            let (now, later) = out.split_at_mut(self.left.min(out.len()));
            match &mut self.run {
                Run::Same(number) => now.fill(*number),
                Run::Packed { at, read } => {
                    unpack(&page[*at..self.end], self.width, *read, now);
                    *read += now.len();
                }
            }
            self.left -= now.len();
            out = later;
        }
        Ok(())
    }

    /// Makes sure that there is a run to read from.
    fn begin(&mut self, page: &[u8]) -> Result<(), Damaged> {
        if self.left == 0 && self.width == 0 {
            self.left = usize::MAX;
        }
        while self.left == 0 {
            let bytes = &page[self.at..self.end];
            let (head, rest) = varint(bytes).map_err(|_| Damaged("a page shorter than its values"))?;
            let count = usize::try_from(head >> 1).map_err(|_| Damaged("a run too long"))?;
            self.at = self.end - rest.len();
            if head & 1 == 0 {
                let size = self.width.div_ceil(8) as usize;
                let number = rest.get(..size).ok_or(Damaged("a page shorter than its values"))?;
                let mut whole = [0; 4];
                whole[..size].copy_from_slice(number);
                (self.run, self.left) = (Run::Same(u32::from_le_bytes(whole)), count);
                self.at += size;
            } else {
                // Groups of eight; some writers leave out the end of the last one.
                let size = count.saturating_mul(self.width as usize).min(rest.len());
                (self.run, self.left) =
                    (Run::Packed { at: self.at, read: 0 }, (size * 8).div_ceil(self.width as usize));
                self.left = self.left.min(count.saturating_mul(8));
                self.at += size;
            }
        }
        Ok(())
    }
}

/// Fills `out` with numbers of `width` bits, 1 to 32, that stand behind the first `skip` of them.
/// Beyond the end there are zeros.
fn unpack(bytes: &[u8], width: u32, skip: usize, out: &mut [u32]) {
    let mask = u32::MAX >> (32 - width);
    let mut bit = skip * width as usize;
    for number in out {
        let low = match bytes.get(bit / 8..).and_then(|bytes| bytes.first_chunk()) {
            Some(eight) => u64::from_le_bytes(*eight),
            None => short(bytes, bit / 8),
        };
        *number = (low >> (bit % 8)) as u32 & mask;
        bit += width as usize;
    }
}

/// The last bytes, fewer than eight.
#[cold]
fn short(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    let mut eight = [0; 8];
    eight[..rest.len()].copy_from_slice(rest);
    u64::from_le_bytes(eight)
}

/// The number of `width` bits, 0 to 64, at a bit. Beyond the end there are zeros.
pub fn number_at(bytes: &[u8], bit: usize, width: u32) -> u64 {
    if width == 0 {
        return 0;
    }
    let eight = |at| match bytes.get(at..).and_then(|bytes: &[u8]| bytes.first_chunk()) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => short(bytes, at),
    };
    let (at, shift) = (bit / 8, bit % 8);
    let low = eight(at) >> shift;
    let whole = match shift {
        0 => low,
        _ => low | eight(at + 8).unbounded_shl(64 - shift as u32),
    };
    whole & (u64::MAX >> (64 - width))
}
