//! An obvious twin: it has the whole tree before it, and looks at it by `serde_json`. Random
//! documents, written in random ways, are read by both.

use super::tree::{Tree, documents, hand};
use super::*;
use crate::schema::Field;
use proptest::prelude::*;
use serde_json::Value;

/// What the twin tells; an error is `None`.
#[derive(Default)]
struct Twin {
    told: Vec<Told>,
    said: Option<Told>,
    columns: Vec<FieldName>,
    known: bool,
}

const MESSAGE: [&str; 2] = ["message", "@message"];
const EXTRAS: [&str; 5] = ["security-group-ids", "direction", "subnet-id", "vpc-id", "aws-region"];

impl Twin {
    fn lines(&mut self, form: Form, group: Option<&str>, columns: Columns, lines: &str) {
        let context = Told::Context(form, group.map(String::from), columns);
        if self.said.as_ref() != Some(&context) {
            self.told.push(context.clone());
            self.said = Some(context);
        }
        match self.told.last_mut() {
            Some(Told::Lines(text)) => text.push_str(lines),
            _ => self.told.push(Told::Lines(lines.into())),
        }
    }

    fn message(&mut self, form: Form, group: Option<&str>, text: &str, tail: &str) {
        let text = text.trim_end_matches(['\n', '\r']);
        let inner = serde_json::from_str::<Value>(text).ok().filter(Value::is_object);
        let inner = inner.as_ref().and_then(|object| object["message"].as_str());
        let text = inner.map_or(text, |text| text.trim_end_matches(['\n', '\r']));
        let lines = match tail {
            "" => format!("{text}\n"),
            tail => {
                text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)).fold(String::new(), |all, line| {
                    if line.is_empty() { format!("{all}\n") } else { format!("{all}{line}{tail}\n") }
                })
            }
        };
        let and = || {
            Columns::And(
                ["security-group-ids", "direction", "subnet-id", "vpc-id", "region"]
                    .map(|name| FieldName::parse(name.as_bytes()))
                    .into(),
            )
        };
        self.lines(form, group, if tail.is_empty() { Columns::Logged } else { and() }, &lines);
    }

    fn odd(&mut self, why: &'static str) -> Option<()> {
        self.known.then(|| self.told.push(Told::Malformed(why)))
    }

    fn document(&mut self, tree: &Tree) -> Option<()> {
        match tree {
            Tree::Array(items) => items.iter().try_for_each(|item| match item {
                Tree::Array(row) => self.row(row, None),
                item => self.top(item),
            }),
            tree => self.top(tree),
        }
    }

    fn top(&mut self, tree: &Tree) -> Option<()> {
        match tree {
            Tree::Text(text) => {
                self.known = true;
                self.message(Form::LogEvents, None, text, "");
                Some(())
            }
            Tree::Object(_) => self.record(tree),
            _ => None,
        }
    }

    fn record(&mut self, tree: &Tree) -> Option<()> {
        let (mut group, mut control, mut holds) = (None, None, false);
        for (key, value) in tree.members() {
            match (&key[..], value) {
                ("logGroup", Tree::Text(text)) => group = group.or(Some(&text[..])),
                ("messageType", Tree::Text(text)) => control = Some(text == "CONTROL_MESSAGE"),
                ("events", Tree::Array(events)) => {
                    holds = true;
                    events.iter().try_for_each(|event| self.event(event, group, Form::LogEvents, None))?;
                }
                ("logEvents", Tree::Array(events)) => {
                    holds = true;
                    events.iter().try_for_each(|event| self.event(event, group, Form::Subscription, control))?;
                }
                ("results", Tree::Array(rows)) => {
                    holds = true;
                    for row in rows {
                        match row {
                            Tree::Array(row) => self.row(row, group)?,
                            _ => self.odd("an element that is no object")?,
                        }
                    }
                }
                _ => {}
            }
        }
        if holds {
            self.known = true;
            return Some(());
        }
        if let Some(message) = tree.text_of(&MESSAGE) {
            self.known = true;
            let group = tree.text_of(&["logGroup"]);
            if tree.has(&EXTRAS) {
                let tail: String = EXTRAS.iter().map(|key| format!(" {}", extra(tree, key))).collect();
                self.message(Form::Sumo, group, message, &tail);
                return Some(());
            }
            let form = if tree.has(&["_timestamp"]) {
                Form::OpenObserve
            } else if tree.has(&["@message", "@ptr", "@log", "@logStream"]) {
                Form::Insights
            } else if tree.has(&["timestamp", "ingestionTime", "eventId", "logStreamName"]) {
                Form::LogEvents
            } else if tree.has(&["logGroup", "logStream"]) {
                Form::Sumo
            } else {
                Form::Firehose
            };
            self.message(form, group, message, "");
            return Some(());
        }
        if tree.has(&["userIdentity"]) {
            return self.odd("an object that is no record");
        }
        let fields = fields(tree.members().iter().map(|(key, value)| (&key[..], value)));
        let distinct = |(key, _): &(String, Tree)| {
            use Field::*;
            known(key).and_then(|name| name.known()).is_some_and(|field| {
                ![Version, AccountId, Region, Type, Start, End, Action, Protocol, Bytes, SubnetId, VpcId, Direction]
                    .contains(&field)
            })
        };
        if logged(&fields) >= 2 && tree.members().iter().any(distinct) {
            self.known = true;
            self.fields(Form::Objects, &fields);
            return Some(());
        }
        self.odd("an object without a message or fields of flow logs")
    }

    fn event(&mut self, tree: &Tree, group: Option<&str>, form: Form, control: Option<bool>) -> Option<()> {
        if !matches!(tree, Tree::Object(_)) {
            return self.odd("an element that is no object");
        }
        let Some(message) = tree.text_of(&MESSAGE) else {
            self.known |= tree.has(&["timestamp", "ingestionTime", "eventId", "logStreamName"]);
            return self.odd("an event without a message");
        };
        self.known = true;
        let is_control = message.starts_with("CWL CONTROL MESSAGE:");
        if form != Form::Subscription || !control.unwrap_or(is_control) {
            self.message(form, group, message, "");
        }
        Some(())
    }

    fn row(&mut self, row: &[Tree], group: Option<&str>) -> Option<()> {
        let texts: Vec<&str> = row.iter().filter_map(Tree::text).collect();
        let value =
            |pair: &Tree| pair.members().iter().rfind(|(key, _)| key == "value").map(|(_, value)| value.clone());
        let name = |pair: &Tree| {
            pair.members()
                .iter()
                .rev()
                .find_map(|(key, value)| value.text().filter(|_| key == "field").map(String::from))
        };
        let pairs: Vec<(String, Tree)> = row.iter().filter_map(|pair| Some((name(pair)?, value(pair)?))).collect();
        if pairs.is_empty() && texts.len() != 1 {
            return self.odd("a row without fields");
        }
        self.known = true;
        let mut messages = row.iter().filter_map(|element| match element {
            Tree::Text(text) => Some(text.clone()),
            pair => name(pair)
                .filter(|name| MESSAGE.contains(&&name[..]))
                .and_then(|_| value(pair)?.text().map(String::from)),
        });
        if let Some(message) = messages.next() {
            self.message(if texts.is_empty() { Form::Insights } else { Form::LogEvents }, group, &message, "");
        } else if pairs.iter().any(|(name, _)| name.contains('(')) {
            self.told.push(Told::Malformed("an aggregate of Insights, which is no record"));
        } else {
            let fields = fields(pairs.iter().map(|(name, value)| (&name[..], value)));
            if logged(&fields) == 0 {
                self.told.push(Told::Malformed("a row of Insights without a field of flow logs"));
            } else {
                self.fields(Form::Insights, &fields);
            }
        }
        Some(())
    }

    fn fields(&mut self, form: Form, fields: &[(FieldName, String)]) {
        for (field, _) in fields {
            if !self.columns.contains(field) {
                self.columns.push(field.clone());
            }
        }
        let value =
            |column: &FieldName| fields.iter().find(|(field, _)| field == column).map_or("-", |(_, value)| value);
        let line: Vec<&str> = self.columns.iter().map(value).collect();
        let columns = Columns::These(self.columns.clone());
        self.lines(form, None, columns, &format!("{}\n", line.join(" ")));
    }
}

