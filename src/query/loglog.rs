//! How many different values there are, about: HyperLogLog. Every value is hashed; the first bits
//! of the hash choose one of 4096 registers, and a register keeps the longest run of zeros that any
//! of its hashes goes on with. Registers of two sets merge by taking the larger one, so the result
//! does not depend on who saw what.
//!
//! Sources: Flajolet et al., "HyperLogLog: the analysis of a near-optimal cardinality estimation
//! algorithm" (2007), for the standard error 1.04 / sqrt(registers) = 1.6 %; Ertl, "New cardinality
//! estimation algorithms for HyperLogLog sketches" (2017), for the improved raw estimator, which
//! needs no correction for small sets.

/// Bits of a hash that choose the register.
pub const REGISTER_BITS: u32 = 12;
const REGISTERS: u64 = 1 << REGISTER_BITS;

/// The longest run that the rest of a hash can have, counted with the one that ends it.
const LONGEST: u32 = 64 - REGISTER_BITS + 1;

/// The register that a hash belongs to.
#[inline(always)]
pub fn register(hash: u64) -> u64 {
    hash >> (64 - REGISTER_BITS)
}

/// What the hash makes of its register: the zeros behind the first bits, and one.
#[inline(always)]
pub fn run(hash: u64) -> u64 {
    ((hash << REGISTER_BITS).leading_zeros() + 1).min(LONGEST).into()
}

/// What a register adds to the harmonic sum, 2^-run, in units of 2^-53: whole numbers, so that the
/// order of adding does not matter.
pub fn weight(run: u64) -> u64 {
    1 << (u64::from(LONGEST) - run)
}

/// The number of values, from how many registers have any and the sum of their weights.
pub fn estimate(registers: u128, weights: u128) -> u128 {
    if registers == 0 {
        return 0;
    }
    let all = REGISTERS as f64;
    let empty = (REGISTERS - registers as u64) as f64 / all;
    let harmonic = weights as f64 / (1u64 << LONGEST) as f64;
    let alpha = 0.5 / std::f64::consts::LN_2;
    (alpha * all * all / (all * sigma(empty) + harmonic)).round() as u128
}

/// Ertl's sigma: x + sum of x^(2^k) * 2^(k-1), for k from 1 on; x is below 1.
fn sigma(x: f64) -> f64 {
    let (mut x, mut sum, mut factor) = (x, x, 1.0);
    loop {
        x *= x;
        let before = sum;
        sum += x * factor;
        factor += factor;
        if sum == before {
            return sum;
        }
    }
}

/// Hashes with a fixed seed, so that a result is the same in every run.
#[derive(Clone, Copy)]
pub struct ValueHash(u64);

impl ValueHash {
    /// A hash that differs from those of other kinds of values.
    pub const fn new(kind: u64) -> ValueHash {
        ValueHash(0x243f_6a88_85a3_08d3 ^ kind)
    }

    /// The finaliser of splitmix64 (Steele et al. 2014, Stafford's mix 13): every bit of the input
    /// changes every bit of the output with a probability near one half.
    #[inline(always)]
    fn mix(word: u64) -> u64 {
        let word = (word ^ word >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    #[inline(always)]
    pub fn words(self, words: &[u64]) -> u64 {
        words.iter().fold(self.0, |state, word| Self::mix(state.wrapping_add(0x9e37_79b9_7f4a_7c15) ^ word))
    }

    pub fn bytes(self, bytes: &[u8]) -> u64 {
        let (whole, rest) = bytes.as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let words = whole.iter().chain([&last]).map(|chunk| u64::from_le_bytes(*chunk));
        words.fold(self.words(&[bytes.len() as u64]), |state, word| ValueHash(state).words(&[word]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn estimated(hashes: impl Iterator<Item = u64>) -> u128 {
        let mut registers: BTreeMap<u64, u64> = BTreeMap::new();
        for hash in hashes {
            let longest = registers.entry(register(hash)).or_default();
            *longest = run(hash).max(*longest);
        }
        estimate(registers.len() as u128, registers.values().map(|run| u128::from(weight(*run))).sum())
    }

    /// 60 sets of a size, each of other values.
    fn errors(size: u64) -> Vec<f64> {
        let sets = (0..60).map(|set| {
            let values = (0..size).map(|value| ValueHash::new(7).words(&[set << 40 | value]));
            estimated(values) as f64 / size as f64 - 1.0
        });
        sets.collect()
    }

    /// Flajolet et al. give a standard error of 1.04 / sqrt(m), here 1.63 %, and Ertl shows the
    /// improved raw estimator to be without bias over the whole range.
    #[test]
    fn the_error_is_as_published() {
        for size in [100, 1_000, 3_000, 10_000, 20_000, 100_000] {
            let errors = errors(size);
            let count = errors.len() as f64;
            let mean = errors.iter().sum::<f64>() / count;
            let deviation = (errors.iter().map(|e| e * e).sum::<f64>() / count).sqrt();
            assert!(mean.abs() < 3.0 * 0.01625 / count.sqrt(), "{size}: a bias of {mean}");
            assert!(deviation < 1.3 * 0.01625, "{size}: a deviation of {deviation}");
            assert!(errors.iter().all(|e| e.abs() < 4.0 * 0.01625), "{size}: {errors:?}");
        }
        // And it is not better than it can be: the sketch is at work.
        let deviation = (errors(100_000).iter().map(|e| e * e).sum::<f64>() / 60.0).sqrt();
        assert!(deviation > 0.7 * 0.01625, "{deviation}");
    }

    #[test]
    fn small_sets_are_nearly_exact() {
        assert_eq!(estimated(std::iter::empty()), 0);
        for size in 1..=50u64 {
            let off = estimated((0..size).map(|v| ValueHash::new(0).words(&[v]))).abs_diff(size.into());
            assert!(off <= 1, "{size}: {off} off");
        }
    }

    #[test]
    fn the_sums_hold_every_register() {
        assert_eq!((run(0), run(u64::MAX), run(1)), (53, 1, 52));
        assert_eq!((weight(53), weight(1)), (1, 1 << 52));
        // 4096 registers with runs of one: 4096 * 2 / (2 ln 2).
        assert_eq!(estimate(4096, 4096 << 52), 5909);
        assert!(estimate(4096, 4096) > 1 << 63);
    }

    /// Whoever changes the hash changes results.
    #[test]
    fn hashes_are_fixed_and_differ() {
        let hash = ValueHash::new(0);
        let texts = ["", "\0", "a", "eni-0123", "eni-01234", "eni-0123\0", "eni-0123456789abcdef0"];
        let hashes = texts.map(|text| hash.bytes(text.as_bytes()));
        assert!((0..7).all(|i| (0..i).all(|j| hashes[i] != hashes[j])), "{hashes:?}");
        assert_ne!(ValueHash::new(1).words(&[5]), hash.words(&[5]));
        assert_eq!(hash.words(&[1]), FIXED.0);
        assert_eq!(hash.bytes(b"eni-0123456789abcdef0"), FIXED.1);
    }

    const FIXED: (u64, u64) = (0xb19e_04cb_9dce_3146, 0x5244_b386_e7e5_4893);
}
