//! `convert --anonymize`: what comes out names nobody, and answers the same questions.

mod support;

use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use support::lines::{V2, V5, flow, log, many};
use support::random;
use support::tree::{Tree, set_mode};
use support::{Outcome, Text, Vpcflow, vpcflow};

const KEY: &str = "00112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f\n";
const OTHER: &str = "10112233445566778899aabbccddeeff102132435465768798a9bacbdcedfe0f\n";

/// The fields behind those of version 5.
const BEYOND_V5: &str = "ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id \
    ecs-container-id ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id \
    reject-reason resource-id encryption-status instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag \
    asg-tag-2 interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id \
    next-hop-interface-type";

/// What may not be in a result, wherever it stood.
const SECRETS: [&str; 25] = [
    "123456789012",
    "210987654321",
    "eni-0a1b2c3d4e5f60718",
    "eni-0a1b2c3d",
    "vpc-0a1b2c3d4e5f60719",
    "subnet-0a1b2c3d",
    "i-0a1b2c3d4e5f60720",
    "op-0a1b2c3d4e5f60721",
    "nat-0a1b2c3d4e5f60722",
    "tgw-0a1b2c3d4e5f60723",
    "tgw-attach-0a1b2c3d4e5f60724",
    "203.0.113.9",
    "10.20.30.40",
    "10.20.99.77",
    "2001:db8:77::1",
    "webshop",
    "checkout",
    "c5cba4eb5dad405e96db71ef8eefe6a8",
    "cd189a933e5849daa93386466019ab50",
    "2495160603",
    "71ef8eefe6a8c5cba4eb5dad405e96db",
    "prod%2Dshop",
    "front",
    "sg-0a1b2c3d",
    "acme",
];

/// A line with these values; none in all other fields.
fn line(header: &str, values: &[(&str, &str)]) -> String {
    let value = |name: &str| values.iter().find(|(of, _)| *of == name).map_or("-", |(_, value)| value);
    header.split_whitespace().map(value).collect::<Vec<_>>().join(" ") + "\n"
}

/// Records that have a value in every field of AWS's.
fn everything() -> String {
    let header = format!("{V5} {BEYOND_V5}");
    let start = "arn:aws:ecs:eu-west-1:123456789012";
    let (cluster, instance) = (
        format!("{start}:cluster/webshop"),
        format!("{start}:container-instance/webshop/c5cba4eb5dad405e96db71ef8eefe6a8"),
    );
    let task = format!("{start}:task/webshop/71ef8eefe6a8c5cba4eb5dad405e96db");
    let definition = format!("{start}:task-definition/checkout:12");
    let full = [
        ("version", "11"),
        ("account-id", "123456789012"),
        ("interface-id", "eni-0a1b2c3d4e5f60718"),
        ("srcaddr", "203.0.113.9"),
        ("dstaddr", "10.20.30.40"),
        ("srcport", "50000"),
        ("dstport", "443"),
        ("protocol", "6"),
        ("packets", "9"),
        ("bytes", "900"),
        ("start", "1700000000"),
        ("end", "1700000060"),
        ("action", "ACCEPT"),
        ("log-status", "OK"),
        ("vpc-id", "vpc-0a1b2c3d4e5f60719"),
        ("subnet-id", "subnet-0a1b2c3d"),
        ("instance-id", "i-0a1b2c3d4e5f60720"),
        ("tcp-flags", "3"),
        ("type", "IPv4"),
        ("pkt-srcaddr", "203.0.113.9"),
        ("pkt-dstaddr", "10.20.99.77"),
        ("region", "eu-west-1"),
        ("az-id", "euw1-az2"),
        ("sublocation-type", "outpost"),
        ("sublocation-id", "op-0a1b2c3d4e5f60721"),
        ("pkt-src-aws-service", "AMAZON"),
        ("pkt-dst-aws-service", "S3"),
        ("flow-direction", "ingress"),
        ("traffic-path", "8"),
        ("ecs-cluster-arn", &cluster),
        ("ecs-cluster-name", "webshop"),
        ("ecs-container-instance-arn", &instance),
        ("ecs-container-instance-id", "c5cba4eb5dad405e96db71ef8eefe6a8"),
        ("ecs-container-id", "cd189a933e5849daa93386466019ab50-2495160603"),
        ("ecs-second-container-id", "cd189a933e5849daa93386466019ab50-2495160604"),
        ("ecs-service-name", "checkout"),
        ("ecs-task-definition-arn", &definition),
        ("ecs-task-arn", &task),
        ("ecs-task-id", "71ef8eefe6a8c5cba4eb5dad405e96db"),
        ("reject-reason", "BPA"),
        ("resource-id", "nat-0a1b2c3d4e5f60722"),
        ("encryption-status", "3"),
        ("instance-tag", "prod%2Dshop"),
        ("instance-tag-2", "front"),
        ("interface-tag", "front"),
        ("interface-tag-2", "webshop"),
        ("asg-tag", "prod%2Dshop"),
        ("asg-tag-2", "acme"),
        ("interface-type", "nat_gateway"),
        ("next-hop-interface-id", "eni-0a1b2c3d"),
        ("next-hop-subnet-id", "subnet-0a1b2c3d"),
        ("next-hop-az-id", "euw1-az1"),
        ("next-hop-vpc-id", "vpc-0a1b2c3d4e5f60719"),
        ("next-hop-interface-type", "vpc_endpoint"),
    ];
    let sixes = full.map(|(name, value)| match name {
        "srcaddr" | "pkt-srcaddr" => (name, "2001:db8:77::1"),
        "start" => (name, "1700000001"),
        _ => (name, value),
    });
    let nodata: Vec<(&str, &str)> = ["account-id", "interface-id", "version", "region"]
        .iter()
        .filter_map(|wanted| full.iter().find(|(name, _)| name == wanted).copied())
        .chain([("start", "1700000002"), ("end", "1700000062"), ("log-status", "NODATA")])
        .collect();
    format!("{header}\n{}{}{}", line(&header, &full), line(&header, &sixes), line(&header, &nodata))
}

