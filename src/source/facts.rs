//! What a path tells before its file is opened: the account, the region, and when AWS created the
//! file. Files that a question cannot touch are left out by it, and records that do not say where
//! they come from are completed by it. So a path that merely looks like one of AWS's has to tell
//! nothing: a wrong fact would lose records in silence.

use crate::schema::Field;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use std::ffi::OsStr;
use std::ops::RangeInclusive;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// How long before the time of its file a record may begin, in seconds: in older logs a file is
/// named by the end of its five minutes, a record covers up to ten minutes, and its start may be off
/// by one.
pub const BEFORE: u64 = 300 + 600 + 60;

/// How long after the time of its file a record may end, in seconds: in newer logs a file is named
/// by the beginning of its five minutes; as much again is margin.
pub const AFTER: u64 = 599;

/// What stands for no value in the names of Hive's folders.
pub const NO_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The seconds since the epoch at which a file may have been created, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: u64,
    pub last: u64,
}

impl Span {
    /// Where the start and the end of every record lie, in seconds since the epoch, if records come
    /// at most `lateness` seconds late.
    pub fn record_times(self, lateness: u64) -> RangeInclusive<u64> {
        self.first.saturating_sub(BEFORE.saturating_add(lateness))..=self.last.saturating_add(AFTER)
    }

    /// The shortest span that has both in it.
    fn with(self, other: Span) -> Span {
        Span { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}

/// What a path tells; `None` where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The account that made the flow log. Records of shared networks may name another.
    pub account: Option<Box<str>>,
    pub region: Option<Box<str>>,
    /// When the file was created: a minute, an hour, a day, a month or a year.
    pub created: Option<Span>,
    /// The id of the flow log, `fl-...`.
    pub flow_log: Option<Box<str>>,
}

impl Facts {
    /// The fields of a record that a path can give.
    pub const GIVEN: [Field; 2] = [Field::AccountId, Field::Region];

    /// What the path of a file tells.
    pub fn of(path: &Path) -> Facts {
        let path = path.as_os_str().as_bytes();
        let (folder, name) = path.split_at(memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1));
        Facts::of_folder(Path::new(OsStr::from_bytes(folder))).and_name(OsStr::from_bytes(name))
    }

    /// What the path of a folder tells of the files in it.
    pub fn of_folder(path: &Path) -> Facts {
        let Told { account, region, created, .. } = Told::by_folders(path.as_os_str().as_bytes());
        Facts { account: account.map(Box::from), region: region.map(Box::from), created, flow_log: None }
    }

    /// What the name of a file in the folder adds. The name tells more exactly than the folders do;
    /// where they contradict each other, an account or a region is not told, and a time is somewhere
    /// in both.
    pub fn and_name(&self, name: &OsStr) -> Facts {
        let Some(name) = Told::by_name(name.as_bytes()) else { return self.clone() };
        let created = match (name.created, self.created) {
            (Some(name), Some(folder)) if folder.with(name) != folder => Some(folder.with(name)),
            (name, _) => name,
        };
        let agreed = |folder: &Option<Box<str>>, name: Option<&str>| {
            name.filter(|name| folder.as_deref().is_none_or(|folder| folder == *name)).map(Box::from)
        };
        let account = agreed(&self.account, name.account);
        let flow_log = name.flow_log.map(Box::from);
        Facts { account, region: agreed(&self.region, name.region), created, flow_log }
    }

    /// The fields of a record that are known by its path.
    pub fn values(&self) -> impl Iterator<Item = (Field, &str)> + Clone {
        let values = [&self.account, &self.region];
        Facts::GIVEN.into_iter().zip(values).filter_map(|(field, value)| Some((field, value.as_deref()?)))
    }
}

/// What a part of a path tells.
#[derive(Default)]
struct Told<'p> {
    account: Option<&'p str>,
    region: Option<&'p str>,
    created: Option<Span>,
    flow_log: Option<&'p str>,
}

