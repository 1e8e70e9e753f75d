//! Text as numbers: equal text has the same number in every worker, so that keys stay small and
//! merging needs no translation. Numbers depend on the order of arrival; results never do.

use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

type Map = HashMap<Arc<[u8]>, u32, RandomState>;

/// The dictionary that all workers share.
#[derive(Clone, Default)]
pub struct Symbols(Arc<Mutex<Shared>>);

#[derive(Default)]
struct Shared {
    numbers: Map,
    texts: Vec<Arc<[u8]>>,
}

impl Symbols {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
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
}

impl SymbolCache {
    pub fn new(shared: &Symbols) -> SymbolCache {
        SymbolCache { shared: shared.clone(), known: Map::default() }
    }

    /// The number of `text`.
    #[inline]
    pub fn number(&mut self, text: &[u8]) -> u32 {
        match self.known.get(text) {
            Some(number) => *number,
            None => self.learn(text),
        }
    }

    #[cold]
    fn learn(&mut self, text: &[u8]) -> u32 {
        let mut shared = self.shared.lock();
        let entry = shared.numbers.get_key_value(text).map(|(text, number)| (text.clone(), *number));
        let (text, number) = entry.unwrap_or_else(|| {
            let (text, number): (Arc<[u8]>, u32) = (text.into(), shared.texts.len() as u32);
            shared.texts.push(text.clone());
            shared.numbers.insert(text.clone(), number);
            (text, number)
        });
        drop(shared);
        self.known.insert(text, number);
        number
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
