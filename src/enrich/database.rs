//! Databases of the MaxMind DB format (.mmdb): where an address is, and whose network it is in. Those of
//! MaxMind and of DB-IP have the same layout.

use super::scope::scope;
use super::{Binding, Enricher, Made, Maker, Side};
use crate::schema::{Enriched, FieldName};
use foldhash::fast::RandomState;
use maxminddb::{LookupResult, PathElement, Reader, path};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

/// The bytes of a database.
pub trait Stored: Send + Sync {
    fn bytes(&self) -> &[u8];
    /// Whether they are no longer those that the file had when it was opened.
    fn changed(&self) -> bool;
}

struct Bytes(Arc<dyn Stored>);

struct Watched(Arc<dyn Stored>);

impl std::fmt::Debug for Watched {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.bytes().len())
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

/// What a database is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Countries and cities.
    Places,
    /// Autonomous systems.
    Networks,
}

impl About {
    /// Whether databases of this type tell it.
    fn fits(self, kind: &str) -> bool {
        let has = |words: &[&str]| words.iter().any(|word| kind.contains(word));
        match self {
            About::Places => has(&["City", "Country", "Enterprise", "Location"]),
            About::Networks => has(&["ASN", "ISP", "Enterprise"]),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            About::Places => "one of countries or cities, such as GeoLite2-City or DB-IP's City Lite",
            About::Networks => "one of autonomous systems, such as GeoLite2-ASN or DB-IP's ASN Lite",
        }
    }
}

/// A database.
#[derive(Debug)]
pub struct Database {
    reader: Reader<Bytes>,
    stored: Watched,
    /// What it is called in messages.
    name: String,
    /// What was wrong with it first.
    damage: OnceLock<String>,
}

impl Database {
    /// Opens a database and looks whether it tells what is wanted.
    pub fn open(stored: Arc<dyn Stored>, name: String, about: About) -> Result<Database, String> {
        if stored.bytes().starts_with(b"\x1f\x8b") {
            return Err("packed by gzip; unpack it with gunzip, as it is mapped into memory".into());
        }
        let reader = Reader::from_source(Bytes(stored.clone()));
        let reader = reader.map_err(|error| format!("no MaxMind DB (.mmdb): {error}"))?;
        let kind = &reader.metadata().database_type;
        match about.fits(kind) {
            true => Ok(Database { reader, stored: Watched(stored), name, damage: OnceLock::new() }),
            false => Err(format!("a database of type '{kind}'; expected {}", about.expected())),
        }
    }

    /// What it is, for a remark.
    pub fn kind(&self) -> &str {
        &self.reader.metadata().database_type
    }

    /// When it was built, in seconds since the epoch.
    pub fn built(&self) -> u64 {
        self.reader.metadata().build_epoch
    }

    /// Why what it told cannot be relied on, if so.
    pub fn damage(&self) -> Option<String> {
        let changed = || self.stored.0.changed().then(|| "the file has changed while it was read".to_string());
        let damage = self.damage.get().cloned().or_else(changed)?;
        Some(format!("{}: {damage}; some of its values are missing or wrong", self.name))
    }

    /// What stands for an address. Many networks share a record: what was made of it is `known` by its place.
    fn find(
        &self,
        address: IpAddr,
        known: &mut HashMap<usize, Made, RandomState>,
        find: impl FnOnce(&LookupResult<'_, Bytes>) -> Found,
    ) -> Made {
        // Addresses that are nobody's alone are in no country.
        if matches!(scope(address), "private" | "shared" | "loopback" | "link-local" | "multicast" | "unspecified") {
            return Made::None;
        }
        if address.is_ipv6() && self.reader.metadata().ip_version == 4 {
            return Made::None;
        }
        let found = self.reader.lookup(address).and_then(|result| match result.offset() {
            Some(place) => match known.entry(place) {
                Entry::Occupied(made) => Ok(*made.get()),
                Entry::Vacant(vacant) => find(&result).map(|made| *vacant.insert(made)),
            },
            None => Ok(Made::None),
        });
        found.unwrap_or_else(|error| {
            self.damage.get_or_init(|| error.to_string());
            Made::None
        })
    }
}

/// Most addresses of flows that no database tells of, at a glance.
fn is_private(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.is_private())
}

