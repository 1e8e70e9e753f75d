//! An entry of a group table: the words of a key and of its state, and what did not fit them.

use std::collections::BTreeMap;

/// What does not fit a state, by key and lane: in units of 2^64 for the sum in word `lane / 2`, in
/// units of 2^31 for the counter in half `lane % 2` of that word.
pub type Carries = BTreeMap<(Box<[u64]>, usize), u64>;

/// A group: its key and its state.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    pub key: &'t [u64],
    pub state: &'t [u64],
    carries: &'t Carries,
}

impl<'t> Entry<'t> {
    /// About the memory of a carry, in bytes, without its key.
    pub const CARRY: usize = 64;

    /// The entry in `words`, a key of `key_words` and its state.
    #[inline(always)]
    pub fn of(words: &'t [u64], key_words: usize, carries: &'t Carries) -> Entry<'t> {
        let (key, state) = words.split_at(key_words);
        Entry { key, state, carries }
    }

    /// What did not fit, by lane.
    pub fn carried_lanes(&self) -> impl Iterator<Item = (usize, u64)> {
        let lanes = if self.carries.is_empty() { 0 } else { 2 * self.state.len() };
        (0..lanes).filter_map(|lane| Some((lane, *self.carries.get(&(self.key.into(), lane))?)))
    }

    /// A sum, with what exceeds 64 bits.
    pub fn sum(&self, word: usize) -> u128 {
        u128::from(self.state[word]) | self.carried(2 * word) << 64
    }

    /// A counter, with what exceeds 31 bits.
    pub fn counter(&self, lane: usize) -> u128 {
        u128::from(self.state[lane / 2] >> (32 * (lane % 2)) & 0xffff_ffff) + (self.carried(lane) << 31)
    }

    fn carried(&self, lane: usize) -> u128 {
        if self.carries.is_empty() {
            return 0;
        }
        self.carries.get(&(self.key.into(), lane)).copied().unwrap_or(0).into()
    }
}
