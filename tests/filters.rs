//! Filters: random conditions against an obvious evaluation, errors before anything is read, files of
//! values, and files that are not opened.

mod support;

use proptest::prelude::*;
use support::answers;
use support::conditions;
use support::lines::{flow, log, nodata};
use support::oracle::{self, Log, Record};
use support::random;
use support::tree::Tree;
use support::vpcflow;

const CASES: u32 = 128;

/// PROPTEST_CASES in the environment wins.
fn config() -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { config } else { ProptestConfig { cases: CASES, ..config } }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn records_that_match_count(
        (format, files) in random::log(), condition in conditions::condition(), words in any::<bool>(), threads in 1usize..4,
    ) {
        let mut matching = Log::default();
        for (i, file) in files.iter().enumerate() {
            matching.read(&random::name(i), file.text.as_bytes(), &oracle::assumed(format));
        }
        matching.records.retain(|record: &Record| condition.holds(record));
        let keys = ["action".to_string(), "dst-port".into()];
        let agg = ["flows", "bytes", "distinct(src-ip)", "last_seen"].map(String::from);
        let (expected, null_keys) = answers::top(&matching, &keys, &agg, "flows", false);
        let mut run = vpcflow("top --by action,dst-port --agg flows,bytes,distinct(src-ip),last_seen --sort flows -n 0 -o csv");
        run = run.args(["--stats=json", "-w"]).arg(condition.text(words)).args(["-j".to_string(), threads.to_string()]);
        if let Some(format) = format {
            run = run.args(["--log-format", format]);
        }
        let outcome = run.args((0..files.len()).map(random::name)).dir(random::tree(&files).root()).outcome();
        prop_assert_eq!(outcome.status, 0, "{}", &outcome);
        prop_assert_eq!(outcome.rows(), &expected[1..], "{}", &outcome);
        prop_assert_eq!(outcome.stats()["matched"].as_u64(), Some(matching.records.len() as u64), "{}", &outcome);
        prop_assert_eq!(outcome.stats()["null_keys"].as_u64(), Some(null_keys), "{}", &outcome);
    }
}

#[test]
fn errors_come_before_anything_is_read() {
    let tree = Tree::of("a.log", "not a flow log\n");
    let run = |args: &[&str]| vpcflow("top").args(args).dir(tree.root());
    run(&["-w", "dst-prot == 22"]).gives(
        2,
        "",
        "vpcflow: --where: unknown field 'dst-prot'; did you mean 'dst-port'?\n  dst-prot == 22\n  ^^^^^^^^\n",
    );
    run(&["--dst-port", "22,70000"]).gives(
        2,
        "",
        "vpcflow: --dst-port: expected a port (0 to 65535)\n  22,70000\n     ^^^^^\n",
    );
    run(&["--since", "tomorrow"]).gives(2, "", &["--since: expected a time such as 2026-03-15T10:00", "^^^^^^^^"]);
    run(&["--src-ip", "@gone"]).gives(2, "", &["--src-ip: gone: No such file or directory\n  @gone\n   ^^^^"]);
    tree.write("hosts", "10.0.0.1 # one\nten\n");
    run(&["--src-ip", "@hosts"]).gives(2, "", &["hosts:2: expected an IP address or a network", "found 'ten'"]);
    run(&["--last", "5"]).gives(2, "", &["expected a length of time such as 90m"]);
    run(&["--last", "5h", "--since", "1d"]).gives(2, "", &["cannot be used with"]);
}

#[test]
fn values_come_from_files_too() {
    let records: Vec<_> = (0..50).map(|i| flow().with("srcaddr", format!("10.0.{i}.7")).with("dstport", i)).collect();
    let hosts: String =
        (0..100_000u32).map(|i| format!("172.{}.{}.{}\n", 16 + (i >> 16), i >> 8 & 255, i & 255)).collect();
    let tree = Tree::of("logs/a.log", log(&records))
        .file("hosts", format!("# ours\n{hosts}10.0.3.0/24\n\n10.0.9.7 # web\n10.0.20.0..10.0.21.255\r\n"))
        .file("ports", "3..9\n20 # ftp-data\n");
    let top = |args: &str| {
        vpcflow(&format!("top logs -n 0 -o csv --agg flows --sort flows {args}")).dir(tree.root()).outcome()
    };
    let expected = [["10.0.3.7"], ["10.0.9.7"], ["10.0.20.7"], ["10.0.21.7"]];
    let sources = |args| top(args).rows().into_iter().map(|row| [row[0].clone()]).collect::<Vec<_>>();
    assert_eq!(sources("--src-ip @hosts"), expected);
    assert_eq!(sources("--src-ip @hosts --dst-port @ports"), &expected[..3]);
    assert_eq!(sources("--ip @hosts,10.0.0.2").len(), 50);
}

