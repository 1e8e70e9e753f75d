//! How fast lines are taken out of JSON, by form: `cargo run --release --example unwrap`.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;
use vpcflow::decode::json::{Context, JsonReader, Unwrap};

/// Looks at the lines no further than to count their bytes.
#[derive(Default)]
struct Count {
    bytes: usize,
    malformed: usize,
}

impl Unwrap for Count {
    fn lines(&mut self, lines: &[u8]) -> bool {
        self.bytes += black_box(lines).len();
        true
    }
    fn context(&mut self, _: &Context<'_>) {}
    fn malformed(&mut self, _: &'static str) {
        self.malformed += 1;
    }
}

/// Pieces as a reader of files delivers them.
const PIECE: usize = 256 << 10;

/// About as much text as does not stay in the cache.
const SIZE: usize = 64 << 20;

fn message(i: usize) -> String {
    let (a, b) = (i.wrapping_mul(2_654_435_761) >> 7, i.wrapping_mul(40_503) >> 3);
    format!(
        "2 123456789012 eni-0a1b2c3d4e5f6{:04} {}.{}.{}.{} 10.0.{}.{} {} 443 6 {} {} 1773542700 1773542760 ACCEPT OK",
        a % 300,
        11 + a % 200,
        b % 256,
        a % 256,
        b % 251,
        b % 8,
        a % 254,
        32768 + b % 28232,
        1 + a % 500,
        40 + b % 900_000
    )
}

/// A text of `head`, so many `object`s with `between` between them, and `tail`.
fn text(head: &str, object: impl Fn(usize) -> String, between: &str, tail: &str) -> Vec<u8> {
    let mut text = head.as_bytes().to_vec();
    let mut i = 0;
    while text.len() < SIZE {
        if i > 0 {
            text.extend_from_slice(between.as_bytes());
        }
        text.extend_from_slice(object(i).as_bytes());
        i += 1;
    }
    text.extend_from_slice(tail.as_bytes());
    text
}

fn measure(name: &str, text: &[u8]) {
    let mut best = f64::INFINITY;
    let mut count = Count::default();
    for _ in 0..7 {
        let mut reader = JsonReader::new();
        count = Count::default();
        let start = Instant::now();
        for piece in text.chunks(PIECE) {
            reader.feed(piece, &mut count).expect("sound text");
        }
        reader.finish(&mut count).expect("a whole text");
        best = best.min(start.elapsed().as_secs_f64());
    }
    assert!(count.bytes > 0 && count.malformed == 0);
    let rate = text.len() as f64 / best / 1e9;
    _ = writeln!(std::io::stdout(), "{name:<28} {rate:5.2} GB/s  ({:.2} of lines)", count.bytes as f64 / best / 1e9);
}

fn main() {
    let event = |i: usize| {
        format!(r#"{{"id":"36{:054}","timestamp":1773542700{:03},"message":"{}"}}"#, i, i % 1000, message(i))
    };
    let head = r#"{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"/g","logStream":"eni-a","subscriptionFilters":["F"],"logEvents":["#;
    measure("firehose", &text("", |i| format!(r#"{{"message":"{}"}}"#, message(i)), "\n", "\n"));
    measure("firehose, escaped newline", &text("", |i| format!(r#"{{"message":"{}\n"}}"#, message(i)), "\n", "\n"));
    measure("firehose, one after another", &text("", |i| format!(r#"{{"message":"{}"}}"#, message(i)), "", ""));
    measure("subscription, one array", &text(head, event, ",", "]}"));
    let payload = |i: usize| {
        let events: Vec<String> = (0..50).map(|k| event(i * 50 + k)).collect();
        format!("{head}{}]}}", events.join(","))
    };
    measure("subscriptions of 50 events", &text("", payload, "", ""));
    let pretty = |i: usize| {
        format!(
            "        {{\n            \"logStreamName\": \"eni-a-all\",\n            \"timestamp\": 1773542700{:03},\n            \"message\": \"{}\",\n            \"ingestionTime\": 1773542800{:03},\n            \"eventId\": \"36{:054}\"\n        }}",
            i % 1000,
            message(i),
            i % 1000,
            i
        )
    };
    measure("filter-log-events", &text("{\n    \"events\": [\n", pretty, ",\n", "\n    ]\n}\n"));
    let sumo = |i: usize| {
        format!(
            r#"{{"message":"{}","logStream":"s","logGroup":"/g","security-group-ids":["sg-1"],"direction":"inbound","subnet-id":"subnet-a","vpc-id":"vpc-a","aws-region":"us-east-1"}}"#,
            message(i)
        )
    };
    measure("sumo logic", &text("", sumo, "\n", "\n"));
    let flat = |i: usize| {
        format!(
            r#"{{"version":2,"account_id":"123456789012","interface_id":"eni-0a1b2c3d4e5f60001","src_ip":"10.0.{}.{}","dst_ip":"10.1.2.3","src_port":{},"dst_port":443,"protocol":"tcp","packets":{},"bytes":{},"start":"2026-03-15T10:00:00Z","end":"2026-03-15T10:01:00Z","action":"ACCEPT","log_status":"OK"}}"#,
            i % 8,
            i % 251,
            32768 + i % 28232,
            1 + i % 500,
            40 + i % 900_000
        )
    };
    measure("objects", &text("", flat, "\n", "\n"));
    let row = |i: usize| {
        format!(
            r#"[{{"field":"@timestamp","value":"2025-03-21 15:36:09.000"}},{{"field":"@message","value":"{}"}},{{"field":"@ptr","value":"{:060}"}}]"#,
            message(i),
            i
        )
    };
    measure("insights", &text(r#"{"results":["#, row, ",", r#"],"status":"Complete"}"#));
    let changing = |i: usize| match i % 7 {
        0 => format!(r#"{{"message":"{}","k{}":1}}"#, message(i), i % 97),
        k => format!(r#"{{"k{}":{k},"message":"{}"}}"#, i % 89, message(i)),
    };
    measure("firehose, changing shapes", &text("", changing, "\n", "\n"));
}
