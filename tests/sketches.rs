//! Groups, percentiles and approximate distinct counts: whoever sees which records, however many values
//! are kept exactly, and however little fits in memory, the answer is that of a slow reader who sees all.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use vpcflow::decode::{Batch, Malformed, Sink, TextDecoder};
use vpcflow::query::{
    Grouped, Grouping, Keep, Key, Measure, Memory, Merge, MinShare, Order, Plan, Profile, Query, Rounded, Select, State,
};
use vpcflow::schema::{Format, Value};

const PERCENTILES: [(&str, u64); 5] = [("p50", 500), ("p1", 10), ("p99.9", 999), ("p100", 1000), ("p33.3", 333)];

#[derive(Clone, Debug)]
struct Flow {
    source: &'static str,
    interface: &'static str,
    bytes: Option<u64>,
    start: u64,
}

impl Flow {
    fn line(&self) -> String {
        let bytes = self.bytes.map_or("-".into(), |bytes| bytes.to_string());
        format!("{} {} {bytes} {}\n", self.source, self.interface, self.start)
    }
}

fn flow() -> impl Strategy<Value = Flow> {
    let bytes = prop_oneof![
        1 => Just(None),
        6 => (0u64..700).prop_map(Some),
        6 => (0u64..1 << 20).prop_map(Some),
        1 => any::<u64>().prop_map(Some),
    ];
    let sources = select(&["10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2", "192.0.2.9"][..]);
    (sources, select(&["eni-1", "eni-2", "eni-3", "-"][..]), bytes, 1_700_000_000u64..1_700_000_900)
        .prop_map(|(source, interface, bytes, start)| Flow { source, interface, bytes, start })
}

/// Takes batches into a state.
struct Into<'s>(&'s mut State);

impl Sink for Into<'_> {
    fn batch(&mut self, batch: &Batch<'_>) {
        self.0.consume(batch, None);
    }
    fn malformed(&mut self, _: u64, _: Malformed) {}
    fn format(&mut self, _: &Format) {}
}

/// How flows are read and kept.
#[derive(Clone, Debug)]
struct How {
    /// The workers that read them, in turn.
    share: Vec<usize>,
    /// The text that is read at a time, in bytes.
    window: usize,
    /// Values that are kept exactly.
    limit: usize,
    /// What all groups may take, in bytes.
    memory: usize,
}

/// Alone, with all the memory that there is.
fn alone(limit: usize) -> How {
    How { share: vec![0], window: 1 << 15, limit, memory: usize::MAX }
}

fn how(limit: std::ops::Range<usize>) -> impl Strategy<Value = How> {
    // Texts take some of the memory in any case; what is left of the least is nothing at all.
    let memory = select(&[2_000, 20_000, 200_000, usize::MAX][..]);
    (vec(0usize..4, 1..20), 20usize..2000, limit, memory).prop_map(|(share, window, limit, memory)| How {
        share,
        window,
        limit,
        memory,
    })
}

/// The states of all workers, brought together.
fn merged(measures: &[&str], keys: &[&str], flows: &[Flow], how: &How, about: bool) -> Merge {
    let measure = |name: &&str| Measure::parse(name).expect("a measure");
    let grouping = Grouping {
        select: Select::Flows,
        keys: keys.iter().map(|key| Key::parse(key).expect("a key")).collect(),
        measures: measures.iter().map(measure).map(|m| if about { m.about() } else { m }).collect(),
    };
    let query = Query { groupings: vec![grouping], ..Query::default() };
    let workers = how.share.iter().max().map_or(1, |most| most + 1);
    let memory = Memory { bytes: how.memory, workers, directory: Arc::new(std::env::temp_dir()) };
    let plan = Arc::new(Plan::new(&query).with_exact_values(how.limit).with_memory(memory));
    let format = Format::parse("srcaddr,interface-id,bytes,start").expect("a format");
    let states = (0..workers).map(|worker| {
        let mine = flows.iter().zip(how.share.iter().cycle()).filter(|(_, w)| **w == worker);
        let text: String = mine.map(|(flow, _)| flow.line()).collect();
        let mut state = State::new(&plan);
        let mut decoder = TextDecoder::new(plan.fields(), Some(&format)).with_window(how.window);
        decoder.begin(Some(&format));
        decoder.feed(text.as_bytes(), &mut Into(&mut state)).expect("flows");
        decoder.finish(&mut Into(&mut state)).expect("flows");
        state
    });
    Merge::new(&plan, states.collect()).expect("memory")
}

