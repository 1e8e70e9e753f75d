//! Filters: which records a question is about. An expression (or an option, which stands for one) is
//! read, its types are checked, and it is compiled to sets that columns are looked up in. The same
//! language selects rows of a result.

mod ast;
mod check;
mod error;
mod lex;
mod literal;
mod mask;
mod parse;
mod pattern;
mod predicate;
mod ranges;

pub use ast::{Element, Expr, Test, Word};
pub use check::{Names, Subject, Unit, World, check};
pub use error::ExprError;
pub use lex::Comparison;
pub use literal::{parse_size, vocabulary};
pub use mask::Mask;
pub use parse::parse;
pub use pattern::Pattern;
pub use predicate::{Predicate, Set};

use super::{Key, Measure};
use crate::schema::{Field, FieldName, Kind};
use std::ops::RangeInclusive;

/// Which records match.
#[derive(Clone, Debug)]
pub struct Filter {
    predicate: Predicate<Key>,
    /// Fields that only a header can make known, and what to say if none does.
    unknown: Vec<(FieldName, ExprError)>,
}

/// Two filters are the same however they are written.
impl PartialEq for Filter {
    fn eq(&self, other: &Filter) -> bool {
        self.predicate == other.predicate
    }
}

/// What is known of the records of a file before it is opened.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    pub account: Option<&'a str>,
    pub region: Option<&'a str>,
    /// Their starts and ends lie within, in seconds since the epoch.
    pub times: Option<RangeInclusive<u64>>,
}

impl Filter {
    /// Reads an expression on the fields of a record.
    pub fn parse(text: &str, world: &World<'_>) -> Result<Filter, ExprError> {
        Filter::of(text, &parse(text)?, world)
    }

    /// Checks an expression that was made from `text`.
    pub fn of(text: &str, expr: &Expr, world: &World<'_>) -> Result<Filter, ExprError> {
        let predicate = check::check(text, expr, &RecordFields, world)?;
        let mut unknown = Vec::new();
        expr.subjects(&mut |subject| unknown.extend(unknown_field(text, subject)));
        Ok(Filter { predicate, unknown })
    }

    /// The records whose `field` is at or after a time, in seconds since the epoch.
    pub fn since(field: Field, seconds: u64) -> Filter {
        let later = Set::Numbers(ranges::Ranges::of([(i128::from(seconds), i128::MAX)]));
        Filter { predicate: Predicate::Is(field.into(), later), unknown: vec![] }
    }

    /// The records that match all of some filters; `None` where there is no filter.
    pub fn all(mut filters: Vec<Filter>) -> Option<Filter> {
        match filters.len() {
            0 => None,
            1 => filters.pop(),
            _ => {
                let unknown = filters.iter_mut().flat_map(|filter| std::mem::take(&mut filter.unknown)).collect();
                let predicate = Predicate::All(filters.into_iter().map(|filter| filter.predicate).collect());
                Some(Filter { predicate, unknown })
            }
        }
    }

    /// The fields it reads.
    pub fn fields(&self) -> Vec<FieldName> {
        let mut fields = Vec::new();
        self.predicate.subjects(&mut |key| fields.extend(key.fields()));
        fields
    }

    /// Fields that only a header can make known, and what to say if none does.
    pub fn unknown(&self) -> &[(FieldName, ExprError)] {
        &self.unknown
    }

    /// The filter for columns that hold `fields`.
    pub fn bind(&self, fields: &[FieldName]) -> Mask {
        Mask::new(&self.predicate, fields)
    }

    /// Whether a file may have records that match.
    pub fn may_match(&self, known: &Known<'_>) -> bool {
        self.predicate.may_hold(&|key, set| {
            let text = |known: Option<&str>| known.is_none_or(|text| set.has_text(text.as_bytes()));
            match (key, set) {
                (Key::Field(FieldName::Known(Field::AccountId)), _) => text(known.account),
                (Key::Field(FieldName::Known(Field::Region)), _) => text(known.region),
                (Key::Field(FieldName::Known(Field::Start | Field::End)), Set::Numbers(ranges)) => {
                    known.times.as_ref().is_none_or(|t| ranges.meets((*t.start()).into(), (*t.end()).into()))
                }
                _ => true,
            }
        })
    }

    /// Whether it asks for the account or the region of a record, which paths can tell.
    pub fn reads(&self, field: Field) -> bool {
        self.fields().contains(&FieldName::Known(field))
    }
}

/// A subject that is no field of the table.
fn unknown_field(text: &str, subject: &Word) -> Option<(FieldName, ExprError)> {
    let found = RecordFields.find(&subject.text).ok()?;
    let [Subject { id: Key::Field(field @ FieldName::Other(_)), .. }] = &found[..] else { return None };
    let name = &subject.text;
    let why = match Measure::parse(name) {
        Ok(_) => format!("'{name}' is no field but a measure: conditions on measures go to --having"),
        Err(_) => {
            format!("unknown field '{name}', and no header of the input has it; `vpcflow top --help` lists the fields")
        }
    };
    Some((field.clone(), ExprError::new(text, subject.span.clone(), why)))
}

/// The fields of a record, what is derived from them, and `ip` and `port` for either side.
struct RecordFields;

impl Names for RecordFields {
    type Id = Key;

    fn find(&self, name: &str) -> Result<Vec<Subject<Key>>, String> {
        let keys = match name.to_lowercase().as_str() {
            "ip" => vec![Field::SrcIp.into(), Field::DstIp.into()],
            "port" => vec![Field::SrcPort.into(), Field::DstPort.into()],
            _ => vec![Key::parse(name).map_err(|error| error.0)?],
        };
        if matches!(keys[..], [Key::Network { .. }]) {
            let field = name.split('/').next().unwrap_or_default();
            return Err(format!("expected a field; for a network write '{field} in 10.0.0.0/8'"));
        }
        let subject = |key: Key| {
            let field = match &key {
                Key::Field(FieldName::Known(field)) => Some(*field),
                _ => None,
            };
            let kind = if key == Key::ProtocolNumber { Kind::Protocol } else { key.kind() };
            let known = !matches!(key, Key::Field(FieldName::Other(_)));
            let unit = if key == Key::Duration { Unit::Seconds } else { Unit::Plain };
            let words = match &key {
                Key::Field(FieldName::Enriched(field)) => field.words(),
                _ => field.map_or(&[][..], vocabulary),
            };
            let codes = matches!(&key, Key::Field(FieldName::Enriched(field)) if field.is_code());
            Subject { kind, id: key, places: 0, unit, known, field, words, codes }
        };
        Ok(keys.into_iter().map(subject).collect())
    }
}

#[cfg(test)]
mod tests;
