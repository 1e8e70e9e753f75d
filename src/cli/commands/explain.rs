//! `explain`: which values make a spike, or a dip.

mod count;
mod groups;
mod row;
mod windows;

use crate::analysis::explain::{All, Found, Test, Window, Windows, rank};
use crate::cli::flags::{InputFlags, OutputFlags};
use crate::cli::messages::Messages;
use crate::cli::rewind::Again;
use crate::cli::run::{Ask, write};
use crate::cli::scope::world;
use crate::cli::{Error, Status, standard};
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, Select};
use crate::report::{self, KEEP, Report, plain};
use crate::schema::{Enriched, Field, FieldName, Value};
use clap::ValueHint;
use count::{Both, Counted, Item, count};
use row::{Numbers, cells, columns, condition, text};
use std::num::NonZeroU64;

/// Which values make a spike, or a dip
///
/// Holds a window of time, the deviation, against one before it, the baseline: for every field, which values have
/// more of the flows than they had. The windows are found by themselves (the bucket that lies farthest from
/// what is usual about it), around a time (--at), or given (--deviation, --baseline). Where there is a dip, the windows
/// change places: the rows then are what is missing. A bucket below what is usual about it is a dip; of windows that are
/// given, one with fewer flows a second than the baseline.
///
/// --test g is a one-sided G-test on numbers of flows; of all values that are tested, at most a part of --fdr is shown
/// by chance (Benjamini and Hochberg), and the most extra flows come first. --test elastic is the score of
/// Elastic's log rate analysis, which overlooks what is a small part of all.
///
/// With --group, values that go together are one row: the sets that most of their flows have in common, down to a
/// thousandth of the deviation's flows, and each other value by itself. Values that always come together stay together.
/// The p of a group is the largest of its values; with --test elastic the smallest comes first, then the most flows.
/// A set is shown as a larger one that has at least half of its extra flows: of a scan the source, not each target.
///
/// The input is read once if its flows fit in memory, in a third of --max-memory; else twice: for the windows, and for
/// what is in them (once, if they are given; once more for groups). The answer is the same.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow explain logs/                                  the spike that there is\n  \
        vpcflow explain --at 2026-03-15T02:50 logs/            what happened then\n  \
        vpcflow explain --action REJECT --fields src-ip,dst-port logs/\n  \
        vpcflow explain --deviation 2026-03-15T02:45..2026-03-15T03:00 --baseline 2026-03-15T01:00..2026-03-15T02:30 logs/")]
pub struct Explain {
    /// A time in the middle of the spike [default: the bucket that lies farthest from those about it]
    #[arg(long, value_name = "TIME", value_hint = ValueHint::Other, conflicts_with_all = ["deviation", "baseline"])]
    at: Option<String>,

    /// The window of the spike: FROM..TO
    #[arg(long, value_name = "WINDOW", value_hint = ValueHint::Other, requires = "baseline")]
    deviation: Option<String>,

    /// The window it is held against
    #[arg(long, value_name = "WINDOW", value_hint = ValueHint::Other, requires = "deviation")]
    baseline: Option<String>,

    /// Length of the buckets that spikes are looked for in [default: a 75th of the data's time, rounded up]
    #[arg(long, value_name = "LENGTH", value_parser = super::series::parse_bucket, value_hint = ValueHint::Other)]
    bucket: Option<NonZeroU64>,

    /// Fields whose values are tested [default: addresses, ports, protocol, action, ids, direction, flags, services, and
    /// those made from files that are named, such as --asn]
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = super::parse_key, value_hint = ValueHint::Other)]
    fields: Vec<Key>,

    /// How values are tested
    #[arg(long, value_name = "TEST", default_value = "g")]
    test: Which,

    /// With --test g: the part of the rows that may be there by chance
    #[arg(long, value_name = "RATE", default_value_t = 0.01, value_parser = parse_rate)]
    fdr: f64,

    /// Rows are the values that go together, not each by itself
    #[arg(long)]
    group: bool,

    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 20)]
    limit: usize,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// A one-sided G-test with a false discovery rate
    G,
    /// The score of Elastic's log rate analysis
    Elastic,
}

fn parse_rate(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "expected a part of all, from 0 to 1, such as 0.01".into())
}

