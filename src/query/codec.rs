//! Keys as a few 64-bit words: every part takes as few bits as its type allows.
//!
//! There are two layouts of the same keys. In the narrow one all addresses are IPv4 and take 32
//! bits; the wide one has room for IPv6. A record's key goes into the narrow one if it can, so a key
//! never stands in both.

mod part;

use super::key::Key;
use super::layout::{Allocator, Bits, Place, V6};
use super::symbols::BatchSymbols;
use super::table::OCCUPIED;
use crate::decode::Batch;
use crate::schema::{FieldName, Value};
use part::{Part, Source};
use std::cmp::Ordering;
use std::sync::Arc;

/// How keys are packed into words.
#[derive(Clone, Debug)]
pub struct Codec {
    parts: Vec<Part>,
    words: usize,
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
                Source::Ip { .. } if wide => {
                    Place::Wide { family: room.bits(2), high: room.bits(64).word, low: room.bits(64).word }
                }
                source => Place::Bits(room.bits(source.width())),
            };
            let present = matches!(key, Key::Optional(_)).then(|| room.bits(1));
            Part { source, place, present }
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
        for part in self.parts.iter().filter(|part| part.present.is_none()) {
            part.source.retain_present(batch, rows);
        }
        before - rows.len()
    }

    /// Whether no record of a batch has a key, for want of a whole column.
    pub fn is_absent(&self, batch: &Batch<'_>) -> bool {
        self.parts.iter().filter(|part| part.present.is_none()).any(|part| match &part.source {
            Source::Ip { column, .. } | Source::Number { column, .. } | Source::Text { column, otherwise: None } => {
                batch.columns[*column].is_none()
            }
            _ => false,
        })
    }

    /// Moves the rows whose key needs the wide layout out of `rows`.
    pub fn split_wide(&self, batch: &Batch<'_>, rows: &mut Vec<u32>) -> Vec<u32> {
        let columns = self.parts.iter().filter_map(|part| match part.source {
            Source::Ip { column, .. } => batch.columns[column].as_ip().filter(|ip| ip.not_v4 > 0),
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
        let order = |part: &Part| part.compare(a, b, texts);
        self.parts.iter().map(order).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The first words of a longer key that begins with the same parts, in this layout.
    pub fn prefix(&self, longer: &[u64]) -> Vec<u64> {
        let mut key = vec![0; self.words];
        key[0] = OCCUPIED;
        for part in &self.parts {
            if let Some(bit) = part.present {
                key[bit.word] |= bit.get(longer) << bit.shift;
            }
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
        for (part, narrow_part) in self.parts.iter().zip(&narrow.parts) {
            let Place::Bits(to) = narrow_part.place else { return None };
            let value = match part.place {
                Place::Bits(bits) => bits.get(key),
                Place::Wide { family, .. } if family.get(key) == V6 => return None,
                Place::Wide { low, .. } => key[low],
            };
            out[to.word] |= value << to.shift;
            if let (Some(bit), Some(to)) = (part.present, narrow_part.present) {
                out[to.word] |= bit.get(key) << to.shift;
            }
        }
        Some(out)
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
}
