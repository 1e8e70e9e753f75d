//! One decoder for all forms that come as a stream: what a text is dressed or wrapped in is told by
//! its beginning and taken off, and what is left goes to the decoder of lines.

use super::assumed::Said;
use super::dress::{Dress, begins_with_time};
use super::form::Form;
use super::json::{Columns, Context, JsonReader, Unwrap};
use super::neighbours::neighbour;
use super::stop::Stop;
use super::text::{Lines, Malformed, Sink, TextDecoder};
use crate::schema::{BYTE_ORDER_MARK, Field, FieldName, Format, tokens};

/// Undressed lines are handed on when there are so many bytes of them.
const CHUNK: usize = 64 << 10;

/// As much of the first line is kept, in bytes.
const FIRST: usize = 1024;

/// Turns the content of sources into batches with the columns of one question.
pub struct Decoder {
    text: TextDecoder,
    json: JsonReader,
    said: Said,
    /// The flow log that the source is of.
    flow_log: Option<Box<str>>,
    state: State,
    /// How a text begins.
    first: Vec<u8>,
    undressed: Vec<u8>,
    /// The input was cut off, and that has been said.
    cut: bool,
}

/// What the content has turned out to be.
enum State {
    Unknown,
    Plain,
    Dressed(Dress),
    Json,
}

impl Decoder {
    /// A decoder for the columns `wanted`. Text without a header is read as the user has said, or as what
    /// it looks like.
    pub fn new(wanted: &[FieldName], said: &Said) -> Decoder {
        Decoder {
            text: TextDecoder::new(wanted, None),
            json: JsonReader::new(),
            said: said.clone(),
            flow_log: None,
            state: State::Unknown,
            first: Vec::new(),
            undressed: Vec::new(),
            cut: false,
        }
    }

    /// Scans `bytes` of text at a time instead of the usual window: for tests that cross boundaries.
    pub fn with_window(mut self, bytes: usize) -> Decoder {
        self.text = self.text.with_window(bytes);
        self
    }

    /// Makes columns of all fields of the format in force, behind the wanted ones.
    pub fn with_all_fields(mut self) -> Decoder {
        self.text = self.text.with_all_fields();
        self
    }

    /// Gives values of text fields for all records of the next inputs: they hold where a format lacks
    /// the field.
    pub fn give<'v>(&mut self, values: impl Iterator<Item = (Field, &'v str)> + Clone) {
        self.text.give(values);
    }

    /// Starts a new input, of a flow log if that is known. `format` is the one in force where the input is
    /// a later part of a text.
    pub fn begin(&mut self, flow_log: Option<&str>, format: Option<&Format>) {
        self.flow_log = flow_log.map(Box::from);
        self.text.assume(self.said.of(flow_log, None));
        self.text.begin(format);
        self.state = if format.is_some() { State::Plain } else { State::Unknown };
        self.first.clear();
        self.cut = false;
    }

    /// The account since `begin`.
    pub fn lines(&self) -> Lines {
        self.text.lines()
    }

    /// The format in force.
    pub fn format(&self) -> Option<&Format> {
        self.text.format()
    }

    /// Whether a text is plain lines whose format can be told by its beginning.
    pub fn can_tell(&mut self, beginning: &[u8]) -> bool {
        first_line(beginning).is_some_and(|line| self.dress(line).is_none()) && self.text.can_tell(beginning)
    }

    /// Reads a block of whole lines; the last block may lack its final newline.
    pub fn feed(&mut self, block: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        let read = match &self.state {
            State::Plain => self.text.feed(block, sink),
            State::Dressed(_) => self.feed_dressed(block, sink),
            State::Unknown | State::Json => match first_line(block) {
                None => self.text.feed(block, sink),
                Some(line) => self.open(block, line, sink),
            },
        };
        read.map_err(|stop| self.named(stop))
    }

    /// Tells by the first line what the text is, and reads it.
    fn open(&mut self, block: &[u8], line: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        // Behind blank lines it is no mark of the file's.
        let leads = line.as_ptr() == block.as_ptr();
        let (block, line) = match self.text.is_at_start() {
            true => (without_mark(block), if leads { without_mark(line) } else { line }),
            false => (block, line),
        };
        self.first.extend_from_slice(&line[..line.len().min(FIRST)]);
        let Some(dress) = self.dress(line) else {
            self.state = State::Plain;
            sink.form(Form::Text, None);
            return self.text.feed(block, sink);
        };
        sink.form(dress.form(), None);
        let mut block = block;
        if let Dress::Csv { take, .. } = &dress {
            // The header, and the blank lines before it.
            let end = line.as_ptr() as usize - block.as_ptr() as usize + line.len();
            let (header, rest) = block.split_at(end);
            let blank = header.len() - line.len();
            let mut plain = block[..blank].to_vec();
            take.header(&mut plain);
            self.text.feed(&plain, sink)?;
            self.text.made(take.has_header());
            if !take.has_header() {
                self.text.count_header();
            }
            block = rest;
        }
        self.state = State::Dressed(dress);
        self.feed_dressed(block, sink)
    }

    fn dress(&self, line: &[u8]) -> Option<Dress> {
        let dress = Dress::detect(line)?;
        let said = self.said.format.as_ref();
        let own = said.is_some_and(|f| begins_with_time(f.fields()) && f.fields().len() == tokens(line).count());
        (!own).then_some(dress)
    }

    fn feed_dressed(&mut self, block: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        let State::Dressed(dress) = &self.state else { return Ok(()) };
        for line in block.split_inclusive(|b| *b == b'\n') {
            dress.undress(line, &mut self.undressed);
            if self.undressed.len() >= CHUNK {
                self.text.feed(&self.undressed, sink)?;
                self.undressed.clear();
            }
        }
        let read = if self.undressed.is_empty() { Ok(()) } else { self.text.feed(&self.undressed, sink) };
        self.undressed.clear();
        read
    }

    /// Reads a piece of JSON, cut anywhere.
    pub fn piece(&mut self, piece: &[u8], sink: &mut impl Sink) -> Result<(), Stop> {
        if !matches!(self.state, State::Json) {
            self.state = State::Json;
            self.json.begin();
        }
        self.unwrapped(sink, |json, to| json.feed(piece, to))
    }

    /// Lets the reader of JSON do something, and reads the lines that come of it.
    fn unwrapped<S: Sink>(
        &mut self,
        sink: &mut S,
        work: impl FnOnce(&mut JsonReader, &mut Unwrapped<'_, S>) -> Result<(), super::json::Broken>,
    ) -> Result<(), Stop> {
        let Decoder { text, json, said, flow_log, .. } = self;
        let mut to = Unwrapped { text, said, flow_log: flow_log.as_deref(), sink, stop: None };
        let result = work(json, &mut to);
        match to.stop {
            Some(stop) => Err(stop),
            None => result.map_err(Stop::Json),
        }
    }

    /// Ends the input: what was held back is read now, if it can be.
    pub fn finish(&mut self, sink: &mut impl Sink) -> Result<(), Stop> {
        if matches!(self.state, State::Json) && !self.cut {
            self.unwrapped(sink, |json, to| json.finish(to))?;
        }
        self.text.finish(sink).map_err(|stop| self.named(stop))
    }

    /// Counts a line of `bytes` that was not kept, because it is too long.
    pub fn too_long(&mut self, bytes: u64, sink: &mut impl Sink) {
        self.text.too_long(bytes, sink);
    }

    /// The input was cut off: a line that is not whole counts as one.
    pub fn cut_line(&mut self, sink: &mut impl Sink) {
        self.cut = true;
        if !matches!(self.state, State::Json) {
            self.text.cut_line(sink);
        }
    }

    /// Names what is no flow log, where that is known.
    fn named(&self, stop: Stop) -> Stop {
        match (&stop, neighbour(&self.first)) {
            (Stop::NoFormat { .. }, Some(name)) => Stop::Foreign(name),
            _ => stop,
        }
    }
}