#[test]
fn records_without_the_value_never_match() {
    let tree = Tree::of("a.log", log(&[flow(), nodata(), flow().with("action", "-").with("dstport", "-")]));
    let matched = |args: &[&str]| {
        let outcome = vpcflow("summary --stats=json -o csv").args(args).dir(tree.root()).outcome();
        outcome.stats()["matched"].as_u64().unwrap_or_else(|| panic!("{outcome}"))
    };
    for (expression, expected) in [
        ("action == ACCEPT", 1),
        ("action != REJECT", 1),
        ("not action == REJECT", 3),
        ("exists action", 1),
        ("not exists action", 2),
        ("dst-port != 22", 1),
        ("port != 22", 1),
        ("port == 50000", 2),
        ("log-status == NODATA", 1),
        ("src-ip in ::/0", 0),
    ] {
        assert_eq!(matched(&["-w", expression]), expected, "{expression}");
    }
    assert_eq!(matched(&["-w", "action == ACCEPT", "-w", "dst-port == 22"]), 0);
    assert_eq!(matched(&["--action", "ACCEPT,REJECT", "--dst-port", "443", "--dst-port", "22"]), 1);
}

const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];

/// Two accounts and two regions, a file every five minutes of two days: each with one flow that starts at
/// the time of the file.
fn two_days() -> Tree {
    let tree = Tree::new();
    for (account, region) in ACCOUNTS.iter().flat_map(|account| [(account, "eu-west-1"), (account, "us-gov-west-1")]) {
        for slot in 0..576u64 {
            let time = 1_773_532_800 + 300 * slot;
            let (day, minute) = (15 + slot / 288, slot % 288 * 5);
            let record = flow().with("account-id", account).with("start", time).with("end", time + 60);
            let stamp = format!("202603{day}T{:02}{:02}Z", minute / 60, minute % 60);
            let name = format!("{account}_vpcflowlogs_{region}_fl-0a1b_{stamp}_0123abcd.log");
            tree.write(format!("AWSLogs/{account}/vpcflowlogs/{region}/2026/03/{day}/{name}"), log(&[record]));
        }
    }
    tree
}

#[test]
fn files_that_cannot_match_are_not_opened() {
    let tree = two_days();
    let all = 4 * 576;
    for (args, files, matched) in [
        ("", all, all),
        ("--account 111111111111", all / 2, all / 2),
        ("--region us-gov-*", all / 2, all / 2),
        ("--account 222222222222 --region eu-west-1", all / 4, all / 4),
        // One hour: 12 files, one before, and those of the 76 minutes after: how late records may come.
        ("--region eu-west-1 --account 111111111111 --since 2026-03-15T10:00 --until 2026-03-15T11:00", 29, 12),
        (
            "--region eu-west-1 --account 111111111111 --since 2026-03-15T10:00 --until 2026-03-15T11:00 --lateness 0s",
            17,
            12,
        ),
        ("--since 2026-03-15T10:00 --until 2026-03-15T11:00 --lateness all", all, 48),
        ("--until 2026-03-15T01:00 --time-field end --lateness 10m", 4 * 18, 4 * 12),
        ("--since 2026-03-17", 4, 0),
        ("--since 2026-03-18", 0, 0),
        (
            "--region eu-west-1 --account 111111111111 --since 2026-03-15T10:00 --until 2026-03-15T11:00 --no-prune",
            all,
            12,
        ),
        // No path is of that account: its records may be in files of another.
        ("--account 333333333333", all, 0),
    ] {
        let outcome = vpcflow("summary -q --stats=json").args(args.split_whitespace()).dir(tree.root()).outcome();
        let stats = outcome.stats();
        let count = |name: &str| stats[name].as_u64().unwrap_or_else(|| panic!("{name} in\n{outcome}"));
        assert_eq!((count("files"), count("files_pruned")), (files, all - files), "{outcome}");
        assert_eq!(count("matched"), matched, "{outcome}");
    }
}

#[test]
fn every_command_takes_every_filter() {
    let filters = "--action REJECT --dst-port 22,3389 --protocol tcp --since 2026-03-15T02:46 --until 2026-03-15T03:08";
    for command in ["top", "rejects", "ports", "interfaces", "summary", "records", "search", "fields", "timeline"] {
        let run =
            vpcflow(command).args(filters.split(' ')).args(["-w", "src-ip not in 10.0.0.0/8", "--ip", "198.51.100.77"]);
        let outcome = run.args(["--stats=json", "testdata/demo"]).outcome();
        assert_eq!((outcome.status, outcome.stats()["matched"].as_u64()), (0, Some(23)), "{outcome}");
        let outcome = vpcflow(command).args(["--account", "210987654321", "--stats=json", "testdata/demo"]).outcome();
        assert_eq!(
            ["files", "files_pruned"].map(|name| outcome.stats()[name].as_u64()),
            [Some(3), Some(11)],
            "{outcome}"
        );
    }
}

