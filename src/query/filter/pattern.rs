//! Globs on values: `*` is any text, `?` any one character, `[a-f]` one of some, `{a,b}` one of several.

use globset::{GlobBuilder, GlobMatcher};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// A compiled glob.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Box<str>,
    shape: Shape,
}

/// The common shapes need no automaton.
#[derive(Clone, Debug)]
enum Shape {
    Prefix(Box<[u8]>),
    Suffix(Box<[u8]>),
    Within(Box<[u8]>),
    Glob(Box<GlobMatcher>),
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text == other.text
    }
}

impl Pattern {
    /// Whether a text means more than itself.
    pub fn is_one(text: &str) -> bool {
        text.contains(['*', '?', '[', '{'])
    }

    /// Compiles a glob; an error says what is wrong with it.
    pub fn new(text: &str) -> Result<Pattern, String> {
        let plain = |part: &str| (!part.contains(['*', '?', '[', ']', '{', '}', '\\'])).then(|| part.as_bytes().into());
        let shape = match (text.strip_prefix('*'), text.strip_suffix('*')) {
            (Some(_), Some(_)) => text.get(1..text.len() - 1).and_then(plain).map(Shape::Within),
            (Some(rest), None) => plain(rest).map(Shape::Suffix),
            (None, Some(rest)) => plain(rest).map(Shape::Prefix),
            (None, None) => None,
        };
        let glob = || GlobBuilder::new(text).backslash_escape(true).build().map_err(|error| error.kind().to_string());
        let shape = match shape {
            Some(shape) => shape,
            None => Shape::Glob(Box::new(glob()?.compile_matcher())),
        };
        Ok(Pattern { text: text.into(), shape })
    }

    /// What a text has to begin with, if that is all that the pattern says.
    pub fn prefix(&self) -> Option<&[u8]> {
        match &self.shape {
            Shape::Prefix(prefix) => Some(prefix),
            _ => None,
        }
    }

    pub fn matches(&self, text: &[u8]) -> bool {
        match &self.shape {
            Shape::Prefix(part) => text.starts_with(part),
            Shape::Suffix(part) => text.ends_with(part),
            Shape::Within(part) => memchr::memmem::find(text, part).is_some(),
            Shape::Glob(glob) => glob.is_match(OsStr::from_bytes(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_texts() {
        let matches = |glob: &str, text: &str| Pattern::new(glob).expect("a glob").matches(text.as_bytes());
        for (glob, text) in [
            ("eni-0a*", "eni-0a1b"),
            ("*-west-?", "eu-west-1"),
            ("*west*", "eu-west-1"),
            ("arn:*", "arn:aws:ecs:x/y"),
            ("*", ""),
            ("**", "x"),
            ("eni-[0-9]*", "eni-7f"),
            ("{a,b}c", "bc"),
            ("a\\*", "a*"),
        ] {
            assert!(matches(glob, text), "{glob} {text}");
        }
        for (glob, text) in
            [("eni-0a*", "xeni-0a"), ("*-1", "eu-west-12"), ("?", "ab"), ("*west*", "east"), ("a\\*", "ab")]
        {
            assert!(!matches(glob, text), "{glob} {text}");
        }
        assert!(Pattern::new("a[").is_err());
    }
}
