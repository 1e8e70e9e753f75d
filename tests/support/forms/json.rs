//! JSON around lines: CloudWatch Logs, its subscriptions, Firehose, and collectors. Keys stand in
//! the order in which the services write them, so the text is put together here.

use super::Form;
use super::cloudwatch::time;
use super::records::{DEFAULT, FORMATS, Format, Record};
use super::text::{flow_logs, log_group};
use crate::support::tree::gzip;
use base64::prelude::{BASE64_STANDARD, Engine};

/// A text as JSON.
fn quote(text: &str) -> String {
    serde_json::to_string(text).expect("JSON")
}

/// An object of keys and JSON values.
fn object(members: &[(&str, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(key, value)| format!("{}:{value}", quote(key))).collect();
    format!("{{{}}}", members.join(","))
}

fn array(values: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", values.into_iter().collect::<Vec<_>>().join(","))
}

/// As the command line of AWS prints it; the keys are sorted.
fn pretty(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
    serde_json::to_string_pretty(&value).expect("JSON")
}

fn milliseconds(record: &Record) -> String {
    format!("{}000", record.start())
}

/// What `get-log-events` prints.
pub fn get_log_events(records: &[Record], format: Format) -> String {
    let events = records.iter().map(|record| {
        object(&[
            ("timestamp", milliseconds(record)),
            ("message", quote(&record.line(format))),
            ("ingestionTime", milliseconds(record)),
        ])
    });
    object(&[("events", array(events)), ("nextForwardToken", quote("f/31")), ("nextBackwardToken", quote("b/31"))])
}

/// What `filter-log-events` prints.
pub fn filter_log_events(records: &[Record], format: Format) -> String {
    let events = records.iter().enumerate().map(|(i, record)| {
        object(&[
            ("logStreamName", quote(&record.stream())),
            ("timestamp", milliseconds(record)),
            ("message", quote(&record.line(format))),
            ("ingestionTime", milliseconds(record)),
            ("eventId", quote(&i.to_string())),
        ])
    });
    let searched = object(&[("logStreamName", quote("eni-1-all")), ("searchedCompletely", "true".into())]);
    object(&[("searchedLogStreams", array([searched])), ("nextToken", quote("Bxkq6kVG")), ("events", array(events))])
}

/// What the commands that print log events print.
pub fn events(records: &[Record], format: Format) -> Vec<Form> {
    let name = |what: &str| format!("{} {what}", format.name);
    let form = |what, text: String| Form::one(name(what), text).headerless(format);
    let [got, filtered] = [get_log_events(records, format), filter_log_events(records, format)];
    let pages = |between: &str, page: fn(&str) -> String| {
        let pages = records.chunks(records.len() / 3).map(|part| page(&filter_log_events(part, format)));
        pages.collect::<Vec<_>>().join(between)
    };
    let escaped = filtered.replace(" eni-", "\\u0020\\u0065ni-").replace("ACCEPT OK\"", "ACCEPT\\u0020OK\\n\"");
    vec![
        form("get-log-events", got.clone()),
        form("get-log-events, pretty", pretty(&got)),
        form("filter-log-events", filtered.clone()),
        form("filter-log-events, pretty", pretty(&filtered)),
        form("filter-log-events, pages", pages("\n", str::to_string)),
        form("filter-log-events, pages without newline", pages("", str::to_string)),
        form("filter-log-events, pretty pages, CRLF", pages("\n", pretty).replace('\n', "\r\n")),
        form("filter-log-events, escapes and a newline in the message", escaped),
        form("filter-log-events, byte order mark", format!("\u{feff}{filtered}")),
        Form::one(name("filter-log-events, gz"), gzip(&filtered)).headerless(format),
    ]
}

/// The names that Insights gives to the fields of the default format.
const INSIGHTS: [(&str, &str); 14] = [
    ("version", "version"),
    ("accountId", "account-id"),
    ("interfaceId", "interface-id"),
    ("srcAddr", "srcaddr"),
    ("dstAddr", "dstaddr"),
    ("srcPort", "srcport"),
    ("dstPort", "dstport"),
    ("protocol", "protocol"),
    ("packets", "packets"),
    ("bytes", "bytes"),
    ("start", "start"),
    ("end", "end"),
    ("action", "action"),
    ("logStatus", "log-status"),
];

/// What `get-query-results` prints for rows of fields and values.
fn query_results(rows: impl Iterator<Item = Vec<(&'static str, String)>>) -> String {
    let cell = |(field, value): (&str, String)| object(&[("field", quote(field)), ("value", quote(&value))]);
    let rows = rows.map(|row| array(row.into_iter().map(cell)));
    let statistics = object(&[("recordsMatched", "5.0".into()), ("bytesScanned", "1024.0".into())]);
    object(&[("results", array(rows)), ("statistics", statistics), ("status", quote("Complete"))])
}

/// A row with the whole message.
fn message_row(record: &Record, format: Format) -> Vec<(&'static str, String)> {
    vec![
        ("@timestamp", time(record.start(), "%Y-%m-%d %H:%M:%S.000")),
        ("@message", record.line(format)),
        ("@ptr", "CmEKJgoiMTIz".into()),
    ]
}

/// A row of selected fields. Insights leaves out what a record does not have; a dash is text.
fn selected_row(record: &Record, leave_out: bool, epoch: bool) -> Vec<(&'static str, String)> {
    let value = |(name, field): (&'static str, &'static str)| {
        let value = record.value(field, DEFAULT).map(String::from);
        let name = match field {
            "start" if !epoch => "startTime",
            "end" if !epoch => "endTime",
            _ => name,
        };
        match value {
            None if leave_out => None,
            value => Some((name, value.unwrap_or_else(|| "-".into()))),
        }
    };
    let mut row: Vec<_> = INSIGHTS.into_iter().rev().filter_map(value).collect();
    row.insert(0, ("@timestamp", time(record.start(), "%Y-%m-%d %H:%M:%S.000")));
    row.push(("@ptr", "CmEKJgoiMTIz".into()));
    row
}

/// Results of Insights.
pub fn insights(records: &[Record]) -> Vec<Form> {
    let selected = |leave_out, epoch| query_results(records.iter().map(|r| selected_row(r, leave_out, epoch)));
    let messages = |format| query_results(records.iter().map(|r| message_row(r, format)));
    let mut forms = vec![
        Form::one("Insights, selected fields", selected(true, true)),
        Form::one("Insights, selected fields, pretty", pretty(&selected(true, true))),
        Form::one("Insights, selected fields, dashes, startTime", selected(false, false)),
    ];
    for format in FORMATS {
        let name = format!("{} Insights, @message", format.name);
        forms.push(Form::one(&name, messages(format)).headerless(format));
        forms.push(Form::one(name + ", pretty", pretty(&messages(format))).headerless(format));
    }
    forms
}

/// A payload of a subscription.
pub fn payload(records: &[Record], format: Format) -> String {
    let events = records.iter().enumerate().map(|(i, record)| {
        object(&[
            ("id", quote(&format!("{i:056}"))),
            ("timestamp", milliseconds(record)),
            ("message", quote(&record.line(format))),
            ("extractedFields", object(&[("account", quote("1")), ("bytes", quote("-"))])),
        ])
    });
    object(&[
        ("messageType", quote("DATA_MESSAGE")),
        ("owner", quote("123456789012")),
        ("logGroup", quote(&log_group(format))),
        ("logStream", quote("eni-1235b8ca123456789-all")),
        ("subscriptionFilters", array([quote("Everything")])),
        ("logEvents", array(events)),
    ])
}

/// What CloudWatch sends to see whether somebody is there.
pub fn control_message() -> String {
    let message = "CWL CONTROL MESSAGE: Checking health of destination Firehose.";
    let event = object(&[("id", quote("")), ("timestamp", "1773532800000".into()), ("message", quote(message))]);
    object(&[
        ("messageType", quote("CONTROL_MESSAGE")),
        ("owner", quote("CloudwatchLogs")),
        ("logGroup", quote("")),
        ("logStream", quote("")),
        ("subscriptionFilters", array([])),
        ("logEvents", array([event])),
    ])
}

/// Payloads of a few records each, with control messages among them.
fn payloads(records: &[Record], format: Format) -> Vec<String> {
    let mut payloads = vec![control_message()];
    payloads.extend(records.chunks(17).map(|part| payload(part, format)));
    payloads.insert(3, control_message());
    payloads
}

/// The event with which a Lambda function is called.
pub fn lambda(payload: &str) -> String {
    object(&[("awslogs", object(&[("data", quote(&BASE64_STANDARD.encode(gzip(payload))))]))])
}

/// Subscriptions, as they arrive at functions and in buckets.
pub fn subscriptions(records: &[Record], format: Format) -> Vec<Form> {
    let payloads = payloads(records, format);
    let members: Vec<u8> = payloads.iter().flat_map(gzip).collect();
    let events: Vec<String> = payloads.iter().map(|payload| lambda(payload)).collect();
    let name = |what: &str| format!("{} subscription, {what}", format.name);
    let form = |what, bytes: Vec<u8>| Form::one(name(what), bytes).headerless(format);
    vec![
        form("one payload", payload(records, format).into()),
        form("one payload, pretty", pretty(&payload(records, format)).into()),
        form("concatenated without newline", payloads.concat().into()),
        form("one on a line", payloads.join("\n").into()),
        form("gzip members", members.clone()),
        form("gzip in gzip", gzip(&members)),
        form("an event of Lambda", lambda(&payload(records, format)).into()),
        form("events of Lambda, one on a line", (events.join("\n") + "\n").into()),
        form("events of Lambda, pretty", events.iter().map(|event| pretty(event)).collect::<String>().into()),
        form("a Lambda event in gzip", gzip(events.concat())),
    ]
}

/// Payloads of several log groups, whose formats `describe-flow-logs` tells.
pub fn by_log_group(records: &[Record]) -> Vec<Form> {
    let parts = || super::text::parts(records, 8).map(|(_, format, part)| (format, payload(part, format)));
    let all: String = parts().map(|(_, payload)| payload).collect();
    let mut tree = Form::named("subscriptions of all formats, a tree").described(flow_logs());
    for (i, (format, payload)) in parts().enumerate() {
        tree = tree.file(format!("{}/{i}.gz", format.name), gzip(payload));
    }
    vec![Form::one("subscriptions of all formats, one stream", all).described(flow_logs()), tree]
}

/// An object around a line, as Firehose and others write it.
pub fn wrapped(record: &Record, format: Format) -> String {
    object(&[("message", quote(&record.line(format)))])
}

/// Firehose, and others that wrap a line each.
pub fn firehose(records: &[Record], format: Format) -> Vec<Form> {
    let all = |between: &str| -> String { records.iter().map(|r| wrapped(r, format) + between).collect() };
    let microseconds = |record: &Record| {
        let at = ("_timestamp", format!("{}000000", record.start()));
        object(&[at, ("message", quote(&record.line(format)))])
    };
    let observed: Vec<String> = records.iter().map(microseconds).collect();
    let name = |what: &str| format!("{} {what}", format.name);
    let form = |what, text: String| Form::one(name(what), text).headerless(format);
    vec![
        form("Firehose", all("\n")),
        form("Firehose without newlines", all("")),
        form("Firehose, CRLF", all("\r\n")),
        Form::one(name("Firehose, gz"), gzip(all("\n"))).headerless(format),
        form("OpenObserve, lines", observed.join("\n")),
        form("OpenObserve, an array", array(observed)),
    ]
}

/// What Sumo Logic's function knows of an interface.
const EXTRA: [(&str, &str); 5] = [
    ("security-group-ids", r#"["sg-b2b454d4","sg-00ff"]"#),
    ("direction", r#""inbound""#),
    ("subnet-id", r#""subnet-aaaaaaaa""#),
    ("vpc-id", r#""vpc-abcdefab""#),
    ("aws-region", r#""eu-west-1""#),
];

/// An object of Sumo Logic's function around a line.
pub fn sumo_object(line: &str, log_info: bool, extra: bool) -> String {
    let mut members = vec![("message", quote(line))];
    if log_info {
        members.push(("logStream", quote("eni-1235b8ca123456789-all")));
        members.push(("logGroup", quote("/aws/vpc/flowlogs")));
    }
    if extra {
        members.extend(EXTRA.map(|(key, value)| (key, value.to_string())));
    }
    object(&members)
}

/// Sumo Logic's VPC-JSON: with the log, and with what is known of interfaces, which not all are.
pub fn sumo(records: &[Record]) -> Vec<Form> {
    let all = |log_info: bool, extra: fn(usize) -> bool| -> String {
        let object = |(i, r): (usize, &Record)| sumo_object(&r.line(DEFAULT), log_info, extra(i));
        records.iter().enumerate().map(object).collect::<Vec<_>>().join("\n")
    };
    vec![
        Form::one("Sumo", all(false, |_| false)),
        Form::one("Sumo with the log", all(true, |_| false)),
        Form::one("Sumo with interfaces", all(false, |_| true)),
        Form::one("Sumo with the log and some interfaces", all(true, |i| i % 3 > 0)),
        Form::one("Sumo, gz", gzip(all(true, |_| true))),
    ]
}
