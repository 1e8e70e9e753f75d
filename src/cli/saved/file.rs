//! One TOML file: its questions and its defaults. Whatever is not as it should be is refused with
//! the line it stands on.

use super::{Layer, named, names, reading_commands};
use crate::cli::Error;
use crate::schema::{closest, escape};
use std::ops::Range;
use toml_edit::{Document, Item, TableLike, Value};

/// What a file says.
#[derive(Debug)]
pub struct File {
    /// How messages call it.
    pub shown: String,
    pub questions: Vec<Question>,
    /// The options for every command, then those for one.
    pub defaults: Vec<Defaults>,
}

/// A command line with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub name: String,
    /// What it is for; empty if nobody said.
    pub about: String,
    /// The command and its arguments.
    pub words: Vec<String>,
    /// The file it comes from.
    pub from: String,
    pub line: usize,
}

/// Options that are always set.
#[derive(Debug)]
pub struct Defaults {
    /// The command they are for; `None`: every command that has them.
    pub command: Option<String>,
    /// The line of the heading.
    pub line: usize,
    pub options: Vec<DefaultOption>,
}

/// An option that is always set.
#[derive(Debug)]
pub struct DefaultOption {
    pub name: String,
    pub given: Given,
    pub line: usize,
}

/// What an option is set to.
#[derive(Debug, PartialEq, Eq)]
pub enum Given {
    Flag(bool),
    Values(Vec<String>),
}

/// Whether a question may have this name: one word for every shell.
pub fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain)
}

/// What a name has to be, for messages.
pub const NAME: &str = "letters, digits, '-', '_', '.' and '/', beginning with a letter or a digit";

impl Question {
    /// Its command, and its arguments as a layer of a command line.
    pub fn layer(&self) -> Result<(clap::Command, Layer), Error> {
        let from = format!("{}:{}: question '{}'", self.from, self.line, self.name);
        let (word, words) = self.words.split_first().expect("a question has a command");
        let commands = reading_commands();
        let command = named(&commands, word)
            .ok_or_else(|| Error::Usage(format!("{from}: {}", not_a_command(word, &names(&commands)))))?;
        Ok((command.clone(), Layer { words: words.iter().map(Into::into).collect(), from }))
    }
}

/// Says that only commands that read logs can be questions.
pub fn not_a_command(word: &str, names: &[&str]) -> String {
    let hint = closest(word, names.iter().copied())
        .map_or_else(|| format!("expected one of {}", names.join(", ")), |near| format!("did you mean '{near}'?"));
    format!("'{}' is not a command that answers a question; {hint}", escape(word.as_bytes()))
}

/// Reads the tables of a file.
struct Reader<'a> {
    shown: &'a str,
    text: &'a str,
}

impl File {
    /// Reads a file; `shown` is how messages call it.
    pub fn parse(shown: &str, text: &str) -> Result<File, Error> {
        let reader = Reader { shown, text };
        let document = Document::parse(text).map_err(|error| reader.wrong(error.span(), error.message()))?;
        let root = document.as_table();
        reader.known_keys(root, &["defaults", "questions"], "this file")?;
        let questions = reader.table(root, "questions")?.map_or(Ok(vec![]), |table| reader.questions(table))?;
        let defaults = reader.table(root, "defaults")?.map_or(Ok(vec![]), |table| reader.all_defaults(table, root))?;
        Ok(File { shown: shown.into(), questions, defaults })
    }
}

