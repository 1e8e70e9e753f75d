//! Random logs: several files in several layouts, with everything in them that is seen in the wild
//! and some that is not. Values come from short lists, so that records share groups.

use super::lines::{V2, V5, flow};
use super::tree::{Tree, gzip, members};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A file of a random log.
#[derive(Clone, Debug)]
pub struct LogFile {
    pub text: String,
    pub packing: Packing,
}

#[derive(Clone, Debug)]
pub enum Packing {
    Plain,
    Gz,
    /// Several gzip members, split anywhere.
    Members(Vec<usize>),
}

/// The fields of lines without a header, where the command line names them.
pub const FORMATS: [Option<&str>; 4] = [
    None,
    Some("v2"),
    Some("v5"),
    Some("srcaddr,dstaddr,srcport,dstport,protocol,packets,bytes,start,end,action,interface-id"),
];

const LAYOUTS: [&str; 6] = [
    V2,
    V5,
    "log-status action end start bytes packets protocol dstport srcport dstaddr srcaddr interface-id account-id",
    "version src_ip dst-ip x-of-tomorrow src_port dst-port bytes packets protocol action log-status x-2031 start end",
    "srcaddr dstaddr bytes packets start end action protocol dstport",
    "resource-id interface-id account-id flow-direction srcaddr dstaddr bytes packets start end action log-status \
     instance-id traffic-path tcp-flags dstport protocol",
];

const ADDRESSES: &[&str] = &[
    "10.0.0.1",
    "10.0.0.2",
    "10.0.1.1",
    "192.0.2.7",
    "9.0.0.1",
    "2001:db8::1",
    "2001:DB8:0::1",
    "2001:db8:0:1::9",
    "::ffff:10.0.0.1",
    "-",
    "256.1.1.1",
    "010.0.0.1",
    "1.2.3",
    "fe80::1%eth0",
    "10.0.0.1/32",
    "0.0.0.0",
];
const PORTS: &[&str] = &["443", "22", "53", "0", "50000", "60001", "5432", "65535", "65536", "-", "abc", "0053", "-1"];
const PROTOCOLS: &[&str] = &["6", "17", "1", "253", "6", "-", "256", "tcp", "0058"];
const NUMBERS: &[&str] = &[
    "1",
    "40",
    "1500",
    "0",
    "007",
    "123456789012",
    "18446744073709551615",
    "18446744073709551616",
    "-",
    "-5",
    "+5",
    "1e3",
    "0x10",
    "4.5",
];
const TIMES: &[&str] = &["1700000000", "1700000060", "1700003599", "1700000000123", "951868799", "0", "-", "x"];
const STATUS: &[&str] = &["OK", "OK", "OK", "OK", "OK", "OK", "NODATA", "SKIPDATA", "WEIRD", "ok"];
const ACTIONS: &[&str] = &["ACCEPT", "REJECT", "ACCEPT", "REJECT", "-", "DROP"];
const DIRECTIONS: &[&str] = &["ingress", "egress", "-"];
const INTERFACES: &[&str] = &["eni-1", "eni-2", "eni-3", "-"];
const TEXTS: &[&str] = &["i-1", "i-2", "-", "with,comma", "with\"quote", "caf\u{e9}", "--", "I-1"];

fn values(field: &str) -> &'static [&'static str] {
    match field {
        "srcaddr" | "dstaddr" | "src_ip" | "dst-ip" | "pkt-srcaddr" | "pkt-dstaddr" => ADDRESSES,
        "srcport" | "dstport" | "src_port" | "dst-port" => PORTS,
        "protocol" => PROTOCOLS,
        "version" | "packets" | "bytes" | "tcp-flags" | "traffic-path" => NUMBERS,
        "start" | "end" => TIMES,
        "log-status" => STATUS,
        "action" => ACTIONS,
        "flow-direction" => DIRECTIONS,
        "interface-id" => INTERFACES,
        _ => TEXTS,
    }
}

