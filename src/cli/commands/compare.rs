//! `compare`: a window of time against the same window earlier.

mod before;
mod logs;
mod rows;
mod shift;
mod window;

use super::series::{self, SeriesFlags, parse_bucket};
use crate::cli::Error;
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::cli::scope::world;
use crate::engine::Answer;
use crate::query::Query;
use crate::report::{Report, plain};
use crate::schema::{FieldName, Value, span_name};
use before::Before;
use clap::ValueHint;
use rows::Rows;
use shift::{Shift, parse_shift};
use std::ffi::OsString;
use std::num::NonZeroU64;
use window::{Past, Window};

/// A window of time against the same window earlier
///
/// The window is what --since and --until say, or --last; without them it is the newest data, as long as
/// the shortest shift. It consists of whole buckets, and the newest bucket of the data is left out, as it
/// may be incomplete. Records of the earlier windows are read besides.
///
/// With --before, the other window is one of the same logs (FROM..TO), or other logs as a whole; both are laid on
/// one another from their beginnings. `vpcflow diff` tells which values are new or gone.
///
/// With --by, a row is a value, and the largest changes of the first measure come first; --bucket makes it
/// a row for each bucket and value. What there are no logs of has no value: coverage is the part of the
/// earlier window's buckets that lies between the first and the last record of the data, filters aside.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow compare logs/                                  the last day against the day before\n  \
        vpcflow compare --by dst-port --agg flows,bytes logs/  whose ports changed most\n  \
        vpcflow compare --last 2h --bucket 5m --shift 1d,7d logs/\n  \
        vpcflow compare --shift '1d*5:avg' --by action logs/   against the mean of five days\n  \
        vpcflow compare --before monday/ --by action tuesday/\n  \
        vpcflow compare --since 2026-03-15T02 --until 2026-03-15T03 --before 2026-03-14T22..2026-03-14T23 logs/")]
pub struct Compare {
    /// How much earlier the other windows are; 1d*5:avg folds five of them, a day apart, into their mean (or min, max)
    #[arg(long, value_name = "SPAN", value_delimiter = ',', default_value = "1d", value_parser = parse_shift, value_hint = ValueHint::Other)]
    shift: Vec<Shift>,

    /// The other window in place of a shift: FROM..TO, or paths of other logs (one for each --before)
    #[arg(long, value_name = "WINDOW|PATH", value_hint = ValueHint::AnyPath, conflicts_with = "shift")]
    before: Vec<OsString>,

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

impl Compare {
    fn shifts(&self) -> Vec<Shift> {
        if self.before.is_empty() { super::unique(&self.shift) } else { vec![Shift::before()] }
    }

    /// The seconds that all earlier windows lie before this one, one after another; none with --before.
    fn earlier_by(&self) -> Vec<u64> {
        if self.before.is_empty() { self.shifts().iter().flat_map(Shift::each).collect() } else { vec![] }
    }

    /// The window of --before, if it names one.
    fn before_window(&self) -> Option<(u64, u64)> {
        match Before::of(&self.before) {
            Ok(Some(Before::Window(from, until))) => Some((from, until)),
            _ => None,
        }
    }

    /// Whether --before names other logs: how long the windows are is known when all is read.
    fn has_paths(&self) -> bool {
        !self.before.is_empty() && self.before_window().is_none()
    }

    /// How long the window is, as far as that is known before anything is read.
    fn length(&self) -> u64 {
        let before = self.before_window().map(|(from, until)| until - from);
        let shortest = before.or_else(|| self.earlier_by().into_iter().min()).unwrap_or(0);
        match (self.input.filter.last, self.input.filter.window(world().now)) {
            (Some(last), _) => last,
            (None, [Some(since), Some(until)]) => until.saturating_sub(since),
            (None, _) => shortest,
        }
    }

    /// The length of the buckets that are counted, in seconds.
    fn step(&self) -> u64 {
        if self.has_paths() { self.bucket.map_or(LENGTHS[0], NonZeroU64::get) } else { self.step_of(self.length()) }
    }

    /// The length of the buckets of a window of so many seconds.
    fn step_of(&self, length: u64) -> u64 {
        let fits = |seconds: &&u64| {
            length / **seconds <= ENOUGH && self.earlier_by().iter().all(|shift| shift.is_multiple_of(**seconds))
        };
        let default = || LENGTHS.iter().find(fits).or_else(|| LENGTHS.iter().rev().find(|s| length >= **s));
        self.bucket.map(NonZeroU64::get).or_else(|| default().copied()).unwrap_or(LENGTHS[0])
    }

