//! Text as numbers: equal text has the same number in every worker, so that keys stay small and
//! merging needs no translation. Numbers depend on the order of arrival; results never do.

use crate::decode::{Batch, NO_WORD, TextColumn};
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

type Map = HashMap<Arc<[u8]>, u32, RandomState>;

/// The dictionary that all workers share.
#[derive(Clone, Default)]
pub struct Symbols {
    shared: Arc<Mutex<Shared>>,
    bytes: Arc<AtomicUsize>,
}

/// About what a text takes beside its bytes: in the dictionary, and in the views of it.
const BESIDE: usize = 128;

#[derive(Default)]
struct Shared {
    numbers: Map,
    texts: Vec<Arc<[u8]>>,
}

impl Symbols {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// About the memory that it takes. The same for the same texts, whoever brings them.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// All texts by number, without a lock for each.
    pub fn texts(&self) -> Vec<Arc<[u8]>> {
        self.lock().texts.clone()
    }
}

/// One worker's view of the dictionary.
pub struct SymbolCache {
    shared: Symbols,
    known: Map,
    /// By column and the number of a word there.
    words: Vec<Vec<u32>>,
}

impl SymbolCache {
    pub fn new(shared: &Symbols) -> SymbolCache {
        SymbolCache { shared: shared.clone(), known: Map::default(), words: Vec::new() }
    }

    /// The number of `text`.
    #[inline]
    pub fn number(&mut self, text: &[u8]) -> u32 {
        match self.known.get(text) {
            Some(number) => *number,
            None => self.learn(text),
        }
    }

    /// The numbers of a column of texts that mostly are words of few.
    fn words(&mut self, column: usize, text: &TextColumn, batch: &Batch<'_>, out: &mut Vec<u32>) {
        if self.words.len() <= column {
            self.words.resize_with(column + 1, Vec::new);
        }
        let mut known = std::mem::take(&mut self.words[column]);
        for (row, word) in text.words.iter().enumerate() {
            let is_word = *word != NO_WORD;
            if let Some(number) = known.get(*word as usize).filter(|number| is_word && **number != NOT_KNOWN) {
                out.push(*number);
                continue;
            }
            let bytes = text.bytes(row, batch.text);
            let number = if bytes.is_empty() { NO_TEXT } else { self.number(bytes) };
            if is_word {
                known.resize(known.len().max(*word as usize + 1), NOT_KNOWN);
                known[*word as usize] = number;
            }
            out.push(number);
        }
        self.words[column] = known;
    }

    #[cold]
    fn learn(&mut self, text: &[u8]) -> u32 {
        let mut shared = self.shared.lock();
        let entry = shared.numbers.get_key_value(text).map(|(text, number)| (text.clone(), *number));
        let (text, number) = entry.unwrap_or_else(|| {
            let (text, number): (Arc<[u8]>, u32) = (text.into(), shared.texts.len() as u32);
            shared.texts.push(text.clone());
            shared.numbers.insert(text.clone(), number);
            self.shared.bytes.fetch_add(text.len() + BESIDE, Ordering::Relaxed);
            (text, number)
        });
        drop(shared);
        self.known.insert(text, number);
        number
    }
}

/// The symbol of a row without text.
pub const NO_TEXT: u32 = u32::MAX;
const NOT_KNOWN: u32 = u32::MAX - 1;

/// The symbols of a batch's text columns, made once for all keys that use them.
pub struct BatchSymbols<'c> {
    cache: &'c mut SymbolCache,
    /// By column and row.
    pub numbers: &'c mut Vec<Vec<u32>>,
}

impl<'c> BatchSymbols<'c> {
    /// Starts a batch; `numbers` is kept from batch to batch for its memory only.
    pub fn new(cache: &'c mut SymbolCache, numbers: &'c mut Vec<Vec<u32>>, columns: usize) -> Self {
        numbers.resize_with(columns, Vec::new);
        numbers.iter_mut().for_each(Vec::clear);
        BatchSymbols { cache, numbers }
    }

    /// Makes the symbols of a column, unless they are made.
    pub fn make(&mut self, batch: &Batch<'_>, column: usize) {
        let Some(text) = batch.columns[column].as_text().filter(|_| self.numbers[column].is_empty()) else { return };
        if !text.words.is_empty() {
            return self.cache.words(column, text, batch, &mut self.numbers[column]);
        }
        for row in 0..batch.rows() {
            let bytes = text.bytes(row, batch.text);
            self.numbers[column].push(if bytes.is_empty() { NO_TEXT } else { self.cache.number(bytes) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_agree_on_numbers() {
        let symbols = Symbols::default();
        let (mut a, mut b) = (SymbolCache::new(&symbols), SymbolCache::new(&symbols));
        let one = a.number(b"eni-1");
        assert_ne!(one, b.number(b"eni-2"));
        assert_eq!(one, b.number(b"eni-1"));
        assert_eq!(&*symbols.texts()[one as usize], b"eni-1");
    }
}
