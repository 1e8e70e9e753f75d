//! Percentiles and approximate distinct counts: whoever sees which records, and however many values
//! are kept exactly, the answer is that of a slow reader who sees all.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use vpcflow::decode::{Batch, Malformed, Sink, TextDecoder};
use vpcflow::query::{Grouped, Grouping, Keep, Key, Measure, Merge, Order, Plan, Query, Rounded, Select, State};
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

/// The answer when worker number `share[i]` reads flow number i, so many bytes of text at a time.
fn ask(
    measures: &[String],
    keys: &[&str],
    flows: &[Flow],
    share: &[usize],
    window: usize,
    limit: usize,
) -> (Grouped, Vec<Rounded>) {
    let grouping = Grouping {
        select: Select::Flows,
        keys: keys.iter().map(|key| Key::parse(key).expect("a key")).collect(),
        measures: measures.iter().map(|name| Measure::parse(name).expect("a measure").about()).collect(),
    };
    let query = Query { groupings: vec![grouping], ..Query::default() };
    let plan = Arc::new(Plan::new(&query).with_exact_values(limit));
    let format = Format::parse("srcaddr,interface-id,bytes,start").expect("a format");
    let workers = share.iter().max().map_or(1, |most| most + 1);
    let states = (0..workers).map(|worker| {
        let mine = flows.iter().zip(share.iter().cycle()).filter(|(_, w)| **w == worker);
        let text: String = mine.map(|(flow, _)| flow.line()).collect();
        let mut state = State::new(&plan);
        let mut decoder = TextDecoder::new(plan.fields(), Some(&format)).with_window(window);
        decoder.begin(Some(&format));
        decoder.feed(text.as_bytes(), &mut Into(&mut state)).expect("flows");
        decoder.finish(&mut Into(&mut state)).expect("flows");
        state
    });
    let mut merge = Merge::new(&plan, states.collect());
    let order = Order { measure: None, ascending: true, limit: 0 };
    let found = merge.finish(0, order, &Keep::default(), &|count, work| (0..count).for_each(work));
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
        flows in vec(flow(), 0..150), share in vec(0usize..4, 1..20), window in 20usize..2000, limit in 0usize..160,
        keys in select(vec![&["src-ip"][..], &["interface-id"], &["src-ip", "interface-id"], &[]]),
    ) {
        let measures: Vec<String> =
            ["bytes", "start"].iter().flat_map(|field| PERCENTILES.map(|(p, _)| format!("{p}({field})"))).collect();
        let (found, rounded) = ask(&measures, keys, &flows, &share, window, limit);
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
        flows in vec(flow(), 0..150), share in vec(0usize..4, 1..20), window in 20usize..2000,
        keys in select(vec![&["src-ip"][..], &["interface-id"], &[]]),
    ) {
        let fields = ["src-ip", "src-ip/16/48", "interface-id", "bytes"];
        let measures: Vec<String> = fields.iter().map(|field| format!("distinct({field})")).collect();
        let (found, _) = ask(&measures, keys, &flows, &share, window, 0);
        let (alone, _) = ask(&measures, keys, &flows, &[0], 1 << 15, 0);
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
}
