//! A file that is read here and there, not from its beginning to its end.

use super::Mapped;
use super::read::changed_since;
use bytes::Bytes;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, Write};
use std::sync::Arc;

/// The bytes of a file, in memory as they are needed.
#[derive(Clone)]
pub enum Stored {
    Mapped(Arc<Mapped>),
    /// With whether the file changed meanwhile.
    Read(Bytes, bool),
}

impl Stored {
    /// The bytes of an open file: mapped, or read where that is not possible.
    pub fn new(mut file: &File, metadata: Metadata) -> io::Result<Stored> {
        if let Ok(mapped) = Mapped::new(file, metadata.clone()) {
            return Ok(Stored::Mapped(Arc::new(mapped)));
        }
        let mut bytes = Vec::new();
        file.rewind()?;
        file.take(metadata.len()).read_to_end(&mut bytes)?;
        let changed = (bytes.len() as u64) < metadata.len() || changed_since(file, &metadata);
        Ok(Stored::Read(bytes.into(), changed))
    }

    /// Starts to keep what cannot be read twice in a temporary file.
    pub fn spool() -> io::Result<Spool> {
        Ok(Spool(tempfile::tempfile()?))
    }

    /// All bytes; cheap.
    pub fn bytes(&self) -> Bytes {
        match self {
            Stored::Mapped(mapped) => Bytes::from_owner(Owner(mapped.clone())),
            Stored::Read(bytes, _) => bytes.clone(),
        }
    }

    /// Its size, in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Stored::Mapped(mapped) => mapped.bytes().len() as u64,
            Stored::Read(bytes, _) => bytes.len() as u64,
        }
    }

    /// Whether the file has changed since it was opened.
    pub fn changed(&self) -> bool {
        match self {
            Stored::Mapped(mapped) => mapped.changed(),
            Stored::Read(_, changed) => *changed,
        }
    }
}

/// A map as the owner of its bytes.
struct Owner(Arc<Mapped>);

impl AsRef<[u8]> for Owner {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes()
    }
}

/// A temporary file that is being filled.
pub struct Spool(File);

impl Spool {
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    pub fn finish(self) -> io::Result<Stored> {
        let metadata = self.0.metadata()?;
        Stored::new(&self.0, metadata)
    }
}
