//! `explain`: which values make a spike, or a dip.

mod windows;

use super::series::value;
use crate::analysis::explain::{Found, Test, Window, Windows, rank};
use crate::cli::flags::{FilterFlags, InputFlags, OutputFlags};
use crate::cli::messages::Messages;
use crate::cli::run::{Ask, Read, surroundings, write};
use crate::cli::settings::Settings;
use crate::cli::{Error, Status, standard};
use crate::engine::Answer;
use crate::query::{Grouping, Key, Measure, Query, Select};
use crate::report::{Column, KEEP, Report, Unit, count, plain};
use crate::schema::{Field, FieldName, Value};
use clap::ValueHint;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZeroU64;

/// Which values make a spike, or a dip
///
/// Holds a window of time, the deviation, against one before it, the baseline: for every field, which values have
/// more of the flows than they had. The windows are found by themselves (the bucket that lies farthest from the
/// median), around a time (--at), or given (--deviation, --baseline). Where there are fewer flows a second than
/// before, the windows change places: the rows then are what is missing.
///
/// --test g is a one-sided G-test on numbers of flows; of all values that are tested, at most a part of --fdr is shown
/// by chance (Benjamini and Hochberg), and the most extra flows come first. --test elastic is the score of
/// Elastic's log rate analysis, which overlooks what is a small part of all.
///
/// The input is read three times, so that it cannot be a pipe.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow explain logs/                                  the spike that there is\n  \
        vpcflow explain --at 2026-03-15T02:50 logs/            what happened then\n  \
        vpcflow explain --action REJECT --fields src-ip,dst-port logs/\n  \
        vpcflow explain --deviation 2026-03-15T02:45..2026-03-15T03:00 --baseline 2026-03-15T01:00..2026-03-15T02:30 logs/")]
pub struct Explain {
    /// A time in the middle of the spike [default: the bucket that lies farthest from the median]
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

    /// Fields whose values are tested [default: addresses, ports, protocol, action, ids, direction, flags, services]
    #[arg(long, value_name = "FIELD", value_delimiter = ',', value_parser = super::parse_key, value_hint = ValueHint::Other)]
    fields: Vec<Key>,

    /// How values are tested
    #[arg(long, value_name = "TEST", default_value = "g")]
    test: Which,

    /// With --test g: the part of the rows that may be there by chance
    #[arg(long, value_name = "RATE", default_value_t = 0.01, value_parser = parse_rate)]
    fdr: f64,

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

/// As many values of a field are tested, the most frequent ones of the deviation.
const MOST: usize = 1000;

/// A value of a field, by the number of the field.
type Item = (usize, Value);

/// The flows of a window: by field and value, how many different values each field has, and of all.
struct Counted {
    flows: BTreeMap<Item, u64>,
    groups: Vec<usize>,
    all: u64,
}

impl Counted {
    /// By field: the flows that a value has to have to be among the most frequent ones, ties included.
    fn least(&self) -> Vec<u64> {
        let mut flows: Vec<Vec<u64>> = vec![vec![]; self.groups.len()];
        self.flows.iter().for_each(|((field, _), number)| flows[*field].push(*number));
        let least = |mut flows: Vec<u64>| match flows.len() > MOST {
            true => *flows.select_nth_unstable_by(MOST - 1, |a, b| b.cmp(a)).1,
            false => 0,
        };
        flows.into_iter().map(least).collect()
    }
}

impl Explain {
    fn keys(&self) -> Vec<Key> {
        match self.fields.is_empty() {
            true => FIELDS.into_iter().map(|field| Key::Field(field.into())).collect(),
            false => super::unique(&self.fields),
        }
    }

    /// Finds the windows, counts in both, and says what is different.
    pub fn run(&self, messages: &Messages) -> Result<Status, Error> {
        let mut settings = Settings::new(&self.input, &self.output, &surroundings())?;
        let out = standard::output()?;
        self.check()?;
        if settings.paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Error::Usage("standard input cannot be read three times; explain takes files".into()));
        }
        let mut look = Read::new(self, &self.input, &mut settings)?;
        let (mut windows, is_below) = windows::settle(self, &mut look.answer)?;
        let counted = |window| -> Result<(Counted, Read), Error> {
            let part = Part { explain: self, window };
            let mut settings = Settings::new(&self.input, &self.output, &surroundings())?;
            let mut read = Read::new(&part, &self.input, &mut settings)?;
            Ok((part.count(&mut read.answer)?, read))
        };
        let (mut baseline, _) = counted(windows.baseline)?;
        let (mut deviation, _) = counted(windows.deviation)?;
        let rate = |counted: &Counted, window: Window| counted.all as f64 / window.length().max(1) as f64;
        let is_dip =
            is_below.unwrap_or_else(|| rate(&deviation, windows.deviation) < rate(&baseline, windows.baseline));
        if is_dip {
            windows = windows.swapped();
            std::mem::swap(&mut baseline, &mut deviation);
        }
        let mut report = self.compare(&windows, &deviation, &baseline);
        write(&mut report, &self.output, &settings, out)?;
        let status = look.close(0, false, &settings, messages);
        if !settings.quiet {
            self.notes(&windows, is_dip, [&deviation, &baseline]).iter().for_each(|note| messages.note(note));
        }
        Ok(status)
    }

    fn compare(&self, windows: &Windows, deviation: &Counted, baseline: &Counted) -> Report {
        let several = |field: usize| deviation.groups[field].max(baseline.groups[field]) > 1;
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
        let mut found = rank(&items, deviation.all, baseline.all, scale, test).found;
        let mut report = Report { columns: columns(), rows_in_all: found.len(), ..Report::default() };
        found.truncate(if self.limit == 0 { usize::MAX } else { self.limit });
        let keys = self.keys();
        report.rows = found.iter().map(|found| row(&keys, found)).collect();
        report
    }

    fn notes(&self, windows: &Windows, is_dip: bool, [deviation, baseline]: [&Counted; 2]) -> Vec<String> {
        let time = |seconds: i64| plain(&Value::Time(seconds.max(0) as u64));
        let window = |window: Window, flows: u64| {
            format!("{} to {} ({} flows)", time(window.start), time(window.end), count(flows.into()))
        };
        let [more, less] = [window(windows.deviation, deviation.all), window(windows.baseline, baseline.all)];
        vec![match is_dip {
            false => format!("what there is more of in {more} than in {less}"),
            true => format!("a dip: what there is less of in {less} than in {more}"),
        }]
    }
}

