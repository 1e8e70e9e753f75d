//! Which way a flow went, where the log does not say: by the interface's own addresses, and by subnets.

use super::Inventory;
use crate::decode::Batch;
use crate::enrich::{Address, Binding, Enricher, Maker, Side, Text};
use crate::schema::{Field, FieldName};
use std::sync::Arc;

struct Sides {
    inventory: Arc<Inventory>,
    interface: Text,
    vpc: Text,
    source: Address,
    destination: Address,
}

impl Sides {
    /// In to one of the interface's own addresses, or out from one.
    fn way(&self, batch: &Batch<'_>, row: usize) -> Option<&'static str> {
        let interface = self.inventory.interface(self.interface.of(batch, row)?)?;
        let owns = |address: Address| address.of(batch, row).is_some_and(|address| interface.owns(address));
        match (owns(self.destination), owns(self.source)) {
            (true, _) => Some("ingress"),
            (_, true) => Some("egress"),
            _ => None,
        }
    }

    /// Whether both sides are in one subnet.
    fn is_internal(&self, batch: &Batch<'_>, row: usize) -> bool {
        let (Some(source), Some(destination)) = (self.source.of(batch, row), self.destination.of(batch, row)) else {
            return false;
        };
        let interface = self.interface.of(batch, row).and_then(|id| self.inventory.interface(id));
        let own = self.vpc.of(batch, row).and_then(|vpc| std::str::from_utf8(vpc).ok());
        let vpc = own.or(interface.map(|interface| &interface.vpc[..])).filter(|vpc| !vpc.is_empty());
        if self.inventory.has_subnets {
            return self.inventory.same_subnet(source, destination, vpc);
        }
        let subnet = |address| self.inventory.at(address, vpc).map(|found| &found.subnet).filter(|id| !id.is_empty());
        subnet(source).is_some_and(|id| subnet(destination) == Some(id))
    }
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let inventory = enricher.inventory.clone()?;
    let sides = Sides {
        interface: binding.text(Field::InterfaceId),
        vpc: binding.text(Field::VpcId),
        source: binding.interface_address(Side::Source),
        destination: binding.interface_address(Side::Destination),
        inventory,
    };
    let inventory = &sides.inventory;
    match field {
        FieldName::Known(Field::FlowDirection) if inventory.has_interfaces => {
            Some(Box::new(move |batch, row, words| words.word(sides.way(batch, row).unwrap_or_default().as_bytes())))
        }
        FieldName::Known(Field::Direction) if inventory.has_interfaces || inventory.has_subnets => {
            let told = binding.text(Field::FlowDirection);
            Some(Box::new(move |batch, row, words| {
                if sides.is_internal(batch, row) {
                    return words.word(b"internal");
                }
                match told.of(batch, row) {
                    Some(told) => words.word(told),
                    None => words.word(sides.way(batch, row).unwrap_or_default().as_bytes()),
                }
            }))
        }
        _ => None,
    }
}
