//! `anomalies` and `explain`: what is unusual is found, named first, and told from chance.

mod support;

use support::lines::{Record, log};
use support::times::{DAY, at, minutes};
use support::tree::Tree;
use support::{Text, Vpcflow, vpcflow};

fn run(tree: &Tree, line: &str) -> Vpcflow {
    vpcflow(line).args(["-q", "a.log"]).dir(tree.root())
}

/// Four days in buckets of 15 minutes: by day more than by night, one bucket of refusals, one that is empty.
fn four_days() -> Tree {
    let mut records = vec![];
    for bucket in 0..4 * 96i64 {
        let usual = if (32..80).contains(&(bucket % 96)) { 40 } else { 20 };
        let noise = bucket * 7919 % 7 - 3;
        let flows = if bucket == 350 { 0 } else { usual + noise };
        records.extend((0..flows).map(|flow| at(900 * bucket + 2 * flow)));
        let refused = if bucket == 300 { 70 } else { 1 };
        records.extend(vec![at(900 * bucket + 5).with("action", "REJECT").with("dstport", 22); refused]);
    }
    records.push(at(4 * DAY as i64));
    Tree::of("a.log", log(&records))
}

#[test]
fn an_unusual_rate_is_found_with_its_command() {
    let tree = four_days();
    let found = run(&tree, "anomalies rate -o csv").result();
    let rows: Vec<&str> = found.lines().collect();
    assert_eq!(rows[0], "time,score,severity,actual,typical,lower,upper,multi_bucket,note,command");
    assert!(rows[1].starts_with("2026-03-18T03:00:00Z,") && rows[1].contains(",critical,"), "{found}");
    assert!(rows.iter().any(|row| row.starts_with("2026-03-18T15:30:00Z,") && row.contains(",false,")), "{found}");
    let by = run(&tree, "anomalies rate --by dst-port,action -o csv -n 1").result();
    let row = by.lines().nth(1).expect("a row");
    assert!(row.starts_with("2026-03-18T03:00:00Z,22,REJECT,"), "{by}");
    assert!(row.contains(",70,1.0,") && row.contains(",false,70x higher,"), "{by}");
    // The command looks into it.
    let command = "vpcflow top --since 2026-03-18T03:00:00Z --until 2026-03-18T03:15:00Z -w 'dst-port == 22 and action == REJECT' a.log";
    assert!(row.ends_with(command), "{by}");
    let looked = vpcflow("top --since 2026-03-18T03:00:00Z --until 2026-03-18T03:15:00Z -o csv -q a.log -w")
        .arg("dst-port == 22 and action == REJECT");
    assert_eq!(looked.dir(tree.root()).result().lines().nth(1).map(|row| row.starts_with("10.0.0.1,70,")), Some(true));
    // Nothing else is as unusual.
    let high = run(&tree, "anomalies rate --by action --min-score 75 -o csv").result();
    let times: std::collections::BTreeSet<&str> = high.lines().skip(1).filter_map(|row| row.get(..13)).collect();
    assert!(times.iter().all(|hour| hour.starts_with("2026-03-18T")), "{high}");
}

#[test]
fn a_baseline_takes_some_buckets() {
    let tree = Tree::of("a.log", minutes(&[1; 40]));
    vpcflow("anomalies rate a.log").dir(tree.root()).gives(
        2,
        "",
        "vpcflow: too little to judge: the data, from 2026-03-15T00:00:00Z to 2026-03-15T00:39:00Z, has 2 whole buckets of \
         15m; a baseline takes 9 (use a shorter --bucket)\n",
    );
    vpcflow("anomalies rate --bucket 1m a.log").dir(tree.root()).gives(
        0,
        Text::Any,
        "vpcflow: none of 39 buckets has a score of 25 or more\n",
    );
    for (line, told) in [
        ("anomalies a.log", "invalid value 'a.log' for '<KIND>'"),
        ("anomalies rate --min-score 101 a.log", "expected a score from 0 to 100"),
    ] {
        vpcflow(line).dir(tree.root()).gives(2, "", &[told]);
    }
}

