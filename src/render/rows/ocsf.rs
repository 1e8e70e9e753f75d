//! Open Cybersecurity Schema Framework: network activity events (class 4001) of schema 1.1.0, the
//! one of Security Lake's source version 2, as its mapping of flow logs makes them, but without `-`
//! for missing values. Profiles: cloud, security control and date/time.
//!
//! `time` is required, but left out where the log has neither start nor end. Both endpoints are
//! required: one of which nothing is known has the name Unknown.
//!
//! What is known of the addresses besides, in columns such as `src-country`, stands in the endpoint's
//! location; this version of the schema has no place for networks (`src-asn`).

use super::cells::number;
use super::document::Value::{Always, Digits, Either, If, Made, Millis, Named, Of, Same, Time};
use super::document::{Member, Row, address, as_it_is, quoted};
use super::places::{self, Place};
use crate::render::json;
use crate::schema::Field::*;
use crate::schema::{Cell, Field, iana};

/// Fields that the table does not have stand here, under the names that AWS gives them.
pub const REST: &str = "unmapped";

#[rustfmt::skip]
pub const TABLE: &[Member] = &[
    ("action", Always(|row, out| caption(action(row), out))),
    ("action_id", Always(|row, out| id(action(row), out))),
    ("activity_id", Always(|row, out| id(activity(row), out))),
    ("activity_name", Always(|row, out| caption(activity(row), out))),
    ("category_name", Same("\"Network Activity\"")),
    ("category_uid", Same("4")),
    ("class_name", Same("\"Network Activity\"")),
    ("class_uid", Same("4001")),
    ("cloud.account.uid", Of(AccountId)),
    ("cloud.provider", Same("\"AWS\"")),
    ("cloud.region", Of(Region)),
    ("cloud.zone", Of(AzId)),
    ("connection_info.boundary", Made(&[TrafficPath], |row, out| captions(boundary(row), out))),
    ("connection_info.boundary_id", Made(&[TrafficPath], |row, out| ids(boundary(row), out))),
    ("connection_info.direction", Made(CONNECTION, direction_caption)),
    ("connection_info.direction_id", Made(CONNECTION, |row, out| ids(direction(row), out))),
    ("connection_info.protocol_name", Made(&[Protocol], protocol_name)),
    ("connection_info.protocol_num", Made(&[Protocol], |row, out| digits(row.number(Protocol), out))),
    ("connection_info.protocol_ver", Of(Type)),
    ("connection_info.protocol_ver_id", Made(&[SrcIp, DstIp], protocol_version)),
    ("connection_info.tcp_flags", Of(TcpFlags)),
    ("disposition", Made(&[Action], |row, out| captions(disposition(row), out))),
    ("disposition_id", Made(&[Action], |row, out| ids(disposition(row), out))),
    ("dst_endpoint.instance_uid", If(is_destination, InstanceId)),
    ("dst_endpoint.interface_uid", If(is_destination, InterfaceId)),
    ("dst_endpoint.intermediate_ips", Made(&[PktDstIp], |row, out| hop(&DESTINATION, row, out))),
    ("dst_endpoint.ip", Made(&[DstIp, PktDstIp], |row, out| address(&DESTINATION.address(row), out))),
    ("dst_endpoint.location.city", Named("dst-city", as_it_is)),
    ("dst_endpoint.location.continent", Named("dst-continent", as_it_is)),
    ("dst_endpoint.location.coordinates", Named("dst-location", coordinates)),
    ("dst_endpoint.location.country", Named("dst-country", as_it_is)),
    ("dst_endpoint.location.region", Named("dst-region", as_it_is)),
    ("dst_endpoint.name", Always(|row, out| unknown(&DESTINATION, row, out))),
    ("dst_endpoint.port", Of(DstPort)),
    ("dst_endpoint.subnet_uid", If(is_destination, SubnetId)),
    ("dst_endpoint.svc_name", Of(PktDstAwsService)),
    ("dst_endpoint.vpc_uid", If(is_destination, VpcId)),
    ("end_time", Millis(End)),
    ("end_time_dt", Time(End)),
    ("metadata.product.feature.name", Same("\"Flowlogs\"")),
    ("metadata.product.name", Same("\"Amazon VPC\"")),
    ("metadata.product.vendor_name", Same("\"AWS\"")),
    ("metadata.product.version", Digits(Version)),
    ("metadata.profiles", Same("[\"cloud\",\"security_control\",\"datetime\"]")),
    ("metadata.version", Same("\"1.1.0\"")),
    ("observables", Always(observables)),
    ("severity", Same("\"Informational\"")),
    ("severity_id", Same("1")),
    ("src_endpoint.instance_uid", If(is_source, InstanceId)),
    ("src_endpoint.interface_uid", If(is_source, InterfaceId)),
    ("src_endpoint.intermediate_ips", Made(&[PktSrcIp], |row, out| hop(&SOURCE, row, out))),
    ("src_endpoint.ip", Made(&[SrcIp, PktSrcIp], |row, out| address(&SOURCE.address(row), out))),
    ("src_endpoint.location.city", Named("src-city", as_it_is)),
    ("src_endpoint.location.continent", Named("src-continent", as_it_is)),
    ("src_endpoint.location.coordinates", Named("src-location", coordinates)),
    ("src_endpoint.location.country", Named("src-country", as_it_is)),
    ("src_endpoint.location.region", Named("src-region", as_it_is)),
    ("src_endpoint.name", Always(|row, out| unknown(&SOURCE, row, out))),
    ("src_endpoint.port", Of(SrcPort)),
    ("src_endpoint.subnet_uid", If(is_source, SubnetId)),
    ("src_endpoint.svc_name", Of(PktSrcAwsService)),
    ("src_endpoint.vpc_uid", If(is_source, VpcId)),
    ("start_time", Millis(Start)),
    ("start_time_dt", Time(Start)),
    ("status_code", Of(LogStatus)),
    ("time", Made(&[Start, End], time)),
    ("time_dt", Either(Start, End)),
    ("traffic.bytes", Of(Bytes)),
    ("traffic.packets", Of(Packets)),
    ("type_name", Always(type_name)),
    ("type_uid", Always(|row, out| number(400_100 + activity(row).0, out))),
    ("unmapped.action", If(|row| action(row) == UNKNOWN, Action)),
    ("unmapped.dst_location", Named("dst-location", places::no_place)),
    ("unmapped.end", If(|row| row.is_no_date(End), End)),
    ("unmapped.instance_id", If(is_neither, InstanceId)),
    ("unmapped.interface_id", If(is_neither, InterfaceId)),
    ("unmapped.src_location", Named("src-location", places::no_place)),
    ("unmapped.start", If(|row| row.is_no_date(Start), Start)),
    ("unmapped.subnet_id", If(is_neither, SubnetId)),
    ("unmapped.traffic_path", If(|row| boundary(row) == Some(OTHER), TrafficPath)),
    ("unmapped.vpc_id", If(is_neither, VpcId)),
];

