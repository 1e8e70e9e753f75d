//! The answers that the program has to give, worked out from what the slow reader read.

use super::oracle::{Cell, Log, Record, Status, service, time};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// A result: the header, then the rows.
pub type Rows = Vec<Vec<String>>;

/// `100 * part / whole` and such, rounded half up; 0 of nothing is 0.
fn ratio(part: u128, whole: u128, scale: u128, places: u32) -> String {
    let one = 10u128.pow(places);
    let units = if whole == 0 { 0 } else { (2 * part * scale * one + whole) / (2 * whole) };
    format!("{}.{:0width$}", units / one, units % one, width = places as usize)
}

/// Groups records by keys; the number of records without a value for one of them comes second.
fn group<'r>(records: &[&'r Record], keys: &[String]) -> (BTreeMap<Vec<Cell>, Vec<&'r Record>>, u64) {
    let mut groups: BTreeMap<Vec<Cell>, Vec<&Record>> = BTreeMap::new();
    let mut without = 0;
    for record in records {
        let key: Option<Vec<Cell>> = keys.iter().map(|key| record.key(key)).collect();
        match key {
            Some(key) => groups.entry(key).or_default().push(record),
            None => without += 1,
        }
    }
    (groups, without)
}

fn sum(records: &[&Record], field: &str) -> u128 {
    records.iter().filter_map(|record| number(record, field)).sum()
}

fn number(record: &Record, field: &str) -> Option<u128> {
    match record.key(field) {
        Some(Cell::Number(n) | Cell::Protocol(n) | Cell::Time(n)) => Some(n),
        _ => None,
    }
}

fn with_action(records: &[&Record], action: &str) -> u128 {
    records.iter().filter(|record| record.text("action") == Some(action)).count() as u128
}

fn distinct(records: &[&Record], field: &str) -> u128 {
    records.iter().filter_map(|record| record.key(field)).collect::<BTreeSet<_>>().len() as u128
}

fn seen(records: &[&Record]) -> [Option<u128>; 2] {
    let all = |field| records.iter().filter_map(move |record| record.number(field));
    [all("start").min(), all("end").max()]
}

/// A measure of a group: the number it sorts by, as a fraction, and how it is written.
struct Measured {
    order: Option<(u128, u128)>,
    text: String,
}

fn measure(name: &str, records: &[&Record]) -> Measured {
    let whole = |n: u128| Measured { order: Some((n, 1)), text: n.to_string() };
    let at = |t: Option<u128>| Measured { order: t.map(|t| (t, 1)), text: t.map(time).unwrap_or_default() };
    let (function, field) = name.trim_end_matches(')').split_once('(').unwrap_or((name, ""));
    let numbers: Vec<u128> = records.iter().filter_map(|record| number(record, field)).collect();
    let extreme = |n: Option<&u128>| match (field, n) {
        ("start" | "end", n) => at(n.copied()),
        (_, Some(n)) => whole(*n),
        (_, None) => Measured { order: None, text: String::new() },
    };
    match function {
        "flows" => whole(records.len() as u128),
        "accepts" => whole(with_action(records, "ACCEPT")),
        "rejects" => whole(with_action(records, "REJECT")),
        "reject_pct" => {
            let text = ratio(with_action(records, "REJECT"), records.len() as u128, 100, 2);
            Measured { order: Some(decimal(&text)), text }
        }
        "packets" | "bytes" => whole(sum(records, function)),
        "first_seen" => at(seen(records)[0]),
        "last_seen" => at(seen(records)[1]),
        "distinct" => whole(distinct(records, field)),
        "bpp" => match (sum(records, "bytes"), sum(records, "packets")) {
            (_, 0) => Measured { order: None, text: String::new() },
            (bytes, packets) => {
                let text = ratio(bytes, packets, 1, 2);
                Measured { order: Some(decimal(&text)), text }
            }
        },
        "duration" => match seen(records) {
            [Some(first), Some(last)] => whole(last.saturating_sub(first)),
            _ => Measured { order: None, text: String::new() },
        },
        percentile if percentile.starts_with('p') => {
            let percent: f64 = percentile[1..].parse().expect("a percentage");
            extreme(nearest_rank(numbers, (percent * 10.0).round() as usize).as_ref())
        }
        "min" => extreme(numbers.iter().min()),
        "max" => extreme(numbers.iter().max()),
        "sum" => whole(numbers.iter().sum()),
        "avg" if numbers.is_empty() => Measured { order: None, text: String::new() },
        "avg" => {
            let text = ratio(numbers.iter().sum(), numbers.len() as u128, 1, 2);
            Measured { order: Some(decimal(&text)), text }
        }
        other => panic!("no measure {other}"),
    }
}

