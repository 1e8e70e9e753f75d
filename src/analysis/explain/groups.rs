//! Which of the kept values go together.

use super::test::{Counts, g_test};
use std::collections::BTreeMap;

/// A kept (field, value) pair, by a small number.
pub type Item = u32;

/// Flows that have the same items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// In rising order, each once.
    pub items: Vec<Item>,
    /// In the deviation.
    pub flows: u64,
    pub baseline: u64,
}

/// The flows of both windows, those without an item included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct All {
    pub deviation: u64,
    pub baseline: u64,
}

impl All {
    /// How many more flows there are than the baseline's part of them would be.
    pub fn extra(self, flows: u64, baseline: u64) -> f64 {
        flows as f64 - baseline as f64 * (self.deviation as f64 / self.baseline.max(1) as f64)
    }

    /// Whether that is more than chance would have it.
    fn is_more(self, flows: u64, baseline: u64) -> bool {
        let counts = Counts { deviation: flows, deviation_all: self.deviation, baseline, baseline_all: self.baseline };
        g_test(&counts) < MORE.ln()
    }
}

/// A group of several items is one if its p is below this.
const MORE: f64 = 0.01;

/// What bounds the search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The part of all flows, above 0 and up to 1, that a group has at least.
    pub support: f64,
    /// The part, 0 to 1, of a set's extra flows that one larger set must have to be shown in its place. With 0, as
    /// the definition has it, any larger set of enough flows is: a scan of 200 addresses is then 200 groups.
    /// With 0.5 it is one: the set of its source, and what was scanned is not shown apart; nor is a set that has no
    /// more of the deviation's flows than of the baseline's.
    pub replace: f64,
    /// How many items are looked at, in all sets together, before the support is doubled. 20 million take
    /// a few tenths of a second.
    pub work: u64,
    /// How many groups of two or more items there are at most, before the support is doubled.
    pub groups: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { support: 0.001, replace: 0.0, work: 20_000_000, groups: 1000 }
    }
}

/// How many items, that do not always come together, a group may be built of.
const DEPTH: usize = 100;

/// Items that go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// In rising order.
    pub items: Vec<Item>,
    /// How many flows of the deviation, and of the baseline, have all of them.
    pub flows: u64,
    pub baseline: u64,
    /// The largest of its items'.
    pub ln_p: f64,
}

/// All groups, in order, and how they were found.
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    pub groups: Vec<Group>,
    /// How many flows a group of two or more has at least: more than was asked for if the search was too long.
    pub support: u64,
    /// How often the support was doubled.
    pub doublings: u32,
}

/// Groups the items of the deviation's flows: the largest sets of two or more items that enough flows have in
/// common (the leaves of the tree of closed sets), and each other item by itself. Items that always come
/// together stay together. `ln_p` is that of each item. The least probable group comes first, then that with the
/// most flows.
pub fn group(sets: &[Set], ln_p: &[f64], all: All, limits: &Limits) -> Groups {
    let units = units(sets, ln_p.len());
    let rows = rows(sets, &units);
    let mut support = ((limits.support * all.deviation as f64).ceil() as u64).max(1);
    let mut doublings = 0;
    let found = loop {
        let mut search = Search::new(&rows, &units, support, all, limits);
        if search.run() {
            break search.found;
        }
        support = support.saturating_mul(2);
        doublings += 1;
    };
    let mut is_shown = vec![false; units.len()];
    found.iter().flat_map(|(units, ..)| units).for_each(|unit| is_shown[*unit as usize] = true);
    let shown = found.iter().enumerate().filter(|(i, _)| limits.replace == 0.0 || !contains_other(&found, *i));
    let mut groups: Vec<Group> = shown.map(|(_, (of, flows))| make(of, &units, ln_p, *flows)).collect();
    let alone = (0..units.len() as u32).filter(|unit| !is_shown[*unit as usize]);
    groups.extend(alone.map(|unit| make(&[unit], &units, ln_p, units[unit as usize].flows)));
    groups.sort_by(|a, b| a.ln_p.total_cmp(&b.ln_p).then(b.flows.cmp(&a.flows)).then_with(|| a.items.cmp(&b.items)));
    Groups { groups, support, doublings }
}

/// Of numbers in rising order.
fn is_subset(few: &[u32], many: &[u32]) -> bool {
    let mut rest = many.iter();
    few.iter().all(|one| rest.by_ref().find(|other| *other >= one) == Some(one))
}

