//! What is damaged, too large, or something else.

use super::*;
use crate::schema::Field;

#[test]
fn damaged_data_is_malformed_and_the_next_is_read() {
    let good = lambda(&pack(&payload("DATA_MESSAGE", "/g", &[A])));
    let told = [Told::Context(Form::Lambda, Some("/g".into()), Columns::Logged), lines(&format!("{A}\n"))];
    let (mut cut, mut corrupt) = (pack(&good), pack(&good));
    cut.truncate(20);
    corrupt[30] ^= 255;
    let bad = [
        (r#"{"awslogs":{"data":"!"}}"#.to_string(), "data of an event that is not base64"),
        (r#"{"awslogs":{}}"#.to_string(), "an event without data"),
        (r#"{"Records":[{"kinesis":{}}]}"#.to_string(), "an event without data"),
        (lambda(&cut), "data of an event whose gzip is damaged"),
        (lambda(&corrupt), "data of an event whose gzip is damaged"),
        (lambda(b"{\"message\":\"cut"), "data of an event that is cut off"),
        (lambda(b"nothing"), "data of an event that is not JSON"),
    ];
    for (text, why) in bad {
        let expected = [&[Told::Malformed(why)], &told[..]].concat();
        gives(&format!("{text}{good}"), &expected);
    }
}

#[test]
fn packed_data_has_bounds() {
    let limits = Limits { unpacked: 10_000, ..SMALL };
    let bomb = lambda(&pack(&" ".repeat(10_001)));
    let result = read_pieces(bomb.as_bytes(), &[77], limits);
    assert!(matches!(result.1, Err(Broken::TooLarge { limit: 10_000, .. })), "{result:?}");
    assert_eq!(read_pieces(lambda(&pack(&" ".repeat(9999))).as_bytes(), &[77], limits), (vec![], Ok(())));
    let mut nested = r#"{"message":"a"}"#.to_string();
    for depth in 1..6 {
        nested = lambda(nested.as_bytes());
        let result = read(&nested);
        match depth {
            1..=3 => assert_eq!(result.1, Ok(()), "{depth}"),
            _ => assert!(matches!(result.1, Err(Broken::TooDeep { .. })), "{depth}"),
        }
    }
}

#[test]
fn other_things_are_refused_by_name() {
    let cases = [
        (
            r#"{"Records":[{"eventVersion":"1.08","userIdentity":{},"eventSource":"ec2.amazonaws.com"}]}"#,
            "CloudTrail events",
        ),
        (r#"{"Records":[{"eventVersion":"2.1","userIdentity":{},"s3":{}}]}"#, "S3 event notifications"),
        (r#"{"eventVersion":"1.08","userIdentity":{}}"#, "CloudTrail events"),
        (r#"{"FlowLogs":[{"FlowLogId":"fl-1"}]}"#, "describe-flow-logs output (--flow-logs takes it)"),
        (r#"[{"VpcId":"v","SubnetId":"s","NetworkInterfaceId":"eni-1"}]"#, "describe-network-interfaces output"),
        (r#"{"schemaVersion":"2.0","accountId":"1","region":"r","type":"t"}"#, "GuardDuty findings"),
        (r#"{"timestamp":1,"formatVersion":1,"webaclId":"a","action":"ALLOW"}"#, "AWS WAF logs"),
        (
            r#"{"version":"1.1","account_id":"1","vpc_id":"v","query_name":"n","srcaddr":"a","srcport":"1"}"#,
            "Route 53 resolver query logs",
        ),
        (r#"{"firewall_name":"f","event":{}}"#, "Network Firewall logs"),
        (r#"{"flow_id":1,"src_ip":"a","src_port":1,"proto":"TCP"}"#, "Suricata events"),
    ];
    for (text, what) in cases {
        let (told, result) = read(text);
        assert_eq!((told, result), (vec![], Err(Broken::Foreign(what))), "{text}");
        assert!(Broken::Foreign(what).to_string().contains("not like flow logs"));
    }
    let unknown = |keys: &str| Broken::Unknown { keys: keys.into() };
    fails(r#"{"a":1,"b\u001b":{"message":"x"}}"#, unknown("keys: a, b\\x1b"));
    fails(r#"{"version":1,"type":"x","region":"y"}"#, unknown("keys: version, type, region"));
    fails(r#"{"srcaddr":"x"}"#, unknown("keys: srcaddr"));
    fails(r#"{"events":[{"Title":"x"}]}"#, unknown("keys: Title"));
    fails(r#"{"results":[{"a":"x"}]}"#, unknown("keys: results"));
    fails("{}", unknown("no keys"));
    let many: Vec<String> = (0..20).map(|i| format!("\"{}{i}\":0", "k".repeat(50))).collect();
    let Err(Broken::Unknown { keys }) = read(&format!("{{{}}}", many.join(","))).1 else { panic!("unknown") };
    assert!(keys.len() < 400 && keys.ends_with("..."), "{keys}");
}

#[test]
fn strangers_among_records_are_malformed() {
    let text = format!(r#"{{"message":"{A}"}}{{"a":1}}{{"userIdentity":{{}}}}{{"message":[]}}{{"message":"{B}"}}"#);
    let odd = "an object without a message or fields of flow logs";
    gives(
        &text,
        &[
            context(Form::Firehose, Columns::Logged),
            lines(&format!("{A}\n")),
            Told::Malformed(odd),
            Told::Malformed("an object that is no record"),
            Told::Malformed(odd),
            lines(&format!("{B}\n")),
        ],
    );
}

#[test]
fn what_is_no_json_is_said_where() {
    let syntax = |offset, expected| Broken::Syntax { offset, expected };
    fails("7", syntax(0, "an object or an array"));
    fails("2 123 eni", syntax(0, "an object or an array"));
    fails(r#"{"message":"a" "b"}"#, syntax(15, "a comma or the end of what it is in"));
    fails(r#"{"message" "a"}"#, syntax(11, "a colon"));
    fails(r#"{message:"a"}"#, syntax(1, "a key"));
    fails(r#"{"message":"a",}"#, syntax(15, "a key"));
    fails(r#"{"message":"\x"}"#, syntax(13, "an escape"));
    fails(r#"{"message":@}"#, syntax(11, "a value"));
    fails(r#"{"a":[}]}"#, syntax(6, "the end of what was begun last"));
    fails(r#"[{"message":"a"}}"#, syntax(16, "a comma or the end of what it is in"));
    fails(&format!(r#"{{"a":{}"#, "[".repeat(200)), Broken::TooDeep { offset: 133 });
    fails("\u{feff}\u{feff}", syntax(3, "an object or an array"));
}

#[test]
fn what_was_whole_before_a_cut_is_handed_over() {
    let text = format!(r#"{{"message":"{A}"}}{{"message":"{B}"#);
    let told = vec![context(Form::Firehose, Columns::Logged), lines(&format!("{A}\n"))];
    assert_eq!(read(&text), (told, Err(Broken::Cut { offset: text.len() as u64 })));
    for cut in ["{", "[", "{\"events\":[", "{\"a\":1", "\"a", "\u{feff}["] {
        fails(cut, Broken::Cut { offset: cut.len() as u64 });
    }
}

#[test]
fn long_messages_are_malformed_as_they_stream_by() {
    let long = "x".repeat(SMALL.message + 1);
    let fits = "y".repeat(SMALL.message);
    let object = |message: &str| format!(r#"{{"message":"{message}"}}"#);
    let text = [object("a"), object("a"), object(&long), object(&fits), object("b")].concat();
    gives(
        &text,
        &[
            context(Form::Firehose, Columns::Logged),
            lines("a\na\n"),
            Told::Malformed("longer than 1 MiB"),
            lines(&format!("{fits}\nb\n")),
        ],
    );
    let (text, why) = (format!("[\"{long}\"]"), Told::Malformed("longer than 1 MiB"));
    gives(&text, std::slice::from_ref(&why));
    gives(&format!(r#"{{"events":[{{"message":"{long}"}}]}}"#), std::slice::from_ref(&why));
    gives(&format!(r#"[[{{"field":"@message","value":"{long}"}}]]"#), &[why]);
}

#[test]
fn reading_stops_when_nobody_wants_more() {
    let text = r#"{"message":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}"#.repeat(1000);
    let mut reader = JsonReader::new().with_limits(SMALL);
    let mut teller = Teller { stop: Some(3), ..Teller::default() };
    reader.feed(text.as_bytes(), &mut teller).expect("quietly");
    reader.feed(b"nonsense", &mut teller).expect("quietly");
    reader.finish(&mut teller).expect("quietly");
    let Some(Told::Lines(lines)) = teller.told.last() else { panic!("lines") };
    assert!(lines.len() < 300 && teller.largest < 120, "{}", lines.len());
    reader.begin();
    let mut teller = Teller::default();
    reader.feed(text.as_bytes(), &mut teller).expect("sound");
    assert!(matches!(&teller.told[1], Told::Lines(lines) if lines.len() == 33_000));
}

/// A reader over endless things of every kind, in pieces.
#[test]
fn memory_does_not_grow_with_the_input() {
    let data = base64::engine::general_purpose::STANDARD.encode(pack(&" ".repeat(600_000)));
    let cases = [
        ("{\"message\":\"", "abc", "\"}"),
        ("{\"message\":\"a\",\"id\":\"", "abc", "\"}"),
        ("{\"message\":\"a\"}{\"", "abc", "\":1}"),
        ("{\"message\":\"a\",\"b\":[", "\"c\",", "1]}"),
        ("{\"message\":\"a\"", ",\"srcaddr\":\"b\"", "}"),
        ("{\"message\":\"a\"", ", \"b\":1", "}"),
        ("{\"events\":[{\"message\":\"a\"}", ",{\"message\":\"b\"}", "]}"),
        ("{\"results\":[[{\"field\":\"srcaddr\",\"value\":\"b\"}", ",{\"field\":\"x\",\"value\":\"b\"}", "]]}"),
        ("[{\"message\":\"a\",\"security-group-ids\":[\"\"", ",\"b\"", "]}]"),
        ("{\"message\":\"a\"}", "\n  ", ""),
        ("", &format!("{{\"awslogs\":{{\"data\":\"{data}\"}}}}"), ""),
    ];
    for (head, again, tail) in cases {
        let mut reader = JsonReader::new().with_limits(SMALL);
        let mut teller = Teller::default();
        let middle = again.repeat(10_000 / again.len() + 1);
        reader.feed(head.as_bytes(), &mut teller).expect("sound");
        for _ in 0..50 {
            reader.feed(middle.as_bytes(), &mut teller).expect("sound");
            assert!(reader.held.text_mut().capacity() <= 2 * SMALL.message, "{head}");
            assert!(reader.out.lines.capacity() <= 2 * SMALL.message, "{head}");
            assert!(reader.key_text.capacity() <= 512 && reader.names.len() <= 9, "{head}");
            assert!(reader.held.fields.len() <= Field::all().count(), "{head}");
        }
        reader.feed(tail.as_bytes(), &mut teller).expect("sound");
        assert_eq!(reader.finish(&mut teller), Ok(()), "{head}");
    }
}
