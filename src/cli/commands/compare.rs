//! `compare`: a window of time against the same window earlier.

mod shift;
mod window;

use super::measure_column;
use super::series::{self, SeriesFlags, number, parse_bucket, value};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::{Measure, Query};
use crate::report::{Column, KEEP, Report, Series, Trend, Unit, plain};
use crate::schema::{FieldName, Kind, Value, span_name};
use clap::ValueHint;
use shift::{Shift, parse_shift};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use window::Window;

/// A window of time against the same window earlier
///
/// The window is what --since and --until say, or --last; without them it is the newest data, as long as
/// the shortest shift. It consists of whole buckets, and the newest bucket of the data is left out, as it
/// may be incomplete. Records of the earlier windows are read besides.
///
/// With --by, a row is a value, and the largest changes of the first measure come first; --bucket makes it
/// a row for each bucket and value. What there are no logs of has no value: coverage is the part of the
/// earlier window's buckets that lies between the first and the last record of the data, filters aside.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow compare logs/                                  the last day against the day before\n  \
        vpcflow compare --by dst-port --agg flows,bytes logs/  whose ports changed most\n  \
        vpcflow compare --last 2h --bucket 5m --shift 1d,7d logs/\n  \
        vpcflow compare --shift '1d*5:avg' --by action logs/   against the mean of five days")]
pub struct Compare {
    /// How much earlier the other windows are; 1d*5:avg folds five of them, a day apart, into their mean (or min, max)
    #[arg(long, value_name = "SPAN", value_delimiter = ',', default_value = "1d", value_parser = parse_shift, value_hint = ValueHint::Other)]
    shift: Vec<Shift>,

    /// Length of a bucket, such as 5m or 1h [default: with --by the whole window, else one of 1m, 5m, 15m, 1h, 6h and
    /// 1d that makes at most 48]
    #[arg(long, value_name = "LENGTH", value_parser = parse_bucket, value_hint = ValueHint::Other)]
    bucket: Option<NonZeroU64>,

    /// Rows to show with --by and without --bucket (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    series: SeriesFlags,
    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

/// The lengths among which the default is chosen, in seconds, and the most buckets it makes.
const LENGTHS: [u64; 6] = [60, 300, 900, 3600, 21_600, 86_400];
const ENOUGH: u64 = 48;

/// Records are no longer than this, in seconds: AWS's are of ten minutes at the most.
const LONGEST: u64 = 3600;

/// The groupings: in buckets, and that of all records, which tells what the data spans.
const BUCKETS: usize = 0;
const SPAN: usize = 1;

/// What is compared: by bucket and key, the numbers now and those of every earlier window.
type Rows = BTreeMap<(u64, Vec<Value>), Vec<Vec<f64>>>;

impl Compare {
    fn shifts(&self) -> Vec<Shift> {
        super::unique(&self.shift)
    }

    /// The seconds that all earlier windows lie before this one, one after another.
    fn earlier_by(&self) -> Vec<u64> {
        self.shifts().iter().flat_map(Shift::each).collect()
    }

    /// How long the window is, as far as that is known before anything is read.
    fn length(&self) -> u64 {
        let shortest = self.earlier_by().into_iter().min().unwrap_or(0);
        match (self.input.filter.last, self.input.filter.window(world().now)) {
            (Some(last), _) => last,
            (None, [Some(since), Some(until)]) => until.saturating_sub(since),
            (None, _) => shortest,
        }
    }

    /// The length of the buckets that are counted, in seconds.
    fn step(&self) -> u64 {
        let fits = |seconds: &&u64| {
            self.length() / **seconds <= ENOUGH && self.earlier_by().iter().all(|shift| shift.is_multiple_of(**seconds))
        };
        let default = || LENGTHS.iter().find(fits).or_else(|| LENGTHS.iter().rev().find(|s| self.length() >= **s));
        self.bucket.map(NonZeroU64::get).or_else(|| default().copied()).unwrap_or(LENGTHS[0])
    }

    /// Whether the whole window is one row for each value.
    fn is_whole(&self) -> bool {
        self.bucket.is_none() && !self.series.keys().is_empty()
    }

