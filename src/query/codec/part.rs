//! The parts of a key: where their values come from, and how they are put in its words.

use super::super::key::{Key, Side};
use super::super::layout::{Bits, Place, V4, V6};
use super::super::symbols::{BatchSymbols, NO_TEXT};
use crate::decode::{Batch, Column};
use crate::schema::{Kind, Value};
use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// One of the values that make up a key.
#[derive(Clone, Debug)]
pub struct Part {
    pub source: Source,
    pub place: Place,
    /// The bit that tells whether there is a value, where there may be none.
    pub present: Option<Bits>,
}

/// Where a part's value comes from; numbers are columns of the batch.
#[derive(Clone, Debug)]
pub enum Source {
    Ip {
        column: usize,
        v4: u8,
        v6: u8,
        network: bool,
    },
    Number {
        column: usize,
        kind: Kind,
        as_number: bool,
    },
    Text {
        column: usize,
        otherwise: Option<usize>,
    },
    Duration {
        start: usize,
        end: usize,
    },
    BytesPerPacket {
        bytes: usize,
        packets: usize,
    },
    /// Only the columns that the side needs.
    Port {
        side: Side,
        bin: u32,
        columns: Vec<usize>,
    },
    Direction {
        column: usize,
    },
    /// Kept as the number of the bucket; 0 seconds are all of time.
    Bucket {
        column: usize,
        seconds: u64,
    },
}

impl Source {
    pub fn of(key: &Key, columns: &[usize]) -> Source {
        match key {
            Key::Network { v4, v6, .. } => Source::Ip { column: columns[0], v4: *v4, v6: *v6, network: true },
            Key::Optional(key) => Source::of(key, columns),
            Key::ProtocolNumber => Source::Number { column: columns[0], kind: Kind::Protocol, as_number: true },
            Key::Duration => Source::Duration { start: columns[0], end: columns[1] },
            Key::BytesPerPacket => Source::BytesPerPacket { bytes: columns[0], packets: columns[1] },
            Key::FirstOf(..) => Source::Text { column: columns[0], otherwise: Some(columns[1]) },
            Key::Port { side, bin } => Source::Port { side: *side, bin: *bin, columns: columns.to_vec() },
            Key::Direction => Source::Direction { column: columns[0] },
            Key::Bucket { seconds, .. } => Source::Bucket { column: columns[0], seconds: *seconds },
            Key::Field(name) => match name.kind() {
                Kind::Ip => Source::Ip { column: columns[0], v4: 32, v6: 128, network: false },
                Kind::Text => Source::Text { column: columns[0], otherwise: None },
                kind => Source::Number { column: columns[0], kind, as_number: false },
            },
        }
    }

    pub fn width(&self) -> u32 {
        match self {
            Source::Ip { .. } | Source::Text { .. } => 32,
            Source::Number { kind: Kind::Port, .. } | Source::Port { .. } => 16,
            Source::Number { kind: Kind::Protocol, .. } => 8,
            Source::Direction { .. } => 2,
            Source::Bucket { seconds: 0, .. } => 1,
            Source::Bucket { seconds, .. } => u64::BITS - seconds.ilog2(),
            Source::Number { .. } | Source::Duration { .. } | Source::BytesPerPacket { .. } => 64,
        }
    }

    pub fn retain_present(&self, batch: &Batch<'_>, rows: &mut Vec<u32>) {
        let columns = batch.columns;
        match self {
            Source::Ip { column, .. } => {
                if let Some(ip) = columns[*column].as_ip().filter(|ip| ip.not_v4 > 0) {
                    rows.retain(|row| ip.family[*row as usize] != 0);
                }
            }
            Source::Number { column, .. } | Source::Bucket { column, .. } => retain_numbers(&columns[*column], rows),
            Source::Port { side, columns: ports, .. } => {
                rows.retain(|row| port(*side, ports, batch, *row as usize).is_some());
            }
            Source::Direction { .. } => {}
            Source::Duration { start, end } => {
                retain_numbers(&columns[*start], rows);
                retain_numbers(&columns[*end], rows);
                if let (Some(start), Some(end)) = (columns[*start].as_number(), columns[*end].as_number()) {
                    rows.retain(|row| end.values[*row as usize] >= start.values[*row as usize]);
                }
            }
            Source::BytesPerPacket { bytes, packets } => {
                retain_numbers(&columns[*bytes], rows);
                if let Some(packets) = columns[*packets].as_number() {
                    rows.retain(|row| packets.values[*row as usize] > 0);
                }
            }
            Source::Text { column, otherwise } => {
                let texts: Vec<_> = [Some(column), otherwise.as_ref()].into_iter().flatten().collect();
                let texts: Vec<_> = texts.iter().filter_map(|c| columns[**c].as_text()).collect();
                if texts.iter().all(|text| text.missing > 0) {
                    rows.retain(|row| texts.iter().any(|text| has_text(text.spans[*row as usize])));
                }
            }
        }
    }
}

