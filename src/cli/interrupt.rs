//! What is removed when the program is told to end: files that are not whole yet.
#![expect(unsafe_code, reason = "signals can be waited for only by calls of the system's library")]

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

const SIGNALS: [libc::c_int; 3] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP];

static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file or a folder that is removed with this, and also when a signal ends the program.
#[derive(Debug)]
pub struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// Makes it, and returns its path. To be called before any other thread is started.
    pub fn make<E>(make: impl FnOnce() -> Result<PathBuf, E>) -> Result<Unfinished, E> {
        static WATCH: Once = Once::new();
        WATCH.call_once(watch);
        let mut unfinished = unfinished();
        let path = make()?;
        unfinished.push(path.clone());
        Ok(Unfinished { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        remove(&self.path);
        unfinished().retain(|path| *path != self.path);
    }
}

/// Makes something within what is unfinished: nothing that is made while the program ends is left.
pub fn within<T>(make: impl FnOnce() -> T) -> T {
    let _held = unfinished();
    make()
}

/// Removes a file, or a folder with all that is in it. If it has its final name already, it is not there.
fn remove(path: &Path) {
    if path.is_dir() {
        _ = std::fs::remove_dir_all(path);
    } else {
        _ = std::fs::remove_file(path);
    }
}

/// Holds signals back from all threads but one, which waits for them, removes what is not finished,
/// and ends the program as the signal would have.
fn watch() {
    // SAFETY: a set of signals is plain data, which `sigemptyset` makes valid; all pointers are to
    // variables that live during the calls; a null pointer tells that the old value is not wanted.
    let set = unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        for signal in SIGNALS {
            let mut now: libc::sigaction = std::mem::zeroed();
            // Under nohup one is ignored, and stays so.
            let known = libc::sigaction(signal, std::ptr::null(), &mut now) == 0;
            if known && now.sa_sigaction != libc::SIG_IGN {
                libc::sigaddset(&mut set, signal);
            }
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
        set
    };
    std::thread::spawn(move || {
        let mut signal = 0;
        // SAFETY: the set was made above, and the number is written to a variable of this thread.
        while unsafe { libc::sigwait(&set, &mut signal) } != 0 {}
        // Held to the end: nobody makes anything meanwhile.
        let unfinished = unfinished();
        unfinished.iter().for_each(|path| remove(path));
        // SAFETY: as above; the signal that comes now ends the program by its default action.
        unsafe {
            libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut());
            libc::raise(signal);
        }
    });
}
