//! What whole objects and rows are: records, containers of them, or something else.

use super::held::{Held, Place};
use super::keys::{AGGREGATE, DISTINCT, EVENT, INSIGHTS, Key, Marks, OPEN_OBSERVE, Role, SUMO};
use super::level::Level;
use super::output::{Output, Shown};
use super::reader::JsonReader;
use super::scan::{Kind, Span};
use super::shape::{Shape, strings};
use super::unescape::unescape;
use super::values::{push_bare, push_text, push_token};
use super::{Broken, Form, Unwrap};
use crate::schema::escape;

/// The health probe of a subscription.
const CONTROL: &[u8] = b"CWL CONTROL MESSAGE:";

/// Keys that are named where a form is not known, and the longest name.
const NAMES: usize = 8;
const NAME: usize = 40;

/// The object around log events.
#[derive(Default)]
pub struct Record {
    /// What it holds, if it holds anything.
    pub holds: Option<Role>,
    pub group: Option<Vec<u8>>,
    /// Whether it is a control message, if it says so.
    pub control: Option<bool>,
    /// There is packed data in the element.
    pub packed: bool,
}

/// A row of Insights results.
#[derive(Default)]
pub struct Row {
    pub start: usize,
    pub pair: Pair,
    pairs: usize,
    texts: usize,
}

/// A field of a row.
#[derive(Default)]
pub struct Pair {
    name: Option<Place>,
    value: Option<(Kind, Place)>,
}

impl Pair {
    pub fn put(&mut self, key: &Key, kind: Kind, place: Place) {
        match key.role {
            Role::Name if kind == Kind::Text => self.name = Some(place),
            Role::Value => self.value = Some((kind, place)),
            _ => {}
        }
    }
}

impl Record {
    /// The object holds what `role` says.
    pub fn hold(&mut self, held: &Held, role: Role) {
        self.holds = Some(role);
        self.group = self.group.take().or_else(|| held.group.as_ref().map(|group| held.get(group).to_vec()));
    }

    /// Hands on a message without anything behind it.
    #[inline]
    pub fn message(&self, level: Level, marks: Marks, message: &[u8], out: &mut Output, sink: &mut impl Unwrap) {
        let form = match (level, self.holds) {
            (Level::Event, Some(Role::LogEvents)) => {
                if self.control == Some(true) || self.control.is_none() && message.starts_with(CONTROL) {
                    return;
                }
                Form::Subscription
            }
            (Level::Event, _) => Form::LogEvents,
            _ => form_of(marks),
        };
        out.message(form, self.group.as_deref(), message, b"", sink);
    }
}

/// The form of an object with a message.
fn form_of(marks: Marks) -> Form {
    [(OPEN_OBSERVE, Form::OpenObserve), (INSIGHTS, Form::Insights), (EVENT, Form::LogEvents), (SUMO, Form::Sumo)]
        .into_iter()
        .find(|(mark, _)| marks & mark != 0)
        .map_or(Form::Firehose, |(_, form)| form)
}

impl Held {
    /// Takes the values of an object whose shape is known; `false` if it has to be read step by step.
    pub fn take(&mut self, shape: &Shape, values: &[Span], text: &[u8]) -> bool {
        self.clear();
        (self.marks, self.foreign) = (shape.marks, shape.foreign);
        for &index in &shape.kept {
            let (key, span) = (shape.key(index), &values[index]);
            let start = self.end();
            let kind = match span.kind {
                Kind::Nested if key.extra == Some(0) && shape.level == Level::Record && text[span.start] == b'[' => {
                    let whole = strings(text, span, |part| {
                        if self.end() > start {
                            self.push(b",");
                        }
                        unescape(&text[part.start..part.end], self.text_mut())
                    });
                    if !whole {
                        return false;
                    }
                    Kind::Text
                }
                Kind::Text if span.escapes => {
                    if !unescape(&text[span.start..span.end], self.text_mut()) {
                        return false;
                    }
                    Kind::Text
                }
                Kind::Text => {
                    self.text_mut().extend_from_slice(&text[span.start + 1..span.end - 1]);
                    Kind::Text
                }
                kind => {
                    if kind == Kind::Bare {
                        self.text_mut().extend_from_slice(&text[span.start..span.end]);
                    }
                    kind
                }
            };
            let place = start..self.end();
            self.put(key, kind, place);
        }
        true
    }

    fn push_value(&self, kind: Kind, place: &Place, out: &mut Vec<u8>) {
        match kind {
            Kind::Text => push_token(self.get(place), out),
            Kind::Bare => push_bare(self.get(place), out),
            Kind::Nested => out.push(b'-'),
        }
    }
}

impl JsonReader {
    /// Notes the name of a key, in case that nothing else can be said of the object.
    pub(super) fn name(&mut self) {
        if self.names.len() <= NAMES {
            self.names.push(self.key_text[..self.key_text.len().min(NAME)].to_vec());
        }
    }

    /// Counts what is none of the records around it; an error where there were none.
    pub(super) fn odd(&mut self, why: &'static str, sink: &mut impl Unwrap) -> Result<(), Broken> {
        if self.known {
            self.out.malformed(why, sink);
            return Ok(());
        }
        let mut keys: Vec<String> = self.names.iter().take(NAMES).map(|name| escape(name)).collect();
        if self.names.len() > NAMES {
            keys.push("...".into());
        }
        let keys = if keys.is_empty() { "no keys".into() } else { format!("keys: {}", keys.join(", ")) };
        Err(Broken::Unknown { keys })
    }

