//! How much memory a run may take: what the user says, or half of what there is.

use crate::query::filter::parse_size;
use std::fs;

/// What the program takes in any case, in bytes: itself, and what files are unpacked and decoded in.
const BESIDE: u64 = 40 << 20;

/// The memory of the machine, or the limit that it runs under, in bytes: of a control group, or of the
/// address space. `None` where none is told.
pub fn available() -> Option<u64> {
    let read = |path: &str| fs::read_to_string(path).ok();
    let machine = read("/proc/meminfo").and_then(|text| of_machine(&text));
    let space = read("/proc/self/limits").and_then(|text| of_address_space(&text));
    let groups = read("/proc/self/cgroup").into_iter().flat_map(|text| limit_files(&text));
    let group = groups.filter_map(|path| read(&path)?.trim().parse().ok());
    machine.into_iter().chain(space).chain(group).min()
}

fn of_machine(meminfo: &str) -> Option<u64> {
    let total = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    Some(total.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10)
}

fn of_address_space(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The files that may hold the limit of a control group of this process, or of one around it.
fn limit_files(cgroup: &str) -> Vec<String> {
    let mut files = vec![];
    for line in cgroup.lines() {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (parts.next(), parts.next()) else { continue };
        let (root, name) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            _ if controllers.split(',').any(|c| c == "memory") => ("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
            _ => continue,
        };
        let mut path = path.trim_end_matches('/');
        loop {
            files.push(format!("{root}{path}/{name}"));
            match path.rfind('/') {
                Some(slash) => path = &path[..slash],
                None => break,
            }
        }
    }
    files
}

/// Groups always have so much: less would only make many small runs on disk.
const LEAST: u64 = 1 << 20;

/// Records that are compared always have so much.
const LEAST_COMPARED: u64 = 4 << 20;

/// What a run may take, in bytes, and how it is shared out.
#[derive(Clone, Copy, Debug)]
pub struct Budget(u64);

impl Budget {
    /// What the user allows, else half of what there is.
    pub fn new(allowed: Option<u64>, available: Option<u64>) -> Budget {
        Budget(allowed.or(available.map(|bytes| bytes / 2)).unwrap_or(u64::MAX))
    }

    /// For groups; less if the memory is `shared` with records that are compared.
    pub fn groups(self, shared: bool) -> usize {
        let bytes = self.0.saturating_sub(BESIDE) / 4 * if shared { 1 } else { 3 };
        usize::try_from(bytes.max(LEAST)).unwrap_or(usize::MAX)
    }

    /// How many records may be compared, of `size` bytes each; threads that are ahead of the others keep as
    /// many again.
    pub fn compared(self, size: u64) -> u64 {
        (self.0 / 3).max(LEAST_COMPARED) / size
    }

    /// For rows that are sorted, in bytes; at most `most`.
    pub fn rows(self, most: usize) -> usize {
        self.groups(false).min(most)
    }
}

/// Reads `256M`, `1.5GB`, `512MiB` or a number of bytes.
pub fn parse(text: &str) -> Result<u64, String> {
    let size = parse_size(text).filter(|bytes| *bytes > 0);
    size.ok_or_else(|| "expected a number of bytes such as 256M, 1.5GB or 512MiB".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_and_its_limits_are_read() {
        assert_eq!(of_machine("MemFree: 1 kB\nMemTotal:       24682708 kB\n"), Some(24_682_708 << 10));
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax address space         400000000  unlimited  bytes\n";
        assert_eq!(of_address_space(limits), Some(400_000_000));
        assert_eq!(of_address_space("Max address space         unlimited  unlimited  bytes\n"), None);
        let files = limit_files("0::/user.slice/job\n3:cpu,memory:/x\n4:cpu:/y\n");
        assert_eq!(
            files,
            [
                "/sys/fs/cgroup/user.slice/job/memory.max",
                "/sys/fs/cgroup/user.slice/memory.max",
                "/sys/fs/cgroup/memory.max",
                "/sys/fs/cgroup/memory/x/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
            ]
        );
        assert!(available().is_none_or(|bytes| bytes > 1 << 20));
    }

    #[test]
    fn half_of_what_there_is_unless_told_otherwise() {
        let groups = |allowed, available| Budget::new(allowed, available).groups(false) as u64;
        assert_eq!(groups(None, Some(8 << 30)), ((4 << 30) - BESIDE) / 4 * 3);
        assert_eq!(groups(Some(256 << 20), Some(8 << 30)), ((256 << 20) - BESIDE) / 4 * 3);
        assert_eq!(groups(Some(1), None), LEAST);
        assert!(groups(None, None) > 1 << 60);
        assert_eq!(Budget::new(Some(1), None).rows(128 << 20), 1 << 20);
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(parse("256M"), Ok(256_000_000));
        assert_eq!(parse("1.5MiB"), Ok(3 << 19));
        for text in ["", "0", "x", "-1", "10Q", "1e9"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
