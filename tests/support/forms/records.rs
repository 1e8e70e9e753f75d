//! The records that are written in every form, and the formats they are written in.

use crate::support::lines::{V2, V5};

/// A record: a value for each of AWS's fields. All formats have the fields of version 2, so that
/// questions about these have the same answer whatever the format.
#[derive(Clone, Debug)]
pub struct Record {
    /// AWS's name of the field, and its value; fields without a value are not in it.
    values: Vec<(&'static str, String)>,
}

/// The fields of a line, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    pub name: &'static str,
    header: &'static str,
}

pub const FORMATS: [Format; 4] = [DEFAULT, VERSION_5, CUSTOM, ALL];
pub const DEFAULT: Format = Format { name: "v2", header: V2 };
pub const VERSION_5: Format = Format { name: "v5", header: V5 };

/// As many fields as version 5 has, in another order.
pub const CUSTOM: Format = Format {
    name: "custom",
    header: "account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id log-status \
             packets pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol region srcaddr srcport \
             start sublocation-id sublocation-type subnet-id tcp-flags traffic-path type version vpc-id",
};

/// The 54 fields of versions 2 to 11.
pub const ALL: Format = Format {
    name: "v11",
    header: "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action \
             log-status vpc-id subnet-id instance-id tcp-flags type pkt-srcaddr pkt-dstaddr region az-id \
             sublocation-type sublocation-id pkt-src-aws-service pkt-dst-aws-service flow-direction traffic-path \
             ecs-cluster-arn ecs-cluster-name ecs-container-instance-arn ecs-container-instance-id ecs-container-id \
             ecs-second-container-id ecs-service-name ecs-task-definition-arn ecs-task-arn ecs-task-id reject-reason \
             resource-id encryption-status instance-tag instance-tag-2 interface-tag interface-tag-2 asg-tag \
             asg-tag-2 interface-type next-hop-interface-id next-hop-subnet-id next-hop-az-id next-hop-vpc-id \
             next-hop-interface-type",
};

/// The 36 fields of transit gateways.
pub const TRANSIT: Format = Format {
    name: "transit gateway",
    header: "version resource-type account-id tgw-id tgw-attachment-id tgw-src-vpc-account-id tgw-dst-vpc-account-id \
             tgw-src-vpc-id tgw-dst-vpc-id tgw-src-subnet-id tgw-dst-subnet-id tgw-src-eni tgw-dst-eni tgw-src-az-id \
             tgw-dst-az-id tgw-pair-attachment-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
             log-status type packets-lost-no-route packets-lost-blackhole packets-lost-mtu-exceeded \
             packets-lost-ttl-expired tcp-flags region flow-direction pkt-src-aws-service pkt-dst-aws-service",
};

impl Format {
    /// The header line, without its newline.
    pub fn header(self) -> String {
        self.fields().collect::<Vec<_>>().join(" ")
    }

    /// The fields by AWS's names.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        self.header.split_whitespace()
    }

    /// As `LogFormat` of `describe-flow-logs` has it.
    pub fn api(self) -> String {
        self.fields().map(|field| format!("${{{field}}}")).collect::<Vec<_>>().join(" ")
    }

    /// The option that names the format of lines without a header; none for AWS's default.
    pub fn option(self) -> Option<String> {
        (self != DEFAULT).then(|| format!("--log-format={}", self.api()))
    }

    fn version(self) -> &'static str {
        match self.name {
            "v2" => "2",
            "v11" => "11",
            "transit gateway" => "6",
            _ => "5",
        }
    }
}

impl Record {
    /// The value of a field; `None` where there is none.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| *name == field).map(|(_, value)| value.as_str())
    }

    /// The value of a field in a format.
    pub fn value(&self, field: &str, format: Format) -> Option<&str> {
        if field == "version" { Some(format.version()) } else { self.get(field) }
    }

    /// A field that holds a number.
    pub fn number(&self, field: &str) -> Option<i64> {
        self.get(field).map(|value| value.parse().expect("a number"))
    }

    pub fn start(&self) -> i64 {
        self.number("start").expect("every record has a start")
    }

    /// The line in a format, without a newline.
    pub fn line(&self, format: Format) -> String {
        let values = format.fields().map(|field| self.value(field, format).unwrap_or("-"));
        values.collect::<Vec<_>>().join(" ")
    }

    /// The log stream of CloudWatch that it goes to.
    pub fn stream(&self) -> String {
        format!("{}-all", self.get("interface-id").unwrap_or("eni-00000000"))
    }
}

/// Chooses among a few, always the same; from one to the next the choices look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, of: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % of
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

const V4: &[&str] = &["10.0.0.1", "10.0.0.2", "10.0.1.77", "172.31.16.139", "192.0.2.7", "203.0.113.12", "9.9.9.9"];
const V6: &[&str] = &["2001:db8::1", "2001:db8:0:1::9", "fd00:1234::a:b", "2001:db8:1234:a100:8d6e:3477:df66:f105"];
const SERVICES: &[&str] = &["443", "22", "53", "3389", "8080"];

