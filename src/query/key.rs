//! What records are grouped by: a field, a network of an address field, or something derived.

use super::QueryError;
use crate::decode::Batch;
use crate::schema::{Derived, Enriched, Field, FieldName, Kind, closest, iana};

/// A grouping key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    Field(FieldName),
    /// The network of an address: prefix lengths for IPv4 and IPv6. The full length leaves a
    /// family whole.
    Network {
        field: Field,
        v4: u8,
        v6: u8,
        name: String,
    },
    /// The protocol as a number.
    ProtocolNumber,
    /// `end` minus `start`, in seconds.
    Duration,
    /// `bytes` divided by `packets`, rounded down; no value without packets.
    BytesPerPacket,
    /// The first of two text fields that has a value.
    FirstOf(Field, Field),
    /// The value of a key, or none: for groupings that leave out no record.
    Optional(Box<Key>),
    /// A port, `bin` of them at a time: its number divided by `bin`.
    Port {
        side: Side,
        bin: u32,
    },
    /// 1 for ingress, 2 for egress, 0 where the log does not say.
    Direction,
    /// The beginning of the `seconds` that a time lies in, counted from the epoch. With 0 all of
    /// time is one bucket: who has a time at all.
    Bucket {
        field: FieldName,
        seconds: u64,
    },
}

/// Which port of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Source,
    Destination,
    /// The one that looks like the service: below 1024, before one that IANA names for the
    /// protocol, before any other; the lower of two alike; 0 only when there is no other.
    Service,
    /// The same, if it is below 1024 or named; 0 where there are no ports.
    NamedService,
}

impl Side {
    /// Chooses between the ports of a flow.
    pub fn choose(self, source: Option<u64>, destination: Option<u64>, protocol: u64) -> Option<u64> {
        match self {
            Side::Source => source,
            Side::Destination => destination,
            Side::Service => {
                source.into_iter().chain(destination).min_by_key(|port| iana::service_rank(*port, protocol as u8))
            }
            Side::NamedService => {
                let port = Side::Service.choose(source, destination, protocol).unwrap_or(0);
                (port == 0 || iana::service_rank(port, protocol as u8).0 < 2).then_some(port)
            }
        }
    }
}

impl Key {
    /// The names of the keys that are no fields.
    pub fn derived() -> &'static [&'static str] {
        &Derived::NUMBERS
    }

    /// Reads `FIELD`, `FIELD/24`, `FIELD/24/64`, `protocol-number`, `duration` or `bpp`.
    pub fn parse(text: &str) -> Result<Key, QueryError> {
        let text = text.trim();
        if let Some((name, lengths)) = text.split_once('/') {
            return Key::parse_network(name, lengths);
        }
        match text.to_lowercase().replace('_', "-").as_str() {
            "protocol-number" => return Ok(Key::ProtocolNumber),
            "duration" => return Ok(Key::Duration),
            "bpp" => return Ok(Key::BytesPerPacket),
            _ => {}
        }
        match FieldName::parse(text.as_bytes()) {
            FieldName::Other(_) if !is_new(text) => Err(unknown(text)),
            name => Ok(Key::Field(name)),
        }
    }

    fn parse_network(name: &str, lengths: &str) -> Result<Key, QueryError> {
        let field = Field::find(name.as_bytes()).ok_or_else(|| unknown(name))?;
        if field.kind() != Kind::Ip {
            return Err(QueryError(format!(
                "'{name}/{lengths}': only addresses have networks, and '{}' is of type {}",
                field.name(),
                field.kind().name()
            )));
        }
        let wrong = || {
            QueryError(format!(
                "'{name}/{lengths}': expected one prefix length, or two as in 'src-ip/24/64' (IPv4 up to 32, then IPv6 up to 128)"
            ))
        };
        let numbers: Vec<u8> = lengths.split('/').map(str::parse).collect::<Result<_, _>>().map_err(|_| wrong())?;
        let (v4, v6) = match numbers[..] {
            [v4] if v4 <= 32 => (v4, 128),
            // A length that only IPv6 has leaves IPv4 whole.
            [v6] if v6 <= 128 => (32, v6),
            [v4, v6] if v4 <= 32 && v6 <= 128 => (v4, v6),
            _ => return Err(wrong()),
        };
        Ok(Key::Network { field, v4, v6, name: format!("{}/{lengths}", field.name()) })
    }

    /// The canonical name, as tables show it.
    pub fn name(&self) -> &str {
        match self {
            Key::Field(name) => name.name(),
            Key::Network { name, .. } => name,
            Key::ProtocolNumber => "protocol-number",
            Key::Duration => "duration",
            Key::BytesPerPacket => "bpp",
            Key::FirstOf(first, _) => first.name(),
            Key::Optional(key) => key.name(),
            Key::Port { .. } => "port",
            Key::Direction => "flow-direction",
            Key::Bucket { .. } => "time",
        }
    }

    /// The fields it is made of.
    pub fn fields(&self) -> Vec<FieldName> {
        match self {
            Key::Field(name) => vec![name.clone()],
            Key::Network { field, .. } => vec![(*field).into()],
            Key::ProtocolNumber => vec![Field::Protocol.into()],
            Key::Duration => vec![Field::Start.into(), Field::End.into()],
            Key::BytesPerPacket => vec![Field::Bytes.into(), Field::Packets.into()],
            Key::FirstOf(first, second) => vec![(*first).into(), (*second).into()],
            Key::Optional(key) => key.fields(),
            Key::Port { side: Side::Source, .. } => vec![Field::SrcPort.into()],
            Key::Port { side: Side::Destination, .. } => vec![Field::DstPort.into()],
            Key::Port { side: Side::Service | Side::NamedService, .. } => {
                vec![Field::SrcPort.into(), Field::DstPort.into(), Field::Protocol.into()]
            }
            Key::Direction => vec![Field::FlowDirection.into()],
            Key::Bucket { field, .. } => vec![field.clone()],
        }
    }

    /// The type of its values.
    pub fn kind(&self) -> Kind {
        match self {
            Key::Field(name) => name.kind(),
            Key::Network { .. } => Kind::Ip,
            Key::Optional(key) => key.kind(),
            Key::ProtocolNumber | Key::Duration | Key::Direction => Kind::Number,
            Key::BytesPerPacket => Kind::Bytes,
            Key::Port { .. } => Kind::Port,
            Key::FirstOf(..) => Kind::Text,
            Key::Bucket { .. } => Kind::Time,
        }
    }
}

