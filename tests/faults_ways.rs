//! A fault is the same fault whichever way a file is read: unpacked at once or as a stream, in blocks
//! of any size, mapped and split among threads, scanned in windows of any size.

mod support;

use support::faults::{Fault, compressed, text};
use support::lines::many;
use support::tree::{Tree, gzip};
use vpcflow::engine::{self, Counts, Options, Silent};
use vpcflow::query::{Grouping, Measure, Order, Query, Select};
use vpcflow::schema::Field;
use vpcflow::source::{Globs, Limits, discover};

/// What comes of a file.
#[derive(Debug, PartialEq)]
struct Read {
    rows: Vec<String>,
    warnings: Vec<String>,
    counts: Counts,
}

fn read(tree: &Tree, name: &str, options: &Options) -> Read {
    let keys = vec![Field::SrcIp.into(), Field::Action.into()];
    let measures = vec![Measure::Flows, Measure::Bytes, Measure::FirstSeen, Measure::LastSeen];
    let grouping = Grouping { select: Select::Flows, keys, measures };
    let query = Query { groupings: vec![grouping], ..Query::default() };
    let found = discover(&[tree.path(name)], &Globs::default(), false, &|_| true).expect("a file");
    let mut answer = engine::run(&query, found, options, &Silent).expect("an answer");
    let grouped = answer.grouped(0, Order { measure: Some(1), ascending: false, limit: 0 }).expect("memory");
    Read {
        rows: grouped.rows.iter().map(|row| format!("{:?} {:?}", row.keys, row.measures)).collect(),
        warnings: answer.warnings().into_iter().map(|warning| warning.text).collect(),
        counts: answer.tally.counts,
    }
}

/// Ways to read: the usual one first.
fn ways() -> Vec<Options> {
    let with =
        |limits: Limits, window: usize, threads: usize| Options { limits, window, threads, ..Options::default() };
    let usual = Limits::default();
    let stream = Limits { whole: 0, ..usual };
    vec![
        with(usual, 0, 1),
        with(stream, 0, 1),
        with(Limits { block: 4099, ..stream }, 0, 1),
        with(Limits { block: 61, ..stream }, 77, 1),
        with(Limits { split: 0, ..usual }, 0, 3),
        with(Limits { split: 0, part: 997, ..usual }, 0, 3),
        with(Limits { split: 0, part: 61, ..usual }, 1, 2),
        with(Limits { split: usize::MAX, ..usual }, 1, 1),
    ]
}

/// Holds that every way gives the same.
fn hold(fault: &Fault, ways: &[Options]) {
    let tree = Tree::of(fault.name, &fault.bytes);
    let usual = read(&tree, fault.name, &ways[0]);
    if let Some(lines) = fault.lines() {
        assert_eq!(usual.counts.lines, lines, "{}: {usual:?}", fault.subject);
    }
    for way in &ways[1..] {
        let mut other = read(&tree, fault.name, way);
        // How far reading was ahead when the damage was met, or the file was given up.
        if !fault.is_sound() {
            other.counts.bytes_read = usual.counts.bytes_read;
        }
        if fault.lines().is_none() {
            other.counts.bytes_unpacked = usual.counts.bytes_unpacked;
        }
        assert_eq!(other, usual, "{} with {:?}, window {}", fault.subject, way.limits, way.window);
    }
}

#[test]
fn compressed_files_are_read_the_same_every_way() {
    // Parts of many megabytes are read in no tiny pieces: that takes long, and shows nothing more.
    let (large, small): (Vec<Fault>, Vec<Fault>) = compressed::all().into_iter().partition(is_large);
    small.iter().for_each(|fault| hold(fault, &ways()));
    large.iter().for_each(|fault| hold(fault, &ways()[..3]));
}

fn is_large(fault: &Fault) -> bool {
    fault.text.as_ref().is_some_and(|text| text.len() > 1 << 20)
}

#[test]
fn texts_are_read_the_same_every_way() {
    text::all().iter().for_each(|fault| hold(fault, &ways()));
}

/// Every bit of a short file, and some bits of every byte of it.
#[test]
fn flipped_bits_are_read_the_same_every_way() {
    let good = gzip(many(40));
    let ways = [&ways()[..2], &ways()[3..4]].concat();
    for place in 0..good.len() {
        let mut bytes = good.clone();
        bytes[place] ^= 1 << (place % 8);
        let fault = Fault::packed(&format!("byte {place}"), bytes, "").given_up("");
        hold(&fault, &ways);
    }
}
