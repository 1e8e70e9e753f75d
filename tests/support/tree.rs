//! A directory of logs that goes away at the end of the test.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

pub struct Tree {
    root: tempfile::TempDir,
}

impl Tree {
    /// An empty directory that every user can enter.
    pub fn new() -> Tree {
        let root = tempfile::tempdir().expect("a directory");
        set_mode(root.path(), 0o755);
        Tree { root }
    }

    /// A tree with one file.
    pub fn of(name: &str, bytes: impl AsRef<[u8]>) -> Tree {
        Tree::new().file(name, bytes)
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root().join(name)
    }

    /// One more file; its directories are made.
    pub fn file(self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> Tree {
        self.write(name, bytes);
        self
    }

    /// One more file, gzipped.
    pub fn gz(self, name: impl AsRef<Path>, text: impl AsRef<[u8]>) -> Tree {
        self.write(name, gzip(text));
        self
    }

    /// Writes a file; its directories are made.
    pub fn write(&self, name: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        fs::write(path, bytes).expect("a file");
    }
}

/// The text as one gzip member.
pub fn gzip(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_ref()).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

/// The text as several gzip members, split at these places.
pub fn members(text: impl AsRef<[u8]>, cuts: &[usize]) -> Vec<u8> {
    let text = text.as_ref();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (text.len() + 1)).collect();
    cuts.sort_unstable();
    let starts = std::iter::once(0).chain(cuts.iter().copied());
    let ends = cuts.iter().copied().chain([text.len()]);
    starts.zip(ends).flat_map(|(start, end)| gzip(&text[start..end])).collect()
}

/// Changes who may do what with a file.
pub fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
}
