//! Percentiles by nearest rank, and how values are rounded where there are too many to keep.

use super::QueryError;
use crate::schema::Kind;

/// A percentage above 0 and up to 100: `units` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percentile {
    units: u64,
    places: u32,
}

/// The most decimals that a percentage may have.
const PLACES: usize = 9;

impl Percentile {
    /// Reads `p95`, `p99.9` and so on; `None` for what does not even look like it.
    pub fn parse(name: &str) -> Option<Result<Percentile, QueryError>> {
        let digits = name.strip_prefix(['p', 'P']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?;
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let part = part.trim_end_matches('0');
        let all_digits = [whole, part].concat();
        let fits = part.len() <= PLACES && all_digits.bytes().all(|b| b.is_ascii_digit());
        let units = if fits { all_digits.parse().ok() } else { None };
        let percentile = units.map(|units| Percentile { units, places: part.len() as u32 });
        let valid = percentile.filter(|p| p.units > 0 && u128::from(p.units) <= p.scale());
        Some(valid.ok_or_else(|| {
            QueryError(format!("'{name}': a percentile is above 0 and at most 100, as in p50, p95 or p99.9"))
        }))
    }

    /// What 100 is in units.
    fn scale(self) -> u128 {
        100 * 10u128.pow(self.places)
    }

    /// As it begins the name of a column: `p95`, `p99_9`.
    pub fn column(self) -> String {
        let one = 10u64.pow(self.places);
        match self.places {
            0 => format!("p{}", self.units),
            places => format!("p{}_{:0width$}", self.units / one, self.units % one, width = places as usize),
        }
    }

    /// How many of `count` values, in order, reach up to the percentile: at least one.
    pub fn rank(self, count: u64) -> u64 {
        let rank = (u128::from(self.units) * u128::from(count)).div_ceil(self.scale());
        rank.max(1) as u64
    }
}

/// How values are rounded. Rounding keeps the order of values, so that a percentile of rounded
/// values is the rounded percentile; and what is rounded stays as it is when it is rounded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To 8 significant bits, in the middle of what has them in common.
    Relative,
    /// Times, to the middle of the minute: 8 bits of a time would be months.
    Minutes,
}

impl Rounding {
    pub fn of(kind: Kind) -> Rounding {
        if kind == Kind::Time { Rounding::Minutes } else { Rounding::Relative }
    }

    pub fn round(self, value: u64) -> u64 {
        match self {
            Rounding::Minutes => (value / 60 * 60).saturating_add(30),
            Rounding::Relative => match 56u32.saturating_sub(value.leading_zeros()) {
                0 => value,
                low => value >> low << low | 1 << (low - 1),
            },
        }
    }

    /// How far off a rounded value is at most.
    pub fn bound(self) -> &'static str {
        match self {
            // Half of the 2^low values that are alike, in at least 2^7 times as many.
            Rounding::Relative => "0.4 %",
            Rounding::Minutes => "30 seconds",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn percentile(name: &str) -> Percentile {
        Percentile::parse(name).expect("a percentile").expect("a good one")
    }

    #[test]
    fn percentiles_are_read_and_named() {
        for (name, column) in [
            ("p50", "p50"),
            ("P95", "p95"),
            ("p99.9", "p99_9"),
            ("p99.90", "p99_9"),
            ("p100.0", "p100"),
            ("p05", "p5"),
            ("p0.001", "p0_001"),
            ("p0.05", "p0_05"),
        ] {
            assert_eq!(percentile(name).column(), column);
        }
        for name in ["p", "packets", "pNN", "p.5", "q50", "", "p-1"] {
            assert_eq!(Percentile::parse(name), None, "{name}");
        }
        for name in ["p0", "p0.0", "p100.1", "p101", "p9x", "p9.9.9", "p9.0000000001", "p99999999999999999999"] {
            assert!(Percentile::parse(name).unwrap().is_err(), "{name}");
        }
    }

    /// The published example of the nearest-rank method (Wikipedia, "Percentile"): of 15, 20, 35,
    /// 40, 50 the 5th, 30th, 40th, 50th and 100th percentiles are 15, 20, 20, 35, 50; of 3, 6, 7,
    /// 8, 8, 10, 13, 15, 16, 20 the quartiles are 7, 8, 15, 20.
    #[test]
    fn ranks_are_those_of_the_books() {
        let find = |values: &[u64], name: &str| values[percentile(name).rank(values.len() as u64) as usize - 1];
        let five = [15, 20, 35, 40, 50];
        assert_eq!(["p5", "p30", "p40", "p50", "p100"].map(|p| find(&five, p)), [15, 20, 20, 35, 50]);
        let ten = [3, 6, 7, 8, 8, 10, 13, 15, 16, 20];
        assert_eq!(["p25", "p50", "p75", "p100"].map(|p| find(&ten, p)), [7, 8, 15, 20]);
        assert_eq!(percentile("p99.9").rank(1000), 999);
        assert_eq!(percentile("p99.9").rank(1001), 1000);
        assert_eq!(percentile("p0.000000001").rank(7), 1);
        assert_eq!(percentile("p100").rank(u64::MAX), u64::MAX);
    }

    proptest! {
        #[test]
        fn rounding_is_close_keeps_order_and_is_done_once(a in any::<u64>(), b in any::<u64>(), shift in 0u32..64) {
            let (a, b) = (a >> shift, b >> shift);
            for rounding in [Rounding::Relative, Rounding::Minutes] {
                let rounded = rounding.round(a);
                prop_assert_eq!(rounding.round(rounded), rounded);
                prop_assert!(a > b || rounded <= rounding.round(b));
                let off = u128::from(a.abs_diff(rounded));
                match rounding {
                    Rounding::Relative => prop_assert!(off * 256 <= a.into() && (a >= 256 || off == 0), "{} {}", a, rounded),
                    Rounding::Minutes => prop_assert!(off <= 30),
                }
            }
        }
    }

    #[test]
    fn the_ends_are_rounded_too() {
        for rounding in [Rounding::Relative, Rounding::Minutes] {
            for value in [0, 1, 255, 256, 257, u64::MAX - 1, u64::MAX] {
                assert_eq!(rounding.round(rounding.round(value)), rounding.round(value));
            }
        }
        assert_eq!(Rounding::Relative.round(256), 257);
        assert_eq!(Rounding::Relative.round(1500), 1500);
        assert_eq!(Rounding::Relative.round(1503), 1500);
        assert_eq!(Rounding::Relative.round(65535), 65408);
    }
}
