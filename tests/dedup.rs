//! Records that repeat others count once, wherever they stand, whoever reads them; and what cannot be
//! compared is never left out.

mod support;

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::BTreeSet;
use support::lines::{V2, V5, flow, log, many, nodata};
use support::oracle::{self, Log, Record};
use support::random;
use support::tree::Tree;
use support::{Outcome, Text, answers, vpcflow};
use vpcflow::engine::{self, Dedup, EngineError, Options, Silent};
use vpcflow::query::{Grouping, Key, Measure, Order, Query, Select};
use vpcflow::source::{Globs, Limits, discover};

const ACCOUNT: &str = "123456789012";
/// 2026-03-15T00:00:00Z
const EPOCH: u64 = 1_773_532_800;

fn count(outcome: &Outcome, name: &str) -> u64 {
    outcome.stats()[name].as_u64().unwrap_or_else(|| panic!("{name} in\n{outcome}"))
}

/// Where AWS puts a file of a flow log.
fn path(region: &str, flow_log: &str, at: u64) -> String {
    let time = Timestamp::from_second(at as i64).expect("a time");
    let (day, stamp) = (time.strftime("%Y/%m/%d"), time.strftime("%Y%m%dT%H%MZ"));
    format!(
        "AWSLogs/{ACCOUNT}/vpcflowlogs/{region}/{day}/{ACCOUNT}_vpcflowlogs_{region}_{flow_log}_{stamp}_00ff.log.gz"
    )
}

/// The duplicates in a text with both of these, in both orders, as one file and as two.
#[track_caller]
fn duplicates(one: &str, other: &str) -> u64 {
    let ask = |tree: Tree| {
        let outcome = vpcflow("summary --dedup --stats=json -q").dir(tree.root()).outcome();
        assert_eq!(outcome.status, 0, "{outcome}");
        assert_eq!(count(&outcome, "records"), count(&outcome, "matched") + count(&outcome, "duplicates"));
        count(&outcome, "duplicates")
    };
    let found = ask(Tree::of("a", one).file("b", other));
    assert_eq!(found, ask(Tree::of("a", other).file("b", one)));
    assert_eq!(found, ask(Tree::of("a", format!("{one}{other}"))));
    assert_eq!(found, ask(Tree::of("a", format!("{other}{one}"))));
    found
}

#[test]
fn records_are_compared_by_value() {
    let text = |record: support::lines::Record| log(&[record]);
    let same = [
        (text(flow()), text(flow())),
        (text(nodata()), text(nodata())),
        (text(nodata().with("log-status", "SKIPDATA")), text(nodata().with("log-status", "SKIPDATA"))),
        (text(flow().with("bytes", "007")), text(flow().with("bytes", "7"))),
        (text(flow().with("srcaddr", "2001:DB8:0::1")), text(flow().with("srcaddr", "2001:db8::1"))),
        (text(flow().with("start", "1700000000123")), text(flow())),
        // What a field cannot hold counts as no value.
        (text(flow().with("bytes", "many")), text(flow().with("bytes", "-"))),
        (text(flow()), text(flow()).replace('\n', "\r\n").replace(' ', "  ")),
    ];
    for (one, other) in &same {
        assert_eq!(duplicates(one, other), 1, "{one}{other}");
    }
    let different = [
        (text(flow()), text(nodata())),
        (text(flow().with("srcaddr", "10.0.0.1")), text(flow().with("srcaddr", "::ffff:10.0.0.1"))),
        (text(flow().with("bytes", "0")), text(flow().with("bytes", "-"))),
        (text(flow().with("srcport", 7).with("dstport", 8)), text(flow().with("srcport", 8).with("dstport", 7))),
        (text(flow().with("packets", "9").with("bytes", "-")), text(flow().with("packets", "-").with("bytes", "9"))),
        (text(flow().with("interface-id", "eni-12345678a")), text(flow().with("interface-id", "eni-12345678b"))),
        (text(flow().with("interface-id", "eni-1")), text(flow().with("interface-id", "eni-11"))),
        (text(nodata().with("log-status", "SKIPDATA")), text(nodata())),
    ];
    for (one, other) in &different {
        assert_eq!(duplicates(one, other), 0, "{one}{other}");
    }
}

