//! Flags, terminal and environment become plain settings. Pure: what surrounds the program comes in
//! as arguments.

use super::budget::Budget;
use super::flags::{AccountFlags, InputFlags, OutputFlags, StatsForm, When};
use crate::decode::Said;
use crate::engine::{self, Dedup};
use crate::render::Style;
use crate::source::{Globs, SourceError};
use clap::ValueEnum;
use std::path::PathBuf;

/// What surrounds the program.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Standard input is a pipe, a file or a socket.
    pub stdin_is_data: bool,
    pub stdout_is_terminal: bool,
    /// Standard output is a file that nobody sees grow.
    pub stdout_is_file: bool,
    pub stderr_is_terminal: bool,
    /// The width of the terminal.
    pub width: Option<usize>,
    /// The environment's COLUMNS.
    pub columns: Option<usize>,
    /// NO_COLOR is set and not empty.
    pub no_color: bool,
    /// TERM is `dumb`.
    pub dumb: bool,
    /// The memory that there is, in bytes.
    pub memory: Option<u64>,
    /// The folder for temporary files.
    pub temporary: PathBuf,
}

/// What a run goes by.
pub struct Settings {
    pub paths: Vec<PathBuf>,
    pub globs: Globs,
    pub follow: bool,
    pub engine: engine::Options,
    pub memory: Budget,
    pub style: Style,
    pub progress: Progress,
    pub stats: Option<StatsForm>,
    pub quiet: bool,
    pub strict: bool,
}

/// Whether to show progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Never,
    /// When the run takes a while.
    Later,
    AtOnce,
}

impl Settings {
    /// Settles what the flags leave open.
    pub fn new<F: ValueEnum + Clone + Send + Sync>(
        input: &InputFlags,
        output: &OutputFlags<F>,
        around: &Surroundings,
    ) -> Result<Settings, SourceError> {
        let style = Style { csv_safe: output.csv_safe, ..style(output.color, output.raw, around) };
        Ok(Settings { style, ..Settings::unstyled(input, &output.account, around)? })
    }

    /// The same for a result that nobody looks at.
    pub fn unstyled(
        input: &InputFlags,
        account: &AccountFlags,
        around: &Surroundings,
    ) -> Result<Settings, SourceError> {
        let paths = match &input.paths[..] {
            [] if around.stdin_is_data => vec!["-".into()],
            [] => vec![".".into()],
            paths => paths.to_vec(),
        };
        let progress = match account.progress {
            When::Always => Progress::AtOnce,
            When::Never => Progress::Never,
            When::Auto if around.stderr_is_terminal && !around.dumb => Progress::Later,
            When::Auto => Progress::Never,
        };
        let memory = Budget::new(input.max_memory, around.memory);
        Ok(Settings {
            paths,
            globs: Globs::new(&input.include, &input.exclude)?,
            follow: input.follow,
            engine: engine::Options {
                threads: input.threads.unwrap_or(0).into(),
                said: Said { format: input.log_format.clone(), flow_logs: input.flow_logs.clone() },
                no_prune: input.filter.no_prune,
                dedup: input.dedup.then(|| dedup(input, memory)),
                memory: Some(memory.groups(input.dedup)),
                directory: around.temporary.clone(),
                ..engine::Options::default()
            },
            memory,
            style: Style::default(),
            progress,
            stats: account.stats,
            quiet: account.quiet,
            strict: account.strict,
        })
    }
}

/// How repeated records are told.
fn dedup(input: &InputFlags, memory: Budget) -> Dedup {
    let lateness = input.filter.lateness.0.filter(|_| !input.filter.no_prune);
    let all = Dedup::default();
    Dedup { lateness, limit: all.limit.min(memory.compared(Dedup::RECORD)), ..all }
}

/// How a report is written where the program stands.
pub fn style(color: When, raw: bool, around: &Surroundings) -> Style {
    let color = match color {
        When::Always => true,
        When::Never => false,
        When::Auto => around.stdout_is_terminal && !around.no_color && !around.dumb,
    };
    let width = around.columns.or(around.width.filter(|_| around.stdout_is_terminal));
    Style { width, color, raw, csv_safe: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        input: InputFlags,
        #[command(flatten)]
        output: OutputFlags,
    }

    fn settings(args: &[&str], around: &Surroundings) -> Settings {
        let flags = Flags::parse_from([&["x"], args].concat());
        Settings::new(&flags.input, &flags.output, around).expect("settings")
    }

    #[test]
    fn without_a_path_data_on_standard_input_wins() {
        let piped = Surroundings { stdin_is_data: true, ..Surroundings::default() };
        assert_eq!(settings(&[], &piped).paths, [PathBuf::from("-")]);
        assert_eq!(settings(&["a"], &piped).paths, [PathBuf::from("a")]);
        assert_eq!(settings(&[], &Surroundings::default()).paths, [PathBuf::from(".")]);
    }

    #[test]
    fn colour_and_width_are_for_terminals() {
        let terminal = Surroundings { stdout_is_terminal: true, width: Some(80), ..Surroundings::default() };
        let style = |args: &[&str], around: &Surroundings| settings(args, around).style;
        assert!(style(&[], &terminal).color);
        assert_eq!(style(&[], &terminal).width, Some(80));
        assert!(!style(&[], &Surroundings { no_color: true, ..terminal.clone() }).color);
        assert!(!style(&[], &Surroundings { dumb: true, ..terminal.clone() }).color);
        assert!(style(&["--color=always"], &Surroundings::default()).color);
        assert!(!style(&["--color=never"], &terminal).color);
        assert_eq!(style(&[], &Surroundings { width: Some(80), ..Surroundings::default() }).width, None);
        assert_eq!(style(&[], &Surroundings { columns: Some(40), ..terminal }).width, Some(40));
    }

    #[test]
    fn progress_is_for_terminals_too() {
        let terminal = Surroundings { stderr_is_terminal: true, ..Surroundings::default() };
        assert_eq!(settings(&[], &terminal).progress, Progress::Later);
        assert_eq!(settings(&[], &Surroundings::default()).progress, Progress::Never);
        assert_eq!(settings(&["--progress=always"], &Surroundings::default()).progress, Progress::AtOnce);
    }
}
