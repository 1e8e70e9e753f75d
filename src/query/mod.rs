//! A question: which records, grouped by what, measured how. Compiled once into a `Plan`, which
//! names the columns that have to be decoded; every worker then fills a `State` of its own, and
//! states merge in any order with the same result.

mod buckets;
mod codec;
mod entry;
pub mod filter;
mod group;
mod hash;
mod having;
mod held;
mod keep;
mod key;
mod layout;
mod loglog;
mod made;
mod measure;
mod memory;
mod merge;
mod partitions;
mod percentile;
mod plan;
mod profile;
mod rank;
mod rows;
mod sketch;
mod spill;
mod spread;
mod store;
mod symbols;
mod table;
mod unfold;
mod words;

pub use filter::Filter;
pub use group::State;
pub use having::{Having, ResultColumn};
pub use held::Held;
pub use keep::{Candidate, Keep, MinShare};
pub use key::{Key, Side};
pub use measure::{Measure, column_name};
pub use memory::{Memory, MemoryError};
pub use merge::Merge;
pub use percentile::Percentile;
pub use plan::Plan;
pub use profile::Profile;
pub use rank::Grouped;
pub use rows::{Order, RankedRows, Row};
pub use sketch::Rounded;
pub use spread::{LONGEST_SPREAD, Piece};
pub use unfold::Unfold;

/// Which records a grouping takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select {
    /// Every record, flows or not.
    Records,
    /// Every record that is read, whatever the filter.
    Unfiltered,
    /// The same, of those whose `time` is at least `from`, and less than `until`, in seconds since the epoch.
    UnfilteredBetween { time: crate::schema::Field, from: u64, until: u64 },
    /// Records whose log-status is OK.
    Flows,
    /// Flows that were rejected.
    Rejects,
    /// Flows whose `time` is at least `from`, and less than `until`, in seconds since the epoch.
    Between { time: crate::schema::Field, from: u64, until: u64 },
}

impl Select {
    /// Whether it takes what the filter leaves out.
    pub fn is_unfiltered(self) -> bool {
        matches!(self, Select::Unfiltered | Select::UnfilteredBetween { .. })
    }
}

/// Records grouped by keys (one group of all where there is none), and what is counted in each.
#[derive(Clone, Debug)]
pub struct Grouping {
    pub select: Select,
    pub keys: Vec<Key>,
    pub measures: Vec<Measure>,
}

/// Everything one reading of the data is to answer.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Which records count at all.
    pub filter: Option<Filter>,
    pub groupings: Vec<Grouping>,
    /// Fields that are read beside those of the groupings: so that their bad values are found, or to be held.
    pub checked: Vec<crate::schema::FieldName>,
    /// Flows are held in memory, if they fit, so that more can be asked of their fields.
    pub hold: bool,
    /// Flows are shared out over the buckets of so many seconds that they touch, as `spread` has it.
    pub spread: Option<std::num::NonZeroU64>,
    /// A record counts under each value of a key that is a list, if all groupings have that key but those of every
    /// record.
    pub unfold: bool,
}

/// A description that is not a key or a measure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct QueryError(pub String);