#[test]
fn one_field_makes_the_difference() {
    let whole = V5.split_whitespace().zip(FULL.split(' ')).collect::<Vec<_>>();
    for (place, (field, value)) in whole.iter().enumerate() {
        let other = match *field {
            "srcaddr" | "dstaddr" | "pkt-srcaddr" | "pkt-dstaddr" => "10.9.9.9",
            "log-status" => "ODD",
            _ if value.bytes().all(|b| b.is_ascii_digit()) => "77",
            _ => "else",
        };
        let with = |value: &str| {
            let mut values: Vec<&str> = whole.iter().map(|(_, value)| *value).collect();
            values[place] = value;
            format!("{V5}\n{}\n", values.join(" "))
        };
        assert_eq!(duplicates(&with(value), &with(value)), 1, "{field}");
        assert_eq!(duplicates(&with(value), &with(other)), 0, "{field}");
        let (without, missing) = (format!("{V5}\n{FULL}\n"), with("-"));
        assert_eq!(duplicates(&without, &missing), 0, "{field}");
    }
}

/// A record of version 5.
const FULL: &str = "5 123456789012 eni-0a1b2c3d 10.0.0.1 10.0.0.2 50000 443 6 3 300 1700000000 1700000060 ACCEPT OK \
                    vpc-1 subnet-1 i-1 18 IPv4 10.0.0.1 10.0.0.2 us-east-1 use1-az1 outpost op-1 S3 EC2 egress 8";

#[test]
fn the_order_of_fields_and_missing_ones_do_not_matter() {
    let plain = "interface-id start end srcaddr bytes\neni-1 100 160 10.0.0.1 9\n";
    for (other, found) in [
        ("bytes srcaddr end start interface-id\n9 10.0.0.1 160 100 eni-1\n", 1),
        ("interface-id start end srcaddr dstaddr bytes action\neni-1 100 160 10.0.0.1 - 9 -\n", 1),
        ("interface-id start end srcaddr dstaddr bytes action\neni-1 100 160 10.0.0.1 - 9 DROP\n", 0),
        ("interface-id start end srcaddr bytes x-new\neni-1 100 160 10.0.0.1 9 -\n", 1),
        ("interface-id start end srcaddr bytes x-new\neni-1 100 160 10.0.0.1 9 1\n", 0),
        ("interface-id start end dstaddr bytes\neni-1 100 160 10.0.0.1 9\n", 0),
        // Without a value, this is a status that AWS does not document: another kind of record.
        ("interface-id start end srcaddr bytes log-status\neni-1 100 160 10.0.0.1 9 -\n", 0),
    ] {
        assert_eq!(duplicates(plain, other), found, "{other}");
    }
    let new = "interface-id start end srcaddr bytes x-new\neni-1 100 160 10.0.0.1 9 1\n";
    assert_eq!(duplicates(new, new), 1);
    assert_eq!(duplicates(new, &new.replace("x-new", "x-other")), 0);
}

#[test]
fn what_a_path_gives_is_a_value() {
    let named = log(&[flow().with("start", EPOCH).with("end", EPOCH + 60)]);
    let nameless: String =
        named.lines().map(|line| line.replace("account-id ", "").replace("123456789012 ", "") + "\n").collect();
    for (region, text, found) in [("us-east-1", &named, 1), ("us-east-1", &nameless, 1), ("eu-west-1", &named, 0)] {
        let tree = Tree::new().gz(path("us-east-1", "fl-1", EPOCH), &named).gz(path(region, "fl-2", EPOCH), text);
        let outcome = vpcflow("top --by account-id,region -o csv --dedup --stats=json").dir(tree.root()).outcome();
        assert_eq!(count(&outcome, "duplicates"), found, "{outcome}");
        assert_eq!(outcome.rows()[0][0], ACCOUNT, "{outcome}");
    }
}

#[test]
fn records_without_an_interface_or_a_time_all_count() {
    let resource = "resource-id start end bytes\nnat-1 100 160 9\n";
    assert_eq!(duplicates(resource, resource), 1);
    let gateway = "tgw-attachment-id start end bytes\ntgw-attach-1 100 160 9\n";
    assert_eq!(duplicates(gateway, gateway), 1);
    let lacks = |text: &str| {
        let twice = Tree::of("a", text).file("b", text);
        let note = "vpcflow: --dedup: 2 records without interface-id, start or end, which cannot be told from others; \
                    they all count\n";
        vpcflow("top --by bytes --agg flows -o csv --dedup").dir(twice.root()).gives(0, Text::Any, note);
        assert_eq!(duplicates(text, text), 0);
    };
    for field in ["interface-id", "start", "end"] {
        lacks(&log(&[flow().with(field, "-")]));
    }
    lacks("srcaddr start end bytes\n10.0.0.1 1700000000 1700000060 9\n");
    lacks("interface-id end bytes action\neni-1 1700000060 9 ACCEPT\n");
}

