//! The inner loops, so that a change to one can be judged: `cargo bench --bench inner`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::sync::Arc;
use vpcflow::decode::bench::Delimiters;
use vpcflow::decode::{Batch, Malformed, Sink, TextDecoder, parse_ip, parse_number};
use vpcflow::query::{Grouping, Key, Measure, Plan, Query, Select, State};
use vpcflow::schema::{Field, FieldName, Format};

/// Lines of the default format with a long tail of sources, 1 MiB or so.
fn text() -> Vec<u8> {
    let mut state = 1u64;
    let mut next = move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        state >> 33
    };
    let mut text = Vec::new();
    while text.len() < 1 << 20 {
        let (a, b, c) = (next(), next(), next());
        let line = format!(
            "2 123456789012 eni-0a1b2c3d4e5f6{:04} {}.{}.{}.{} 10.0.{}.{} {} 443 6 {} {} 1773542700 1773542760 {} OK\n",
            a % 300,
            11 + a % 200,
            b % 256,
            c % 256,
            a % 256,
            b % 8,
            c % 256,
            32768 + b % 28232,
            1 + c % 500,
            40 + a % 900_000,
            if b % 8 == 0 { "REJECT" } else { "ACCEPT" }
        );
        text.extend_from_slice(line.as_bytes());
    }
    text
}

/// Passes batches on to a state, or to nothing.
struct Into<'a>(Option<&'a mut State>);

impl Sink for Into<'_> {
    fn batch(&mut self, batch: &Batch<'_>) {
        match &mut self.0 {
            Some(state) => state.consume(batch, None),
            None => _ = black_box(batch.rows()),
        }
    }
    fn malformed(&mut self, _: u64, _: Malformed) {}
    fn format(&mut self, _: &Format) {}
}

fn tokenise(c: &mut Criterion) {
    let text = text();
    let mut group = c.benchmark_group("tokenise");
    group.throughput(Throughput::Bytes(text.len() as u64));
    let mut delimiters = Delimiters::default();
    group.bench_function("delimiters", |b| {
        b.iter(|| text.chunks(32 << 10).for_each(|window| delimiters.scan(black_box(window))))
    });
    for field in [Field::Bytes, Field::SrcIp, Field::InterfaceId] {
        let wanted: [FieldName; 1] = [field.into()];
        let mut decoder = TextDecoder::new(&wanted, Some(&Format::default_format()));
        group.bench_function(format!("lines and {}", field.name()), |b| {
            b.iter(|| {
                decoder.begin(None);
                decoder.feed(black_box(&text), &mut Into(None)).expect("sound text");
            })
        });
    }
    group.finish();
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse, plain loops");
    for number in ["7", "1500", "18446744073709551615"] {
        group.bench_function(format!("number {number}"), |b| b.iter(|| parse_number(black_box(number.as_bytes()))));
    }
    for address in ["10.0.0.1", "203.0.113.255", "2001:db8:1234:a100:8d6e:3477:df66:f105"] {
        group.bench_function(format!("address {address}"), |b| b.iter(|| parse_ip(black_box(address.as_bytes()))));
    }
    group.finish();
}

fn group_update(c: &mut Criterion) {
    let text = text();
    let mut group = c.benchmark_group("group");
    group.throughput(Throughput::Bytes(text.len() as u64));
    for keys in ["protocol", "src-ip", "interface-id", "src-ip,dst-ip,dst-port,protocol"] {
        let keys_of = |names: &str| names.split(',').map(|name| Key::parse(name).expect("a key")).collect();
        let measures = vec![Measure::Flows, Measure::Rejects, Measure::Packets, Measure::Bytes];
        let grouping = Grouping { select: Select::Flows, keys: keys_of(keys), measures };
        let plan = Arc::new(Plan::new(&Query { groupings: vec![grouping], ..Query::default() }));
        let mut state = State::new(&plan);
        let mut decoder = TextDecoder::new(plan.fields(), Some(&Format::default_format()));
        group.bench_function(format!("by {keys}"), |b| {
            b.iter(|| {
                decoder.begin(None);
                decoder.feed(black_box(&text), &mut Into(Some(&mut state))).expect("sound text");
            })
        });
    }
    group.finish();
}

criterion_group!(benches, tokenise, parse, group_update);
criterion_main!(benches);
