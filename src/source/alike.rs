//! Files that look like copies of others: the same name, size, checksum and length of the text.
//!
//! Copies are made by downloading twice and by syncing twice. They count twice, as nobody has said that they
//! are the same; but they are worth a remark.

use super::Source;
use super::gzip::is_member;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

/// What stands behind the last member of a gzip file: checksum and length of its text.
type Trailer = [u8; 8];

/// A gzip file that looks like a duplicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike<'s> {
    pub path: &'s Path,
    /// Of this one.
    pub first: &'s Path,
}

/// Finds the duplicates among files, in their order. Only files of one name and size are opened.
pub fn alike(sources: &[Source]) -> Vec<Alike<'_>> {
    let files = sources.iter().filter(|source| source.size > 0 && source.broken.is_none());
    let mut files: Vec<(Vec<u8>, u64, &Path)> = files
        .filter_map(|source| {
            let path = source.path.as_deref()?;
            Some((without_number(path.file_name().unwrap_or_default().as_bytes()), source.size, path))
        })
        .collect();
    files.sort_unstable();
    let groups = files.chunk_by(|a, b| (&a.0, a.1) == (&b.0, b.1)).filter(|group| group.len() > 1);
    let told = groups
        .map(|group| group.iter().filter_map(|(_, size, path)| Some((trailer(path, *size).ok()??, *path))).collect());
    let found: HashMap<&Path, &Path> = told.flat_map(pairs).collect();
    let paths = sources.iter().filter_map(|source| source.path.as_deref());
    paths.filter_map(|path| found.get(path).map(|first| Alike { path, first })).collect()
}

/// Every file but one of those with the same trailer, with that one: the first whose name has no number.
fn pairs(mut files: Vec<(Trailer, &Path)>) -> Vec<(&Path, &Path)> {
    let numbered = |path: &Path| {
        let name = path.file_name().unwrap_or_default().as_bytes();
        without_number(name) != name
    };
    files.sort_by_key(|(trailer, path)| (*trailer, numbered(path)));
    let groups = files.chunk_by(|a, b| a.0 == b.0);
    groups.flat_map(|group| group[1..].iter().map(|(_, path)| (*path, group[0].1))).collect()
}

/// The end of a gzip file with some text in it; `None` for any other file.
fn trailer(path: &Path, size: u64) -> io::Result<Option<Trailer>> {
    // It may be something else by now, that would be waited for.
    let file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
    let (mut head, mut end) = ([0; 2], Trailer::default());
    file.read_exact_at(&mut head, 0)?;
    file.read_exact_at(&mut end, size.saturating_sub(size_of::<Trailer>() as u64))?;
    let is_empty = end[4..] == [0; 4];
    Ok((is_member(&head) && !is_empty).then_some(end))
}

/// The name without what a browser adds to the second file of a name: `x (1).log.gz`, `x.log(2).gz`.
fn without_number(name: &[u8]) -> Vec<u8> {
    for open in memchr::memrchr_iter(b'(', name) {
        let digits = name[open + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let close = open + 1 + digits;
        if digits > 0 && name.get(close) == Some(&b')') && matches!(name.get(close + 1), None | Some(b'.')) {
            let before = name[..open].strip_suffix(b" ").unwrap_or(&name[..open]);
            return [before, &name[close + 1..]].concat();
        }
    }
    name.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_browsers_are_no_part_of_a_name() {
        for (name, plain) in [
            ("x (1).log.gz", "x.log.gz"),
            ("x.log (12).gz", "x.log.gz"),
            ("x.log(2).gz", "x.log.gz"),
            ("x.log.gz (1)", "x.log.gz"),
            ("x(1)y.gz", "x(1)y.gz"),
            ("x ().gz", "x ().gz"),
            ("x (a).gz", "x (a).gz"),
            ("(1).gz", ".gz"),
            ("", ""),
        ] {
            assert_eq!(without_number(name.as_bytes()), plain.as_bytes(), "{name}");
        }
    }

    #[test]
    fn the_one_without_a_number_is_the_first() {
        let paths = ["a/x (1).gz", "a/x.gz", "b/x.gz"].map(Path::new);
        let files = paths.map(|path| (Trailer::default(), path)).to_vec();
        assert_eq!(pairs(files), [(paths[2], paths[1]), (paths[0], paths[1])]);
    }
}