fn one_by_one(count: usize, work: &(dyn Fn(usize) + Sync)) {
    (0..count).for_each(work);
}

fn ask(measures: &[&str], keys: &[&str], flows: &[Flow], how: &How, about: bool) -> (Grouped, Vec<Rounded>) {
    let mut merge = merged(measures, keys, flows, how, about);
    let order = Order { measure: None, ascending: true, limit: 0 };
    let found = merge.finish(0, order, &Keep::default(), &one_by_one).expect("memory");
    (found, merge.rounded)
}

fn group_of(flow: &Flow, keys: &[&str]) -> Option<Vec<Value>> {
    let value = |key: &&str| match *key {
        "src-ip" => Some(Value::Ip(flow.source.parse::<IpAddr>().expect("an address"))),
        _ => Some(flow.interface).filter(|id| *id != "-").map(Value::text),
    };
    keys.iter().map(value).collect()
}

/// The values of a field by group, in order.
fn values(flows: &[Flow], keys: &[&str], value: impl Fn(&Flow) -> Option<u64>) -> BTreeMap<Vec<Value>, Vec<u64>> {
    let mut groups: BTreeMap<Vec<Value>, Vec<u64>> = BTreeMap::new();
    for flow in flows {
        if let Some(key) = group_of(flow, keys) {
            groups.entry(key).or_default().extend(value(flow));
        }
    }
    groups.values_mut().for_each(|values| values.sort_unstable());
    groups
}

fn nearest_rank(values: &[u64], permille: u64) -> Option<u64> {
    let rank = (permille * values.len() as u64).div_ceil(1000).max(1);
    values.get(rank as usize - 1).copied()
}