fn known(key: &str) -> Option<FieldName> {
    Some(FieldName::parse(key.as_bytes())).filter(|name| name.is_ours() && key != EXTRAS[0])
}

/// The fields of an object, each once.
fn fields<'t>(members: impl Iterator<Item = (&'t str, &'t Tree)>) -> Vec<(FieldName, String)> {
    let mut fields: Vec<(FieldName, String)> = Vec::new();
    for (key, value) in members {
        if let Some(field) = known(key)
            && let Some(token) = token(value)
            && fields.iter().all(|(known, _)| *known != field)
        {
            let protocol = (field == Field::Protocol.into() && token == "tcp").then(|| "6".into());
            fields.push((field, protocol.unwrap_or(token)));
        }
    }
    fields
}

fn logged(fields: &[(FieldName, String)]) -> usize {
    fields.iter().filter(|(field, _)| field.known().is_some()).count()
}

fn token(tree: &Tree) -> Option<String> {
    Some(match tree {
        Tree::Null => "-".into(),
        Tree::Bool(value) => value.to_string(),
        Tree::Number(number) => number.strip_suffix(".0").unwrap_or(number).into(),
        Tree::Text(text) if text.is_empty() => "-".into(),
        Tree::Text(text) => text.replace('\x1f', "%1F").replace(' ', "\x1f").replace('\n', "%0A").replace('\r', "%0D"),
        Tree::Array(_) | Tree::Object(_) => return None,
    })
}

