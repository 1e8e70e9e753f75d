//! One file per command: its arguments, its query, its report.

mod anomalies;
mod compare;
mod completions;
mod convert;
mod diff;
mod explain;
mod fields;
mod interfaces;
mod man;
mod outliers;
mod ports;
mod ranked;
mod records;
mod rejects;
mod run;
mod save;
mod series;
mod summary;
mod timeline;
mod top;

use super::flags::InputFlags;
use super::messages::Messages;
use super::run::{Ask, run};
use super::saved::Files;
use super::scope::world;
use super::{Error, Status};
use crate::query::{Key, Measure, QueryError};
use crate::report::{Column, KEEP, Unit};
use crate::schema::Kind;
use std::borrow::Cow;
use std::ffi::OsString;

pub use completions::generate_completions;
pub use man::generate_man_pages;

/// The commands.
#[derive(clap::Subcommand, Debug)]
pub enum Command {
    Top(top::Top),
    Rejects(rejects::Rejects),
    Ports(ports::Ports),
    Interfaces(interfaces::Interfaces),
    Summary(summary::Summary),
    Timeline(timeline::Timeline),
    Compare(compare::Compare),
    Diff(diff::Diff),
    Outliers(outliers::Outliers),
    Anomalies(anomalies::Anomalies),
    Explain(explain::Explain),
    Fields(fields::Fields),
    #[command(visible_alias = "search")]
    Records(records::Records),
    Convert(convert::Convert),
    Run(run::Run),
    Save(save::Save),
    Completions(completions::Completions),
    Man(man::Man),
}

/// A command that reads flow logs.
struct Reading<'c> {
    /// `None` for lists of records and what they are converted to.
    ask: Option<&'c dyn Ask>,
    input: &'c InputFlags,
    quiet: bool,
}

impl Command {
    /// The command line that a saved question stands for.
    pub fn expanded(&self, files: &Files) -> Result<Option<Vec<OsString>>, Error> {
        match self {
            Command::Run(c) => c.expanded(files),
            _ => Ok(None),
        }
    }

