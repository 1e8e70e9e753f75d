//! The interface on the other side of a flow, found by its address.

use super::{Interface, Inventory};
use crate::decode::Batch;
use crate::enrich::{Address, Binding, Enricher, Maker, Side, Text};
use crate::schema::{Enriched, Field, FieldName, list};
use std::borrow::Cow;
use std::sync::Arc;

struct Peers {
    inventory: Arc<Inventory>,
    interface: Text,
    vpc: Text,
    direction: Text,
    /// The addresses that the interface saw, and those of the packets.
    own: [Address; 2],
    packet: [Address; 2],
}

impl Peers {
    /// The other side: that which is not an own address of the record's interface.
    fn peer(&self, batch: &Batch<'_>, row: usize) -> Option<&Interface> {
        let interface = self.interface.of(batch, row).and_then(|id| self.inventory.interface(id));
        let owns = |side: usize| {
            let address = self.own[side].of(batch, row)?;
            interface.map(|interface| interface.owns(address))
        };
        let side = match (self.direction.of(batch, row), owns(0), owns(1)) {
            (Some(b"ingress"), ..) => 0,
            (Some(b"egress"), ..) => 1,
            (_, _, Some(true)) => 0,
            (_, Some(true), _) => 1,
            _ => return None,
        };
        let own = self.vpc.of(batch, row).and_then(|vpc| std::str::from_utf8(vpc).ok());
        let vpc = own.or(interface.map(|interface| &interface.vpc[..])).filter(|vpc| !vpc.is_empty());
        self.inventory.at(self.packet[side].of(batch, row)?, vpc)
    }
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let inventory = enricher.inventory.clone().filter(|inventory| inventory.has_interfaces)?;
    let of: for<'i> fn(&'i Inventory, &'i Interface) -> Cow<'i, str> = match field.enriched()? {
        Enriched::PeerInterface => |_, peer| peer.id.as_str().into(),
        Enriched::PeerInterfaceName => |_, peer| peer.name.as_str().into(),
        Enriched::PeerSecurityGroups => |_, peer| list(peer.groups.iter().map(String::as_str)).into(),
        Enriched::PeerSecurityGroupNames => |all, peer| all.group_names(&peer.groups).into(),
        _ => return None,
    };
    let sides = [Side::Source, Side::Destination];
    let peers = Peers {
        interface: binding.text(Field::InterfaceId),
        vpc: binding.text(Field::VpcId),
        direction: binding.text(Field::FlowDirection),
        own: sides.map(|side| binding.interface_address(side)),
        packet: sides.map(|side| binding.address(side)),
        inventory,
    };
    Some(Box::new(move |batch, row, words| match peers.peer(batch, row) {
        Some(peer) => words.word(of(&peers.inventory, peer).as_bytes()),
        None => Default::default(),
    }))
}