    fn rows(&self, answer: &mut Answer, window: &Window) -> Result<(Rows, u64), Error> {
        let (measures, earlier) = (self.series.measures().len(), self.earlier_by());
        let mut rows = Rows::new();
        let whole = self.is_whole();
        let null_keys = answer.each(BUCKETS, |mut keys, values| {
            let Value::Time(time) = keys.remove(0) else { return };
            for (i, shift) in std::iter::once(&0).chain(&earlier).enumerate() {
                let Some(time) = time.checked_add(*shift).filter(|time| window.holds(*time)) else { continue };
                let bucket = if whole { window.start } else { time };
                let row =
                    rows.entry((bucket, keys.clone())).or_insert_with(|| vec![vec![0.0; measures]; earlier.len() + 1]);
                row[i].iter_mut().zip(&values).for_each(|(sum, more)| *sum += number(more));
            }
        })?;
        if self.series.keys().is_empty() {
            for time in window.buckets() {
                rows.entry((time, vec![])).or_insert_with(|| vec![vec![0.0; measures]; earlier.len() + 1]);
            }
        }
        Ok((rows, null_keys))
    }

    fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::key("time", Kind::Time)];
        if self.is_whole() {
            columns[0].weight = 0;
        }
        columns.extend(self.series.keys().iter().map(super::key_column));
        for measure in self.series.measures() {
            let name = measure.column();
            let now = measure_column(&name, &measure);
            let unit = now.unit;
            columns.push(now.weight(KEEP));
            for shift in &self.shifts() {
                let of = |suffix: &str| format!("{name}_{}{suffix}", shift.name());
                columns.push(Column { name: of(""), ..measure_column(&name, &measure) }.weight(8));
                columns.push(Column::measure(&of("_change"), None).unit(unit.change()).weight(7));
                columns.push(Column::measure(&of("_pct"), None).unit(Unit::PercentChange).weight(9));
            }
        }
        let coverage = |shift: &Shift| Column::measure(&format!("coverage_{}", shift.name()), None).unit(Unit::Share);
        columns.extend(self.shifts().iter().map(|shift| coverage(shift).weight(3)));
        columns
    }

    /// The cells of a row behind its keys.
    fn cells(&self, time: u64, row: &[Vec<f64>], window: &Window) -> Vec<Value> {
        let places = |measure: &Measure| if measure.kind().is_some() { 0 } else { 2 };
        let mut cells = Vec::new();
        for (m, measure) in self.series.measures().iter().enumerate() {
            let now = row[0][m];
            cells.push(value(now, places(measure)));
            let mut earlier = self.earlier_by().into_iter().zip(&row[1..]);
            for shift in &self.shifts() {
                let parts: Vec<Option<f64>> = earlier
                    .by_ref()
                    .take(shift.each().count())
                    .map(|(by, numbers)| window.has(time, by, self.is_whole()).then_some(numbers[m]))
                    .collect();
                let then = shift.fold(&parts);
                let change = then.map(|then| now - then);
                let pct = then.filter(|then| *then != 0.0).map(|then| (now - then) / then.abs() * 100.0);
                let cell = |number: Option<f64>, places| number.map_or(Value::None, |number| value(number, places));
                cells.push(cell(then, places(measure).max(shift.places())));
                cells.push(match change.map(|change| value(change, places(measure).max(shift.places()))) {
                    Some(Value::Int(change)) => Value::Decimal { units: change as i128, places: 0 },
                    other => other.unwrap_or(Value::None),
                });
                cells.push(cell(pct, 2));
            }
        }
        cells
    }

    /// Lines of the first measure, where there is one series.
    fn trend(&self, rows: &Rows, window: &Window) -> Option<Trend> {
        let lines = self.series.keys().is_empty() && self.earlier_by().len() == self.shifts().len() && rows.len() > 1;
        let points = |i: usize| rows.values().map(|row| row[i][0].max(0.0) as u128).collect();
        let shifts = self.shifts();
        let labels =
            std::iter::once("now".to_string()).chain(shifts.iter().map(|shift| format!("{} ago", shift.name())));
        let series =
            || labels.enumerate().map(|(i, label)| Series { label, points: points(i), ..Series::default() }).collect();
        lines.then(|| Trend {
            title: self.series.measures()[0].column(),
            from: window.start,
            step: window.step,
            series: series(),
        })
    }
}