/// Two hours of usual flows, and ten minutes with a scan from one address.
fn a_scan() -> Tree {
    let mut records = vec![];
    for minute in 0..120i64 {
        records.extend((0..20).map(|i| at(60 * minute + i).with("srcaddr", format!("10.0.0.{}", i % 5 + 1))));
        if (80..90).contains(&minute) {
            let scan =
                |port: i64| at(60 * minute + port % 60).with("srcaddr", "203.0.113.9").with("dstport", 1000 + port);
            records.extend((0..60).map(|port| scan(60 * (minute - 80) + port).with("action", "REJECT")));
        }
    }
    Tree::of("a.log", log(&records))
}

#[test]
fn a_scan_is_explained() {
    let tree = a_scan();
    for options in [
        "",
        "--at 2026-03-15T01:25",
        "--deviation 2026-03-15T01:20..2026-03-15T01:30 --baseline 2026-03-15..2026-03-15T01:10",
    ] {
        let line = format!("explain {options} -o csv");
        let found = run(&tree, &line).result();
        let rows: Vec<&str> = found.lines().collect();
        assert_eq!(rows[0], "field,value,flows,baseline_flows,extra,ratio,p,impact,note,where");
        assert_eq!(
            rows[1].split(',').take(3).collect::<Vec<_>>()[..2],
            ["src-ip", "203.0.113.9"],
            "{options}: {found}"
        );
        assert!(rows[2].starts_with("action,REJECT,"), "{options}: {found}");
        assert!(rows[1].ends_with(",src-ip == 203.0.113.9"), "{options}: {found}");
        // What is as usual is no row.
        assert!(!found.contains("10.0.0."), "{options}: {found}");
    }
    let given =
        "explain --deviation 2026-03-15T01:20..2026-03-15T01:30 --baseline 2026-03-15..2026-03-15T01:10 -o csv -n 1";
    vpcflow(given).arg("a.log").dir(tree.root()).gives(
        0,
        &[
            "src-ip,203.0.113.9,600,0.0,600.0,,",
            ",high,\"usually none, 600 more flows than the baseline's pace\",src-ip == 203.0.113.9\n",
        ],
        "vpcflow: what there is more of in 2026-03-15T01:20:00Z to 2026-03-15T01:30:00Z (800 flows) than in \
         2026-03-15T00:00:00Z to 2026-03-15T01:10:00Z (1,400 flows)\n",
    );
    // The same, looked at the other way round, is what is missing.
    let dip =
        "explain --deviation 2026-03-15..2026-03-15T01:10 --baseline 2026-03-15T01:20..2026-03-15T01:30 -o csv -n 1";
    vpcflow(dip).arg("a.log").dir(tree.root()).gives(
        0,
        &["src-ip,203.0.113.9,600,"],
        &["vpcflow: a dip: what there is less of"],
    );
    run(&tree, "explain --fields dst-port --test elastic -o csv").gives(0, Text::Any, "");
    let [one, three] = [1, 3].map(|threads| run(&tree, &format!("explain -j {threads} -n 0 -o ndjson")).result());
    assert_eq!(one, three);
}

#[test]
fn what_cannot_be_explained_is_said() {
    let tree = a_scan();
    for (line, told) in [
        ("explain --at 2026-03-15T00:05 a.log", "there is too little before that time to hold it against"),
        ("explain --at 2027-01-01 a.log", "--at lies outside of the data"),
        ("explain --at soon a.log", "--at: expected a time such as"),
        ("explain --deviation 1..2 a.log", "--baseline <WINDOW>"),
        ("explain --deviation 2..1 --baseline 0..1 a.log", "--deviation: expected two times, the earlier first"),
        ("explain --fdr 2 a.log", "expected a part of all"),
        (
            "explain --deviation 2027-01-01..2027-01-02 --baseline 2026-03-15..2026-03-15T01:10 a.log",
            "there are no flows from 2027-01-01T00:00:00Z to 2027-01-02T00:00:00Z; choose other times with --deviation: the data is from 2026-03-15T00:00:00Z to",
        ),
    ] {
        vpcflow(line).dir(tree.root()).gives(2, "", &[told]);
    }
    let flat = Tree::of("a.log", minutes(&[5; 120]));
    vpcflow("explain a.log").dir(flat.root()).gives(2, "", &["there is no spike to explain"]);
}

