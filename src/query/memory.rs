//! How much memory the groups of a question may take, and where the rest goes.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// The memory of all workers together.
#[derive(Clone, Debug)]
pub struct Memory {
    /// In bytes; what exceeds it goes to disk.
    pub bytes: usize,
    pub workers: usize,
    pub directory: Arc<PathBuf>,
}

/// Texts may always take so much: 100,000 of the usual ones.
const LEAST_TEXTS: usize = 16 << 20;

impl Memory {
    /// As much as there is.
    pub fn unlimited() -> Memory {
        Memory { bytes: usize::MAX, workers: 1, directory: Arc::default() }
    }

    /// What one worker may take while `used` bytes are taken by what they share.
    pub fn share(&self, used: usize) -> usize {
        self.bytes.saturating_sub(used) / self.workers.max(1)
    }

    /// What flows may take that are held to be asked again.
    pub fn held(&self) -> usize {
        self.bytes / 2
    }

    /// What has become of groups that should have gone to disk, or come from there.
    pub fn failed(&self, error: io::Error) -> MemoryError {
        MemoryError::Disk { directory: self.directory.to_path_buf(), error }
    }

    /// What the texts of all keys may take: these cannot go to disk.
    pub fn texts(&self) -> usize {
        (self.bytes / 4 * 3).max(LEAST_TEXTS)
    }
}

/// Why groups cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    #[error("cannot keep groups on disk, in {}: {error}", .directory.display())]
    Disk { directory: PathBuf, error: io::Error },
    #[error("the texts that are grouped by take more than {limit} bytes")]
    Texts { limit: usize },
}