impl<'p> Told<'p> {
    /// `ACCOUNT/vpcflowlogs/REGION/YEAR/MONTH/DAY/HOUR/`, or the same as Hive names folders; either
    /// end of it may be missing.
    fn by_folders(folders: &'p [u8]) -> Told<'p> {
        let parts = folders.split(|b| *b == b'/').filter(|part| !matches!(*part, b"" | b"."));
        let mut parts: Vec<&[u8]> = parts.collect();
        // What `..` leads to is not known.
        if let Some(up) = parts.iter().rposition(|part| *part == b"..") {
            parts.drain(..=up);
        }
        let Some(at) = parts.iter().rposition(|part| is_service(part)) else { return Told::default() };
        let hive = parts[at].contains(&b'=');
        let account = at.checked_sub(1).and_then(|before| value(hive, "aws-account-id", parts[before]));
        let region = parts.get(at + 1).and_then(|part| value(hive, "aws-region", part));
        let unknown = region == Some(NO_VALUE.as_bytes());
        let region = region.and_then(as_region);
        let dated = region.is_some() || unknown;
        let created = if dated { created(hive, &parts[at + 2..]) } else { None };
        Told { account: account.and_then(as_account), region, created, flow_log: None }
    }

    /// `ACCOUNT_vpcflowlogs_REGION_FLOWLOG_YYYYMMDDTHHmmZ_HASH.log.gz`, with other endings.
    fn by_name(name: &'p [u8]) -> Option<Told<'p>> {
        let mut parts = name.split(|b| *b == b'_');
        let account = as_account(parts.next()?)?;
        parts.next().filter(|part| *part == b"vpcflowlogs")?;
        let region = as_region(parts.next()?)?;
        let flow_log = parts.next().filter(|part| part.strip_prefix(b"fl-").is_some_and(is_hexadecimal))?;
        let stamp = parts.next().filter(|part| is_stamp(part))?;
        let last = parts.next()?;
        let (hash, ending) = last.split_at(memchr::memchr(b'.', last)?);
        let known = is_hexadecimal(hash) && matches!(ending, b".log" | b".log.gz" | b".log.parquet");
        (known && parts.next().is_none()).then(|| Told {
            account: Some(account),
            region: Some(region),
            created: at_stamp(stamp),
            flow_log: std::str::from_utf8(flow_log).ok(),
        })
    }
}

fn is_service(part: &[u8]) -> bool {
    matches!(part, b"vpcflowlogs" | b"aws-service=vpcflowlogs" | b"service=vpcflowlogs")
}

/// The value of a folder: all of its name, or what stands behind `key=`.
fn value<'p>(hive: bool, key: &str, part: &'p [u8]) -> Option<&'p [u8]> {
    if hive { part.strip_prefix(key.as_bytes())?.strip_prefix(b"=") } else { Some(part) }
}

/// The span of the folders below the region. All of them have to be parts of a date, so that
/// nobody's own folders are taken for dates.
fn created(hive: bool, parts: &[&[u8]]) -> Option<Span> {
    const KEYS: [(&str, usize); 4] = [("year", 4), ("month", 2), ("day", 2), ("hour", 2)];
    let mut numbers = [None; KEYS.len()];
    for (i, part) in parts.iter().enumerate() {
        let (key, digits) = KEYS.get(i)?;
        numbers[i] = Some(value(hive, key, part).filter(|text| text.len() == *digits).and_then(number)?);
    }
    let [year, month, day, hour] = numbers;
    let first = seconds(year?, month.unwrap_or(1), day.unwrap_or(1), hour.unwrap_or(0), 0)?;
    let month = month.unwrap_or(12);
    let last_day = i64::from(Date::new(year? as i16, month as i8, 1).ok()?.days_in_month());
    let last = seconds(year?, month, day.unwrap_or(last_day), hour.unwrap_or(23), 59)? + 59;
    Some(Span { first, last })
}

/// Whether a part has the form `20260315T1620Z`.
fn is_stamp(part: &[u8]) -> bool {
    part.len() == 14
        && part.iter().enumerate().all(|(i, b)| match i {
            8 => *b == b'T',
            13 => *b == b'Z',
            _ => b.is_ascii_digit(),
        })
}

fn at_stamp(stamp: &[u8]) -> Option<Span> {
    let part = |range| number(&stamp[range]);
    let at = seconds(part(0..4)?, part(4..6)?, part(6..8)?, part(9..11)?, part(11..13)?)?;
    Some(Span { first: at, last: at })
}

/// A few digits as a number.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, b| b.is_ascii_digit().then(|| number * 10 + i64::from(b - b'0')))
}