/// Ten hours of usual flows, from a seed: sources and targets of a network, services of different weight, some
/// refusals, and the shape of a day.
struct Usual {
    state: u64,
    records: Vec<Record>,
}

impl Usual {
    /// The first minute of what is done to it.
    const BEGIN: i64 = 450;

    fn new(seed: u64) -> Usual {
        let mut usual = Usual { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, records: vec![] };
        for minute in 0..600i64 {
            let shape = 40.0 + 12.0 * (minute as f64 / 95.0).sin();
            for _ in 0..shape as u64 + usual.below(8) {
                let port = [443, 443, 443, 443, 80, 53, 5432, 22][usual.below(8) as usize];
                let source = format!("10.0.{}.{}", usual.below(4), 1 + usual.below(15));
                let target = usual.below(20);
                let action = if usual.below(16) == 0 { "REJECT" } else { "ACCEPT" };
                usual.add(minute, &source, target, port, action);
            }
        }
        usual
    }

    fn below(&mut self, end: u64) -> u64 {
        // Xorshift: Marsaglia, "Xorshift RNGs" (2003).
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % end
    }

    fn add(&mut self, minute: i64, source: &str, target: u64, port: u64, action: &str) {
        let record = at(60 * minute + self.below(60) as i64)
            .with("srcaddr", source)
            .with("dstaddr", format!("10.0.8.{target}"))
            .with("interface-id", format!("eni-{:08x}", target % 7))
            .with("srcport", 32768 + self.below(20000))
            .with("dstport", port)
            .with("protocol", if port == 53 { 17 } else { 6 })
            .with("action", action);
        self.records.push(record);
    }

    fn tree(self) -> Tree {
        Tree::of("a.log", log(&self.records))
    }
}

/// What is done to it, and what the first group must name.
fn injected(kind: &str, seed: u64) -> (Tree, Vec<&'static str>) {
    let mut usual = Usual::new(seed);
    let minutes = Usual::BEGIN..Usual::BEGIN + 20;
    let named = match kind {
        "scan" => {
            for minute in minutes {
                for i in 0..30 {
                    let port = 1 + usual.below(10000);
                    usual.add(minute, "203.0.113.66", i % 20, port, "REJECT");
                }
            }
            vec!["src-ip 203.0.113.66", "action REJECT"]
        }
        "exfiltration" => {
            for minute in minutes {
                for _ in 0..20 {
                    usual.add(minute, "10.0.2.7", 254, 443, "ACCEPT");
                }
            }
            vec!["src-ip 10.0.2.7", "dst-ip 10.0.8.254"]
        }
        // A security group that begins to refuse; those who are refused try again.
        _ => {
            for minute in 0..600 {
                let is_broken = minutes.contains(&minute);
                for i in 0..if is_broken { 18 } else { 6 } {
                    let source = format!("10.0.1.{}", 1 + i);
                    usual.add(minute, &source, 3, 8443, if is_broken { "REJECT" } else { "ACCEPT" });
                }
            }
            vec!["dst-ip 10.0.8.3", "dst-port 8443", "action REJECT"]
        }
    };
    (usual.tree(), named)
}

#[test]
fn what_was_injected_is_the_first_group() {
    for kind in ["scan", "exfiltration", "deploy"] {
        for seed in 1..=6 {
            let (tree, named) = injected(kind, seed);
            let found = run(&tree, "explain --group -n 1 -o csv").result();
            let first = found.lines().nth(1).unwrap_or_default();
            assert!(named.iter().all(|value| first.contains(value)), "{kind} {seed}: {found}");
            // The condition selects these flows: nobody else has them.
            let condition = first.rsplit(',').next().expect("a condition").trim_matches('"');
            let flows: u64 = first
                .split("\",")
                .nth(1)
                .expect("a text in quotes")
                .split(',')
                .nth(1)
                .expect("flows")
                .parse()
                .expect("a number");
            let selected = run(&tree, "top --by action -o csv").args(["-w", condition]).result();
            let counted: u64 = selected
                .lines()
                .skip(1)
                .map(|row| row.split(',').nth(1).expect("flows").parse::<u64>().expect("a number"))
                .sum();
            assert!((flows..flows + flows / 2).contains(&counted), "{kind} {seed}: {flows} {counted}");
        }
    }
}

