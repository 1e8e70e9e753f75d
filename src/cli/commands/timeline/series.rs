//! Which values have a series of their own.

use super::extent::Extent;
use crate::cli::Error;
use crate::engine::Answer;
use crate::query::{Order, Row};
use crate::report::count;
use crate::schema::Value;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// About the memory that a value takes until it is ranked, in bytes.
const VALUE: usize = 200;

/// The values with series of their own.
pub struct Largest {
    /// In their order.
    pub values: Vec<Value>,
    /// How many values there are in all.
    pub groups: usize,
    /// Flows that are in no series.
    pub null_keys: u64,
}

impl Largest {
    /// The `limit` values (0: all) with the most flows, of a grouping by all of time and the key.
    pub fn of(answer: &mut Answer, grouping: usize, limit: usize) -> Result<Largest, Error> {
        let order = Order { measure: Some(0), ascending: false, limit };
        let grouped = answer.grouped(grouping, order)?;
        let mut values: Vec<Value> = grouped.rows.into_iter().map(|row: Row| row.keys[1].clone()).collect();
        values.sort();
        Ok(Largest { values, groups: grouped.groups, null_keys: grouped.null_keys })
    }

    /// Those with the most flows in the window, then before it, of a grouping by buckets and the key.
    pub fn since(answer: &mut Answer, grouping: usize, limit: usize, extent: &Extent) -> Result<Largest, Error> {
        let most = answer.memory() / VALUE;
        let mut flows: BTreeMap<Value, [u128; 2]> = BTreeMap::new();
        let mut is_full = false;
        let null_keys = answer.each(grouping, |mut keys, measures| {
            let (Some(value), Value::Time(time)) = (keys.pop(), &keys[0]) else { return };
            is_full |= flows.len() >= most && !flows.contains_key(&value);
            if !is_full {
                let before = usize::from(*time < extent.since);
                flows.entry(value).or_default()[before] += measures[0].as_int();
            }
        })?;
        if is_full {
            return Err(Error::Usage(format!(
                "--max-memory: more than {} values of --by cannot be ranked with --compare; allow more, or filter",
                count(most as u128)
            )));
        }
        let groups = flows.len();
        let mut ranked: Vec<(Value, [u128; 2])> = flows.into_iter().collect();
        // The values stand in order already.
        ranked.sort_by_key(|(_, flows)| Reverse(*flows));
        ranked.truncate(if limit == 0 { groups } else { limit });
        let mut values: Vec<Value> = ranked.into_iter().map(|(value, _)| value).collect();
        values.sort();
        Ok(Largest { values, groups, null_keys })
    }
}