/// What is tested where nothing is named.
const FIELDS: [Field; 18] = [
    Field::SrcIp,
    Field::DstIp,
    Field::SrcPort,
    Field::DstPort,
    Field::Protocol,
    Field::Action,
    Field::InterfaceId,
    Field::InstanceId,
    Field::SubnetId,
    Field::VpcId,
    Field::AzId,
    Field::Region,
    Field::AccountId,
    Field::FlowDirection,
    Field::TrafficPath,
    Field::TcpFlags,
    Field::PktSrcAwsService,
    Field::PktDstAwsService,
];

impl Explain {
    fn keys(&self) -> Vec<Key> {
        match self.fields.is_empty() {
            true => {
                let made = Enriched::all().filter(|field| self.input.enrich.names(*field)).map(FieldName::Enriched);
                FIELDS.into_iter().map(FieldName::from).chain(made).map(Key::Field).collect()
            }
            false => super::unique(&self.fields),
        }
    }

    /// Groupings, and what may be asked later of the same flows, if anything.
    fn asking(&self, groupings: Vec<Grouping>, hold: bool) -> Query {
        let time = self.input.filter.time_field.field().into();
        let checked = self.keys().iter().flat_map(Key::fields).chain([time]).collect();
        Query { groupings, checked, hold, ..Query::default() }
    }

    /// Finds the windows, counts in both, and says what is different.
    pub fn run(&self, messages: &Messages) -> Result<Status, Error> {
        self.check()?;
        let mut input = Again::new(&self.input, &self.output)?;
        let out = standard::output()?;
        let groupings = self.keys().into_iter().map(|key| vec![key]).chain([vec![]]).collect();
        let both = |windows| Both { explain: self, windows, groupings };
        let (windows, is_below, read, counted) = match windows::given(self)? {
            Some(windows) => {
                let both = both(windows);
                let mut read = input.read(&both)?;
                let counted = count(&both, &mut read.answer)?;
                (windows, None, read, counted)
            }
            None => {
                let mut read = input.read(self)?;
                let (windows, is_below) = match windows::settle(self, &mut read.answer) {
                    Err(Error::Usage(why)) => return Ok(read.refuse(&why, &input.settings, messages)),
                    settled => settled?,
                };
                let both = both(windows);
                let counted = count(&both, &mut input.answer(&both)?)?;
                (windows, is_below, read, counted)
            }
        };
        if counted.iter().any(|counted| counted.all == 0) {
            let (which, Window { start, end }) = match counted[0].all {
                0 => ("--baseline", windows.baseline),
                _ => ("--deviation", windows.deviation),
            };
            let data = windows::data_of(&mut input.read(self)?.answer)?;
            let [start, end] = [start, end].map(|time| plain(&Value::Time(time.max(0) as u64)));
            let why = format!("there are no flows from {start} to {end}; choose other times with {which}: {data}");
            return Ok(read.refuse(&why, &input.settings, messages));
        }
        let mut report = self.compare(&mut input, windows, counted, is_below)?;
        write(&mut report, &self.output, &input.settings, out)?;
        let status = read.close(0, false, &input.settings, messages);
        if !input.settings.quiet {
            report.notes.iter().for_each(|note| messages.note(note));
        }
        Ok(status)
    }

    fn compare(
        &self,
        input: &mut Again<'_>,
        mut windows: Windows,
        [mut baseline, mut deviation]: [Counted; 2],
        is_below: Option<bool>,
    ) -> Result<Report, Error> {
        let rate = |counted: &Counted, window: Window| counted.all as f64 / window.length().max(1) as f64;
        let is_dip =
            is_below.unwrap_or_else(|| rate(&deviation, windows.deviation) < rate(&baseline, windows.baseline));
        if is_dip {
            windows = windows.swapped();
            std::mem::swap(&mut baseline, &mut deviation);
        }
        let found = self.found(windows, &deviation, &baseline);
        let mut report = match self.group {
            true => {
                let all = All { deviation: deviation.all, baseline: baseline.all };
                groups::report(self, input, windows, &found, all, is_dip)?
            }
            false => self.values(&found, is_dip),
        };
        report.notes.extend(self.notes(windows, is_dip, [&deviation, &baseline]));
        if found.is_empty() {
            let more = if is_dip { "less" } else { "more" };
            report.notes.push(format!("no value has {more} of the flows than chance would have it"));
        }
        Ok(report)
    }