/// The first line that is not blank, with its newline.
fn first_line(block: &[u8]) -> Option<&[u8]> {
    let mut lines = block.split_inclusive(|b| *b == b'\n');
    lines.find(|line| !without_mark(line).trim_ascii().is_empty())
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Reads the lines that come out of JSON.
struct Unwrapped<'a, S> {
    text: &'a mut TextDecoder,
    said: &'a Said,
    flow_log: Option<&'a str>,
    sink: &'a mut S,
    stop: Option<Stop>,
}

impl<S: Sink> Unwrap for Unwrapped<'_, S> {
    fn lines(&mut self, lines: &[u8]) -> bool {
        if self.stop.is_none() {
            self.stop = self.text.feed(lines, self.sink).err();
        }
        self.stop.is_none()
    }

    fn context(&mut self, context: &Context<'_>) {
        // What waits for more lines of the context before can wait no longer.
        if let Err(stop) = self.text.finish(self.sink) {
            self.stop.get_or_insert(stop);
        }
        self.text.made(context.columns != Columns::Logged);
        self.sink.form(context.form, context.log_group);
        let assumed = match &context.columns {
            Columns::Logged => self.said.of(self.flow_log, context.log_group),
            Columns::And(extra) => self.said.of(self.flow_log, context.log_group).and(extra),
            Columns::These(fields) => match Format::new(fields.clone()) {
                Ok(format) => super::assumed::Assumed::named(format),
                Err(_) => self.said.of(self.flow_log, context.log_group),
            },
        };
        self.text.assume(assumed);
    }

    fn malformed(&mut self, why: &'static str) {
        self.text.malformed(Malformed::Wrapped(why), self.sink);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Batch;
    use super::*;

    struct Nobody;

    impl Sink for Nobody {
        fn batch(&mut self, _: &Batch<'_>) {}
        fn malformed(&mut self, _: u64, _: Malformed) {}
        fn format(&mut self, _: &Format) {}
    }

    fn stop(blocks: &[&str]) -> Option<Stop> {
        let mut decoder = Decoder::new(&[], &Said::default());
        decoder.begin(None, None);
        let stop = blocks.iter().find_map(|block| decoder.feed(block.as_bytes(), &mut Nobody).err());
        stop.or_else(|| decoder.finish(&mut Nobody).err())
    }

    #[test]
    fn a_mark_is_the_files_only_at_its_beginning() {
        assert_eq!(stop(&["\u{feff}<a>\n"]), Some(Stop::Foreign("XML or HTML")));
        let in_one = stop(&["\n\u{feff}<a>\n"]);
        assert_eq!(in_one, stop(&["\n", "\u{feff}<a>\n"]));
        assert!(matches!(in_one, Some(Stop::NoFormat { .. })), "{in_one:?}");
    }
}
