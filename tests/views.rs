//! `timeline` and `fields`: golden values, limits, odd input, and random logs against the slow
//! reader.

mod support;

use proptest::prelude::*;
use support::answers::Rows;
use support::lines::{Record, V2, flow, log, nodata};
use support::oracle::{self, Log};
use support::random::{self, LogFile};
use support::tree::{Tree, gzip};
use support::views::{self, Timeline};
use support::{Outcome, Text, vpcflow};

/// 2026-03-15T12:00:00Z.
const NOON: u64 = 1_773_576_000;

fn at(start: u64, end: u64) -> Record {
    flow().with("start", start).with("end", end)
}

/// The rows that a timeline of this log has, as CSV.
fn timeline(options: &str, records: &[Record]) -> String {
    let tree = Tree::of("x", log(records));
    vpcflow(&format!("timeline -o csv {options} x")).dir(tree.root()).result()
}

fn bytes(csv: &str) -> Vec<u64> {
    csv.lines().skip(1).map(|row| row.rsplit(',').next().expect("bytes").parse().expect("a number")).collect()
}

fn times(csv: &str) -> Vec<&str> {
    csv.lines().skip(1).map(|row| row.split(',').next().expect("a time")).collect()
}

#[test]
fn a_record_that_spans_buckets() {
    let long = at(NOON + 230, NOON + 380).with("bytes", 9000).with("packets", 90);
    let short = at(NOON + 245, NOON + 260).with("bytes", 200).with("packets", 2).with("action", "REJECT");
    let records = [long, short];
    assert_eq!(
        timeline("--bucket 60s --load proportional", &records),
        "time,flows,accepts,rejects,packets,bytes\n\
         2026-03-15T12:03:00Z,1,1,0,6,600\n\
         2026-03-15T12:04:00Z,1,0,1,38,3800\n\
         2026-03-15T12:05:00Z,0,0,0,36,3600\n\
         2026-03-15T12:06:00Z,0,0,0,12,1200\n"
    );
    let start = timeline("--bucket 60s --load start", &records);
    assert_eq!(
        start,
        "time,flows,accepts,rejects,packets,bytes\n\
         2026-03-15T12:03:00Z,1,1,0,90,9000\n\
         2026-03-15T12:04:00Z,1,0,1,2,200\n"
    );
    assert_eq!(timeline("", &records), start, "that is the default");
    assert_eq!(
        timeline("--bucket 1m --load end", &records),
        "time,flows,accepts,rejects,packets,bytes\n\
         2026-03-15T12:04:00Z,1,0,1,2,200\n\
         2026-03-15T12:05:00Z,0,0,0,0,0\n\
         2026-03-15T12:06:00Z,1,1,0,90,9000\n"
    );
}

/// A row that only continues a flow has the flow's fields, and is no flow.
#[test]
fn a_spread_flow_stays_in_its_series() {
    let records = [
        at(NOON, NOON + 120).with("bytes", 100).with("packets", 1),
        at(NOON, NOON + 60).with("bytes", 30).with("packets", 1).with("action", "REJECT"),
        at(NOON + 60, NOON + 120).with("bytes", 9).with("packets", 1).with("action", "-"),
    ];
    for (by, rows) in [
        ("action", "ACCEPT,1,1,0,0,50\n0 REJECT,1,0,1,1,30\n1 ACCEPT,0,0,0,1,50\n1 REJECT,0,0,0,0,0\n"),
        ("bytes", "9,0,0,0,0,0\n0 30,1,0,1,1,30\n0 100,1,1,0,0,50\n1 9,1,0,0,1,9\n1 30,0,0,0,0,0\n1 100,0,0,0,1,50\n"),
        ("duration", "60,1,0,1,1,30\n0 120,1,1,0,0,50\n1 60,1,0,0,1,9\n1 120,0,0,0,1,50\n"),
    ] {
        let tree = Tree::of("x", log(&records));
        let run = vpcflow(&format!("timeline -o csv -q --load proportional --by {by} x")).dir(tree.root());
        let csv = run.result();
        let rows = format!("0 {rows}").replace("0 ", "2026-03-15T12:00:00Z,").replace("1 ", "2026-03-15T12:01:00Z,");
        assert_eq!(csv.split_once('\n').expect("a header").1, rows, "{by}");
    }
    let tree = Tree::of("x", log(&records));
    let run = vpcflow("timeline --by action --load proportional -o csv x").dir(tree.root());
    run.gives(0, Text::Any, "vpcflow: 1 of 3 flows have no value for a key, and are in no group\n");
}

