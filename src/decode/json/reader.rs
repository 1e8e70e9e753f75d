//! Reads JSON step by step, whatever the pieces it comes in: where it stands between two bytes is a
//! few levels of arrays and objects around, and what comes next.

use super::held::{Held, Place};
use super::keys::{Key, Keys, LONGEST_KEY, Role};
use super::level::Level;
use super::output::Output;
use super::packed::Packed;
use super::records::{Record, Row};
use super::scan::{Kind, Skip, SkipError, begins_bare, is_bare, skip_blank};
use super::shape::Shapes;
use super::unescape::{BadEscape, Read, Unescape};
use super::{Broken, Form, Limits, Unwrap};
use crate::schema::BYTE_ORDER_MARK;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Value,
    /// A value, or the end of the array.
    FirstValue,
    /// A comma, or the end of the array or object.
    Comma,
    Key,
    /// A key, or the end of the object.
    FirstKey,
    Colon,
    Member,
    /// More of a key, of a text or bare value that is kept, of packed data, of what is left out.
    InKey,
    InText,
    InBare,
    InData,
    InSkip,
}

/// Takes the flow log lines out of JSON.
pub struct JsonReader {
    pub(super) limits: Limits,
    /// How many readers are around this one.
    pub(super) depth: u8,
    /// Bytes before this piece.
    before: u64,
    /// Bytes of a byte order mark.
    mark: usize,
    levels: Vec<Level>,
    next: Next,
    key: Key,
    pub(super) key_text: Vec<u8>,
    pub(super) keys: Keys,
    pub(super) unescape: Unescape,
    skip: Skip,
    /// The value that is being read.
    kind: Kind,
    start: usize,
    shapes: Shapes,
    pub(super) packed: Option<Box<Packed>>,
    /// The packed data is no good; the rest of it is left out.
    pub(super) spoilt: bool,
    /// The input cannot be read on.
    failed: bool,
    pub(super) held: Held,
    pub(super) record: Record,
    pub(super) row: Row,
    /// The form of the input is known.
    pub(super) known: bool,
    /// The first keys of an object, until then.
    pub(super) names: Vec<Vec<u8>>,
    /// What stands behind a message.
    pub(super) tail: Vec<u8>,
    pub(super) out: Output,
}

impl Default for JsonReader {
    fn default() -> JsonReader {
        JsonReader::new()
    }
}

impl JsonReader {
    /// A reader with the usual limits.
    pub fn new() -> JsonReader {
        JsonReader::build(Limits::default(), 0, None)
    }

    /// The same with other limits: for tests that cross them.
    pub fn with_limits(self, limits: Limits) -> JsonReader {
        JsonReader::build(limits, 0, None)
    }

    /// A reader of packed data.
    pub(super) fn nested(limits: Limits, depth: u8, outer: Form) -> JsonReader {
        JsonReader::build(limits, depth, Some(outer))
    }

    fn build(limits: Limits, depth: u8, outer: Option<Form>) -> JsonReader {
        let mut reader = JsonReader {
            limits,
            depth,
            before: 0,
            mark: 0,
            levels: Vec::new(),
            next: Next::Value,
            key: Key::default(),
            key_text: Vec::new(),
            keys: Keys::default(),
            unescape: Unescape::default(),
            skip: Skip::default(),
            kind: Kind::Bare,
            start: 0,
            shapes: Shapes::default(),
            packed: None,
            spoilt: false,
            failed: false,
            held: Held::new(limits.message),
            record: Record::default(),
            row: Row::default(),
            known: false,
            names: Vec::new(),
            tail: Vec::new(),
            out: Output::new(limits.gather, outer),
        };
        reader.begin();
        reader
    }

    /// Starts a new input.
    pub fn begin(&mut self) {
        self.out.begin();
        self.known = false;
        self.packed = None;
        self.shapes.begin();
        self.begin_nested();
    }

    /// The same, where the lines belong to those before.
    pub(super) fn begin_nested(&mut self) {
        (self.before, self.mark) = (0, 0);
        self.levels.clear();
        self.levels.push(Level::Stream);
        self.next = Next::Value;
        self.held.clear();
        self.record = Record::default();
        self.failed = false;
        self.names.clear();
        self.shapes.drop();
    }

