//! `run`: a saved question, with more options if need be.

use crate::cli::flags::When;
use crate::cli::messages::Messages;
use crate::cli::run::surroundings;
use crate::cli::saved::{Config, Files, Question};
use crate::cli::settings::style;
use crate::cli::{Error, Status, standard};
use crate::render::{Format, render};
use crate::report::{Column, Report};
use crate::schema::{Kind, Value};
use clap::builder::EnumValueParser;
use std::ffi::OsString;
use std::io::{BufWriter, Write};

/// Run a saved question, or one of those that come with vpcflow
///
/// Questions are saved by `vpcflow save`, in .vpcflow.toml of the current directory or in the user's
/// file (~/.config/vpcflow/config.toml); the nearer one of two with the same name wins. The sixteen
/// queries that AWS predefines for flow logs in Athena come with vpcflow as athena/..., and the
/// samples of CloudWatch Logs Insights as insights/...
///
/// Paths and options after the name are those of the command that the question stands for. They win
/// over the saved ones: a list, such as that of --by or --dst-port, is replaced as a whole. Only
/// --include, --exclude and --where add to the saved ones.
///
/// The same files can hold defaults for options: [defaults] for every command, [defaults.top] for one.
/// --no-config leaves the files out; VPCFLOW_CONFIG names another one to read instead (empty: none).
#[derive(clap::Args, Debug)]
#[command(
    override_usage = "vpcflow run <NAME> [PATH]... [OPTIONS OF ITS COMMAND]\n       \
        vpcflow run --show <NAME> [PATH]... [OPTIONS OF ITS COMMAND]\n       \
        vpcflow run --list [-o FORMAT]",
    after_help = EXAMPLES,
    after_long_help = format!("{EXAMPLES}\n\nAn example of such a file:\n{}", FILE.replace("\n", "\n  ").trim_end())
)]
pub struct Run {
    /// Name of the question; then paths, and options of its command
    #[arg(value_name = "NAME", trailing_var_arg = true, allow_hyphen_values = true, required_unless_present = "list")]
    words: Vec<OsString>,

    /// List the questions: name, what for, command, and the file it comes from
    #[arg(long, conflicts_with_all = ["words", "show"])]
    list: bool,

    /// Print the command line that the question stands for, and do not run it
    #[arg(long)]
    show: bool,

    /// Format of the list
    #[arg(short, long, value_name = "FORMAT", default_value = "table", value_parser = EnumValueParser::<Format>::new())]
    output: Format,

    /// Colour of the list; auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    color: When,
}

const EXAMPLES: &str = "Examples:\n  \
    vpcflow run --list                                     every question there is\n  \
    vpcflow run athena/top-talkers logs/                   as it stands\n  \
    vpcflow run athena/top-talkers logs/ -n 5 -o json      with other options\n  \
    vpcflow run --show insights/avg-min-max-bytes          what it stands for\n  \
    vpcflow save scanners -- rejects --by src-ip -n 5      one of your own\n  \
    vpcflow run scanners logs/";

/// A file with everything that a file can hold.
const FILE: &str = r#"
[defaults]                  # for every command that has the option
log-format = "v5"
[defaults.top]              # for one command, before those for every command
limit = 20
[questions.web-rejects]
about = "who was refused most, and on which ports"
command = "rejects --by src-ip,dst-port -n 20"
"#;

impl Run {
    /// The command line of the question; `None` if it is not to be run.
    pub fn expanded(&self, files: &Files) -> Result<Option<Vec<OsString>>, Error> {
        if self.list || self.show {
            return Ok(None);
        }
        let config = Config::load(files)?;
        let (question, more) = self.question(&config)?;
        config.run(question, more).map(Some)
    }

    /// Lists the questions, or shows one.
    pub fn run(&self, files: &Files, _: &Messages) -> Result<Status, Error> {
        let config = Config::load(files)?;
        let mut out = BufWriter::new(standard::output()?.lock());
        let written = if self.list {
            let style = style(self.color, false, &surroundings());
            render(&mut report(&config.questions()), self.output, &style, &mut out)
        } else {
            let (question, more) = self.question(&config)?;
            let line = config.expand(question, more)?;
            writeln!(out, "{}", shell_words::join(line.iter().map(|word| word.to_string_lossy())))
        };
        written.and_then(|()| out.flush()).map_err(Error::stdout)?;
        Ok(Status::Done)
    }

    /// The question, and what stands behind its name.
    fn question<'a>(&self, config: &'a Config) -> Result<(&'a Question, &[OsString]), Error> {
        let (name, more) = self.words.split_first().expect("a name is required");
        let name = name.to_string_lossy();
        if name.starts_with('-') {
            return Err(Error::Usage(format!(
                "expected the name of a question before '{name}': vpcflow run NAME [PATH]... [OPTIONS]"
            )));
        }
        Ok((config.question(&name)?, more))
    }
}

fn report(questions: &[&Question]) -> Report {
    let columns = vec![
        Column::key("name", Kind::Text),
        Column::measure("about", Some(Kind::Text)).weight(9),
        Column::measure("command", Some(Kind::Text)).weight(4),
        Column::measure("from", Some(Kind::Text)).weight(5),
    ];
    let row = |question: &&Question| {
        let about = if question.about.is_empty() { Value::None } else { Value::text(&question.about) };
        let command = shell_words::join(&question.words);
        vec![Value::text(&question.name), about, Value::text(command), Value::text(&question.from)]
    };
    Report { columns, rows: questions.iter().map(row).collect(), rows_in_all: questions.len(), ..Report::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_the_help_text_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, FILE).unwrap();
        let config = Config::load(&Files::Named(path)).unwrap();
        let line = config.run(config.question("web-rejects").unwrap(), &[]).unwrap();
        assert_eq!(line[2..], ["--log-format", "v5", "--by", "src-ip,dst-port", "--limit", "20"]);
    }
}
