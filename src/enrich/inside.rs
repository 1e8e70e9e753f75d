//! Whose address it is: one's own, or somebody else's.

use super::scope::scope;
use super::{Binding, Enricher, Maker, Prefixes, Side};
use crate::schema::{Enriched, FieldName, YES_NO};
use std::net::IpAddr;
use std::sync::Arc;

/// What lies inside.
#[derive(Clone, Debug, Default)]
pub enum Inside {
    /// Private addresses.
    #[default]
    Private,
    /// The networks that the user names.
    Named(Arc<Prefixes>),
    /// The networks of the user's subnets.
    Subnets(Arc<Prefixes>),
}

impl Inside {
    /// The rule, for a remark.
    pub fn note(&self) -> String {
        let rule = match self {
            Inside::Private => "private addresses (--inside CIDR,... names others)",
            Inside::Named(_) => "the networks of --inside",
            Inside::Subnets(_) => "the networks of --subnets (--inside CIDR,... names others)",
        };
        format!("inside are {rule}")
    }

    fn contains(&self, address: IpAddr) -> bool {
        match self {
            Inside::Private => scope(address) == "private",
            Inside::Named(networks) | Inside::Subnets(networks) => networks.contains(address),
        }
    }
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let side = match field.enriched()? {
        Enriched::SrcInside => Side::Source,
        Enriched::DstInside => Side::Destination,
        _ => return None,
    };
    let inside = enricher.inside.clone();
    let words = binding.words.all(YES_NO.iter().copied());
    binding.by_address(side, move |address, _| words[usize::from(!inside.contains(address))])
}
