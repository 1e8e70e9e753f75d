//! A filter at work: for each record of a batch, whether it matches, one column at a time.

use super::predicate::{Predicate, Set, Texts};
use super::ranges::Ranges;
use crate::decode::{Batch, Column, Cpu, TextColumn, Work, dispatch};
use crate::query::Key;
use crate::query::key::number_of;
use crate::schema::{FieldName, listed};
use foldhash::fast::RandomState;
use std::borrow::Cow;
use std::collections::HashSet;

/// A filter whose fields are columns of a batch.
pub struct Mask {
    root: Node,
    rows: Vec<bool>,
}

enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    Is { key: Key, columns: Vec<usize>, probe: Probe },
}

/// A set, in the shape that is fastest to look into.
enum Probe {
    Present,
    Numbers(Numbers),
    Addresses { v4: V4, v6: Ranges<u128> },
    Short(Short),
    Text { text: Box<[u8]>, outside: bool },
    Texts { listed: HashSet<Box<[u8]>, RandomState>, texts: Texts },
    Flags(u64),
}

enum Numbers {
    /// From the first to the last; or, outside, all others.
    One {
        first: u64,
        last: u64,
        outside: bool,
    },
    /// Numbers below 65536, a bit each.
    Bits(Box<[u64; 1024]>),
    Many(Ranges<u64>),
}

/// IPv4 addresses.
enum V4 {
    One(u32, u32),
    Few(Vec<(u32, u32)>),
    /// For every upper half of an address, the ranges that may hold it.
    Many {
        ranges: Ranges<u32>,
        starts: Vec<u32>,
    },
}

/// As many ranges are tried one after another.
const FEW: usize = 8;

impl Mask {
    /// Binds a filter to columns that hold `fields`.
    pub fn new(filter: &Predicate<Key>, fields: &[FieldName]) -> Mask {
        Mask { root: Node::new(filter, fields), rows: Vec::new() }
    }

    /// Whether each record of a batch matches.
    pub fn of(&mut self, batch: &Batch<'_>) -> &[bool] {
        self.rows.clear();
        self.rows.resize(batch.rows(), true);
        self.root.fill(batch, &mut self.rows);
        &self.rows
    }
}

impl Node {
    fn new(predicate: &Predicate<Key>, fields: &[FieldName]) -> Node {
        let all = |parts: &[Predicate<Key>]| parts.iter().map(|part| Node::new(part, fields)).collect();
        let column = |name: &FieldName| fields.iter().position(|f| f == name).expect("the plan has every field");
        match predicate {
            Predicate::All(parts) => Node::All(all(parts)),
            Predicate::Any(parts) => Node::Any(all(parts)),
            Predicate::Not(inner) => Node::Not(Box::new(Node::new(inner, fields))),
            Predicate::Is(key, set) => Node::Is {
                columns: key.fields().iter().map(column).collect(),
                probe: Probe::new(set),
                key: key.clone(),
            },
        }
    }

    fn fill(&self, batch: &Batch<'_>, out: &mut [bool]) {
        match self {
            Node::All(parts) => {
                out.fill(true);
                combine(parts, batch, out, |all, part| *all &= part, |row| row);
            }
            Node::Any(parts) => {
                out.fill(false);
                combine(parts, batch, out, |any, part| *any |= part, |row| !row);
            }
            Node::Not(inner) => {
                inner.fill(batch, out);
                out.iter_mut().for_each(|row| *row = !*row);
            }
            Node::Is { key, columns, probe } => probe.fill(key, columns, batch, out),
        }
    }
}

/// Fills in part after part, as long as a row is `open`: its outcome can still change.
#[inline(always)]
fn combine(
    parts: &[Node],
    batch: &Batch<'_>,
    out: &mut [bool],
    put: impl Fn(&mut bool, bool),
    open: impl Fn(bool) -> bool,
) {
    let mut rows = vec![false; out.len()];
    for (i, part) in parts.iter().enumerate() {
        if i > 0 && !out.iter().any(|row| open(*row)) {
            return;
        }
        part.fill(batch, &mut rows);
        out.iter_mut().zip(&rows).for_each(|(all, row)| put(all, *row));
    }
}

