//! `outliers`: points of a series that the points before them do not explain.

use super::series::{self, AllSeries, SeriesFlags, parse_bucket, value};
use crate::analysis::outliers::{Direction, Judged, Settings, judge};
use crate::cli::Error;
use crate::cli::flags::{FilterFlags, InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::Query;
use crate::report::{Column, KEEP, Report, Unit};
use crate::schema::{FieldName, Kind, Value};
use clap::ValueHint;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::num::NonZeroU64;

/// Points of a time series that the points before them do not explain
///
/// Counts flows in buckets, and holds each bucket against the ones just before it: the --window buckets before
/// t have a mean and a standard deviation (of the population), and t is an outlier if it lies more than
/// --threshold deviations from that mean. This is Sumo Logic's outlier operator. With --robust, it is the
/// median and 1.4826 times the median absolute deviation, and what has been found is left out of later windows.
///
/// Empty buckets between the first and the last of the data count as 0. The first --window buckets are not
/// judged, and the newest is left out, as it may be incomplete. indicator is 1 for every point outside,
/// violation for those with --consecutive of them in a row. --direction up or down looks at one side only
/// (ingress and egress are ways of flows, as everywhere). With --by, every value has a series of its own.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow outliers logs/                                       minutes with too many or too few flows\n  \
        vpcflow outliers --bucket 5m --agg flows,bytes --robust logs/\n  \
        vpcflow outliers --by interface-id --direction up --sort deviation -n 20 logs/\n  \
        vpcflow outliers --by dst-port --action REJECT --threshold 5 --consecutive 2 logs/")]
pub struct Outliers {
    /// Length of a bucket, such as 90s, 5m or 1h30m
    #[arg(long, value_name = "LENGTH", default_value = "1m", value_parser = parse_bucket, value_hint = ValueHint::Other)]
    bucket: NonZeroU64,

    /// Buckets before a point that it is held against
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    window: u32,

    /// Deviations from the mean that are still usual
    #[arg(long, value_name = "X", default_value_t = 3.0, value_parser = parse_threshold)]
    threshold: f64,

    /// Points outside in a row that make a violation
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    consecutive: u32,

    /// Median and median absolute deviation, and no outliers in later windows
    #[arg(long)]
    robust: bool,

    /// Every point that is judged, not only violations
    #[arg(long)]
    all: bool,

    /// Order of the rows: time, or deviation, the largest first
    #[arg(long, value_name = "ORDER", default_value = "time")]
    sort: Sort,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    limit: usize,

    #[command(flatten)]
    series: SeriesFlags,
    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

/// About the memory that a row takes until it is written, in bytes.
const ROW: usize = 1000;

/// The grouping of all records, which tells what the data spans.
const SPAN: usize = 1;

/// The values of --direction that do not tell ways of flows.
const SIDES: [(&str, Direction); 3] = [("both", Direction::Both), ("up", Direction::Up), ("down", Direction::Down)];

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Sort {
    /// By time, then by the keys
    Time,
    /// By how many deviations a point lies from the mean
    Deviation,
}

fn parse_threshold(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=1e9).contains(number));
    number.ok_or_else(|| "expected a number of deviations, such as 3 or 2.5".into())
}

impl Outliers {
    fn settings(&self) -> Settings {
        Settings {
            window: self.window as usize,
            threshold: self.threshold,
            consecutive: self.consecutive as usize,
            direction: self.side(),
            robust: self.robust,
        }
    }

    /// Which points are outliers: on both sides, unless only one is named.
    fn side(&self) -> Direction {
        let word =
            |word: &String| SIDES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, side)| *side);
        let mut named = self.input.filter.direction.iter().filter_map(word);
        let first = named.next().unwrap_or(Direction::Both);
        if named.all(|side| side == first) { first } else { Direction::Both }
    }

    fn columns(&self) -> Vec<Column> {
        let number = |name: &str| Column::measure(name, None).unit(Unit::Count);
        let mut columns = vec![Column::key("time", Kind::Time)];
        columns.extend(self.series.key_columns());
        columns.push(number("value").weight(KEEP));
        columns.extend([number("mean").weight(8), number("stddev").weight(6), number("lower").weight(4)]);
        columns.extend([number("upper").weight(5), number("error").unit(Unit::CountChange).weight(7)]);
        columns.extend([number("indicator").weight(2), number("violation").weight(3)]);
        columns.push(number("deviation").weight(9));
        columns
    }

    fn cells(&self, all: &AllSeries, point: &Judged, keys: Vec<Value>) -> Vec<Value> {
        let number = |number: f64| value(number, 4);
        let whole = |number: f64| value(number, if number.fract() == 0.0 { 0 } else { 4 });
        let flag = |flag: bool| Value::Int(flag.into());
        let mut cells = vec![all.time(point.index)];
        cells.extend(keys);
        cells.extend([whole(point.value), number(point.mean), number(point.stddev), number(point.lower)]);
        cells.extend([number(point.upper), number(point.error), flag(point.indicator), flag(point.violation)]);
        // Where all points before are equal, there is no deviation to count in.
        cells.push(number(point.deviation));
        cells
    }
}

