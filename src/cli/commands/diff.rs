//! `diff`: what is new, gone, more or less in one set of logs against another.

use super::series::{number, value};
use super::{key_column, measure_column, parse_key, parse_measure, unique};
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::messages::Messages;
use crate::cli::run::{Ask, Read, close_all, surroundings, write};
use crate::cli::scope::world;
use crate::cli::settings::Settings;
use crate::cli::{Error, Status, standard};
use crate::engine::Answer;
use crate::query::{Grouping, Having, Key, Measure, Query, ResultColumn, Select};
use crate::report::{Column, KEEP, Report, Unit, count};
use crate::schema::{FieldName, Kind, Value};
use clap::ValueHint;
use std::collections::BTreeMap;

/// What is new, gone, more or less in one set of logs against another
///
/// Reads two paths, BEFORE and AFTER, and groups the flows of each by the same fields. A row is a group that is
/// not the same in both: new or gone, grown or shrunk by its first measure. The largest changes come first.
///
/// Made for pipelines: with --fail-if, the exit status is 1 if a condition on the numbers of groups holds. Its
/// names are new, gone, grown, shrunk and same.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow diff --by dst-port,protocol before/ after/       did this deploy open a port?\n  \
        vpcflow diff --by dst-port --action ACCEPT --fail-if 'new > 0' before/ after/\n  \
        vpcflow diff --by src-ip/24 --only new,gone -n 0 -o csv monday/ tuesday/\n  \
        vpcflow diff --by interface-id --agg bytes --threshold 50 a.log b.log")]
pub struct Diff {
    /// Fields to group by, separated by commas (`vpcflow top --help` lists the fields)
    #[arg(long, value_name = "FIELD", value_delimiter = ',', default_value = "dst-port,protocol", value_parser = parse_key, value_hint = ValueHint::Other)]
    by: Vec<Key>,

    /// Measures to show, separated by commas; the first tells what has changed
    #[arg(long, value_name = "MEASURE", value_delimiter = ',', default_value = "flows", value_parser = parse_measure, value_hint = ValueHint::Other)]
    agg: Vec<Measure>,

    /// Kinds of rows to show [default: all but same]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    only: Vec<Change>,

    /// Percent that a group has to grow or shrink by to count as such
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = parse_percent)]
    threshold: f64,

    /// Exit with status 1 if this holds, such as 'new > 0 or grown >= 5'
    #[arg(long, value_name = "EXPR", value_hint = ValueHint::Other)]
    fail_if: Option<String>,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

/// What has become of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Change {
    New,
    Gone,
    Grown,
    Shrunk,
    Same,
}

const CHANGES: [(Change, &str); 5] = [
    (Change::New, "new"),
    (Change::Gone, "gone"),
    (Change::Grown, "grown"),
    (Change::Shrunk, "shrunk"),
    (Change::Same, "same"),
];

impl Change {
    /// Of a group whose first measure was and is so much; `None` where there is no such group.
    fn of(before: Option<f64>, after: Option<f64>, threshold: f64) -> Change {
        match (before, after) {
            (None, _) => Change::New,
            (_, None) => Change::Gone,
            (Some(before), Some(after)) => {
                let enough = (after - before).abs() >= before.abs() * threshold / 100.0;
                match after.partial_cmp(&before) {
                    Some(std::cmp::Ordering::Greater) if enough => Change::Grown,
                    Some(std::cmp::Ordering::Less) if enough => Change::Shrunk,
                    _ => Change::Same,
                }
            }
        }
    }

    fn name(self) -> &'static str {
        CHANGES[self as usize].1
    }
}

fn parse_percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).parse::<f64>().ok();
    number
        .filter(|number| (0.0..=1e6).contains(number))
        .ok_or_else(|| "expected a percentage such as 50 or 12.5%".into())
}

/// The measures of every group before and after.
type Groups = BTreeMap<Vec<Value>, [Option<Vec<Value>>; 2]>;

impl Diff {
    fn condition(&self) -> Result<Option<Having>, Error> {
        let columns = || CHANGES.map(|(_, name)| ResultColumn::new(name, Kind::Number));
        let parsed = self.fail_if.as_ref().map(|text| Having::parse(text, &columns(), &world()));
        Ok(parsed.transpose().map_err(|error| error.of("--fail-if"))?)
    }

    /// Reads both, and says what is different.
    pub fn run(&self, messages: &Messages) -> Result<Status, Error> {
        let condition = self.condition()?;
        let [before, after] = &self.input.paths[..] else {
            return Err(Error::Usage(format!(
                "expected two paths, BEFORE and AFTER, found {}; a folder is one path",
                self.input.paths.len()
            )));
        };
        if before.as_os_str() == "-" && before == after {
            return Err(Error::Usage("standard input can be read once only; name a file for the other".into()));
        }
        let mut settings = Settings::new(&self.input, &self.output, &surroundings())?;
        let out = standard::output()?;
        let mut groups = Groups::new();
        let mut reads = Vec::new();
        for (side, path) in [before, after].into_iter().enumerate() {
            settings.paths = vec![path.clone()];
            let mut read = Read::new(self, &self.input, &mut settings)?;
            let null_keys =
                read.answer.each(0, |keys, measures| groups.entry(keys).or_default()[side] = Some(measures))?;
            reads.push((read, null_keys, vec![path.clone()]));
        }
        let (mut report, counts) = self.compare(groups);
        write(&mut report, &self.output, &settings, out)?;
        let incomplete = close_all(reads, &mut settings, messages);
        if !settings.quiet {
            report.notes.iter().for_each(|note| messages.note(note));
        }
        Ok(match condition.is_some_and(|condition| condition.holds(|column| Value::Int(counts[column].into()))) {
            _ if incomplete => Status::Incomplete,
            true => Status::Failed,
            false => Status::Done,
        })
    }

