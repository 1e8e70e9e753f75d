//! `--trend`.

use super::known::*;
use super::support::Text;
use super::support::lines::{Record, log, nodata};
use super::support::tree::Tree;
use std::ops::Range;

/// Slope and height of the line of least squares, by the normal equations over some of the points.
fn fit(points: &[u64], whole: Range<usize>) -> (f64, f64) {
    let n = whole.len() as f64;
    let sum = |of: &dyn Fn(f64, f64) -> f64| whole.clone().map(|i| of(i as f64, points[i] as f64)).sum::<f64>();
    let (x, y, xx, xy) = (sum(&|x, _| x), sum(&|_, y| y), sum(&|x, _| x * x), sum(&|x, y| x * y));
    let slope = (n * xy - x * y) / (n * xx - x * x);
    (slope, (y - slope * x) / n)
}

#[test]
fn a_trend_is_the_line_of_least_squares() {
    let flows = four_hours();
    let tree = tree_of(&flows);
    for (options, seconds, by_end) in [
        ("--bucket 5m", 300, false),
        ("", 300, false),
        ("--bucket 90s --load proportional", 90, false),
        ("--load end --bucket 10m", 600, true),
        ("--bucket 1h", 3600, false),
    ] {
        let times = || flows.iter().map(move |flow| if by_end { flow.end } else { flow.start });
        // Pieces of flows go on behind the last start.
        let last = if options.contains("proportional") { flows.iter().map(|flow| flow.end - 1).max() } else { None };
        let range = buckets(times().chain(last), seconds);
        let counts = counted(times(), seconds, range.clone());
        let begins_inside = times().min().expect("a time") > range.start * seconds;
        let (slope, height) = fit(&counts, usize::from(begins_inside)..counts.len() - 1);
        let outcome = run(&tree, &format!("-o csv --trend=7 {options}")).outcome();
        let rows = columns(&outcome, &["time", "flows", "trend"]);
        assert_eq!(rows.len(), counts.len() + 7, "{outcome}");
        for (i, row) in rows.iter().enumerate() {
            let expected = (height + slope * i as f64).max(0.0);
            let trend: f64 = row[2].parse().expect("a number");
            assert!((trend - expected).abs() < 0.0501, "{options} {i}: {trend} {expected}");
            let flows = counts.get(i).map(u64::to_string).unwrap_or_default();
            assert_eq!(row[..2], [clock((range.start + i as u64) * seconds), flows], "{options}");
        }
        let note = &outcome.stderr;
        assert!(note.starts_with("vpcflow: trend: +") && note.contains(" flows per bucket of "), "{note}");
    }
}

#[test]
fn every_series_has_a_trend() {
    let flows = four_hours();
    let tree = tree_of(&flows);
    let outcome = run(&tree, "-o csv --trend=3 --by src-ip -n 2 --bucket 30m").outcome();
    let rows = columns(&outcome, &["time", "src_ip", "flows", "trend"]);
    let range = buckets(flows.iter().map(|flow| flow.start), 1800);
    let shown = largest(&flows, 2);
    let labels = shown.iter().map(|source| format!("10.0.0.{source}")).chain(["other".into()]);
    for label in labels {
        let of = |flow: &Known| match shown.contains(&flow.source) {
            true => format!("10.0.0.{}", flow.source),
            false => "other".into(),
        };
        let is_mine = |flow: &&Known| of(flow) == label;
        let counts = counted(flows.iter().filter(is_mine).map(|flow| flow.start), 1800, range.clone());
        let (slope, height) = fit(&counts, 0..counts.len() - 1);
        let mine: Vec<_> = rows.iter().filter(|row| row[1] == label).collect();
        assert_eq!(mine.len(), counts.len() + 3, "{label}: {outcome}");
        for (i, row) in mine.iter().enumerate() {
            let expected = (height + slope * i as f64).max(0.0);
            assert!((row[3].parse::<f64>().expect("a number") - expected).abs() < 0.0501, "{label} {i} {outcome}");
        }
        let told = format!(
            "vpcflow: trend of {label}: {}{slope:.1} flows per bucket of 30m (R² ",
            if slope > 0.0 { "+" } else { "" }
        );
        assert!(slope.abs() >= 1.0 && outcome.stderr.contains(&told), "{told} {outcome}");
    }
    assert_eq!(outcome.stderr.lines().count(), 3, "{outcome}");
}