fn contains_other(found: &[Row], one: usize) -> bool {
    found.iter().enumerate().any(|(i, (other, _))| i != one && is_subset(other, &found[one].0))
}

fn make(of: &[u32], units: &[Unit], ln_p: &[f64], [flows, baseline]: [u64; 2]) -> Group {
    let mut items: Vec<Item> = of.iter().flat_map(|unit| &units[*unit as usize].items).copied().collect();
    items.sort_unstable();
    let ln_p = items.iter().map(|item| ln_p[*item as usize]).fold(f64::NEG_INFINITY, f64::max);
    Group { items, flows, baseline, ln_p }
}

/// Items that are in the same sets of the deviation, and in equally many flows of the baseline.
struct Unit {
    items: Vec<Item>,
    flows: [u64; 2],
}

/// The units of all items, those with the most flows first.
fn units(sets: &[Set], items: usize) -> Vec<Unit> {
    let mut places: Vec<Vec<u32>> = vec![vec![]; items];
    let mut baseline = vec![0u64; items];
    for (place, set) in sets.iter().enumerate() {
        for item in &set.items {
            baseline[*item as usize] += set.baseline;
            if set.flows > 0 {
                places[*item as usize].push(place as u32);
            }
        }
    }
    let mut alike: BTreeMap<(Vec<u32>, u64), Vec<Item>> = BTreeMap::new();
    for (item, places) in places.into_iter().enumerate() {
        alike.entry((places, baseline[item])).or_default().push(item as Item);
    }
    let flows = |places: &[u32]| places.iter().map(|place| sets[*place as usize].flows).sum::<u64>();
    // An item that is nowhere is by itself.
    let apart = |((places, baseline), items): ((Vec<u32>, u64), Vec<Item>)| -> Vec<Unit> {
        let flows = [flows(&places), baseline];
        match places.is_empty() {
            true => items.into_iter().map(|item| Unit { items: vec![item], flows }).collect(),
            false => vec![Unit { items, flows }],
        }
    };
    let mut units: Vec<Unit> = alike.into_iter().flat_map(apart).collect();
    units.sort_by(|a, b| b.flows.cmp(&a.flows).then_with(|| a.items.cmp(&b.items)));
    units
}

/// The units of sets, in rising order, and the flows, in the deviation and the baseline, of all sets that have the
/// same.
type Row = (Vec<u32>, [u64; 2]);

/// A unit, and its flows in the deviation and the baseline.
type Counted = (u32, [u64; 2]);

fn add(sums: &mut [u64; 2], more: [u64; 2]) {
    sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn rows(sets: &[Set], units: &[Unit]) -> Vec<Row> {
    let items = units.iter().map(|unit| unit.items.len()).sum();
    let mut unit_of = vec![None; items];
    // The first item stands for all of them.
    units.iter().enumerate().for_each(|(number, unit)| unit_of[unit.items[0] as usize] = Some(number as u32));
    let mut rows: BTreeMap<Vec<u32>, [u64; 2]> = BTreeMap::new();
    for set in sets {
        let mut row: Vec<u32> = set.items.iter().filter_map(|item| unit_of[*item as usize]).collect();
        row.sort_unstable();
        add(rows.entry(row).or_default(), [set.flows, set.baseline]);
    }
    rows.into_iter().collect()
}

/// A search through the closed sets of units, each once: LCM of Uno, Kiyomi and Arimura, "LCM ver. 2" (2004).
struct Search<'a> {
    units: &'a [Unit],
    rows: &'a [Row],
    support: u64,
    all: All,
    limits: &'a Limits,
    work: u64,
    /// Per unit, how many of the flows at hand have it; 0 between uses.
    counts: Vec<[u64; 2]>,
    /// Per unit, its place among those that are looked for; none between uses.
    places: Vec<usize>,
    is_inside: Vec<bool>,
    found: Vec<Row>,
}