impl Ask for Outliers {
    fn filter<'f>(&self, flags: &'f FilterFlags) -> Cow<'f, FilterFlags> {
        let is_side = |word: &String| SIDES.iter().any(|(name, _)| name.eq_ignore_ascii_case(word));
        if !flags.direction.iter().any(is_side) {
            return Cow::Borrowed(flags);
        }
        let mut flags = flags.clone();
        flags.direction.retain(|word| !is_side(word));
        Cow::Owned(flags)
    }

    fn query(&self) -> Query {
        let time = self.input.filter.time_field;
        let mut query = self.series.query(time, self.bucket.get());
        query.groupings.push(series::span_grouping(
            time,
            series::with_next(self.input.filter.window(world().now), self.bucket.get()),
        ));
        query
    }

    fn needed(&self) -> Vec<FieldName> {
        self.series.needed(self.input.filter.time_field)
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let measures = self.series.measures().len();
        let step = self.bucket.get();
        let whole = |span| series::whole_buckets(span, self.input.filter.window(world().now), step);
        let span = series::span(answer, SPAN)?;
        let whole = span.map_or((0, 0), whole);
        let all = AllSeries::of(answer, step, measures, whole)?;
        let window = self.window as usize;
        if all.len < window + 1 {
            return Err(Error::Usage(format!(
                "too little to judge: {}; --window {window} needs {} (a shorter --bucket or --window needs less)",
                all.span(),
                window + 1
            )));
        }
        let mut found: Vec<(Judged, usize, usize)> = Vec::new();
        for (s, series) in all.series.iter().enumerate() {
            for (m, points) in series.points.iter().enumerate() {
                // What is judged leaves out the newest bucket, which is not among these.
                let judged = judge(&[&points[..], &[0.0]].concat(), &self.settings());
                found.extend(judged.into_iter().filter(|point| self.all || point.violation).map(|point| (point, s, m)));
            }
        }
        found.sort_by(|(a, i, j), (b, k, l)| {
            let larger = |of: fn(&Judged) -> f64| of(b).total_cmp(&of(a));
            let rank = match self.sort {
                Sort::Time => Ordering::Equal,
                Sort::Deviation => larger(|point| point.deviation).then(larger(|point| point.error.abs())),
            };
            rank.then((a.index, i, j).cmp(&(b.index, k, l)))
        });
        let mut report = Report { columns: self.columns(), rows_in_all: found.len(), ..Report::default() };
        let shown = if self.limit == 0 { found.len() } else { self.limit.min(found.len()) };
        let bytes = found.len() * size_of::<(Judged, usize, usize)>() + shown * ROW;
        if bytes > answer.memory() {
            return Err(Error::Usage(format!(
                "--max-memory: {} points take more; allow more, or show fewer (-n, a longer --bucket, without --all)",
                crate::report::count(found.len() as u128)
            )));
        }
        report.notes.extend(span.and_then(series::odd_span));
        let without_spread = found.iter().filter(|(point, ..)| point.violation && point.stddev == 0.0).count();
        found.truncate(shown);
        let row = |(point, s, m): &(Judged, usize, usize)| {
            self.cells(&all, point, self.series.key_cells(&all.series[*s], *m))
        };
        report.rows = found.iter().map(row).collect();
        let judged = all.series.len() * measures * (all.len - window);
        if self.robust && 2 * without_spread > judged {
            report.notes.push(format!(
                "--robust: at {} of {} points, most of those before have the same value, and any other is an outlier; a \
                 longer --bucket or --window helps",
                crate::report::count(without_spread as u128),
                crate::report::count(judged as u128)
            ));
        }
        if report.rows.is_empty() {
            report.notes.push(format!("none of {} points is an outlier", crate::report::count(judged as u128)));
        }
        Ok((report, all.null_keys))
    }
}