    /// The rows, and how many groups there are of each kind.
    fn compare(&self, groups: Groups) -> (Report, [u64; 5]) {
        let mut report = Report { columns: self.columns(), ..Report::default() };
        let mut counts = [0; 5];
        let mut rows = Vec::new();
        for (keys, sides) in groups {
            let first = |side: usize| sides[side].as_ref().map(|measures| number(&measures[0]));
            let change = Change::of(first(0), first(1), self.threshold);
            counts[change as usize] += 1;
            let is_shown = if self.only.is_empty() { change != Change::Same } else { self.only.contains(&change) };
            if is_shown {
                let difference = (first(1).unwrap_or(0.0) - first(0).unwrap_or(0.0)).abs();
                rows.push((difference, self.row(keys, change, &sides)));
            }
        }
        // The keys stand in order already.
        rows.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        report.rows_in_all = rows.len();
        rows.truncate(if self.limit == 0 { usize::MAX } else { self.limit });
        report.rows = rows.into_iter().map(|(_, row)| row).collect();
        let told = CHANGES.iter().zip(counts).map(|((_, name), number)| format!("{} {name}", count(number.into())));
        report.notes.push(told.collect::<Vec<_>>().join(", "));
        (report, counts)
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns: Vec<Column> = unique(&self.by).iter().map(key_column).collect();
        columns.push(Column { right: false, ..Column::measure("change", None) }.weight(KEEP));
        for measure in unique(&self.agg) {
            let name = measure.column();
            let before = format!("{name}_before");
            let column = measure_column(&name, &measure);
            let unit = column.unit;
            columns.push(Column { name: before, ..column.clone() }.weight(9));
            columns.push(column.weight(KEEP - 1));
            columns.push(Column::measure(&format!("{name}_change"), None).unit(unit.change()).weight(7));
            columns.push(Column::measure(&format!("{name}_pct"), None).unit(Unit::PercentChange).weight(8));
        }
        columns
    }

    fn row(&self, keys: Vec<Value>, change: Change, sides: &[Option<Vec<Value>>; 2]) -> Vec<Value> {
        let mut row = keys;
        row.push(Value::text(change.name()));
        for (i, measure) in unique(&self.agg).iter().enumerate() {
            let [before, after] =
                [0, 1].map(|side| sides[side].as_ref().map_or_else(|| nothing(measure), |all| all[i].clone()));
            let (was, is) = (number(&before), number(&after));
            let places = if measure.kind().is_some() { 0 } else { 2 };
            let is_known = before != Value::None && after != Value::None;
            let signed = match value(is - was, places) {
                _ if !is_known => Value::None,
                Value::Int(more) => Value::Decimal { units: more as i128, places: 0 },
                other => other,
            };
            let has_pct = is_known && was != 0.0 && measure.kind() != Some(Kind::Time);
            let pct = if has_pct { value((is - was) / was.abs() * 100.0, 2) } else { Value::None };
            row.extend([before, after, signed, pct]);
        }
        row
    }
}

/// The measure of a group that is not there: a sum of nothing is 0.
fn nothing(measure: &Measure) -> Value {
    if measure.adds_up() { Value::Int(0) } else { Value::None }
}

impl Ask for Diff {
    fn query(&self) -> Query {
        let grouping = Grouping { select: Select::Flows, keys: unique(&self.by), measures: unique(&self.agg) };
        Query { groupings: vec![grouping], unfold: true, ..Query::default() }
    }

    fn check(&self) -> Result<(), Error> {
        self.condition().map(|_| ())
    }

    fn needed(&self) -> Vec<FieldName> {
        let measured = self.agg.iter().flat_map(|measure| measure.fields());
        let unknown = measured.filter(|field| field.known().is_none());
        self.by.iter().flat_map(Key::fields).chain(unknown).collect()
    }

    /// It takes two answers to make a report: see `run`.
    fn report(&self, _: &mut Answer) -> Result<(Report, u64), Error> {
        Ok((Report::default(), 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_new_gone_or_otherwise() {
        for (before, after, threshold, change) in [
            (None, Some(3.0), 0.0, Change::New),
            (Some(3.0), None, 0.0, Change::Gone),
            (Some(100.0), Some(101.0), 0.0, Change::Grown),
            (Some(100.0), Some(149.0), 50.0, Change::Same),
            (Some(100.0), Some(150.0), 50.0, Change::Grown),
            (Some(100.0), Some(50.0), 50.0, Change::Shrunk),
            (Some(0.0), Some(0.0), 0.0, Change::Same),
            (Some(0.0), Some(1.0), 50.0, Change::Grown),
        ] {
            assert_eq!(Change::of(before, after, threshold), change, "{before:?} {after:?}");
        }
        assert!(CHANGES.iter().enumerate().all(|(i, (change, _))| *change as usize == i));
    }
}
