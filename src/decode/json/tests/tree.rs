//! Random documents, and random ways to write them.

use super::{A, CONTROL};
use proptest::prelude::*;
use serde_json::Value;

/// A value whose objects keep the order of their keys.
#[derive(Clone, Debug)]
pub enum Tree {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

/// How a document is written.
#[derive(Clone, Debug)]
pub struct Hand {
    /// White space between tokens, taken in turn.
    pub blanks: Vec<&'static str>,
    /// Which characters are written as escapes: of every so many, one.
    pub escapes: Option<usize>,
    pub turn: usize,
}

impl Hand {
    fn blank(&mut self, out: &mut String) {
        self.turn += 1;
        out.push_str(self.blanks[self.turn % self.blanks.len()]);
    }

    fn text(&mut self, text: &str, out: &mut String) {
        out.push('"');
        for (i, c) in text.chars().enumerate() {
            match self.escapes {
                Some(every) if i % every == 0 => {
                    c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| *out += &format!("\\u{unit:04x}"));
                }
                _ => {
                    let quoted = serde_json::to_string(&c.to_string()).expect("JSON");
                    out.push_str(&quoted[1..quoted.len() - 1]);
                }
            }
        }
        out.push('"');
    }

    pub fn write(&mut self, tree: &Tree, out: &mut String) {
        match tree {
            Tree::Null => out.push_str("null"),
            Tree::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Tree::Number(number) => out.push_str(number),
            Tree::Text(text) => self.text(text, out),
            Tree::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    self.blank(out);
                    self.write(item, out);
                    self.blank(out);
                }
                out.push(']');
            }
            Tree::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    self.blank(out);
                    self.text(key, out);
                    self.blank(out);
                    out.push(':');
                    self.blank(out);
                    self.write(value, out);
                    self.blank(out);
                }
                out.push('}');
            }
        }
    }
}

impl Tree {
    pub fn text(&self) -> Option<&str> {
        if let Tree::Text(text) = self { Some(text) } else { None }
    }

    /// The first value of a key that is a text.
    pub fn text_of(&self, keys: &[&str]) -> Option<&str> {
        self.members().iter().filter(|(key, _)| keys.contains(&&key[..])).find_map(|(_, value)| value.text())
    }

    pub fn members(&self) -> &[(String, Tree)] {
        if let Tree::Object(members) = self { members } else { &[] }
    }

    pub fn has(&self, keys: &[&str]) -> bool {
        self.members().iter().any(|(key, _)| keys.contains(&&key[..]))
    }

    /// The same without order and without all but the last value of a key.
    pub fn value(&self) -> Value {
        match self {
            Tree::Null => Value::Null,
            Tree::Bool(value) => (*value).into(),
            Tree::Number(number) => number.parse().map(Value::Number).expect("a number"),
            Tree::Text(text) => text[..].into(),
            Tree::Array(items) => items.iter().map(Tree::value).collect(),
            Tree::Object(members) => members.iter().map(|(key, value)| (key.clone(), value.value())).collect(),
        }
    }
}

const KEYS: [&str; 34] = [
    "message",
    "message",
    "message",
    "@message",
    "logGroup",
    "logStream",
    "timestamp",
    "_timestamp",
    "id",
    "srcaddr",
    "src_ip",
    "dstPort",
    "bytes",
    "protocol",
    "action",
    "dst_country",
    "srcAsn",
    "security-group-ids",
    "security-group-ids",
    "direction",
    "subnet-id",
    "vpc-id",
    "aws-region",
    "messageType",
    "extra \u{e9}",
    "events",
    "logEvents",
    "results",
    "packets",
    "logStatus",
    "field",
    "value",
    "eventId",
    "userIdentity",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(A.to_string()),
        2 => "[ -~]{0,20}",
        1 => "[a\"\\\\\n\r \u{e9}\u{1f600}]{0,12}",
        1 => Just(CONTROL.to_string()),
        1 => Just("CONTROL_MESSAGE".to_string()),
        1 => Just("tcp".to_string()),
        1 => "[ab]{0,3}".prop_map(|text| serde_json::json!({ "a": [1], "message": text }).to_string()),
    ]
}