/// A tree with a key that nobody else can read.
fn tree(name: &str, text: impl AsRef<[u8]>) -> Tree {
    let tree = Tree::new().file(format!("logs/{name}"), text).file("key", KEY).file("other", OTHER);
    ["key", "other"].iter().for_each(|name| set_mode(&tree.path(name), 0o600));
    tree
}

fn convert(tree: &Tree, args: &str) -> Vpcflow {
    vpcflow(&format!("convert --anonymize key {args} logs")).dir(tree.root())
}

/// Holds that a conversion goes well and that its messages name nobody.
#[track_caller]
fn goes_well(run: Vpcflow) -> Outcome {
    let outcome = run.gives(0, "", Text::Any);
    names_nobody(outcome.stderr.as_bytes(), "standard error");
    outcome
}

#[track_caller]
fn names_nobody(bytes: &[u8], what: &str) {
    for secret in SECRETS {
        assert!(memchr::memmem::find(bytes, secret.as_bytes()).is_none(), "{secret} is in {what}");
    }
}

/// The files below a folder, and what is in them; neither names anybody.
#[track_caller]
fn files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(root).into_iter().map(|entry| entry.expect("an entry"));
    let mut files = BTreeMap::new();
    for entry in entries.filter(|entry| entry.file_type().is_file()) {
        let bytes = fs::read(entry.path()).expect("a file");
        let name = entry.path().strip_prefix(root).expect("below").to_str().expect("UTF-8").to_string();
        names_nobody(name.as_bytes(), "the name of a file");
        names_nobody(&bytes, &name);
        files.insert(name, bytes);
    }
    files
}

/// The lines of a log as values by name.
fn records(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(' ').collect();
    let record =
        |line: &str| names.iter().map(|name| name.to_string()).zip(line.split(' ').map(String::from)).collect();
    lines.map(record).collect()
}

