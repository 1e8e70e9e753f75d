//! The numbers of flows in both windows, by the values of every field.

use super::Explain;
use crate::analysis::explain::{Window, Windows};
use crate::cli::Error;
use crate::cli::flags::FilterFlags;
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, Select};
use crate::report::Report;
use crate::schema::{FieldName, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// As many values of a field are tested, the most frequent ones of the deviation.
const MOST: usize = 1000;

/// A value of a field, by the number of the field.
pub type Item = (usize, Value);

/// The flows of a window: by field and value, how many different values each field has, and of all.
#[derive(Default)]
pub struct Counted {
    pub flows: BTreeMap<Item, u64>,
    pub groups: Vec<usize>,
    pub all: u64,
}

impl Counted {
    /// By field: the flows that have a value.
    pub fn by_field(&self) -> Vec<u64> {
        let mut flows = vec![0; self.groups.len()];
        self.flows.iter().for_each(|((field, _), number)| flows[*field] += number);
        flows
    }

    /// By field: the flows that a value has to have to be among the most frequent ones, ties included.
    pub fn least(&self) -> Vec<u64> {
        let mut flows: Vec<Vec<u64>> = vec![vec![]; self.groups.len()];
        self.flows.iter().for_each(|((field, _), number)| flows[*field].push(*number));
        let least = |mut flows: Vec<u64>| match flows.len() > MOST {
            true => *flows.select_nth_unstable_by(MOST - 1, |a, b| b.cmp(a)).1,
            false => 0,
        };
        flows.into_iter().map(least).collect()
    }
}

/// A reading of both windows, each with the same groupings.
pub struct Both<'e> {
    pub explain: &'e Explain,
    pub windows: Windows,
    /// The keys of each grouping.
    pub groupings: Vec<Vec<Key>>,
}

impl Both<'_> {
    /// Every group: the number of its grouping, its keys, and its flows in the baseline and the deviation.
    pub fn each(&self, answer: &mut Answer, mut take: impl FnMut(usize, Vec<Value>, [u64; 2])) -> Result<(), Error> {
        for side in 0..2 {
            for grouping in 0..self.groupings.len() {
                answer.each(side * self.groupings.len() + grouping, |keys, measures| {
                    let mut flows = [0; 2];
                    flows[side] = measures[0].as_int() as u64;
                    take(grouping, keys, flows);
                })?;
            }
        }
        Ok(())
    }
}

impl Ask for Both<'_> {
    fn filter<'f>(&self, flags: &'f FilterFlags) -> Cow<'f, FilterFlags> {
        let Windows { baseline, deviation } = self.windows;
        let [since, until] = [baseline.start.min(deviation.start), baseline.end.max(deviation.end)];
        Cow::Owned(flags.within(since.max(0) as u64, until.max(0) as u64))
    }

    fn query(&self) -> Query {
        let time = self.explain.input.filter.time_field.field();
        let [baseline, deviation] = [self.windows.baseline, self.windows.deviation].map(|Window { start, end }| {
            let [from, until] = [start, end].map(|time| time.max(0) as u64);
            let of = move |keys: &Vec<Key>| Grouping {
                select: Select::Between { time, from, until },
                keys: keys.clone(),
                measures: vec![Measure::Flows],
            };
            self.groupings.iter().map(of)
        });
        self.explain.asking(baseline.chain(deviation).collect(), self.explain.group)
    }

    fn needed(&self) -> Vec<FieldName> {
        self.explain.needed()
    }

    /// `each` tells what there is.
    fn report(&self, _: &mut Answer) -> Result<(Report, u64), Error> {
        Ok((Report::default(), 0))
    }
}

/// The values of every field in the baseline and in the deviation.
pub fn count(both: &Both<'_>, answer: &mut Answer) -> Result<[Counted; 2], Error> {
    let fields = both.groupings.len() - 1;
    let mut counted = [(); 2].map(|()| Counted { groups: vec![0; fields], ..Counted::default() });
    both.each(answer, |grouping, mut keys, flows| {
        for (counted, flows) in counted.iter_mut().zip(flows).filter(|(_, flows)| *flows > 0) {
            match keys.pop() {
                None => counted.all = flows,
                Some(value) => {
                    counted.groups[grouping] += 1;
                    counted.flows.insert((grouping, value), flows);
                }
            }
        }
    })?;
    Ok(counted)
}
