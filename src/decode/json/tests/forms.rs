//! Every form.

use super::*;

#[test]
fn firehose_objects() {
    let (a, b) = (format!(r#"{{"message":"{A}"}}"#), format!(r#"{{"message":"{B}"}}"#));
    let both = format!("{A}\n{B}\n");
    for between in ["", "\n", "\r\n", ",\n", " , "] {
        logged(&format!("{a}{between}{b}"), Form::Firehose, &both);
        logged(&format!("{a}{between}{b}\n"), Form::Firehose, &both);
    }
    logged(&format!("[{a},\n {b}]"), Form::Firehose, &both);
    logged(&format!("\u{feff}{a}{b}"), Form::Firehose, &both);
    logged(&format!("{{ \"message\" : \"{A}\\n\" }}"), Form::Firehose, &format!("{A}\n"));
    logged(&a.repeat(20), Form::Firehose, &format!("{A}\n").repeat(20));
    gives("", &[]);
    gives(" \n", &[]);
    gives("[]", &[]);
}

#[test]
fn messages_are_lines() {
    logged(r#"{"message":"a b\nc\n\n"}"#, Form::Firehose, "a b\nc\n");
    logged(r#"{"message":""}{"message":"\r\n"}"#, Form::Firehose, "\n\n");
    logged(r#"{"message":"\u0041\u001b[32mé\ud83d\ude00\/"}"#, Form::Firehose, "A\u{1b}[32m\u{e9}\u{1f600}/\n");
    logged(r#"{"mess\u0061ge":"a"}{"mess\u0061ge":"b"}"#, Form::Firehose, "a\nb\n");
    logged(r#"["a b","c"]"#, Form::LogEvents, "a b\nc\n");
    logged("\"a b\"\n\"c\"", Form::LogEvents, "a b\nc\n");
    logged(r#"[["a b"],["c"]]"#, Form::LogEvents, "a b\nc\n");
}

#[test]
fn messages_wrapped_twice_are_unwrapped_once_more() {
    let twice = format!(r#"{{"message":"{{\"message\":\"{A}\\n\"}}\n"}}"#);
    logged(&twice.repeat(3), Form::Firehose, &format!("{A}\n").repeat(3));
    let thrice = r#"{"message":"{\"message\":\"{\\\"message\\\":\\\"x\\\"}\"}"}"#;
    logged(thrice, Form::Firehose, "{\"message\":\"x\"}\n");
    logged(r#"{"message":"{\"message\":1}"}"#, Form::Firehose, "{\"message\":1}\n");
}

#[test]
fn log_events_of_the_aws_cli() {
    let event = |message: &str| format!(r#"{{"timestamp":1,"message":"{message}","ingestionTime":2}}"#);
    let (a, b) = (event(A), event(B));
    let both = format!("{A}\n{B}\n");
    let full = format!(r#"{{"events":[{a},{b}],"nextForwardToken":"f/1","nextBackwardToken":"b/1"}}"#);
    logged(&full, Form::LogEvents, &both);
    logged(&full.repeat(2), Form::LogEvents, &both.repeat(2));
    logged(&format!(r#"{{"nextToken":null,"events":[{a},{b}]}}"#), Form::LogEvents, &both);
    logged(&format!("[{a},{b}]"), Form::LogEvents, &both);
    logged(&format!("{a}\n{b}\n"), Form::LogEvents, &both);
    let filtered = format!(
        r#"{{"searchedLogStreams":[{{"logStreamName":"s","searchedCompletely":true}}],
  "events": [
    {{
        "logStreamName": "eni-a-all",
        "timestamp": 1,
        "message": "{A}",
        "ingestionTime": 2,
        "eventId": "3"
    }},
    {{
        "logStreamName": "eni-a-all",
        "timestamp": 11,
        "message": "{B}",
        "ingestionTime": 22,
        "eventId": "33"
    }}
  ]
}}"#
    );
    logged(&filtered, Form::LogEvents, &both);
    gives(r#"{"events":[],"nextToken":"x"}"#, &[]);
    let why = "an event without a message";
    gives(
        &format!(r#"{{"events":[{{"timestamp":1}},{a},{{}},7,{{"timestamp":1,"message":null}}]}}"#),
        &[
            Told::Malformed(why),
            context(Form::LogEvents, Columns::Logged),
            lines(&format!("{A}\n")),
            Told::Malformed(why),
            Told::Malformed("an element that is no object"),
            Told::Malformed(why),
        ],
    );
}

#[test]
fn subscription_payloads() {
    let data = |group: &str| payload("DATA_MESSAGE", group, &[A, B, A]);
    let of = |group: &str| Told::Context(Form::Subscription, Some(group.into()), Columns::Logged);
    let three = format!("{A}\n{B}\n{A}\n");
    gives(&data("/g"), &[of("/g"), lines(&three)]);
    let control = payload("CONTROL_MESSAGE", "", &[CONTROL]);
    gives(&control, &[]);
    let text = [data("/g"), control.clone(), data("/g"), data("/h")].concat();
    gives(&text, &[of("/g"), lines(&three.repeat(2)), of("/h"), lines(&three)]);
    // The group comes after the events, and so does the type.
    let (head, events) =
        (r#""logGroup":"/g","messageType":"CONTROL_MESSAGE""#, format!(r#"[{{"id":"1","message":"{CONTROL}"}}]"#));
    gives(&format!(r#"{{"logEvents":{events},{head}}}"#), &[]);
    let late = format!(r#"{{"logEvents":[{{"id":"1","message":"{A}"}}],"logGroup":"/g"}}"#);
    logged(&late, Form::Subscription, &format!("{A}\n"));
}

#[test]
fn lambda_events() {
    let of = |group: &str| Told::Context(Form::Lambda, Some(group.into()), Columns::Logged);
    let (g, h) = (payload("DATA_MESSAGE", "/g", &[A, B]), payload("DATA_MESSAGE", "/h", &[A]));
    let both = format!("{A}\n{B}\n");
    gives(&lambda(&pack(&g)), &[of("/g"), lines(&both)]);
    gives(&lambda(&pack(&payload("CONTROL_MESSAGE", "", &[CONTROL]))), &[]);
    let twice = pack(&g).repeat(2);
    gives(&lambda(&twice), &[of("/g"), lines(&both.repeat(2))]);
    let text = [lambda(&pack(&g)), lambda(&pack(&g)), lambda(&pack(&h))].join("\n");
    gives(&text, &[of("/g"), lines(&both.repeat(2)), of("/h"), lines(&format!("{A}\n"))]);
    let mut double = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    double.write_all(&pack(&g)).expect("memory");
    gives(&lambda(&double.finish().expect("memory")), &[of("/g"), lines(&both)]);
    gives(&lambda(g.as_bytes()), &[of("/g"), lines(&both)]);
    // The slashes of base64 may be escaped.
    gives(&lambda(&pack(&g)).replace('/', "\\/"), &[of("/g"), lines(&both)]);
    // What lines are is told again where something else was between them.
    let between = format!(r#"{}{{"message":"{B}"}}{}"#, lambda(&pack(&h)), lambda(&pack(&h)));
    let line = lines(&format!("{A}\n"));
    let firehose = context(Form::Firehose, Columns::Logged);
    gives(&between, &[of("/h"), line.clone(), firehose, lines(&format!("{B}\n")), of("/h"), line]);
}

#[test]
fn kinesis_events() {
    let data = base64::engine::general_purpose::STANDARD.encode(pack(&payload("DATA_MESSAGE", "/g", &[A])));
    let record = format!(
        r#"{{"kinesis":{{"partitionKey":"p","data":"{data}"}},"eventSource":"aws:kinesis","eventVersion":"1.0","eventName":"aws:kinesis:record"}}"#
    );
    let of = Told::Context(Form::Lambda, Some("/g".into()), Columns::Logged);
    gives(&format!(r#"{{"Records":[{record},{record}]}}"#), &[of, lines(&format!("{A}\n{A}\n"))]);
}

#[test]
fn insights_results() {
    let pair = |name: &str, value: &str| format!(r#"{{"field":"{name}","value":"{value}"}}"#);
    let results = |rows: &[Vec<String>]| {
        let rows: Vec<String> = rows.iter().map(|row| format!("[{}]", row.join(","))).collect();
        format!(r#"{{"results":[{}],"statistics":{{"recordsMatched":2.0}},"status":"Complete"}}"#, rows.join(","))
    };
    let time = pair("@timestamp", "2025-03-21 15:36:09.000");
    let message =
        |text: &str| vec![time.clone(), pair("@message", text), pair("@ptr", "CmEKJg=="), pair("srcAddr", "x")];
    let both = format!("{A}\n{B}\n");
    logged(&results(&[message(A), message(B)]), Form::Insights, &both);
    let rows: Vec<String> = [A, B].map(|text| format!("[{}]", message(text).join(","))).into();
    logged(&format!("[{}]", rows.join(",")), Form::Insights, &both);
    let fields = |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| pair(name, value)).collect::<Vec<_>>();
    let row = |more: &[(&str, &str)]| [vec![time.clone()], fields(more), vec![pair("@ptr", "C")]].concat();
    let text = results(&[
        row(&[("srcAddr", "10.0.0.1"), ("dstPort", "443"), ("startTime", "1418530010")]),
        row(&[("dstPort", "80")]),
        row(&[("srcAddr", "::1"), ("logStatus", "OK"), ("unknown", "1")]),
    ]);
    gives(
        &text,
        &[
            context(Form::Insights, these(&["srcaddr", "dstport", "start"])),
            lines("10.0.0.1 443 1418530010\n- 80 -\n"),
            context(Form::Insights, these(&["srcaddr", "dstport", "start", "log-status"])),
            lines("::1 - - OK\n"),
        ],
    );
    let text = results(&[
        fields(&[("srcAddr", "10.0.0.1"), ("sum(bytes)", "443")]),
        fields(&[("@timestamp", "1")]),
        vec![],
        message(A),
        vec!["7".into(), "[]".into()],
    ]);
    gives(
        &text,
        &[
            Told::Malformed("an aggregate of Insights, which is no record"),
            Told::Malformed("a row of Insights without a field of flow logs"),
            Told::Malformed("a row without fields"),
            context(Form::Insights, Columns::Logged),
            lines(&format!("{A}\n")),
            Told::Malformed("a row without fields"),
        ],
    );
    gives(r#"{"results":[],"status":"Running"}"#, &[]);
    let console = format!(
        r#"[{{"@timestamp":"2025-03-21 15:36:09.000","@message":"{A}"}},{{"@timestamp":"2025-03-21 15:36:09.000","@message":"{B}"}}]"#
    );
    logged(&console, Form::Insights, &both);
}

#[test]
fn open_observe_and_sumo_logic() {
    logged(&format!(r#"{{"_timestamp":1680838556,"message":"{A}"}}"#), Form::OpenObserve, &format!("{A}\n"));
    let tail = r#""security-group-ids":["sg-1","sg-2"],"direction":"inbound","subnet-id":"subnet-a","vpc-id":"vpc-a","aws-region":"us-east-1""#;
    let with = format!(r#"{{"message":"{A}","logStream":"s","logGroup":"/g",{tail}}}"#);
    let some = format!(r#"{{"message":"{A}","logStream":"s","logGroup":"/g","direction":"outbound","vpc-id":null}}"#);
    let without = format!(r#"{{"message":"{B}","logStream":"s","logGroup":"/g"}}"#);
    let names = ["security-group-ids", "direction", "subnet-id", "vpc-id", "region"];
    let and = Columns::And(names.iter().map(|name| FieldName::parse(name.as_bytes())).collect());
    let of = |columns: &Columns| Told::Context(Form::Sumo, Some("/g".into()), columns.clone());
    let long = format!("{A} sg-1,sg-2 inbound subnet-a vpc-a us-east-1\n");
    let text = [&with, &with, &some, &without, &without].map(String::as_str).join("\n");
    gives(
        &text,
        &[
            of(&and),
            lines(&format!("{long}{long}{A} - outbound - - -\n")),
            of(&Columns::Logged),
            lines(&format!("{B}\n{B}\n")),
        ],
    );
    let lean = format!(r#"{{{tail},"message":"{A}\n\nx"}}"#);
    let line = "sg-1,sg-2 inbound subnet-a vpc-a us-east-1";
    gives(&lean, &[context(Form::Sumo, and), lines(&format!("{A} {line}\n\nx {line}\n"))]);
}

#[test]
fn objects_whose_keys_are_fields() {
    let row = |src: &str, protocol: &str, tag: &str| {
        format!(
            r#"{{"version":2,"src_ip":{src},"srcPort":443.0,"protocol":{protocol},"start":"2026-03-15T10:00:00Z","instance_tag":{tag},"_index":[1]}}"#
        )
    };
    let fields = these(&["version", "srcaddr", "srcport", "protocol", "start", "instance-tag"]);
    let text = [
        row("\"10.0.0.1\"", "\"tcp\"", "\"a b\""),
        row("null", "17", "true"),
        row("\"::1\"", "\"UDP\"", "\"\\u0041\\n\""),
        row("\"\"", "{\"a\":1}", "\"x\""),
    ]
    .join("\n");
    gives(
        &text,
        &[
            context(Form::Objects, fields),
            lines(
                "2 10.0.0.1 443 6 1773568800 a\u{1f}b\n2 - 443 17 1773568800 true\n2 ::1 443 17 1773568800 A%0A\n2 - 443 - 1773568800 x\n",
            ),
        ],
    );
    let text = r#"[{"srcaddr":"a","bytes":1,"src_ip":"b"},{"bytes":2,"srcaddr":"b","dstaddr":"c"}]"#;
    gives(
        text,
        &[
            context(Form::Objects, these(&["srcaddr", "bytes"])),
            lines("a 1\n"),
            context(Form::Objects, these(&["srcaddr", "bytes", "dstaddr"])),
            lines("b 2 c\n"),
        ],
    );
}
