//! What users keep from one run to the next: named questions, and options they always want. Both
//! live in TOML files; the nearer file wins, name by name, and last come the questions that
//! vpcflow ships.

mod compose;
mod defaults;
mod edit;
mod file;
mod files;

pub use compose::{Layer, compose};
pub use edit::save;
pub use file::{NAME, Question, is_name, not_a_command};
pub use files::{Files, shown};

use super::Error;
use file::File;
use std::ffi::OsString;

/// The questions that vpcflow ships, under names that users of AWS know.
const SHIPPED: &str = include_str!("shipped.toml");
/// How messages and lists call the place they come from.
const SHIPPED_FROM: &str = "shipped";

/// Everything that the files say, the nearest first.
#[derive(Debug)]
pub struct Config {
    files: Vec<File>,
}

impl Config {
    /// Reads the files.
    pub fn load(files: &Files) -> Result<Config, Error> {
        let mut read = files.read()?;
        read.push(File::parse(SHIPPED_FROM, SHIPPED)?);
        let config = Config { files: read };
        let commands = reading_commands();
        for file in &config.files {
            defaults::check(file, &commands)?;
        }
        Ok(config)
    }

    /// Every question that can be run: the nearest files first, by name.
    pub fn questions(&self) -> Vec<&Question> {
        let mut seen: Vec<&Question> = Vec::new();
        for question in self.files.iter().flat_map(|file| &file.questions) {
            if !seen.iter().any(|other| other.name == question.name) {
                seen.push(question);
            }
        }
        seen
    }

    /// The question of this name.
    pub fn question(&self, name: &str) -> Result<&Question, Error> {
        let questions = self.questions();
        if let Some(question) = questions.iter().find(|question| question.name == name) {
            return Ok(question);
        }
        let near = match near(name, &questions) {
            Some(near) => format!("; did you mean '{near}'?"),
            None => String::new(),
        };
        let name = crate::schema::escape(name.as_bytes());
        Err(Error::Usage(format!("no question '{name}'{near} (`vpcflow run --list` shows them all)")))
    }

    /// The command line of a question with more words behind it, without the defaults: what a user
    /// could have typed.
    pub fn expand(&self, question: &Question, more: &[OsString]) -> Result<Vec<OsString>, Error> {
        let (command, layer) = question.layer()?;
        compose(command.get_name(), &[layer], more)
    }

    /// The whole command line of a question: defaults, its own options, then those given now.
    pub fn run(&self, question: &Question, more: &[OsString]) -> Result<Vec<OsString>, Error> {
        let (command, layer) = question.layer()?;
        let mut layers = self.defaults(&command);
        layers.push(layer);
        compose(command.get_name(), &layers, more)
    }

    /// The options that are set for a command.
    fn defaults(&self, command: &clap::Command) -> Vec<Layer> {
        defaults::layers(&self.files, command)
    }
}

/// The question that was meant by a name that there is not: a slip, a name without its group, or
/// what AWS calls it.
fn near<'a>(wanted: &str, questions: &[&'a Question]) -> Option<&'a str> {
    let names = || questions.iter().map(|question| &question.name[..]);
    let last = |name: &'a str| name.rsplit('/').next().unwrap_or(name);
    let wanted_by_aws = wanted.to_lowercase();
    let wanted_by_aws = wanted_by_aws.strip_prefix("vpcflowlogs").unwrap_or(&wanted_by_aws);
    let is_aws = |question: &&&Question| {
        let about = question.about.to_lowercase();
        about.split(|c: char| !c.is_alphanumeric()).any(|word| word.strip_prefix("vpcflowlogs") == Some(wanted_by_aws))
    };
    let has_part = |name: &&str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == wanted);
    let by_last = || {
        let near = crate::schema::closest(wanted, names().map(last))?;
        names().find(|name| last(name) == near)
    };
    names()
        .find(|name| last(name) == wanted)
        .or_else(|| questions.iter().find(is_aws).map(|question| &question.name[..]))
        .or_else(|| crate::schema::closest(wanted, names()))
        .or_else(by_last)
        .or_else(|| names().find(has_part))
}

