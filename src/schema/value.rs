//! A value of a field or a measure, with the order that results are sorted by.

use std::net::IpAddr;

/// One cell of a result. Values of one column are always of one variant (or `None`), so that the
/// derived order is: addresses by value with IPv4 before IPv6, numbers by value, text by bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// No value: `-` in a log, null in JSON, nothing in CSV.
    None,
    Ip(IpAddr),
    /// A network, by its first address.
    Network(IpAddr, u8),
    /// A whole number; sums never wrap.
    Int(u128),
    /// `units` divided by ten to the power of `places`.
    Decimal {
        units: i128,
        places: u8,
    },
    /// An IANA protocol number, shown as its keyword.
    Protocol(u8),
    /// Seconds since the Unix epoch.
    Time(u64),
    /// Bytes of the log, UTF-8 or not.
    Text(Vec<u8>),
    /// Several values, each with how often it occurs.
    Counts(Vec<(Value, u128)>),
}

impl Value {
    /// A text value.
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into().into_bytes())
    }

    /// `scale * part / whole`, rounded half up to `places` decimals; 0 when `whole` is 0.
    pub fn ratio(part: u128, whole: u128, scale: u128, places: u8) -> Value {
        let scale = scale * 10u128.pow(places.into());
        let units = match whole {
            0 => 0,
            // Beyond 2^100 a few of the lowest bits are worth less than the rounding.
            _ if part >> 100 != 0 || whole >> 100 != 0 => {
                return Value::ratio(part >> 28, whole >> 28, scale, 0).places(places);
            }
            _ => (2 * scale * part + whole) / (2 * whole),
        };
        Value::Decimal { units: units as i128, places }
    }

    fn places(self, places: u8) -> Value {
        match self {
            Value::Decimal { units, .. } => Value::Decimal { units, places },
            other => other,
        }
    }

    /// The number in an `Int`, else 0.
    pub fn as_int(&self) -> u128 {
        match self {
            Value::Int(n) => *n,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_round_half_up() {
        assert_eq!(Value::ratio(1, 3, 1, 4), Value::Decimal { units: 3333, places: 4 });
        assert_eq!(Value::ratio(2, 3, 1, 4), Value::Decimal { units: 6667, places: 4 });
        assert_eq!(Value::ratio(1, 8, 100, 2), Value::Decimal { units: 1250, places: 2 });
        assert_eq!(Value::ratio(1, 0, 100, 2), Value::Decimal { units: 0, places: 2 });
        assert_eq!(Value::ratio(u128::MAX, u128::MAX, 100, 2), Value::Decimal { units: 10000, places: 2 });
    }

    #[test]
    fn ipv4_comes_before_ipv6_and_numbers_go_by_value() {
        let ip = |s: &str| Value::Ip(s.parse().unwrap());
        assert!(ip("9.0.0.1") < ip("10.0.0.1"));
        assert!(ip("255.0.0.1") < ip("::1"));
        assert!(Value::Int(9) < Value::Int(10));
        assert!(Value::text("B") < Value::text("a"));
    }
}
