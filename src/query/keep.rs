//! Which groups become rows: conditions on a group's keys and measures, asked before the order and
//! the limit, so that a group that is left out is neither a row nor counted as one. Totals are of
//! all groups all the same.

use super::codec::Codec;
use super::rank::Ranking;
use super::table::Entry;
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
