//! Reads what `aws ec2 describe-...` prints: one object, several after each other (pages, regions,
//! accounts), or bare arrays, as `--query` makes them.

use super::{Interface, Inventory, Subnet};
use crate::decode::{Network, parse_ip};
use crate::enrich::Wrong;
use serde_json::Value;
use std::net::IpAddr;

impl Inventory {
    /// Adds the output of `aws ec2 describe-network-interfaces`.
    pub fn add_interfaces(&mut self, text: &str) -> Result<(), Wrong> {
        self.has_interfaces = true;
        each(text, "NetworkInterfaces", "NetworkInterfaceId", "describe-network-interfaces", |value, id| {
            for group in list(value, "Groups") {
                if let (Some(id), Some(name)) = (string(group, "GroupId"), string(group, "GroupName")) {
                    self.group_names.entry(id.into()).or_insert_with(|| name.into());
                }
            }
            let interface = interface(value, id)?;
            // The same interface in two files: the first counts.
            if !self.by_id.contains_key(id) {
                self.by_id.insert(id.into(), self.interfaces.len());
                self.interfaces.push(interface);
            }
            Ok(())
        })
    }

    /// Adds the output of `aws ec2 describe-subnets`.
    pub fn add_subnets(&mut self, text: &str) -> Result<(), Wrong> {
        self.has_subnets = true;
        each(text, "Subnets", "SubnetId", "describe-subnets", |value, id| {
            let v6 = list(value, "Ipv6CidrBlockAssociationSet").iter();
            let blocks = string(value, "CidrBlock").into_iter().chain(v6.filter_map(|v| string(v, "Ipv6CidrBlock")));
            let networks = blocks.map(|block| network(block, id)).collect::<Result<Vec<_>, _>>()?;
            if let Some(name) = tag(value, "Tags", "Name") {
                self.subnet_names.insert(id.into(), name.into());
            }
            let vpc = string(value, "VpcId").unwrap_or_default().into();
            self.subnets.push(Subnet { vpc, networks });
            Ok(())
        })
    }

    /// Adds the output of `aws ec2 describe-instances`.
    pub fn add_instances(&mut self, text: &str) -> Result<(), Wrong> {
        self.has_instances = true;
        each(text, "Reservations", "", "describe-instances", |value, _| {
            // A reservation, or with --query an instance.
            let instances = match value.get("Instances") {
                Some(_) => list(value, "Instances"),
                None => std::slice::from_ref(value),
            };
            for instance in instances {
                let id = string(instance, "InstanceId").ok_or("an instance without an InstanceId")?;
                if let Some(name) = tag(instance, "Tags", "Name") {
                    self.instance_names.insert(id.into(), name.into());
                }
            }
            Ok(())
        })
    }

    /// Adds the output of `aws ec2 describe-security-groups`.
    pub fn add_groups(&mut self, text: &str) -> Result<(), Wrong> {
        self.has_groups = true;
        each(text, "SecurityGroups", "GroupId", "describe-security-groups", |value, id| {
            let name = string(value, "GroupName").or_else(|| tag(value, "Tags", "Name"));
            if let Some(name) = name {
                self.group_names.insert(id.into(), name.into());
            }
            Ok(())
        })
    }
}

/// Calls `add` with every object of the list `key` in the documents of a text, and its `id`.
fn each(
    text: &str,
    key: &str,
    id: &str,
    command: &str,
    mut add: impl FnMut(&Value, &str) -> Result<(), String>,
) -> Result<(), Wrong> {
    let mut any = false;
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        let document = document?;
        let all = document.get(key).unwrap_or(&document).as_array();
        let all = all.ok_or_else(|| format!("no list {key} in it, as `aws ec2 {command}` writes it"))?;
        for value in all.iter().flat_map(flat) {
            let name = match id {
                "" => "",
                id => string(value, id)
                    .ok_or_else(|| format!("expected objects with {id}, as `aws ec2 {command}` writes them"))?,
            };
            add(value, name)?;
        }
        any = true;
    }
    any.then_some(()).ok_or_else(|| format!("it is empty; expected what `aws ec2 {command}` writes").into())
}

/// What is in an array within an array, as `--query 'Reservations[].Instances'` has it; else the value.
fn flat(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

fn string<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str().filter(|text| !text.is_empty())
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn tag<'v>(value: &'v Value, tags: &str, key: &str) -> Option<&'v str> {
    let is_it = |tag: &&Value| string(tag, "Key") == Some(key);
    string(list(value, tags).iter().find(is_it)?, "Value")
}

fn address(text: &str, id: &str) -> Result<IpAddr, String> {
    parse_ip(text.as_bytes()).ok_or_else(|| format!("{id}: expected an IP address, found '{text}'"))
}

fn network(text: &str, id: &str) -> Result<Network, String> {
    Network::parse(text).ok_or_else(|| format!("{id}: expected a network such as 10.0.0.0/24, found '{text}'"))
}

