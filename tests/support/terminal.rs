//! A terminal that is a program, for what a program does at one.
#![expect(unsafe_code, reason = "terminals are made by calls of the system's library")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// What takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal with a program that runs in it.
pub struct Terminal {
    keys: File,
    shown: Receiver<Vec<u8>>,
    text: Vec<u8>,
    pub child: Child,
}

/// Both ends of a terminal so many columns wide.
fn pair(width: u16) -> (OwnedFd, OwnedFd) {
    let mut size = libc::winsize { ws_row: 24, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
    let (mut ours, mut theirs) = (-1, -1);
    let null = std::ptr::null_mut();
    // SAFETY: all pointers but those that may be null are to variables that live during the call; what
    // it returns are new file descriptors that nobody else owns.
    unsafe {
        assert_eq!(
            libc::openpty(&mut ours, &mut theirs, null, null.cast(), std::ptr::from_mut(&mut size)),
            0,
            "a terminal"
        );
        (OwnedFd::from_raw_fd(ours), OwnedFd::from_raw_fd(theirs))
    }
}

impl Terminal {
    /// Starts a program in a terminal so many columns wide.
    pub fn run(mut command: Command, width: u16) -> Terminal {
        let (ours, theirs) = pair(width);
        let their = || theirs.try_clone().expect("a descriptor");
        command.stdin(their()).stdout(their()).stderr(their());
        // SAFETY: only calls that are allowed between fork and exec.
        unsafe {
            command.pre_exec(|| {
                libc::setsid();
                libc::ioctl(0, libc::TIOCSCTTY as _, 0);
                Ok(())
            });
        }
        let child = command.spawn().expect("the program starts");
        // Reading ends when nobody has the other end.
        drop((command, theirs));
        let keys = File::from(ours);
        let mut screen = keys.try_clone().expect("a descriptor");
        let (sender, shown) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(size @ 1..) = screen.read(&mut buffer) {
                _ = sender.send(buffer[..size].to_vec());
            }
        });
        Terminal { keys, shown, text: Vec::new(), child }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) {
        // The program may be gone.
        _ = self.keys.write_all(keys.as_bytes());
    }

    /// What has been shown so far.
    pub fn text(&mut self) -> String {
        self.text.extend(self.shown.try_iter().flatten());
        String::from_utf8_lossy(&self.text).into_owned()
    }

    /// Waits until this is shown.
    pub fn wait_for(&mut self, wanted: &str) {
        let started = Instant::now();
        while !self.text().contains(wanted) {
            assert!(started.elapsed() < PATIENCE, "no {wanted:?} in {:?}", self.text());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end, and returns all that was shown.
    pub fn end(mut self) -> (ExitStatus, String) {
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            if started.elapsed() > PATIENCE {
                _ = self.child.kill();
                _ = self.child.wait();
                panic!("it hangs: {:?}", self.text());
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        loop {
            match self.shown.recv_timeout(PATIENCE) {
                Ok(bytes) => self.text.extend(bytes),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("somebody else has the terminal"),
            }
        }
        (status, String::from_utf8(self.text).expect("all that is shown is UTF-8"))
    }
}
