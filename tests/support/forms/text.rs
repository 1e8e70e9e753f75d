//! Text: objects of S3, with and without a header, packed and concatenated.

use super::Form;
use super::records::{DEFAULT, FORMATS, Format, Record};
use crate::support::tree::{gzip, members};
use serde_json::json;

/// The lines of the records, each with its newline.
pub fn lines(records: &[Record], format: Format) -> String {
    records.iter().map(|record| record.line(format) + "\n").collect()
}

/// A text file as AWS writes it to S3.
pub fn object(records: &[Record], format: Format) -> String {
    format!("{}\n{}", format.header(), lines(records, format))
}

/// With a header, in every wrapping.
pub fn with_header(records: &[Record], format: Format) -> Vec<Form> {
    let text = object(records, format);
    let name = |what: &str| format!("{} with header, {what}", format.name);
    vec![
        Form::one(name("plain"), text.clone()),
        Form::one(name("gz"), gzip(&text)),
        Form::one(name("several gzip members"), members(&text, &[7, text.len() / 3, text.len() / 2])),
        Form::one(name("CRLF"), text.replace('\n', "\r\n")),
        Form::one(name("byte order mark"), format!("\u{feff}{text}")),
        Form::one(name("gz of CRLF"), gzip(text.replace('\n', "\r\n"))),
        Form::one(name("no newline at the end"), text.trim_end()),
    ]
}

/// Without a header: the default format is found, others are named.
pub fn headerless(records: &[Record], format: Format) -> Vec<Form> {
    let text = lines(records, format);
    let name = |what: &str| format!("{} without header, {what}", format.name);
    vec![
        Form::one(name("plain"), text.clone()).headerless(format),
        Form::one(name("gz"), gzip(&text)).headerless(format),
        Form::one(name("CRLF"), text.replace('\n', "\r\n")).headerless(format),
    ]
}

/// The flow log of a format.
fn flow_log_id(format: Format) -> String {
    let place = FORMATS.iter().position(|other| *other == format).expect("one of the formats");
    format!("fl-0a1b2c3d4e5f6{place:04x}")
}

/// The log group of a format.
pub fn log_group(format: Format) -> String {
    format!("/vpc/{}", format.name)
}

/// What `aws ec2 describe-flow-logs` says of a flow log for every format; the transit gateway's has
/// none.
pub fn flow_logs() -> String {
    let logs = FORMATS.map(|format| {
        json!({
            "CreationTime": "2026-03-14T09:00:00.000000+00:00",
            "DeliverLogsStatus": "SUCCESS",
            "FlowLogId": flow_log_id(format),
            "FlowLogStatus": "ACTIVE",
            "ResourceId": "vpc-abcdefab012345678",
            "TrafficType": "ALL",
            "LogDestinationType": "cloud-watch-logs",
            "LogGroupName": log_group(format),
            "LogFormat": format.api(),
            "Tags": [{ "Key": "Name", "Value": "${not} a format" }],
            "MaxAggregationInterval": 600,
        })
    });
    serde_json::to_string_pretty(&json!({ "FlowLogs": logs })).expect("JSON")
}

/// The path below the bucket of an object with records.
pub fn key(format: Format, place: usize, extension: &str) -> String {
    let id = flow_log_id(format);
    format!(
        "AWSLogs/123456789012/vpcflowlogs/us-east-1/2026/03/15/123456789012_vpcflowlogs_us-east-1_{id}\
         _20260315T{:02}00Z_{place:08x}.log{extension}",
        place % 24
    )
}

/// A path of the Hive layout.
pub fn hive_key(format: Format, place: usize, extension: &str) -> String {
    let plain = key(format, place, extension);
    let name = plain.rsplit('/').next().expect("a name");
    format!(
        "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=us-east-1/year=2026/month=03/day=15/\
         hour={:02}/{name}",
        place % 24
    )
}

/// The formats in turn, each for a part of the records.
pub fn parts(records: &[Record], parts: usize) -> impl Iterator<Item = (usize, Format, &[Record])> {
    let each = records.len().div_ceil(parts);
    records.chunks(each).enumerate().map(|(i, part)| (i, FORMATS[i % FORMATS.len()], part))
}

/// A tree of objects in all formats, with headers and without: their names tell the flow log.
pub fn described(records: &[Record]) -> Vec<Form> {
    let mut bare = Form::named("without header, format by the flow log's id").described(flow_logs());
    let mut mixed = Form::named("headers win over what the flow log's id tells").described(flow_logs());
    for (i, format, part) in parts(records, 8) {
        bare = bare.file(key(format, i, ".gz"), gzip(lines(part, format)));
        let other = FORMATS[(i + 1) % FORMATS.len()];
        mixed = mixed.file(key(other, i, ""), object(part, format));
    }
    vec![bare, mixed]
}

/// Trees of objects with headers.
pub fn trees(records: &[Record]) -> Vec<Form> {
    let mut plain = Form::named("a tree of objects, all formats");
    let mut hive = Form::named("a Hive tree of objects, all formats");
    for (i, format, part) in parts(records, 12) {
        plain = plain.file(key(format, i, ".gz"), gzip(object(part, format)));
        hive = hive.file(hive_key(format, i, ".gz"), gzip(object(part, format)));
    }
    vec![plain, hive]
}

/// Objects of several formats in one file, headers in the middle.
pub fn concatenated(records: &[Record]) -> Vec<Form> {
    let all: String = parts(records, 9).map(|(_, format, part)| object(part, format)).collect();
    let gz: Vec<u8> = parts(records, 9).flat_map(|(_, format, part)| gzip(object(part, format))).collect();
    // The first part has lost its header.
    let (first, rest) = records.split_at(5);
    let rest: String = parts(rest, 3).map(|(_, format, part)| object(part, format)).collect();
    vec![
        Form::one("concatenated, all formats", all),
        Form::one("concatenated gzip members, all formats", gz),
        Form::one("concatenated, the first header lost", lines(first, DEFAULT) + &rest),
    ]
}
