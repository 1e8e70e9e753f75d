//! The same input gives the same output, byte for byte: whatever the number of threads, the order in which the
//! files were made and are named, the time zone and the language. `scripts/determinism.sh` does the same many times.

mod support;

use std::collections::BTreeMap;
use support::lines::{flow, log, nodata};
use support::tree::Tree;
use support::vpcflow;

const QUESTIONS: [&str; 14] = [
    "top -o csv",
    "top -n 0 -o table --by src-ip,dst-port --agg flows,distinct(dst-ip),p95(bytes),avg(packets) --sort distinct(dst-ip)",
    "top -n 7 -o ndjson --by interface-id --approx --agg distinct(src-ip),p50(duration)",
    "top -n 0 -o csv --by dst-ip/16 --dedup",
    "rejects",
    "ports -o markdown",
    "interfaces -o json",
    "summary",
    "records -o csv",
    "records -n 40 --sort -time -o long",
    "records -n 25 -o raw",
    "timeline --by src-ip -n 3",
    "fields",
    "fields -o ndjson --only action,bytes,src-ip",
];

/// Files with everything in them: several formats, and all that can be wrong.
fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for file in 0..12u64 {
        let mut text = log(&(0..150u64)
            .map(|i| {
                let pick = (file * 150 + i).wrapping_mul(2_654_435_761) % 1009;
                let record = flow().with("srcaddr", format!("10.0.{}.{}", pick % 5, pick % 23));
                let record = record.with("dstport", [22, 443, 53, 8080][pick as usize % 4]).with("bytes", pick * 37);
                let record =
                    record.with("start", 1_700_000_000 + pick * 7).with("interface-id", format!("eni-{}", pick % 6));
                record.with("action", if pick % 3 == 0 { "REJECT" } else { "ACCEPT" })
            })
            .collect::<Vec<_>>());
        if file % 3 == 0 {
            text.push_str(
                &(nodata().line() + "short line\n\n" + &flow().with("bytes", "x").with("log-status", "ODD").line()),
            );
        }
        if file % 4 == 1 {
            text.push_str(&format!("srcaddr bytes new-{file}\n10.9.9.9 {file} x\n"));
        }
        files.insert(format!("{}/f{file:02}.log", file % 3), text);
    }
    files.insert("2/bad.log".into(), "no flow log at all\n".into());
    files
}

/// The same files, made in another order.
fn tree(files: &BTreeMap<String, String>, turn: usize) -> Tree {
    let tree = Tree::new();
    let mut names: Vec<&String> = files.keys().collect();
    names.rotate_left(turn * 5 % files.len());
    if turn % 2 == 1 {
        names.reverse();
    }
    for name in names {
        match name.contains('5') {
            true => tree.write(name, support::tree::gzip(&files[name])),
            false => tree.write(name, &files[name]),
        }
    }
    tree
}

#[test]
fn the_same_input_gives_the_same_output() {
    let files = files();
    let mut first: BTreeMap<&str, (String, String, i32)> = BTreeMap::new();
    for (turn, threads) in [1, 2, 3, 8, 1, 8].into_iter().enumerate() {
        let tree = tree(&files, turn);
        for question in QUESTIONS {
            let run = vpcflow(&format!("{question} -j {threads}")).dir(tree.root());
            let run = run.env("TZ", ["UTC", "Asia/Kolkata"][turn % 2]).env("LANG", ["C", "tr_TR.UTF-8"][turn / 2 % 2]);
            let outcome = run.env("LC_ALL", ["C", "tr_TR.UTF-8"][turn % 2]).outcome();
            let now = (outcome.stdout.clone(), outcome.stderr.clone(), outcome.status);
            let before = first.entry(question).or_insert_with(|| now.clone());
            assert!(*before == now, "{outcome}\n\nbefore, it was\n{}\n-- {}", before.0, before.1);
        }
    }
    // But for one that ends before.
    first.remove("records -n 25 -o raw");
    assert!(first.values().all(|(out, said, status)| !out.is_empty() && said.contains("bad.log") && *status == 3));
}

/// Where the order in which paths are named decides nothing but the order of messages.
#[test]
fn the_order_of_paths_changes_no_result() {
    let files = files();
    let tree = tree(&files, 0);
    for question in QUESTIONS.iter().filter(|question| !question.starts_with("records")) {
        let run = |names: &[&str]| {
            let outcome = vpcflow(&format!("{question} -j 3")).dir(tree.root()).args(names).outcome();
            let mut said: Vec<String> = outcome.stderr.lines().map(String::from).collect();
            // The first five are shown of the one order or of the other.
            let first_five = ["malformed: ", "expected a", "implausible time: "];
            said.retain(|line| !first_five.iter().any(|what| line.contains(what)));
            said.sort_unstable();
            (outcome.stdout, said)
        };
        assert_eq!(run(&["0", "1", "2"]), run(&["2", "0", "1"]), "{question}");
    }
}
