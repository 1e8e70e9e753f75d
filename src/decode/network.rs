//! Networks as they are written: an address, or an address and a prefix length.

use super::parse_ip;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network, by its first address and the length of its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Network {
    pub first: IpAddr,
    pub length: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, or an address, which is a network of its own. Bits behind the prefix do not
    /// matter.
    pub fn parse(text: &str) -> Option<Network> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address = parse_ip(address.as_bytes())?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let length: u8 = match length {
            None => whole,
            Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) && digits.len() <= 3 => digits.parse().ok()?,
            Some(_) => return None,
        };
        let host = u32::from(whole.checked_sub(length)?);
        let first = match address {
            IpAddr::V4(address) => {
                IpAddr::V4(Ipv4Addr::from(address.to_bits() & u32::MAX.checked_shl(host).unwrap_or(0)))
            }
            IpAddr::V6(address) => {
                IpAddr::V6(Ipv6Addr::from(address.to_bits() & u128::MAX.checked_shl(host).unwrap_or(0)))
            }
        };
        Some(Network { first, length })
    }

    /// Its last address.
    pub fn last(self) -> IpAddr {
        let length = self.length.into();
        match self.first {
            IpAddr::V4(first) => Ipv4Addr::from(first.to_bits() | u32::MAX.checked_shr(length).unwrap_or(0)).into(),
            IpAddr::V6(first) => Ipv6Addr::from(first.to_bits() | u128::MAX.checked_shr(length).unwrap_or(0)).into(),
        }
    }
}
