//! The same records in every form in which flow logs are delivered give the same answers, byte for
//! byte, whatever the number of threads, and from a file as from a pipe.

#[path = "support/forms/mod.rs"]
mod forms;
mod support;

use forms::records::{DEFAULT, FORMATS, Format, Record, TRANSIT, records};
use forms::{Form, cloudwatch, json, ocsf, parquet, text};
use std::sync::OnceLock;
use support::{Outcome, Vpcflow};

/// About fields that all formats have.
const QUESTIONS: [&str; 5] = [
    "top --by src-ip,dst-port -n 0 -o csv",
    "rejects -n 0 -o json",
    "timeline --bucket 1h -o csv -w not dst-port in {22, 443} and src-ip in {10.0.0.0/8, 2001:db8::/32}",
    SUMMARY,
    "records --fields start,end,src-ip,dst-ip,src-port,dst-port,protocol,packets,bytes,action,log-status,interface-id,\
     account-id --sort time -o ndjson",
];

const SUMMARY: &str = "summary -o csv";

/// About what a transit gateway logs.
const TRANSIT_QUESTIONS: [&str; 5] = [
    "top --by tgw-id,src-ip --agg flows,packets,bytes,max(packets-lost-no-route) -n 0 -o csv",
    "top --by tgw-attachment-id,protocol --agg flows,bytes -n 0 -o json -w dst-port == 443 or exists tgw-src-vpc-id",
    "timeline --bucket 1h -o csv",
    SUMMARY,
    "records --fields start,end,resource-type,tgw-id,src-ip,dst-ip,src-port,dst-port,bytes,packets-lost-no-route,\
     log-status --sort time -o ndjson",
];

/// The columns of a summary that do not depend on the form.
const TOTALS: [&str; 18] = [
    "records",
    "flows",
    "nodata",
    "skipdata",
    "malformed",
    "accepts",
    "rejects",
    "reject_pct",
    "packets",
    "bytes",
    "first_seen",
    "last_seen",
    "src_ips",
    "dst_ips",
    "dst_ports",
    "interfaces",
    "accounts",
    "protocols",
];

fn all_records() -> &'static [Record] {
    static RECORDS: OnceLock<Vec<Record>> = OnceLock::new();
    RECORDS.get_or_init(|| records(400))
}

/// What a run has answered, with what it noted; what it said if it has not.
fn answer(run: Vpcflow, question: &str) -> Result<String, String> {
    let outcome = run.outcome();
    if outcome.status != 0 {
        let said = outcome.stderr.lines().take(3).collect::<Vec<_>>().join("\n    ");
        return Err(format!("status {}: {said}", outcome.status));
    }
    let result = if question == SUMMARY { totals(&outcome) } else { outcome.stdout };
    Ok(result + &outcome.stderr)
}

/// The part of a summary that does not depend on the form.
fn totals(outcome: &Outcome) -> String {
    let row = outcome.rows().remove(0);
    let cells = outcome.stdout.lines().next().unwrap_or_default().split(',').zip(row);
    let cells: Vec<String> =
        cells.filter(|(name, _)| TOTALS.contains(name)).map(|(name, cell)| format!("{name} {cell}\n")).collect();
    assert_eq!(cells.len(), TOTALS.len(), "{outcome}");
    cells.concat()
}

/// What the plain object of S3 answers.
fn reference(records: &[Record], format: Format, questions: &[&str; 5]) -> [String; 5] {
    let form = Form::one("the plain object of S3", text::object(records, format));
    let tree = form.tree();
    questions.map(|question| answer(form.ask(question, &tree), question).expect("an answer"))
}

/// The runs of a question that have to come to the same answer.
fn runs(form: &Form, tree: &support::tree::Tree, question: &str, place: usize) -> Vec<(&'static str, Vpcflow)> {
    let mut runs = vec![("-j 1", form.ask(question, tree).args(["-j", "1"]))];
    // Not all of them for every question: the process is what costs.
    match place % 3 {
        0 => runs.push(("-j 3", form.ask(question, tree).args(["-j", "3"]))),
        1 => runs.extend(form.ask_stdin(question, tree).map(|run| ("standard input", run))),
        _ => {}
    }
    runs
}

/// Holds that every form answers as the plain object of S3 does. All forms that do not are told.
#[track_caller]
fn hold(records: &[Record], format: Format, questions: &[&str; 5], forms: Vec<Form>) {
    assert!(!forms.is_empty());
    let expected = reference(records, format, questions);
    let mut wrong = Vec::new();
    for form in &forms {
        let tree = form.tree();
        let failed = questions.iter().zip(&expected).enumerate().find_map(|(i, (question, expected))| {
            let wrong = |(how, run): (&str, Vpcflow)| match answer(run, question) {
                Ok(answer) if answer == *expected => None,
                Ok(answer) => Some(format!("{question} ({how})\n{}", difference(expected, &answer))),
                Err(said) => Some(format!("{question} ({how})\n    {said}")),
            };
            runs(form, &tree, question, i).into_iter().find_map(wrong)
        });
        wrong.extend(failed.map(|failed| format!("- {}: {failed}\n", form.name)));
    }
    let (count, of) = (wrong.len(), forms.len());
    assert!(wrong.is_empty(), "{count} of {of} forms answer differently:\n{}", wrong.concat());
}

