//! What kind of address it is.
//!
//! By the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates up to RFC 9780,
//! May 2025) and the IANA registries of multicast addresses and of IPv6 address space. A
//! block that its registry calls globally reachable is public. Of those for which it says neither,
//! the IPv4 6to4 relays are public, 6to4 and Teredo reserved. IPv6 outside of 2000::/3 that has no
//! other purpose is not assigned to anybody: reserved.

use super::{Binding, Enricher, Made, Maker, Prefixes, Side};
use crate::decode::Network;
use crate::schema::{Enriched, FieldName, SCOPES};
use std::net::IpAddr;
use std::sync::OnceLock;

/// The blocks and their scopes; the longest that holds an address counts.
const BLOCKS: &[(&str, &str)] = &[
    ("0.0.0.0/0", "public"),
    ("0.0.0.0/8", "reserved"),
    ("0.0.0.0/32", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "reserved"),
    // PCP and TURN anycast.
    ("192.0.0.9/32", "public"),
    ("192.0.0.10/32", "public"),
    ("192.0.2.0/24", "documentation"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "benchmarking"),
    ("198.51.100.0/24", "documentation"),
    ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("255.255.255.255/32", "broadcast"),
    ("::/0", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    // Translation between IPv4 and IPv6, and for use within a network.
    ("64:ff9b::/96", "public"),
    ("64:ff9b:1::/48", "private"),
    ("2000::/3", "public"),
    // IETF protocol assignments: Teredo, benchmarking, and those that are reachable.
    ("2001::/23", "reserved"),
    ("2001:1::1/128", "public"),
    ("2001:1::2/128", "public"),
    ("2001:1::3/128", "public"),
    ("2001:2::/48", "benchmarking"),
    ("2001:3::/32", "public"),
    ("2001:4:112::/48", "public"),
    ("2001:20::/28", "public"),
    ("2001:30::/28", "public"),
    ("2001:db8::/32", "documentation"),
    ("2002::/16", "reserved"),
    ("3fff::/20", "documentation"),
    ("fc00::/7", "private"),
    ("fe80::/10", "link-local"),
    ("ff00::/8", "multicast"),
];

/// The scope of an address, by its number among `SCOPES`.
fn scope_number(address: IpAddr) -> usize {
    static TABLE: OnceLock<Prefixes> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        Prefixes::new(BLOCKS.iter().filter_map(|(block, scope)| {
            let number = SCOPES.iter().position(|known| known == scope)?;
            Some((Network::parse(block)?, number as u32))
        }))
    });
    // The first blocks hold every address.
    table.get(address).unwrap_or(0) as usize
}

/// The scope of an address.
pub fn scope(address: IpAddr) -> &'static str {
    SCOPES[scope_number(address)]
}

pub fn maker(_: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let side = match field.enriched()? {
        Enriched::SrcScope => Side::Source,
        Enriched::DstScope => Side::Destination,
        _ => return None,
    };
    let words = binding.words.all(SCOPES.iter().copied());
    binding.by_address(side, move |address, _| -> Made { words[scope_number(address)] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_is_in_the_table() {
        for (block, scope) in BLOCKS {
            let network = Network::parse(block).expect("a network");
            assert!(SCOPES.contains(scope), "{block}: {scope}");
            assert_eq!(format!("{}/{}", network.first, network.length), *block);
        }
        for scope in SCOPES {
            assert!(BLOCKS.iter().any(|(_, known)| known == scope), "{scope}");
        }
    }

    const PYTHON: &str = include_str!("tests/ipaddress.txt");

    /// What Python 3.11 has otherwise: blocks registered or made reachable since, 6to4, and space that is
    /// nobody's, which it takes for global.
    const EXCEPTIONS: [&str; 15] = [
        "192.0.0.8/32",
        "192.0.0.11/32",
        "192.0.0.169/32",
        "192.0.0.172/32",
        "192.0.0.255/32",
        "64:ff9b:1::/48",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:20::/28",
        "2001:30::/28",
        "2002::/16",
        "3fff::/20",
    ];

    #[test]
    fn python_agrees() {
        let (mut lines, mut wrong) = (0, Vec::new());
        let networks = |all: &[&str]| Prefixes::new(all.iter().filter_map(|text| Some((Network::parse(text)?, 0))));
        let (exceptions, assigned) = (networks(&EXCEPTIONS), networks(&["2000::/3"]));
        for line in PYTHON.lines().filter(|line| !line.starts_with('#')) {
            let (address, flags) = line.split_once(' ').expect("an address and flags");
            let has = |flag: char| flags.contains(flag);
            let own = scope(address.parse().expect("an address"));
            let fits = match own {
                "public" => has('g'),
                "multicast" => has('m'),
                "link-local" => has('l'),
                "loopback" => has('o'),
                "unspecified" => has('u'),
                // Python calls shared space neither.
                "shared" => !has('g') && !has('p'),
                _ => !has('g') && !has('m') && !has('l') && !has('o') && !has('u'),
            };
            let address: IpAddr = address.parse().expect("an address");
            let is_nobodys = own == "reserved" && address.is_ipv6() && !assigned.contains(address) && has('g');
            if fits == (is_nobodys || exceptions.contains(address)) {
                wrong.push(format!("{address}: {own}, Python says {flags}"));
            }
            lines += 1;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(lines > 100, "{lines}");
    }
}