#[test]
fn a_record_of_another_time_than_its_file_is_not_compared() {
    let late = EPOCH + 3 * 3600;
    let ends = |end: u64| log(&[flow().with("start", end - 60).with("end", end)]);
    let early = EPOCH + 600;
    let tree = Tree::new()
        .gz(path("us-east-1", "fl-1", early), ends(early))
        .gz(path("us-east-1", "fl-2", early), ends(early))
        .gz(path("us-east-1", "fl-1", late), ends(early))
        .gz(path("us-east-1", "fl-2", late), ends(early));
    let run = |more: &str| vpcflow(&format!("summary --dedup {more}")).dir(tree.root()).outcome();
    let outcome = run("--stats=json");
    let note = "vpcflow: --dedup: 2 records of another time than the path of the file tells, which cannot be \
                compared; they all count (a longer --lateness compares them)\n";
    assert_eq!((outcome.warnings(), count(&outcome, "duplicates")), (note.into(), 1), "{outcome}");
    for more in ["--stats=json --lateness 3h", "--stats=json --lateness all", "--stats=json --no-prune"] {
        let outcome = run(more);
        assert_eq!((outcome.warnings(), count(&outcome, "duplicates")), ("".into(), 3), "{outcome}");
    }
    assert!(run("").stderr.starts_with("vpcflow: duplicates left out: 1 of 4 records\n"), "{}", run(""));
    assert_eq!(run("-q").stderr, "");
}

#[test]
fn filters_come_first() {
    let text = many(20);
    let tree = Tree::of("a", &text).file("b", &text);
    let outcome = vpcflow("top --dedup --stats=json -w").arg("bytes > 15").dir(tree.root()).outcome();
    assert_eq!((count(&outcome, "matched"), count(&outcome, "duplicates")), (5, 5), "{outcome}");
    assert_eq!(count(&outcome, "records"), 40);
    let outcome = vpcflow("top --stats=json").dir(tree.root()).outcome();
    assert_eq!((count(&outcome, "matched"), count(&outcome, "duplicates")), (40, 0), "{outcome}");
    // What is newest is so with its duplicates.
    let last = || vpcflow("summary -o csv --last 1h").dir(tree.root());
    assert_eq!(last().arg("--dedup").arg("-q").result().lines().count(), last().result().lines().count());
}

