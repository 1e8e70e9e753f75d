//! What addresses and interfaces are, from files that the user names.

use crate::decode::Network;
use crate::schema::Enriched;
use crate::source::plain_error;
use clap::{ValueEnum, ValueHint};
use std::path::PathBuf;

/// Options about fields that are made from others.
#[derive(clap::Args, Debug, Default)]
#[command(next_help_heading = "Who is who (fields made from others: see --help)")]
pub struct EnrichFlags {
    /// One's own networks, for src-inside and dst-inside [default: those of --subnets, else private addresses]
    ///
    /// Several with commas between; @FILE reads them from a file, one in a line, where # begins a comment.
    #[arg(long, value_name = "CIDR", value_parser = networks, value_hint = ValueHint::Other)]
    pub inside: Vec<Vec<Network>>,

    /// Names for networks, for src-label and dst-label: lines of cidr,label
    ///
    /// The longest network that holds an address names it. A header line is allowed, # begins a comment, and
    /// a label with commas stands in quotes.
    #[arg(long, value_name = "FILE.csv", value_hint = ValueHint::FilePath)]
    pub labels: Option<PathBuf>,

    /// AWS's ip-ranges.json, for src-aws-service, src-aws-region and such
    #[arg(long, value_name = "FILE.json", value_hint = ValueHint::FilePath)]
    pub aws_ranges: Option<PathBuf>,

    /// What `aws ec2 describe-network-interfaces` printed (may be given again): names, security groups, directions
    ///
    /// For interface-name, security-groups, peer-interface and such; fills interface-type, vpc-id, subnet-id,
    /// instance-id, az-id, region, flow-direction and direction where a record lacks them.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub enis: Vec<PathBuf>,

    /// What `aws ec2 describe-subnets` printed: subnet-name, what is inside, and what stays in a subnet
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub subnets: Vec<PathBuf>,

    /// What `aws ec2 describe-instances` printed, for instance-name
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub instances: Vec<PathBuf>,

    /// What `aws ec2 describe-security-groups` printed: the names of groups
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub security_groups: Vec<PathBuf>,

    /// Database of countries or cities (MaxMind's or DB-IP's .mmdb), for src-country, src-city and such
    ///
    /// Without it, GeoLite2-City, GeoIP2-City, dbip-city-lite or the same of countries are looked for in
    /// ~/.local/share/GeoIP, /usr/local/share/GeoIP, /usr/share/GeoIP and /var/lib/GeoIP.
    #[arg(long, value_name = "FILE.mmdb", value_hint = ValueHint::FilePath)]
    pub geo: Option<PathBuf>,

    /// Database of autonomous systems (.mmdb), for src-asn and src-as-org; looked for likewise
    #[arg(long, value_name = "FILE.mmdb", value_hint = ValueHint::FilePath)]
    pub asn: Option<PathBuf>,

    /// Addresses that are looked at: pkt-src-ip and pkt-dst-ip where the log has them, or src-ip and dst-ip
    ///
    /// At a NAT gateway, a load balancer or a Kubernetes node, the packet's own addresses tell who talked
    /// to whom.
    #[arg(long, value_name = "WHICH", default_value = "pkt")]
    pub addr: Addresses,
}

impl EnrichFlags {
    /// Whether a file is named that a field is made from.
    pub fn names(&self, field: Enriched) -> bool {
        match field.needs().split(' ').next() {
            Some("--labels") => self.labels.is_some(),
            Some("--aws-ranges") => self.aws_ranges.is_some(),
            Some("--enis") => !self.enis.is_empty(),
            Some("--subnets") => !self.subnets.is_empty(),
            Some("--instances") => !self.instances.is_empty(),
            Some("--geo") => self.geo.is_some(),
            Some("--asn") => self.asn.is_some(),
            _ => false,
        }
    }
}

/// Which addresses of a flow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Addresses {
    /// Those of the packets, where the log has them
    #[default]
    Pkt,
    /// Those that the interface saw
    Iface,
}

fn networks(text: &str) -> Result<Vec<Network>, String> {
    let network = |text: &str| Network::parse(text.trim()).ok_or(text.trim().to_string());
    let expected = "expected an IP address or a network such as 10.0.0.0/8";
    let mut all = Vec::new();
    for part in text.split(',') {
        let Some(path) = part.trim().strip_prefix('@') else {
            all.push(network(part).map_err(|found| format!("{expected}, found '{found}'"))?);
            continue;
        };
        let lines = std::fs::read_to_string(path).map_err(|error| format!("{path}: {}", plain_error(&error)))?;
        for (i, line) in lines.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            if !line.trim().is_empty() {
                all.push(network(line).map_err(|found| format!("{path}:{}: {expected}, found '{found}'", i + 1))?);
            }
        }
    }
    Ok(all)
}
