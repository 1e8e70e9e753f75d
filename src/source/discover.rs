//! Finding the files that a command line names.

use super::Damage;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::HashSet;
use std::fs::Metadata;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `None` is standard input.
    pub path: Option<PathBuf>,
    /// In bytes; 0 where it cannot be known.
    pub size: u64,
    /// Named by the user itself, not found in a directory: then it may be a pipe.
    pub named: bool,
    /// Why it cannot be read, if that is known already.
    pub broken: Option<Damage>,
}

impl Source {
    /// Standard input.
    pub fn stdin() -> Source {
        Source { path: None, size: 0, named: true, broken: None }
    }

    fn broken(path: PathBuf, error: &std::io::Error) -> Source {
        Source { path: Some(path), size: 0, named: false, broken: Some(Damage::Unreadable(plain_error(error))) }
    }

    /// The path as bytes, `-` for standard input.
    pub fn shown(&self) -> &[u8] {
        self.path.as_ref().map_or(b"-", |path| path.as_os_str().as_bytes())
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// In the order of their paths, argument by argument.
    pub sources: Vec<Source>,
    /// Files that were found and left out: excluded, hidden, links, pipes and such, or named
    /// a second time.
    pub skipped: u64,
}

/// Why nothing can be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("{path}: {reason}")]
    NoSuchPath { path: String, reason: String },
    #[error("{0}")]
    Glob(String),
}

/// Which files below a directory to take.
#[derive(Debug, Default)]
pub struct Globs {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl Globs {
    /// Compiles glob patterns. `*` does not cross a `/`; a pattern without one is matched against
    /// the name alone.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Globs, SourceError> {
        let include = if include.is_empty() { None } else { Some(compile("--include", include)?) };
        Ok(Globs { include, exclude: compile("--exclude", exclude)? })
    }

    /// Whether everything in a directory is excluded: then it is not walked.
    fn leaves_out(&self, directory: &Path) -> bool {
        // Names that no pattern means, at every depth.
        let deep = (1..5).map(|depth| directory.join(vec!["\u{10fffe}"; depth].join("/")));
        self.exclude.is_match(directory)
            || !self.exclude.is_empty() && deep.into_iter().all(|path| self.exclude.is_match(path))
    }

    fn takes(&self, below: &Path) -> bool {
        self.include.as_ref().is_none_or(|globs| globs.is_match(below)) && !self.exclude.is_match(below)
    }
}

fn compile(option: &str, patterns: &[String]) -> Result<GlobSet, SourceError> {
    let wrong = |pattern: &str, e: globset::Error| SourceError::Glob(format!("{option} '{pattern}': {}", e.kind()));
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let anywhere =
            if pattern.contains('/') { pattern.trim_start_matches('/').to_string() } else { format!("**/{pattern}") };
        let glob = GlobBuilder::new(&anywhere).literal_separator(true).build().map_err(|e| wrong(pattern, e))?;
        set.add(glob);
    }
    set.build().map_err(|e| wrong(&patterns.join(", "), e))
}

/// Finds the files that `paths` name: files, directories (walked, hidden files left out), or `-`.
/// A path that does not exist is an error; anything wrong further down is a problem of that file.
pub fn discover(paths: &[PathBuf], globs: &Globs, follow: bool) -> Result<Discovery, SourceError> {
    let mut found = Discovery::default();
    let mut seen = HashSet::new();
    let mut stdin = false;
    for path in paths {
        if path.as_os_str() == "-" {
            if !stdin {
                found.sources.push(Source::stdin());
            }
            stdin = true;
            continue;
        }
        let metadata = match path.metadata() {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                let path = crate::schema::escape(path.as_os_str().as_bytes());
                return Err(SourceError::NoSuchPath { path, reason: plain_error(&error) });
            }
            Err(error) => {
                found.sources.push(Source::broken(path.clone(), &error));
                continue;
            }
        };
        if metadata.is_dir() {
            walk(path, globs, follow, &mut found, &mut seen);
        } else {
            found.add(path.clone(), &metadata, true, &mut seen);
        }
    }
    Ok(found)
}

impl Discovery {
    fn add(&mut self, path: PathBuf, metadata: &Metadata, named: bool, seen: &mut HashSet<(u64, u64)>) {
        if metadata.is_file() && !seen.insert((metadata.dev(), metadata.ino())) {
            self.skipped += 1;
            return;
        }
        let size = if metadata.is_file() { metadata.len() } else { 0 };
        self.sources.push(Source { path: Some(path), size, named, broken: None });
    }
}