impl Reader<'_> {
    fn questions(&self, table: &dyn TableLike) -> Result<Vec<Question>, Error> {
        let mut questions = Vec::new();
        for (name, item) in table.iter() {
            let place = self.place(table, name);
            if !is_name(name) {
                let name = escape(name.as_bytes());
                return Err(self.wrong(place, &format!("'{name}' cannot be the name of a question; expected {NAME}")));
            }
            let what = format!("question '{name}'");
            let Some(fields) = item.as_table_like() else {
                let found = kind(item);
                return Err(self.wrong(place, &format!("{what}: expected a table with 'command', not {found}")));
            };
            self.known_keys(fields, &["about", "command"], &what)?;
            let about = fields.get("about").map_or(Ok(String::new()), |item| self.string(item, &what, "about"))?;
            let Some(command) = fields.get("command") else {
                return Err(self.wrong(
                    place,
                    &format!("{what} has no 'command'; expected such as command = \"top --by src-ip\""),
                ));
            };
            let mut words = self.words(command, &what)?;
            if words.first().is_some_and(|word| word == "vpcflow") {
                words.remove(0);
            }
            if words.is_empty() {
                return Err(self.wrong(
                    command.span(),
                    &format!("{what}: 'command' is empty; expected such as \"top --by src-ip\""),
                ));
            }
            let line = self.line(command.span().or(place));
            questions.push(Question { name: name.into(), about, words, from: self.shown.into(), line });
        }
        questions.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(questions)
    }

    /// A command line, as one string that is split as a shell does, or as an array of words.
    fn words(&self, item: &Item, what: &str) -> Result<Vec<String>, Error> {
        if let Some(array) = item.as_array() {
            let word = |value: &Value| value.as_str().map(String::from).ok_or(value.span());
            let words = array.iter().map(word).collect::<Result<_, _>>();
            return words.map_err(|span| self.wrong(span, &format!("{what}: expected words (strings) in 'command'")));
        }
        let text = item.as_str().ok_or_else(|| {
            let found = kind(item);
            self.wrong(
                item.span(),
                &format!("{what}: expected 'command' to be a string or an array of words, not {found}"),
            )
        })?;
        shell_words::split(text)
            .map_err(|_| self.wrong(item.span(), &format!("{what}: a quote in 'command' is not closed")))
    }

    /// `[defaults]` and the tables in it.
    fn all_defaults(&self, table: &dyn TableLike, root: &dyn TableLike) -> Result<Vec<Defaults>, Error> {
        let line = self.line(self.place(root, "defaults"));
        let mut all = vec![Defaults { command: None, line, options: vec![] }];
        for (name, item) in table.iter() {
            let line = self.line(self.place(table, name));
            if let Some(options) = item.as_table_like() {
                let options = options.iter().map(|(name, item)| self.option(options, name, item));
                all.push(Defaults { command: Some(name.into()), line, options: options.collect::<Result<_, _>>()? });
            } else {
                let option = self.option(table, name, item)?;
                all[0].options.push(option);
            }
        }
        Ok(all)
    }

    fn option(&self, table: &dyn TableLike, name: &str, item: &Item) -> Result<DefaultOption, Error> {
        let given = match item.as_value() {
            Some(Value::Boolean(flag)) => Some(Given::Flag(*flag.value())),
            Some(Value::Array(array)) => array.iter().map(scalar).collect::<Option<_>>().map(Given::Values),
            Some(value) => scalar(value).map(|value| Given::Values(vec![value])),
            None => None,
        };
        let place = self.place(table, name);
        let given = given.ok_or_else(|| {
            let expected = "a string, a number, true, false, or an array of strings and numbers";
            self.wrong(place.clone(), &format!("'{name}': expected {expected}, not {}", kind(item)))
        })?;
        Ok(DefaultOption { name: name.into(), given, line: self.line(place) })
    }

    fn string(&self, item: &Item, what: &str, key: &str) -> Result<String, Error> {
        let wrong = || self.wrong(item.span(), &format!("{what}: expected '{key}' to be a string, not {}", kind(item)));
        item.as_str().map(String::from).ok_or_else(wrong)
    }

    fn table<'t>(&self, table: &'t dyn TableLike, key: &str) -> Result<Option<&'t dyn TableLike>, Error> {
        let Some(item) = table.get(key) else { return Ok(None) };
        let wrong =
            || self.wrong(self.place(table, key), &format!("expected [{key}] to be a table, not {}", kind(item)));
        item.as_table_like().map(Some).ok_or_else(wrong)
    }

    fn known_keys(&self, table: &dyn TableLike, known: &[&str], what: &str) -> Result<(), Error> {
        let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else { return Ok(()) };
        let hint = closest(key, known.iter().copied())
            .map_or_else(|| format!("expected {}", known.join(" or ")), |near| format!("did you mean '{near}'?"));
        let key_shown = escape(key.as_bytes());
        Err(self.wrong(self.place(table, key), &format!("unknown key '{key_shown}' in {what}; {hint}")))
    }

    fn place(&self, table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
        let (key, item) = table.get_key_value(key)?;
        key.span().or_else(|| item.span())
    }

    /// The line of a place, from 1.
    fn line(&self, place: Option<Range<usize>>) -> usize {
        let before = place.map_or(0, |place| place.start.min(self.text.len()));
        self.text.as_bytes()[..before].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn wrong(&self, place: Option<Range<usize>>, what: &str) -> Error {
        Error::Usage(format!("{}:{}: {what}", self.shown, self.line(place)))
    }
}

