//! An expression becomes tokens, each with its place, so that an error can point at it.

use super::ExprError;
use std::ops::Range;

/// A place in the text of an expression, in bytes.
pub type Span = Range<usize>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
    And,
    Or,
    Not,
    Compare(Comparison),
    /// A name, a value or a keyword, which depends on where it stands.
    Word(String),
    /// A text in quotes, without them.
    Quoted(String),
}

/// How a comparison compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Symbols, the longer ones first.
const SYMBOLS: [(&str, TokenKind); 16] = [
    ("&&", TokenKind::And),
    ("||", TokenKind::Or),
    ("==", TokenKind::Compare(Comparison::Equal)),
    ("!=", TokenKind::Compare(Comparison::NotEqual)),
    ("<=", TokenKind::Compare(Comparison::LessOrEqual)),
    (">=", TokenKind::Compare(Comparison::GreaterOrEqual)),
    ("=", TokenKind::Compare(Comparison::Equal)),
    ("<", TokenKind::Compare(Comparison::Less)),
    (">", TokenKind::Compare(Comparison::Greater)),
    ("!", TokenKind::Not),
    ("(", TokenKind::Open),
    (")", TokenKind::Close),
    ("{", TokenKind::OpenSet),
    ("}", TokenKind::CloseSet),
    (",", TokenKind::Comma),
    // Only to say what was meant.
    ("&", TokenKind::And),
];

/// Whether a character can stand in a word without quotes.
pub fn is_word(c: char) -> bool {
    !c.is_whitespace() && !"(){},=!<>&|\"'".contains(c)
}

/// The tokens of an expression.
pub fn tokens(text: &str) -> Result<Vec<Token>, ExprError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = if first == '"' || first == '\'' {
            quoted(text, at, first)?
        } else if let Some((symbol, kind)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
            if *symbol == "&" {
                return Err(ExprError::new(text, at..at + 1, "expected '&&' or 'and'"));
            }
            (kind.clone(), symbol.len())
        } else if first == '|' {
            return Err(ExprError::new(text, at..at + 1, "expected '||' or 'or'"));
        } else {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (TokenKind::Word(rest[..length].into()), length)
        };
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
    Ok(tokens)
}

/// Reads a text in quotes that begins at `start`; a backslash takes the next character as it is.
fn quoted(text: &str, start: usize, quote: char) -> Result<(TokenKind, usize), ExprError> {
    let mut content = String::new();
    let mut chars = text[start + 1..].char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            c if c == quote => return Ok((TokenKind::Quoted(content), at + 2)),
            '\\' => content.extend(chars.next().map(|(_, escaped)| escaped)),
            c => content.push(c),
        }
    }
    Err(ExprError::new(text, start..text.len(), "a quote is not closed"))
}

impl Comparison {
    /// The word form, so that a shell never sees `<`.
    pub fn from_word(word: &str) -> Option<Comparison> {
        use Comparison::*;
        let words = [
            ("eq", Equal),
            ("ne", NotEqual),
            ("lt", Less),
            ("le", LessOrEqual),
            ("gt", Greater),
            ("ge", GreaterOrEqual),
        ];
        words.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, comparison)| comparison)
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}