/// A value of an enumeration: its number and its caption.
type Choice = (u64, &'static str);

const UNKNOWN: Choice = (0, "Unknown");
const OTHER: Choice = (99, "Other");

/// What traffic-path 1 to 8 mean.
const BOUNDARIES: [Choice; 8] = [
    (4, "Same VPC"),
    (5, "Internet/VPC Gateway"),
    (6, "Virtual Private Gateway"),
    (7, "Intra-region VPC"),
    (8, "Inter-region VPC"),
    (9, "Local Gateway"),
    (10, "Gateway VPC"),
    (11, "Internet Gateway"),
];

fn action(row: &Row<'_>) -> Choice {
    match row.text(Action) {
        b"ACCEPT" => (1, "Allowed"),
        b"REJECT" => (2, "Denied"),
        _ => UNKNOWN,
    }
}

fn disposition(row: &Row<'_>) -> Option<Choice> {
    match row.text(Action) {
        b"ACCEPT" => Some((1, "Allowed")),
        b"REJECT" => Some((2, "Blocked")),
        _ => None,
    }
}

/// What happened; unknown where there was no traffic, or none was recorded.
fn activity(row: &Row<'_>) -> Choice {
    match (row.text(Action), row.text(LogStatus)) {
        (b"REJECT", _) => (5, "Refuse"),
        (b"ACCEPT", _) | (_, b"OK") => (6, "Traffic"),
        (_, b"") if has_addresses(row) || row.has(Packets) || row.has(Bytes) => (6, "Traffic"),
        _ => UNKNOWN,
    }
}

/// The way that traffic took. The log says so only of some flows.
fn boundary(row: &Row<'_>) -> Option<Choice> {
    match row.number(TrafficPath) {
        Some(path @ 1..=8) => Some(BOUNDARIES[path as usize - 1]),
        Some(_) => Some(OTHER),
        None => row.has(Protocol).then_some(OTHER),
    }
}

/// What tells something of a connection.
const CONNECTION: &[Field] = &[FlowDirection, Protocol, TcpFlags, Type, TrafficPath, SrcIp, DstIp];

/// Required wherever something else is known of the connection.
fn direction(row: &Row<'_>) -> Option<Choice> {
    match row.text(FlowDirection) {
        b"ingress" => Some((1, "Inbound")),
        b"egress" => Some((2, "Outbound")),
        b"" => CONNECTION.iter().any(|field| row.has(*field)).then_some(UNKNOWN),
        _ => Some(OTHER),
    }
}

fn direction_caption(row: &Row<'_>, out: &mut Vec<u8>) {
    match direction(row) {
        // Here the caption is the source's own word.
        Some(OTHER) => json::text(row.text(FlowDirection), out),
        known => captions(known, out),
    }
}

fn id(choice: Choice, out: &mut Vec<u8>) {
    number(choice.0, out);
}

fn caption(choice: Choice, out: &mut Vec<u8>) {
    quoted(choice.1.as_bytes(), out);
}

fn ids(choice: Option<Choice>, out: &mut Vec<u8>) {
    choice.into_iter().for_each(|choice| id(choice, out));
}

fn captions(choice: Option<Choice>, out: &mut Vec<u8>) {
    choice.into_iter().for_each(|choice| caption(choice, out));
}

fn digits(value: Option<u64>, out: &mut Vec<u8>) {
    value.into_iter().for_each(|value| number(value, out));
}

fn type_name(row: &Row<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(b"\"Network Activity: ");
    out.extend_from_slice(activity(row).1.as_bytes());
    out.push(b'"');
}

fn time(row: &Row<'_>, out: &mut Vec<u8>) {
    digits(row.date(Start).or(row.date(End)).map(|seconds| seconds * 1000), out);
}

fn protocol_name(row: &Row<'_>, out: &mut Vec<u8>) {
    if let Cell::Protocol(protocol) = row.get(Protocol) {
        iana::protocol_name(protocol).iter().for_each(|name| quoted(name.as_bytes(), out));
    }
}

fn protocol_version(row: &Row<'_>, out: &mut Vec<u8>) {
    match (row.get(SrcIp), row.get(DstIp)) {
        (Cell::V4(_), _) | (Cell::None, Cell::V4(_)) => out.push(b'4'),
        (Cell::V6(_), _) | (Cell::None, Cell::V6(_)) => out.push(b'6'),
        _ => {}
    }
}

/// One side of a flow.
struct Endpoint {
    name: &'static str,
    /// The address as the interface saw it, that in the packet, and the service that owns the latter.
    interface: Field,
    packet: Field,
    service: Field,
    /// Whether the interface that logged the record is on this side.
    is_here: fn(&Row<'_>) -> bool,
}

const DESTINATION: Endpoint = Endpoint {
    name: "dst_endpoint",
    interface: DstIp,
    packet: PktDstIp,
    service: PktDstAwsService,
    is_here: is_destination,
};
const SOURCE: Endpoint = Endpoint {
    name: "src_endpoint",
    interface: SrcIp,
    packet: PktSrcIp,
    service: PktSrcAwsService,
    is_here: is_source,
};

fn has_addresses(row: &Row<'_>) -> bool {
    row.has(SrcIp) || row.has(DstIp)
}

/// A record without traffic names its interface as the destination: every event needs an endpoint.
fn is_destination(row: &Row<'_>) -> bool {
    match row.text(FlowDirection) {
        b"" => !has_addresses(row),
        direction => direction == b"ingress",
    }
}

fn is_source(row: &Row<'_>) -> bool {
    row.text(FlowDirection) == b"egress"
}

fn is_neither(row: &Row<'_>) -> bool {
    !is_destination(row) && !is_source(row)
}

impl Endpoint {
    /// The address in the packet, where it is known.
    fn address<'a>(&self, row: &Row<'a>) -> Cell<'a> {
        match row.get(self.packet) {
            Cell::None => row.get(self.interface),
            packet => packet,
        }
    }

    /// Whether something tells which one it is.
    fn is_told(&self, row: &Row<'_>) -> bool {
        let interface = (self.is_here)(row) && (row.has(InterfaceId) || row.has(InstanceId));
        interface || row.has(self.interface) || row.has(self.packet) || row.has(self.service)
    }

    /// The address on the way, where it is another one.
    fn hop<'a>(&self, row: &Row<'a>) -> Cell<'a> {
        match (row.get(self.packet), row.get(self.interface)) {
            (packet, interface) if packet != Cell::None && packet != interface => interface,
            _ => Cell::None,
        }
    }
}

