//! The logs that both programs read: the default format, that of version 5 and one of its own, below
//! paths as AWS has them and others; values from short lists, so that groups are shared and ties are
//! frequent, and some that hardly ever come again; and values that are missing.

use crate::random::Random;
use crate::support::lines::{V2, V5};
use crate::support::tree::gzip;
use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;

/// 2026-03-15T00:00:00Z
pub const DAY: u64 = 1_773_532_800;

pub const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
pub const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "us-gov-west-1"];
pub const INTERFACES: [&str; 7] = ["eni-0a1", "eni-0a2", "eni-0a11", "eni-0b1", "eni-0B1", "eni-1", "eni_0a1"];
pub const INSTANCES: [&str; 6] = ["i-1", "i-2", "I-1", "with,comma", "with\"quote", "caf\u{e9}"];
pub const VPCS: [&str; 2] = ["vpc-1", "vpc-22"];
pub const SUBNETS: [&str; 3] = ["subnet-1", "subnet-2", "subnet-12"];
pub const PORTS: [u64; 9] = [0, 22, 53, 80, 443, 3389, 8000, 8080, 65535];
/// Protocols of the logs, with the keywords of IANA; 253 has none.
pub const PROTOCOLS: [(u64, &str); 7] =
    [(6, "tcp"), (17, "udp"), (1, "icmp"), (58, "ipv6-icmp"), (47, "gre"), (50, "esp"), (253, "253")];

/// No account, no region, no log-status; other fields in another order.
const OWN: &str = "start end srcaddr dstaddr protocol bytes packets action interface-id dstport srcport tcp-flags \
                   flow-direction pkt-srcaddr";

/// One of the addresses that come again and again.
pub fn usual_address(random: &mut Random) -> String {
    match random.below(10) {
        0..5 => format!("10.{}.{}.{}", random.below(2), random.below(3), random.range(1, 4)),
        5 => random.pick(&["192.0.2.1", "9.255.255.255", "255.255.255.255", "0.0.0.0", "100.64.0.1"]).into(),
        6 => random.pick(&["::1", "::", "::ffff:10.0.0.1", "2001:0db8:0000:0000:0000:0000:0000:00AB"]).into(),
        _ => format!("2001:db8:{}::{}", random.below(2), random.range(1, 3)),
    }
}

fn address(random: &mut Random) -> String {
    match random.below(20) {
        0 | 1 => Ipv4Addr::from(0x0a00_0000 + random.below(1 << 24) as u32).to_string(),
        2 => Ipv6Addr::from(0x2001_0db8 << 96 | u128::from(random.below(u64::MAX))).to_string(),
        _ => usual_address(random),
    }
}

/// What a file says about itself.
struct Place {
    path: String,
    account: Option<&'static str>,
    region: Option<&'static str>,
    /// When the file was made.
    time: u64,
}

fn place(number: u64, random: &mut Random) -> Place {
    let time = DAY + 300 * random.below(288);
    // Paths are of the first two accounts and regions; the others occur elsewhere.
    let (account, region) = (random.pick(&ACCOUNTS[..2]), random.pick(&REGIONS[..2]));
    let (hour, minute) = (time / 3600 % 24, time / 60 % 60);
    let name = format!("{account}_vpcflowlogs_{region}_fl-0a1b_20260315T{hour:02}{minute:02}Z_{number:04x}.log");
    let told = |path| Place { path, account: Some(account), region: Some(region), time };
    match number % 6 {
        0 => Place { path: format!("other/{number}.txt"), account: None, region: None, time },
        1 => told(name),
        2 => told(format!(
            "h/aws-account-id={account}/aws-service=vpcflowlogs/aws-region={region}/year=2026/month=03/day=15/{name}"
        )),
        3 => told(format!("AWSLogs/{account}/vpcflowlogs/{region}/all-{number}.log")),
        _ => told(format!("AWSLogs/{account}/vpcflowlogs/{region}/2026/03/15/{name}")),
    }
}

