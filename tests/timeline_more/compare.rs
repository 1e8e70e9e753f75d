//! `--compare`.

use super::known::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What a row has to be: time, value, flows, and flows earlier.
type Compared = Vec<String>;

/// `timeline --compare` of all flows, of a window from `since` on, in buckets that are counted by `finest`.
fn compared(flows: &[Known], limit: Option<usize>, [finest, seconds, by]: [u64; 3], since: u64) -> Vec<Compared> {
    // What is read besides begins so much earlier.
    let read = since.saturating_sub(by + finest);
    let since = since / finest * finest;
    let (first, last) = (
        flows.iter().map(|flow| flow.start).min().expect("a flow"),
        flows.iter().map(|flow| flow.start).max().expect("a flow"),
    );
    let mut sizes: BTreeMap<u64, [usize; 2]> = BTreeMap::new();
    for flow in flows.iter().filter(|flow| flow.start >= read) {
        sizes.entry(flow.source).or_default()[usize::from(flow.start < since)] += 1;
    }
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_by_key(|(source, size)| (Reverse(*size), *source));
    let shown = limit.unwrap_or(usize::MAX).min(sizes.len());
    let mut series: Vec<Vec<u64>> = sizes[..shown].iter().map(|(source, _)| vec![*source]).collect();
    series.sort();
    series.push(sizes[shown..].iter().map(|(source, _)| *source).collect());
    if limit.is_none() {
        series = vec![series.concat()];
    }
    let times = flows.iter().map(|flow| flow.start).filter(|time| *time >= since);
    let mut rows = vec![];
    for bucket in buckets(times, seconds) {
        let time = bucket * seconds;
        for (place, sources) in series.iter().enumerate().filter(|(_, sources)| !sources.is_empty()) {
            let count = |from: u64, to: u64| {
                let mine = flows.iter().filter(|flow| sources.contains(&flow.source));
                mine.filter(|flow| (from..to).contains(&flow.start)).count().to_string()
            };
            let mut row = vec![clock(time)];
            if limit.is_some() {
                row.push(if place < shown { format!("10.0.0.{}", sources[0]) } else { "other".into() });
            }
            let (from, to) = (time.max(since), time + seconds);
            row.push(count(from, to));
            let is_inside = time - by + seconds > first && time - by <= last;
            row.push(if is_inside { count(from - by, to - by) } else { String::new() });
            rows.push(row);
        }
    }
    rows
}

#[test]
fn what_was_earlier_stands_beside() {
    let flows = four_hours();
    let tree = tree_of(&flows);
    let newest = flows.iter().map(|flow| flow.end).max().expect("a flow");
    let since = NOON + 9077;
    for (window, since) in [
        (String::new(), 0),
        (format!("--since {}", clock(since)), since),
        ("--last 80m".into(), newest - 4800),
        ("--last 20m".into(), newest - 1200),
    ] {
        for (bucket, spans) in [
            ("", [60, if window.is_empty() { 300 } else { 60 }, HOUR]),
            ("--bucket 10m", [600, 600, HOUR]),
            ("--bucket 90s", [90, 90, 5400]),
            // Of the lengths that there are, 1m alone divides it.
            ("", [60, 60, 420]),
        ] {
            let [_, _, by] = spans;
            let name = if by.is_multiple_of(HOUR) { format!("{}h", by / HOUR) } else { format!("{}m", by / 60) };
            let earlier = format!("flows_{name}");
            for limit in [None, Some(0), Some(1), Some(2), Some(6)] {
                let line = format!("-o csv --compare {by}s {bucket} {window}");
                let line = limit.map_or(line.clone(), |limit| format!("{line} --by src-ip -n {limit}"));
                let names = ["time", "src_ip", "flows", &earlier];
                let names: Vec<&str> = names.into_iter().filter(|name| limit.is_some() || *name != "src_ip").collect();
                let outcome = run(&tree, &line).outcome();
                let limit = limit.map(|limit| if limit == 0 { usize::MAX } else { limit });
                let (found, expected) = (columns(&outcome, &names), compared(&flows, limit, spans, since));
                let wrong = found.iter().zip(&expected).find(|(found, expected)| found != expected);
                assert_eq!((wrong, found.len()), (None, expected.len()), "{line}");
                assert_eq!(outcome.stderr, "", "{line}");
            }
        }
    }
}

