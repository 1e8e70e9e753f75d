//! Elastic Common Schema: the documents that the aws.vpcflow data stream of Elastic's AWS
//! integration makes of flow logs, but without `-` for missing values, without empty objects, and
//! with numbers where ECS says `long`. As there, the line itself (`event.original`) is left out. A
//! record without an end has the time of its start.
//!
//! What is known of the addresses besides, in columns such as `src-country`, stands where Elastic's
//! documents have it.

use super::community_id::community_id;
use super::document::Value::{Always, Digits, Either, If, Made, Named, Of, Same, Time};
use super::document::{Member, Row, address, as_it_is, quoted};
use super::places::{self, Place};
use crate::schema::Field::*;
use crate::schema::{Cell, Field, iana, tcp_flag_names};

/// Fields that the table does not have stand here, under the names that AWS gives them.
pub const REST: &str = "aws.vpcflow";

#[rustfmt::skip]
pub const TABLE: &[Member] = &[
    ("@timestamp", Either(End, Start)),
    ("aws.vpcflow.account_id", Of(AccountId)),
    ("aws.vpcflow.action", Of(Action)),
    ("aws.vpcflow.dst_asn", Named("dst-asn", places::no_number)),
    ("aws.vpcflow.dst_location", Named("dst-location", places::no_place)),
    ("aws.vpcflow.encryption_status", Digits(EncryptionStatus)),
    ("aws.vpcflow.end", If(|row| row.is_no_date(End), End)),
    ("aws.vpcflow.instance_id", Of(InstanceId)),
    ("aws.vpcflow.pkt_dst_service", Of(PktDstAwsService)),
    ("aws.vpcflow.pkt_src_service", Of(PktSrcAwsService)),
    ("aws.vpcflow.src_asn", Named("src-asn", places::no_number)),
    ("aws.vpcflow.src_location", Named("src-location", places::no_place)),
    ("aws.vpcflow.start", If(|row| row.is_no_date(Start), Start)),
    ("aws.vpcflow.sublocation.id", Of(SublocationId)),
    ("aws.vpcflow.sublocation.type", Of(SublocationType)),
    ("aws.vpcflow.tcp_flags", Digits(TcpFlags)),
    ("aws.vpcflow.tcp_flags_array", Made(&[TcpFlags], tcp_flags)),
    ("aws.vpcflow.traffic_path", Digits(TrafficPath)),
    ("aws.vpcflow.version", Digits(Version)),
    ("cloud.account.id", Of(AccountId)),
    ("cloud.availability_zone", Of(AzId)),
    ("cloud.instance.id", Of(InstanceId)),
    ("cloud.provider", Same("\"aws\"")),
    ("cloud.region", Of(Region)),
    ("destination.address", Of(DstIp)),
    ("destination.as.number", Named("dst-asn", places::number)),
    ("destination.as.organization.name", Named("dst-as-org", as_it_is)),
    ("destination.geo.city_name", Named("dst-city", as_it_is)),
    ("destination.geo.continent_code", Named("dst-continent", places::code)),
    ("destination.geo.continent_name", Named("dst-continent", places::name)),
    ("destination.geo.country_iso_code", Named("dst-country", places::code)),
    ("destination.geo.country_name", Named("dst-country", places::name)),
    ("destination.geo.location", Named("dst-location", place)),
    ("destination.geo.region_iso_code", Named("dst-region", places::code)),
    ("destination.geo.region_name", Named("dst-region", places::name)),
    ("destination.ip", Of(DstIp)),
    ("destination.port", Of(DstPort)),
    ("ecs.version", Same("\"8.11.0\"")),
    ("event.action", Of(Action)),
    ("event.category", Same("[\"network\"]")),
    ("event.end", Time(End)),
    ("event.kind", Same("\"event\"")),
    ("event.outcome", Made(&[Action], outcome)),
    ("event.reason", Of(RejectReason)),
    ("event.start", Time(Start)),
    ("event.type", Always(event_type)),
    ("network.bytes", Of(Bytes)),
    ("network.community_id", Made(&[Protocol], community)),
    ("network.direction", Of(FlowDirection)),
    ("network.iana_number", Digits(Protocol)),
    ("network.packets", Of(Packets)),
    ("network.transport", Made(&[Protocol], transport)),
    ("network.type", Made(&[SrcIp], network_type)),
    ("orchestrator.cluster.id", Of(EcsClusterArn)),
    ("orchestrator.cluster.name", Of(EcsClusterName)),
    ("orchestrator.resource.id", Of(EcsContainerInstanceId)),
    ("orchestrator.resource.name", Of(EcsContainerInstanceArn)),
    ("related.ip", Made(&[SrcIp], related)),
    ("service.name", Of(EcsServiceName)),
    ("source.address", Of(SrcIp)),
    ("source.as.number", Named("src-asn", places::number)),
    ("source.as.organization.name", Named("src-as-org", as_it_is)),
    ("source.bytes", Of(Bytes)),
    ("source.geo.city_name", Named("src-city", as_it_is)),
    ("source.geo.continent_code", Named("src-continent", places::code)),
    ("source.geo.continent_name", Named("src-continent", places::name)),
    ("source.geo.country_iso_code", Named("src-country", places::code)),
    ("source.geo.country_name", Named("src-country", places::name)),
    ("source.geo.location", Named("src-location", place)),
    ("source.geo.region_iso_code", Named("src-region", places::code)),
    ("source.geo.region_name", Named("src-region", places::name)),
    ("source.ip", Of(SrcIp)),
    ("source.packets", Of(Packets)),
    ("source.port", Of(SrcPort)),
];

