//! Input of which more than one thing is asked: what does not stay in memory is read again, even through a pipe.

use super::Error;
use super::flags::{InputFlags, OutputFlags};
use super::run::{Ask, Read, surroundings};
use super::settings::Settings;
use crate::engine::{Answer, ask_held};
use crate::query::Held;
use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

/// The input of a command that asks several questions of it.
pub struct Again<'f> {
    pub settings: Settings,
    flags: &'f InputFlags,
    stdin: Option<Rewind>,
    /// What the last reading has held in memory.
    held: Option<Held>,
}

impl<'f> Again<'f> {
    pub fn new(flags: &'f InputFlags, output: &OutputFlags) -> Result<Again<'f>, Error> {
        let settings = Settings::new(flags, output, &surroundings())?;
        let is_stream = |path: &&PathBuf| path.metadata().is_ok_and(|told| !told.is_file() && !told.is_dir());
        if let Some(path) = settings.paths.iter().find(is_stream) {
            return Err(Error::Usage(format!(
                "{} cannot be read twice; send it to standard input: ... | vpcflow explain -",
                path.display()
            )));
        }
        let has_stdin = settings.paths.iter().any(|path| path.as_os_str() == "-");
        let stdin = has_stdin.then(|| Rewind::new(&settings.engine.directory)).transpose()?;
        Ok(Again { settings, flags, stdin, held: None })
    }

    /// Reads all of it.
    pub fn read(&mut self, ask: &dyn Ask) -> Result<Read, Error> {
        self.stdin.as_mut().map_or(Ok(()), Rewind::again)?;
        let mut read = Read::new(ask, self.flags, &mut self.settings)?;
        self.held = read.answer.take_held();
        Ok(read)
    }

    /// The answer to another question about flows that have been read: from memory if they are there, else they are
    /// read again.
    pub fn answer(&mut self, ask: &dyn Ask) -> Result<Answer, Error> {
        let query = ask.query();
        match self.held.as_ref().filter(|held| held.can_tell(&query)) {
            Some(held) => Ok(ask_held(&query, held, &self.settings.engine)?),
            None => Ok(self.read(ask)?.answer),
        }
    }
}

/// Standard input: a file of its own, or what came through a pipe, kept in one.
struct Rewind {
    file: File,
    /// Where it begins.
    start: u64,
}

impl Rewind {
    /// Makes it such. What comes through a pipe is kept in `directory`, in a file that has no name.
    fn new(directory: &Path) -> Result<Rewind, Error> {
        let failed =
            |error: io::Error| Error::Usage(format!("cannot keep standard input in {}: {error}", directory.display()));
        let mut file = io::stdin().as_fd().try_clone_to_owned().map(File::from).map_err(failed)?;
        let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0);
        if let (true, Ok(start)) = (is_file, file.stream_position()) {
            return Ok(Rewind { file, start });
        }
        let mut kept = tempfile::tempfile_in(directory).map_err(failed)?;
        io::copy(&mut io::stdin().lock(), &mut kept).map_err(failed)?;
        rustix::stdio::dup2_stdin(&kept).map_err(|error| failed(error.into()))?;
        kept.rewind().map_err(failed)?;
        Ok(Rewind { file: kept, start: 0 })
    }

    /// Goes back to where it begins.
    fn again(&mut self) -> Result<(), Error> {
        // What the library has read ahead is of the reading before.
        let drained = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let back = drained.and_then(|_| self.file.seek(SeekFrom::Start(self.start)));
        back.map(|_| ()).map_err(|error| Error::Usage(format!("cannot read standard input again: {error}")))
    }
}
