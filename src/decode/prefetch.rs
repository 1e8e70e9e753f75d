//! Asks the processor to fetch memory that is needed soon, while it works on something else.
#![expect(unsafe_code, reason = "the prefetch instruction takes a pointer")]

/// Fetches the part of memory that holds the beginning of `slots[index]` into the cache; nothing happens where
/// there is none.
#[inline(always)]
pub fn prefetch<T>(slots: &[T], index: usize) {
    #[cfg(target_arch = "x86_64")]
    if let Some(slot) = slots.get(index) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: the pointer is one of a live slice, and prefetching changes nothing.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(slot).cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slots, index);
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_not_there_is_left_alone() {
        super::prefetch(&[1, 2], 1);
        super::prefetch(&[1, 2], 2);
        super::prefetch::<u64>(&[], 0);
    }
}
