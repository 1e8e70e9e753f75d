//! What `timeline` and `fields` have to give, worked out from what the slow reader read.

use super::answers::Rows;
use super::lines::V5;
use super::oracle::{Cell, Kind, Log, Record, any_field, time};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A question for `timeline`.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Seconds; `None` for the default.
    pub bucket: Option<u128>,
    pub by: Option<String>,
    pub limit: usize,
    pub load: &'static str,
}

/// Flows, accepts, rejects, packets, bytes.
type Sums = [u128; 5];

/// What a flow counts, second by second of the times at which it counts.
fn parts(flow: &Record, load: &str, seconds: u128) -> Option<Vec<(u128, Sums)>> {
    let number = |name| flow.number(name).unwrap_or(0);
    let is = |action| u128::from(flow.text("action") == Some(action));
    let (packets, bytes) = (number("packets"), number("bytes"));
    let whole = [1, is("ACCEPT"), is("REJECT"), packets, bytes];
    let start = flow.number("start");
    if load == "end" {
        return flow.number("end").map(|end| vec![(end, whole)]);
    }
    let start = start?;
    let spread = match flow.number("end") {
        Some(end) if load == "proportional" && end > start && end - start <= 86400 => end,
        _ => return Some(vec![(start, whole)]),
    };
    let until = |total: u128, at: u128| total * (at.clamp(start, spread) - start) / (spread - start);
    let buckets = start / seconds..=(spread - 1) / seconds;
    let part = |bucket: u128| {
        let between = |total| until(total, (bucket + 1) * seconds) - until(total, bucket * seconds);
        let first = u128::from(bucket == start / seconds);
        (bucket * seconds, [first, first * whole[1], first * whole[2], between(packets), between(bytes)])
    };
    Some(buckets.map(part).filter(|(_, sums)| *sums != [0; 5]).collect())
}

/// `timeline`; with it the number of flows in no series.
pub fn timeline(log: &Log, question: &Timeline) -> (Rows, u64) {
    let key = |flow: &Record| question.by.as_ref().map_or(Some(None), |by| flow.key(by).map(Some));
    // By times of any bucket: the default is chosen by them.
    let finest = question.bucket.unwrap_or(60);
    let flows = log.flows();
    let counted: Vec<_> =
        flows.iter().filter_map(|flow| Some((key(flow)?, parts(flow, question.load, finest)?))).collect();
    let without = (flows.len() - counted.len()) as u64;
    let mut sizes: BTreeMap<&Option<Cell>, usize> = BTreeMap::new();
    counted.iter().for_each(|(key, _)| *sizes.entry(key).or_default() += 1);
    let mut largest: Vec<_> = sizes.into_iter().collect();
    largest.sort_by_key(|(_, size)| Reverse(*size));
    let shown = if question.limit == 0 || question.by.is_none() { usize::MAX } else { question.limit };
    let kept: BTreeSet<_> = largest.iter().take(shown).map(|(key, _)| (*key).clone()).collect();
    let mut series: Vec<Option<Option<Cell>>> = kept.iter().cloned().map(Some).collect();
    // Last of all: the rest.
    series.extend((kept.len() < largest.len()).then_some(None));

    let times: Vec<u128> = counted.iter().flat_map(|(_, parts)| parts.iter().map(|(at, _)| *at)).collect();
    let ends = times.iter().min().zip(times.iter().max());
    let buckets = |length: u128| ends.map_or(0, |(first, last)| last / length - first / length + 1);
    let length = question.bucket.unwrap_or_else(|| {
        [60, 300, 900, 3600, 21600].into_iter().find(|length| buckets(*length) <= 120).unwrap_or(86400)
    });
    let mut sums: BTreeMap<(u128, usize), Sums> = BTreeMap::new();
    for (key, parts) in &counted {
        let place = series.iter().position(|one| one.as_ref() == Some(key)).unwrap_or(series.len() - 1);
        for (at, part) in parts {
            let sum = sums.entry((at / length, place)).or_default();
            sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
    }
    let dense = buckets(length) <= 10_000;
    let row = |bucket: u128, place: usize, sums: &Sums| {
        let mut row = vec![time(bucket * length)];
        if question.by.is_some() {
            row.push(series[place].as_ref().map_or("other".into(), |key| key.as_ref().expect("a key").to_string()));
        }
        row.extend(sums.iter().map(u128::to_string));
        row
    };
    let mut rows = vec![header(question.by.as_deref())];
    if dense && let Some((first, last)) = ends {
        for bucket in first / length..=last / length {
            let empty = [0; 5];
            rows.extend((0..series.len()).map(|at| row(bucket, at, sums.get(&(bucket, at)).unwrap_or(&empty))));
        }
    } else {
        rows.extend(sums.iter().map(|((bucket, place), sums)| row(*bucket, *place, sums)));
    }
    (rows, without)
}

fn header(by: Option<&str>) -> Vec<String> {
    let column = |name: &str| name.replace(['-', '/'], "_");
    let mut header = vec!["time".to_string()];
    header.extend(by.map(column));
    header.extend(["flows", "accepts", "rejects", "packets", "bytes"].map(String::from));
    header
}

/// `fields`.
pub fn fields(log: &Log) -> Rows {
    let header = ["field", "type", "present", "present_pct", "distinct", "min", "max", "top"];
    let known = V5.split_whitespace().map(|name| any_field(name).0).chain(["resource-id".to_string()]);
    let known: Vec<String> = known.filter(|name| log.met.contains(name)).collect();
    let unknown = log.met.iter().filter(|name| !known.contains(name)).cloned();
    let rows = known.iter().cloned().chain(unknown).map(|name| {
        let mut counts: BTreeMap<&Cell, u64> = BTreeMap::new();
        log.records
            .iter()
            .filter_map(|record| record.values.get(&name))
            .for_each(|v| *counts.entry(v).or_default() += 1);
        let present: u64 = counts.values().sum();
        let records = (log.records.len() as u64).max(1);
        let hundredths = (present * 20_000 + records) / (2 * records);
        let end = |cell: Option<(&&Cell, &u64)>| cell.map(|(cell, _)| cell.to_string()).unwrap_or_default();
        let mut top: Vec<_> = counts.iter().collect();
        top.sort_by_key(|(_, count)| Reverse(**count));
        let top: Vec<String> = top.iter().take(5).map(|(cell, count)| format!("{cell} ({count})")).collect();
        vec![
            name.clone(),
            kind(any_field(&name).1).to_string(),
            present.to_string(),
            format!("{}.{:02}", hundredths / 100, hundredths % 100),
            counts.len().to_string(),
            end(counts.first_key_value()),
            end(counts.last_key_value()),
            top.join(", "),
        ]
    });
    std::iter::once(header.map(String::from).to_vec()).chain(rows).collect()
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Ip => "IP address",
        Kind::Port => "port",
        Kind::Protocol => "protocol",
        Kind::Number => "number",
        Kind::Time => "time",
        Kind::Text => "text",
    }
}
