//! Standard output: whether there is one.
//!
//! Before `main`, the standard library opens `/dev/null` in the place of a standard stream that is
//! closed. A result that is written there is lost, and looks like a success; so this looks before the
//! library does.
#![expect(unsafe_code, reason = "looks at a file descriptor before the standard library replaces it")]

use super::Error;
use std::io::{self, Stdout};
use std::sync::atomic::{AtomicBool, Ordering};

static CLOSED: AtomicBool = AtomicBool::new(false);

// SAFETY: the system calls what stands in this section, before `main`, as a function of this type.
#[used]
#[cfg_attr(not(target_vendor = "apple"), unsafe(link_section = ".init_array"))]
#[cfg_attr(target_vendor = "apple", unsafe(link_section = "__DATA,__mod_init_func"))]
static LOOK: extern "C" fn() = look;

extern "C" fn look() {
    // SAFETY: takes plain numbers and changes nothing.
    let closed = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) } == -1;
    CLOSED.store(closed, Ordering::Relaxed);
}

/// Standard output; an error where the program was started without one.
pub fn output() -> Result<Stdout, Error> {
    match CLOSED.load(Ordering::Relaxed) {
        true => Err(Error::stdout(io::Error::other("it is closed"))),
        false => Ok(io::stdout()),
    }
}