#[test]
fn the_default_bucket_is_the_smallest_that_makes_120_rows() {
    for (last, rows, second) in [
        (NOON + 119 * 60 + 59, 120, "2026-03-15T12:01:00Z"),
        (NOON + 120 * 60, 25, "2026-03-15T12:05:00Z"),
        (NOON + 120 * 300 - 1, 120, "2026-03-15T12:05:00Z"),
        (NOON + 120 * 300, 41, "2026-03-15T12:15:00Z"),
        (NOON + 120 * 900, 31, "2026-03-15T13:00:00Z"),
        (NOON + 120 * 3600, 21, "2026-03-15T18:00:00Z"),
        (NOON + 120 * 21600, 31, "2026-03-16T00:00:00Z"),
    ] {
        let csv = timeline("", &[at(NOON, NOON), at(last, last)]);
        assert_eq!((times(&csv).len(), times(&csv)[1]), (rows, second), "{last}");
        assert_eq!(bytes(&csv).iter().sum::<u64>(), 600);
    }
    // One of 121 is asked for.
    assert_eq!(times(&timeline("--bucket 1m", &[at(NOON, NOON), at(NOON + 7200, NOON)])).len(), 121);
}

#[test]
fn any_length_of_bucket() {
    let records = [at(NOON, NOON), at(NOON + 100, NOON + 100)];
    for (bucket, rows) in [("1s", 101), ("90s", 2), ("7s", 15), ("2m", 1), ("1w", 1), ("99999999999999999s", 1)] {
        assert_eq!(times(&timeline(&format!("--bucket {bucket}"), &records)).len(), rows, "{bucket}");
    }
    // Weeks begin where 1970 did: on a Thursday.
    assert_eq!(times(&timeline("--bucket 1w", &records)), ["2026-03-12T00:00:00Z"]);
    for wrong in ["0s", "5", "m", "-1m", "1.5h", "5y", ""] {
        let run = vpcflow("timeline").arg(format!("--bucket={wrong}"));
        run.gives(2, "", &["expected a number of at least 1 and a unit: 90s, 5m, 1h, 1d or 2w"]);
    }
}

#[test]
fn the_largest_series_and_the_rest() {
    let from = |source: &str, minute: u64| at(NOON + 60 * minute, NOON + 60 * minute).with("srcaddr", source);
    let records = [
        from("10.0.0.9", 0),
        from("10.0.0.9", 2),
        from("10.0.0.10", 0),
        from("10.0.0.2", 1),
        from("2001:db8::1", 1),
        from("10.0.0.10", 2),
        // No time, so that it counts nowhere, not even in what is largest.
        from("10.0.0.2", 0).with("start", "-"),
        from("10.0.0.2", 0).with("start", "-"),
    ];
    let tree = Tree::of("x", log(&records));
    let run = |options: &str| {
        let outcome = vpcflow(&format!("timeline -o csv --by src-ip {options} x")).dir(tree.root()).outcome();
        assert_eq!(outcome.stderr, "vpcflow: 2 of 8 flows have no value for a key, and are in no group\n");
        let rows = outcome.rows().into_iter();
        rows.map(|row| format!("{} {} {}", &row[0][14..16], row[1], row[2])).collect::<Vec<_>>()
    };
    assert_eq!(
        run("-n 2"),
        [
            "00 10.0.0.9 1",
            "00 10.0.0.10 1",
            "00 other 0",
            "01 10.0.0.9 0",
            "01 10.0.0.10 0",
            "01 other 2",
            "02 10.0.0.9 1",
            "02 10.0.0.10 1",
            "02 other 0"
        ]
    );
    // Of two alike the lower key.
    assert_eq!(run("-n 1")[..2], ["00 10.0.0.9 1", "00 other 1"]);
    assert_eq!(run("-n 3")[..4], ["00 10.0.0.2 0", "00 10.0.0.9 1", "00 10.0.0.10 1", "00 other 0"]);
    for all in ["-n 4", "-n 0", ""] {
        assert_eq!(run(all)[..4], ["00 10.0.0.2 0", "00 10.0.0.9 1", "00 10.0.0.10 1", "00 2001:db8::1 0"]);
    }
}

