//! The loops that go over every byte: finding spaces and newlines, and reading dotted quads.
//!
//! Each has a version for processors with AVX-512 or AVX2 and a portable twin, with the same
//! results. `dispatch` finds out once what the processor has, and hands a proof of it to the work,
//! which is compiled for each kind of processor.
#![expect(unsafe_code, reason = "vector instructions behind run-time detection")]

use super::parse;

/// A kind of processor. A value of this type is a proof that the processor has what it takes.
pub trait Cpu: Copy {
    /// Masks of the spaces and the newlines in 64 bytes.
    fn masks(self, block: &[u8; 64]) -> (u64, u64);

    /// Writes `base` plus the index of each bit in `mask` to `out`, in order; what is behind the
    /// last is of no meaning.
    fn positions(self, mask: u64, base: u32, out: &mut [u32; 64]);

    /// The dotted quad in `text[start..end]`.
    fn ipv4(self, text: &[u8], start: usize, end: usize) -> Option<u32>;
}

/// Work that is compiled for each kind of processor.
pub trait Work {
    type Output;
    /// Does it; to be inlined.
    fn run(self, cpu: impl Cpu) -> Self::Output;
}

/// Runs work for the processor that this is.
#[inline]
pub fn dispatch<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(cpu) = x86::Avx512::detect() {
            return cpu.run(work);
        }
        if let Some(cpu) = x86::Avx2::detect() {
            return cpu.run(work);
        }
    }
    work.run(Portable)
}

/// Runs work once for every kind of processor that this one can be, the portable one first.
pub fn on_every_kind<W: Work>(work: impl Fn() -> W) -> Vec<W::Output> {
    let kinds = [Some(work().run(Portable))].into_iter();
    #[cfg(target_arch = "x86_64")]
    let kinds = kinds
        .chain([x86::Avx2::detect().map(|cpu| cpu.run(work()))])
        .chain([x86::Avx512::detect().map(|cpu| cpu.run(work()))]);
    kinds.flatten().collect()
}

/// Any processor.
#[derive(Clone, Copy)]
pub struct Portable;

impl Cpu for Portable {
    fn masks(self, block: &[u8; 64]) -> (u64, u64) {
        let mut masks = (0, 0);
        for (i, byte) in block.iter().enumerate() {
            masks.0 |= u64::from(*byte == b' ') << i;
            masks.1 |= u64::from(*byte == b'\n') << i;
        }
        masks
    }

    #[inline(always)]
    fn positions(self, mask: u64, base: u32, out: &mut [u32; 64]) {
        // Eight at a time, too many rather than too few: cheaper than a test for each.
        let mut rest = mask;
        for eight in out.as_chunks_mut::<8>().0 {
            for slot in eight {
                *slot = base.wrapping_add(rest.trailing_zeros());
                rest &= rest.wrapping_sub(1);
            }
            if rest == 0 {
                return;
            }
        }
    }

    fn ipv4(self, text: &[u8], start: usize, end: usize) -> Option<u32> {
        parse::parse_ipv4(&text[start..end])
    }
}

/// Where the spaces and newlines of a text stand.
#[derive(Default)]
pub struct Delimiters {
    positions: Vec<u32>,
    count: usize,
    newlines: Vec<u32>,
    newline_count: usize,
    /// Whether two of them stand side by side, or one stands at the very beginning: somewhere
    /// there is an empty token.
    pub adjacent: bool,
}

impl Delimiters {
    /// Scans `text`, which is shorter than 4 GiB. A missing newline at the end is added, as if it
    /// stood behind the last byte.
    pub fn scan(&mut self, text: &[u8]) {
        dispatch(Scan { out: self, text });
    }

    /// `positions()[0]` is `u32::MAX`, so that the first token starts at `positions()[0] + 1 == 0`;
    /// then the position of every space and newline, in order.
    pub fn positions(&self) -> &[u32] {
        &self.positions[..self.count]
    }

    /// For every newline, its index in `positions()`.
    pub fn newlines(&self) -> &[u32] {
        &self.newlines[..self.newline_count]
    }

    /// Adds the delimiters of one block that starts at `base`; `before` tells whether the byte
    /// before it was one. Returns the same for the next block.
    #[inline(always)]
    fn add(&mut self, cpu: impl Cpu, block: &[u8; 64], base: u32, before: u64) -> u64 {
        let (spaces, mut newlines) = cpu.masks(block);
        let all = spaces | newlines;
        self.adjacent |= all & (all << 1 | before) != 0;
        // Most blocks have one or none, by chance: written in any case, and kept if there is one.
        loop {
            let below = newlines.wrapping_sub(1) & !newlines;
            self.newlines[self.newline_count] = self.count as u32 + (all & below).count_ones();
            self.newline_count += usize::from(newlines != 0);
            newlines &= newlines.wrapping_sub(1);
            if newlines == 0 {
                break;
            }
        }
        let room = self.positions[self.count..].first_chunk_mut().expect("room for a block is made before");
        cpu.positions(all, base, room);
        self.count += all.count_ones() as usize;
        all >> 63
    }
}