impl Ask for Compare {
    fn check(&self) -> Result<(), Error> {
        let step = self.step();
        if let Some(shift) = self.earlier_by().into_iter().find(|shift| !shift.is_multiple_of(step)) {
            return Err(Error::Usage(format!(
                "--shift {} is not a whole number of buckets of {}; choose another --bucket",
                span_name(shift),
                span_name(step)
            )));
        }
        let sums = |measure: &Measure| {
            matches!(
                measure,
                Measure::Flows
                    | Measure::Accepts
                    | Measure::Rejects
                    | Measure::Packets
                    | Measure::Bytes
                    | Measure::Sum(_)
            )
        };
        let odd = self.series.measures().into_iter().find(|measure| self.is_whole() && !sums(measure));
        odd.map_or(Ok(()), |measure| {
            Err(Error::Usage(format!(
                "{} of buckets cannot be added up to that of the window; with --by, it needs --bucket",
                measure.name()
            )))
        })
    }

    fn query(&self) -> Query {
        let mut query = self.series.query(self.input.filter.time_field, self.step());
        query.groupings.push(series::span_grouping(self.input.filter.time_field));
        query
    }

    fn needed(&self) -> Vec<FieldName> {
        self.series.needed(self.input.filter.time_field)
    }

    fn earlier(&self) -> u64 {
        // --last counts back from the newest end, the window from the newest start.
        let longest = if self.input.filter.last.is_some() { LONGEST } else { 0 };
        self.earlier_by().into_iter().max().unwrap_or(0).saturating_add(self.step()).saturating_add(longest)
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let Some(span) = series::span(answer, SPAN)? else {
            return Err(Error::Usage("there are no records with a time to compare".into()));
        };
        let [since, until] = self.input.filter.window(world().now);
        let window = Window::new(span, since, until, self.length(), self.step())?;
        if self.earlier_by().iter().all(|by| window.coverage(*by) == 0.0) {
            return Err(Error::Usage(self.nothing_earlier(&window)));
        }
        let (rows, null_keys) = self.rows(answer, &window)?;
        let mut report = Report { columns: self.columns(), trend: self.trend(&rows, &window), ..Report::default() };
        let coverage: Vec<Value> = self
            .shifts()
            .iter()
            .map(|shift| {
                value(shift.each().map(|by| window.coverage(by)).sum::<f64>() / shift.each().count() as f64, 4)
            })
            .collect();
        let mut changes = Vec::new();
        for ((time, keys), row) in rows {
            changes.push((row[1][0] - row[0][0]).abs());
            let cells = self.cells(time, &row, &window);
            report.rows.push([vec![Value::Time(time)], keys, cells, coverage.clone()].concat());
        }
        report.rows_in_all = report.rows.len();
        if self.is_whole() {
            let mut order: Vec<usize> = (0..changes.len()).collect();
            // The keys stand in order already.
            order.sort_by_key(|i| Reverse(changes[*i].to_bits()));
            order.truncate(if self.limit == 0 { usize::MAX } else { self.limit });
            report.rows = order.into_iter().map(|i| std::mem::take(&mut report.rows[i])).collect();
        }
        report.notes.extend(self.notes(&window));
        Ok((report, null_keys))
    }
}

impl Compare {
    fn notes(&self, window: &Window) -> Vec<String> {
        let time = |seconds| plain(&Value::Time(seconds));
        let mut notes = vec![format!("compared: {} to {}", time(window.start), time(window.end))];
        for shift in self.shifts().iter().filter(|shift| shift.each().all(|by| window.coverage(by) == 0.0)) {
            notes.push(format!("there are no records of {} earlier", shift.name()));
        }
        for shift in self.shifts().iter().filter(|_| self.is_whole()) {
            let coverage = shift.each().map(|by| window.coverage(by)).sum::<f64>() / shift.each().count() as f64;
            if coverage > 0.0 && coverage < 1.0 {
                let percent = plain(&value(coverage * 100.0, 1));
                notes.push(format!(
                    "there are logs of {percent}% of the window {} earlier: its numbers are smaller for it",
                    shift.name()
                ));
            }
        }
        notes
    }

    fn nothing_earlier(&self, window: &Window) -> String {
        let time = |seconds| plain(&Value::Time(seconds));
        let shifts: Vec<String> = self.shifts().iter().map(Shift::name).collect();
        format!(
            "there is nothing to compare {} to {} with, {} earlier: the data is from {} to {}; use a shorter --shift",
            time(window.start),
            time(window.end),
            shifts.join(" or "),
            time(window.data.0),
            time(window.data.1)
        )
    }
}