/// What is as ever has no values that stand out, whatever the bucket that is looked at.
#[test]
fn usual_flows_explain_nothing() {
    for seed in 1..=5 {
        let tree = Usual::new(seed).tree();
        for at in ["03:00", "05:00", "07:00", "09:00"] {
            let found = run(&tree, &format!("explain --at 2026-03-15T{at} -o csv")).result();
            assert_eq!(found.lines().count(), 1, "{seed} {at}: {found}");
        }
    }
}

#[test]
fn a_pipe_is_read_again() {
    let (tree, _) = injected("scan", 7);
    let text = std::fs::read(tree.path("a.log")).expect("the log");
    for options in ["", " --group", " --at 2026-03-15T07:40", " --test elastic"] {
        let of_file = vpcflow(&format!("explain{options} -n 5 -o csv a.log")).dir(tree.root()).outcome();
        for line in [format!("explain{options} -n 5 -o csv"), format!("explain{options} -n 5 -o csv -")] {
            let piped = vpcflow(&line).stdin(&text).outcome();
            assert_eq!((piped.status, &piped.stdout, &piped.stderr), (0, &of_file.stdout, &of_file.stderr), "{line}");
            let file = vpcflow(&line).stdin_file(tree.path("a.log")).outcome();
            assert_eq!(file.stdout, of_file.stdout, "{line}");
        }
    }
    vpcflow("explain -").stdin("").gives(2, "", &["there are no records with a time"]);
    vpcflow("explain -").env("TMPDIR", "/nowhere").stdin_pipe().gives(
        2,
        "",
        &["cannot keep standard input in /nowhere"],
    );
}

/// The windows are looked for in the time that is asked for, not in all that the files have.
#[test]
fn a_window_of_time_is_all_there_is() {
    let nights = support::root().join("testdata/nights");
    let line = "explain --interface eni-0a1b2c3d4e5f00012 --since 2026-03-15T01:00 -o csv";
    let one = vpcflow(line).arg(nights.join("2026-03-15.log")).outcome();
    let both = vpcflow(line).arg(&nights).outcome();
    assert!(both.stdout.contains("action,REJECT,"), "{both}");
    let windows = |text: &str| text.split(" in ").nth(1).map(|text| text[..16].to_string());
    assert_eq!((both.stdout, windows(&both.stderr)), (one.stdout, windows(&one.stderr)));
    vpcflow("explain").arg(&nights).gives(2, "", &["there are no flows from 2026-03-14T"]);
}

/// What does not fit in memory is read again: the answer is the same.
#[test]
fn held_flows_and_a_second_reading_explain_the_same() {
    let mut records = vec![];
    for i in 0..60_000i64 {
        let flow = at(i / 10).with("srcport", 1024 + i * 7919 % 60_000).with("bytes", i * i * i);
        let flow = flow.with("srcaddr", format!("10.{}.{}.{}", i % 3, i * 31 % 251, i * 17 % 241));
        records.push(if i % 100 == 0 {
            flow.with("dstaddr", format!("2001:db8::{i:x}")).with("dstport", "-")
        } else {
            flow
        });
    }
    records.extend((0..900).map(|i| at(4800 + i).with("srcaddr", "203.0.113.9").with("dstport", 1000 + i)));
    let tree = Tree::of("a.log", log(&records));
    for options in
        ["", "--group", "--group --fdr 0.5", "--fields src-ip,dst-ip,dst-port,duration --at 2026-03-15T01:25"]
    {
        let [held, again] = ["1G", "1K"]
            .map(|memory| run(&tree, &format!("explain {options} --max-memory {memory} -n 0 -o ndjson")).result());
        assert!(held.lines().count() > 0, "{options}");
        assert_eq!(held, again, "{options}");
    }
}

