//! Grouping at work: what one worker gathers.

use super::hash::hash;
use super::held::Holder;
use super::key::number_of;
use super::measure::Op;
use super::memory::MemoryError;
use super::plan::{GroupPlan, Plan, PlannedOp};
use super::sketch::Sketch;
use super::spill::Spool;
use super::store::{Store, Tables};
use super::symbols::{BatchSymbols, SymbolCache};
use super::table::{OCCUPIED, Table};
use super::{Key, Select};
use crate::decode::{Batch, Status};
use crate::schema::Field;
use std::ops::Range;
use std::sync::Arc;

/// What one worker has gathered.
pub struct State {
    plan: Arc<Plan>,
    pub(super) groups: Vec<GroupState>,
    symbols: SymbolCache,
    scratch: Scratch,
    spool: Spool,
    held: Option<Holder>,
    /// Why the groups cannot be kept.
    failure: Option<MemoryError>,
}

pub(super) struct GroupState {
    pub tables: Tables,
    /// The records left out for want of a key, so that totals are of all records.
    pub unkeyed: Table,
    pub null_keys: u64,
    /// For each distinct measure, the set of its values in every group.
    pub sets: Vec<Tables>,
    pub sketches: Vec<Sketch>,
}

/// More records than a batch has.
const AHEAD: usize = 4096;

#[derive(Default)]
struct Scratch {
    /// The records that a grouping takes, and of those the ones that are worked on.
    taken: Vec<u32>,
    rows: Vec<u32>,
    keys: Vec<u64>,
    slots: Vec<u32>,
    symbols: Vec<Vec<u32>>,
    sums: Vec<u64>,
}

impl State {
    /// An empty state.
    pub fn new(plan: &Arc<Plan>) -> State {
        State {
            groups: plan.groups.iter().map(GroupState::new).collect(),
            symbols: SymbolCache::new(&plan.symbols),
            scratch: Scratch::default(),
            spool: Spool::new(&plan.memory.directory),
            held: plan.room.as_ref().map(Holder::new),
            failure: None,
            plan: plan.clone(),
        }
    }

    /// Whether groups cannot be kept, so that nothing more is of use.
    pub fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Why, if so.
    pub(super) fn take_failure(&mut self) -> Option<MemoryError> {
        self.failure.take()
    }

    pub(super) fn take_held(&mut self) -> Option<Holder> {
        self.held.take()
    }

    /// Takes in the records of a batch, or those that are `selected`.
    pub fn consume(&mut self, batch: &Batch<'_>, selected: Option<&[bool]>) {
        let plan = self.plan.clone();
        if let Some(held) = &mut self.held {
            held.add(&plan, batch, selected);
        }
        let takes = |select: Select| !(plan.apart && select.is_unfiltered());
        match &plan.spread {
            Some(spread) => spread.each(batch, selected, |pieces| self.group(pieces, None, takes)),
            None => self.group(batch, selected, takes),
        }
    }

    /// Takes in the records of a batch, before it becomes others, where every record counts.
    pub fn consume_whole(&mut self, batch: &Batch<'_>) {
        if self.plan.apart {
            self.group(batch, None, Select::is_unfiltered);
        }
    }

    /// Keeps to the memory that this worker may take.
    fn keep_to_share(&mut self) {
        let plan = self.plan.clone();
        let (memory, texts) = (&plan.memory, plan.symbols.bytes());
        if texts > memory.texts() {
            self.failure.get_or_insert(MemoryError::Texts { limit: memory.texts() });
        }
        let used: usize = self.groups.iter().map(GroupState::bytes).sum();
        let held = plan.room.as_ref().map_or(0, |room| room.bytes());
        if used > memory.share(texts + held)
            && let Err(error) = self.spill(used)
        {
            self.failure.get_or_insert(memory.failed(error));
        }
    }

    /// Moves groups to disk: whatever takes at least an equal part of the memory `used`.
    #[cold]
    fn spill(&mut self, used: usize) -> std::io::Result<()> {
        let count: usize = self.groups.iter().map(|group| group.stores().count()).sum();
        let is_large = |store: &Store| store.bytes_with(AHEAD) * count >= used;
        for (group, planned) in self.groups.iter_mut().zip(&self.plan.groups) {
            let tables = std::iter::once(&mut group.tables).chain(&mut group.sets);
            for store in tables.flat_map(Tables::stores_mut).filter(|store| is_large(store)) {
                store.spill(&mut self.spool, &hash)?;
            }
            for (sketch, planned) in group.sketches.iter_mut().zip(&planned.sketches) {
                sketch.spill(planned, &mut self.spool, &is_large)?;
            }
        }
        Ok(())
    }