#[test]
fn a_log_becomes_a_log() {
    let tree = tree("a.log", everything());
    let outcome = goes_well(convert(&tree, "--to raw --out out/"));
    assert_eq!(outcome.stderr.lines().count(), 1, "{outcome}");
    let made = files(&tree.path("out"));
    let text = String::from_utf8(made["part-00001.log"].clone()).expect("UTF-8");
    let (before, after) = (records(&everything()), records(&text));
    assert_eq!((text.lines().next(), after.len()), (everything().lines().next(), 3));
    let kept = "version srcport dstport protocol packets bytes start end action log-status tcp-flags type region az-id \
        sublocation-type pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path reject-reason \
        encryption-status interface-type next-hop-az-id next-hop-interface-type";
    for (name, value) in &before[0] {
        let is_kept = kept.split_whitespace().any(|kept| kept == name);
        assert_eq!(after[0][name] == *value, is_kept, "{name}: {value} became {}", after[0][name]);
    }
    // A value is the same wherever it stands.
    let flow = &after[0];
    let account = &flow["account-id"];
    assert_eq!(flow["srcaddr"], flow["pkt-srcaddr"]);
    assert_eq!(flow["subnet-id"], flow["next-hop-subnet-id"]);
    assert_eq!(flow["instance-tag"], flow["asg-tag"]);
    assert_eq!(flow["ecs-cluster-name"], flow["interface-tag-2"]);
    let cluster = &flow["ecs-cluster-name"];
    assert_eq!(flow["ecs-cluster-arn"], format!("arn:aws:ecs:eu-west-1:{account}:cluster/{cluster}"));
    let task = format!("arn:aws:ecs:eu-west-1:{account}:task/{cluster}/{}", flow["ecs-task-id"]);
    assert_eq!(flow["ecs-task-arn"], task);
    assert!(flow["ecs-task-definition-arn"].ends_with(&format!(":task-definition/{}:12", flow["ecs-service-name"])));
    // What has no value, has none.
    let present = |record: &BTreeMap<String, String>| record.values().map(|value| value == "-").collect::<Vec<_>>();
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(present(before), present(after));
    }
}

#[test]
fn every_form_has_the_same_replacements() {
    let tree = tree("a.log", everything());
    let mut first: Option<String> = None;
    for to in ["raw", "csv", "ndjson", "parquet"] {
        goes_well(convert(&tree, &format!("--to {to} --codec none --out {to}/")));
        files(&tree.path(to));
        let rows = vpcflow("records -o csv").dir(tree.root()).arg(to).result();
        assert_eq!(*first.get_or_insert_with(|| rows.clone()), rows, "{to}");
    }
    // In every run, by any number of threads.
    goes_well(convert(&tree, "--to raw -j3 --out again/"));
    assert_eq!(files(&tree.path("raw")), files(&tree.path("again")));
    for to in ["ecs", "ocsf"] {
        goes_well(convert(&tree, &format!("--to {to} --out {to}/")));
        let documents = files(&tree.path(to)).remove("part-00001.ndjson").expect("a file");
        let replaced =
            &records(&String::from_utf8(fs::read(tree.path("raw/part-00001.log")).expect("a log")).expect("UTF-8"))[0];
        for name in ["account-id", "srcaddr", "instance-id", "ecs-service-name"] {
            assert!(memchr::memmem::find(&documents, replaced[name].as_bytes()).is_some(), "{name} in {to}");
        }
    }
}

#[test]
fn another_key_makes_another_log() {
    let tree = tree("a.log", everything());
    goes_well(convert(&tree, "--to raw --out one"));
    goes_well(vpcflow("convert --anonymize other --to raw --out two logs").dir(tree.root()));
    let read = |name| records(&fs::read_to_string(tree.path(name)).expect("a log")).remove(0);
    let (one, two) = (read("one"), read("two"));
    for name in ["account-id", "interface-id", "srcaddr", "dstaddr", "vpc-id", "ecs-task-arn", "instance-tag"] {
        assert_ne!(one[name], two[name], "{name}");
    }
    // The same bytes, not as digits.
    let bytes: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&KEY[2 * i..2 * i + 2], 16).expect("digits")).collect();
    tree.write("key", bytes);
    goes_well(convert(&tree, "--to raw --out three"));
    assert_eq!(one, read("three"));
}

