//! The shape of objects, predicted from those before.
//!
//! An object mostly has the keys, the order and the white space of another one before it. Between
//! its values then stand the same bytes, which are compared at once, and only the ends of the values
//! have to be found. An object of another shape is read step by step, and its shape is learned.

use super::keys::{Foreign, Key, Marks, Role};
use super::level::Level;
use super::scan::{Kind, Span, skip_blank, value};
use memchr::memchr;

/// How many shapes are remembered.
const SHAPES: usize = 4;

/// An object with more members is read step by step.
pub const MEMBERS: usize = 96;

/// The longest object whose shape is learned, in bytes.
const LONGEST: usize = 64 << 10;

/// How many shapes may be learned in vain; each object that has one of them gives back one.
const CREDIT: u32 = 16;

/// The bytes between the values of an object.
pub struct Shape {
    pub level: Level,
    /// What stands before each value.
    before: Vec<(Box<[u8]>, Key)>,
    /// What stands behind the last.
    end: Box<[u8]>,
    /// The values that are kept.
    pub kept: Vec<usize>,
    /// The only value that matters, where this is a message.
    pub message: Option<usize>,
    pub marks: Marks,
    pub foreign: Option<Foreign>,
}

impl Shape {
    /// Finds the values of an object at `text[at]`; gives the place behind it if it has this shape.
    #[inline]
    fn find(&self, text: &[u8], mut at: usize, values: &mut Vec<Span>) -> Option<usize> {
        values.clear();
        for (before, _) in &self.before {
            if !text[at..].starts_with(before) {
                return None;
            }
            let span = value(text, at + before.len())?;
            at = span.end;
            values.push(span);
        }
        text[at..].starts_with(&self.end).then_some(at + self.end.len())
    }

    /// The message, if it is all that matters and stands there as it is, but for a newline at its end.
    #[inline]
    pub fn plain_message<'t>(&self, values: &[Span], text: &'t [u8]) -> Option<&'t [u8]> {
        let span = values.get(self.message?).filter(|span| span.kind == Kind::Text)?;
        let message = &text[span.start + 1..span.end - 1];
        // Escapes in what is kept are looked at, even where it is not needed.
        match self.kept.iter().filter(|index| values[**index].escapes).count() {
            0 => Some(message),
            1 if span.escapes => {
                let message = message.strip_suffix(b"\\n")?;
                memchr(b'\\', message).is_none().then_some(message)
            }
            _ => None,
        }
    }

    pub fn key(&self, index: usize) -> &Key {
        &self.before[index].1
    }
}

/// The shapes that were met.
#[derive(Default)]
pub struct Shapes {
    shapes: Vec<Shape>,
    last: usize,
    credit: u32,
    trace: Option<Trace>,
    /// The values of the object that was found last.
    values: Vec<Span>,
}

/// An object that is being read step by step: where it begins and its values are.
struct Trace {
    start: usize,
    values: Vec<(Key, usize, usize)>,
}

impl Shapes {
    pub fn begin(&mut self) {
        self.shapes.clear();
        self.trace = None;
        self.credit = CREDIT;
    }

    /// Finds the object at `text[at]`; gives its shape, its values and the place behind it.
    #[inline]
    pub fn find(&mut self, text: &[u8], at: usize, level: Level) -> Option<(&Shape, &[Span], usize)> {
        let count = self.shapes.len();
        for i in 0..count {
            let which = (self.last + i) % count;
            let shape = &self.shapes[which];
            if shape.level == level
                && let Some(end) = shape.find(text, at, &mut self.values)
            {
                self.last = which;
                self.credit = (self.credit + 1).min(CREDIT);
                return Some((&self.shapes[which], &self.values, end));
            }
        }
        None
    }

    /// An object begins.
    pub fn start(&mut self, at: usize) {
        self.trace = (self.credit > 0).then(|| Trace { start: at, values: Vec::new() });
    }

    /// What was begun is not to be learned.
    pub fn drop(&mut self) {
        self.trace = None;
    }

    /// A value of the object begins.
    pub fn value(&mut self, key: Key, at: usize) {
        match &mut self.trace {
            Some(trace) if trace.values.len() < MEMBERS => trace.values.push((key, at, 0)),
            _ => self.trace = None,
        }
    }

    /// It ends.
    pub fn value_end(&mut self, at: usize) {
        if let Some((_, _, end)) = self.trace.as_mut().and_then(|trace| trace.values.last_mut()) {
            *end = at;
        }
    }

    /// The object ends; if it was a `usual` one, its shape is learned.
    pub fn learn(
        &mut self,
        text: &[u8],
        end: usize,
        level: Level,
        marks: Marks,
        foreign: Option<Foreign>,
        usual: bool,
    ) {
        let Some(trace) = self.trace.take() else { return };
        if !usual || end - trace.start > LONGEST || trace.values.iter().any(|(key, ..)| key.role.may_hold()) {
            return;
        }
        self.credit -= 1;
        let mut at = trace.start;
        let mut before = Vec::new();
        for (key, start, end) in &trace.values {
            before.push((text[at..*start].into(), *key));
            at = *end;
        }
        let keys = || trace.values.iter().map(|(key, ..)| key).enumerate();
        let kept: Vec<usize> = keys().filter(|(_, key)| key.is_kept()).map(|(i, _)| i).collect();
        let mut messages = keys().filter(|(_, key)| key.role == Role::Message).map(|(i, _)| i);
        let first = messages.next();
        let busy = keys().any(|(_, key)| key.extra.is_some() || key.role == Role::LogGroup && level == Level::Record);
        let message = first.filter(|_| messages.next().is_none() && !busy);
        let shape = Shape { level, before, end: text[at..end].into(), kept, message, marks, foreign };
        if self.shapes.len() < SHAPES {
            self.shapes.push(shape);
        } else {
            // The one that was used last stays.
            self.last = (self.last + 1) % SHAPES;
            self.shapes[self.last] = shape;
        }
    }
}

/// Goes through an array of nothing but strings that is whole; `false` if it is something else, or
/// `each` says so.
pub fn strings(text: &[u8], array: &Span, mut each: impl FnMut(&Span) -> bool) -> bool {
    let mut at = skip_blank(text, array.start + 1);
    if at + 1 == array.end {
        return true;
    }
    while let Some(span) = value(text, at).filter(|span| span.kind == Kind::Text)
        && each(&span)
    {
        at = skip_blank(text, span.end);
        match text[at] {
            b',' => at = skip_blank(text, at + 1),
            _ => return at + 1 == array.end,
        }
    }
    false
}
