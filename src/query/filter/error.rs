//! What is wrong with an expression, and where.

use super::lex::Span;
use crate::schema::escape;
use std::fmt;

/// An error in an expression: shown with the line it stands in and a caret under the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    /// Where the expression comes from: `--where`, `--dst-port`.
    pub origin: String,
    text: String,
    span: Span,
    message: String,
}

impl ExprError {
    pub fn new(text: &str, span: Span, message: impl Into<String>) -> ExprError {
        ExprError { origin: "--where".into(), text: text.into(), span, message: message.into() }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The same error, from another option.
    pub fn of(self, origin: &str) -> ExprError {
        ExprError { origin: origin.into(), ..self }
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.text.as_bytes();
        let (start, end) = (self.span.start.min(bytes.len()), self.span.end.min(bytes.len()));
        let line_start = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = self.text[start..].find('\n').map_or(bytes.len(), |newline| start + newline);
        let width = |part: &[u8]| unicode_width::UnicodeWidthStr::width(escape(part).as_str());
        let indent = width(&bytes[line_start..start]);
        let carets = width(&bytes[start..end.clamp(start, line_end)]).max(1);
        let line = escape(&bytes[line_start..line_end]);
        write!(f, "{}: {}\n  {line}\n  {:indent$}{}", self.origin, self.message, "", "^".repeat(carets))
    }
}

impl std::error::Error for ExprError {}
