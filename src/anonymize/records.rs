//! Whole records; what was replaced before is remembered, as far as there is room.

use super::Anonymizer;
use super::addresses::{first4, first6};
use super::fields::Treatment;
use crate::schema::{Cell, Heading};
use foldhash::HashMap;
use std::sync::Arc;

/// Addresses that are remembered: powers of two.
const V4: usize = 1 << 14;
const V6: usize = 1 << 10;

/// Replacements of texts that are remembered, in bytes.
const TEXTS: usize = 4 << 20;

/// Replaces the values of records; every worker has its own.
pub struct Mapper {
    anonymizer: Arc<Anonymizer>,
    treatments: Vec<Treatment>,
    /// The addresses that were met last, by some of their bits, and what they became.
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
    /// Where in `made` the replacement of a text stands: of one, of a list, and of a network.
    known: [HashMap<Box<[u8]>, Span>; 3],
    made: Vec<u8>,
    /// The replacements of a record, by column.
    spans: Vec<Span>,
    /// Room for the cells of a record.
    spare: Vec<Cell<'static>>,
}

type Span = (usize, usize);

/// Nothing is replaced.
const NOWHERE: Span = (usize::MAX, 0);

impl Mapper {
    pub fn new(anonymizer: Arc<Anonymizer>) -> Mapper {
        // Every place holds an address that is right; most of them belong elsewhere, and are not found.
        let (v4, v6) = ((0, anonymizer.addresses.v4(0)), (0, anonymizer.addresses.v6(0)));
        Mapper {
            anonymizer,
            treatments: Vec::new(),
            v4: vec![v4; V4],
            v6: vec![v6; V6],
            known: Default::default(),
            made: Vec::new(),
            spans: Vec::new(),
            spare: Vec::new(),
        }
    }

    /// The records that follow have these columns.
    pub fn columns(&mut self, headings: &[Heading]) {
        self.treatments = headings.iter().map(Treatment::of_heading).collect();
    }

    /// Passes the cells of a record on, replaced.
    pub fn row<T>(&mut self, cells: &[Cell<'_>], pass: impl FnOnce(&[Cell<'_>]) -> T) -> T {
        if self.made.len() > TEXTS {
            self.known.iter_mut().for_each(HashMap::clear);
            self.made.clear();
        }
        self.spans.clear();
        for (i, cell) in cells.iter().enumerate() {
            let span = match *cell {
                Cell::Text(text) if !self.treatments[i].keeps(text) => self.text(self.treatments[i], text),
                _ => NOWHERE,
            };
            self.spans.push(span);
        }
        let mut made: Vec<Cell<'_>> = std::mem::take(&mut self.spare);
        for (i, cell) in cells.iter().enumerate() {
            let cell = match *cell {
                Cell::V4(address) => Cell::V4(self.v4(address)),
                Cell::V6(address) => Cell::V6(self.v6(address)),
                Cell::Network4(address, length) => self.network4(address, length),
                Cell::Network6(address, length) => self.network6(address, length),
                Cell::Text(_) if self.spans[i] != NOWHERE => Cell::None,
                Cell::Number(number) if !matches!(self.treatments[i], Treatment::Keep) => {
                    Cell::Number(self.anonymizer.pseudonyms.number(number))
                }
                kept => kept,
            };
            made.push(cell);
        }
        for (cell, span) in made.iter_mut().zip(&self.spans).filter(|(_, span)| **span != NOWHERE) {
            *cell = Cell::Text(&self.made[span.0..span.1]);
        }
        let passed = pass(&made);
        // The room, not what is in it.
        made.clear();
        self.spare = made.into_iter().map(|_| Cell::None).collect();
        passed
    }

    fn text(&mut self, treatment: Treatment, text: &[u8]) -> Span {
        let known = &mut self.known[match treatment {
            Treatment::List => 1,
            Treatment::Network => 2,
            _ => 0,
        }];
        if let Some(span) = known.get(text) {
            return *span;
        }
        let start = self.made.len();
        self.anonymizer.replace(treatment, text, &mut self.made);
        let span = (start, self.made.len());
        known.insert(text.into(), span);
        span
    }

    #[inline]
    fn v4(&mut self, address: u32) -> u32 {
        let place = address.wrapping_mul(0x9e37_79b1) >> (u32::BITS - V4.ilog2());
        let place = &mut self.v4[place as usize];
        if place.0 != address {
            *place = (address, self.anonymizer.addresses.v4(address));
        }
        place.1
    }

    /// The network of what its addresses become.
    fn network4(&mut self, address: u32, length: u8) -> Cell<'static> {
        Cell::Network4(first4(self.v4(address), length), length)
    }

    fn network6(&mut self, address: u128, length: u8) -> Cell<'static> {
        Cell::Network6(first6(self.v6(address), length), length)
    }

    fn v6(&mut self, address: u128) -> u128 {
        let place = (address ^ address >> 64).wrapping_mul(0x9e37_79b9_7f4a_7c15) as u64 >> (u64::BITS - V6.ilog2());
        let place = &mut self.v6[place as usize];
        if place.0 != address {
            *place = (address, self.anonymizer.addresses.v6(address));
        }
        place.1
    }
}

