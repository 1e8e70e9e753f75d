//! Merged groups become rows: the order, the limit, the totals.

use super::codec::Codec;
use super::entry::Entry;
use super::keep::{Candidate, Keep};
use super::loglog;
use super::measure::Op;
use super::memory::Memory;
use super::partitions::{Run, merge_part, over_partitions};
use super::percentile::Rounding;
use super::plan::GroupPlan;
use super::rows::{Order, RankedRows, Row, Sorter};
use super::store::{Piece, Tables, sides};
use super::table::Table;
use crate::schema::Value;
use std::io;
use std::sync::Arc;

/// The answer of one grouping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// The first rows in the order that was asked for.
    pub rows: Vec<Row>,
    /// How many groups there are in all, of those that are kept.
    pub groups: usize,
    /// Sums of each operation-like measure over all selected records, those without a key
    /// included; 0 where a total makes no sense.
    pub totals: Vec<u128>,
    /// Selected records that have no value for a key.
    pub null_keys: u64,
}

/// Puts merged groups in order and keeps those that are wanted.
pub struct Ranking<'a> {
    pub planned: &'a GroupPlan,
    pub order: Order,
    pub keep: &'a Keep,
    pub texts: &'a [Arc<[u8]>],
    /// How the values in some words of the states are rounded.
    pub roundings: &'a [(usize, Rounding)],
    pub memory: &'a Memory,
}

impl Ranking<'_> {
    /// The wanted rows of all groups, in order; `unkeyed` has the records that are in no group.
    pub fn rows(&self, sources: &[Tables], unkeyed: &Table, run: Run<'_>) -> io::Result<(Grouped, RankedRows)> {
        let mut totals = self.totals(&mut unkeyed.entries());
        let add = |totals: &mut Vec<u128>, more: Vec<u128>| totals.iter_mut().zip(more).for_each(|(sum, n)| *sum += n);
        // Conditions may ask for shares, and those need the totals before any group is looked at.
        let early = !self.keep.is_all();
        if early {
            for (pieces, _) in sides(sources, &self.planned.codecs) {
                let parts = over_partitions(&pieces, run, |part, parts_log2| {
                    let totals = |piece: &Piece<'_>| piece.partition(part, parts_log2, |entries| self.totals(entries));
                    pieces.iter().map(totals).collect::<io::Result<Vec<_>>>()
                })?;
                parts.into_iter().flatten().for_each(|part| add(&mut totals, part));
            }
        }
        let used: usize = sources.iter().flat_map(Tables::stores).map(|store| store.bytes_with(0)).sum();
        let values = self.planned.codecs.narrow.parts() + self.planned.measures.len();
        let room = self.memory.bytes.saturating_sub(used);
        let sorter = Sorter::new(self.order, values, room, &self.memory.directory);
        let mut groups = 0;
        for (pieces, codec) in sides(sources, &self.planned.codecs) {
            let parts = over_partitions(&pieces, run, |part, parts_log2| {
                let merged = merge_part(&pieces, codec, part, parts_log2, &self.planned.word_ops)?;
                let (rows, groups) = self.top(&merged, codec, &totals);
                sorter.add(rows)?;
                Ok((groups, if early { vec![] } else { self.totals(&mut merged.entries()) }))
            })?;
            for (count, part) in parts {
                groups += count;
                add(&mut totals, part);
            }
        }
        Ok((Grouped { rows: vec![], groups, totals, null_keys: 0 }, sorter.finish()?))
    }

    /// Whether the group in a slot of a merged table is kept.
    fn keeps(&self, table: &Table, codec: &Codec, slot: u32, totals: &[u128]) -> bool {
        self.keep.is_all() || self.keep.keeps(&Candidate { ranking: self, codec, entry: table.entry_at(slot), totals })
    }

    /// The wanted rows of one partition, in no order, and how many groups they are from.
    pub fn top(&self, table: &Table, codec: &Codec, totals: &[u128]) -> (Vec<Row>, usize) {
        let mut kept = 0;
        let mut best: Vec<(Value, u32)> = Vec::new();
        let limit = match self.order.limit {
            0 => usize::MAX,
            limit => limit,
        };
        let compare = |a: &(Value, u32), b: &(Value, u32)| {
            let keys = || codec.compare(table.entry_at(a.1).key, table.entry_at(b.1).key, self.texts);
            self.order.by_measure(&a.0, &b.0).then_with(keys)
        };
        // Once enough are kept, most of the others are worse than the worst of them.
        let mut worst: Option<(Value, u32)> = None;
        let trim = |best: &mut Vec<(Value, u32)>| {
            let (_, last, _) = best.select_nth_unstable_by(limit - 1, compare);
            let last = last.clone();
            best.truncate(limit);
            last
        };
        for slot in table.occupied().filter(|slot| self.keeps(table, codec, *slot, totals)) {
            kept += 1;
            let value = match self.order.measure {
                Some(measure) => self.measure(measure, &table.entry_at(slot)),
                None => Value::None,
            };
            let candidate = (value, slot);
            if worst.as_ref().is_some_and(|worst| compare(&candidate, worst).is_gt()) {
                continue;
            }
            best.push(candidate);
            if best.len() / 2 >= limit {
                worst = Some(trim(&mut best));
            }
        }
        if best.len() > limit {
            trim(&mut best);
        }
        let row = |(_, slot): (Value, u32)| {
            let entry = table.entry_at(slot);
            Row {
                keys: codec.values(entry.key, self.texts),
                measures: (0..self.planned.measures.len()).map(|m| self.measure(m, &entry)).collect(),
            }
        };
        (best.into_iter().map(row).collect(), kept)
    }

    /// The value of a measure of a group.
    pub fn measure(&self, measure: usize, entry: &Entry<'_>) -> Value {
        let planned = &self.planned.measures[measure];
        let states: [Option<u128>; 2] = std::array::from_fn(|i| {
            let op = &self.planned.ops[*planned.ops.get(i)?];
            match op.op {
                Op::AboutDistinct(_) => Some(loglog::estimate(entry.sum(op.word), entry.sum(op.word + 1))),
                Op::Min(_) | Op::Max(_) | Op::Percentile(..) => {
                    let rounding = self.roundings.iter().find(|(word, _)| *word == op.word);
                    let value = rounding.map_or(entry.state[op.word], |(_, by)| by.round(entry.state[op.word]));
                    (entry.state[op.word + 1] != 0).then(|| value.into())
                }
                _ => Some(op.total(entry)),
            }
        });
        planned.measure.value(&states)
    }

    /// The totals of all measures that can be shared out.
    pub fn totals<'t>(&self, entries: &mut dyn Iterator<Item = Entry<'t>>) -> Vec<u128> {
        let mut totals = vec![0; self.planned.measures.len()];
        for entry in entries {
            for (total, planned) in totals.iter_mut().zip(&self.planned.measures) {
                if planned.measure.has_share() {
                    *total += self.planned.ops[planned.ops[0]].total(&entry);
                }
            }
        }
        totals
    }
}