    /// Hands on an object that is whole. `true` if others of its shape are worth recognising.
    pub(super) fn finish_object(&mut self, level: Level, sink: &mut impl Unwrap) -> Result<bool, Broken> {
        if level == Level::Record && self.record.holds.is_some() {
            self.known = true;
            return Ok(false);
        }
        if self.held.too_long {
            return self.too_long(sink);
        }
        if self.held.message.is_some() {
            self.known = true;
            self.finish_message(level, sink);
            return Ok(true);
        }
        if level == Level::Event {
            self.known |= self.held.marks & EVENT != 0;
            return self.odd("an event without a message", sink).map(|()| false);
        }
        if let Some(what) = self.held.foreign {
            if self.known {
                self.out.malformed("an object that is no record", sink);
                return Ok(false);
            }
            return Err(Broken::Foreign(what.name()));
        }
        if self.held.logged() >= 2 && self.held.marks & DISTINCT != 0 {
            self.known = true;
            self.finish_fields(Form::Objects, sink);
            return Ok(true);
        }
        self.odd("an object without a message or fields of flow logs", sink).map(|()| false)
    }

    fn too_long(&mut self, sink: &mut impl Unwrap) -> Result<bool, Broken> {
        self.known = true;
        self.out.malformed("longer than 1 MiB", sink);
        Ok(false)
    }

    fn finish_message(&mut self, level: Level, sink: &mut impl Unwrap) {
        let held = &self.held;
        let Some(place) = &held.message else { return };
        let message = held.get(place);
        if level == Level::Event {
            return self.record.message(level, held.marks, message, &mut self.out, sink);
        }
        let group = held.group.as_ref().map(|group| held.get(group));
        if !held.has_extras {
            return self.out.message(form_of(held.marks), group, message, b"", sink);
        }
        self.tail.clear();
        let tail = &mut self.tail;
        for extra in &held.extras {
            tail.push(b' ');
            match extra {
                Some((kind, place)) => held.push_value(*kind, place, tail),
                None => tail.push(b'-'),
            }
        }
        self.out.message(Form::Sumo, group, message, tail, sink);
    }

    /// Hands on the fields of an object or a row as a line.
    fn finish_fields(&mut self, form: Form, sink: &mut impl Unwrap) {
        let held = &self.held;
        self.out.add_fields(held.fields.iter().map(|(field, ..)| *field));
        self.out.say(form, None, Shown::Fields, sink);
        let Output { lines, fields, .. } = &mut self.out;
        for (i, column) in fields.iter().enumerate() {
            if i > 0 {
                lines.push(b' ');
            }
            // Mostly the fields stand in the order of the columns.
            let same = held.fields.get(i).filter(|(field, ..)| field == column);
            match same.or_else(|| held.fields.iter().find(|(field, ..)| field == column)) {
                Some((field, Kind::Text, place)) => push_text(field.kind(), held.get(place), lines),
                Some((_, kind, place)) => held.push_value(*kind, place, lines),
                None => lines.push(b'-'),
            }
        }
        self.out.end_line(sink);
    }

    /// Hands on a string among the records.
    pub(super) fn finish_text(&mut self, place: Place, sink: &mut impl Unwrap) -> Result<(), Broken> {
        self.known = true;
        if self.held.too_long {
            return self.too_long(sink).map(|_| ());
        }
        self.out.message(Form::LogEvents, None, self.held.get(&place), b"", sink);
        Ok(())
    }

    /// Takes a field of a row.
    pub(super) fn finish_pair(&mut self) {
        let Pair { name: Some(name), value: Some((kind, value)) } = std::mem::take(&mut self.row.pair) else { return };
        self.row.pairs += 1;
        if !self.held.too_long {
            let key = self.keys.find(self.held.get(&name));
            self.held.note(&key);
            self.held.put(&key, kind, value);
        }
    }

    /// Hands on a row of Insights, or an array with one message.
    pub(super) fn finish_row(&mut self, sink: &mut impl Unwrap) -> Result<(), Broken> {
        let texts = self.row.texts;
        if self.row.pairs == 0 && texts != 1 {
            return self.odd("a row without fields", sink);
        }
        self.known = true;
        if self.held.too_long {
            return self.too_long(sink).map(|_| ());
        }
        if let Some(place) = &self.held.message {
            let form = if texts > 0 { Form::LogEvents } else { Form::Insights };
            self.out.message(form, self.record.group.as_deref(), self.held.get(place), b"", sink);
        } else if self.held.marks & AGGREGATE != 0 {
            self.out.malformed("an aggregate of Insights, which is no record", sink);
        } else if self.held.logged() == 0 {
            self.out.malformed("a row of Insights without a field of flow logs", sink);
        } else {
            self.finish_fields(Form::Insights, sink);
        }
        Ok(())
    }

    /// Looks back at an event that a Lambda function receives.
    pub(super) fn finish_carrier(&mut self, sink: &mut impl Unwrap) -> Result<(), Broken> {
        match self.held.foreign {
            _ if self.record.packed => Ok(()),
            Some(what) if !self.known => Err(Broken::Foreign(what.name())),
            _ => self.odd("an event without data", sink),
        }
    }
}

impl Row {
    /// Takes an element that is no field.
    pub fn element(&mut self, kind: Kind, place: Place, held: &mut Held) {
        if kind == Kind::Text {
            self.texts += 1;
            held.message.get_or_insert(place);
        }
    }
}