#[cfg(test)]
mod tests {
    use super::super::Key;
    use super::*;
    use crate::schema::Kind;
    use proptest::prelude::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn mapper(names: &[&str]) -> Mapper {
        let anonymizer = Anonymizer::new(&Key::parse(&[7; 32]).expect("a key"));
        let mut mapper = Mapper::new(Arc::new(anonymizer));
        let heading = |name: &&str| Heading { name: name.to_string(), kind: Kind::Text };
        mapper.columns(&names.iter().map(heading).collect::<Vec<_>>());
        mapper
    }

    /// What stands for one value of a field.
    fn one(mapper: &mut Mapper, cell: Cell<'_>) -> String {
        mapper.row(&[cell], |cells| format!("{:?}", cells[0]))
    }

    #[test]
    fn what_is_kept_and_what_is_not() {
        let mut mapper = mapper(&["account-id", "action", "bytes", "region", "end", "protocol", "x-of-2031", "src-ip"]);
        let texts = [&b"123456789012"[..], b"ACCEPT", b"eu-west-1"].map(Cell::Text);
        let (bytes, end, protocol) = (Cell::Number(7), Cell::Time(60), Cell::Protocol(6));
        let cells = [texts[0], texts[1], bytes, texts[2], end, protocol, Cell::Number(7), Cell::None];
        mapper.row(&cells, |made| {
            assert_eq!((made[1], made[2], made[3], made[4]), (texts[1], bytes, texts[2], end));
            assert_eq!((made[5], made[7]), (protocol, Cell::None));
            assert!(matches!(made[0], Cell::Text(text) if text.len() == 12 && text != b"123456789012"));
            assert!(matches!(made[6], Cell::Number(number) if number != 7));
        });
    }

    #[test]
    fn lists_are_replaced_one_by_one() {
        let mut mapper = mapper(&["security-group-ids"]);
        let alone = one(&mut mapper, Cell::Text(b"sg-0a1b2c3d"));
        let both = one(&mut mapper, Cell::Text(b"sg-0a1b2c3d,sg-0b1b2c3d"));
        assert!(both.starts_with(alone.trim_end_matches("])")) && both.len() > alone.len(), "{alone} {both}");
    }

    #[test]
    fn networks_that_were_read_as_text_are_networks() {
        let mut mapper = mapper(&["src-ip-24"]);
        let Cell::Network4(first, 24) = mapper.network4(0x0a00_0100, 24) else { panic!("a network") };
        let Cell::Network6(first6, 64) = mapper.network6(0x2001_0db8 << 96, 64) else { panic!("a network") };
        for (text, made) in [
            ("10.0.1.0/24", format!("{}/24", Ipv4Addr::from(first))),
            ("2001:db8::/64", format!("{}/64", Ipv6Addr::from(first6))),
            ("0.0.0.0/0", "0.0.0.0/0".to_string()),
            ("2001:db8::", Ipv6Addr::from(mapper.v6(0x2001_0db8 << 96)).to_string()),
        ] {
            let found = one(&mut mapper, Cell::Text(text.as_bytes()));
            assert_eq!(found, format!("{:?}", Cell::Text(made.as_bytes())), "{text}");
        }
        for text in ["acme", "10.0.1.0/x", "10.0.1.0/", "10.0.1/24", "2001:db8::/256"] {
            let anonymous = format!("{:?}", Cell::Text(b"anon-"));
            let found = one(&mut mapper, Cell::Text(text.as_bytes()));
            assert!(found.starts_with(anonymous.trim_end_matches("])")), "{text}: {found}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        /// What is remembered, and that it is forgotten again, makes no difference.
        #[test]
        fn memory_makes_no_difference(addresses in prop::collection::vec((any::<u32>(), any::<u128>()), 1..50), times in 1usize..4, text in "\\PC{1,30}", length in 0u8..=32) {
            let mut used = mapper(&["src-ip"]);
            // Addresses that share a place.
            let near = |(v4, v6): &(u32, u128)| [(v4 % 64, v6 % 64), (*v4, *v6)];
            for (v4, v6) in addresses.iter().flat_map(near).cycle().take(2 * times * addresses.len()) {
                let cells = [Cell::V4(v4), Cell::V6(v6), Cell::Network4(v4, length), Cell::Network6(v6, length), Cell::Text(text.as_bytes())];
                for cell in cells {
                    prop_assert_eq!(one(&mut used, cell), one(&mut mapper(&["src-ip"]), cell));
                }
                used.made.resize(TEXTS + 1, b'x');
            }
        }

        /// The network of an address becomes the network of what the address becomes.
        #[test]
        fn networks_hold_their_addresses(address: u32, length in 0u8..=32) {
            let mut mapper = mapper(&["src-ip"]);
            let mask = !u32::MAX.checked_shr(length.into()).unwrap_or(0);
            let made = mapper.v4(address);
            prop_assert_eq!(mapper.network4(address & mask, length), Cell::Network4(made & mask, length));
        }
    }
}