    /// What a command that reads flow logs is about.
    fn reading(&self) -> Option<Reading<'_>> {
        let (ask, input, quiet): (Option<&dyn Ask>, _, _) = match self {
            Command::Top(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Rejects(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Ports(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Interfaces(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Summary(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Timeline(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Compare(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Diff(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Outliers(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Anomalies(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Explain(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Fields(c) => (Some(c), &c.input, c.output.account.quiet),
            Command::Records(c) => (None, &c.input, c.output.account.quiet),
            Command::Convert(c) => (None, &c.input, c.account.quiet),
            Command::Run(_) | Command::Save(_) | Command::Completions(_) | Command::Man(_) => return None,
        };
        Some(Reading { ask, input, quiet })
    }

    /// Refuses what would be refused before anything is read.
    pub fn check(&self) -> Result<(), Error> {
        let Some(Reading { ask, input, .. }) = self.reading() else { return Ok(()) };
        let filter = ask.map_or(Cow::Borrowed(&input.filter), |ask| ask.filter(&input.filter));
        filter.filters(&world(), 0)?;
        ask.map_or(Ok(()), Ask::check)
    }

    /// Whether this command reads or counts other records than `given`, which is the same without what
    /// files add to it, and does not want to hear of it.
    pub fn chooses_otherwise_than(&self, given: &Command) -> bool {
        let (Some(mine), Some(given)) = (self.reading(), given.reading()) else { return false };
        let (mine, other) = (mine.input, given.input);
        let files = (&mine.include, &mine.exclude) == (&other.include, &other.exclude);
        let records = (&mine.filter, mine.dedup) == (&other.filter, other.dedup);
        !(given.quiet || files && records)
    }

    /// Does what the command line asks.
    pub fn run(&self, files: &Files, messages: &Messages) -> Result<Status, Error> {
        match self {
            Command::Top(c) => run(c, &c.input, &c.output, messages),
            Command::Rejects(c) => run(c, &c.input, &c.output, messages),
            Command::Ports(c) => run(c, &c.input, &c.output, messages),
            Command::Interfaces(c) => run(c, &c.input, &c.output, messages),
            Command::Summary(c) => run(c, &c.input, &c.output, messages),
            Command::Timeline(c) => run(c, &c.input, &c.output, messages),
            Command::Compare(c) => c.run(messages),
            Command::Diff(c) => c.run(messages),
            Command::Outliers(c) => run(c, &c.input, &c.output, messages),
            Command::Anomalies(c) => run(c, &c.input, &c.output, messages),
            Command::Explain(c) => c.run(messages),
            Command::Fields(c) => run(c, &c.input, &c.output, messages),
            Command::Records(c) => c.run(messages),
            Command::Convert(c) => c.run(messages),
            Command::Run(c) => c.run(files, messages),
            Command::Save(c) => c.run(files, messages),
            Command::Completions(c) => c.run(files),
            Command::Man(c) => c.run(),
        }
    }
}

fn parse_key(text: &str) -> Result<Key, QueryError> {
    Key::parse(text)
}

fn parse_measure(text: &str) -> Result<Measure, QueryError> {
    Measure::parse(text)
}

/// Drops repetitions, keeping the first.
fn unique<T: Clone + PartialEq>(items: &[T]) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    kept
}

/// The measures, with the one to sort by among them, and where that stands.
fn with_sort(measures: &[Measure], sort: &Measure) -> (Vec<Measure>, usize) {
    let mut measures = unique(measures);
    let place = measures.iter().position(|measure| measure == sort).unwrap_or_else(|| {
        measures.push(sort.clone());
        measures.len() - 1
    });
    (measures, place)
}

fn key_column(key: &Key) -> Column {
    Column::key(key.name(), key.kind())
}

fn measure_column(name: &str, measure: &Measure) -> Column {
    let column = Column::measure(name, measure.kind());
    match measure {
        Measure::RejectPct => column.unit(Unit::Percent),
        Measure::Packets => column.weight(4),
        Measure::BytesPerPacket => column.unit(Unit::Bytes),
        Measure::Avg(key) if key.kind() == Kind::Bytes => column.unit(Unit::Bytes),
        Measure::Avg(_) => column.unit(Unit::Count),
        _ => column,
    }
}

/// The column of shares.
fn share_column() -> Column {
    Column::measure("share", None).unit(Unit::Share).weight(KEEP - 1)
}

/// How the columns of keys are named in help texts.
fn kinds_help() -> String {
    use crate::schema::{Enriched, Field};
    let mut text = String::from("Fields (with aliases; case, dashes and underscores do not matter):\n");
    for field in Field::all() {
        let mut aliases: Vec<&str> = field.aliases().to_vec();
        if field.aws_name() != field.name() {
            aliases.insert(0, field.aws_name());
        }
        let aliases = if aliases.is_empty() { String::new() } else { format!(" ({})", aliases.join(", ")) };
        text.push_str(&format!("  {}{aliases}: {}\n", field.name(), field.doc()));
    }
    text.push_str("  protocol-number: the protocol as a number\n");
    text.push_str("  duration: end - start, in seconds\n");
    text.push_str("  bpp: bytes per packet, rounded down\n");
    text.push_str("Fields made from others (those of a log that has them stay as they are):\n");
    for field in Enriched::all() {
        let aliases =
            if field.aliases().is_empty() { String::new() } else { format!(" ({})", field.aliases().join(", ")) };
        let needs = if field.needs().is_empty() { String::new() } else { format!(" [{}]", field.needs()) };
        text.push_str(&format!("  {}{aliases}: {}{needs}\n", field.name(), field.doc()));
    }
    text.push_str("An address with a prefix length is a network: src-ip/24 (IPv4; IPv6 stays whole), src-ip/48 (above 32: IPv6; IPv4 stays whole), src-ip/24/64 (IPv4, then IPv6).\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sort_measure_is_appended_once() {
        let (measures, place) = with_sort(&[Measure::Flows, Measure::Flows], &Measure::Bytes);
        assert_eq!((measures, place), (vec![Measure::Flows, Measure::Bytes], 1));
        assert_eq!(with_sort(&[Measure::Flows], &Measure::Flows), (vec![Measure::Flows], 0));
    }

    #[test]
    fn help_names_every_kind_of_key() {
        assert!(kinds_help().contains("src-ip (srcaddr, src,"));
        assert!(kinds_help().contains("duration"));
    }
}