    /// Whether the whole window is one row for each value.
    fn is_whole(&self) -> bool {
        self.bucket.is_none() && !self.series.keys().is_empty()
    }
}

impl Ask for Compare {
    fn check(&self) -> Result<(), Error> {
        if let (Some(Before::Window(_, end)), [_, Some(until)]) =
            (Before::of(&self.before)?, self.input.filter.window(world().now))
            && end > until
        {
            return Err(Error::Usage(
                "the window of --before ends after --until; let the later one be --since to --until".into(),
            ));
        }
        let step = self.step();
        if let Some(shift) = self.earlier_by().into_iter().find(|shift| !shift.is_multiple_of(step)) {
            return Err(Error::Usage(format!(
                "--shift {} is not a whole number of buckets of {}; choose another --bucket",
                span_name(shift),
                span_name(step)
            )));
        }
        let adds_up = self.is_whole() || self.has_paths() && self.bucket.is_none();
        let odd = self.series.measures().into_iter().find(|measure| adds_up && !measure.adds_up());
        odd.map_or(Ok(()), |measure| {
            Err(Error::Usage(format!(
                "{} of buckets cannot be added up to that of longer ones; it needs --bucket",
                measure.name()
            )))
        })
    }

    fn query(&self) -> Query {
        let mut query = self.series.query(self.input.filter.time_field, self.step());
        query.groupings.push(series::span_grouping(self.input.filter.time_field, [None; 2]));
        query
    }

    fn needed(&self) -> Vec<FieldName> {
        self.series.needed(self.input.filter.time_field)
    }

    fn earlier(&self) -> u64 {
        // --last counts back from the newest end, the window from the newest start.
        let longest = if self.input.filter.last.is_some() { LONGEST } else { 0 };
        let by = match (self.before_window(), self.input.filter.window(world().now)[0]) {
            (None, _) => self.earlier_by().into_iter().max().unwrap_or(0),
            (Some((from, _)), Some(since)) => since.saturating_sub(from),
            // Where the window begins is known when all is read.
            (Some(_), None) => u64::MAX,
        };
        by.saturating_add(self.step()).saturating_add(longest)
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let window = self.window(answer)?;
        let pasts = match self.before_window() {
            None => self.earlier_by().into_iter().map(|by| window.earlier(by)).collect(),
            Some((from, until)) => vec![Past {
                by: window.start as i64 - window.bucket(from) as i64,
                data: (from.max(window.data.0), (until - 1).min(window.data.1)),
            }],
        };
        if pasts.iter().all(|past| window.coverage(past) == 0.0) {
            return Err(Error::Usage(self.nothing_earlier(&window)));
        }
        if let Some((from, until)) = self.before_window()
            && until - from != window.end - window.start
            && self.is_whole()
        {
            return Err(Error::Usage(format!(
                "the window of --before is {} long, and this one {}; give them the same length",
                span_name(until - from),
                span_name(window.end - window.start)
            )));
        }
        let places: Vec<(usize, i64)> =
            std::iter::once(0).chain(pasts.iter().map(|past| past.by)).enumerate().collect();
        let mut rows = Rows::new();
        let null_keys = self.add(&mut rows, answer, &window, &places)?;
        Ok((self.show(rows, &window, &pasts), null_keys))
    }
}

impl Compare {
    fn window(&self, answer: &mut Answer) -> Result<Window, Error> {
        let Some(span) = series::span(answer, SPAN)? else {
            return Err(Error::Usage("there are no records with a time to compare".into()));
        };
        let [since, until] = self.input.filter.window(world().now);
        // The newest start counts, not the newest end.
        let since = since.filter(|_| self.input.filter.last.is_none());
        match self.input.filter.last {
            None if self.has_paths() => {
                let since = since.unwrap_or(span.0);
                let length = until.unwrap_or(span.1).saturating_sub(since);
                Window::new(span, Some(since), until, length, self.step_of(length))
            }
            _ => Window::new(span, since, until, self.length(), self.step_of(self.length())),
        }
    }

    fn nothing_earlier(&self, window: &Window) -> String {
        let time = |seconds| plain(&Value::Time(seconds));
        let shifts: Vec<String> = self.shifts().iter().map(|shift| format!("{} earlier", shift.name())).collect();
        let (with, change) = match self.before[..] {
            [] => (shifts.join(" or "), "use a shorter --shift"),
            _ => ("in the window of --before".into(), "use another one"),
        };
        format!(
            "there is nothing to compare {} to {} with, {with}: the data is from {} to {}; {change}",
            time(window.start),
            time(window.end),
            time(window.data.0),
            time(window.data.1)
        )
    }
}
