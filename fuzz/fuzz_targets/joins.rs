//! Files that say who is who: whatever is in them, what is wrong is told with a line that there is, and
//! what is right is found as a slow twin finds it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::net::IpAddr;
use vpcflow::decode::Network;
use vpcflow::enrich::{AwsRanges, Inventory, Labels, Wrong};

fuzz_target!(|input: (u8, Vec<IpAddr>, &str)| {
    let (which, addresses, text) = input;
    let wrong = match which % 6 {
        0 => labels(text, &addresses),
        1 => ranges(text, &addresses),
        which => inventory(text, which),
    };
    if let Err(Wrong { line, why }) = wrong {
        assert!(!why.is_empty());
        // What ends in a newline is told to end in the line behind it.
        assert!(line.is_none_or(|line| (1..=text.split('\n').count()).contains(&line)), "{line:?}: {why}");
    }
});

/// The longest of some networks that holds an address, and of equal ones the first.
fn longest<T>(networks: &[(Network, T)], address: IpAddr) -> Option<&T> {
    let holds = |network: &Network| {
        network.first.is_ipv4() == address.is_ipv4() && (network.first..=network.last()).contains(&address)
    };
    let holding = networks.iter().rev().filter(|(network, _)| holds(network));
    holding.max_by_key(|(network, _)| network.length).map(|(_, value)| value)
}

fn addresses_of<T>(networks: &[(Network, T)], more: &[IpAddr]) -> Vec<IpAddr> {
    let own = networks.iter().flat_map(|(network, _)| [network.first, network.last()]);
    own.chain(more.iter().copied()).collect()
}

/// Labels are those that another reader of CSV finds.
fn labels(text: &str, more: &[IpAddr]) -> Result<(), Wrong> {
    let labels = Labels::parse(text)?;
    let cells = |line: &str| -> Vec<String> {
        let cells = line.split_once(',').map_or(line.into(), |(a, b)| format!("{},{}", a.trim(), b.trim()));
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(cells.as_bytes());
        reader.records().next().expect("a row").expect("UTF-8").iter().map(String::from).collect()
    };
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let rows = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(cells);
    let networks: Vec<(Network, String)> = rows
        .enumerate()
        .filter_map(|(i, row)| match Network::parse(row[0].trim()) {
            Some(network) => Some((network, row[1].clone())),
            None => (i > 0).then(|| panic!("{row:?}")),
        })
        .collect();
    for address in addresses_of(&networks, more) {
        assert_eq!(labels.of(address), longest(&networks, address).map(String::as_str), "{address}");
    }
    Ok(())
}

/// The longest range of a service counts; AMAZON counts where there is no other.
fn ranges(text: &str, more: &[IpAddr]) -> Result<(), Wrong> {
    let ranges = AwsRanges::parse(text)?;
    let whole: serde_json::Value = serde_json::from_str(text).expect("JSON");
    let list = |list: &str, key: &'static str| {
        let entries = whole[list].as_array().cloned().unwrap_or_default();
        let entry = move |entry: serde_json::Value| {
            let text = |key: &str| entry[key].as_str().expect("text").to_string();
            (Network::parse(&text(key)).expect("a network"), (text("service"), text("region")))
        };
        entries.into_iter().map(entry)
    };
    let mut all: Vec<_> = list("prefixes", "ip_prefix").chain(list("ipv6_prefixes", "ipv6_prefix")).collect();
    // Of equal networks, the service counts that comes first.
    all.sort_by(|a, b| a.1.cmp(&b.1));
    let (amazon, services): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, (service, _))| service == "AMAZON");
    for address in addresses_of(&services, more).into_iter().chain(addresses_of(&amazon, &[])) {
        let expected = longest(&services, address).or_else(|| longest(&amazon, address));
        assert_eq!(ranges.owner(address), expected, "{address}");
    }
    Ok(())
}

/// What is told twice is told once.
fn inventory(text: &str, which: u8) -> Result<(), Wrong> {
    let add = [Inventory::add_interfaces, Inventory::add_subnets, Inventory::add_instances, Inventory::add_groups]
        [usize::from(which - 2)];
    let [mut once, mut twice] = [Inventory::default(), Inventory::default()];
    add(&mut once, text)?;
    add(&mut twice, text)?;
    add(&mut twice, text)?;
    once.settle();
    twice.settle();
    for word in text.split('"') {
        assert_eq!(once.primary_address(word.as_bytes()), twice.primary_address(word.as_bytes()));
    }
    assert_eq!(once.ambiguous(), twice.ambiguous());
    Ok(())
}