    fn group(&mut self, batch: &Batch<'_>, selected: Option<&[bool]>, takes: impl Fn(Select) -> bool) {
        let plan = self.plan.clone();
        let Scratch { taken, rows, keys, slots, symbols, sums } = &mut self.scratch;
        let mut taken_by = None;
        let mut symbols = BatchSymbols::new(&mut self.symbols, symbols, batch.columns.len());
        for (group, planned) in self.groups.iter_mut().zip(&plan.groups).filter(|(_, planned)| takes(planned.select)) {
            if taken_by.replace(planned.select) != Some(planned.select) {
                select(planned.select, &plan, batch, selected, taken);
            }
            rows.clone_from(taken);
            if planned.only_counts() && planned.codecs.narrow.is_absent(batch) {
                group.add_absent(planned, rows.len() as u64, slots);
                continue;
            }
            if planned.codecs.narrow.retain_present(batch, rows) > 0 {
                group.add_unkeyed(planned, batch, taken.clone(), rows, slots);
            }
            let wide = planned.codecs.narrow.split_wide(batch, rows);
            let parts = [
                (&mut group.tables.narrow, &planned.codecs.narrow, &rows[..]),
                (&mut group.tables.wide, &planned.codecs.wide, &wide[..]),
            ];
            for (table, codec, rows) in parts.into_iter().filter(|(_, _, rows)| !rows.is_empty()) {
                codec.encode(batch, rows, &mut symbols, keys);
                let table = table.with_room(rows.len());
                table.prepare(keys, slots);
                gather_sums(planned, batch, rows, sums);
                table.find(keys, slots);
                update(table, slots, planned, batch, rows, sums);
            }
            rows.extend_from_slice(&wide);
            let sets = planned.distinct().filter_map(|op| op.distinct.as_ref());
            for (set, codecs) in group.sets.iter_mut().zip(sets) {
                let mut rows = rows.clone();
                codecs.narrow.retain_present(batch, &mut rows);
                let wide = codecs.narrow.split_wide(batch, &mut rows);
                codecs.narrow.encode(batch, &rows, &mut symbols, keys);
                set.narrow.with_room(rows.len()).upsert(keys, slots);
                codecs.wide.encode(batch, &wide, &mut symbols, keys);
                set.wide.with_room(wide.len()).upsert(keys, slots);
            }
            for (sketch, planned) in group.sketches.iter_mut().zip(&planned.sketches) {
                sketch.consume(planned, plan.exact_values, batch, rows, &mut symbols, keys, slots);
            }
        }
        self.keep_to_share();
    }
}

/// Fills `rows` with the records that a grouping takes.
pub(super) fn select(select: Select, plan: &Plan, batch: &Batch<'_>, selected: Option<&[bool]>, rows: &mut Vec<u32>) {
    rows.clear();
    let all = 0..batch.rows() as u32;
    let is_flow = |row: &u32| batch.status[*row as usize] == Status::Flow;
    match select {
        Select::Records => take(all, selected, rows, |_| true),
        Select::Unfiltered => rows.extend(all),
        Select::Flows => take(all, selected, rows, is_flow),
        Select::Rejects => {
            let Some(action) = batch.columns[plan.column(Field::Action)].as_text() else { return };
            let is_reject = |row: &u32| action.bytes(*row as usize, batch.text) == b"REJECT";
            take(all, selected, rows, |row| is_flow(row) && is_reject(row));
        }
        Select::Between { time, from, until } | Select::UnfilteredBetween { time, from, until } => {
            let Some(times) = batch.columns[plan.column(time)].as_number() else { return };
            let is_within = |row: &u32| {
                let row = *row as usize;
                times.present[row] && (from..until).contains(&times.values[row])
            };
            match select.is_unfiltered() {
                true => rows.extend(all.filter(is_within)),
                false => take(all, selected, rows, |row| is_flow(row) && is_within(row)),
            }
        }
    }
}

#[inline(always)]
fn take(all: Range<u32>, selected: Option<&[bool]>, rows: &mut Vec<u32>, wanted: impl Fn(&u32) -> bool) {
    match selected {
        None => rows.extend(all.filter(wanted)),
        Some(selected) => rows.extend(all.filter(|row| selected[*row as usize]).filter(wanted)),
    }
}

impl GroupState {
    pub fn new(planned: &GroupPlan) -> GroupState {
        let sets = planned.distinct().filter_map(|op| op.distinct.as_ref());
        GroupState {
            tables: Tables::new(&planned.codecs, &planned.word_ops),
            unkeyed: Table::new(1, &planned.word_ops),
            null_keys: 0,
            sets: sets.map(|codecs| Tables::new(codecs, &[])).collect(),
            sketches: planned.sketches.iter().map(Sketch::new).collect(),
        }
    }

