//! What the keys of objects mean.

use crate::schema::{Enriched, Field, FieldName, Kind};
use std::collections::HashMap;

/// What an object is used for because it has a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    #[default]
    None,
    /// The text of a log line.
    Message,
    LogGroup,
    /// `messageType` of a subscription payload.
    Type,
    Events,
    LogEvents,
    Results,
    /// Events that a Lambda function receives.
    Records,
    Awslogs,
    Kinesis,
    /// Base64 in the two before.
    Data,
    /// The halves of a pair in Insights results.
    Name,
    Value,
}

impl Role {
    /// Whether there may be records in the value.
    pub fn may_hold(self) -> bool {
        matches!(self, Role::Events | Role::LogEvents | Role::Results | Role::Records | Role::Awslogs)
    }
}

/// What a key tells of the object it is in, as a set of bits.
pub type Marks = u8;
/// An event of CloudWatch Logs.
pub const EVENT: Marks = 1;
/// OpenObserve.
pub const OPEN_OBSERVE: Marks = 2;
/// A row of Insights.
pub const INSIGHTS: Marks = 4;
/// Sumo Logic.
pub const SUMO: Marks = 8;
/// An aggregate of Insights.
pub const AGGREGATE: Marks = 16;
/// A field that says flow log: other logs have no such key.
pub const DISTINCT: Marks = 32;

/// A column of flat objects: a field of logs, or one that was made of them before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Log(Field),
    Made(Enriched),
}

/// Sets of columns have one bit for each; those of the fields of logs come first.
const LOG_FIELDS: u32 = Field::COUNT as u32;
const _: () = assert!(Field::COUNT + Enriched::COUNT <= u128::BITS as usize);

/// The bits of the fields of logs.
pub const LOGGED: u128 = (1 << LOG_FIELDS) - 1;

impl Column {
    fn find(name: &[u8]) -> Option<Column> {
        // The key that Sumo Logic's function puts behind messages may hold an array.
        let log = Field::find(name).filter(|_| name != EXTRAS[0].as_bytes()).map(Column::Log);
        log.or_else(|| Enriched::find(name).map(Column::Made))
    }

    /// Its bit in a set.
    pub fn bit(self) -> u128 {
        match self {
            Column::Log(field) => 1 << field as u32,
            Column::Made(field) => 1 << (LOG_FIELDS + field as u32),
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Column::Log(field) => field.kind(),
            Column::Made(field) => field.kind(),
        }
    }
}

impl From<Column> for FieldName {
    fn from(column: Column) -> FieldName {
        match column {
            Column::Log(field) => field.into(),
            Column::Made(field) => field.into(),
        }
    }
}

/// The meaning of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key {
    pub role: Role,
    pub column: Option<Column>,
    /// Which of the keys that Sumo Logic adds.
    pub extra: Option<u8>,
    pub marks: Marks,
    /// What other thing has such a key, by its place in the table.
    pub foreign: Option<Foreign>,
}

impl Key {
    /// Whether the text of the value may be needed.
    pub fn is_kept(&self) -> bool {
        let kept = matches!(self.role, Role::Message | Role::LogGroup | Role::Type | Role::Name | Role::Value);
        kept || self.column.is_some() || self.extra.is_some()
    }

    fn of(name: &[u8]) -> Key {
        let role = match name {
            b"message" | b"@message" => Role::Message,
            b"logGroup" => Role::LogGroup,
            b"messageType" => Role::Type,
            b"events" => Role::Events,
            b"logEvents" => Role::LogEvents,
            b"results" => Role::Results,
            b"Records" | b"records" => Role::Records,
            b"awslogs" => Role::Awslogs,
            b"kinesis" => Role::Kinesis,
            b"data" => Role::Data,
            b"field" => Role::Name,
            b"value" => Role::Value,
            _ => Role::None,
        };
        let column = Column::find(name);
        let mut marks = match name {
            b"timestamp" | b"ingestionTime" | b"eventId" | b"logStreamName" => EVENT,
            b"_timestamp" => OPEN_OBSERVE,
            b"logGroup" | b"logStream" => SUMO,
            b"@message" | b"@ptr" | b"@log" | b"@logStream" => INSIGHTS,
            _ if name.contains(&b'(') => AGGREGATE,
            _ => 0,
        };
        if matches!(column, Some(Column::Log(field)) if !COMMON.contains(&field)) {
            marks |= DISTINCT;
        }
        let extra = EXTRAS.iter().position(|extra| extra.as_bytes() == name).map(|at| at as u8);
        let foreign = FOREIGN.iter().position(|(key, _)| key.as_bytes() == name).map(|at| Foreign(at as u8));
        Key { role, column, extra, marks, foreign }
    }
}

/// The keys that Sumo Logic's Lambda function adds to a message, in its order.
pub const EXTRAS: [&str; 5] = ["security-group-ids", "direction", "subnet-id", "vpc-id", "aws-region"];