impl Key {
    /// The same, for records without a value, too.
    pub fn optional(self) -> Key {
        Key::Optional(Box::new(self))
    }
}

impl From<Field> for Key {
    fn from(field: Field) -> Key {
        Key::Field(field.into())
    }
}

/// A numeric key of a row.
#[inline(always)]
pub(super) fn number_of(key: &Key, columns: &[usize], batch: &Batch<'_>, row: usize) -> Option<u64> {
    let number = |i: usize| {
        let numbers = batch.columns[columns[i]].as_number()?;
        numbers.present[row].then(|| numbers.values[row])
    };
    match key {
        Key::Duration => number(1)?.checked_sub(number(0)?),
        Key::BytesPerPacket => number(0)?.checked_div(number(1)?),
        _ => number(0),
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    Field::all()
        .flat_map(|f| [f.name(), f.aws_name()])
        .chain(Derived::NUMBERS)
        .chain(Enriched::all().map(Enriched::name))
}

/// Whether a name that is not known could be one that AWS has added since, rather than a slip.
fn is_new(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain) && closest(name, names()).is_none()
}

fn unknown(name: &str) -> QueryError {
    let hint = match closest(name, names()) {
        Some(near) => format!("; did you mean '{near}'?"),
        None => "; `vpcflow top --help` lists the fields".to_string(),
    };
    QueryError(format!("unknown field '{name}'{hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_any_spelling() {
        assert_eq!(Key::parse("SRC_IP").unwrap(), Field::SrcIp.into());
        assert_eq!(Key::parse("protocol_number").unwrap(), Key::ProtocolNumber);
        let network = Key::parse("srcaddr/24/64").unwrap();
        assert_eq!((network.name(), network.kind()), ("src-ip/24/64", Kind::Ip));
        assert!(matches!(Key::parse("dst/16"), Ok(Key::Network { v4: 16, v6: 128, .. })));
        assert!(matches!(Key::parse("dst/48"), Ok(Key::Network { v4: 32, v6: 48, .. })));
    }

    #[test]
    fn the_service_side_is_the_well_known_one() {
        let service = |a, b| Side::Service.choose(a, b, 6);
        assert_eq!(service(Some(443), Some(51234)), Some(443));
        assert_eq!(service(Some(51234), Some(443)), Some(443));
        assert_eq!(service(Some(60001), Some(5432)), Some(5432));
        assert_eq!(service(Some(60001), Some(60002)), Some(60001));
        assert_eq!(service(Some(0), Some(60002)), Some(60002));
        assert_eq!((service(Some(0), Some(0)), service(None, Some(9)), service(None, None)), (Some(0), Some(9), None));
    }

    #[test]
    fn slips_are_answered_with_a_suggestion() {
        assert_eq!(Key::parse("src-pi").unwrap_err().0, "unknown field 'src-pi'; did you mean 'src-ip'?");
        assert!(Key::parse("no such/24").unwrap_err().0.contains("--help"));
        assert_eq!(Key::parse("Field_of_2031").unwrap().name(), "field-of-2031");
        for text in [
            "src-ip/33/64",
            "src-ip/24/129",
            "src-ip/",
            "src-ip/a",
            "src-ip/1/2/3",
            "bytes/24",
            "nosuch/24",
            "",
            "a b",
            "7",
        ] {
            assert!(Key::parse(text).is_err(), "{text}");
        }
    }
}
