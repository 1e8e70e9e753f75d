//! Finding the files that a command line names.

use super::{Damage, Facts};
use crate::schema::{closest, escape};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// `None` is standard input.
    pub path: Option<PathBuf>,
    /// What the path tells.
    pub facts: Facts,
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
        Source { path: None, facts: Facts::default(), size: 0, named: true, broken: None }
    }

    fn broken(path: PathBuf, facts: Facts, error: &std::io::Error) -> Source {
        let broken = Some(Damage::Unreadable(plain_error(error)));
        Source { path: Some(path), facts, size: 0, named: false, broken }
    }

    /// The path as bytes, `-` for standard input.
    pub fn shown(&self) -> &[u8] {
        self.path.as_ref().map_or(b"-", |path| path.as_os_str().as_bytes())
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Discovery {
    /// In the order of their paths, argument by argument.
    pub sources: Vec<Source>,
    /// Files that were found and left out: excluded, hidden, links, pipes and such, or named
    /// a second time.
    pub skipped: u64,
    /// Files, and folders that cannot be listed, left out for what their paths tell.
    pub pruned: u64,
    /// Links that lead back to a folder above them, with that folder; in the order of their paths.
    pub loops: Vec<(PathBuf, PathBuf)>,
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

    fn takes(&self, root: &Path, path: &Path) -> bool {
        if self.include.is_none() && self.exclude.is_empty() {
            return true;
        }
        let below = below(root, path);
        self.include.as_ref().is_none_or(|globs| globs.is_match(below)) && !self.exclude.is_match(below)
    }
}

/// The path that may have been meant by one that is not there: its first missing part is nearly the name of
/// something beside it, and with that it is there.
fn near(path: &Path) -> Option<String> {
    let missing = path.ancestors().take_while(|path| !path.as_os_str().is_empty() && !path.exists()).last()?;
    let beside = missing.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names = fs::read_dir(beside).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    let name = closest(missing.file_name()?.to_str()?, names.iter().map(String::as_str))?;
    let meant =
        path.strip_prefix(missing).ok()?.components().fold(missing.with_file_name(name), |path, part| path.join(part));
    meant.exists().then(|| escape(meant.as_os_str().as_bytes()))
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
/// Files whose path tells something that `keep` refuses are left out, and not looked at. A path that
/// does not exist is an error; anything wrong further down is a problem of that file.
pub fn discover(
    paths: &[PathBuf],
    globs: &Globs,
    follow: bool,
    keep: &dyn Fn(&Facts) -> bool,
) -> Result<Discovery, SourceError> {
    let mut search = Search { globs, follow, keep, found: Discovery::default(), seen: HashSet::new() };
    let mut stdin = false;
    for path in paths {
        if path.as_os_str() == "-" {
            if !stdin {
                search.found.sources.push(Source::stdin());
            }
            stdin = true;
            continue;
        }
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => search.walk(path),
            Ok(metadata) => search.named(path, &metadata),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                let near = near(path);
                let path = escape(path.as_os_str().as_bytes());
                let hint = near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
                return Err(SourceError::NoSuchPath { path, reason: plain_error(&error) + &hint });
            }
            Err(error) => search.found.sources.push(Source::broken(path.clone(), Facts::default(), &error)),
        }
    }
    Ok(search.found)
}

/// A file that CloudWatch writes before it exports logs, to see whether it may.
const EXPORT_CHECK: &str = "aws-logs-write-test";

/// A search under way.
struct Search<'a> {
    globs: &'a Globs,
    follow: bool,
    keep: &'a dyn Fn(&Facts) -> bool,
    found: Discovery,
    /// Devices and inodes of the files so far.
    seen: HashSet<(u64, u64)>,
}

/// A file of a directory that is being walked.
struct Found {
    path: PathBuf,
    facts: Facts,
    metadata: Result<Metadata, std::io::Error>,
}