/// A word for a field (AWS's name) of a flow.
fn word(field: &str, place: &Place, random: &mut Random) -> String {
    let missing = match field {
        "version" => 0,
        "vpc-id" | "subnet-id" | "action" | "interface-id" | "account-id" | "region" | "type" | "az-id" => 3,
        "instance-id" | "traffic-path" | "flow-direction" => 30,
        "sublocation-type" | "sublocation-id" | "pkt-src-aws-service" | "pkt-dst-aws-service" => 70,
        _ => 4,
    };
    if random.chance(missing) {
        return "-".into();
    }
    match field {
        "version" => random.pick(&[2, 5]).to_string(),
        "account-id" => place.account.unwrap_or_else(|| random.pick(&ACCOUNTS)).into(),
        "region" => place.region.unwrap_or_else(|| random.pick(&REGIONS)).into(),
        "interface-id" => random.pick(&INTERFACES).into(),
        "instance-id" => random.pick(&INSTANCES).into(),
        "vpc-id" => random.pick(&VPCS).into(),
        "subnet-id" => random.pick(&SUBNETS).into(),
        "srcaddr" | "dstaddr" | "pkt-srcaddr" | "pkt-dstaddr" => address(random),
        "srcport" | "dstport" if random.chance(30) => random.range(1024, 65535).to_string(),
        "srcport" | "dstport" => random.pick(&PORTS).to_string(),
        "protocol" => random.pick(&PROTOCOLS).0.to_string(),
        "packets" => random.pick(&[0, 1, 1, 1, 2, 3, 10, 250]).to_string(),
        "bytes" => match random.below(40) {
            0 => random.pick(&["abc", "-5", "99999999999999999999", "18446744073709551615"]).into(),
            1 => random.below(1 << 50).to_string(),
            2..8 => random.pick(&[1000, 1010, 1023, 1024, 1160, 1500]).to_string(),
            _ => (40 * random.below(60)).to_string(),
        },
        "action" => random.pick(&["ACCEPT", "ACCEPT", "REJECT"]).into(),
        "log-status" => "OK".into(),
        "tcp-flags" => random.pick(&[0, 1, 2, 3, 16, 18, 19, 22, 255]).to_string(),
        "type" => random.pick(&["IPv4", "IPv6", "EFA"]).into(),
        "flow-direction" => random.pick(&["ingress", "egress"]).into(),
        "traffic-path" => random.range(1, 8).to_string(),
        "az-id" => random.pick(&["use1-az1", "use1-az2"]).into(),
        "pkt-src-aws-service" | "pkt-dst-aws-service" => random.pick(&["S3", "EC2", "AMAZON"]).into(),
        _ => random.pick(&["wavelength", "outpost"]).into(),
    }
}

/// Start and end of a record, as written: a file has what began up to an hour before.
fn times(place: &Place, random: &mut Random) -> [u64; 2] {
    let late = if random.chance(2) { 3600 } else { 0 };
    let start = place.time + random.pick(&[0, 1, 60, 120, 299]) - random.pick(&[0, 0, 60, 600, 900]) - late;
    let end = match random.below(20) {
        0 => start - random.range(1, 30),
        _ => start + random.pick(&[0, 10, 59, 60, 60, 300]),
    };
    match random.below(30) {
        0 => [start * 1000 + random.below(1000), end * 1000],
        _ => [start, end],
    }
}

/// A line without its newline.
fn line(fields: &[&str], place: &Place, random: &mut Random) -> String {
    let [start, end] = times(place, random);
    let status = match random.below(40) {
        0 | 1 => "NODATA",
        2 => "SKIPDATA",
        3 if random.chance(20) => "-",
        _ => "OK",
    };
    let words: Vec<String> = fields
        .iter()
        .map(|field| match *field {
            "start" | "end" if random.chance(2) => "-".into(),
            "start" => start.to_string(),
            "end" => end.to_string(),
            "log-status" => status.into(),
            "version" | "account-id" | "interface-id" | "region" | "vpc-id" => word(field, place, random),
            _ if status != "OK" => "-".into(),
            field => word(field, place, random),
        })
        .collect();
    match random.below(200) {
        0 => words[1..].join(" "),
        1 => words.join("  "),
        _ => words.join(" "),
    }
}

/// Writes the logs into a folder; they have some five thousand records.
pub fn write(folder: &Path, random: &mut Random) {
    for number in 0..24 {
        let place = place(number, random);
        let format = match number % 5 {
            0 | 1 => V2,
            2 | 3 => V5,
            _ => OWN,
        };
        let fields: Vec<&str> = format.split_whitespace().collect();
        let mut text = format!("{}\n", fields.join(" "));
        for _ in 0..random.range(20, 400) {
            text += &line(&fields, &place, random);
            text.push('\n');
        }
        let path = folder.join(if random.chance(40) { format!("{}.gz", place.path) } else { place.path });
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let bytes = if path.extension() == Some("gz".as_ref()) { gzip(text) } else { text.into_bytes() };
        fs::write(path, bytes).expect("a file");
    }
}