fn unknown(endpoint: &Endpoint, row: &Row<'_>, out: &mut Vec<u8>) {
    if !endpoint.is_told(row) {
        caption(UNKNOWN, out);
    }
}

/// A point: longitude first.
fn coordinates(cell: &Cell<'_>, out: &mut Vec<u8>) {
    if let Some(Place { latitude, longitude }) = Place::of(cell) {
        for part in ["[", longitude, ",", latitude, "]"] {
            out.extend_from_slice(part.as_bytes());
        }
    }
}

fn hop(endpoint: &Endpoint, row: &Row<'_>, out: &mut Vec<u8>) {
    let hop = endpoint.hop(row);
    if hop != Cell::None {
        out.push(b'[');
        address(&hop, out);
        out.push(b']');
    }
}

/// All addresses, and the resources of the interface.
fn observables(row: &Row<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    for endpoint in [&DESTINATION, &SOURCE] {
        for (name, cell) in [("intermediate_ips[]", endpoint.hop(row)), ("ip", endpoint.address(row))] {
            if cell != Cell::None {
                observable(endpoint, name, "\",\"type\":\"IP Address\",\"type_id\":2,\"value\":", out);
                address(&cell, out);
                out.push(b'}');
            }
        }
        if !(endpoint.is_here)(row) {
            continue;
        }
        let resources = [
            ("instance_uid", InstanceId),
            ("interface_uid", InterfaceId),
            ("subnet_uid", SubnetId),
            ("vpc_uid", VpcId),
        ];
        for (name, field) in resources {
            if row.has(field) {
                observable(endpoint, name, "\",\"type\":\"Resource UID\",\"type_id\":10,\"value\":", out);
                json::text(row.text(field), out);
                out.push(b'}');
            }
        }
    }
    if out.len() > start {
        out[start] = b'[';
        out.push(b']');
    }
}

/// Appends the beginning of an observable, up to its value, behind what may become a comma.
fn observable(endpoint: &Endpoint, name: &str, kind: &str, out: &mut Vec<u8>) {
    for part in [",{\"name\":\"", endpoint.name, ".", name, kind] {
        out.extend_from_slice(part.as_bytes());
    }
}
