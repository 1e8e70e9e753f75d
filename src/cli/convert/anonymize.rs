//! `--anonymize`: the key and its file, and records that are replaced on their way to the result.

use super::target::Target;
use crate::anonymize::{Anonymizer, Key, KeyError, Mapper, is_unknown};
use crate::cli::Error;
use crate::engine::Encode;
use crate::schema::{Field, Heading, Record, escape};
use crate::source::{Discovery, Partition, Source, plain_error};
use std::collections::BTreeSet;
use std::fs::{File, Metadata};
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// A file that is longer, in bytes, is not read to its end.
const LONGEST: u64 = 4096;

/// Who else may read a file: its group, and all others.
const OTHERS: u32 = 0o044;

const HOW: &str = "a key is 32 bytes, or 64 hexadecimal digits; `(umask 077; openssl rand -hex 32 > key)` makes one";

/// What was read from the file of a key.
pub struct Disguise {
    anonymizer: Arc<Anonymizer>,
    /// The file, as the user named it.
    shown: String,
    metadata: Metadata,
    /// Fields that are not known, and so replaced.
    unknown: Arc<Mutex<BTreeSet<String>>>,
}

impl Disguise {
    /// Reads a key. What is in the file is not shown, whatever it is.
    pub fn read(path: &Path) -> Result<Disguise, Error> {
        let shown = escape(path.as_os_str().as_bytes());
        let failed = |error| Error::Usage(format!("--anonymize: cannot read {shown}: {}; {HOW}", plain_error(&error)));
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let mut bytes = Vec::new();
        file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        let key = Key::parse(&bytes).map_err(|error| {
            let found = match error {
                KeyError::Length(length) if length as u64 > LONGEST => format!("found more than {LONGEST} bytes"),
                error => error.to_string(),
            };
            Error::Usage(format!("--anonymize: {shown} is no key: {found}; {HOW}"))
        })?;
        Ok(Disguise { anonymizer: Arc::new(Anonymizer::new(&key)), shown, metadata, unknown: Arc::default() })
    }

    /// Keeps the key out of what is read, and what is written out of its file.
    pub fn guard(&self, target: &Target, found: &mut Discovery) -> Result<(), Error> {
        let is_key = |metadata: &Metadata| {
            metadata.is_file() && (metadata.dev(), metadata.ino()) == (self.metadata.dev(), self.metadata.ino())
        };
        if target.old().is_some_and(is_key) {
            let why = "the result would replace the key; name another file";
            return Err(Error::Usage(format!("--out: {} is the file of --anonymize; {why}", target.shown())));
        }
        let is_log = |source: &Source| {
            let metadata = source.path.as_ref().and_then(|path| path.metadata().ok());
            !metadata.is_some_and(|metadata| is_key(&metadata))
        };
        let before = found.sources.len();
        found.sources.retain(is_log);
        found.skipped += (before - found.sources.len()) as u64;
        Ok(())
    }

    /// Records become what `inner` makes of their replacements.
    pub fn encoder(&self, inner: Box<dyn Encode>) -> Box<dyn Encode> {
        let mapper = Mapper::new(self.anonymizer.clone());
        Box::new(Disguised { inner, mapper, unknown: self.unknown.clone() })
    }

    /// The partition of records that are replaced.
    pub fn partition(&self, partition: &Partition) -> Partition {
        partition.renamed(
            |account| self.anonymizer.text(Field::AccountId, account),
            |region| self.anonymizer.text(Field::Region, region),
        )
    }

    /// What is worth a remark.
    pub fn notes(&self) -> Vec<String> {
        let mode = self.metadata.permissions().mode();
        let open = (self.metadata.is_file() && mode & OTHERS > 0).then(|| {
            format!(
                "{}: other users can read this key (mode {:04o}), and with it undo what was replaced; chmod 600 keeps \
                 them out",
                self.shown,
                mode & 0o7777
            )
        });
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<&str> = unknown.iter().map(String::as_str).collect();
        let replaced = (!names.is_empty()).then(|| {
            format!(
                "fields that vpcflow does not know are replaced as a whole, and keep their names: {}",
                names.join(", ")
            )
        });
        open.into_iter().chain(replaced).collect()
    }
}

/// Encodes replacements.
struct Disguised {
    inner: Box<dyn Encode>,
    mapper: Mapper,
    unknown: Arc<Mutex<BTreeSet<String>>>,
}

impl Encode for Disguised {
    fn columns(&mut self, columns: &[Heading]) {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.extend(
            columns.iter().filter(|heading| is_unknown(heading)).map(|heading| escape(heading.name.as_bytes())),
        );
        drop(unknown);
        self.mapper.columns(columns);
        self.inner.columns(columns);
    }

    fn row(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        let Record { number, .. } = *record;
        let inner = &mut self.inner;
        self.mapper.row(record.cells, |cells| inner.row(&Record { cells, line: b"", path: b"", number }, out));
    }
}