#[test]
fn lists_show_the_first() {
    let line = |i: u64| flow().with("bytes", i % 7).with("start", 1_700_000_000 + i % 7).line();
    let lines = |range: std::ops::Range<u64>| range.map(line).collect::<String>();
    let tree = Tree::new();
    for (i, name) in ["b.log", "c.log", "a.log"].into_iter().enumerate() {
        tree.write(name, format!("{V2}\n{}", lines(5 * i as u64..5 * i as u64 + 5)));
    }
    // a: 3 4 5 6 0; b: 0 1 2 3 4; c: 5 6 0 1 2.
    let shown = |more: &str| {
        let outcome = vpcflow(&format!("records --dedup -q -o csv --fields bytes {more}")).dir(tree.root()).result();
        outcome.lines().skip(1).map(String::from).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(shown(""), "3 4 5 6 0 1 2");
    assert_eq!(shown("-j 8"), "3 4 5 6 0 1 2");
    assert_eq!(shown("-n 6"), "3 4 5 6 0 1");
    assert_eq!(shown("--sort time"), "0 1 2 3 4 5 6");
    assert_eq!(shown("--sort -time -n 2"), "6 5");
    let places = vpcflow("records --dedup -q -o long").dir(tree.root()).result();
    let places: Vec<&str> = places.lines().filter(|line| line.contains(".log")).collect();
    assert!(places.len() == 7 && places[4].contains("a.log") && places[5].contains("b.log"), "{places:?}");
    let outcome = vpcflow("records --dedup --stats=json").dir(tree.root()).outcome();
    assert_eq!((count(&outcome, "matched"), count(&outcome, "duplicates")), (7, 8), "{outcome}");
}

/// Whether a record names its interface and its time, and all that it says.
fn identity(record: &Record) -> Option<String> {
    let has = |field: &str| record.values.contains_key(field);
    let named = (has("interface-id") || has("resource-id")) && has("start") && has("end");
    named.then(|| format!("{:?} {:?}", record.status, record.values))
}

const CASES: u32 = 48;

fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: CASES, ..config } }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn anything_with_copies_is_as_without(
        (format, files) in random::log(), copies in vec(any::<prop::sample::Index>(), 0..4), threads in 1..5,
    ) {
        let files: Vec<_> = copies.iter().map(|copy| copy.get(&files).clone()).chain(files.iter().cloned()).collect();
        let tree = random::tree(&files);
        let mut log = Log::default();
        for (i, file) in files.iter().enumerate() {
            log.read(&random::name(i), file.text.as_bytes(), &oracle::assumed(format));
        }
        let mut seen = BTreeSet::new();
        let all = log.records.len();
        log.records.retain(|record| identity(record).is_none_or(|all| seen.insert(all)));
        let [keys, agg] = ["src-ip,dst-port,interface-id", "flows,bytes,distinct(action),rejects"];
        let words = |list: &str| list.split(',').map(String::from).collect::<Vec<_>>();
        let (expected, null_keys) = answers::top(&log, &words(keys), &words(agg), "flows", false);
        let run = vpcflow(&format!("top -n 0 -o csv --by {keys} --agg {agg} --sort flows --dedup --stats=json -j {threads}"));
        let run = match format { Some(format) => run.args(["--log-format", format]), None => run };
        let outcome = run.dir(tree.root()).args((0..files.len()).map(random::name)).outcome();
        prop_assert_eq!(outcome.rows(), expected[1..].to_vec(), "{}", outcome);
        prop_assert_eq!(count(&outcome, "matched"), log.records.len() as u64, "{}", outcome);
        prop_assert_eq!(count(&outcome, "duplicates"), (all - log.records.len()) as u64);
        prop_assert_eq!(count(&outcome, "null_keys"), null_keys);
    }
}

/// What a run of the engine comes to: rows, records that count, duplicates, and those not compared.
type Answer = (Vec<String>, [u64; 4]);

fn ask(tree: &Tree, options: &Options) -> Result<Answer, EngineError> {
    let key = Key::parse("bytes").expect("a key");
    let grouping = Grouping { select: Select::Records, keys: vec![key], measures: vec![Measure::Flows] };
    let query = Query { groupings: vec![grouping], ..Query::default() };
    let found = discover(&[tree.root().into()], &Globs::default(), false, &|_| true).expect("a tree");
    let mut answer = engine::run(&query, found, options, &Silent)?;
    let grouped = answer.grouped(0, Order { measure: None, ascending: true, limit: 0 }).expect("memory");
    let c = answer.tally.counts;
    let rows = grouped.rows.iter().map(|row| format!("{:?} {:?}", row.keys, row.measures)).collect();
    Ok((rows, [c.matched, c.duplicates, c.nameless, c.strays]))
}

fn options(threads: usize, dedup: Dedup) -> Options {
    Options { threads, dedup: Some(dedup), ..Options::default() }
}

/// Two flow logs of the same interfaces, which repeat each other: `files` of five minutes, each with so
/// many records.
fn overlapping(files: u64, records: u64, path: impl Fn(&str, u64) -> String) -> Tree {
    let tree = Tree::new();
    for file in 0..files {
        let at = EPOCH + 300 * file;
        let record =
            |i| flow().with("start", at + i % 200).with("end", at + 60 + i % 200).with("bytes", file * records + i);
        let text = log(&(0..records).map(record).collect::<Vec<_>>());
        tree.write(path("fl-1", at), support::tree::gzip(&text));
        tree.write(path("fl-2", at), support::tree::gzip(&text));
    }
    tree
}

