//! The newest record is found by reading few files, and it is the newest one.

mod support;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::lines::{V2, flow, log, nodata};
use support::tree::Tree;
use vpcflow::engine::{NewestError, Options, Progress, newest};
use vpcflow::source::{Globs, discover};

/// 2026-03-15T00:00:00Z
const EPOCH: u64 = 1_773_532_800;

/// Counts the files that were read.
#[derive(Default)]
struct Opened(AtomicUsize);

impl Progress for Opened {
    fn bytes(&self, _: u64) {}
    fn source(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// The newest record of a tree, and how many files were read to find it.
fn look(tree: &Tree) -> (Option<u64>, usize) {
    let found = discover(&[tree.root().to_path_buf()], &Globs::default(), false, &|_| true).expect("a tree");
    let opened = Opened::default();
    let end = newest(&found, false, &Options::default(), &opened).expect("files");
    (end, opened.0.into_inner())
}

fn stamped(region: &str, time: u64) -> String {
    let stamp = Timestamp::from_second(time as i64).expect("a time").strftime("%Y%m%dT%H%MZ").to_string();
    format!("123456789012_vpcflowlogs_{region}_fl-0a1b_{stamp}_00ff.log")
}

fn ending(end: u64) -> String {
    log(&[flow().with("start", end - 60).with("end", end)])
}

#[test]
fn of_many_files_the_newest_are_read() {
    // A name is the beginning of the five minutes in the file, or their end.
    for (offset, opened) in [(299, 1), (-1, 2)] {
        let mut tree = Tree::new();
        for i in 0..500 {
            let time = EPOCH + i * 300;
            tree = tree.file(stamped("us-east-1", time), ending(time.strict_add_signed(offset)));
        }
        let end = (EPOCH + 499 * 300).strict_add_signed(offset);
        assert_eq!(look(&tree), (Some(end), opened));
        // Every region has its newest file.
        for region in ["eu-west-1", "eu-west-2", "eu-west-3"] {
            let time = EPOCH + 499 * 300;
            tree = tree.file(stamped(region, time), ending(time.strict_add_signed(offset)));
        }
        let (found, now) = look(&tree);
        assert_eq!((found, now), (Some(end), opened + 3));
        // A file whose path does not tell is read, whatever its age.
        tree = tree.file("copy.log", ending(EPOCH + 77));
        assert_eq!(look(&tree), (Some(end), opened + 4));
        tree = tree.file("new.log", ending(EPOCH + 500_000));
        assert_eq!(look(&tree), (Some(EPOCH + 500_000), 2));
    }
}

#[test]
fn late_records_and_files_without_any_do_not_end_the_search() {
    let at = |i: u64| EPOCH + i * 300;
    let mut tree = Tree::new();
    for i in 0..100 {
        tree = tree.file(stamped("us-east-1", at(i)), ending(at(i)));
    }
    // The newest files hold records of an hour before, nothing at all, or nothing to read.
    tree = tree.file(stamped("us-east-1", at(100)), ending(at(88)));
    tree = tree.file(stamped("us-east-1", at(101)), format!("{V2}\n"));
    tree = tree.file(stamped("us-east-1", at(102)) + ".gz", "");
    tree = tree.file(stamped("us-east-1", at(103)), "");
    tree = tree.file(stamped("us-east-1", at(104)), "not a log\n");
    let (end, opened) = look(&tree);
    assert_eq!(end, Some(at(99)));
    assert!((6..=8).contains(&opened), "{opened}");
    // A record without data has an end, too.
    tree.write(stamped("us-east-1", at(101)), log(&[nodata().with("end", at(101))]));
    assert_eq!(look(&tree).0, Some(at(101)));
    assert_eq!(look(&Tree::of("x.log", format!("{V2}\n"))), (None, 1));
    assert_eq!(look(&Tree::new()), (None, 0));
}

#[test]
fn what_can_be_read_once_only_is_refused() {
    for (path, name) in [("-", "standard input"), ("/dev/null", "/dev/null")] {
        let found = discover(&[PathBuf::from(path)], &Globs::default(), false, &|_| true).expect("a source");
        let error = newest(&found, false, &Options::default(), &Opened::default()).expect_err("no files");
        assert!(matches!(&error, NewestError::ReadOnce(what) if what == name));
        assert_eq!(error.to_string(), format!("{name} cannot be read twice"));
    }
}

/// Where a file is stored: what its path tells of its time.
#[derive(Clone, Copy, Debug)]
enum Place {
    Stamped,
    Hour,
    Day,
    Unknown,
}

impl Place {
    fn path(self, i: usize, time: u64) -> String {
        let at = Timestamp::from_second(time as i64).expect("a time");
        match self {
            Place::Stamped => stamped(&format!("us-east-{i}"), time),
            Place::Hour => format!("vpcflowlogs/us-east-1/{}/{i}.log", at.strftime("%Y/%m/%d/%H")),
            Place::Day => format!("vpcflowlogs/us-east-1/{}/{i}.log", at.strftime("%Y/%m/%d")),
            Place::Unknown => format!("{i}.log"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// However late, early or missing records are, and whatever the paths tell.
    #[test]
    fn it_is_the_largest_end_of_all(files in vec(
        (
            prop_oneof![Just(Place::Stamped), Just(Place::Hour), Just(Place::Day), Just(Place::Unknown)],
            0u64..2000,
            vec(-4000i64..600, 0..3),
        ),
        0..12,
    )) {
        let mut tree = Tree::new();
        for (i, (place, minutes, offsets)) in files.iter().enumerate() {
            let time = EPOCH + minutes * 60;
            let records: Vec<_> = offsets.iter().map(|o| flow().with("end", time.strict_add_signed(*o))).collect();
            tree = tree.file(place.path(i, time), log(&records));
        }
        let ends = files.iter().flat_map(|(_, minutes, offsets)| {
            offsets.iter().map(move |offset| (EPOCH + minutes * 60).strict_add_signed(*offset))
        });
        prop_assert_eq!(look(&tree).0, ends.max());
    }
}