type Found = Result<Made, maxminddb::MaxMindDbError>;

/// The first text that stands at one of some places.
fn text<'r>(
    result: &LookupResult<'r, Bytes>,
    places: &[&[PathElement<'_>]],
) -> Result<&'r str, maxminddb::MaxMindDbError> {
    for place in places {
        if let Some(text) = result.decode_path::<&str>(place)? {
            return Ok(text);
        }
    }
    Ok("")
}

/// What of a place or a network a field is, and of which side.
fn wanted(field: Enriched) -> Option<(Side, Enriched)> {
    use Enriched::*;
    use Side::{Destination, Source};
    Some(match field {
        SrcCountry | SrcContinent | SrcCity | SrcRegion | SrcLocation | SrcAsn | SrcAsOrg => (Source, field),
        DstCountry => (Destination, SrcCountry),
        DstContinent => (Destination, SrcContinent),
        DstCity => (Destination, SrcCity),
        DstRegion => (Destination, SrcRegion),
        DstLocation => (Destination, SrcLocation),
        DstAsn => (Destination, SrcAsn),
        DstAsOrg => (Destination, SrcAsOrg),
        _ => return None,
    })
}

pub fn maker(enricher: &Enricher, field: &FieldName, binding: &mut Binding<'_>) -> Option<Maker> {
    let (side, what) = wanted(field.enriched()?)?;
    let networks = matches!(what, Enriched::SrcAsn | Enriched::SrcAsOrg);
    let database = if networks { enricher.asn.clone()? } else { enricher.geo.clone()? };
    let mut known = HashMap::default();
    if what == Enriched::SrcAsn {
        return binding.by_address_unless(is_private, side, move |address, _| {
            database.find(address, &mut known, |result| {
                let number = result.decode_path::<u32>(&path!["autonomous_system_number"])?;
                Ok(number.map_or(Made::None, |number| Made::Number(number.into())))
            })
        });
    }
    let places = places(what);
    binding.by_address_unless(is_private, side, move |address, words| {
        database.find(address, &mut known, |result| {
            if what == Enriched::SrcLocation {
                let degrees = |name| result.decode_path::<f64>(&path!["location", name]);
                let both = degrees("latitude")?.zip(degrees("longitude")?);
                return Ok(both.map_or(Made::None, |(lat, long)| words.word(format!("{lat},{long}").as_bytes())));
            }
            let places: Vec<&[PathElement<'_>]> = places.iter().map(Vec::as_slice).collect();
            Ok(words.word(text(result, &places)?.as_bytes()))
        })
    })
}

/// Where a field stands in the database: the first place that has a text.
fn places(what: Enriched) -> Vec<Vec<PathElement<'static>>> {
    let place = |elements: &[PathElement<'static>]| elements.to_vec();
    match what {
        Enriched::SrcCountry => {
            vec![place(&path!["country", "iso_code"]), place(&path!["registered_country", "iso_code"])]
        }
        Enriched::SrcContinent => vec![place(&path!["continent", "code"])],
        Enriched::SrcCity => vec![place(&path!["city", "names", "en"])],
        Enriched::SrcRegion => {
            vec![place(&path!["subdivisions", 0, "names", "en"]), place(&path!["subdivisions", 0, "iso_code"])]
        }
        Enriched::SrcAsOrg => vec![place(&path!["autonomous_system_organization"])],
        _ => vec![],
    }
}

impl Enricher {
    /// Why values of databases cannot be relied on, if so.
    pub fn damage(&self) -> Vec<String> {
        [&self.geo, &self.asn].into_iter().flatten().filter_map(|database| database.damage()).collect()
    }
}
