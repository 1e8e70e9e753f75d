//! What is kept beside the groups for measures that no few words of state can hold: the registers of
//! approximate distinct counts, and how often each value occurs, for percentiles.
//!
//! Both are tables whose keys are those of the groups with a number behind: the register, or the
//! value. Each worker has one growing table, and not one after another, so that a register or a
//! value takes its room only once.

use super::Key;
use super::codec::Codec;
use super::group::{Run, Tables, gathered, merge_part, over_partitions, parts_log2};
use super::hash::hash;
use super::key::number_of;
use super::layout::Bits;
use super::loglog::{self, REGISTER_BITS, ValueHash};
use super::measure::Op;
use super::percentile::{Percentile, Rounding};
use super::plan::{Codecs, GroupPlan, PlannedOp};
use super::symbols::BatchSymbols;
use super::table::{Table, WordOp};
use crate::decode::Batch;
use crate::schema::{FieldName, Kind};

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
    /// In the narrow layout, and in the wide one.
    tables: [Table; 2],
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
        let (codec, bits) = &self.codecs[side];
        let mut rounded = Table::new(codec.words(), self.state());
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

    /// What the sketches of all workers make of the groups, as tables that merge with theirs; and
    /// whether anything had to be rounded.
    pub fn finish(
        &self,
        planned: &GroupPlan,
        sketches: &[Sketch],
        limit: usize,
        run: Run<'_>,
    ) -> (Vec<Tables>, Option<Rounded>) {
        match &self.what {
            What::Registers { word, .. } => (self.weigh(planned, sketches, *word, run), None),
            What::Values { percentiles } => self.rank(planned, sketches, percentiles, limit, run),
        }
    }

    fn weigh(&self, planned: &GroupPlan, sketches: &[Sketch], word: usize, run: Run<'_>) -> Vec<Tables> {
        let mut all = Vec::new();
        for (side, (codec, _)) in self.codecs.iter().enumerate() {
            let tables: Vec<&Table> = sketches.iter().map(|sketch| &sketch.tables[side]).collect();
            all.extend(over_partitions(&tables, run, |part, parts_log2| {
                let merged = merge_part(&tables, codec, part, parts_log2, self.state());
                let (mut groups, mut slots) = (Tables::new(&planned.codecs, &planned.word_ops), Vec::new());
                for entry in merged.entries() {
                    let table = groups.group_of(&planned.codecs, side == 1, entry.key, &mut slots);
                    table.add(word, 2, &slots, &[1, loglog::weight(entry.state[0])]);
                }
                groups
            }));
        }
        all
    }

    fn rank(
        &self,
        planned: &GroupPlan,
        sketches: &[Sketch],
        percentiles: &[(Percentile, usize)],
        limit: usize,
        run: Run<'_>,
    ) -> (Vec<Tables>, Option<Rounded>) {
        let wanted: Vec<Percentile> = percentiles.iter().map(|(percentile, _)| *percentile).collect();
        let mut ranked: Vec<(usize, Ranked)> = Vec::new();
        for side in 0..2 {
            let tables: Vec<&Table> = sketches.iter().map(|sketch| &sketch.tables[side]).collect();
            let words = self.codecs[side].0.words();
            let buckets = self.scatter(side, &tables, run);
            let done = gathered(buckets.len(), run, |bucket| Ranked::of(&buckets[bucket], words, &wanted));
            ranked.extend(done.into_iter().map(|ranked| (side, ranked)));
        }
        // Only the number of different values decides, whoever saw them. A worker that has rounded
        // has seen too many; and a percentile of values some of which are rounded is, rounded, that
        // of rounded ones.
        let values: usize = ranked.iter().map(|(_, ranked)| ranked.values).sum();
        let rounding = (values > limit || sketches.iter().any(|sketch| sketch.rounded)).then(|| self.rounding());
        let groups = gathered(ranked.len(), run, |i| {
            let (side, ranked) = &ranked[i];
            let words = self.codecs[*side].0.words();
            let (mut groups, mut slots) = (Tables::new(&planned.codecs, &planned.word_ops), Vec::new());
            for group in ranked.groups.chunks_exact(words + wanted.len()) {
                let (key, values) = group.split_at(words);
                let table = groups.group_of(&planned.codecs, *side == 1, key, &mut slots);
                for ((_, word), value) in percentiles.iter().zip(values) {
                    let value = rounding.map_or(*value, |rounding| rounding.round(*value));
                    table.extreme(true, *word, &slots, std::iter::once(Some(value)));
                }
            }
            groups
        });
        let rounded = rounding.map(|r| Rounded { field: self.key.name().to_string(), limit, bound: r.bound() });
        (groups, rounded)
    }

    /// Brings the values of a group together: buckets by the hash of the group, each of the group's
    /// key with 0 behind it, a value, and how often it occurs.
    fn scatter(&self, side: usize, tables: &[&Table], run: Run<'_>) -> Vec<Vec<Vec<u64>>> {
        const MOST_LOG2: u32 = 6;
        let buckets_log2 = parts_log2(tables).min(MOST_LOG2);
        let (codec, bits) = &self.codecs[side];
        let parts = over_partitions(tables, run, |part, parts_log2| {
            let mut buckets = vec![Vec::new(); 1 << buckets_log2];
            let mut row = vec![0; codec.words() + 2];
            for entry in tables.iter().flat_map(|table| table.partition(part, parts_log2)) {
                let (group, rest) = row.split_at_mut(codec.words());
                group.copy_from_slice(entry.key);
                bits.set(group, 0);
                rest.copy_from_slice(&[bits.get(entry.key), entry.state[0]]);
                let bucket = hash(group).checked_shr(64 - buckets_log2).unwrap_or(0) as usize;
                buckets[bucket].extend_from_slice(&row);
            }
            buckets
        });
        let mut buckets: Vec<Vec<Vec<u64>>> = (0..1 << buckets_log2).map(|_| Vec::new()).collect();
        for part in parts {
            buckets.iter_mut().zip(part).for_each(|(bucket, rows)| bucket.push(rows));
        }
        buckets
    }
}