/// How many different values there are, by group.
fn pairs(groups: &BTreeMap<Vec<Value>, Vec<u64>>) -> usize {
    groups.values().map(|values| values.iter().collect::<BTreeSet<_>>().len()).sum()
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn percentiles_are_exact_up_to_the_limit_and_then_rounded(
        flows in vec(flow(), 0..150), how in how(0..160),
        keys in select(vec![&["src-ip"][..], &["interface-id"], &["src-ip", "interface-id"], &[]]),
    ) {
        let measures: Vec<String> =
            ["bytes", "start"].iter().flat_map(|field| PERCENTILES.map(|(p, _)| format!("{p}({field})"))).collect();
        let measures: Vec<&str> = measures.iter().map(String::as_str).collect();
        let (limit, (found, rounded)) = (how.limit, ask(&measures, keys, &flows, &how, false));
        let by_bytes = values(&flows, keys, |flow| flow.bytes);
        let by_start = values(&flows, keys, |flow| Some(flow.start));
        let too_many = [("bytes", "0.4 %", &by_bytes), ("start", "30 seconds", &by_start)].into_iter();
        let too_many = too_many.filter(|(.., groups)| pairs(groups) > limit);
        let expected: Vec<Rounded> =
            too_many.map(|(field, bound, _)| Rounded { field: field.into(), limit, bound }).collect();
        prop_assert_eq!(&rounded, &expected);
        prop_assert_eq!(found.rows.len(), by_bytes.len());
        let is_rounded = |field: &str| rounded.iter().any(|rounded| rounded.field == field);
        for row in &found.rows {
            for (i, (_, permille)) in PERCENTILES.iter().enumerate() {
                let exact = nearest_rank(&by_bytes[&row.keys], *permille);
                let about = |v: u64| match 56u32.saturating_sub(v.leading_zeros()) {
                    _ if !is_rounded("bytes") => v,
                    0 => v,
                    low => (v >> low << low) + (1 << (low - 1)),
                };
                let expected = exact.map_or(Value::None, |v| Value::Int(about(v).into()));
                prop_assert_eq!(&row.measures[i], &expected);
                let exact = nearest_rank(&by_start[&row.keys], *permille).expect("every flow has a start");
                let about = if is_rounded("start") { exact / 60 * 60 + 30 } else { exact };
                prop_assert_eq!(&row.measures[PERCENTILES.len() + i], &Value::Time(about));
            }
        }
    }

    #[test]
    fn approximate_counts_do_not_depend_on_who_saw_what(
        flows in vec(flow(), 0..150), how in how(0..1),
        keys in select(vec![&["src-ip"][..], &["interface-id"], &[]]),
    ) {
        let measures = ["distinct(src-ip)", "distinct(src-ip/16/48)", "distinct(interface-id)", "distinct(bytes)"];
        let (found, _) = ask(&measures, keys, &flows, &how, true);
        let (alone, _) = ask(&measures, keys, &flows, &alone(0), true);
        prop_assert_eq!(&found, &alone);
        // So few are nearly exact: only values that share a register are missed.
        for row in &found.rows {
            let mine = || flows.iter().filter(|flow| group_of(flow, keys).as_ref() == Some(&row.keys));
            let counts = [
                mine().map(|flow| flow.source).collect::<BTreeSet<_>>().len(),
                mine().map(|flow| &flow.source[..5]).collect::<BTreeSet<_>>().len(),
                mine().map(|flow| flow.interface).filter(|id| *id != "-").collect::<BTreeSet<_>>().len(),
                mine().filter_map(|flow| flow.bytes).collect::<BTreeSet<_>>().len(),
            ];
            for (count, measure) in counts.into_iter().zip(&row.measures) {
                let off = measure.as_int().abs_diff(count as u128);
                prop_assert!(off <= 6 + count as u128 / 20, "{} for {}", measure.as_int(), count);
            }
        }
    }

    #[test]
    fn what_does_not_fit_in_memory_changes_nothing(
        flows in vec(flow(), 0..400), how in how(0..200), measure in 0..MEASURES.len(), few in 1usize..4,
        keys in select(vec![&["src-ip"][..], &["bytes"], &["src-ip", "interface-id"], &["start", "src-ip"], &[]]),
    ) {
        let all = alone(how.limit);
        prop_assert_eq!(ask(&MEASURES, keys, &flows, &how, false), ask(&MEASURES, keys, &flows, &all, false));
        let [mut merge, mut whole] = [&how, &all].map(|how| merged(&MEASURES, keys, &flows, how, false));
        let share = MinShare::parse("2%").expect("a share");
        let keep = Keep::default().and(move |group| share.is_reached(group.measure(0).as_int(), group.total(0)));
        let order = Order { measure: Some(measure), ascending: few == 1, limit: few };
        let first = |merge: &mut Merge| merge.finish(0, order, &keep, &one_by_one).expect("memory");
        prop_assert_eq!(first(&mut merge), first(&mut whole));
        if let [key] = keys {
            let [mut merge, mut whole] = [&how, &all].map(|how| merged(&["flows"], &[key], &flows, how, false));
            let profile = |merge: &mut Merge| -> Profile { merge.profile(0, few, &one_by_one).expect("memory") };
            prop_assert_eq!(profile(&mut merge), profile(&mut whole));
        }
    }
}

const MEASURES: [&str; 10] = [
    "flows",
    "bytes",
    "sum(bytes)",
    "avg(bytes)",
    "min(bytes)",
    "max(start)",
    "distinct(bytes)",
    "distinct(interface-id)",
    "p50(bytes)",
    "p99(start)",
];