/// The port of a row on one side.
fn port(side: Side, columns: &[usize], batch: &Batch<'_>, row: usize) -> Option<u64> {
    let number = |column: usize| {
        let numbers = batch.columns[column].as_number()?;
        numbers.present[row].then(|| numbers.values[row])
    };
    match side {
        Side::Source | Side::Destination => number(columns[0]),
        Side::Service | Side::NamedService => {
            side.choose(number(columns[0]), number(columns[1]), number(columns[2]).unwrap_or(0))
        }
    }
}

fn has_text(span: (u32, u32)) -> bool {
    span.0 != span.1
}

fn retain_numbers(column: &Column, rows: &mut Vec<u32>) {
    if let Some(numbers) = column.as_number().filter(|numbers| numbers.missing > 0) {
        rows.retain(|row| numbers.present[*row as usize]);
    }
}

/// The bits of an address that its network keeps.
fn mask(width: u32, length: u8) -> u128 {
    match length {
        0 => 0,
        _ => u128::MAX >> (128 - width) & u128::MAX << (width - u32::from(length)),
    }
}

impl Part {
    /// Puts the values of some rows in their place of keys of so many words each.
    pub fn encode(
        &self,
        batch: &Batch<'_>,
        rows: &[u32],
        symbols: &mut BatchSymbols<'_>,
        out: &mut [u64],
        words: usize,
    ) {
        self.encode_all(batch, rows, symbols, out, words);
        let Some(bit) = self.present else { return };
        let mut present = rows.to_vec();
        self.source.retain_present(batch, &mut present);
        let mut present = present.into_iter().peekable();
        for (row, key) in rows.iter().zip(out.chunks_exact_mut(words)) {
            match present.next_if_eq(row) {
                Some(_) => bit.set(key, 1),
                None => self.place.clear(key),
            }
        }
    }

    /// The same, whatever stands where there is no value.
    fn encode_all(
        &self,
        batch: &Batch<'_>,
        rows: &[u32],
        symbols: &mut BatchSymbols<'_>,
        out: &mut [u64],
        words: usize,
    ) {
        match (&self.source, self.place) {
            (Source::Ip { column, v4, v6, .. }, place) => {
                let Some(ip) = batch.columns[*column].as_ip() else { return };
                let v4_mask = mask(32, *v4) as u32;
                match place {
                    Place::Bits(bits) => put(bits, rows, out, words, |row| u64::from(ip.v4[row] & v4_mask)),
                    Place::Wide { family, high, low } => {
                        let v6_mask = mask(128, *v6);
                        for (row, key) in rows.iter().zip(out.chunks_exact_mut(words)) {
                            let row = *row as usize;
                            let is_v6 = ip.family[row] == 6;
                            let address = if is_v6 { ip.v6_of(row) & v6_mask } else { (ip.v4[row] & v4_mask).into() };
                            key[family.word] |= if is_v6 { V6 } else { V4 } << family.shift;
                            key[high] = (address >> 64) as u64;
                            key[low] = address as u64;
                        }
                    }
                }
            }
            (Source::Number { column, .. }, Place::Bits(bits)) => {
                let Some(numbers) = batch.columns[*column].as_number() else { return };
                put(bits, rows, out, words, |row| numbers.values[row]);
            }
            (Source::Duration { start, end }, Place::Bits(bits)) => {
                let (Some(start), Some(end)) = (batch.columns[*start].as_number(), batch.columns[*end].as_number())
                else {
                    return;
                };
                put(bits, rows, out, words, |row| end.values[row].wrapping_sub(start.values[row]));
            }
            (Source::BytesPerPacket { bytes, packets }, Place::Bits(bits)) => {
                let columns = [bytes, packets].map(|column| batch.columns[*column].as_number());
                let [Some(bytes), Some(packets)] = columns else { return };
                put(bits, rows, out, words, |row| bytes.values[row] / packets.values[row].max(1));
            }
            (Source::Port { side, bin, columns }, Place::Bits(bits)) => {
                put(bits, rows, out, words, |row| port(*side, columns, batch, row).unwrap_or(0) / u64::from(*bin));
            }
            (Source::Bucket { column, seconds }, Place::Bits(bits)) => {
                let Some(times) = batch.columns[*column].as_number() else { return };
                put(bits, rows, out, words, |row| times.values[row].checked_div(*seconds).unwrap_or(0));
            }
            (Source::Direction { column }, Place::Bits(bits)) => {
                let Some(text) = batch.columns[*column].as_text() else { return };
                put(bits, rows, out, words, |row| match text.bytes(row, batch.text) {
                    b"ingress" => 1,
                    b"egress" => 2,
                    _ => 0,
                });
            }
            (Source::Text { column, otherwise }, Place::Bits(bits)) => {
                symbols.make(batch, *column);
                if let Some(other) = otherwise {
                    symbols.make(batch, *other);
                }
                let numbers = &symbols.numbers;
                put(bits, rows, out, words, |row| {
                    let first = numbers[*column][row];
                    u64::from(if first == NO_TEXT { otherwise.map_or(first, |c| numbers[c][row]) } else { first })
                });
            }
            (_, Place::Wide { .. }) => unreachable!("only addresses are placed wide"),
        }
    }

