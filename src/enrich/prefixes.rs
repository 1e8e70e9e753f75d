//! What the longest prefix that holds an address stands for. The networks are cut into ranges that do
//! not overlap, each with the number of the network that counts there: one search finds it.

use crate::decode::Network;
use std::net::IpAddr;

/// Networks with a number each.
#[derive(Clone, Debug, Default)]
pub struct Prefixes {
    v4: Ranges<u32>,
    v6: Ranges<u128>,
}

/// Where each range begins, in ascending order, and what counts from there on.
#[derive(Clone, Debug, Default)]
struct Ranges<A> {
    starts: Vec<A>,
    values: Vec<Option<u32>>,
}

impl<A: Copy + Ord> Ranges<A> {
    #[inline]
    fn get(&self, address: A) -> Option<u32> {
        let after = self.starts.partition_point(|start| *start <= address);
        self.values[after.checked_sub(1)?]
    }
}

impl Prefixes {
    /// Of equal networks the first counts.
    pub fn new(networks: impl IntoIterator<Item = (Network, u32)>) -> Prefixes {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for (network, value) in networks {
            match (network.first, network.last()) {
                (IpAddr::V4(first), IpAddr::V4(last)) => {
                    v4.push((first.to_bits().into(), last.to_bits().into(), value));
                }
                (IpAddr::V6(first), IpAddr::V6(last)) => v6.push((first.to_bits(), last.to_bits(), value)),
                _ => {}
            }
        }
        let v4 = cut(v4, u32::MAX.into());
        let v4 = Ranges { starts: v4.iter().map(|(start, _)| *start as u32).collect(), values: values(&v4) };
        let v6 = cut(v6, u128::MAX);
        Prefixes { v4, v6: Ranges { starts: v6.iter().map(|(start, _)| *start).collect(), values: values(&v6) } }
    }

    /// The number of the longest prefix that holds an address.
    #[inline]
    pub fn get(&self, address: IpAddr) -> Option<u32> {
        match address {
            IpAddr::V4(address) => self.v4.get(address.to_bits()),
            IpAddr::V6(address) => self.v6.get(address.to_bits()),
        }
    }

    /// Whether some network holds the address.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.get(address).is_some()
    }
}

fn values(ranges: &[(u128, Option<u32>)]) -> Vec<Option<u32>> {
    ranges.iter().map(|(_, value)| *value).collect()
}

/// Cuts networks, each by its first and last address, into the beginnings of ranges.
fn cut(mut networks: Vec<(u128, u128, u32)>, end: u128) -> Vec<(u128, Option<u32>)> {
    // A network comes before those within it; of equal ones the first comes last, so that it counts.
    networks.reverse();
    networks.sort_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last)));
    let mut ranges: Vec<(u128, Option<u32>)> = Vec::new();
    let mut begin = |start, value| match ranges.last_mut() {
        Some(last) if last.0 == start => last.1 = value,
        Some(last) if last.1 == value => {}
        _ => ranges.push((start, value)),
    };
    // The networks that hold the place that has been reached, the widest first.
    let mut open: Vec<(u128, u32)> = Vec::new();
    for (first, last, value) in networks {
        while let Some((closing, _)) = open.pop_if(|(last, _)| *last < first) {
            begin(closing + 1, open.last().map(|(_, value)| *value));
        }
        begin(first, Some(value));
        open.push((last, value));
    }
    while let Some((closing, _)) = open.pop() {
        if closing < end {
            begin(closing + 1, open.last().map(|(_, value)| *value));
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn network(text: &str) -> Network {
        Network::parse(text).expect("a network")
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn the_longest_prefix_counts() {
        let all = ["0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.0.0/24", "10.255.255.255", "::/0", "2001:db8::/32"];
        let table = Prefixes::new(all.iter().enumerate().map(|(i, text)| (network(text), i as u32)));
        for (text, number) in [
            ("9.255.255.255", 0),
            ("10.0.0.0", 1),
            ("10.1.0.7", 3),
            ("10.1.1.0", 2),
            ("10.2.0.0", 1),
            ("10.255.255.254", 1),
            ("10.255.255.255", 4),
            ("11.0.0.0", 0),
            ("255.255.255.255", 0),
            ("2001:db7::", 5),
            ("2001:db8::1", 6),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 5),
        ] {
            assert_eq!(table.get(address(text)), Some(number), "{text}");
        }
        assert_eq!(Prefixes::new([(network("10.0.0.0/8"), 1)]).get(address("11.0.0.0")), None);
        assert_eq!(Prefixes::default().get(address("::")), None);
    }

    /// The slow twin: looks at every network.
    fn slow(networks: &[(Network, u32)], address: IpAddr) -> Option<u32> {
        let holds = |network: &Network| {
            network.first.is_ipv4() == address.is_ipv4() && (network.first..=network.last()).contains(&address)
        };
        let mut best: Option<(Network, u32)> = None;
        for (network, value) in networks.iter().filter(|(network, _)| holds(network)) {
            if best.is_none_or(|(known, _)| network.length > known.length) {
                best = Some((*network, *value));
            }
        }
        best.map(|(_, value)| value)
    }

    /// Networks that lie within each other, as few bits differ.
    fn networks() -> impl Strategy<Value = Vec<(Network, u32)>> {
        let v4 = (0u32..64, 26u8..=32, any::<bool>()).prop_map(|(low, length, high)| {
            let top: u32 = if high { 0xffff_ffc0 } else { 0 };
            network(&format!("{}/{length}", std::net::Ipv4Addr::from(top | low)))
        });
        let v6 = (0u128..64, prop_oneof![0u8..3, 120u8..=128], any::<bool>()).prop_map(|(low, length, high)| {
            let top: u128 = if high { u128::MAX << 6 } else { 0 };
            network(&format!("{}/{length}", std::net::Ipv6Addr::from(top | low)))
        });
        prop::collection::vec((prop_oneof![v4, v6], 0u32..9), 0..20)
    }

    proptest! {
        #[test]
        fn finds_what_the_slow_twin_finds(networks in networks()) {
            let table = Prefixes::new(networks.clone());
            for low in 0..64u32 {
                for high in [0, 0xffff_ffc0u32] {
                    let v4 = IpAddr::from((high | low).to_be_bytes());
                    prop_assert_eq!(table.get(v4), slow(&networks, v4));
                    let top = if high == 0 { 0 } else { u128::MAX << 6 };
                    let v6 = IpAddr::from((top | u128::from(low)).to_be_bytes());
                    prop_assert_eq!(table.get(v6), slow(&networks, v6));
                }
            }
        }
    }
}
