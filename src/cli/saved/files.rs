//! Where the files are: `./.vpcflow.toml`, then the user's; or one that is named.

use super::file::File;
use crate::cli::Error;
use crate::schema::escape;
use crate::source::plain_error;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The file in the current directory.
const LOCAL: &str = ".vpcflow.toml";
/// The variable that names another file; empty: none.
const VARIABLE: &str = "VPCFLOW_CONFIG";

/// Which files are read, the nearest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Files {
    /// None at all; what forbids them.
    None(&'static str),
    /// The one that `VPCFLOW_CONFIG` names.
    Named(PathBuf),
    /// The one of the current directory, and the user's, where there is a place for it.
    Usual { user: Option<PathBuf> },
}

impl Files {
    /// Finds them by the option and the environment.
    pub fn new(no_config: bool) -> Files {
        Files::of(no_config, |name| env::var_os(name))
    }

    fn of(no_config: bool, variable: impl Fn(&str) -> Option<OsString>) -> Files {
        if no_config {
            return Files::None("--no-config");
        }
        match variable(VARIABLE) {
            Some(path) if path.is_empty() => return Files::None("an empty VPCFLOW_CONFIG"),
            Some(path) => return Files::Named(path.into()),
            None => {}
        }
        // As the XDG base directory specification has it, a relative path does not count.
        let folder = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
        Files::Usual { user: folder.map(|folder| folder.join("vpcflow/config.toml")) }
    }

    /// Whether there is any to read.
    pub fn exist(&self) -> bool {
        match self {
            Files::None(_) => false,
            Files::Named(_) => true,
            Files::Usual { user } => [Some(Path::new(LOCAL)), user.as_deref()].into_iter().flatten().any(Path::exists),
        }
    }

    /// Reads those that exist.
    pub fn read(&self) -> Result<Vec<File>, Error> {
        match self {
            Files::None(_) => Ok(vec![]),
            Files::Named(path) => {
                let text = read(path)?.ok_or_else(|| {
                    Error::Usage(format!("cannot read {}: no such file ({VARIABLE} names it)", shown(path)))
                })?;
                Ok(vec![File::parse(&shown(path), &text)?])
            }
            Files::Usual { user } => {
                let paths = [Some(Path::new(LOCAL)), user.as_deref()];
                let mut files = Vec::new();
                for path in paths.into_iter().flatten() {
                    if let Some(text) = read(path)? {
                        files.push(File::parse(&shown(path), &text)?);
                    }
                }
                Ok(files)
            }
        }
    }

    /// The file to save in.
    pub fn to_write(&self, user: bool) -> Result<&Path, Error> {
        match self {
            Files::None(why) => Err(Error::Usage(format!("there is no file to save in: {why} forbids it"))),
            Files::Named(path) => Ok(path),
            Files::Usual { user: Some(path) } if user => Ok(path),
            Files::Usual { .. } if user => Err(Error::Usage(
                "there is no folder for the user's file: neither XDG_CONFIG_HOME nor HOME is set".into(),
            )),
            Files::Usual { .. } => Ok(Path::new(LOCAL)),
        }
    }
}

/// A path as messages show it.
pub fn shown(path: &Path) -> String {
    escape(path.as_os_str().as_encoded_bytes())
}

/// The text of a file; `None` where there is none.
pub fn read(path: &Path) -> Result<Option<String>, Error> {
    let failed = |reason: &str| Error::Usage(format!("cannot read {}: {reason}", shown(path)));
    match fs::metadata(path) {
        // A folder that may not be entered, such as another user's home, is nobody's mistake.
        Err(error) if is_absent(&error) || error.kind() == ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(failed(&plain_error(&error))),
        Ok(metadata) if !metadata.is_file() => return Err(failed("it is not a file")),
        Ok(_) => {}
    }
    match fs::read(path) {
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(failed(&plain_error(&error))),
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| failed("it is not UTF-8")),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(no_config: bool, variables: &[(&str, &str)]) -> Files {
        Files::of(no_config, |wanted| {
            let found = variables.iter().find(|(name, _)| *name == wanted);
            found.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_environment_says_where_they_are() {
        let user = |path: &str| Files::Usual { user: Some(path.into()) };
        assert_eq!(files(false, &[("HOME", "/h")]), user("/h/.config/vpcflow/config.toml"));
        assert_eq!(files(false, &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/x")]), user("/x/vpcflow/config.toml"));
        for relative in ["", "x"] {
            let found = files(false, &[("HOME", "/h"), ("XDG_CONFIG_HOME", relative)]);
            assert_eq!(found, user("/h/.config/vpcflow/config.toml"));
        }
        assert_eq!(files(false, &[]), Files::Usual { user: None });
        assert_eq!(files(false, &[(VARIABLE, "a.toml")]), Files::Named("a.toml".into()));
        assert!(matches!(files(false, &[(VARIABLE, "")]), Files::None(_)));
        assert!(matches!(files(true, &[(VARIABLE, "a.toml")]), Files::None("--no-config")));
    }
}