    pub fn value(&self, key: &[u64], texts: &[Arc<[u8]>]) -> Value {
        if self.is_absent(key) {
            return Value::None;
        }
        let bits = match self.place {
            Place::Bits(bits) => bits.get(key),
            Place::Wide { low, .. } => key[low],
        };
        match &self.source {
            Source::Ip { v4, v6, network, .. } => {
                let (address, length) = match self.place {
                    Place::Wide { family, high, low } if family.get(key) == V6 => (v6_in(key, high, low), *v6),
                    _ => (Ipv4Addr::from(bits as u32).into(), *v4),
                };
                if *network { Value::Network(address, length) } else { Value::Ip(address) }
            }
            Source::Number { kind: Kind::Protocol, as_number: false, .. } => Value::Protocol(bits as u8),
            Source::Number { kind: Kind::Time, .. } => Value::Time(bits),
            Source::Bucket { seconds, .. } => Value::Time(bits * seconds),
            Source::Number { .. } | Source::Duration { .. } | Source::BytesPerPacket { .. } => Value::Int(bits.into()),
            Source::Port { .. } | Source::Direction { .. } => Value::Int(bits.into()),
            Source::Text { .. } => Value::Text(texts[bits as usize].to_vec()),
        }
    }
}

impl Part {
    /// The order of the values in two keys; none comes first.
    pub fn compare(&self, a: &[u64], b: &[u64], texts: &[Arc<[u8]>]) -> Ordering {
        if self.is_absent(a) || self.is_absent(b) {
            return self.is_absent(b).cmp(&self.is_absent(a));
        }
        match (self.place, &self.source) {
            (Place::Bits(bits), Source::Text { .. }) => texts[bits.get(a) as usize].cmp(&texts[bits.get(b) as usize]),
            (Place::Bits(bits), _) => bits.get(a).cmp(&bits.get(b)),
            (Place::Wide { family, high, low }, _) => {
                (family.get(a), a[high], a[low]).cmp(&(family.get(b), b[high], b[low]))
            }
        }
    }

    fn is_absent(&self, key: &[u64]) -> bool {
        self.present.is_some_and(|bit| bit.get(key) == 0)
    }
}

fn v6_in(key: &[u64], high: usize, low: usize) -> IpAddr {
    Ipv6Addr::from(u128::from(key[high]) << 64 | u128::from(key[low])).into()
}

#[inline(always)]
fn put(bits: Bits, rows: &[u32], out: &mut [u64], words: usize, value: impl Fn(usize) -> u64) {
    for (row, key) in rows.iter().zip(out.chunks_exact_mut(words)) {
        key[bits.word] |= value(*row as usize) << bits.shift;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        assert_eq!(mask(32, 24) as u32, 0xffff_ff00);
        assert_eq!((mask(32, 0), mask(32, 32) as u32), (0, u32::MAX));
        assert_eq!(mask(128, 64), u128::from(u64::MAX) << 64);
        assert_eq!((mask(128, 128), mask(128, 0)), (u128::MAX, 0));
    }
}
