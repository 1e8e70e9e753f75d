//! The command line: the only room that knows arguments, the terminal, the environment and the
//! clock.

mod budget;
mod commands;
mod complete;
mod convert;
mod enrichment;
mod flags;
mod interrupt;
mod list;
mod memory;
mod messages;
mod progress;
mod rewind;
mod run;
mod saved;
mod scope;
mod settings;
mod standard;
mod status;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};
use messages::Messages;
use saved::Files;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

pub use memory::Memory;
pub use status::Status;

/// Answers questions about AWS VPC flow logs, at the speed of unpacking them.
///
/// Reads files, directories (walked) and standard input, plain or gzipped, in any field order, and
/// says who talked to whom, what was refused, and how much.
#[derive(Parser, Debug)]
#[command(
    name = "vpcflow",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    args_override_self = true,
    override_usage = "vpcflow <COMMAND> [OPTIONS] [PATH]...",
    after_help = "Examples:\n  \
        vpcflow top                                 top talkers, of the current folder\n  \
        vpcflow top --by dst-ip,dst-port logs/      what is talked to most\n  \
        vpcflow rejects logs/                       who was refused most\n  \
        zcat x.log.gz | vpcflow summary             totals of a stream\n  \
        vpcflow ports -o markdown logs/             a table for a pull request\n  \
        vpcflow run athena/top-talkers logs/        a question that comes along\n\n\
        Exit status: 0 done; 1 --fail-if holds; 2 usage, or the result could not be written; 3 some input could not be read whole."
)]
pub struct Cli {
    #[command(subcommand)]
    command: commands::Command,

    /// Read no configuration file (`vpcflow run --help` says what they hold)
    #[arg(long, global = true)]
    no_config: bool,
}

/// The whole command line, for man pages and completions.
pub fn command() -> clap::Command {
    Cli::command()
}

pub use commands::{generate_completions, generate_man_pages};

/// Why a command ends without a result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Usage(String),
    #[error("{0}")]
    Arguments(#[from] Box<clap::Error>),
    #[error(transparent)]
    Filter(#[from] crate::query::filter::ExprError),
    #[error(transparent)]
    Source(#[from] crate::source::SourceError),
    #[error(transparent)]
    Engine(#[from] crate::engine::EngineError),
    #[error(transparent)]
    List(crate::engine::ListError),
    #[error("cannot write {path}: {}", crate::source::plain_error(error))]
    Output { path: String, error: io::Error },
}

impl Error {
    fn stdout(error: io::Error) -> Error {
        Error::Output { path: "standard output".into(), error }
    }
}

impl From<crate::engine::ListError> for Error {
    fn from(error: crate::engine::ListError) -> Error {
        match error {
            crate::engine::ListError::Output(error) => Error::stdout(error),
            other => Error::List(other),
        }
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(internal_error));
    memory::reserve();
    interrupt::file_sizes_are_errors();
    let messages = Messages::default();
    let settled = settled(std::env::args_os().collect());
    match settled.and_then(|(cli, files, note)| Ok((cli.command.run(&files, &messages)?, note))) {
        Ok((status, note)) => {
            note.iter().for_each(|note| messages.note(note));
            status.into()
        }
        Err(Error::Arguments(error)) => print_clap(&with_suggestion(*error), &messages).into(),
        Err(Error::Output { error, .. }) if error.kind() == io::ErrorKind::BrokenPipe => Status::Done.into(),
        Err(error) => {
            messages.error(&error.to_string());
            Status::Usage.into()
        }
    }
}

/// The command line with what the configuration adds: a saved question in full, and the options that
/// are always set. What these leave out is worth a remark: they may have come with the logs.
fn settled(line: Vec<OsString>) -> Result<(Cli, Files, Option<String>), Error> {
    let cli = parse(&line)?;
    let files = Files::new(cli.no_config);
    if let Some(line) = cli.command.expanded(&files)? {
        return Ok((parse(&line)?, files, None));
    }
    let Some(line) = saved::with_defaults(&line, &files)? else { return Ok((cli, files, None)) };
    let whole = parse(&line)?;
    let note = whole.command.chooses_otherwise_than(&cli.command).then(|| {
        "defaults of your configuration choose what is read or counted; --no-config leaves them out".to_string()
    });
    Ok((whole, files, note))
}

fn parse(line: &[OsString]) -> Result<Cli, Error> {
    Ok(Cli::try_parse_from(line).map_err(Box::new)?)
}

/// Suggests the command that was meant: transposed letters in a short name are too far off for
/// clap's own measure.
fn with_suggestion(mut error: clap::Error) -> clap::Error {
    // An option that is none is not a path either.
    if error.kind() == ErrorKind::UnknownArgument {
        error.remove(ContextKind::Suggested);
    }
    if let Some(ContextValue::String(wanted)) = error.get(ContextKind::InvalidSubcommand)
        && error.get(ContextKind::SuggestedSubcommand).is_none()
    {
        let commands = command();
        let names = commands.get_subcommands().map(clap::Command::get_name);
        if let Some(near) = crate::schema::closest(wanted, names) {
            let near = ContextValue::Strings(vec![near.to_string()]);
            error.insert(ContextKind::SuggestedSubcommand, near);
        }
    }
    error
}

/// Help and version go to standard output, mistakes to standard error.
fn print_clap(error: &clap::Error, messages: &Messages) -> Status {
    if error.use_stderr() {
        _ = error.print();
        return Status::Usage;
    }
    let printed =
        standard::output().and_then(|mut out| error.print().and_then(|()| out.flush()).map_err(Error::stdout));
    match printed {
        Err(Error::Output { error, .. }) if error.kind() == io::ErrorKind::BrokenPipe => Status::Done,
        Err(error) => {
            messages.error(&error.to_string());
            Status::Usage
        }
        Ok(()) => Status::Done,
    }
}

/// A defect ends the run: an answer without some worker's part would be wrong. The standard library panics
/// also where a thread gets no memory for its stack, which is no defect.
#[expect(clippy::exit, reason = "a panic in any thread must not leave the others running")]
fn internal_error(info: &std::panic::PanicHookInfo<'_>) {
    let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
    let what = info.payload_as_str().unwrap_or("no reason given");
    let kind = if what.starts_with("failed to allocate") { "out of memory" } else { "internal error" };
    _ = writeln!(io::stderr(), "vpcflow: {kind}: {what}{place}; nothing that was printed can be relied on");
    interrupt::remove_unfinished();
    std::process::exit(2);
}
