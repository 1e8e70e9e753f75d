//! Where the result goes: a file, or a directory of files. Until all of it is written it has another
//! name, in the same directory: `.vpcflow-XXXXXX.tmp`.

use crate::cli::Error;
use crate::cli::interrupt::{self, Unfinished};
use crate::schema::escape;
use crate::source::{Discovery, Source};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What names of unfinished files begin and end with.
const PREFIX: &str = ".vpcflow-";
const SUFFIX: &str = ".tmp";

/// What `--out` names.
#[derive(Debug)]
pub struct Target {
    named: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A file, which may be there already.
    File { path: PathBuf, old: Option<Metadata> },
    /// A pipe or a device, which is written to as it is.
    Device,
    /// A directory, which is empty or not there.
    Directory,
}

impl Target {
    /// Looks at what is there. `directory` tells that it has to be a directory.
    pub fn new(named: &Path, directory: bool) -> Result<Target, Error> {
        if named.as_os_str() == "-" {
            let why = "--out: a file is needed; `vpcflow records -o csv` and such write to standard output";
            return Err(Error::Usage(why.into()));
        }
        let target = |kind| Target { named: named.to_path_buf(), kind };
        let slash = named.as_os_str().as_bytes().ends_with(b"/");
        let there = match fs::metadata(named) {
            Ok(metadata) => Some(metadata),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(named, error)),
        };
        match there {
            Some(metadata) if metadata.is_dir() => {
                let mut entries = fs::read_dir(named).map_err(|error| failed(named, error))?;
                let is_ours = |name: &[u8]| name.starts_with(PREFIX.as_bytes()) && name.ends_with(SUFFIX.as_bytes());
                let foreign = |entry: &io::Result<fs::DirEntry>| {
                    entry.as_ref().is_ok_and(|entry| !is_ours(entry.file_name().as_bytes()))
                };
                if entries.any(|entry| foreign(&entry)) {
                    return Err(Error::Usage(format!(
                        "--out: {} is not empty; what is written into a directory would be read together with what is \
                         there: name a new directory, or a file in this one",
                        shown(named)
                    )));
                }
                Ok(target(Kind::Directory))
            }
            None if directory || slash => Ok(target(Kind::Directory)),
            None => {
                let path = named.to_path_buf();
                Ok(target(Kind::File { path, old: None }))
            }
            Some(_) if directory || slash => {
                Err(Error::Usage(format!("--out: {} is a file; name a directory", shown(named))))
            }
            Some(metadata) if metadata.is_file() => {
                // What a link leads to is replaced, not the link.
                let path = fs::canonicalize(named).map_err(|error| failed(named, error))?;
                Ok(target(Kind::File { path, old: Some(metadata) }))
            }
            Some(_) => Ok(target(Kind::Device)),
        }
    }

    /// As the user named it.
    pub fn shown(&self) -> String {
        shown(&self.named)
    }

    /// The file that is there already.
    pub fn old(&self) -> Option<&Metadata> {
        match &self.kind {
            Kind::File { old, .. } => old.as_ref(),
            Kind::Device | Kind::Directory => None,
        }
    }

    pub fn is_directory(&self) -> bool {
        matches!(self.kind, Kind::Directory)
    }

    /// Refuses to read what is going to be replaced.
    pub fn refuse_as_input(&self, found: &Discovery) -> Result<(), Error> {
        let Some(old) = self.old() else { return Ok(()) };
        let metadata = |source: &Source| match &source.path {
            Some(path) => path.metadata().ok(),
            None => io::stdin().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata()).ok(),
        };
        let is_old = |metadata: Metadata| (metadata.dev(), metadata.ino()) == (old.dev(), old.ino());
        match found.sources.iter().any(|source| metadata(source).is_some_and(is_old)) {
            true => Err(Error::Usage(format!(
                "--out: {} is among the files to be read, and would be replaced; name another file, or leave this one \
                 out with --exclude",
                self.shown()
            ))),
            false => Ok(()),
        }
    }

    /// Makes room for the result beside its final place.
    pub fn stage(&self) -> Result<Staged<'_>, Error> {
        let failed = |error| failed(&self.named, error);
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        let mut made = Vec::new();
        let unfinished = match &self.kind {
            Kind::Device => None,
            Kind::File { path, .. } => {
                let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
                builder.permissions(fs::Permissions::from_mode(0o666));
                let make = || builder.tempfile_in(parent)?.into_temp_path().keep().map_err(|error| error.error);
                Some(Unfinished::make(make).map_err(failed)?)
            }
            Kind::Directory => {
                let missing = self.named.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists());
                made = missing.map(Path::to_path_buf).collect();
                interrupt::made_for_the_result(&made);
                fs::create_dir_all(&self.named).map_err(failed)?;
                Some(Unfinished::make(|| builder.tempdir_in(&self.named).map(TempDir::keep)).map_err(failed)?)
            }
        };
        Ok(Staged { target: self, unfinished, made })
    }
}

/// A result that is being written.
pub struct Staged<'t> {
    target: &'t Target,
    unfinished: Option<Unfinished>,
    /// Directories that were made for it, the innermost first.
    made: Vec<PathBuf>,
}

impl Staged<'_> {
    /// The file, or the folder of the files.
    pub fn path(&self) -> &Path {
        self.unfinished.as_ref().map_or(&self.target.named, Unfinished::path)
    }

    /// Gives everything its final name.
    pub fn finish(mut self) -> Result<(), Error> {
        let finished = interrupt::within(|| self.rename());
        if finished.is_ok() {
            self.made.clear();
        }
        finished.map_err(|error| failed(&self.target.named, error))
    }

    fn rename(&self) -> io::Result<()> {
        match (&self.target.kind, &self.unfinished) {
            (Kind::File { path, old }, Some(unfinished)) => {
                if let Some(old) = old {
                    fs::set_permissions(unfinished.path(), old.permissions())?;
                }
                fs::rename(unfinished.path(), path)
            }
            (Kind::Directory, Some(unfinished)) => {
                let mut entries = fs::read_dir(unfinished.path())?.collect::<io::Result<Vec<_>>>()?;
                entries.sort_by_key(fs::DirEntry::file_name);
                let to = |entry: &fs::DirEntry| self.target.named.join(entry.file_name());
                let moved = |i: usize| fs::rename(entries[i].path(), to(&entries[i]));
                let all = (0..entries.len()).try_for_each(|i| moved(i).map_err(|error| (i, error)));
                all.map_err(|(done, error)| {
                    // Half of it would look like all.
                    entries[..done].iter().for_each(|entry| _ = fs::rename(to(entry), entry.path()));
                    error
                })
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        self.unfinished = None;
        for folder in &self.made {
            _ = fs::remove_dir(folder);
        }
    }
}

fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_bytes())
}

fn failed(path: &Path, error: io::Error) -> Error {
    Error::Output { path: shown(path), error }
}
