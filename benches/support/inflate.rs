//! Inflates every .gz file below a folder and does nothing else: the time that no program that
//! reads such a tree with libdeflate can beat. `inflate DIR [THREADS]`

#![allow(unsafe_code, reason = "libdeflate is called directly")]

use std::env;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

use libdeflate_sys::{
    libdeflate_alloc_decompressor, libdeflate_decompressor, libdeflate_free_decompressor,
    libdeflate_gzip_decompress_ex, libdeflate_result_LIBDEFLATE_INSUFFICIENT_SPACE as NO_SPACE,
    libdeflate_result_LIBDEFLATE_SUCCESS as SUCCESS,
};
use walkdir::WalkDir;

/// What a thread keeps from one file to the next.
struct Inflater {
    inner: NonNull<libdeflate_decompressor>,
    packed: Vec<u8>,
    unpacked: Vec<u8>,
}

impl Inflater {
    fn new() -> Self {
        // SAFETY: allocating has no conditions; null, when there is no memory, is turned away.
        let inner = NonNull::new(unsafe { libdeflate_alloc_decompressor() });
        let inner = inner.expect("memory for a decompressor");
        Self { inner, packed: Vec::new(), unpacked: vec![0; 1 << 20] }
    }

    /// Unpacked bytes of all members of the file.
    fn file(&mut self, path: &Path) -> io::Result<u64> {
        self.packed.clear();
        File::open(path)?.read_to_end(&mut self.packed)?;
        let (mut at, mut total) = (0, 0);
        while at < self.packed.len() {
            let (taken, given) = self.member(at)?;
            at += taken;
            total += given as u64;
        }
        Ok(total)
    }

    /// Inflates the member that begins `at`: how many bytes it takes up, and gives.
    fn member(&mut self, at: usize) -> io::Result<(usize, usize)> {
        let from = &self.packed[at..];
        let (mut taken, mut given) = (0, 0);
        loop {
            // SAFETY: the decompressor is alive and this thread's alone; both buffers are valid
            // for the lengths passed and do not overlap; `taken` and `given` outlive the call.
            let result = unsafe {
                libdeflate_gzip_decompress_ex(
                    self.inner.as_ptr(),
                    from.as_ptr().cast(),
                    from.len(),
                    self.unpacked.as_mut_ptr().cast(),
                    self.unpacked.len(),
                    &mut taken,
                    &mut given,
                )
            };
            match result {
                SUCCESS => return Ok((taken, given)),
                // The last four bytes of a file say how long its last member is; it has no more
                // than 1,032 bytes for each packed one.
                NO_SPACE if self.unpacked.len() / 1032 <= from.len() => {
                    let end = from.last_chunk().map_or(0, |end| u32::from_le_bytes(*end) as usize);
                    let end = if end / 1032 <= from.len() { end } else { 0 };
                    let size = end.max(self.unpacked.len() * 2);
                    self.unpacked.resize(size, 0);
                }
                _ => return Err(io::ErrorKind::InvalidData.into()),
            }
        }
    }
}

impl Drop for Inflater {
    fn drop(&mut self) {
        // SAFETY: allocated by `new`, freed only here.
        unsafe { libdeflate_free_decompressor(self.inner.as_ptr()) };
    }
}

fn run() -> Result<u64, String> {
    let mut args = env::args_os().skip(1);
    let dir = args.next().ok_or("usage: inflate DIR [THREADS]")?;
    let threads = match args.next() {
        None => 0,
        Some(text) => text.to_str().and_then(|t| t.parse().ok()).ok_or("THREADS is a number")?,
    };
    let mut files: Vec<(u64, PathBuf)> = Vec::new();
    for entry in WalkDir::new(dir) {
        let entry = entry.map_err(|why| why.to_string())?;
        if entry.path().extension().is_some_and(|end| end == "gz") {
            let size = entry.metadata().map_err(|why| why.to_string())?.len();
            files.push((size, entry.into_path()));
        }
    }
    files.sort_unstable_by(|a, b| b.cmp(a));
    let next = AtomicUsize::new(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|why| why.to_string())?;
    let totals = pool.broadcast(|_| {
        let mut inflater = Inflater::new();
        let mut total = 0;
        while let Some((_, path)) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            let file = inflater.file(path);
            total += file.map_err(|why| format!("{}: {why}", path.display()))?;
        }
        Ok(total)
    });
    totals.into_iter().sum()
}

fn main() -> ExitCode {
    let (said, code) = match run() {
        Ok(total) => (writeln!(io::stdout().lock(), "{total}"), ExitCode::SUCCESS),
        Err(why) => (writeln!(io::stderr().lock(), "inflate: {why}"), ExitCode::FAILURE),
    };
    if said.is_ok() { code } else { ExitCode::FAILURE }
}