    /// Reads a piece of the input.
    pub fn feed(&mut self, piece: &[u8], sink: &mut impl Unwrap) -> Result<(), Broken> {
        if self.out.stopped || self.failed || piece.is_empty() {
            return Ok(());
        }
        self.shapes.drop();
        let result = self.read(piece, sink);
        self.before += piece.len() as u64;
        self.out.flush(sink);
        self.failed = result.is_err();
        result
    }

    /// Ends the input.
    pub fn finish(&mut self, sink: &mut impl Unwrap) -> Result<(), Broken> {
        self.out.flush(sink);
        let whole = self.levels.len() == 1 && self.next == Next::Value && matches!(self.mark, 0 | 3);
        if whole || self.out.stopped || self.failed { Ok(()) } else { Err(Broken::Cut { offset: self.before }) }
    }

    fn read(&mut self, text: &[u8], sink: &mut impl Unwrap) -> Result<(), Broken> {
        let mut at = self.byte_order_mark(text)?;
        while at < text.len() && !self.out.stopped {
            at = match self.next {
                Next::InKey => self.read_key(text, at)?,
                Next::InText => self.read_text(text, at, sink)?,
                Next::InBare => self.read_bare(text, at, sink)?,
                Next::InData => self.unpack(text, at, sink)?,
                Next::InSkip => self.read_skip(text, at, sink)?,
                _ => match skip_blank(text, at) {
                    at if at < text.len() => self.step(text, at, sink)?,
                    at => at,
                },
            };
        }
        Ok(())
    }

    fn byte_order_mark(&mut self, text: &[u8]) -> Result<usize, Broken> {
        let mut at = 0;
        while self.mark < 3 && at < text.len() {
            if text[at] == BYTE_ORDER_MARK[self.mark] {
                self.mark += 1;
                at += 1;
            } else if self.mark == 0 {
                self.mark = 3;
            } else {
                return Err(self.syntax(at, "an object or an array"));
            }
        }
        Ok(at)
    }

    pub(super) fn offset(&self, at: usize) -> u64 {
        self.before + at as u64
    }

    pub(super) fn syntax(&self, at: usize, expected: &'static str) -> Broken {
        Broken::Syntax { offset: self.offset(at), expected }
    }

    fn level(&self) -> Level {
        self.levels.last().copied().unwrap_or(Level::Stream)
    }

    /// Reads what stands between texts and other values.
    fn step(&mut self, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        let level = self.level();
        match (self.next, text[at]) {
            (Next::Value, b',') if level == Level::Stream => {}
            (Next::FirstValue | Next::Comma, b']') if level.is_array() => self.end_array(at + 1, sink)?,
            (Next::FirstKey | Next::Comma, b'}') if !level.is_array() => self.end_object(text, at + 1, sink)?,
            (Next::Value | Next::FirstValue | Next::Member, _) => return self.begin_value(text, at, sink),
            (Next::Comma, b',') => self.next = if level.is_array() { Next::Value } else { Next::Key },
            (Next::Key | Next::FirstKey, b'"') => {
                self.key_text.clear();
                self.unescape = Unescape::default();
                self.next = Next::InKey;
            }
            (Next::Colon, b':') => self.next = Next::Member,
            (Next::Key | Next::FirstKey, _) => return Err(self.syntax(at, "a key")),
            (Next::Colon, _) => return Err(self.syntax(at, "a colon")),
            _ => return Err(self.syntax(at, "a comma or the end of what it is in")),
        }
        Ok(at + 1)
    }

