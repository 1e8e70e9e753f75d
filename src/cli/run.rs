//! From a question to its printed answer: what all reading commands do alike.

use super::enrichment;
use super::flags::{FilterFlags, InputFlags, OutputFlags, StatsForm};
use super::messages::Messages;
use super::progress::with_progress;
use super::scope::Scope;
use super::settings::{Settings, Surroundings};
use super::standard;
use super::{Error, Status};
use crate::engine::{self, Answer, Counts, Tally, Warning};
use crate::enrich::Enricher;
use crate::query::{Plan, Query, Rounded};
use crate::render::render;
use crate::report::Report;
use crate::schema::{FieldName, escape};
use crate::source::Discovery;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::sync::Arc;

/// A command that reads flow logs.
pub trait Ask {
    /// Looks at the input before the question is put.
    fn look(&self, _: &Discovery, _: &engine::Options) {}
    /// Is told where the time asked for begins, where `--since` or `--last` says so.
    fn begins(&self, _: u64) {}
    /// Is told what fields are made with.
    fn ready(&self, _: &Arc<Enricher>) {}
    /// What is to be found out.
    fn query(&self) -> Query;
    /// Refuses options that do not go together.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }
    /// Fields without which the question makes no sense.
    fn needed(&self) -> Vec<FieldName>;
    /// The filters: a command may give other meanings to some values.
    fn filter<'f>(&self, flags: &'f FilterFlags) -> Cow<'f, FilterFlags> {
        Cow::Borrowed(flags)
    }
    /// So many seconds before `--since` are looked at, too.
    fn earlier(&self) -> u64 {
        0
    }
    /// Whether flows without a value for a key are worth a remark.
    fn counts_null_keys(&self) -> bool {
        true
    }
    /// The answer as a report, and how many flows had no value for a key.
    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error>;
}

/// What came of reading the input of a question once.
pub struct Read {
    pub answer: Answer,
    input: Input,
    needed: Vec<FieldName>,
    notes: Vec<String>,
    /// What filters say of the query.
    filtered: bool,
}

impl Read {
    /// Reads what `settings` say.
    pub fn new(ask: &dyn Ask, flags: &InputFlags, settings: &mut Settings) -> Result<Read, Error> {
        let filter = ask.filter(&flags.filter);
        let Scope { filter, found, since, needed, mut notes } =
            Scope::with_earlier(&filter, ask.earlier(), ask.needed(), settings)?;
        if let Some(since) = since {
            flags.filter.begins(since);
            ask.begins(since);
        }
        ask.look(&found, &settings.engine);
        let query = Query { filter, ..ask.query() };
        notes.extend(enrichment::settle(&flags.enrich, Plan::new(&query).fields(), &found, &mut settings.engine)?);
        notes.extend(enrichment::unfolded(&query.unfolded()));
        ask.ready(&settings.engine.enricher);
        let input = Input::of(&found, query.filter.is_some());
        let read = |found, progress: &dyn engine::Progress| engine::run(&query, found, &settings.engine, progress);
        let answer = with_progress(settings.progress, found, read)?;
        Ok(Read { answer, input, needed, notes, filtered: query.filter.is_some() })
    }

    /// Says why there is no answer, and how it went: what was wrong with the input may be why.
    pub fn refuse(self, why: &str, settings: &Settings, messages: &Messages) -> Status {
        messages.error(why);
        match self.close(0, false, settings, messages) {
            Status::Incomplete => Status::Incomplete,
            _ => Status::Usage,
        }
    }

    /// Says how it went, and with `told`, how many flows had no value for a key.
    pub fn close(self, null_keys: u64, told: bool, settings: &Settings, messages: &Messages) -> Status {
        let Read { answer, input, needed, mut notes, filtered } = self;
        // Whoever asks for the account finds them there.
        if told && null_keys > 0 && settings.stats.is_none() {
            let some = filtered || settings.engine.dedup.is_some();
            let of = if some { String::new() } else { format!(" of {}", answer.tally.counts.flows) };
            notes.push(format!("{null_keys}{of} flows have no value for a key, and are in no group"));
        }
        notes.extend(answer.rounded().iter().map(|Rounded { field, limit, bound }| {
            let limit = crate::report::count(*limit as u128);
            format!("percentiles of {field} may be off by {bound}: its groups have more than {limit} different values")
        }));
        let account = Account { tally: &answer.tally, warnings: answer.warnings(), null_keys, notes };
        account.close(&input, &needed, settings, messages)
    }
}

/// Says how it went with readings of several paths, each with the flows that had no value for a key. Returns whether
/// one of them is incomplete.
pub fn close_all(
    reads: impl IntoIterator<Item = (Read, u64, Vec<PathBuf>)>,
    settings: &mut Settings,
    messages: &Messages,
) -> bool {
    let mut incomplete = false;
    for (read, null_keys, paths) in reads {
        settings.paths = paths;
        incomplete |= read.close(null_keys, true, settings, messages) == Status::Incomplete;
    }
    incomplete
}