/// The first lines that differ.
fn difference(expected: &str, found: &str) -> String {
    let [expected, found] = [expected, found].map(|text| text.lines().collect::<Vec<_>>());
    let at = expected.iter().zip(&found).position(|(a, b)| a != b).unwrap_or(expected.len().min(found.len()));
    let line = |lines: &[&str]| lines.get(at).map_or("nothing", |line| line).to_string();
    format!("    line {}: {}\n    instead of {}", at + 1, line(&found), line(&expected))
}

/// The same forms for every format.
#[track_caller]
fn hold_formats(forms: fn(&[Record], Format) -> Vec<Form>) {
    let forms = FORMATS.iter().flat_map(|format| forms(all_records(), *format)).collect();
    hold(all_records(), DEFAULT, &QUESTIONS, forms);
}

#[track_caller]
fn hold_all(forms: fn(&[Record]) -> Vec<Form>) {
    hold(all_records(), DEFAULT, &QUESTIONS, forms(all_records()));
}

/// What is asked has an answer at all, and most of the records are in it.
#[test]
fn the_questions_are_about_something() {
    let answers = reference(all_records(), DEFAULT, &QUESTIONS);
    let lines = answers.each_ref().map(|answer| answer.lines().count());
    assert!(lines[0] > 80 && lines[1] > 5 && lines[2] > 60 && lines[4] == 400, "{lines:?}");
    for (name, least) in [("nodata", 20), ("skipdata", 8), ("rejects", 50), ("src_ips", 10), ("protocols", 4)] {
        let line = answers[3].lines().find(|line| line.starts_with(name)).expect("a total");
        let count: u64 = line.split(' ').next_back().and_then(|count| count.parse().ok()).expect("a count");
        assert!(count >= least, "{line}");
    }
    for text in [
        "\"src_port\":null",
        "\"bytes\":null",
        "\"dst_ip\":\"2001:db8::1\"",
        "\"protocol\":\"icmp\"",
        "\"interface_id\":null",
    ] {
        assert!(answers[4].contains(text), "{text}");
    }
}

#[test]
fn objects_with_headers() {
    hold_formats(text::with_header);
    hold_all(text::trees);
}

#[test]
fn lines_without_headers() {
    hold_formats(text::headerless);
}

#[test]
fn formats_told_by_flow_logs() {
    hold_all(text::described);
}

#[test]
fn concatenated_objects() {
    hold_all(text::concatenated);
}

#[test]
fn export_tasks() {
    hold_formats(cloudwatch::exports);
}

#[test]
fn tails() {
    hold_formats(cloudwatch::tails);
}

#[test]
fn csv_of_the_console() {
    hold_formats(cloudwatch::console);
}

#[test]
fn log_events() {
    hold_formats(json::events);
}

#[test]
fn insights() {
    hold_all(json::insights);
}

#[test]
fn subscriptions() {
    hold_formats(json::subscriptions);
}

#[test]
fn subscriptions_told_by_log_group() {
    hold_all(json::by_log_group);
}

#[test]
fn firehose_and_openobserve() {
    hold_formats(json::firehose);
}

#[test]
fn sumo() {
    hold_all(json::sumo);
}

#[test]
fn parquet_files() {
    hold_all(parquet::files);
}

#[test]
fn parquet_with_account_numbers() {
    let numeric = |record: &&Record| record.get("account-id") != Some("unknown");
    let records: Vec<Record> = all_records().iter().filter(numeric).cloned().collect();
    hold(&records, DEFAULT, &QUESTIONS, parquet::account_numbers(&records));
}

#[test]
fn parquet_trees() {
    hold_all(parquet::trees);
}

#[test]
fn security_lake() {
    hold_all(ocsf::security_lake);
}

#[test]
fn transit_gateways() {
    let records = all_records();
    let mut forms = [text::with_header(records, TRANSIT), text::headerless(records, TRANSIT)].concat();
    forms.extend(cloudwatch::exports(records, TRANSIT));
    forms.extend(json::events(records, TRANSIT));
    forms.push(Form::one("transit gateway Parquet", parquet::object(records, TRANSIT)));
    // The order of the fields is told by the lines.
    forms.push(Form::one("transit gateway, nothing said", text::lines(records, TRANSIT)));
    forms.push(Form::one("transit gateway Firehose, nothing said", wrapped(records)));
    hold(records, TRANSIT, &TRANSIT_QUESTIONS, forms);
}

fn wrapped(records: &[Record]) -> String {
    records.iter().map(|record| json::wrapped(record, TRANSIT) + "\n").collect()
}
