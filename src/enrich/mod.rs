//! Columns made from columns: what kind of address it is, whose, where; who began; names for numbers.
//!
//! An `Enricher` holds what the files of the user say, is made once, and is shared by all workers.
//! `Enricher::bind` makes one worker's share, or nothing where a question asks for no such column: then
//! batches pass as they were decoded. A value that the log has itself always stays.

mod aws_ranges;
mod database;
mod inside;
mod inventory;
mod labels;
mod made;
mod prefixes;
mod scope;
mod service;
mod words;
mod wrong;

use crate::decode::Batch;
use crate::schema::{Enriched, FILLED, Field, FieldName, filled_from};
pub use aws_ranges::AwsRanges;
pub use database::{About, Database, Stored};
pub use inside::Inside;
pub use inventory::Inventory;
pub use labels::Labels;
pub use made::Enrich;
use made::Words;
pub use prefixes::Prefixes;
use std::net::IpAddr;
use std::sync::Arc;
pub use wrong::Wrong;

/// What columns are made with.
#[derive(Debug, Default)]
pub struct Enricher {
    /// Addresses are those of the interface, even where the log has those of the packets.
    pub interface_addresses: bool,
    /// What lies inside.
    pub inside: Inside,
    pub labels: Option<Arc<Labels>>,
    pub aws_ranges: Option<Arc<AwsRanges>>,
    pub inventory: Option<Arc<Inventory>>,
    pub geo: Option<Arc<Database>>,
    pub asn: Option<Arc<Database>>,
}

/// Makes the value of a record.
pub type Maker = Box<dyn FnMut(&Batch<'_>, usize, &mut Words) -> Made + Send>;

/// A value that was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Made {
    #[default]
    None,
    /// Its number among the words of the column.
    Word(u32),
    Number(u64),
}

/// Makes the maker of a field, if it is one of its own, and what it needs is there.
type Enrichment = fn(&Enricher, &FieldName, &mut Binding<'_>) -> Option<Maker>;

/// The enrichments: one file each.
const ENRICHMENTS: [Enrichment; 10] = [
    scope::maker,
    inside::maker,
    service::maker,
    words::maker,
    labels::maker,
    aws_ranges::maker,
    inventory::own_maker,
    inventory::direction_maker,
    inventory::peer_maker,
    database::maker,
];

/// The side of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
}

impl Enricher {
    /// One worker's share for batches whose first columns are `fields`, of which the columns from `kept` on
    /// are needed for nothing else; `None` if there is nothing to do.
    pub fn bind(&self, fields: &[FieldName], kept: usize) -> Option<Enrich> {
        let columns = fields.iter().enumerate().filter_map(|(column, field)| {
            let mut words = Words::default();
            let maker = self.maker(field, fields, &mut words)?;
            Some(made::Column::new(column, field.kind(), maker, words))
        });
        let columns: Vec<made::Column> = columns.collect();
        (!columns.is_empty()).then(|| Enrich::new(columns, kept))
    }

    /// These fields, and behind them those that columns of theirs are made from. With `all`, every field
    /// of the log that can be filled is among them.
    pub fn with_sources(&self, fields: &[FieldName], all: bool) -> Vec<FieldName> {
        let mut wanted = fields.to_vec();
        let mut add = |field: Field| {
            if !wanted.contains(&field.into()) {
                wanted.push(field.into());
            }
        };
        let filled = FILLED.into_iter().filter(|field| all && self.makes(&(*field).into()));
        let filled: Vec<Field> = filled.collect();
        filled.iter().for_each(|field| add(*field));
        let made = fields.iter().cloned().chain(filled.into_iter().map(FieldName::from));
        made.flat_map(|field| self.sources(&field)).for_each(add);
        wanted
    }

    /// The fields that a field is made from; none if it is not made.
    pub fn sources(&self, field: &FieldName) -> Vec<Field> {
        let sources = match field {
            FieldName::Enriched(field) => field.sources(),
            FieldName::Known(field) => filled_from(*field),
            FieldName::Other(_) => &[],
        };
        let sources = sources.iter().copied().filter(|source| self.uses(*source));
        if self.makes(field) { sources.collect() } else { vec![] }
    }

    /// Whether it can make the values of a field.
    pub fn makes(&self, field: &FieldName) -> bool {
        self.maker(field, &[], &mut Words::default()).is_some()
    }