/// Records of three days, in no order, no two of which start at the same second. Nothing in them is
/// wrong, but much is missing.
pub fn records(count: u64) -> Vec<Record> {
    let mut dice = Dice(4);
    let mut records: Vec<Record> = (0..count).map(|i| record(&mut dice, 1_773_532_800 + i * 259_200 / count)).collect();
    for i in (1..records.len()).rev() {
        records.swap(i, dice.below(i as u64 + 1) as usize);
    }
    records
}

fn record(dice: &mut Dice, start: u64) -> Record {
    let mut values = Vec::new();
    let mut set = |field, value: &str| {
        if value != "-" {
            values.push((field, value.to_string()));
        }
    };
    set("account-id", dice.one(&["123456789012", "123456789012", "210987654321", "unknown"]));
    set("start", &start.to_string());
    set("end", &(start + dice.below(600)).to_string());
    set("interface-id", dice.one(&["eni-0a1b2c3d4e5f60718", "eni-1235b8ca123456789", "eni-0e1d2c3b", "-"]));
    set("vpc-id", dice.one(&["vpc-abcdefab012345678", "vpc-0123"]));
    set("subnet-id", dice.one(&["subnet-aaaaaaaa012345678", "subnet-4567"]));
    set("instance-id", dice.one(&["i-01234567890123456", "-", "i-0987"]));
    set("region", "us-east-1");
    set("az-id", dice.one(&["use1-az1", "use1-az5"]));
    set("tgw-id", dice.one(&["tgw-0a12bc34de56f7890", "tgw-0ff"]));
    set("tgw-attachment-id", dice.one(&["tgw-attach-0123abcd", "tgw-attach-4567"]));
    set("resource-type", "TransitGateway");
    let status = match dice.below(20) {
        0 | 1 => "NODATA",
        2 => "SKIPDATA",
        _ => "OK",
    };
    set("log-status", status);
    if status == "OK" {
        traffic(dice, &mut set);
    }
    Record { values }
}

/// What is in a record of traffic alone.
fn traffic(dice: &mut Dice, set: &mut impl FnMut(&'static str, &str)) {
    let (family, version) = if dice.chance(4) { (V6, "IPv6") } else { (V4, "IPv4") };
    let [source, target] = [dice.one(family), dice.one(family)];
    set("srcaddr", if dice.chance(40) { "-" } else { source });
    set("dstaddr", target);
    set("pkt-srcaddr", if dice.chance(3) { dice.one(family) } else { source });
    set("pkt-dstaddr", target);
    set("type", version);
    let protocol = match version {
        "IPv6" => dice.one(&["6", "17", "58"]),
        _ => dice.one(&["6", "6", "17", "1", "47"]),
    };
    set("protocol", protocol);
    let ports = matches!(protocol, "6" | "17");
    let (high, service) = ((49_152 + dice.below(300)).to_string(), dice.one(SERVICES));
    let (srcport, dstport) = if dice.chance(3) { (service, &high[..]) } else { (&high[..], service) };
    set("srcport", if ports { srcport } else { "0" });
    set(
        "dstport",
        if !ports {
            "0"
        } else if dice.chance(50) {
            "-"
        } else {
            dstport
        },
    );
    set("tcp-flags", if protocol == "6" { dice.one(&["2", "3", "18", "19", "0", "-"]) } else { "0" });
    let refused = dice.chance(4);
    set("action", if dice.chance(60) { "-" } else { ["ACCEPT", "REJECT"][usize::from(refused)] });
    let blocked = refused && dice.chance(3);
    set("reject-reason", if blocked { "BPA" } else { "-" });
    set("packets", &(1 + dice.below(9_000)).to_string());
    let bytes = if dice.chance(30) { 1 << 40 } else { 40 + dice.below(1_000_000) };
    set("bytes", &if blocked { "-".to_string() } else { bytes.to_string() });
    let egress = dice.chance(2);
    set("flow-direction", ["ingress", "egress"][usize::from(egress)]);
    set("traffic-path", if egress { dice.one(&["1", "2", "8", "-"]) } else { "-" });
    set("pkt-src-aws-service", dice.one(&["-", "S3", "AMAZON"]));
    set("pkt-dst-aws-service", dice.one(&["-", "DYNAMODB"]));
    set("ecs-cluster-name", dice.one(&["-", "orders-cluster"]));
    set("ecs-task-id", dice.one(&["-", "b42ecfbe-17f"]));
    set("encryption-status", dice.one(&["-", "0", "1", "3"]));
    set("instance-tag", dice.one(&["-", "web%2Dserver", "%2D", "a%20b%3D%C3%A9"]));
    set("interface-type", dice.one(&["-", "nat_gateway", "vpc_endpoint"]));
    set("next-hop-az-id", dice.one(&["-", "use1-az2"]));
    set("packets-lost-no-route", dice.one(&["0", "7"]));
    set("tgw-src-vpc-id", dice.one(&["vpc-0abc1234", "-"]));
}