/// The work of `Delimiters::scan`.
pub struct Scan<'a> {
    pub out: &'a mut Delimiters,
    pub text: &'a [u8],
}

impl Work for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self, cpu: impl Cpu) {
        let Scan { out, text } = self;
        // One for the start, one for a missing newline, and a block that is written to the full.
        let most = text.len() + 2 + 64;
        if out.positions.len() < most {
            out.positions.resize(most, 0);
            out.newlines.resize(most, 0);
        }
        out.positions[0] = u32::MAX;
        (out.count, out.newline_count, out.adjacent) = (1, 0, false);
        let (blocks, rest) = text.as_chunks::<64>();
        let mut before = 1;
        for (i, block) in blocks.iter().enumerate() {
            before = out.add(cpu, block, i as u32 * 64, before);
        }
        if !rest.is_empty() {
            let mut block = [0; 64];
            block[..rest.len()].copy_from_slice(rest);
            out.add(cpu, &block, blocks.len() as u32 * 64, before);
        }
        if text.last().is_some_and(|b| *b != b'\n') {
            out.adjacent |= text.ends_with(b" ");
            out.newlines[out.newline_count] = out.count as u32;
            out.newline_count += 1;
            out.positions[out.count] = text.len() as u32;
            out.count += 1;
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Cpu, Portable, Work};
    use crate::decode::quads;
    use std::arch::x86_64::*;

    /// A processor with AVX2, BMI and POPCNT.
    #[derive(Clone, Copy)]
    pub struct Avx2(());

    /// A processor with AVX-512 (F, BW, VL, VBMI2) and what `Avx2` has.
    #[derive(Clone, Copy)]
    pub struct Avx512(());

    impl Avx2 {
        pub fn detect() -> Option<Avx2> {
            let all = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("popcnt");
            all.then_some(Avx2(()))
        }

        #[inline]
        pub fn run<W: Work>(self, work: W) -> W::Output {
            #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
            fn compiled<W: Work>(work: W, cpu: Avx2) -> W::Output {
                work.run(cpu)
            }
            // SAFETY: an `Avx2` exists only where these features were found.
            unsafe { compiled(work, self) }
        }
    }

    impl Avx512 {
        pub fn detect() -> Option<Avx512> {
            let all = Avx2::detect().is_some()
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vbmi2");
            all.then_some(Avx512(()))
        }

        #[inline]
        pub fn run<W: Work>(self, work: W) -> W::Output {
            #[target_feature(enable = "avx2,bmi1,bmi2,popcnt,avx512f,avx512bw,avx512vl,avx512vbmi2")]
            fn compiled<W: Work>(work: W, cpu: Avx512) -> W::Output {
                work.run(cpu)
            }
            // SAFETY: an `Avx512` exists only where these features were found.
            unsafe { compiled(work, self) }
        }
    }

    impl Cpu for Avx2 {
        #[inline(always)]
        fn masks(self, block: &[u8; 64]) -> (u64, u64) {
            // SAFETY: an `Avx2` exists only where the features were found.
            unsafe { masks_avx2(block) }
        }

        #[inline(always)]
        fn positions(self, mask: u64, base: u32, out: &mut [u32; 64]) {
            Portable.positions(mask, base, out);
        }

        #[inline(always)]
        fn ipv4(self, text: &[u8], start: usize, end: usize) -> Option<u32> {
            match text[start..].first_chunk() {
                // SAFETY: an `Avx2` exists only where the features were found.
                Some(bytes) => unsafe { ipv4_avx2(bytes, end - start) },
                None => Portable.ipv4(text, start, end),
            }
        }
    }

    impl Cpu for Avx512 {
        #[inline(always)]
        fn masks(self, block: &[u8; 64]) -> (u64, u64) {
            // SAFETY: an `Avx512` exists only where the features were found.
            unsafe { masks_avx512(block) }
        }

        #[inline(always)]
        fn positions(self, mask: u64, base: u32, out: &mut [u32; 64]) {
            // SAFETY: an `Avx512` exists only where the features were found.
            unsafe { positions_avx512(mask, base, out) }
        }

