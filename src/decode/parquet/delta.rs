//! Numbers as differences (DELTA_BINARY_PACKED): blocks with their least difference, and small blocks
//! in them with as many bits as the largest one there needs.

use super::Damaged;
use super::runs::number_at;
use super::thrift::{varint, zigzag};

/// What is left of some numbers in a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deltas {
    /// Numbers that are left, the first one included.
    pub left: usize,
    first: bool,
    last: i64,
    /// Where the next small block, or the next block, begins.
    at: usize,
    /// Small blocks to a block, and numbers to a small block.
    smalls: usize,
    size: usize,
    least: i64,
    /// Where the widths of the block stand, how many small blocks have begun, and how much of the
    /// last of them is left.
    widths: usize,
    begun: usize,
    rest: usize,
    /// Where its bits begin, and how wide they are.
    bits: usize,
    width: u32,
}

const SHORT: Damaged = Damaged("a page shorter than its values");

impl Deltas {
    /// The numbers that begin at `at`, `most` of them at most.
    pub fn new(page: &[u8], at: usize, most: usize) -> Result<Deltas, Damaged> {
        let bytes = page.get(at..).ok_or(SHORT)?;
        let (block, bytes) = varint(bytes)?;
        let (smalls, bytes) = varint(bytes)?;
        let (left, bytes) = varint(bytes)?;
        let (first, bytes) = varint(bytes)?;
        let sound = (1..=1 << 16).contains(&block) && smalls > 0 && block % smalls == 0 && (block / smalls) % 8 == 0;
        if !sound {
            return Err(Damaged("differences in blocks of an impossible size"));
        }
        let left = usize::try_from(left).ok().filter(|left| *left <= most);
        let left = left.ok_or(Damaged("a page of more values than it says"))?;
        Ok(Deltas {
            left,
            first: true,
            last: zigzag(first),
            at: page.len() - bytes.len(),
            smalls: smalls as usize,
            size: (block / smalls) as usize,
            begun: smalls as usize,
            ..Deltas::default()
        })
    }

    /// Calls `take` with the next `count` numbers.
    pub fn read(&mut self, page: &[u8], mut count: usize, mut take: impl FnMut(i64)) -> Result<(), Damaged> {
        self.left = self.left.checked_sub(count).ok_or(SHORT)?;
        if count > 0 && std::mem::take(&mut self.first) {
            take(self.last);
            count -= 1;
        }
        while count > 0 {
            if self.rest == 0 {
                self.begin(page)?;
            }
            let now = self.rest.min(count);
            for _ in 0..now {
                let delta = number_at(page, self.bits, self.width);
                self.bits += self.width as usize;
                self.last = self.last.wrapping_add(self.least).wrapping_add(delta as i64);
                take(self.last);
            }
            self.rest -= now;
            count -= now;
        }
        Ok(())
    }

    /// Begins the next small block.
    fn begin(&mut self, page: &[u8]) -> Result<(), Damaged> {
        if self.begun == self.smalls {
            let (least, rest) = varint(page.get(self.at..).ok_or(SHORT)?)?;
            self.least = zigzag(least);
            self.widths = page.len() - rest.len();
            self.at = self.widths + self.smalls;
            self.begun = 0;
        }
        self.width = (*page.get(self.widths + self.begun).ok_or(SHORT)?).into();
        if self.width > 64 {
            return Err(Damaged("differences too wide"));
        }
        self.begun += 1;
        self.bits = self.at * 8;
        self.at += self.size / 8 * self.width as usize;
        self.rest = self.size;
        // The last block may be shorter than it should be, but not gone.
        if self.at > page.len() + self.size / 8 * self.width as usize {
            return Err(SHORT);
        }
        Ok(())
    }

    /// Where what follows the numbers begins, if none has been read.
    pub fn end(mut self, page: &[u8]) -> Result<usize, Damaged> {
        self.left = self.left.saturating_sub(1);
        while self.left > 0 {
            self.begin(page)?;
            self.left = self.left.saturating_sub(self.rest);
        }
        Ok(self.at)
    }
}