    fn begin_value(&mut self, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        let level = self.level();
        if matches!(level, Level::Record | Level::Event) {
            self.shapes.value(self.key, at);
        }
        match text[at] {
            b'{' => match level.object(&self.key) {
                Some(inside) => return self.begin_object(inside, text, at, sink),
                None => self.begin_skip(Kind::Nested),
            },
            b'[' => match level.array(&self.key) {
                Some(inside) => {
                    self.begin_array(inside);
                    return Ok(at + 1);
                }
                None => self.begin_skip(Kind::Nested),
            },
            b'"' if level.keeps(&self.key) => {
                if matches!(level, Level::Stream | Level::Top) {
                    self.held.clear();
                }
                if level == Level::Groups && self.held.end() > self.row.start {
                    self.held.push(b",");
                }
                (self.kind, self.start) = (Kind::Text, self.held.end());
                self.unescape = Unescape::default();
                self.next = Next::InText;
                return Ok(at + 1);
            }
            b'"' if self.key.role == Role::Data && matches!(level, Level::Awslogs | Level::Kinesis) => {
                self.begin_data(self.offset(at))?;
                self.next = Next::InData;
                return Ok(at + 1);
            }
            b'"' => self.begin_skip(Kind::Text),
            byte if begins_bare(byte) && !matches!(level, Level::Stream | Level::Top) => {
                (self.kind, self.start) = (Kind::Bare, self.held.end());
                self.next = Next::InBare;
            }
            _ if matches!(level, Level::Stream | Level::Top) => {
                return Err(self.syntax(at, "an object or an array"));
            }
            _ => return Err(self.syntax(at, "a value")),
        }
        Ok(at)
    }

    fn begin_skip(&mut self, kind: Kind) {
        (self.kind, self.start) = (kind, self.held.end());
        self.skip = Skip::default();
        self.next = Next::InSkip;
    }

    fn begin_array(&mut self, level: Level) {
        match level {
            Level::Row => {
                self.held.clear();
                if self.level() == Level::Top {
                    self.record = Record::default();
                }
                self.row = Row::default();
            }
            Level::Groups => self.row.start = self.held.end(),
            Level::Events | Level::Rows | Level::Records => self.begin_container(),
            _ => {}
        }
        self.levels.push(level);
        self.next = Next::FirstValue;
    }

    /// The object turns out to hold records instead of being one.
    fn begin_container(&mut self) {
        self.shapes.drop();
        self.record.hold(&self.held, self.key.role);
        self.held.clear();
    }

    fn begin_object(&mut self, level: Level, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        match level {
            Level::Record | Level::Event => {
                if let Some(end) = self.predicted(level, text, at, sink)? {
                    return Ok(end);
                }
                self.held.clear();
                self.names.clear();
                self.shapes.start(at);
                if level == Level::Record {
                    self.record = Record::default();
                }
            }
            Level::Carrier => {
                self.held.clear();
                self.names.clear();
                self.record.packed = false;
            }
            Level::Awslogs => {
                self.known = true;
                self.begin_container();
            }
            Level::Kinesis => self.known = true,
            Level::Pair => self.row.pair = Default::default(),
            _ => {}
        }
        self.levels.push(level);
        self.next = Next::FirstKey;
        Ok(at + 1)
    }

    /// Reads objects of shapes that were met before; gives the place behind them if there are any.
    fn predicted(
        &mut self,
        level: Level,
        text: &[u8],
        mut at: usize,
        sink: &mut impl Unwrap,
    ) -> Result<Option<usize>, Broken> {
        let stream = self.level() == Level::Stream;
        if level == Level::Record {
            self.record = Record::default();
        }
        let mut found = None;
        while let Some((shape, values, end)) = self.shapes.find(text, at, level) {
            if end - at > self.limits.message {
                break;
            }
            if let Some(message) = shape.plain_message(values, text) {
                self.record.message(level, shape.marks, message, &mut self.out, sink);
            } else {
                if !self.held.take(shape, values, text) {
                    break;
                }
                self.finish_object(level, sink)?;
            }
            at = skip_blank(text, end);
            self.next = if stream { Next::Value } else { Next::Comma };
            while text.get(at) == Some(&b',') && (stream || self.next == Next::Comma) {
                self.next = Next::Value;
                at = skip_blank(text, at + 1);
            }
            found = Some(at);
            if self.out.stopped || self.next == Next::Comma || text.get(at) != Some(&b'{') {
                break;
            }
        }
        Ok(found)
    }

