//! The hash of a whole record.

use super::set::Entry;
use crate::decode::{Batch, Column};
use crate::schema::FieldName;
use std::hash::{BuildHasher, RandomState};

/// Secrets of the run, so that nobody can choose records that have the same hash.
#[derive(Clone, Default)]
pub struct Seeds(RandomState);

/// The secrets of one field, for the two halves of the hash.
#[derive(Clone, Copy)]
struct Key {
    add: [u64; 2],
    multiply: [u64; 2],
}

impl Seeds {
    fn key(&self, field: &str) -> Key {
        let word = |number: u8| self.0.hash_one((field, number));
        Key { add: [word(0), word(1)], multiply: [word(2) | 1, word(3) | 1] }
    }
}

/// Hashes records, column by column: the sum of the hashes of all values that there are, so that
/// neither the order of the fields nor fields without a value matter. Every field has secrets of its
/// own, and both halves of the 128 bits are made apart. Two records that differ have the same hash
/// with a probability of about 2^-126, whatever they are: among a thousand million records, all
/// compared with all, one in 10^20 runs takes one for a duplicate that is none.
pub struct Hashes {
    seeds: Seeds,
    /// What the keys are for: they are made anew for other fields.
    fields: Vec<FieldName>,
    keys: Vec<Key>,
    /// What kind of record it is: formats without a log-status tell it otherwise.
    status: Key,
}

impl Hashes {
    pub fn new(seeds: &Seeds) -> Hashes {
        // No field has a space in its name.
        let status = seeds.key("kind of record");
        Hashes { seeds: seeds.clone(), fields: vec![], keys: vec![], status }
    }

    /// Hashes those records of a batch, of all of whose fields there have to be columns.
    pub fn of(&mut self, batch: &Batch<'_>, entries: &mut [Entry]) {
        if self.fields != batch.fields {
            self.keys = batch.fields.iter().map(|field| self.seeds.key(field.name())).collect();
            self.fields = batch.fields.to_vec();
        }
        for entry in entries.iter_mut() {
            entry.hash = self.status.word(batch.status[entry.row as usize] as u64);
        }
        for (column, key) in batch.columns.iter().zip(&self.keys).filter(|(column, _)| !column.is_none()) {
            match column {
                Column::Number(numbers) => each(entries, |row| match numbers.present[row] {
                    true => key.word(numbers.values[row]),
                    false => 0,
                }),
                Column::Ip(addresses) => each(entries, |row| match addresses.family[row] {
                    4 => key.word(addresses.v4[row].into()),
                    6 => key.words(16, addresses.v6_of(row).to_le_bytes().chunks_exact(8).map(word)),
                    _ => 0,
                }),
                Column::Text(texts) => each(entries, |row| key.text(texts.bytes(row, batch.text))),
            }
        }
    }
}

/// Adds the hash of a value to that of every record.
#[inline(always)]
fn each(entries: &mut [Entry], value: impl Fn(usize) -> u128) {
    for entry in entries {
        entry.hash = plus(entry.hash, value(entry.row as usize));
    }
}

impl Key {
    #[inline(always)]
    fn word(&self, word: u64) -> u128 {
        let half = |half: usize| fold(word ^ self.add[half], self.multiply[half]);
        join(half(0), half(1))
    }

    #[inline(always)]
    fn words(&self, length: usize, words: impl Iterator<Item = u64>) -> u128 {
        let mut halves = self.add.map(|add| add ^ length as u64);
        for word in words {
            for (half, multiply) in halves.iter_mut().zip(self.multiply) {
                *half = fold(*half ^ word, multiply);
            }
        }
        join(halves[0], halves[1])
    }

    /// The hash of a text; 0 if it is empty. Words overlap where it is no whole number of them, and the
    /// length tells by how much.
    #[inline(always)]
    fn text(&self, bytes: &[u8]) -> u128 {
        let length = bytes.len();
        match (bytes, bytes.first_chunk(), bytes.last_chunk()) {
            ([], ..) => 0,
            ([first, .., last], None, _) | ([first @ last], None, _) => {
                let middle = bytes[length / 2];
                self.words(length, [u64::from(*first) | u64::from(middle) << 8 | u64::from(*last) << 16].into_iter())
            }
            (_, Some(first), Some(last)) if length < 8 => {
                let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
                self.words(length, [u64::from(first) | u64::from(last) << 32].into_iter())
            }
            _ => {
                let whole = bytes[..length - 1].chunks_exact(8).map(word);
                self.words(length, whole.chain([word(&bytes[length - 8..])]))
            }
        }
    }
}

fn word(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes.try_into().expect("eight bytes"))
}

fn join(high: u64, low: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// The sum of both halves, each for itself.
#[inline(always)]
fn plus(a: u128, b: u128) -> u128 {
    join(((a >> 64) as u64).wrapping_add((b >> 64) as u64), (a as u64).wrapping_add(b as u64))
}

/// Folded multiplication: both halves of the product, so that no difference is lost at its ends.
#[inline(always)]
fn fold(word: u64, by: u64) -> u64 {
    let product = u128::from(word) * u128::from(by);
    product as u64 ^ (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn halves(hash: u128) -> [u64; 2] {
        [(hash >> 64) as u64, hash as u64]
    }

    proptest! {
        #[test]
        fn each_half_tells_texts_apart(one in "[ab-]{1,40}", place in any::<prop::sample::Index>(), byte in b'a'..b'd', cut in 0usize..40) {
            let key = Seeds::default().key("a-field");
            let mut other = one.clone().into_bytes();
            *place.get_mut(&mut other[..]) = byte;
            let differ = |other: &[u8]| halves(key.text(one.as_bytes())).iter().zip(halves(key.text(other))).all(|(a, b)| *a != b);
            prop_assert_eq!(differ(&other), other != one.as_bytes());
            let part = &one.as_bytes()[..cut.min(one.len())];
            prop_assert_eq!(differ(part), part.len() < one.len());
            let doubled = [one.as_bytes(), one.as_bytes()].concat();
            prop_assert!(differ(&doubled));
        }

        #[test]
        fn each_half_tells_numbers_and_fields_apart(one: u64, other: u64, bit in 0u32..64) {
            let seeds = Seeds::default();
            let (a, b) = (seeds.key("a"), seeds.key("b"));
            for other in [other, one ^ 1 << bit] {
                let sums = |x: u64, y: u64| halves(plus(a.word(x), b.word(y)));
                let apart = sums(one, other).iter().zip(sums(other, one)).all(|(a, b)| *a != b);
                prop_assert_eq!(apart, one != other);
            }
        }
    }
}
