//! A narrow way to the inner loops, for the tests that hold them against slow twins.

use super::simd::{Cpu, Delimiters, Scan, Work, on_every_kind};

pub use super::parse::number_at;

/// Reads the address in `text[start..end]`, once for every kind of processor that this one can be.
pub fn ipv4_everywhere(text: &[u8], start: usize, end: usize) -> Vec<Option<u32>> {
    on_every_kind(|| Quad { text, start, end })
}

/// Finds the delimiters of `text`, once for every kind of processor that this one can be.
pub fn delimiters_everywhere(text: &[u8]) -> Vec<Delimiters> {
    on_every_kind(|| Scanned { text })
}

struct Quad<'t> {
    text: &'t [u8],
    start: usize,
    end: usize,
}

impl Work for Quad<'_> {
    type Output = Option<u32>;

    #[inline(always)]
    fn run(self, cpu: impl Cpu) -> Option<u32> {
        cpu.ipv4(self.text, self.start, self.end)
    }
}

struct Scanned<'t> {
    text: &'t [u8],
}

impl Work for Scanned<'_> {
    type Output = Delimiters;

    #[inline(always)]
    fn run(self, cpu: impl Cpu) -> Delimiters {
        let mut found = Delimiters::default();
        Scan { out: &mut found, text: self.text }.run(cpu);
        found
    }
}
