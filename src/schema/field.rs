//! The one table of fields: canonical name, the name AWS uses, aliases, the version of the log
//! that introduced it, the type of its values, and what it means.
//!
//! Sources: the AWS VPC User Guide, "Flow log records" (versions 2 to 11), and the AWS Transit
//! Gateway guide (version 6). Rows stand in AWS's own order, which the presets `v2`, `v5` and so
//! on rely on.

/// The type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An IPv4 or IPv6 address.
    Ip,
    /// A port, 0 to 65535.
    Port,
    /// An IANA protocol number, 0 to 255.
    Protocol,
    /// A number of bytes, 0 to 2^64 - 1.
    Bytes,
    /// Any other whole number, 0 to 2^64 - 1.
    Number,
    /// Seconds since the Unix epoch; 13 digits in the log are milliseconds.
    Time,
    /// Text, compared byte by byte.
    Text,
}

impl Kind {
    /// The word for this type in help texts and messages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ip => "IP address",
            Kind::Port => "port",
            Kind::Protocol => "protocol",
            Kind::Bytes | Kind::Number => "number",
            Kind::Time => "time",
            Kind::Text => "text",
        }
    }

    /// What a value has to be, for messages.
    pub fn expected(self) -> &'static str {
        match self {
            Kind::Ip => "an IP address",
            Kind::Port => "a port (0 to 65535)",
            Kind::Protocol => "a protocol number (0 to 255)",
            Kind::Bytes | Kind::Number | Kind::Time => "a whole number (0 to 2^64 - 1)",
            Kind::Text => "text",
        }
    }

    /// Whether sums, averages and extremes make sense.
    pub fn is_number(self) -> bool {
        matches!(self, Kind::Bytes | Kind::Number | Kind::Time | Kind::Port | Kind::Protocol)
    }
}

macro_rules! fields {
    ($($id:ident $name:literal $aws:literal [$($alias:literal)*] $version:literal $kind:ident $doc:literal;)*) => {
        /// A field that AWS documents.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Field { $(#[doc = $doc] $id,)* }

        const TABLE: &[Row] = &[
            $(Row { field: Field::$id, name: $name, aws: $aws, aliases: &[$($alias),*], version: $version,
                    kind: Kind::$kind, doc: $doc },)*
        ];
    };
}

struct Row {
    field: Field,
    name: &'static str,
    aws: &'static str,
    aliases: &'static [&'static str],
    version: u8,
    kind: Kind,
    doc: &'static str,
}