#[test]
fn threads_explain_the_same() {
    let (tree, _) = injected("deploy", 8);
    for options in ["--group", "--group --test elastic", "-n 0"] {
        let [one, four] =
            [1, 4].map(|threads| run(&tree, &format!("explain {options} -j {threads} -o ndjson")).result());
        assert_eq!(one, four, "{options}");
    }
}

/// Two hours of a pattern that stays, one that ends, one that begins, and one that is rare.
fn some_patterns() -> Tree {
    let mut records = vec![];
    for minute in 0..120i64 {
        records.extend(vec![at(60 * minute); 20]);
        if minute < 90 {
            records.push(at(60 * minute).with("dstport", 22).with("action", "REJECT").with("srcaddr", "8.8.8.8"));
        }
        if minute >= 110 {
            records.extend(vec![at(60 * minute + 1).with("dstport", 50123).with("srcport", 50124); 3]);
        }
        if minute == 60 || minute == 115 {
            records.push(at(60 * minute).with("protocol", 1).with("srcport", 0).with("dstport", 0));
        }
    }
    Tree::of("a.log", log(&records))
}

#[test]
fn patterns_are_new_gone_rare_or_steady() {
    let tree = some_patterns();
    let header = "action,protocol,service_port,src_scope,dst_scope,flags,flows,share,first_seen,last_seen,buckets,trend,kind,command\n";
    let found = run(&tree, "anomalies patterns --bucket 1m -o csv").result();
    assert!(found.starts_with(header), "{found}");
    let rows: Vec<&str> = found.lines().skip(1).map(|row| row.split(",\"").next().expect("a row")).collect();
    assert_eq!(
        rows,
        [
            "ACCEPT,tcp,high,private,private,none,30,0.0119,2026-03-15T01:50:01Z,2026-03-15T01:59:31Z,10,         █,new",
            "REJECT,tcp,22,public,private,none,90,0.0357,2026-03-15T00:00:00Z,2026-03-15T01:29:30Z,90,███████▄  ,gone",
            "ACCEPT,icmp,,private,private,none,2,0.0008,2026-03-15T01:00:00Z,2026-03-15T01:55:30Z,2,     █   █,rare",
            "ACCEPT,tcp,443,private,private,none,2400,0.9516,2026-03-15T00:00:00Z,2026-03-15T01:59:30Z,120,██████████,steady",
        ]
    );
    // Of a window, its last tenth counts.
    let window = run(&tree, "anomalies patterns --bucket 1m --until 2026-03-15T01:30 --only gone,new -o csv").result();
    assert!(!window.contains(",22,"), "{window}");
    let only = run(&tree, "anomalies patterns --bucket 1m --only new,rare -o ndjson").result();
    assert_eq!(only.lines().count(), 2);
    vpcflow("anomalies patterns --bucket 1m -n 1 -o csv a.log").dir(tree.root()).gives(
        0,
        Text::Any,
        "vpcflow: patterns: 1 new, 1 gone, 1 rare, 1 steady\n",
    );
}

/// The command of a pattern counts the flows of the pattern: of every one of the demonstration.
#[test]
fn commands_of_patterns_select_their_flows() {
    let demo = support::root().join("testdata/demo");
    let found = vpcflow("anomalies patterns --bucket 1m -n 0 -o ndjson -q").arg(&demo).result();
    let mut all = 0;
    for line in found.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let command = row["command"].as_str().expect("a command");
        let condition = command.split('\'').nth(1).expect("a condition in quotes");
        let rows = vpcflow("top --by version -n 0 -o ndjson -q -w").arg(condition).arg(&demo).result();
        let row_of = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON")["flows"].as_u64();
        let flows: u64 = rows.lines().filter_map(row_of).sum();
        assert_eq!(Some(flows), row["flows"].as_u64(), "{condition}");
        all += flows;
    }
    assert!(found.lines().count() > 50 && all > 300, "{all}");
}