/// Replacements are those of every version, so that logs of different times go together; README.md shows
/// these.
#[test]
fn replacements_do_not_change() {
    let before = "2 123456789012 eni-0a1b2c3d4e5f60718 10.0.1.10 203.0.113.66 443 50123 6 12 5160 1773543600 1773543655 ACCEPT OK\n2 123456789012 eni-0a1b2c3d4e5f60718 203.0.113.66 10.0.1.11 40022 22 6 1 40 1773543601 1773543655 REJECT OK\n";
    let after = "2 948135429923 eni-58af8020fadfaa862 242.32.193.60 40.160.129.77 443 50123 6 12 5160 1773543600 1773543655 ACCEPT OK\n2 948135429923 eni-58af8020fadfaa862 40.160.129.77 242.32.193.61 40022 22 6 1 40 1773543601 1773543655 REJECT OK\n";
    let tree = tree("a.log", format!("{V2}\n{before}"));
    tree.write("key", "0".repeat(64));
    goes_well(convert(&tree, "--to raw --out out"));
    assert_eq!(fs::read_to_string(tree.path("out")).expect("a log"), format!("{V2}\n{after}"));
    let readme = fs::read_to_string(support::root().join("README.md")).expect("README.md");
    for line in before.lines().chain(after.lines()) {
        assert!(readme.contains(line), "{line}");
    }
}

/// Transit gateways, fields of others, and fields that nobody knows.
#[test]
fn other_logs() {
    let header = "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-src-eni \
        tgw-src-az-id srcaddr dstaddr bytes packets-lost-no-route security-group-ids direction x-customer";
    let values = [
        ("version", "6"),
        ("resource-type", "TransitGateway"),
        ("account-id", "123456789012"),
        ("tgw-id", "tgw-0a1b2c3d4e5f60723"),
        ("tgw-attachment-id", "tgw-attach-0a1b2c3d4e5f60724"),
        ("tgw-src-vpc-account-id", "123456789012"),
        ("tgw-src-eni", "eni-0a1b2c3d4e5f60718"),
        ("tgw-src-az-id", "euw1-az1"),
        ("srcaddr", "203.0.113.9"),
        ("dstaddr", "10.20.30.40"),
        ("bytes", "7"),
        ("packets-lost-no-route", "1"),
        ("security-group-ids", "sg-0a1b2c3d,sg-0a1b2c3d"),
        ("direction", "inbound"),
        ("x-customer", "acme"),
    ];
    let tree = tree("a.log", format!("{header}\n{}", line(header, &values)));
    let outcome = goes_well(convert(&tree, "--to raw --out out/"));
    let note = "vpcflow: fields that vpcflow does not know are replaced as a whole, and keep their names: x-customer\n";
    assert!(outcome.stderr.contains(note), "{outcome}");
    let text = String::from_utf8(files(&tree.path("out"))["part-00001.log"].clone()).expect("UTF-8");
    let record = &records(&text)[0];
    for (name, kept) in [("resource-type", true), ("tgw-src-az-id", true), ("bytes", true), ("direction", true)] {
        let value = values.iter().find(|(of, _)| *of == name).expect("a value").1;
        assert_eq!(record[name] == value, kept, "{name}");
    }
    assert_eq!(record["account-id"], record["tgw-src-vpc-account-id"]);
    assert!(record["tgw-attachment-id"].starts_with("tgw-attach-") && record["x-customer"].starts_with("anon-"));
    let groups: Vec<&str> = record["security-group-ids"].split(',').collect();
    assert!(groups.len() == 2 && groups[0] == groups[1] && groups[0].starts_with("sg-"), "{groups:?}");
}

/// Where the format is not that of the log, fields hold what they should not.
#[test]
fn a_wrong_format_gives_nothing_away() {
    let mut fields: Vec<&str> = V5.split_whitespace().collect();
    // Numbers are kept, so that what is secret here stands where there are none.
    fields.rotate_left(11);
    let full = everything();
    let line: Vec<&str> = full.lines().nth(1).expect("a line").split(' ').take(29).collect();
    let tree = tree("a.log", line.join(" "));
    let run = convert(&tree, "--to ndjson --out out/").args(["--log-format", &fields.join(",")]);
    let outcome = run.gives(0, "", Text::Any);
    assert!(outcome.stderr.contains("1 record in 1 file"), "{outcome}");
    files(&tree.path("out"));
}