        #[inline(always)]
        fn ipv4(self, text: &[u8], start: usize, end: usize) -> Option<u32> {
            Avx2(()).ipv4(text, start, end)
        }
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn masks_avx2(block: &[u8; 64]) -> (u64, u64) {
        // SAFETY: `block` is 64 readable bytes, and the loads ask for no alignment.
        let (a, b) =
            unsafe { (_mm256_loadu_si256(block.as_ptr().cast()), _mm256_loadu_si256(block.as_ptr().add(32).cast())) };
        let mask = |byte: u8| {
            let byte = _mm256_set1_epi8(byte as i8);
            let half = |v| u64::from(_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, byte)) as u32);
            half(a) | half(b) << 32
        };
        (mask(b' '), mask(b'\n'))
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    #[inline]
    fn masks_avx512(block: &[u8; 64]) -> (u64, u64) {
        // SAFETY: `block` is 64 readable bytes, and the load asks for no alignment.
        let bytes = unsafe { _mm512_loadu_si512(block.as_ptr().cast()) };
        let mask = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
        (mask(b' '), mask(b'\n'))
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vbmi2,bmi1,popcnt")]
    #[inline]
    fn positions_avx512(mask: u64, base: u32, out: &mut [u32; 64]) {
        const INDICES: [u8; 64] = {
            let mut indices = [0; 64];
            let mut i = 0;
            while i < 64 {
                indices[i] = i as u8;
                i += 1;
            }
            indices
        };
        // SAFETY: `INDICES` is 64 readable bytes, and the load asks for no alignment.
        let indices = unsafe { _mm512_loadu_si512(INDICES.as_ptr().cast()) };
        let found = _mm512_maskz_compress_epi8(mask, indices);
        let first =
            _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(found)), _mm512_set1_epi32(base as i32));
        // SAFETY: `out` has room for 64 numbers, and the store writes the first 16, unaligned.
        unsafe { _mm512_storeu_si512(out.as_mut_ptr().cast(), first) };
        if mask.count_ones() > 16 {
            Portable.positions(mask, base, out);
        }
    }

    /// The dotted quad in the first `len` of sixteen bytes.
    ///
    /// The places of the dots choose a shuffle that brings hundreds, tens and units of each part
    /// under each other, as in D. Lemire, "Parsing IP addresses crazily fast" (2023).
    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    #[inline]
    fn ipv4_avx2(bytes: &[u8; 16], len: usize) -> Option<u32> {
        if !(7..=15).contains(&len) {
            return None;
        }
        // SAFETY: `bytes` is 16 readable bytes, and the load asks for no alignment.
        let bytes = unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) };
        let mask = |v| _mm_movemask_epi8(v) as u32;
        let digits = _mm_sub_epi8(bytes, _mm_set1_epi8(b'0' as i8));
        let is_digit = mask(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits));
        let dots = mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(b'.' as i8)));
        let used = (1 << len) - 1;
        if (is_digit | dots) & used != used {
            return None;
        }
        let shuffle = quads::shuffle(dots & used | 1 << len)?;
        // SAFETY: `shuffle` is 16 readable bytes, and the load asks for no alignment.
        let shuffle = unsafe { _mm_loadu_si128(shuffle.as_ptr().cast()) };
        let weights = _mm_set1_epi32(i32::from_le_bytes([0, 100, 10, 1]));
        let pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(digits, shuffle), weights);
        let parts = _mm_madd_epi16(pairs, _mm_set1_epi16(1));
        let above = |n| _mm_movemask_ps(_mm_castsi128_ps(_mm_cmpgt_epi32(parts, _mm_set1_epi32(n)))) as u32;
        // Without leading zeros, a part has one digit more if it is above 9, and again above 99.
        let digits = above(9).count_ones() + above(99).count_ones();
        if above(255) != 0 || len as u32 != 7 + digits {
            return None;
        }
        let order = _mm_set1_epi32(i32::from_le_bytes([12, 8, 4, 0]));
        Some(_mm_cvtsi128_si32(_mm_shuffle_epi8(parts, order)) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fuzzing::{delimiters_everywhere, ipv4_everywhere};
    use super::*;
    use proptest::prelude::*;

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
            let (positions, newlines, adjacent) = twin(&text);
            for found in delimiters_everywhere(&text) {
                prop_assert_eq!(found.positions(), &positions[..]);
                prop_assert_eq!((found.newlines(), found.adjacent), (&newlines[..], adjacent));
            }
        }

        #[test]
        fn every_level_reads_the_same_quads(
            token in "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9.]{0,17}|[0-9a-f.:x]{0,17}|[\\x00-\\x7f]{0,17}", before in 0usize..20, after in 0usize..20,
        ) {
            let text = [b"9".repeat(before), token.as_bytes().to_vec(), b" ".repeat(after)].concat();
            let expected = token.parse::<std::net::Ipv4Addr>().ok().map(u32::from);
            for found in ipv4_everywhere(&text, before, before + token.len()) {
                prop_assert_eq!(found, expected);
            }
        }
    }

    #[test]
    fn every_quad_of_every_shape_is_read() {
        let parts = [0u32, 1, 9, 10, 55, 99, 100, 199, 200, 255, 256, 999];
        for (a, b) in parts.iter().flat_map(|a| parts.map(|b| (*a, b))) {
            for (c, d) in parts.iter().flat_map(|c| parts.map(|d| (*c, d))) {
                let mut text = format!("{a}.{b}.{c}.{d}").into_bytes();
                let end = text.len();
                text.extend_from_slice(b" 12345 67890 123");
                let expected = parse::parse_ipv4(&text[..end]);
                assert_eq!(expected.is_some(), [a, b, c, d].iter().all(|n| *n < 256));
                assert!(ipv4_everywhere(&text, 0, end).iter().all(|found| *found == expected));
            }
        }
    }
}
