//! Forms of flow logs beside each other, windows of time over them, what they tell beyond their
//! records, and what becomes of them when they are damaged.

#[path = "support/forms/mod.rs"]
mod forms;
mod support;

use forms::records::{DEFAULT, Record, records};
use forms::{Form, json, parquet, text};
use support::tree::Tree;
use support::{Outcome, vpcflow};

/// What the plain object of S3 answers.
fn plain(records: &[Record], question: &str) -> Outcome {
    let form = Form::one("plain", text::object(records, DEFAULT));
    form.ask(question, &form.tree()).outcome()
}

/// Every form holds a part of the records, and one run reads them all.
#[test]
fn all_forms_in_one_tree() {
    // The parts of the smallest pieces are few records, so that there have to be many.
    let count = Form::all(&records(40)).len();
    let records = records(count as u64 * 40);
    let mut tree = Form::named("all forms");
    for (i, part) in records.chunks(40).enumerate() {
        tree = tree.and(&format!("{i:03}"), &Form::all(part)[i]);
    }
    assert!(count > 60, "{count} forms");
    let files = tree.tree();
    for question in [
        "top --by src-ip,dst-port,protocol -n 0 -o csv",
        "records --sort time -o csv --fields start,end,src-ip,dst-ip,src-port,bytes,action,log-status,interface-id",
        "timeline --bucket 1h -o csv -w action == REJECT or not exists bytes",
        "ports --side src -n 0 -o csv",
    ] {
        let expected = plain(&records, question);
        for threads in ["1", "2", "5"] {
            let outcome = tree.ask(question, &files).args(["-j", threads]).outcome();
            assert_eq!(
                (outcome.stdout, outcome.stderr),
                (expected.stdout.clone(), expected.stderr.clone()),
                "{question}"
            );
        }
    }
}

/// The same records in every form at once, and once: `--dedup` makes that the same.
#[test]
fn what_repeats_in_other_forms_counts_once() {
    // What has no interface cannot be told from others.
    let mut records = records(200);
    records.retain(|record| record.get("interface-id").is_some());
    let mut tree = Form::named("the same in all forms");
    let mut copies = 0;
    for (i, form) in Form::all(&records).iter().enumerate() {
        // Those that know more of a record than its line are others.
        if ![
            "all formats",
            "header lost",
            "Parquet,",
            "v5",
            "v11",
            "custom",
            "interfaces",
            "Sumo, gz",
            "Lake",
            "tree",
            "beside",
        ]
        .iter()
        .any(|more| form.name.contains(more))
        {
            tree = tree.and(&format!("{i:03}"), form);
            copies += 1;
        }
    }
    assert!(copies > 40, "{copies} forms");
    let files = tree.tree();
    for question in ["top --by src-ip,dst-port -n 0 -o csv", "records --sort time -o csv", "interfaces -o csv"] {
        let expected = plain(&records, question).stdout;
        for threads in ["1", "3"] {
            let outcome = tree.ask(question, &files).args(["--dedup", "--stats=json", "-j", threads]).outcome();
            assert!(outcome.stdout == expected, "{question}: {}", outcome.stderr);
            let stats = outcome.stats();
            assert_eq!(
                stats["duplicates"].as_u64(),
                Some(records.len() as u64 * (copies - 1)),
                "{question}: {}",
                outcome.stderr
            );
        }
    }
}

/// Records come in the order in which they stand in the file.
#[test]
fn records_keep_their_order() {
    let records = records(300);
    let question = "records -o csv --fields start,src-ip,bytes,log-status";
    let expected = plain(&records, question).stdout;
    for form in Form::all(&records) {
        let sorted = form.name.contains("order of time");
        if form.only().is_some() && !sorted {
            let outcome = form.ask(question, &form.tree()).arg("-j3").outcome();
            assert!(outcome.stdout == expected, "{}: {}", form.name, outcome.stderr);
        }
    }
}

/// Row groups that lie outside a window are not read, and nobody can tell by the answer.
#[test]
fn row_groups_outside_a_window_are_left_out() {
    let records = records(400);
    for form in parquet::sorted(&records) {
        let tree = form.tree();
        for window in [
            "--since 2026-03-16T07:00 --until 2026-03-16T12:00",
            "--until 2026-03-15T01:00",
            "--since 2026-03-17T23:00 --time-field end",
            "--last 5h",
            "--since 2030-01-01",
            "--since 2026-03-16T07:00 --until 2026-03-16T07:00:01",
            "-w start >= 2026-03-17T20:00:00Z and end < 2026-03-17T21:00:00Z",
        ] {
            let question = format!("records --sort time -o csv --fields start,end,src-ip,bytes --stats=json {window}");
            let (expected, outcome) = (plain(&records, &question), form.ask(&question, &tree).outcome());
            assert_eq!(outcome.stdout, expected.stdout, "{}", form.name);
            assert_eq!(outcome.stats()["matched"], expected.stats()["matched"], "{outcome}");
            let read = outcome.stats()["records"].as_u64().expect("a count");
            let can = !form.name.contains("text");
            assert!(if can { read <= 100 } else { read == 400 }, "{read} records read: {outcome}");
        }
    }
}

