//! Community ID, version 1, seed 0: the same short text for a flow in every tool that knows it.
//!
//! Source: github.com/corelight/community-id-spec. Flow logs carry no type and code of ICMP; as in
//! Elastic's documents both are 0. For IPv4 that is an echo reply, whose other half is type 8, so
//! that the two directions of a ping have different ids; for IPv6 it has no other half, and the
//! direction is kept.

use crate::schema::Cell;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// `1:` and 20 bytes in base64.
pub const LENGTH: usize = 30;

/// The most that is hashed: the seed, two IPv6 addresses, the protocol, padding, two ports.
const LONGEST: usize = 40;

/// The id of the flows between two addresses; none where one of them is no address.
pub fn community_id(
    source: &Cell<'_>,
    destination: &Cell<'_>,
    ports: (u16, u16),
    protocol: u8,
) -> Option<[u8; LENGTH]> {
    let (mut from, mut to) = (Octets::of(source)?, Octets::of(destination)?);
    let ((mut from_port, mut to_port), one_way) = match protocol {
        1 => ((0, 8), false),
        58 => ((0, 0), true),
        _ => (ports, false),
    };
    if !one_way && (to.as_slice(), to_port) < (from.as_slice(), from_port) {
        std::mem::swap(&mut from, &mut to);
        std::mem::swap(&mut from_port, &mut to_port);
    }
    let mut bytes = [0; LONGEST];
    // The seed stands first.
    let mut end = 2;
    let mut push = |part: &[u8]| {
        bytes[end..end + part.len()].copy_from_slice(part);
        end += part.len();
    };
    push(from.as_slice());
    push(to.as_slice());
    push(&[protocol, 0]);
    if matches!(protocol, 1 | 6 | 17 | 58 | 132) {
        push(&from_port.to_be_bytes());
        push(&to_port.to_be_bytes());
    }
    let mut id = *b"1:????????????????????????????";
    STANDARD.encode_slice(Sha1::digest(&bytes[..end]), &mut id[2..]).ok()?;
    Some(id)
}

/// An address in the order of the network.
struct Octets {
    bytes: [u8; 16],
    length: usize,
}

impl Octets {
    fn of(address: &Cell<'_>) -> Option<Octets> {
        let mut octets = Octets { bytes: [0; 16], length: 0 };
        match address {
            Cell::V4(address) => {
                octets.bytes[..4].copy_from_slice(&address.to_be_bytes());
                octets.length = 4;
            }
            Cell::V6(address) => {
                octets.bytes = address.to_be_bytes();
                octets.length = 16;
            }
            _ => return None,
        }
        Some(octets)
    }

    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn id(source: &str, source_port: u16, destination: &str, destination_port: u16, protocol: u8) -> String {
        let cell = |address: &str| match address.parse().expect("an address") {
            IpAddr::V4(address) => Cell::V4(address.into()),
            IpAddr::V6(address) => Cell::V6(address.into()),
        };
        let ports = (source_port, destination_port);
        let id = community_id(&cell(source), &cell(destination), ports, protocol).expect("an id");
        String::from_utf8(id.to_vec()).expect("base64")
    }

    #[test]
    fn golden_values() {
        let (a, b) = ("2001:db8:1234:a100:8d6e:3477:df66:f105", "2001:db8:1234:a102:3304:8879:34cf:4071");
        for (source, source_port, destination, destination_port, protocol, expected) in [
            ("89.160.20.156", 43416, "10.0.0.62", 5001, 6, "1:dF5WY79X1yVncj+yH8q27Q5Bnpk="),
            ("78.24.182.42", 20641, "158.109.0.1", 22, 6, "1:Ln/vlDqu658GHymxjnRAaUF8KS4="),
            ("78.24.182.42", 49761, "158.109.0.1", 3389, 6, "1:E3lDDGXG7D8azpdrN7WMLPJe30w="),
            (a, 34892, b, 22, 6, "1:hXZclvxUJScaVf0xMIJR6yW6tBQ="),
            ("2a02:cf40::", 42910, "1.128.0.0", 80, 17, "1:6Lxpa8XQj/6l+zLv/BSTAHZoSJ0="),
        ] {
            assert_eq!(id(source, source_port, destination, destination_port, protocol), expected);
            // Whoever began.
            assert_eq!(id(destination, destination_port, source, source_port, protocol), expected);
        }
        assert_eq!(id("203.0.113.12", 0, "172.31.16.139", 0, 1), "1:H//CCQJhRqDUJ9c23S0VrQ+drxU=");
        assert_eq!(id("172.31.16.139", 0, "203.0.113.12", 0, 1), "1:cfQqw/Kh6+4yqhEKgkCw/m3WoJM=");
    }

    #[test]
    fn ports_count_only_where_there_are_any() {
        assert_ne!(id("10.0.0.1", 1, "10.0.0.2", 2, 132), id("10.0.0.1", 1, "10.0.0.2", 3, 132));
        for protocol in [47, 50, 1, 58] {
            assert_eq!(id("10.0.0.1", 1, "10.0.0.2", 2, protocol), id("10.0.0.1", 0, "10.0.0.2", 0, protocol));
        }
        // Between the same addresses the smaller port decides.
        assert_eq!(id("10.0.0.1", 9, "10.0.0.1", 2, 6), id("10.0.0.1", 2, "10.0.0.1", 9, 6));
        assert_ne!(id("2001:db8::1", 0, "2001:db8::2", 0, 58), id("2001:db8::2", 0, "2001:db8::1", 0, 58));
        assert_eq!(community_id(&Cell::None, &Cell::V4(1), (1, 2), 6), None);
    }
}
