//! What may still be repeated: by the times that paths tell, and by how far the reading has come.

use super::Dedup;
use crate::source::Source;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// There are no more windows, however long the time: each has a table of its own.
const MOST_WINDOWS: u64 = 1 << 16;

/// What is known before anything is read. Time is divided into windows, numbered from the first time
/// that a path tells; ends before and behind all of those are in the first and the last window.
pub struct Horizon {
    /// Where the records of every source end; `None` where its path does not tell.
    times: Vec<Option<RangeInclusive<u64>>>,
    /// Where every source stands in the order of reading.
    positions: Vec<usize>,
    /// For every position, and behind the last one: the first window that sources from there on can
    /// touch.
    floors: Vec<u64>,
    /// For every position: the last window that sources up to there can touch, if their paths tell.
    tops: Vec<Option<u64>>,
    first: u64,
    last: u64,
    width: u64,
}

/// Where the records of a source end, if its path tells.
pub fn times(dedup: &Dedup, source: &Source) -> Option<RangeInclusive<u64>> {
    source.facts.created.zip(dedup.lateness).map(|(created, lateness)| created.record_times(lateness))
}

impl Horizon {
    /// Sources are read in this `order`.
    pub fn new(dedup: &Dedup, sources: &[Source], order: &[usize]) -> Horizon {
        let times: Vec<_> = sources.iter().map(|source| times(dedup, source)).collect();
        let told = || order.iter().filter_map(|source| times[*source].as_ref());
        let first = told().map(|times| *times.start()).min().unwrap_or(0);
        let last = told().map(|times| *times.end()).max().unwrap_or(0);
        let mut positions = vec![usize::MAX; sources.len()];
        order.iter().enumerate().for_each(|(position, source)| positions[*source] = position);
        let width = dedup.window.max(1).max((last - first) / MOST_WINDOWS);
        let mut horizon = Horizon { positions, floors: vec![u64::MAX], tops: vec![], first, last, width, times };
        for source in order.iter().rev() {
            let from = horizon.times[*source].as_ref().map_or(0, |times| horizon.window(*times.start()));
            horizon.floors.push(from.min(horizon.floors[horizon.floors.len() - 1]));
        }
        horizon.floors.reverse();
        let mut top = None;
        for source in order {
            top = top.max(horizon.times[*source].as_ref().map(|times| horizon.window(*times.end())));
            horizon.tops.push(top);
        }
        horizon
    }

    /// The window of a record that ends then.
    pub fn window(&self, end: u64) -> u64 {
        (end.clamp(self.first, self.last) - self.first) / self.width
    }

    pub fn position(&self, source: usize) -> usize {
        self.positions[source]
    }

    pub fn times_of(&self, source: usize) -> Option<&RangeInclusive<u64>> {
        self.times[source].as_ref()
    }

    /// Whether the path of a source tells its times.
    pub fn is_told(&self, source: usize) -> bool {
        self.times[source].is_some()
    }

    /// The first window that sources from `position` on can touch.
    pub fn floor(&self, position: usize) -> u64 {
        self.floors[position]
    }
}

/// What has been read.
pub struct Read {
    done: Vec<bool>,
    /// The first position that is not done.
    at: usize,
    /// Records that sources whose paths tell no times have added.
    untold: u64,
    /// Records that the others have added, by window; also of windows that are forgotten.
    told: BTreeMap<u64, u64>,
}

impl Read {
    pub fn new(positions: usize) -> Read {
        Read { done: vec![false; positions], at: 0, untold: 0, told: BTreeMap::new() }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn finish(&mut self, position: usize) {
        self.done[position] = true;
        self.at += self.done[self.at..].iter().take_while(|done| **done).count();
    }

    pub fn add(&mut self, told: bool, window: u64, count: u64) {
        if told {
            *self.told.entry(window).or_default() += count;
        } else {
            self.untold += count;
        }
    }

    /// How many records have to be kept at the first position that is not done: those of all windows
    /// that sources before may have added to and sources behind may look into. It only grows while
    /// more is read, and at the end of all reading does not depend on who read what.
    pub fn needed(&self, horizon: &Horizon) -> u64 {
        let told = horizon.tops.get(self.at).copied().flatten().map_or(0, |top| {
            let windows = horizon.floor(self.at)..=top;
            if windows.is_empty() { 0 } else { self.told.range(windows).map(|(_, count)| count).sum() }
        });
        self.untold + told
    }

    /// The most that had to be kept at any position.
    pub fn most_needed(&self, horizon: &Horizon) -> u64 {
        let (mut windows, mut sums, mut sum) = (Vec::new(), vec![0], 0);
        for (window, count) in &self.told {
            sum += count;
            windows.push(*window);
            sums.push(sum);
        }
        let needed = horizon.tops.iter().enumerate().map(|(position, top)| {
            let upto = top.map_or(0, |top| sums[windows.partition_point(|window| *window <= top)]);
            let before = sums[windows.partition_point(|window| *window < horizon.floor(position))];
            upto.saturating_sub(before)
        });
        self.untold + needed.max().unwrap_or(0)
    }
}
