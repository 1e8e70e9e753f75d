//! Security Lake's columns (OCSF network activity, class 4001), as the fields that they were made of.
//!
//! Schema versions 1.0.0-rc.2 and 1.1 differ in where the account stands, and in whether times are
//! milliseconds or moments.

use super::convert::Words;
use crate::schema::Field;

/// The class of network activity.
pub const NETWORK_ACTIVITY: u64 = 4001;

/// The column that tells the class.
pub const CLASS: &str = "class_uid";

/// Where a field stands: in the first of these columns that has a value.
pub struct Origin {
    pub field: Field,
    pub columns: &'static [&'static str],
    pub words: Words,
}

const fn plain(field: Field, columns: &'static [&'static str]) -> Origin {
    Origin { field, columns, words: &[] }
}

/// In the order of AWS's fields. A list counts by its first item.
pub static ORIGINS: &[Origin] = &[
    plain(Field::Version, &["metadata.product.version"]),
    plain(Field::AccountId, &["cloud.account.uid", "cloud.account_uid"]),
    // An interface belongs to the endpoint that the flow was seen at, and so do those below.
    plain(Field::InterfaceId, &["src_endpoint.interface_uid", "dst_endpoint.interface_uid"]),
    // Where the packet's address is another than the interface's, the latter is the intermediate one.
    plain(Field::SrcIp, &["src_endpoint.intermediate_ips", "src_endpoint.ip"]),
    plain(Field::DstIp, &["dst_endpoint.intermediate_ips", "dst_endpoint.ip"]),
    plain(Field::SrcPort, &["src_endpoint.port"]),
    plain(Field::DstPort, &["dst_endpoint.port"]),
    plain(Field::Protocol, &["connection_info.protocol_num"]),
    plain(Field::Packets, &["traffic.packets"]),
    plain(Field::Bytes, &["traffic.bytes"]),
    plain(Field::Start, &["start_time", "time", "start_time_dt", "time_dt"]),
    plain(Field::End, &["end_time", "end_time_dt"]),
    Origin {
        field: Field::Action,
        columns: &["action_id", "disposition_id", "disposition", "activity_id", "activity_name"],
        words: &[
            ("1", "ACCEPT"),
            ("2", "REJECT"),
            ("5", "REJECT"),
            ("6", "ACCEPT"),
            ("0", "-"),
            ("99", "-"),
            ("Allowed", "ACCEPT"),
            ("Blocked", "REJECT"),
            ("Traffic", "ACCEPT"),
            ("Refuse", "REJECT"),
            ("Unknown", "-"),
        ],
    },
    plain(Field::LogStatus, &["status_code"]),
    plain(Field::VpcId, &["src_endpoint.vpc_uid", "dst_endpoint.vpc_uid"]),
    plain(Field::SubnetId, &["src_endpoint.subnet_uid", "dst_endpoint.subnet_uid"]),
    plain(Field::InstanceId, &["src_endpoint.instance_uid", "dst_endpoint.instance_uid"]),
    plain(Field::TcpFlags, &["connection_info.tcp_flags"]),
    plain(Field::Type, &["connection_info.protocol_ver"]),
    plain(Field::PktSrcIp, &["src_endpoint.ip"]),
    plain(Field::PktDstIp, &["dst_endpoint.ip"]),
    plain(Field::Region, &["cloud.region"]),
    plain(Field::AzId, &["cloud.zone"]),
    plain(Field::PktSrcAwsService, &["src_endpoint.svc_name"]),
    plain(Field::PktDstAwsService, &["dst_endpoint.svc_name"]),
    Origin {
        field: Field::FlowDirection,
        columns: &["connection_info.direction_id", "connection_info.direction"],
        words: &[
            ("1", "ingress"),
            ("2", "egress"),
            ("0", "-"),
            ("99", "-"),
            ("Inbound", "ingress"),
            ("Outbound", "egress"),
            ("Unknown", "-"),
        ],
    },
    Origin {
        field: Field::TrafficPath,
        columns: &["connection_info.boundary_id"],
        words: &[
            ("4", "1"),
            ("5", "2"),
            ("6", "3"),
            ("7", "4"),
            ("8", "5"),
            ("9", "6"),
            ("10", "7"),
            ("11", "8"),
            ("0", "-"),
            ("99", "-"),
        ],
    },
];
