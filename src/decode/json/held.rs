//! What is held of one object until it ends.

use super::keys::{Column, Foreign, Key, LOGGED, Marks, Role};
use super::scan::Kind;
use std::ops::Range;

/// Where a text stands among the held ones.
pub type Place = Range<usize>;

/// The members of an object that may be needed.
pub struct Held {
    /// Their texts, one behind the other.
    text: Vec<u8>,
    limit: usize,
    /// The texts did not fit.
    pub too_long: bool,
    pub message: Option<Place>,
    pub group: Option<Place>,
    /// What stands behind a message, by Sumo Logic.
    pub extras: [Option<(Kind, Place)>; 5],
    /// There is one of them.
    pub has_extras: bool,
    /// The first value of each column, in the order of the keys.
    pub fields: Vec<(Column, Kind, Place)>,
    has: u128,
    pub marks: Marks,
    pub foreign: Option<Foreign>,
}

impl Held {
    pub fn new(limit: usize) -> Held {
        Held {
            text: Vec::new(),
            limit,
            too_long: false,
            message: None,
            group: None,
            extras: Default::default(),
            has_extras: false,
            fields: Vec::new(),
            has: 0,
            marks: 0,
            foreign: None,
        }
    }

    /// Starts with another object.
    pub fn clear(&mut self) {
        self.text.clear();
        self.fields.clear();
        self.too_long = false;
        (self.message, self.group, self.foreign) = (None, None, None);
        (self.has, self.marks) = (0, 0);
        if std::mem::take(&mut self.has_extras) {
            self.extras = Default::default();
        }
    }

    /// Where the next text begins.
    pub fn end(&self) -> usize {
        self.text.len()
    }

    /// Adds to the last text.
    pub fn push(&mut self, part: &[u8]) {
        if self.text.len() + part.len() > self.limit {
            self.too_long = true;
        } else if !self.too_long {
            self.text.extend_from_slice(part);
        }
    }

    /// The texts, to add to the last one where it is known to fit.
    pub fn text_mut(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    pub fn get(&self, place: &Place) -> &[u8] {
        &self.text[place.clone()]
    }

    /// Notes that the object has a key.
    pub fn note(&mut self, key: &Key) {
        self.marks |= key.marks;
        self.foreign = [self.foreign, key.foreign].into_iter().flatten().min();
    }

    /// Notes the value of a key that is kept.
    pub fn put(&mut self, key: &Key, kind: Kind, place: Place) {
        match key.role {
            Role::Message if kind == Kind::Text && self.message.is_none() => self.message = Some(place.clone()),
            Role::LogGroup if kind == Kind::Text && self.group.is_none() => self.group = Some(place.clone()),
            _ => {}
        }
        if let Some(extra) = key.extra.map(usize::from)
            && self.extras[extra].is_none()
        {
            self.extras[extra] = Some((kind, place.clone()));
            self.has_extras = true;
        }
        if let Some(column) = key.column
            && kind != Kind::Nested
            && self.has & column.bit() == 0
        {
            self.has |= column.bit();
            self.fields.push((column, kind, place));
        }
    }

    /// How many fields of logs there are.
    pub fn logged(&self) -> u32 {
        (self.has & LOGGED).count_ones()
    }
}
