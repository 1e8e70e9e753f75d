//! Which records a command is about: the filter that the options stand for, and the files that may
//! have such records.

use super::Error;
use super::flags::FilterFlags;
use super::progress::with_progress;
use super::settings::Settings;
use crate::engine::{NewestError, newest, occurs};
use crate::query::Filter;
use crate::query::filter::{Known, World};
use crate::schema::{Field, FieldName, escape};
use crate::source::{Alike, Discovery, Facts, Source, alike, discover, plain_error};
use std::cell::Cell;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The filter, and the files that may match.
pub struct Scope {
    pub filter: Option<Filter>,
    pub found: Discovery,
    /// Where the time asked for begins, if `--since` or `--last` says so, in seconds since the epoch.
    pub since: Option<u64>,
    /// The fields that the question needs, those of the filter included.
    pub needed: Vec<FieldName>,
    /// What is worth a remark.
    pub notes: Vec<String>,
}

impl Scope {
    /// Reads the filter options, finds the files, and refuses fields that there are not.
    pub fn new(flags: &FilterFlags, needed: Vec<FieldName>, settings: &Settings) -> Result<Scope, Error> {
        Scope::with_earlier(flags, 0, needed, settings)
    }

    /// The same with records of so many seconds `earlier` than `--since` or `--last` says.
    pub fn with_earlier(
        flags: &FilterFlags,
        earlier: u64,
        needed: Vec<FieldName>,
        settings: &Settings,
    ) -> Result<Scope, Error> {
        let world = world();
        let mut filters = flags.filters(&world, earlier)?;
        let [mut since, _] = flags.window(world.now);
        if let Some(span) = flags.last {
            since = newest_end(flags, settings)?.map(|end| end.saturating_sub(span));
            let from = since.map(|since| since.saturating_sub(earlier));
            filters.extend(from.map(|from| Filter::since(flags.time_field.field(), from)));
        }
        let filter = Filter::all(filters);
        let mut found = match &filter {
            Some(filter) => find(filter, flags, settings)?,
            None => discover(&settings.paths, &settings.globs, settings.follow, &|_| true)?,
        };
        let mut needed = needed;
        needed.extend(filter.iter().flat_map(Filter::fields));
        refuse_unknown(&needed, filter.as_ref(), &found, settings)?;
        let output = without_output(&mut found);
        let mut notes: Vec<String> =
            output.map(|path| format!("{path}: the result goes there, so that it is not read")).into_iter().collect();
        if !settings.quiet {
            notes.extend(flags.note(world.now));
            notes.extend(oddities(&found));
        }
        Ok(Scope { filter, found, since, needed, notes })
    }
}

/// As many files that look alike are shown.
const SHOWN: usize = 5;

/// What is worth a remark about the files: it changes nothing in what counts.
fn oddities(found: &Discovery) -> Vec<String> {
    let shown = |path: &Path| escape(path.as_os_str().as_bytes());
    let mut notes: Vec<String> = Vec::new();
    for (link, above) in &found.loops {
        notes.push(format!("{}: a loop, as it leads back to {}; not followed", shown(link), shown(above)));
    }
    let all = alike(&found.sources);
    for Alike { path, first } in all.iter().take(SHOWN) {
        notes.push(format!("{}: looks like a duplicate of {}; both count", shown(path), shown(first)));
    }
    if all.len() > SHOWN {
        notes.push(format!("{} files look like duplicates of others; the first {SHOWN} are shown", all.len()));
    }
    notes
}

/// A field that is not known has to occur in the input, or it is a slip.
fn refuse_unknown(
    needed: &[FieldName],
    filter: Option<&Filter>,
    found: &Discovery,
    settings: &Settings,
) -> Result<(), Error> {
    let occurs = |field: &FieldName| occurs(field, &found.sources, &settings.engine);
    for (field, error) in filter.iter().flat_map(|filter| filter.unknown()) {
        if !occurs(field) {
            return Err(Error::Filter(error.clone()));
        }
    }
    for field in needed.iter().filter(|name| matches!(name, FieldName::Other(_))) {
        if !occurs(field) {
            let stdin = found.sources.iter().any(|source| source.path.is_none());
            return Err(Error::Usage(format!(
                "unknown field '{}', and no header of the input has it; `vpcflow top --help` lists the fields{}",
                field.name(),
                if stdin {
                    " (standard input cannot be looked at: name its fields, --log-format '${...} ...')"
                } else {
                    ""
                }
            )));
        }
    }
    Ok(())
}

/// Takes the file that standard output goes to out of those that are read, and returns its path: a
/// result that is read again while it is written never ends.
fn without_output(found: &mut Discovery) -> Option<String> {
    let out = io::stdout().as_fd().try_clone_to_owned().and_then(|fd| File::from(fd).metadata()).ok()?;
    if !out.is_file() {
        return None;
    }
    let is_output = |source: &Source| {
        let metadata = source.path.as_ref().and_then(|path| path.metadata().ok());
        metadata.is_some_and(|metadata| (metadata.dev(), metadata.ino()) == (out.dev(), out.ino()))
    };
    let place = found.sources.iter().position(is_output)?;
    found.skipped += 1;
    Some(escape(found.sources.remove(place).shown()))
}

/// The end of the newest record of the data; none if no record has one.
fn newest_end(flags: &FilterFlags, settings: &Settings) -> Result<Option<u64>, Error> {
    let found = discover(&settings.paths, &settings.globs, settings.follow, &|_| true)?;
    let newest = with_progress(settings.progress, found, |found, progress| {
        newest(&found, flags.lateness.0.is_none() || flags.no_prune, &settings.engine, progress)
    });
    newest.map_err(|error| match error {
        NewestError::Engine(error) => error.into(),
        NewestError::ReadOnce(what) => Error::Usage(format!(
            "--last: {what} cannot be read twice, and has to be to find its newest record; use --since, or a file"
        )),
    })
}

/// Finds the files that may match by what their paths tell.
fn find(filter: &Filter, flags: &FilterFlags, settings: &Settings) -> Result<Discovery, Error> {
    let account_met = Cell::new(false);
    let keep = |facts: &Facts| {
        let account = facts.account.as_deref();
        account_met
            .set(account_met.get() || account.is_some() && filter.may_match(&Known { account, ..Known::default() }));
        filter.may_match(&Known { account, ..known(facts, flags) })
    };
    if flags.no_prune {
        return Ok(discover(&settings.paths, &settings.globs, settings.follow, &|_| true)?);
    }
    let found = discover(&settings.paths, &settings.globs, settings.follow, &keep)?;
    if account_met.get() || found.pruned == 0 || !filter.reads(Field::AccountId) {
        return Ok(found);
    }
    // No path is of such an account: in a shared network the records may be in files of another.
    let keep = |facts: &Facts| filter.may_match(&known(facts, flags));
    Ok(discover(&settings.paths, &settings.globs, settings.follow, &keep)?)
}

/// What a path tells of the records, but for their account.
fn known<'f>(facts: &'f Facts, flags: &FilterFlags) -> Known<'f> {
    let times = facts.created.zip(flags.lateness.0).map(|(created, lateness)| created.record_times(lateness));
    Known { account: None, region: facts.region.as_deref(), times }
}

/// What expressions can refer to.
pub fn world() -> World<'static> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    World { now, read: &|path| std::fs::read_to_string(path).map_err(|error| plain_error(&error)) }
}
