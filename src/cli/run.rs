//! From a question to its printed answer: what all reading commands do alike.

use super::flags::{InputFlags, OutputFlags, StatsForm};
use super::messages::Messages;
use super::progress::with_progress;
use super::scope::Scope;
use super::settings::{Settings, Surroundings};
use super::{Error, Status};
use crate::engine::{self, Answer};
use crate::query::{Filter, Query, Rounded};
use crate::render::render;
use crate::report::Report;
use crate::schema::{FieldName, escape};
use crate::source::Discovery;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;

/// A command that reads flow logs.
pub trait Ask {
    /// Looks at the input before the question is put.
    fn look(&self, _: &Discovery, _: &engine::Options) {}
    /// What is to be found out.
    fn query(&self) -> Query;
    /// Refuses options that do not go together.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
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
    ask.check()?;
    let Scope { filter, found } = Scope::new(&input.filter, &settings)?;
    let mut needed = ask.needed();
    needed.extend(filter.as_ref().map(Filter::fields).unwrap_or_default());
    refuse_unknown(&needed, &found, &settings)?;
    ask.look(&found, &settings.engine);
    let query = Query { filter, ..ask.query() };
    let nothing = found.sources.is_empty();
    let left_out = (found.skipped, found.pruned);
    let filtered = query.filter.is_some();
    let read = |found, progress: &dyn engine::Progress| engine::run(&query, found, &settings.engine, progress);
    let mut answer = with_progress(settings.progress, found, read)?;
    let (report, null_keys) = ask.report(&mut answer);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = render(&report, settings.output, &settings.style, &mut out).and_then(|()| out.flush());
    written.map_err(Error::stdout)?;
    if !settings.quiet {
        if nothing {
            messages.note(&no_files(&settings, left_out));
        }
        if !nothing && answer.tally.counts.lines == 0 && answer.tally.is_whole() {
            messages.note("there is not a single line in the input");
        }
        messages.warnings(&answer.warnings());
        report.notes.iter().for_each(|note| messages.note(note));
        // Whoever asks for the account finds them there.
        if null_keys > 0 && settings.stats.is_none() && ask.counts_null_keys() {
            let of = if filtered { String::new() } else { format!(" of {}", answer.tally.counts.flows) };
            messages.note(&format!("{null_keys}{of} flows have no value for a key, and are in no group"));
        }
        for Rounded { field, limit, bound } in answer.rounded() {
            let limit = crate::report::count(*limit as u128);
            messages.note(&format!(
                "percentiles of {field} may be off by {bound}: its groups have more than {limit} different values"
            ));
        }
        for field in answer.absent(&needed) {
            messages.note(&format!("no input has the field '{}'", field.name()));
        }
    }
    if let Some(form) = settings.stats {
        messages.stats(&answer.tally, null_keys, form == StatsForm::Json);
    }
    let strict = settings.strict && answer.tally.counts.malformed > 0;
    Ok(if answer.tally.is_whole() && !strict { Status::Done } else { Status::Incomplete })
}

/// A field that is not known has to occur in the input, or it is a slip.
fn refuse_unknown(needed: &[FieldName], found: &Discovery, settings: &Settings) -> Result<(), Error> {
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

fn no_files(settings: &Settings, left_out: (u64, u64)) -> String {
    let shown = |path: &PathBuf| escape(path.as_os_str().as_bytes());
    let paths: Vec<String> = settings.paths.iter().map(shown).collect();
    let paths = paths.join(", ");
    match left_out {
        (0, 0) => format!("no log files under {paths}"),
        (skipped, 0) => {
            format!("no log files under {paths} ({skipped} left out: hidden, excluded, links or no files)")
        }
        (_, pruned) => format!(
            "no log file under {paths} can have matching records by its path, of {pruned} that were looked at \
             (--lateness all: do not go by time)"
        ),
    }
}

/// What surrounds the program.
pub fn surroundings() -> Surroundings {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let stdin_is_data = io::stdin().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata());
    Surroundings {
        stdin_is_data: stdin_is_data.is_ok_and(|m| {
            let kind = m.file_type();
            kind.is_fifo() || kind.is_file() || kind.is_socket()
        }),
        stdout_is_terminal: io::stdout().is_terminal(),
        stderr_is_terminal: io::stderr().is_terminal(),
        width: terminal_size::terminal_size().map(|(width, _)| width.0.into()),
        columns: variable("COLUMNS").and_then(|v| v.to_str()?.parse().ok()).filter(|n| *n > 0),
        no_color: variable("NO_COLOR").is_some(),
        dumb: variable("TERM").is_some_and(|term| term == "dumb"),
    }
}
