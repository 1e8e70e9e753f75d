//! The values of one column of a file, row by row across its pages.

use super::Damaged;
use super::convert::{Bad, Convert, Notes};
use super::footer::{Leaf, Physical};
use super::pages::{Data, Page, Pages};
use super::runs::Runs;
use super::stream::Stream;
use super::unpack::{PageBytes, Unpacker};
use crate::decode::batch::Column;

const ENDS: Damaged = Damaged("it has fewer rows than its row group");

/// Reads a column.
#[derive(Default)]
pub struct ColumnReader {
    leaf: Leaf,
    pages: Option<Pages>,
    page: PageBytes,
    /// Levels of the page that are left: rows, or in a column of lists, items.
    left: usize,
    levels: Runs,
    stream: Stream,
    dictionary: Option<Dictionary>,
    work: Work,
    lists: Lists,
}

/// Memory that is used again.
#[derive(Default)]
struct Work {
    words: Vec<u64>,
    numbers: Vec<u32>,
    spans: Vec<(u32, u32)>,
    made: Vec<u8>,
}

/// The values of a dictionary, each converted once.
struct Dictionary {
    values: Column,
    bad: Vec<Bad>,
}

/// Items of lists that have been read, and are not yet told which row they belong to.
#[derive(Default)]
struct Lists {
    levels: Runs,
    /// 0 where a row begins.
    starts: Vec<u32>,
    items: Option<Column>,
    next: usize,
}

/// What columns are read with.
pub struct Tools<'a> {
    pub unpacker: &'a mut Unpacker,
    pub text: &'a mut Vec<u8>,
    /// How many bytes the page may take.
    pub room: usize,
}

impl ColumnReader {
    /// Begins with the pages of a row group. Its dictionary's texts are put where they stay.
    pub fn begin(
        &mut self,
        leaf: &Leaf,
        convert: &Convert,
        pages: Pages,
        tools: &mut Tools<'_>,
    ) -> Result<(), Damaged> {
        self.leaf.clone_from(leaf);
        self.pages = Some(pages);
        (self.left, self.dictionary) = (0, None);
        self.lists.starts.clear();
        self.lists.next = 0;
        self.next_page(tools, Some(convert))
    }

    /// Forgets the row group that it was reading.
    pub fn end(&mut self) {
        (self.pages, self.dictionary) = (None, None);
    }

    /// The memory that its page takes.
    pub fn held(&self) -> usize {
        self.page.held()
    }

    /// Bytes that were unpacked of the row group.
    pub fn unpacked(&self) -> u64 {
        self.pages.as_ref().map_or(0, |pages| pages.unpacked)
    }

    /// Goes to the next page with values; a dictionary may only stand before the `first`.
    fn next_page(&mut self, tools: &mut Tools<'_>, mut first: Option<&Convert>) -> Result<(), Damaged> {
        let begins = first.is_some();
        while self.left == 0 {
            let pages = self.pages.as_mut().ok_or(ENDS)?;
            let Some(page) = pages.next(tools.unpacker, &mut self.page, tools.room)? else {
                // A row group without rows has no pages.
                return if begins { Ok(()) } else { Err(ENDS) };
            };
            match (page, first.take()) {
                (Page::Dictionary(size), Some(convert)) => self.read_dictionary(size, convert, tools.text)?,
                (Page::Dictionary(_), None) => return Err(Damaged("a dictionary behind its values")),
                (Page::Data(data), _) => self.begin_page(&data)?,
            }
        }
        Ok(())
    }

    fn begin_page(&mut self, data: &Data) -> Result<(), Damaged> {
        let width = |top: u8| u8::BITS - top.leading_zeros();
        self.levels = Runs::new(data.definition.0, data.definition.1, width(self.leaf.defined));
        self.lists.levels = Runs::new(data.repetition.0, data.repetition.1, width(self.leaf.repeated));
        self.stream = Stream::new(self.page.bytes(), data, self.leaf.physical)?;
        self.left = data.values;
        Ok(())
    }

    fn read_dictionary(&mut self, size: usize, convert: &Convert, text: &mut Vec<u8>) -> Result<(), Damaged> {
        let least = self.leaf.physical.width().unwrap_or(4);
        if self.leaf.physical == Physical::Bool || size > self.page.bytes().len() / least {
            return Err(Damaged("a dictionary shorter than its values"));
        }
        let (mut values, mut bad) = (Column::of(convert.kind), Vec::new());
        self.stream = Stream::Plain(0);
        self.append_stored(size, convert, &mut values, &mut Notes { text, bad: &mut bad })?;
        self.dictionary = Some(Dictionary { values, bad });
        Ok(())
    }

