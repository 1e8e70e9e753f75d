//! Records as they are, printed while they are read.

use super::enrichment;
use super::flags::{InputFlags, OutputFlags};
use super::messages::Messages;
use super::progress::with_progress;
use super::run::{Account, Input, surroundings};
use super::scope::Scope;
use super::settings::{Progress, Settings, Surroundings};
use super::standard;
use super::{Error, Status};
use crate::engine::{self, Columns, Deliver, Encode, List, Listed, Sort};
use crate::query::Key;
use crate::render::{self, Encoder, RowFormat, Writer};
use crate::schema::{FieldName, Heading, Record};
use crate::source::Discovery;
use std::io::{self, Stdout};

/// Which fields are shown.
pub enum Fields {
    /// Those of the log's own format.
    Own,
    /// Every field that there is, and these.
    All(Vec<Key>),
    These(Vec<Key>),
}

/// Which records, and how they are shown.
pub struct Listing {
    pub fields: Fields,
    pub sort: Sort,
    pub limit: usize,
}

impl Listing {
    /// Prints the records.
    pub fn run(
        &self,
        input: &InputFlags,
        output: &OutputFlags<RowFormat>,
        messages: &Messages,
    ) -> Result<Status, Error> {
        if !matches!(self.fields, Fields::Own)
            && let Some(why) = without_fields(output.output)
        {
            return Err(Error::Usage(format!("{why}, so that --fields has nothing to choose; leave one of them out")));
        }
        let out = standard::output()?;
        let around = surroundings();
        let mut settings = Settings::new(input, output, &around)?;
        if self.hides_progress(&around) && settings.progress == Progress::Later {
            settings.progress = Progress::Never;
        }
        let Scope { filter, found, mut needed, mut notes, .. } = Scope::new(&input.filter, self.needed(), &settings)?;
        notes.extend(enrichment::settle(&input.enrich, &needed, &found, &mut settings.engine)?);
        let mut columns = self.columns(output.output, &found, &settings.engine);
        enrichment::add_known(&settings.engine.enricher, &mut columns, &mut needed);
        let list = List {
            filter,
            columns,
            sort: self.sort,
            limit: self.limit,
            numbers: output.output == RowFormat::Long,
            ..List::within(settings.memory.rows(List::MEMORY), settings.engine.directory.clone())
        };
        if let (Columns::First, Fields::All(more)) = (&list.columns, &self.fields)
            && !more.is_empty()
        {
            let why = "standard input cannot be looked at before it is read; name its fields one by one";
            return Err(Error::Usage(format!("--fields all with others: {why}")));
        }
        let input = Input::of(&found, list.filter.is_some());
        let style = settings.style;
        let encoder =
            || Box::new(Rows(Encoder::new(output.output, &style, around.stdout_is_terminal))) as Box<dyn Encode>;
        let mut out = Out { writer: Writer::new(output.output, &style, out), limit: self.limit };
        let listed = with_progress(settings.progress, found, |found, progress| {
            engine::list(&list, found, &settings.engine, progress, &encoder, &mut out)
        })?;
        notes.extend(self.beyond(&listed));
        notes.extend(out.writer.unreadable().map(unreadable));
        let account = Account { tally: &listed.tally, warnings: listed.warnings(), null_keys: 0, notes };
        Ok(account.close(&input, &needed, &settings, messages))
    }

    /// Rows that come while a progress line stands on the same terminal would be torn by it; a pipe
    /// may lead to a pager there.
    fn hides_progress(&self, around: &Surroundings) -> bool {
        self.sort == Sort::None && !around.stdout_is_file
    }

    fn needed(&self) -> Vec<FieldName> {
        match &self.fields {
            Fields::These(keys) | Fields::All(keys) => keys.iter().flat_map(Key::fields).collect(),
            Fields::Own => vec![],
        }
    }

    fn columns(&self, format: RowFormat, found: &Discovery, options: &engine::Options) -> Columns {
        let all = match &self.fields {
            _ if format == RowFormat::Raw => return Columns::Line,
            Fields::These(keys) => return Columns::Fixed(keys.clone()),
            Fields::Own if format.is_document() => {
                return Columns::OwnAnd(format.wants().iter().map(|field| (*field).into()).collect());
            }
            Fields::Own if !format.has_columns() => return Columns::Own,
            Fields::Own => None,
            Fields::All(more) => Some(more),
        };
        let mut fields = engine::fields(&found.sources, all.is_some(), options);
        if format == RowFormat::As(render::Format::Table) {
            // People look for addresses where they always stand.
            fields.sort_by_key(|field| match field {
                FieldName::Known(field) => (0, Some(*field)),
                FieldName::Enriched(_) | FieldName::Other(_) => (1, None),
            });
        }
        // Nothing can be looked at before it is read.
        let unknown = fields.is_empty();
        if unknown {
            return Columns::First;
        }
        let mut keys: Vec<Key> = fields.into_iter().map(Key::Field).collect();
        let more: Vec<Key> = all.into_iter().flatten().filter(|key| !keys.contains(key)).cloned().collect();
        keys.extend(more);
        Columns::Fixed(keys)
    }

    /// Says that records have fields that are not shown, unless the user has chosen the fields.
    fn beyond(&self, listed: &Listed) -> Vec<String> {
        let (records, fields) = &listed.beyond;
        if *records == 0 || matches!(self.fields, Fields::These(_)) {
            return vec![];
        }
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        let have = if *records == 1 { "1 record has".to_string() } else { format!("{records} records have") };
        vec![format!("{have} fields that are not among the columns: {}; name them with --fields", names.join(", "))]
    }
}

/// Why a format leaves no choice of fields, if so.
fn without_fields(format: RowFormat) -> Option<String> {
    match format {
        RowFormat::Raw => Some("-o raw prints whole lines".into()),
        RowFormat::As(_) | RowFormat::Long => None,
        RowFormat::Ecs | RowFormat::Ocsf => {
            Some(format!("-o {} makes documents of all fields, as their schema has it", format.name()))
        }
    }
}

pub fn unreadable(header: &str) -> String {
    format!(
        "the header '{header}' has too few known fields to be told from a record; \
         name the format with --log-format when these lines are read again"
    )
}

/// Encodes the rows of one worker.
pub struct Rows(pub Encoder);

impl Encode for Rows {
    fn columns(&mut self, columns: &[Heading]) {
        self.0.columns(columns);
    }

    fn row(&mut self, record: &Record<'_>, out: &mut Vec<u8>) {
        self.0.row(record, out);
    }
}

/// Writes to standard output at once: rows come many at a time, or somebody waits for them.
struct Out {
    writer: Writer<Stdout>,
    limit: usize,
}

impl Deliver for Out {
    fn start(&mut self, columns: &[Heading]) -> io::Result<()> {
        self.writer.start(columns)
    }

    fn rows(&mut self, rows: &engine::Rows<'_>) -> io::Result<()> {
        self.writer.rows(rows.format, rows.bytes)
    }

    fn finish(&mut self, limited: bool) -> io::Result<()> {
        self.writer.finish(limited.then_some(self.limit))
    }
}