#[test]
fn what_patterns_cannot_do_is_said() {
    let tree = some_patterns();
    for (line, told) in [
        ("anomalies patterns --by src-ip a.log", "--by is an option of `vpcflow anomalies rate`"),
        ("anomalies patterns --min-score 5 a.log", "--min-score is an option of `vpcflow anomalies rate`"),
        ("anomalies rate --only new a.log", "--only is an option of `vpcflow anomalies patterns`"),
        (
            "anomalies patterns a.log",
            "too little to judge: the data is from 2026-03-15T00:00:00Z to 2026-03-15T01:59:01Z; what is new or gone takes 10 buckets of 15m",
        ),
    ] {
        vpcflow(line).dir(tree.root()).gives(2, "", &[told]);
    }
}

/// What files tell of interfaces is tested, too: a security group that begins to refuse.
#[test]
fn fields_of_named_files_are_tested() {
    let group = |id: &str, name: &str| serde_json::json!({"GroupId": id, "GroupName": name});
    let interface = |number: u32| {
        let groups = match number {
            3 | 4 => vec![group("sg-0a", "web, public"), group("sg-0b", "all")],
            _ => vec![group("sg-0b", "all")],
        };
        serde_json::json!({"NetworkInterfaceId": format!("eni-{number:08x}"), "Groups": groups})
    };
    let enis = serde_json::json!({"NetworkInterfaces": (0..7).map(interface).collect::<Vec<_>>()});
    let mut usual = Usual::new(11);
    for minute in Usual::BEGIN..Usual::BEGIN + 20 {
        for target in [3, 4, 10, 11] {
            (0..8).for_each(|_| usual.add(minute, "10.0.1.4", target, 443, "REJECT"));
        }
    }
    let tree = usual.tree().file("enis.json", enis.to_string());
    let found = run(&tree, "explain --enis enis.json -n 0 -o ndjson").result();
    let row = found
        .lines()
        .map(|row| serde_json::from_str::<serde_json::Value>(row).expect("JSON"))
        .find(|row| row["field"] == "security-group-names" && row["value"] == "web%2C public,all");
    let condition = row.as_ref().and_then(|row| row["where"].as_str()).unwrap_or_else(|| panic!("{found}"));
    assert_eq!(condition, "security-group-names == \"web, public\" and security-group-names == all");
    let selected = run(&tree, "top --enis enis.json --by interface-id -o csv").args(["-w", condition]).result();
    assert_eq!(selected.lines().count(), 3, "{selected}");
    let first = run(&tree, "explain --group --enis enis.json -n 1 -o csv").result();
    assert!(first.contains("security-group-names web%2C public,all") && first.contains("action REJECT"), "{first}");
}

/// `--last` cuts the data as `--since` does: what is before is no silence.
#[test]
fn last_is_since() {
    let (tree, _) = injected("scan", 3);
    // The newest record ends so long after ten o'clock.
    let since = |line: &str| run(&tree, &format!("{line} --since 2026-03-15T06:00:27 -o csv")).result();
    let newest = run(&tree, "top --by version --agg last_seen -o csv").result();
    assert!(newest.contains("2026-03-15T10:00:27Z"), "{newest}");
    for line in ["anomalies rate --bucket 5m", "outliers", "explain -n 5", "anomalies patterns --bucket 10m -n 5"] {
        let last = run(&tree, &format!("{line} --last 4h -o csv")).result();
        let same = |text: &str| text.replace("--since 2026-03-15T06:00:27", "--last 4h");
        assert_eq!(last, same(&since(line)), "{line}");
    }
    for options in ["--last 1h", "--since 2026-03-15T07:00", "--until 2026-03-15T07:00"] {
        let windows = "--deviation 2026-03-15T07:30..2026-03-15T07:50 --baseline 2026-03-15T05:00..2026-03-15T07:00";
        vpcflow(&format!("explain {windows} {options} a.log")).dir(tree.root()).gives(2, "", &["leave them out"]);
    }
}