    /// All that can be large.
    fn stores(&self) -> impl Iterator<Item = &Store> {
        let tables = std::iter::once(&self.tables).chain(&self.sets);
        tables.flat_map(Tables::stores).chain(self.sketches.iter().flat_map(Sketch::stores))
    }

    /// The memory that it takes, and may take before it is asked again.
    pub fn bytes(&self) -> usize {
        self.stores().map(|store| store.bytes_with(AHEAD)).sum()
    }

    /// Adds records without a key to a grouping that counts records alone.
    fn add_absent(&mut self, planned: &GroupPlan, records: u64, slots: &mut Vec<u32>) {
        self.null_keys += records;
        self.unkeyed.upsert(&[OCCUPIED], slots);
        self.unkeyed.add(0, planned.sums, slots, &[records]);
    }

    /// Adds those of all selected records that are not among the keyed.
    #[cold]
    fn add_unkeyed(
        &mut self,
        planned: &GroupPlan,
        batch: &Batch<'_>,
        mut rows: Vec<u32>,
        keyed: &[u32],
        slots: &mut Vec<u32>,
    ) {
        let mut keyed = keyed.iter().copied().peekable();
        rows.retain(|row| keyed.next_if_eq(row).is_none());
        // A record that stands in several rows, under each value of a list, is one.
        if !batch.lines.is_empty() {
            rows.dedup_by_key(|row| batch.lines[*row as usize]);
        }
        self.null_keys += rows.len() as u64;
        self.unkeyed.upsert(&vec![OCCUPIED; rows.len()], slots);
        let mut sums = Vec::new();
        gather_sums(planned, batch, &rows, &mut sums);
        update(&mut self.unkeyed, slots, planned, batch, &rows, &sums);
    }
}

/// Gathers what `rows` add to the sums of a grouping, which stand first in the state: row by row, so
/// that each entry is met once for all.
fn gather_sums(planned: &GroupPlan, batch: &Batch<'_>, rows: &[u32], sums: &mut Vec<u64>) {
    let width = planned.sums;
    sums.clear();
    sums.resize(rows.len() * width, 0);
    for PlannedOp { op, word, half, columns, .. } in &planned.ops {
        let rows = rows.iter().map(|row| *row as usize);
        let place = Place { width, word: *word, shift: half.unwrap_or(0) * 32 };
        match op {
            Op::Count => place.put(sums, rows, |_| 1),
            Op::CountStatus(status) => place.put(sums, rows, |r| u64::from(batch.status[r] == *status)),
            Op::CountAction(action) => {
                let Some(text) = batch.columns[columns[0]].as_text() else { continue };
                let first = action.first();
                place.put(sums, rows, |r| {
                    let bytes = text.bytes(r, batch.text);
                    u64::from(bytes.first() == first && bytes == *action)
                });
            }
            Op::Sum(Key::Field(_)) => {
                let Some(numbers) = batch.columns[columns[0]].as_number() else { continue };
                place.put(sums, rows, |r| numbers.values[r]);
            }
            Op::Sum(key) => place.put(sums, rows, |r| number_of(key, columns, batch, r).unwrap_or(0)),
            Op::CountPresent(key) => {
                place.put(sums, rows, |r| u64::from(number_of(key, columns, batch, r).is_some()));
            }
            Op::Min(_) | Op::Max(_) | Op::Distinct(_) | Op::AboutDistinct(_) | Op::Percentile(..) => {}
        }
    }
}

/// Brings the entries in `slots`, one for each of `rows`, up to date.
fn update(table: &mut Table, slots: &[u32], planned: &GroupPlan, batch: &Batch<'_>, rows: &[u32], sums: &[u64]) {
    table.add(0, planned.sums, slots, sums);
    for PlannedOp { op, word, columns, .. } in &planned.ops {
        if let Op::Min(key) | Op::Max(key) = op {
            let values = rows.iter().map(|row| number_of(key, columns, batch, *row as usize));
            table.extreme(matches!(op, Op::Max(_)), *word, slots, values);
        }
    }
}

/// Where a count or sum stands among the words of a row.
struct Place {
    width: usize,
    word: usize,
    shift: usize,
}

impl Place {
    #[inline(always)]
    fn put(&self, sums: &mut [u64], rows: impl Iterator<Item = usize>, value: impl Fn(usize) -> u64) {
        for (row, sums) in rows.zip(sums.chunks_exact_mut(self.width)) {
            sums[self.word] |= value(row) << self.shift;
        }
    }
}
