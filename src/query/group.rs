//! Grouping at work: a worker's state, and how the states of all workers become rows.

use super::codec::Codec;
use super::keep::Keep;
use super::key::number_of;
use super::measure::Op;
use super::plan::{Codecs, GroupPlan, Plan, PlannedOp};
use super::rank::{Grouped, Order, Ranking};
use super::sketch::{Rounded, Sketch};
use super::symbols::{BatchSymbols, SymbolCache};
use super::table::{OCCUPIED, Table, WordOp};
use super::{Key, Select};
use crate::decode::{Batch, Status};
use crate::schema::{Field, Value};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// What one worker has gathered.
pub struct State {
    plan: Arc<Plan>,
    groups: Vec<GroupState>,
    symbols: SymbolCache,
    scratch: Scratch,
}

struct GroupState {
    tables: Tables,
    /// The records left out for want of a key, so that totals are of all records.
    unkeyed: Table,
    null_keys: u64,
    /// For each distinct measure, the set of its values in every group.
    sets: Vec<Tables>,
    sketches: Vec<Sketch>,
}

/// The groups of one worker, in both layouts of their keys.
pub struct Tables {
    narrow: Runs,
    wide: Runs,
}

/// One table after another, each small enough for the cache. A group may stand in several; merging
/// goes partition by partition, and finds it there.
struct Runs {
    open: Table,
    full: Vec<Table>,
}

impl Runs {
    fn new(key_words: usize, ops: &[WordOp]) -> Runs {
        Runs { open: Table::new(key_words, ops), full: Vec::new() }
    }

    /// The table that `more` keys go to.
    fn with_room(&mut self, more: usize) -> &mut Table {
        if self.open.is_full(more) {
            let next = self.open.another();
            self.full.push(std::mem::replace(&mut self.open, next));
        }
        &mut self.open
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.full.iter().chain([&self.open])
    }
}

#[derive(Default)]
struct Scratch {
    rows: Vec<u32>,
    keys: Vec<u64>,
    slots: Vec<u32>,
    symbols: Vec<Vec<u32>>,
    sums: Vec<u64>,
}

impl Tables {
    pub fn new(codecs: &Codecs, ops: &[WordOp]) -> Tables {
        Tables { narrow: Runs::new(codecs.narrow.words(), ops), wide: Runs::new(codecs.wide.words(), ops) }
    }
}

impl Tables {
    /// The table of the group that a longer key of a set begins with, in one layout or the other;
    /// its slot is written to `slots`.
    pub fn group_of(&mut self, codecs: &Codecs, wide: bool, longer: &[u64], slots: &mut Vec<u32>) -> &mut Table {
        let (table, key) = if wide {
            let key = codecs.wide.prefix(longer);
            match codecs.wide.narrow(&key, &codecs.narrow) {
                Some(key) => (&mut self.narrow.open, key),
                None => (&mut self.wide.open, key),
            }
        } else {
            (&mut self.narrow.open, codecs.narrow.prefix(longer))
        };
        table.upsert(&key, slots);
        table
    }
}

impl State {
    /// An empty state.
    pub fn new(plan: &Arc<Plan>) -> State {
        State {
            groups: plan.groups.iter().map(GroupState::new).collect(),
            symbols: SymbolCache::new(&plan.symbols),
            scratch: Scratch::default(),
            plan: plan.clone(),
        }
    }

    /// Takes in the records of a batch, or those that are `selected`.
    pub fn consume(&mut self, batch: &Batch<'_>, selected: Option<&[bool]>) {
        let plan = self.plan.clone();
        match &plan.spread {
            Some(spread) => spread.each(batch, selected, |pieces| self.group(pieces, None)),
            None => self.group(batch, selected),
        }
    }

