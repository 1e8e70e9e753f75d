//! A comparison with other logs.

use super::before::Before;
use super::rows::Rows;
use super::window::Past;
use super::{Compare, SPAN};
use crate::cli::commands::series;
use crate::cli::flags::FilterFlags;
use crate::cli::messages::Messages;
use crate::cli::run::{Ask, Read, close_all, run, surroundings, write};
use crate::cli::settings::Settings;
use crate::cli::{Error, Status, standard};
use crate::engine::Answer;
use crate::query::Query;
use crate::report::Report;
use crate::schema::FieldName;
use std::borrow::Cow;
use std::path::PathBuf;

impl Compare {
    /// Compares, with those of `--before` that are other logs as well.
    pub fn run(&self, messages: &Messages) -> Result<Status, Error> {
        let Some(Before::Paths(paths)) = Before::of(&self.before)? else {
            return run(self, &self.input, &self.output, messages);
        };
        self.check()?;
        let mut settings = Settings::new(&self.input, &self.output, &surroundings())?;
        let out = standard::output()?;
        let is_stdin = |paths: &[PathBuf]| paths.iter().any(|path| path.as_os_str() == "-");
        if is_stdin(&paths) && is_stdin(&settings.paths) {
            return Err(Error::Usage("standard input can be read once only; name a file for the other".into()));
        }
        let mut now = Read::new(self, &self.input, &mut settings)?;
        let now_paths = std::mem::replace(&mut settings.paths, paths.clone());
        let mut then = Read::new(&Then { of: self }, &self.input, &mut settings)?;
        let (mut report, null_keys) = match self.against(&mut now.answer, &mut then.answer, &paths) {
            Err(Error::Usage(why)) => {
                messages.error(&why);
                let incomplete = close_all([(now, 0, now_paths), (then, 0, paths)], &mut settings, messages);
                return Ok(if incomplete { Status::Incomplete } else { Status::Usage });
            }
            report => report?,
        };
        write(&mut report, &self.output, &settings, out)?;
        if !settings.quiet {
            report.notes.iter().for_each(|note| messages.note(note));
        }
        let reads = [(now, null_keys[0], now_paths), (then, null_keys[1], paths)];
        Ok(if close_all(reads, &mut settings, messages) { Status::Incomplete } else { Status::Done })
    }

    /// The comparison with other logs, and the flows of both that have no value for a key.
    fn against(&self, now: &mut Answer, then: &mut Answer, paths: &[PathBuf]) -> Result<(Report, [u64; 2]), Error> {
        let window = self.window(now)?;
        let named = || paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        let Some(data) = series::span(then, SPAN)? else {
            return Err(Error::Usage(format!("there are no records with a time in {}", named())));
        };
        let past = Past { by: window.start as i64 - window.bucket(data.0) as i64, data };
        let mut rows = Rows::new();
        let null_keys =
            [self.add(&mut rows, now, &window, &[(0, 0)])?, self.add(&mut rows, then, &window, &[(1, past.by)])?];
        Ok((self.show(rows, &window, &[past]), null_keys))
    }
}

/// The question of the logs that `--before` names: all of them, whatever window is asked for.
struct Then<'c> {
    of: &'c Compare,
}

impl Ask for Then<'_> {
    fn filter<'f>(&self, flags: &'f FilterFlags) -> Cow<'f, FilterFlags> {
        Cow::Owned(flags.whole())
    }

    fn query(&self) -> Query {
        self.of.query()
    }

    fn needed(&self) -> Vec<FieldName> {
        self.of.needed()
    }

    fn report(&self, _: &mut Answer) -> Result<(Report, u64), Error> {
        Ok((Report::default(), 0))
    }
}
