//! Values as they are written in expressions and options: numbers with sizes, networks, times.

use super::ranges::Ranges;
use crate::decode::Network;
use crate::schema::{Field, iana};
use std::net::IpAddr;
use std::time::Duration;

/// The number of bytes in `512`, `1.5K`, `50MiB` or `1GB`; none in what is not a whole number of them.
pub fn parse_size(text: &str) -> Option<u64> {
    let (bytes, is_whole) = Number::parse(text.trim())?.floor(0);
    u64::try_from(bytes).ok().filter(|_| is_whole)
}

/// What a time can be written as.
pub const TIMES: &str = "a time such as 2026-03-15T10:00, 2026-03-15, 2h (ago), or seconds since the epoch";

/// A decimal number, exactly: `units` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    units: i128,
    places: u32,
}

impl Number {
    /// Reads `10`, `1.5`, `10K`, `50MiB`, `1GB`: decimal multiples, with an `i` binary ones. Upper
    /// or lower case.
    pub fn parse(text: &str) -> Option<Number> {
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(digits);
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && part.is_empty() || number.ends_with('.') || whole.len() + part.len() > 30 {
            return None;
        }
        let units: i128 = format!("{whole}{part}").parse().ok()?;
        let units = units.checked_mul(multiple(suffix)?)?;
        Some(Number { units, places: part.len() as u32 })
    }

    /// What has passed since the epoch, in seconds.
    pub fn time(since: Duration) -> Number {
        Number { units: since.as_nanos() as i128, places: 9 }
    }

    /// A hundredth of it.
    pub fn percent(self) -> Number {
        Number { places: self.places + 2, ..self }
    }

    pub fn whole(number: u64) -> Number {
        Number { units: number.into(), places: 0 }
    }

    /// The largest multiple of a tenth to the power of `places` that is not above it, as a number
    /// of these, and whether that is all of it.
    pub fn floor(self, places: u32) -> (i128, bool) {
        let scale = |more: u32| 10i128.pow(more);
        match places.checked_sub(self.places) {
            Some(more) => (self.units.saturating_mul(scale(more)), true),
            None => {
                let scale = scale(self.places - places);
                (self.units.div_euclid(scale), self.units.rem_euclid(scale) == 0)
            }
        }
    }
}

/// What a suffix multiplies by.
fn multiple(suffix: &str) -> Option<i128> {
    let suffix = suffix.to_ascii_uppercase();
    let unit = suffix.strip_suffix('B').unwrap_or(&suffix);
    let (letter, base) = unit.strip_suffix('I').map_or((unit, 1000), |letter| (letter, 1024));
    let power = match letter {
        "" if base == 1000 => 0,
        letter => 1 + ["K", "M", "G", "T", "P", "E"].iter().position(|known| *known == letter)? as u32,
    };
    Some(i128::pow(base, power))
}

/// The first and the last address that an address or a network (CIDR) stands for.
pub fn network(text: &str) -> Option<(IpAddr, IpAddr)> {
    let network = Network::parse(text)?;
    Some((network.first, network.last()))
}

/// A protocol by keyword or number.
pub fn protocol(text: &str) -> Option<u64> {
    let number = || text.parse::<u8>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    iana::protocol_number(text).or_else(number).map(u64::from)
}

/// The values that a field of few words can have, in AWS's spelling.
pub fn vocabulary(field: Field) -> &'static [&'static str] {
    match field {
        Field::Action => &["ACCEPT", "REJECT"],
        Field::LogStatus => &["OK", "NODATA", "SKIPDATA"],
        Field::FlowDirection => &["ingress", "egress"],
        Field::Type => &["IPv4", "IPv6", "EFA"],
        _ => &[],
    }
}

/// What a comparison with a number stands for, as numbers of tenths to the power of `places`.
pub fn compared(comparison: super::Comparison, number: Number, places: u32) -> Ranges<i128> {
    use super::Comparison::*;
    let (floor, exact) = number.floor(places);
    let (below, above) = (if exact { floor - 1 } else { floor }, floor + 1);
    match comparison {
        Equal if exact => Ranges::of([(floor, floor)]),
        Equal => Ranges::of([]),
        NotEqual => compared(Equal, number, places).complement(i128::MIN, i128::MAX),
        Less => Ranges::of([(i128::MIN, below)]),
        LessOrEqual => Ranges::of([(i128::MIN, floor)]),
        Greater => Ranges::of([(above, i128::MAX)]),
        GreaterOrEqual => Ranges::of([(if exact { floor } else { above }, i128::MAX)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_decimal_unless_they_say_otherwise() {
        let whole = |text| Number::parse(text).map(|n| n.floor(0));
        for (text, number) in [
            ("0", 0),
            ("007", 7),
            ("10K", 10_000),
            ("10kb", 10_000),
            ("1.5M", 1_500_000),
            ("50MiB", 50 << 20),
            ("2Gi", 2 << 30),
            ("1GB", 1_000_000_000),
            ("3E", 3_000_000_000_000_000_000),
            ("512B", 512),
        ] {
            assert_eq!(whole(text), Some((number, true)), "{text}");
        }
        assert_eq!(whole("1.5"), Some((1, false)));
        assert_eq!(Number::parse("1.25").map(|n| n.floor(1)), Some((12, false)));
        assert_eq!(Number::parse("1.25").map(|n| n.floor(4)), Some((12500, true)));
        for text in ["", ".", "1.", "K", "1X", "1KK", "1iB", "-1", "1e3", "0x10", "1.2.3", &"9".repeat(31)] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn networks_are_first_and_last_addresses() {
        let text = |text: &str| network(text).map(|(a, b)| format!("{a} {b}"));
        assert_eq!(text("10.1.2.3").as_deref(), Some("10.1.2.3 10.1.2.3"));
        assert_eq!(text("10.1.2.3/8").as_deref(), Some("10.0.0.0 10.255.255.255"));
        assert_eq!(text("0.0.0.0/0").as_deref(), Some("0.0.0.0 255.255.255.255"));
        assert_eq!(text("2001:db8::1/64").as_deref(), Some("2001:db8:: 2001:db8::ffff:ffff:ffff:ffff"));
        assert_eq!(text("::/0").as_deref(), Some(":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        for bad in ["", "10.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "010.0.0.1", "10.0.0.0/8/8"] {
            assert_eq!(network(bad), None, "{bad}");
        }
    }
}
