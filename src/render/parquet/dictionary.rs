//! The different values of a column, numbered in the order in which they are met.

use foldhash::fast::RandomState;
use std::hash::{BuildHasher, Hash};

/// Numbers values. The seed is random, so that no log can be made to be slow; nothing that is written depends on it.
pub struct Dictionary<T> {
    pub values: Vec<T>,
    /// For each slot the upper bits of a hash, and the number of a value; `FREE` where there is none.
    slots: Vec<(u32, u32)>,
    state: RandomState,
}

const FREE: u32 = u32::MAX;

impl<T: Copy + Eq + Hash> Dictionary<T> {
    pub fn new() -> Dictionary<T> {
        Dictionary { values: Vec::new(), slots: vec![(0, FREE); 64], state: RandomState::default() }
    }

    /// The number of a value.
    #[inline]
    pub fn number(&mut self, value: T) -> u32 {
        let hash = self.state.hash_one(value);
        let (upper, mask) = ((hash >> 32) as u32, self.slots.len() - 1);
        let mut at = hash as usize & mask;
        loop {
            match self.slots[at] {
                (_, FREE) => return self.add(value, at, upper),
                (same, number) if same == upper && self.values[number as usize] == value => return number,
                _ => at = (at + 1) & mask,
            }
        }
    }

    #[cold]
    fn add(&mut self, value: T, at: usize, upper: u32) -> u32 {
        let number = self.values.len() as u32;
        self.values.push(value);
        self.slots[at] = (upper, number);
        if self.values.len() * 2 > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        self.slots.clear();
        self.slots.resize(mask + 1, (0, FREE));
        for (number, value) in self.values.iter().enumerate() {
            let hash = self.state.hash_one(value);
            let mut at = hash as usize & mask;
            while self.slots[at].1 != FREE {
                at = (at + 1) & mask;
            }
            self.slots[at] = ((hash >> 32) as u32, number as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_once() {
        let mut dictionary = Dictionary::new();
        let values: Vec<u64> = (0..10_000).map(|i| i * i % 4999).collect();
        let numbers: Vec<u32> = values.iter().map(|value| dictionary.number(*value)).collect();
        let mut seen: Vec<u64> = Vec::new();
        for (value, number) in values.iter().zip(numbers) {
            let expected = seen.iter().position(|known| known == value).unwrap_or_else(|| {
                seen.push(*value);
                seen.len() - 1
            });
            assert_eq!(number as usize, expected);
        }
        assert_eq!(dictionary.values, seen);
    }
}
