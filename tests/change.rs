//! `outliers`, `compare` and `diff`: values by hand, edges of the data, and that threads make no difference.

mod support;

use support::lines::{Record, flow, log};
use support::times::{DAY, MIDNIGHT, at, minutes};
use support::tree::Tree;
use support::{Text, Vpcflow, vpcflow};

fn run(tree: &Tree, line: &str) -> Vpcflow {
    vpcflow(line).args(["-q", "a.log"]).dir(tree.root())
}

#[test]
fn an_outlier_by_hand() {
    // The minutes before the 20 have mean 4 and variance 2; the newest minute is not judged.
    let tree = Tree::of("a.log", minutes(&[2, 4, 4, 6, 20, 0, 9]));
    let header = "time,value,mean,stddev,lower,upper,error,indicator,violation,deviation\n";
    run(&tree, "outliers --window 4 -o csv").gives(
        0,
        &format!("{header}2026-03-15T00:04:00Z,20,4.0000,1.4142,-0.2426,8.2426,16.0000,1,1,11.3137\n"),
        "",
    );
    let all = run(&tree, "outliers --window 4 --all -o csv --direction down --threshold 0.5").result();
    assert_eq!(
        all.lines().skip(1).collect::<Vec<_>>(),
        [
            "2026-03-15T00:04:00Z,20,4.0000,1.4142,3.2929,4.7071,16.0000,0,0,11.3137",
            "2026-03-15T00:05:00Z,0,8.5000,6.6895,5.1552,11.8448,-8.5000,1,1,1.2706"
        ]
    );
    run(&tree, "outliers --window 4 --consecutive 2 -o csv").gives(0, header, "");
    run(&tree, "outliers --window 4 --agg bytes,flows -o csv").gives(
        0,
        &["time,measure,value,", "00:04:00Z,bytes,6000,1200.0000,", "00:04:00Z,flows,20,4.0000,"],
        "",
    );
}

/// Every value has a series of its own, over all of the data's buckets.
#[test]
fn series_are_apart_and_as_long_as_the_data() {
    let mut records: Vec<Record> = (0..20).map(|minute| at(60 * minute)).collect();
    records.extend(vec![at(60 * 15).with("dstport", 22); 3]);
    let tree = Tree::of("a.log", log(&records));
    run(&tree, "outliers --by dst-port -o csv").gives(
        0,
        &["2026-03-15T00:15:00Z,22,3,0.0000,0.0000,0.0000,0.0000,3.0000,1,1,\n"],
        "",
    );
    let outcome = vpcflow("outliers a.log").dir(tree.root()).outcome();
    assert_eq!(outcome.status, 0, "{outcome}");
}

#[test]
fn too_little_data_is_one_sentence() {
    let tree = Tree::of("a.log", minutes(&[1; 11]));
    let told = "vpcflow: too little to judge: the data has 10 whole buckets of 1m, from 2026-03-15T00:00:00Z to \
                2026-03-15T00:10:00Z; --window 10 needs 11 (a shorter --bucket or --window needs less)\n";
    vpcflow("outliers a.log").dir(tree.root()).gives(2, "", told);
    // Damage may be why: it is told, too.
    tree.write("b.log.gz", b"\x1f\x8b\x08\x00cut");
    vpcflow("outliers a.log b.log.gz --stats").dir(tree.root()).gives(
        3,
        "",
        &["too little to judge", "error: b.log.gz", "lines"],
    );
    for (options, told) in [
        ("--window 1", "1 is not in 2..=100000"),
        ("--threshold=-1", "expected a number of deviations"),
        ("--threshold x", "expected a number of deviations"),
        ("--direction sideways", "expected ingress or egress"),
        ("--bucket 0s", "expected a number of at least 1"),
    ] {
        vpcflow(&format!("outliers a.log {options}")).dir(tree.root()).gives(2, "", &[told]);
    }
}

