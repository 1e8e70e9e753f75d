//! `--mark`.

use super::known::*;
use super::support::{Text, vpcflow};

/// Which points lie more than three deviations from the mean of the ten before them; the last is not asked.
fn outside(points: &[u64]) -> Vec<&'static str> {
    let judge = |i: usize| {
        if i < 10 || i + 1 == points.len() {
            return "";
        }
        let before = &points[i - 10..i];
        let mean = before.iter().sum::<u64>() as f64 / 10.0;
        let deviation = (before.iter().map(|x| (*x as f64 - mean).powi(2)).sum::<f64>() / 10.0).sqrt();
        match points[i] as f64 - mean {
            more if more > 3.0 * deviation => "up",
            less if less < -3.0 * deviation => "down",
            _ => "",
        }
    };
    (0..points.len()).map(judge).collect()
}

#[test]
fn marks_are_what_outliers_finds() {
    let flows = four_hours();
    let tree = tree_of(&flows);
    let mut met: Vec<&str> = vec![];
    for (options, seconds) in
        [("--bucket 1m", 60), ("", 300), ("--bucket 7m", 420), ("--bucket 2m --load proportional", 120)]
    {
        let starts = flows.iter().map(|flow| flow.start);
        // Pieces of flows go on behind the last start.
        let last = if seconds == 120 { flows.iter().map(|flow| flow.end - 1).max() } else { None };
        let range = buckets(starts.chain(last), seconds);
        for source in [None, Some(2), Some(5)] {
            let mine = flows.iter().filter(|flow| source.is_none_or(|source| source == flow.source));
            let points = counted(mine.map(|flow| flow.start), seconds, range.clone());
            let by = source.map_or("", |_| "--by src-ip -n 0");
            let outcome = run(&tree, &format!("-o csv -q --mark {options} {by}")).outcome();
            let names: &[&str] = if source.is_some() { &["outlier", "src_ip"] } else { &["outlier"] };
            let rows = columns(&outcome, names).into_iter();
            let rows = rows.filter(|row| source.is_none_or(|source| row[1] == format!("10.0.0.{source}")));
            let found: Vec<String> = rows.map(|row| row[0].clone()).collect();
            assert_eq!(found, outside(&points), "{options} {source:?}");
            met.extend(outside(&points));
        }
    }
    assert!(["up", "down"].iter().all(|kind| met.contains(kind)), "the data has both");
    // The command itself, which knows of the newest bucket that it may be incomplete.
    let own = vpcflow("outliers -q -o csv --bucket 5m x").dir(tree.root()).outcome();
    let marked = run(&tree, "-o csv -q --mark --bucket 5m").outcome();
    let times = columns(&marked, &["time", "outlier"]).into_iter().filter(|row| !row[1].is_empty());
    assert_eq!(times.map(|row| row[0].clone()).collect::<Vec<_>>(), columns(&own, &["time"]).concat());
}

#[test]
fn marks_by_hand() {
    let tree = minutes(&[4, 5, 4, 5, 4, 5, 4, 5, 4, 5, 1, 20, 5, 90]);
    let csv = run(&tree, "-o csv --mark").gives(0, Text::Any, "");
    let expected = "2026-03-15T12:10:00Z,1,1,0,3,300,down\n2026-03-15T12:11:00Z,20,20,0,60,6000,up\n\
                    2026-03-15T12:12:00Z,5,5,0,15,1500,\n2026-03-15T12:13:00Z,90,90,0,270,27000,\n";
    assert!(csv.stdout.starts_with("time,flows,accepts,rejects,packets,bytes,outlier\n"), "{csv}");
    assert!(csv.stdout.ends_with(expected), "{csv}");
    run(&tree, "-o ndjson --mark").gives(0, &["\"bytes\":300,\"outlier\":\"down\"}\n", "\"outlier\":null}\n"], "");
    let table = run(&tree, "--mark").env("COLUMNS", 80).gives(0, Text::Any, "").stdout;
    let top = "flows per 1m, 2026-03-15T12:00:00Z to 2026-03-15T12:14:00Z\n\
               ▁▁▁▁▁▁▁▁▁▁▁▂▁█  peak 90\n\
               \u{20}         ▼▲\n\
               \n\
               time                 flows accepts rejects packets   bytes outlier\n\
               2026-03-15T12:00:00Z     4       4       0      12  1.2 kB -        ▌\n";
    assert!(table.starts_with(top), "{table}");
    assert!(table.contains("2026-03-15T12:10:00Z     1       1       0       3   300 B down     ▏\n"), "{table}");
    run(&minutes(&[3; 12]), "--mark -o csv").gives(0, Text::Any, "vpcflow: no bucket is an outlier\n");
    run(&minutes(&[3; 11]), "--mark").gives(
        2,
        "",
        "vpcflow: too little to judge: the data has 11 buckets of 1m, from 2026-03-15T12:00:00Z to 2026-03-15T12:11:00Z; \
         --mark takes 12 (a shorter --bucket makes more)\n",
    );
    run(&minutes(&[]), "--mark").gives(2, "", &["the data has no bucket of 1m; --mark takes 12"]);
    run(&minutes(&[3]), "--mark").gives(2, "", &["the data has 1 bucket of 1m, at 2026-03-15T12:00:00Z; --mark"]);
}
