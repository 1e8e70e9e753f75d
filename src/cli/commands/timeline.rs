//! `timeline`: flows over time, in buckets.

mod buckets;
mod earlier;
mod extent;
mod forecast;
mod load;
mod marks;
mod series;
mod show;
mod summary;

use super::parse_key;
use super::series::parse_bucket;
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags, TimeField};
use crate::cli::run::Ask;
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, QueryError, Select};
use crate::report::{Report, count};
use crate::schema::{FieldName, Value, span_name};
use buckets::Buckets;
use clap::ValueHint;
use earlier::{Earlier, parse_compare};
use extent::Extent;
use forecast::Forecast;
use load::Load;
use marks::Marks;
use series::Largest;
use show::Shown;
use std::num::NonZeroU64;
use std::sync::OnceLock;
use summary::{Summaries, parse_field};

/// Flows over time, in buckets, with a sparkline
///
/// Buckets begin at whole multiples of their length since 1970-01-01T00:00:00Z. Empty ones between
/// the first and the last are rows of zeros; of a timeline of more than ten thousand buckets or a
/// million rows, only those with flows are shown, and a note says so. Flows without a time are left
/// out, and counted.
///
/// A record covers the time from its start to its end, often a minute or more. --load start counts
/// all of it in the bucket of its start, --load end in that of its end. --load proportional counts the
/// flow itself at its start, and shares its bytes and packets out evenly over the time from start to end; a
/// record that says it lasted longer than a day is counted at its start.
///
/// With --by, the largest series are shown, and the rest together as `other`. Every value of the field
/// in every bucket takes memory: with a field of many values, a long --bucket takes less.
///
/// --trend, --compare and --mark add a column each, behind the others. --trend lays a straight line through whole
/// buckets: the last may be incomplete, and so may be the first, if the data or --since begins in it. --compare
/// reads the earlier records besides; where --since or --last begins is rounded down to the bucket, or the minute
/// without --bucket. --mark judges as `vpcflow outliers` does by itself: ten buckets before, three standard
/// deviations, and the newest is not judged. --box leaves out the series that would be `other`, as quartiles do
/// not add up, and looks at whole flows, not at the shares of --load proportional.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow timeline logs/                            flows over the whole time\n  \
        vpcflow timeline --bucket 1h --by action logs/    what was refused when\n  \
        vpcflow timeline --by src-ip -n 3 logs/           three sources, and the rest\n  \
        vpcflow timeline --load proportional -o csv logs/ bytes when they were sent\n  \
        vpcflow timeline --last 1d --compare 7d logs/     the last day, and the same of a week ago\n  \
        vpcflow timeline --bucket 1h --trend=24 logs/     where the number of flows leads\n  \
        vpcflow timeline --box=duration --by action logs/ how long flows last")]
pub struct Timeline {
    /// Length of a bucket, such as 90s, 5m or 1h30m [default: the smallest of 1m, 5m, 15m, 1h, 6h, 1d that makes at
    /// most 120]
    #[arg(long, value_name = "LENGTH", value_parser = parse_bucket, value_hint = ValueHint::Other)]
    bucket: Option<NonZeroU64>,

    /// Field: one series for each of its values (`vpcflow top --help` lists the fields)
    #[arg(long, value_name = "FIELD", value_parser = parse_one_key, value_hint = ValueHint::Other)]
    by: Option<Key>,

    /// Series to show with --by, those with the most flows (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 5)]
    limit: usize,

    /// Where a record that spans buckets counts [default: start, or what --time-field says]
    #[arg(long, value_name = "HOW")]
    load: Option<Load>,