/// Two days of an hour each, the second with other numbers.
fn two_days() -> Tree {
    let mut records = Vec::new();
    for minute in 0..=60 {
        records.extend(vec![at(60 * minute - DAY as i64); 2]);
        records.extend(vec![at(60 * minute); if minute < 30 { 2 } else { 5 }]);
    }
    records.push(at(60 * 10).with("dstport", 22).with("bytes", 70));
    Tree::of("a.log", log(&records))
}

#[test]
fn a_window_is_held_against_the_one_before() {
    let tree = two_days();
    run(&tree, "compare --since 2026-03-15 --bucket 30m --agg flows,bytes -o csv").gives(
        0,
        "time,flows,flows_1d,flows_1d_change,flows_1d_pct,bytes,bytes_1d,bytes_1d_change,bytes_1d_pct,coverage_1d\n\
         2026-03-15T00:00:00Z,61,60,1,1.67,18070,18000,70,0.39,1.0000\n\
         2026-03-15T00:30:00Z,150,60,90,150.00,45000,18000,27000,150.00,1.0000\n",
        "",
    );
    // By key, the whole window is a row, and the largest change comes first.
    run(&tree, "compare --since 2026-03-15 --by dst-port -o csv").gives(
        0,
        "time,dst_port,flows,flows_1d,flows_1d_change,flows_1d_pct,coverage_1d\n\
         2026-03-15T00:00:00Z,443,210,120,90,75.00,1.0000\n\
         2026-03-15T00:00:00Z,22,1,0,1,,1.0000\n",
        "",
    );
    run(&tree, "compare --since 2026-03-15 --by dst-port -n 1 -o csv").gives(0, &["443,210"], "");
    let folded = run(&tree, "compare --since 2026-03-15 --bucket 1h --shift 1d*2:avg,1d*2:min,2d -o ndjson").result();
    assert_eq!(
        folded,
        "{\"time\":\"2026-03-15T00:00:00Z\",\"flows\":211,\"flows_1d_2_avg\":120.00,\"flows_1d_2_avg_change\":91.00,\
         \"flows_1d_2_avg_pct\":75.83,\"flows_1d_2_min\":120,\"flows_1d_2_min_change\":91,\"flows_1d_2_min_pct\":75.83,\
         \"flows_2d\":null,\"flows_2d_change\":null,\"flows_2d_pct\":null,\"coverage_1d_2_avg\":0.5000,\
         \"coverage_1d_2_min\":0.5000,\"coverage_2d\":0.0000}\n"
    );
}

/// A filter that matches nothing earlier does not make it seem that there were no logs.
#[test]
fn what_is_not_there_is_told_from_what_was_not_logged() {
    let tree = two_days();
    run(&tree, "compare --since 2026-03-15 --bucket 1h --dst-port 22 -o csv").gives(
        0,
        "time,flows,flows_1d,flows_1d_change,flows_1d_pct,coverage_1d\n2026-03-15T00:00:00Z,1,0,1,,1.0000\n",
        "",
    );
    vpcflow("compare --since 2026-03-15 --bucket 1h --shift 7d a.log").dir(tree.root()).gives(
        2,
        "",
        "vpcflow: there is nothing to compare 2026-03-15T00:00:00Z to 2026-03-15T01:00:00Z with, 7d earlier: the data is \
         from 2026-03-14T00:00:00Z to 2026-03-15T01:00:00Z; use a shorter --shift\n",
    );
}