/// A time in the spike finds what is found without one, though there are fewer flows in all than before.
#[test]
fn a_spike_on_a_slope_is_one() {
    let mut records = vec![];
    for minute in 0..360i64 {
        records.extend((0..(400 - minute) / 8).map(|i| at(60 * minute + i % 60)));
        if (210..216).contains(&minute) {
            records.extend((0..40).map(|i| at(60 * minute + i).with("srcaddr", "203.0.113.9")));
        }
    }
    let tree = Tree::of("a.log", log(&records));
    for at in ["", "--at 2026-03-15T03:32"] {
        let found = run(&tree, &format!("explain {at} -o csv")).result();
        assert!(found.lines().nth(1).is_some_and(|row| row.starts_with("src-ip,203.0.113.9,240,")), "{at}: {found}");
        assert!(!found.contains("fewer"), "{found}");
    }
}

/// The only value of a field is told from none.
#[test]
fn one_value_against_none_is_tested() {
    let tree = a_scan().file("labels.csv", "203.0.113.0/24,it's \"odd\"\n");
    let found = run(&tree, "explain --labels labels.csv --fields src-label -o csv").result();
    assert!(found.contains("src-label,\"it's \"\"odd\"\"\",418,0.0"), "{found}");
    let condition = "src-label like \"it?s ?odd?\"";
    assert!(found.contains(&condition.replace('"', "\"\"")), "{found}");
    let selected = run(&tree, "top --labels labels.csv --by src-label -o csv").args(["-w", condition]).result();
    assert!(selected.lines().nth(1).is_some_and(|row| row.contains(",600,")), "{selected}");
}

#[test]
fn what_cannot_be_read_twice_is_said() {
    let tree = a_scan();
    let line = format!("{} explain <(cat a.log)", env!("CARGO_BIN_EXE_vpcflow"));
    let done = std::process::Command::new("bash").args(["-c", &line]).current_dir(tree.root()).output().expect("bash");
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.code() == Some(2) && told.contains("cannot be read twice; send it to"), "{told}");
}

/// Flows of a log without ports, or without most fields, are in patterns, too.
#[test]
fn patterns_take_every_flow() {
    let lines: String = (0..120).map(|minute| format!("10.0.0.1 6 {}\n", 1_773_532_800 + 60 * minute)).collect();
    let tree = Tree::of("a.log", format!("srcaddr protocol start\n{lines}"));
    let found = run(&tree, "anomalies patterns --bucket 1m -o csv").result();
    assert!(found.contains("\n,tcp,,private,,none,120,1.0000,"), "{found}");
    let command = found.split("\"vpcflow top").nth(1).expect("a command");
    let condition = command.split('\'').nth(1).expect("a condition");
    let selected = run(&tree, "top --by protocol -o csv").args(["-w", condition]).result();
    assert!(selected.lines().nth(1).is_some_and(|row| row.starts_with("tcp,120,")), "{condition}: {selected}");
}

/// The command of a finding has the filters and files of the question, and looks at all buckets that made it.
#[test]
fn commands_ask_what_was_asked() {
    let tree = four_days();
    let found = run(&tree, "anomalies rate --by action --action REJECT --dst-port 22 --min-score 75 -o csv").result();
    assert!(found.contains("-w 'action == REJECT' --dst-port 22 --action REJECT a.log"), "{found}");
}

/// One record of a year to come makes the data long and empty: that is said, and `--until` is the way out.
#[test]
fn a_wrong_clock_is_named() {
    let mut text = String::from_utf8(std::fs::read(a_scan().path("a.log")).expect("the log")).expect("UTF-8");
    text.push_str(&at(0).with("start", 4_070_908_800u64).with("end", 4_070_908_830u64).line());
    let tree = a_scan().file("b.log", text);
    let told =
        "the newest record is of 2099-01-01T00:00:00Z, which is yet to come; --until leaves out what has a wrong clock";
    for line in ["anomalies rate --bucket 1d", "compare --bucket 1d", "explain", "anomalies patterns"] {
        let wrong = vpcflow(&format!("{line} -o csv b.log")).dir(tree.root()).outcome();
        assert!(wrong.stderr.contains(told), "{wrong}");
    }
    let rescued = vpcflow("explain -q --until 2027-01-01 -o csv b.log").dir(tree.root()).result();
    assert_eq!(rescued, vpcflow("explain -q -o csv a.log").dir(tree.root()).result());
}