/// Seconds since the epoch; `None` if there is no such date and time.
fn seconds(year: i64, month: i64, day: i64, hour: i64, minute: i64) -> Option<u64> {
    let date = Date::new(year as i16, month as i8, day as i8).ok()?;
    let time = Time::new(hour as i8, minute as i8, 0, 0).ok()?;
    Offset::UTC.to_timestamp(date.to_datetime(time)).ok()?.as_second().try_into().ok()
}

fn as_account(part: &[u8]) -> Option<&str> {
    std::str::from_utf8(part).ok().filter(|text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit()))
}

/// Words and a number: `us-east-1`, `us-gov-west-1`, `us-isob-east-1`.
fn as_region(part: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(part).ok()?;
    let (words, number) = text.rsplit_once('-')?;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let (first, others) = words.split_once('-')?;
    let named = first.len() >= 2 && is_word(first) && others.split('-').all(is_word);
    (named && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

fn is_hexadecimal(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn facts(path: &str) -> Facts {
        Facts { flow_log: None, ..Facts::of(Path::new(path)) }
    }

    #[test]
    fn the_name_tells_the_flow_log() {
        let flow_log = |path: &str| Facts::of(Path::new(path)).flow_log;
        assert_eq!(flow_log(NAME).as_deref(), Some("fl-1234abcd"));
        assert_eq!(flow_log("fl-1234abcd.log"), None);
    }

    fn told(account: &str, region: &str, created: Option<(u64, u64)>) -> Facts {
        let some = |text: &str| (!text.is_empty()).then(|| text.into());
        let created = created.map(|(first, last)| Span { first, last });
        Facts { account: some(account), region: some(region), created, flow_log: None }
    }

    const A: &str = "123456789012";
    const NAME: &str = "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz";
    /// 2018-06-20T16:20:00Z
    const AT: u64 = 1_529_511_600;
    /// 2026-03-15T00:00:00Z
    const DAY: u64 = 1_773_532_800;

    #[test]
    fn every_layout_tells_as_much_as_it_says() {
        let day = Some((DAY, DAY + 86_399));
        let hour = Some((DAY + 7 * 3600, DAY + 8 * 3600 - 1));
        let month = Some((DAY - 14 * 86_400, DAY + 17 * 86_400 - 1));
        let year = Some((1_767_225_600, 1_798_761_599));
        for (path, created) in [
            ("AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/03/15/x.log", day),
            ("AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/03/15/07/x", hour),
            ("/s3/a b/AWSLogs/123456789012/vpcflowlogs//eu-west-1/./2026/03/x", month),
            ("AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/all.log", year),
            ("p/AWSLogs/123456789012/vpcflowlogs/eu-west-1/all.log", None),
            ("AWSLogs/o-x/123456789012/vpcflowlogs/eu-west-1/mine/all.log", None),
            (
                "AWSLogs/aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=03/day=15/x",
                day,
            ),
            (
                "aws-account-id=123456789012/service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=03/day=15/hour=07/x",
                hour,
            ),
        ] {
            assert_eq!(facts(path), told(A, "eu-west-1", created), "{path}");
        }
        assert_eq!(facts("vpcflowlogs/eu-west-1/2026/03/15/x"), told("", "eu-west-1", day));
        // A tree that vpcflow has written of records that do not tell their region.
        let unknown = format!("aws-account-id={A}/aws-service=vpcflowlogs/aws-region={NO_VALUE}");
        assert_eq!(facts(&format!("{unknown}/year=2026/month=03/day=15/x")), told(A, "", day));
        let leap = told("", "us-east-1", Some((1_709_164_800, 1_709_251_199)));
        assert_eq!(facts("vpcflowlogs/us-east-1/2024/02/29/x"), leap);
    }

    #[test]
    fn the_name_alone_tells_the_minute() {
        assert_eq!(facts(NAME), told(A, "us-east-1", Some((AT, AT))));
        for region in ["us-gov-west-1", "cn-northwest-1", "us-isob-east-1", "ap-southeast-12"] {
            for ending in [".log", ".log.gz", ".log.parquet"] {
                let name = NAME.replace("us-east-1", region).replace(".log.gz", ending);
                assert_eq!(facts(&format!("x/{name}")), told(A, region, Some((AT, AT))), "{name}");
            }
        }
    }

    #[test]
    fn name_and_folders_are_held_against_each_other() {
        let below = |folders: &str| facts(&format!("{folders}/{NAME}"));
        let at = Some((AT, AT));
        assert_eq!(below("123456789012/vpcflowlogs/us-east-1/2018/06/20/16"), told(A, "us-east-1", at));
        assert_eq!(below("999999999999/vpcflowlogs/eu-west-1/2018"), told("", "", at));
        // Created in the last minute of a day, and put into the folder of the next.
        let day = 1_529_539_200;
        let union = Some((AT, day + 86_399));
        assert_eq!(below("123456789012/vpcflowlogs/us-east-1/2018/06/21"), told(A, "us-east-1", union));
    }

    #[test]
    fn what_merely_looks_similar_tells_nothing() {
        let nothing = [
            "",
            "/",
            "2026/03/15/x.log",
            "us-east-1/2026/03/15/x.log",
            "AWSLogs/123456789012/elasticloadbalancing/us-east-1/2026/03/15/x.log",
            "year=2026/month=03/day=15/x.log",
            "aws-region=us-east-1/year=2026/month=03/day=15/x.log",
            "vpcflowlogs/2026/03/15/x.log",
            "aws-service=vpcflowlogs/us-east-1/2026/03/15/x.log",
            "12345678901/vpcflowlogs/useast1/2026/03/15/x.log",
            "aws-service=vpcflowlogs/__HIVE_DEFAULT_PARTITION__/year=2026/x.log",
            "123456789012/vpcflowlogs/us-east-1/../../x.log",
            "vpcflowlogs",
            "x/us-east-1_20260315T0700Z_.log",
        ];
        for path in nothing {
            assert_eq!(facts(path), Facts::default(), "{path}");
        }
        for name in [
            NAME.replace("vpcflowlogs", "vpcdnsquerylogs"),
            NAME.replace("123456789012", "12345678901"),
            NAME.replace("us-east-1", "US-EAST-1"),
            NAME.replace("us-east-1", "east-1"),
            NAME.replace("us-east-1", "us-east-"),
            NAME.replace("fl-1234abcd", "fl-"),
            NAME.replace("T1620Z", "T1620"),
            NAME.replace("T1620Z", "t1620Z"),
            NAME.replace("fe123456", "fe12345g"),
            NAME.replace(".log.gz", ".log.gz.md5"),
            NAME.replace(".log.gz", ""),
            format!("x_{NAME}"),
            NAME.replace(".log", "_1.log"),
        ] {
            assert_eq!(facts(&name), Facts::default(), "{name}");
        }
    }

    #[test]
    fn dates_that_do_not_exist_are_not_told() {
        for date in [
            "2026/13",
            "2026/00",
            "2026/02/30",
            "2025/02/29",
            "2026/03/15/24",
            "2026/3/15",
            "26/03/15",
            "2026/03/15/07/x",
            "2026/03/x",
            "2026/03/15/+7",
            "0000/01/01",
            "1969/12/31",
        ] {
            let path = format!("123456789012/vpcflowlogs/us-east-1/{date}/x.log");
            assert_eq!(facts(&path), told(A, "us-east-1", None), "{path}");
        }
        for stamp in ["20260230T1620Z", "20261301T0000Z", "20260315T2400Z", "20260315T0060Z"] {
            let name = NAME.replace("20180620T1620Z", stamp);
            assert_eq!(facts(&name), told(A, "us-east-1", None), "{name}");
        }
    }

    #[test]
    fn records_lie_around_the_creation_of_their_file() {
        let at = Span { first: AT, last: AT };
        assert_eq!(at.record_times(0), AT - 960..=AT + 599);
        assert_eq!(at.record_times(3600), AT - 4560..=AT + 599);
        assert_eq!(at.record_times(u64::MAX), 0..=AT + 599);
        assert_eq!(Span { first: 5, last: u64::MAX }.record_times(0), 0..=u64::MAX);
    }

    #[test]
    fn values_are_named_by_field() {
        let all = facts(NAME);
        assert_eq!(all.values().collect::<Vec<_>>(), [(Field::AccountId, A), (Field::Region, "us-east-1")]);
        assert_eq!(Facts::default().values().count(), 0);
    }

    /// What a path is made of.
    #[derive(Clone, Debug)]
    struct Made {
        prefix: String,
        account: String,
        region: String,
        time: i64,
        hive: Option<bool>,
        /// How deep the date goes: the year alone up to the hour.
        depth: usize,
        named: bool,
    }

    impl Made {
        fn path(&self) -> String {
            let time = jiff::Timestamp::from_second(self.time).expect("a time");
            let date = ["%Y", "%m", "%d", "%H"].map(|part| time.strftime(part).to_string());
            let dates: Vec<String> = match self.hive {
                Some(_) => ["year", "month", "day", "hour"].iter().zip(date).map(|(k, v)| format!("{k}={v}")).collect(),
                None => date.to_vec(),
            };
            let Made { prefix, account, region, .. } = self;
            let top = match self.hive {
                Some(aws) => {
                    let aws = if aws { "aws-" } else { "" };
                    format!("aws-account-id={account}/{aws}service=vpcflowlogs/aws-region={region}")
                }
                None => format!("{account}/vpcflowlogs/{region}"),
            };
            let stamp = time.strftime("%Y%m%dT%H%MZ");
            let name = match self.named {
                true => format!("{account}_vpcflowlogs_{region}_fl-0a1b_{stamp}_00ff.log.gz"),
                false => "renamed.log".to_string(),
            };
            format!("{prefix}AWSLogs/{top}/{}/{name}", dates[..self.depth].join("/"))
        }

        fn created(&self) -> Span {
            let time = jiff::Timestamp::from_second(self.time).expect("a time").to_zoned(jiff::tz::TimeZone::UTC);
            let units = [jiff::Unit::Year, jiff::Unit::Month, jiff::Unit::Day, jiff::Unit::Hour];
            if self.named {
                let minute = (self.time - self.time % 60) as u64;
                return Span { first: minute, last: minute };
            }
            let (first, next) = match units[self.depth - 1] {
                jiff::Unit::Year => (time.first_of_year(), time.last_of_year()),
                jiff::Unit::Month => (time.first_of_month(), time.last_of_month()),
                _ => (Ok(time.clone()), Ok(time)),
            };
            let unit = if self.depth == 4 { 3600 } else { 86_400 };
            let round = |time: Result<jiff::Zoned, _>| {
                let second = time.expect("a time").timestamp().as_second();
                (second - second % unit) as u64
            };
            Span { first: round(first), last: round(next) + unit as u64 - 1 }
        }
    }

    prop_compose! {
        fn made()(
            prefix in "(/?([a-zA-Z0-9 =._-]{1,12}/){0,3})",
            account in "[0-9]{12}",
            region in "[a-z]{2,4}(-[a-z]{1,9}){1,3}-[0-9]{1,2}",
            time in 0i64..253_402_300_800,
            hive in prop::option::of(any::<bool>()),
            depth in 1usize..=4,
            named in any::<bool>(),
        ) -> Made {
            Made { prefix, account, region, time, hive, depth, named }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read(made in made()) {
            let path = made.path();
            let created = made.created();
            prop_assert_eq!(facts(&path), told(&made.account, &made.region, Some((created.first, created.last))), "{}", path);
        }

        #[test]
        fn a_path_that_is_cut_tells_less_and_nothing_else(made in made(), at in any::<prop::sample::Index>()) {
            let path = made.path();
            let whole = facts(&path);
            let cut = facts(&path[at.index(path.len())..]);
            prop_assert!(cut.account.is_none() || cut.account == whole.account, "{}", path);
            prop_assert!(cut.region.is_none() || cut.region == whole.region, "{}", path);
            prop_assert!(cut.created.is_none() || cut.created == whole.created, "{}", path);
        }

        #[test]
        fn any_path_is_looked_at_without_harm(
            parts in prop::collection::vec(prop_oneof![
                Just("vpcflowlogs".to_string()), Just("aws-service=vpcflowlogs".to_string()), Just("..".to_string()),
                "[0-9]{12}", "[a-z]{2}-[a-z]{4}-[0-9]", "aws-region=[a-z]{2}-[a-z]{4}-[0-9]", "(year=)?[0-9]{4}",
                "(month=|day=|hour=)?[0-9]{2}", "[0-9]{12}_vpcflowlogs_us-east-1_fl-1_[0-9]{8}T[0-9]{4}Z_a.log", ".{0,8}",
            ], 0..9),
            bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            for path in [parts.join("/").into_bytes(), bytes] {
                let facts = Facts::of(Path::new(OsStr::from_bytes(&path)));
                prop_assert!(facts.created.is_none_or(|span| span.first <= span.last));
                prop_assert!(facts.account.is_none_or(|account| account.len() == 12));
            }
        }
    }
}
