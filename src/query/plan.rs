//! A query, compiled: the columns to decode, and for each grouping how keys are packed and which
//! words of state each measure takes.

use super::codec::Codec;
use super::entry::Entry;
use super::filter::Mask;
use super::held::Room;
use super::measure::Op;
use super::memory::Memory;
use super::sketch::SketchPlan;
use super::spread::Spread;
use super::symbols::Symbols;
use super::table::WordOp;
use super::{Filter, Grouping, Key, Measure, Query, Select};
use crate::schema::{Field, FieldName};
use std::sync::Arc;

/// What every worker needs to know to answer a query.
pub struct Plan {
    /// The columns of a batch, in order.
    pub(super) fields: Vec<FieldName>,
    pub(super) groups: Vec<GroupPlan>,
    filter: Option<Filter>,
    pub(super) symbols: Symbols,
    /// How many different values of a field, by group, are kept exactly for its percentiles.
    pub(super) exact_values: usize,
    pub(super) spread: Option<Spread>,
    /// Records become several before they are grouped, but for groupings in which every record counts.
    pub(super) apart: bool,
    pub(super) memory: Memory,
    /// Where flows are held, if they are.
    pub(super) room: Option<Arc<Room>>,
}

/// What a percentile keeps exactly unless a plan says otherwise.
const EXACT_VALUES: usize = 1_000_000;

pub(super) struct GroupPlan {
    pub select: Select,
    pub codecs: Codecs,
    pub ops: Vec<PlannedOp>,
    /// The first words of the state are sums of what the records have; so many.
    pub sums: usize,
    pub word_ops: Vec<WordOp>,
    pub measures: Vec<PlannedMeasure>,
    pub sketches: Vec<SketchPlan>,
}

/// The two layouts of a key.
pub(super) struct Codecs {
    pub narrow: Codec,
    pub wide: Codec,
}

pub(super) struct PlannedOp {
    pub op: Op,
    /// Its first word in the state.
    pub word: usize,
    /// For a counter, its half of that word: 0 or 1.
    pub half: Option<usize>,
    /// The columns it reads.
    pub columns: Vec<usize>,
    /// For `Op::Distinct`: the group's key with the value behind it.
    pub distinct: Option<Codecs>,
}

pub(super) struct PlannedMeasure {
    pub measure: Measure,
    /// Indices into `ops`.
    pub ops: Vec<usize>,
}

impl Plan {
    /// Compiles `query`.
    pub fn new(query: &Query) -> Plan {
        let mut fields: Vec<FieldName> = Vec::new();
        let mut need = |wanted: Vec<FieldName>| {
            for name in wanted {
                if !fields.contains(&name) {
                    fields.push(name);
                }
            }
        };
        for grouping in &query.groupings {
            grouping.keys.iter().for_each(|key| need(key.fields()));
            grouping.measures.iter().flat_map(Measure::ops).for_each(|op| need(op.fields()));
            match grouping.select {
                Select::Rejects => need(vec![Field::Action.into()]),
                Select::Between { time, .. } | Select::UnfilteredBetween { time, .. } => need(vec![time.into()]),
                Select::Records | Select::Unfiltered | Select::Flows => {}
            }
        }
        need(query.checked.clone());
        need(query.filter.as_ref().map(Filter::fields).unwrap_or_default());
        need(query.spread.iter().flat_map(|_| Spread::fields()).collect());
        let groups = query.groupings.iter().map(|g| GroupPlan::new(g, &fields)).collect();
        let spread = query.spread.map(|seconds| Spread::new(seconds, &fields));
        let counts_all = query.groupings.iter().any(|grouping| grouping.select.is_unfiltered());
        let apart = counts_all && (query.spread.is_some() || !query.unfolded().is_empty());
        let (filter, symbols) = (query.filter.clone(), Symbols::default());
        let (exact_values, memory) = (EXACT_VALUES, Memory::unlimited());
        let room = query.hold.then(Arc::default);
        Plan { fields, groups, filter, symbols, exact_values, spread, apart, memory, room }
    }

    /// The same with another number of values that percentiles keep exactly.
    pub fn with_exact_values(self, exact_values: usize) -> Plan {
        Plan { exact_values, ..self }
    }

