//! Types are checked before anything is read: names become subjects, words become values of the
//! subject's type.

use super::ExprError;
use super::ast::{Element, Expr, Test, Word};
use super::lex::Comparison;
use super::literal::{self, Number, TIMES, compared};
use super::pattern::Pattern;
use super::predicate::{Predicate, Set, Texts};
use super::ranges::Ranges;
use crate::query::Measure;
use crate::schema::{Field, Kind, closest, iana, parse_span, parse_tcp_flags, parse_time, tcp_flag_names};
use std::borrow::Cow;
use std::net::IpAddr;

/// What numbers count, and so how they may be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    #[default]
    Plain,
    /// Seconds: `90`, `5m`, `1h30m`.
    Seconds,
    /// Parts of a whole, 0 to 1: `0.01`, `1%`.
    Share,
    /// Hundredths, 0 to 100: `50`, `50%`.
    Percent,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub struct Subject<S> {
    pub id: S,
    pub kind: Kind,
    /// Decimals of its numbers.
    pub places: u32,
    /// What its numbers count.
    pub unit: Unit,
    /// Not only a header makes it known.
    pub known: bool,
    /// The field it is, where its values have names of their own.
    pub field: Option<Field>,
    /// The values it can have, where they are few.
    pub words: &'static [&'static str],
    /// Its values are two capital letters.
    pub codes: bool,
}

/// The names that an expression can use.
pub trait Names {
    type Id: Clone;
    /// What a name stands for: one subject, or both sides of a flow. An error says what was expected.
    fn find(&self, name: &str) -> Result<Vec<Subject<Self::Id>>, String>;
}

/// What an expression can refer to outside itself.
pub struct World<'a> {
    /// Seconds since the epoch; ages count back from here.
    pub now: u64,
    /// Reads a file of values.
    pub read: &'a dyn Fn(&str) -> Result<String, String>,
}

/// Checks an expression; `text` is what its words stand in.
pub fn check<N: Names>(text: &str, expr: &Expr, names: &N, world: &World<'_>) -> Result<Predicate<N::Id>, ExprError> {
    let all = |parts: &[Expr]| parts.iter().map(|part| check(text, part, names, world)).collect::<Result<Vec<_>, _>>();
    Ok(match expr {
        Expr::And(parts) => Predicate::All(all(parts)?),
        Expr::Or(parts) => Predicate::Any(all(parts)?),
        Expr::Not(inner) => Predicate::Not(Box::new(check(text, inner, names, world)?)),
        Expr::Test { subject, test } => {
            let found = names.find(&subject.text).map_err(|why| ExprError::new(text, subject.span.clone(), why))?;
            let tests = found.into_iter().map(|found| {
                let checker = Checker { text, name: subject, subject: &found, world };
                Ok(Predicate::Is(found.id.clone(), checker.set(test)?))
            });
            let mut tests = tests.collect::<Result<Vec<_>, _>>()?;
            match test {
                _ if tests.len() == 1 => tests.remove(0),
                // Neither side is it.
                Test::Compare(Comparison::NotEqual, _) => Predicate::All(tests),
                _ => Predicate::Any(tests),
            }
        }
    })
}

struct Checker<'a, S> {
    text: &'a str,
    name: &'a Word,
    subject: &'a Subject<S>,
    world: &'a World<'a>,
}

/// Members of a set, gathered.
#[derive(Default)]
struct Members {
    numbers: Vec<(i128, i128)>,
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
    texts: Texts,
}