impl Search<'_> {
    /// Adds a file that the user named.
    fn named(&mut self, path: &Path, metadata: &Metadata) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let facts = Facts::of_folder(&from_root(folder)).and_name(path.file_name().unwrap_or_default());
        if self.may_keep(&facts) {
            self.add(path.to_path_buf(), facts, metadata, true);
        }
    }

    /// Whether a file whose path tells this is to be read; if not, it is counted.
    fn may_keep(&mut self, facts: &Facts) -> bool {
        let keep = (self.keep)(facts);
        self.found.pruned += u64::from(!keep);
        keep
    }

    fn add(&mut self, path: PathBuf, facts: Facts, metadata: &Metadata, named: bool) {
        if metadata.is_file() && !self.seen.insert((metadata.dev(), metadata.ino())) {
            self.found.skipped += 1;
            return;
        }
        let size = if metadata.is_file() { metadata.len() } else { 0 };
        self.found.sources.push(Source { path: Some(path), facts, size, named, broken: None });
    }

    fn walk(&mut self, root: &Path) {
        let walker = walkdir::WalkDir::new(root).follow_links(self.follow).follow_root_links(true);
        let visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !entry.file_name().as_bytes().starts_with(b".");
        let whole = from_root(root);
        let mut entries = walker.into_iter();
        let mut files = Vec::new();
        // The folder of the file before: most often the same.
        let (mut folder, mut folder_facts) = (PathBuf::new(), Facts::default());
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    files.extend(self.unreadable(root, &whole, error));
                    continue;
                }
            };
            if !visible(&entry) {
                self.found.skipped += 1;
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
            if entry.file_type().is_dir() || entry.depth() == 0 {
                if entry.depth() > 0 && self.globs.leaves_out(below(root, entry.path())) {
                    self.found.skipped += 1;
                    entries.skip_current_dir();
                }
                continue;
            }
            let check = entry.file_name() == EXPORT_CHECK;
            if !entry.file_type().is_file() || check || !self.globs.takes(root, entry.path()) {
                self.found.skipped += 1;
                continue;
            }
            // Before the file is looked at: a path costs nothing.
            let parent = entry.path().parent().unwrap_or(root);
            if parent.as_os_str() != folder.as_os_str() {
                folder = parent.to_path_buf();
                folder_facts = Facts::of_folder(&whole.join(below(root, parent)));
            }
            let facts = folder_facts.and_name(entry.file_name());
            if self.may_keep(&facts) {
                let metadata = entry.metadata().map_err(|error| error.into());
                files.push(Found { path: entry.into_path(), facts, metadata });
            }
        }
        self.found.loops.sort();
        // Whole paths: folder by folder they would sort differently around `/`.
        files.sort_by(|a, b| a.path.as_os_str().as_bytes().cmp(b.path.as_os_str().as_bytes()));
        for Found { path, facts, metadata } in files {
            match metadata {
                Ok(metadata) => self.add(path, facts, &metadata, false),
                Err(error) => self.found.sources.push(Source::broken(path, facts, &error)),
            }
        }
    }

    /// What becomes of a place that cannot be looked at.
    fn unreadable(&mut self, root: &Path, whole: &Path, error: walkdir::Error) -> Option<Found> {
        let path = error.path().unwrap_or(root).to_path_buf();
        let below = below(root, &path);
        if let Some(above) = error.loop_ancestor() {
            self.found.loops.push((path.clone(), above.to_path_buf()));
        }
        match error.into_io_error() {
            // A link to nowhere.
            Some(e) if e.kind() == ErrorKind::NotFound && path.is_symlink() => {}
            Some(_) if self.globs.exclude.is_match(below) => {}
            Some(e) => {
                // As one file of a folder that cannot be listed.
                let facts = Facts::of_folder(&whole.join(below));
                return self.may_keep(&facts).then_some(Found { path, facts, metadata: Err(e) });
            }
            None => {}
        }
        self.found.skipped += 1;
        None
    }
}

/// What globs are matched against.
fn below<'p>(root: &Path, path: &'p Path) -> &'p Path {
    path.strip_prefix(root).unwrap_or(path)
}

/// The path from the root of the file system, so that the folders above it tell something, too.
fn from_root(folder: &Path) -> PathBuf {
    let goes_up = folder.components().any(|part| part == Component::ParentDir);
    let whole = if goes_up { folder.canonicalize() } else { std::path::absolute(folder) };
    whole.unwrap_or_else(|_| folder.to_path_buf())
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
            discover(&[root.path().to_path_buf()], &globs, follow, &|_| true).expect("a tree")
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
    fn files_are_left_out_by_their_paths_alone() {
        let root = tempfile::tempdir().expect("a directory");
        let at = |name: &str| root.path().join("123456789012/vpcflowlogs").join(name);
        for day in ["eu-west-1/2026/03/14", "eu-west-1/2026/03/15", "us-east-1/2026/03/15"] {
            std::fs::create_dir_all(at(day)).expect("folders");
            for name in ["b.log", "a.log", ".hidden"] {
                std::fs::write(at(day).join(name), name).expect("a file");
            }
        }
        // The same file in a folder that is left out and in one that is not.
        std::fs::hard_link(at("eu-west-1/2026/03/14/a.log"), at("us-east-1/2026/03/15/c.log")).expect("a hard link");
        std::fs::write(root.path().join("other.log"), "").expect("a file");
        let find = |paths: &[PathBuf], keep: &dyn Fn(&Facts) -> bool| {
            let globs = Globs::new(&[], &["b.log".into()]).expect("globs");
            discover(paths, &globs, false, keep).expect("a tree")
        };
        let us = |facts: &Facts| facts.region.as_deref().is_none_or(|region| region == "us-east-1");
        let found = find(&[root.path().into()], &us);
        assert_eq!((found.pruned, found.skipped), (2, 6));
        let kept = ["us-east-1/2026/03/15/a.log", "us-east-1/2026/03/15/c.log"].map(|name| Some(at(name)));
        let paths: Vec<_> = found.sources.iter().map(|source| source.path.clone()).collect();
        assert_eq!(paths, [&kept[..], &[Some(root.path().join("other.log"))]].concat());
        let facts = &found.sources[0].facts;
        assert_eq!((facts.account.as_deref(), facts.region.as_deref()), (Some("123456789012"), Some("us-east-1")));
        // Without a question the link is met twice.
        assert_eq!(find(&[root.path().into()], &|_| true).skipped, 7);
        // The user's own files, and a way that goes up.
        let named = [at("us-east-1/2026/03/15/../../../../eu-west-1/2026/03/15/a.log"), at("eu-west-1"), "-".into()];
        let found = find(&named, &us);
        assert_eq!((found.pruned, found.skipped, found.sources), (3, 4, vec![Source::stdin()]));
    }

    #[test]
    fn a_folder_is_known_by_the_folders_above_it() {
        assert_eq!(from_root(Path::new(".")), std::env::current_dir().expect("a directory"));
        assert_eq!(from_root(Path::new("/tmp/./x")), Path::new("/tmp/x"));
        assert_eq!(from_root(Path::new("/usr/..")), Path::new("/"));
        assert_eq!(from_root(Path::new("/nonexistent/..")), Path::new("/nonexistent/.."));
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let missing = discover(&["/no/such/path".into()], &Globs::default(), false, &|_| true);
        assert_eq!(missing.expect_err("an error").to_string(), "/no/such/path: No such file or directory");
        assert!(Globs::new(&["a[".into()], &[]).expect_err("an error").to_string().starts_with("--include 'a['"));
    }
}