/// Without a window it is the newest data, as long as the shift.
#[test]
fn the_newest_data_is_the_window() {
    let tree = Tree::of("a.log", minutes(&[1, 2, 3, 4, 5, 6, 7]));
    run(&tree, "compare --shift 3m --bucket 1m -o csv").gives(
        0,
        "time,flows,flows_3m,flows_3m_change,flows_3m_pct,coverage_3m\n\
         2026-03-15T00:03:00Z,4,1,3,300.00,1.0000\n2026-03-15T00:04:00Z,5,2,3,150.00,1.0000\n\
         2026-03-15T00:05:00Z,6,3,3,100.00,1.0000\n",
        "",
    );
    run(&tree, "compare --shift 3m --bucket 1m --last 2m -o csv").gives(
        0,
        "time,flows,flows_3m,flows_3m_change,flows_3m_pct,coverage_3m\n\
         2026-03-15T00:04:00Z,5,2,3,150.00,1.0000\n2026-03-15T00:05:00Z,6,3,3,100.00,1.0000\n",
        "",
    );
    for (options, told) in [
        ("--shift 90s --bucket 1m", "--shift 90s is not a whole number of buckets of 1m"),
        ("--shift 1d*0", "expected a length of time such as 1d"),
        ("--by action --agg avg(bytes)", "avg(bytes) of buckets cannot be added up"),
        ("--bucket 1h --shift 1h", "nothing to compare 2026-03-14T23:00:00Z to 2026-03-15T00:00:00Z with, 1h earlier"),
    ] {
        vpcflow("compare a.log").args(options.split(' ')).dir(tree.root()).gives(2, "", &[told]);
    }
    let table = vpcflow("compare --shift 3m --bucket 1m a.log").dir(tree.root()).outcome();
    assert!(table.stdout.contains("3m ago") && table.stdout.contains("+300.00%"), "{table}");
    assert!(table.stderr.contains("compared: 2026-03-15T00:03:00Z to 2026-03-15T00:06:00Z"), "{table}");
}

#[test]
fn threads_make_no_difference() {
    for line in [
        "outliers --by dst-port --robust -o csv testdata/demo",
        "compare --by src-ip --shift 10m --agg flows,bytes -n 0 -o csv testdata/demo",
    ] {
        let [one, three] = [1, 3].map(|threads| vpcflow(&format!("{line} -j {threads}")).outcome());
        assert_eq!((one.status, one.stdout.lines().count() > 3), (0, true), "{one}");
        assert_eq!((one.stdout, one.stderr), (three.stdout, three.stderr));
    }
    vpcflow("outliers --by src-ip --max-memory 1M -o csv testdata/demo").gives(0, Text::Any, Text::Any);
}

/// Before: ports 22 and 443; after: 443 twice as often, and 8080.
fn before_and_after() -> Tree {
    let ports = |ports: &[u16]| log(&ports.iter().map(|port| flow().with("dstport", port)).collect::<Vec<_>>());
    Tree::of("before/a.log", ports(&[22, 443, 443, 53])).file("after/a.log", ports(&[443, 443, 443, 443, 8080, 53]))
}

#[test]
fn groups_are_new_gone_or_otherwise() {
    let tree = before_and_after();
    let diff = |options: &str| vpcflow(&format!("diff before after {options}")).dir(tree.root());
    diff("-o csv").gives(
        0,
        "dst_port,protocol,change,flows_before,flows,flows_change,flows_pct\n443,tcp,grown,2,4,2,100.00\n\
         22,tcp,gone,1,0,-1,-100.00\n8080,tcp,new,0,1,1,\n",
        "vpcflow: 1 new, 1 gone, 1 grown, 0 shrunk, 1 same\n",
    );
    diff("-o csv -q --by dst-port --only new,same --agg flows,bytes").gives(
        0,
        "dst_port,change,flows_before,flows,flows_change,flows_pct,bytes_before,bytes,bytes_change,bytes_pct\n\
         8080,new,0,1,1,,0,300,300,\n53,same,1,1,0,0.00,300,300,0,0.00\n",
        "",
    );
    diff("-o csv -q --threshold 150% --only grown").gives(0, &["flows_pct\n"], "");
    let table = diff("--color never -n 1").outcome();
    assert!(table.stdout.contains("+100.00%") && table.stdout.contains("1 of 3 rows; -n 0 shows all"), "{table}");
    // The same, read twice.
    vpcflow("diff before before -o csv").dir(tree.root()).gives(
        0,
        "dst_port,protocol,change,flows_before,flows,flows_change,flows_pct\n",
        "vpcflow: 0 new, 0 gone, 0 grown, 0 shrunk, 3 same\n",
    );
}

