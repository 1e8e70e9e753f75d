//! Finds spaces and newlines 64 bytes at a time.
//!
//! The masks are made with AVX-512 or AVX2 where the processor has them, and by a portable twin
//! elsewhere; all give the same positions. The only `unsafe` here is the call into a function
//! compiled for those instructions, behind a check that the processor has them.
#![expect(unsafe_code, reason = "vector instructions behind run-time detection")]

/// Where the spaces and newlines of a text stand.
#[derive(Default)]
pub struct Delimiters {
    /// `positions[0]` is `u32::MAX`, so that the first token starts at `positions[0] + 1 == 0`;
    /// then the position of every space and newline, in order.
    pub positions: Vec<u32>,
    /// For every newline, its index in `positions`.
    pub newlines: Vec<u32>,
    /// Whether two of them stand side by side, or one stands at the very beginning: somewhere
    /// there is an empty token.
    pub adjacent: bool,
}

impl Delimiters {
    /// Scans `text`, which is shorter than 4 GiB. A missing newline at the end is added, as if it
    /// stood behind the last byte.
    pub fn scan(&mut self, text: &[u8]) {
        self.scan_with(text, Level::detect());
    }

    fn scan_with(&mut self, text: &[u8], level: Level) {
        self.positions.clear();
        self.newlines.clear();
        self.positions.push(u32::MAX);
        self.adjacent = false;
        match level {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `Level::detect` found these features on this processor.
            Level::Avx512 => unsafe { x86::scan_avx512(self, text) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx2 => unsafe { x86::scan_avx2(self, text) },
            Level::Portable => self.run(text, portable_masks),
        }
        if text.last().is_some_and(|b| *b != b'\n') {
            self.newlines.push(self.positions.len() as u32);
            self.adjacent |= self.positions.last() == Some(&(text.len() as u32).wrapping_sub(1));
            self.positions.push(text.len() as u32);
        }
    }

    #[inline(always)]
    fn run(&mut self, text: &[u8], masks: impl Fn(&[u8; 64]) -> (u64, u64)) {
        let mut before = 1;
        let (blocks, rest) = text.as_chunks::<64>();
        for (i, block) in blocks.iter().enumerate() {
            let (spaces, newlines) = masks(block);
            before = self.add(i as u32 * 64, spaces | newlines, newlines, before);
        }
        if !rest.is_empty() {
            let mut block = [0; 64];
            block[..rest.len()].copy_from_slice(rest);
            let (spaces, newlines) = masks(&block);
            self.add(blocks.len() as u32 * 64, spaces | newlines, newlines, before);
        }
    }

    /// Adds the delimiters of one block that starts at `base`; `before` tells whether the byte
    /// before it was one. Returns the same for the next block.
    #[inline(always)]
    fn add(&mut self, base: u32, all: u64, mut newlines: u64, before: u64) -> u64 {
        self.adjacent |= all & (all << 1 | before) != 0;
        let index = self.positions.len() as u32;
        while newlines != 0 {
            let below = newlines & newlines.wrapping_neg();
            self.newlines.push(index + (all & (below - 1)).count_ones());
            newlines &= newlines - 1;
        }
        // Eight at a time, too many rather than too few: cheaper than a test for each.
        let count = all.count_ones() as usize;
        let mut rest = all;
        self.positions.resize(index as usize + count.next_multiple_of(8), 0);
        for eight in self.positions[index as usize..].as_chunks_mut::<8>().0 {
            for slot in eight {
                *slot = base + rest.trailing_zeros();
                rest &= rest.wrapping_sub(1);
            }
        }
        self.positions.truncate(index as usize + count);
        all >> 63
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    Portable,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    #[cfg(target_arch = "x86_64")]
    fn detect() -> Level {
        let bits =
            is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("popcnt");
        if bits && is_x86_feature_detected!("avx512bw") {
            Level::Avx512
        } else if bits && is_x86_feature_detected!("avx2") {
            Level::Avx2
        } else {
            Level::Portable
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn detect() -> Level {
        Level::Portable
    }
}

fn portable_masks(block: &[u8; 64]) -> (u64, u64) {
    let mut masks = (0, 0);
    for (i, byte) in block.iter().enumerate() {
        masks.0 |= u64::from(*byte == b' ') << i;
        masks.1 |= u64::from(*byte == b'\n') << i;
    }
    masks
}

/// Runs `work`, compiled for the bit instructions of this processor where it has them.
#[inline]
pub fn dispatch<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if Level::detect() != Level::Portable {
        // SAFETY: every level above `Portable` has these features.
        return unsafe { x86::with_bits(work) };
    }
    work()
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Delimiters;
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    pub fn with_bits<R>(work: impl FnOnce() -> R) -> R {
        work()
    }

    #[target_feature(enable = "avx512bw,avx512f,bmi1,bmi2,popcnt")]
    pub fn scan_avx512(out: &mut Delimiters, text: &[u8]) {
        let (space, newline) = (_mm512_set1_epi8(b' ' as i8), _mm512_set1_epi8(b'\n' as i8));
        out.run(text, |block| {
            // SAFETY: `block` is 64 readable bytes, and the load asks for no alignment.
            let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
            (_mm512_cmpeq_epi8_mask(bytes, space), _mm512_cmpeq_epi8_mask(bytes, newline))
        });
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    pub fn scan_avx2(out: &mut Delimiters, text: &[u8]) {
        let (space, newline) = (_mm256_set1_epi8(b' ' as i8), _mm256_set1_epi8(b'\n' as i8));
        let mask = |low, high| {
            let half = |v| u64::from(_mm256_movemask_epi8(v) as u32);
            half(low) | half(high) << 32
        };
        out.run(text, |block| {
            // SAFETY: `block` is 64 readable bytes, and the loads ask for no alignment.
            let (a, b) = unsafe {
                (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block.as_ptr().add(32).cast()))
            };
            (
                mask(_mm256_cmpeq_epi8(a, space), _mm256_cmpeq_epi8(b, space)),
                mask(_mm256_cmpeq_epi8(a, newline), _mm256_cmpeq_epi8(b, newline)),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn levels() -> Vec<Level> {
        let mut levels = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx2") {
                levels.push(Level::Avx2);
            }
            if is_x86_feature_detected!("avx512bw") {
                levels.push(Level::Avx512);
            }
        }
        levels
    }

    /// The slow, obvious twin.
    fn twin(text: &[u8]) -> (Vec<u32>, Vec<u32>, bool) {
        let (mut positions, mut newlines, mut adjacent) = (vec![u32::MAX], vec![], false);
        let mut text = text.to_vec();
        if text.last().is_some_and(|b| *b != b'\n') {
            text.push(b'\n');
        }
        for (i, byte) in text.iter().enumerate() {
            if matches!(byte, b' ' | b'\n') {
                adjacent |= positions.last() == Some(&(i as u32).wrapping_sub(1));
                if *byte == b'\n' {
                    newlines.push(positions.len() as u32);
                }
                positions.push(i as u32);
            }
        }
        (positions, newlines, adjacent)
    }

    proptest! {
        #[test]
        fn every_level_finds_what_the_twin_finds(text in proptest::collection::vec(prop_oneof![
            3 => Just(b' '), 1 => Just(b'\n'), 6 => b'0'..=b'9', 1 => any::<u8>()], 0..400)) {
            let expected = twin(&text);
            for level in levels() {
                let mut found = Delimiters::default();
                found.scan_with(&text, level);
                prop_assert_eq!((&found.positions, &found.newlines, found.adjacent),
                    (&expected.0, &expected.1, expected.2), "{:?}", level);
            }
        }
    }
}
