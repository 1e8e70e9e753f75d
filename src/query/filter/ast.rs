//! An expression as it was written: names and values are still words.

use super::lex::{Comparison, Span, is_word};
use std::fmt;

/// An expression. Printing it and reading it again gives the same expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    Or(Vec<Expr>),
    And(Vec<Expr>),
    Not(Box<Expr>),
    Test { subject: Word, test: Test },
}

/// What is asked of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Compare(Comparison, Word),
    In(Vec<Element>),
    /// The text matches a glob.
    Like(Word),
    /// All of these TCP flags are set.
    Has(Word),
    /// There is a value.
    Exists,
}

/// A member of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    One(Word),
    /// From the first to the second, both included.
    Range(Word, Word),
    /// The lines of a file.
    File(Word),
}

/// A name or a value.
#[derive(Clone, Debug, Eq)]
pub struct Word {
    pub text: String,
    /// In quotes: not a range, not a file, not a pattern.
    pub quoted: bool,
    pub span: Span,
}

/// Two words are the same wherever they stand.
impl PartialEq for Word {
    fn eq(&self, other: &Word) -> bool {
        (&self.text, self.quoted) == (&other.text, other.quoted)
    }
}

impl Expr {
    /// Calls `each` with every name of a subject.
    pub fn subjects<'e>(&'e self, each: &mut impl FnMut(&'e Word)) {
        match self {
            Expr::Or(parts) | Expr::And(parts) => parts.iter().for_each(|part| part.subjects(each)),
            Expr::Not(inner) => inner.subjects(each),
            Expr::Test { subject, .. } => each(subject),
        }
    }

    /// All of some expressions, without one such within another.
    pub fn all(parts: Vec<Expr>) -> Expr {
        let parts = parts.into_iter().flat_map(|part| match part {
            Expr::And(inner) => inner,
            other => vec![other],
        });
        Expr::one_or(parts.collect(), Expr::And)
    }

    /// Any of some expressions, likewise.
    pub fn any(parts: Vec<Expr>) -> Expr {
        let parts = parts.into_iter().flat_map(|part| match part {
            Expr::Or(inner) => inner,
            other => vec![other],
        });
        Expr::one_or(parts.collect(), Expr::Or)
    }

    fn one_or(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
        if parts.len() == 1 { parts.remove(0) } else { join(parts) }
    }
}

impl Element {
    /// Reads a member that was written without quotes, or with.
    pub fn of(word: Word) -> Element {
        if word.quoted {
            return Element::One(word);
        }
        if let Some(path) = word.text.strip_prefix('@') {
            let span = word.span.start + 1..word.span.end;
            return Element::File(Word { text: path.into(), quoted: false, span });
        }
        match word.text.split_once("..") {
            Some((first, last)) if !first.is_empty() && !last.is_empty() => word.range(first, last),
            _ => Element::One(word),
        }
    }
}

impl Word {
    /// A range between two parts of this word, the first at its beginning, the second at its end.
    pub fn range(&self, first: &str, last: &str) -> Element {
        let part = |text: &str, start| Word { text: text.into(), quoted: false, span: start..start + text.len() };
        Element::Range(part(first, self.span.start), part(last, self.span.end.saturating_sub(last.len())))
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Or(parts) => join(f, parts, " or ", |part| matches!(part, Expr::Or(_))),
            Expr::And(parts) => join(f, parts, " and ", |part| matches!(part, Expr::Or(_) | Expr::And(_))),
            Expr::Not(inner) if matches!(**inner, Expr::Or(_) | Expr::And(_)) => write!(f, "not ({inner})"),
            Expr::Not(inner) => write!(f, "not {inner}"),
            Expr::Test { subject, test: Test::Exists } => write!(f, "exists {subject}"),
            Expr::Test { subject, test } => write!(f, "{subject} {test}"),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, parts: &[Expr], word: &str, nested: fn(&Expr) -> bool) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        f.write_str(if i > 0 { word } else { "" })?;
        match nested(part) {
            true => write!(f, "({part})")?,
            false => write!(f, "{part}")?,
        }
    }
    Ok(())
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Test::Compare(comparison, value) => write!(f, "{} {value}", comparison.symbol()),
            Test::In(elements) => {
                let elements: Vec<String> = elements.iter().map(Element::to_string).collect();
                write!(f, "in {{{}}}", elements.join(", "))
            }
            Test::Like(pattern) => write!(f, "like {pattern}"),
            Test::Has(flags) => write!(f, "has {flags}"),
            Test::Exists => f.write_str("exists"),
        }
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Element::One(word) => word.fmt(f),
            Element::Range(first, last) => write!(f, "{}..{}", first.text, last.text),
            Element::File(path) if path.quoted || !path.text.chars().all(is_word) => {
                write!(f, "@{}", quote(&path.text))
            }
            Element::File(path) => write!(f, "@{}", path.text),
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.quoted { f.write_str(&quote(&self.text)) } else { f.write_str(&self.text) }
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
