//! `interfaces`: one row per network interface.

use crate::cli::Error;
use crate::cli::flags::{HavingFlag, InputFlags, OutputFlags};
use crate::cli::run::Ask;
use crate::decode::Status;
use crate::engine::{Answer, EngineError};
use crate::enrich::Enricher;
use crate::query::{Grouping, Keep, Key, Measure, Order, Query, ResultColumn, Row, Select};
use crate::report::{Column, KEEP, Report};
use crate::schema::{Field, FieldName, Kind, Value};
use foldhash::fast::RandomState;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// One row per network interface: traffic in and out, own address, peers
///
/// A flow goes in or out by its flow-direction. Without one, it goes by the interface's own addresses:
/// those that --enis tells, else the one that stands, as source or destination, on most of the interface's flows (the lowest of
/// several alike). To it is in, from it is out, anything else is neither.
///
/// A record without an interface (regional NAT gateway) stands under its resource-id.
#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  \
        vpcflow interfaces logs/\n  \
        vpcflow interfaces -n 5 -o json logs/ | jq '.[].local_ip'")]
pub struct Interfaces {
    /// Rows to show (0: all)
    #[arg(short = 'n', long, value_name = "N", default_value_t = 0)]
    limit: usize,

    #[command(flatten)]
    having: HavingFlag,

    #[command(flatten)]
    pub input: InputFlags,
    #[command(flatten)]
    pub output: OutputFlags,

    /// What says which addresses are an interface's own.
    #[arg(skip)]
    enricher: OnceLock<Arc<Enricher>>,
}

const ALL: Order = Order { measure: None, ascending: true, limit: 0 };
/// The grouping of pairs of addresses.
const PAIRS: usize = 4;
const INTERFACE: Key = Key::FirstOf(Field::InterfaceId, Field::ResourceId);

/// What is known of an interface.
#[derive(Default)]
struct Interface {
    /// flows, accepts, rejects, packets, bytes
    flows: [u128; 5],
    bytes_in: u128,
    bytes_out: u128,
    local_ip: Option<IpAddr>,
    peers: u128,
    nodata: u128,
    skipdata: u128,
    first_seen: Option<u64>,
    last_seen: Option<u64>,
    /// The account on most records, and how many.
    account: Option<(u128, Value)>,
    pairs: Vec<Pair>,
}

/// The flows between two addresses, in one direction.
struct Pair {
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    direction: u128,
    flows: u128,
    bytes: u128,
}

/// What `Key::Direction` is for flows that go in, and out.
const IN: u128 = 1;
const OUT: u128 = 2;

impl Pair {
    /// Of a row of the grouping `PAIRS`.
    fn of(keys: &[Value], measures: &[Value]) -> Pair {
        let address = |value: &Value| if let Value::Ip(address) = value { Some(*address) } else { None };
        Pair {
            source: address(&keys[1]),
            destination: address(&keys[2]),
            direction: keys[3].as_int(),
            flows: measures[0].as_int(),
            bytes: measures[1].as_int(),
        }
    }
}

impl Interface {
    /// The address that stands on most flows; the lowest of several alike.
    fn infer_address(&mut self) {
        let mut flows: HashMap<IpAddr, u128, RandomState> = HashMap::default();
        for pair in &self.pairs {
            let other = pair.destination.filter(|address| Some(*address) != pair.source);
            for address in pair.source.into_iter().chain(other) {
                *flows.entry(address).or_default() += pair.flows;
            }
        }
        let most = flows.into_iter().max_by_key(|(address, count)| (*count, Reverse(*address)));
        self.local_ip = most.map(|(address, _)| address);
    }

