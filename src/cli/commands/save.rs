//! `save`: keeps a command line under a name.

use crate::cli::messages::Messages;
use crate::cli::saved::{
    Config, Files, Layer, NAME, Question, compose, is_name, named, names, not_a_command, reading_commands, save, shown,
};
use crate::cli::{Error, Status};
use std::ffi::OsString;

/// Save a question under a name, for `vpcflow run`
///
/// The command is checked, then written into .vpcflow.toml of the current directory, which can be
/// committed with the rest of a project, or into the user's file. What else stands in the file stays,
/// comments included.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow save scanners -- rejects --by src-ip -n 5\n  \
        vpcflow save --about 'who talks most' --user talkers -- top --by src-ip,dst-ip\n  \
        vpcflow run scanners logs/")]
pub struct Save {
    /// Name of the question: letters, digits, '-', '_', '.' and '/'
    name: String,

    /// What it is for, for `vpcflow run --list`
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    about: String,

    /// Save in the user's file (~/.config/vpcflow/config.toml) instead of .vpcflow.toml
    #[arg(long)]
    user: bool,

    /// Replace a question of that name
    #[arg(long)]
    force: bool,

    /// The command and its options, as you would type them after `vpcflow`
    #[arg(value_name = "COMMAND", last = true, required = true)]
    command: Vec<OsString>,
}

impl Save {
    pub fn run(&self, files: &Files, messages: &Messages) -> Result<Status, Error> {
        let path = files.to_write(self.user)?;
        let question = self.question()?;
        save(path, &question, self.force)?;
        let name = &self.name;
        messages.note(&format!("saved '{name}' in {}; `vpcflow run {name}` runs it", shown(path)));
        let config = Config::load(files)?;
        let used = config.question(name)?;
        if used.from != shown(path) {
            messages.note(&format!("{}:{}: here, this question '{name}' comes before it", used.from, used.line));
        }
        Ok(Status::Done)
    }

    /// The question, if it is one.
    fn question(&self) -> Result<Question, Error> {
        let name = &self.name;
        if !is_name(name) {
            let name = crate::schema::escape(name.as_bytes());
            return Err(Error::Usage(format!("'{name}' cannot be the name of a question; expected {NAME}")));
        }
        let mut words = Vec::new();
        for word in &self.command {
            let Some(word) = word.to_str() else {
                let word = crate::schema::escape(word.as_encoded_bytes());
                return Err(Error::Usage(format!("'{word}' is not UTF-8, and cannot be saved")));
            };
            words.push(word.to_string());
        }
        if words[0] == "vpcflow" && words.len() > 1 {
            words.remove(0);
        }
        let commands = reading_commands();
        let Some(command) = named(&commands, &words[0]) else {
            return Err(Error::Usage(not_a_command(&words[0], &names(&commands))));
        };
        let layer =
            Layer { words: words[1..].iter().map(OsString::from).collect(), from: format!("question '{name}'") };
        let line = compose(command.get_name(), &[layer], &[])?;
        crate::cli::parse(&line)?.command.check()?;
        Ok(Question { name: name.clone(), about: self.about.clone(), words, from: String::new(), line: 0 })
    }
}
