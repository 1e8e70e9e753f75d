//! What a path tells: no path makes a panic, what is told has the form that it should, and a file's
//! folder and name tell the same as its whole path.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use vpcflow::source::Facts;

fuzz_target!(|path: &[u8]| {
    let facts = Facts::of(Path::new(OsStr::from_bytes(path)));
    if let Some(account) = &facts.account {
        assert!(account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()), "{account}");
    }
    if let Some(region) = &facts.region {
        assert!(region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{region}");
    }
    if let Some(created) = facts.created {
        assert!(created.first <= created.last, "{created:?}");
        let times = created.record_times(u64::MAX);
        assert!(*times.start() == 0 && *times.end() >= created.last, "{times:?}");
    }
    let cut = path.iter().rposition(|b| *b == b'/').map_or(0, |slash| slash + 1);
    let (folder, name) = path.split_at(cut);
    let parts = Facts::of_folder(Path::new(OsStr::from_bytes(folder))).and_name(OsStr::from_bytes(name));
    assert_eq!(parts, facts);
});
