//! Random logs are read twice, by the program and by a slow and obvious reader, and every command
//! has to give the same rows and the same account.

mod support;

use proptest::prelude::*;
use std::collections::BTreeSet;
use support::answers::{self, Rows};
use support::oracle::{self, Log, Status};
use support::random::{self, LogFile, Question};
use support::tree::Tree;
use support::{Outcome, vpcflow};

const CASES: u32 = 96;

/// PROPTEST_CASES in the environment wins.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: CASES, ..config } }
}

/// A log on disk, and what the slow reader makes of it.
struct Both {
    tree: Tree,
    log: Log,
    format: Option<&'static str>,
}

impl Both {
    fn new(format: Option<&'static str>, files: &[LogFile]) -> Both {
        let mut log = Log::default();
        for (i, file) in files.iter().enumerate() {
            log.read(&random::name(i), file.text.as_bytes(), &oracle::assumed(format));
        }
        Both { tree: random::tree(files), log, format }
    }

    fn run(&self, line: &str) -> Outcome {
        let mut run = vpcflow(line).args(["-o", "csv", "--stats=json"]).dir(self.tree.root());
        if let Some(format) = self.format {
            run = run.args(["--log-format", format]);
        }
        run.args((0..self.log.files).map(|i| random::name(i as usize))).outcome()
    }

    /// Holds the rows, the account, and the messages about lines and values.
    fn hold(&self, line: &str, expected: &Rows, null_keys: u64, read: &[String]) {
        let outcome = self.run(line);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(outcome.stdout.as_bytes());
        let rows: Rows = reader.records().map(|row| row.expect("CSV").iter().map(String::from).collect()).collect();
        assert_eq!(&rows, expected, "{outcome}");
        assert_eq!(outcome.status, 0, "{outcome}");
        self.hold_account(&outcome, null_keys, read);
        self.hold_messages(&outcome, read);
    }

    fn hold_account(&self, outcome: &Outcome, null_keys: u64, read: &[String]) {
        let stats = outcome.stats();
        let count = |name: &str| stats[name].as_u64().unwrap_or_else(|| panic!("{name} in\n{outcome}"));
        let log = &self.log;
        let bad = log.records.iter().map(|record| record.bad.keys().filter(|name| read.contains(name)).count() as u64);
        for (name, expected) in [
            ("files", log.files),
            ("files_failed", 0),
            ("files_partial", 0),
            ("files_skipped", 0),
            ("files_pruned", 0),
            ("lines", log.lines),
            ("headers", log.headers),
            ("blank", log.blank),
            ("records", log.records.len() as u64),
            ("flows", log.count(Status::Flow)),
            ("nodata", log.count(Status::NoData)),
            ("skipdata", log.count(Status::SkipData)),
            ("other_status", log.count(Status::Other)),
            ("malformed", log.malformed.len() as u64),
            ("bad_values", bad.sum()),
            ("matched", log.records.len() as u64),
            ("null_keys", null_keys),
        ] {
            assert_eq!(count(name), expected, "{name} in\n{outcome}");
        }
        assert_eq!(count("lines"), ["headers", "blank", "records", "malformed"].map(count).iter().sum::<u64>());
        assert_eq!(count("records"), ["flows", "nodata", "skipdata", "other_status"].map(count).iter().sum::<u64>());
    }

    /// The first five malformed lines and the first five bad values are named, then counted.
    fn hold_messages(&self, outcome: &Outcome, read: &[String]) {
        let malformed = self.log.malformed.iter().map(|(file, line, found, expected)| {
            let s = if *found == 1 { "" } else { "s" };
            format!("vpcflow: {file}:{line}: malformed: {found} field{s}, expected {expected}")
        });
        let bad = self.log.records.iter().flat_map(|record| {
            let values = record.bad.iter().filter(|(name, _)| read.contains(name));
            values.map(|(name, value)| {
                let expected = expected_of(name);
                format!("vpcflow: {}:{}: bad value: {name} is '{value}', expected {expected}", record.file, record.line)
            })
        });
        for (what, all) in [("malformed line", malformed.collect::<Vec<_>>()), ("bad value", bad.collect())] {
            let mark = format!(": {}: ", what.split(" line").next().expect("a word"));
            let said: Vec<&str> = outcome.stderr.lines().filter(|line| line.contains(&mark)).collect();
            assert_eq!(said, all.iter().take(5).collect::<Vec<_>>(), "{outcome}");
            let count = format!("vpcflow: {} {what}s in all; the first 5 are shown", all.len());
            assert_eq!(outcome.stderr.contains(&count), all.len() > 5, "{count}:\n{outcome}");
        }
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| name.to_string()).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn top_is_right((format, files) in random::log(), question in random::question()) {
        let both = Both::new(format, &files);
        let Question { keys, agg, sort, ascending } = question;
        let (rows, without) = answers::top(&both.log, &keys, &agg, &sort, ascending);
        let read: BTreeSet<String> = keys.iter().flat_map(|key| answers::fields_of_key(key))
            .chain(agg.iter().chain([&sort]).flat_map(|measure| answers::fields_of(measure))).collect();
        let asc = if ascending { "--asc" } else { "" };
        let line = format!("top --by {} --agg {} --sort {sort} -n 0 {asc}", keys.join(","), agg.join(","));
        both.hold(&line, &rows, without, &read.into_iter().collect::<Vec<_>>());
        // A limit only cuts the rows.
        let all = both.run(&line).stdout;
        let few: String = all.lines().take(3).map(|row| format!("{row}\n")).collect();
        prop_assert_eq!(both.run(&line.replace("-n 0", "-n 2")).stdout, few);
    }