fields! {
    Version "version" "version" [] 2 Number "version of the record: the highest version among its fields";
    AccountId "account-id" "account-id" ["account"] 2 Text "account that owns the interface";
    InterfaceId "interface-id" "interface-id" ["interface" "eni"] 2 Text "network interface (eni-...)";
    SrcIp "src-ip" "srcaddr" ["src" "src-addr" "source-address" "source-ip"] 2 Ip "source address as the interface saw it";
    DstIp "dst-ip" "dstaddr" ["dst" "dst-addr" "destination-address" "destination-ip"] 2 Ip "destination address as the interface saw it";
    SrcPort "src-port" "srcport" ["sport" "source-port"] 2 Port "source port (0 for ICMP)";
    DstPort "dst-port" "dstport" ["dport" "destination-port"] 2 Port "destination port (0 for ICMP)";
    Protocol "protocol" "protocol" ["proto"] 2 Protocol "IANA protocol (tcp, udp, icmp, ...)";
    Packets "packets" "packets" ["num-packets"] 2 Number "packets in the flow";
    Bytes "bytes" "bytes" ["num-bytes"] 2 Bytes "bytes in the flow, IP headers included";
    Start "start" "start" ["start-time"] 2 Time "time of the first packet";
    End "end" "end" ["end-time"] 2 Time "time of the last packet";
    Action "action" "action" [] 2 Text "ACCEPT or REJECT";
    LogStatus "log-status" "log-status" [] 2 Text "OK, NODATA or SKIPDATA";
    VpcId "vpc-id" "vpc-id" ["vpc"] 3 Text "VPC of the interface";
    SubnetId "subnet-id" "subnet-id" ["subnet"] 3 Text "subnet of the interface";
    InstanceId "instance-id" "instance-id" ["instance"] 3 Text "instance of the interface";
    TcpFlags "tcp-flags" "tcp-flags" [] 3 Number "TCP flags of the flow, OR-ed (fin 1, syn 2, rst 4, syn-ack 18)";
    Type "type" "type" [] 3 Text "IPv4, IPv6 or EFA";
    PktSrcIp "pkt-src-ip" "pkt-srcaddr" ["pkt-src" "pkt-src-addr"] 3 Ip "source address in the packet itself";
    PktDstIp "pkt-dst-ip" "pkt-dstaddr" ["pkt-dst" "pkt-dst-addr"] 3 Ip "destination address in the packet itself";
    Region "region" "region" [] 4 Text "region of the interface";
    AzId "az-id" "az-id" ["az"] 4 Text "id of the availability zone";
    SublocationType "sublocation-type" "sublocation-type" [] 4 Text "wavelength, outpost or localzone";
    SublocationId "sublocation-id" "sublocation-id" [] 4 Text "id of the sublocation";
    PktSrcAwsService "pkt-src-aws-service" "pkt-src-aws-service" [] 5 Text "AWS service that owns pkt-src-ip";
    PktDstAwsService "pkt-dst-aws-service" "pkt-dst-aws-service" [] 5 Text "AWS service that owns pkt-dst-ip";
    FlowDirection "flow-direction" "flow-direction" [] 5 Text "ingress or egress, seen from the interface";
    TrafficPath "traffic-path" "traffic-path" [] 5 Number "path of egress traffic, 1 to 8";
    EcsClusterArn "ecs-cluster-arn" "ecs-cluster-arn" [] 7 Text "ARN of the ECS cluster";
    EcsClusterName "ecs-cluster-name" "ecs-cluster-name" [] 7 Text "name of the ECS cluster";
    EcsContainerInstanceArn "ecs-container-instance-arn" "ecs-container-instance-arn" [] 7 Text "ARN of the ECS container instance";
    EcsContainerInstanceId "ecs-container-instance-id" "ecs-container-instance-id" [] 7 Text "id of the ECS container instance";
    EcsContainerId "ecs-container-id" "ecs-container-id" [] 7 Text "runtime id of the first container";
    EcsSecondContainerId "ecs-second-container-id" "ecs-second-container-id" [] 7 Text "runtime id of the second container";
    EcsServiceName "ecs-service-name" "ecs-service-name" [] 7 Text "name of the ECS service";
    EcsTaskDefinitionArn "ecs-task-definition-arn" "ecs-task-definition-arn" [] 7 Text "ARN of the ECS task definition";
    EcsTaskArn "ecs-task-arn" "ecs-task-arn" [] 7 Text "ARN of the ECS task";
    EcsTaskId "ecs-task-id" "ecs-task-id" [] 7 Text "id of the ECS task";
    RejectReason "reject-reason" "reject-reason" [] 8 Text "why refused: BPA or EC";
    ResourceId "resource-id" "resource-id" [] 9 Text "id of the regional NAT gateway";
    EncryptionStatus "encryption-status" "encryption-status" [] 10 Number "0 none, 1 Nitro, 2 application, 3 both";
    InstanceTag "instance-tag" "instance-tag" [] 11 Text "value of the first instance tag";
    InstanceTag2 "instance-tag-2" "instance-tag-2" [] 11 Text "value of the second instance tag";
    InterfaceTag "interface-tag" "interface-tag" [] 11 Text "value of the first interface tag";
    InterfaceTag2 "interface-tag-2" "interface-tag-2" [] 11 Text "value of the second interface tag";
    AsgTag "asg-tag" "asg-tag" [] 11 Text "value of the first Auto Scaling group tag";
    AsgTag2 "asg-tag-2" "asg-tag-2" [] 11 Text "value of the second Auto Scaling group tag";
    InterfaceType "interface-type" "interface-type" [] 11 Text "type of the interface (nat_gateway, ...)";
    NextHopInterfaceId "next-hop-interface-id" "next-hop-interface-id" [] 11 Text "interface of the next hop";
    NextHopSubnetId "next-hop-subnet-id" "next-hop-subnet-id" [] 11 Text "subnet of the next hop";
    NextHopAzId "next-hop-az-id" "next-hop-az-id" [] 11 Text "zone id of the next hop";
    NextHopVpcId "next-hop-vpc-id" "next-hop-vpc-id" [] 11 Text "VPC of the next hop";
    NextHopInterfaceType "next-hop-interface-type" "next-hop-interface-type" [] 11 Text "interface type of the next hop";
    ResourceType "resource-type" "resource-type" [] 6 Text "TransitGateway (transit gateway logs)";
    TgwId "tgw-id" "tgw-id" [] 6 Text "transit gateway";
    TgwAttachmentId "tgw-attachment-id" "tgw-attachment-id" [] 6 Text "transit gateway attachment";
    TgwSrcVpcAccountId "tgw-src-vpc-account-id" "tgw-src-vpc-account-id" [] 6 Text "account of the source VPC";
    TgwDstVpcAccountId "tgw-dst-vpc-account-id" "tgw-dst-vpc-account-id" [] 6 Text "account of the destination VPC";
    TgwSrcVpcId "tgw-src-vpc-id" "tgw-src-vpc-id" [] 6 Text "source VPC";
    TgwDstVpcId "tgw-dst-vpc-id" "tgw-dst-vpc-id" [] 6 Text "destination VPC";
    TgwSrcSubnetId "tgw-src-subnet-id" "tgw-src-subnet-id" [] 6 Text "source subnet";
    TgwDstSubnetId "tgw-dst-subnet-id" "tgw-dst-subnet-id" [] 6 Text "destination subnet";
    TgwSrcEni "tgw-src-eni" "tgw-src-eni" [] 6 Text "source attachment's interface";
    TgwDstEni "tgw-dst-eni" "tgw-dst-eni" [] 6 Text "destination attachment's interface";
    TgwSrcAzId "tgw-src-az-id" "tgw-src-az-id" [] 6 Text "zone id of the source attachment";
    TgwDstAzId "tgw-dst-az-id" "tgw-dst-az-id" [] 6 Text "zone id of the destination attachment";
    TgwPairAttachmentId "tgw-pair-attachment-id" "tgw-pair-attachment-id" [] 6 Text "attachment on the other side";
    PacketsLostNoRoute "packets-lost-no-route" "packets-lost-no-route" [] 6 Number "packets lost for want of a route";
    PacketsLostBlackhole "packets-lost-blackhole" "packets-lost-blackhole" [] 6 Number "packets lost to a blackhole route";
    PacketsLostMtuExceeded "packets-lost-mtu-exceeded" "packets-lost-mtu-exceeded" [] 6 Number "packets lost for their size";
    PacketsLostTtlExpired "packets-lost-ttl-expired" "packets-lost-ttl-expired" [] 6 Number "packets lost to an expired TTL";
    SecurityGroupIds "security-group-ids" "security-group-ids" [] 0 Text "security groups of the interface, with commas between (Sumo Logic's VPC-JSON)";
    Direction "direction" "direction" [] 0 Text "inbound, outbound or internal (Sumo Logic's VPC-JSON); made by --enis or --subnets: internal, ingress or egress";
}

