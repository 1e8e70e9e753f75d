//! Memory that the system denies ends the run in a sentence, not in an abort.
#![expect(unsafe_code, reason = "an allocator is called, and calls, without checks")]

use super::interrupt;
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Write;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

/// The system's allocator; where it has no more memory, the program ends with status 2.
pub struct Memory;

/// What is given back when there is no more, so that unfinished files can be removed: in bytes.
const RESERVE: usize = 4 << 20;

static KEPT: AtomicPtr<libc::c_void> = AtomicPtr::new(std::ptr::null_mut());

/// The thread that ends the program; 0 as long as nobody does.
static ENDING: AtomicUsize = AtomicUsize::new(0);

// SAFETY: hands on to the system's allocator, which keeps what is promised here; the only difference
// is that a null pointer is never returned.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps what `System` asks for, as it asks for the same.
        given(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        given(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        given(unsafe { System.realloc(memory, layout, size) }, size)
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[inline(always)]
fn given(memory: *mut u8, size: usize) -> *mut u8 {
    if memory.is_null() {
        denied(size);
    }
    memory
}

/// Sets something aside for the end. Without it, unfinished files may be left.
pub fn reserve() {
    // SAFETY: the handler has the signature of one, and only calls what is allowed in a handler.
    unsafe { libc::signal(libc::SIGABRT, aborted as extern "C" fn(libc::c_int) as libc::sighandler_t) };
    // SAFETY: a new map that nothing else refers to; it is never touched, only given back.
    let kept = unsafe {
        let (access, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        libc::mmap(std::ptr::null_mut(), RESERVE, access, flags, -1, 0)
    };
    if kept != libc::MAP_FAILED {
        KEPT.store(kept, Ordering::Release);
    }
}

/// The system's library aborts where it gets no memory for itself, and says so.
extern "C" fn aborted(_: libc::c_int) {
    const TEXT: &[u8] = b"vpcflow: out of memory: the system's library gave up; nothing that was printed is whole; \
        use fewer threads (-j 1), or allow it more\n";
    // SAFETY: the text is valid for its length; _exit does not come back.
    unsafe {
        libc::write(libc::STDERR_FILENO, TEXT.as_ptr().cast(), TEXT.len());
        libc::_exit(2)
    }
}

/// Ends the program, as `size` bytes are denied to it.
#[cold]
#[inline(never)]
fn denied(size: usize) -> ! {
    // SAFETY: takes nothing, and never fails.
    let me = unsafe { libc::pthread_self() } as usize;
    match ENDING.compare_exchange(0, me, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            let kept = KEPT.swap(std::ptr::null_mut(), Ordering::AcqRel);
            if !kept.is_null() {
                // SAFETY: the map was made above, of this size, and is given back once.
                unsafe { libc::munmap(kept, RESERVE) };
            }
            interrupt::remove_unfinished();
        }
        // Even for that there is not enough.
        Err(thread) if thread == me => {}
        // The other one is about to end the program.
        Err(_) => loop {
            // SAFETY: takes nothing, and waits.
            unsafe { libc::pause() };
        },
    }
    let mut text = [0; 256];
    let room = text.len();
    let mut rest = &mut text[..];
    // What does not fit is left out.
    _ = writeln!(
        rest,
        "vpcflow: out of memory: the system denies {size} bytes more; nothing that was printed is whole; \
         narrow the time or the keys, use fewer threads (-j 1), or allow it more"
    );
    let length = room - rest.len();
    // SAFETY: the text is valid for its length; _exit does not come back, and runs nothing that
    // might ask for memory.
    unsafe {
        libc::write(libc::STDERR_FILENO, text.as_ptr().cast(), length);
        libc::_exit(2)
    }
}
