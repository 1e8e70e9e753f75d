//! What is kept beside the groups for measures that no few words of state can hold: the registers of
//! approximate distinct counts, and how often each value occurs, for percentiles.
//!
//! Both are tables whose keys are those of the groups with a number behind: the register, or the
//! value. Each worker has one growing table, and not one after another, so that a register or a
//! value takes its room only once.

use super::Key;
use super::buckets::{Buckets, Keys};
use super::codec::Codec;
use super::hash::hash;
use super::key::number_of;
use super::layout::Bits;
use super::loglog::{self, REGISTER_BITS, ValueHash};
use super::made::Made;
use super::measure::Op;
use super::partitions::{Run, gathered, merge_part, over_partitions};
use super::percentile::{Percentile, Rounding};
use super::plan::{Codecs, GroupPlan, PlannedOp};
use super::spill::Spool;
use super::store::{Piece, Prefixes, Store};
use super::symbols::BatchSymbols;
use super::table::{Table, WordOp};
use crate::decode::Batch;
use crate::schema::{FieldName, Kind};
use std::io;

/// A sketch as it is planned.
pub struct SketchPlan {
    key: Key,
    /// The columns that the key reads.
    columns: Vec<usize>,
    what: What,
    /// The narrow and the wide layout of the groups' keys, and where the number stands behind them.
    codecs: [(Codec, Bits); 2],
}

enum What {
    /// HyperLogLog's registers; the group's words from `word` on are filled from them.
    Registers { value: Codecs, word: usize },
    /// How often each value occurs; percentiles, each with the group's word that it goes to.
    Values { percentiles: Vec<(Percentile, usize)> },
}

/// One worker's part of a sketch.
pub struct Sketch {
    /// In the narrow layout, and in the wide one. On disk, registers stand in the order of their own hash,
    /// values in that of their group's.
    stores: [Store; 2],
    /// Whether values have been rounded for being too many.
    rounded: bool,
    /// Scratch, by row of a batch: a hash, or a value.
    numbers: Vec<u64>,
}

/// A field whose percentiles are not exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounded {
    pub field: String,
    /// How many different values, by group, would have been kept exactly.
    pub limit: usize,
    /// How far off a percentile is at most.
    pub bound: &'static str,
}

impl SketchPlan {
    /// The sketches that some operations need; percentiles of one field share one.
    pub fn all(ops: &[PlannedOp], keys: &[Key], fields: &[FieldName]) -> Vec<SketchPlan> {
        let mut all: Vec<SketchPlan> = Vec::new();
        for PlannedOp { op, word, columns, .. } in ops {
            let (key, what, width) = match op {
                Op::AboutDistinct(key) => {
                    let value = Codecs::new(std::slice::from_ref(key), fields);
                    (key, What::Registers { value, word: *word }, REGISTER_BITS)
                }
                Op::Percentile(percentile, key) => {
                    let of_field = all.iter_mut().filter(|sketch| sketch.key == *key);
                    if let Some(percentiles) = of_field.filter_map(SketchPlan::percentiles).next() {
                        percentiles.push((*percentile, *word));
                        continue;
                    }
                    let width = match key.kind() {
                        Kind::Port => 16,
                        Kind::Protocol => 8,
                        _ => 64,
                    };
                    (key, What::Values { percentiles: vec![(*percentile, *word)] }, width)
                }
                _ => continue,
            };
            let codecs = [false, true].map(|wide| Codec::with_room(keys, fields, wide, width));
            all.push(SketchPlan { key: key.clone(), columns: columns.clone(), what, codecs });
        }
        all
    }

    fn percentiles(&mut self) -> Option<&mut Vec<(Percentile, usize)>> {
        match &mut self.what {
            What::Values { percentiles } => Some(percentiles),
            What::Registers { .. } => None,
        }
    }