/// A value that Sumo Logic puts behind a message.
fn extra(tree: &Tree, key: &str) -> String {
    let value = tree.members().iter().find(|(name, _)| name == key).map(|(_, value)| value);
    match value {
        Some(Tree::Array(items)) if key == EXTRAS[0] => {
            let mut all = String::new();
            for text in items.iter().filter_map(Tree::text) {
                all += if all.is_empty() { "" } else { "," };
                all += text;
            }
            token(&Tree::Text(all)).unwrap_or_default()
        }
        Some(value) => token(value).unwrap_or("-".into()),
        None => "-".into(),
    }
}

proptest! {
    #[test]
    fn both_read_the_same_from_any_pieces(
        documents in documents(),
        mut hand in hand(),
        between in prop::sample::select(vec!["", "\n", ", ", "\r\n\r\n"]),
        sizes in prop::collection::vec(1usize..60, 1..8),
    ) {
        let mut text = String::new();
        let mut twin = Twin::default();
        let mut sound = Some(());
        // The first document makes the form known, so that odd ones do not end the reading.
        let first = Tree::Object(vec![("message".into(), Tree::Text("first".into()))]);
        for tree in [&first].into_iter().chain(&documents) {
            let start = text.len();
            hand.write(tree, &mut text);
            prop_assert_eq!(serde_json::from_str::<Value>(&text[start..]).expect("JSON"), tree.value());
            text.push_str(if matches!(tree, Tree::Object(_) | Tree::Array(_)) { between } else { " " });
            sound = sound.and_then(|()| twin.document(tree));
        }
        let limits = Limits { message: 4000, ..SMALL };
        let whole = read_pieces(text.as_bytes(), &[usize::MAX], limits);
        prop_assert_eq!(whole.1.is_ok(), sound.is_some(), "{:?}\n{}", whole, text);
        prop_assert_eq!(&whole.0, &twin.told, "{}", text);
        for sizes in [&sizes[..], &[1], &[500]] {
            prop_assert_eq!(&read_pieces(text.as_bytes(), sizes, limits), &whole, "{}", text);
        }
    }

    #[test]
    fn damaged_text_is_read_the_same_from_any_pieces(
        documents in documents(),
        mut hand in hand(),
        harm in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"{}[]\",:\\ux0 \xff".to_vec())), 0..4),
        cut in any::<prop::sample::Index>(),
        sizes in prop::collection::vec(1usize..60, 1..8),
    ) {
        let mut text = String::new();
        documents.iter().for_each(|tree| hand.write(tree, &mut text));
        let mut text = text.into_bytes();
        for (at, byte) in harm {
            if !text.is_empty() {
                let at = at.index(text.len());
                text[at] = byte;
            }
        }
        text.truncate(cut.index(2 * text.len() + 1));
        let whole = read_pieces(&text, &[usize::MAX], SMALL);
        for sizes in [&sizes[..], &[1], &[500]] {
            prop_assert_eq!(&read_pieces(&text, sizes, SMALL), &whole, "{}", String::from_utf8_lossy(&text));
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), size in 1usize..30) {
        let whole = read_pieces(&bytes, &[usize::MAX], SMALL);
        prop_assert_eq!(read_pieces(&bytes, &[size], SMALL), whole);
    }
}