#[test]
fn the_last_of_the_data() {
    let tree = two_days();
    // The newest record ends at 2026-03-16T23:56.
    for (args, files, matched) in [
        ("--last 1h", 4 * 14, 4 * 12),
        ("--last 1h --time-field end", 4 * 14, 4 * 13),
        ("--last 1h --account 111111111111 --region eu-west-1", 14, 12),
        ("--last 10d", 4 * 576, 4 * 576),
    ] {
        let outcome = vpcflow("summary -q --stats=json").args(args.split(' ')).dir(tree.root()).outcome();
        let count = |name: &str| outcome.stats()[name].as_u64().unwrap_or_else(|| panic!("{name} in\n{outcome}"));
        assert_eq!((count("files"), count("matched")), (files, matched), "{outcome}");
    }
    vpcflow("top --last 1h -").stdin(log(&[flow()])).gives(
        2,
        "",
        &["standard input cannot be read twice", "use --since"],
    );
    vpcflow("top --last 1h")
        .dir(Tree::of("a.log", log(&[])).root())
        .prints("src-ip flows rejects packets bytes share\n");
}

#[test]
fn that_nothing_matches_is_said() {
    let tree = Tree::of("a.log", log(&[flow(), nodata()]));
    let none = "vpcflow: of 2 records, none matches the filters\n";
    vpcflow("top --dst-port 1 -o csv").dir(tree.root()).gives(0, "src_ip,flows,rejects,packets,bytes,share\n", none);
    vpcflow("records --dst-port 1 -o ndjson").dir(tree.root()).gives(0, "", none);
    vpcflow("records --dst-port 1 -o ndjson -q").dir(tree.root()).prints("");
}

#[test]
fn fields_that_nobody_knows_are_shown_where_they_stand() {
    let tree = Tree::of("a.log", log(&[flow()]));
    let run = |args: &[&str]| vpcflow("top").args(args).dir(tree.root());
    run(&["-w", "exists vpc and exists foo"]).gives(
        2,
        "",
        "vpcflow: --where: unknown field 'foo', and no header of the input has it; `vpcflow top --help` lists the fields\n  \
         exists vpc and exists foo\n                        ^^^\n",
    );
    run(&["-w", "rejects == 3"]).gives(
        2,
        "",
        &["'rejects' is no field but a measure: conditions on measures go to --having"],
    );
    run(&["-w", "flows > 3"]).gives(
        2,
        "",
        &["unknown field 'flows'; it is a measure: conditions on measures go to --having"],
    );
    run(&["--action", "deny"]).gives(2, "", &["--action: expected ACCEPT or REJECT"]);
}

#[test]
fn a_field_of_one_file_in_many_is_found() {
    let tree = Tree::new();
    for i in 0..200 {
        tree.write(format!("{i:03}.log"), "srcaddr bytes log-status\n10.0.0.1 5 OK\n");
    }
    tree.write("101.log", "srcaddr dstaddr bytes packets log-status weird\n10.0.0.2 - 7 1 OK boo\n");
    let note = &["101.log: field 'weird' is not known; its values are carried as text"];
    vpcflow("top -w weird==boo --agg bytes -o csv").dir(tree.root()).gives(
        0,
        "src_ip,bytes,share\n10.0.0.2,7,1.0000\n",
        note,
    );
}

#[test]
fn the_result_is_not_read() {
    let tree = Tree::of("a.log", log(&[flow(), flow()]));
    let out = std::fs::File::create(tree.path("out.log")).expect("a file");
    let note = "vpcflow: ./out.log: the result goes there, so that it is not read\n";
    vpcflow("records -o raw").dir(tree.root()).stdout(out).gives(0, "", note);
    let written = std::fs::read_to_string(tree.path("out.log")).expect("a file");
    assert_eq!(written, log(&[flow(), flow()]));
}

/// In a shared network a file may hold records of another account than that of its path.
#[test]
fn accounts_in_shared_networks() {
    let of = |account: &str, eni: &str| flow().with("account-id", account).with("interface-id", eni);
    let path = |account: &str| format!("AWSLogs/{account}/vpcflowlogs/eu-west-1/2026/03/15/a.log");
    let [owner, guest] = ACCOUNTS;
    let tree = Tree::of(&path(owner), log(&[of(owner, "eni-a"), of(guest, "eni-shared")]));
    let found = |args: &str| {
        let run = vpcflow("records --fields interface-id -o csv").args(args.split(' ')).dir(tree.root());
        run.outcome().stdout.lines().skip(1).map(String::from).collect::<Vec<_>>()
    };
    assert_eq!(found(&format!("--account {guest}")), ["eni-shared"], "no path is of the guest");
    tree.write(path(guest), log(&[of(guest, "eni-b")]));
    assert_eq!(found(&format!("--account {guest}")), ["eni-b"], "its own files are those that are read");
    assert_eq!(found(&format!("--account {guest} --no-prune")), ["eni-shared", "eni-b"]);
}