    fn state(&self) -> &'static [WordOp] {
        match self.what {
            What::Registers { .. } => &[WordOp::Largest],
            What::Values { .. } => &[WordOp::Add],
        }
    }

    fn rounding(&self) -> Rounding {
        Rounding::of(self.key.kind())
    }

    /// A table of values with all of them rounded.
    fn rounded(&self, table: &Table, side: usize) -> Table {
        let bits = &self.codecs[side].1;
        let mut rounded = table.empty();
        let (mut keys, mut counts, mut slots) = (Vec::new(), Vec::new(), Vec::new());
        let mut entries = table.entries().peekable();
        while entries.peek().is_some() {
            keys.clear();
            counts.clear();
            for entry in entries.by_ref().take(1024) {
                let key = keys.len();
                keys.extend_from_slice(entry.key);
                bits.set(&mut keys[key..], self.rounding().round(bits.get(entry.key)));
                counts.push(entry.state[0]);
            }
            rounded.upsert(&keys, &mut slots);
            rounded.add(0, 1, &slots, &counts);
        }
        rounded
    }

    fn keys(&self, side: usize) -> Keys<'_> {
        let (codec, value) = &self.codecs[side];
        Keys { codec, value: *value }
    }

    /// Fills the groups from the sketches of all workers.
    pub fn finish(
        &self,
        planned: &GroupPlan,
        sketches: Vec<Sketch>,
        limit: usize,
        made: &Made<'_>,
        run: Run<'_>,
    ) -> io::Result<Finished> {
        match &self.what {
            What::Registers { word, .. } => {
                self.weigh(planned, &sketches, *word, made, run)?;
                Ok(Finished::default())
            }
            What::Values { percentiles } => self.rank(planned, sketches, percentiles, limit, made, run),
        }
    }

    fn weigh(
        &self,
        planned: &GroupPlan,
        sketches: &[Sketch],
        word: usize,
        made: &Made<'_>,
        run: Run<'_>,
    ) -> io::Result<()> {
        for (side, (codec, _)) in self.codecs.iter().enumerate() {
            let pieces: Vec<Piece<'_>> = sketches.iter().flat_map(|sketch| sketch.stores[side].pieces()).collect();
            over_partitions(&pieces, run, |part, parts_log2| {
                let merged = merge_part(&pieces, codec, part, parts_log2, self.state())?;
                let mut groups = Prefixes::default();
                for entry in merged.entries() {
                    groups.push(&planned.codecs, side == 1, entry.key, &[1, loglog::weight(entry.state[0])]);
                }
                made.with(|tables| {
                    groups.apply(tables, &planned.codecs, |table, slots, values| table.add(word, 2, slots, values));
                })
            })?;
        }
        Ok(())
    }

    fn rank(
        &self,
        planned: &GroupPlan,
        mut sketches: Vec<Sketch>,
        percentiles: &[(Percentile, usize)],
        limit: usize,
        made: &Made<'_>,
        run: Run<'_>,
    ) -> io::Result<Finished> {
        let wanted: Vec<Percentile> = percentiles.iter().map(|(percentile, _)| *percentile).collect();
        let mut values = 0;
        for side in 0..2 {
            let keys = self.keys(side);
            let mut stores: Vec<&mut Store> = sketches.iter_mut().map(|sketch| &mut sketch.stores[side]).collect();
            let buckets = Buckets::new(keys, &mut stores, made, run)?;
            let counted = gathered(buckets.count(), run, |bucket| {
                let mut groups = Prefixes::default();
                let values = buckets.each_group(bucket, keys, &wanted, |key, values| {
                    groups.push(&planned.codecs, side == 1, key, values);
                })?;
                made.with(|tables| {
                    groups.apply(tables, &planned.codecs, |table, slots, values| {
                        for (i, (_, word)) in percentiles.iter().enumerate() {
                            let values = values.iter().skip(i).step_by(wanted.len()).map(|value| Some(*value));
                            table.extreme(true, *word, slots, values);
                        }
                    });
                    values
                })
            })?;
            values += counted.into_iter().sum::<usize>();
        }
        // Only the number of different values decides, whoever saw them. A worker that has rounded
        // has seen too many; and a percentile of values some of which are rounded is, rounded, that
        // of rounded ones.
        if values <= limit && !sketches.iter().any(|sketch| sketch.rounded) {
            return Ok(Finished::default());
        }
        let rounded = Rounded { field: self.key.name().to_string(), limit, bound: self.rounding().bound() };
        let roundings = percentiles.iter().map(|(_, word)| (*word, self.rounding())).collect();
        Ok(Finished { roundings, rounded: Some(rounded) })
    }
}

/// What became of a sketch.
#[derive(Default)]
pub struct Finished {
    /// How the values in some words of the groups' states are rounded.
    pub roundings: Vec<(usize, Rounding)>,
    pub rounded: Option<Rounded>,
}

impl Sketch {
    pub fn new(plan: &SketchPlan) -> Sketch {
        let stores = [0, 1].map(|side| Store::new(plan.codecs[side].0.words(), plan.state()));
        Sketch { stores, rounded: false, numbers: Vec::new() }
    }

    /// What can be large.
    pub fn stores(&self) -> impl Iterator<Item = &Store> {
        self.stores.iter()
    }

