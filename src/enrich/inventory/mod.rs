//! What the user's account holds, from what `aws ec2 describe-...` printed: interfaces, and the names of
//! subnets, instances and security groups.
//!
//! A snapshot is of one moment: interfaces that are gone are not in it, and addresses are used again. An
//! address is unique within a VPC only, so that it is looked up together with the VPC where that is known.

mod direction;
mod own;
mod peer;
mod read;

pub use direction::maker as direction_maker;
pub use own::maker as own_maker;
pub use peer::maker as peer_maker;

use super::Prefixes;
use crate::decode::Network;
use crate::schema::list;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;

/// Everything that was read.
#[derive(Debug, Default)]
pub struct Inventory {
    interfaces: Vec<Interface>,
    by_id: HashMap<String, usize, RandomState>,
    /// The interfaces that have an address, in the order of the files.
    by_address: HashMap<IpAddr, Vec<usize>, RandomState>,
    /// Prefixes that are delegated to interfaces: those of one network stand together.
    delegated: Prefixes,
    of_network: Vec<Vec<usize>>,
    subnets: Vec<Subnet>,
    subnet_names: BTreeMap<String, String>,
    /// The subnets of each VPC: several VPCs may have the same addresses.
    of_vpc: BTreeMap<String, Prefixes>,
    instance_names: BTreeMap<String, String>,
    group_names: BTreeMap<String, String>,
    /// Which kinds of file have been read.
    pub has_interfaces: bool,
    pub has_subnets: bool,
    pub has_instances: bool,
    pub has_groups: bool,
}

/// A network interface.
#[derive(Debug, Default)]
struct Interface {
    id: String,
    name: String,
    kind: String,
    groups: Vec<String>,
    vpc: String,
    subnet: String,
    instance: String,
    az: String,
    region: String,
    /// Its own addresses, the primary first, without public ones.
    addresses: Vec<IpAddr>,
    own: HashSet<IpAddr, RandomState>,
    public: Vec<IpAddr>,
    delegated: Vec<Network>,
}

#[derive(Debug)]
struct Subnet {
    vpc: String,
    networks: Vec<Network>,
}

impl Interface {
    /// Whether an address is its own.
    fn owns(&self, address: IpAddr) -> bool {
        self.own.contains(&address)
            || self.delegated.iter().any(|network| (network.first..=network.last()).contains(&address))
    }
}

impl Inventory {
    /// Makes what was read ready to be looked up.
    pub fn settle(&mut self) {
        for (i, interface) in self.interfaces.iter_mut().enumerate() {
            interface.own = interface.addresses.iter().copied().collect();
            for address in interface.addresses.iter().chain(&interface.public) {
                let known = self.by_address.entry(*address).or_default();
                if !known.contains(&i) {
                    known.push(i);
                }
            }
        }
        let delegated = self.interfaces.iter().enumerate();
        let delegated = delegated.flat_map(|(i, interface)| interface.delegated.iter().map(move |n| (*n, i)));
        (self.delegated, self.of_network) = grouped(delegated);
        let mut of_vpc: BTreeMap<&str, Vec<(Network, u32)>> = BTreeMap::new();
        for (i, subnet) in self.subnets.iter().enumerate() {
            let networks = subnet.networks.iter().map(|network| (*network, i as u32));
            of_vpc.entry(&subnet.vpc).or_default().extend(networks);
        }
        self.of_vpc = of_vpc.into_iter().map(|(vpc, networks)| (vpc.to_string(), Prefixes::new(networks))).collect();
    }

    /// An interface, by its id.
    fn interface(&self, id: &[u8]) -> Option<&Interface> {
        let number = self.by_id.get(std::str::from_utf8(id).ok()?)?;
        self.interfaces.get(*number)
    }

    /// The interface that has an address: that of the VPC, else the only one.
    fn at(&self, address: IpAddr, vpc: Option<&str>) -> Option<&Interface> {
        let having = self.by_address.get(&address).map(Vec::as_slice);
        let having = having.or_else(|| {
            let network = self.delegated.get(address)?;
            self.of_network.get(network as usize).map(Vec::as_slice)
        })?;
        let within = |i: &&usize| vpc.is_some_and(|vpc| self.interfaces[**i].vpc == vpc);
        let only = if having.len() == 1 { having.first() } else { None };
        having.iter().find(within).or(only).map(|i| &self.interfaces[*i])
    }

    /// Whether two addresses lie in one subnet: of the VPC, or where that is not known, in every VPC that
    /// has both.
    fn same_subnet(&self, a: IpAddr, b: IpAddr, vpc: Option<&str>) -> bool {
        let same = |subnets: &Prefixes| Some(subnets.get(a)? == subnets.get(b)?);
        match vpc {
            Some(vpc) => self.of_vpc.get(vpc).and_then(same).unwrap_or(false),
            None => {
                let mut told = self.of_vpc.values().filter_map(same).peekable();
                told.peek().is_some() && told.all(|same| same)
            }
        }
    }

    /// The networks of the subnets.
    pub fn subnet_networks(&self) -> Vec<Network> {
        self.subnets.iter().flat_map(|subnet| subnet.networks.iter().copied()).collect()
    }

    /// The address that an interface is known by: its primary one.
    pub fn primary_address(&self, interface: &[u8]) -> Option<IpAddr> {
        self.interface(interface)?.addresses.first().copied()
    }

    /// How many addresses several interfaces have.
    pub fn ambiguous(&self) -> usize {
        self.by_address.values().filter(|having| having.len() > 1).count()
    }

    /// The names of security groups, as a list; the id of one without a name.
    fn group_names(&self, groups: &[String]) -> String {
        list(groups.iter().map(|id| &self.group_names.get(id).unwrap_or(id)[..]))
    }
}

/// Networks, each with all that have it.
fn grouped(having: impl Iterator<Item = (Network, usize)>) -> (Prefixes, Vec<Vec<usize>>) {
    let mut all: BTreeMap<Network, Vec<usize>> = BTreeMap::new();
    having.for_each(|(network, number)| all.entry(network).or_default().push(number));
    let prefixes = Prefixes::new(all.keys().enumerate().map(|(i, network)| (*network, i as u32)));
    (prefixes, all.into_values().collect())
}