#[test]
fn folders_name_nobody() {
    let folder = "logs/AWSLogs/210987654321/vpcflowlogs/eu-central-1/2023/11/14";
    let lacking = "srcaddr dstaddr bytes end\n203.0.113.9 10.20.30.40 7 1700000060\n";
    let tree = tree("a.log", everything()).file(format!("{folder}/b.log"), lacking);
    for to in ["raw", "parquet", "ndjson", "ecs"] {
        goes_well(convert(&tree, &format!("--to {to} --codec none --partition hive --out {to}")));
        let made = files(&tree.path(to));
        let regions: Vec<&str> = made.keys().filter_map(|name| name.split('/').nth(2)).collect();
        assert_eq!(made.len(), 2);
        assert!(["aws-region=eu-central-1", "aws-region=eu-west-1"].iter().all(|region| regions.contains(region)));
        let account = |name: &str| name.split(['=', '/']).nth(1).expect("an account").to_string();
        let accounts: Vec<String> = made.keys().map(|name| account(name)).collect();
        assert!(accounts.iter().all(|account| account.len() == 12) && accounts[0] != accounts[1], "{accounts:?}");
        if to == "raw" {
            // The folder has the account of its records.
            let of_everything = made.iter().find(|(name, _)| name.contains("eu-west-1")).expect("a file");
            let text = String::from_utf8(of_everything.1.clone()).expect("UTF-8");
            assert_eq!(records(&text)[0]["account-id"], account(of_everything.0));
        }
    }
}

/// Filters ask the log as it is; the result has what was asked for, and the fields that were.
#[test]
fn filters_and_fields_choose() {
    let tree = tree("a.log", everything());
    let outcome = goes_well(
        convert(&tree, "--to csv --fields src-ip/24,dst-ip/0,duration,src-ip,instance-tag --out out/")
            .args(["--src-ip", "203.0.113.0/24"]),
    );
    assert!(outcome.stderr.contains("1 record in 1 file"), "{outcome}");
    let text = String::from_utf8(files(&tree.path("out"))["part-00001.csv"].clone()).expect("UTF-8");
    let row: Vec<&str> = text.lines().nth(1).expect("a row").split(',').collect();
    let (network, address) = (row[0].trim_end_matches("0/24"), row[3]);
    assert!(address.starts_with(network) && row[0].ends_with(".0/24"), "{text}");
    assert_eq!((row[1], row[2]), ("0.0.0.0/0", "60"));
}

#[test]
fn what_is_no_key_is_told() {
    let tree = tree("a.log", log(&[flow()]));
    let how = "a key is 32 bytes, or 64 hexadecimal digits; `(umask 077; openssl rand -hex 32 > key)` makes one\n";
    let secret = "swordfish";
    for (text, found) in [
        (String::new(), "found 0 bytes"),
        (secret.to_string(), "found 9 bytes"),
        (format!("{secret:x<64}"), "found 64 characters that are not all hexadecimal digits"),
        (KEY[..32].to_string(), "found 32 hexadecimal digits, which are half a key"),
        (KEY.repeat(100), "found more than 4096 bytes"),
    ] {
        tree.write("key", &text);
        let expected = format!("--anonymize: key is no key: {found}; {how}");
        let outcome = convert(&tree, "--to raw --out out").gives(2, "", &[&expected[..]]);
        assert!(!outcome.stderr.contains(secret) && !outcome.stderr.contains(&KEY[..16]), "{outcome}");
    }
    let run = vpcflow("convert --anonymize nowhere --to raw --out out logs").dir(tree.root());
    run.gives(2, "", &["--anonymize: cannot read nowhere: ", how]);
    vpcflow("convert --anonymize logs --to raw --out out logs").dir(tree.root()).gives(
        2,
        "",
        &["cannot read logs", how],
    );
    assert!(!tree.path("out").exists());
}

#[test]
fn the_key_is_guarded() {
    let tree = tree("a.log", log(&[flow()]));
    // It may lie among the logs.
    fs::rename(tree.path("key"), tree.path("logs/key")).expect("renamed");
    let run = |out: &str| vpcflow(&format!("convert --anonymize logs/key --to raw --out {out} logs")).dir(tree.root());
    let outcome = goes_well(run("out").arg("--stats=json"));
    assert_eq!((outcome.stats()["files"].as_u64(), outcome.stats()["files_skipped"].as_u64()), (Some(1), Some(1)));
    // It is not written over.
    run("logs/key").gives(2, "", &["--out: logs/key is the file of --anonymize", "would replace the key"]);
    assert_eq!(fs::read_to_string(tree.path("logs/key")).expect("a key"), KEY);
    // Others should not read it.
    for (mode, told) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o611, false)] {
        set_mode(&tree.path("logs/key"), mode);
        let note = format!("vpcflow: logs/key: other users can read this key (mode {mode:04o})");
        assert_eq!(goes_well(run("out")).stderr.contains(&note), told, "{mode:o}");
    }
}