impl<S> Checker<'_, S> {
    fn error(&self, word: &Word, message: impl Into<String>) -> ExprError {
        ExprError::new(self.text, word.span.clone(), message)
    }

    fn set(&self, test: &Test) -> Result<Set, ExprError> {
        match test {
            Test::Exists => Ok(Set::Present),
            Test::Has(flags) => self.has(flags),
            Test::Like(pattern) => self.like(pattern),
            Test::Compare(comparison, value) => self.compare(*comparison, value),
            Test::In(elements) => {
                let mut members = Members::default();
                for element in elements {
                    self.add(element, &mut members)?;
                }
                Ok(self.finish(members))
            }
        }
    }

    fn finish(&self, members: Members) -> Set {
        match self.subject.kind {
            Kind::Ip => Set::Addresses { v4: Ranges::of(members.v4), v6: Ranges::of(members.v6) },
            Kind::Text => Set::Texts(members.texts),
            _ => Set::Numbers(Ranges::of(members.numbers)),
        }
    }

    fn has(&self, flags: &Word) -> Result<Set, ExprError> {
        if self.subject.field != Some(Field::TcpFlags) {
            return Err(self.error(self.name, format!("'has' is for tcp-flags, not for {}", self.name.text)));
        }
        parse_tcp_flags(&flags.text).map(Set::Flags).ok_or_else(|| {
            let names: Vec<&str> = tcp_flag_names(u64::MAX).collect();
            self.error(flags, format!("expected TCP flags ({}), several joined by '+'", names.join(", ")))
        })
    }

    fn like(&self, pattern: &Word) -> Result<Set, ExprError> {
        let kind = self.subject.kind;
        if !matches!(kind, Kind::Text | Kind::Protocol) {
            let instead = match kind {
                Kind::Ip => "a network: in 10.0.0.0/8",
                _ => "a range: in {1..1023}",
            };
            let name = &self.name.text;
            return Err(self.error(
                self.name,
                format!("'like' is for text, and {name} is of type {}; use {instead}", kind.name()),
            ));
        }
        let wrong = |why| self.error(pattern, format!("not a pattern: {why}"));
        let glob = Pattern::new(&pattern.text).map_err(wrong)?;
        if kind == Kind::Text {
            return Ok(Set::Texts(Texts { patterns: vec![glob], ..Texts::default() }));
        }
        let matching =
            (0..=u8::MAX).filter(|n| iana::protocol_name(*n).is_some_and(|name| glob.matches(name.as_bytes())));
        Ok(Set::Numbers(Ranges::of(matching.map(|n| (n.into(), n.into())))))
    }

    fn compare(&self, comparison: Comparison, value: &Word) -> Result<Set, ExprError> {
        let equal = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let outside = comparison == Comparison::NotEqual;
        match self.subject.kind {
            Kind::Text if !equal && !self.subject.known => {
                let name = &self.name.text;
                let what = match Measure::parse(name) {
                    Ok(_) => "it is a measure: conditions on measures go to --having",
                    Err(_) => "fields that only a header names are text, which has no order",
                };
                Err(self.error(self.name, format!("unknown field '{name}'; {what}")))
            }
            Kind::Ip | Kind::Text if !equal => {
                let instead = if self.subject.kind == Kind::Ip { "a range: in {10.0.0.1..10.0.0.9}" } else { "like" };
                let symbol = comparison.symbol();
                let kind = self.subject.kind.name();
                Err(self.error(
                    value,
                    format!(
                        "'{symbol}' is for numbers and times, and {} is of type {kind}; use {instead}",
                        self.name.text
                    ),
                ))
            }
            Kind::Ip => {
                let mut members = Members::default();
                self.add_one(value, &mut members)?;
                let (v4, v6) = (Ranges::of(members.v4), Ranges::of(members.v6));
                Ok(match outside {
                    true => Set::Addresses { v4: v4.complement(0, u32::MAX), v6: v6.complement(0, u128::MAX) },
                    false => Set::Addresses { v4, v6 },
                })
            }
            Kind::Text => {
                let mut members = Members::default();
                self.add_one(value, &mut members)?;
                Ok(Set::Texts(Texts { outside, ..members.texts }))
            }
            _ => Ok(Set::Numbers(compared(comparison, self.number(value)?, self.subject.places))),
        }
    }

    fn add(&self, element: &Element, members: &mut Members) -> Result<(), ExprError> {
        match element {
            Element::One(word) => self.add_one(word, members),
            Element::Range(first, last) => self.add_range(first, last, members),
            Element::File(path) => self.add_file(path, members),
        }
    }

    fn add_one(&self, word: &Word, members: &mut Members) -> Result<(), ExprError> {
        self.refuse_dash(word)?;
        if word.text.is_empty() {
            return Err(self.error(word, "expected a value"));
        }
        match self.subject.kind {
            Kind::Ip => match literal::network(&word.text).ok_or_else(|| self.expected(word))? {
                (IpAddr::V4(first), IpAddr::V4(last)) => members.v4.push((first.to_bits(), last.to_bits())),
                (IpAddr::V6(first), IpAddr::V6(last)) => members.v6.push((first.to_bits(), last.to_bits())),
                _ => return Err(self.expected(word)),
            },
            Kind::Text => _ = members.texts.listed.insert(self.canonical(word)?.as_bytes().into()),
            _ => members.numbers.extend(compared(Comparison::Equal, self.number(word)?, self.subject.places).all()),
        }
        Ok(())
    }

    fn refuse_dash(&self, word: &Word) -> Result<(), ExprError> {
        match word.text == "-" && !word.quoted {
            true => Err(self.error(word, format!("'-' is no value; write 'not exists {}'", self.name.text))),
            false => Ok(()),
        }
    }

    fn add_range(&self, first: &Word, last: &Word, members: &mut Members) -> Result<(), ExprError> {
        let order = |ordered: bool| {
            let both = Word { span: first.span.start..last.span.end, ..first.clone() };
            if ordered { Ok(()) } else { Err(self.error(&both, "the range ends before it begins")) }
        };
        match self.subject.kind {
            Kind::Text => Err(self
                .error(first, format!("ranges are for numbers, times and addresses, and {} is text", self.name.text))),
            Kind::Ip => {
                let address =
                    |word: &Word| crate::decode::parse_ip(word.text.as_bytes()).ok_or_else(|| self.expected(word));
                match (address(first)?, address(last)?) {
                    (IpAddr::V4(a), IpAddr::V4(b)) => members.v4.push((a.to_bits(), b.to_bits())),
                    (IpAddr::V6(a), IpAddr::V6(b)) => members.v6.push((a.to_bits(), b.to_bits())),
                    _ => return Err(self.error(last, "expected an address of the same family as the first")),
                }
                order(address(first)? <= address(last)?)
            }
            _ => {
                let (least, exact) = self.number(first)?.floor(self.subject.places);
                let (most, _) = self.number(last)?.floor(self.subject.places);
                members.numbers.push((if exact { least } else { least + 1 }, most));
                order(least <= most)
            }
        }
    }

    /// One value a line; `#` begins a comment.
    fn add_file(&self, path: &Word, members: &mut Members) -> Result<(), ExprError> {
        let content = (self.world.read)(&path.text).map_err(|why| self.error(path, format!("{}: {why}", path.text)))?;
        for (i, line) in content.trim_start_matches('\u{feff}').lines().enumerate() {
            let value = line.split('#').next().unwrap_or_default().trim();
            if value.is_empty() {
                continue;
            }
            let at = |message: &str| self.error(path, format!("{}:{}: {message}, found '{value}'", path.text, i + 1));
            let word = Word { text: value.into(), quoted: self.subject.kind == Kind::Text, span: 0..0 };
            let added = match Element::of(word) {
                Element::File(_) => return Err(at("expected a value")),
                element => self.add(&element, members),
            };
            added.map_err(|error| at(error.message()))?;
        }
        Ok(())
    }

    /// A text in AWS's spelling, where the field has few values; anything else is as it is written.
    fn canonical<'w>(&self, word: &'w Word) -> Result<Cow<'w, str>, ExprError> {
        if self.subject.codes {
            let is_one = word.text.len() == 2 && word.text.bytes().all(|b| b.is_ascii_alphabetic());
            return match is_one {
                true => Ok(word.text.to_ascii_uppercase().into()),
                false if word.quoted => Ok(word.text.as_str().into()),
                false => Err(self.error(word, "expected a code of two letters such as DE")),
            };
        }
        let known = self.subject.words;
        if let Some(same) = known.iter().find(|known| known.eq_ignore_ascii_case(&word.text)) {
            return Ok((*same).into());
        }
        let is_near = |known: &&&str| closest(&word.text, [known.to_lowercase().as_str()]).is_some();
        if let Some(near) = known.iter().find(is_near) {
            return Err(self.error(word, format!("expected {}; did you mean '{near}'?", known.join(" or "))));
        }
        if !word.quoted && !known.is_empty() {
            return Err(self.error(
                word,
                format!("expected {}; in an expression, quotes allow for any other text", known.join(" or ")),
            ));
        }
        if !word.quoted && Pattern::is_one(&word.text) {
            return Err(self.error(word, "this compares whole texts; for a pattern use 'like', else put it in quotes"));
        }
        Ok(word.text.as_str().into())
    }

    fn number(&self, word: &Word) -> Result<Number, ExprError> {
        self.refuse_dash(word)?;
        let text = &word.text;
        let limited = |most: u64| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            text.parse().ok().filter(|number| digits && *number <= most).map(Number::whole)
        };
        let number = match self.subject.kind {
            Kind::Port => limited(65535),
            Kind::Protocol => literal::protocol(text).map(Number::whole),
            Kind::Time => parse_time(text, self.world.now).map(Number::time),
            _ if self.subject.unit == Unit::Seconds => {
                parse_span(text).map(Number::whole).or_else(|| Number::parse(text))
            }
            _ if self.subject.unit == Unit::Share && text.ends_with('%') => {
                text.strip_suffix('%').and_then(Number::parse).map(Number::percent)
            }
            _ if self.subject.unit == Unit::Percent => Number::parse(text.strip_suffix('%').unwrap_or(text)),
            _ => Number::parse(text).or_else(|| {
                let flags = (self.subject.field == Some(Field::TcpFlags)).then(|| parse_tcp_flags(text)).flatten();
                flags.map(Number::whole)
            }),
        };
        number.ok_or_else(|| self.expected(word))
    }

    fn expected(&self, word: &Word) -> ExprError {
        let what = match self.subject.kind {
            Kind::Ip => "an IP address or a network such as 10.0.0.0/8".to_string(),
            Kind::Port => match iana::ports_of(&word.text).first() {
                Some(port) => format!("a port (0 to 65535); {} is {port}", word.text.to_lowercase()),
                None => "a port (0 to 65535)".to_string(),
            },
            Kind::Protocol => {
                let all = (0..=u8::MAX).filter_map(iana::protocol_name);
                let near = closest(&word.text, ["tcp", "udp", "icmp"]).or_else(|| closest(&word.text, all));
                let near = near.map(|near| format!("; did you mean '{near}'?"));
                format!("a protocol such as tcp, or its number{}", near.unwrap_or_default())
            }
            Kind::Time => TIMES.to_string(),
            _ => match self.subject.unit {
                Unit::Plain => "a number such as 10, 1.5K, 50MiB or 1GB",
                Unit::Seconds => "a length of time such as 90, 5m or 1h30m",
                Unit::Share => "a share from 0 to 1, such as 0.01 or 1%",
                Unit::Percent => "a percentage such as 50 or 12.5%",
            }
            .to_string(),
        };
        self.error(word, format!("expected {what}"))
    }
}
