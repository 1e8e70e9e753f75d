//! Where the parts of a key stand in its words.

/// Where a part stands in the words.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    Bits(Bits),
    /// What kind of address it is (`V4` or `V6`), and its two halves.
    Wide {
        family: Bits,
        high: usize,
        low: usize,
    },
}

/// Kinds of addresses in a wide key.
pub const V4: u64 = 0;
pub const V6: u64 = 1;

#[derive(Clone, Copy, Debug)]
pub struct Bits {
    pub word: usize,
    pub shift: u32,
    width: u32,
}

impl Bits {
    fn mask(self) -> u64 {
        u64::MAX >> (64 - self.width)
    }

    #[inline(always)]
    pub fn get(self, key: &[u64]) -> u64 {
        key[self.word] >> self.shift & self.mask()
    }

    #[inline(always)]
    pub fn set(self, key: &mut [u64], value: u64) {
        let word = &mut key[self.word];
        *word = *word & !(self.mask() << self.shift) | value << self.shift;
    }
}

/// Hands out bits of words, never across a word's end.
pub struct Allocator {
    pub words: usize,
    free: u32,
}

impl Allocator {
    pub fn new() -> Allocator {
        Allocator { words: 1, free: 63 }
    }

    pub fn bits(&mut self, width: u32) -> Bits {
        if self.free < width {
            self.words += 1;
            self.free = 64;
        }
        self.free -= width;
        let used_before = 64 - self.free - width;
        // The first word's highest bit marks an entry as occupied.
        let shift = if self.words == 1 { used_before - 1 } else { used_before };
        Bits { word: self.words - 1, shift, width }
    }
}

impl Place {
    /// Takes what stands there out of a key.
    pub fn clear(self, key: &mut [u64]) {
        match self {
            Place::Bits(bits) => bits.set(key, 0),
            Place::Wide { family, high, low } => {
                family.set(key, 0);
                (key[high], key[low]) = (0, 0);
            }
        }
    }
}