/// A line before it is known what layout it stands in; the numbers choose among the values.
#[derive(Clone, Debug)]
enum Line {
    Record(Vec<u8>),
    Header(usize),
    TooFew(Vec<u8>),
    TooMany(Vec<u8>),
    Blank(&'static str),
}

fn line() -> impl Strategy<Value = Line> {
    let picks = || vec(any::<u8>(), 29);
    prop_oneof![
        30 => picks().prop_map(Line::Record),
        1 => (0..LAYOUTS.len()).prop_map(Line::Header),
        1 => picks().prop_map(Line::TooFew),
        1 => picks().prop_map(Line::TooMany),
        1 => select(&["", " ", "   "][..]).prop_map(Line::Blank),
    ]
}

/// What the lines of a file have in common.
#[derive(Clone, Debug)]
struct Manner {
    layout: usize,
    header: bool,
    bom: bool,
    newline: &'static str,
    final_newline: bool,
    /// Where two spaces stand instead of one: at every so many.
    double: usize,
}

fn manner() -> impl Strategy<Value = Manner> {
    let newline = select(&["\n", "\n", "\r\n"][..]);
    (0..LAYOUTS.len(), prop::bool::weighted(0.8), prop::bool::weighted(0.1), newline, any::<bool>(), 0usize..60)
        .prop_map(|(layout, header, bom, newline, final_newline, double)| Manner {
            layout,
            header,
            bom,
            newline,
            final_newline,
            double,
        })
}

impl Manner {
    /// The text of a file; `assumed` are the fields of lines without a header.
    fn text(&self, lines: &[Line], assumed: &str, certain: bool) -> String {
        let mut layout = assumed;
        let mut out = Vec::new();
        if self.header {
            layout = LAYOUTS[self.layout];
            out.push(layout.to_string());
        } else if !certain {
            // Text without a header has to look like the default format.
            out.push(flow().line().trim_end().to_string());
        }
        for line in lines {
            let record = |picks: &[u8]| -> Vec<&str> {
                let chosen = layout.split_whitespace().zip(picks);
                chosen.map(|(field, pick)| values(field)[usize::from(*pick) % values(field).len()]).collect()
            };
            out.push(match line {
                Line::Record(picks) => record(picks).join(" "),
                Line::TooFew(picks) => record(picks)[1..].join(" "),
                Line::TooMany(picks) => record(picks).join(" ") + " more",
                Line::Blank(spaces) => spaces.to_string(),
                Line::Header(other) => {
                    layout = LAYOUTS[*other];
                    layout.to_string()
                }
            });
        }
        let mut text = out.join(self.newline);
        if self.final_newline {
            text.push_str(self.newline);
        }
        if self.double > 3 {
            let spaced = text.split(' ').enumerate();
            text =
                spaced.map(|(i, part)| format!("{}{part}", [" ", "  "][usize::from(i % self.double == 0)])).collect();
            text.remove(0);
        }
        if self.bom { format!("\u{feff}{text}") } else { text }
    }
}

fn packing() -> impl Strategy<Value = Packing> {
    prop_oneof![Just(Packing::Plain), Just(Packing::Gz), vec(any::<usize>(), 1..4).prop_map(Packing::Members),]
}

/// A file whose lines without a header are as `log_format` says.
pub fn log_file(log_format: Option<&'static str>) -> impl Strategy<Value = LogFile> {
    let assumed = super::oracle::assumed(log_format);
    (manner(), vec(line(), 0..25), packing()).prop_map(move |(manner, lines, packing)| LogFile {
        text: manner.text(&lines, &assumed, log_format.is_some()),
        packing,
    })
}

/// A few files, and the format of those without a header.
pub fn log() -> impl Strategy<Value = (Option<&'static str>, Vec<LogFile>)> {
    select(&FORMATS[..]).prop_flat_map(|format| (Just(format), vec(log_file(format), 1..5)))
}

impl LogFile {
    pub fn bytes(&self) -> Vec<u8> {
        match &self.packing {
            Packing::Plain => self.text.clone().into_bytes(),
            Packing::Gz => gzip(&self.text),
            Packing::Members(cuts) => members(&self.text, cuts),
        }
    }
}

/// The files as `0.log`, `1.log` and so on.
pub fn tree(files: &[LogFile]) -> Tree {
    let tree = Tree::new();
    for (i, file) in files.iter().enumerate() {
        tree.write(name(i), file.bytes());
    }
    tree
}

pub fn name(file: usize) -> String {
    format!("{file}.log")
}

const KEYS: &[&str] = &[
    "src-ip",
    "dst-ip",
    "src-port",
    "dst-port",
    "protocol",
    "protocol-number",
    "duration",
    "bpp",
    "interface-id",
    "instance-id",
    "account-id",
    "flow-direction",
    "action",
    "src-ip/24",
    "dst-ip/16/48",
    "src-ip/0/0",
    "start",
    "tcp-flags",
    "version",
    "log-status",
];

const MEASURES: &[&str] = &[
    "flows",
    "accepts",
    "rejects",
    "reject_pct",
    "packets",
    "bytes",
    "first_seen",
    "last_seen",
    "distinct(dst-port)",
    "distinct(src-ip)",
    "distinct(dst-ip/24/64)",
    "distinct(instance-id)",
    "distinct(duration)",
    "distinct(protocol)",
    "min(bytes)",
    "max(bytes)",
    "min(start)",
    "max(end)",
    "max(duration)",
    "min(src-port)",
    "avg(bytes)",
    "avg(duration)",
    "sum(bytes)",
    "sum(tcp-flags)",
    "sum(duration)",
    "max(protocol-number)",
    "bpp",
    "duration",
    "avg(bpp)",
    "min(bpp)",
    "distinct(bpp)",
    "p50(bytes)",
    "p95(bytes)",
    "p99.9(bytes)",
    "p0.1(packets)",
    "p33.3(duration)",
    "p100(start)",
    "p50(dst-port)",
    "p75(protocol)",
    "p90(bpp)",
];

/// A question for `top`.
#[derive(Clone, Debug)]
pub struct Question {
    pub keys: Vec<String>,
    pub agg: Vec<String>,
    pub sort: String,
    pub ascending: bool,
}

pub fn question() -> impl Strategy<Value = Question> {
    let names = |all: &'static [&'static str], count| {
        prop::sample::subsequence(all, count)
            .prop_shuffle()
            .prop_map(|names| names.into_iter().map(String::from).collect())
    };
    (names(KEYS, 1..=3), names(MEASURES, 1..=6), select(MEASURES), prop::bool::weighted(0.3))
        .prop_map(|(keys, agg, sort, ascending)| Question { keys, agg, sort: sort.to_string(), ascending })
}
