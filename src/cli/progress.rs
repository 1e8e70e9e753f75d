//! The progress line: files and bytes done, rate, time left. Only for runs that take a while.

use super::settings::Progress as Wanted;
use crate::engine::{Progress, Silent};
use crate::source::Discovery;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A run that is over sooner shows no progress.
const DELAY: Duration = Duration::from_millis(300);

/// Draws on standard error.
pub struct Line {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
    done: AtomicU64,
    files: usize,
}

/// Does work that reads what was found, with a progress line if that is wanted.
pub fn with_progress<T>(wanted: Wanted, found: Discovery, work: impl FnOnce(Discovery, &dyn Progress) -> T) -> T {
    if wanted == Wanted::Never {
        return work(found, &Silent);
    }
    let known = found.sources.iter().all(|source| source.size > 0);
    let bytes = if known { found.sources.iter().map(|source| source.size).sum() } else { 0 };
    let line = Line::new(found.sources.len(), bytes, wanted == Wanted::AtOnce);
    let done = work(found, &line);
    line.clear();
    done
}

impl Line {
    /// A line for `files` sources of `bytes` in all; 0 bytes when that is not known.
    pub fn new(files: usize, bytes: u64, at_once: bool) -> Line {
        let bar = ProgressBar::with_draw_target((bytes > 0).then_some(bytes), ProgressDrawTarget::hidden());
        let template = if bytes > 0 {
            "{wide_bar} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta} left {msg}"
        } else {
            "{spinner} {decimal_bytes}  {decimal_bytes_per_sec}  {elapsed}  {msg}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━╸─"));
        }
        let line = Line { bar, started: Instant::now(), shown: AtomicBool::new(false), done: AtomicU64::new(0), files };
        if at_once {
            line.show();
        }
        line
    }

    fn show(&self) {
        if !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes the line away again.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Line {
    fn bytes(&self, count: u64) {
        self.bar.inc(count);
        if self.started.elapsed() >= DELAY {
            self.show();
        }
    }

    fn source(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.bar.set_message(format!("{done}/{} files", self.files));
    }
}