#[test]
fn one_key_and_its_column() {
    vpcflow("timeline --by src-ip,dst-ip").gives(2, "", &["expected one field; `vpcflow top --by` takes several"]);
    let csv = timeline("--by packets --bucket 1h", &[at(NOON, NOON)]);
    assert_eq!(csv.lines().next(), Some("time,packets,flows,accepts,rejects,total_packets,bytes"));
}

#[test]
fn an_absurd_time_leaves_out_the_empty_buckets() {
    let records = [at(NOON, NOON), at(u64::MAX - 5, u64::MAX), at(0, 0)];
    let tree = Tree::of("x", log(&records));
    for (options, rows, all) in [
        ("--bucket 1s", "1970-01-01T00:00:00Z 2026-03-15T12:00:00Z 18446744073709551610", "18,446,744,073,709,551,611"),
        ("", "1970-01-01T00:00:00Z 2026-03-15T00:00:00Z 18446744073709526400", "213,503,982,334,602"),
        (
            "--bucket 1m --load proportional",
            "1970-01-01T00:00:00Z 2026-03-15T12:00:00Z 18446744073709551600",
            "307,445,734,561,825,861",
        ),
    ] {
        let outcome = vpcflow(&format!("timeline -o csv {options} x")).dir(tree.root()).outcome();
        assert_eq!(times(&outcome.stdout).join(" "), rows, "{outcome}");
        assert!(outcome.stderr.contains(&format!(" of {all} rows from 1970-01-01T00:00:00Z to 1844")), "{outcome}");
        assert_eq!(outcome.status, 0);
    }
    // One more than 10 000 is too many, and 10 000 is not.
    let tree = Tree::of("x", log(&[at(NOON, NOON), at(NOON + 9_999, NOON + 9_999)]));
    let all = vpcflow("timeline -o csv --bucket 1s x").dir(tree.root()).result();
    assert_eq!(times(&all).len(), 10_000);
    let tree = Tree::of("x", log(&[at(NOON, NOON), at(NOON + 10_000, NOON + 10_000)]));
    let run = || vpcflow("timeline -o csv --bucket 1s x").dir(tree.root());
    let note = "vpcflow: 9,999 of 10,001 rows from 2026-03-15T12:00:00Z to 2026-03-15T14:46:40Z have no flows, and are \
                left out; a longer --bucket, or --since and --until, make fewer\n";
    assert_eq!(times(&run().gives(0, Text::Any, note).stdout).len(), 2);
    assert_eq!(times(&run().arg("-q").result()).len(), 2);
}

#[test]
fn only_flows_count_and_nothing_is_nothing() {
    assert_eq!(timeline("", &[nodata()]), "time,flows,accepts,rejects,packets,bytes\n");
    assert_eq!(timeline("--by src-ip", &[]), "time,src_ip,flows,accepts,rejects,packets,bytes\n");
    let tree = Tree::of("x", log(&[nodata()]));
    vpcflow("timeline x").dir(tree.root()).prints("time flows accepts rejects packets bytes\n");
}

#[test]
fn a_timeline_reads_well() {
    let flows = |minute: u64, count: usize| vec![at(NOON + 60 * minute, NOON + 60 * minute); count];
    let text = log(&[flows(0, 2), flows(1, 8), flows(3, 4)].concat());
    let table = "flows per 1m, 2026-03-15T12:00:00Z to 2026-03-15T12:04:00Z\n\
                 ▂█ ▄  peak 8\n\
                 \n\
                 time                 flows accepts rejects packets  bytes\n\
                 2026-03-15T12:00:00Z     2       2       0       6  600 B  █████▎\n\
                 2026-03-15T12:01:00Z     8       8       0      24 2.4 kB  █████████████████████\n\
                 2026-03-15T12:02:00Z     0       0       0       0    0 B\n\
                 2026-03-15T12:03:00Z     4       4       0      12 1.2 kB  ██████████▌\n";
    vpcflow("timeline").stdin(&text).env("COLUMNS", 80).prints(table);
    let narrow = vpcflow("timeline").stdin(&text).env("COLUMNS", 30).result();
    assert!(narrow.starts_with("▂█ ▄  peak 8\n\ntime                 flows\n"), "{narrow}");
    // Two hours at a minute, in less room than that.
    let text = log(&(0..120).flat_map(|minute| flows(minute, 1 + minute as usize % 7)).collect::<Vec<_>>());
    for width in [80, 200, 40, 20, 8] {
        let table = vpcflow("timeline --by action").stdin(&text).env("COLUMNS", width).result();
        let lines = table.lines().filter(|line| !line.starts_with("not shown at this width"));
        let longest = lines.map(|line| line.chars().count()).max();
        assert!(longest <= Some(width.max(27)), "{width}: {table}");
        assert_eq!(table.contains("2m a character"), width == 80, "{table}");
    }
}