    /// Traffic and peers of the flows that go in or out.
    fn take_sides(&mut self) {
        if self.local_ip.is_none() {
            self.infer_address();
        }
        let mut peers: HashSet<IpAddr, RandomState> = HashSet::default();
        for pair in std::mem::take(&mut self.pairs) {
            let by_address = match self.local_ip {
                None => 0,
                own if pair.destination == own => IN,
                own if pair.source == own => OUT,
                _ => 0,
            };
            let direction = if pair.direction == 0 { by_address } else { pair.direction };
            peers.extend(match direction {
                IN => pair.source,
                OUT => pair.destination,
                _ => None,
            });
            if pair.direction == 0 {
                self.add_bytes(direction, pair.bytes);
            }
        }
        self.peers = peers.len() as u128;
    }

    fn add_bytes(&mut self, direction: u128, bytes: u128) {
        match direction {
            IN => self.bytes_in += bytes,
            OUT => self.bytes_out += bytes,
            _ => {}
        }
    }

    fn row(self, id: Value) -> Vec<Value> {
        let time = |time: Option<u64>| time.map_or(Value::None, Value::Time);
        let [flows, accepts, rejects, packets, bytes] = self.flows.map(Value::Int);
        vec![
            id,
            self.account.map_or(Value::None, |(_, account)| account),
            flows,
            accepts,
            rejects,
            packets,
            bytes,
            Value::Int(self.bytes_in),
            Value::Int(self.bytes_out),
            self.local_ip.map_or(Value::None, Value::Ip),
            Value::Int(self.peers),
            Value::Int(self.nodata),
            Value::Int(self.skipdata),
            time(self.first_seen),
            time(self.last_seen),
        ]
    }
}

/// Columns with their weights.
const COLUMNS: [(&str, Kind, u8); 15] = [
    ("interface-id", Kind::Text, KEEP),
    ("account-id", Kind::Text, 2),
    ("flows", Kind::Number, 9),
    ("accepts", Kind::Number, 1),
    ("rejects", Kind::Number, 7),
    ("packets", Kind::Number, 1),
    ("bytes", Kind::Bytes, 9),
    ("bytes_in", Kind::Bytes, 8),
    ("bytes_out", Kind::Bytes, 8),
    ("local_ip", Kind::Ip, 6),
    ("peers", Kind::Number, 5),
    ("nodata", Kind::Number, 4),
    ("skipdata", Kind::Number, 3),
    ("first_seen", Kind::Time, 2),
    ("last_seen", Kind::Time, 2),
];

/// Works out what the pairs of addresses tell.
fn take_pairs(answer: &mut Answer, all: &mut BTreeMap<Value, Interface>) -> Result<(), Error> {
    let most = answer.memory() / size_of::<Pair>();
    if answer.most_groups(PAIRS) <= most {
        answer.each(PAIRS, |keys, measures| {
            if let Some(interface) = all.get_mut(&keys[0]) {
                interface.pairs.push(Pair::of(&keys, &measures));
            }
        })?;
        all.values_mut().for_each(Interface::take_sides);
        return Ok(());
    }
    // In the order of interfaces, so that the pairs of one are in memory at a time.
    let mut last: Option<Value> = None;
    for row in answer.ranked(PAIRS, ALL, &Keep::default())?.1 {
        let Row { keys, measures } = row.map_err(|error| answer.lost(error))?;
        if last.as_ref() != Some(&keys[0]) {
            last.replace(keys[0].clone()).and_then(|id| all.get_mut(&id)).map(Interface::take_sides);
        }
        let Some(interface) = all.get_mut(&keys[0]) else { continue };
        if interface.pairs.len() == most {
            let what = "the pairs of addresses of an interface";
            return Err(EngineError::Full { what, limit: answer.memory() }.into());
        }
        interface.pairs.push(Pair::of(&keys, &measures));
    }
    last.and_then(|id| all.get_mut(&id)).map(Interface::take_sides);
    Ok(())
}

impl Ask for Interfaces {
    fn ready(&self, enricher: &Arc<Enricher>) {
        self.enricher.get_or_init(|| enricher.clone());
    }