/// What a pipeline asks: the status says whether it holds.
#[test]
fn a_condition_makes_the_status() {
    let tree = before_and_after();
    let diff = |condition: &str| vpcflow("diff -q -o csv before after --fail-if").arg(condition).dir(tree.root());
    for (condition, status) in [
        ("new > 0", 1),
        ("new == 1 and gone == 1", 1),
        ("gone > 1", 0),
        ("grown >= 2 or shrunk > 0", 0),
        ("same < 1", 0),
    ] {
        diff(condition).gives(status, Text::Any, "");
    }
    diff("added > 0").gives(2, "", &["--fail-if: the result has no column 'added'"]);
    diff("new >").gives(2, "", &["--fail-if: "]);
    // What could not be read whole is no answer.
    tree.write("after/b.log.gz", b"\x1f\x8b\x08\x00cut");
    vpcflow("diff -o csv before after --fail-if new>0").dir(tree.root()).gives(
        3,
        Text::Any,
        &["error: after/b.log.gz"],
    );
    for line in ["diff", "diff before", "diff before after after"] {
        vpcflow(line).dir(tree.root()).gives(2, "", &["expected two paths, BEFORE and AFTER"]);
    }
    vpcflow("diff before nowhere").dir(tree.root()).gives(2, "", &["nowhere"]);
}

/// What is constant has not changed, however long its records last.
#[test]
fn long_records_make_no_fall() {
    let records: Vec<Record> = (0..180i64)
        .flat_map(|minute| vec![at(60 * minute).with("end", MIDNIGHT + 60 * minute as u64 + 590); 3])
        .collect();
    let tree = Tree::of("a.log", log(&records));
    for options in ["--last 30m", "--shift 90m --bucket 5m", "--time-field end --last 30m"] {
        let found = run(&tree, &format!("compare --shift 1h {options} --by dst-port -o csv")).result();
        let row: Vec<&str> = found.lines().nth(1).expect("a row").split(',').collect();
        assert_eq!((row[2], row[4]), (row[3], "0"), "{options}: {found}");
    }
}

/// A filter does not move the end of the data: what has stopped is found, and a last burst is.
#[test]
fn the_end_is_that_of_all_records() {
    let mut records: Vec<Record> = (0..60i64).map(|minute| at(60 * minute).with("dstport", 22)).collect();
    records.extend((0..40i64).flat_map(|minute| vec![at(60 * minute); 20]));
    records.extend(vec![at(60 * 50).with("dstport", 3389); 30]);
    let tree = Tree::of("a.log", log(&records));
    run(&tree, "outliers --dst-port 443 -o csv").gives(0, &["2026-03-15T00:40:00Z,0,20.0000,"], "");
    run(&tree, "outliers --dst-port 3389 -o csv").gives(0, &["2026-03-15T00:50:00Z,30,0.0000,"], "");
    run(&tree, "outliers --dst-port 3389 --until 2026-03-15T00:51 -o csv").gives(0, &["2026-03-15T00:50:00Z,30,"], "");
    run(&tree, "outliers --dst-port 9 -o csv").gives(
        0,
        "time,value,mean,stddev,lower,upper,error,indicator,violation,deviation\n",
        "",
    );
    let both = run(&tree, "outliers --by dst-port --direction up,down -o csv").result();
    assert!(both.contains(",443,0,") && both.contains(",3389,30,"), "{both}");
    vpcflow("diff - -").stdin("").dir(tree.root()).gives(2, "", &["standard input can be read once only"]);
    vpcflow("outliers --all --by src-ip,start -n 0 a.log --max-memory 1M").dir(tree.root()).gives(
        2,
        "",
        &["--max-memory"],
    );
}