#[test]
fn standard_input_and_threads_do_not_matter() {
    let records: Vec<Record> = (0..400u64)
        .map(|i| at(NOON + i * 37, NOON + i * 37 + i % 200).with("bytes", i * 1000 + 1).with("srcport", i % 9))
        .collect();
    let tree = Tree::new();
    let files: Vec<String> = records.chunks(50).map(log).collect();
    files.iter().enumerate().for_each(|(i, text)| tree.write(format!("{i}.log"), text));
    for question in [
        "timeline --by src-port -n 3 --load proportional",
        "timeline --by src-ip -o csv",
        "timeline -o ndjson --load end",
        "fields -o json",
        "fields",
        "fields --only bytes,duration,src-ip/24 -o markdown",
    ] {
        let piped = vpcflow(question).stdin(files.concat()).result();
        assert!(piped.len() > 200, "{piped}");
        let packed = vpcflow(question).stdin(gzip(files.concat())).result();
        assert_eq!(piped, packed);
        for threads in 1..=3 {
            let run = vpcflow(&format!("{question} -j {threads}")).dir(tree.root());
            assert_eq!(run.result(), piped, "{question} -j {threads}");
        }
    }
}

#[test]
fn fields_of_a_small_log() {
    let text = "srcaddr dstport protocol start action tgw-id x-new log-status\n\
                10.0.0.9 443 6 1773576000 ACCEPT - b OK\n\
                10.0.0.10 443 6 1773576060 ACCEPT - a OK\n\
                - - - 1773576120 - - - NODATA\n";
    let csv = "field,type,present,present_pct,distinct,min,max,top\n\
               src-ip,IP address,2,66.67,2,10.0.0.9,10.0.0.10,\"10.0.0.9 (1), 10.0.0.10 (1)\"\n\
               dst-port,port,2,66.67,1,443,443,443 (2)\n\
               protocol,protocol,2,66.67,1,tcp,tcp,tcp (2)\n\
               start,time,3,100.00,3,2026-03-15T12:00:00Z,2026-03-15T12:02:00Z,\
               \"2026-03-15T12:00:00Z (1), 2026-03-15T12:01:00Z (1), 2026-03-15T12:02:00Z (1)\"\n\
               action,text,2,66.67,1,ACCEPT,ACCEPT,ACCEPT (2)\n\
               log-status,text,3,100.00,2,NODATA,OK,\"OK (2), NODATA (1)\"\n\
               tgw-id,text,0,0.00,0,,,\n\
               x-new,text,2,66.67,2,a,b,\"a (1), b (1)\"\n";
    let tree = Tree::of("x", text);
    vpcflow("fields -q -o csv x").dir(tree.root()).prints(csv);
    let json = vpcflow("fields -q -o ndjson --only dst-port,tgw-id,action x").dir(tree.root()).result();
    assert_eq!(
        json,
        "{\"field\":\"dst-port\",\"type\":\"port\",\"present\":2,\"present_pct\":66.67,\"distinct\":1,\"min\":443,\
         \"max\":443,\"top\":[{\"value\":443,\"count\":2}]}\n\
         {\"field\":\"tgw-id\",\"type\":\"text\",\"present\":0,\"present_pct\":0.00,\"distinct\":0,\"min\":null,\
         \"max\":null,\"top\":[]}\n\
         {\"field\":\"action\",\"type\":\"text\",\"present\":2,\"present_pct\":66.67,\"distinct\":1,\"min\":\"ACCEPT\",\
         \"max\":\"ACCEPT\",\"top\":[{\"value\":\"ACCEPT\",\"count\":2}]}\n"
    );
    // A stream cannot be looked at before: what is not known is not foreseen, and that is said.
    let known = csv.lines().filter(|row| !row.starts_with("x-new")).map(|row| format!("{row}\n")).collect::<String>();
    vpcflow("fields -o csv").stdin(text).gives(0, &known, &["the field 'x-new' occurs", "--only x-new"]);
    vpcflow("fields -o csv --only x-new")
        .args(["--log-format", "${srcaddr} ${x-new}"])
        .stdin("10.0.0.1 a\n10.0.0.2 -\n")
        .gives(0, &["x-new,text,1,50.00,1,a,a,a (1)\n"], Text::Any);
}

