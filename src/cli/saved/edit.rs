//! Writes a question into a file, and leaves everything else in it as it is, comments included.

use super::file::{File, Question};
use super::files::{read, shown};
use crate::cli::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// Saves a question in a file, which is made if need be. One of the same name is only replaced if
/// `force` says so.
pub fn save(path: &Path, question: &Question, force: bool) -> Result<(), Error> {
    let text = read(path)?.unwrap_or_default();
    let file = File::parse(&shown(path), &text)?;
    if let (Some(old), false) = (file.questions.iter().find(|old| old.name == question.name), force) {
        let place = format!("{}:{}", old.from, old.line);
        return Err(Error::Usage(format!("{place}: there is a question '{}' already; --force replaces it", old.name)));
    }
    let text = with_question(&text, question);
    write(path, &text).map_err(|error| Error::Output { path: shown(path), error })
}

/// The text of a file with a question more, or with another in place of one of that name.
fn with_question(text: &str, question: &Question) -> String {
    let mut document: DocumentMut = text.parse().expect("a file that could be read");
    let mut questions = Table::new();
    questions.set_implicit(true);
    let questions = document.entry("questions").or_insert(Item::Table(questions));
    let within = if questions.is_inline_table() { Item::from(InlineTable::new()) } else { Item::Table(Table::new()) };
    let questions = questions.as_table_like_mut().expect("a file that could be read");
    if !questions.contains_key(&question.name) {
        questions.insert(&question.name, within);
    }
    let fields = questions.get_mut(&question.name).and_then(Item::as_table_like_mut).expect("a table");
    if question.about.is_empty() {
        fields.remove("about");
    } else {
        set(fields, "about", &question.about);
    }
    set(fields, "command", &shell_words::join(&question.words));
    document.to_string()
}

/// Sets a value and keeps the comment behind it.
fn set(fields: &mut dyn TableLike, key: &str, text: &str) {
    let mut value = Value::from(text);
    match fields.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => _ = fields.insert(key, Item::Value(value)),
    }
}

/// Writes a whole file under another name and renames it, so that there is never half a file. A
/// link stays one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let temporary = temporary(&path);
    let written = write_new(&temporary, &path, text).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        _ = fs::remove_file(&temporary);
    }
    written
}

fn write_new(temporary: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(temporary)?;
    if let Ok(metadata) = fs::metadata(path) {
        file.set_permissions(metadata.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn question(name: &str, about: &str, words: &[&str]) -> Question {
        let words = words.iter().map(|word| word.to_string()).collect();
        Question { name: name.into(), about: about.into(), words, from: "x".into(), line: 1 }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let text = "# mine\n[defaults] # always\nlog-format = 'v5'\n\n[questions.old]   # kept\ncommand = 'ports' # so\nabout = \"x\"\n\n# the end\n";
        let more = with_question(text, &question("team/new", "it's new", &["top", "-w", "a == 'b'"]));
        let expected =
            "\n[questions.\"team/new\"]\nabout = \"it's new\"\ncommand = \"top -w 'a == '\\\\''b'\\\\'''\"\n";
        let kept = text.strip_suffix("\n# the end\n").unwrap();
        assert!(more.starts_with(kept) && more.contains(expected) && more.contains("# the end"), "{more}");
        let replaced = with_question(text, &question("old", "", &["top"]));
        assert_eq!(replaced, text.replace("'ports'", "\"top\"").replace("about = \"x\"\n", ""));
    }

    #[test]
    fn any_form_of_the_table_takes_it() {
        for text in [
            "",
            "questions = {}\n",
            "questions = { a = { command = 'ports' } }",
            "[questions]\n",
            "questions.a.command = 'ports'",
        ] {
            let more = with_question(text, &question("b", "", &["top", "-q"]));
            let file = File::parse("x", &more).unwrap();
            let found = file.questions.iter().find(|question| question.name == "b").expect("it is there");
            assert_eq!(found.words, ["top", "-q"], "{more}");
            assert_eq!(file.questions.len(), 1 + usize::from(text.contains("ports")), "{more}");
        }
    }

    proptest! {
        #[test]
        fn words_come_back_as_they_were(words in proptest::collection::vec(any::<String>(), 0..5), about in any::<String>()) {
            let mut all = vec!["top"];
            all.extend(words.iter().map(|word| &word[..]));
            let text = with_question("", &question("a", &about, &all));
            let file = File::parse("x", &text).unwrap();
            prop_assert_eq!(&file.questions[0].words, &all);
            prop_assert_eq!(&file.questions[0].about, &about);
        }
    }
}