impl Probe {
    fn new(set: &Set) -> Probe {
        match set {
            Set::Present => Probe::Present,
            Set::Flags(bits) => Probe::Flags(*bits),
            Set::Numbers(ranges) => Probe::Numbers(Numbers::new(ranges)),
            Set::Addresses { v4, v6 } => Probe::Addresses { v4: V4::new(v4), v6: v6.clone() },
            Set::Texts(texts) if texts.patterns.is_empty() && texts.listed.len() == 1 => {
                let text = texts.listed.iter().next().cloned().unwrap_or_default();
                match Short::new(&text, true, texts.outside) {
                    Some(short) => Probe::Short(short),
                    None => Probe::Text { text, outside: texts.outside },
                }
            }
            Set::Texts(texts) if texts.listed.is_empty() && texts.patterns.len() == 1 => {
                let short = texts.patterns[0].prefix().and_then(|prefix| Short::new(prefix, false, texts.outside));
                short.map_or_else(|| Probe::texts_of(texts), Probe::Short)
            }
            Set::Texts(texts) => Probe::texts_of(texts),
        }
    }

    fn texts_of(texts: &Texts) -> Probe {
        let patterns = Texts { listed: Default::default(), ..texts.clone() };
        Probe::Texts { listed: texts.listed.iter().cloned().collect(), texts: patterns }
    }

    fn fill(&self, key: &Key, columns: &[usize], batch: &Batch<'_>, out: &mut [bool]) {
        match (key, &batch.columns[columns[0]]) {
            (Key::Field(_) | Key::ProtocolNumber, Column::Number(numbers)) => {
                if let Probe::Numbers(Numbers::One { first, last, outside }) = self {
                    let present = (numbers.missing > 0).then_some(&numbers.present[..]);
                    let values = &numbers.values[..];
                    return dispatch(Within { values, present, first: *first, last: *last, outside: *outside, out });
                }
                let values = numbers.values.iter();
                match numbers.missing {
                    0 => self.numbers(values.map(|value| (*value, true)), out),
                    _ => self.numbers(values.zip(&numbers.present).map(|(value, present)| (*value, *present)), out),
                }
            }
            (_, Column::Number(_)) => {
                let value = |row| number_of(key, columns, batch, row);
                self.numbers((0..batch.rows()).map(|row| value(row).map_or((0, false), |value| (value, true))), out);
            }
            (_, Column::Ip(ip)) if ip.not_v4 == 0 => self.v4(&ip.v4, out),
            (_, Column::Ip(ip)) => {
                for (row, out) in out.iter_mut().enumerate() {
                    *out = match (self, ip.family[row]) {
                        (_, 0) => false,
                        (Probe::Addresses { v4, .. }, 4) => v4.contains(ip.v4[row]),
                        (Probe::Addresses { v6, .. }, _) => v6.contains(ip.v6_of(row)),
                        _ => true,
                    };
                }
            }
            (Key::Field(name), Column::Text(text)) if name.is_list() => {
                let rows = (0..batch.rows()).map(|row| text.bytes(row, batch.text));
                out.iter_mut().zip(rows).for_each(|(out, list)| *out = self.list(list));
            }
            (_, Column::Text(text)) => {
                if let Probe::Short(short) = self {
                    return short.fill(text, batch.text, out);
                }
                let rows = (0..batch.rows()).map(|row| text.bytes(row, batch.text));
                self.texts(rows, out);
            }
        }
    }

    fn v4(&self, addresses: &[u32], out: &mut [bool]) {
        match self {
            Probe::Addresses { v4: V4::One(first, last), .. } => {
                dispatch(Within { values: addresses, present: None, first: *first, last: *last, outside: false, out });
            }
            Probe::Addresses { v4, .. } => {
                out.iter_mut().zip(addresses).for_each(|(out, address)| *out = v4.contains(*address))
            }
            _ => out.fill(true),
        }
    }