/// Other logs in the place of a shift: laid on one another from where they begin.
#[test]
fn other_logs_are_a_window() {
    let after: Vec<Record> = (0..6)
        .flat_map(|minute| {
            let reject = at(DAY as i64 + 60 * minute).with("action", "REJECT");
            [vec![at(DAY as i64 + 60 * minute); 4], vec![reject; minute as usize]].concat()
        })
        .collect();
    let tree = Tree::of("before.log", minutes(&[2, 2, 3])).file("after.log", log(&after));
    let line = "compare -q --before before.log --bucket 1m -o csv after.log";
    vpcflow(line).dir(tree.root()).prints(
        "time,flows,flows_before,flows_before_change,flows_before_pct,coverage_before\n\
         2026-03-16T00:00:00Z,4,2,2,100.00,0.6000\n2026-03-16T00:01:00Z,5,2,3,150.00,0.6000\n\
         2026-03-16T00:02:00Z,6,3,3,100.00,0.6000\n2026-03-16T00:03:00Z,7,,,,0.6000\n2026-03-16T00:04:00Z,8,,,,0.6000\n",
    );
    // The length of buckets is chosen, and with --by the whole is one row.
    let chosen = vpcflow("compare -q --before before.log -o csv after.log").dir(tree.root()).result();
    assert_eq!(chosen.lines().count(), 6, "{chosen}");
    vpcflow("compare --by action --before before.log -o csv after.log").dir(tree.root()).gives(
        0,
        &["2026-03-16T00:00:00Z,ACCEPT,20,7,13,185.71,0.6000\n2026-03-16T00:00:00Z,REJECT,10,0,10,,0.6000\n"],
        "vpcflow: compared: 2026-03-16T00:00:00Z to 2026-03-16T00:05:00Z, with 2026-03-15T00:00:00Z to \
         2026-03-15T00:05:00Z\nvpcflow: there are logs of 60.0% of the window before: its numbers are smaller for it\n",
    );
    vpcflow("compare -q --before before.log -o csv --bucket 1m").stdin(log(&after)).dir(tree.root()).gives(
        0,
        &["2026-03-16T00:02:00Z,6,3,3,100.00,0.6000\n"],
        "",
    );
    for (line, told) in [
        ("compare --before - -", "standard input can be read once only"),
        ("compare --before before.log --shift 1d after.log", "cannot be used with '--shift"),
        ("compare --before nowhere.log after.log", "nowhere.log: No such file or directory"),
        ("compare --before 2026-03-15..2026-03-14 after.log", "--before: expected the earlier time first"),
        ("compare --before before.log --agg p50(bytes) after.log", "it needs --bucket"),
        ("compare --before 2026-03-17..2026-03-18 --until 2026-03-16 after.log", "ends after --until"),
        ("compare --before 2026-03-14..2026-03-15 after.log", "in the window of --before: the data is from 2026-03-16"),
    ] {
        vpcflow(line).dir(tree.root()).gives(2, "", &[told]);
    }
}

/// A window of the same logs says what a shift of that length does.
#[test]
fn a_window_is_a_shift_by_another_name() {
    let tree = two_days();
    let window = "--since 2026-03-15T00:00 --until 2026-03-15T01:00 --bucket 5m -o csv";
    let shifted = run(&tree, &format!("compare --shift 1d {window}")).result();
    for before in ["2026-03-14T00:00..2026-03-14T01:00", "2026-03-14..2026-03-14T02:00"] {
        let named = run(&tree, &format!("compare --before {before} {window}")).result();
        assert_eq!(named.replace("_before", "_1d"), shifted, "{before}");
    }
    let half = run(&tree, &format!("compare --before 2026-03-14T00:00..2026-03-14T00:30 {window}")).result();
    assert!(half.contains(",0.5000\n") && half.lines().nth(1) != shifted.lines().nth(1), "{half}");
}

