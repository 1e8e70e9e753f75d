//! One worker's columns: makes them batch by batch, beside those that were decoded.

use super::{Made, Maker};
use crate::decode::{self, Batch, NO_WORD, NumberColumn, TextColumn, prefetch};
use crate::schema::Kind;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// One worker's share of the enriching.
pub struct Enrich {
    made: Vec<Column>,
    /// The columns of the batch, but for those that others are only made from.
    columns: Vec<decode::Column>,
    /// No more columns are passed on than these.
    kept: usize,
}

/// A column that is made.
pub struct Column {
    /// Its number in the batch.
    number: usize,
    kind: Kind,
    maker: Maker,
    words: Words,
}

/// The different texts of a column, one behind the other.
#[derive(Default)]
pub struct Words {
    bytes: Vec<u8>,
    /// Where each word stands.
    spans: Vec<(u32, u32)>,
    numbers: HashMap<Box<[u8]>, u32, RandomState>,
}

impl Words {
    /// The value for a text; none if it is empty.
    pub fn word(&mut self, text: &[u8]) -> Made {
        if text.is_empty() {
            return Made::None;
        }
        if let Some(number) = self.numbers.get(text) {
            return Made::Word(*number);
        }
        let (start, number) = (self.bytes.len() as u32, self.spans.len() as u32);
        self.bytes.extend_from_slice(text);
        self.spans.push((start, self.bytes.len() as u32));
        self.numbers.insert(text.into(), number);
        Made::Word(number)
    }

    /// The values for some texts, in their order.
    pub fn all<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> Vec<Made> {
        texts.into_iter().map(|text| self.word(text.as_bytes())).collect()
    }
}

impl Column {
    pub fn new(number: usize, kind: Kind, maker: Maker, words: Words) -> Column {
        Column { number, kind, maker, words }
    }

    /// Makes the values of a batch; those that the log has itself stay.
    fn fill(&mut self, batch: &Batch<'_>, out: &mut decode::Column) {
        match (&batch.columns[self.number], out) {
            (decode::Column::Text(own), decode::Column::Text(out)) => self.texts(batch, own, out),
            (decode::Column::Number(own), decode::Column::Number(out)) => self.numbers(batch, own, out),
            (own, out) => out.copy_from(own),
        }
    }

    fn texts(&mut self, batch: &Batch<'_>, own: &TextColumn, out: &mut TextColumn) {
        let Column { maker, words, .. } = self;
        out.spans.clear();
        out.words.clear();
        out.missing = 0;
        for row in 0..batch.rows() {
            let (start, end) = own.spans[row];
            let made = match start == end {
                true => maker(batch, row, words),
                // The own value lies within the text, or it is given.
                false if end as usize <= batch.text.len() => {
                    out.spans.push((start, end));
                    out.words.push(NO_WORD);
                    continue;
                }
                false => words.word(own.bytes(row, batch.text)),
            };
            match made {
                Made::Word(word) => {
                    out.spans.push(TextColumn::beyond(batch.text, words.spans[word as usize]));
                    out.words.push(word);
                }
                _ => {
                    out.missing += 1;
                    out.spans.push((0, 0));
                    out.words.push(NO_WORD);
                }
            }
        }
        let known = out.given.len();
        out.given.extend_from_slice(&words.bytes[known..]);
    }

    fn numbers(&mut self, batch: &Batch<'_>, own: &NumberColumn, out: &mut NumberColumn) {
        out.values.clear();
        out.present.clear();
        for row in 0..batch.rows() {
            let number = match own.present[row] {
                true => Some(own.values[row]),
                false => match (self.maker)(batch, row, &mut self.words) {
                    Made::Number(number) => Some(number),
                    _ => None,
                },
            };
            out.values.push(number.unwrap_or(0));
            out.present.push(number.is_some());
        }
        out.missing = out.present.iter().filter(|present| !**present).count();
    }
}

impl Enrich {
    pub fn new(made: Vec<Column>, kept: usize) -> Enrich {
        let width = made.iter().map(|column| column.number + 1).max().unwrap_or(0);
        let mut columns: Vec<decode::Column> = (0..width).map(|_| decode::Column::of(Kind::Text)).collect();
        made.iter().for_each(|column| columns[column.number] = decode::Column::of(column.kind));
        Enrich { made, columns, kept }
    }

    /// The batch with the columns that are made.
    pub fn batch<'b>(&'b mut self, batch: &Batch<'b>) -> Batch<'b> {
        let Enrich { made, columns, kept } = self;
        let kept = &batch.columns[..batch.columns.len().min(*kept)];
        columns.resize_with(kept.len(), || decode::Column::of(Kind::Text));
        for (i, (column, decoded)) in columns.iter_mut().zip(kept).enumerate() {
            match made.iter_mut().find(|made| made.number == i) {
                Some(made) => made.fill(batch, column),
                None => column.copy_from(decoded),
            }
        }
        batch.with_columns(columns)
    }
}