    fn values(&self, found: &[Found<Item>], is_dip: bool) -> Report {
        let keys = self.keys();
        let first = ["field", "value"].map(|name| text(name).weight(KEEP));
        let limit = if self.limit == 0 { usize::MAX } else { self.limit };
        Report {
            columns: columns(first.into()),
            rows: found.iter().take(limit).map(|found| row(&keys, found, is_dip)).collect(),
            rows_in_all: found.len(),
            ..Report::default()
        }
    }

    /// The values that are kept, in order.
    fn found(&self, windows: Windows, deviation: &Counted, baseline: &Counted) -> Vec<Found<Item>> {
        let [in_deviation, in_baseline] = [deviation, baseline].map(Counted::by_field);
        // Flows without a value differ from those with the only one.
        let several = |field: usize| {
            let is_of_all = in_deviation[field] == deviation.all && in_baseline[field] == baseline.all;
            deviation.groups[field].max(baseline.groups[field]) > 1 || !is_of_all
        };
        let least = deviation.least();
        let items: Vec<(Item, u64, u64)> = deviation
            .flows
            .iter()
            .filter(|((field, _), flows)| several(*field) && **flows >= least[*field])
            .map(|(item, flows)| (item.clone(), *flows, baseline.flows.get(item).copied().unwrap_or(0)))
            .collect();
        let scale = windows.deviation.length() as f64 / windows.baseline.length().max(1) as f64;
        let test = match self.test {
            Which::G => Test::G { fdr: self.fdr },
            Which::Elastic => Test::Elastic,
        };
        rank(&items, deviation.all, baseline.all, scale, test).found
    }

    fn notes(&self, windows: Windows, is_dip: bool, [deviation, baseline]: [&Counted; 2]) -> Vec<String> {
        let time = |seconds: i64| plain(&Value::Time(seconds.max(0) as u64));
        let window = |window: Window, flows: u64| {
            format!("{} to {} ({} flows)", time(window.start), time(window.end), report::count(flows.into()))
        };
        let [more, less] = [window(windows.deviation, deviation.all), window(windows.baseline, baseline.all)];
        vec![match is_dip {
            false => format!("what there is more of in {more} than in {less}"),
            true => format!("a dip: what there is less of in {less} than in {more}"),
        }]
    }
}

fn row(keys: &[Key], found: &Found<Item>, is_dip: bool) -> Vec<Value> {
    let (field, value) = &found.key;
    let key = &keys[*field];
    let numbers = Numbers {
        flows: found.flows,
        baseline: found.baseline_flows,
        extra: found.extra,
        ratio: found.ratio,
        ln_p: found.ln_p,
    };
    let first = vec![Value::text(key.name()), Value::text(plain(value))];
    cells(first, &numbers, is_dip, condition(key, value))
}

/// The first reading: flows in buckets.
impl Ask for Explain {
    fn query(&self) -> Query {
        let key = Key::Bucket { field: self.input.filter.time_field.field().into(), seconds: windows::FINEST };
        let grouping = Grouping { select: Select::Flows, keys: vec![key], measures: vec![Measure::Flows] };
        let window = self.input.filter.window(world().now);
        let span = super::series::span_grouping(self.input.filter.time_field, window);
        self.asking(vec![grouping, span], true)
    }

    fn check(&self) -> Result<(), Error> {
        let Some(Windows { baseline, deviation }) = windows::given(self)? else { return Ok(()) };
        let [since, until] = self.input.filter.window(world().now);
        let [start, end] = [baseline.start.min(deviation.start), baseline.end.max(deviation.end)];
        let is_cut = since.is_some_and(|since| since as i64 > start) || until.is_some_and(|until| (until as i64) < end);
        match is_cut || self.input.filter.last.is_some() {
            true => Err(Error::Usage(
                "--since, --until and --last cut the windows of --deviation and --baseline; leave them out".into(),
            )),
            false => Ok(()),
        }
    }

    fn needed(&self) -> Vec<FieldName> {
        let fields = self.fields.iter().flat_map(Key::fields);
        std::iter::once(self.input.filter.time_field.field().into()).chain(fields).collect()
    }

    /// It takes several answers to make a report: see `run`.
    fn report(&self, _: &mut Answer) -> Result<(Report, u64), Error> {
        Ok((Report::default(), 0))
    }
}
