//! The hash of keys.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// Differs from run to run, so that nobody can choose addresses that all collide.
pub static SEED: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));

/// Folded multiplication, word by word (as in wyhash and foldhash).
#[inline(always)]
pub fn hash_sized<const N: usize>(key: &[u64; N], seed: u64) -> u64 {
    key.iter().fold(seed, |state, word| fold(state ^ word))
}

/// The hash of a key, the same throughout a run.
pub fn hash(key: &[u64]) -> u64 {
    key.iter().fold(*SEED, |state, word| fold(state ^ word))
}

#[inline(always)]
fn fold(word: u64) -> u64 {
    let product = u128::from(word) * 0xd6e8_feb8_6659_fd93;
    // The high half alone would lose differences in the lowest bits of `word`.
    ((product as u64) ^ (product >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
