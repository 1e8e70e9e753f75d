//! Large plain files, mapped into memory.
//!
//! Reading a part of a map that its file no longer has raises SIGBUS, which would end the process.
//! Here a handler puts zeros in the place of what is gone and notes it, so that the run can end in a
//! sentence instead.
#![expect(unsafe_code, reason = "memory maps, and the signal that they can raise")]

use super::read::changed_since;
use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A file in memory.
pub struct Mapped {
    map: memmap2::Mmap,
    slot: &'static Slot,
    file: File,
    before: Metadata,
}

/// A map that the handler watches over; `start` is 0 where there is none.
struct Slot {
    taken: AtomicBool,
    start: AtomicUsize,
    end: AtomicUsize,
    lost: AtomicBool,
}

static SLOTS: [Slot; 64] = [const {
    Slot {
        taken: AtomicBool::new(false),
        start: AtomicUsize::new(0),
        end: AtomicUsize::new(0),
        lost: AtomicBool::new(false),
    }
}; 64];

static HANDLER: Once = Once::new();

impl Mapped {
    /// Maps a file. Fails, so that the caller reads it instead, where the system refuses or too
    /// many maps are in use.
    pub fn new(file: &File, before: Metadata) -> io::Result<Mapped> {
        let file = file.try_clone()?;
        HANDLER.call_once(install);
        let free = |slot: &&Slot| !slot.taken.swap(true, Ordering::AcqRel);
        let slot = SLOTS.iter().find(free).ok_or(io::ErrorKind::ResourceBusy)?;
        // SAFETY: others may write to the file meanwhile; the bytes are only ever parsed, any
        // bytes are sound to parse, and a file that shrinks is seen to by the handler.
        let map = unsafe { memmap2::Mmap::map(&file) }.inspect_err(|_| slot.taken.store(false, Ordering::Release))?;
        slot.lost.store(false, Ordering::Release);
        slot.end.store(map.as_ptr() as usize + map.len(), Ordering::Release);
        slot.start.store(map.as_ptr() as usize, Ordering::Release);
        Ok(Mapped { map, slot, file, before })
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Whether the file has changed since it was opened, other than by growing.
    pub fn changed(&self) -> bool {
        self.slot.lost.load(Ordering::Acquire) || changed_since(&self.file, &self.before)
    }

    /// Where the line of a byte ends: at its newline, or at the end of the file. What a very long one goes on
    /// with is not kept in memory.
    pub fn line_end(&self, at: usize) -> usize {
        const STEP: usize = 4 << 20;
        let bytes = self.bytes();
        for from in (at..bytes.len()).step_by(STEP) {
            let to = (from + STEP).min(bytes.len());
            if let Some(newline) = memchr::memchr(b'\n', &bytes[from..to]) {
                return from + newline;
            }
            if from > at {
                self.release(from..to);
            }
        }
        bytes.len()
    }

    /// Tells the system that a part has been read and need not stay in memory.
    pub fn release(&self, part: Range<usize>) {
        const PAGE: usize = 4096;
        let start = part.start.next_multiple_of(PAGE);
        let end = part.end / PAGE * PAGE;
        if start < end {
            // SAFETY: the map is shared with the file and only read, so that dropped pages come
            // back with the same bytes when they are read again.
            let _ = unsafe { self.map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, start, end - start) };
        }
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        self.slot.start.store(0, Ordering::Release);
        self.slot.taken.store(false, Ordering::Release);
    }
}

fn install() {
    // SAFETY: an all-zero sigaction is a valid one; the handler has the signature that SA_SIGINFO
    // asks for, and only does what is allowed in a handler.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = on_bus_error as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO;
        libc::sigaction(libc::SIGBUS, &action, std::ptr::null_mut());
    }
}

/// Puts zeros where the file has become shorter; any other bus error takes its usual course.
extern "C" fn on_bus_error(_: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the system passes a valid siginfo to a handler with SA_SIGINFO.
    let address = unsafe { (*info).si_addr() } as usize;
    let holds = |slot: &&Slot| {
        let start = slot.start.load(Ordering::Acquire);
        start != 0 && (start..slot.end.load(Ordering::Acquire)).contains(&address)
    };
    // SAFETY: sysconf, mmap and signal may be called in a handler. The new map replaces only pages
    // of a map of ours, from the one that faulted to its end, and stays within it.
    unsafe {
        let Some(slot) = SLOTS.iter().find(holds) else {
            libc::signal(libc::SIGBUS, libc::SIG_DFL);
            return;
        };
        let page = libc::sysconf(libc::_SC_PAGESIZE) as usize;
        let first = address / page * page;
        let size = slot.end.load(Ordering::Acquire).next_multiple_of(page) - first;
        let flags = libc::MAP_FIXED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        let zeros = libc::mmap(first as *mut libc::c_void, size, libc::PROT_READ, flags, -1, 0);
        if zeros == libc::MAP_FAILED {
            libc::signal(libc::SIGBUS, libc::SIG_DFL);
        }
        slot.lost.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// The safe twin: reading.
    #[test]
    fn a_map_is_what_is_read() {
        let mut file = tempfile::tempfile().expect("a temporary file");
        let text: Vec<u8> = (0..70_000u32).flat_map(|n| n.to_le_bytes()).collect();
        file.write_all(&text).expect("room");
        let map = Mapped::new(&file, file.metadata().expect("a size")).expect("a map");
        assert!(map.bytes() == text && !map.changed());
        for part in [0..1, 1..70_000, 4096..8192, 200_000..280_000, 0..280_000] {
            map.release(part);
            assert!(map.bytes() == text);
        }
    }

    #[test]
    fn a_file_that_shrinks_is_zeros_and_a_note() {
        let file = tempfile::tempfile().expect("a temporary file");
        file.set_len(1 << 20).expect("room");
        let map = Mapped::new(&file, file.metadata().expect("a size")).expect("a map");
        assert_eq!((map.bytes().len(), map.bytes()[5], map.changed()), (1 << 20, 0, false));
        file.set_len(4096).expect("shrinking");
        let sum: u64 = map.bytes().iter().map(|b| u64::from(*b)).sum();
        assert_eq!((sum, map.changed()), (0, true));
        map.release(0..1 << 20);
    }
}