fn columns() -> Vec<Column> {
    let number = |name: &str| Column::measure(name, None).unit(Unit::Count);
    let text = |name: &str| Column { right: false, ..Column::measure(name, None) };
    vec![
        text("field").weight(KEEP),
        text("value").weight(KEEP),
        number("flows").weight(9),
        number("baseline_flows").weight(7),
        number("extra").unit(Unit::CountChange).weight(8),
        number("ratio").weight(6),
        Column { right: true, ..text("p") }.weight(4),
        text("impact").weight(5),
        text("where").weight(3),
    ]
}

fn row(keys: &[Key], found: &Found<Item>) -> Vec<Value> {
    let (field, found_value) = &found.key;
    let key = &keys[*field];
    vec![
        Value::text(key.name()),
        Value::text(plain(found_value)),
        Value::Int(found.flows.into()),
        value(found.baseline_flows, 1),
        value(found.extra, 1),
        found.ratio.map_or(Value::None, |ratio| value(ratio, 2)),
        Value::text(probability(found.ln_p)),
        Value::text(found.impact.name()),
        Value::text(super::series::condition(key, found_value)),
    ]
}

/// A probability by its logarithm, which may be too small for a number: `1.3e-320`.
fn probability(ln_p: f64) -> String {
    let log = ln_p / std::f64::consts::LN_10;
    let exponent = log.floor();
    let digits = 10f64.powf(log - exponent);
    // Rounded, 9.96 is 10.
    let (digits, exponent) = if digits >= 9.95 { (1.0, exponent + 1.0) } else { (digits, exponent) };
    if exponent >= -3.0 { format!("{:.4}", ln_p.exp()) } else { format!("{digits:.1}e{exponent}") }
}

/// The first reading: flows in buckets.
impl Ask for Explain {
    fn query(&self) -> Query {
        let key = Key::Bucket { field: self.input.filter.time_field.field().into(), seconds: windows::FINEST };
        let grouping = Grouping { select: Select::Flows, keys: vec![key], measures: vec![Measure::Flows] };
        Query {
            groupings: vec![grouping, super::series::span_grouping(self.input.filter.time_field)],
            ..Query::default()
        }
    }

    fn check(&self) -> Result<(), Error> {
        windows::given(self).map(|_| ())
    }

    fn needed(&self) -> Vec<FieldName> {
        let fields = self.fields.iter().flat_map(Key::fields);
        std::iter::once(self.input.filter.time_field.field().into()).chain(fields).collect()
    }

    /// It takes three answers to make a report: see `run`.
    fn report(&self, _: &mut Answer) -> Result<(Report, u64), Error> {
        Ok((Report::default(), 0))
    }
}

/// The reading of a window: the values of every field.
struct Part<'e> {
    explain: &'e Explain,
    window: Window,
}

impl Part<'_> {
    fn count(&self, answer: &mut Answer) -> Result<Counted, Error> {
        let keys = self.explain.keys();
        let mut counted = Counted { flows: BTreeMap::new(), groups: vec![], all: 0 };
        for field in 0..keys.len() {
            // Of the baseline, any value may be asked for.
            let mut values: Vec<(Value, u64)> = Vec::new();
            answer.each(field, |mut keys, measures| values.push((keys.remove(0), measures[0].as_int() as u64)))?;
            counted.groups.push(values.len());
            counted.flows.extend(values.into_iter().map(|(value, flows)| ((field, value), flows)));
        }
        answer.each(keys.len(), |_, measures| counted.all = measures[0].as_int() as u64)?;
        Ok(counted)
    }
}

impl Ask for Part<'_> {
    fn filter<'f>(&self, flags: &'f FilterFlags) -> Cow<'f, FilterFlags> {
        let [since, until] = [self.window.start, self.window.end].map(|time| time.max(0) as u64);
        Cow::Owned(flags.within(since, until))
    }

    fn query(&self) -> Query {
        let of = |keys| Grouping { select: Select::Flows, keys, measures: vec![Measure::Flows] };
        let groupings = self.explain.keys().into_iter().map(|key| of(vec![key])).chain([of(vec![])]);
        Query { groupings: groupings.collect(), ..Query::default() }
    }

    fn needed(&self) -> Vec<FieldName> {
        self.explain.needed()
    }

    fn report(&self, _: &mut Answer) -> Result<(Report, u64), Error> {
        Ok((Report::default(), 0))
    }
}
