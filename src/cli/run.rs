//! From a question to its printed answer: what all reading commands do alike.

use super::flags::{InputFlags, OutputFlags, StatsForm};
use super::messages::Messages;
use super::progress::Line;
use super::settings::{Progress, Settings, Surroundings};
use super::{Error, Status};
use crate::engine::{self, Answer, Silent, Tally, Warning};
use crate::query::Query;
use crate::render::render;
use crate::report::Report;
use crate::schema::{FieldName, escape};
use crate::source::{Discovery, discover};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;

/// A command that reads flow logs.
pub trait Ask {
    /// What is to be found out.
    fn query(&self) -> Query;
    /// Fields without which the question makes no sense.
    fn needed(&self) -> Vec<FieldName>;
    /// Whether flows without a value for a key are worth a remark.
    fn counts_null_keys(&self) -> bool {
        true
    }
    /// The answer as a report, and how many flows had no value for a key.
    fn report(&self, answer: &mut Answer) -> (Report, u64);
}

/// Runs a command that reads flow logs.
pub fn run(ask: &dyn Ask, input: &InputFlags, output: &OutputFlags, messages: &Messages) -> Result<Status, Error> {
    let settings = Settings::new(input, output, &surroundings())?;
    let query = ask.query();
    let found = discover(&settings.paths, &settings.globs, settings.follow)?;
    refuse_unknown(&ask.needed(), &found, &settings)?;
    let input = Input::of(&found);
    let mut answer =
        with_progress(&settings, found, |found, progress| engine::run(&query, found, &settings.engine, progress))?;
    let (report, null_keys) = ask.report(&mut answer);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = render(&report, output.output, &settings.style, &mut out).and_then(|()| out.flush());
    written.map_err(Error::stdout)?;
    let mut notes = Vec::new();
    // Whoever asks for the account finds them there.
    if null_keys > 0 && settings.stats.is_none() && ask.counts_null_keys() {
        let selected = answer.tally.counts.flows;
        notes.push(format!("{null_keys} of {selected} flows have no value for a key, and are in no group"));
    }
    let account = Account { tally: &answer.tally, warnings: answer.warnings(), null_keys, notes };
    Ok(account.close(&input, &ask.needed(), &settings, messages))
}

/// What is known of the input before it is read.
pub struct Input {
    nothing: bool,
    skipped: u64,
}

impl Input {
    pub fn of(found: &Discovery) -> Input {
        Input { nothing: found.sources.is_empty(), skipped: found.skipped }
    }
}

/// How a run went.
pub struct Account<'a> {
    pub tally: &'a Tally,
    pub warnings: Vec<Warning>,
    pub null_keys: u64,
    pub notes: Vec<String>,
}

impl Account<'_> {
    /// Says how it went, and what that makes of the exit status.
    pub fn close(self, input: &Input, needed: &[FieldName], settings: &Settings, messages: &Messages) -> Status {
        let Account { tally, warnings, null_keys, notes } = self;
        if !settings.quiet {
            if input.nothing {
                messages.note(&no_files(settings, input.skipped));
            }
            if !input.nothing && tally.counts.lines == 0 && tally.is_whole() {
                messages.note("there is not a single line in the input");
            }
            messages.warnings(&warnings);
            notes.iter().for_each(|note| messages.note(note));
            for field in tally.absent(needed) {
                messages.note(&format!("no input has the field '{}'", field.name()));
            }
        }
        if let Some(form) = settings.stats {
            messages.stats(tally, null_keys, form == StatsForm::Json);
        }
        let strict = settings.strict && tally.counts.malformed > 0;
        if tally.is_whole() && !strict { Status::Done } else { Status::Incomplete }
    }
}

/// A field that is not known has to occur in the input, or it is a slip.
pub fn refuse_unknown(needed: &[FieldName], found: &Discovery, settings: &Settings) -> Result<(), Error> {
    let unknown = |name: &&FieldName| matches!(name, FieldName::Other(_));
    for field in needed.iter().filter(unknown) {
        if !engine::occurs(field, &found.sources, &settings.engine) {
            let stdin = found.sources.iter().any(|source| source.path.is_none());
            return Err(Error::Usage(format!(
                "unknown field '{}', and no header of the input has it; `vpcflow top --help` lists the fields{}",
                field.name(),
                if stdin {
                    " (standard input cannot be looked at: name its fields, --log-format '${...} ...')"
                } else {
                    ""
                }
            )));
        }
    }
    Ok(())
}

fn no_files(settings: &Settings, skipped: u64) -> String {
    let shown = |path: &PathBuf| escape(path.as_os_str().as_bytes());
    let paths: Vec<String> = settings.paths.iter().map(shown).collect();
    let left_out = match skipped {
        0 => String::new(),
        n => format!(" ({n} left out: hidden, excluded, links or no files)"),
    };
    format!("no log files under {}{left_out}", paths.join(", "))
}

/// Does `work`, and shows how far it is if that is wanted.
pub fn with_progress<T>(
    settings: &Settings,
    found: Discovery,
    work: impl FnOnce(Discovery, &dyn engine::Progress) -> T,
) -> T {
    if settings.progress == Progress::Never {
        return work(found, &Silent);
    }
    let known = found.sources.iter().all(|source| source.size > 0);
    let bytes = if known { found.sources.iter().map(|source| source.size).sum() } else { 0 };
    let line = Line::new(found.sources.len(), bytes, settings.progress == Progress::AtOnce);
    let result = work(found, &line);
    line.clear();
    result
}

pub fn surroundings() -> Surroundings {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let stdin_is_data = io::stdin().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    let stdout = io::stdout().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    Surroundings {
        stdin_is_data: stdin_is_data.is_ok_and(|m| {
            let kind = m.file_type();
            kind.is_fifo() || kind.is_file() || kind.is_socket()
        }),
        stdout_is_terminal: io::stdout().is_terminal(),
        stdout_is_file: stdout.is_ok_and(|m| m.is_file()),
        stderr_is_terminal: io::stderr().is_terminal(),
        width: terminal_size::terminal_size().map(|(width, _)| width.0.into()),
        columns: variable("COLUMNS").and_then(|v| v.to_str()?.parse().ok()).filter(|n| *n > 0),
        no_color: variable("NO_COLOR").is_some(),
        dumb: variable("TERM").is_some_and(|term| term == "dumb"),
    }
}