fn interface(value: &Value, id: &str) -> Result<Interface, String> {
    let text = |key: &str| string(value, key).unwrap_or_default().to_string();
    let primary = string(value, "PrivateIpAddress");
    let private = list(value, "PrivateIpAddresses").iter();
    let v6 = list(value, "Ipv6Addresses").iter().filter_map(|entry| string(entry, "Ipv6Address"));
    let all = primary.into_iter().chain(private.clone().filter_map(|entry| string(entry, "PrivateIpAddress")));
    let mut addresses: Vec<IpAddr> = Vec::new();
    for text in all.chain(v6).chain(string(value, "Ipv6Address")) {
        let address = address(text, id)?;
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    let associated = std::iter::once(value).chain(private).filter_map(|entry| entry.get("Association"));
    let public = associated.filter_map(|association| string(association, "PublicIp"));
    let public = public.map(|text| address(text, id)).collect::<Result<_, _>>()?;
    let v4_prefixes = list(value, "Ipv4Prefixes").iter().filter_map(|entry| string(entry, "Ipv4Prefix"));
    let v6_prefixes = list(value, "Ipv6Prefixes").iter().filter_map(|entry| string(entry, "Ipv6Prefix"));
    let delegated = v4_prefixes.chain(v6_prefixes).map(|text| network(text, id)).collect::<Result<_, _>>()?;
    let name = tag(value, "TagSet", "Name").or_else(|| tag(value, "Tags", "Name"));
    let zone = text("AvailabilityZone");
    let groups = list(value, "Groups").iter().filter_map(|group| string(group, "GroupId"));
    Ok(Interface {
        id: id.into(),
        name: name.map_or_else(|| text("Description"), String::from),
        kind: kind(&text("InterfaceType")),
        groups: groups.map(String::from).collect(),
        vpc: text("VpcId"),
        subnet: text("SubnetId"),
        instance: value.get("Attachment").and_then(|a| string(a, "InstanceId")).unwrap_or_default().into(),
        az: text("AvailabilityZoneId"),
        region: region(&zone).to_string(),
        addresses,
        public,
        delegated,
        ..Interface::default()
    })
}

/// A type as flow logs spell it: `nat_gateway` for `natGateway`.
fn kind(text: &str) -> String {
    let letters = text.chars().flat_map(|c| {
        let before = c.is_ascii_uppercase().then_some('_');
        before.into_iter().chain([c.to_ascii_lowercase()])
    });
    letters.collect()
}

/// The region of a zone such as us-east-1d, and of a local one such as us-west-2-lax-1a.
fn region(zone: &str) -> &str {
    let mut parts = zone.char_indices().filter(|(_, c)| *c == '-').map(|(at, _)| at);
    let number = zone.split('-').position(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let Some(number) = number else { return "" };
    let start = if number == 0 { 0 } else { parts.nth(number - 1).map_or(0, |at| at + 1) };
    let digits = zone[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(zone.len() - start);
    &zone[..start + digits]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_told_by_zones() {
        for (zone, known) in [
            ("us-east-1d", "us-east-1"),
            ("us-gov-west-1a", "us-gov-west-1"),
            ("us-west-2-lax-1a", "us-west-2"),
            ("us-east-1-wl1-bos-wlz-1", "us-east-1"),
            ("", ""),
            ("nowhere", ""),
        ] {
            assert_eq!(region(zone), known, "{zone}");
        }
        assert_eq!((kind("natGateway"), kind("vpc_endpoint")), ("nat_gateway".into(), "vpc_endpoint".into()));
    }

    #[test]
    fn all_ways_to_write_a_list_are_read() {
        let one = r#"{"NetworkInterfaceId":"eni-1","PrivateIpAddress":"10.0.0.1"}"#;
        let two = r#"{"NetworkInterfaceId":"eni-2","Ipv6Addresses":[{"Ipv6Address":"2001:DB8::2"}]}"#;
        for text in [
            format!(r#"{{"NetworkInterfaces":[{one},{two}]}}"#),
            format!(r#"{{"NetworkInterfaces":[{one}],"NextToken":"x"}} {{"NetworkInterfaces":[{two}]}}"#),
            format!("[{one},{two}]"),
            format!("[{one}]\n[{two}]"),
            format!("[[{one}],[{two},{one}]]"),
        ] {
            let mut inventory = Inventory::default();
            inventory.add_interfaces(&text).expect(&text);
            inventory.settle();
            assert_eq!(inventory.interfaces.len(), 2, "{text}");
            let at = |text: &str| inventory.at(text.parse().expect("an address"), None).map(|found| &found.id[..]);
            assert_eq!((at("10.0.0.1"), at("2001:db8::2"), at("10.0.0.2")), (Some("eni-1"), Some("eni-2"), None));
        }
    }

    #[test]
    fn other_files_are_told() {
        for (text, words) in [
            ("", "it is empty"),
            ("{", "cut off"),
            ("[]\n]", "no JSON: expected value (column 1)"),
            ("{\"FlowLogs\":[]}", "no list NetworkInterfaces"),
            ("[{\"SubnetId\":\"subnet-1\"}]", "expected objects with NetworkInterfaceId"),
            ("[{\"NetworkInterfaceId\":\"eni-1\",\"PrivateIpAddress\":\"10.0.0\"}]", "eni-1: expected an IP address"),
        ] {
            let why = Inventory::default().add_interfaces(text).expect_err(text).why;
            assert!(why.contains(words), "{text}: {why}");
        }
    }
}