    fn group(&mut self, batch: &Batch<'_>, selected: Option<&[bool]>) {
        let plan = self.plan.clone();
        let Scratch { rows, keys, slots, symbols, sums } = &mut self.scratch;
        let mut symbols = BatchSymbols::new(&mut self.symbols, symbols, batch.columns.len());
        for (group, planned) in self.groups.iter_mut().zip(&plan.groups) {
            select(planned.select, &plan, batch, selected, rows);
            if planned.only_counts() && planned.codecs.narrow.is_absent(batch) {
                group.add_absent(planned, rows.len() as u64, slots);
                continue;
            }
            if planned.codecs.narrow.retain_present(batch, rows) > 0 {
                let mut all = Vec::new();
                select(planned.select, &plan, batch, selected, &mut all);
                group.add_unkeyed(planned, batch, all, rows, slots);
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
    }
}

/// Fills `rows` with the records that a grouping takes.
fn select(select: Select, plan: &Plan, batch: &Batch<'_>, selected: Option<&[bool]>, rows: &mut Vec<u32>) {
    rows.clear();
    let all = 0..batch.rows() as u32;
    let is_flow = |row: &u32| batch.status[*row as usize] == Status::Flow;
    match select {
        Select::Records => take(all, selected, rows, |_| true),
        Select::Flows => take(all, selected, rows, is_flow),
        Select::Rejects => {
            let Some(action) = batch.columns[plan.column(Field::Action)].as_text() else { return };
            let is_reject = |row: &u32| action.bytes(*row as usize, batch.text) == b"REJECT";
            take(all, selected, rows, |row| is_flow(row) && is_reject(row));
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
    fn new(planned: &GroupPlan) -> GroupState {
        let sets = planned.distinct().filter_map(|op| op.distinct.as_ref());
        GroupState {
            tables: Tables::new(&planned.codecs, &planned.word_ops),
            unkeyed: Table::new(1, &planned.word_ops),
            null_keys: 0,
            sets: sets.map(|codecs| Tables::new(codecs, &[])).collect(),
            sketches: planned.sketches.iter().map(Sketch::new).collect(),
        }
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

/// Runs work for each number below the first argument, in any order, perhaps at once.
pub type Run<'a> = &'a (dyn Fn(usize, &(dyn Fn(usize) + Sync)) + Sync);

/// The states of all workers, ready to become rows.
pub struct Merge {
    pub(super) plan: Arc<Plan>,
    states: Vec<State>,
    /// What the results so far have rounded.
    pub rounded: Vec<Rounded>,
}

/// About the number of entries that is merged at a time.
const PARTITION: usize = 1 << 14;

impl Merge {
    /// Takes the states of every worker, in any order.
    pub fn new(plan: &Arc<Plan>, states: Vec<State>) -> Merge {
        Merge { plan: plan.clone(), states, rounded: vec![] }
    }

    /// The rows of grouping number `group`, of the groups that are kept. The states of that grouping
    /// are used up.
    pub fn finish(&mut self, group: usize, order: Order, keep: &Keep, run: Run<'_>) -> Grouped {
        let plan = self.plan.clone();
        let planned = &plan.groups[group];
        let Gathered { sources, unkeyed, null_keys } = self.gather(group, run);
        let texts = plan.symbols.texts();
        let ranking = Ranking { planned, order, keep, texts: &texts };
        Grouped { null_keys, ..ranking.rows(&sources, &unkeyed, run) }
    }

    /// Calls `each` with the keys and measures of every group of grouping number `group`, in no
    /// order: for groups too many to be rows. The states of that grouping are used up. Returns how
    /// many records are in no group.
    pub fn each(&mut self, group: usize, run: Run<'_>, mut each: impl FnMut(Vec<Value>, Vec<Value>)) -> u64 {
        let plan = self.plan.clone();
        let planned = &plan.groups[group];
        let Gathered { sources, null_keys, .. } = self.gather(group, run);
        let texts = plan.symbols.texts();
        let order = Order { measure: None, ascending: true, limit: 0 };
        let ranking = Ranking { planned, order, keep: &Keep::default(), texts: &texts };
        for (tables, codec) in sides(&sources, &planned.codecs) {
            let parts_log2 = parts_log2(&tables);
            for part in 0..1 << parts_log2 {
                let merged = merge_part(&tables, codec, part, parts_log2, &planned.word_ops);
                for entry in merged.entries() {
                    let measures = (0..planned.measures.len()).map(|m| ranking.measure(m, &entry)).collect();
                    each(codec.values(entry.key, &texts), measures);
                }
            }
        }
        null_keys
    }

    /// Takes a grouping out of all states, its distinct values counted.
    pub(super) fn gather(&mut self, group: usize, run: Run<'_>) -> Gathered {
        let planned = &self.plan.groups[group];
        let taken = self.states.iter_mut();
        let taken = taken.map(|state| std::mem::replace(&mut state.groups[group], GroupState::new(planned)));
        let mut all = Gathered { sources: vec![], unkeyed: Table::new(1, &planned.word_ops), null_keys: 0 };
        let mut sets: Vec<Vec<Tables>> = planned.distinct().map(|_| Vec::new()).collect();
        let mut sketches: Vec<Vec<Sketch>> = planned.sketches.iter().map(|_| Vec::new()).collect();
        for state in taken.collect::<Vec<_>>() {
            all.unkeyed.merge(&state.unkeyed, 0, 0, &planned.word_ops);
            all.null_keys += state.null_keys;
            all.sources.push(state.tables);
            sets.iter_mut().zip(state.sets).for_each(|(sets, set)| sets.push(set));
            sketches.iter_mut().zip(state.sketches).for_each(|(sketches, sketch)| sketches.push(sketch));
        }
        for (op, sets) in planned.distinct().zip(sets) {
            all.sources.extend(count_sets(planned, op, &sets, run));
        }
        for (sketch, sketches) in planned.sketches.iter().zip(sketches) {
            let (tables, rounded) = sketch.finish(planned, &sketches, self.plan.exact_values, run);
            all.sources.extend(tables);
            self.rounded.extend(rounded);
        }
        all
    }
}

/// A grouping of all workers.
pub(super) struct Gathered {
    pub sources: Vec<Tables>,
    pub unkeyed: Table,
    pub null_keys: u64,
}

/// The narrow tables and the wide ones, each with their layout.
pub fn sides<'t>(tables: &'t [Tables], codecs: &'t Codecs) -> [(Vec<&'t Table>, &'t Codec); 2] {
    [
        (tables.iter().flat_map(|t| t.narrow.tables()).collect(), &codecs.narrow),
        (tables.iter().flat_map(|t| t.wide.tables()).collect(), &codecs.wide),
    ]
}

pub fn merge_part(tables: &[&Table], codec: &Codec, part: usize, parts_log2: u32, ops: &[WordOp]) -> Table {
    let mut merged = Table::of_partition(codec.words(), ops, parts_log2);
    let entries: usize = tables.iter().map(|table| table.len()).sum();
    merged.reserve(entries >> parts_log2);
    tables.iter().for_each(|table| merged.merge(table, part, parts_log2, ops));
    merged
}

/// Counts the distinct values of every group, as tables that merge with those of the group.
fn count_sets(planned: &GroupPlan, op: &PlannedOp, sets: &[Tables], run: Run<'_>) -> Vec<Tables> {
    let codecs = op.distinct.as_ref().expect("a distinct operation");
    let mut counted = Vec::new();
    for (wide, (tables, codec)) in sides(sets, codecs).into_iter().enumerate() {
        let parts = over_partitions(&tables, run, |part, parts_log2| {
            let merged = merge_part(&tables, codec, part, parts_log2, &[]);
            let mut counts = Tables::new(&planned.codecs, &planned.word_ops);
            let mut slots = Vec::new();
            for entry in merged.entries() {
                let table = counts.group_of(&planned.codecs, wide == 1, entry.key, &mut slots);
                table.add(op.word, 1, &slots, &[1]);
            }
            counts
        });
        counted.extend(parts);
    }
    counted
}

/// Runs `work` for every partition of some tables and gathers what it returns, in their order.
pub fn over_partitions<T: Send>(tables: &[&Table], run: Run<'_>, work: impl Fn(usize, u32) -> T + Sync) -> Vec<T> {
    let parts_log2 = parts_log2(tables);
    gathered(1 << parts_log2, run, |part| work(part, parts_log2))
}

/// Runs `work` for each number below `count` and gathers what it returns, in their order.
pub fn gathered<T: Send>(count: usize, run: Run<'_>, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::new(None)).collect();
    run(count, &|part| {
        let result = work(part);
        *results[part].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    });
    results.into_iter().filter_map(|r| r.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// How many partitions some tables are worth, as a power of two: so many that one fits the cache.
pub fn parts_log2(tables: &[&Table]) -> u32 {
    let entries: usize = tables.iter().map(|t| t.len()).sum();
    match entries / PARTITION {
        0 => 0,
        parts => parts.next_power_of_two().trailing_zeros().clamp(3, 12),
    }
}
