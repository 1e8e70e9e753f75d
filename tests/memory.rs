//! However long the input is, and whatever stands in it, memory is bounded: hundreds of megabytes of
//! JSON go through a pipe, and the most that the program ever held is read from the kernel.

#[path = "support/forms/mod.rs"]
mod forms;
mod support;

use forms::json;
use forms::records::{DEFAULT, records};
use support::held::Held;

/// The most that may be held, in KiB: less than half of what is promised, so that nothing that is written
/// here can be kept whole.
const MOST: u64 = 40 << 10;

/// How much is written, in bytes.
const LONG: usize = 300 << 20;
const SHORTER: usize = 60 << 20;

/// What goes through the pipe: the head, a piece again and again until it is so long, and the tail.
struct Stream {
    head: String,
    piece: String,
    tail: String,
    length: usize,
    /// The records in a piece, and in the tail.
    records: [usize; 2],
}

impl Stream {
    fn of(piece: String, records: usize) -> Stream {
        Stream { head: String::new(), piece, tail: String::new(), length: LONG, records: [records, 0] }
    }

    fn times(&self) -> usize {
        self.length / self.piece.len()
    }

    /// Holds that the program reads every record within its memory.
    #[track_caller]
    fn is_read(&self) {
        let held = self.run();
        assert!(held.most < MOST, "{} KiB, more than {MOST}", held.most);
        let expected = self.records[0] * self.times() + self.records[1];
        assert_eq!((held.count("records"), held.whole), (expected as u64, true));
    }

    /// Holds that memory is bounded, if the program reads on or if it does not.
    #[track_caller]
    fn is_survived(&self) {
        let held = self.run();
        assert!(held.most < MOST, "{} KiB, more than {MOST}", held.most);
        assert_eq!(held.count("records"), 0);
    }

    fn run(&self) -> Held {
        let pieces = (0..self.times()).map(|_| &self.piece);
        let all = std::iter::once(&self.head).chain(pieces).chain([&self.tail]);
        Held::by("top --by src-ip -o csv -q --stats=json", all.map(|text| text.as_bytes()))
    }
}

/// A line that is wrapped, and the same again and again.
fn wrapped() -> String {
    json::wrapped(&records(1)[0], DEFAULT)
}

#[test]
fn one_array_of_events() {
    let records = records(5000);
    let text = json::filter_log_events(&records, DEFAULT);
    let start = text.find("\"events\":[").expect("events") + "\"events\":[".len();
    let (head, events) = text.split_at(start);
    let events = events.strip_suffix("]}").expect("the end of the array");
    let tail = wrapped() + "]}";
    Stream { head: head.into(), tail, records: [5000, 1], ..Stream::of(format!("{events},"), 0) }.is_read();
}

#[test]
fn payloads_without_newlines() {
    Stream::of(json::payload(&records(5000), DEFAULT), 5000).is_read();
}

#[test]
fn wrapped_lines() {
    let text: String = records(5000).iter().map(|record| json::wrapped(record, DEFAULT) + "\n").collect();
    Stream::of(text, 5000).is_read();
}

/// What nobody asked for is skipped, not kept.
#[test]
fn what_is_skipped_is_not_kept() {
    let head = "{\"other\":{\"list\":[".to_string();
    let tail = format!("0]}},\"events\":[{}]}}", wrapped());
    let piece = "{\"a\":[1,\"b\",{}]},".repeat(5000);
    Stream { head, tail, length: SHORTER, records: [0, 1], ..Stream::of(piece, 0) }.is_read();
}

/// What could only be kept is given up.
#[test]
fn what_does_not_end_is_given_up() {
    let long = "A".repeat(1 << 20);
    for (head, piece) in [
        ("{\"message\":\"", &long[..]),
        ("{\"", &long),
        ("{\"events\":[{\"message\":\"2 ", &long),
        ("{\"awslogs\":{\"data\":\"", &long),
        ("{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"", &long),
        ("{\"results\":[[", &"{\"field\":\"bytes\",\"value\":\"1\"},".repeat(20_000)),
        ("{\"message\":\"2 1 2\",\"security-group-ids\":[", &"\"sg-1\",".repeat(100_000)),
        ("{\"message\":", &"[".repeat(1 << 20)),
        ("", &"{\"a\":".repeat(100_000)),
        ("{\"events\":[", &"{\"message\":1},".repeat(80_000)),
        ("{\"message\":\"", &"\\ud83d\\ude00".repeat(80_000)),
        ("{\"a\":", &"1".repeat(1 << 20)),
    ] {
        Stream { head: head.into(), length: SHORTER, ..Stream::of(piece.into(), 0) }.is_survived();
    }
}
