//! Finds and opens databases of places and networks.

use crate::enrich::{About, Database, Stored};
use crate::report::plain;
use crate::schema::{Enriched, Value, escape};
use crate::source::{Mapped, plain_error};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the databases are called, the best first; dates may stand behind.
const PLACES: [&str; 6] =
    ["GeoIP2-City", "GeoLite2-City", "dbip-city-lite", "GeoIP2-Country", "GeoLite2-Country", "dbip-country-lite"];
const NETWORKS: [&str; 3] = ["GeoIP2-ISP", "GeoLite2-ASN", "dbip-asn-lite"];

const FOLDERS: [&str; 3] = ["/usr/local/share/GeoIP", "/usr/share/GeoIP", "/var/lib/GeoIP"];

/// A file, in memory as it stands on the disk.
struct MappedFile(Mapped);

impl Stored for MappedFile {
    fn bytes(&self) -> &[u8] {
        self.0.bytes()
    }

    fn changed(&self) -> bool {
        self.0.changed()
    }
}

/// A file that was read.
struct Copied(Vec<u8>);

impl Stored for Copied {
    fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn changed(&self) -> bool {
        false
    }
}

/// Which database a field needs.
pub fn needed_for(field: Enriched) -> Option<About> {
    match field.needs() {
        needs if needs.starts_with("--geo") => Some(About::Places),
        needs if needs.starts_with("--asn") => Some(About::Networks),
        _ => None,
    }
}

/// Opens a database.
pub fn open(path: &Path, option: &str, about: About) -> Result<Database, String> {
    let mut file = File::open(path).map_err(|error| plain_error(&error))?;
    let metadata = file.metadata().map_err(|error| plain_error(&error))?;
    let mapped = if metadata.is_file() && metadata.len() > 0 { Mapped::new(&file, metadata).ok() } else { None };
    let stored: Arc<dyn Stored> = match mapped {
        Some(mapped) => Arc::new(MappedFile(mapped)),
        None => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).map_err(|error| plain_error(&error))?;
            Arc::new(Copied(bytes))
        }
    };
    Database::open(stored, format!("{option} {}", shown(path)), about)
}

/// A database in one of the usual folders: the best, and of several dates the latest.
pub fn find(about: About) -> Option<PathBuf> {
    let names: &[&str] = if about == About::Places { &PLACES } else { &NETWORKS };
    names.iter().find_map(|name| folders().iter().find_map(|folder| latest(folder, name)))
}

fn folders() -> Vec<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let data = variable("XDG_DATA_HOME").or_else(|| Some(variable("HOME")?.join(".local/share")));
    data.map(|data| data.join("GeoIP")).into_iter().chain(FOLDERS.map(PathBuf::from)).collect()
}

fn latest(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let fits = |path: &PathBuf| {
        let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
        let rest = file.strip_prefix(name).and_then(|rest| rest.strip_suffix(".mmdb"));
        rest.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '_' | '.')))
    };
    entries.filter(fits).max()
}

/// Where databases have been looked for.
pub fn looked_for() -> String {
    let folders: Vec<String> = folders().iter().map(|folder| shown(folder)).collect();
    format!("; there is none in {}", folders.join(", "))
}

/// Says which database was found.
pub fn used(option: &str, path: &Path, database: &Database) -> String {
    let built = plain(&Value::Time(database.built()));
    format!("{option} {} is used: {}, built {built}", shown(path), database.kind())
}

fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_bytes())
}
