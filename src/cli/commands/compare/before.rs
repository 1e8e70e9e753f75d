//! What `--before` names: other logs, or a window of the same.

use crate::cli::Error;
use crate::cli::scope::world;
use crate::schema::parse_time;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Before {
    Paths(Vec<PathBuf>),
    /// From a time up to another, in seconds since the epoch.
    Window(u64, u64),
}

impl Before {
    /// Reads the values of the option; `None` without any.
    pub fn of(words: &[OsString]) -> Result<Option<Before>, Error> {
        let windows: Vec<Option<(u64, u64)>> = words.iter().map(window).collect();
        match windows[..] {
            [] => Ok(None),
            [Some((from, until))] if until > from => Ok(Some(Before::Window(from, until))),
            [Some(_)] => Err(Error::Usage("--before: expected the earlier time first, FROM..TO".into())),
            _ if windows.iter().all(Option::is_none) => {
                Ok(Some(Before::Paths(words.iter().map(PathBuf::from).collect())))
            }
            _ => Err(Error::Usage("--before: expected one window, FROM..TO, or paths".into())),
        }
    }
}

fn window(word: &OsString) -> Option<(u64, u64)> {
    let (from, until) = word.to_str()?.split_once("..")?;
    let time = |text: &str| parse_time(text.trim(), world().now).map(|time| time.as_secs());
    Some((time(from)?, time(until)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_told_from_paths() {
        let of = |words: &[&str]| Before::of(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(of(&[]).expect("nothing"), None);
        assert_eq!(of(&["1970-01-02..1970-01-03"]).expect("a window"), Some(Before::Window(86_400, 172_800)));
        for paths in [&["../old"][..], &["a..b", "c"], &["logs/"]] {
            assert!(matches!(of(paths), Ok(Some(Before::Paths(found))) if found.len() == paths.len()));
        }
        for wrong in [&["1970-01-03..1970-01-02"][..], &["1970-01-02..1970-01-03", "logs/"]] {
            assert!(of(wrong).is_err(), "{wrong:?}");
        }
    }
}