/// The smallest value up to which there are as many per mille of all.
fn nearest_rank(mut numbers: Vec<u128>, permille: usize) -> Option<u128> {
    numbers.sort_unstable();
    let enough = |place: &usize| (place + 1) * 1000 >= permille * numbers.len();
    (0..numbers.len()).find(enough).map(|place| numbers[place])
}

/// A number with two decimals, as hundredths.
fn decimal(text: &str) -> (u128, u128) {
    (text.replace('.', "").parse().expect("a number"), 100)
}

/// The fields a measure reads.
pub fn fields_of(measure: &str) -> Vec<String> {
    let (function, field) = measure.trim_end_matches(')').split_once('(').unwrap_or((measure, ""));
    match function {
        "packets" | "bytes" => vec![function.into()],
        "first_seen" => vec!["start".into()],
        "last_seen" => vec!["end".into()],
        "bpp" | "duration" => fields_of_key(function),
        _ if !field.is_empty() => fields_of_key(field),
        _ => vec![],
    }
}

/// The fields a key reads.
pub fn fields_of_key(key: &str) -> Vec<String> {
    match key.split('/').next().expect("a name") {
        "duration" => vec!["start".into(), "end".into()],
        "bpp" => vec!["bytes".into(), "packets".into()],
        "protocol-number" => vec!["protocol".into()],
        name => vec![name.into()],
    }
}