/// Of ten days, an hour or two is kept.
#[test]
fn what_is_over_is_forgotten() {
    let (files, records) = (10 * 288, 4);
    let told = overlapping(files, records, |flow_log, at| path("us-east-1", flow_log, at));
    // 4560 seconds before the time of a file and 599 behind it, and a window more.
    let limit = (4560 + 599 + 2 * 900) / 300 * records;
    let untold = overlapping(files, records, |flow_log, at| format!("{flow_log}/{at}.log.gz"));
    let all = files * records;
    for threads in [1, 2, 8] {
        let (rows, counts) = ask(&told, &options(threads, Dedup { limit, ..Dedup::default() })).expect("an answer");
        assert_eq!((rows.len() as u64, counts), (all, [all, all, 0, 0]));
        let fails = |tree: &Tree, dedup: Dedup| {
            let error = ask(tree, &options(threads, dedup)).expect_err("an error").to_string();
            assert!(error.starts_with("--dedup: more than ") && error.contains("--since"), "{error}");
        };
        fails(&told, Dedup { limit: limit / 2, ..Dedup::default() });
        fails(&told, Dedup { limit, lateness: None, ..Dedup::default() });
        fails(&untold, Dedup { limit, ..Dedup::default() });
        let counts = ask(&untold, &options(threads, Dedup { limit: all, ..Dedup::default() })).expect("an answer").1;
        assert_eq!(counts, [all, all, 0, 0]);
    }
}

/// Whether the limit is kept is the same for any number of threads.
#[test]
fn the_limit_does_not_depend_on_threads() {
    let tree = overlapping(40, 3, |flow_log, at| path("us-east-1", flow_log, at));
    let mut kept = BTreeSet::new();
    for limit in 0..60 {
        let dedup = Dedup { limit, lateness: Some(0), window: 60 };
        let one = ask(&tree, &options(1, dedup.clone())).ok();
        kept.insert(one.is_some());
        for threads in [2, 3, 8] {
            assert_eq!(ask(&tree, &options(threads, dedup.clone())).ok(), one, "{limit} {threads}");
        }
    }
    assert_eq!(kept.len(), 2, "some limits are kept, and some are not");
}

proptest! {
    #![proptest_config(config())]

    /// Records of some hours, in files that tell their times or do not, read in parts, with copies in any
    /// file that may have them.
    #[test]
    fn however_records_are_shared_out(
        records in vec((0u64..8000, 0u64..4, vec(any::<prop::sample::Index>(), 1..4)), 1..120),
        files in vec((0u64..120, any::<bool>()), 1..8),
        threads in 1usize..5, window in prop_oneof![Just(1u64), Just(900), Just(100_000)], part in 60usize..3000,
    ) {
        let mut texts = vec![format!("{V2} region\n"); files.len()];
        let (mut unique, mut copies) = (BTreeSet::new(), 0);
        for (at, bytes, places) in records {
            let record = flow().with("start", EPOCH + at - 30).with("end", EPOCH + at).with("bytes", bytes);
            let may = |(minute, told): &(u64, bool)| !told || (60 * minute..=60 * minute + 4560 + 599).contains(&(at + 4560));
            let files: Vec<usize> = (0..files.len()).filter(|i| may(&files[*i])).collect();
            for place in places.iter().filter(|_| !files.is_empty()) {
                texts[*place.get(&files)].push_str(&record.line().replace('\n', " us-east-1\n"));
                copies += 1;
                unique.insert((bytes, at));
            }
        }
        let tree = Tree::new();
        for (i, ((minute, told), text)) in files.iter().zip(&texts).enumerate() {
            let name = path("us-east-1", &format!("fl-{i}"), EPOCH + 60 * minute).replace(".gz", "");
            tree.write(if *told { name } else { format!("{i}.log") }, text);
        }
        let limits = Limits { split: 1, part, ..Limits::default() };
        let dedup = Dedup { window, ..Dedup::default() };
        let (rows, counts) = ask(&tree, &Options { limits, window: 700, ..options(threads, dedup) }).expect("an answer");
        let count = unique.len() as u64;
        prop_assert_eq!(counts, [count, copies - count, 0, 0]);
        let of = |bytes: u64| unique.iter().filter(|record| record.0 == bytes).count();
        let expected = (0..4).filter(|bytes| of(*bytes) > 0).map(|bytes| format!("[Int({bytes})] [Int({})]", of(bytes)));
        prop_assert_eq!(rows, expected.collect::<Vec<_>>());
    }
}