    /// A straight line through the flows of each series, and where it leads in the next N buckets (10 where N is not
    /// given)
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "10", value_parser = parse_ahead, value_hint = ValueHint::Other)]
    trend: Option<u64>,

    /// Smallest, largest and quartiles of a field in each bucket (bytes where FIELD is not given), in place of the
    /// sums; the bucket is 1h unless --bucket says otherwise
    #[arg(long = "box", value_name = "FIELD", num_args = 0..=1, require_equals = true, default_missing_value = "bytes", value_parser = parse_field, value_hint = ValueHint::Other)]
    summary: Option<Key>,

    /// Flows so much earlier besides, such as 1d; a whole number of buckets
    #[arg(long, value_name = "SPAN", value_parser = parse_compare, value_hint = ValueHint::Other)]
    compare: Option<u64>,

    /// Mark buckets with too many or too few flows for the ten before them
    #[arg(long)]
    mark: bool,

    /// Where the time asked for begins.
    #[arg(skip)]
    since: OnceLock<u64>,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

fn parse_one_key(text: &str) -> Result<Key, QueryError> {
    match text.contains(',') {
        true => Err(QueryError("expected one field; `vpcflow top --by` takes several".to_string())),
        false => parse_key(text),
    }
}

fn parse_ahead(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| *number <= forecast::MOST);
    number.ok_or_else(|| format!("expected a number of buckets from 0 to {}", forecast::MOST))
}

/// Records are no longer than this, in seconds: AWS's are of ten minutes at the most.
const LONGEST: u64 = 3600;

/// The grouping by time; where there are such, that which finds the largest series, and behind it that of all records.
const BUCKETS: usize = 0;
const SERIES: usize = 1;

impl Timeline {
    fn load(&self) -> Load {
        self.load.unwrap_or(match self.input.filter.time_field {
            TimeField::Start => Load::Start,
            TimeField::End => Load::End,
        })
    }

    /// The length of the buckets that are asked for.
    fn wanted(&self) -> Option<NonZeroU64> {
        self.bucket.or(self.summary.as_ref().map(|_| summary::BUCKET))
    }

    /// The length of the buckets that are counted: the default is chosen when all times are known,
    /// and is a multiple of this.
    fn seconds(&self) -> NonZeroU64 {
        self.wanted().unwrap_or(buckets::FINEST)
    }

    fn measures(&self) -> Vec<Measure> {
        match &self.summary {
            Some(field) => std::iter::once(Measure::Flows).chain(summary::measures(field)).collect(),
            None => self.load().measures(),
        }
    }

    /// Whether it matters what the data spans.
    fn has_extent(&self) -> bool {
        self.compare.is_some() || self.trend.is_some()
    }

    fn extent(&self, answer: &mut Answer) -> Result<Extent, Error> {
        if !self.has_extent() {
            return Ok(Extent::default());
        }
        let since = self.since.get().copied().unwrap_or(0);
        // What is held against an earlier bucket is a whole one.
        let since = if self.compare.is_some() { since / self.seconds() * self.seconds().get() } else { since };
        Extent::of(answer, SERIES + usize::from(self.by.is_some()), since)
    }

    fn largest(&self, answer: &mut Answer, extent: &Extent) -> Result<Largest, Error> {
        match (&self.by, self.compare) {
            (None, _) => Ok(Largest { values: vec![Value::None], groups: 1, null_keys: 0 }),
            (Some(_), None) => Largest::of(answer, SERIES, self.limit),
            (Some(_), Some(_)) => Largest::since(answer, SERIES, self.limit, extent),
        }
    }

    /// What the options make of the buckets, whose earlier flows are `earlier`.
    fn shown(&self, buckets: Buckets, earlier: Option<Earlier>, extent: &Extent) -> Result<Shown<'_>, Error> {
        let forecast = |ahead: u64| -> Result<(Forecast, u64), Error> {
            Ok((Forecast::new(&buckets, &buckets.every(ahead, "--trend")?, extent)?, ahead))
        };
        let forecast = self.trend.map(forecast).transpose()?;
        let marks = self.mark.then(|| Marks::new(&buckets, &buckets.every(0, "--mark")?)).transpose()?;
        let earlier = earlier.map(|earlier| earlier.settle(buckets.seconds()));
        Ok(Shown { by: self.by.as_ref(), labels: vec![], buckets, summaries: None, earlier, forecast, marks })
    }
}