    #[inline(always)]
    fn numbers(&self, values: impl Iterator<Item = (u64, bool)>, out: &mut [bool]) {
        let rows = out.iter_mut().zip(values);
        match self {
            Probe::Numbers(Numbers::One { first, last, outside }) => {
                rows.for_each(|(out, (value, present))| {
                    *out = present & ((*first..=*last).contains(&value) != *outside)
                });
            }
            Probe::Numbers(Numbers::Bits(bits)) => {
                let bit = |value: u64| value < 1 << 16 && bits[value as usize >> 6] >> (value & 63) & 1 != 0;
                rows.for_each(|(out, (value, present))| *out = present & bit(value));
            }
            Probe::Numbers(Numbers::Many(ranges)) => {
                rows.for_each(|(out, (value, present))| *out = present && ranges.contains(value));
            }
            Probe::Flags(bits) => rows.for_each(|(out, (value, present))| *out = present & (value & bits == *bits)),
            _ => rows.for_each(|(out, (_, present))| *out = present),
        }
    }

    /// Whether a value of a list is it; where all others are, whether none is another.
    fn list(&self, list: &[u8]) -> bool {
        let mut values = list.split(|byte| *byte == b',').map(listed);
        let outside = match self {
            Probe::Short(short) => short.outside,
            Probe::Text { outside, .. } => *outside,
            Probe::Texts { texts, .. } => texts.outside,
            _ => false,
        };
        let is_it = |value: Cow<'_, [u8]>| {
            let mut out = [false];
            match self {
                Probe::Short(short) => out[0] = short.takes(&value),
                _ => self.texts([&*value].into_iter(), &mut out),
            }
            out[0]
        };
        if outside { values.all(is_it) } else { values.any(is_it) }
    }

    #[inline(always)]
    fn texts<'t>(&self, values: impl Iterator<Item = &'t [u8]>, out: &mut [bool]) {
        let rows = out.iter_mut().zip(values);
        match self {
            Probe::Text { text, outside } => {
                rows.for_each(|(out, value)| *out = !value.is_empty() & ((value == &**text) != *outside));
            }
            Probe::Texts { listed, texts } => rows.for_each(|(out, value)| {
                *out = !value.is_empty() && if listed.contains(value) { !texts.outside } else { texts.contains(value) };
            }),
            _ => rows.for_each(|(out, value)| *out = !value.is_empty()),
        }
    }
}

/// Looks which values lie from the first to the last, or outside.
struct Within<'a, T> {
    values: &'a [T],
    /// `None` where every row has a value.
    present: Option<&'a [bool]>,
    first: T,
    last: T,
    outside: bool,
    out: &'a mut [bool],
}

impl<T: Copy + PartialOrd> Work for Within<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self, _: impl Cpu) {
        let Within { values, present, first, last, outside, out } = self;
        for (out, value) in out.iter_mut().zip(values) {
            *out = ((first <= *value) & (*value <= last)) != outside;
        }
        if let Some(present) = present {
            out.iter_mut().zip(present).for_each(|(out, present)| *out &= present);
        }
    }
}

/// A text, or the beginning of one, of up to eight bytes: compared at once, as a number.
struct Short {
    word: u64,
    mask: u64,
    length: usize,
    exact: bool,
    outside: bool,
}

impl Short {
    fn new(text: &[u8], exact: bool, outside: bool) -> Option<Short> {
        let length = text.len();
        (1..=8).contains(&length).then(|| Short {
            word: Short::word(text),
            mask: u64::MAX >> (64 - 8 * length),
            length,
            exact,
            outside,
        })
    }

    /// The first eight bytes of a text.
    fn word(text: &[u8]) -> u64 {
        let mut bytes = [0; 8];
        let length = text.len().min(8);
        bytes[..length].copy_from_slice(&text[..length]);
        u64::from_le_bytes(bytes)
    }

    /// Whether a text is it.
    fn takes(&self, text: &[u8]) -> bool {
        let long_enough = if self.exact { text.len() == self.length } else { text.len() >= self.length };
        !text.is_empty() && (long_enough && Short::word(text) & self.mask == self.word) != self.outside
    }

