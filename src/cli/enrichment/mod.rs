//! What fields are made with: reads the files that the options name, before any log is read.

mod database;

use super::Error;
use super::flags::{Addresses, EnrichFlags};
use crate::decode::Network;
use crate::engine::{Columns, Options, Tally, occurs};
use crate::enrich::{About, AwsRanges, Enricher, Inside, Inventory, Labels, Prefixes};
use crate::schema::{Enriched, FieldName, escape};
use crate::source::{Discovery, plain_error};
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
    let labels = flags.labels.as_deref().map(|path| {
        Labels::parse(&text("--labels", path)?).map_err(|(line, why)| wrong("--labels", path, Some(line), &why))
    });
    let aws_ranges = flags.aws_ranges.as_deref().map(|path| {
        AwsRanges::parse(&text("--aws-ranges", path)?).map_err(|why| wrong("--aws-ranges", path, None, &why))
    });
    let inventory = inventory(flags)?;
    let all = |networks: &[Network]| Arc::new(Prefixes::new(networks.iter().map(|network| (*network, 0))));
    let inside = match &inventory {
        _ if !flags.inside.is_empty() => Inside::Named(all(&flags.inside)),
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
        let opened = database::open(&path, option, about).map_err(|why| wrong(option, &path, None, &why))?;
        if named.is_none() {
            notes.push(database::used(option, &path, &opened));
        }
        *place = Some(Arc::new(opened));
    }
    Ok(notes)
}

/// What the account holds, if a file says anything of it.
fn inventory(flags: &EnrichFlags) -> Result<Option<Inventory>, Error> {
    type Add = fn(&mut Inventory, &str) -> Result<(), String>;
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
            add(&mut inventory, &text(option, path)?).map_err(|why| wrong(option, path, None, &why))?;
            any = true;
        }
    }
    inventory.settle();
    Ok(any.then_some(inventory))
}

fn text(option: &str, path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| wrong(option, path, None, &plain_error(&error)))
}

/// What is wrong with a file of an option.
fn wrong(option: &str, path: &Path, line: Option<usize>, why: &str) -> Error {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    Error::Usage(format!("{option} {}{line}: {why}", escape(path.as_os_str().as_bytes())))
}

/// Documents have places and networks of addresses besides, where there is a database for them.
pub fn add_places(flags: &EnrichFlags, columns: &mut Columns, needed: &mut Vec<FieldName>) {
    let Columns::OwnAnd(more) = columns else { return };
    let is_named = |enriched: &Enriched| match database::needed_for(*enriched) {
        Some(About::Places) => flags.geo.is_some(),
        Some(About::Networks) => flags.asn.is_some(),
        None => false,
    };
    let places: Vec<FieldName> = Enriched::all().filter(is_named).map(FieldName::Enriched).collect();
    needed.extend_from_slice(&places);
    more.extend(places);
}

/// What to say of a field of the question that no input has.
pub fn absent(field: &FieldName, tally: &Tally, options: &Options) -> Option<String> {
    let sources = options.enricher.sources(field);
    if sources.is_empty() {
        return Some(format!("no input has the field '{}'", field.name()));
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