#[test]
fn a_comparison_by_hand() {
    let tree = minutes(&[1, 2, 0, 3, 4]);
    let csv = "time,flows,accepts,rejects,packets,bytes,flows_2m\n\
               2026-03-15T12:02:00Z,0,0,0,0,0,1\n2026-03-15T12:03:00Z,3,3,0,9,900,2\n\
               2026-03-15T12:04:00Z,4,4,0,12,1200,0\n";
    let all = format!(
        "{}2026-03-15T12:00:00Z,1,1,0,3,300,\n2026-03-15T12:01:00Z,2,2,0,6,600,\n{}",
        &csv[..csv.find('\n').expect("a header") + 1],
        &csv[csv.find('\n').expect("a header") + 1..]
    );
    run(&tree, "-o csv --compare 2m").gives(0, &all, "");
    // Rows begin with what there is in the window.
    let window = run(&tree, "-o csv --compare 2m --since 2026-03-15T12:02").result();
    assert_eq!(window.lines().skip(1).collect::<Vec<_>>(), csv.lines().skip(2).collect::<Vec<_>>());
    run(&tree, "-o csv --compare 2m --since 2026-03-15T12:03 --until 2026-03-15T12:04").gives(
        0,
        &["\n2026-03-15T12:03:00Z,3,3,0,9,900,2\n"],
        "",
    );
    run(&tree, "-o ndjson --compare 2m").gives(0, &["\"bytes\":300,\"flows_2m\":null}\n"], "");
    let table = "flows per 1m, 2026-03-15T12:00:00Z to 2026-03-15T12:05:00Z\n\
                 now     ▂▄ ▆█  peak 4\n\
                 2m ago    ▄█   peak 2\n\
                 \n\
                 time                 flows accepts rejects packets  bytes flows_2m\n\
                 2026-03-15T12:00:00Z     1       1       0       3  300 B        -  ███\n\
                 2026-03-15T12:01:00Z     2       2       0       6  600 B        -  ██████\n\
                 2026-03-15T12:02:00Z     0       0       0       0    0 B        1\n\
                 2026-03-15T12:03:00Z     3       3       0       9  900 B        2  █████████\n\
                 2026-03-15T12:04:00Z     4       4       0      12 1.2 kB        0  ████████████\n";
    run(&tree, "--compare 2m").env("COLUMNS", 80).gives(0, table, "");
    // There are logs of then, and none that match.
    let filtered =
        run(&tree, "-o csv --compare 2m --since 2026-03-15T12:03 -w bytes>0 --dst-port 443 --load proportional");
    assert_eq!(columns(&filtered.outcome(), &["flows", "flows_2m"]), [["3", "2"], ["4", "0"]]);
    let none = run(&tree, "-o csv --compare 2m --load proportional -w start>=1773576240").outcome();
    assert_eq!(columns(&none, &["flows", "flows_2m"]), [["4", "0"]], "what a filter leaves out was logged");
    run(&tree, "-o csv --compare 1d").gives(0, &["2,1200,\n"], "vpcflow: there are no records of 1d earlier\n");
    run(&tree, "-o csv --compare 2w -q").gives(0, &[",flows_14d\n"], "");
    for (options, told) in [
        ("--compare 90s", "vpcflow: --compare 90s is not a whole number of buckets of 1m; choose another --bucket\n"),
        (
            "--compare 1h --bucket 7m",
            "vpcflow: --compare 1h is not a whole number of buckets of 7m; choose another --bucket\n",
        ),
        (
            "--compare 30m --box",
            "vpcflow: --compare 30m is not a whole number of buckets of 1h; choose another --bucket\n",
        ),
    ] {
        run(&tree, options).gives(2, "", told);
    }
    for wrong in ["0s", "x", "1", "1d,7d", ""] {
        run(&tree, &format!("--compare={wrong}")).gives(2, "", &["expected a length of time such as 1d, 12h or 7d"]);
    }
}
