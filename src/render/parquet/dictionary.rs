//! The different values of a column, numbered in the order in which they are met.

use foldhash::fast::RandomState;
use std::hash::{BuildHasher, Hasher};

/// What can be numbered.
pub trait Key: Copy {
    /// Whether values are the same when their tags are.
    const EXACT: bool;
    fn hash(self, hasher: &mut impl Hasher);
    /// A part of the value, or of its hash, that mostly tells it from others.
    fn tag(self, hash: u64) -> u32;
    fn same(self, other: Self) -> bool;
}

impl Key for u32 {
    const EXACT: bool = true;

    fn hash(self, hasher: &mut impl Hasher) {
        hasher.write_u32(self);
    }

    fn tag(self, _: u64) -> u32 {
        self
    }

    fn same(self, other: u32) -> bool {
        self == other
    }
}

impl Key for u64 {
    const EXACT: bool = false;

    fn hash(self, hasher: &mut impl Hasher) {
        hasher.write_u64(self);
    }

    fn tag(self, _: u64) -> u32 {
        self as u32
    }

    fn same(self, other: u64) -> bool {
        self == other
    }
}

impl Key for &[u8] {
    const EXACT: bool = false;

    #[inline]
    fn hash(self, hasher: &mut impl Hasher) {
        hasher.write(self);
    }

    fn tag(self, hash: u64) -> u32 {
        (hash >> 32) as u32
    }

    /// Most are shorter than what a call is worth.
    #[inline]
    fn same(self, other: &[u8]) -> bool {
        if self.len() != other.len() {
            return false;
        }
        let (Some(last), Some(other_last)) = (self.last_chunk::<8>(), other.last_chunk::<8>()) else {
            return self.iter().eq(other);
        };
        let mut chunks = self.chunks_exact(8).zip(other.chunks_exact(8));
        last == other_last && (if self.len() > 64 { self == other } else { chunks.all(|(a, b)| word(a) == word(b)) })
    }
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Numbers values. The seed is random, so that no log can be made to be slow; nothing that is written
/// depends on it.
pub struct Dictionary<T> {
    pub values: Vec<T>,
    /// For each slot the tag and the number of a value; `FREE` where there is none.
    slots: Vec<(u32, u32)>,
    state: RandomState,
}

const FREE: u32 = u32::MAX;

impl<T: Key> Dictionary<T> {
    pub fn new() -> Dictionary<T> {
        Dictionary { values: Vec::new(), slots: vec![(0, FREE); 64], state: RandomState::default() }
    }

    #[inline]
    fn hash(&self, value: T) -> u64 {
        let mut hasher = self.state.build_hasher();
        value.hash(&mut hasher);
        hasher.finish()
    }

    /// The number of a value.
    #[inline]
    pub fn number(&mut self, value: T) -> u32 {
        let hash = self.hash(value);
        let (tag, mask) = (value.tag(hash), self.slots.len() - 1);
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                (_, FREE) => return self.add(value, at, tag),
                (same, number) if same == tag && (T::EXACT || self.values[number as usize].same(value)) => {
                    return number;
                }
                _ => at = (at + 1) & mask,
            }
        }
    }

    #[cold]
    fn add(&mut self, value: T, at: usize, tag: u32) -> u32 {
        let number = self.values.len() as u32;
        self.values.push(value);
        self.slots[at] = (tag, number);
        if self.values.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, (0, FREE));
        for number in 0..self.values.len() {
            let value = self.values[number];
            let hash = self.hash(value);
            let mut at = hash as usize & mask;
            while self.slots[at].1 != FREE {
                at = (at + 1) & mask;
            }
            self.slots[at] = (value.tag(hash), number as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbered_once<T: Key + PartialEq + std::fmt::Debug>(values: &[T]) {
        let mut dictionary = Dictionary::new();
        let mut seen: Vec<T> = Vec::new();
        for value in values {
            let expected = seen.iter().position(|known| known == value).unwrap_or(seen.len());
            if expected == seen.len() {
                seen.push(*value);
            }
            assert_eq!(dictionary.number(*value) as usize, expected);
        }
        assert_eq!(dictionary.values, seen);
    }

    #[test]
    fn numbers_are_numbered_once() {
        numbered_once(&(0..3000u64).map(|i| i * i % 499).collect::<Vec<_>>());
        numbered_once(&(0..3000u32).map(|i| i % 700 * 1000).collect::<Vec<_>>());
        // The same tag.
        numbered_once(&[1u64, 1 << 32 | 1, 1, 2 << 32 | 1, 1 << 32 | 1]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn texts_are_numbered_once(texts in prop::collection::vec("[ab]{0,3}(x{7}|y{8}|z{60}|)[ab]{0,2}", 0..200)) {
            numbered_once(&texts.iter().map(String::as_bytes).collect::<Vec<_>>());
        }
    }
}