impl Field {
    /// How many there are.
    pub const COUNT: usize = TABLE.len();

    /// Every field, in AWS's order; then the transit gateway's own fields, and those that others add.
    pub fn all() -> impl Iterator<Item = Field> {
        TABLE.iter().map(|row| row.field)
    }

    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }

    /// The canonical name, with dashes.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The name in AWS's header lines.
    pub fn aws_name(self) -> &'static str {
        self.row().aws
    }

    /// Other names that mean this field.
    pub fn aliases(self) -> &'static [&'static str] {
        self.row().aliases
    }

    /// The version of the flow log record that introduced the field; 0 for what others add to records.
    pub fn version(self) -> u8 {
        self.row().version
    }

    /// The type of its values.
    pub fn kind(self) -> Kind {
        self.row().kind
    }

    /// What the field means, in half a sentence.
    pub fn doc(self) -> &'static str {
        self.row().doc
    }

    /// Finds a field by any of its names. Case, dashes and underscores do not matter, so that
    /// `srcaddr`, `src_ip`, `accountId` and `ACCOUNT-ID` are all found.
    pub fn find(name: &[u8]) -> Option<Field> {
        let mut plain = [0u8; MAX_NAME];
        let plain = plain_name(name, &mut plain)?;
        TABLE.iter().find(|row| row.names().any(|known| same_letters(known, plain))).map(|row| row.field)
    }
}

