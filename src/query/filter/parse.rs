//! Tokens become an expression, by recursive descent: `not` binds closest, then `and`, then `or`.

use super::ExprError;
use super::ast::{Element, Expr, Test, Word};
use super::lex::{Comparison, Token, TokenKind, tokens};

/// How deep parentheses and negations may stand in each other.
const DEEPEST: usize = 100;

/// Words that connect, and so cannot be the name of a field or the beginning of a term.
const CONNECTORS: [&str; 3] = ["and", "or", "not"];

const TESTS: &str = "a comparison (== != < <= > >=), 'in', 'like' or 'has'";

/// Reads an expression.
pub fn parse(text: &str) -> Result<Expr, ExprError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens: &tokens, next: 0, depth: 0 };
    if tokens.is_empty() {
        return Err(parser.error("expected a condition such as 'action == REJECT'"));
    }
    let expr = parser.or()?;
    match parser.peek() {
        None => Ok(expr),
        Some(TokenKind::Close) => Err(parser.error("there is no '(' for this ')'")),
        Some(_) => Err(parser.error("expected 'and', 'or' or the end")),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Token],
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn peek_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(TokenKind::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    /// An error about the next token, or the end.
    fn error(&self, message: &str) -> ExprError {
        let end = self.text.trim_end().len();
        let span = self.tokens.get(self.next).map_or(end..end, |token| token.span.clone());
        ExprError::new(self.text, span, message)
    }

    fn too_deep(&self) -> ExprError {
        self.error(&format!("nested deeper than {DEEPEST} levels"))
    }

    fn take(&mut self, wanted: &TokenKind, keyword: &str) -> bool {
        let found = self.peek() == Some(wanted) || self.peek_word(keyword);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: &TokenKind, message: &str) -> Result<(), ExprError> {
        if self.take(wanted, "\0") { Ok(()) } else { Err(self.error(message)) }
    }

    fn or(&mut self) -> Result<Expr, ExprError> {
        let mut parts = vec![self.and()?];
        while self.take(&TokenKind::Or, "or") {
            parts.push(self.and()?);
        }
        Ok(Expr::any(parts))
    }

    fn and(&mut self) -> Result<Expr, ExprError> {
        let mut parts = vec![self.not()?];
        while self.take(&TokenKind::And, "and") {
            parts.push(self.not()?);
        }
        Ok(Expr::all(parts))
    }

    fn not(&mut self) -> Result<Expr, ExprError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.too_deep());
        }
        let expr = if self.take(&TokenKind::Not, "not") {
            Expr::Not(Box::new(self.not()?))
        } else if self.take(&TokenKind::Open, "\0") {
            let inner = self.or()?;
            self.expect(&TokenKind::Close, "expected ')'")?;
            inner
        } else {
            self.test()?
        };
        self.depth -= 1;
        Ok(expr)
    }

    fn test(&mut self) -> Result<Expr, ExprError> {
        if self.peek_word("exists") {
            self.next += 1;
            return Ok(Expr::Test { subject: self.subject()?, test: Test::Exists });
        }
        let subject = self.subject()?;
        let negated = |token: &Token| ["in", "like", "has"].into_iter().any(|keyword| is_keyword(&token.kind, keyword));
        if self.peek_word("not") && self.tokens.get(self.next + 1).is_some_and(negated) {
            // As deep as `not` before it, as which it is printed.
            if self.depth == DEEPEST {
                return Err(self.too_deep());
            }
            self.next += 1;
            let test = self.test_of(&subject)?;
            return Ok(Expr::Not(Box::new(Expr::Test { subject, test })));
        }
        let test = self.test_of(&subject)?;
        Ok(Expr::Test { subject, test })
    }

    fn test_of(&mut self, subject: &Word) -> Result<Test, ExprError> {
        let Some(token) = self.peek() else {
            return Err(self.error(&format!("expected {TESTS} after '{}'", subject.text)));
        };
        let comparison = match token {
            TokenKind::Compare(comparison) => Some(*comparison),
            TokenKind::Word(word) => Comparison::from_word(word),
            _ => None,
        };
        let keyword = |keyword| is_keyword(token, keyword);
        let expected = || format!("expected {TESTS} after '{}'", subject.text);
        if comparison.is_none() && !["in", "like", "has"].into_iter().any(keyword) {
            return Err(self.error(&expected()));
        }
        self.next += 1;
        if let Some(comparison) = comparison {
            return Ok(Test::Compare(comparison, self.value("expected a value")?));
        }
        if keyword("in") {
            return self.set().map(Test::In);
        }
        if keyword("like") {
            return self.value("expected a pattern such as \"eni-0a*\"").map(Test::Like);
        }
        self.value("expected TCP flags such as syn or syn+ack").map(Test::Has)
    }

    /// The name of a field; for results also that of a measure, `distinct(dst-port)`.
    fn subject(&mut self) -> Result<Word, ExprError> {
        let connector = |word: &str| CONNECTORS.iter().any(|c| c.eq_ignore_ascii_case(word));
        match self.tokens.get(self.next) {
            Some(Token { kind: TokenKind::Word(name), span }) if !connector(name) => {
                self.next += 1;
                let name = Word { text: name.clone(), quoted: false, span: span.clone() };
                Ok(self.call(&name).unwrap_or(name))
            }
            Some(Token { kind: TokenKind::Quoted(_), .. }) => {
                Err(self.error("expected the name of a field; a text in quotes is a value"))
            }
            _ => Err(self.error("expected the name of a field, 'not', 'exists' or '('")),
        }
    }

    /// `name(word)` without spaces before the parenthesis, as one word.
    fn call(&mut self, name: &Word) -> Option<Word> {
        let [open, argument, close] = self.tokens.get(self.next..self.next + 3)? else { return None };
        let adjacent = open.kind == TokenKind::Open && open.span.start == name.span.end;
        let TokenKind::Word(argument) = &argument.kind else { return None };
        if !adjacent || close.kind != TokenKind::Close {
            return None;
        }
        self.next += 3;
        Some(Word { text: format!("{}({argument})", name.text), quoted: false, span: name.span.start..close.span.end })
    }

    fn value(&mut self, message: &str) -> Result<Word, ExprError> {
        let Some(token) = self.tokens.get(self.next) else { return Err(self.error(message)) };
        let (text, quoted) = match &token.kind {
            TokenKind::Word(text) => (text, false),
            TokenKind::Quoted(text) => (text, true),
            TokenKind::OpenSet => return Err(self.error("a set goes with 'in'")),
            _ => return Err(self.error(message)),
        };
        self.next += 1;
        Ok(Word { text: text.clone(), quoted, span: token.span.clone() })
    }

    fn set(&mut self) -> Result<Vec<Element>, ExprError> {
        if !self.take(&TokenKind::OpenSet, "\0") {
            return Ok(vec![self.element("expected a set such as {22, 3389}, a network, or @FILE")?]);
        }
        let mut elements = vec![self.element("expected a value")?];
        while !self.take(&TokenKind::CloseSet, "\0") {
            self.expect(&TokenKind::Comma, "expected ',' or '}'")?;
            elements.push(self.element("expected a value")?);
        }
        Ok(elements)
    }

    fn element(&mut self, message: &str) -> Result<Element, ExprError> {
        let word = self.value(message)?;
        // `@"a file"`: the quotes are a token of their own.
        if word.text == "@"
            && !word.quoted
            && let Some(Token { kind: TokenKind::Quoted(path), span }) = self.tokens.get(self.next)
            && span.start == word.span.end
        {
            self.next += 1;
            return Ok(Element::File(Word { text: path.clone(), quoted: true, span: span.clone() }));
        }
        Ok(Element::of(word))
    }
}

fn is_keyword(token: &TokenKind, keyword: &str) -> bool {
    matches!(token, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
}