/// So many pairs of addresses are remembered at first, and at the most: powers of two.
const FIRST: usize = 1 << 11;
const MOST: usize = 1 << 19;

/// What was found for the addresses that were met last.
#[derive(Default)]
pub struct Memo {
    v4: Slots<u32>,
    v6: Slots<u128>,
}

/// One place for all addresses that share some bits; the last two of them are remembered, the later one first.
struct Slots<A> {
    slots: Vec<[Slot<A>; 2]>,
    numbers: bool,
    /// How often something was not there.
    missed: usize,
}

/// An address, and what was found: a word, a number, `NOTHING`, or `EMPTY` where no address is.
type Slot<A> = (A, u32);

const NOTHING: u32 = u32::MAX;
const EMPTY: u32 = u32::MAX - 1;

impl<A> Default for Slots<A> {
    fn default() -> Slots<A> {
        Slots { slots: Vec::new(), numbers: false, missed: 0 }
    }
}

impl<A: Copy + Default + PartialEq> Slots<A> {
    /// Where an address whose bits, well mixed, are `mixed` has its place.
    #[inline]
    fn place(&self, mixed: u64) -> usize {
        (mixed >> 32) as usize & self.slots.len().wrapping_sub(1)
    }

    #[inline]
    fn get(&mut self, address: A, mixed: u64, find: impl FnOnce() -> Made) -> Made {
        let place = self.place(mixed);
        if let Some([first, second]) = self.slots.get_mut(place) {
            if second.0 == address && second.1 != EMPTY {
                std::mem::swap(first, second);
            }
            if first.0 == address && first.1 != EMPTY {
                return match first.1 {
                    NOTHING => Made::None,
                    found if self.numbers => Made::Number(found.into()),
                    found => Made::Word(found),
                };
            }
        }
        let made = find();
        self.keep(address, mixed, made);
        made
    }

    fn keep(&mut self, address: A, mixed: u64, made: Made) {
        self.missed += 1;
        if self.missed > 2 * self.slots.len() && self.slots.len() < MOST {
            // What was known has to be found again.
            let length = (4 * self.slots.len()).max(FIRST);
            self.slots = vec![[(A::default(), EMPTY); 2]; length];
            self.missed = 0;
        }
        let found = match made {
            Made::None => NOTHING,
            Made::Word(word) => word,
            Made::Number(number) => number.try_into().ok().filter(|n| *n < EMPTY).unwrap_or(EMPTY),
        };
        self.numbers |= matches!(made, Made::Number(_));
        let place = self.place(mixed);
        let [first, second] = &mut self.slots[place];
        (*second, *first) = (*first, (address, found));
    }
}

impl Memo {
    /// Is told that an address is asked for soon.
    #[inline]
    pub fn expect(&self, address: IpAddr) {
        // Of the others there are fewer.
        if let IpAddr::V4(v4) = address {
            prefetch(&self.v4.slots, self.v4.place(mixed(v4.to_bits().into())));
        }
    }

    #[inline]
    pub fn get(&mut self, address: IpAddr, find: impl FnOnce(IpAddr) -> Made) -> Made {
        match address {
            IpAddr::V4(v4) => self.v4.get(v4.to_bits(), mixed(v4.to_bits().into()), || find(address)),
            IpAddr::V6(v6) => {
                let bits = v6.to_bits();
                self.v6.get(bits, mixed((bits >> 64) as u64 ^ bits as u64), || find(address))
            }
        }
    }
}

#[inline]
fn mixed(bits: u64) -> u64 {
    bits.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_once_and_nothing_is_no_word() {
        let mut words = Words::default();
        let (first, second) = (words.word(b"eu"), words.word(b"us"));
        assert_eq!((first, second, words.word(b"eu")), (Made::Word(0), Made::Word(1), first));
        assert_eq!((words.word(b""), &words.bytes[..]), (Made::None, &b"euus"[..]));
    }

    #[test]
    fn what_is_remembered_is_that_of_the_address() {
        let mut memo = Memo::default();
        for round in 0..2u64 {
            for low in 0..2 * MOST as u64 + FIRST as u64 {
                let v4 = IpAddr::V4((low as u32).into());
                let v6 = IpAddr::V6(u128::from(low).into());
                let large = Made::Number(low << 20);
                assert_eq!(memo.get(v4, |_| large), large, "{round}");
                assert_eq!(memo.get(v6, |_| Made::Number(low + 1)), Made::Number(low + 1), "{round}");
            }
        }
    }
}
