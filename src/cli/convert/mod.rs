//! Records as files of another form.

mod anonymize;
mod part;
mod target;
mod tree;

pub use anonymize::Disguise;
pub use tree::To;

use super::flags::{AccountFlags, InputFlags};
use super::messages::Messages;
use super::progress::with_progress;
use super::run::{Account, Input, surroundings};
use super::scope::Scope;
use super::settings::Settings;
use super::{Error, Status, enrichment, list};
use crate::engine::{self, Columns, Encode, List, ListError, Listed};
use crate::query::Key;
use crate::render::parquet::RowEncoder;
use crate::render::{Encoder, Style};
use crate::report::{Unit, count, human};
use crate::schema::{FieldName, Heading, Record, Value};
use crate::source::{Discovery, Partition};
use std::path::Path;
use std::sync::Arc;
use target::{Staged, Target};
use tree::{Place, Tree};

/// What is converted to what.
pub struct Conversion<'c> {
    pub to: To,
    /// What files are called behind the point.
    pub ending: &'c str,
    pub out: &'c Path,
    /// Whether there is a folder for every account, region and day.
    pub partitioned: bool,
    /// `None`: all that there are.
    pub fields: Option<Vec<Key>>,
    pub style: Style,
    /// What values are replaced by, where they are.
    pub disguise: Option<Arc<Disguise>>,
}

/// One reading of the input.
struct Attempt {
    listed: Listed,
    tree: Tree,
}

