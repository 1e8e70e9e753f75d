//! One file of a result. Pieces of it are packed by any thread, at once, and written in their order.

use crate::cli::interrupt;
use crate::render::parquet::{FileWriter, Group, Packed, Schema};
use crate::source::patiently;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the rows of a file become.
#[derive(Clone)]
pub enum Form {
    Parquet(Arc<Schema>),
    Text { gzip: bool },
}

/// A part of a file, before it is packed.
pub enum Piece {
    Rows(Group),
    Text(Vec<u8>),
}

/// And then.
enum Ready {
    Rows(Packed),
    Bytes(Vec<u8>),
}

/// What has been written.
#[derive(Debug, Default)]
pub struct Written {
    pub files: u64,
    pub bytes: u64,
    /// How many numbers of each column were too large for it.
    pub too_large: Vec<u64>,
}

/// What all files share.
#[derive(Debug, Default)]
pub struct Common {
    written: Mutex<Written>,
    /// The memory of a group that has been packed.
    spare: Mutex<Option<Vec<u8>>>,
}

impl Common {
    /// What has been written so far.
    pub fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Memory to be used again.
    pub fn spare(&self) -> MutexGuard<'_, Option<Vec<u8>>> {
        self.spare.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is being written.
pub struct Part {
    form: Form,
    state: Mutex<State>,
    common: Arc<Common>,
}

struct State {
    out: Out,
    /// The next piece to be written, and those behind it that are ready.
    next: usize,
    ready: BTreeMap<usize, Ready>,
    /// The number of pieces, when it is known.
    pieces: Option<usize>,
}

enum Out {
    Parquet(FileWriter<Appender>),
    Text(Appender),
    Finished,
}

impl Part {
    /// Begins a file.
    pub fn new(path: PathBuf, form: Form, common: Arc<Common>) -> io::Result<Part> {
        let mut appender = Appender::new(path)?;
        let out = match &form {
            Form::Parquet(schema) => {
                let mut writer = FileWriter::new(appender, schema)?;
                writer.out().rest();
                Out::Parquet(writer)
            }
            Form::Text { .. } => {
                appender.rest();
                Out::Text(appender)
            }
        };
        let state = State { out, next: 0, ready: BTreeMap::new(), pieces: None };
        Ok(Part { form, state: Mutex::new(state), common })
    }

    /// Packs a piece, and writes it when all before it are written.
    pub fn write(&self, number: usize, piece: Piece) -> io::Result<()> {
        let ready = match (piece, &self.form) {
            (Piece::Rows(group), Form::Parquet(schema)) => {
                let packed = group.pack(schema)?;
                *self.common.spare() = Some(group.into_memory());
                self.too_large(&packed.too_large);
                Ready::Rows(packed)
            }
            (Piece::Text(text), Form::Text { gzip: true }) => Ready::Bytes(gzip(&text)?),
            (Piece::Text(text), _) => Ready::Bytes(text),
            (Piece::Rows(_), Form::Text { .. }) => return Err(io::Error::other("rows of no text")),
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.ready.insert(number, ready);
        while let Some(ready) = {
            let next = state.next;
            state.ready.remove(&next)
        } {
            match (&mut state.out, ready) {
                (Out::Parquet(writer), Ready::Rows(packed)) => {
                    writer.append(packed)?;
                    writer.out().rest();
                }
                (Out::Text(out), Ready::Bytes(bytes)) => {
                    out.write_all(&bytes)?;
                    out.rest();
                }
                _ => {}
            }
            state.next += 1;
        }
        self.finish_if_done(&mut state)
    }

    /// There are so many pieces.
    pub fn end(&self, pieces: usize) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.pieces = Some(pieces);
        self.finish_if_done(&mut state)
    }

    fn finish_if_done(&self, state: &mut State) -> io::Result<()> {
        if state.pieces != Some(state.next) {
            return Ok(());
        }
        let bytes = match std::mem::replace(&mut state.out, Out::Finished) {
            Out::Parquet(mut writer) => writer.finish()?,
            Out::Text(out) => out.written,
            Out::Finished => return Ok(()),
        };
        let mut written = self.common.written();
        written.files += 1;
        written.bytes += bytes;
        Ok(())
    }

    fn too_large(&self, counts: &[u64]) {
        if counts.iter().any(|count| *count > 0) {
            let mut written = self.common.written();
            written.too_large.resize(counts.len(), 0);
            written.too_large.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }
}

/// A member of a gzip file.
fn gzip(text: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    out.write_all(text)?;
    out.finish()
}

/// A file that is open only while it is written to, so that there may be many of them; a pipe or a
/// device is always open.
struct Appender {
    path: PathBuf,
    file: Option<File>,
    always: bool,
    written: u64,
}

impl Appender {
    fn new(path: PathBuf) -> io::Result<Appender> {
        let file = interrupt::within(|| {
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                fs::create_dir_all(parent)?;
            }
            patiently(|| OpenOptions::new().write(true).create(true).truncate(true).open(&path))
        })?;
        let always = !file.metadata()?.is_file();
        Ok(Appender { path, file: Some(file), always, written: 0 })
    }

    /// Nothing will be written for a while.
    fn rest(&mut self) {
        if !self.always {
            self.file = None;
        }
    }
}

impl Write for Appender {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(patiently(|| OpenOptions::new().append(true).open(&self.path))?),
        };
        let written = file.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
