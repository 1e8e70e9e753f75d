//! What is removed when the program is told to end: files that are not whole yet.
#![expect(unsafe_code, reason = "signals can be waited for only by calls of the system's library")]

use crate::source::patiently;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::Duration;

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
    pub fn make(make: impl FnOnce() -> io::Result<PathBuf>) -> io::Result<Unfinished> {
        static WATCHED: OnceLock<Result<(), i32>> = OnceLock::new();
        let watched = WATCHED.get_or_init(|| watch().map_err(|error| error.raw_os_error().unwrap_or(libc::EAGAIN)));
        watched.map_err(io::Error::from_raw_os_error)?;
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

/// Removes what is unfinished, for a run that ends where it stands: nobody makes anything any more. What
/// this very thread is about to make is left.
pub fn remove_unfinished() {
    const TRIES: usize = 200;
    for _ in 0..TRIES {
        let unfinished = match UNFINISHED.try_lock() {
            Ok(unfinished) => unfinished,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                std::thread::sleep(Duration::from_millis(1));
                continue;
            }
        };
        remove_all(&unfinished);
        return std::mem::forget(unfinished);
    }
}

/// Makes a file that grows beyond what is allowed (`ulimit -f`) an error like a full disk, instead of
/// the end of the program.
pub fn file_sizes_are_errors() {
    // SAFETY: ignoring a signal runs no code.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Folders that were made for a result: they go, too, as long as nothing else is in them.
static MADE: OnceLock<Vec<PathBuf>> = OnceLock::new();

/// Takes note of folders that were made for the result, the innermost first.
pub fn made_for_the_result(folders: &[PathBuf]) {
    _ = MADE.set(folders.to_vec());
}

fn remove_all(unfinished: &[PathBuf]) {
    unfinished.iter().for_each(|path| remove(path));
    MADE.get().into_iter().flatten().for_each(|folder| _ = std::fs::remove_dir(folder));
}

/// Removes a file, or a folder with all that is in it. If it has its final name already, it is not there.
fn remove(path: &Path) {
    if path.is_dir() {
        _ = patiently(|| std::fs::remove_dir_all(path));
    } else {
        _ = std::fs::remove_file(path);
    }
}

/// Holds signals back from all threads but one, which waits for them, removes what is not finished,
/// and ends the program as the signal would have. A second signal does not wait for that.
fn watch() -> io::Result<()> {
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
    let thread = std::thread::Builder::new().spawn(move || {
        let mut signal = 0;
        // SAFETY: the set was made above, and the number is written to a variable of this thread.
        while unsafe { libc::sigwait(&set, &mut signal) } != 0 {}
        // SAFETY: as above; a signal that comes from here on ends the program by its default action.
        unsafe { libc::pthread_sigmask(libc::SIG_UNBLOCK, &set, std::ptr::null_mut()) };
        // Held to the end: nobody makes anything meanwhile.
        let unfinished = unfinished();
        #[cfg(debug_assertions)]
        if std::env::var_os("VPCFLOW_TEST_SLOW_END").is_some() {
            std::thread::sleep(Duration::from_secs(60));
        }
        remove_all(&unfinished);
        // SAFETY: as above.
        unsafe { libc::raise(signal) };
    });
    thread.map(|_| ())
}