impl Conversion<'_> {
    /// Converts the records.
    pub fn run(&self, input: &InputFlags, account: &AccountFlags, messages: &Messages) -> Result<Status, Error> {
        let mut settings = Settings::unstyled(input, account, &surroundings())?;
        let target = Target::new(self.out, self.partitioned)?;
        let needed = self.fields.iter().flatten().flat_map(Key::fields).collect();
        let Scope { filter, mut found, mut needed, mut notes, .. } = Scope::new(&input.filter, needed, &settings)?;
        if let Some(disguise) = &self.disguise {
            disguise.guard(&target, &mut found)?;
        }
        target.refuse_as_input(&found)?;
        let within = List::within(settings.memory.rows(List::MEMORY), settings.engine.directory.clone());
        let mut list = List { filter, partitioned: self.partitioned, ..within };
        list.columns = self.columns(&found, &settings);
        notes.extend(enrichment::settle(&input.enrich, &needed, &found, &mut settings.engine)?);
        enrichment::add_known(&settings.engine.enricher, &mut list.columns, &mut needed);
        let staged = target.stage()?;
        let input = Input::of(&found, list.filter.is_some());
        let again =
            (self.fields.is_none() && found.sources.iter().all(|source| source.size > 0)).then(|| found.clone());
        let mut attempt = self.attempt(&list, found, &settings, &target, staged)?;
        if let (Columns::Fixed(keys), Some(found), true) = (&mut list.columns, again, attempt.0.listed.beyond.0 > 0) {
            // Fields that only turned up behind the beginning of a file.
            let late = attempt.0.listed.beyond.1.iter().map(|name| FieldName::parse(name.as_bytes()));
            keys.extend(late.map(Key::Field));
            self.order(keys);
            drop(attempt);
            attempt = self.attempt(&list, found, &settings, &target, target.stage()?)?;
        }
        let (Attempt { listed, tree }, staged) = attempt;
        staged.finish()?;
        notes.extend(tree.unreadable.as_deref().map(list::unreadable));
        let lost = self.lost(&listed);
        notes.extend(lost.clone());
        notes.extend(too_large(&tree));
        notes.extend(self.disguise.iter().flat_map(|disguise| disguise.notes()));
        notes.push(said(&tree, &listed, &target));
        let account = Account { tally: &listed.tally, warnings: listed.warnings(), null_keys: 0, notes };
        let status = account.close(&input, &needed, &settings, messages);
        Ok(if lost.is_some() { Status::Incomplete } else { status })
    }

    /// Reads the input once.
    fn attempt<'t>(
        &self,
        list: &List,
        found: Discovery,
        settings: &Settings,
        target: &Target,
        staged: Staged<'t>,
    ) -> Result<(Attempt, Staged<'t>), Error> {
        let place = match target.is_directory() {
            true => Place::Folder(staged.path().to_path_buf(), self.ending.into()),
            false => Place::File(staged.path().to_path_buf()),
        };
        let mut tree = Tree::new(self.to, place, self.folders());
        let encoder = || {
            let encoder = match self.to {
                To::Parquet(_) => Box::new(Packing(RowEncoder::default())) as Box<dyn Encode>,
                To::Rows { format, .. } => Box::new(list::Rows(Encoder::new(format, &self.style, false))),
            };
            match &self.disguise {
                Some(disguise) => disguise.encoder(encoder),
                None => encoder,
            }
        };
        let listed = with_progress(settings.progress, found, |found, progress| {
            engine::list(list, found, &settings.engine, progress, &encoder, &mut tree)
        });
        let listed = listed.map_err(|error| match error {
            ListError::Output(error) => Error::Output { path: target.shown(), error },
            other => other.into(),
        })?;
        Ok((Attempt { listed, tree }, staged))
    }

    /// How the folders of partitions are called.
    fn folders(&self) -> Box<tree::Name> {
        match self.disguise.clone() {
            Some(disguise) => Box::new(move |partition| disguise.partition(partition).folder()),
            None => Box::new(Partition::folder),
        }
    }

    fn columns(&self, found: &Discovery, settings: &Settings) -> Columns {
        match (&self.fields, self.to) {
            (Some(keys), _) => Columns::Fixed(keys.clone()),
            // Lines are made anew.
            (None, To::Rows { format, .. }) if format.is_line() && self.disguise.is_some() => Columns::Own,
            (None, To::Rows { format, .. }) if format.is_line() => Columns::Line,
            (None, To::Rows { format, .. }) if format.is_document() => {
                Columns::OwnAnd(format.wants().iter().map(|field| FieldName::Known(*field)).collect())
            }
            (None, To::Rows { format, .. }) if !format.has_columns() => Columns::Own,
            (None, _) => {
                let fields = engine::fields(&found.sources, true, &settings.engine);
                let mut keys: Vec<Key> = fields.into_iter().map(Key::Field).collect();
                self.order(&mut keys);
                // Nothing can be looked at before it is read.
                if keys.is_empty() { Columns::First } else { Columns::Fixed(keys) }
            }
        }
    }

    /// Columns of Parquet stand in AWS's order; unknown fields behind them.
    fn order(&self, keys: &mut [Key]) {
        if matches!(self.to, To::Parquet(_)) {
            keys.sort_by_key(|key| match key {
                Key::Field(FieldName::Known(field)) => (0, Some(*field)),
                _ => (1, None),
            });
        }
    }

    /// Says which fields of the records are not in the result, unless the user has chosen.
    fn lost(&self, listed: &Listed) -> Option<String> {
        let (records, fields) = &listed.beyond;
        if *records == 0 || self.fields.is_some() {
            return None;
        }
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        let have = if *records == 1 { "1 record has".to_string() } else { format!("{records} records have") };
        Some(format!(
            "error: {have} fields that are not in the result: {}; what can be read only once has the columns of its \
             first format: name them all with --fields, or convert a file",
            names.join(", ")
        ))
    }
}

/// Says which numbers no column could hold.
fn too_large(tree: &Tree) -> Option<String> {
    let written = tree.written();
    let all = written.too_large.iter().zip(tree.headings()).filter(|(sum, _)| **sum > 0);
    let large: Vec<String> =
        all.map(|(sum, heading)| format!("{} of {}", count((*sum).into()), heading.name)).collect();
    (!large.is_empty()).then(|| {
        format!("values too large for the columns that AWS has for them are null in the result: {}", large.join(", "))
    })
}

/// What has been written, in a line.
fn said(tree: &Tree, listed: &Listed, target: &Target) -> String {
    let written = tree.written();
    let plural =
        |number: u64, word: &str| format!("{} {word}{}", count(number.into()), if number == 1 { "" } else { "s" });
    format!(
        "{} in {}, {}, in {:.1} s: {}",
        plural(tree.rows, "record"),
        plural(written.files, "file"),
        human(&Value::Int(written.bytes.into()), Unit::Bytes),
        listed.tally.seconds,
        target.shown(),
    )
}

/// Encodes rows for Parquet.
struct Packing(RowEncoder);

impl Encode for Packing {
    fn columns(&mut self, columns: &[Heading]) {
        self.0.columns(columns);
    }

    fn row(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        self.0.row(record, out);
    }
}
