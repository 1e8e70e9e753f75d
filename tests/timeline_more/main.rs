//! `timeline --trend`, `--box`, `--compare` and `--mark`: against plain computations of the same, by hand, and with
//! bad input.

#[path = "../support/mod.rs"]
mod support;

mod boxes;
mod compare;
mod known;
mod mark;
mod trend;

use known::*;
use support::lines::{flow, log};
use support::tree::Tree;
use support::{Outcome, Text};

#[test]
fn options_go_together() {
    let flows = four_hours();
    let tree = tree_of(&flows);
    let all = "--trend=2 --compare 1h --mark";
    let outcome = run(&tree, &format!("{all} --box --bucket 5m --by src-ip -n 2 -o csv")).outcome();
    let header = "time,src_ip,flows,bytes_min,bytes_p25,bytes_p50,bytes_p75,bytes_max,flows_1h,trend,outlier";
    assert_eq!(outcome.stdout.lines().next(), Some(header));
    // 48 buckets and 2 more, of two series: the rest has no box.
    assert_eq!(outcome.rows().len(), 100, "{outcome}");
    let last = outcome.rows().pop().expect("a row");
    let source = largest(&flows, 2).into_iter().max().expect("a source");
    assert_eq!((&last[0][..], &last[1]), ("2026-03-15T16:05:00Z", &format!("10.0.0.{source}")));
    assert!(last[2..9].iter().all(String::is_empty) && !last[9].is_empty() && last[10].is_empty(), "{last:?}");
    for option in ["--trend=2", "--compare 1h", "--mark", "--box"] {
        // Each says the same alone.
        let alone = run(&tree, &format!("{option} --bucket 5m --by src-ip -n 2 -o csv -q")).outcome();
        let names: Vec<&str> = header.split(',').collect();
        let has: Vec<&str> = alone.stdout.lines().next().expect("a header").split(',').collect();
        let shared: Vec<&str> = names.into_iter().filter(|name| has.contains(name)).collect();
        let known = |outcome: &Outcome| {
            let rows = columns(outcome, &shared).into_iter();
            rows.filter(|row| row[1] != "other" && row[0][..] < *"2026-03-15T16").collect::<Vec<_>>()
        };
        assert!(shared.len() > 3 && known(&alone) == known(&outcome), "{option}");
    }
    for load in ["start", "end", "proportional"] {
        for by in ["", "--by src-ip -n 3"] {
            let line = |rest: &str| run(&tree, &format!("{all} --load {load} {by} --last 3h {rest}"));
            for format in ["csv", "tsv", "ndjson", "json", "markdown"] {
                line(&format!("-o {format}")).gives(0, &["trend", "outlier", "flows_1h"], &["trend"]);
            }
            let table = line("--color never").env("COLUMNS", 80).gives(0, Text::Any, &["trend"]).stdout;
            let lines = table.lines().filter(|line| !line.starts_with("not shown at this width"));
            assert!(lines.map(|line| line.chars().count()).max() <= Some(80), "{table}");
            assert!(table.contains('▲'), "{table}");
            let [one, three] = [1, 3].map(|threads| line(&format!("-o csv -j {threads}")).outcome());
            assert_eq!((one.stdout, one.stderr), (three.stdout, three.stderr));
        }
    }
    // Times that are none to go by end in an answer.
    let tree = Tree::of("x", log(&[at(0), at(NOON), flow().with("start", u64::MAX - 5).with("end", u64::MAX)]));
    run(&tree, "-o csv --compare 1d --bucket 1d").gives(0, Text::Any, Text::Any);
    run(&tree, "-o csv --box --by src-ip").gives(0, Text::Any, Text::Any);
    run(&tree, "--mark --bucket 10000000000000000000s").gives(
        2,
        "",
        &["the data has 2 buckets of 10000000000000000000s"],
    );
    run(&tree, "-o csv --trend=1").gives(2, "", &["--trend looks at every bucket"]);
}
