//! What is known of the interface of a record.

use super::{Interface, Inventory};
use crate::enrich::{Binding, Enricher, Maker};
use crate::schema::{Enriched, Field, FieldName, list};
use std::borrow::Cow;

/// What of an interface, and where it stands in the log if it does.
type Of = for<'i> fn(&'i Inventory, &'i Interface) -> Cow<'i, str>;

fn of(field: &FieldName) -> Option<(Of, Option<Field>)> {
    let id = |own: Of| Some((own, None));
    match field {
        FieldName::Enriched(Enriched::InterfaceName) => id(|_, i| i.name.as_str().into()),
        FieldName::Enriched(Enriched::SecurityGroups) => {
            Some((|_, i| list(i.groups.iter().map(String::as_str)).into(), Some(Field::SecurityGroupIds)))
        }
        FieldName::Enriched(Enriched::SecurityGroupNames) => id(|all, i| all.group_names(&i.groups).into()),
        FieldName::Known(Field::InterfaceType) => id(|_, i| i.kind.as_str().into()),
        FieldName::Known(Field::VpcId) => id(|_, i| i.vpc.as_str().into()),
        FieldName::Known(Field::SubnetId) => id(|_, i| i.subnet.as_str().into()),
        FieldName::Known(Field::InstanceId) => id(|_, i| i.instance.as_str().into()),
        FieldName::Known(Field::AzId) => id(|_, i| i.az.as_str().into()),
        FieldName::Known(Field::Region) => id(|_, i| i.region.as_str().into()),
        _ => None,
    }
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let inventory = enricher.inventory.clone()?;
    let interface = binding.text(Field::InterfaceId);
    if let Some((of, own)) = of(field).filter(|_| inventory.has_interfaces) {
        let own = own.map(|field| binding.text(field));
        return Some(Box::new(move |batch, row, words| {
            if let Some(own) = own.and_then(|own| own.of(batch, row)) {
                return words.word(own);
            }
            let interface = interface.of(batch, row).and_then(|id| inventory.interface(id));
            interface.map_or_else(Default::default, |interface| words.word(of(&inventory, interface).as_bytes()))
        }));
    }
    // The name of what the log has, or of what is known of the interface.
    let (is_subnet, id) = match field.enriched()? {
        Enriched::SubnetName if inventory.has_subnets => (true, Field::SubnetId),
        Enriched::InstanceName if inventory.has_instances => (false, Field::InstanceId),
        _ => return None,
    };
    let id = binding.text(id);
    Some(Box::new(move |batch, row, words| {
        let own = id.of(batch, row).and_then(|id| std::str::from_utf8(id).ok());
        let known = || {
            let interface = inventory.interface(interface.of(batch, row)?)?;
            Some(if is_subnet { &interface.subnet[..] } else { &interface.instance })
        };
        let names = if is_subnet { &inventory.subnet_names } else { &inventory.instance_names };
        let name = own.or_else(known).and_then(|id| names.get(id));
        name.map_or_else(Default::default, |name| words.word(name.as_bytes()))
    }))
}