/// How often each group was met, whatever it is called.
fn groups(tree: &Tree, path: &str, by: &str) -> Vec<Vec<String>> {
    let run = vpcflow(&format!("top --by {by} --agg flows,packets,bytes -n 0 -o csv {path}")).dir(tree.root());
    let keys = by.split(',').count();
    let mut rows: Vec<Vec<String>> = run.outcome().rows().into_iter().map(|row| row[keys..].to_vec()).collect();
    rows.sort();
    rows
}

#[test]
fn networks_stay_together() {
    let mut text = many(2000);
    for i in 0..500u32 {
        let six = format!("2001:db8:{:x}:{:x}::{:x}", i % 7, i % 50, i);
        text.push_str(&flow().with("srcaddr", six).with("bytes", i).line());
    }
    let tree = tree("a.log", text);
    goes_well(convert(&tree, "--to raw --out out"));
    for by in ["src-ip", "src-ip/30/64", "src-ip/24/48", "src-ip/20/33", "src-ip/8/16", "dst-ip,src-ip/27/120"] {
        assert_eq!(groups(&tree, "logs", by), groups(&tree, "out", by), "{by}");
    }
}

/// The text with no value for addresses that cannot be read: a record without a log-status and with
/// such a source is a flow; made anew, it is one without data.
fn without_bad_addresses(text: &str) -> String {
    let part = |part: &str| {
        let word = part.trim_end();
        let bad = ["256.1.1.1", "010.0.0.1", "1.2.3", "fe80::1%eth0", "10.0.0.1/32"].contains(&word);
        if bad { part.replace(word, "-") } else { part.to_string() }
    };
    text.split_inclusive([' ', '\n']).map(part).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the log, the same questions have the same answers, but for names.
    #[test]
    fn whatever_the_log((format, files) in random::log()) {
        let tree = Tree::new().file("key", KEY);
        for (i, file) in files.into_iter().enumerate() {
            let file = random::LogFile { text: without_bad_addresses(&file.text), ..file };
            tree.write(format!("logs/{}", random::name(i)), file.bytes());
        }
        let run = |args: &str| {
            let run = vpcflow(&format!("{args} logs")).dir(tree.root());
            let outcome = format.iter().fold(run, |run, format| run.args(["--log-format", *format])).outcome();
            assert_eq!(outcome.stdout, "", "{outcome}");
        };
        // CSV and Parquet have the same columns for all records, and Parquet cannot hold all numbers.
        for (to, plain) in [("raw", "plain-raw"), ("csv", "plain-csv"), ("parquet", "plain-parquet")] {
            run(&format!("convert --to {to} --out {plain}"));
            run(&format!("convert --to {to} --anonymize key --out {to}"));
            let summary = |path: &str| vpcflow(&format!("summary -o csv {path}")).dir(tree.root()).outcome().rows();
            prop_assert_eq!(summary(plain), summary(to), "{}", to);
            for by in ["src-ip", "dst-ip/16/48", "interface-id,account-id,action", "instance-id,dst-port", "log-status"] {
                prop_assert_eq!(groups(&tree, plain, by), groups(&tree, to, by), "{} by {}", to, by);
            }
        }
    }
}

/// What was converted at another time goes with it.
#[test]
fn runs_agree() {
    let tree = tree("a.log", many(50)).file("later/b.log", many(80));
    let run = |out: &str, from: &str| {
        goes_well(vpcflow(&format!("convert --anonymize key --to raw --out {out} {from}")).dir(tree.root()));
    };
    run("one.log", "logs");
    run("two.log", "later");
    run("both.log", "logs later");
    let top = |paths: &str| vpcflow(&format!("top --by src-ip -n 0 -o csv {paths}")).dir(tree.root()).result();
    assert_eq!(top("one.log two.log"), top("both.log"));
    assert_eq!(top("both.log").lines().count(), 81);
}
