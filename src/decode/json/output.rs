//! What has been unwrapped, gathered until there is enough of it to hand over.

use super::keys::{self, Column};
use super::{Columns, Context, Form, Unwrap, inner};
use crate::schema::{Field, FieldName};

/// The columns of lines, without their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Logged,
    Extras,
    Fields,
}

impl Shown {
    fn of(tail: &[u8]) -> Shown {
        if tail.is_empty() { Shown::Logged } else { Shown::Extras }
    }
}

/// The lines, and what was said of them.
pub struct Output {
    pub lines: Vec<u8>,
    gather: usize,
    /// What the lines are in, if this is something unpacked.
    outer: Option<Form>,
    said: Option<(Form, Option<Vec<u8>>, Shown)>,
    /// The columns of flat objects: every one that an object had so far, in the order they were met.
    pub fields: Vec<Column>,
    has: u128,
    /// A message that was wrapped twice.
    scratch: Vec<u8>,
    /// Nobody wants to hear more.
    pub stopped: bool,
}

impl Output {
    pub fn new(gather: usize, outer: Option<Form>) -> Output {
        Output {
            lines: Vec::new(),
            gather,
            outer,
            said: None,
            fields: Vec::new(),
            has: 0,
            scratch: Vec::new(),
            stopped: false,
        }
    }

    pub fn begin(&mut self) {
        self.lines.clear();
        self.said = None;
        self.fields.clear();
        self.has = 0;
        self.stopped = false;
    }

    /// Says again what the next lines are, because somebody else has spoken; `false` if nothing was
    /// said.
    pub fn forget(&mut self) -> bool {
        self.said.take().is_some()
    }

    /// Tells what the next lines are, if that is news.
    #[inline]
    pub fn say(&mut self, form: Form, group: Option<&[u8]>, shown: Shown, sink: &mut impl Unwrap) {
        let form = self.outer.unwrap_or(form);
        match &self.said {
            Some((f, g, s)) if *f == form && *s == shown && g.as_deref() == group => {}
            _ => self.say_new(form, group, shown, sink),
        }
    }

    #[cold]
    fn say_new(&mut self, form: Form, group: Option<&[u8]>, shown: Shown, sink: &mut impl Unwrap) {
        self.flush(sink);
        if self.stopped {
            return;
        }
        let name = group.map(String::from_utf8_lossy);
        let columns = match shown {
            Shown::Logged => Columns::Logged,
            Shown::Extras => Columns::And(keys::EXTRAS.map(extra_name).into()),
            Shown::Fields => Columns::These(self.fields.iter().copied().map(FieldName::from).collect()),
        };
        sink.context(&Context { form, log_group: name.as_deref(), columns });
        self.said = Some((form, group.map(<[u8]>::to_vec), shown));
    }

    /// Adds columns of flat objects, where they are new.
    pub fn add_fields(&mut self, more: impl Iterator<Item = Column>) {
        for field in more {
            if self.has & field.bit() == 0 {
                self.has |= field.bit();
                self.fields.push(field);
                self.said = self.said.take().filter(|(_, _, shown)| *shown != Shown::Fields);
            }
        }
    }

    /// Adds the lines of a message, each with `tail` behind it. A message that is an object with a
    /// message gives that.
    #[inline]
    pub fn message(&mut self, form: Form, group: Option<&[u8]>, text: &[u8], tail: &[u8], sink: &mut impl Unwrap) {
        self.say(form, group, Shown::of(tail), sink);
        let text = trim(text);
        if text.first() == Some(&b'{') {
            return self.wrapped(text, tail, sink);
        }
        self.add(text, tail, sink);
    }

    #[inline]
    fn add(&mut self, text: &[u8], tail: &[u8], sink: &mut impl Unwrap) {
        if tail.is_empty() {
            self.lines.extend_from_slice(text);
            return self.end_line(sink);
        }
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                self.lines.extend_from_slice(line);
                self.lines.extend_from_slice(tail);
            }
            self.end_line(sink);
        }
    }

    fn wrapped(&mut self, text: &[u8], tail: &[u8], sink: &mut impl Unwrap) {
        let mut scratch = std::mem::take(&mut self.scratch);
        let found = inner::message(text, &mut scratch);
        self.add(if found { trim(&scratch) } else { text }, tail, sink);
        self.scratch = scratch;
    }

    /// Ends a line that was written to `lines`.
    #[inline]
    pub fn end_line(&mut self, sink: &mut impl Unwrap) {
        self.lines.push(b'\n');
        if self.lines.len() >= self.gather {
            self.flush(sink);
        }
    }

    /// Hands over what was gathered.
    pub fn flush(&mut self, sink: &mut impl Unwrap) {
        if !self.lines.is_empty() {
            if !self.stopped {
                self.stopped = !sink.lines(&self.lines);
            }
            self.lines.clear();
        }
    }

    /// Counts something that is no record.
    pub fn malformed(&mut self, why: &'static str, sink: &mut impl Unwrap) {
        self.flush(sink);
        if !self.stopped {
            sink.malformed(why);
        }
    }
}

/// The text without newlines at its end.
#[inline]
fn trim(text: &[u8]) -> &[u8] {
    match text.last() {
        Some(b'\n' | b'\r') => trim_newlines(text),
        _ => text,
    }
}

fn trim_newlines(mut text: &[u8]) -> &[u8] {
    while let Some((b'\n' | b'\r', rest)) = text.split_last() {
        text = rest;
    }
    text
}

/// The field that a key of Sumo Logic stands for.
fn extra_name(key: &str) -> FieldName {
    match key {
        "aws-region" => Field::Region.into(),
        key => FieldName::parse(key.as_bytes()),
    }
}