    #[test]
    fn shares_are_right(
        (format, files) in random::log(), question in random::question(), permille in 0u128..300,
        sort in prop::sample::select(vec!["flows", "rejects", "packets", "bytes", "sum(duration)"]), ascending: bool,
    ) {
        let both = Both::new(format, &files);
        let keys = question.keys;
        let (rows, without) = answers::top_shares(&both.log, &keys, sort, permille, ascending);
        let read: BTreeSet<String> = keys.iter().flat_map(|key| answers::fields_of_key(key)).chain(answers::fields_of(sort)).collect();
        let order = if ascending { "--bottom" } else { "" };
        let line = format!("top --by {} --agg {sort} --sort {sort} -n 0 {order} --cum-share --min-share", keys.join(","));
        both.hold(&format!("{line} 0.{permille:03}"), &rows, without, &read.into_iter().collect::<Vec<_>>());
        let percent = format!("{}.{}%", permille / 10, permille % 10);
        let as_percentage = both.run(&format!("{line} {percent}")).stdout;
        prop_assert_eq!(as_percentage, both.run(&format!("{line} 0.{permille:03}")).stdout);
    }

    #[test]
    fn rejects_are_right((format, files) in random::log(), keys in prop::sample::select(vec!["src-ip", "dst-port", "src-ip,dst-ip", "interface-id", "protocol"])) {
        let both = Both::new(format, &files);
        let by: Vec<String> = keys.split(',').map(String::from).collect();
        let (rows, without) = answers::rejects(&both.log, &by);
        let read = [&by[..], &names(&["dst-ip", "dst-port", "packets", "bytes", "start", "end"])].concat();
        both.hold(&format!("rejects --by {keys} -n 0"), &rows, without, &read);
    }

    #[test]
    fn ports_are_right((format, files) in random::log(), side in prop::sample::select(vec!["src", "dst", "service"]), bin in prop::sample::select(vec![None, Some(1), Some(1000), Some(1024), Some(65536)])) {
        let both = Both::new(format, &files);
        let (rows, without) = answers::ports(&both.log, side, bin);
        let mut read = names(&["protocol", "packets", "bytes"]);
        read.extend(["src", "dst"].iter().filter(|one| side == "service" || side == **one).map(|one| format!("{one}-port")));
        let width = bin.map(|bin| format!("--bin-width {bin}")).unwrap_or_default();
        both.hold(&format!("ports --side {side} {width} -n 0"), &rows, without, &read);
    }

    #[test]
    fn interfaces_are_right((format, files) in random::log()) {
        let both = Both::new(format, &files);
        let (rows, without) = answers::interfaces(&both.log);
        let read = names(&["src-ip", "dst-ip", "packets", "bytes", "start", "end"]);
        both.hold("interfaces", &rows, without, &read);
    }

    #[test]
    fn the_summary_is_right((format, files) in random::log()) {
        let both = Both::new(format, &files);
        // It reads every field, so that every bad value counts.
        let read: Vec<String> = both.log.records.iter().flat_map(|record| record.bad.keys().cloned()).collect();
        let protocols = both.log.flows().iter().filter(|record| record.number("protocol").is_none()).count() as u64;
        both.hold("summary", &answers::summary(&both.log), protocols, &read);
    }
}

/// What a field has to hold, as messages say it.
fn expected_of(name: &str) -> &'static str {
    match name {
        name if name.ends_with("-ip") => "an IP address",
        name if name.ends_with("-port") => "a port (0 to 65535)",
        "protocol" => "a protocol number (0 to 255)",
        _ => "a whole number (0 to 2^64 - 1)",
    }
}