#[test]
fn fields_fit_the_width() {
    let outcome = vpcflow("fields testdata/demo").env("COLUMNS", 80).outcome();
    assert!(outcome.stdout.lines().all(|line| line.chars().count() <= 80), "{outcome}");
    assert!(outcome.stdout.contains("tcp (351), udp (33), …\n"), "{outcome}");
    assert!(
        outcome.stdout.ends_with("not shown at this width: type, min, max (-o csv has all columns)\n"),
        "{outcome}"
    );
    let wide = vpcflow("fields testdata/demo").result();
    assert!(wide.contains("tcp (351), udp (33), icmp (7), esp (4), ipv6-icmp (4)\n"), "{wide}");
    for width in 1..200 {
        let table = vpcflow("fields --only src-ip,interface-id testdata/demo").env("COLUMNS", width).result();
        let lines = table.lines().filter(|line| !line.starts_with("not shown at this width"));
        assert!(lines.map(|line| line.chars().count()).max() <= Some(width.max(12)), "{width}: {table}");
    }
}

#[test]
fn fields_that_are_not_there() {
    let tree = Tree::of("x", log(&[flow()]));
    let header = "field,type,present,present_pct,distinct,min,max,top\n";
    let run = |only: &str| vpcflow(&format!("fields -o csv --only {only} x")).dir(tree.root());
    run("vpc-id").gives(0, header, "vpcflow: no input has the field 'vpc-id'; --enis FILE would make it\n");
    run("src-pi").gives(2, "", &["unknown field 'src-pi'; did you mean 'src-ip'?"]);
    run("x-of-tomorrow").gives(2, "", &["unknown field 'x-of-tomorrow', and no header of the input has it"]);
    vpcflow("fields -o csv x").dir(Tree::of("x", format!("{V2}\n")).root()).gives(
        0,
        &["version,number,0,0.00,0,,,\n"],
        "",
    );
}

fn outcome(line: &str, format: Option<&str>, files: &[LogFile]) -> Outcome {
    let tree = random::tree(files);
    let run =
        vpcflow(line).args(["-o", "csv", "--stats=json"]).dir(tree.root()).args((0..files.len()).map(random::name));
    match format {
        Some(format) => run.args(["--log-format", format]),
        None => run,
    }
    .outcome()
}

fn hold(line: &str, format: Option<&str>, files: &[LogFile], expected: &Rows, null_keys: u64) {
    let outcome = outcome(line, format, files);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(outcome.stdout.as_bytes());
    let rows: Rows = reader.records().map(|row| row.expect("CSV").iter().map(String::from).collect()).collect();
    assert_eq!(&rows, expected, "{outcome}");
    assert_eq!((outcome.status, outcome.stats()["null_keys"].as_u64()), (0, Some(null_keys)), "{outcome}");
}

fn read(format: Option<&'static str>, files: &[LogFile]) -> Log {
    let mut log = Log::default();
    for (i, file) in files.iter().enumerate() {
        log.read(&random::name(i), file.text.as_bytes(), &oracle::assumed(format));
    }
    log
}

/// PROPTEST_CASES in the environment wins.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: 96, ..config } }
}

fn question() -> impl Strategy<Value = Timeline> {
    let by = [
        None,
        Some("src-ip"),
        Some("action"),
        Some("dst-ip/16/48"),
        Some("duration"),
        Some("instance-id"),
        Some("start"),
    ];
    (
        prop::sample::select(vec![None, None, Some(60), Some(90), Some(3600), Some(1800), Some(86400), Some(7)]),
        prop::sample::select(by.map(|by| by.map(String::from)).to_vec()),
        0usize..4,
        prop::sample::select(vec!["start", "end", "proportional"]),
    )
        .prop_map(|(bucket, by, limit, load)| Timeline { bucket, by, limit, load })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn timelines_are_right((format, files) in random::log(), question in question()) {
        let (rows, without) = views::timeline(&read(format, &files), &question);
        let mut line = format!("timeline -n {} --load {}", question.limit, question.load);
        line.extend(question.bucket.map(|seconds| format!(" --bucket {seconds}s")));
        line.extend(question.by.iter().map(|by| format!(" --by {by}")));
        hold(&line, format, &files, &rows, without);
    }

    #[test]
    fn fields_are_right((format, files) in random::log()) {
        hold("fields", format, &files, &views::fields(&read(format, &files)), 0);
    }
}
