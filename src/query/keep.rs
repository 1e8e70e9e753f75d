//! Which groups become rows: conditions on a group's keys and measures, asked before the order and
//! the limit, so that a group that is left out is neither a row nor counted as one. Totals are of
//! all groups all the same.

use super::QueryError;
use super::codec::Codec;
use super::entry::Entry;
use super::rank::Ranking;
use crate::schema::Value;
use std::fmt;
use std::sync::Arc;

type Condition = Arc<dyn Fn(&Candidate<'_>) -> bool + Send + Sync>;

/// The conditions that a group has to meet, all of them.
#[derive(Clone, Default)]
pub struct Keep(Vec<Condition>);

impl Keep {
    /// The same with one condition more.
    pub fn and(mut self, condition: impl Fn(&Candidate<'_>) -> bool + Send + Sync + 'static) -> Keep {
        self.0.push(Arc::new(condition));
        self
    }

    /// Whether every group is kept.
    pub fn is_all(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a group meets every condition.
    pub fn keeps(&self, candidate: &Candidate<'_>) -> bool {
        self.0.iter().all(|condition| condition(candidate))
    }
}

impl fmt::Debug for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keep({})", self.0.len())
    }
}

/// A group that may become a row. Its values are worked out when they are asked for.
pub struct Candidate<'a> {
    pub(super) ranking: &'a Ranking<'a>,
    pub(super) codec: &'a Codec,
    pub(super) entry: Entry<'a>,
    pub(super) totals: &'a [u128],
}

impl Candidate<'_> {
    /// The values of the grouping's keys, in order.
    pub fn keys(&self) -> Vec<Value> {
        self.codec.values(self.entry.key, self.ranking.texts)
    }

    /// The value of the grouping's measure number `measure`.
    pub fn measure(&self, measure: usize) -> Value {
        self.ranking.measure(measure, &self.entry)
    }

    /// The total of a measure over all selected records, as `Grouped` has it.
    pub fn total(&self, measure: usize) -> u128 {
        self.totals[measure]
    }
}

/// The smallest share that is wanted: `units` divided by `scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MinShare {
    units: u64,
    scale: u64,
}

impl MinShare {
    /// Reads `0.01` or `1%`.
    pub fn parse(text: &str) -> Result<MinShare, QueryError> {
        let (number, whole) = text.strip_suffix('%').map_or((text, 1), |number| (number, 100));
        let (before, after) = number.split_once('.').unwrap_or((number, ""));
        let digits = [before, after].concat();
        let plain = !digits.is_empty() && after.len() <= 9 && digits.bytes().all(|b| b.is_ascii_digit());
        let scale = whole * 10u64.pow(after.len().min(9) as u32);
        let units = if plain { digits.parse().ok().filter(|units| *units <= scale) } else { None };
        let wrong = || QueryError(format!("'{text}': expected a share from 0 to 1, as 0.01 or 1%"));
        units.map(|units| MinShare { units, scale }).ok_or_else(wrong)
    }

    /// Whether `part` is such a share of `total`; a part of nothing is the share 0.
    pub fn is_reached(self, part: u128, total: u128) -> bool {
        if total == 0 {
            return self.units == 0;
        }
        product(part, self.scale) >= product(total, self.units)
    }
}

/// A product that may exceed 128 bits, as two parts that compare in order.
fn product(a: u128, b: u64) -> (u128, u64) {
    let low = (a & u128::from(u64::MAX)) * u128::from(b);
    let high = (a >> 64) * u128::from(b) + (low >> 64);
    (high, low as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_and_compared_exactly() {
        let share = |text| MinShare::parse(text).expect("a share");
        for text in ["0.01", "1%", "1.0%", ".01", "01%"] {
            assert!(share(text).is_reached(1, 100) && !share(text).is_reached(99, 10_000), "{text}");
        }
        assert!(share("0").is_reached(0, 5) && share("0").is_reached(0, 0) && !share("0.1").is_reached(0, 0));
        assert!(share("100%").is_reached(7, 7) && !share("1").is_reached(6, 7));
        // Beyond what 128 bits hold, to the last unit.
        let total = u128::MAX - 1;
        assert!(share("50%").is_reached(total / 2, total) && !share("50%").is_reached(total / 2 - 1, total));
        for text in ["", "%", ".", "2", "101%", "-1", "1e-3", "a", "0.0000000001", "1 %", "0,1"] {
            assert!(MinShare::parse(text).is_err(), "{text}");
        }
    }
}