/// What an item is, with its article.
fn kind(item: &Item) -> String {
    let name = item.type_name();
    let article = if name.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {name}")
}

/// A value as an option takes it.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.value().clone()),
        Value::Integer(number) => Some(number.value().to_string()),
        Value::Float(number) => Some(number.value().to_string()),
        Value::Datetime(time) => Some(time.value().to_string()),
        Value::Boolean(_) | Value::Array(_) | Value::InlineTable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        File::parse("x.toml", text).expect_err(text).to_string()
    }

    #[test]
    fn questions_and_defaults_are_read() {
        let text = "[defaults]\nlog-format = 'v5'\nraw = true\n[defaults.top]\nlimit = 1_000\nby = ['src-ip', 'dst-ip']\n\
                    since = 2026-03-15T10:00:00Z\n[questions.b]\nabout = 'x'\n\
                    command = \"top -w 'a == b' # all\"\n[questions]\na = { command = ['vpcflow', 'rejects', '-n', '0'] }\n";
        let file = File::parse("x.toml", text).unwrap();
        let questions: Vec<_> = file.questions.iter().map(|q| (&q.name[..], q.words.join("|"), q.line)).collect();
        assert_eq!(questions, [("a", "rejects|-n|0".into(), 12), ("b", "top|-w|a == b".into(), 10)]);
        let options =
            |i: usize| file.defaults[i].options.iter().map(|o| (&o.name[..], &o.given, o.line)).collect::<Vec<_>>();
        let values = |values: &[&str]| Given::Values(values.iter().map(|value| value.to_string()).collect());
        assert_eq!(options(0), [("log-format", &values(&["v5"]), 2), ("raw", &Given::Flag(true), 3)]);
        assert_eq!(file.defaults[1].command.as_deref(), Some("top"));
        let since = values(&["2026-03-15T10:00:00Z"]);
        assert_eq!(
            options(1),
            [("limit", &values(&["1000"]), 5), ("by", &values(&["src-ip", "dst-ip"]), 6), ("since", &since, 7)]
        );
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        for (text, parts) in [
            ("\n[questions.a\n", &["x.toml:2: "][..]),
            ("a = 1\na = 2\n", &["x.toml:2: ", "duplicate"]),
            ("[question.a]\n", &["x.toml:1: unknown key 'question'", "did you mean 'questions'?"]),
            ("[colours]\n", &["unknown key 'colours' in this file; expected defaults or questions"]),
            ("questions = 1\n", &["expected [questions] to be a table, not an integer"]),
            ("[questions]\na = 'top'\n", &["x.toml:2: question 'a': expected a table"]),
            ("[questions.'a b']\ncommand = 'top'\n", &["x.toml:1: 'a b' cannot be the name"]),
            ("[questions.a]\nabout = 'x'\n", &["x.toml:1: question 'a' has no 'command'"]),
            ("[questions.a]\ncomand = 'top'\n", &["x.toml:2: ", "did you mean 'command'?"]),
            ("[questions.a]\ncommand = 1\n", &["x.toml:2: ", "a string or an array of words, not an integer"]),
            ("[questions.a]\ncommand = ['top', 1]\n", &["x.toml:2: ", "expected words (strings)"]),
            ("[questions.a]\ncommand = \"top 'x\"\n", &["x.toml:2: ", "a quote in 'command' is not closed"]),
            ("[questions.a]\ncommand = ''\n", &["x.toml:2: ", "is empty"]),
            ("[questions.a]\ncommand = 'top'\nabout = 1\n", &["x.toml:3: ", "expected 'about' to be a string"]),
            ("[defaults]\nby = [['a']]\n", &["x.toml:2: 'by': expected a string"]),
        ] {
            let said = wrong(text);
            assert!(parts.iter().all(|part| said.contains(part)), "{text}\n{said}");
        }
    }

    #[test]
    fn names_are_one_word_for_every_shell() {
        assert!(["a", "athena/top-talkers", "Web_2.1", "9"].iter().all(|name| is_name(name)));
        assert!(["", "-a", "a b", "a'b", "é", "/a", ".a", "a\n", "$a"].iter().all(|name| !is_name(name)));
    }
}
