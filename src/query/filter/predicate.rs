//! A checked expression: every value has the type of its subject, and every test is whether a value
//! lies in a set.

use super::pattern::Pattern;
use super::ranges::Ranges;
use crate::schema::Value;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// A condition on subjects such as fields of a record, or columns of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Predicate<S> {
    All(Vec<Predicate<S>>),
    Any(Vec<Predicate<S>>),
    Not(Box<Predicate<S>>),
    /// The value of the subject lies in the set; false where there is no value.
    Is(S, Set),
}

/// A set of values of one type.
#[derive(Clone, Debug, PartialEq)]
pub enum Set {
    /// Every value.
    Present,
    /// Numbers, ports, protocols and times; for decimals in units of the last place.
    Numbers(Ranges<i128>),
    Addresses {
        v4: Ranges<u32>,
        v6: Ranges<u128>,
    },
    Texts(Texts),
    /// Numbers with all of these bits.
    Flags(u64),
}

/// Texts that are listed or match a pattern; or, outside, all others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    pub listed: BTreeSet<Box<[u8]>>,
    pub patterns: Vec<Pattern>,
    pub outside: bool,
}

impl Texts {
    pub fn contains(&self, text: &[u8]) -> bool {
        (self.listed.contains(text) || self.patterns.iter().any(|pattern| pattern.matches(text))) != self.outside
    }
}

impl Set {
    pub fn has_address(&self, address: IpAddr) -> bool {
        match (self, address) {
            (Set::Present, _) => true,
            (Set::Addresses { v4, .. }, IpAddr::V4(address)) => v4.contains(address.to_bits()),
            (Set::Addresses { v6, .. }, IpAddr::V6(address)) => v6.contains(address.to_bits()),
            _ => false,
        }
    }

    pub fn has_number(&self, number: i128) -> bool {
        match self {
            Set::Present => true,
            Set::Numbers(ranges) => ranges.contains(number),
            Set::Flags(bits) => u64::try_from(number).is_ok_and(|number| number & bits == *bits),
            _ => false,
        }
    }

    pub fn has_text(&self, text: &[u8]) -> bool {
        match self {
            Set::Present => true,
            Set::Texts(texts) => texts.contains(text),
            _ => false,
        }
    }

    /// Whether a cell of a result lies in the set.
    pub fn has(&self, value: &Value) -> bool {
        let whole = |number: u128| i128::try_from(number).unwrap_or(i128::MAX);
        match value {
            Value::None | Value::Counts(_) => false,
            Value::Ip(address) | Value::Network(address, _) => self.has_address(*address),
            Value::Int(number) => self.has_number(whole(*number)),
            Value::Decimal { units, .. } => self.has_number(*units),
            Value::Protocol(number) => self.has_number((*number).into()),
            Value::Time(seconds) => self.has_number((*seconds).into()),
            Value::Text(text) => self.has_text(text),
        }
    }
}

impl<S> Predicate<S> {
    /// Whether it holds, given how its tests come out.
    pub fn holds(&self, test: &impl Fn(&S, &Set) -> bool) -> bool {
        match self {
            Predicate::All(parts) => parts.iter().all(|part| part.holds(test)),
            Predicate::Any(parts) => parts.iter().any(|part| part.holds(test)),
            Predicate::Not(inner) => !inner.holds(test),
            Predicate::Is(subject, set) => test(subject, set),
        }
    }

    /// Whether it may hold, given which tests cannot. No test is known to hold.
    pub fn may_hold(&self, possible: &impl Fn(&S, &Set) -> bool) -> bool {
        match self {
            Predicate::All(parts) => parts.iter().all(|part| part.may_hold(possible)),
            Predicate::Any(parts) => parts.iter().any(|part| part.may_hold(possible)),
            // What is in it may always fail to hold: a record may lack the value.
            Predicate::Not(_) => true,
            Predicate::Is(subject, set) => possible(subject, set),
        }
    }

    /// Calls `each` with every subject.
    pub fn subjects<'p>(&'p self, each: &mut impl FnMut(&'p S)) {
        match self {
            Predicate::All(parts) | Predicate::Any(parts) => parts.iter().for_each(|part| part.subjects(each)),
            Predicate::Not(inner) => inner.subjects(each),
            Predicate::Is(subject, _) => each(subject),
        }
    }
}