    /// Moves what is large to disk.
    pub fn spill(
        &mut self,
        plan: &SketchPlan,
        spool: &mut Spool,
        is_large: &impl Fn(&Store) -> bool,
    ) -> io::Result<()> {
        for (side, store) in self.stores.iter_mut().enumerate().filter(|(_, store)| is_large(store)) {
            match plan.what {
                What::Registers { .. } => store.spill(spool, &hash)?,
                What::Values { .. } => store.spill(spool, &|key: &[u64]| plan.keys(side).group_hash(key))?,
            }
        }
        Ok(())
    }

    /// Takes in rows of a batch, all of which have a group.
    #[expect(clippy::too_many_arguments, reason = "the last two are memory to work in")]
    pub fn consume(
        &mut self,
        plan: &SketchPlan,
        limit: usize,
        batch: &Batch<'_>,
        rows: &[u32],
        symbols: &mut BatchSymbols<'_>,
        keys: &mut Vec<u64>,
        slots: &mut Vec<u32>,
    ) {
        let mut rows = rows.to_vec();
        self.numbers.clear();
        self.numbers.resize(batch.rows(), 0);
        match &plan.what {
            What::Registers { value, .. } => self.hash_values(plan, value, batch, &mut rows, symbols, keys),
            What::Values { .. } => self.take_values(plan, batch, &mut rows),
        }
        let wide = plan.codecs[0].0.split_wide(batch, &mut rows);
        for (side, rows) in [rows, wide].into_iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            let ((codec, bits), table) = (&plan.codecs[side], self.stores[side].growing());
            codec.encode(batch, &rows, symbols, keys);
            let numbers = || rows.iter().map(|row| self.numbers[*row as usize]);
            let keys_mut = keys.chunks_exact_mut(codec.words());
            match plan.what {
                What::Registers { .. } => {
                    keys_mut.zip(numbers()).for_each(|(key, hash)| bits.set(key, loglog::register(hash)));
                    table.upsert(keys, slots);
                    table.largest(0, slots, numbers().map(loglog::run));
                }
                What::Values { .. } => {
                    keys_mut.zip(numbers()).for_each(|(key, value)| bits.set(key, value));
                    table.upsert(keys, slots);
                    table.add(0, 1, slots, &vec![1; rows.len()]);
                }
            }
        }
        if let What::Values { .. } = plan.what
            && !self.rounded
            && self.stores.iter().flat_map(Store::tables).map(Table::len).sum::<usize>() > limit
        {
            self.round(plan);
        }
    }

    /// Keeps the rows with a value, and hashes it.
    fn hash_values(
        &mut self,
        plan: &SketchPlan,
        value: &Codecs,
        batch: &Batch<'_>,
        rows: &mut Vec<u32>,
        symbols: &mut BatchSymbols<'_>,
        keys: &mut Vec<u64>,
    ) {
        value.narrow.retain_present(batch, rows);
        if plan.key.kind() == Kind::Text {
            // By its bytes: the number of a text depends on the order of arrival.
            let texts: Vec<_> = plan.columns.iter().filter_map(|column| batch.columns[*column].as_text()).collect();
            for row in rows.iter().map(|row| *row as usize) {
                let bytes = texts.iter().map(|text| text.bytes(row, batch.text)).find(|bytes| !bytes.is_empty());
                self.numbers[row] = ValueHash::new(2).bytes(bytes.unwrap_or_default());
            }
            return;
        }
        let mut narrow = rows.clone();
        let wide = value.narrow.split_wide(batch, &mut narrow);
        for (kind, codec, rows) in [(0, &value.narrow, narrow), (1, &value.wide, wide)] {
            codec.encode(batch, &rows, symbols, keys);
            for (row, key) in rows.iter().zip(keys.chunks_exact(codec.words())) {
                self.numbers[*row as usize] = ValueHash::new(kind).words(key);
            }
        }
    }

    /// Keeps the rows with a value.
    fn take_values(&mut self, plan: &SketchPlan, batch: &Batch<'_>, rows: &mut Vec<u32>) {
        let (rounding, rounded) = (plan.rounding(), self.rounded);
        let numbers = &mut self.numbers;
        rows.retain(|row| match number_of(&plan.key, &plan.columns, batch, *row as usize) {
            None => false,
            Some(value) => {
                numbers[*row as usize] = if rounded { rounding.round(value) } else { value };
                true
            }
        });
    }

    /// Rounds all values, from now on too.
    #[cold]
    fn round(&mut self, plan: &SketchPlan) {
        self.rounded = true;
        for (side, store) in self.stores.iter_mut().enumerate() {
            let rounded = plan.rounded(store.growing(), side);
            *store.growing() = rounded;
        }
    }
}
