//! What fields are made with: reads the files that the options name, before any log is read.

mod database;

use super::Error;
use super::flags::{Addresses, EnrichFlags};
use crate::decode::Network;
use crate::engine::{Columns, Options, Tally, occurs};
use crate::enrich::{About, AwsRanges, Enricher, Inside, Inventory, Labels, Prefixes, Wrong};
use crate::schema::{Enriched, FILLED, FieldName, escape, filled_by};
use crate::source::{Discovery, plain_error};
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Makes ready for a question about the fields that are `asked`, and returns what is worth a remark. A
/// field that neither can be made nor occurs in the input is refused.
pub fn settle(
    flags: &EnrichFlags,
    asked: &[FieldName],
    found: &Discovery,
    options: &mut Options,
) -> Result<Vec<String>, Error> {
    let mut enricher = enricher(flags)?;
    let mut notes = databases(flags, asked, &mut enricher)?;
    for field in asked {
        let Some(enriched) = field.enriched().filter(|_| !enricher.makes(field)) else { continue };
        if !occurs(field, &found.sources, options) {
            let found = if database::needed_for(enriched).is_some() { database::looked_for() } else { String::new() };
            return Err(Error::Usage(format!("'{}' needs {}{found}", enriched.name(), enriched.needs())));
        }
    }
    notes.extend(enricher.notes(asked));
    options.enricher = Arc::new(enricher);
    Ok(notes)
}

fn enricher(flags: &EnrichFlags) -> Result<Enricher, Error> {
    let labels = flags.labels.as_deref().map(|path| read("--labels", path, Labels::parse));
    let aws_ranges = flags.aws_ranges.as_deref().map(|path| read("--aws-ranges", path, AwsRanges::parse));
    let inventory = inventory(flags)?;
    let all = |networks: &[Network]| Arc::new(Prefixes::new(networks.iter().map(|network| (*network, 0))));
    let inside = match &inventory {
        _ if !flags.inside.is_empty() => Inside::Named(all(&flags.inside.concat())),
        Some(inventory) if inventory.has_subnets => Inside::Subnets(all(&inventory.subnet_networks())),
        _ => Inside::Private,
    };
    Ok(Enricher {
        interface_addresses: flags.addr == Addresses::Iface,
        inside,
        labels: labels.transpose()?.map(Arc::new),
        aws_ranges: aws_ranges.transpose()?.map(Arc::new),
        inventory: inventory.map(Arc::new),
        ..Enricher::default()
    })
}

/// Opens the databases that are named, and those that are asked for and can be found.
fn databases(flags: &EnrichFlags, asked: &[FieldName], enricher: &mut Enricher) -> Result<Vec<String>, Error> {
    let mut notes = Vec::new();
    for (option, named, about, place) in [
        ("--geo", &flags.geo, About::Places, &mut enricher.geo),
        ("--asn", &flags.asn, About::Networks, &mut enricher.asn),
    ] {
        let needed =
            || asked.iter().filter_map(|field| field.enriched()).any(|f| database::needed_for(f) == Some(about));
        let path = match named {
            Some(path) => path.clone(),
            None => match needed().then(|| database::find(about)).flatten() {
                Some(path) => path,
                None => continue,
            },
        };
        let opened = database::open(&path, option, about).map_err(|why| wrong(option, &path, why.into()))?;
        if named.is_none() {
            notes.push(database::used(option, &path, &opened));
        }
        *place = Some(Arc::new(opened));
    }
    Ok(notes)
}

/// What the account holds, if a file says anything of it.
fn inventory(flags: &EnrichFlags) -> Result<Option<Inventory>, Error> {
    type Add = fn(&mut Inventory, &str) -> Result<(), Wrong>;
    let files: [(&str, &[PathBuf], Add); 4] = [
        ("--enis", &flags.enis, Inventory::add_interfaces),
        ("--subnets", &flags.subnets, Inventory::add_subnets),
        ("--instances", &flags.instances, Inventory::add_instances),
        ("--security-groups", &flags.security_groups, Inventory::add_groups),
    ];
    let mut inventory = Inventory::default();
    let mut any = false;
    for (option, paths, add) in files {
        for path in paths {
            read(option, path, |text| add(&mut inventory, text))?;
            any = true;
        }
    }
    inventory.settle();
    Ok(any.then_some(inventory))
}

/// What a file begins with that is packed by gzip.
const GZIP: &[u8] = b"\x1f\x8b";

/// Reads a file of an option, packed by gzip or not.
fn read<T>(option: &str, path: &Path, parse: impl FnOnce(&str) -> Result<T, Wrong>) -> Result<T, Error> {
    let unpacked = |bytes: Vec<u8>| match bytes.starts_with(GZIP) {
        true => {
            let mut text = Vec::new();
            MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).map(|_| text)
        }
        false => Ok(bytes),
    };
    let bytes = std::fs::read(path).and_then(unpacked).map_err(|error| plain_error(&error).into());
    let parsed = bytes.and_then(|bytes| {
        if bytes.starts_with(GZIP) {
            return Err("packed twice by gzip; unpack it once with gunzip".into());
        }
        let text = str::from_utf8(&bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            Wrong::at(memchr::memchr_iter(b'\n', before).count() + 1, "expected text in UTF-8")
        })?;
        parse(text)
    });
    parsed.map_err(|why| wrong(option, path, why))
}

/// What is wrong with a file of an option.
fn wrong(option: &str, path: &Path, Wrong { line, why }: Wrong) -> Error {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    Error::Usage(format!("{option} {}{line}: {why}", escape(path.as_os_str().as_bytes())))
}

/// Documents have everything besides that is known of addresses and interfaces.
pub fn add_known(enricher: &Enricher, columns: &mut Columns, needed: &mut Vec<FieldName>) {
    let Columns::OwnAnd(more) = columns else { return };
    let told = Enriched::all().filter(|field| database::needed_for(*field).is_some()).map(FieldName::Enriched);
    let known = told.chain(FILLED.map(FieldName::Known)).filter(|field| enricher.makes(field));
    for field in known.filter(|field| !more.contains(field)).collect::<Vec<_>>() {
        needed.push(field.clone());
        more.push(field);
    }
}

/// What to say of a field of the question that no input has.
pub fn absent(field: &FieldName, tally: &Tally, options: &Options) -> Option<String> {
    let sources = options.enricher.sources(field);
    if sources.is_empty() {
        let made = field.known().map(filled_by).filter(|option| !option.is_empty());
        let made = made.map(|option| format!("; {option} would make it")).unwrap_or_default();
        return Some(format!("no input has the field '{}'{made}", field.name()));
    }
    let none = sources.iter().all(|source| !tally.fields.contains(source.name()));
    let names: Vec<String> = sources.iter().map(|source| format!("'{}'", source.name())).collect();
    none.then(|| format!("no input has a field that '{}' is made from: {}", field.name(), names.join(", ")))
}

/// What to say where a record counts under each of several values.
pub fn unfolded(lists: &[FieldName]) -> Option<String> {
    let names: Vec<&str> = lists.iter().map(FieldName::name).collect();
    let each = "a flow counts under each of its";
    (!names.is_empty())
        .then(|| format!("{each} {}, so that the sum of all rows can exceed the total", names.join(" and ")))
}
