//! The groups of all workers brought together, one partition of the hash after another.

use super::group::{GroupState, State};
use super::held::Held;
use super::keep::Keep;
use super::made::Made;
use super::memory::{Memory, MemoryError};
use super::partitions::{Run, merge_part, over_partitions, parts_log2};
use super::percentile::Rounding;
use super::plan::{GroupPlan, Plan, PlannedOp};
use super::rank::{Grouped, Ranking};
use super::rows::{Order, RankedRows};
use super::sketch::{Rounded, Sketch};
use super::store::{Prefixes, Store, Tables, sides};
use super::table::Table;
use crate::schema::Value;
use std::io;
use std::sync::Arc;

/// The states of all workers, ready to become rows.
pub struct Merge {
    pub(super) plan: Arc<Plan>,
    states: Vec<State>,
    /// What the results so far have rounded.
    pub rounded: Vec<Rounded>,
}

impl Merge {
    /// Takes the states of every worker, in any order.
    pub fn new(plan: &Arc<Plan>, mut states: Vec<State>) -> Result<Merge, MemoryError> {
        match states.iter_mut().find_map(State::take_failure) {
            Some(failure) => Err(failure),
            None => Ok(Merge { plan: plan.clone(), states, rounded: vec![] }),
        }
    }

    /// The flows that are held, if that was asked for and they fit in memory.
    pub fn take_held(&mut self) -> Option<Held> {
        Held::new(&self.plan, self.states.iter_mut().filter_map(State::take_held).collect())
    }

    /// What groups may take.
    pub fn memory(&self) -> &Memory {
        &self.plan.memory
    }

    /// A number of groups that grouping number `group` does not exceed.
    pub fn most_groups(&self, group: usize) -> usize {
        let stores = self.states.iter().flat_map(|state| state.groups[group].tables.stores());
        stores.flat_map(Store::pieces).map(|piece| piece.len()).sum()
    }

    /// The rows of grouping number `group`, of the groups that are kept. The states of that grouping
    /// are used up.
    pub fn finish(&mut self, group: usize, order: Order, keep: &Keep, run: Run<'_>) -> Result<Grouped, MemoryError> {
        let (grouped, rows) = self.finish_apart(group, order, keep, run)?;
        self.told(|_| Ok(Grouped { rows: rows.collect::<io::Result<_>>()?, ..grouped }))
    }

    /// The same with the rows apart, which need not be in memory.
    pub fn finish_apart(
        &mut self,
        group: usize,
        order: Order,
        keep: &Keep,
        run: Run<'_>,
    ) -> Result<(Grouped, RankedRows), MemoryError> {
        self.told(|merge| {
            let gathered = merge.gather(group, run)?;
            let (planned, memory) = (&merge.plan.groups[group], &merge.plan.memory);
            let texts = merge.plan.symbols.texts();
            let ranking = Ranking { planned, order, keep, texts: &texts, roundings: &gathered.roundings, memory };
            let (grouped, rows) = ranking.rows(&gathered.sources, &gathered.unkeyed, run)?;
            Ok((Grouped { null_keys: gathered.null_keys, ..grouped }, rows))
        })
    }

    /// Calls `each` with the keys and measures of every group of grouping number `group`, in no
    /// order: for groups too many to be rows. The states of that grouping are used up. Returns how
    /// many records are in no group.
    pub fn each(
        &mut self,
        group: usize,
        run: Run<'_>,
        mut each: impl FnMut(Vec<Value>, Vec<Value>),
    ) -> Result<u64, MemoryError> {
        self.told(|merge| {
            let Gathered { sources, null_keys, roundings, .. } = merge.gather(group, run)?;
            let texts = merge.plan.symbols.texts();
            let planned = &merge.plan.groups[group];
            let order = Order { measure: None, ascending: true, limit: 0 };
            let (keep, memory) = (&Keep::default(), &merge.plan.memory);
            let ranking = Ranking { planned, order, keep, texts: &texts, roundings: &roundings, memory };
            for (pieces, codec) in sides(&sources, &planned.codecs) {
                let parts_log2 = parts_log2(&pieces);
                for part in 0..1 << parts_log2 {
                    let merged = merge_part(&pieces, codec, part, parts_log2, &planned.word_ops)?;
                    for entry in merged.entries() {
                        let measures = (0..planned.measures.len()).map(|m| ranking.measure(m, &entry)).collect();
                        each(codec.values(entry.key, &texts), measures);
                    }
                }
            }
            Ok(null_keys)
        })
    }

    /// Does something that may fail because of the disk.
    pub(super) fn told<T>(&mut self, work: impl FnOnce(&mut Merge) -> io::Result<T>) -> Result<T, MemoryError> {
        work(self).map_err(|error| self.plan.memory.failed(error))
    }

    /// Takes a grouping out of all states, its distinct values counted.
    pub(super) fn gather(&mut self, group: usize, run: Run<'_>) -> io::Result<Gathered> {
        let planned = &self.plan.groups[group];
        let taken = self.states.iter_mut();
        let taken: Vec<_> =
            taken.map(|state| std::mem::replace(&mut state.groups[group], GroupState::new(planned))).collect();
        let used = taken.iter().map(GroupState::bytes).sum();
        let made = Made::new(planned, &self.plan.memory, used);
        let (sources, roundings) = (vec![], vec![]);
        let mut all = Gathered { sources, unkeyed: Table::new(1, &planned.word_ops), null_keys: 0, roundings };
        let mut sets: Vec<Vec<Tables>> = planned.distinct().map(|_| Vec::new()).collect();
        let mut sketches: Vec<Vec<Sketch>> = planned.sketches.iter().map(|_| Vec::new()).collect();
        for state in taken {
            all.unkeyed.merge(state.unkeyed.entries(), &planned.word_ops);
            all.null_keys += state.null_keys;
            all.sources.push(state.tables);
            sets.iter_mut().zip(state.sets).for_each(|(sets, set)| sets.push(set));
            sketches.iter_mut().zip(state.sketches).for_each(|(sketches, sketch)| sketches.push(sketch));
        }
        for (op, sets) in planned.distinct().zip(sets) {
            count_sets(planned, op, &sets, &made, run)?;
        }
        for (sketch, sketches) in planned.sketches.iter().zip(sketches) {
            let finished = sketch.finish(planned, sketches, self.plan.exact_values, &made, run)?;
            all.roundings.extend(finished.roundings);
            self.rounded.extend(finished.rounded);
        }
        all.sources.extend(made.into_tables());
        Ok(all)
    }
}

/// A grouping of all workers.
pub(super) struct Gathered {
    pub sources: Vec<Tables>,
    pub unkeyed: Table,
    pub null_keys: u64,
    /// How the values in some words of the states are rounded.
    pub roundings: Vec<(usize, Rounding)>,
}

/// Counts the distinct values of every group.
fn count_sets(planned: &GroupPlan, op: &PlannedOp, sets: &[Tables], made: &Made<'_>, run: Run<'_>) -> io::Result<()> {
    let codecs = op.distinct.as_ref().expect("a distinct operation");
    for (wide, (pieces, codec)) in sides(sets, codecs).into_iter().enumerate() {
        over_partitions(&pieces, run, |part, parts_log2| {
            let merged = merge_part(&pieces, codec, part, parts_log2, &[])?;
            let mut groups = Prefixes::default();
            merged.entries().for_each(|entry| groups.push(&planned.codecs, wide == 1, entry.key, &[1]));
            made.with(|counts| {
                groups.apply(counts, &planned.codecs, |table, slots, ones| table.add(op.word, 1, slots, ones));
            })
        })?;
    }
    Ok(())
}
