//! Keys as a few 64-bit words: every part takes as few bits as its type allows.
//!
//! There are two layouts of the same keys. In the narrow one all addresses are IPv4 and take 32
//! bits; the wide one has room for IPv6. A record's key goes into the narrow one if it can, so a key
//! never stands in both.

use super::key::{Key, Side};
use super::layout::{ABSENT, Allocator, Bits, PRESENT, Place, V4, V6};
use super::symbols::{BatchSymbols, NO_TEXT};
use super::table::OCCUPIED;
use crate::decode::{Batch, Column};
use crate::schema::{FieldName, Kind, Value};
use std::cmp::Ordering;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

/// How keys are packed into words.
#[derive(Clone, Debug)]
pub struct Codec {
    parts: Vec<Part>,
    words: usize,
}

#[derive(Clone, Debug)]
struct Part {
    source: Source,
    place: Place,
}

/// Where a part's value comes from; numbers are columns of the batch.
#[derive(Clone, Debug)]
enum Source {
    Ip {
        column: usize,
        v4: u8,
        v6: u8,
        network: bool,
    },
    /// An address or none: one bit more tells which.
    OptionalIp {
        column: usize,
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

impl Codec {
    /// Packs `keys`, whose fields are columns of the batch in the order of `fields`.
    pub fn new(keys: &[Key], fields: &[FieldName], wide: bool) -> Codec {
        let (parts, room) = Codec::place(keys, fields, wide);
        Codec { parts, words: room.words }
    }

    /// The same, with room for a number of `width` bits behind the keys.
    pub fn with_room(keys: &[Key], fields: &[FieldName], wide: bool, width: u32) -> (Codec, Bits) {
        let (parts, mut room) = Codec::place(keys, fields, wide);
        let bits = room.bits(width);
        (Codec { parts, words: room.words }, bits)
    }

    fn place(keys: &[Key], fields: &[FieldName], wide: bool) -> (Vec<Part>, Allocator) {
        let column = |name: &FieldName| fields.iter().position(|f| f == name).expect("the plan has every key's fields");
        let mut room = Allocator::new();
        let parts = keys.iter().map(|key| {
            let columns: Vec<usize> = key.fields().iter().map(column).collect();
            let source = Source::of(key, &columns);
            let place = match &source {
                Source::Ip { .. } | Source::OptionalIp { .. } if wide => {
                    Place::Wide { family: room.bits(2), high: room.bits(64).word, low: room.bits(64).word }
                }
                source => Place::Bits(room.bits(source.width())),
            };
            Part { source, place }
        });
        (parts.collect(), room)
    }

    /// How many values a key has.
    pub fn parts(&self) -> usize {
        self.parts.len()
    }

    /// The words of a key.
    pub fn words(&self) -> usize {
        self.words
    }

    /// Keeps the rows in which every part has a value, and returns how many are left out.
    pub fn retain_present(&self, batch: &Batch<'_>, rows: &mut Vec<u32>) -> usize {
        let before = rows.len();
        for part in &self.parts {
            part.source.retain_present(batch, rows);
        }
        before - rows.len()
    }

    /// Whether no record of a batch has a key, for want of a whole column.
    pub fn is_absent(&self, batch: &Batch<'_>) -> bool {
        self.parts.iter().any(|part| match &part.source {
            Source::Ip { column, .. } | Source::Number { column, .. } | Source::Text { column, otherwise: None } => {
                batch.columns[*column].is_none()
            }
            _ => false,
        })
    }

    /// Moves the rows whose key needs the wide layout out of `rows`.
    pub fn split_wide(&self, batch: &Batch<'_>, rows: &mut Vec<u32>) -> Vec<u32> {
        let columns = self.parts.iter().filter_map(|part| match part.source {
            Source::Ip { column, .. } | Source::OptionalIp { column } => {
                batch.columns[column].as_ip().filter(|ip| ip.not_v4 > 0)
            }
            _ => None,
        });
        let columns: Vec<_> = columns.collect();
        let mut wide = Vec::new();
        if !columns.is_empty() {
            rows.retain(|row| {
                let needs = columns.iter().any(|ip| ip.family[*row as usize] == 6);
                if needs {
                    wide.push(*row);
                }
                !needs
            });
        }
        wide
    }

    /// Packs the keys of `rows`, all of whose parts have a value and fit this layout.
    pub fn encode(&self, batch: &Batch<'_>, rows: &[u32], symbols: &mut BatchSymbols<'_>, out: &mut Vec<u64>) {
        out.clear();
        if self.words == 1 {
            out.resize(rows.len(), OCCUPIED);
        } else {
            out.resize(rows.len() * self.words, 0);
            out.chunks_exact_mut(self.words).for_each(|key| key[0] = OCCUPIED);
        }
        for part in &self.parts {
            part.encode(batch, rows, symbols, out, self.words);
        }
    }

    /// The values of a packed key.
    pub fn values(&self, key: &[u64], texts: &[Arc<[u8]>]) -> Vec<Value> {
        self.parts.iter().map(|part| part.value(key, texts)).collect()
    }

    /// The order of two packed keys by their values.
    pub fn compare(&self, a: &[u64], b: &[u64], texts: &[Arc<[u8]>]) -> Ordering {
        let order = |part: &Part| match (part.place, &part.source) {
            (Place::Bits(bits), Source::Text { .. }) => texts[bits.get(a) as usize].cmp(&texts[bits.get(b) as usize]),
            (Place::Bits(bits), _) => bits.get(a).cmp(&bits.get(b)),
            (Place::Wide { family, high, low }, _) => {
                (family.get(a), a[high], a[low]).cmp(&(family.get(b), b[high], b[low]))
            }
        };
        self.parts.iter().map(order).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The first words of a longer key that begins with the same parts, in this layout.
    pub fn prefix(&self, longer: &[u64]) -> Vec<u64> {
        let mut key = vec![0; self.words];
        key[0] = OCCUPIED;
        for part in &self.parts {
            match part.place {
                Place::Bits(bits) => key[bits.word] |= bits.get(longer) << bits.shift,
                Place::Wide { family, high, low } => {
                    key[family.word] |= family.get(longer) << family.shift;
                    key[high] = longer[high];
                    key[low] = longer[low];
                }
            }
        }
        key
    }

    /// A key of this wide layout in the narrow one, if it fits.
    pub fn narrow(&self, key: &[u64], narrow: &Codec) -> Option<Vec<u64>> {
        let mut out = vec![0; narrow.words];
        out[0] = OCCUPIED;
        for (part, to) in self.parts.iter().zip(&narrow.parts) {
            let Place::Bits(to) = to.place else { return None };
            let present = if let Source::OptionalIp { .. } = part.source { PRESENT } else { 0 };
            let value = match part.place {
                Place::Bits(bits) => bits.get(key),
                Place::Wide { family, low, .. } => match family.get(key) {
                    V4 => key[low] | present,
                    V6 => return None,
                    _ => 0,
                },
            };
            out[to.word] |= value << to.shift;
        }
        Some(out)
    }
}

impl Source {
    fn of(key: &Key, columns: &[usize]) -> Source {
        match key {
            Key::Network { v4, v6, .. } => Source::Ip { column: columns[0], v4: *v4, v6: *v6, network: true },
            Key::Optional(_) => Source::OptionalIp { column: columns[0] },
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

    fn width(&self) -> u32 {
        match self {
            Source::Ip { .. } | Source::Text { .. } => 32,
            Source::OptionalIp { .. } => 33,
            Source::Number { kind: Kind::Port, .. } | Source::Port { .. } => 16,
            Source::Number { kind: Kind::Protocol, .. } => 8,
            Source::Direction { .. } => 2,
            Source::Bucket { seconds: 0, .. } => 1,
            Source::Bucket { seconds, .. } => u64::BITS - seconds.ilog2(),
            Source::Number { .. } | Source::Duration { .. } | Source::BytesPerPacket { .. } => 64,
        }
    }

    fn retain_present(&self, batch: &Batch<'_>, rows: &mut Vec<u32>) {
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
            Source::Direction { .. } | Source::OptionalIp { .. } => {}
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
        Side::Service => side.choose(number(columns[0]), number(columns[1]), number(columns[2]).unwrap_or(0)),
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
    fn encode(&self, batch: &Batch<'_>, rows: &[u32], symbols: &mut BatchSymbols<'_>, out: &mut [u64], words: usize) {
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
            (Source::OptionalIp { column }, Place::Bits(bits)) => {
                let Some(ip) = batch.columns[*column].as_ip() else { return };
                put(
                    bits,
                    rows,
                    out,
                    words,
                    |row| if ip.family[row] == 4 { PRESENT | u64::from(ip.v4[row]) } else { 0 },
                );
            }
            (Source::OptionalIp { column }, Place::Wide { family, high, low }) => {
                let Some(ip) = batch.columns[*column].as_ip() else { return };
                for (row, key) in rows.iter().zip(out.chunks_exact_mut(words)) {
                    let row = *row as usize;
                    let (kind, address) = match ip.family[row] {
                        4 => (V4, ip.v4[row].into()),
                        6 => (V6, ip.v6_of(row)),
                        _ => (ABSENT, 0),
                    };
                    key[family.word] |= kind << family.shift;
                    key[high] = (address >> 64) as u64;
                    key[low] = address as u64;
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
                put(bits, rows, out, words, |row| end.values[row] - start.values[row]);
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

    fn value(&self, key: &[u64], texts: &[Arc<[u8]>]) -> Value {
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
            Source::OptionalIp { .. } => match self.place {
                Place::Bits(_) if bits & PRESENT == 0 => Value::None,
                Place::Wide { family, .. } if family.get(key) == ABSENT => Value::None,
                Place::Wide { family, high, low } if family.get(key) == V6 => Value::Ip(v6_in(key, high, low)),
                _ => Value::Ip(Ipv4Addr::from(bits as u32).into()),
            },
            Source::Number { kind: Kind::Protocol, as_number: false, .. } => Value::Protocol(bits as u8),
            Source::Number { kind: Kind::Time, .. } => Value::Time(bits),
            Source::Bucket { seconds, .. } => Value::Time(bits * seconds),
            Source::Number { .. } | Source::Duration { .. } | Source::BytesPerPacket { .. } => Value::Int(bits.into()),
            Source::Port { .. } | Source::Direction { .. } => Value::Int(bits.into()),
            Source::Text { .. } => Value::Text(texts[bits as usize].to_vec()),
        }
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
    use crate::schema::Field;

    fn codec(keys: &[Key], wide: bool) -> Codec {
        let fields: Vec<FieldName> = keys.iter().flat_map(Key::fields).collect();
        Codec::new(keys, &fields, wide)
    }

    #[test]
    fn common_keys_are_short() {
        let keys = |names: &str| -> Vec<Key> { names.split(',').map(|n| Key::parse(n).unwrap()).collect() };
        assert_eq!(codec(&keys("src-ip"), false).words(), 1);
        assert_eq!(codec(&keys("src-ip,dst-port,protocol"), false).words(), 1);
        assert_eq!(codec(&keys("src-ip,dst-ip,dst-port,protocol"), false).words(), 2);
        assert_eq!(codec(&keys("src-ip"), true).words(), 3);
        assert_eq!(codec(&[], false).words(), 1);
    }

    #[test]
    fn wide_keys_of_ipv4_become_narrow_and_longer_keys_shorter() {
        let keys = [Key::from(Field::SrcIp), Key::from(Field::DstPort)];
        let (wide, narrow) = (codec(&keys, true), codec(&keys, false));
        let mut key = vec![0; wide.words()];
        key[0] = OCCUPIED;
        let [Place::Wide { low, family, .. }, Place::Bits(port)] = [wide.parts[0].place, wide.parts[1].place] else {
            panic!("an address and a port")
        };
        key[low] = 0x0a00_0001;
        key[port.word] |= 443 << port.shift;
        let short = wide.narrow(&key, &narrow).unwrap();
        assert_eq!(narrow.values(&short, &[]), wide.values(&key, &[]));
        assert_eq!(narrow.values(&short, &[]), [Value::Ip("10.0.0.1".parse().unwrap()), Value::Int(443)]);
        let one = codec(&keys[..1], true);
        assert_eq!(one.values(&one.prefix(&key), &[]), [Value::Ip("10.0.0.1".parse().unwrap())]);
        key[family.word] |= 1 << family.shift;
        assert_eq!(wide.narrow(&key, &narrow), None);
        assert_eq!(wide.values(&key, &[])[0], Value::Ip("::a00:1".parse().unwrap()));
    }

    #[test]
    fn buckets_take_few_bits_and_hold_every_time() {
        for (seconds, words) in [(0, 1), (1, 2), (2, 1), (60, 1), (86400, 1), (u64::MAX, 1)] {
            let codec = codec(&[Key::Bucket { field: Field::Start.into(), seconds }], false);
            assert_eq!(codec.words(), words, "{seconds}");
            let Place::Bits(bits) = codec.parts[0].place else { panic!("a number") };
            let last = u64::MAX.checked_div(seconds).unwrap_or(0);
            let mut key = vec![0; words];
            key[bits.word] = last << bits.shift;
            assert_eq!(codec.values(&key, &[]), [Value::Time(last * seconds)]);
        }
    }

    #[test]
    fn masks() {
        assert_eq!(mask(32, 24) as u32, 0xffff_ff00);
        assert_eq!((mask(32, 0), mask(32, 32) as u32), (0, u32::MAX));
        assert_eq!(mask(128, 64), u128::from(u64::MAX) << 64);
        assert_eq!((mask(128, 128), mask(128, 0)), (u128::MAX, 0));
    }
}