/// Fields whose names other logs use, too.
const COMMON: [Field; 20] = [
    Field::Version,
    Field::AccountId,
    Field::Region,
    Field::Type,
    Field::Start,
    Field::End,
    Field::Action,
    Field::Protocol,
    Field::Bytes,
    Field::ResourceId,
    Field::ResourceType,
    Field::VpcId,
    Field::SubnetId,
    Field::InstanceId,
    Field::AzId,
    Field::InterfaceType,
    Field::EcsClusterArn,
    Field::EcsTaskArn,
    Field::Direction,
    Field::SecurityGroupIds,
];

const DESCRIBE_FLOW_LOGS: &str = "describe-flow-logs output (--flow-logs takes it)";

const SUMS: &str = "results of a question (vpcflow's own?)";

/// Something that is no flow log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign(u8);

impl Foreign {
    /// What it is, for people.
    pub fn name(self) -> &'static str {
        FOREIGN[usize::from(self.0)].1
    }
}

/// Keys that say that an object is something else; the first in this table decides.
const FOREIGN: &[(&str, &str)] = &[
    ("flows", SUMS),
    ("share", SUMS),
    ("reject_pct", SUMS),
    ("dst_ips", SUMS),
    ("event_type", "Suricata events"),
    ("FlowLogs", DESCRIBE_FLOW_LOGS),
    ("FlowLogId", DESCRIBE_FLOW_LOGS),
    ("NetworkInterfaces", "describe-network-interfaces output"),
    ("NetworkInterfaceId", "describe-network-interfaces output"),
    ("Reservations", "describe-instances output"),
    ("logGroups", "describe-log-groups output"),
    ("logStreams", "describe-log-streams output"),
    ("queryId", "start-query output (the results come from get-query-results)"),
    ("s3", "S3 event notifications"),
    ("userIdentity", "CloudTrail events"),
    ("CloudTrailEvent", "CloudTrail events"),
    ("detail-type", "EventBridge events"),
    ("schemaVersion", "GuardDuty findings"),
    ("Findings", "findings of GuardDuty or Security Hub"),
    ("ProductArn", "Security Hub findings"),
    ("webaclId", "AWS WAF logs"),
    ("query_name", "Route 53 resolver query logs"),
    ("firewall_name", "Network Firewall logs"),
    ("serviceNetworkArn", "VPC Lattice access logs"),
    ("auditID", "Kubernetes audit events"),
    ("class_uid", "OCSF events"),
    ("ecs", "ECS documents"),
    ("flowLogGUID", "Azure flow logs"),
    ("systemId", "Azure flow logs"),
    ("jsonPayload", "Google Cloud logs"),
    ("flow_id", "Suricata events"),
    ("id.orig_h", "Zeek logs"),
];

/// A key that is longer means nothing here.
pub const LONGEST_KEY: usize = 256;

/// How many meanings are remembered.
const REMEMBERED: usize = 512;

/// The meanings of keys that were met before.
#[derive(Default)]
pub struct Keys {
    known: HashMap<Box<[u8]>, Key, foldhash::fast::FixedState>,
}

impl Keys {
    /// The meaning of a key.
    pub fn find(&mut self, name: &[u8]) -> Key {
        if let Some(key) = self.known.get(name) {
            return *key;
        }
        let key = Key::of(name);
        if self.known.len() == REMEMBERED {
            self.known.clear();
        }
        self.known.insert(name.into(), key);
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_insights_and_importers_are_fields() {
        let names = [
            (Field::AccountId, ["accountId", "account_id", "account"]),
            (Field::InterfaceId, ["interfaceId", "interface_id", "interfaceid"]),
            (Field::SrcIp, ["srcAddr", "src_addr", "sourceaddress"]),
            (Field::DstIp, ["dstAddr", "dst_addr", "destinationaddress"]),
            (Field::SrcPort, ["srcPort", "src_port", "sourceport"]),
            (Field::DstPort, ["dstPort", "dst_port", "destinationport"]),
            (Field::Packets, ["packets", "packets", "numpackets"]),
            (Field::Bytes, ["bytes", "bytes", "numbytes"]),
            (Field::Start, ["startTime", "start_time", "starttime"]),
            (Field::End, ["endTime", "end_time", "endtime"]),
            (Field::LogStatus, ["logStatus", "log_status", "logstatus"]),
            (Field::PktSrcIp, ["pktSrcAddr", "pkt_src_addr", "pkt-srcaddr"]),
            (Field::SubnetId, ["subnetId", "subnet_id", "subnet-id"]),
        ];
        for (field, spellings) in names {
            for name in spellings {
                assert_eq!(Key::of(name.as_bytes()).column, Some(Column::Log(field)), "{name}");
            }
        }
    }

    #[test]
    fn memory_of_keys_is_bounded() {
        let mut keys = Keys::default();
        for i in 0..2000 {
            assert_eq!(keys.find(format!("key{i}").as_bytes()), Key::default());
            assert_eq!(keys.find(b"message").role, Role::Message);
        }
        assert!(keys.known.len() <= REMEMBERED);
    }
}