impl Ask for Timeline {
    fn check(&self) -> Result<(), Error> {
        if self.summary.is_some() && self.load() == Load::Proportional {
            return Err(Error::Usage(
                "--box sums up the values of whole flows, and --load proportional shares them out; use --load start or \
                 --load end"
                    .into(),
            ));
        }
        match self.compare.filter(|by| !by.is_multiple_of(self.seconds().get())) {
            None => Ok(()),
            Some(by) => Err(Error::Usage(format!(
                "--compare {} is not a whole number of buckets of {}; choose another --bucket",
                span_name(by),
                span_name(self.seconds().get())
            ))),
        }
    }

    fn begins(&self, since: u64) {
        self.since.get_or_init(|| since);
    }

    fn query(&self) -> Query {
        let bucket = |seconds| Key::Bucket { field: self.load().time(), seconds };
        let by = || self.by.iter().cloned();
        let proportional = self.load() == Load::Proportional;
        // Rows that only continue a flow are no flows.
        let select = if proportional { Select::Records } else { Select::Flows };
        let keys = std::iter::once(bucket(self.seconds().get())).chain(by()).collect();
        let mut groupings = vec![Grouping { select, keys, measures: self.measures() }];
        let all_of_time = if self.compare.is_some() { self.seconds().get() } else { 0 };
        groupings.extend(self.by.is_some().then(|| Grouping {
            select: Select::Flows,
            keys: std::iter::once(bucket(all_of_time)).chain(by()).collect(),
            measures: vec![Measure::Flows],
        }));
        groupings.extend(self.has_extent().then(|| Extent::grouping(self.load())));
        Query { groupings, spread: proportional.then(|| self.seconds()), unfold: true, ..Query::default() }
    }

    fn needed(&self) -> Vec<FieldName> {
        let times = self.load().fields().iter().map(|field| (*field).into());
        times.chain(self.by.iter().chain(&self.summary).flat_map(Key::fields)).collect()
    }

    fn earlier(&self) -> u64 {
        let Some(by) = self.compare else { return 0 };
        let other = self.input.filter.time_field.field() != self.load().field();
        by.saturating_add(self.seconds().get()).saturating_add(if other { LONGEST } else { 0 })
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let extent = self.extent(answer)?;
        let Largest { values, groups, mut null_keys } = self.largest(answer, &extent)?;
        let from = if self.compare.is_some() { extent.since } else { 0 };
        let rest = groups - values.len();
        let mut buckets = Buckets::new(values.len() + usize::from(rest > 0 && self.summary.is_none()));
        let mut earlier = self.compare.map(|by| Earlier::new(by, extent));
        let mut summaries = self.summary.as_ref().map(|field| (field, Summaries::default()));
        let unkeyed = answer.each(BUCKETS, |keys, measures| {
            let Value::Time(time) = keys[0] else { return };
            let series = keys.get(1).map_or(0, |value| values.binary_search(value).unwrap_or(values.len()));
            earlier.iter_mut().for_each(|earlier| earlier.add(time, series, measures[0].as_int()));
            if time < from {
                return;
            }
            match &mut summaries {
                Some((_, summaries)) => {
                    summaries.add(time, series, &measures[1..]);
                    buckets.add(time, series, [measures[0].as_int(), 0, 0, 0, 0]);
                }
                None => buckets.add(time, series, std::array::from_fn(|i| measures[i].as_int())),
            }
        })?;
        if self.by.is_none() {
            null_keys = unkeyed;
        }
        let labels = values.into_iter().chain([Value::text("other")]).collect();
        let buckets = buckets.settle(self.wanted(), self.compare);
        let mut report = Shown { labels, summaries, ..self.shown(buckets, earlier, &extent)? }.report();
        report.notes.extend(self.left_out(rest));
        Ok((report, null_keys))
    }
}

impl Timeline {
    /// What is said of the series that would be `other`, where they are none.
    fn left_out(&self, rest: usize) -> Option<String> {
        let by = self.by.as_ref().filter(|_| rest > 0 && self.summary.is_some())?;
        let values = if rest == 1 { "value" } else { "values" };
        Some(format!(
            "--box: {} other {values} of {} left out, as the quartiles of several series do not add up (-n 0 shows all)",
            count(rest as u128),
            by.name()
        ))
    }
}