/// A command line that reads flow logs, with the defaults; `None` if there are none for it.
pub fn with_defaults(line: &[OsString], files: &Files) -> Result<Option<Vec<OsString>>, Error> {
    if !files.exist() {
        return Ok(None);
    }
    let is_name = |word: &&OsString| !word.as_encoded_bytes().starts_with(b"-");
    let Some(place) = line.iter().skip(1).position(|word| is_name(&word)) else { return Ok(None) };
    let (command, given) = (line[place + 1].to_string_lossy(), &line[place + 2..]);
    let commands = reading_commands();
    let Some(command) = named(&commands, &command) else { return Ok(None) };
    let layers = Config::load(files)?.defaults(command);
    if layers.is_empty() { Ok(None) } else { compose(command.get_name(), &layers, given).map(Some) }
}

/// The commands that read flow logs: those that take paths.
pub fn reading_commands() -> Vec<clap::Command> {
    let mut root = super::command();
    root.build();
    root.get_subcommands().filter(|command| reads_logs(command)).cloned().collect()
}

fn reads_logs(command: &clap::Command) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == "paths")
}

/// The command of this name, or with this alias.
pub fn named<'a>(commands: &'a [clap::Command], name: &str) -> Option<&'a clap::Command> {
    commands.iter().find(|command| command.get_name() == name || command.get_all_aliases().any(|alias| alias == name))
}

/// The names of the commands, for messages.
pub fn names(commands: &[clap::Command]) -> Vec<&str> {
    commands.iter().map(clap::Command::get_name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Config {
        let files = vec![File::parse("x.toml", text).unwrap(), File::parse(SHIPPED_FROM, SHIPPED).unwrap()];
        Config { files }
    }

    #[test]
    fn the_nearer_question_wins() {
        let config = config("[questions.'athena/top-talkers']\ncommand = 'ports'\n");
        let question = config.question("athena/top-talkers").unwrap();
        assert_eq!((&question.words[..], &question.from[..]), (&["ports".to_string()][..], "x.toml"));
        let names: Vec<&str> = config.questions().iter().map(|question| &question.name[..]).collect();
        assert_eq!(names.iter().filter(|name| **name == "athena/top-talkers").count(), 1);
    }

    #[test]
    fn what_was_meant_is_found_by_any_name() {
        let config = config("");
        let near = |wanted| near(wanted, &config.questions());
        assert_eq!(near("athena/top-takers"), Some("athena/top-talkers"));
        assert_eq!(near("top-talkers"), Some("athena/top-talkers"));
        assert_eq!(near("top-talkesr"), Some("athena/top-talkers"));
        assert_eq!(near("VpcFlowLogsTrafficFrmSrcAddr"), Some("athena/traffic-from-src-addr"));
        assert_eq!(near("topTalkingSubnets"), Some("athena/top-talking-subnets"));
        assert_eq!(near("udp"), Some("insights/udp-sources"));
        assert_eq!(near("frobnicate"), None);
        assert_eq!(near("most"), None);
    }

    #[test]
    fn commands_go_by_their_aliases_too() {
        let commands = [clap::Command::new("records").alias("search"), clap::Command::new("top")];
        let found = |name| named(&commands, name).map(clap::Command::get_name);
        assert_eq!((found("search"), found("top"), found("x")), (Some("records"), Some("top"), None));
    }

    #[test]
    fn what_is_shipped_is_a_question_each() {
        let shipped = File::parse(SHIPPED_FROM, SHIPPED).unwrap();
        let athena = shipped.questions.iter().filter(|question| question.name.starts_with("athena/"));
        assert_eq!(athena.clone().count(), 16);
        for question in athena {
            assert!(question.about.contains("(VpcFlowLogs"), "{question:?}");
        }
        assert!(shipped.questions.iter().all(|question| !question.about.is_empty()));
    }
}
