//! Numbers and addresses out of bytes, eight bytes at a time where that is possible.
//!
//! Numbers are plain decimal digits: no sign, no exponent, no `0x`; leading zeros are allowed.
//! Dotted quads have no leading zeros (some tools read `010` as octal 8). IPv6 has no zone.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The number in `text[start..end]`, 0 to 2^64 - 1.
#[inline(always)]
pub fn number_at(text: &[u8], start: usize, end: usize) -> Option<u64> {
    let len = end - start;
    if len.wrapping_sub(1) < 8 && end >= 8 {
        return digits8(last8(text, end), len);
    }
    if len.wrapping_sub(9) < 8 && start >= 8 {
        let low = digits8(last8(text, end), 8)?;
        let high = digits8(last8(text, end - 8), len - 8)?;
        return Some(high * 100_000_000 + low);
    }
    parse_number(&text[start..end])
}

/// The number in `digits`, by the plain loop.
pub fn parse_number(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u64, |sum, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit <= 9).then_some(())?;
        sum.checked_mul(10)?.checked_add(digit.into())
    })
}

#[inline(always)]
fn last8(text: &[u8], end: usize) -> u64 {
    let bytes: [u8; 8] = text[end - 8..end].try_into().expect("eight bytes");
    u64::from_le_bytes(bytes)
}

/// The number in the last `len` (1 to 8) of eight characters.
#[inline(always)]
fn digits8(characters: u64, len: usize) -> Option<u64> {
    let digits = (characters ^ 0x3030_3030_3030_3030) & (u64::MAX << (64 - 8 * len));
    if (digits | digits.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    // Two digits at a time, then all four pairs by their weights (as in simdjson).
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
    const EVEN: u64 = 0x0000_00ff_0000_00ff;
    let first_and_third = (pairs & EVEN).wrapping_mul(100 + (1_000_000 << 32));
    let second_and_fourth = (pairs >> 16 & EVEN).wrapping_mul(1 + (10_000 << 32));
    Some(first_and_third.wrapping_add(second_and_fourth) >> 32)
}

/// The IPv4 address in `text`, by the plain loop.
pub fn parse_ipv4(text: &[u8]) -> Option<u32> {
    let mut parts = text.split(|b| *b == b'.');
    let mut address = 0;
    for _ in 0..4 {
        let part = parts.next()?;
        if part.len() > 3 || part.len() > 1 && part[0] == b'0' {
            return None;
        }
        address = address << 8 | u32::try_from(parse_number(part)?).ok().filter(|n| *n <= 255)?;
    }
    parts.next().is_none().then_some(address)
}

/// The IPv6 address in `text`.
#[cold]
pub fn parse_ipv6(text: &[u8]) -> Option<u128> {
    let text = std::str::from_utf8(text).ok()?;
    text.parse::<Ipv6Addr>().ok().map(u128::from)
}

/// The address in `text`.
pub fn parse_ip(text: &[u8]) -> Option<std::net::IpAddr> {
    match parse_ipv4(text) {
        Some(v4) => Some(Ipv4Addr::from(v4).into()),
        None => parse_ipv6(text).map(|v6| Ipv6Addr::from(v6).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// `token` in the middle of other text, as the decoder meets it.
    fn within(token: &[u8], before: usize) -> (Vec<u8>, usize, usize) {
        let mut text = b"9".repeat(before);
        text.extend_from_slice(token);
        let end = text.len();
        text.extend_from_slice(b" 7");
        (text, before, end)
    }

    #[test]
    fn numbers_at_the_edges() {
        for (text, value) in [
            ("0", Some(0)),
            ("007", Some(7)),
            ("18446744073709551615", Some(u64::MAX)),
            ("18446744073709551616", None),
            ("", None),
            ("-5", None),
            ("+5", None),
            ("1e3", None),
            ("0x10", None),
            ("abc", None),
            ("1 2", None),
            ("00000000000000000000000012", Some(12)),
            ("99999999999999999999", None),
            ("1234567890123456", Some(1234567890123456)),
        ] {
            assert_eq!(parse_number(text.as_bytes()), value, "{text}");
            for before in [0, 3, 8, 40] {
                let (all, start, end) = within(text.as_bytes(), before);
                assert_eq!(number_at(&all, start, end), value, "{text}");
            }
        }
    }

    #[test]
    fn addresses_at_the_edges() {
        for (text, good) in [
            ("0.0.0.0", true),
            ("255.255.255.255", true),
            ("256.1.1.1", false),
            ("010.0.0.1", false),
            ("1.2.3", false),
            ("1.2.3.4.5", false),
            ("1..2.3", false),
            (".1.2.3", false),
            ("1.2.3.", false),
            ("10.0.0.1/32", false),
            ("0x0a.1.1.1", false),
            ("1.2.3.04", false),
            ("00.1.1.1", false),
            ("999.1.1.1", false),
            ("1.2.3.4a", false),
            ("1.2.3.0", true),
            ("0.0.0.10", true),
            ("1.2.3.1000", false),
            ("-", false),
            ("", false),
        ] {
            assert_eq!(parse_ipv4(text.as_bytes()).is_some(), good, "{text}");
        }
        for text in ["::ffff:10.0.0.1", "2001:DB8::1", "2001:0db8:0:0::1"] {
            assert!(parse_ip(text.as_bytes()).unwrap().is_ipv6(), "{text}");
        }
        assert_eq!(parse_ip(b"fe80::1%eth0"), None);
    }

    proptest! {
        #[test]
        fn fast_numbers_are_slow_numbers(token in "[0-9]{0,22}|[0-9a-z+./:-]{0,12}", before in 0usize..24) {
            let (all, start, end) = within(token.as_bytes(), before);
            prop_assert_eq!(number_at(&all, start, end), parse_number(token.as_bytes()));
            prop_assert_eq!(token.parse::<u64>().ok().filter(|_| !token.starts_with('+')), parse_number(token.as_bytes()));
        }

        #[test]
        fn fast_quads_are_slow_quads(token in "[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9.]{0,17}|[0-9a-f.:x]{0,17}") {
            prop_assert_eq!(token.parse::<Ipv4Addr>().ok().map(u32::from), parse_ipv4(token.as_bytes()));
        }

        #[test]
        fn any_bytes_are_survived(token in proptest::collection::vec(any::<u8>(), 0..30), before in 0usize..40) {
            let (all, start, end) = within(&token, before);
            _ = parse_ip(&token);
            prop_assert_eq!(number_at(&all, start, end), parse_number(&token));
        }

        #[test]
        fn every_address_is_read_back(v4: u32, v6: u128) {
            prop_assert_eq!(parse_ipv4(Ipv4Addr::from(v4).to_string().as_bytes()), Some(v4));
            prop_assert_eq!(parse_ipv6(Ipv6Addr::from(v6).to_string().as_bytes()), Some(v6));
        }
    }
}
