//! The fields of the logs, as both programs know them.

use crate::support::oracle;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ip,
    /// Prefix lengths for IPv4 and IPv6.
    Network(u8, u8),
    Port,
    Protocol,
    Time,
    Number,
    Text,
    /// With so many decimals; the cell is the number without its point.
    Decimal(usize),
    /// So many ports at a time; the cell is the number of the bin.
    Bin(u64),
    /// A series of a timeline.
    Series(&'static Kind),
}

impl Kind {
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Port | Kind::Protocol | Kind::Time | Kind::Number)
    }
}

/// Every field that the logs have, by canonical name.
pub const FIELDS: [(&str, Kind); 29] = [
    ("version", Kind::Number),
    ("account-id", Kind::Text),
    ("interface-id", Kind::Text),
    ("src-ip", Kind::Ip),
    ("dst-ip", Kind::Ip),
    ("src-port", Kind::Port),
    ("dst-port", Kind::Port),
    ("protocol", Kind::Protocol),
    ("packets", Kind::Number),
    ("bytes", Kind::Number),
    ("start", Kind::Time),
    ("end", Kind::Time),
    ("action", Kind::Text),
    ("log-status", Kind::Text),
    ("vpc-id", Kind::Text),
    ("subnet-id", Kind::Text),
    ("instance-id", Kind::Text),
    ("tcp-flags", Kind::Number),
    ("type", Kind::Text),
    ("pkt-src-ip", Kind::Ip),
    ("pkt-dst-ip", Kind::Ip),
    ("region", Kind::Text),
    ("az-id", Kind::Text),
    ("sublocation-type", Kind::Text),
    ("sublocation-id", Kind::Text),
    ("pkt-src-aws-service", Kind::Text),
    ("pkt-dst-aws-service", Kind::Text),
    ("flow-direction", Kind::Text),
    ("traffic-path", Kind::Number),
];

/// What is made from fields.
pub const DERIVED: [(&str, Kind); 3] =
    [("protocol-number", Kind::Number), ("duration", Kind::Number), ("bpp", Kind::Number)];

/// The networks that questions ask for, as an argument says them.
pub const NETWORKS: [(&str, &str, u8, u8); 9] = [
    ("src-ip", "/24", 24, 128),
    ("src-ip", "/24/64", 24, 64),
    ("src-ip", "/0/0", 0, 0),
    ("src-ip", "/48", 32, 48),
    ("dst-ip", "/8", 8, 128),
    ("dst-ip", "/31/127", 31, 127),
    ("dst-ip", "/32/33", 32, 33),
    ("pkt-src-ip", "/16/48", 16, 48),
    ("pkt-dst-ip", "/1/1", 1, 1),
];

/// A key: how an argument names it, its column in DuckDB, and its type.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub name: String,
    pub column: String,
    pub kind: Kind,
}

/// Every key.
pub fn keys() -> Vec<Key> {
    let key = |(name, kind): (&str, Kind)| Key { name: name.into(), column: column(name), kind };
    let networks = NETWORKS.iter().map(|(field, lengths, v4, v6)| Key {
        name: format!("{field}{lengths}"),
        column: column(&format!("{field}/{v4}/{v6}")),
        kind: Kind::Network(*v4, *v6),
    });
    FIELDS.into_iter().chain(DERIVED).map(key).chain(networks).collect()
}

/// The name of a column as SQL has it.
pub fn column(name: &str) -> String {
    format!("\"{name}\"")
}

/// The fields as the loader wants them: name, names in headers, kind.
pub fn for_loader() -> serde_json::Value {
    let field = |(name, kind): (&str, Kind)| {
        let aws = name.replace("-ip", "addr").replace("src-port", "srcport").replace("dst-port", "dstport");
        let kind = match kind {
            Kind::Ip => "ip",
            Kind::Port => "port",
            Kind::Protocol => "protocol",
            Kind::Time => "time",
            Kind::Number => "number",
            _ => "text",
        };
        serde_json::json!([name, [name, aws], kind])
    };
    FIELDS.into_iter().map(field).collect()
}

/// An address as DuckDB has it.
pub fn sortable(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("4{:08x}", address.to_bits()),
        IpAddr::V6(address) => format!("6{:032x}", address.to_bits()),
    }
}

fn address(sortable: &str) -> IpAddr {
    let bits = u128::from_str_radix(&sortable[1..], 16).expect("digits");
    if sortable.starts_with('4') { Ipv4Addr::from(bits as u32).into() } else { Ipv6Addr::from(bits).into() }
}

/// A cell of DuckDB as vpcflow writes it.
pub fn shown(kind: Kind, cell: Option<&str>) -> String {
    let Some(cell) = cell else {
        return if matches!(kind, Kind::Series(_)) { "other".into() } else { String::new() };
    };
    let number = || cell.parse::<u128>().expect("a number");
    match kind {
        Kind::Port | Kind::Number | Kind::Text => cell.into(),
        Kind::Ip => address(cell).to_string(),
        Kind::Network(v4, v6) => match address(cell) {
            address if address.is_ipv4() && v4 < 32 => format!("{address}/{v4}"),
            address if address.is_ipv6() && v6 < 128 => format!("{address}/{v6}"),
            address => address.to_string(),
        },
        Kind::Protocol => {
            let named = crate::logs::PROTOCOLS.iter().find(|(known, _)| u128::from(*known) == number());
            named.map_or(cell.into(), |(_, name)| name.to_string())
        }
        Kind::Time => oracle::time(number()),
        Kind::Decimal(places) => {
            let one = 10u128.pow(places as u32);
            format!("{}.{:0places$}", number() / one, number() % one)
        }
        Kind::Bin(width) => {
            let first = number() * u128::from(width);
            format!("{first}-{}", (first + u128::from(width) - 1).min(65535))
        }
        Kind::Series(kind) => shown(*kind, Some(cell)),
    }
}