    /// Makes `out` the next `rows` values; those that the field cannot hold are put to `bad`.
    pub fn fill(
        &mut self,
        rows: usize,
        convert: &Convert,
        tools: &mut Tools<'_>,
        out: &mut Column,
        bad: &mut Vec<Bad>,
    ) -> Result<(), Damaged> {
        out.clear();
        if self.leaf.repeated > 0 {
            return self.fill_firsts(rows, convert, tools, out);
        }
        let mut done = 0;
        while done < rows {
            if self.left == 0 {
                self.next_page(tools, None)?;
            }
            let count = (rows - done).min(self.left);
            self.append(count, convert, out, &mut Notes { text: tools.text, bad })?;
            done += count;
        }
        Ok(())
    }

    /// Makes `out` the first items of the next `rows` lists. Items that are no value of the field are
    /// left out.
    fn fill_firsts(
        &mut self,
        rows: usize,
        convert: &Convert,
        tools: &mut Tools<'_>,
        out: &mut Column,
    ) -> Result<(), Damaged> {
        let mut items = self.lists.items.take().unwrap_or_else(|| Column::of(convert.kind));
        let (mut done, mut bad) = (0, Vec::new());
        loop {
            while let Some(start) = self.lists.starts.get(self.lists.next) {
                if *start == 0 && done == rows {
                    self.lists.items = Some(items);
                    return Ok(());
                }
                if *start == 0 {
                    out.append_from(&items, &[self.lists.next as u32])?;
                    done += 1;
                }
                self.lists.next += 1;
            }
            if self.left == 0 {
                match self.next_page(tools, None) {
                    Err(_) if done == rows => return Ok(()),
                    result => result?,
                }
            }
            let count = self.left.min(1024);
            self.lists.next = 0;
            self.lists.starts.resize(count, 0);
            self.lists.levels.read(self.page.bytes(), &mut self.lists.starts)?;
            items.clear();
            self.append(count, convert, &mut items, &mut Notes { text: tools.text, bad: &mut bad })?;
        }
    }

    /// Appends rows of the page.
    fn append(
        &mut self,
        count: usize,
        convert: &Convert,
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        self.left -= count;
        let top = u32::from(self.leaf.defined);
        if top == 0 {
            return self.append_values(count, convert, out, notes);
        }
        match self.levels.same(self.page.bytes(), count)? {
            Some(level) if level == top => self.append_values(count, convert, out, notes),
            Some(_) => {
                out.append_none(count);
                Ok(())
            }
            None => self.append_some(count, convert, out, notes),
        }
    }

    /// Appends rows of which some have a value.
    fn append_some(
        &mut self,
        count: usize,
        convert: &Convert,
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        let top = u32::from(self.leaf.defined);
        let mut levels = vec![0; count];
        self.levels.read(self.page.bytes(), &mut levels)?;
        let (from, known) = (out.rows(), notes.bad.len());
        self.append_values(levels.iter().filter(|level| **level == top).count(), convert, out, notes)?;
        out.spread(from, &levels, top);
        if notes.bad.len() > known {
            let rows: Vec<u32> = (0..count as u32).filter(|row| levels[*row as usize] == top).collect();
            for (row, _) in &mut notes.bad[known..] {
                *row = from as u32 + rows[*row as usize - from];
            }
        }
        Ok(())
    }

    /// Appends values of the page.
    fn append_values(
        &mut self,
        count: usize,
        convert: &Convert,
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        let Stream::Dictionary(indices) = &mut self.stream else {
            return self.append_stored(count, convert, out, notes);
        };
        let dictionary = self.dictionary.as_ref().ok_or(Damaged("a page without its dictionary"))?;
        let numbers = &mut self.work.numbers;
        numbers.resize(count, 0);
        indices.read(self.page.bytes(), numbers)?;
        let from = out.rows();
        out.append_from(&dictionary.values, numbers)?;
        if !dictionary.bad.is_empty() {
            for (row, index) in numbers.iter().enumerate() {
                if let Ok(at) = dictionary.bad.binary_search_by_key(index, |bad| bad.0) {
                    notes.bad.push(((from + row) as u32, dictionary.bad[at].1));
                }
            }
        }
        Ok(())
    }

    /// Appends values that are stored one by one.
    fn append_stored(
        &mut self,
        count: usize,
        convert: &Convert,
        out: &mut Column,
        notes: &mut Notes<'_>,
    ) -> Result<(), Damaged> {
        let (page, work) = (self.page.bytes(), &mut self.work);
        if self.leaf.physical.is_text() {
            work.spans.clear();
            let made = self.stream.texts(page, &self.leaf, count, &mut work.spans, &mut work.made)?;
            return convert.texts(if made { &work.made } else { page }, &work.spans, out, notes);
        }
        work.words.clear();
        self.stream.words(page, &self.leaf, count, &mut work.words)?;
        convert.words(&work.words, out, notes)
    }
}
