//! Which values make a spike: the log rate analysis of Elastic (documentation and source of AIOps log rate
//! analysis; the p-value score of Elasticsearch), with a test of this project's own beside it.

mod groups;
mod impact;
mod rank;
mod test;
mod windows;

pub use groups::{All, Group, Groups, Item, Limits, Set, group};
pub use impact::{Impact, impact};
pub use rank::{Found, Ranked, Test, rank};
pub use test::{Counts, benjamini_hochberg, elastic, g_test, score};
pub use windows::{Buckets, NoRoom, Peak, Span, Window, Windows, default_bucket, find_peak, is_below, windows_around};