    /// The same with groups that keep to a memory.
    pub fn with_memory(self, memory: Memory) -> Plan {
        Plan { memory, ..self }
    }

    /// The fields to decode, in the order of a batch's columns.
    pub fn fields(&self) -> &[FieldName] {
        &self.fields
    }

    /// The filter, for one worker.
    pub fn mask(&self) -> Option<Mask> {
        self.filter.as_ref().map(|filter| filter.bind(&self.fields))
    }

    pub(super) fn column(&self, field: Field) -> usize {
        self.fields.iter().position(|f| *f == FieldName::Known(field)).expect("the plan has the field")
    }
}

impl Codecs {
    pub fn new(keys: &[Key], fields: &[FieldName]) -> Codecs {
        Codecs { narrow: Codec::new(keys, fields, false), wide: Codec::new(keys, fields, true) }
    }
}

impl GroupPlan {
    fn new(grouping: &Grouping, fields: &[FieldName]) -> GroupPlan {
        let mut all: Vec<Op> = Vec::new();
        for op in grouping.measures.iter().flat_map(Measure::ops) {
            if !all.contains(&op) {
                all.push(op);
            }
        }
        // Pairs of counters, then sums, then the rest.
        let (counters, mut others): (Vec<Op>, Vec<Op>) = all.into_iter().partition(Op::is_counter);
        others.sort_by_key(|op| !matches!(op, Op::Sum(_)));
        let pairs = counters.len().div_ceil(2);
        let sums = pairs + others.iter().filter(|op| matches!(op, Op::Sum(_))).count();
        let mut ops: Vec<PlannedOp> = Vec::new();
        for (lane, op) in counters.into_iter().enumerate() {
            ops.push(PlannedOp::new(op, lane / 2, Some(lane % 2), grouping, fields));
        }
        let mut words = pairs;
        let mut word_ops = vec![WordOp::Pair; pairs];
        for op in others {
            let word = words;
            word_ops.extend_from_slice(op.words());
            words = word_ops.len();
            ops.push(PlannedOp::new(op, word, None, grouping, fields));
        }
        let place = |op: Op| ops.iter().position(|p| p.op == op).expect("every operation is planned");
        let measures = grouping.measures.iter().map(|measure| PlannedMeasure {
            ops: measure.ops().into_iter().map(place).collect(),
            measure: measure.clone(),
        });
        let measures = measures.collect();
        let sketches = SketchPlan::all(&ops, &grouping.keys, fields);
        GroupPlan {
            select: grouping.select,
            codecs: Codecs::new(&grouping.keys, fields),
            word_ops,
            measures,
            ops,
            sums,
            sketches,
        }
    }
}

impl GroupPlan {
    /// Whether nothing but records is counted.
    pub fn only_counts(&self) -> bool {
        self.ops.iter().all(|op| op.op == Op::Count)
    }

    /// The operations that need sets of distinct values.
    pub fn distinct(&self) -> impl Iterator<Item = &PlannedOp> {
        self.ops.iter().filter(|op| op.distinct.is_some())
    }
}

impl PlannedOp {
    /// The count or sum in the state of a group.
    pub fn total(&self, entry: &Entry<'_>) -> u128 {
        match self.half {
            Some(half) => entry.counter(2 * self.word + half),
            None => entry.sum(self.word),
        }
    }

    fn new(op: Op, word: usize, half: Option<usize>, grouping: &Grouping, fields: &[FieldName]) -> PlannedOp {
        let column = |name: &FieldName| fields.iter().position(|f| f == name).expect("the plan has every field");
        let columns = op.fields().iter().map(column).collect();
        let distinct = match &op {
            Op::Distinct(key) => {
                let mut keys = grouping.keys.clone();
                keys.push(key.clone());
                Some(Codecs::new(&keys, fields))
            }
            _ => None,
        };
        PlannedOp { op, word, half, columns, distinct }
    }
}

impl Op {
    pub fn fields(&self) -> Vec<FieldName> {
        match self {
            Op::Count | Op::CountStatus(_) => vec![],
            Op::CountAction(_) => vec![Field::Action.into()],
            Op::CountPresent(key) | Op::Sum(key) | Op::Min(key) | Op::Max(key) | Op::Distinct(key) => key.fields(),
            Op::AboutDistinct(key) | Op::Percentile(_, key) => key.fields(),
        }
    }
}
