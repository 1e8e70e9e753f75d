//! Flows as the tests know them, and plain counts of them.

use super::support::lines::{Record, flow, log};
use super::support::tree::Tree;
use super::support::{Outcome, Vpcflow, vpcflow};
use std::cmp::Reverse;
use std::ops::Range;

/// 2026-03-15T12:00:00Z.
pub const NOON: u64 = 1_773_576_000;
pub const HOUR: u64 = 3600;

pub fn at(start: u64) -> Record {
    flow().with("start", start).with("end", start + 30)
}

/// A log with so many flows in every minute from noon on.
pub fn minutes(counts: &[usize]) -> Tree {
    let records = counts.iter().enumerate().flat_map(|(i, count)| vec![at(NOON + 60 * i as u64); *count]);
    Tree::of("x", log(&records.collect::<Vec<_>>()))
}

pub fn run(tree: &Tree, options: &str) -> Vpcflow {
    vpcflow(&format!("timeline {options} x")).dir(tree.root())
}

/// A flow, as the tests know it.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub start: u64,
    pub end: u64,
    /// The last number of the source's address.
    pub source: u64,
    pub bytes: u64,
}

/// Four hours of flows of seven sources: more and more, with some minutes of many and some of none.
pub fn four_hours() -> Vec<Known> {
    let mut seed = 11u64;
    let mut below = |limit: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % limit
    };
    let mut flows = vec![Known { start: NOON, end: NOON + 60, source: 1, bytes: 7 }];
    for minute in 0..240 {
        let count = match minute {
            90..95 => 0,
            44 | 200 => 60,
            _ => 2 + below(4) + minute / 50,
        };
        for _ in 0..count {
            let start = NOON + 60 * minute + below(60);
            // One source is there early on only, and another at the end only.
            let source = match minute {
                0..50 => 1 + below(6),
                150.. => [2, 3, 3, 4, 5, 6, 7][below(7) as usize],
                _ => 2 + below(5),
            };
            flows.push(Known { start, end: start + below(200), source, bytes: 40 << below(16) | below(100) });
        }
    }
    flows
}

pub fn tree_of(flows: &[Known]) -> Tree {
    let record = |known: &Known| {
        let record = flow().with("start", known.start).with("end", known.end).with("bytes", known.bytes);
        record.with("srcaddr", format!("10.0.0.{}", known.source))
    };
    Tree::of("x", log(&flows.iter().map(record).collect::<Vec<_>>()))
}

/// A time of that day, as it is written.
pub fn clock(time: u64) -> String {
    let seconds = time - (NOON - 12 * HOUR);
    format!("2026-03-15T{:02}:{:02}:{:02}Z", seconds / HOUR, seconds / 60 % 60, seconds % 60)
}

/// Some columns of a result.
pub fn columns(outcome: &Outcome, names: &[&str]) -> Vec<Vec<String>> {
    assert_eq!(outcome.status, 0, "{outcome}");
    let header: Vec<&str> = outcome.stdout.lines().next().unwrap_or_default().split(',').collect();
    let place = |name: &&str| header.iter().position(|column| column == name).expect("a column of that name");
    let places: Vec<usize> = names.iter().map(place).collect();
    outcome.rows().iter().map(|row| places.iter().map(|place| row[*place].clone()).collect()).collect()
}

/// How many of some times lie in each bucket, from one bucket to another.
pub fn counted(times: impl Iterator<Item = u64>, seconds: u64, buckets: Range<u64>) -> Vec<u64> {
    let mut counts = vec![0; (buckets.end - buckets.start) as usize];
    times.map(|time| time / seconds).filter(|bucket| buckets.contains(bucket)).for_each(|bucket| {
        counts[(bucket - buckets.start) as usize] += 1;
    });
    counts
}

/// The `count` sources with the most flows.
pub fn largest(flows: &[Known], count: usize) -> Vec<u64> {
    let size = |source: &u64| flows.iter().filter(|flow| flow.source == *source).count();
    let mut sources: Vec<u64> = (1..8).collect();
    sources.sort_by_key(|source| Reverse(size(source)));
    sources[..count].to_vec()
}

/// The buckets from the first of some times to the last.
pub fn buckets(times: impl Iterator<Item = u64> + Clone, seconds: u64) -> Range<u64> {
    let (first, last) = (times.clone().min().expect("a time"), times.max().expect("a time"));
    first / seconds..last / seconds + 1
}