/// Groups with the values that their percentiles are.
struct Ranked {
    /// How many different values all groups have together.
    values: usize,
    /// The words of a key, then a value for each percentile.
    groups: Vec<u64>,
}

impl Ranked {
    /// Of a bucket: rows of a group's key in `words`, a value, and how often it occurs.
    fn of(bucket: &[Vec<u64>], words: usize, percentiles: &[Percentile]) -> Ranked {
        let mut rows: Vec<&[u64]> = bucket.iter().flat_map(|rows| rows.chunks_exact(words + 2)).collect();
        rows.sort_unstable();
        let mut ranked = Ranked { values: 0, groups: Vec::new() };
        for group in rows.chunk_by(|a, b| a[..words] == b[..words]) {
            let value = |row: &[u64]| row[words];
            ranked.values += group.chunk_by(|a, b| value(a) == value(b)).count();
            ranked.groups.extend_from_slice(&group[0][..words]);
            let count = group.iter().map(|row| row[words + 1]).sum();
            for percentile in percentiles {
                let mut left = percentile.rank(count);
                let reaches = |row: &&&[u64]| {
                    let enough = row[words + 1] >= left;
                    left = left.saturating_sub(row[words + 1]);
                    enough
                };
                ranked.groups.extend(group.iter().find(reaches).map(|row| value(row)));
            }
        }
        ranked
    }
}

impl Sketch {
    pub fn new(plan: &SketchPlan) -> Sketch {
        let tables = [0, 1].map(|side| Table::new(plan.codecs[side].0.words(), plan.state()));
        Sketch { tables, rounded: false, numbers: Vec::new() }
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
            let ((codec, bits), table) = (&plan.codecs[side], &mut self.tables[side]);
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
            && self.tables.iter().map(Table::len).sum::<usize>() > limit
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
        self.tables = std::array::from_fn(|side| plan.rounded(&self.tables[side], side));
    }
}