fn walk(root: &Path, globs: &Globs, follow: bool, found: &mut Discovery, seen: &mut HashSet<(u64, u64)>) {
    let walker = walkdir::WalkDir::new(root).follow_links(follow).follow_root_links(true).sort_by_file_name();
    let visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_bytes().starts_with(b".");
    let mut entries = walker.into_iter();
    let mut files: Vec<(PathBuf, Result<Metadata, std::io::Error>)> = Vec::new();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root).to_path_buf();
                let below = path.strip_prefix(root).unwrap_or(&path);
                match error.into_io_error() {
                    // A link to nowhere.
                    Some(e) if e.kind() == ErrorKind::NotFound && path.is_symlink() => found.skipped += 1,
                    Some(_) if globs.exclude.is_match(below) => found.skipped += 1,
                    Some(e) => files.push((path, Err(e))),
                    None => found.skipped += 1,
                }
                continue;
            }
        };
        if !visible(&entry) {
            found.skipped += 1;
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
        if entry.file_type().is_dir() || entry.depth() == 0 {
            if entry.depth() > 0 && globs.leaves_out(below) {
                found.skipped += 1;
                entries.skip_current_dir();
            }
            continue;
        }
        if !entry.file_type().is_file() || !globs.takes(below) {
            found.skipped += 1;
            continue;
        }
        let metadata = entry.metadata().map_err(|error| error.into());
        files.push((entry.into_path(), metadata));
    }
    // Walking sorts the names in each directory; whole paths sort differently around `/`.
    files.sort_by(|a, b| a.0.as_os_str().as_bytes().cmp(b.0.as_os_str().as_bytes()));
    for (path, metadata) in files {
        match metadata {
            Ok(metadata) => found.add(path, &metadata, false, seen),
            Err(error) => found.sources.push(Source::broken(path, &error)),
        }
    }
}

/// An I/O error as a user reads it: "Permission denied", without the number.
pub fn plain_error(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_string(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn names(found: &Discovery, root: &Path) -> Vec<String> {
        let below =
            |s: &Source| s.path.as_ref().and_then(|p| p.strip_prefix(root).ok()).map(|p| p.display().to_string());
        found.sources.iter().filter_map(below).collect()
    }

    #[test]
    fn a_tree_is_walked_in_path_order_each_file_once() {
        let root = tempfile::tempdir().expect("a directory");
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("a/b")).expect("folders");
        for name in ["a/b/2.log", "a/1.log.gz", "a-1.log", "a/.hidden", "z.txt"] {
            std::fs::write(at(name), name).expect("a file");
        }
        symlink(at("z.txt"), at("link")).expect("a link");
        symlink("../a", at("a/loop")).expect("a loop");
        symlink("/nonexistent", at("broken")).expect("a broken link");
        std::fs::hard_link(at("z.txt"), at("zz.txt")).expect("a hard link");
        let find = |include: &[&str], exclude: &[&str], follow| {
            let owned = |list: &[&str]| list.iter().map(|s| s.to_string()).collect::<Vec<_>>();
            let globs = Globs::new(&owned(include), &owned(exclude)).expect("globs");
            discover(&[root.path().to_path_buf()], &globs, follow).expect("a tree")
        };
        let all = find(&[], &[], false);
        assert_eq!(names(&all, root.path()), ["a-1.log", "a/1.log.gz", "a/b/2.log", "z.txt"]);
        assert_eq!((all.skipped, all.sources.iter().filter(|s| s.broken.is_some()).count()), (5, 0));
        let followed = find(&[], &[], true);
        assert_eq!(names(&followed, root.path()), ["a-1.log", "a/1.log.gz", "a/b/2.log", "link"]);
        assert_eq!(names(&find(&["*.log"], &[], false), root.path()), ["a-1.log", "a/b/2.log"]);
        assert_eq!(names(&find(&["a/*"], &["*.gz"], false), root.path()), Vec::<String>::new());
        assert_eq!(names(&find(&["a/**"], &["*.gz"], false), root.path()), ["a/b/2.log"]);
        for pattern in ["a", "a/**"] {
            let pruned = find(&[], &[pattern], false);
            assert_eq!(names(&pruned, root.path()), ["a-1.log", "z.txt"], "{pattern}");
            assert_eq!(pruned.skipped, 4, "the folder counts once");
        }
        assert_eq!(names(&find(&[], &["a/*"], false), root.path()), ["a-1.log", "z.txt"]);
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let missing = discover(&["/no/such/path".into()], &Globs::default(), false);
        assert_eq!(missing.expect_err("an error").to_string(), "/no/such/path: No such file or directory");
        assert!(Globs::new(&["a[".into()], &[]).expect_err("an error").to_string().starts_with("--include 'a['"));
    }
}
