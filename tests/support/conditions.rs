//! Random conditions on records, as text for the program and as an obvious evaluation of their own.

use super::oracle::{Cell, Record};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::net::IpAddr;

#[derive(Clone, Debug)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Compare { field: &'static str, operator: Operator, value: (&'static str, u128) },
    Within { field: &'static str, ranges: Vec<(u128, u128)> },
    Networks { field: &'static str, outside: bool, networks: Vec<&'static str> },
    Texts { field: &'static str, outside: bool, texts: Vec<&'static str> },
    Like { field: &'static str, start: &'static str, end: &'static str },
    Has(Vec<(&'static str, u128)>),
    Exists(&'static str),
}

/// A comparison: its word, its sign, and which orders it takes.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    word: &'static str,
    sign: &'static str,
    takes: [bool; 3],
}

const OPERATORS: [Operator; 6] = [
    Operator { word: "eq", sign: "==", takes: [false, true, false] },
    Operator { word: "ne", sign: "!=", takes: [true, false, true] },
    Operator { word: "lt", sign: "<", takes: [true, false, false] },
    Operator { word: "le", sign: "<=", takes: [true, true, false] },
    Operator { word: "gt", sign: ">", takes: [false, false, true] },
    Operator { word: "ge", sign: ">=", takes: [false, true, true] },
];

/// The fields of a subject that is either side of a flow.
fn sides(field: &'static str) -> Vec<&'static str> {
    match field {
        "ip" => vec!["src-ip", "dst-ip"],
        "port" => vec!["src-port", "dst-port"],
        field => vec![field],
    }
}

fn bits(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("4{:032b}", u32::from(address)),
        IpAddr::V6(address) => format!("6{:0128b}", u128::from(address)),
    }
}

fn in_network(address: IpAddr, network: &str) -> bool {
    let (first, length) = network.split_once('/').unwrap_or((network, "128"));
    let first = bits(first.parse().expect("an address"));
    let length: usize = length.parse().expect("a length");
    bits(address).starts_with(&first[..first.len().min(length + 1)])
}

impl Condition {
    /// Whether a record meets it.
    pub fn holds(&self, record: &Record) -> bool {
        let number = |field: &&str| match record.key(field) {
            Some(Cell::Number(n) | Cell::Protocol(n) | Cell::Time(n)) => Some(n),
            _ => None,
        };
        match self {
            Condition::All(parts) => parts.iter().all(|part| part.holds(record)),
            Condition::Any(parts) => parts.iter().any(|part| part.holds(record)),
            Condition::Not(inner) => !inner.holds(record),
            Condition::Compare { field, operator, value } => {
                let holds =
                    |side: &&str| number(side).is_some_and(|n| operator.takes[(n.cmp(&value.1) as i8 + 1) as usize]);
                either(sides(field), operator.word == "ne", holds)
            }
            Condition::Within { field, ranges } => sides(field)
                .iter()
                .any(|side| number(side).is_some_and(|n| ranges.iter().any(|(first, last)| *first <= n && n <= *last))),
            Condition::Networks { field, outside, networks } => either(sides(field), *outside, |side| {
                record.ip(side).is_some_and(|address| networks.iter().any(|n| in_network(address, n)) != *outside)
            }),
            Condition::Texts { field, outside, texts } => {
                record.text(field).is_some_and(|text| texts.contains(&text) != *outside)
            }
            Condition::Like { field, start, end } => record
                .text(field)
                .is_some_and(|t| t.len() >= start.len() + end.len() && t.starts_with(start) && t.ends_with(end)),
            Condition::Has(flags) => number(&"tcp-flags").is_some_and(|n| flags.iter().all(|(_, bit)| n & bit != 0)),
            Condition::Exists(field) => sides(field).iter().any(|side| record.key(side).is_some()),
        }
    }

    /// As it is written; `words` for `and` rather than `&&`.
    pub fn text(&self, words: bool) -> String {
        let join = |parts: &[Condition], word: &str, sign: &str| {
            let parts: Vec<String> = parts.iter().map(|part| format!("({})", part.text(words))).collect();
            parts.join(&format!(" {} ", if words { word } else { sign }))
        };
        let set = |values: Vec<String>| format!("in {{{}}}", values.join(", "));
        match self {
            Condition::All(parts) => join(parts, "and", "&&"),
            Condition::Any(parts) => join(parts, "or", "||"),
            Condition::Not(inner) => format!("{}({})", if words { "not " } else { "!" }, inner.text(words)),
            Condition::Compare { field, operator, value } => match words {
                true => format!("{field} {} {}", operator.word, value.0),
                false => format!("{field}{}{}", operator.sign, value.0),
            },
            Condition::Within { field, ranges } => {
                format!("{field} {}", set(ranges.iter().map(|(first, last)| format!("{first}..{last}")).collect()))
            }
            Condition::Networks { field, outside: true, networks } => format!("{field} != {}", networks[0]),
            Condition::Networks { field, networks, .. } => {
                format!("{field} {}", set(networks.iter().map(|n| n.to_string()).collect()))
            }
            Condition::Texts { field, outside: true, texts } => format!("{field} != {:?}", texts[0]),
            Condition::Texts { field, texts, .. } => {
                format!("{field} {}", set(texts.iter().map(|text| format!("{text:?}")).collect()))
            }
            Condition::Like { field, start, end } => format!("{field} like \"{start}*{end}\""),
            Condition::Has(flags) => {
                let names: Vec<&str> = flags.iter().map(|(name, _)| *name).collect();
                format!("tcp-flags has {}", names.join("+"))
            }
            Condition::Exists(field) => format!("exists {field}"),
        }
    }
}

/// `!=` is of both sides, anything else of one of them.
fn either(sides: Vec<&'static str>, both: bool, holds: impl Fn(&&str) -> bool) -> bool {
    if both { sides.iter().all(&holds) } else { sides.iter().any(holds) }
}

const ADDRESSES: &[&str] = &["src-ip", "dst-ip", "ip", "pkt-src-ip"];
const NUMBERS: &[&str] = &["bytes", "packets", "duration", "version", "traffic-path", "tcp-flags"];
const NETWORKS: &[&str] =
    &["10.0.0.0/8", "10.0.0.1", "10.0.0.0/31", "0.0.0.0/0", "::/0", "2001:db8::/47", "::ffff:10.0.0.1", "9.0.0.1/32"];
const PLAIN: &[(&str, u128)] =
    &[("0", 0), ("1", 1), ("007", 7), ("40", 40), ("1.5K", 1500), ("59", 59), ("123456789012", 123_456_789_012)];
const TIMES: &[(&str, u128)] = &[
    ("1700000000", 1_700_000_000),
    ("2023-11-14T22:14:20", 1_700_000_060),
    ("1700003599000", 1_700_003_599),
    ("1970-01-01", 0),
];

fn leaf() -> impl Strategy<Value = Condition> {
    let compare = |fields: &'static [&'static str], values: &'static [(&'static str, u128)]| {
        (select(fields), select(&OPERATORS[..]), select(values))
            .prop_map(|(field, operator, value)| Condition::Compare { field, operator, value })
    };
    let range =
        select(&[0u128, 1, 22, 53, 443, 1024, 50000][..]).prop_flat_map(|first| (Just(first), first..first + 500));
    let outside = any::<bool>();
    let text = |field: &'static str, texts: &'static [&'static str]| {
        (any::<bool>(), vec(select(texts), 1..3)).prop_map(move |(outside, texts)| Condition::Texts {
            field,
            outside,
            texts,
        })
    };
    prop_oneof![
        2 => compare(NUMBERS, PLAIN),
        2 => compare(&["src-port", "dst-port", "port"], &[("0", 0), ("22", 22), ("443", 443), ("50000", 50000)]),
        1 => compare(&["protocol", "protocol-number"], &[("tcp", 6), ("17", 17), ("icmp", 1), ("253", 253)]),
        2 => compare(&["start", "end"], TIMES),
        1 => (select(&["src-port", "port", "bytes"][..]), vec(range, 1..12)).prop_map(|(field, ranges)| Condition::Within { field, ranges }),
        3 => (select(ADDRESSES), outside, vec(select(NETWORKS), 1..3))
            .prop_map(|(field, outside, networks)| Condition::Networks { field, outside, networks: networks[..if outside { 1 } else { networks.len() }].to_vec() }),
        2 => text("action", &["ACCEPT", "REJECT", "DROP"]),
        1 => text("instance-id", &["i-1", "with,comma", "with\"quote", "caf\u{e9}", "I-1"]),
        1 => text("log-status", &["OK", "NODATA", "SKIPDATA"]),
        1 => (select(&["interface-id", "instance-id", "action"][..]), select(&["", "eni-", "i-", "REJ"][..]), select(&["", "1", "T"][..]))
            .prop_map(|(field, start, end)| Condition::Like { field, start, end }),
        1 => vec(select(&[("fin", 1u128), ("syn", 2), ("rst", 4), ("ack", 16)][..]), 1..3).prop_map(Condition::Has),
        1 => select(&["src-ip", "ip", "port", "bytes", "instance-id", "duration"][..]).prop_map(Condition::Exists),
    ]
    .prop_map(|condition| match condition {
        Condition::Texts { field, outside: true, texts } => Condition::Texts { field, outside: true, texts: texts[..1].to_vec() },
        other => other,
    })
}

/// A condition of up to a dozen terms.
pub fn condition() -> impl Strategy<Value = Condition> {
    leaf().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::All),
            vec(inner.clone(), 2..4).prop_map(Condition::Any),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}