    fn read_key(&mut self, text: &[u8], at: usize) -> Result<usize, Broken> {
        let key = &mut self.key_text;
        let read = self.unescape.read(text, at, |part| {
            let room = LONGEST_KEY - key.len();
            key.extend_from_slice(&part[..part.len().min(room)]);
        });
        match read {
            Ok(Read::Part) => Ok(text.len()),
            Ok(Read::Whole(end)) => {
                self.key = self.keys.find(&self.key_text);
                let level = self.level();
                if matches!(level, Level::Record | Level::Event | Level::Carrier) {
                    self.held.note(&self.key);
                    if !self.known {
                        self.name();
                    }
                }
                self.next = Next::Colon;
                Ok(end)
            }
            Err(BadEscape(at)) => Err(self.syntax(at, "an escape")),
        }
    }

    fn read_text(&mut self, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        let held = &mut self.held;
        match self.unescape.read(text, at, |part| held.push(part)) {
            Ok(Read::Part) => Ok(text.len()),
            Ok(Read::Whole(end)) => {
                self.end_value(end, sink)?;
                Ok(end)
            }
            Err(BadEscape(at)) => Err(self.syntax(at, "an escape")),
        }
    }

    fn read_bare(&mut self, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        let end = text[at..].iter().position(|byte| !is_bare(*byte)).map_or(text.len(), |n| at + n);
        let level = self.level();
        if level.keeps(&self.key) && !level.is_array() {
            self.held.push(&text[at..end]);
        }
        if end < text.len() {
            self.end_value(end, sink)?;
        }
        Ok(end)
    }

    fn read_skip(&mut self, text: &[u8], at: usize, sink: &mut impl Unwrap) -> Result<usize, Broken> {
        match self.skip.read(text, at) {
            Ok(None) => Ok(text.len()),
            Ok(Some(end)) => {
                self.end_value(end, sink)?;
                Ok(end)
            }
            Err(SkipError::TooDeep(at)) => Err(Broken::TooDeep { offset: self.offset(at) }),
            Err(SkipError::Mismatch(at)) => Err(self.syntax(at, "the end of what was begun last")),
        }
    }

    /// What comes behind a value.
    pub(super) fn after_value(&mut self, end: usize) {
        let level = self.level();
        self.next = if level == Level::Stream { Next::Value } else { Next::Comma };
        if matches!(level, Level::Record | Level::Event) {
            self.shapes.value_end(end);
        }
    }

    fn end_value(&mut self, end: usize, sink: &mut impl Unwrap) -> Result<(), Broken> {
        let place: Place = self.start..self.held.end();
        match self.level() {
            level @ (Level::Record | Level::Event) => {
                if level == Level::Record && self.key.role == Role::Type && self.kind == Kind::Text {
                    self.record.control = Some(self.held.get(&place) == b"CONTROL_MESSAGE");
                }
                self.held.put(&self.key, self.kind, place);
            }
            Level::Stream | Level::Top => self.finish_text(place, sink)?,
            Level::Row => self.row.element(self.kind, place, &mut self.held),
            Level::Pair => self.row.pair.put(&self.key, self.kind, place),
            Level::Events | Level::Rows | Level::Records => self.odd("an element that is no object", sink)?,
            _ => {}
        }
        self.after_value(end);
        Ok(())
    }

    fn end_array(&mut self, end: usize, sink: &mut impl Unwrap) -> Result<(), Broken> {
        match self.levels.pop() {
            Some(Level::Row) => self.finish_row(sink)?,
            Some(Level::Groups) => {
                let place = self.row.start..self.held.end();
                self.held.put(&self.key, Kind::Text, place);
            }
            _ => {}
        }
        self.after_value(end);
        Ok(())
    }

    fn end_object(&mut self, text: &[u8], end: usize, sink: &mut impl Unwrap) -> Result<(), Broken> {
        match self.levels.pop() {
            Some(level @ (Level::Record | Level::Event)) => {
                let usual = self.finish_object(level, sink)?;
                self.shapes.learn(text, end, level, self.held.marks, self.held.foreign, usual);
            }
            Some(Level::Awslogs) if !self.record.packed => self.odd("an event without data", sink)?,
            Some(Level::Pair) => self.finish_pair(),
            Some(Level::Carrier) => self.finish_carrier(sink)?,
            _ => {}
        }
        self.after_value(end);
        Ok(())
    }
}