/// What Sumo Logic's function knows of interfaces are fields, to show and to ask for.
#[test]
fn what_stands_beside_a_line_is_a_field() {
    let line =
        |source: &str| format!("2 123456789012 eni-1 {source} 10.0.0.9 1 443 6 1 100 1773532800 1773532860 ACCEPT OK");
    let objects = [("10.0.0.1", true), ("10.0.0.2", false), ("10.0.0.3", true)];
    let text: Vec<String> =
        objects.iter().map(|(source, extra)| json::sumo_object(&line(source), true, *extra)).collect();
    let text = text.join("\n");
    let fields = "src-ip,security-group-ids,direction,subnet-id,vpc-id,region";
    vpcflow("records -o csv --fields").arg(fields).stdin(&text).prints(
        "src_ip,security_group_ids,direction,subnet_id,vpc_id,region\n\
         10.0.0.1,\"sg-b2b454d4,sg-00ff\",inbound,subnet-aaaaaaaa,vpc-abcdefab,eu-west-1\n\
         10.0.0.2,,,,,\n\
         10.0.0.3,\"sg-b2b454d4,sg-00ff\",inbound,subnet-aaaaaaaa,vpc-abcdefab,eu-west-1\n",
    );
    let asked = vpcflow("top --by vpc-id --agg flows --sort flows -o csv -w region==eu-west-1").stdin(&text);
    asked.prints("vpc_id,flows,share\nvpc-abcdefab,2,1.0000\n");
}

#[test]
fn columns_that_nobody_knows_are_carried() {
    let records = records(50);
    let tree = Tree::of("table", parquet::with_unknown_column(&records));
    let outcome = vpcflow("records -o csv --fields src-ip,field-of-tomorrow table").dir(tree.root()).outcome();
    let expected: Vec<Vec<String>> = records
        .iter()
        .map(|record| {
            let tomorrow = record.number("bytes").map_or(String::new(), |bytes| format!("of-{bytes}"));
            vec![record.get("srcaddr").unwrap_or_default().to_string(), tomorrow]
        })
        .collect();
    assert_eq!(outcome.rows(), expected, "{outcome}");
}

/// Holds that a damaged file is read without a panic, that its account closes, and that nothing is in it
/// that was not in the whole one.
#[track_caller]
fn survives(name: &str, what: &str, bytes: &[u8], records: u64) -> Outcome {
    let outcome = vpcflow("summary -o csv --stats=json").stdin(bytes).outcome();
    let stats = outcome.stats();
    let count = |name: &str| stats[name].as_u64().expect("a count");
    let sum: u64 = ["headers", "blank", "records", "malformed"].map(count).iter().sum();
    assert_eq!(count("lines"), sum, "{name}, {what}: {outcome}");
    let kinds: u64 = ["flows", "nodata", "skipdata", "other_status"].map(count).iter().sum();
    assert_eq!(count("records"), kinds, "{name}, {what}: {outcome}");
    assert!(count("records") <= records && matches!(outcome.status, 0 | 3), "{name}, {what}: {outcome}");
    outcome
}

/// Cut off anywhere, or with a byte changed: what was whole counts, and what is wrong is said.
#[test]
fn damaged_forms() {
    let records = records(60);
    for (f, form) in Form::all(&records).iter().enumerate() {
        let Some(bytes) = form.only() else { continue };
        for i in 1..=4 {
            // Not the same places in all forms.
            let place = (bytes.len() * i / 5 + f * 7).min(bytes.len() - 1);
            let cut = survives(&form.name, &format!("cut at {place}"), &bytes[..place], 60);
            let told = cut.status == 3 || !cut.warnings().is_empty() || cut.stats()["records"] != 60;
            assert!(told, "{}, cut at {place}: {cut}", form.name);
            let mut flipped = bytes.to_vec();
            flipped[place] ^= [0x01, 0x80, 0xff, 0x20][i - 1];
            // A line may become two.
            survives(&form.name, &format!("changed at {place}"), &flipped, 62);
        }
    }
}

/// The end of JSON is missing: the records before it count, and the file is told.
#[test]
fn json_that_is_cut_off() {
    let records = records(30);
    for text in [
        json::get_log_events(&records, DEFAULT),
        json::payload(&records, DEFAULT),
        json::filter_log_events(&records, DEFAULT),
    ] {
        let end = text.rfind("ACCEPT OK").expect("a line");
        let tree = Tree::of("cut.json", &text[..end]);
        let outcome = vpcflow("summary -o csv --stats=json cut.json").dir(tree.root()).outcome();
        let stats = outcome.stats();
        assert_eq!((outcome.status, stats["files_partial"].as_u64()), (3, Some(1)), "{outcome}");
        assert!(outcome.stderr.starts_with("vpcflow: error: cut.json: "), "{outcome}");
        let whole = text[..end].matches("\"message\":").count() as u64 - 1;
        assert_eq!(stats["records"].as_u64(), Some(whole), "{outcome}");
    }
}