    fn query(&self) -> Query {
        let flows = vec![Measure::Flows, Measure::Accepts, Measure::Rejects, Measure::Packets, Measure::Bytes];
        let seen = vec![
            Measure::OfStatus(Status::NoData),
            Measure::OfStatus(Status::SkipData),
            Measure::FirstSeen,
            Measure::LastSeen,
        ];
        let of_flows = |keys: Vec<Key>, measures| Grouping { select: Select::Flows, keys, measures };
        let of_records = |keys: Vec<Key>, measures| Grouping { select: Select::Records, keys, measures };
        let both = vec![Measure::Flows, Measure::Bytes];
        Query {
            groupings: vec![
                of_records(vec![INTERFACE], seen),
                of_flows(vec![INTERFACE], flows),
                of_records(vec![INTERFACE, Field::AccountId.into()], vec![Measure::Flows]),
                of_flows(vec![INTERFACE, Key::Direction], vec![Measure::Bytes]),
                of_flows(
                    vec![
                        INTERFACE,
                        Key::from(Field::SrcIp).optional(),
                        Key::from(Field::DstIp).optional(),
                        Key::Direction,
                    ],
                    both,
                ),
            ],
            ..Query::default()
        }
    }

    fn check(&self) -> Result<(), Error> {
        self.having.check(|| COLUMNS.iter().map(|(name, kind, _)| ResultColumn::new(name, *kind)).collect())
    }

    fn needed(&self) -> Vec<FieldName> {
        vec![Field::InterfaceId.into()]
    }

    fn counts_null_keys(&self) -> bool {
        false
    }

    fn report(&self, answer: &mut Answer) -> Result<(Report, u64), Error> {
        let mut all: BTreeMap<Value, Interface> = BTreeMap::new();
        let seen = answer.grouped(0, ALL)?;
        for row in seen.rows {
            let time = |value: &Value| if let Value::Time(time) = value { Some(*time) } else { None };
            let interface = all.entry(row.keys[0].clone()).or_default();
            (interface.nodata, interface.skipdata) = (row.measures[0].as_int(), row.measures[1].as_int());
            (interface.first_seen, interface.last_seen) = (time(&row.measures[2]), time(&row.measures[3]));
        }
        for row in answer.grouped(1, ALL)?.rows {
            let interface = all.entry(row.keys[0].clone()).or_default();
            interface.flows = std::array::from_fn(|i| row.measures[i].as_int());
        }
        for row in answer.grouped(2, ALL)?.rows {
            let interface = all.entry(row.keys[0].clone()).or_default();
            let records = row.measures[0].as_int();
            // Rows come in the order of the accounts, so that the lowest of several alike stays.
            if interface.account.as_ref().is_none_or(|(most, _)| records > *most) {
                interface.account = Some((records, row.keys[1].clone()));
            }
        }
        for row in answer.grouped(3, ALL)?.rows {
            let interface = all.entry(row.keys[0].clone()).or_default();
            interface.add_bytes(row.keys[1].as_int(), row.measures[0].as_int());
        }
        let inventory = self.enricher.get().and_then(|enricher| enricher.inventory.clone());
        let known = |id: &Value| match (&inventory, id) {
            (Some(inventory), Value::Text(id)) => inventory.primary_address(id),
            _ => None,
        };
        all.iter_mut().for_each(|(id, interface)| interface.local_ip = known(id));
        take_pairs(answer, &mut all)?;
        let having = self.having.condition();
        let mut rows: Vec<Vec<Value>> = Vec::new();
        for (id, interface) in all {
            let row = interface.row(id);
            if having.as_ref().is_none_or(|having| having.holds(|cell| row[cell].clone())) {
                rows.push(row);
            }
        }
        // Stable: interfaces with the same bytes stay in the order of their ids.
        rows.sort_by(|a, b| b[6].cmp(&a[6]));
        let rows_in_all = rows.len();
        if self.limit > 0 {
            rows.truncate(self.limit);
        }
        let column = |(name, kind, weight): &(&str, Kind, u8)| Column::measure(name, Some(*kind)).weight(*weight);
        let columns = COLUMNS.iter().map(column).collect();
        Ok((Report { columns, rows, bar: None, rows_in_all, ..Report::default() }, seen.null_keys))
    }
}