    fn fill(&self, column: &TextColumn, text: &[u8], out: &mut [bool]) {
        for (row, (out, (start, end))) in out.iter_mut().zip(&column.spans).enumerate() {
            let length = (end - start) as usize;
            // What stands behind a value is masked out.
            let word = match text[(*start as usize).min(text.len())..].first_chunk() {
                Some(bytes) => u64::from_le_bytes(*bytes),
                None => Short::word(column.bytes(row, text)),
            };
            let long_enough = if self.exact { length == self.length } else { length >= self.length };
            let same = long_enough & (word & self.mask == self.word);
            *out = (length > 0) & (same != self.outside);
        }
    }
}

impl Numbers {
    fn new(ranges: &Ranges<i128>) -> Numbers {
        let within = |n: i128| n.clamp(0, u64::MAX.into()) as u64;
        let inside = ranges.all().iter().filter(|(first, last)| *last >= 0 && *first <= u64::MAX.into());
        let ranges: Vec<(u64, u64)> = inside.map(|(first, last)| (within(*first), within(*last))).collect();
        match ranges[..] {
            [(first, last)] => Numbers::One { first, last, outside: false },
            // All but a few in a row, as `!=` has it.
            [(0, before), (after, u64::MAX)] => Numbers::One { first: before + 1, last: after - 1, outside: true },
            _ if ranges.last().is_some_and(|(_, last)| *last < 1 << 16) => {
                let mut bits = Box::new([0u64; 1024]);
                for number in ranges.into_iter().flat_map(|(first, last)| first..=last) {
                    bits[number as usize >> 6] |= 1 << (number & 63);
                }
                Numbers::Bits(bits)
            }
            _ => Numbers::Many(Ranges::of(ranges)),
        }
    }
}

impl V4 {
    fn new(ranges: &Ranges<u32>) -> V4 {
        match ranges.all() {
            [(first, last)] => return V4::One(*first, *last),
            few if few.len() <= FEW => return V4::Few(few.to_vec()),
            _ => {}
        }
        let first_from = |address: u64| ranges.all().partition_point(|(_, last)| u64::from(*last) < address) as u32;
        let starts = (0..=1u64 << 16).map(|half| first_from(half << 16)).collect();
        V4::Many { ranges: ranges.clone(), starts }
    }

    #[inline(always)]
    fn contains(&self, address: u32) -> bool {
        match self {
            V4::One(first, last) => (*first..=*last).contains(&address),
            V4::Few(ranges) => ranges.iter().any(|(first, last)| (*first..=*last).contains(&address)),
            V4::Many { ranges, starts } => {
                let half = (address >> 16) as usize;
                let (from, to) = (starts[half] as usize, starts[half + 1] as usize);
                // The range that begins in this half may end in a later one.
                let near = &ranges.all()[from..(to + 1).min(ranges.all().len())];
                let after = near.partition_point(|(first, _)| *first <= address);
                after > 0 && address <= near[after - 1].1
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_what_they_are_wherever_they_stand() {
        let texts = ["REJECT", "REJECTED", "REJECTEDxy", "ACCEPT", "R", "", "REJ", "reject"];
        let joined = texts.concat();
        let mut spans = Vec::new();
        for text in texts {
            let start = spans.last().map_or(0, |(_, end)| *end);
            spans.push((start, start + text.len() as u32));
        }
        let column = TextColumn { spans, ..TextColumn::default() };
        for needle in ["REJECT", "REJECTED", "R", "reject", "x"] {
            for (exact, outside) in [(true, false), (true, true), (false, false), (false, true)] {
                let short = Short::new(needle.as_bytes(), exact, outside).expect("a short text");
                let mut out = vec![false; texts.len()];
                short.fill(&column, joined.as_bytes(), &mut out);
                let same = |text: &str| if exact { text == needle } else { text.starts_with(needle) };
                let expected = texts.map(|text| !text.is_empty() && same(text) != outside);
                assert_eq!(out, expected, "{needle} {exact} {outside}");
            }
        }
        assert!(Short::new(b"", true, false).is_none() && Short::new(b"123456789", true, false).is_none());
    }
}