/// A plain twin: sums by bucket and key, of windows found by hand.
#[test]
fn a_plain_twin_compares_the_same() {
    let mut state = 99u64;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    for round in 0..8 {
        let days = 3 + below(3);
        let flows: Vec<(u64, u64, u64)> =
            (0..400).map(|_| (below(days * DAY), below(4), 1 + below(1000))).chain([(0, 0, 1)]).collect();
        let record =
            |(time, port, bytes): &(u64, u64, u64)| at(*time as i64).with("dstport", port).with("bytes", bytes);
        let tree = Tree::of("a.log", log(&flows.iter().map(record).collect::<Vec<_>>()));
        let newest = flows.iter().map(|flow| flow.0).max().expect("flows");
        let (end, first) = (newest / 3600 * 3600, 0);
        let start = end - DAY;
        let mut expected = vec![];
        for time in (start..end).step_by(3600) {
            for port in 0..4 {
                let sum = |from: u64| -> u64 {
                    let is_in = |flow: &&(u64, u64, u64)| flow.0 / 3600 * 3600 == from && flow.1 == port;
                    flows.iter().filter(is_in).map(|flow| flow.2).sum()
                };
                let then = time.checked_sub(DAY).filter(|then| then + 3600 > first).map(sum);
                if sum(time) > 0 || then.is_some_and(|then| then > 0) {
                    let change = then.map_or(",".into(), |then| format!("{then},{}", sum(time) as i64 - then as i64));
                    expected.push(format!("{},{port},{},{change}", MIDNIGHT + time, sum(time)));
                }
            }
        }
        let found = run(&tree, "compare --shift 1d --bucket 1h --by dst-port --agg bytes -o csv").result();
        let told: Vec<String> = found
            .lines()
            .skip(1)
            .map(|row| {
                let cells: Vec<&str> = row.split(',').collect();
                let time: jiff::Timestamp = cells[0].parse().expect("a time");
                format!("{},{}", time.as_second(), cells[1..5].join(","))
            })
            .collect();
        assert_eq!(told, expected, "{round}");
    }
}

/// Where the points before are mostly equal, the median tells nothing of how far points lie: that is said.
#[test]
fn a_median_without_a_spread_is_said() {
    let counts: Vec<usize> = (0..60).map(|i| if i < 12 { 3 } else { 4 + i % 3 }).collect();
    let tree = Tree::of("a.log", minutes(&counts));
    vpcflow("outliers --robust -o csv -n 1 a.log").dir(tree.root()).gives(
        0,
        Text::Any,
        "vpcflow: --robust: at 47 of 49 points, most of those before have the same value, and any other is an outlier; a \
         longer --bucket or --window helps\n",
    );
}

/// A window of another length is no match for a whole one, and what is not there has no smallest value.
#[test]
fn what_cannot_be_held_against_another_is_said() {
    let tree = two_days();
    let line = "compare --since 2026-03-15T00:00 --until 2026-03-15T01:00 --by dst-port --before 2026-03-14T00:00..";
    vpcflow(&format!("{line}2026-03-14T00:30 --bucket 5m a.log")).dir(tree.root()).gives(0, Text::Any, Text::Any);
    vpcflow(&format!("{line}2026-03-14T00:30 a.log")).dir(tree.root()).gives(
        2,
        "",
        &["the window of --before is 30m long, and this one 1h; give them the same length"],
    );
    let tree = before_and_after();
    let found = vpcflow("diff -q --by dst-port --agg flows,first_seen,max(bytes) -o csv before after");
    let found = found.dir(tree.root()).result();
    let new = found.lines().find(|row| row.starts_with("8080,new,")).expect("a new port");
    assert!(new.starts_with("8080,new,0,") && new.contains("Z,,,,"), "{found}");
}