/// Writes a result to standard output.
pub fn write(report: &mut Report, output: &OutputFlags, settings: &Settings, out: io::Stdout) -> Result<(), Error> {
    let mut out = BufWriter::new(out.lock());
    let written = render(report, output.output, &settings.style, &mut out).and_then(|()| out.flush());
    written.map_err(Error::stdout)
}

/// Runs a command that reads flow logs.
pub fn run(ask: &dyn Ask, input: &InputFlags, output: &OutputFlags, messages: &Messages) -> Result<Status, Error> {
    let mut settings = Settings::new(input, output, &surroundings())?;
    let out = standard::output()?;
    ask.check()?;
    let mut read = Read::new(ask, input, &mut settings)?;
    let (mut report, null_keys) = match ask.report(&mut read.answer) {
        Err(Error::Usage(why)) => return Ok(read.refuse(&why, &settings, messages)),
        answered => answered?,
    };
    let is_empty = report.is_empty();
    write(&mut report, output, &settings, out)?;
    read.notes.extend(report.notes);
    if is_empty && read.filtered && read.answer.tally.counts.matched > 0 && null_keys == 0 {
        let matched = crate::report::count(read.answer.tally.counts.matched.into());
        read.notes.push(format!("of {matched} records that match the filters, none makes a row"));
    }
    Ok(read.close(null_keys, ask.counts_null_keys(), &settings, messages))
}

/// What is known of the input before it is read.
pub struct Input {
    nothing: bool,
    filtered: bool,
    skipped: u64,
    pruned: u64,
}

impl Input {
    pub fn of(found: &Discovery, filtered: bool) -> Input {
        Input { nothing: found.sources.is_empty(), filtered, skipped: found.skipped, pruned: found.pruned }
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
                messages.note(&no_files(settings, input));
            }
            if !input.nothing && tally.counts.lines + tally.counts.row_groups_pruned == 0 && tally.is_whole() {
                messages.note("there is not a single line in the input");
            }
            if input.filtered && tally.counts.matched == 0 && tally.counts.records > 0 {
                let records = crate::report::count(tally.counts.records.into());
                messages.note(&format!("of {records} records, none matches the filters"));
            }
            messages.warnings(&warnings);
            notes.iter().for_each(|note| messages.note(note));
            repeats(&tally.counts, settings).iter().for_each(|note| messages.note(note));
            for field in tally.absent(needed) {
                enrichment::absent(field, tally, &settings.engine).iter().for_each(|note| messages.note(note));
            }
        }
        let damage = settings.engine.enricher.damage();
        if !settings.quiet {
            damage.iter().for_each(|damage| messages.note(damage));
        }
        if let Some(form) = settings.stats {
            messages.stats(tally, null_keys, form == StatsForm::Json);
        }
        let strict = settings.strict && tally.counts.malformed > 0;
        if tally.is_whole() && !strict && damage.is_empty() { Status::Done } else { Status::Incomplete }
    }
}

/// What is worth a remark about records that were compared with others, and about those that were not.
fn repeats(counts: &Counts, settings: &Settings) -> Vec<String> {
    let records = |count: u64| match count {
        1 => "1 record".to_string(),
        count => format!("{} records", crate::report::count(count.into())),
    };
    let Counts { matched, duplicates, nameless, strays, .. } = *counts;
    let mut notes = Vec::new();
    // Whoever asks for the account finds them there.
    if duplicates > 0 && settings.stats.is_none() {
        let left_out = crate::report::count(duplicates.into());
        notes.push(format!("duplicates left out: {left_out} of {}", records(matched + duplicates)));
    }
    if nameless > 0 {
        notes.push(format!(
            "--dedup: {} without interface-id, start or end, which cannot be told from others; they all count",
            records(nameless)
        ));
    }
    if strays > 0 {
        notes.push(format!(
            "--dedup: {} of another time than the path of the file tells, which cannot be compared; they all count \
             (a longer --lateness compares them)",
            records(strays)
        ));
    }
    notes
}

fn no_files(settings: &Settings, input: &Input) -> String {
    let shown = |path: &PathBuf| escape(path.as_os_str().as_bytes());
    let paths: Vec<String> = settings.paths.iter().map(shown).collect();
    let paths = paths.join(", ");
    match (input.skipped, input.pruned) {
        (0, 0) => format!("no log files under {paths}"),
        (skipped, 0) => {
            format!("no log files under {paths} ({skipped} left out: hidden, excluded, links or no files)")
        }
        (_, pruned) => format!(
            "no log file under {paths} can have matching records by its path, of {pruned} that were looked at \
             (--no-prune opens all files)"
        ),
    }
}

/// What surrounds the program.
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
        memory: super::budget::available(),
        temporary: std::env::temp_dir(),
    }
}