fn scalar() -> impl Strategy<Value = Tree> {
    prop_oneof![
        6 => text().prop_map(Tree::Text),
        2 => (0u32..100_000).prop_map(|number| Tree::Number(number.to_string())),
        1 => (0u32..100_000).prop_map(|number| Tree::Number(format!("{number}.0"))),
        1 => any::<bool>().prop_map(Tree::Bool),
        1 => Just(Tree::Null),
    ]
}

fn any_tree() -> impl Strategy<Value = Tree> {
    scalar().prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Tree::Array),
            prop::collection::vec((prop::sample::select(&KEYS[..]), inner), 0..4).prop_map(|members| Tree::Object(
                members.into_iter().map(|(key, value)| (key.into(), value)).collect()
            )),
        ]
    })
}

/// Objects of a few shapes, in any order: the same keys with other values.
fn alike() -> impl Strategy<Value = Vec<Tree>> {
    let shape = prop::collection::vec(prop::sample::select(&KEYS[..]), 1..6);
    let shapes = prop::collection::vec(shape, 1..4);
    (shapes, prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(value(), 6)), 0..20)).prop_map(
        |(shapes, objects)| {
            let object = |(which, values): (prop::sample::Index, Vec<Tree>)| {
                let keys = which.get(&shapes).iter().map(|key| key.to_string());
                Tree::Object(keys.zip(values).collect())
            };
            objects.into_iter().map(object).collect()
        },
    )
}

fn value() -> impl Strategy<Value = Tree> {
    prop_oneof![8 => scalar(), 1 => any_tree(), 1 => prop::collection::vec(text().prop_map(Tree::Text), 0..3).prop_map(Tree::Array)]
}

fn row() -> impl Strategy<Value = Tree> {
    let name = prop::sample::select(vec!["@message", "@ptr", "srcAddr", "dstPort", "sum(bytes)", "other", "bytes"]);
    let pair = (name, scalar(), any::<bool>()).prop_map(|(name, value, turned)| {
        let mut members = vec![("field".to_string(), Tree::Text(name.into())), ("value".into(), value)];
        if turned {
            members.reverse();
        }
        Tree::Object(members)
    });
    prop::collection::vec(prop_oneof![12 => pair, 1 => any_tree()], 0..4).prop_map(Tree::Array)
}

/// A document: objects, an array of them, or an object that holds them among other members.
pub fn documents() -> impl Strategy<Value = Vec<Tree>> {
    let rows = prop::collection::vec(row(), 0..6).prop_map(|rows| ("results", rows));
    let events = (prop::sample::select(vec!["events", "logEvents"]), alike());
    let held =
        (prop_oneof![events, rows], prop::collection::vec((prop::sample::select(&KEYS[..]), value()), 0..4), 0..5usize);
    let holder = held.prop_map(|((key, items), mut members, at)| {
        members.insert(at.min(members.len()), (key, Tree::Array(items)));
        Tree::Object(members.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    });
    prop_oneof![
        4 => alike(),
        2 => alike().prop_map(|objects| vec![Tree::Array(objects)]),
        4 => prop::collection::vec(holder, 1..4),
        1 => prop::collection::vec(row(), 0..6).prop_map(|rows| vec![Tree::Array(rows)]),
        1 => prop::collection::vec(any_tree(), 0..4),
    ]
}

pub fn hand() -> impl Strategy<Value = Hand> {
    let blanks = prop_oneof![
        Just(vec![""]),
        Just(vec!["", " "]),
        Just(vec!["\n    "]),
        prop::collection::vec(prop::sample::select(vec!["", " ", "\n", "\r\n", "\t  "]), 1..50),
    ];
    let escapes = prop_oneof![3 => Just(None), 1 => (1usize..9).prop_map(Some)];
    (blanks, escapes).prop_map(|(blanks, escapes)| Hand { blanks, escapes, turn: 0 })
}
