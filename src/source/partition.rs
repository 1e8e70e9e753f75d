//! Where a tree of AWS's files with the names of Hive keeps a record. The other side of `facts`:
//! what is told by the path of a file that was written by this holds for all records in it.

use super::facts::{AFTER, BEFORE, NO_VALUE};
use jiff::Timestamp;
use jiff::tz::Offset;
use std::fmt::Write;

const DAY: u64 = 86_400;

/// What the records of a folder have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    account: Option<Box<[u8]>>,
    region: Option<Box<[u8]>>,
    /// Days since the epoch.
    day: Option<u64>,
}

/// The same, of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filed<'r> {
    pub account: Option<&'r [u8]>,
    pub region: Option<&'r [u8]>,
    pub day: Option<u64>,
}

impl Filed<'_> {
    /// The day under which a record is kept: that of its end, or without one, of its start. A record
    /// that began so early that nobody would look for it under that day is under no day.
    #[inline]
    pub fn day_of(start: Option<u64>, end: Option<u64>) -> Option<u64> {
        let day = end.or(start)? / DAY;
        let first = day * DAY;
        let near = |start: u64| first.saturating_sub(BEFORE) <= start && start < first + DAY + AFTER;
        (first < LAST && start.is_none_or(near)).then_some(day)
    }
}

/// The first second of the year 9999: later days are not told apart.
const LAST: u64 = 253_370_764_800;

impl Partition {
    pub fn of(filed: &Filed<'_>) -> Partition {
        Partition { account: filed.account.map(Box::from), region: filed.region.map(Box::from), day: filed.day }
    }

    /// Whether a record belongs here.
    #[inline]
    pub fn holds(&self, filed: &Filed<'_>) -> bool {
        self.day == filed.day && self.region.as_deref() == filed.region && self.account.as_deref() == filed.account
    }

    /// The same days, of others.
    pub fn renamed(
        &self,
        account: impl FnOnce(&[u8]) -> Box<[u8]>,
        region: impl FnOnce(&[u8]) -> Box<[u8]>,
    ) -> Partition {
        Partition {
            account: self.account.as_deref().map(account),
            region: self.region.as_deref().map(region),
            day: self.day,
        }
    }

    /// Its folder, from the folder of the tree.
    pub fn folder(&self) -> String {
        let date = self.day.and_then(|day| Timestamp::from_second((day * DAY) as i64).ok());
        let date = date.map(|at| Offset::UTC.to_datetime(at).date());
        let part = |value: Option<String>| value.unwrap_or_else(|| NO_VALUE.into());
        format!(
            "aws-account-id={}/aws-service=vpcflowlogs/aws-region={}/year={}/month={}/day={}",
            escaped(self.account.as_deref()),
            escaped(self.region.as_deref()),
            part(date.map(|date| format!("{:04}", date.year()))),
            part(date.map(|date| format!("{:02}", date.month()))),
            part(date.map(|date| format!("{:02}", date.day()))),
        )
    }
}

/// A value as the name of a folder: what is not plain stands as `%XX`, as Hive writes it.
fn escaped(value: Option<&[u8]>) -> String {
    let Some(value) = value else { return NO_VALUE.into() };
    let mut name = String::new();
    for (i, byte) in value.iter().take(LONGEST).enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => name.push(*byte as char),
            b'.' if i > 0 => name.push('.'),
            byte => _ = write!(name, "%{byte:02X}"),
        }
    }
    name
}

/// As much of a value stands in the name of a folder, in bytes: names may be 255 bytes long.
const LONGEST: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Facts;
    use proptest::prelude::*;
    use std::path::Path;

    fn filed<'r>(account: &'r str, region: &'r str, start: Option<u64>, end: Option<u64>) -> Filed<'r> {
        let some = |text: &'r str| (!text.is_empty()).then_some(text.as_bytes());
        Filed { account: some(account), region: some(region), day: Filed::day_of(start, end) }
    }

    fn folder(account: &str, region: &str, start: Option<u64>, end: Option<u64>) -> String {
        Partition::of(&filed(account, region, start, end)).folder()
    }

    #[test]
    fn folders_are_those_of_aws() {
        let day = 1_773_532_800;
        assert_eq!(
            folder("123456789012", "eu-west-1", Some(day - 60), Some(day)),
            "aws-account-id=123456789012/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=03/day=15"
        );
        let none = NO_VALUE;
        for (start, end) in
            [(None, None), (Some(0), Some(day)), (Some(day + 90_000), Some(day)), (None, Some(u64::MAX))]
        {
            assert_eq!(
                folder("", "", start, end),
                format!(
                    "aws-account-id={none}/aws-service=vpcflowlogs/aws-region={none}/year={none}/month={none}/day={none}"
                ),
                "{start:?} {end:?}"
            );
        }
        assert!(folder("", "", Some(day), None).ends_with("year=2026/month=03/day=15"));
        assert!(folder("../a b", "", None, None).starts_with("aws-account-id=%2E.%2Fa%20b/"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever a record says, the path that it is filed under tells nothing else.
        #[test]
        fn what_a_path_tells_is_true(
            account in prop_oneof!["[0-9]{12}", "unknown", "[0-9/.%=]{0,14}", "\\PC{0,80}"],
            region in prop_oneof!["[a-z]{2}-[a-z]{4}-[1-9]", "[a-z/.=-]{0,9}"],
            start in prop::option::of(prop_oneof![1_773_500_000u64..1_773_700_000, any::<u64>()]),
            end in prop::option::of(prop_oneof![1_773_500_000u64..1_773_700_000, any::<u64>()]),
        ) {
            let facts = Facts::of(Path::new(&folder(&account, &region, start, end)).join("part-00001.parquet").as_path());
            prop_assert!(facts.account.as_deref().is_none_or(|told| told == account));
            prop_assert!(facts.region.as_deref().is_none_or(|told| told == region));
            if let Some(created) = facts.created {
                let times = created.record_times(0);
                prop_assert!(start.is_none_or(|start| times.contains(&start)));
                prop_assert!(end.is_none_or(|end| times.contains(&end)));
            }
        }

        #[test]
        fn a_partition_holds_its_own(account in "[0-9]{0,3}", other in "[0-9]{0,3}", end: u32, later: u32) {
            let (one, two) = (filed(&account, "", None, Some(end.into())), filed(&other, "", None, Some(later.into())));
            prop_assert!(Partition::of(&one).holds(&one));
            prop_assert_eq!(Partition::of(&one).holds(&two), Partition::of(&one) == Partition::of(&two));
        }
    }
}