/// Longer than any name in a table.
pub(super) const MAX_NAME: usize = 40;

/// A name in small letters without dashes and underscores; none if it is too long to be known.
pub(super) fn plain_name<'p>(name: &[u8], plain: &'p mut [u8; MAX_NAME]) -> Option<&'p [u8]> {
    if name.len() > MAX_NAME {
        return None;
    }
    let mut len = 0;
    for byte in name.iter().filter(|b| !matches!(b, b'-' | b'_')) {
        plain[len] = byte.to_ascii_lowercase();
        len += 1;
    }
    Some(&plain[..len])
}

impl Row {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.name, self.aws].into_iter().chain(self.aliases.iter().copied())
    }
}

/// Whether a known name is this plain one.
pub(super) fn same_letters(known: &str, plain: &[u8]) -> bool {
    known.bytes().filter(|b| *b != b'-').eq(plain.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_at_its_own_number() {
        for (i, field) in Field::all().enumerate() {
            assert_eq!(field as usize, i, "{}", field.name());
        }
    }

    #[test]
    fn no_name_means_two_fields() {
        let mut seen = std::collections::BTreeMap::new();
        for row in TABLE {
            let names: std::collections::BTreeSet<String> = row.names().map(|n| n.replace('-', "")).collect();
            for name in names {
                assert!(name.len() < MAX_NAME);
                assert_eq!(seen.insert(name.clone(), row.name), None, "{name}");
            }
        }
    }

    #[test]
    fn fields_are_counted_by_version_as_aws_counts_them() {
        let upto = |v| Field::all().filter(|f| (2..=v).contains(&f.version()) && f.version() != 6).count();
        assert_eq!([2, 3, 4, 5, 7, 8, 9, 10, 11].map(upto), [14, 21, 25, 29, 39, 40, 41, 42, 54]);
        assert_eq!(Field::all().filter(|f| f.version() == 6).count(), 18);
    }

    #[test]
    fn any_spelling_is_found() {
        for name in ["srcaddr", "src-ip", "SRC_IP", "src", "srcAddr", "sourceaddress", "src_addr"] {
            assert_eq!(Field::find(name.as_bytes()), Some(Field::SrcIp), "{name}");
        }
        assert_eq!(Field::find(b"accountId"), Some(Field::AccountId));
        assert_eq!(Field::find(b"eni"), Some(Field::InterfaceId));
        assert_eq!(Field::find(b"pkt_dst_aws_service"), Some(Field::PktDstAwsService));
        for name in ["", "-", "srcadd", "srcaddrr", &"a".repeat(1000)] {
            assert_eq!(Field::find(name.as_bytes()), None, "{name}");
        }
    }
}