fn column(name: &str) -> String {
    let name = name.trim_end_matches(')').replace('(', "_");
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// `top`; with it the number of flows without a key.
pub fn top(log: &Log, keys: &[String], agg: &[String], sort: &str, ascending: bool) -> (Rows, u64) {
    let flows = log.flows();
    let (groups, without) = group(&flows, keys);
    let mut measures: Vec<String> = Vec::new();
    for name in agg.iter().cloned().chain([sort.to_string()]) {
        if !measures.contains(&name) {
            measures.push(name);
        }
    }
    let has_share = matches!(sort, "flows" | "accepts" | "rejects" | "packets" | "bytes") || sort.starts_with("sum(");
    let mut header: Vec<String> = keys.iter().map(|name| column(name)).collect();
    // A measure that is named like a key is the group's total.
    let total = |name: &String| if keys.contains(name) { format!("total_{name}") } else { column(name) };
    header.extend(measures.iter().map(total));
    header.extend(has_share.then(|| "share".to_string()));
    let mut rows: Vec<_> = groups.iter().collect();
    // A group without a value is below every other.
    let order = |records: &[&Record]| measure(sort, records).order.map(|(n, _)| n);
    if ascending {
        rows.sort_by_key(|(_, records)| order(records));
    } else {
        rows.sort_by_key(|(_, records)| Reverse(order(records)));
    }
    let total = order(&flows).unwrap_or(0);
    let rows = rows.into_iter().map(|(key, records)| {
        let mut row: Vec<String> = key.iter().map(Cell::to_string).collect();
        row.extend(measures.iter().map(|name| measure(name, records).text));
        row.extend(has_share.then(|| ratio(order(records).unwrap_or(0), total, 1, 4)));
        row
    });
    (std::iter::once(header).chain(rows).collect(), without)
}

/// `top` by one measure alone with `--cum-share`, of the groups whose share is at least so many per
/// mille.
pub fn top_shares(log: &Log, keys: &[String], sort: &str, permille: u128, ascending: bool) -> (Rows, u64) {
    let (rows, without) = top(log, keys, &[], sort, ascending);
    let total = measure(sort, &log.flows()).order.map_or(0, |(n, _)| n);
    let mut sum = 0;
    let rows = rows.into_iter().enumerate().filter_map(|(i, mut row)| {
        if i == 0 {
            row.push("cum_share".into());
            return Some(row);
        }
        let part: u128 = row[keys.len()].parse().expect("a number");
        let large = if total == 0 { permille == 0 } else { part * 1000 >= permille * total };
        large.then(|| {
            sum += part;
            row.push(ratio(sum, total, 1, 4));
            row
        })
    });
    (rows.collect(), without)
}

/// `rejects`.
pub fn rejects(log: &Log, keys: &[String]) -> (Rows, u64) {
    let rejected: Vec<&Record> =
        log.flows().into_iter().filter(|record| record.text("action") == Some("REJECT")).collect();
    let (groups, without) = group(&rejected, keys);
    let names = ["rejects", "dst_ips", "dst_ports", "packets", "bytes", "first_seen", "last_seen", "share"];
    let header = keys.iter().map(|key| column(key)).chain(names.map(String::from)).collect();
    let mut rows: Vec<_> = groups.into_iter().collect();
    rows.sort_by_key(|(_, records)| Reverse(records.len()));
    let rows = rows.into_iter().map(|(key, records)| {
        let measures =
            ["flows", "distinct(dst-ip)", "distinct(dst-port)", "packets", "bytes", "first_seen", "last_seen"];
        let mut row: Vec<String> = key.iter().map(Cell::to_string).collect();
        row.extend(measures.map(|name| measure(name, &records).text));
        row.push(ratio(records.len() as u128, rejected.len() as u128, 1, 4));
        row
    });
    (std::iter::once(header).chain(rows).collect(), without)
}

fn port_of(record: &Record, side: &str) -> Option<u128> {
    let (source, destination) = (record.number("src-port"), record.number("dst-port"));
    let protocol = record.number("protocol").unwrap_or(0);
    let rank = |port: &u128| match *port {
        0 => (3, 0),
        port if port < 1024 => (0, port),
        port if service(port, protocol).is_some() => (1, port),
        port => (2, port),
    };
    match side {
        "src" => source,
        "dst" => destination,
        _ => source.into_iter().chain(destination).min_by_key(rank),
    }
}

/// `ports`.
pub fn ports(log: &Log, side: &str, bin: Option<u128>) -> (Rows, u64) {
    let flows = log.flows();
    let mut groups: BTreeMap<(u128, u128), Vec<&Record>> = BTreeMap::new();
    let mut without = 0;
    for record in &flows {
        match (port_of(record, side), record.number("protocol")) {
            (Some(port), Some(protocol)) => groups.entry((port / bin.unwrap_or(1), protocol)).or_default().push(record),
            _ => without += 1,
        }
    }
    let measures = ["flows", "accepts", "rejects", "packets", "bytes"];
    let mut header = vec!["port".to_string(), "protocol".into()];
    header.extend(bin.is_none().then(|| "service".to_string()));
    header.extend(measures.iter().chain(&["share"]).map(|name| name.to_string()));
    let mut rows: Vec<_> = groups.into_iter().collect();
    rows.sort_by_key(|(_, records)| Reverse(records.len()));
    let rows = rows.into_iter().map(|((port, protocol), records)| {
        let mut row = match bin {
            Some(bin) => vec![format!("{}-{}", port * bin, (port * bin + bin - 1).min(65535))],
            None => vec![port.to_string()],
        };
        row.push(Cell::Protocol(protocol).to_string());
        row.extend(bin.is_none().then(|| service(port, protocol).unwrap_or_default().to_string()));
        row.extend(measures.map(|name| measure(name, &records).text));
        row.push(ratio(records.len() as u128, flows.len() as u128, 1, 4));
        row
    });
    (std::iter::once(header).chain(rows).collect(), without)
}

/// `summary`.
pub fn summary(log: &Log) -> Rows {
    let flows = log.flows();
    let interfaces: BTreeSet<&str> = log.records.iter().filter_map(interface).collect();
    let accounts: BTreeSet<&str> = log.records.iter().filter_map(|record| record.text("account-id")).collect();
    let mut cells = vec![
        ("files", log.files.to_string()),
        ("records", log.records.len().to_string()),
        ("flows", flows.len().to_string()),
        ("nodata", log.count(Status::NoData).to_string()),
        ("skipdata", log.count(Status::SkipData).to_string()),
        ("malformed", log.malformed.len().to_string()),
    ];
    for name in ["accepts", "rejects", "reject_pct", "packets", "bytes", "first_seen", "last_seen"] {
        cells.push((name, measure(name, &flows).text));
    }
    for (name, field) in [("src_ips", "src-ip"), ("dst_ips", "dst-ip"), ("dst_ports", "dst-port")] {
        cells.push((name, distinct(&flows, field).to_string()));
    }
    cells.push(("interfaces", interfaces.len().to_string()));
    cells.push(("accounts", accounts.len().to_string()));
    cells.push(("protocols", distinct(&flows, "protocol").to_string()));
    let (header, row) = cells.into_iter().map(|(name, value)| (name.to_string(), value)).unzip();
    vec![header, row]
}

fn interface(record: &Record) -> Option<&str> {
    record.text("interface-id").or_else(|| record.text("resource-id"))
}

/// `interfaces`.
pub fn interfaces(log: &Log) -> (Rows, u64) {
    let mut groups: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in &log.records {
        if let Some(id) = interface(record) {
            groups.entry(id).or_default().push(record);
        }
    }
    let without = log.records.iter().filter(|record| interface(record).is_none()).count() as u64;
    let header = "interface_id account_id flows accepts rejects packets bytes bytes_in bytes_out local_ip peers nodata \
                  skipdata first_seen last_seen";
    let mut rows: Vec<(u128, Vec<String>)> = Vec::new();
    for (id, records) in groups {
        let flows: Vec<&Record> = records.iter().copied().filter(|record| record.status == Status::Flow).collect();
        let own = own_address(&flows);
        let (mut bytes_in, mut bytes_out, mut peers) = (0, 0, BTreeSet::new());
        for flow in &flows {
            let (source, destination) = (flow.ip("src-ip"), flow.ip("dst-ip"));
            let bytes = flow.number("bytes").unwrap_or(0);
            let inward = match flow.text("flow-direction") {
                Some("ingress") => Some(true),
                Some("egress") => Some(false),
                _ if own.is_some() && destination == own => Some(true),
                _ if own.is_some() && source == own => Some(false),
                _ => None,
            };
            match inward {
                Some(true) => (bytes_in, _) = (bytes_in + bytes, peers.extend(source)),
                Some(false) => (bytes_out, _) = (bytes_out + bytes, peers.extend(destination)),
                None => {}
            }
        }
        let bytes = sum(&flows, "bytes");
        let count = |status| records.iter().filter(|record| record.status == status).count().to_string();
        let mut row = vec![id.to_string(), account(&records)];
        row.extend(["flows", "accepts", "rejects", "packets", "bytes"].map(|name| measure(name, &flows).text));
        row.extend([bytes_in.to_string(), bytes_out.to_string(), own.map(|ip| ip.to_string()).unwrap_or_default()]);
        row.extend([peers.len().to_string(), count(Status::NoData), count(Status::SkipData)]);
        row.extend(seen(&records).map(|at| at.map(time).unwrap_or_default()));
        rows.push((bytes, row));
    }
    rows.sort_by_key(|(bytes, _)| Reverse(*bytes));
    let header = header.split_whitespace().map(String::from).collect();
    (std::iter::once(header).chain(rows.into_iter().map(|(_, row)| row)).collect(), without)
}

/// The address that stands on most flows; the lowest of several alike.
fn own_address(flows: &[&Record]) -> Option<IpAddr> {
    let mut counts: BTreeMap<IpAddr, u64> = BTreeMap::new();
    for flow in flows {
        let both: BTreeSet<IpAddr> = flow.ip("src-ip").into_iter().chain(flow.ip("dst-ip")).collect();
        both.into_iter().for_each(|address| *counts.entry(address).or_default() += 1);
    }
    let most = counts.values().max()?;
    counts.iter().find(|(_, count)| *count == most).map(|(address, _)| *address)
}

/// The account on most records; the lowest of several alike.
fn account(records: &[&Record]) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    records.iter().filter_map(|record| record.text("account-id")).for_each(|id| *counts.entry(id).or_default() += 1);
    let most = counts.values().max();
    counts.iter().find(|(_, count)| Some(*count) == most).map(|(id, _)| id.to_string()).unwrap_or_default()
}
