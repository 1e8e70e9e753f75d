//! Memory for large tables, on huge pages where the system has them: a table is read all over, and
//! with pages of 4 KiB the processor would look up an address for nearly every group.

use memmap2::{Advice, MmapMut};
use std::ops::{Deref, DerefMut};

/// Zeroed 64-bit words.
pub enum Words {
    Heap(Vec<u64>),
    Mapped(MmapMut),
}

/// From this size on, in bytes, a mapping of its own is worth it.
const LARGE: usize = 4 << 20;

impl Words {
    /// `count` zeros.
    pub fn zeroed(count: usize) -> Words {
        let bytes = count * size_of::<u64>();
        if bytes >= LARGE
            && let Ok(map) = MmapMut::map_anon(bytes)
        {
            // Without huge pages it is only slower.
            #[cfg(target_os = "linux")]
            let _ = map.advise(Advice::HugePage);
            return Words::Mapped(map);
        }
        // Written, not asked for zeroed: pages that are first read, then written fault twice.
        Words::Heap(std::iter::repeat_n(0, count).collect())
    }
}

impl Deref for Words {
    type Target = [u64];

    #[inline(always)]
    fn deref(&self) -> &[u64] {
        match self {
            Words::Heap(words) => words,
            // A mapping starts at a page, and is as long as was asked for.
            Words::Mapped(map) => bytemuck::cast_slice(map),
        }
    }
}

impl DerefMut for Words {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [u64] {
        match self {
            Words::Heap(words) => words,
            Words::Mapped(map) => bytemuck::cast_slice_mut(map),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_are_zeroed_and_writable() {
        for count in [0, 1, 1000, LARGE / 8, LARGE / 8 + 77] {
            let mut words = Words::zeroed(count);
            assert!(words.len() == count && words.iter().all(|word| *word == 0));
            if let Some(last) = words.last_mut() {
                *last = 7;
                assert_eq!(words[count - 1], 7);
            }
        }
    }
}