#[test]
fn a_trend_by_hand() {
    let tree = minutes(&[1, 3, 5, 9]);
    let known = "2026-03-15T12:00:00Z,1,1,0,3,300,1.0\n2026-03-15T12:01:00Z,3,3,0,9,900,3.0\n\
                 2026-03-15T12:02:00Z,5,5,0,15,1500,5.0\n2026-03-15T12:03:00Z,9,9,0,27,2700,7.0\n";
    let header = "time,flows,accepts,rejects,packets,bytes,trend\n";
    let note = "vpcflow: trend: +2.0 flows per bucket of 1m (R² 1.00)\n";
    run(&tree, "-o csv --trend=0").gives(0, &format!("{header}{known}"), note);
    run(&tree, "-o csv --trend=2").gives(
        0,
        &format!("{header}{known}2026-03-15T12:04:00Z,,,,,,9.0\n2026-03-15T12:05:00Z,,,,,,11.0\n"),
        note,
    );
    let ten = run(&tree, "-o ndjson --trend -q").result();
    assert_eq!(ten.lines().count(), 14, "{ten}");
    let next = "{\"time\":\"2026-03-15T12:04:00Z\",\"flows\":null,\"accepts\":null,\"rejects\":null,\"packets\":null,\
                \"bytes\":null,\"trend\":9.0}";
    assert_eq!(ten.lines().nth(4), Some(next));
    let table = "flows per 1m, 2026-03-15T12:00:00Z to 2026-03-15T12:04:00Z\n\
                 ▁▃▅█  peak 9\n\
                 \n\
                 time                 flows accepts rejects packets  bytes trend\n\
                 2026-03-15T12:00:00Z     1       1       0       3  300 B   1.0  █▋\n\
                 2026-03-15T12:01:00Z     3       3       0       9  900 B   3.0  █████\n\
                 2026-03-15T12:02:00Z     5       5       0      15 1.5 kB   5.0  ████████▍\n\
                 2026-03-15T12:03:00Z     9       9       0      27 2.7 kB   7.0  ███████████████\n\
                 2026-03-15T12:04:00Z     -       -       -       -      -   9.0\n";
    run(&tree, "--trend=1").env("COLUMNS", 80).gives(0, table, note);
    // No fewer than none, and no spread.
    let down = run(&minutes(&[9, 6, 3, 1]), "-o csv --trend=2").outcome();
    assert_eq!(columns(&down, &["trend"]).concat(), ["9.0", "6.0", "3.0", "0.0", "0.0", "0.0"]);
    let flat = run(&minutes(&[4; 9]), "-o csv --trend=1").outcome();
    assert!(columns(&flat, &["trend"]).concat().iter().all(|trend| trend == "4.0"), "{flat}");
    assert_eq!(flat.stderr, "vpcflow: trend: 0 flows per bucket of 1m (all have the same number)\n");
}

/// What the data or the window has a part of only says nothing of how many flows there are.
#[test]
fn buckets_that_are_cut_are_no_part_of_a_trend() {
    let tree = minutes(&[2, 4, 6, 8, 10, 1]);
    let slope = |options: &str| run(&tree, &format!("-o csv --trend=0 {options}")).outcome().stderr;
    let rising = "vpcflow: trend: +2.0 flows per bucket of 1m (R² 1.00)\n";
    assert_eq!(slope(""), rising);
    assert_eq!(slope("--since 2026-03-15T12:01"), rising);
    // The first minute is cut: those of it begin at once, so that it has none.
    assert_eq!(slope("--since 2026-03-15T12:00:30"), rising);
    let late: Vec<Record> =
        [vec![at(NOON + 59); 1], vec![at(NOON + 61); 4], vec![at(NOON + 121); 6], vec![at(NOON + 181); 8]].concat();
    let with = |first: Record| {
        let tree = Tree::of("x", log(&[&[first], &late[..], &[at(NOON + 241)]].concat()));
        run(&tree, "-o csv --trend=0").outcome().stderr
    };
    assert_eq!(with(at(NOON + 58)), rising, "the first bucket, of 2, is left out");
    // A record without a flow tells that there are logs of all of it.
    let whole = with(nodata().with("start", NOON).with("end", NOON + 60));
    assert_eq!(whole, "vpcflow: trend: +2.3 flows per bucket of 1m (R² 0.99)\n");
    for load in ["--load proportional", "--dst-port 443 --load proportional"] {
        let tree = minutes(&[2, 4, 6, 8, 10, 1]);
        run(&tree, &format!("-o csv --trend=0 {load}")).gives(0, Text::Any, rising);
    }
}

#[test]
fn too_little_for_a_trend_is_one_sentence() {
    let few = "vpcflow: too little for a trend: the data has 2 whole buckets of 1m, from 2026-03-15T12:00:00Z to \
               2026-03-15T12:02:00Z; --trend takes 3 (a shorter --bucket makes more)\n";
    run(&minutes(&[1, 2, 3]), "--trend").gives(2, "", few);
    run(&minutes(&[1, 2, 3]), "--trend --by action -o csv").gives(2, "", few);
    run(&minutes(&[1]), "--trend").gives(2, "", &["the data has no whole bucket of 1m; --trend takes 3"]);
    run(&minutes(&[]), "--trend").gives(2, "", &["the data has no whole bucket of 1m"]);
    run(&minutes(&[1, 2]), "--trend").gives(2, "", &["the data has 1 whole bucket of 1m, from"]);
    let tree = Tree::of("x", log(&[at(NOON), at(NOON + 10_000)]));
    let sparse = "looks at every bucket, and 10,001 from 2026-03-15T12:00:00Z to 2026-03-15T14:46:40Z, in 10,001 rows, \
                  are too many (at most 10,000 and 1,000,000); use a longer --bucket, --since and --until, or with --by \
                  a smaller -n\n";
    run(&tree, "--trend=0 --bucket 1s").gives(2, "", &format!("vpcflow: --trend {sparse}"));
    run(&tree, "--mark --bucket 1s").gives(2, "", &format!("vpcflow: --mark {sparse}"));
    for (options, told) in [
        ("--trend=x", "expected a number of buckets from 0 to 10000"),
        ("--trend=-1", "expected a number of buckets from 0 to 10000"),
        ("--trend=10001", "expected a number of buckets from 0 to 10000"),
        ("--trend=", "expected a number of buckets from 0 to 10000"),
        ("--trend 5", "5: "),
    ] {
        run(&minutes(&[1; 9]), options).gives(2, "", &[told]);
    }
}
