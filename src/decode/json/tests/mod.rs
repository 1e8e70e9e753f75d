//! What the tests have in common: they read from any pieces.

mod faults;
mod forms;
mod tree;
mod twin;

use super::*;
use base64::Engine;
use std::io::Write;

/// What a reader has told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    Context(Form, Option<String>, Columns),
    Lines(String),
    Malformed(&'static str),
}

/// Writes down what it is told; consecutive lines as one text.
#[derive(Default)]
pub struct Teller {
    pub told: Vec<Told>,
    /// Stop after so many hand-overs.
    stop: Option<usize>,
    pub largest: usize,
}

impl Unwrap for Teller {
    fn lines(&mut self, lines: &[u8]) -> bool {
        assert_eq!(lines.last(), Some(&b'\n'), "whole lines");
        self.largest = self.largest.max(lines.len());
        let lines = String::from_utf8_lossy(lines);
        match self.told.last_mut() {
            Some(Told::Lines(text)) => text.push_str(&lines),
            Some(_) => self.told.push(Told::Lines(lines.into())),
            None => panic!("lines without a context"),
        }
        self.stop = self.stop.map(|stop| stop - 1);
        self.stop != Some(0)
    }

    fn context(&mut self, context: &Context<'_>) {
        let Context { form, log_group, columns } = context.clone();
        self.told.push(Told::Context(form, log_group.map(String::from), columns));
    }

    fn malformed(&mut self, why: &'static str) {
        self.told.push(Told::Malformed(why));
    }
}

/// Small enough to be crossed, large enough for the messages of these tests.
pub const SMALL: Limits = Limits { message: 400, gather: 64, unpacked: 1 << 20 };

/// Reads pieces of these sizes, again and again.
pub fn read_pieces(text: &[u8], sizes: &[usize], limits: Limits) -> (Vec<Told>, Result<(), Broken>) {
    let mut reader = JsonReader::new().with_limits(limits);
    let mut teller = Teller::default();
    let mut rest = text;
    for size in sizes.iter().cycle() {
        let (piece, after) = rest.split_at((*size).clamp(1, rest.len().max(1)).min(rest.len()));
        if let Err(broken) = reader.feed(piece, &mut teller) {
            return (teller.told, Err(broken));
        }
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
    let end = reader.finish(&mut teller);
    (teller.told, end)
}

/// Reads a text as a whole, and in pieces of every size.
#[track_caller]
fn read(text: &str) -> (Vec<Told>, Result<(), Broken>) {
    let whole = read_pieces(text.as_bytes(), &[usize::MAX], SMALL);
    for size in 1..text.len().min(300) {
        let pieces = read_pieces(text.as_bytes(), &[size], SMALL);
        assert_eq!(pieces, whole, "in pieces of {size} bytes");
    }
    whole
}

fn context(form: Form, columns: Columns) -> Told {
    Told::Context(form, None, columns)
}

fn lines(text: &str) -> Told {
    Told::Lines(text.into())
}

fn these(fields: &[&str]) -> Columns {
    Columns::These(fields.iter().map(|name| FieldName::parse(name.as_bytes())).collect())
}

#[track_caller]
fn gives(text: &str, told: &[Told]) {
    assert_eq!(read(text), (told.to_vec(), Ok(())), "{text}");
}

/// The text gives these lines as logged, and nothing else.
#[track_caller]
fn logged(text: &str, form: Form, expected: &str) {
    gives(text, &[context(form, Columns::Logged), lines(expected)]);
}

#[track_caller]
fn fails(text: &str, broken: Broken) {
    assert_eq!(read(text).1, Err(broken), "{text}");
}

const A: &str = "2 1 eni-a 10.0.0.1 10.0.0.2 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";
const B: &str = "2 1 eni-b - - - - - - - 1671029698 1671029728 - NODATA";

fn payload(kind: &str, group: &str, messages: &[&str]) -> String {
    let event = |message: &&str| {
        format!(
            r#"{{"id":"eventId1","timestamp":1418530010000,"message":"{message}","extractedFields":{{"version":"2","a":"-"}}}}"#
        )
    };
    let events: Vec<String> = messages.iter().map(event).collect();
    format!(
        r#"{{"messageType":"{kind}","owner":"123456789010","logGroup":"{group}","logStream":"eni-a","subscriptionFilters":["F"],"logEvents":[{}]}}"#,
        events.join(",")
    )
}

const CONTROL: &str = "CWL CONTROL MESSAGE: Checking health of destination Firehose.";

pub fn pack(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish()).expect("memory does not fail")
}

pub fn lambda(data: &[u8]) -> String {
    let data = base64::engine::general_purpose::STANDARD.encode(data);
    format!(r#"{{"awslogs":{{"data":"{data}"}}}}"#)
}