    /// What is worth a remark about these fields.
    pub fn notes(&self, fields: &[FieldName]) -> Vec<String> {
        let asks =
            |wanted: &[Enriched]| fields.iter().any(|field| field.enriched().is_some_and(|f| wanted.contains(&f)));
        let mut notes = Vec::new();
        if asks(&[Enriched::SrcInside, Enriched::DstInside]) {
            notes.push(self.inside.note());
        }
        let ambiguous = self.inventory.as_ref().map_or(0, |inventory| inventory.ambiguous());
        let peers = [
            Enriched::PeerInterface,
            Enriched::PeerInterfaceName,
            Enriched::PeerSecurityGroups,
            Enriched::PeerSecurityGroupNames,
        ];
        if ambiguous > 0 && asks(&peers) {
            notes.push(format!(
                "--enis: addresses that several interfaces have: {ambiguous}; they are told apart by the VPC alone"
            ));
        }
        notes
    }

    fn uses(&self, source: Field) -> bool {
        !(self.interface_addresses && matches!(source, Field::PktSrcIp | Field::PktDstIp))
    }

    fn maker(&self, field: &FieldName, fields: &[FieldName], words: &mut Words) -> Option<Maker> {
        let mut binding = Binding { enricher: self, fields, words };
        ENRICHMENTS.iter().find_map(|enrichment| enrichment(self, field, &mut binding))
    }
}

/// What is remembered of an address is fetched so many rows before it is needed.
const AHEAD: usize = 16;

/// Where a maker finds what it reads.
struct Binding<'b> {
    enricher: &'b Enricher,
    fields: &'b [FieldName],
    /// The words of the column.
    words: &'b mut Words,
}

impl Binding<'_> {
    fn column(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|name| *name == field.into()).filter(|_| self.enricher.uses(field))
    }

    fn number(&self, field: Field) -> Number {
        Number(self.column(field))
    }

    fn text(&self, field: Field) -> Text {
        Text(self.column(field))
    }

    /// The address that the interface saw.
    fn interface_address(&self, side: Side) -> Address {
        let Address([_, own]) = self.address(side);
        Address([None, own])
    }

    fn address(&self, side: Side) -> Address {
        let (packet, own) = match side {
            Side::Source => (Field::PktSrcIp, Field::SrcIp),
            Side::Destination => (Field::PktDstIp, Field::DstIp),
        };
        Address([self.column(packet), self.column(own)])
    }

    /// The maker of what depends on an address alone: it is found once for each, as far as memory is
    /// kept for it.
    fn by_address(&self, side: Side, find: impl FnMut(IpAddr, &mut Words) -> Made + Send + 'static) -> Option<Maker> {
        self.by_address_unless(|_| false, side, find)
    }

    /// The same, but there is no value for those addresses that are seen to have none more quickly than it
    /// is found.
    fn by_address_unless(
        &self,
        has_none: impl Fn(IpAddr) -> bool + Send + 'static,
        side: Side,
        mut find: impl FnMut(IpAddr, &mut Words) -> Made + Send + 'static,
    ) -> Option<Maker> {
        let address = self.address(side);
        let mut memo = made::Memo::default();
        Some(Box::new(move |batch, row, words| {
            let ahead = row + AHEAD;
            if let Some(address) = (ahead < batch.rows()).then(|| address.of(batch, ahead)).flatten() {
                memo.expect(address);
            }
            match address.of(batch, row) {
                Some(address) if !has_none(address) => memo.get(address, |address| find(address, words)),
                _ => Made::None,
            }
        }))
    }
}

/// A column of numbers.
#[derive(Clone, Copy)]
struct Number(Option<usize>);

impl Number {
    #[inline]
    fn of(self, batch: &Batch<'_>, row: usize) -> Option<u64> {
        let numbers = batch.columns[self.0?].as_number()?;
        numbers.present[row].then(|| numbers.values[row])
    }
}

/// A column of text.
#[derive(Clone, Copy)]
struct Text(Option<usize>);

impl Text {
    #[inline]
    fn of<'t>(self, batch: &'t Batch<'_>, row: usize) -> Option<&'t [u8]> {
        let text = batch.columns[self.0?].as_text()?.bytes(row, batch.text);
        (!text.is_empty()).then_some(text)
    }
}

/// Columns of addresses, of which the first that has a value counts.
#[derive(Clone, Copy)]
struct Address([Option<usize>; 2]);

impl Address {
    #[inline]
    fn of(self, batch: &Batch<'_>, row: usize) -> Option<IpAddr> {
        self.0.into_iter().flatten().find_map(|column| {
            let addresses = batch.columns[column].as_ip()?;
            match addresses.family[row] {
                4 => Some(IpAddr::V4(addresses.v4[row].into())),
                6 => Some(IpAddr::V6(addresses.v6_of(row).into())),
                _ => None,
            }
        })
    }
}