impl<'a> Search<'a> {
    fn new(rows: &'a [Row], units: &'a [Unit], support: u64, all: All, limits: &'a Limits) -> Search<'a> {
        Search {
            units,
            rows,
            support,
            all,
            limits,
            work: 0,
            counts: vec![[0; 2]; units.len()],
            places: vec![usize::MAX; units.len()],
            is_inside: vec![false; units.len()],
            found: vec![],
        }
    }

    /// Whether it came to its end within the limits.
    fn run(&mut self) -> bool {
        let all: Vec<u32> = (0..self.rows.len() as u32).collect();
        self.visit(&all, None, &mut vec![])
    }

    /// Looks at the closure of the units in `inside`, of which `core` was added last, and all that grow from
    /// it. `rows` are those that have all of these units.
    fn visit(&mut self, rows: &[u32], core: Option<u32>, inside: &mut Vec<u32>) -> bool {
        let Some((flows, counts)) = self.count(rows) else { return false };
        if flows[0] < self.support {
            return true;
        }
        let added: Vec<u32> = counts
            .iter()
            .filter(|(unit, n)| n[0] == flows[0] && !self.is_inside[*unit as usize])
            .map(|c| c.0)
            .collect();
        if core.is_some_and(|core| added.iter().any(|unit| *unit < core)) {
            return true;
        }
        let before = inside.len();
        inside.extend(&added);
        added.iter().for_each(|unit| self.is_inside[*unit as usize] = true);
        let is_within = self.extend(rows, core, inside, flows, &counts);
        added.iter().for_each(|unit| self.is_inside[*unit as usize] = false);
        inside.truncate(before);
        is_within
    }

    /// Adds to a closed set, whose flows are counted, one more unit at a time.
    fn extend(
        &mut self,
        rows: &[u32],
        core: Option<u32>,
        inside: &mut Vec<u32>,
        flows: [u64; 2],
        counts: &[Counted],
    ) -> bool {
        let is_outside = |unit: &u32| !self.is_inside[*unit as usize];
        let more: Vec<Counted> =
            counts.iter().filter(|(unit, n)| n[0] >= self.support && is_outside(unit)).copied().collect();
        if self.is_shown(flows, &more) {
            self.find(inside, flows);
        }
        if self.found.len() > self.limits.groups || inside.len() >= DEPTH {
            return false;
        }
        let wider: Vec<u32> =
            more.into_iter().map(|(unit, _)| unit).filter(|unit| core.is_none_or(|core| *unit > core)).collect();
        for (unit, rows) in wider.iter().zip(self.rows_with(&wider, rows)) {
            self.is_inside[*unit as usize] = true;
            inside.push(*unit);
            let is_within = self.visit(&rows, Some(*unit), inside);
            inside.pop();
            self.is_inside[*unit as usize] = false;
            if !is_within {
                return false;
            }
        }
        true
    }

    /// Whether a set of so many flows is shown, and none in its place that has one unit `more`.
    fn is_shown(&self, [flows, baseline]: [u64; 2], more: &[Counted]) -> bool {
        if self.limits.replace == 0.0 {
            return more.is_empty();
        }
        let least = self.limits.replace * self.all.extra(flows, baseline);
        let is_less = |(_, n): &Counted| self.all.extra(n[0], n[1]) < least;
        self.all.is_more(flows, baseline) && more.iter().all(is_less)
    }

    /// For each of some units, those of the rows that have it.
    fn rows_with(&mut self, units: &[u32], rows: &[u32]) -> Vec<Vec<u32>> {
        let mut with = vec![vec![]; units.len()];
        if units.is_empty() {
            return with;
        }
        units.iter().enumerate().for_each(|(place, unit)| self.places[*unit as usize] = place);
        for row in rows {
            for unit in &self.rows[*row as usize].0 {
                if let Some(rows) = with.get_mut(self.places[*unit as usize]) {
                    rows.push(*row);
                }
            }
        }
        units.iter().for_each(|unit| self.places[*unit as usize] = usize::MAX);
        with
    }

    fn find(&mut self, inside: &[u32], flows: [u64; 2]) {
        let items: usize = inside.iter().map(|unit| self.units[*unit as usize].items.len()).sum();
        if items >= 2 {
            let mut units = inside.to_vec();
            units.sort_unstable();
            self.found.push((units, flows));
        }
    }

    /// The flows of some rows, and of each unit among them; `None` at the limit of work.
    fn count(&mut self, rows: &[u32]) -> Option<([u64; 2], Vec<Counted>)> {
        let mut seen = Vec::new();
        let mut all = [0; 2];
        for row in rows {
            let (units, flows) = &self.rows[*row as usize];
            add(&mut all, *flows);
            self.work += 1 + units.len() as u64;
            for unit in units {
                let count = &mut self.counts[*unit as usize];
                if *count == [0; 2] {
                    seen.push(*unit);
                }
                add(count, *flows);
            }
        }
        seen.sort_unstable();
        let take = |unit: u32| (unit, std::mem::take(&mut self.counts[unit as usize]));
        let counts = seen.into_iter().map(take).collect();
        (self.work <= self.limits.work).then_some((all, counts))
    }
}

#[cfg(test)]
#[path = "groups_tests.rs"]
mod tests;