/// The protocols whose names Elastic writes.
const NAMED: [u8; 11] = [0, 1, 2, 6, 8, 17, 47, 50, 58, 112, 132];

/// The bits of TCP flags whose names Elastic writes: FIN to URG.
const FLAGS: u64 = 63;

fn tcp_flags(row: &Row<'_>, out: &mut Vec<u8>) {
    let flags = row.number(TcpFlags).unwrap_or(0) & FLAGS;
    if flags == 0 {
        return;
    }
    for (i, name) in tcp_flag_names(flags).enumerate() {
        out.push(if i == 0 { b'[' } else { b',' });
        quoted(name.as_bytes(), out);
    }
    out.push(b']');
}

fn outcome(row: &Row<'_>, out: &mut Vec<u8>) {
    match row.text(Action) {
        b"ACCEPT" => out.extend_from_slice(b"\"success\""),
        b"REJECT" => out.extend_from_slice(b"\"failure\""),
        _ => {}
    }
}

fn event_type(row: &Row<'_>, out: &mut Vec<u8>) {
    out.extend_from_slice(match row.text(Action) {
        b"ACCEPT" => b"[\"connection\",\"allowed\"]",
        b"REJECT" => b"[\"connection\",\"denied\"]",
        _ => b"[\"connection\"]",
    });
}

fn community(row: &Row<'_>, out: &mut Vec<u8>) {
    let port = |field: Field| row.number(field).unwrap_or(0) as u16;
    if let Cell::Protocol(protocol) = row.get(Protocol) {
        let ports = (port(SrcPort), port(DstPort));
        let id = community_id(&row.get(SrcIp), &row.get(DstIp), ports, protocol);
        id.iter().for_each(|id| quoted(id, out));
    }
}

fn transport(row: &Row<'_>, out: &mut Vec<u8>) {
    if let Cell::Protocol(protocol) = row.get(Protocol)
        && NAMED.contains(&protocol)
    {
        iana::protocol_name(protocol).iter().for_each(|name| quoted(name.as_bytes(), out));
    }
}

fn network_type(row: &Row<'_>, out: &mut Vec<u8>) {
    match row.get(SrcIp) {
        Cell::V4(_) => out.extend_from_slice(b"\"ipv4\""),
        Cell::V6(_) => out.extend_from_slice(b"\"ipv6\""),
        _ => {}
    }
}

/// A point of ECS.
fn place(cell: &Cell<'_>, out: &mut Vec<u8>) {
    if let Some(Place { latitude, longitude }) = Place::of(cell) {
        for part in ["{\"lat\":", latitude, ",\"lon\":", longitude, "}"] {
            out.extend_from_slice(part.as_bytes());
        }
    }
}

/// Both addresses, where there are both.
fn related(row: &Row<'_>, out: &mut Vec<u8>) {
    if row.has(SrcIp) && row.has(DstIp) {
        out.push(b'[');
        address(&row.get(SrcIp), out);
        out.push(b',');
        address(&row.get(DstIp), out);
        out.push(b']');
    }
}
