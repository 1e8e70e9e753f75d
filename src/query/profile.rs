//! The values of a grouping at a glance: how many, the smallest and the largest, the most frequent.
//! Goes partition by partition, and never makes a row of every group.

use super::codec::Codec;
use super::keep::Keep;
use super::memory::MemoryError;
use super::merge::{Gathered, Merge};
use super::partitions::{Run, merge_part, over_partitions};
use super::rank::Ranking;
use super::rows::{Order, Row};
use super::store::sides;
use super::table::Table;
use crate::schema::Value;
use std::io;
use std::sync::Arc;

/// What there is to know of the values of a key. The first measure of its grouping is the count of
/// records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Records that the grouping selects, with a value or not.
    pub records: u128,
    /// Records without a value.
    pub null_keys: u64,
    /// How many values there are.
    pub distinct: usize,
    pub smallest: Option<Value>,
    pub largest: Option<Value>,
    /// The most frequent values with their counts; of several alike the smaller first.
    pub top: Vec<(Value, u128)>,
}

/// What one partition has.
struct Part {
    rows: Vec<Row>,
    groups: usize,
    records: u128,
    ends: Option<(Value, Value)>,
}

impl Merge {
    /// The values of grouping number `group`, which has one key, and its `top` most frequent ones.
    /// The states of that grouping are used up.
    pub fn profile(&mut self, group: usize, top: usize, run: Run<'_>) -> Result<Profile, MemoryError> {
        self.told(|merge| merge.profile_of(group, top, run))
    }

    fn profile_of(&mut self, group: usize, top: usize, run: Run<'_>) -> io::Result<Profile> {
        let Gathered { sources, unkeyed, null_keys, roundings } = self.gather(group, run)?;
        let planned = &self.plan.groups[group];
        let texts = self.plan.symbols.texts();
        let order = Order { measure: Some(0), ascending: false, limit: top };
        let ranking = Ranking {
            planned,
            order,
            keep: &Keep::default(),
            texts: &texts,
            roundings: &roundings,
            memory: &self.plan.memory,
        };
        let records = |table: &Table| ranking.totals(&mut table.entries()).first().copied().unwrap_or(0);
        let mut all = Profile { records: records(&unkeyed), null_keys, ..Profile::default() };
        let mut rows: Vec<Row> = Vec::new();
        for (pieces, codec) in sides(&sources, &planned.codecs) {
            let parts = over_partitions(&pieces, run, |part, parts_log2| {
                let merged = merge_part(&pieces, codec, part, parts_log2, &planned.word_ops)?;
                Ok(Part {
                    rows: ranking.top(&merged, codec, &[]).0,
                    groups: merged.len(),
                    records: records(&merged),
                    ends: ends(&merged, codec, &texts),
                })
            })?;
            for part in parts {
                rows.extend(part.rows);
                all.distinct += part.groups;
                all.records += part.records;
                let (low, high) = part.ends.unzip();
                all.smallest = all.smallest.take().into_iter().chain(low).min();
                all.largest = all.largest.take().into_iter().chain(high).max();
            }
        }
        rows.sort_unstable_by(|a, b| order.rows(a, b));
        rows.truncate(top);
        all.top = rows.into_iter().map(|row| (row.keys[0].clone(), row.measures[0].as_int())).collect();
        Ok(all)
    }
}

/// The smallest and the largest key of a table, by the order of results.
fn ends(table: &Table, codec: &Codec, texts: &[Arc<[u8]>]) -> Option<(Value, Value)> {
    let keys = || table.entries().map(|entry| entry.key);
    let smallest = keys().min_by(|a, b| codec.compare(a, b, texts))?;
    let largest = keys().max_by(|a, b| codec.compare(a, b, texts))?;
    let value = |key: &[u64]| codec.values(key, texts).into_iter().next().unwrap_or(Value::None);
    Some((value(smallest), value(largest)))
}
